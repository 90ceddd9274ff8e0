"""The timeline strip: when things were said to have happened, and when they happen in the model.

One row per headline event. Below its baseline each reported claim is a bar as long as the window that
its words leave open, in the colour of who says so. Above it stands the density of the simulated dates
on the same axis. To the right, the share of histories in each class of the window table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sim.compare import EventRow, Probability
from sim.domain.claims import Claim
from sim.domain.terms import DAY, HOUR
from sim.report.calendar import Calendar
from sim.report.choices import row_keys
from sim.report.colours import FAINT, HAIRLINE, INK, MUTED, with_alpha
from sim.report.keys import LETTERS, event_key
from sim.report.legend import Legend
from sim.report.look import (
    band,
    curve,
    figure,
    horizon_line,
    lines_of,
    plain,
    rule,
    shortened,
    text,
    time_axis,
    whole,
    width_px,
)
from sim.report.windows import Placed, window_bars
from sim.report.words import with_interval

#: Simulated dates are smoothed by a Gaussian of this width before they are drawn.
SMOOTHING_S = 8 * HOUR
_STEP_S = 4 * HOUR
_FLAT = 0.002

#: Fills of the hills of printed dates: beside the reported window, and inside it.
BESIDE_WINDOW, IN_WINDOW = "#d6d0c3", INK

#: The four classes of the window table: name, words, fill.
CLASSES = (
    ("before", "before the window", "#cdc6b8"),
    ("in", "in the window", INK),
    ("after", "after it", "#968f83"),
    ("never", "never by the horizon", "#ffffff"),
)

# Heights within a row of height 1, from its top: words, the line of dates, the bars of claims.
_WORDS, _BASE, _FIRST_BAR, _BAR_STEP, _BAR = 0.13, 0.68, 0.76, 0.088, 0.062
#: What the words of a row have room for on the narrowest page and beside the bars of classes on the narrowest wide one,
#: in pixels; the height of a row and of a further line of its label.
_NARROW_ROOM, _WIDE_ROOM, _NARROW_ROW, _WIDE_ROW, _LINE = 312, 505, 108, 92, 17
#: Where the marks sit on the first bars of an event; further claims are shown with all the others.
_ALONG = (0.5, 0.2, 0.8)


@dataclass(frozen=True, slots=True)
class EventStrip:
    """One headline event: all claims about it, the scored one first, and its simulated dates.

    ``printed`` compares the scored claim with the claims that the model's sources would have printed,
    ``true`` with what happens in the model.
    """

    claims: tuple[Claim, ...]
    printed: EventRow
    true: EventRow

    @property
    def label(self) -> str:
        """Return the event in words."""
        return self.printed.label


def shares(row: EventRow) -> tuple[Probability, Probability, Probability, Probability]:
    """Return the shares of a row in the order of ``CLASSES``."""
    return row.p_before, row.p_in, row.p_after, row.p_never


def density(
    times_s: NDArray[np.float64], grid_s: NDArray[np.float64], width_s: float = SMOOTHING_S
) -> NDArray[np.float64]:
    """Return the smoothed density of the finite times on a grid, per day and per replication.

    Its integral over all days is the share of replications in which it happens at all.
    """
    happens = times_s[np.isfinite(times_s)]
    if happens.size == 0:
        return np.zeros(grid_s.shape)
    counts, edges = np.histogram(happens, bins=np.arange(grid_s[0] - DAY, grid_s[-1] + DAY, HOUR))
    middles = (edges[:-1] + edges[1:]) / 2
    kernel = np.exp(-0.5 * ((grid_s[:, None] - middles[None, :]) / width_s) ** 2)
    scale = DAY / (width_s * np.sqrt(2 * np.pi) * times_s.size)
    return np.asarray(kernel @ counts * scale, dtype=np.float64)


def timeline_strip(
    rows: Sequence[EventStrip], legend: Legend, calendar: Calendar, *, narrow: bool = False
) -> go.Figure:
    """Draw one row per headline event.

    Args:
        rows: Events in the order from top to bottom.
        legend: Names and colours.
        calendar: The axis of time.
        narrow: Leave out the bars of classes to the right; their numbers move under the label.
    """
    height, domain = (_NARROW_ROW, [0.0, 1.0]) if narrow else (_WIDE_ROW, [0.0, 0.735])
    lines = [lines_of(row.label, _NARROW_ROOM, 13) if narrow else [row.label] for row in rows]
    heights = [1 + _LINE / height * (len(label) - 1) for label in lines]
    feet = [round(foot, 4) for foot in accumulate(heights)]
    # Whatever is no label stands as if the row began where its last line does.
    tops = [foot - 1 for foot in feet]
    traces: list[Any] = [
        *_hills(rows, tops, calendar, 0.29 if narrow else 0.40),
        *_windows(rows, tops, legend, calendar),
    ]
    # The axis at the foot needs a trace of its own to be drawn; this one lies out of sight.
    traces.append(curve([calendar.local(0)], [-feet[-1] - 9], "markers", xaxis="x3"))
    if not narrow:
        traces += _class_bars(rows, tops)
    foot = {"overlaying": "x", "matches": "x", "showgrid": False}
    layout: dict[str, Any] = {
        "height": round(height * feet[-1]) + 64,
        "meta": {
            "rows": [
                {"top": start, "height": foot - start, **row_keys(row.claims, legend)}
                for start, foot, row in zip((0, *feet), feet, rows, strict=False)
            ],
            "row_px": height,
        },
        "margin": {"l": 2, "r": 2, "t": 34, "b": 30},
        "barmode": "overlay",
        "shapes": _grid(rows, tops, calendar),
        "annotations": _labels(rows, lines, tops, legend, calendar, narrow),
        "xaxis": time_axis(calendar, "top", narrow=narrow, domain=domain),
        "xaxis3": time_axis(calendar, "bottom", narrow=narrow, domain=domain, **foot),
        "yaxis": {"range": [-feet[-1], 0], "visible": False},
    }
    if not narrow:
        layout["xaxis2"] = {"domain": [0.77, 1.0], "range": [0, 1], "visible": False, "fixedrange": True}
    return figure(traces, layout)


def _hills(rows: Sequence[EventStrip], tops: Sequence[float], calendar: Calendar, tall: float) -> list[dict[str, Any]]:
    """Return the densities: printed ones filled, darker inside the window; true ones as a line."""
    grid = np.arange(0, calendar.duration_s + _STEP_S, _STEP_S, dtype=np.float64)
    upto = grid <= calendar.horizon_s
    fills, inside, lines = _Pieces(calendar), _Pieces(calendar), _Pieces(calendar)
    for top, row in zip(tops, rows, strict=True):
        base = -top - _BASE
        told, true = (None if one.yes_no else density(one.times_s, grid) for one in (row.printed, row.true))
        peak = max((float(hill.max()) for hill in (told, true) if hill is not None), default=0.0) or 1.0
        if told is not None:
            heights = told / peak * tall
            fills.add(grid[upto], heights[upto], base, closed=True)
            low, high = row.printed.window
            part = np.linspace(max(low, 0), min(high, calendar.horizon_s), 40)
            inside.add(part, np.interp(part, grid, heights), base, closed=True)
        if true is not None:
            lines.add(grid, true / peak * tall, base)
    area: dict[str, Any] = {"fill": "toself", "line": {"width": 0}}
    return [
        curve(fills.xs, fills.ys, fillcolor=BESIDE_WINDOW, **area),
        curve(inside.xs, inside.ys, fillcolor=IN_WINDOW, **area),
        curve(lines.xs, lines.ys, line={"width": 1.2, "color": MUTED}),
    ]


@dataclass(slots=True)
class _Pieces:
    """Pieces of curves in one trace, apart from each other; what is flat on its base is left out."""

    calendar: Calendar
    xs: list[Any] = field(default_factory=list)
    ys: list[Any] = field(default_factory=list)

    def add(
        self, times_s: NDArray[np.float64], heights: NDArray[np.float64], base: float, *, closed: bool = False
    ) -> None:
        """Add a curve over its base, as an area down to it if it is closed."""
        rises = np.flatnonzero(heights > _FLAT)
        if times_s.size < 2 or times_s[-1] <= times_s[0] or not rises.size:
            return
        part = slice(max(rises[0] - 1, 0), rises[-1] + 2)
        days = [self.calendar.local(time_s) for time_s in times_s[part]]
        ups = [round(base + float(height), 3) for height in heights[part]]
        if closed:
            days, ups = [days[0], *days, days[-1]], [base, *ups, base]
        self.xs.extend([*days, None])
        self.ys.extend([*ups, None])


def _windows(
    rows: Sequence[EventStrip], tops: Sequence[float], legend: Legend, calendar: Calendar
) -> list[dict[str, Any]]:
    """Return the bars of the claims below each line, with marks that do not touch those of the next bar."""
    placed = [
        Placed(claim, -top - _FIRST_BAR - order * _BAR_STEP, along)
        for top, row in zip(tops, rows, strict=True)
        for order, (claim, along) in enumerate(zip(row.claims, _ALONG, strict=False))
    ]
    return window_bars(placed, legend, calendar, _BAR)


def _class_bars(rows: Sequence[EventStrip], tops: Sequence[float]) -> list[dict[str, Any]]:
    """Return the shares of the four classes as stacked bars: printed above, true (thinner) below."""
    traces = []
    for order, (name, words, fill) in enumerate(CLASSES):
        bars: dict[str, list[Any]] = {"y": [], "x": [], "base": [], "hovertext": [], "width": [], "customdata": []}
        for top, row in zip(tops, rows, strict=True):
            for one, depth, thickness, what in (
                (row.printed, 0.42, 0.21, "printed"),
                (row.true, 0.59, 0.08, "in the model"),
            ):
                found = shares(one)
                bars["y"].append(-top - depth)
                bars["width"].append(thickness)
                bars["x"].append(found[order].p)
                bars["base"].append(sum(share.p for share in found[:order]))
                said = f"{what}, {words}: {with_interval(found[order])}"
                bars["hovertext"].append(f"<b>{plain(row.label)}</b><br>{said}")
                bars["customdata"].append([event_key(one), LETTERS[name]])
        edge = {"color": FAINT if fill == "#ffffff" else fill, "width": 0.8}
        marker = {"color": fill, "line": edge}
        traces.append({"type": "bar", "orientation": "h", "xaxis": "x2", "hoverinfo": "text", **bars, "marker": marker})
    return traces


def _grid(rows: Sequence[EventStrip], tops: Sequence[float], calendar: Calendar) -> list[dict[str, Any]]:
    whole = tops[-1] + 1
    shapes = [rule(0, 1, -border, -border, xref="paper") for border in (0, *(top + 1 for top in tops))]
    shapes += [
        rule(calendar.local(0), calendar.local(calendar.duration_s), -top - _BASE, -top - _BASE, FAINT) for top in tops
    ]
    for top, row in zip(tops, rows, strict=True):
        low, high = (calendar.local(max(time_s, 0)) for time_s in row.printed.window)
        shapes.append(band(low, high, -top - 0.98, -top - 0.26, with_alpha("#9c8f74", 0.14)))
    if calendar.has_forecast:
        known, end = calendar.local(calendar.horizon_s), calendar.local(calendar.duration_s)
        shapes.append(band(known, end, -whole, 0, with_alpha(HAIRLINE, 0.45)))
    return [*shapes, *horizon_line(calendar, -whole, 0)]


def _labels(
    rows: Sequence[EventStrip],
    lines: Sequence[Sequence[str]],
    tops: Sequence[float],
    legend: Legend,
    calendar: Calendar,
    narrow: bool,
) -> list[dict[str, Any]]:
    notes = []
    for row, label, top in zip(rows, lines, tops, strict=True):
        more = len(row.claims) - len(_ALONG)
        hidden = f", {more} more below" if more > 0 else ""
        words = f"<b>{'<br>'.join(map(plain, label))}</b>"
        if not narrow:
            room = _WIDE_ROOM - width_px(row.label, 13, bold=True) - width_px(hidden, 13)
            who = shortened(legend.speaker(row.claims[0].claimant), room, 13)
            words += f"  <span style='color:{MUTED}'>{plain(who)}{hidden}</span>"
        middle = -top - _WORDS + (len(label) - 1) * _LINE / 2 / _NARROW_ROW
        hover = {} if narrow else whole(legend.speaker(row.claims[0].claimant), who)
        notes.append(text(words, 0, middle, size=13, colour=INK, xref="paper", **hover))
        is_so, is_not = ("so", "not so") if row.printed.yes_no else ("in window", "never")
        chances = f"{is_so} <b>{with_interval(row.printed.p_in)}</b>"
        never = f"{is_not} {with_interval(row.printed.p_never)}"
        if narrow:
            both = f"{chances} \N{MIDDLE DOT} {never}"
            notes.append(text(both, 0, -top - _WORDS - 0.15, xref="paper"))
        else:
            notes.append(text(chances, 0, -top - 0.18, colour=INK, xref="x2"))
            notes.append(text(never, 1, -top - 0.79, xref="x2", xanchor="right"))
    if calendar.has_forecast:
        edge = calendar.local(calendar.horizon_s)
        # Beside the bars of the first row, where no claim is: claims speak of what was before.
        down = -round((tops[0] + 0.88) * (_NARROW_ROW if narrow else _WIDE_ROW))
        notes.append(text("after the last article", edge, 1, size=11, yref="paper", xshift=6, yshift=down))
    return notes
