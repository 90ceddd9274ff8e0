"""A batch that lies nowhere: the logs of a few campaigns, read as those of a stored batch are.

It may have a folder to keep things in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim import eventlog
from sim.domain.facts import Fact
from sim.observation import facts_table
from sim.scenario.schema import Scenario


class MemoryBatch:
    """Replications 0, 1, ... of draws of the same size; ``failed`` are numbers of replications without a log."""

    def __init__(
        self, scenario: Scenario, logs: Sequence[Sequence[Fact]], seed: int = 1, failed: Sequence[int] = (),
        per_draw: int = 1, directory: Path | None = None,
    ):  # fmt: skip
        self.directory = directory
        self.scenario = scenario
        self.manifest: dict[str, Any] = {"seed": seed, "per_draw": per_draw, "replications": len(logs)}
        self._logs = logs
        self._failed = failed

    def facts(self, kinds: Sequence[str] | None = None, replications: Sequence[int] | None = None) -> pa.Table:
        wanted = range(len(self._logs)) if replications is None else replications
        tables = [
            facts_table((fact for fact in self._logs[number] if kinds is None or fact.kind in kinds), number)
            for number in wanted
            if number not in self._failed
        ]
        return pa.concat_tables(tables)

    def facts_in_parts(
        self, kinds: Sequence[str] | None = None, replications: Sequence[int] | None = None, columns: Any = None, *,
        at_once: int = 2,
    ) -> Iterator[tuple[Sequence[int], pa.Table]]:  # fmt: skip
        numbers = [n for n in range(len(self._logs)) if n not in self._failed] if replications is None else replications
        for first in range(0, len(numbers), at_once):
            some = numbers[first : first + at_once]
            found = self.facts(kinds, some)
            yield some, found if columns is None else found.select([n for n in found.column_names if n in columns])

    def outcomes(self) -> pa.Table:
        numbers = list(range(len(self._logs)))
        status = ["failed" if number in self._failed else "done" for number in numbers]
        draws = [number // self.manifest["per_draw"] for number in numbers]
        hashes = [eventlog.sha256(self._logs[number]) for number in numbers]
        return pa.table({"replication": numbers, "draw": draws, "status": status, "sha256": hashes})
