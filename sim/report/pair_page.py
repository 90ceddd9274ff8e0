"""The page of two batches side by side, and of a fork: figures and tables in a fixed reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from sim.compare import Probability
from sim.compare.variants import EventPair, PairedDifference
from sim.report.behind import Trail
from sim.report.calendar import Calendar
from sim.report.colours import NOISE, PAPER
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
from sim.report.keys import held_key
from sim.report.legend import VERIFICATION, Legend
from sim.report.numbers import as_csv
from sim.report.page import rendered
from sim.report.pair_content import DailyPanel, PairContent
from sim.report.pair_figures import difference_fan, events_figure, kinds_figure, parting_figure
from sim.report.pair_numbers import numbers_of_tables
from sim.report.pair_tables import AGAINST
from sim.report.pair_whence import counted, daily_trails, kind_letters, pair_sources, parted_trails
from sim.report.partings import Apart
from sim.report.whence import as_data

SCRIPTS = ("scheme", "charts", "rows", "whence", "csv", "pair", "start")
STYLES = ("page", "whence", "pair")

#: The curves of the first figure: name, dash, and the field that has its shares.
CURVES = (
    ("some fact differs", "solid", "facts"),
    ("some change of hands has differed", "dash", "hands"),
    ("some place has another holder that day", "dot", "elsewhere"),
)

Row = dict[str, Any]


def pair_page(content: PairContent) -> str:
    """Return the whole page as HTML."""
    figures = draw(content)
    sides = held_sides(content)
    top = full_scale(content.control)
    return rendered(
        "pair.html.j2",
        SCRIPTS,
        STYLES,
        block_of(
            figures,
            numbers={name: as_csv(table) for name, table in numbers_behind(content).items()},
            whence=as_data(pair_sources(content), content.control.pairs.replications.tolist(), counted(content)),
        ),
        content=content,
        figures=figures,
        curves=CURVES,
        read=len(content.apart),
        sides=[(f"held-{number}", content.legend.side_name(side), held_key(side)) for number, side in enumerate(sides)],
        readings=[(f"events-{against}", words) for against, words in AGAINST.items() if f"events-{against}" in figures],
        scale=_steps(top),
        why=content.names,
        cells=int(content.control.differs.size),
        told=int(content.control.told.sum()),
        places=len(shown_longer(content.control, content.legend)),
        places_shown=PLACES_AT_MOST,
        noise=NOISE,
        paper=PAPER,
        same_places=_same_places(content),
        verification={status: words for status, (_, words) in VERIFICATION.items()},
    )


def draw(content: PairContent) -> Drawn:
    """Return every figure of the page in its wide and its narrow form."""
    legend, calendar, control = content.legend, content.calendar, content.control

    def both(make: Callable[[bool], go.Figure]) -> dict[str, go.Figure]:
        return {"wide": make(False), "narrow": make(True)}

    curves = [(name, dash, getattr(content, field), parted_trails(content, field)) for name, dash, field in CURVES]
    found: Drawn = {"parting": both(lambda narrow: parting_figure(curves, calendar, narrow=narrow))}
    if any(one.found is not None for one in content.apart):
        found["kinds"] = both(partial(_kinds, content))
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
        found[f"fan-{number}"] = both(partial(_fan, panel, content, daily_trails(content, panel)))
    return found


def _kinds(content: PairContent, narrow: bool) -> go.Figure:
    letters = kind_letters(content)
    return kinds_figure(content.apart, content.legend, content.calendar, letters=letters, narrow=narrow)


def _held(content: PairContent, side: str, narrow: bool) -> go.Figure:
    return held_heatmap(content.control, side, content.legend, content.calendar, narrow=narrow)


def _events(events: Sequence[Any], content: PairContent, narrow: bool) -> go.Figure:
    return events_figure(events, content.legend, content.calendar, narrow=narrow)


def _fan(panel: DailyPanel, content: PairContent, trails: Mapping[tuple[str, int], Trail], narrow: bool) -> go.Figure:
    return difference_fan(
        panel.table, content.legend, content.calendar, trails,
        unit=panel.unit, shared_scale=panel.shared_scale, narrow=narrow,
    )  # fmt: skip


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


def numbers_behind(content: PairContent) -> dict[str, pa.Table]:
    """Return the numbers behind the figures and tables of a page, by the names of these."""
    calendar, legend = content.calendar, content.legend
    dates = [calendar.stamp(day) for day in range(content.control.pairs.days)]
    found: dict[str, list[Row]] = {
        "parting": [_parted(content, day, date) for day, date in enumerate(dates)],
        "kinds": [_first(one, calendar) for one in content.apart],
        "longer": [_paired(row, legend) for row in content.control.longer.values()],
    }
    for number, side in enumerate(held_sides(content)):
        found[f"held-{number}"] = list(_held_rows(content, side, dates))
    for against in AGAINST:
        events = (one for one in content.variants.windows if one.against == against)
        found[f"events-{against}"] = [_event(one, legend, calendar) for one in events]
    tables = {name: pa.Table.from_pylist(rows) for name, rows in found.items() if rows}
    tables |= {f"fan-{number}": panel.table for number, panel in enumerate(content.panels)}
    return tables | numbers_of_tables(content.variants)


def _parted(content: PairContent, day: int, date: str) -> Row:
    row: Row = {"date": date}
    for name, _, field in CURVES:
        share: Probability = getattr(content, field)[day]
        row |= {f"{name}: pairs": share.n, f"{name}: share": share.p, f"{name}: low": share.low}
        row[f"{name}: high"] = share.high
    return row


def _first(one: Apart, calendar: Calendar) -> Row:
    found = one.found
    if found is None:
        return {"replication": one.replication, "parts": None, "kind": None,
                "fact_a": None, "kind_a": None, "fact_b": None, "kind_b": None}  # fmt: skip
    row: Row = {"replication": one.replication, "parts": calendar.local(found.time_s), "kind": found.kind}
    for letter, fact in (("a", found.first), ("b", found.second)):
        row |= {f"fact_{letter}": fact and fact.seq, f"kind_{letter}": fact and fact.kind}
    return row


def _paired(row: PairedDifference, legend: Legend) -> Row:
    return {
        "place": legend.place_name(row.label), "side": legend.side_name(row.name), "days_a": row.first,
        "days_b": row.second, "b_less_a": row.difference, "low": row.low, "high": row.high,
        "stands_out": row.stands_out,
    }  # fmt: skip


def _held_rows(content: PairContent, side: str, dates: Sequence[str]) -> Iterator[Row]:
    control, legend = content.control, content.legend
    number = control.pairs.sides.index(side)
    for place, day in zip(*control.differs[:, :, number].nonzero(), strict=True):
        spot = int(place), int(day), number
        yield {
            "place": legend.place_name(control.pairs.places[spot[0]]), "date": dates[spot[1]],
            "side": legend.side_name(side), "share_a": float(control.first[spot]),
            "share_b": float(control.second[spot]), "b_less_a": float(control.difference[spot]),
            "low": float(control.low[spot]), "high": float(control.high[spot]), "told": bool(control.told[spot]),
        }  # fmt: skip


def _event(one: EventPair, legend: Legend, calendar: Calendar) -> Row:
    row: Row = {
        "event": one.event_id, "label": one.label, "claim": one.claim_id,
        "claimant": legend.claimant(one.claimant).name, "status": one.status, "against": one.against,
        "from": calendar.local(one.window[0]), "to": calendar.local(one.window[1]),
    }  # fmt: skip
    for name, shares, difference in (
        ("in_window", one.in_window, one.in_difference),
        ("never", one.never, one.never_difference),
    ):
        row |= {f"{name}_a": shares[0].p, f"{name}_b": shares[1].p, f"{name}_b_less_a": difference.difference}
        row |= {f"{name}_low": difference.low, f"{name}_high": difference.high}
        row[f"{name}_stands_out"] = difference.stands_out
    return row
