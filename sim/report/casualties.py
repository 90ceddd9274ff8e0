"""How many: what was claimed beside what the campaigns give for the same people, places and window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, log10
from typing import Any

import plotly.graph_objects as go

from sim.compare import LossRow
from sim.domain.claims import Claim, Measure
from sim.report.calendar import Calendar
from sim.report.choices import row_keys
from sim.report.colours import FAINT, INK, MUTED
from sim.report.keys import loss_key
from sim.report.legend import Legend
from sim.report.look import broken, curve, figure, plain, rule, shortened, text, whole, width_px
from sim.report.windows import hover_of
from sim.report.words import due_to_assumptions, number, with_interval

#: Where a count of 0 is drawn, since a logarithm has no place for it.
_ZERO_AT = 0.5
#: Pixels for the words of a row on the narrowest page, and on the narrowest wide one.
_NARROW_ROOM, _WIDE_ROOM = 312, 690
#: Pixels that the name of a side gets at least.
_SIDE_PX = 90.0

# Depths within a row of height 1: words, the claim, what is simulated and what would be told of it.
_WORDS, _SECOND_LINE, _CLAIM, _TRUE, _TOLD, _FOOT = 0.19, 0.34, 0.48, 0.69, 0.84, 0.93


def bound(measure: Measure) -> float | None:
    """Return the number that a claim puts forward: its best value, or the bound that it gives."""
    given = [value for value in (measure.best, measure.low, measure.high) if value is not None]
    return float(given[0]) if given else None


def numbered(rows: Sequence[LossRow]) -> list[LossRow]:
    """Return the rows whose claim gives a number that can be drawn."""
    return [row for row in rows if bound(row.measure) is not None]


def casualty_figure(
    rows: Sequence[LossRow], claims: Mapping[str, Claim], legend: Legend, calendar: Calendar, *, narrow: bool = False
) -> go.Figure:
    """Draw claimed and simulated losses on a logarithmic axis, one row per claim that gives a number.

    Args:
        rows: Claimed numbers with their simulated quantiles, from top to bottom.
        claims: The reported claims by id.
        legend: Names and colours.
        calendar: Words for windows.
        narrow: Put the shares of campaigns under the label instead of at the right.
    """
    shown, row_px = numbered(rows), 96 if narrow else 80
    notes: list[dict[str, Any]] = []
    shapes = [rule(0, 1, -index, -index, xref="paper") for index in range(len(shown) + 1)]
    for index, row in enumerate(shown):
        claim = claims[row.claim_id]
        at, colour = _drawn_at(bound(row.measure)), legend.claimant(claim.claimant).colour
        shapes.append(rule(at, at, -index - _CLAIM, -index - _FOOT, colour, layer="above"))
        share = f"any in {with_interval(row.lost)} \N{MIDDLE DOT} a number told in {with_interval(row.printed)}"
        if narrow:
            share = f"{claim.status} \N{MIDDLE DOT} {share.replace('a number told', 'told')}"
        label, hover = _label(row, claim, legend, share, narrow)
        notes.append(text(label, 0, -index - _WORDS, size=13, colour=INK, xref="paper", **hover))
        spot = {"x": 0, "y": -index - _SECOND_LINE} if narrow else {"x": 1, "y": -index - _WORDS, "xanchor": "right"}
        notes.append(text(share, xref="paper", size=11 if narrow else 12, **spot))
    powers = range(ceil(log10(max((_reach(row) for row in shown), default=10.0))) + 1)
    return figure(
        [*_simulated(shown), *_claimed(shown, claims, legend, calendar)],
        {
            "height": row_px * len(shown) + 34,
            "meta": {
                "rows": [_row(index, claims[row.claim_id], legend) for index, row in enumerate(shown)],
                "row_px": row_px,
            },
            "margin": {"l": 2, "r": 2, "t": 26, "b": 8},
            "shapes": shapes,
            "annotations": notes,
            "yaxis": {"range": [-len(shown), 0], "visible": False},
            "xaxis": {
                "type": "log",
                "range": [log10(_ZERO_AT) - 0.08, powers[-1] + 0.02],
                "side": "top",
                "tickvals": [_ZERO_AT, *(10.0**power for power in powers)],
                "ticktext": ["0", *(number(10.0**power) for power in powers)],
            },
        },
    )


def _row(index: int, claim: Claim, legend: Legend) -> dict[str, Any]:
    """Return where a row is and what it is chosen by; it is gathered by nothing."""
    keys = row_keys((claim,), legend)
    return {"top": index, "height": 1, **{what: keys[what] for what in ("claimants", "articles", "places")}}


def _label(row: LossRow, claim: Claim, legend: Legend, share: str, narrow: bool) -> tuple[str, dict[str, Any]]:
    """Return what was lost and, on a wide page, who says so, as far as the words about shares leave room.

    Also what it says on hovering, where names are cut.
    """
    room = float(_NARROW_ROOM) if narrow else _WIDE_ROOM - width_px(f"  {claim.status}{share}", 13)
    subject, hover = _subject(row, claim, legend, room), subject_of(row, claim, legend)
    if narrow:
        return f"<b>{plain(subject)}</b>", whole(hover, subject)
    status = f", {claim.status}"
    room = _WIDE_ROOM - sum((width_px(subject, 13, bold=True), width_px(status, 13), width_px(share, 12)))
    who = shortened(legend.speaker(claim.claimant), room, 13)
    said = f"<b>{plain(subject)}</b>  <span style='color:{MUTED}'>{plain(who)}{status if who else status[2:]}</span>"
    return said, whole(hover, subject)


def subject_of(row: LossRow, claim: Claim, legend: Legend) -> str:
    """Return whose losses of what a claim is about, and where."""
    return f"{legend.side_name(row.whose)}: {_what(row)}, {legend.where(claim)}"


def _subject(row: LossRow, claim: Claim, legend: Legend, room: float) -> str:
    """Return the same in some room: the side is cut first and the place next, for what was lost has to be read."""
    whose, what, where = legend.side_name(row.whose), f": {_what(row)}, ", legend.where(claim)
    left = room - width_px(what + where, 13, bold=True)
    whose = shortened(whose, max(left, _SIDE_PX), 13, bold=True)
    where = shortened(where, room - width_px(whose + what, 13, bold=True), 13, bold=True)
    return f"{whose}{what}{where}".removesuffix(", ")


def _what(row: LossRow) -> str:
    vehicles = row.what.startswith("vehicles:")
    return f"{row.what.removeprefix('vehicles:')} vehicles lost" if vehicles else row.what.replace("_", " ")


def _drawn_at(count: float | None) -> float:
    return max(count or 0.0, _ZERO_AT)


def _reach(row: LossRow) -> float:
    """Return the largest number that a row has to show, at least ten."""
    claimed = [float(value) for value in (row.measure.low, row.measure.best, row.measure.high) if value is not None]
    return max([*claimed, *(quantiles[2] for quantiles in (row.true, row.claimed) if quantiles), 10.0])


def _simulated(rows: Sequence[LossRow]) -> list[dict[str, Any]]:
    """Return bars over nine tenths of the campaigns with their medians: true ones dark, told ones pale."""
    traces: list[dict[str, Any]] = []
    for told, colour, depth, tick in ((False, INK, _TRUE, "#ffffff"), (True, FAINT, _TOLD, INK)):
        found = [(-index - depth, row, row.claimed if told else row.true) for index, row in enumerate(rows)]
        spread = [(height, row, quantiles) for height, row, quantiles in found if quantiles is not None]
        ends = ([(_drawn_at(low), height), (_drawn_at(high), height)] for height, _, (low, _, high) in spread)
        traces.append(curve(*broken(ends), line={"color": colour, "width": 7}))
        what = "as claimants would tell it, where they give a number" if told else "in the model, where there are any"
        words = [
            f"{what}: {number(middle)}<br>nine tenths between {number(low)} and {number(high)}"
            + ("" if told else _not_luck(row))
            for _, row, (low, middle, high) in spread
        ]
        marker = {"symbol": "line-ns", "size": 11, "line": {"color": tick, "width": 2.5}}
        xs, ys = [_drawn_at(middle) for _, _, (_, middle, _) in spread], [height for height, _, _ in spread]
        trails = [[loss_key(row.claim_id, printed=told), "i"] for _, row, _ in spread]
        traces.append(curve(xs, ys, "markers", hoverinfo="text", hovertext=words, marker=marker, customdata=trails))
    return traces


def _not_luck(row: LossRow) -> str:
    """Return what part of the spread the assumptions explain, as a further line, where that is known."""
    due = due_to_assumptions(row.spread)
    return f"<br>{due} of the variance is due to the assumptions" if due else ""


def _claimed(
    rows: Sequence[LossRow], claims: Mapping[str, Claim], legend: Legend, calendar: Calendar
) -> list[dict[str, Any]]:
    """Return the claimed numbers, with a line over what the words leave open, in the claimants' colours."""
    spans = [
        [(_drawn_at(end), -index - _CLAIM) for end in (row.measure.low, row.measure.high)]
        for index, row in enumerate(rows)
        if row.measure.low is not None and row.measure.high is not None
    ]
    told = [claims[row.claim_id] for row in rows]
    symbols = {"above": "triangle-right", "below": "triangle-left"}
    marker = {
        "symbol": [symbols.get(row.measure.open, "square") for row in rows],
        "size": 14,
        "color": [legend.claimant(claim.claimant).colour for claim in told],
        "line": {"color": "#ffffff", "width": 1.8},
    }
    xs, ys = [_drawn_at(bound(row.measure)) for row in rows], [-index - _CLAIM for index in range(len(rows))]
    words = [hover_of(claim, legend, calendar) for claim in told]
    return [
        curve(*broken(spans), line={"color": MUTED, "width": 1.5}),
        curve(xs, ys, "markers", hoverinfo="text", hovertext=words, marker=marker),
    ]
