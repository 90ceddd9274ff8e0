"""A claim in words, for readers of a file who know nothing of what it carries."""

from __future__ import annotations

from sim.exchange.told import Told

LABELS = {
    "capture": "capture",
    "recapture": "recapture",
    "control_state": "control",
    "attack": "attack",
    "attack_repelled": "attack repelled",
    "advance": "advance",
    "withdrawal": "withdrawal",
    "rising": "rising",
    "siege": "siege",
    "route_blocked": "route blocked",
    "route_opened": "route opened",
    "talks": "talks",
    "ultimatum": "ultimatum",
    "settlement": "settlement",
    "talks_collapsed": "talks collapsed",
    "communications_cut": "communications cut",
    "casualties": "casualties",
    "captured_people": "prisoners",
    "equipment_loss": "equipment lost",
    "displacement": "displacement",
}

_SAYS = {"asserts": "says", "denies": "denies", "intends": "announces"}


def sentence(told: Told) -> str:
    """Return who says what in which source, and how many."""
    claim = told.claim
    said = f"{told.claimant.name} {_SAYS[claim.statement]}: {LABELS[claim.event.type]}, {claim.label or told.event}"
    many = claim.measure
    if many is not None:
        numbers = [f"{name} {value}" for name in ("low", "best", "high") if (value := getattr(many, name)) is not None]
        said += f" ({many.what} of {many.whose}: {', '.join(numbers) or 'no number'})"
    return f"{said}. {told.source.outlet}, {told.source.published_at.date()}"
