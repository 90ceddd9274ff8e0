"""Fans over time: what the middle half and the middle nine tenths of the histories do, by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from sim.report.calendar import Calendar
from sim.report.colours import mix, with_alpha
from sim.report.legend import Legend
from sim.report.look import broken, curve, figure, horizon_line, plain, side_panels

_BANDS = (("p05", "p95", 0.18), ("p25", "p75", 0.34))
_QUANTILES = ("p05", "p25", "p50", "p75", "p95")
#: The assumptions alone, where a batch can tell them from luck.
ALONE = ("draws_p05", "draws_p95")
#: Significant digits of what is drawn: more cannot be seen, and the page has to carry them.
_DIGITS = 4


def fan(
    table: pa.Table,
    legend: Legend,
    calendar: Calendar,
    *,
    unit: str = "",
    shared_scale: bool = False,
    narrow: bool = False,
    source: tuple[str, str, str] = ("", "", ""),
) -> go.Figure:
    """Draw one panel per side: median, middle half and middle nine tenths of the histories by day.

    Where the table has them, two thin lines hold the middle nine tenths of the draws of the assumptions.

    Args:
        table: Columns side, day, p05, p25, p50, p75, p95, and perhaps draws_p05, draws_p95.
        legend: Names and colours; panels stand in the order of its sides.
        calendar: The axis of time.
        unit: Stands behind the numbers of a hover label.
        shared_scale: Give all panels the scale of the largest.
        narrow: Write fewer dates.
        source: Where the numbers come from, which quantity of it this is, and what that is called.
    """
    curves = _by_side(table)
    sides = [side for side in legend.sides if side in curves]
    gap = 0.05 if shared_scale else 0.11
    panels = side_panels([legend.side_name(side) for side in sides], gap, narrow=narrow)
    traces: list[Any] = []
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    margin = {"l": 44, "r": 6, "t": panels.above, "b": 24}
    layout: dict[str, Any] = {"height": panels.height, "margin": margin, "hovermode": "x"}
    ceiling = max((max(curves[side]["p95"]) for side in sides), default=1.0) or 1.0
    for index, (side, spot) in enumerate(zip(sides, panels.spots, strict=True)):
        axis = "" if index == 0 else str(index + 1)
        top = ceiling if shared_scale else (max(curves[side]["p95"]) or 1.0)
        traces += _panel(curves[side], legend.side_colour(side), calendar, axis, unit)
        key, column, called = source
        traces[-1]["meta"] = {
            "whence": key, "at": {"column": column, "side": side}, "days": list(map(int, curves[side]["day"])),
            "label": f"{called}, {legend.side_name(side)}",
        }  # fmt: skip
        layout[f"xaxis{axis}"] = {
            "type": "date",
            "domain": spot["x"],
            "anchor": f"y{axis}",
            "tickformat": "%-d %b",
            "showgrid": False,
            "range": [calendar.local(0), calendar.local(calendar.duration_s)],
            "tickvals": calendar.midnights(panels.step),
        }
        layout[f"yaxis{axis}"] = {
            "domain": spot["y"],
            "anchor": f"x{axis}",
            "range": [0, 1.06 * top],
            "nticks": 5,
            "tickformat": "~s" if top >= 10 else "~g",  # half a convoy is 0.5, not 500m
            "showticklabels": spot["x"][0] == 0 or not shared_scale,
        }
        dark = mix("#000000", legend.side_colour(side), 0.8)
        notes.append({**panels.names[index], "font": {"size": 12, "color": dark}})
        shapes += horizon_line(calendar, 0, 1, xref=f"x{axis}", yref=f"y{axis} domain")
    return figure(traces, {**layout, "annotations": notes, "shapes": shapes})


def _panel(
    quantiles: dict[str, list[float]], colour: str, calendar: Calendar, axis: str, unit: str
) -> list[dict[str, Any]]:
    """Return the bands and the median of one side; a day's row is the state at its end."""
    days = [calendar.local(calendar.end_s(int(day))) for day in quantiles["day"]]
    on = {"xaxis": f"x{axis}", "yaxis": f"y{axis}"}
    there_and_back = [*days, *reversed(days)]
    bands = [
        curve(
            there_and_back,
            [*quantiles[high], *reversed(quantiles[low])],
            fill="toself",
            line={"width": 0},
            fillcolor=with_alpha(colour, alpha),
            **on,
        )
        for low, high, alpha in _BANDS
    ]
    words = "end of %{text}: %{y:,.0f} (%{customdata[0]:,.0f}\N{EN DASH}%{customdata[1]:,.0f})"
    alone = []
    if ALONE[0] in quantiles:
        thin = {"color": mix("#000000", colour, 0.75), "width": 1, "dash": "dot"}
        # Where draws cannot be told apart both lines are one, which would read as if assumptions did not matter.
        told = [low < high for low, high in zip(*(quantiles[name] for name in ALONE), strict=True)]
        kept = (
            [value if known else None for value, known in zip(quantiles[name], told, strict=True)] for name in ALONE
        )
        lines = (zip(days, values, strict=True) for values in kept)
        alone.append(curve(*broken(lines), line=thin, **on))
    median = curve(
        days,
        quantiles["p50"],
        line={"color": colour, "width": 2},
        hoverinfo=None,
        text=[calendar.date(int(day)) for day in quantiles["day"]],
        customdata=list(zip(quantiles["p05"], quantiles["p95"], strict=True)),
        hovertemplate=f"{words}{' ' + plain(unit) if unit else ''}<extra></extra>",
        **on,
    )
    return [*bands, *alone, median]


def _by_side(table: pa.Table) -> dict[str, dict[str, list[float]]]:
    names = [name for name in ("day", *_QUANTILES, *ALONE) if name in table.column_names]
    found: dict[str, dict[str, list[float]]] = {}
    rows: Sequence[dict[str, Any]] = table.sort_by([("side", "ascending"), ("day", "ascending")]).to_pylist()
    for row in rows:
        own = found.setdefault(row["side"], {name: [] for name in names})
        for name in names:
            own[name].append(_rounded(float(row[name])))
    return found


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
