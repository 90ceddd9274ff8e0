"""Who holds what longer: a diverging heat map of each side, and the mean days held longer by place."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from sim.compare.daily_pairs import ControlDifference
from sim.compare.variants import PairedDifference
from sim.domain.terms import DAY
from sim.projections.holders import NOBODY
from sim.report.behind import APART_SO, Trail, apart, so, trail
from sim.report.calendar import Calendar
from sim.report.colours import FAINT, HAIRLINE, INK, LESS, MORE, MUTED, NOISE, PAPER, mix
from sim.report.heatmap import Rows
from sim.report.keys import held_key, number_key
from sim.report.legend import Legend
from sim.report.look import broken, curve, figure, plain, rule, text, time_axis
from sim.report.words import spanned, with_interval

#: Where the palest colour of a difference that can be told stands between grey and the full colour.
PALEST = 0.3
_STEPS = 5
#: Places that have a row of their own in the chart of days; the table has all.
PLACES_AT_MOST = 16


def diverging(steps: int = _STEPS) -> list[tuple[float, str]]:
    """Return a colour scale over [-1, 1] as plotly takes it: less in B, grey at zero, more in B."""
    less = [(0.5 - 0.5 * step / steps, mix(NOISE, LESS, step / steps)) for step in range(steps, 0, -1)]
    more = [(0.5 + 0.5 * step / steps, mix(NOISE, MORE, step / steps)) for step in range(1, steps + 1)]
    return [*less, (0.5, NOISE), *more]


def full_scale(control: ControlDifference) -> float:
    """Return the difference that has the full colour: the largest that can be told, in steps of a tenth."""
    told = np.abs(control.difference[control.told])
    return float(np.ceil(10 * told.max() - 1e-9) / 10) if told.size else 1.0


def rows_of(control: ControlDifference, side: int, legend: Legend) -> Rows:
    """Return the places that a side holds otherwise in any pair, each under the largest area that names it."""
    left = [place for row, place in enumerate(control.pairs.places) if control.differs[row, :, side].any()]
    size = {place: float(np.abs(control.difference[row]).sum()) for row, place in enumerate(control.pairs.places)}
    groups: list[tuple[str, tuple[str, ...]]] = []
    for area, members in sorted(legend.areas.items(), key=lambda item: -len(item[1])):
        own = tuple(place for place in members if place in left)
        left = [place for place in left if place not in own]
        if own:
            groups.append((legend.place_name(area), own))
    groups.sort(key=lambda group: -sum(size[place] for place in group[1]))
    if left:
        groups.append(("Elsewhere" if groups else "Places", tuple(left)))
    return Rows(tuple(groups))


def held_heatmap(
    control: ControlDifference, side: str, legend: Legend, calendar: Calendar, *, narrow: bool = False
) -> go.Figure:
    """Draw how much more often one side holds each place in B than in A at the end of each day.

    Grey cells are within Monte Carlo noise; in white ones the same is so in every pair. A dot marks a cell whose own
    interval leaves out zero though so many cells together make as much of chance.

    Args:
        control: The differences.
        side: Who holds; '' is nobody.
        legend: Names.
        calendar: The axis of time.
        narrow: Take less room for names.
    """
    number, top = control.pairs.sides.index(side), full_scale(control)
    rows = rows_of(control, number, legend)
    heights = rows.heights
    values: list[list[float | None]] = [[None] * control.pairs.days for _ in range(rows.count)]
    words: list[list[str]] = [[""] * control.pairs.days for _ in range(rows.count)]
    trails: list[list[Trail | None]] = [[None] * control.pairs.days for _ in range(rows.count)]
    dots: list[tuple[int, int, float]] = []
    for place, height in heights.items():
        row = control.pairs.places.index(place)
        for day in range(control.pairs.days):
            if not control.differs[row, day, number]:
                continue
            value = float(control.difference[row, day, number])
            told = bool(control.told[row, day, number])
            size = PALEST + (1 - PALEST) * min(abs(value) / top, 1)
            values[height][day] = round(float(np.sign(value)) * size, 3) if told else 0.0
            words[height][day] = cell_words(control, (row, day, number), legend, calendar)
            trails[height][day] = cell_trail(control, (row, day, number))
            if not told and (control.low[row, day, number] > 0 or control.high[row, day, number] < 0):
                dots.append((height, day, value))
    row_px, left = (19, 128) if narrow else (21, 178)
    size = 11 if narrow else 12.5
    notes = [
        text(plain(legend.place_name(place)), 0, row, size=size, colour=INK, xref="paper", xanchor="right", xshift=-8)
        for place, row in heights.items()
    ]
    above = 0
    for name, places in rows.groups:
        notes.append(text(f"<b>{plain(name)}</b>", 0, above + 0.12, xref="paper", xshift=-left))
        above += len(places) + 1
    days = [calendar.local((day + 0.5) * DAY) for day in range(control.pairs.days)]
    cells = {
        "type": "heatmap", "x": days, "y": list(range(rows.count)), "z": values, "text": words, "hoverinfo": "text",
        "zmin": -1, "zmax": 1, "colorscale": diverging(), "showscale": False, "xgap": 1, "ygap": 2,
        "hoverongaps": False, "customdata": trails,
    }  # fmt: skip
    marker = {"size": 4, "color": [MORE if value > 0 else LESS for _, _, value in dots]}
    marks = curve([days[day] for _, day, _ in dots], [height for height, _, _ in dots], "markers", marker=marker)
    return figure(
        [cells, marks],
        {
            "height": rows.count * row_px + 30,
            "margin": {"l": left, "r": 2, "t": 24, "b": 4},
            "annotations": notes,
            "xaxis": time_axis(calendar, "top", narrow=narrow, showgrid=False, tick0=calendar.local(DAY / 2)),
            "yaxis": {"range": [rows.count - 0.5, -0.5], "visible": False},
        },
    )


def cell_words(control: ControlDifference, spot: tuple[int, int, int], legend: Legend, calendar: Calendar) -> str:
    """Return what a reader learns of a cell: both shares, the paired difference, and whether it can be told."""
    place, day, side = spot
    first, second = control.shares(*spot)
    low, high = float(control.low[spot]), float(control.high[spot])
    verdict = "more than chance makes of so many cells"
    if not control.told[spot]:
        verdict = "within Monte Carlo noise" if low <= 0 <= high else "chance makes as much of so many cells"
    holder = legend.side_name(control.pairs.sides[side])
    return "<br>".join(
        (
            f"<b>{plain(legend.place_name(control.pairs.places[place]))}</b>, end of {calendar.date(day)}",
            f"{plain(holder)} in A {with_interval(first)}, in B {with_interval(second)}",
            f"B less A: {spanned(float(control.difference[spot]), low, high, digits=0, scale=100)} points",
            verdict,
        )
    )


def cell_trail(control: ControlDifference, spot: tuple[int, int, int]) -> Trail:
    """Return where the numbers of a cell come from: the pairs in which the side holds the place in one batch alone."""
    place, day, side = spot
    letters = so(*(held[:, place, day] == side for held in control.held))
    at = {"place": control.pairs.places[place], "day": day}
    return trail(held_key(control.pairs.sides[side]), at, control.pairs.replications, letters, APART_SO)


def shown_longer(control: ControlDifference, legend: Legend) -> list[tuple[str, list[PairedDifference]]]:
    """Return places with the days that each side holds them longer: what stands out first, then the largest."""
    by_place: dict[str, list[PairedDifference]] = {}
    for (place, side), row in control.longer.items():
        if side != NOBODY or len(legend.sides) > 2:
            by_place.setdefault(place, []).append(row)
    return sorted(
        by_place.items(),
        key=lambda item: (not any(row.stands_out for row in item[1]), -max(abs(row.difference) for row in item[1])),
    )


def longer_figure(control: ControlDifference, legend: Legend, *, narrow: bool = False) -> go.Figure:
    """Draw by place how many days longer each side holds it in B than in A, with 95 % intervals.

    A full mark is more than chance makes of any of these numbers; a hollow one is not.

    Args:
        control: The differences.
        legend: Names and colours.
        narrow: Take less room for names.
    """
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    height = 0.0
    spans: dict[str, list[list[tuple[float, float]]]] = {}
    marks: dict[str, list[tuple[float, float, PairedDifference]]] = {}
    reach = 1.0
    for place, rows in shown_longer(control, legend)[:PLACES_AT_MOST]:
        shapes.append(rule(0, 1, height, height, xref="paper"))
        middle = height + 0.5 * len(rows) + 0.15
        name = plain(legend.place_name(place))
        size = 11 if narrow else 12.5
        notes.append(text(name, 0, middle, size=size, colour=INK, xref="paper", xanchor="right", xshift=-8))
        for row in rows:
            at = height + 0.65
            height += 1
            ends = [end for end in (row.low, row.high) if np.isfinite(end)]
            reach = max([reach, abs(row.difference), *map(abs, ends)])
            spans.setdefault(row.name, []).append([(end, at) for end in ends])
            marks.setdefault(row.name, []).append((row.difference, at, row))
        height += 0.3
    for side, found in marks.items():
        colour = legend.side_colour(side) if side != NOBODY else FAINT
        traces.append(curve(*broken(spans[side]), line={"color": colour, "width": 2}))
        marker = {
            "size": 10, "symbol": "diamond", "line": {"width": 1.8, "color": colour},
            "color": [colour if row.stands_out else PAPER for _, _, row in found], "opacity": 1,
        }  # fmt: skip
        words = [longer_words(row, legend) for _, _, row in found]
        xs, ys = [x for x, _, _ in found], [y for _, y, _ in found]
        trails = [(number_key(row), apart(row)) for _, _, row in found]
        traces.append(curve(xs, ys, "markers", hoverinfo="text", hovertext=words, marker=marker, customdata=trails))
    notes += [
        text("\N{LEFTWARDS ARROW} longer in A", 0, 1, xref="paper", yref="paper", yanchor="bottom", yshift=22),
        text("longer in B \N{RIGHTWARDS ARROW}", 1, 1, xref="paper", yref="paper", xanchor="right", yanchor="bottom",
             yshift=22),
    ]  # fmt: skip
    shapes.append(rule(0, 0, 0, height, MUTED))
    return figure(
        traces,
        {
            "height": round(height * (14 if narrow else 15)) + 60,
            "margin": {"l": 128 if narrow else 178, "r": 8, "t": 50, "b": 8},
            "annotations": notes,
            "shapes": shapes,
            "xaxis": {"side": "top", "range": [-1.06 * reach, 1.06 * reach], "nticks": 5 if narrow else 9,
                      "ticksuffix": " d", "gridcolor": HAIRLINE},
            "yaxis": {"range": [height, 0], "visible": False},
        },
    )  # fmt: skip


def longer_words(row: PairedDifference, legend: Legend) -> str:
    """Return how much longer a side holds a place, for a hover label."""
    told = "more than chance makes of so many" if row.stands_out else "no difference can be told from chance"
    return (
        f"<b>{plain(legend.place_name(row.label))}</b>, held by {plain(legend.side_name(row.name))}<br>"
        f"A {row.first:.1f} days, B {row.second:.1f}<br>"
        f"B less A: {spanned(row.difference, row.low, row.high)} days<br>{told}"
    )
