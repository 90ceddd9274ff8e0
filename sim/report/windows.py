"""A claim on a chart: its window as a bar, how far it was checked as a mark, and what a reader learns of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from sim.domain.claims import Claim
from sim.domain.terms import HOUR
from sim.report.calendar import Calendar
from sim.report.colours import PAPER, UNALIGNED, with_alpha
from sim.report.legend import STATEMENTS, VERIFICATION, Legend
from sim.report.look import plain

#: Letters on a line of a hover label, so that it fits beside what it is about on a narrow page.
_HOVER_WIDTH = 60
#: How thick the bar of a claim is that no party makes, against the others.
_THINNER = 0.55


@dataclass(frozen=True, slots=True)
class Placed:
    """A claim, the height at which its bar is drawn, and how far along the bar its mark sits."""

    claim: Claim
    height: float
    along: float = 0.5

    @property
    def shown_s(self) -> tuple[int, int]:
        """Return the part of the window from the scenario's start on, at least an hour long."""
        start_s = max(self.claim.window.start_s, 0)
        return start_s, max(self.claim.window.end_s, start_s + HOUR)

    @property
    def mark_s(self) -> float:
        """Return where the mark sits on the axis of time."""
        start_s, end_s = self.shown_s
        return start_s + self.along * (end_s - start_s)


def window_bars(placed: Sequence[Placed], legend: Legend, calendar: Calendar, thickness: float) -> list[dict[str, Any]]:
    """Return the bars and the marks of some claims, each in the colour of its claimant.

    Grey and a pale colour are not told from every other by every eye: a bar of no party's claim is thinner, too, and
    one of what is only announced has an edge.
    """
    claims = [item.claim for item in placed]
    colours = [legend.claimant(claim.claimant).colour for claim in claims]
    shared = {
        "y": [item.height for item in placed],
        "hoverinfo": "text",
        "hovertext": [hover_of(claim, legend, calendar) for claim in claims],
    }
    fills = [
        with_alpha(colour, 0.35 if claim.statement == "intends" else 0.85)
        for claim, colour in zip(claims, colours, strict=True)
    ]
    edges = [1.2 if claim.statement == "intends" else 0 for claim in claims]
    hatching = ["/" if claim.statement == "denies" else "" for claim in claims]
    pattern = {"shape": hatching, "size": 5, "solidity": 0.45, "fillmode": "replace"}
    bars = {
        "type": "bar",
        "orientation": "h",
        "width": [thickness * (_THINNER if colour == UNALIGNED else 1) for colour in colours],
        **shared,
        "marker": {"color": fills, "pattern": pattern, "line": {"color": colours, "width": edges}},
        "base": [calendar.local(item.shown_s[0]) for item in placed],
        "x": [(item.shown_s[1] - item.shown_s[0]) * 1000 for item in placed],
    }
    marks = {
        "type": "scatter",
        "mode": "markers",
        **shared,
        "x": [calendar.local(item.mark_s) for item in placed],
        "marker": verification_marks(claims, colours, 9),
    }
    return [bars, marks]


def verification_marks(claims: Sequence[Claim], colours: Sequence[str], size: float | list[float]) -> dict[str, Any]:
    """Return markers that say how far each claim was checked: hollow ones were not."""
    symbols = [VERIFICATION[claim.status][0] for claim in claims]
    pairs = [
        (PAPER, colour) if symbol.endswith("-open") else (colour, PAPER)
        for symbol, colour in zip(symbols, colours, strict=True)
    ]
    return {
        "symbol": [symbol.removesuffix("-open") for symbol in symbols],
        "size": size,
        "opacity": 1,
        "color": [inside for inside, _ in pairs],
        "line": {"width": 1.8, "color": [edge for _, edge in pairs]},
    }


def hover_of(claim: Claim, legend: Legend, calendar: Calendar) -> str:
    """Return what a reader learns of a claim: who, what, where, when by which rule, where printed."""
    lines = [
        f"<b>{plain(claim.label or claim.event.type.replace('_', ' '))}</b>",
        f"{plain(legend.claimant(claim.claimant).name)} {STATEMENTS[claim.statement]}; {claim.status}",
        f"{plain(legend.where(claim))} \N{MIDDLE DOT} {calendar.window(claim.window.start_s, claim.window.end_s)}",
        *map(plain, wrap(f"dated by: {claim.window.rule}", _HOVER_WIDTH)),
        *map(plain, wrap(f"printed in {legend.source(claim.source)} \N{MIDDLE DOT} {claim.claim_id}", _HOVER_WIDTH)),
    ]
    return "<br>".join(lines)
