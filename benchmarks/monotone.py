"""What more defenders, stronger ground, narrower fronts, weaker attackers and fuller stores do to when a place falls.

Pairs of histories under common random numbers: the same seed and replication, with one group of numbers
multiplied and without. ``python -m benchmarks.monotone`` prints the table of docs/model/monotone.md for the
reference scenario; ``python -m benchmarks.monotone SCENARIO PLACE DEFENDER ATTACKER PAIRS`` for another.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim import load_scenario
from sim.scenario.schema import Scenario
from sim.verification.monotone import Factors, difference, falls_s, scaled
from sim.world import compile_scenario

REFERENCE = Path(__file__).parents[1] / "scenarios" / "panjshir-2021" / "scenario.yaml"


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that should make a place fall later: patterns of paths, and what their numbers are multiplied by."""

    what: str
    factors: Factors


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
