"""What more defenders, stronger ground, narrower fronts, weaker attackers and fuller stores do to when a place falls.

Pairs of histories under common random numbers: the same seed and replication, with one group of numbers
multiplied and without. ``python -m benchmarks.monotone`` prints the table of docs/model/monotone.md for the
reference scenario; ``python -m benchmarks.monotone SCENARIO PLACE DEFENDER ATTACKER PAIRS`` for another.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from sim import load_scenario
from sim.domain import facts as f
from sim.domain.terms import DAY
from sim.engine import run
from sim.scenario.numbers import Entry
from sim.scenario.schema import Scenario
from sim.world import Compiled, compile_scenario

REFERENCE = Path(__file__).parents[1] / "scenarios" / "panjshir-2021" / "scenario.yaml"
Factors = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that should make a place fall later: patterns of paths, and what their numbers are multiplied by."""

    what: str
    factors: Factors


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


def levers(scenario: Scenario, defender: str, attacker: str) -> list[Lever]:
    """Return the levers of MODEL.md 8 for two sides of a scenario."""

    def of(side: str, section: str, *ends: str) -> list[str]:
        owned = getattr(scenario, section)
        return [f"{section}.{name}.{end}" for name, one in owned.items() if one.side == side for end in ends]

    stores = [*of(defender, "depots", "*_kg"), *of(defender, "forces", "stocks.*")]
    weaker = [*of(attacker, "forces", "quality"), *of(attacker, "pools", "quality")]
    return [
        Lever("half as many defenders again", dict.fromkeys(of(defender, "forces", "strength"), 1.5)),
        Lever("ground half as strong again", {"*.defence_multiplier": 1.5}),
        Lever("two thirds of the front to attack on", {"*.frontage_attack_fighters": 2 / 3}),
        Lever("attackers of two thirds of the quality", dict.fromkeys(weaker, 2 / 3)),
        Lever("twice the defenders' stores", dict.fromkeys(stores, 2.0)),
    ]


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


def main(arguments: Sequence[str]) -> None:
    """Measure and print the table in Markdown."""
    usual = (str(REFERENCE), "bazarak", "nrf", "tb", "200")
    path, place, defender, attacker, pairs = (*arguments, *usual[len(arguments) :])
    base = compile_scenario(load_scenario(path))
    before = falls_s(base, place, attacker, int(pairs))
    print(f"| {place} falls to {attacker}, {pairs} pairs | falls, % | then, % | later by, days (95 %) | sign |")
    print("|---|---|---|---|---|")
    for lever in levers(base.scenario, defender, attacker):
        after = falls_s(scaled(base, lever.factors), place, attacker, int(pairs))
        found = difference(before, after, base.duration_s)
        print(
            f"| {lever.what} | {100 * found.fell:.0f} | {100 * found.falls:.0f} "
            f"| {found.mean_days:+.2f} ± {found.half_days:.2f} | {found.sign} |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
