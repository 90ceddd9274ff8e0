"""``make bench``: the goals, each as a ratio against bare SimPy or bare Python measured in the same run."""

from __future__ import annotations

import platform
from pathlib import Path

from benchmarks import comparing, memory, opening, replication, starting, store, stored
from benchmarks.floors import PROCESSES, TIMEOUTS, bare_simpy_s
from benchmarks.result import HEADER
from sim import load_scenario

SCENARIO = Path(__file__).parents[1] / "scenarios" / "panjshir-2021" / "scenario.yaml"


def main() -> None:
    """Measure and print; machines are noisy, so only ratios of one run count."""
    scenario = load_scenario(SCENARIO)
    floor_s = bare_simpy_s()
    print(f"Python {platform.python_version()}, {scenario.scenario.id}; goals are upper bounds but for d's rate")
    print(f"bare SimPy: {1000 * floor_s:.2f} ms for {TIMEOUTS:,} timeouts with {PROCESSES} processes alive\n")
    print(HEADER, flush=True)
    for measured in (
        lambda: replication.measure(scenario, floor_s),
        lambda: stored.measure(scenario, floor_s),
        lambda: store.measure(scenario),
        comparing.measure,
        memory.measure,
        lambda: starting.measure(SCENARIO),
        opening.measure,
    ):
        for result in measured():
            print(result.line(), flush=True)
    print(f"\nbare SimPy again: {1000 * bare_simpy_s():.2f} ms (far from the first: another job disturbed the run)")


if __name__ == "__main__":
    main()
