"""The strip of one history: reported windows, and a tick for the date of each event in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import numpy as np
import plotly.graph_objects as go

from sim.compare.single import DatedEvent
from sim.domain.claims import Claim
from sim.report.calendar import Calendar
from sim.report.colours import FAINT, HAIRLINE, INK, MUTED, PAPER, with_alpha
from sim.report.keys import dated_key
from sim.report.legend import Legend
from sim.report.look import band, broken, curve, figure, horizon_line, plain, rule, text, time_axis
from sim.report.windows import Placed, window_bars

# Heights within a row of height 1, from its top: words, the line of dates, the bars of claims.
_WORDS, _BASE, _FIRST_BAR, _BAR_STEP, _BAR = 0.2, 0.58, 0.72, 0.12, 0.085
_ALONG = (0.5, 0.2)
#: Letters of a name that a narrow page has room for, and what stands for the rest.
_LETTERS, _MORE = 44, "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class OneStrip:
    """A headline event in one history: all claims about it, the scored one first, and its dates there."""

    claims: tuple[Claim, ...]
    event: DatedEvent
    words: str

    @property
    def label(self) -> str:
        """Return the event in words."""
        return self.event.claim.label or self.event.claim.event.type.replace("_", " ")


def history_strip(rows: Sequence[OneStrip], legend: Legend, calendar: Calendar, *, narrow: bool = False) -> go.Figure:
    """Draw one row per headline event.

    Args:
        rows: Events in the order from top to bottom.
        legend: Names and colours.
        calendar: The axis of time.
        narrow: Leave out what stands beside the names.
    """
    placed = [
        Placed(claim, -index - _FIRST_BAR - order * _BAR_STEP, along)
        for index, row in enumerate(rows)
        for order, (claim, along) in enumerate(zip(row.claims, _ALONG, strict=False))
    ]
    traces: list[Any] = [*window_bars(placed, legend, calendar, _BAR), *_ticks(rows, calendar)]
    # The axis at the foot needs a trace of its own to be drawn; this one lies out of sight.
    traces.append(curve([calendar.local(0)], [-len(rows) - 9], "markers", xaxis="x3"))
    foot = {"overlaying": "x", "matches": "x", "showgrid": False}
    layout: dict[str, Any] = {
        "height": (84 if narrow else 70) * len(rows) + 64,
        "margin": {"l": 2, "r": 2, "t": 34, "b": 30},
        "barmode": "overlay",
        "shapes": _grid(rows, calendar),
        "annotations": _labels(rows, calendar, narrow),
        "xaxis": time_axis(calendar, "top", narrow=narrow),
        "xaxis3": time_axis(calendar, "bottom", narrow=narrow, **foot),
        "yaxis": {"range": [-len(rows), 0], "visible": False},
    }
    return figure(traces, layout)


def _ticks(rows: Sequence[OneStrip], calendar: Calendar) -> list[dict[str, Any]]:
    """Return the dates: a tall tick where it happens in this history, a triangle where its sources would date it."""
    true, told, hovers, told_hovers = [], [], [], []
    trails: list[tuple[str]] = []
    told_trails: list[tuple[str]] = []
    for index, row in enumerate(rows):
        event, hover = row.event, f"<b>{plain(row.label)}</b><br>{plain(row.words)}"
        if np.isfinite(event.true_s) and not event.true_yes_no:
            true.append((calendar.local(event.true_s), -index - _BASE))
            hovers.append(hover)
            trails.append((dated_key(event.claim.claim_id),))
        if np.isfinite(event.told_s) and not event.told_yes_no:
            told.append((calendar.local(event.told_s), -index - _BASE))
            told_hovers.append(hover)
            told_trails.append((dated_key(event.claim.claim_id),))
    xs, ys = broken([(x, y - 0.17), (x, y + 0.17)] for x, y in true)
    flag = {"symbol": "triangle-down", "size": 11, "color": PAPER, "opacity": 1, "line": {"color": INK, "width": 1.8}}
    spot = {"symbol": "square", "size": 16, "opacity": 0}
    shown: dict[str, Any] = {"hoverinfo": "text"}
    return [
        curve(xs, ys, line={"color": INK, "width": 3.4}),
        curve([x for x, _ in true], [y for _, y in true], "markers", hovertext=hovers, marker=spot,
              customdata=trails, **shown),
        curve([x for x, _ in told], [y for _, y in told], "markers", hovertext=told_hovers, marker=flag,
              customdata=told_trails, **shown),
    ]  # fmt: skip


def _grid(rows: Sequence[OneStrip], calendar: Calendar) -> list[dict[str, Any]]:
    first, last = calendar.local(0), calendar.local(calendar.duration_s)
    shapes = [rule(0, 1, -index, -index, xref="paper") for index in range(len(rows) + 1)]
    for index, row in enumerate(rows):
        low, high = (calendar.local(max(time_s, 0)) for time_s in row.event.window)
        shapes.append(rule(first, last, -index - _BASE, -index - _BASE, FAINT))
        shapes.append(band(low, high, -index - 0.98, -index - 0.3, with_alpha("#9c8f74", 0.14)))
    if calendar.has_forecast:
        known = calendar.local(calendar.horizon_s)
        shapes.append(band(known, last, -len(rows), 0, with_alpha(HAIRLINE, 0.45)))
    return [*shapes, *horizon_line(calendar, -len(rows), 0)]


def _labels(rows: Sequence[OneStrip], calendar: Calendar, narrow: bool) -> list[dict[str, Any]]:
    notes = []
    for index, row in enumerate(rows):
        words = f"<b>{plain(shorten(row.label, _LETTERS, placeholder=_MORE) if narrow else row.label)}</b>"
        if not narrow:
            words += f"  <span style='color:{MUTED}'>{plain(row.words)}</span>"
        notes.append(text(words, 0, -index - _WORDS + 0.04, size=13, colour=INK, xref="paper"))
        if narrow:
            short = row.words.partition(" (")[0]
            notes.append(text(plain(short), 0, -index - _WORDS - 0.13, size=12, xref="paper"))
    if calendar.has_forecast and not narrow:
        edge: dict[str, Any] = {"yref": "paper", "yanchor": "top", "xanchor": "right", "xshift": -6, "yshift": -4}
        notes.append(text("after the last article", calendar.local(calendar.duration_s), 1, size=11, **edge))
    return notes
