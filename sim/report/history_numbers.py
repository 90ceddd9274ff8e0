"""The numbers behind the figures of one history as tables: dates, holders, and who is where; none is a share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

import pyarrow as pa

from sim.report.content import PageContent
from sim.report.history_strip import OneStrip
from sim.report.playback import CENTRE, CONVOY, IN_HILLS, MARCHING

_WHAT = {CENTRE: "fighters", IN_HILLS: "fighters in the hills", MARCHING: "fighters on the way", CONVOY: "convoy"}


def history_numbers(content: PageContent, rows: Sequence[OneStrip]) -> dict[str, pa.Table]:
    """Return the tables behind the strip and the map of one history, by the names that those of a batch have.

    Args:
        content: What the page of the history says.
        rows: Its headline events.
    """
    found = {
        "strip": list(_dates(content, rows)),
        "heatmap": list(_held(content)),
        "layers": list(_units(content)),
    }
    return {name: pa.Table.from_pylist(table) for name, table in found.items() if table}


def _dates(content: PageContent, rows: Sequence[OneStrip]) -> Iterator[dict[str, Any]]:
    legend, calendar = content.legend, content.calendar
    for row in rows:
        event, claim = row.event, row.event.claim
        start_s, end_s = event.window
        yield {
            "event": claim.event_id, "label": row.label, "claim": claim.claim_id,
            "claimant": legend.claimant(claim.claimant).name, "status": claim.status,
            "source": legend.source(claim.source), "from": calendar.local(start_s), "to": calendar.local(end_s),
            "simulated": _when(content, event.true_s, yes_no=event.true_yes_no),
            "as its sources would date it": _when(content, event.told_s, yes_no=event.told_yes_no),
        }  # fmt: skip


def _when(content: PageContent, time_s: float, *, yes_no: bool) -> str:
    """Return a date, or whether what has none is so."""
    if yes_no:
        return "yes" if isfinite(time_s) else "no"
    return content.calendar.local(time_s) if isfinite(time_s) else "never"


def _held(content: PageContent) -> Iterator[dict[str, Any]]:
    control, legend = content.control, content.legend
    for at, place in enumerate(control.places):
        for day, counts in zip(control.days, control.counts[at], strict=True):
            holder = legend.side_name(control.sides[int(counts.argmax())])
            yield {"place": legend.place_name(place), "day": content.calendar.stamp(day), "holder": holder}


def _units(content: PageContent) -> Iterator[dict[str, Any]]:
    if content.histories is None:
        return
    data = content.histories.data
    for day, units in zip(content.control.days, data["told"][0]["units"], strict=True):
        for what, side, place, many, _, *way in units:
            yield {
                "day": content.calendar.stamp(day), "what": _WHAT[what], "side": data["sides"][side][0],
                "place": data["places"][place], "to": data["places"][way[0]] if way else "",
                "fighters": None if what == CONVOY else many, "carriers": many if what == CONVOY else None,
                "tonnes": way[3] if what == CONVOY else None,
            }  # fmt: skip
