"""Batches of every schema version that ever was are read, verified and told by today's program."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import open_batch
from sim.batch import fork, repeat
from sim.cli import app
from sim.domain.facts import KINDS, SCHEMA_VERSION, RunStarted
from sim.domain.fold import replay
from sim.errors import StoreError
from sim.store.integrity import inspect
from tests.store.keep_version import EARLIER, EVERY_KIND, PLAYED, fields_file, fields_now

FOLDERS = sorted(path for path in EARLIER.iterdir() if path.is_dir())
PLAYED_ONES = [path for path in FOLDERS if path.name.endswith(PLAYED)]


def version_of(folder: Path) -> int:
    """Return the schema version that a kept batch was written under."""
    return int(json.loads((folder / "manifest.json").read_text())["schema_version"])


OLDER_ONES = [path for path in PLAYED_ONES if version_of(path) < SCHEMA_VERSION]

each = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
each_played = pytest.mark.parametrize("folder", PLAYED_ONES, ids=lambda path: path.name)


def test_of_every_version_a_history_and_every_kind_of_fact_are_kept() -> None:
    """Whoever raises the version keeps batches of it: python -m tests.store.keep_version."""
    kept = {(version_of(path), path.name.endswith(EVERY_KIND)) for path in FOLDERS}
    assert kept == {(version, every) for version in range(1, SCHEMA_VERSION + 1) for every in (True, False)}


def test_no_kind_or_field_changes_without_a_new_version() -> None:
    """What stands in the logs of a version is fixed: raise SCHEMA_VERSION, add an upcaster, keep the version."""
    assert fields_now() == json.loads(fields_file(SCHEMA_VERSION).read_text())


@each
def test_every_fact_of_an_earlier_version_is_a_fact_of_today(folder: Path) -> None:
    """The logs come back as facts of known kinds, numbered from 0, the same by table and by log."""
    batch = open_batch(folder)
    table = batch.facts().select(["replication", "seq", "time_s", "kind"]).to_pylist()
    for number, log in batch.logs():
        assert [fact.seq for fact in log] == list(range(len(log)))
        assert isinstance(log[0], RunStarted)
        assert log[0].values
        assert all(type(fact) is KINDS[fact.kind] for fact in log)
        rows = [(row["seq"], row["time_s"], row["kind"]) for row in table if row["replication"] == number]
        assert rows == [(fact.seq, fact.time_s, fact.kind) for fact in log]
        assert batch.log(number) == log


@each
def test_the_batch_of_an_earlier_version_is_verified_by_its_own_hashes(folder: Path) -> None:
    """The bytes of each log are those that were hashed when it was written, though today's have more fields."""
    found = inspect(folder)
    assert found.findings == []
    assert found.logs == open_batch(folder).replications
    assert found.replayable == (version_of(folder) == SCHEMA_VERSION)


@each
def test_a_changed_number_in_an_earlier_batch_is_found(folder: Path, tmp_path: Path) -> None:
    """The hash is one of content: a log whose facts are others is not taken for the one that was written."""
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    ledger = copy / "ledger.jsonl"
    digest = open_batch(folder).hash_of(1)
    assert digest is not None
    ledger.write_text(ledger.read_text().replace(digest, "0" * 64))
    assert any("line 1 is damaged" in finding.what for finding in inspect(copy).findings)


@each_played
def test_an_earlier_history_folds_and_is_told(folder: Path, tmp_path: Path) -> None:
    """The state at the end, the log, the why and the page of an earlier batch are those of any other."""
    copy = shutil.copytree(folder, tmp_path / "copy")  # what is found out about a batch is kept in it
    batch = open_batch(copy)
    for _, log in batch.logs():
        assert replay(log).ended
    for command in (
        ["state", str(copy), "-r", "1", "--at", "4"],
        ["events", str(copy), "-r", "1", "--kind", "ControlChanged"],
        ["why", str(copy), "gate", "--across"],
        ["verify", str(copy), "--replay", "1"],
    ):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize("folder", OLDER_ONES, ids=lambda path: path.name)
def test_an_earlier_history_is_not_played_again(folder: Path) -> None:
    """Its numbers meant something to another program: to play it again or to fork it is refused, with what to do."""
    with pytest.raises(StoreError, match=r"was written under schema version [12].* cannot be played again"):
        repeat(folder, 1)
    with pytest.raises(StoreError, match="use the version that wrote it"):
        fork(folder, 1, [{"at": "2030-05-04T00:00+02:00", "set": {"movement.time_factor": 2}}])


@pytest.mark.parametrize("command", [["state", "--at", "5"], ["trace", "name-1"], ["why", "#3"]])
def test_a_log_that_no_run_can_have_written_is_called_so(command: list[str]) -> None:
    """A log that cannot be folded is somebody else's: that is said, and is no defect of the program."""
    folder = next(path for path in FOLDERS if path.name.endswith(EVERY_KIND))
    done = CliRunner().invoke(app, [command[0], str(folder), *command[1:]])
    assert done.exit_code == 1
    assert "tells what cannot be" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("part", ["store_version", "schema_version"])
def test_a_batch_of_a_later_version_is_refused(tmp_path: Path, part: str) -> None:
    """A program cannot know what a later one means, and says which versions it reads."""
    copy = tmp_path / "copy"
    shutil.copytree(FOLDERS[-1], copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest[part] = 99
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=r"99.*use the version that wrote it, or a later one"):
        open_batch(copy)
