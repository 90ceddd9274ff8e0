"""A batch as a whole as features: how often each side holds each place at the end of each day, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pyarrow as pa

from sim.compare.windows import Probability, probability
from sim.domain.terms import DAY
from sim.errors import InputError
from sim.projections.roads import point
from sim.projections.timelines import control_by_day
from sim.scenario.schema import Scenario
from sim.viewers.features import Feature, dot
from sim.viewers.stamps import WARNINGS, Clock, Stamp

_NOBODY = "nobody"


class Batch(Protocol):
    """What a batch must offer for its shares to be drawn."""

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that was run."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return how the batch was made."""

    def outcomes(self) -> pa.Table:
        """Return one row per replication."""

    def facts(self, kinds: Any = None, replications: Any = None) -> pa.Table:
        """Return the facts of some kinds."""


def shares(batch: Batch) -> tuple[Stamp, list[Feature]]:
    """Return a point for each place and day, with the share of the histories in which each side holds it.

    ``p_SIDE``, ``p_SIDE_low`` and ``p_SIDE_high`` are the share and its 95 % interval, ``p_nobody`` that of nobody;
    ``side`` is the one with the largest share. A day lasts from its beginning to its end, at which it was counted.

    Raises:
        InputError: If no replication is finished.
    """
    counted: dict[tuple[str, int], dict[str, Probability]] = {}
    for row in control_by_day(batch).to_pylist():
        if not row["n"]:
            raise InputError("the batch has no finished replication to take shares of; see its outcomes for why")
        found = probability(row["k"], row["n"], row["draws"], row["scatter"])
        counted.setdefault((row["place"], row["day"]), {})[row["side"]] = found
    scenario, manifest = batch.scenario, batch.manifest
    n, draws = next((one.n, one.draws) for by_side in counted.values() for one in by_side.values())
    about = (
        ("scenario", scenario.scenario.id), ("seed", int(manifest["seed"])), ("replications", n), ("draws", draws),
    )  # fmt: skip
    title = f"{scenario.scenario.title} (simulated, who holds what in {n:,} histories)"
    stamp = Stamp(title, WARNINGS["batch"], scenario.geography.attribution, about)
    return stamp, list(_features(scenario, counted))


def _features(scenario: Scenario, counted: Mapping[tuple[str, int], Mapping[str, Probability]]) -> Iterator[Feature]:
    clock = Clock(scenario.scenario.start)
    length_s = int((scenario.scenario.end - scenario.scenario.start).total_seconds())
    for (key, day), by_side in counted.items():
        place = scenario.places[key]
        _, likeliest = max((share.p, side) for side, share in by_side.items())
        more: dict[str, str | int | float] = {"place": key, "kind": place.kind, "day": day}
        for side, found in by_side.items():
            name = f"p_{side or _NOBODY}"
            more |= {name: round(found.p, 4), f"{name}_low": round(found.low, 4), f"{name}_high": round(found.high, 4)}
        more["n"] = by_side[likeliest].n
        yield Feature(
            f"shares/{key}/{day}", "shares", place.name, likeliest, clock.at(day * DAY),
            clock.at(min((day + 1) * DAY, length_s)), None, dot(point(place.lon, place.lat)), properties=more,
        )  # fmt: skip
