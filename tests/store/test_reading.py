"""What a batch on disk gives back: its tables, exact logs, and words when something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from sim import eventlog
from sim.domain.facts import KINDS, ControlChanged, HazardChanged, HazardFired
from sim.errors import ProblemsFound, StoreError
from sim.store import open_batch, tables
from sim.store.layout import ENVELOPE
from sim.store.manifest import read_manifest, write_manifest
from sim.store.tables import DailyRow
from tests.store.kept import full_log, kept, log_of
from tests.worlds import REPOSITORY

DAYS = [DailyRow(day, side, 5, 1, 0, day, 0, 0, 900, 80, 2) for day in (0, 1) for side in ("north", "south")]


@pytest.mark.parametrize("replication", [0, 1, 2, 5])
def test_a_log_is_read_exactly_as_it_was_written(tmp_path: Path, replication: int) -> None:
    """Every fact of every kind comes back, equal and in order, with the values drawn."""
    batch = kept(tmp_path / "b", {0: full_log(0), 1: full_log(1)}, {2: full_log(2), 5: full_log(5)})
    assert batch.log(replication) == full_log(replication)
    assert eventlog.encode(batch.log(replication)) == eventlog.encode(full_log(replication))


def test_logs_come_one_after_another_and_may_leave_kinds_out(tmp_path: Path) -> None:
    """Sweeping through a batch gives each finished replication once, with the kinds asked for."""
    batch = kept(tmp_path / "b", {2: full_log(2)}, {0: full_log(0), 1: []})
    assert dict(batch.logs()) == {0: full_log(0), 2: full_log(2)}
    assert [number for number, _ in batch.logs()] == [0, 2]
    some = dict(batch.logs(["HazardFired", "RunStarted"], [2]))
    assert some == {2: [fact for fact in full_log(2) if fact.kind in ("HazardFired", "RunStarted")]}
    assert dict(batch.logs(["PositionTurned"], [1])) == {}


def test_values_are_read_only_for_the_replications_asked_for(tmp_path: Path) -> None:
    """Two of the three replications of a shard come with their own values."""
    logs = {number: log_of(number, values=(("x", float(number)), ("y", 0.5))) for number in range(3)}
    batch = kept(tmp_path / "b", logs)
    assert dict(batch.logs(replications=[0, 2])) == {0: logs[0], 2: logs[2]}


def test_facts_of_some_kinds_are_a_table_of_their_fields(tmp_path: Path) -> None:
    """The table has the envelope and the fields of those kinds, by replication and seq; other fields are null."""
    batch = kept(tmp_path / "b", {1: full_log(1)}, {0: full_log(0)})
    table = batch.facts(["HazardFired", "ControlChanged"])
    fields = {name for kind in (HazardFired, ControlChanged) for name in kind.__struct_fields__}
    assert table.column_names[: len(ENVELOPE)] == list(ENVELOPE)
    assert set(table.column_names) == fields | set(ENVELOPE)
    assert table.column("replication").to_pylist() == [0, 0, 1, 1]
    assert pa.types.is_dictionary(table.schema.field("kind").type)
    assert table.schema.field("replication").type == pa.int32()
    assert table.schema.field("place").type == pa.string()
    rows = table.to_pylist()
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows[:2]) * 2
    by_kind = {row["kind"]: row for row in rows}
    control = next(fact for fact in full_log(1) if isinstance(fact, ControlChanged))
    assert by_kind["ControlChanged"]["place"] == control.place
    assert by_kind["ControlChanged"]["clock"] is None
    assert by_kind["HazardFired"]["place"] is None


def test_all_facts_are_a_table_of_all_columns(tmp_path: Path) -> None:
    """Without kinds, every fact is there, in the order of its log."""
    batch = kept(tmp_path / "b", {0: full_log(0), 1: full_log(1)})
    table = batch.facts()
    assert table.column("kind").to_pylist() == [fact.kind for fact in full_log(0)] * 2
    assert table.column("seq").to_pylist() == list(range(len(KINDS))) * 2
    assert batch.facts(replications=[1]).column("replication").unique().to_pylist() == [1]


@pytest.mark.parametrize("at_once", [1, 2, 3, 7])
def test_facts_in_parts_are_the_facts(tmp_path: Path, at_once: int) -> None:
    """However few replications are read at a time, the parts put together are the whole table, each row once.

    Parts ascend whatever the order and the size of the shards, and a replication without facts is in its part.
    """
    batch = kept(tmp_path / "b", {2: log_of(2), 4: full_log(4), 6: []}, {0: full_log(0)}, {1: [], 5: full_log(5)})
    kinds, order = ["HazardFired", "ControlChanged"], [("replication", "ascending"), ("seq", "ascending")]
    for given in ({}, {"columns": ["time_s", "place"]}, {"replications": [5, 0, 2, 6]}):
        numbers, tables = zip(*batch.facts_in_parts(kinds, at_once=at_once, **given), strict=True)
        whole = batch.facts(kinds, **given)
        assert [number for part in numbers for number in part] == sorted(given.get("replications", [0, 1, 2, 4, 5, 6]))
        assert all(len(part) == at_once for part in numbers[:-1])
        assert [row for table in tables for row in table.sort_by(order).to_pylist()] == whole.to_pylist()
        assert all(table.column_names == whole.column_names for table in tables)
        owners = [table.column("replication").to_pylist() for table in tables]
        assert all(set(own) <= set(part) for own, part in zip(owners, numbers, strict=True))


def test_reading_in_parts_loads_no_pandas(tmp_path: Path) -> None:
    """Whoever compares batches waits for nothing that only notebooks need."""
    kept(tmp_path / "b", {0: full_log(0)}, {1: full_log(1)})
    code = (
        "import sys\n"
        "import sim.observation\n"
        "from sim.store import open_batch\n"
        "batch = open_batch(sys.argv[1])\n"
        "print(sum(table.num_rows for _, table in batch.facts_in_parts(['HazardFired'], [0, 1], ['time_s'])))\n"
        "print(batch.outcomes().num_rows, 'pandas' in sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran: Any = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "b")], capture_output=True, text=True, env=environment, check=False
    )
    assert (ran.stderr, ran.stdout.split()) == ("", ["2", "2", "False"])


def test_facts_come_in_order_however_shards_lie(tmp_path: Path) -> None:
    """A replication that was tried again lies in a shard after its neighbours; its facts stand between theirs."""
    batch = kept(tmp_path / "b", {0: full_log(0), 3: full_log(3)}, {1: full_log(1)}, {2: full_log(2)})
    table = batch.facts(["HazardFired", "ControlChanged"])
    assert table.column("replication").to_pylist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_parts_take_no_more_memory_however_many_there_are(tmp_path: Path) -> None:
    """The last of thirty parts leaves no more in memory than the first."""
    batch = kept(tmp_path / "b", *({number: full_log(number)} for number in range(30)))
    before = pa.total_allocated_bytes()
    held = [pa.total_allocated_bytes() - before for _ in batch.facts_in_parts(at_once=1)]
    assert len(held) == 30
    assert 0 < max(held) <= 2 * held[0]


def test_a_word_has_one_type_in_all_kinds(tmp_path: Path) -> None:
    """What a column is called is what the field is called, in every kind that has it."""
    batch = kept(tmp_path / "b", {0: full_log(0)})
    for kind in KINDS.values():
        assert set(kind.__struct_fields__) - {"values", "places"} <= {
            *batch.facts([kind.__name__]).column_names,
            "places",
        }


def test_nothing_of_a_kind_is_an_empty_table_with_its_columns(tmp_path: Path) -> None:
    """A kind that never happened, or a batch without a single fact, is no error."""
    batch = kept(tmp_path / "b", {0: log_of(0)}, {1: []})
    assert batch.facts(["ControlChanged"]).num_rows == 0
    assert "place" in batch.facts(["ControlChanged"]).column_names
    empty = kept(tmp_path / "empty")
    assert empty.facts(["ControlChanged"]).num_rows == 0
    assert (empty.replications, empty.outcomes().num_rows, empty.values().num_rows, empty.daily().num_rows) == (0,) * 4


def test_outcomes_say_how_each_replication_ended(tmp_path: Path) -> None:
    """One row each, in their order: the hash of the log, or stage, type and message of the failure."""
    batch = kept(tmp_path / "b", {2: full_log(2), 3: []}, {0: full_log(0)})
    rows = batch.outcomes().to_pylist()
    assert [row["replication"] for row in rows] == [0, 2, 3]
    assert [row["status"] for row in rows] == ["done", "done", "failed"]
    assert rows[1]["sha256"] == eventlog.sha256(full_log(2))
    assert (rows[1]["facts"], rows[1]["kernel_events"], rows[1]["draw"]) == (len(KINDS), 7, 2)
    assert (rows[2]["error_stage"], rows[2]["error_type"], rows[2]["error_message"]) == ("run", "Impossible", "no")
    assert rows[0]["error_type"] is None
    assert batch.replications == 3


def test_values_are_a_column_per_path(tmp_path: Path) -> None:
    """A row per replication, the paths in their order; a path that a replication does not have is null."""
    first = log_of(0, values=(("b.y", 0.1), ("a.x", -0.0)))
    second = log_of(1, values=(("a.x", 3.0),))
    table = kept(tmp_path / "b", {1: second}, {0: first}).values()
    assert table.column_names == ["replication", "draw", "a.x", "b.y"]
    assert table.to_pylist() == [
        {"replication": 0, "draw": 0, "a.x": -0.0, "b.y": 0.1},
        {"replication": 1, "draw": 1, "a.x": 3.0, "b.y": None},
    ]


def test_days_are_kept_with_their_replication(tmp_path: Path) -> None:
    """What a sampler saw of each day is a table of its own."""
    table = kept(tmp_path / "b", {1: full_log(1)}, {0: full_log(0)}, days=DAYS).daily()
    assert table.column_names == ["replication", *DailyRow._fields]
    assert table.num_rows == 2 * len(DAYS)
    assert table.slice(0, 1).to_pylist() == [{"replication": 0, **DAYS[0]._asdict()}]
    assert table.column("replication").to_pylist() == [0] * 4 + [1] * 4


def test_two_batches_have_one_hash_exactly_if_all_their_logs_are_equal(tmp_path: Path) -> None:
    """How replications were cut into shards does not matter; one changed fact does."""
    one = kept(tmp_path / "1", {0: full_log(0), 1: full_log(1)})
    two = kept(tmp_path / "2", {1: full_log(1)}, {0: full_log(0)})
    other = kept(tmp_path / "3", {0: full_log(0), 1: full_log(1)[:-1]})
    assert one.sha256 == two.sha256
    assert one.sha256 != other.sha256


def test_what_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    """A wrong kind, a wrong replication, a failed one: each error says what there is instead."""
    batch = kept(tmp_path / "b", {0: full_log(0), 4: []})
    with pytest.raises(StoreError, match="no kind of fact 'ControlChange'; did you mean 'ControlChanged'"):
        batch.facts(["ControlChange"])
    with pytest.raises(StoreError, match="there is no replication 9; it holds 2, up to 4"):
        batch.log(9)
    with pytest.raises(StoreError, match="replication 4 failed and has no log"):
        batch.log(4)


def test_a_damaged_or_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is gone, cut short or changed in place is an error that names it, never other data."""
    batch = kept(tmp_path / "b", {0: full_log(0)})
    path = next((tmp_path / "b" / "facts").iterdir())
    whole = path.read_bytes()
    times = pq.read_metadata(path).row_group(0).column(ENVELOPE.index("time_s"))
    last = times.data_page_offset + times.total_compressed_size - 1
    path.write_bytes(whole[:last] + bytes([whole[last] ^ 0xFF]) + whole[last + 1 :])
    with pytest.raises(StoreError, match=r"0000000-0000000\.parquet is damaged"):
        batch.facts()
    path.write_bytes(whole[:-1])
    with pytest.raises(StoreError, match=r"parquet has \d+ bytes instead of \d+"):
        batch.log(0)
    path.unlink()
    with pytest.raises(StoreError, match="parquet is missing; restore it from a copy"):
        batch.log(0)


def test_duckdb_pandas_and_arrow_read_a_batch_without_this_program(tmp_path: Path) -> None:
    """The folders of a batch are plain Parquet: typed columns, one row per fact."""
    kept(tmp_path / "b", {0: full_log(0), 1: full_log(1)}, {2: full_log(2)}, days=DAYS)
    query = f"SELECT kind, count(*), max(place) FROM '{tmp_path}/b/facts/*.parquet' WHERE firing IS NULL GROUP BY kind"
    rows = duckdb.execute(query).fetchall()
    control = next(fact for fact in full_log(0) if isinstance(fact, ControlChanged))
    assert ("ControlChanged", 3, control.place) in rows
    assert len(rows) == len(KINDS) - 1
    frame = pd.read_parquet(tmp_path / "b" / "facts", columns=["kind", "rate_per_day"])
    hazard = next(fact for fact in full_log(0) if isinstance(fact, HazardChanged))
    assert set(frame[frame["kind"] == "HazardChanged"]["rate_per_day"]) == {hazard.rate_per_day}
    table = ds.dataset(tmp_path / "b" / "values").to_table()
    assert sorted(table.to_pylist(), key=lambda row: row["replication"])[2]["path"] == "a.b"
    assert ds.dataset(tmp_path / "b" / "daily").count_rows() == 3 * len(DAYS)


def test_a_batch_is_read_without_simpy(tmp_path: Path) -> None:
    """Reading needs nothing that makes history: it works where SimPy cannot even be imported."""
    kept(tmp_path / "b", {0: full_log(0)})
    code = (
        "import sys\n"
        "sys.modules['simpy'] = None\n"
        "from sim.store import open_batch\n"
        "batch = open_batch(sys.argv[1])\n"
        "print(len(batch.log(0)), batch.facts().num_rows, batch.scenario.scenario.id)\n"
        "assert not {'sim.engine', 'sim.batch', 'sim.world'} & sys.modules.keys()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran: Any = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "b")], capture_output=True, text=True, env=environment, check=False
    )
    assert ran.stderr == ""
    assert ran.stdout.split()[:2] == [str(len(KINDS))] * 2


def test_a_reader_sees_what_is_committed_when_it_opens(tmp_path: Path) -> None:
    """A batch opened while it grows shows whole shards only, and more when it is opened again."""
    before = kept(tmp_path / "b", {0: full_log(0)})
    after = kept(tmp_path / "b", {1: full_log(1)})
    assert (before.replications, after.replications) == (1, 2)
    assert before.facts(["HazardFired"]).num_rows == 1
    assert open_batch(str(tmp_path / "b")).log(1) == full_log(1)


def test_outcomes_of_before_replications_were_checked_are_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch without the column ``checked`` is read as one in which no replication was."""
    old = tables.OUTCOME_SCHEMA.remove(tables.OUTCOME_SCHEMA.get_field_index("checked"))
    monkeypatch.setattr(tables, "OUTCOME_SCHEMA", old)
    batch = kept(tmp_path, {0: full_log(0)}, {1: full_log(1), 2: []})
    assert batch.outcomes().column("checked").to_pylist() == [False, False, False]
    assert batch.checked() == (0, 0)


@pytest.mark.parametrize("key", ["reported", "sources", "references", "geography.relief", "geography.zones"])
@pytest.mark.parametrize("way", ["../../secret.json", "/etc/hostname", "link.json"])
def test_a_batch_from_anybody_reads_no_file_outside_itself(tmp_path: Path, key: str, way: str) -> None:
    """A manifest that names files outside its assets, or a link that leads out of them, is refused as what it is."""
    folder = tmp_path / "batch"
    kept(folder, {0: full_log(0)})
    (tmp_path / "secret.json").write_text("{}")
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "link.json").symlink_to(tmp_path / "secret.json")
    manifest = read_manifest(folder)
    part, _, name = key.rpartition(".")
    (manifest["scenario"].setdefault(part, {}) if part else manifest["scenario"])[name] = way
    write_manifest(folder, manifest)
    with pytest.raises(ProblemsFound, match="do not trust this batch") as raised:
        open_batch(folder).scenario  # noqa: B018 - it is read when it is asked for
    assert raised.value.problems[0].path == key
