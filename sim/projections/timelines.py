"""Who held what when, and how quantities ran, over all replications of a batch: tables for pages and charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.domain.terms import DAY
from sim.projections.spread import Floats, Ints, draw_codes, without_luck
from sim.scenario.schema import Scenario

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
_ENDS = ("p05", "p95")

#: Draws are counted some at a time, so that a large batch takes no more memory than a small one: 16 MB.
_CELLS_AT_A_TIME = 2_000_000


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
    finished replications. Every combination has a row, so that k adds up to n over the sides. ``draws`` is
    how many draws of the assumptions the replications belong to, and ``scatter`` how far these differ: the
    sum over draws of ``(k_i - k / n n_i)^2``, from which the interval of k of n follows.
    """
    scenario = batch.scenario
    places, sides = sorted(scenario.places), [*sorted(scenario.sides), ""]
    length_s = (scenario.scenario.end - scenario.scenario.start).total_seconds()
    days = max(1, -(-int(length_s) // DAY))
    outcomes = batch.outcomes()
    finished = outcomes.filter(pc.equal(outcomes.column("status"), "done"))
    numbers, code = finished.column("replication").to_numpy(), draw_codes(finished.column("draw").to_numpy())
    changes = control_changes(batch)
    first = np.array([sides.index(scenario.places[place].holder or "") for place in places])
    moves = _Moves(
        draw=code[np.searchsorted(numbers, changes.column("replication").to_numpy())],
        place=_codes(changes.column("place"), places),
        day=np.clip(-(-changes.column("time_s").to_numpy() // DAY) - 1, 0, days),
        to=_codes(changes.column("side"), sides),
        lost_by=_codes(changes.column("lost_by"), sides),
    )
    held, scatter = _held(moves, first, np.bincount(code, minlength=1), (len(places), days, len(sides)))
    place_at, day_at, side_at = (axis.reshape(-1) for axis in np.indices(held.shape))
    return pa.table(
        {
            "place": pa.array(places).take(place_at),
            "day": day_at.astype(np.int32),
            "side": pa.array(sides).take(side_at),
            "k": held.reshape(-1),
            "n": np.full(held.size, len(code)),
            "draws": np.full(held.size, code.max(initial=-1) + 1),
            "scatter": scatter.reshape(-1),
        }
    )


class _Moves(NamedTuple):
    """Changes of hands as numbers: of the draw, the place, the first day it counts for, and the sides."""

    draw: Ints
    place: Ints
    day: Ints
    to: Ints
    lost_by: Ints


def _held(moves: _Moves, first: Ints, sizes: Ints, shape: tuple[int, int, int]) -> tuple[Ints, Floats]:
    """Return how many replications each side holds each place in by day, and how far the draws differ.

    Args:
        moves: Changes of hands.
        first: Side that holds each place when the campaign begins.
        sizes: Replications of each draw.
        shape: Places, days and sides.
    """
    places, days, sides = shape
    held = np.zeros(shape, dtype=np.int64)
    squares, crossed = np.zeros(shape), np.zeros(shape)
    at_a_time = max(1, _CELLS_AT_A_TIME // held.size)
    for low in range(0, len(sizes), at_a_time):
        some = sizes[low : low + at_a_time]
        steps = np.zeros((len(some), places, days + 1, sides), dtype=np.int64)
        steps[:, np.arange(places), 0, first] = some[:, None]
        among = (moves.draw >= low) & (moves.draw < low + len(some))
        draw, place, day = moves.draw[among] - low, moves.place[among], moves.day[among]
        np.add.at(steps, (draw, place, day, moves.to[among]), 1)
        np.add.at(steps, (draw, place, day, moves.lost_by[among]), -1)
        by_draw = steps[:, :, :days].cumsum(axis=2)
        held += by_draw.sum(axis=0)
        squares += (by_draw**2).sum(axis=0)
        crossed += np.tensordot(some, by_draw, axes=1)
    share = held / max(sizes.sum(), 1)
    return held, squares - 2 * share * crossed + share**2 * (sizes**2).sum()


def fan(daily: pa.Table, column: str, per_draw: int = 1) -> pa.Table:
    """Return the quantiles of a daily quantity over the replications, by side and day.

    Args:
        daily: One row per replication, day and side, such as ``Batch.daily()``.
        column: The quantity.
        per_draw: Replications that share a draw of the assumptions.

    Returns:
        Columns side, day, p05, p25, p50, p75, p95, sorted by side and day; quantiles by linear
        interpolation between order statistics. Where replications share draws also ``draws_p05`` and
        ``draws_p95``, the quantiles over draws once luck is averaged out (``spread.without_luck``).
    """
    sides = sorted(set(daily.column("side").cast(pa.string()).to_pylist()))
    side, day = _codes(daily.column("side"), sides), daily.column("day").to_numpy()
    values = daily.column(column).to_numpy()
    order = np.lexsort((day, side))
    cell = np.stack([side[order], day[order]], axis=1)
    starts = np.flatnonzero((np.diff(cell, axis=0, prepend=-1) != 0).any(axis=1))
    groups = np.split(values[order], starts[1:]) if len(starts) else []
    rows = np.array([np.quantile(group, list(QUANTILES.values())) for group in groups]).reshape(-1, len(QUANTILES))
    columns = {name: rows[:, index] for index, name in enumerate(QUANTILES)}
    if per_draw > 1:
        owners = np.split(daily.column("replication").to_numpy()[order] // per_draw, starts[1:]) if groups else []
        columns |= _by_draw(groups, owners)
    return pa.table(
        {
            "side": pa.array([sides[number] for number in cell[starts, 0]], pa.string()),
            "day": cell[starts, 1].astype(np.int32),
            **columns,
        }
    )


def _by_draw(groups: Sequence[Floats], draws: Sequence[Ints]) -> dict[str, Floats]:
    """Return what nine tenths of the draws lie between; nothing where no draw has two replications."""
    found = [without_luck(group, draw) for group, draw in zip(groups, draws, strict=True)]
    known = [levels for levels in found if levels is not None]
    if len(known) < len(found):
        return {}
    ends = np.array([np.quantile(levels, [QUANTILES[name] for name in _ENDS]) for levels in known]).reshape(-1, 2)
    return {f"draws_{name}": ends[:, index] for index, name in enumerate(_ENDS)}


def _codes(column: pa.ChunkedArray, names: list[str]) -> Ints:
    found = pc.index_in(column.cast(pa.string()), value_set=pa.array(names, pa.string()))
    return np.asarray(found.to_numpy(), dtype=np.int64)
