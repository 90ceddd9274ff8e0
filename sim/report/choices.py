"""What the rows of the timeline and of the claims can be chosen and gathered by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.domain.claims import Claim
from sim.report.legend import Legend

#: Headings of rows by what happened, and the event types under each.
KINDS = (
    ("Control of places", ("capture", "recapture", "control_state", "withdrawal", "rising")),
    ("Fighting", ("attack", "attack_repelled", "advance")),
    ("Roads and sieges", ("siege", "route_blocked", "route_opened")),
    ("Talks", ("talks", "ultimatum", "settlement", "talks_collapsed")),
    ("Losses", ("casualties", "captured_people", "equipment_loss", "displacement")),
    ("Communications", ("communications_cut",)),
)
OTHER = "Other"
_KIND_OF = {event_type: kind for kind, types in KINDS for event_type in types}
_NOWHERE = "No place"


@dataclass(frozen=True, slots=True)
class Choices:
    """Names of claimants, articles and places among which a reader can choose."""

    claimants: tuple[str, ...]
    articles: tuple[str, ...]
    places: tuple[str, ...]


def choices(claims: Iterable[Claim], legend: Legend) -> Choices:
    """Return everything that some claims can be chosen by, in the order of the alphabet."""
    keys = [row_keys((claim,), legend) for claim in claims]
    return Choices(*(tuple(sorted({name for key in keys for name in key[what]})) for what in _WHAT))


_WHAT = ("claimants", "articles", "places")


def kind_of(event_type: str) -> str:
    """Return the heading under which an event of a type stands."""
    return _KIND_OF.get(event_type, OTHER)


def row_keys(claims: Sequence[Claim], legend: Legend) -> dict[str, Any]:
    """Return what a row about one event is chosen and gathered by.

    Args:
        claims: The claims of the row, the scored one first.
        legend: Names.
    """
    return {
        "kind": kind_of(claims[0].event.type),
        "place": _area(claims[0], legend),
        "claimants": _several(legend.speaker(claim.claimant) for claim in claims),
        "articles": _several(legend.source(claim.source) for claim in claims),
        "places": _several(legend.place_name(place) for claim in claims for place in claim.event.where),
    }


def keys_of(claims: Sequence[Claim], legend: Legend) -> str:
    """Return what a row of a table about some claims is chosen by, as JSON for the page's script."""
    keys = row_keys(claims, legend)
    return json.dumps({name: keys[name] for name in _WHAT}, ensure_ascii=False)


def _several(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _area(claim: Claim, legend: Legend) -> str:
    """Return the smallest area that holds all places of a claim, or its places where none does."""
    places = {place for name in claim.event.where for place in legend.areas.get(name, (name,))}
    holding = [(len(inside), area) for area, inside in legend.areas.items() if places and places <= set(inside)]
    if holding:
        return legend.place_name(min(holding)[1])
    return legend.where(claim) if claim.event.where else _NOWHERE
