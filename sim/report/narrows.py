"""A pass over time: in which share of the campaigns it is open to each side, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from sim.compare.windows import Probability, probability
from sim.domain.terms import DAY
from sim.projections.narrows import WHY
from sim.report.calendar import Calendar
from sim.report.colours import with_alpha
from sim.report.keys import PASSES
from sim.report.layers import reasons
from sim.report.legend import Legend
from sim.report.look import curve, figure, horizon_line, plain, time_axis
from sim.report.tables import Cell, Followed, Table
from sim.report.words import with_interval

Rows = Sequence[Mapping[str, Any]]


def by_pass(rows: Rows) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows of ``closures_by_day`` by pass, those of the widest doubt first."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["place"], []).append(row)
    return dict(sorted(found.items(), key=lambda item: -_doubt(item[1])))


def _doubt(rows: Rows) -> float:
    return float(sum(min(row["k"], row["n"] - row["k"]) for row in rows))


def pass_figure(rows: Rows, legend: Legend, calendar: Calendar, *, narrow: bool = False) -> go.Figure:
    """Draw the share of the campaigns in which a pass is open to each side by day, with 95 % intervals.

    Args:
        rows: Those of ``closures_by_day`` for one pass.
        legend: Names and colours.
        calendar: The axis of time.
        narrow: Write fewer dates.
    """
    traces = []
    for side in legend.sides:
        own = sorted((row for row in rows if row["side"] == side), key=lambda row: row["day"])
        days = [calendar.local(calendar.end_s(row["day"])) for row in own]
        shares = [open_share(row) for row in own]
        colour = legend.side_colour(side)
        traces.append(
            curve(
                [*days, *reversed(days)],
                [round(share.high, 3) for share in shares] + [round(share.low, 3) for share in reversed(shares)],
                fill="toself",
                line={"width": 0},
                fillcolor=with_alpha(colour, 0.2),
            )
        )
        name = plain(legend.side_name(side))
        words = [
            f"{calendar.date(row['day'])}: open to {name} in {with_interval(share)}{_because(row)}"
            for row, share in zip(own, shares, strict=True)
        ]
        line = {"color": colour, "width": 2}
        middle = [round(share.p, 3) for share in shares]
        place = rows[0]["place"]
        meta = {
            "whence": PASSES, "at": {"place": place, "side": side}, "days": [row["day"] for row in own],
            "label": legend.place_name(place),
        }  # fmt: skip
        traces.append(curve(days, middle, line=line, hoverinfo="text", hovertext=words, meta=meta))
    layout = {
        "height": 150,
        "margin": {"l": 40, "r": 6, "t": 8, "b": 22},
        "hovermode": "x",
        "shapes": horizon_line(calendar, 0, 1, yref="y domain"),
        "xaxis": time_axis(calendar, "bottom", narrow=narrow, showgrid=False, dtick=7 * DAY * 1000),
        "yaxis": {"range": [-0.03, 1.03], "tickvals": [0, 0.5, 1], "tickformat": ".0%"},
    }
    return figure(traces, layout)


def open_share(row: Mapping[str, Any]) -> Probability:
    """Return the share of the campaigns in which a pass is open to a side at the end of a day, with its interval."""
    return probability(row["k"], row["n"], row["draws"], row["scatter"])


def _because(row: Mapping[str, Any]) -> str:
    why = reasons(dict(row))
    return f"<br>closed: {why}" if why else ""


def pass_table(passes: Mapping[str, Rows], legend: Legend, calendar: Calendar) -> Table:
    """Return when each pass is open to whom, on the first day, on the last that anything was known of, and the last."""
    days = sorted({row["day"] for rows in passes.values() for row in rows})
    horizon = min(max(calendar.horizon_s // DAY - 1, 0), days[-1])
    chosen = list(dict.fromkeys((days[0], horizon, days[-1])))
    lines: list[tuple[Cell, ...]] = []
    for place, rows in passes.items():
        for side in legend.sides:
            own = {row["day"]: row for row in rows if row["side"] == side}
            cells = [
                Followed(with_interval(open_share(own[day])), PASSES, at={"place": place, "side": side, "day": day})
                for day in chosen
            ]
            last = reasons(dict(own[chosen[-1]])) or "nothing"
            lines.append((legend.place_name(place), legend.side_name(side), *cells, last))
    heads = ("Pass", "Open to", *(f"End of {calendar.date(day)}" for day in chosen), "What closes it on the last day")
    note = "Share of the campaigns, with its 95 % interval. Where several things close a pass, the first counts of: "
    note += f"{', '.join(WHY)}."
    return Table("The passes in numbers", note, heads, tuple(lines))
