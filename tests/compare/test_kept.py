"""What comparisons keep beside a batch: it saves work, and never changes what is found."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from sim import load_scenario, run_batch
from sim.compare import compare, compare_variants, keep_found_out
from sim.compare.kept import FOLDER, KEPT_WAYS, Shelf
from sim.scenario.reported import load_reported
from sim.store import Batch, open_batch
from tests.compare.memory import MemoryBatch
from tests.compare.test_compare import TIMELINE, WITNESS, campaigns
from tests.observation.toy import scenario

kept = importlib.import_module("sim.compare.kept")
spans = importlib.import_module("sim.compare.spans")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The replications whose facts are read from now on."""
    found: list[int] = []
    read = spans.read_history

    def noted(table: Any, world: Any, replications: Any, draws: Any) -> Any:
        found.extend(replications)
        return read(table, world, replications, draws)

    monkeypatch.setattr(spans, "read_history", noted)
    monkeypatch.setattr(spans, "AT_ONCE", 7)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven histories of the scenario that has a reported timeline."""
    path = next((Path(__file__).parents[2] / "scenarios").glob("*/reported.yaml")).with_name("scenario.yaml")
    folder = tmp_path_factory.mktemp("made") / "batch"
    return run_batch(load_scenario(path), folder, replications=7, seed=1, workers=1).directory


@pytest.fixture
def batch(made: Path, tmp_path: Path) -> Batch:
    """Those histories, in a folder that a test may write to."""
    return open_batch(shutil.copytree(made, tmp_path / "batch"))


def judged(folder: Path | None, logs: Any = None, claimants: Any = None) -> Any:
    world = scenario(claimants or WITNESS)
    batch = MemoryBatch(world, logs or campaigns(), directory=folder)
    return compare(batch, load_reported(TIMELINE, world)).to_json()


def test_what_was_found_out_once_is_not_found_out_again(tmp_path, asked):
    """The second comparison reads no facts, and finds the same to the last digit."""
    first = judged(tmp_path)
    assert asked
    asked.clear()
    assert judged(tmp_path) == first == judged(None) | {"variants_compared": first["variants_compared"]}
    assert asked == list(range(len(campaigns())))  # by the batch that has no folder


def test_only_new_replications_are_looked_at(tmp_path, asked):
    """A batch that has grown is looked at where it is not as it was."""
    logs = campaigns()
    judged(tmp_path, logs[:14])
    asked.clear()
    judged(tmp_path, logs[:20])
    assert asked == list(range(14, 20))


def test_another_log_under_the_same_number_is_looked_at(tmp_path, asked):
    """What is kept bears the hash of its logs, not only their numbers."""
    logs = campaigns()
    judged(tmp_path, logs)
    asked.clear()
    other = judged(tmp_path, logs[::-1])
    assert asked == list(range(len(logs)))
    assert other == judged(None, logs[::-1]) | {"variants_compared": other["variants_compared"]}


def test_other_claimants_are_asked_anew(tmp_path, asked):
    """Another way to tell the same campaigns keeps its own, and the first is still there."""
    judged(tmp_path)
    asked.clear()
    judged(tmp_path, claimants={"eye": WITNESS["eye"]})
    assert asked
    asked.clear()
    judged(tmp_path)
    assert not asked


def test_another_program_finds_out_for_itself(tmp_path, asked, monkeypatch):
    """Nothing is taken over from a program that is not this one to the byte."""
    judged(tmp_path)
    asked.clear()
    monkeypatch.setattr(kept, "program_sha256", lambda: "another")
    judged(tmp_path)
    assert asked


@pytest.mark.parametrize("damage", [b"", b"PK no archive", None], ids=["empty", "rubbish", "a byte changed"])
def test_what_is_damaged_is_found_out_again(tmp_path, asked, damage):
    """A kept part that is not as it was written is as good as none, and is put right."""
    first = judged(tmp_path)
    [*files] = (tmp_path / FOLDER).glob("*/*.part")
    for file in files:
        whole = file.read_bytes()
        middle = len(whole) // 2
        changed = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        file.write_bytes(changed if damage is None else damage)
    asked.clear()
    assert judged(tmp_path) == first
    assert asked == list(range(len(campaigns())))
    asked.clear()
    assert judged(tmp_path) == first
    assert not asked


def test_old_ways_make_room(tmp_path):
    """No more than a few ways to look at a batch are kept; those kept longest ago go."""
    shelves = [Shelf.of(tmp_path, [str(number)]) for number in range(KEPT_WAYS + 2)]
    for shelf in shelves:
        shelf.put("part", {"so": [1, 2]})
    assert len(list((tmp_path / FOLDER).iterdir())) == KEPT_WAYS
    assert shelves[-1].get("part") is not None


def test_a_batch_that_cannot_be_written_to_is_compared_all_the_same(tmp_path, asked):
    """Where nothing can be kept the comparison is the same, and says nothing of it."""
    (tmp_path / FOLDER).write_text("in the way")
    first = judged(tmp_path)
    assert judged(tmp_path) == first


def test_processes_find_out_the_same(batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two processes with a part each find out what one process does with both."""
    alone = compare(batch, ledger=tmp_path).to_json()
    for file in (batch.directory / FOLDER).glob("*/*.part"):
        file.unlink()
    monkeypatch.setattr(spans, "AT_ONCE", 3)
    told: list[tuple[int, int]] = []
    both = compare(batch, ledger=tmp_path, workers=2, progress=lambda done, total: told.append((done, total)))
    assert both.to_json() == alone
    assert told[0] == (0, batch.replications)
    assert told[-1] == (batch.replications, batch.replications)
    assert len(list((batch.directory / FOLDER).glob("*/*.part"))) == -(-batch.replications // 3)


def test_it_is_found_out_beforehand(batch: Batch, tmp_path: Path, asked: list[int]):
    """What a finished batch keeps serves its comparison, and its comparison with another one."""
    keep_found_out(batch)
    asked.clear()
    compare(open_batch(batch.directory), ledger=tmp_path)
    compare_variants(open_batch(batch.directory), open_batch(batch.directory), ledger=tmp_path)
    assert not asked
