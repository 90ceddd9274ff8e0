"""Figures of pairs: when histories part, by which kinds of facts, events side by side, and differences over days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa

from sim.compare import Probability
from sim.compare.variants import EventPair, PairedDifference
from sim.domain.terms import DAY
from sim.report.behind import Trail, apart, trail
from sim.report.calendar import Calendar
from sim.report.colours import FAINT, INK, LESS, MORE, MUTED, PAPER, mix, with_alpha
from sim.report.keys import pair_key
from sim.report.legend import Legend
from sim.report.look import broken, curve, figure, plain, rule, side_panels, text, time_axis
from sim.report.partings import Apart, kinds, name_of
from sim.report.words import kind_in_words, spanned, with_interval

#: How A and B are marked wherever they stand beside each other: colour and shape.
MARKS = {"A": (LESS, "circle-open"), "B": (MORE, "diamond")}
_DIGITS = 4
#: What stands in a panel in which no pair differs on any day.
SAME = "the same in every pair"
#: A scale of fewer units than these has a tick at each; a longer one has few.
_SHORT = 5
#: Letters of an event, and of its claim in smaller type, that fit on a line of a narrow page.
_NARROW_WORDS, _NARROW_CLAIM = 46, 54


def parting_figure(
    curves: Sequence[tuple[str, str, Sequence[Probability], Sequence[Trail]]],
    calendar: Calendar,
    *,
    narrow: bool = False,
) -> go.Figure:
    """Draw in which share of the pairs the two histories have parted by the end of each day.

    Args:
        curves: A name, a dash, the shares by day of each curve, drawn with their 95 % intervals, and their trails.
        calendar: The axis of time.
        narrow: Write fewer dates.
    """
    traces: list[dict[str, Any]] = []
    for name, dash, shares, trails in curves:
        days = [calendar.local(calendar.end_s(day)) for day in range(len(shares))]
        bounds = [*(100 * share.high for share in shares), *(100 * share.low for share in reversed(shares))]
        shade = with_alpha(INK, 0.08)
        traces.append(curve([*days, *reversed(days)], bounds, fill="toself", line={"width": 0}, fillcolor=shade))
        words = [
            f"{name}<br>by the end of {calendar.date(day)}: {with_interval(share)}"
            for day, share in enumerate(shares)
        ]  # fmt: skip
        line = {"color": INK, "width": 2.2 if dash == "solid" else 1.8, "dash": dash}
        ys = [round(100 * share.p, 1) for share in shares]
        traces.append(curve(days, ys, line=line, hoverinfo="text", hovertext=words, customdata=trails))
    return figure(
        traces,
        {
            "height": 300,
            "margin": {"l": 44, "r": 8, "t": 12, "b": 28},
            "hovermode": "closest",
            "xaxis": time_axis(calendar, "bottom", narrow=narrow, showgrid=False),
            "yaxis": {"range": [-1, 103], "ticksuffix": " %", "nticks": 6},
        },
    )


def kinds_figure(
    apart: Sequence[Apart], legend: Legend, calendar: Calendar, *, letters: Mapping[str, str], narrow: bool = False,
    at_most: int = 10,
) -> go.Figure:  # fmt: skip
    """Draw a dot for every pair that was read: when it parts (across) and by which kind of fact (down).

    Args:
        apart: The pairs that were read.
        legend: Names of places.
        calendar: The axis of time.
        letters: A letter for each kind, by which its pairs are known.
        narrow: Write the share of a kind under its name instead of at the right.
        at_most: Kinds with rows of their own; all others share one.
    """
    found = kinds(apart)
    rows: list[tuple[str, Probability | None, list[Apart]]]
    rows = [(kind_in_words(kind).capitalize(), share, some) for kind, share, some in found[:at_most]]
    rest = [one for _, _, some in found[at_most:] for one in some]
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    xs, ys, words = [], [], []
    trails: list[Trail] = []
    replications = [one.replication for one in apart]
    known = "".join(letters[one.found.kind] if one.found else "=" for one in apart)
    if rest:
        rows.append((f"{len(found) - at_most} other kinds", None, rest))
    for number, (name, share, some) in enumerate(rows):
        shapes.append(rule(0, 1, number, number, xref="paper"))
        told = f" {with_interval(share)}" if share is not None else f" {len(some)} pairs"
        if narrow:
            said = f"{name} <span style='color:{MUTED}'>{told}</span>"
            notes.append(text(said, 0, number + 0.22, colour=INK, xref="paper"))
        else:
            notes.append(text(name, 0, number + 0.5, colour=INK, xref="paper", xanchor="right", xshift=-10))
            notes.append(text(told, 1, number + 0.5, xref="paper", xshift=6))
        crowd: dict[int, int] = {}
        for one in sorted(some, key=lambda one: one.replication):
            difference = one.found
            assert difference is not None
            spot = difference.time_s // (DAY // 2)
            crowd[spot] = crowd.get(spot, 0) + 1
            aside = 0.11 * ((crowd[spot]) // 2) * (-1 if crowd[spot] % 2 else 1)
            trails.append(trail("kinds", {"number": one.replication}, replications, known, letters[difference.kind]))
            xs.append(calendar.local(difference.time_s))
            ys.append(number + (0.68 if narrow else 0.5) + max(min(aside, 0.42), -0.42) * (0.5 if narrow else 1))
            words.append(
                f"<b>pair {one.replication}</b>, {calendar.moment(difference.time_s)}<br>"
                f"A alone: {plain(name_of(difference.first, legend))}<br>"
                f"B alone: {plain(name_of(difference.second, legend))}"
            )
    marker = {"size": 9, "color": with_alpha(INK, 0.45), "line": {"width": 1, "color": PAPER}}
    return figure(
        [
            curve(
                xs, ys, "markers", hoverinfo="text", hovertext=words, marker=marker, cliponaxis=False, customdata=trails
            )
        ],
        {
            "height": max(len(rows), 1) * (46 if narrow else 38) + 34,
            "margin": {"l": 4 if narrow else 190, "r": 4 if narrow else 110, "t": 28, "b": 6},
            "annotations": notes,
            "shapes": shapes,
            "xaxis": time_axis(calendar, "top", narrow=narrow),
            "yaxis": {"range": [max(len(rows), 1), 0], "visible": False},
        },
    )


def events_figure(
    events: Sequence[EventPair], legend: Legend, calendar: Calendar, *, narrow: bool = False
) -> go.Figure:
    """Draw each headline event in A and in B: how often in its reported window, how often never, and the difference.

    Args:
        events: Events in the order from top to bottom.
        legend: Names of claimants.
        calendar: Words for windows.
        narrow: Write the differences under the names instead of drawing them at the right.
    """
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    links: list[list[tuple[float, float]]] = []
    points: dict[str, list[tuple[float, float, str, tuple[str, str]]]] = {"A": [], "B": []}
    spans: list[tuple[PairedDifference, float, str, str]] = []
    for number, one in enumerate(events):
        shapes.append(rule(0, 1, number, number, xref="paper"))
        window = calendar.window(one.window[0], one.window[1])
        speaker = legend.speaker(one.claimant)
        if narrow:
            speaker = _shortened(speaker, _NARROW_CLAIM - len(one.status) - len(window))
        claimed = f"{plain(speaker)}, {one.status}; {window}"
        if narrow:
            notes.append(
                text(f"<b>{plain(_shortened(one.label, _NARROW_WORDS))}</b>", 0, number + 0.1, colour=INK, xref="paper")
            )
            notes.append(text(claimed, 0, number + 0.235, size=11, xref="paper"))
        else:
            title = f"<b>{plain(one.label)}</b>  <span style='color:{MUTED}'>{claimed}</span>"
            notes.append(text(title, 0, number + 0.17, size=13, colour=INK, xref="paper"))
        lines = (
            ("so" if one.yes_no else "in window", one.in_window, one.in_difference),
            ("not so" if one.yes_no else "never", one.never, one.never_difference),
        )
        for line, (name, shares, row) in enumerate(lines):
            at = number + ((0.55, 0.87) if narrow else (0.49, 0.79))[line]
            links.append([(100 * shares[0].p, at), (100 * shares[1].p, at)])
            for letter, share in zip("AB", shares, strict=True):
                said = f"<b>{plain(one.label)}</b> ({one.status})<br>{name} in {letter}: {with_interval(share)}"
                points[letter].append((100 * share.p, at, said, (pair_key(one, row), f"{letter}2")))
            told = spanned(row.difference, row.low, row.high, digits=0, scale=100) + (" *" if row.stands_out else "")
            said = f"<b>{plain(one.label)}</b> ({one.status})<br>{name}, B less A: {told} points"
            spans.append((row, at, said, pair_key(one, row)))
            if narrow:
                colour = INK if row.stands_out else MUTED
                notes.append(text(f"{name}: {told}", 0, at - 0.15, xref="paper", colour=colour))
            else:
                notes.append(text(name, 0, at, xref="paper"))
                notes.append(text(told, 1, at, xref="paper", xanchor="right", colour=INK if row.stands_out else MUTED))
    traces.append(curve(*broken(links), line={"color": FAINT, "width": 2}))
    for letter, found in points.items():
        colour, symbol = MARKS[letter]
        # The ring is wider than the diamond, so that it shows where both are the same.
        size = 15 if symbol.endswith("open") else 9
        marker = {
            "size": size,
            "symbol": symbol,
            "color": colour,
            "line": {"width": 2.2, "color": colour},
            "opacity": 1,
        }
        if not symbol.endswith("open"):
            marker["line"] = {"width": 1, "color": PAPER}
        xs, ys, words, trails = zip(*found, strict=True)
        traces.append(curve(xs, ys, "markers", hoverinfo="text", hovertext=words, marker=marker, customdata=trails))
    layout: dict[str, Any] = {
        "height": (124 if narrow else 86) * len(events) + 34,
        "margin": {"l": 4, "r": 8 if narrow else 4, "t": 26, "b": 6},
        "annotations": notes,
        "shapes": shapes,
        "xaxis": {"side": "top", "range": [-3, 103], "tickvals": [0, 25, 50, 75, 100],
                  "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
                  "domain": [0.02, 0.98] if narrow else [0.085, 0.55]},
        "yaxis": {"range": [len(events), 0], "visible": False},
    }  # fmt: skip
    if not narrow:
        reach = max([10.0, *(100 * abs(end) for row, *_ in spans for end in (row.low, row.high) if np.isfinite(end))])
        traces += _differences(spans)
        layout["xaxis2"] = {
            "side": "top", "anchor": "y", "domain": [0.6, 0.84], "range": [-1.05 * reach, 1.05 * reach], "nticks": 5,
            "tickformat": "d",
        }  # fmt: skip
        shapes.append(rule(0, 0, 0, len(events), MUTED, xref="x2"))
    return figure(traces, layout)


def _shortened(words: str, letters: int) -> str:
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def _differences(spans: Sequence[tuple[PairedDifference, float, str, str]]) -> list[dict[str, Any]]:
    """Return intervals of differences on an axis of their own: in colour where more than chance, else grey."""
    traces = []
    groups = {
        MORE: [one for one in spans if one[0].stands_out and one[0].difference > 0],
        LESS: [one for one in spans if one[0].stands_out and one[0].difference < 0],
        FAINT: [one for one in spans if not one[0].stands_out],
    }
    for colour, found in groups.items():
        ends = ([(100 * end, at) for end in (row.low, row.high)] for row, at, *_ in found)
        traces.append(curve(*broken(ends), xaxis="x2", line={"color": colour, "width": 3}))
        marker = {"size": 7, "symbol": "line-ns", "line": {"width": 2.4, "color": mix("#000000", colour, 0.8)}}
        traces.append(
            curve([100 * row.difference for row, *_ in found], [at for _, at, *_ in found], "markers", xaxis="x2",
                  hoverinfo="text", hovertext=[words for *_, words, _ in found], marker=marker,
                  customdata=[(key, apart(row)) for row, *_, key in found])
        )  # fmt: skip
    return traces


def difference_fan(
    table: pa.Table, legend: Legend, calendar: Calendar, trails: Mapping[tuple[str, int], Trail], *, unit: str = "",
    shared_scale: bool = False, narrow: bool = False,
) -> go.Figure:  # fmt: skip
    """Draw one panel per side: how much more of a quantity there is in B than in A, over pairs, by day.

    Args:
        table: What ``daily_difference`` gives.
        legend: Names and colours.
        calendar: The axis of time.
        trails: Where each side's number of each day comes from.
        unit: Stands behind the numbers of a hover label.
        shared_scale: Give all panels one scale, that of all sides together.
        narrow: Write fewer dates.
    """
    by_side: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        by_side.setdefault(row["side"], []).append(row)
    sides = [side for side in legend.sides if side in by_side]
    gap = 0.05 if shared_scale else 0.13 if len(sides) > 2 else 0.11
    panels = side_panels([legend.side_name(side) for side in sides], gap, narrow=narrow)
    every = [row for side in sides for row in by_side[side]]
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    margin = {"l": 48, "r": 6, "t": panels.above, "b": 24}
    layout: dict[str, Any] = {"height": panels.height, "margin": margin, "hovermode": "x"}
    for index, (side, spot) in enumerate(zip(sides, panels.spots, strict=True)):
        axis, rows = ("" if index == 0 else str(index + 1)), by_side[side]
        colour = legend.side_colour(side)
        traces += _difference_panel(rows, colour, calendar, axis, unit, [trails[side, row["day"]] for row in rows])
        layout[f"xaxis{axis}"] = {
            "type": "date", "domain": spot["x"], "anchor": f"y{axis}", "tickformat": "%-d %b",
            "showgrid": False, "range": [calendar.local(0), calendar.local(calendar.duration_s)],
            "tickvals": calendar.midnights(panels.step),
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {
            "domain": spot["y"], "anchor": f"x{axis}", **_scale(every if shared_scale else rows),
            "showticklabels": spot["x"][0] == 0 or not shared_scale,
        }  # fmt: skip
        dark = mix("#000000", colour, 0.8)
        notes.append({**panels.names[index], "font": {"size": 12, "color": dark}})
        if not any(row["differ"] for row in rows):
            middle = (sum(spot["x"]) / 2, sum(spot["y"]) / 2)
            notes.append(text(SAME, *middle, xref="paper", yref="paper", xanchor="center", yanchor="bottom"))
        ends = (calendar.local(0), calendar.local(calendar.duration_s))
        shapes.append(rule(*ends, 0, 0, MUTED, xref=f"x{axis}", yref=f"y{axis}"))
    return figure(traces, {**layout, "annotations": notes, "shapes": shapes})


def _scale(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the scale of differences, zero on it; a short one has a tick at every whole number and reaches to one."""
    reach = [row[name] for row in rows for name in ("p05", "p95", "low", "high") if np.isfinite(row[name])]
    low, high = min(0.0, *reach), max(0.0, *reach)
    if not low and not high:
        return {"range": [-1.0, 1.0], "tickvals": [0]}
    whole: dict[str, Any] = {"nticks": 5, "tickformat": "~s"}
    if high - low < _SHORT:
        low, high, whole = float(np.floor(low)), float(np.ceil(high)), {"tick0": 0, "dtick": 1, "tickformat": "d"}
    room = 0.08 * (high - low)
    return {"range": [low - room, high + room], **whole}


def _difference_panel(
    rows: Sequence[dict[str, Any]], colour: str, calendar: Calendar, axis: str, unit: str, trails: Sequence[Trail]
) -> list[dict[str, Any]]:
    days = [calendar.local(calendar.end_s(row["day"])) for row in rows]
    on = {"xaxis": f"x{axis}", "yaxis": f"y{axis}"}
    bands = [
        curve([*days, *reversed(days)], [*_of(rows, high), *reversed(_of(rows, low))], fill="toself",
              line={"width": 0}, fillcolor=with_alpha(colour, alpha), **on)
        for low, high, alpha in (("p05", "p95", 0.18), ("p25", "p75", 0.3))
    ]  # fmt: skip
    known = [(day, row) for day, row in zip(days, rows, strict=True) if np.isfinite(row["low"])]
    thin = {"color": mix("#000000", colour, 0.75), "width": 1, "dash": "dot"}
    pieces = ([(day, _rounded(row[name])) for day, row in known] for name in ("low", "high"))
    mean = curve(*broken(pieces), line=thin, **on)
    words = [_day_words(row, calendar, unit) for row in rows]
    line = {"color": colour, "width": 2}
    median = curve(days, _of(rows, "p50"), line=line, hoverinfo="text", hovertext=words, customdata=trails, **on)
    return [*bands, mean, median]


def _day_words(row: dict[str, Any], calendar: Calendar, unit: str) -> str:
    """Return the difference on a day in words: the pairs' spread, then the mean with its interval."""
    if not row["differ"]:
        return f"{calendar.date(row['day'])}: the same in every pair"
    spread = spanned(row["p50"], row["p05"], row["p95"], digits=0)
    mean = spanned(row["mean"], row["low"], row["high"], digits=0)
    return f"{calendar.date(row['day'])}: median {spread} {plain(unit)}<br>mean {mean}"


def _of(rows: Sequence[dict[str, Any]], name: str) -> list[float]:
    return [_rounded(row[name]) for row in rows]


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
