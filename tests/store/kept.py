"""Batches for tests, put on disk without running anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from sim import eventlog
from sim.domain.facts import Fact, RunStarted
from sim.scenario import load_scenario
from sim.scenario.schema import Scenario
from sim.store import Batch, open_batch
from sim.store.manifest import describe
from sim.store.shards import Shard, ShardWriter
from sim.store.tables import DONE, FAILED, DailyRow, Outcome
from sim.store.writing import writing
from tests.store.strategies import one_of_each
from tests.worlds import TWO_VALLEYS


@cache
def small_scenario() -> Scenario:
    """Return a scenario to put into manifests."""
    return load_scenario(TWO_VALLEYS)


def log_of(replication: int, *rest: Fact, values: tuple[tuple[str, float], ...] = (("a.b", 0.5),)) -> list[Fact]:
    """Return a log that begins as a replication's does and goes on with some facts, numbered anew."""
    start = one_of_each()[0]
    assert isinstance(start, RunStarted)
    start = msgspec.structs.replace(start, replication=replication, draw=replication, values=values)
    return [msgspec.structs.replace(fact, seq=seq) for seq, fact in enumerate([start, *rest])]


def full_log(replication: int) -> list[Fact]:
    """Return a log with every kind of fact in it."""
    return log_of(replication, *one_of_each()[1:])


def shard_of(directory: Path, logs: Mapping[int, Sequence[Fact]], days: Sequence[DailyRow] = ()) -> Shard:
    """Write logs by replication as a finished shard; an empty log is that of a failed replication."""
    writer = ShardWriter(directory)
    for replication, log in logs.items():
        if log:
            digest = eventlog.sha256(log)
            writer.add(Outcome(replication, replication, DONE, digest, len(log), 7, 0.25), log, days)
        else:
            failed = Outcome(
                replication, replication, FAILED, error_stage="run", error_type="Impossible", error_message="no"
            )
            writer.add(failed)
    return writer.finish()


def manifest_of(scenario: Scenario | None = None, **given: Any) -> dict[str, Any]:
    """Return the manifest of a batch of ten replications, but for what is given."""
    return describe(scenario or small_scenario(), **{"replications": 10, "seed": 1, **given})


def kept(directory: Path, *shards: Mapping[int, Sequence[Fact]], days: Sequence[DailyRow] = ()) -> Batch:
    """Return a batch on disk with the given shards of logs by replication."""
    with writing(directory, manifest_of(), small_scenario()) as writer:
        for logs in shards:
            writer.commit(shard_of(directory, logs, days))
    return open_batch(directory)
