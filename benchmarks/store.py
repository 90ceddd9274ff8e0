"""Goal e: how large stored facts are, and how fast rows become closed Parquet files and are read again.

Raw pyarrow is the floor: the same columns, ready as Arrow arrays, written with its defaults in the same
run; ``eventsourcing`` is the peer. Run it alone with ``python -m benchmarks.store``.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import peer
from benchmarks.result import HEADER, Result, rate
from sim import eventlog, load_scenario
from sim.domain.facts import Fact, RunStarted
from sim.engine import Run, run
from sim.projections.daily import daily_from_log
from sim.scenario.schema import Scenario
from sim.store import Batch, open_batch
from sim.store.columns import FactColumns, Group
from sim.store.manifest import describe
from sim.store.shards import ShardWriter, facts_bytes
from sim.store.tables import DONE, DailyRow, Outcome
from sim.store.writing import writing
from sim.world import compile_scenario

SCENARIO = Path(__file__).parents[1] / "scenarios" / "panjshir-2021" / "scenario.yaml"

#: What a page about a batch asks for most.
_FEW_KINDS = ["ControlChanged", "EngagementBegan", "RisingBegan", "SiegeBegan"]
_SHARDS = 20


def measure(scenario: Scenario, replications: int = 50) -> list[Result]:
    """Return goal e for a scenario, over shards of so many replications each."""
    pa.set_cpu_count(1)
    compiled = compile_scenario(scenario)
    histories = [run(compiled, seed=1, replication=number) for number in range(replications)]
    days = [daily_from_log(history.facts) for history in histories]
    facts = sum(len(history.facts) for history in histories)
    with tempfile.TemporaryDirectory() as folder:
        batch = _many_shards(Path(folder), scenario, histories, days)
        writing_s, per_fact = _closed_s(histories), _stored_bytes(batch) / (facts * _SHARDS)
        return [
            *_writing(histories, batch, facts),
            *_reading(batch, facts * _SHARDS),
            *peer.measure(histories, writing_s, per_fact),
        ]


def _closed_s(histories: Sequence[Run]) -> float:
    """Return the core seconds in which logs become the bytes of a closed file."""
    return _core_s(lambda: facts_bytes(_groups(histories)))


def _stored_bytes(batch: Batch) -> int:
    return sum(file.stat().st_size for folder in _tables(batch) for file in folder.iterdir())


def _writing(histories: Sequence[Run], batch: Batch, facts: int) -> list[Result]:
    groups = _groups(histories)
    columns_s = _core_s(lambda: _groups(histories))
    ours_s = _core_s(lambda: facts_bytes(groups))
    raw_s = _core_s(lambda: _raw(groups))
    encode_s = _core_s(lambda: [eventlog.encode(history.facts) for history in histories])
    raw_bytes = len(_raw(groups))
    stored = {path.name: sum(file.stat().st_size for file in path.iterdir()) for path in _tables(batch)}
    all_facts = facts * _SHARDS
    return [
        Result("e", "bytes per fact, everything", f"{sum(stored.values()) / all_facts:.1f} B", "14 B"),
        Result("", "  the facts alone", f"{stored['facts'] / all_facts:.1f} B", ""),
        Result("", "  by raw pyarrow with its defaults", f"{raw_bytes / facts:.1f} B", ""),
        Result("", "  as canonical JSON lines", f"{_json_bytes(histories) / facts:.0f} B", ""),
        Result("", "rows to closed Parquet, per core", rate(facts, columns_s + ours_s), "1.5 M/s", "2.5 M/s"),
        Result("", "  rows to columns", rate(facts, columns_s), ""),
        Result("", "  columns to Parquet", rate(facts, ours_s), ""),
        Result("", "  columns to Parquet by raw pyarrow", rate(facts, raw_s), ""),
        Result("", "  rows to closed Parquet / raw pyarrow", f"{(columns_s + ours_s) / raw_s:.2f} x", ""),
        Result("", "  encoding the log, which its hash needs / raw pyarrow", f"{encode_s / raw_s:.2f} x", ""),
    ]


def _reading(batch: Batch, facts: int) -> list[Result]:
    few_s = _core_s(lambda: batch.facts(_FEW_KINDS))
    log_s = _core_s(lambda: batch.log(7))
    logs_s = _core_s(lambda: sum(len(log) for _, log in batch.logs(replications=range(50))), repeats=3)
    return [
        Result("", f"core time of four kinds out of {facts:,} facts", f"{few_s:.2f} s", ""),
        Result("", "  the log of one replication", f"{1000 * log_s:.0f} ms", ""),
        Result("", "  all facts of a shard, as facts", rate(facts // _SHARDS, logs_s), ""),
    ]


def _many_shards(
    directory: Path, scenario: Scenario, histories: Sequence[Run], days: Sequence[Sequence[DailyRow]]
) -> Batch:
    """Store the histories twenty times over, as if they were so many replications."""
    manifest = describe(scenario, replications=len(histories) * _SHARDS, seed=1)
    with writing(directory / "batch", manifest, scenario) as writer:
        for shard in range(_SHARDS):
            one = ShardWriter(writer.directory)
            for history, own in zip(histories, days, strict=True):
                number = shard * len(histories) + history.replication
                log = _renumbered(history.facts, number)
                # Only the first log of a shard is checked against its hash; the others need none here.
                digest = eventlog.sha256(log) if history is histories[0] else ""
                one.add(Outcome(number, number, DONE, digest, len(log)), log, own)
            writer.commit(one.finish())
    return open_batch(directory / "batch")


def _renumbered(facts: Sequence[Fact], replication: int) -> list[Fact]:
    start = facts[0]
    assert isinstance(start, RunStarted)
    return [msgspec.structs.replace(start, replication=replication, draw=replication), *facts[1:]]


def _groups(histories: Sequence[Run]) -> list[Group]:
    columns = FactColumns()
    for history in histories:
        columns.add(history.replication, history.facts)
    return columns.groups()


def _raw(groups: Sequence[Group]) -> bytes:
    """Return the same columns as pyarrow writes them if nobody tells it anything."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, groups[0].table.schema) as writer:
        for group in groups:
            writer.write_table(group.table)
    return bytes(sink.getvalue())


def _tables(batch: Batch) -> list[Path]:
    return [path for path in batch.directory.iterdir() if path.is_dir() and path.name != "assets"]


def _json_bytes(histories: Sequence[Run]) -> int:
    return sum(len(eventlog.encode(history.facts)) for history in histories)


def _core_s(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the median processor seconds of some work, after once that is not counted."""
    work()
    found = []
    for _ in range(repeats):
        began = process_time()
        work()
        found.append(process_time() - began)
    return statistics.median(found)


def main() -> None:
    """Measure and print."""
    print(HEADER)
    for result in measure(load_scenario(SCENARIO)):
        print(result.line(), flush=True)


if __name__ == "__main__":
    main()
