"""Every reported claim as a window on the axis of time, by what it is about: contradictions on adjacent rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from sim.compare import Probability
from sim.domain.claims import Claim
from sim.domain.terms import DAY
from sim.report.calendar import Calendar
from sim.report.choices import KINDS, OTHER, kind_of, row_keys
from sim.report.colours import INK, MUTED
from sim.report.keys import claim_key
from sim.report.legend import Legend
from sim.report.look import figure, horizon_line, plain, rule, text, time_axis
from sim.report.windows import Placed, window_bars
from sim.report.words import with_interval


def by_kind(claims: Sequence[Claim]) -> list[tuple[str, list[Claim]]]:
    """Return the claims under their headings; those about the same alleged event stand together, by date."""
    first: dict[str, int] = {}
    for claim in claims:
        first[claim.event_id] = min(first.get(claim.event_id, claim.window.start_s), claim.window.start_s)
    ordered = sorted(
        claims, key=lambda claim: (first[claim.event_id], claim.event_id, claim.window.start_s, claim.claim_id)
    )
    groups: dict[str, list[Claim]] = {kind: [] for kind in (*(kind for kind, _ in KINDS), OTHER)}
    for claim in ordered:
        groups[kind_of(claim.event.type)].append(claim)
    return [(kind, members) for kind, members in groups.items() if members]


def claims_figure(
    claims: Sequence[Claim],
    chances: Mapping[str, Probability],
    legend: Legend,
    calendar: Calendar,
    *,
    narrow: bool = False,
) -> go.Figure:
    """Draw every claim as a bar from the first to the last moment its words allow.

    Args:
        claims: Reported claims.
        chances: By claim id, the share of histories in which it holds; claims without one show none.
        legend: Names and colours.
        calendar: The axis of time.
        narrow: Put words above the bars instead of beside them.
    """
    groups = by_kind(claims)
    left = 2 if narrow else 430
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    placed: list[Placed] = []
    rows: list[dict[str, Any]] = []
    row = 0.0
    for kind, members in groups:
        rows.append({"top": row, "height": 1.35, "heading": True, "group": kind})
        row += 1.35
        notes.append(text(f"<b>{kind}</b>", 0, -row + 0.45, xref="paper", xshift=-left + 2))
        shapes.append(rule(0, 1, -row + 0.05, -row + 0.05, xref="paper"))
        for claim in members:
            rows.append({"top": row, "height": 1.0, "group": kind, **row_keys((claim,), legend)})
            notes.append(_label(claim, legend, row, left, narrow))
            placed.append(Placed(claim, -row - (0.72 if narrow else 0.5)))
            if claim.claim_id in chances:
                chance = with_interval(chances[claim.claim_id])
                depth, spot = (0.25, {"xanchor": "right"}) if narrow else (0.5, {"xanchor": "left", "xshift": 10})
                notes.append(text(chance, 1, -row - depth, size=11, xref="paper", **spot))
            row += 1.0
    traces = window_bars(placed, legend, calendar, 0.2 if narrow else 0.34)
    for trace in traces:
        trace["customdata"] = [[claim_key(item.claim.claim_id), "i"] for item in placed]
    shapes += horizon_line(calendar, -row, 0)
    axis = time_axis(calendar, "top", narrow=narrow) | ({} if narrow else {"dtick": 4 * DAY * 1000})
    return figure(
        traces,
        {
            "height": round((42 if narrow else 23) * row) + 30,
            "meta": {"rows": [_ungathered(one) for one in rows], "row_px": 42 if narrow else 23},
            "margin": {"l": left, "r": 2 if narrow or not chances else 124, "t": 26, "b": 4},
            "barmode": "overlay",
            "shapes": shapes,
            "annotations": notes,
            "yaxis": {"range": [-row, 0], "visible": False},
            "xaxis": {**axis, "range": [calendar.local(0), calendar.local(_end(calendar))]},
        },
    )


def _ungathered(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without what it could be gathered by: the claims stand by kind already."""
    return {key: value for key, value in row.items() if key not in ("kind", "place")}


def _end(calendar: Calendar) -> int:
    """Return where the axis ends: with the day of the last thing known, since no claim is about later."""
    return min(calendar.duration_s, (calendar.horizon_s // DAY + 1) * DAY)


def _label(claim: Claim, legend: Legend, row: float, left: int, narrow: bool) -> dict[str, Any]:
    """Return what is claimed and by whom; what finds no room is cut off and stands in the hover label."""
    room = 42 if narrow else 66
    words = _shortened(claim.label or claim.event.type.replace("_", " "), room)
    who = _shortened(legend.speaker(claim.claimant), room - len(words)) if len(words) < room - 5 else ""
    denied = "<i>denied:</i> " if claim.statement == "denies" else ""
    weight = f"<b>{plain(words)}</b>" if claim.score == "headline" else plain(words)
    height = -row - (0.25 if narrow else 0.5)
    label = f"{denied}{weight}  <span style='color:{MUTED}'>{plain(who)}</span>"
    return text(label, 0, height, colour=INK, xref="paper", xshift=-left + 2)


def _shortened(words: str, room: int) -> str:
    return words if len(words) <= room else words[: max(room - 1, 0)].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
