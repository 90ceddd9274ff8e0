"""Who holds each place at the end of each day, replication by replication: what a share of control is counted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.domain.terms import DAY
from sim.projections.spread import Ints
from sim.projections.timelines import Facts, control_changes

NOBODY = ""

#: Positions in a list of sides.
Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds what: ``held`` has positions in ``sides``, of which the last is nobody, by replication, place and day.

    ``replications`` are the numbers of the finished ones, in order.
    """

    replications: Ints
    places: tuple[str, ...]
    sides: tuple[str, ...]
    held: Codes

    def at(self, place: str, day: int) -> dict[str, list[int]]:
        """Return the replications in which each side, or nobody (''), holds a place at the end of a day."""
        held = self.held[:, self.places.index(place), day]
        return {side: self.replications[held == number].tolist() for number, side in enumerate(self.sides)}


def holders(batch: Facts) -> Holders:
    """Return who holds what in every finished replication of a batch."""
    outcomes, scenario = batch.outcomes(), batch.scenario
    finished = outcomes.filter(pc.equal(outcomes.column("status"), "done")).column("replication").to_numpy()
    length_s = (scenario.scenario.end - scenario.scenario.start).total_seconds()
    places, sides = tuple(sorted(scenario.places)), (*scenario.sides, NOBODY)
    days = max(1, -(-int(length_s) // DAY))
    return Holders(finished, places, sides, held_by(batch, finished, places, sides, days))


def held_by(batch: Facts, replications: Ints, places: Sequence[str], sides: Sequence[str], days: int) -> Codes:
    """Return who holds some places in some replications at the end of each day, as positions in ``sides``.

    Args:
        batch: Where the changes of hands are read.
        replications: Numbers of replications, ascending.
        places: Places of the scenario.
        sides: All who may hold one, '' among them.
        days: How many days are wanted from the first on.

    Returns:
        An array of the shape (replications, places, days).
    """
    initial = batch.scenario.places
    at = {name: index for index, name in enumerate(sides)}
    held = np.empty((len(replications), len(places), days), dtype=np.int8)
    held[:] = np.array([at[initial[place].holder or NOBODY] for place in places], dtype=np.int8)[None, :, None]
    changes = control_changes(batch)
    known = pc.and_(
        pc.is_in(changes.column("replication"), value_set=pa.array(replications, pa.int64()).cast(pa.int32())),
        pc.is_in(changes.column("place").cast(pa.string()), value_set=pa.array(places, pa.string())),
    )
    changes = changes.filter(known)
    rows = np.searchsorted(replications, changes.column("replication").to_numpy())
    number_of = {name: index for index, name in enumerate(places)}
    columns = [number_of[name] for name in changes.column("place").to_pylist()]
    first = np.maximum(-(-changes.column("time_s").to_numpy() // DAY) - 1, 0)
    to = [at[name] for name in changes.column("side").to_pylist()]
    for row, place, day, side in zip(rows.tolist(), columns, first.tolist(), to, strict=True):
        held[row, place, day:] = side
    return held
