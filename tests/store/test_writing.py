"""How a batch comes to be on disk: committed whole or not at all, by one writer, and gone on with as what it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.domain.facts import SCHEMA_VERSION, HazardFired, RunEnded
from sim.errors import Impossible, StoreError
from sim.scenario import load_scenario
from sim.store import open_batch
from sim.store.durable import Ledger, write_flushed, write_whole
from sim.store.manifest import copy_assets
from sim.store.shards import TABLES, ShardWriter
from sim.store.tables import DONE, Outcome
from sim.store.writing import writing
from tests.store.kept import full_log, kept, log_of, manifest_of, shard_of, small_scenario
from tests.store.strategies import plain
from tests.worlds import REFERENCE, REPOSITORY, TWO_VALLEYS


def test_a_shard_that_was_not_committed_never_happened(tmp_path: Path) -> None:
    """Finished files under their unfinished names are no part of the batch, and the next writer removes them."""
    with writing(tmp_path / "b", manifest_of(), small_scenario()) as writer:
        writer.commit(shard_of(tmp_path / "b", {0: full_log(0)}))
        shard_of(tmp_path / "b", {1: full_log(1)})
    assert len(list((tmp_path / "b" / "facts").iterdir())) == 2
    assert open_batch(tmp_path / "b").replications == 1
    with writing(tmp_path / "b", manifest_of(), small_scenario()) as writer:
        assert writer.done == {0}
        assert [len(list((tmp_path / "b" / table).iterdir())) for table in TABLES] == [1] * len(TABLES)


def test_the_ledger_decides_and_not_a_file(tmp_path: Path) -> None:
    """A shard whose files have their names but which no line of the ledger names does not exist."""
    kept(tmp_path / "b", {0: full_log(0)}, {1: full_log(1)})
    ledger = tmp_path / "b" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().splitlines(keepends=True)[0])
    batch = open_batch(tmp_path / "b")
    assert batch.replications == 1
    with pytest.raises(StoreError, match="there is no replication 1"):
        batch.log(1)


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_last_line_without_its_end_was_never_written(tmp_path: Path, cut: int) -> None:
    """A writer that died while it wrote to the ledger loses that line only; the next one goes on before it."""
    kept(tmp_path / "b", {0: full_log(0)}, {1: full_log(1)})
    ledger = tmp_path / "b" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-cut])
    assert open_batch(tmp_path / "b").replications == 1
    batch = kept(tmp_path / "b", {1: full_log(1)})
    assert (batch.replications, batch.log(1)) == (2, full_log(1))


def test_a_changed_line_of_the_ledger_is_found(tmp_path: Path) -> None:
    """Every line has its own checksum: a single changed character is an error with the line's number and place."""
    kept(tmp_path / "b", {0: full_log(0)}, {1: full_log(1)})
    ledger = tmp_path / "b" / "ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    digest = open_batch(tmp_path / "b").outcomes().column("sha256")[1].as_py().encode()
    ledger.write_bytes(lines[0] + lines[1].replace(digest, digest[::-1]))
    with pytest.raises(StoreError, match=rf"ledger\.jsonl: line 2 \(byte {len(lines[0])}\) is damaged"):
        open_batch(tmp_path / "b")
    ledger.write_bytes(b"\x00" + lines[0][1:] + lines[1])
    with pytest.raises(StoreError, match=r"ledger\.jsonl: line 1 \(byte 0\) is damaged"):
        open_batch(tmp_path / "b")


def test_a_ledger_gives_back_its_lines(tmp_path: Path) -> None:
    """Lines come back in the order in which they were committed; a ledger that is not there has none."""
    ledger = Ledger(tmp_path / "ledger.jsonl")
    assert list(ledger.read()) == []
    for number in range(3):
        ledger.append({"shard": f"}}\n{number}", "größe": number})
    assert [line["größe"] for line in Ledger(tmp_path / "ledger.jsonl").read()] == [0, 1, 2]


def test_a_file_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a file is written, what was there before stays; if writing fails, it stays for good."""
    path = tmp_path / "file"
    write_whole(path, b"before")

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space left on device"):
            write_whole(path, b"after")
    assert path.read_bytes() == b"before"
    write_whole(path, b"after")
    assert path.read_bytes() == b"after"


def test_a_write_that_takes_less_than_it_was_given_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may write a part only; the rest follows until all of it is written."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data[:3])))
    write_flushed(tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_a_second_writer_is_told_who_holds_the_batch(tmp_path: Path) -> None:
    """Two processes never write to one batch."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from sim.store.durable import sole_writer\n"
        "with sole_writer(Path(sys.argv[1])):\n"
        "    print('written')\n"
    )
    second = [sys.executable, "-c", code, str(tmp_path / "b")]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with writing(tmp_path / "b", manifest_of(), small_scenario()):
        ran = subprocess.run(second, capture_output=True, text=True, env=environment, check=False)
        assert f"process {os.getpid()} on" in ran.stderr
        assert "is writing to this batch; wait for it or choose another directory" in ran.stderr
    ran = subprocess.run(second, capture_output=True, text=True, env=environment, check=False)
    assert (ran.stdout, ran.returncode) == ("written\n", 0)


@pytest.mark.parametrize(
    ("given", "difference"),
    [
        ({"seed": 2}, "seed: 1 there, 2 now"),
        ({"per_draw": 4}, "per_draw: 1 there, 4 now"),
        ({"design": "lhs", "vary": ["a=1:2"], "design_draws": 10}, "vary: .* there, .*'a=1:2'.* now"),
        ({"scenario": load_scenario(TWO_VALLEYS, ["movement.time_factor=2"])}, r"movement\.time_factor\S*: .* now"),
    ],
)
def test_a_batch_is_gone_on_with_only_as_the_batch_that_it_is(
    tmp_path: Path, given: dict[str, Any], difference: str
) -> None:
    """Another seed, scenario or design is refused with the fields that differ; the batch stays as it is."""
    kept(tmp_path / "b", {0: full_log(0)})
    with (
        pytest.raises(StoreError, match=f"holds another batch(.|\n)*{difference}"),
        writing(tmp_path / "b", manifest_of(**given), small_scenario()),
    ):
        pass
    assert open_batch(tmp_path / "b").log(0) == full_log(0)


def test_a_batch_of_another_version_is_not_gone_on_with(tmp_path: Path) -> None:
    """Another version of the program may give other histories, so they do not go into one batch."""
    kept(tmp_path / "b", {0: full_log(0)})
    newer = manifest_of()
    newer["versions"] = {**newer["versions"], "sim": "99.0"}
    with (
        pytest.raises(StoreError, match=r"version of sim: .* there, 99\.0 now"),
        writing(tmp_path / "b", newer, small_scenario()),
    ):
        pass


def test_what_no_run_reads_is_brought_up_to_date(tmp_path: Path) -> None:
    """A title or the observation model may change while a batch grows; the last word counts for its readers."""
    kept(tmp_path / "b", {0: full_log(0)})
    changed = small_scenario().model_copy(update={"given_argued": {"some-event": "because"}})
    with writing(tmp_path / "b", manifest_of(changed, replications=20), changed) as writer:
        assert writer.done == {0}
    batch = open_batch(tmp_path / "b")
    assert batch.scenario.given_argued == {"some-event": "because"}
    assert batch.manifest["replications"] == 20


def test_a_directory_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    """A batch is made in an empty or a new directory, so that nothing is ever mixed or overwritten."""
    (tmp_path / "letters.txt").write_text("dear")
    with (
        pytest.raises(StoreError, match=r"holds letters\.txt and no batch; choose an empty or a new directory"),
        writing(tmp_path, manifest_of(), small_scenario()),
    ):
        pass
    with (
        pytest.raises(StoreError, match="is a file; choose a directory"),
        writing(tmp_path / "letters.txt", manifest_of(), small_scenario()),
    ):
        pass


def test_a_directory_without_a_batch_is_said_to_be_one(tmp_path: Path) -> None:
    """Opening what is no batch, a damaged manifest, or a later version's batch: each in its own words."""
    with pytest.raises(StoreError, match="holds no batch: there is no manifest"):
        open_batch(tmp_path)
    with pytest.raises(StoreError, match="holds no batch: there is no manifest"):
        open_batch(tmp_path / "nowhere")
    kept(tmp_path / "b", {0: full_log(0)})
    path = tmp_path / "b" / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "schema_version": SCHEMA_VERSION + 1}))
    with pytest.raises(StoreError, match=f"schema version {SCHEMA_VERSION + 1}; this program reads"):
        open_batch(tmp_path / "b")
    path.write_text('{"store_version": 1')
    with pytest.raises(StoreError, match=r"manifest\.json is damaged"):
        open_batch(tmp_path / "b")


def test_a_log_must_be_that_of_its_replication(tmp_path: Path) -> None:
    """A log without its beginning, of another replication or with a gap is refused before it is stored."""
    writer = ShardWriter(tmp_path)
    for log in (full_log(0)[1:], full_log(1), [*log_of(0), plain(RunEnded, 2)]):
        with pytest.raises(ValueError, match="this is not the log of replication 0"):
            writer.add(Outcome(0, 0, DONE, "", len(log)), log)


def test_a_log_that_does_not_come_back_as_it_was_is_a_defect(tmp_path: Path) -> None:
    """The first log of each shard is read back before anything is written: a wrong type does not slip through."""
    for table in TABLES:
        (tmp_path / table).mkdir()
    with pytest.raises(Impossible, match="the log of replication 0 does not come back from its columns"):
        shard_of(tmp_path, {0: log_of(0, plain(HazardFired, 1, firing=True))})


def test_the_files_that_a_scenario_names_are_kept_beside_its_batch(tmp_path: Path) -> None:
    """Map, reported timeline and sources are copied under their names: reading needs nothing else."""
    scenario = load_scenario(REFERENCE)
    copy_assets(scenario, tmp_path)
    assert scenario.folder is not None
    for name in (scenario.reported, scenario.sources, scenario.references, scenario.geography.zones):
        assert name is not None
        assert (tmp_path / "assets" / name).read_bytes() == (scenario.folder / name).read_bytes()
    assert scenario.geography.relief is not None
    assert (tmp_path / "assets" / scenario.geography.relief).with_suffix(".json").is_file()
