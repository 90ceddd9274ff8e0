"""Control by place and day: one row per place, one cell per day, coloured by how far one side leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from sim.domain.claims import Claim
from sim.domain.terms import DAY
from sim.report.calendar import Calendar
from sim.report.colours import INK, PAPER, UNHELD, lead_scale, leader
from sim.report.control import NOBODY, Control
from sim.report.keys import CONTROL
from sim.report.legend import Legend
from sim.report.look import (
    broken,
    curve,
    figure,
    horizon_line,
    plain,
    rule,
    shortened,
    text,
    time_axis,
    whole,
    width_px,
)
from sim.report.windows import Placed, hover_of, verification_marks
from sim.report.words import with_interval

#: Claims of these types say who holds a place; they are marked on the rows of their places.
HOLDING_TYPES = frozenset({"capture", "recapture", "control_state", "rising"})
_OTHERS = "Elsewhere"
#: Pixels between the name of a place and the cells beside it, and the edge on its other side.
_BESIDE = 12
#: Pixels of the cells of a row on the narrowest page, over which the name of an area may reach.
_PLOT_PX = 120
#: How far from the middle of a row the claims of one place and day stand.
_ASIDE = (0.0, -0.24, 0.24, -0.12, 0.12)


@dataclass(frozen=True, slots=True)
class Rows:
    """Places in the order of the chart, with the heading of the area above the first of each group."""

    groups: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def heights(self) -> dict[str, int]:
        """Return the row of each place, counted from the top with the headings."""
        found: dict[str, int] = {}
        row = 0
        for _, places in self.groups:
            row += 1
            for place in places:
                found[place] = row
                row += 1
        return found

    @property
    def count(self) -> int:
        """Return the number of rows, headings included."""
        return sum(len(places) + 1 for _, places in self.groups)


def grouped(control: Control, legend: Legend) -> Rows:
    """Return the places in play, each under the largest area that names it, the least decided areas first."""
    left = [place for place in legend.places if place in control.in_play()]
    groups: list[tuple[str, tuple[str, ...]]] = []
    for area, members in sorted(legend.areas.items(), key=lambda item: -len(item[1])):
        own = tuple(place for place in members if place in left)
        left = [place for place in left if place not in own]
        if own:
            groups.append((legend.place_name(area), own))
    groups.sort(key=lambda group: -sum(control.doubt(place) for place in group[1]))
    if left:
        groups.append((_OTHERS if groups else "Places", tuple(left)))
    return Rows(tuple(groups))


def control_heatmap(
    control: Control, claims: Sequence[Claim], legend: Legend, calendar: Calendar, *, narrow: bool = False
) -> go.Figure:
    """Draw the places in play by day, with what was reported about them.

    Args:
        control: Shares of the histories by place, day and holder.
        claims: Reported claims; those about who holds a place are marked.
        legend: Names and colours.
        calendar: The axis of time.
        narrow: Take less room for names.
    """
    rows = grouped(control, legend)
    row_px = 19 if narrow else 21
    size = 11 if narrow else 12.5
    names = {place: legend.place_name(place) for place in rows.heights}
    longest = max((width_px(name, size) for name in names.values()), default=0.0)
    left = round(min(max(longest + _BESIDE, 118), 150) if narrow else min(max(longest + _BESIDE, 178), 240))
    traces = [_cells(control, rows, legend, calendar), *_marks(rows, claims, legend, calendar)]
    beside: dict[str, Any] = {"size": size, "colour": INK, "xref": "paper", "xanchor": "right", "xshift": -8}
    notes = []
    for place, row in rows.heights.items():
        shown = shortened(names[place], left - _BESIDE, size)
        notes.append(text(plain(shown), 0, row, **beside, **whole(names[place], shown)))
    top = 0
    for name, places in rows.groups:
        shown = shortened(name, _PLOT_PX + left, 12, bold=True)
        heading: dict[str, Any] = {"xref": "paper", "xshift": -left, **whole(name, shown)}
        notes.append(text(f"<b>{plain(shown)}</b>", 0, top + 0.12, **heading))
        top += len(places) + 1
    # The page moves this line to the day of the map.
    noon = calendar.local(DAY / 2)
    cursor = rule(noon, noon, 0, 1, yref="paper", layer="above", line={"color": INK, "width": 1.2}, visible=False)
    return figure(
        traces,
        {
            "height": rows.count * row_px + 30,
            "margin": {"l": left, "r": 2, "t": 24, "b": 4},
            "annotations": notes,
            "shapes": [cursor, *horizon_line(calendar, 0, 1, INK, yref="paper", layer="above")],
            "xaxis": time_axis(calendar, "top", narrow=narrow, showgrid=False, tick0=noon),
            "yaxis": {"range": [rows.count - 0.5, -0.5], "visible": False},
        },
    )


def _cells(control: Control, rows: Rows, legend: Legend, calendar: Calendar) -> dict[str, Any]:
    """Return the cells; a value is the number of the likeliest holder plus its lead over the next."""
    heights = rows.heights
    at_row = {row: place for place, row in heights.items()}
    order = {side: index for index, side in enumerate(control.sides)}
    values: list[list[float | None]] = [[None] * len(control.days) for _ in range(rows.count)]
    words: list[list[str]] = [[""] * len(control.days) for _ in range(rows.count)]
    for place, row in heights.items():
        for column, day in enumerate(control.days):
            name, lead = leader(control.shares(place, day))
            values[row][column] = round(order[name] + min(lead, 0.999), 3)
            words[row][column] = holders(control, place, day, legend, calendar)
    return {
        "type": "heatmap",
        "x": [calendar.local((day + 0.5) * DAY) for day in control.days],
        "y": list(range(rows.count)),
        "z": values,
        "text": words,
        "hoverinfo": "text",
        "zmin": 0,
        "zmax": len(control.sides),
        "colorscale": lead_scale([legend.side_colour(side) if side != NOBODY else UNHELD for side in control.sides]),
        "showscale": False,
        "xgap": 1,
        "ygap": 2,
        "hoverongaps": False,
        "meta": {
            "whence": CONTROL,
            "days": list(control.days),
            "places": at_row,
        },
    }


def holders(control: Control, place: str, day: int, legend: Legend, calendar: Calendar) -> str:
    """Return who holds a place at the end of a day, each with its share and interval, as lines."""
    lines = [f"<b>{plain(legend.place_name(place))}</b>, end of {calendar.date(day)}"]
    lines += [
        # Of one history no share can be told: it holds or it does not.
        plain(legend.side_name(side)) + (f" {with_interval(share)}" if control.n > 1 else "")
        for side, share in control.proportions(place, day).items()
    ]
    return "<br>".join(lines)


def _marks(rows: Rows, claims: Sequence[Claim], legend: Legend, calendar: Calendar) -> list[dict[str, Any]]:
    """Return the windows and verification marks of the claims about holding, on the rows of their places."""
    heights = rows.heights
    crowd: Counter[tuple[str, int]] = Counter()
    placed: list[Placed] = []
    for claim in claims:
        if claim.event.type not in HOLDING_TYPES or claim.statement == "intends":
            continue
        for place in legend.places_of(claim):
            if place in heights:
                spot = (place, claim.window.middle_s // DAY)
                placed.append(Placed(claim, heights[place] + _ASIDE[crowd[spot] % len(_ASIDE)]))
                crowd[spot] += 1
    xs, ys = broken([(calendar.local(time_s), item.height) for time_s in item.shown_s] for item in placed)
    colours = [legend.side_colour(item.claim.event.actor) for item in placed]
    # What is said of one place out of several is said of none of them for sure.
    happenings = [item.claim.event for item in placed]
    sizes = [9.0 if event.quantifier == "all" or len(event.where) == 1 else 6.0 for event in happenings]
    return [
        curve(xs, ys, line={"color": PAPER, "width": 3.5}),
        curve(xs, ys, line={"color": INK, "width": 1.2}),
        curve(
            [calendar.local(item.mark_s) for item in placed],
            [item.height for item in placed],
            "markers",
            hoverinfo="text",
            hovertext=[hover_of(item.claim, legend, calendar) for item in placed],
            marker=verification_marks([item.claim for item in placed], colours, sizes),
        ),
    ]
