"""Waits at a pass against queueing theory: columns of one vehicle that come at random moments."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from sim.domain import facts as f
from sim.domain.terms import HOUR
from sim.randomness import Randomness, purpose
from sim.verification.agreement import Row, mean_of
from sim.verification.stage import NORTH, SOUTH, Hand, at, ground, lose, order, play, send_home, split

ARRIVALS = purpose("verification.arrivals")

_REPLICATIONS, _COLUMNS, _WARM_UP = 80, 700, 100
_PER_HOUR = 6.0


@dataclass(frozen=True, slots=True)
class _Queue:
    """A queue in Kendall's notation: arrivals at random, a law of service, so many lanes, and how busy they are."""

    kendall: str
    service: str
    lanes: int
    busy: float

    @property
    def arrivals_per_hour(self) -> float:
        return self.busy * self.lanes * _PER_HOUR

    @property
    def wait_h(self) -> float:
        """Return the mean wait of a column in the long run, in hours.

        M/M/c by Erlang's C (1917); M/D/1 by Pollaczek (1930) and Khinchin (1932), half of M/M/1.
        """
        offered, c = self.busy * self.lanes, self.lanes
        tail = offered**c / math.factorial(c) / (1 - self.busy)
        waits = tail / (sum(offered**k / math.factorial(k) for k in range(c)) + tail)
        mean = waits / (c * _PER_HOUR * (1 - self.busy))
        return mean / 2 if self.service == "constant" else mean


_QUEUES = (
    (_Queue("M/M/1", "exponential", 1, 0.6), "Erlang 1917"),
    (_Queue("M/M/3", "exponential", 3, 0.7), "Erlang 1917"),
    (_Queue("M/D/1", "constant", 1, 0.6), "Pollaczek 1930, Khinchin 1932"),
)


def waits(seed: int) -> Iterator[Row]:
    """Yield the mean wait at a pass for each queue, without the first columns of a run, who find it empty."""
    for queue, source in _QUEUES:
        on = ground(
            "supply.enabled=false",
            "movement.fighters_per_vehicle=1",
            "forces.southerners.strength=2000",
            "forces.southerners.light_vehicles=2000",
            f"movement.pass_service={queue.service}",
            f"places.gate.capacity_vehicles_per_h={{value: {_PER_HOUR}, basis: invented, confidence: low}}",
            f"places.gate.lanes={{value: {queue.lanes}, basis: invented, confidence: low}}",
        )
        means = []
        for replication in range(_REPLICATIONS):
            hands = (send_home(NORTH), lose("gate", "south"), *_columns(queue, seed, replication))
            facts = play(*hands, on=on, seed=seed, replication=replication).facts
            queued = [fact.queued_s / 60 for fact in facts if isinstance(fact, f.ForceDeparted)]
            means.append(statistics.mean(queued[_WARM_UP:_COLUMNS]))
        what = f"{queue.kendall} with {100 * queue.busy:g} % busy: mean wait"
        yield Row("passes", what, "min", 60 * queue.wait_h, mean_of(means), "inside", source)


def _columns(queue: _Queue, seed: int, replication: int) -> Iterator[Hand]:
    """Yield hands that send columns of one vehicle to the gate, with exponential times between them."""
    randomness, time_h = Randomness(seed, replication), 0.0
    for n in range(_COLUMNS):
        time_h -= math.log(randomness.uniform(ARRIVALS, queue.kendall, n)) / queue.arrivals_per_hour
        name = f"column-{n}"
        yield at(round(time_h * HOUR), split(SOUTH, name, 1, vehicles=1), order(name, "gate", "garrison"))
