"""A batch that is not what was written is found out: every damaged byte, cut, missing or foreign file."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from sim import load_scenario, open_batch
from sim.batch import run_batch
from sim.batch.running import replay_share
from sim.errors import StoreError
from sim.store.durable import BLOCK_BYTES, Ledger, block_sums, first_damaged
from sim.store.integrity import Inspection, inspect
from sim.store.manifest import read_manifest, write_manifest
from sim.store.salvage import salvage
from tests.worlds import TWO_VALLEYS

N = 20


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty histories of the two valleys in two shards."""
    folder = tmp_path_factory.mktemp("batches") / "valleys"
    run_batch(load_scenario(TWO_VALLEYS), folder, replications=N, seed=1, workers=1)
    return folder


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A single history of two days, so that every byte of the batch can be tried."""
    folder = tmp_path / "tiny"
    two_days = load_scenario(TWO_VALLEYS, ["scenario.end=2030-05-03T00:00+02:00"])
    run_batch(two_days, folder, replications=1, seed=1, workers=1, check_every=0)
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    """A copy of it that may be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "copy"))


def files(folder: Path) -> list[Path]:
    """Return the files of a batch that say something."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".writer"]


def noticed(folder: Path) -> Inspection:
    """Look at a batch, which must not be called sound without a word."""
    found = inspect(folder)
    assert found.findings or found.notes
    return found


def test_a_whole_batch_is_found_whole(whole: Path) -> None:
    """Every file and log is counted, and nothing is found."""
    found = inspect(whole)
    assert (found.findings, found.notes) == ([], [])
    assert (found.files, found.shards, found.logs, found.failed) == (8, 2, N, 0)
    assert found.facts == sum(row["facts"] for row in open_batch(whole).outcomes().to_pylist())
    assert found.bytes == sum(path.stat().st_size for path in files(whole) if path.suffix == ".parquet")


def flips(folder: Path, count: int) -> int:
    """Flip single bits of a batch, one at a time, and ask each time; return how many were placed to their block."""
    choose, placed = random.Random(1), 0
    paths = files(folder)
    sizes = [path.stat().st_size for path in paths]
    for _ in range(count):
        (path,) = choose.choices(paths, sizes)
        good = path.read_bytes()
        at = choose.randrange(len(good))
        bad = bytearray(good)
        bad[at] ^= 1 << choose.randrange(8)
        path.write_bytes(bad)
        found = inspect(folder)
        path.write_bytes(good)
        name = str(path.relative_to(folder))
        assert [finding.file for finding in found.findings if finding.file == name], (name, at)
        if path.suffix == ".parquet":
            (finding,) = found.findings
            assert finding.byte <= at < finding.byte + BLOCK_BYTES
            placed += 1
    return placed


def test_every_flipped_bit_is_found_and_placed(copy: Path) -> None:
    """Whichever bit of whichever file is wrong: the file is named, of a table also the block."""
    assert flips(copy, 30) > 10
    assert not inspect(copy).findings


def test_a_manifest_whose_checksum_bears_another_name_is_damaged(tiny: Path) -> None:
    """One flipped bit in the name of the checksum does not make a manifest of those that had none."""
    path = tiny / "manifest.json"
    good = path.read_bytes()
    path.write_bytes(good.replace(b'"sha256": "', b'"sha257": "'))
    assert [finding.file for finding in inspect(tiny).findings] == ["manifest.json"]
    path.write_bytes(good)


@pytest.mark.long  # ten thousand damaged batches
def test_ten_thousand_flipped_bits_are_found(tiny: Path) -> None:
    """The same ten thousand times."""
    placed = flips(tiny, 10_000)
    assert not inspect(tiny).findings
    print(f"\n10,000 bit flips found, {placed:,} of them placed to a block of {BLOCK_BYTES} bytes")


def cuts(folder: Path, step: int) -> int:
    """Cut every file of a batch off at every so many bytes, and ask each time; return how often."""
    tried = 0
    for path in files(folder):
        good = path.read_bytes()
        for length in range(0, len(good), step):
            path.write_bytes(good[:length])
            found = noticed(folder)
            if path.suffix == ".parquet":
                assert [finding.file for finding in found.findings] == [str(path.relative_to(folder))]
            tried += 1
        path.write_bytes(good)
    return tried


def test_a_file_that_is_cut_off_is_noticed_wherever_that_is(copy: Path) -> None:
    """Half a table, half a manifest, a ledger without its last lines: something is said each time."""
    assert cuts(copy, 5_999) > 15
    assert not inspect(copy).findings


@pytest.mark.long  # a file is read for every byte that it has
def test_every_point_at_which_a_file_can_be_cut_off_is_noticed(tiny: Path) -> None:
    """The same at every byte of every file."""
    everything = sum(path.stat().st_size for path in files(tiny))
    tried = cuts(tiny, 1)
    assert not inspect(tiny).findings
    assert tried == everything
    print(f"\nall {tried:,} points at which a file can be cut off noticed")


def test_a_file_that_is_gone_and_one_that_is_foreign_are_named(copy: Path) -> None:
    """A missing table is damage; a file that no line of the ledger names is a note."""
    (gone, *_) = (copy / "daily").glob("*")
    gone.rename(gone.with_name("0000100-0000109.parquet"))
    found = inspect(copy)
    assert [str(finding) for finding in found.findings] == [
        f"daily/{gone.name}: cannot be read: No such file or directory"
    ]
    assert "daily/: 1 files that no line of the ledger names, such as 0000100-0000109.parquet" in found.notes


def test_a_log_that_is_not_the_one_of_its_hash_is_named(copy: Path) -> None:
    """Also where files and ledger agree: the hash of each log is made anew."""
    ledger = Ledger(copy / "ledger.jsonl")
    lines = list(ledger.read())
    lines[0]["replications"]["3"] = "0" * 64
    ledger.path.unlink()
    for line in lines:
        ledger.append(line)
    assert [finding.what for finding in inspect(copy).findings] == ["the log of replication 3 has another hash"]


def test_histories_that_come_out_otherwise_are_found_by_playing_them_again(copy: Path) -> None:
    """A manifest that tells another seed passes every checksum, and not the replay."""
    manifest = read_manifest(copy)
    write_manifest(copy, {**manifest, "seed": 2})
    assert not inspect(copy).findings
    again = dict(replay_share(open_batch(copy), 0.2))
    assert len(again) == 4
    assert not any(again.values())
    write_manifest(copy, manifest)
    assert all(dict(replay_share(open_batch(copy), 0.2)).values())


def test_what_is_whole_is_salvaged_and_the_rest_is_run_again(copy: Path, whole: Path, tmp_path: Path) -> None:
    """The damaged batch stays as it is; the new one, gone on with, is the old one."""
    (table, *_) = sorted((copy / "facts").glob("*"))
    data = bytearray(table.read_bytes())
    data[100] ^= 1
    table.write_bytes(data)
    kept = salvage(copy, tmp_path / "kept")
    assert (kept.kept, kept.missing) == (10, tuple(range(10)))
    assert table.read_bytes() == data
    assert not inspect(tmp_path / "kept").findings
    done = run_batch(load_scenario(TWO_VALLEYS), tmp_path / "kept", replications=N, seed=1, workers=1)
    assert done.sha256 == open_batch(whole).sha256


def test_a_salvage_overwrites_nothing_and_needs_to_know_of_what_the_batch_was(copy: Path, tmp_path: Path) -> None:
    """A directory that holds something is refused; so is a batch whose manifest cannot be read."""
    with pytest.raises(StoreError, match="is not empty"):
        salvage(copy, copy)
    (copy / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match=r"manifest\.json is damaged"):
        salvage(copy, tmp_path / "kept")


def test_checksums_of_blocks_place_a_difference() -> None:
    """The first block that differs, also where bytes are missing or too many; nothing where nothing is known."""
    data = bytes(range(256)) * 64
    sums = block_sums(data)
    assert first_damaged(data, sums) is None
    assert first_damaged(data, "") is None
    for at in (0, BLOCK_BYTES - 1, BLOCK_BYTES, 3 * BLOCK_BYTES + 5):
        bad = bytearray(data)
        bad[at] ^= 255
        assert first_damaged(bytes(bad), sums) == at // BLOCK_BYTES * BLOCK_BYTES
    assert first_damaged(data[:-1], sums) == 3 * BLOCK_BYTES
    assert first_damaged(data + b"x", sums) == 4 * BLOCK_BYTES


def test_a_manifest_of_before_it_had_a_checksum_is_still_read(copy: Path) -> None:
    """Without the last entry nothing is compared."""
    path = copy / "manifest.json"
    manifest = json.loads(path.read_bytes())
    del manifest["sha256"]
    path.write_text(json.dumps(manifest))
    assert read_manifest(copy)["seed"] == 1


def test_a_ledger_that_lost_lines_is_found_out_and_nothing_is_swept_away(copy: Path) -> None:
    """More whole shards than a dying writer can leave, and no line about them: a finding, and no writer goes on."""
    before = {path: path.read_bytes() for path in files(copy) if path.suffix == ".parquet"}
    (copy / "ledger.jsonl").unlink()
    found = inspect(copy)
    assert [finding.file for finding in found.findings] == ["ledger.jsonl"]
    assert "2 whole shards are in none of them" in found.findings[0].what
    with pytest.raises(StoreError, match="lines of it are lost; restore it from a copy"):
        run_batch(load_scenario(TWO_VALLEYS), copy, replications=N, seed=1, workers=1)
    assert before == {path: path.read_bytes() for path in files(copy) if path.suffix == ".parquet"}
