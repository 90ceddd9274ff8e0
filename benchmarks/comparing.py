"""Goal f: how long the whole comparison of a batch takes, and how large it becomes.

``python -m benchmarks.comparing 1000 100000`` compares batches of these sizes. To make them would take hours, so the
facts of a hundred stored histories are read again and again under other numbers: each is told and printed anew, as its
number says. What is found out is kept beside a batch, by ``sim batch`` already; so there are two numbers, one for
campaigns that nobody has looked at, by as many processes as there are cores, and one for every comparison after that.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.memory import megabytes
from benchmarks.result import HEADER, Result
from sim import load_scenario, open_batch, run_batch
from sim.compare import compare
from sim.cores import usable_cores
from sim.observation import COLUMNS, KINDS
from sim.store import Batch

SCENARIO = Path(__file__).parents[1] / "scenarios" / "panjshir-2021" / "scenario.yaml"
_STORED = 100
_PER_DRAW = 4


class Repeated:
    """A batch of any size whose facts are those of a smaller one, over and over, read from disk each time."""

    def __init__(self, batch: Batch, size: int, directory: Path) -> None:
        self._batch, self._size, self.directory = batch, size, directory
        self._stored = batch.replications
        self.scenario, self.manifest = batch.scenario, batch.manifest

    def facts(self, kinds: Sequence[str] | None = None, replications: Any = None, columns: Any = None) -> pa.Table:
        """Return facts under the numbers asked for, as ``facts_in_parts`` of a batch does."""
        rounds: dict[int, list[int]] = {}
        for number in range(self._size) if replications is None else replications:
            rounds.setdefault(number // self._stored, []).append(number % self._stored)
        parts = []
        for turn, numbers in rounds.items():
            for _, table in self._batch.facts_in_parts(kinds, numbers, columns, at_once=self._stored):
                moved = pa.array(table.column("replication").to_numpy() + turn * self._stored, pa.int64())
                at = table.schema.get_field_index("replication")
                parts.append(table.set_column(at, pa.field("replication", pa.int64()), moved))
        return pa.concat_tables(parts).unify_dictionaries()

    def facts_in_parts(
        self,
        kinds: Sequence[str] | None = None,
        replications: Collection[int] | None = None,
        columns: Any = None,
        *,
        at_once: int = 2000,
    ) -> Iterator[tuple[list[int], pa.Table]]:
        """Yield facts a part of the replications at a time."""
        numbers = list(range(self._size)) if replications is None else sorted(replications)
        for first in range(0, len(numbers), at_once):
            yield numbers[first : first + at_once], self.facts(kinds, numbers[first : first + at_once], columns)

    def outcomes(self) -> pa.Table:
        """Return that every replication was finished and checked."""
        numbers = np.arange(self._size)
        logs = [self._batch.hash_of(number) for number in range(self._stored)]
        done = {
            "replication": numbers, "draw": numbers // _PER_DRAW, "status": ["done"] * self._size,
            "sha256": [logs[number % self._stored] for number in range(self._size)],
        }  # fmt: skip
        return pa.table({**done, "checked": np.ones(self._size, dtype=bool)})


def measure(sizes: tuple[int, ...] = (1_000, 4_000)) -> list[Result]:
    """Return goal f for batches of some sizes: seconds, beside reading the facts alone, and megabytes."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        run_batch(load_scenario(SCENARIO), Path(folder) / "batch", replications=_STORED, per_draw=_PER_DRAW, seed=1)
        for size in sizes:
            told = _in_a_process_of_its_own(size, folder)
            what = f"the whole comparison of {size:,} replications"
            goal = f"{2 * size / 1000:g} s" if size <= 1000 else f"{30 * size / 100_000:.2g} s"
            results.append(Result("f" if not results else "", what, f"{told['again_s']:.1f} s", goal))
            results.append(Result("", "  where nobody told and printed them before", f"{told['first_s']:.1f} s", ""))
            ratio = f"{told['first_s'] / told['read_s']:.1f} x, {told['megabytes']:.0f} MB"
            results.append(Result("", "  that over reading the facts that it needs; largest size", ratio, ""))
    return results


def _in_a_process_of_its_own(size: int, folder: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.comparing", "--one", str(size), folder],
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _one(size: int, folder: Path) -> None:
    """Compare one batch twice, and tell how long that took and how large this process has been."""
    batch = Repeated(open_batch(folder / "batch"), size, folder / f"{size}")
    seconds = []
    for _ in range(2):
        began = perf_counter()
        compare(batch, workers=usable_cores())
        seconds.append(perf_counter() - began)
    first_s, again_s = seconds
    largest = megabytes()
    began = perf_counter()
    for _ in batch.facts_in_parts(KINDS, None, COLUMNS):
        pass
    told = {"first_s": first_s, "again_s": again_s, "read_s": perf_counter() - began, "megabytes": largest}
    print(json.dumps(told))


def main() -> None:
    """Compare batches of the sizes on the command line."""
    if sys.argv[1:2] == ["--one"]:
        _one(int(sys.argv[2]), Path(sys.argv[3]))
        return
    print(HEADER)
    for result in measure(tuple(int(text.replace(",", "")) for text in sys.argv[1:]) or (1_000, 4_000)):
        print(result.line(), flush=True)


if __name__ == "__main__":
    main()
