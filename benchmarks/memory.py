"""Goal g: how large the first process and its workers become while a batch grows.

``python -m benchmarks.memory 1000 100000`` makes batches of these sizes of a small scenario, so that many of them take
little time, and prints the largest resident size that each process ever had. The first process and the workers each
tell their own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.result import HEADER, Result
from sim import load_scenario
from sim.batch import run_batch
from sim.batch.chunk import Player, engine_maker
from sim.scenario.schema import Scenario

SCENARIO = Path(__file__).parents[1] / "tests" / "data" / "two-valleys.yaml"
WORKERS = 2
#: Replications after which a worker tells anew how large it has been.
_TOLD_EVERY = 100


def measure(sizes: tuple[int, ...] = (500, 2_500)) -> list[Result]:
    """Return goal g: the largest sizes of the processes of batches of each size, and what each replication adds."""
    found = [(size, *_in_a_process_of_its_own(size)) for size in sizes]
    results = []
    for size, first, worker in found:
        results.append(
            Result("g" if not results else "", f"first process, {size:,} replications", f"{first:.0f} MB", "200 MB")
        )
        results.append(Result("", "  its largest worker", f"{worker:.0f} MB", "200 MB"))
    (few, first_few, worker_few), (many, first_many, worker_many) = found[0], found[-1]
    if many > few:
        added = [
            1024 * (late - early) / (many - few) for late, early in ((first_many, first_few), (worker_many, worker_few))
        ]
        results.append(
            Result("", "  added per replication: first process, worker", f"{added[0]:.1f}, {added[1]:.1f} kB", "")
        )
    return results


def _in_a_process_of_its_own(size: int) -> tuple[float, float]:
    """Return the largest megabytes of the first process and of the largest worker of a batch."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.memory", "--one", str(size), folder],
            check=True,
            capture_output=True,
            text=True,
        )
        told = json.loads(done.stdout.splitlines()[-1])
        workers = [float(path.read_text()) for path in (Path(folder) / "workers").iterdir()]
    return told, max(workers)


def megabytes() -> float:
    """Return the largest resident size that this process has had so far.

    Linux hands ru_maxrss on through fork and exec, so that it would be that of whoever started this process; VmHWM
    begins anew with each program.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [kilobytes] = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(kilobytes) / 1024
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / 1024 / (1024 if sys.platform == "darwin" else 1)


def _weighed(folder: Path, scenario: Scenario) -> Player:
    """Return the engine, which now and then tells how large its process has been."""
    play, count = engine_maker(scenario), 0

    def played(**given: Any) -> Any:
        nonlocal count
        done = play(**given)
        if count % _TOLD_EVERY == 0:
            (folder / str(os.getpid())).write_text(str(megabytes()))
        count += 1
        return done

    return played


def _one(size: int, folder: Path) -> None:
    """Make a batch and print the largest size of this process."""
    (folder / "workers").mkdir()
    maker = partial(_weighed, folder / "workers")
    run_batch(load_scenario(SCENARIO), folder / "batch", replications=size, seed=1, workers=WORKERS, maker=maker)
    print(megabytes())


def main() -> None:
    """Measure batches of the sizes on the command line, or make one and tell its size."""
    if sys.argv[1:2] == ["--one"]:
        _one(int(sys.argv[2]), Path(sys.argv[3]))
        return
    print(HEADER)
    for result in measure(tuple(int(text.replace(",", "")) for text in sys.argv[1:]) or (1_000, 10_000)):
        print(result.line(), flush=True)


if __name__ == "__main__":
    main()
