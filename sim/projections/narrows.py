"""Passes, tunnels and gorges over the replications of a batch: to whom each is open at the end of each day, or why not.

One is open to a side that may march through: nobody's, its own or an ally's, with no fight there, and with two of its
ways open, or the only one. What shuts ways is told by facts (mines, demolition), and snow by the scenario: a way that
is shut in a month is shut on the days of that month.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.domain.terms import DAY
from sim.projections.arrays import FactsInParts, Kinds, Read, days_of, in_parts, read_of, scattered
from sim.projections.spread import Ints
from sim.scenario.schema import Scenario

KINDS = ("ControlChanged", "EngagementBegan", "EngagementEnded", "LegBlocked", "LegReopened")
COLUMNS = ("place", "side", "how", "leg")
NARROWS = frozenset({"pass", "tunnel", "gorge"})
#: Why one is closed to a side; the first that applies counts.
WHY = ("snow", "demolished", "mined", "fought over", "held by an enemy")
OPEN = len(WHY)


class Closures(NamedTuple):
    """The passes of a scenario, and by replication, pass, side and day which of ``WHY`` applies (``OPEN``: none)."""

    places: tuple[str, ...]
    sides: tuple[str, ...]
    why: NDArray[np.int8]


def narrows_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the places of a scenario that have to be got through, and that some way leads to."""
    ends = {end for leg in scenario.legs.values() for end in (leg.start, leg.to)}
    return tuple(place for place, found in scenario.places.items() if found.kind in NARROWS and place in ends)


def closures_by_day(batch: FactsInParts, read: Read | None = None) -> pa.Table:
    """Return in how many replications each pass is open to each side at the end of each day, and why not.

    Rows are place, side, day, k and n: k of n replications. ``draws`` and ``scatter`` are as in ``control_by_day``;
    a column for each of ``WHY`` counts the replications in which that shuts it.
    """
    chosen = read if read is not None else read_of(batch)
    found = closures(batch, chosen)
    k, scatter = scattered(found.why == OPEN, chosen.draws)
    place, side, day = (axis.reshape(-1) for axis in np.indices(k.shape))
    return pa.table(
        {
            "place": pa.array(found.places, pa.string()).take(pa.array(place)),
            "side": pa.array(found.sides, pa.string()).take(pa.array(side)),
            "day": day.astype(np.int32),
            "k": k.reshape(-1),
            "n": np.full(k.size, len(chosen)),
            "draws": np.full(k.size, chosen.draws.max(initial=-1) + 1),
            "scatter": scatter.reshape(-1),
            **{why: (found.why == number).sum(axis=0).reshape(-1) for number, why in enumerate(WHY)},
        }
    )


def closures(batch: FactsInParts, read: Read) -> Closures:
    """Return to whom each pass is closed at the end of each day, and by what."""
    scenario, days = batch.scenario, days_of(batch.scenario)
    places, sides = narrows_of(scenario), tuple(sorted(scenario.sides))
    legs = tuple(name for name, leg in scenario.legs.items() if {leg.start, leg.to} & set(places))
    snow = _snow(scenario, legs, days)
    why = np.full((len(read), len(places), len(sides), days), OPEN, dtype=np.int8)
    for part, facts in in_parts(batch, KINDS, COLUMNS, read):
        n = part.stop - part.start
        holder, fought = _held(facts, scenario, places, sides, (n, days)), _fought(facts, places, (n, days))
        shut = _shut(facts, legs, (n, days))
        for number, place in enumerate(places):
            own = [at for at, leg in enumerate(legs) if place in (scenario.legs[leg].start, scenario.legs[leg].to)]
            here = why[part, number]
            enemy = ~_friendly(scenario, sides)[:, holder[:, number]]  # side, replication, day
            here[enemy.swapaxes(0, 1)] = WHY.index("held by an enemy")
            here[np.broadcast_to(fought[:, number, None], here.shape)] = WHY.index("fought over")
            blocked = np.where(snow[own], WHY.index("snow"), shut[:, own])
            closed = (blocked == OPEN).sum(axis=1) < min(len(own), 2)
            np.copyto(here, blocked.min(axis=1)[:, None], where=closed[:, None])
    return Closures(places, sides, why)


def _friendly(scenario: Scenario, sides: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return whether a side may march through what another, or at the end nobody, holds."""
    allied = {frozenset(pair.split("+")) for pair, stance in scenario.relations.items() if stance in ("same", "allied")}
    return np.array(
        [[other == "" or one == other or frozenset((one, other)) in allied for other in (*sides, "")] for one in sides]
    )


def _held(
    facts: Kinds, scenario: Scenario, places: tuple[str, ...], sides: tuple[str, ...], shape: tuple[int, int]
) -> Ints:
    """Return who holds each pass, by replication, pass and day; the number after the last side is nobody."""
    numbers = {name: number for number, name in enumerate((*sides, ""))}
    held = np.zeros((shape[0], len(places), shape[1]), dtype=np.int64)
    held[:] = np.array([numbers[scenario.places[place].holder or ""] for place in places], dtype=np.int64)[:, None]
    kind = "ControlChanged"
    _from_then_on(held, facts, ((kind, "place", facts.named(kind, "side", numbers)),), places)
    return held


def _fought(facts: Kinds, places: tuple[str, ...], shape: tuple[int, int]) -> NDArray[np.bool_]:
    fought = np.zeros((shape[0], len(places), shape[1]), dtype=np.int64)
    kinds = (("EngagementBegan", 1), ("EngagementEnded", 0))
    _from_then_on(fought, facts, tuple((kind, "place", np.full(facts.count(kind), so)) for kind, so in kinds), places)
    return fought.astype(bool)


def _shut(facts: Kinds, legs: tuple[str, ...], shape: tuple[int, int]) -> Ints:
    """Return what shuts each way, by replication, way and day."""
    shut = np.full((shape[0], len(legs), shape[1]), OPEN, dtype=np.int64)
    how = facts.named("LegBlocked", "how", {why: number for number, why in enumerate(WHY)})
    again = np.full(facts.count("LegReopened"), OPEN)
    _from_then_on(shut, facts, (("LegBlocked", "leg", how), ("LegReopened", "leg", again)), legs)
    return shut


def _from_then_on(course: Ints, facts: Kinds, told: tuple[tuple[str, str, Ints], ...], names: tuple[str, ...]) -> None:
    """Write what facts say into a course by replication, name and day: each from its day on, until the next."""
    numbers = {name: number for number, name in enumerate(names)}
    parts = [
        (
            facts.rep(kind),
            facts.ints(kind, "seq"),
            facts.named(kind, column, numbers),
            facts.day(kind, course.shape[2]),
            to,
        )
        for kind, column, to in told
    ]
    rep, seq, name, day, value = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    known = np.flatnonzero(name >= 0)
    for at in known[np.lexsort((seq[known], rep[known]))].tolist():
        course[rep[at], name[at], day[at] :] = value[at]


def _snow(scenario: Scenario, legs: tuple[str, ...], days: int) -> NDArray[np.bool_]:
    """Return whether snow shuts a way on a day, by way and day."""
    start = scenario.scenario.start
    months = [(start + timedelta(seconds=(day + 1) * DAY - 1)).month for day in range(days)]
    return np.array([[month in scenario.legs[leg].closed_months for month in months] for leg in legs]).reshape(-1, days)
