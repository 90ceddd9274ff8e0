"""Who held what when, and how quantities ran, over all replications of a batch: tables for pages and charts."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.domain.terms import DAY
from sim.scenario.schema import Scenario

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


class Facts(Protocol):
    """What a batch must offer here: its scenario, its outcomes and its facts by kind."""

    @property
    def scenario(self) -> Scenario:
        """Return the scenario of the batch."""

    def outcomes(self) -> pa.Table:
        """Return one row per replication."""

    def facts(self, kinds: Any = None, replications: Any = None) -> pa.Table:
        """Return the facts of some kinds."""


def control_changes(batch: Facts) -> pa.Table:
    """Return every change of hands: replication, time_s, place, side and lost_by ('' = nobody).

    Who held what when the campaign began is no change.
    """
    table = batch.facts(["ControlChanged"])
    table = table.filter(pc.not_equal(table.column("how"), "initial"))
    kept = table.select(["replication", "time_s", "place", "side", "lost_by"])
    return kept.take(pc.sort_indices(table, [("replication", "ascending"), ("seq", "ascending")]))


def control_by_day(batch: Facts) -> pa.Table:
    """Return in how many replications each side holds each place at the end of each day.

    Rows are place, day (0 is the scenario's first), side ('' = nobody holds it), k and n: k of n
    finished replications. Every combination has a row, so that k adds up to n over the sides.
    """
    scenario = batch.scenario
    places, sides = sorted(scenario.places), [*sorted(scenario.sides), ""]
    length_s = (scenario.scenario.end - scenario.scenario.start).total_seconds()
    days = max(1, -(-int(length_s) // DAY))
    n = pc.sum(pc.equal(batch.outcomes().column("status"), "done")).as_py() or 0
    changes = control_changes(batch)
    steps = np.zeros((len(places), days + 1, len(sides)), dtype=np.int64)
    for index, place in enumerate(places):
        steps[index, 0, sides.index(scenario.places[place].holder or "")] = n
    at = _codes(changes.column("place"), places)
    day = np.minimum(np.maximum(-(-changes.column("time_s").to_numpy() // DAY) - 1, 0), days)
    np.add.at(steps, (at, day, _codes(changes.column("side"), sides)), 1)
    np.add.at(steps, (at, day, _codes(changes.column("lost_by"), sides)), -1)
    held = steps[:, :days].cumsum(axis=1)
    place_at, day_at, side_at = (axis.reshape(-1) for axis in np.indices(held.shape))
    return pa.table(
        {
            "place": pa.array(places).take(place_at),
            "day": day_at.astype(np.int32),
            "side": pa.array(sides).take(side_at),
            "k": held.reshape(-1),
            "n": np.full(held.size, n),
        }
    )


def fan(daily: pa.Table, column: str) -> pa.Table:
    """Return the quantiles of a daily quantity over the replications, by side and day.

    Args:
        daily: One row per replication, day and side, such as ``Batch.daily()``.
        column: The quantity.

    Returns:
        Columns side, day, p05, p25, p50, p75, p95, sorted by side and day; quantiles by linear
        interpolation between order statistics.
    """
    sides = sorted(set(daily.column("side").cast(pa.string()).to_pylist()))
    side, day = _codes(daily.column("side"), sides), daily.column("day").to_numpy()
    values = daily.column(column).to_numpy()
    order = np.lexsort((day, side))
    cell = np.stack([side[order], day[order]], axis=1)
    starts = np.flatnonzero((np.diff(cell, axis=0, prepend=-1) != 0).any(axis=1))
    groups = np.split(values[order], starts[1:]) if len(starts) else []
    rows = np.array([np.quantile(group, list(QUANTILES.values())) for group in groups]).reshape(-1, len(QUANTILES))
    return pa.table(
        {
            "side": pa.array([sides[number] for number in cell[starts, 0]], pa.string()),
            "day": cell[starts, 1].astype(np.int32),
            **{name: rows[:, index] for index, name in enumerate(QUANTILES)},
        }
    )


def _codes(column: pa.ChunkedArray, names: list[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    found = pc.index_in(column.cast(pa.string()), value_set=pa.array(names, pa.string()))
    return np.asarray(found.to_numpy(), dtype=np.int64)
