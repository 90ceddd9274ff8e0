"""How many fighters each side has at each place at the end of each day, over the replications of a batch.

A force counts at the place where it stands, in its centre or its hills; who marches from one place to another at the
end of a day counts nowhere. The logs are not folded one by one: who comes to a force and who leaves it is added up
over all replications at once, and a force that joined another gives it all that it had.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.projections.arrays import (
    FactsInParts,
    Kinds,
    Read,
    days_of,
    in_parts,
    quantiles_among,
    read_of,
    scattered,
)
from sim.projections.spread import QUANTILES, Ints

#: Kinds of facts by which people come to forces and leave them, and by which forces come to places and leave them.
KINDS = (
    "ForceRaised", "ForceSplit", "ForceMerged", "ForceDeparted", "ForceArrived", "ForceInfiltrated",
    "ForceBeaten", "ForceSurrendered", "ForceDestroyed", "FightersDeserted", "PeopleReturned", "VehiclesLost",
    "BoutFought", "ColumnsClashed", "ColumnAmbushed",
)  # fmt: skip
COLUMNS = (
    "force", "side", "place", "child", "into", "fit", "vehicles", "count", "killed", "wounded", "captured", "deserted",
    "losses", "prisoners",
)  # fmt: skip
_GONE = ("ForceMerged", "ForceSurrendered", "ForceDestroyed")
#: Many cells: in half the room of other numbers.
Counts = NDArray[np.int32]
_NOWHERE = -1
_UNTOLD = -2


class Levels(NamedTuple):
    """Fighters and vehicles by replication, place, side and day."""

    fighters: Counts
    vehicles: Counts


def strengths_by_day(batch: FactsInParts, read: Read | None = None) -> pa.Table:
    """Return who is where at the end of each day.

    Rows are place, side and day (0 is the scenario's first), for those with somebody there in some replication: k of n
    replications have fighters of the side there; ``p05``, ``p50`` and ``p95`` are the quantiles of how many over these
    k, ``vehicles`` the median of their vehicles. ``draws`` and ``scatter`` are as in ``control_by_day``.
    """
    scenario, chosen = batch.scenario, read if read is not None else read_of(batch)
    places, sides = sorted(scenario.places), sorted(scenario.sides)
    levels = strengths(batch, chosen)
    k, scatter = scattered(levels.fighters > 0, chosen.draws)
    fighters = quantiles_among(levels.fighters, QUANTILES)
    at = np.nonzero(k)
    place_at, side_at, day_at = at
    vehicles = np.where(levels.fighters > 0, levels.vehicles + 1, 0)  # none at all is not nobody there
    return pa.table(
        {
            "place": pa.array(places).take(pa.array(place_at)),
            "side": pa.array(sides).take(pa.array(side_at)),
            "day": day_at.astype(np.int32),
            "k": k[at],
            "n": np.full(len(day_at), len(chosen)),
            "draws": np.full(len(day_at), chosen.draws.max(initial=-1) + 1),
            "scatter": scatter[at],
            **{name: fighters[at][:, index] for index, name in enumerate(("p05", "p50", "p95"))},
            "vehicles": np.maximum(quantiles_among(vehicles, (0.5,))[at][:, 0] - 1, 0),
        }
    )


def strengths(batch: FactsInParts, read: Read) -> Levels:
    """Return how many fighters and vehicles each side has at each place at the end of each day.

    The axes are those of replications as they are read, and places, sides and days in the order of their names.
    """
    scenario = batch.scenario
    shape = (len(scenario.places), len(scenario.sides), days_of(scenario))
    found = Levels(*(np.zeros((len(read), *shape), dtype=np.int32) for _ in Levels._fields))
    for part, facts in in_parts(batch, KINDS, COLUMNS, read):
        for whole, own in zip(
            found, _levels(facts, sorted(scenario.places), sorted(scenario.sides), shape), strict=True
        ):
            whole[part] = own.reshape(-1, *shape)[: part.stop - part.start]
    return found


class _Changes(NamedTuple):
    """What changes how many are in forces: of which force, on which day, by how many fighters and vehicles."""

    force: Ints
    day: Ints
    fighters: Ints
    vehicles: Ints


def _levels(facts: Kinds, places: list[str], sides: list[str], shape: tuple[int, int, int]) -> Levels:
    days = shape[2]
    forces = _Forces(facts)
    changes = _joined(_merged(facts, forces, days, _coming_and_going(facts, forces, days)))
    steps = [np.zeros((len(forces.keys), days), dtype=np.int64) for _ in Levels._fields]
    for step, change in zip(steps, (changes.fighters, changes.vehicles), strict=True):
        np.add.at(step, (changes.force, changes.day), change)
        np.cumsum(step, axis=1, out=step)
    where = _whereabouts(facts, forces, {name: number for number, name in enumerate(places)}, days)
    side = forces.sides({name: number for number, name in enumerate(sides)})
    there, day = np.nonzero((where >= 0) & (steps[0] > 0))
    cell = ((forces.rep[there] * shape[0] + where[there, day]) * shape[1] + side[there]) * days + day
    size = facts.replications * shape[0] * shape[1] * days
    return Levels(*(np.bincount(cell, step[there, day], minlength=size).astype(np.int32) for step in steps))


class _Forces:
    """The forces of some replications, numbered together: each that was raised or split off, once."""

    def __init__(self, facts: Kinds) -> None:
        self._facts = facts
        self._names: dict[str, int] = {}
        raised, split = self._key("ForceRaised", "force"), self._key("ForceSplit", "child")
        self.keys, first = np.unique(np.concatenate([raised, split]), return_index=True)
        self.rep = self.keys // _NAMES_MAX
        self._born = first
        self.raised, self.split = self._at(raised), self._at(split)

    def of(self, kind: str, column: str = "force") -> Ints:
        """Return the number of the force that each fact of a kind names."""
        return self._at(self._key(kind, column))

    def listed(self, kind: str, column: str) -> tuple[Ints, Ints, Ints]:
        """Return the forces that a column of losses lists: row of each, its number, how many."""
        rows, codes, words, count = self._facts.pairs(kind, column)
        return rows, self._at(self._facts.rep(kind)[rows] * _NAMES_MAX + self._number(words)[codes]), count

    def sides(self, numbers: dict[str, int]) -> Ints:
        """Return the side of each force."""
        own = np.concatenate([self._facts.named(kind, "side", numbers) for kind in ("ForceRaised", "ForceSplit")])
        return own[self._born]

    def _key(self, kind: str, column: str) -> Ints:
        codes, words = self._facts.words(kind, column)
        return self._facts.rep(kind) * _NAMES_MAX + self._number(words)[codes]

    def _number(self, words: Sequence[str]) -> Ints:
        numbers = [self._names.setdefault(word, len(self._names)) for word in words]
        return np.array([*numbers, 0], dtype=np.int64)

    def _at(self, keys: Ints) -> Ints:
        return np.searchsorted(self.keys, keys)


#: More names of forces than any part of a batch has.
_NAMES_MAX = 1 << 32


def _coming_and_going(facts: Kinds, forces: _Forces, days: int) -> list[_Changes]:
    """Return who came into being, split off, was lost and came back; mergers are not among it."""

    def change(kind: str, force: Ints, fighters: Ints, vehicles: Ints | None = None) -> _Changes:
        return _Changes(
            force, facts.day(kind, days), fighters, np.zeros_like(fighters) if vehicles is None else vehicles
        )

    raised, split = "ForceRaised", "ForceSplit"
    found = [
        change(raised, forces.raised, facts.ints(raised, "fit"), _vehicles(facts, raised)),
        change(split, forces.split, facts.ints(split, "fit"), _vehicles(facts, split)),
        change(split, forces.of(split), -facts.ints(split, "fit"), -_vehicles(facts, split)),
        change("FightersDeserted", forces.of("FightersDeserted"), -facts.ints("FightersDeserted", "count")),
        change("PeopleReturned", forces.of("PeopleReturned"), facts.ints("PeopleReturned", "count")),
    ]
    for kind, columns in (
        ("ForceBeaten", ("killed", "wounded", "captured", "deserted")),
        ("ColumnAmbushed", ("killed", "wounded")),
    ):
        lost = sum((facts.ints(kind, column) for column in columns), np.zeros(facts.count(kind), dtype=np.int64))
        found.append(change(kind, forces.of(kind), -lost))
    gone = _vehicles(facts, "VehiclesLost")
    found.append(change("VehiclesLost", forces.of("VehiclesLost"), np.zeros_like(gone), -gone))
    for kind, column in (("BoutFought", "losses"), ("BoutFought", "prisoners"), ("ColumnsClashed", "losses")):
        rows, force, count = forces.listed(kind, column)
        found.append(_Changes(force, facts.day(kind, days)[rows], -count, np.zeros_like(count)))
    return found


def _vehicles(facts: Kinds, kind: str) -> Ints:
    rows, _, _, count = facts.pairs(kind, "vehicles")
    return np.bincount(rows, count, minlength=facts.count(kind)).astype(np.int64)


def _merged(facts: Kinds, forces: _Forces, days: int, changes: list[_Changes]) -> list[_Changes]:
    """Return the changes with what forces brought to those that they joined: all that they had, for they are no more.

    A force that takes in others may join one itself later; the mergers are gone through in their order.
    """
    had = _joined(changes)
    size = len(forces.keys)
    fighters, vehicles = (np.bincount(had.force, own, minlength=size).tolist() for own in (had.fighters, had.vehicles))
    kind = "ForceMerged"
    order = np.lexsort((facts.ints(kind, "seq"), facts.rep(kind)))
    into, day = forces.of(kind, "into")[order], facts.day(kind, days)[order]
    brought: list[tuple[float, float]] = []
    for one, other in zip(forces.of(kind)[order].tolist(), into.tolist(), strict=True):
        brought.append((fighters[one], vehicles[one]))
        fighters[other] += fighters[one]
        vehicles[other] += vehicles[one]
    given = np.array(brought, dtype=np.int64).reshape(-1, 2)
    return [*changes, _Changes(into, day, given[:, 0], given[:, 1])]


def _joined(changes: Sequence[_Changes]) -> _Changes:
    return _Changes(*(np.concatenate(columns) for columns in zip(*changes, strict=True)))


def _whereabouts(facts: Kinds, forces: _Forces, places: dict[str, int], days: int) -> Ints:
    """Return the place of each force at the end of each day, -1 for nowhere: on the road, or no more."""
    parts = [
        (facts.ints(kind, "seq"), force, facts.day(kind, days), facts.named(kind, "place", places))
        for kind, force in (
            ("ForceRaised", forces.raised),
            ("ForceSplit", forces.split),
            ("ForceArrived", forces.of("ForceArrived")),
            ("ForceInfiltrated", forces.of("ForceInfiltrated")),
        )
    ]
    parts += [
        (facts.ints(kind, "seq"), forces.of(kind), facts.day(kind, days), np.full(facts.count(kind), _NOWHERE))
        for kind in ("ForceDeparted", *_GONE)
    ]
    seq, force, day, place = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((seq, force))
    force, day, place = force[order], day[order], place[order]
    last = np.flatnonzero(np.append((np.diff(force) != 0) | (np.diff(day) != 0), True))[: len(force)]
    where = np.full((len(forces.keys), days), _UNTOLD, dtype=np.int64)
    where[force[last], day[last]] = place[last]
    told = np.maximum.accumulate(np.where(where != _UNTOLD, np.arange(days), 0), axis=1)
    return np.take_along_axis(where, told, axis=1)
