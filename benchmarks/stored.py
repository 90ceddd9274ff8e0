"""Goal d: what a stored batch costs in core time and what of, and how many replications a second two workers make.

Core time is that of a batch made by this process alone: workers are started by a fork server, whose
children's time nobody adds up. What several processes cost on top shows in the rate. The parts are measured one by one
over the same histories.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

from benchmarks.result import Result
from sim.batch import run_batch
from sim.engine import Run, run
from sim.projections.daily import daily_from_log
from sim.scenario.schema import Scenario
from sim.store.columns import FactColumns
from sim.store.shards import facts_bytes
from sim.world import compile_scenario

WORKERS = 2
T = TypeVar("T")


def measure(scenario: Scenario, floor_s: float, replications: int = 200) -> list[Result]:
    """Return goal d for a scenario, over a batch of so many replications on two workers, and a smaller one on one."""
    alone = replications // 4
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        _, core_s = _timed(
            lambda: run_batch(scenario, target / "alone", replications=alone, seed=1, workers=1, check_every=0)
        )
        began = perf_counter()
        run_batch(scenario, target / "together", replications=replications, seed=1, workers=WORKERS, check_every=0)
        wall_s = perf_counter() - began
    return [
        Result("d", "a stored replication, core time / bare SimPy", f"{core_s / alone / floor_s:.2f} x", "3.3 x"),
        *_parts(scenario, alone, core_s),
        Result("", f"  replications per second on {WORKERS} workers", f"{replications / wall_s:.0f}", "150", "300"),
    ]


def _parts(scenario: Scenario, replications: int, core_s: float) -> list[Result]:
    """Return what share of the core time of a batch is playing, hashing, summing up days, and storing."""
    compiled = compile_scenario(scenario)
    histories, played_s = _timed(lambda: [run(compiled, seed=1, replication=number) for number in range(replications)])
    _, hashed_s = _timed(lambda: [history.sha256 for history in histories])
    _, days_s = _timed(lambda: [daily_from_log(history.facts) for history in histories])
    _, stored_s = _timed(lambda: facts_bytes(_columns(histories).groups()))
    parts = {"playing": played_s, "encoding and hashing logs": hashed_s, "columns and Parquet of the facts": stored_s}
    rest_s = core_s - sum(parts.values())
    found = [Result("", f"  of it {what}", f"{100 * part / core_s:.0f} %", "") for what, part in parts.items()]
    found.append(
        Result("", "  of it the rest: days, small tables, flushing, machinery", f"{100 * rest_s / core_s:.0f} %", "")
    )
    return [
        *found,
        Result("", "  (the days by themselves, folding each log again)", f"{100 * days_s / core_s:.0f} %", ""),
    ]


def _columns(histories: list[Run]) -> FactColumns:
    columns = FactColumns()
    for history in histories:
        columns.add(history.replication, history.facts)
    return columns


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what some work gives, and the core seconds that it took."""
    began = process_time()
    done = work()
    return done, process_time() - began
