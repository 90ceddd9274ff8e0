"""Goal d: what a stored batch costs in core time, and how many replications a second come out of two workers."""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.result import Result
from sim.batch import run_batch
from sim.scenario.schema import Scenario

WORKERS = 2


def measure(scenario: Scenario, floor_s: float, replications: int = 300) -> list[Result]:
    """Return goal d for a scenario, over one batch of so many replications."""
    with tempfile.TemporaryDirectory() as folder:
        before_s, began = _core_s(), perf_counter()
        run_batch(scenario, Path(folder) / "batch", replications=replications, seed=1, workers=WORKERS)
        wall_s, core_s = perf_counter() - began, _core_s() - before_s
    each = core_s / replications / floor_s
    return [
        Result("d", f"core time per replication of a stored batch of {replications}", f"{each:.2f} x", "3.3 x"),
        Result("", f"  replications per second on {WORKERS} workers", f"{replications / wall_s:.0f}", "150", "300"),
    ]


def _core_s() -> float:
    """Return the processor seconds of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
