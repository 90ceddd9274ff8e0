"""Goal d: what a stored batch costs in core time, and how many replications a second come out of two workers.

Core time is that of a batch made by this process alone: workers are started by a fork server, whose
children's time nobody adds up. What several processes cost on top shows in the rate.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.result import Result
from sim.batch import run_batch
from sim.scenario.schema import Scenario

WORKERS = 2


def measure(scenario: Scenario, floor_s: float, replications: int = 200) -> list[Result]:
    """Return goal d for a scenario, over a batch of so many replications on two workers, and a smaller one on one."""
    alone = replications // 4
    with tempfile.TemporaryDirectory() as folder:
        before_s = process_time()
        run_batch(scenario, Path(folder) / "alone", replications=alone, seed=1, workers=1)
        core_s = process_time() - before_s
        began = perf_counter()
        run_batch(scenario, Path(folder) / "together", replications=replications, seed=1, workers=WORKERS)
        wall_s = perf_counter() - began
    return [
        Result("d", "a stored replication, core time / bare SimPy", f"{core_s / alone / floor_s:.2f} x", "3.3 x"),
        Result("", f"  replications per second on {WORKERS} workers", f"{replications / wall_s:.0f}", "150", "300"),
    ]
