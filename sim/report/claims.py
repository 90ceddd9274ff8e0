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
from sim.report.look import figure, horizon_line, lines_of, plain, rule, shortened, text, time_axis, whole, width_px
from sim.report.windows import Placed, window_bars
from sim.report.words import with_interval

#: Pixels for words: on the narrowest page, and to the left of the bars on a wide one, where shares stand to the right.
_NARROW_ROOM, _LEFT, _RIGHT = 312, 430, 124
#: Pixels of a row of height 1, and of a further line of its label.
_NARROW_ROW, _WIDE_ROW, _LINE = 50, 23, 15


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
    row_px, left = (_NARROW_ROW, 2) if narrow else (_WIDE_ROW, _LEFT)
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
            chance = with_interval(chances[claim.claim_id]) if claim.claim_id in chances else ""
            label, height = (
                _narrow_label(claim, chance, legend, row) if narrow else _wide_label(claim, chance, legend, row)
            )
            rows.append({"top": row, "height": height, "group": kind, **row_keys((claim,), legend)})
            notes += label
            row = round(row + height, 4)
            placed.append(Placed(claim, -row + (0.2 if narrow else 0.5)))
    traces = window_bars(placed, legend, calendar, 0.17 if narrow else 0.34)
    for trace in traces:
        trace["customdata"] = [[claim_key(item.claim.claim_id), "i"] for item in placed]
    shapes += horizon_line(calendar, -row, 0)
    axis = time_axis(calendar, "top", narrow=narrow) | ({} if narrow else {"dtick": 4 * DAY * 1000})
    return figure(
        traces,
        {
            "height": round(row_px * row) + 30,
            "meta": {"rows": [_ungathered(one) for one in rows], "row_px": row_px},
            "margin": {"l": left, "r": 2 if narrow or not chances else _RIGHT, "t": 26, "b": 4},
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


def _wide_label(claim: Claim, chance: str, legend: Legend, row: float) -> tuple[list[dict[str, Any]], float]:
    """Return what is claimed and by whom beside the bar, and how high the row is.

    What finds no room is cut off; it stands in the hover label and in the table below the figure.
    """
    label, bold = _words(claim), claim.score == "headline"
    denied = _DENIED if claim.statement == "denies" else ""
    room = _LEFT - 26 - width_px(denied, 12)
    words = shortened(label, room, 12, bold=bold)
    who = shortened(legend.speaker(claim.claimant), room - width_px(f"{words}  ", 12, bold=bold), 12)
    line = f"{_denial(claim)}{_weighted(words, claim)}  <span style='color:{MUTED}'>{plain(who)}</span>"
    said = legend.speaker(claim.claimant)
    hover = whole(f"{label}, {said}", f"{words}, {who}")
    notes = [text(line, 0, -row - 0.5, colour=INK, xref="paper", xshift=-_LEFT + 2, **hover)]
    if chance:
        notes.append(text(chance, 1, -row - 0.5, size=11, xref="paper", xanchor="left", xshift=10))
    return notes, 1.0


def _narrow_label(claim: Claim, chance: str, legend: Legend, row: float) -> tuple[list[dict[str, Any]], float]:
    """Return what is claimed, in as many lines as it takes, its share and by whom, and how high the row is."""
    room = _NARROW_ROOM - (width_px(_DENIED, 12) if claim.statement == "denies" else 0)
    lines = lines_of(_words(claim), room, 12)
    more = _LINE / _NARROW_ROW * (len(lines) - 1)
    label = _denial(claim) + "<br>".join(_weighted(line, claim) for line in lines)
    start = f"{chance} \N{MIDDLE DOT} " if chance else ""
    who = plain(start + shortened(legend.speaker(claim.claimant), _NARROW_ROOM - width_px(start, 11), 11))
    notes = [
        text(label, 0, -row - 0.22 - more / 2, colour=INK, xref="paper"),
        text(who, 0, -row - more - 0.5, size=11, xref="paper"),
    ]
    return notes, round(1 + more, 4)


_DENIED = "denied: "


def _denial(claim: Claim) -> str:
    return f"<i>{_DENIED}</i>" if claim.statement == "denies" else ""


def _words(claim: Claim) -> str:
    return claim.label or claim.event.type.replace("_", " ")


def _weighted(words: str, claim: Claim) -> str:
    """Return words in the weight of a claim: the headline claims of the timeline stand out."""
    return f"<b>{plain(words)}</b>" if claim.score == "headline" else plain(words)
