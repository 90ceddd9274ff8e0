"""What helps a defender never hastens the fall of his place: pairs of histories under common random numbers.

Pairs have the same seed and replication, once with one group of numbers multiplied and once without. The setting is
the siege of one place: forces and routes fixed, nobody talks, and command decides nothing (no delay, no error, no odds
that it waits for, nobody who leaves). In a full war the same may go either way, since more defenders eat more and draw
larger assaults.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch

from sim.domain import facts as f
from sim.domain.terms import DAY
from sim.engine import run
from sim.scenario.numbers import Entry
from sim.verification.agreement import Estimate, Row
from sim.verification.stage import SIEGE, ground
from sim.world import Compiled

#: Patterns of dotted paths, and what the numbers that fit them are multiplied by.
Factors = Mapping[str, float]

#: The same siege with mouths to feed and rounds to count: the garrison has what it has.
HUNGRY = (
    "supply.enabled=true",
    "supply.hunger_half_time=P2D",
    "forces.northerners.stocks={food_days: 4, ammunition_kg_per_fighter: 25}",
    "forces.southerners.strength=600",
)
#: What helps the garrison of the siege: settings of the siege, and what is multiplied.
HELPS: Mapping[str, tuple[tuple[str, ...], Factors]] = {
    "more defenders": ((), {"forces.northerners.strength": 1.25}),
    "stronger ground": ((), {"terrain_classes.gorge.defence_multiplier": 1.5}),
    "a narrower front to attack on": ((), {"terrain_classes.gorge.frontage_attack_fighters": 2 / 3}),
    "worse attackers": ((), {"forces.southerners.quality": 2 / 3}),
    "more food": (HUNGRY, {"forces.northerners.stocks.food_days": 5.0}),
    "more ammunition": (HUNGRY, {"forces.northerners.stocks.ammunition_kg_per_fighter": 3.0}),
}
_PAIRS = 250
_Z99 = statistics.NormalDist().inv_cdf(0.995)


def later(seed: int) -> Iterator[Row]:
    """Yield by how much each kind of help delays the fall of the besieged place on average."""
    for what, (overrides, factors) in HELPS.items():
        base = ground(*overrides, path=SIEGE)
        before, after = (falls_s(one, "gate", "south", _PAIRS, seed) for one in (base, scaled(base, factors)))
        found = difference(before, after, base.duration_s, _Z99)
        yield Row(
            "monotone",
            f"{what}: the gate falls later by",
            "days",
            0.0,
            Estimate(found.mean_days, found.half_days, found.pairs),
            "above",
            "what helps the defender never hastens the fall",
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """How much later a place falls over so many pairs, in days, with an interval; never counts as the horizon."""

    pairs: int
    fell: float
    falls: float
    mean_days: float
    half_days: float

    @property
    def sign(self) -> str:
        """Return +, - or 0 if the interval holds 0."""
        return "0" if abs(self.mean_days) <= self.half_days else "+" if self.mean_days > 0 else "-"


def scaled(base: Compiled, factors: Factors) -> Compiled:
    """Return a scenario in which the numbers whose paths fit a pattern are multiplied, inside what they may be.

    Raises:
        ValueError: If a pattern fits no number that a run reads as one value.
    """
    fixed, drawn, hit = dict(base.fixed), list(base.drawn), set[str]()
    for pattern, factor in factors.items():
        for path in base.fixed:
            if path in base.entries and fnmatch(path, pattern):
                fixed[path] = _inside(base.entries[path], base.fixed[path] * factor)
                hit.add(pattern)
        for index, (path, subject, quantile) in enumerate(base.drawn):
            if fnmatch(path, pattern):
                drawn[index] = (path, subject, _times(quantile, factor, base.entries[path]))
                hit.add(pattern)
    if missed := factors.keys() - hit:
        raise ValueError(f"no run reads a number that fits {', '.join(sorted(missed))}")
    return replace(base, fixed=fixed, drawn=tuple(drawn))


def _inside(entry: Entry, value: float) -> float:
    low = value if entry.ge is None else max(value, entry.ge)
    return low if entry.le is None else min(low, entry.le)


def _times(quantile: Callable[[float], float], factor: float, entry: Entry) -> Callable[[float], float]:
    return lambda u: _inside(entry, quantile(u) * factor)


def falls_s(compiled: Compiled, place: str, attacker: str, pairs: int, seed: int = 1) -> list[int]:
    """Return when a place falls to a side in each replication; the horizon where it never does."""
    found = []
    for replication in range(pairs):
        facts = run(compiled, seed=seed, replication=replication).facts
        taken = (
            fact.time_s
            for fact in facts
            if isinstance(fact, f.ControlChanged) and fact.place == place and fact.side == attacker and fact.lost_by
        )
        found.append(next(taken, compiled.duration_s))
    return found


def difference(before_s: Sequence[int], after_s: Sequence[int], horizon_s: int, z: float = 1.96) -> Difference:
    """Compare pairs of moments; ``z`` is the quantile of the normal law for the interval."""
    later = [(after - before) / DAY for before, after in zip(before_s, after_s, strict=True)]
    half = z * statistics.stdev(later) / len(later) ** 0.5 if len(later) > 1 else float("inf")
    fell, falls = (sum(moment < horizon_s for moment in moments) / len(later) for moments in (before_s, after_s))
    return Difference(len(later), fell, falls, statistics.mean(later), half)
