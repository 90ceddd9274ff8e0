"""The page of two batches side by side, and of a fork: figures and tables in a fixed reading order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import plotly.graph_objects as go

from sim.report.colours import NEUTRAL, PAPER
from sim.report.differences import (
    PALEST,
    PLACES_AT_MOST,
    diverging,
    full_scale,
    held_heatmap,
    longer_figure,
    shown_longer,
)
from sim.report.embedding import Drawn, block_of
from sim.report.legend import VERIFICATION
from sim.report.page import rendered
from sim.report.pair_content import DailyPanel, PairContent
from sim.report.pair_figures import difference_fan, events_figure, kinds_figure, parting_figure
from sim.report.pair_tables import AGAINST

SCRIPTS = ("scheme", "charts", "rows", "pair", "start")
STYLES = ("page", "pair")

#: The curves of the first figure: name, dash, and the field that has its shares.
CURVES = (
    ("some fact differs", "solid", "facts"),
    ("some change of hands has differed", "dash", "hands"),
    ("some place has another holder that day", "dot", "elsewhere"),
)

Csv = dict[str, list[list[Any]]]


def pair_page(content: PairContent) -> str:
    """Return the whole page as HTML."""
    figures = draw(content)
    sides = held_sides(content)
    top = full_scale(content.control)
    return rendered(
        "pair.html.j2",
        SCRIPTS,
        STYLES,
        block_of(figures, csv=numbers_behind(content)),
        content=content,
        figures=figures,
        curves=CURVES,
        read=len(content.apart),
        sides=[(f"held-{number}", content.legend.side_name(side)) for number, side in enumerate(sides)],
        readings=[(f"events-{against}", words) for against, words in AGAINST.items() if f"events-{against}" in figures],
        scale=_steps(top),
        why=content.names,
        cells=int(content.control.differs.size),
        told=int(content.control.told.sum()),
        places=len(shown_longer(content.control, content.legend)),
        places_shown=PLACES_AT_MOST,
        noise=NEUTRAL,
        paper=PAPER,
        same_places=_same_places(content),
        verification={status: words for status, (_, words) in VERIFICATION.items()},
    )


def draw(content: PairContent) -> Drawn:
    """Return every figure of the page in its wide and its narrow form."""
    legend, calendar, control = content.legend, content.calendar, content.control

    def both(make: Callable[[bool], go.Figure]) -> dict[str, go.Figure]:
        return {"wide": make(False), "narrow": make(True)}

    curves = [(name, dash, getattr(content, field)) for name, dash, field in CURVES]
    found: Drawn = {"parting": both(lambda narrow: parting_figure(curves, calendar, narrow=narrow))}
    if any(one.found is not None for one in content.apart):
        found["kinds"] = both(lambda narrow: kinds_figure(content.apart, legend, calendar, narrow=narrow))
    for number, side in enumerate(held_sides(content)):
        found[f"held-{number}"] = both(partial(_held, content, side))
    if shown_longer(control, legend):
        found["longer"] = both(lambda narrow: longer_figure(control, legend, narrow=narrow))
    for against in AGAINST:
        events = [one for one in content.variants.windows if one.against == against]
        events.sort(key=lambda one: one.window)
        if events:
            found[f"events-{against}"] = both(partial(_events, events, content))
    for number, panel in enumerate(content.panels):
        found[f"fan-{number}"] = both(partial(_fan, panel, content))
    return found


def _held(content: PairContent, side: str, narrow: bool) -> go.Figure:
    return held_heatmap(content.control, side, content.legend, content.calendar, narrow=narrow)


def _events(events: Sequence[Any], content: PairContent, narrow: bool) -> go.Figure:
    return events_figure(events, content.legend, content.calendar, narrow=narrow)


def _fan(panel: DailyPanel, content: PairContent, narrow: bool) -> go.Figure:
    return difference_fan(panel.table, content.legend, content.calendar, unit=panel.unit, narrow=narrow)


def held_sides(content: PairContent) -> list[str]:
    """Return the sides, nobody among them, that hold some place in one batch when they do not in the other."""
    control = content.control
    return [side for number, side in enumerate(control.pairs.sides) if control.differs[:, :, number].any()]


def _steps(top: float) -> list[tuple[str, str]]:
    """Return the colours of the heat map with what they stand for, from less in B to more."""
    scale = {round(2 * at - 1, 6): colour for at, colour in diverging(20)}
    found = []
    for part in (-1.0, -0.5, -0.25, 0.25, 0.5, 1.0):
        size = PALEST + (1 - PALEST) * abs(part)
        nearest = min(scale, key=lambda at: abs(at - (size if part > 0 else -size)))
        sign = "+" if part > 0 else "\N{MINUS SIGN}"
        found.append((scale[nearest], f"{sign}{100 * top * abs(part):.0f}"))
    return found


def _same_places(content: PairContent) -> list[str]:
    control = content.control
    return [
        content.legend.place_name(place)
        for row, place in enumerate(control.pairs.places)
        if not control.differs[row].any()
    ]


def numbers_behind(content: PairContent) -> Csv:
    """Return the numbers behind the figures that no table of the page shows, as rows with a head."""
    control, legend, calendar = content.control, content.legend, content.calendar
    days = [calendar.local(day * 86_400)[:10] for day in range(control.pairs.days)]
    found: Csv = {
        "parting": [["date", *(f"{name}: {part}" for name, _, _ in CURVES for part in ("share", "low", "high"))]],
        "kinds": [["replication", "moment", "kind", "fact of A", "kind in A", "fact of B", "kind in B"]],
    }
    for day, date in enumerate(days):
        shares = [getattr(content, field)[day] for _, _, field in CURVES]
        row = [round(value, 4) for share in shares for value in (share.p, share.low, share.high)]
        found["parting"].append([date, *row])
    for one in content.apart:
        if one.found is None:
            found["kinds"].append([one.replication, "", "", "", "", "", ""])
            continue
        facts = [("", "") if fact is None else (fact.seq, fact.kind) for fact in (one.found.first, one.found.second)]
        moment = calendar.local(one.found.time_s)
        found["kinds"].append([one.replication, moment, one.found.kind, *facts[0], *facts[1]])
    for number, side in enumerate(held_sides(content)):
        rows = found.setdefault(
            f"held-{number}", [["place", "date", "side", "A", "B", "B less A", "low", "high", "told"]]
        )
        at = control.pairs.sides.index(side)
        for place, day in zip(*control.differs[:, :, at].nonzero(), strict=True):
            spot = int(place), int(day), at
            values = [float(table[spot]) for table in (control.first, control.second, control.difference)]
            ends = [float(control.low[spot]), float(control.high[spot])]
            name = legend.place_name(control.pairs.places[spot[0]])
            told = int(control.told[spot])
            rows.append([name, days[spot[1]], legend.side_name(side), *(round(v, 4) for v in (*values, *ends)), told])
    for number, panel in enumerate(content.panels):
        names = [name for name in panel.table.column_names if name not in ("side", "day")]
        rows = [["side", "date", *names]]
        for one in panel.table.to_pylist():
            rows.append([legend.side_name(one["side"]), days[one["day"]], *(_plain(one[name]) for name in names)])
        found[f"fan-{number}"] = rows
    return found


def _plain(value: float) -> float | str:
    """Return a number to four digits; nothing where it is open."""
    return float(f"{value:.4g}") if abs(value) != float("inf") else ""
