"""What a batch promises: the same histories however it is run, nothing lost, nothing run twice, failures as records."""

from __future__ import annotations

import gc
import os
import shlex
import subprocess
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sim.batch import repeat, run_batch
from sim.domain import fold
from sim.domain.facts import ForceRaised
from sim.domain.state import State
from sim.engine import run
from sim.errors import Impossible, InputError, InvariantBroken, StoreError
from sim.scenario import load_scenario
from sim.store import open_batch
from sim.store.integrity import inspect
from tests.batch import fakes
from tests.store.kept import full_log, small_scenario
from tests.worlds import REPOSITORY, TWO_VALLEYS

_MANY = 12


def _miscounting(state: State, fact: ForceRaised) -> None:
    """Fold the raising of a force as if one more had come."""
    FOLDED[ForceRaised](state, fact)
    state.sides[fact.side].raised += 1


#: How facts are folded when nobody meddles with it.
FOLDED = dict(fold._HANDLERS)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch that one process has run."""
    directory = tmp_path_factory.mktemp("alone")
    run_batch(load_scenario(TWO_VALLEYS), directory, replications=_MANY, seed=3, workers=1)
    return directory


@pytest.mark.parametrize("frozen", [False, True])
def test_what_a_caller_keeps_from_the_collector_stays_so(tmp_path: Path, frozen: bool) -> None:
    """A batch run in the caller's own process thaws what it froze itself, and nothing that was frozen before."""
    before = gc.get_freeze_count()
    gc.unfreeze()
    try:
        if frozen:
            gc.freeze()
        run_batch(small_scenario(), tmp_path, replications=3, workers=1, maker=fakes.quiet, check_every=0)
        assert (gc.get_freeze_count() > 0) == frozen
    finally:
        gc.unfreeze()
        if before:
            gc.freeze()


def test_two_workers_give_what_one_gives(alone: Path, tmp_path: Path) -> None:
    """Every log has the same hash, and every table but for the time it took is the same."""
    one = open_batch(alone)
    two = run_batch(load_scenario(TWO_VALLEYS), tmp_path, replications=_MANY, seed=3, workers=2)
    assert two.sha256 == one.sha256
    columns = ["replication", "draw", "status", "sha256", "facts", "kernel_events"]
    assert two.outcomes().select(columns) == one.outcomes().select(columns)
    assert two.daily() == one.daily()
    assert two.values() == one.values()
    assert set(one.outcomes().column("status").to_pylist()) == {"done"}


def test_another_process_with_another_hash_seed_gives_the_same_batch(alone: Path, tmp_path: Path) -> None:
    """Nothing of a result hangs on the order in which Python happens to keep a set."""
    code = (
        "import sys\n"
        "from sim import load_scenario, run_batch\n"
        "print(run_batch(load_scenario(sys.argv[1]), sys.argv[2], replications=12, seed=3, workers=1).sha256)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(TWO_VALLEYS), str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": "1"},
        check=False,
    )
    assert ran.stderr == ""
    assert ran.stdout.strip() == open_batch(alone).sha256


def test_a_replication_of_a_batch_is_that_replication_of_a_run(alone: Path) -> None:
    """Replication 7 is the same history alone and in a batch, and its stored log is the live one."""
    live = run(load_scenario(TWO_VALLEYS), seed=3, replication=7)
    batch = open_batch(alone)
    assert batch.log(7) == live.facts
    assert batch.outcomes().column("sha256")[7].as_py() == live.sha256
    assert repeat(alone, 7).sha256 == live.sha256


def test_replications_of_one_draw_share_their_values(tmp_path: Path) -> None:
    """With R replications per draw, replication K has the values of draw K // R."""
    batch = run_batch(load_scenario(TWO_VALLEYS), tmp_path, replications=4, per_draw=2, workers=1)
    rows = batch.values().drop_columns(["replication"]).to_pylist()
    assert [row["draw"] for row in rows] == [0, 0, 1, 1]
    assert rows[0] == rows[1]
    assert rows[2] == rows[3]
    assert rows[1] != {**rows[2], "draw": 0}
    assert len(set(batch.outcomes().column("sha256").to_pylist())) == 4
    assert repeat(tmp_path, 3).draw == 1


def test_a_finished_batch_is_not_run_again(tmp_path: Path) -> None:
    """Asked for again, or for less, it gives what is there; asked for more, it runs what is missing only."""
    run_batch(small_scenario(), tmp_path, replications=15, workers=1, maker=fakes.quiet, check_every=0)
    for replications in (15, 4):
        batch = run_batch(
            small_scenario(), tmp_path, replications=replications, workers=1, maker=fakes.never, check_every=0
        )
        assert batch.replications == 15
    grown = run_batch(small_scenario(), tmp_path, replications=40, workers=1, maker=fakes.quiet, check_every=0)
    assert grown.replications == 40
    whole = run_batch(
        small_scenario(), tmp_path / "whole", replications=40, workers=1, maker=fakes.quiet, check_every=0
    )
    assert grown.sha256 == whole.sha256
    assert grown.outcomes().column("replication").to_pylist() == list(range(40))


def test_a_failed_replication_is_a_record_and_the_batch_goes_on(tmp_path: Path) -> None:
    """What it died of, where, at which stage and how to repeat it stand in its outcome; the others are whole."""
    batch = run_batch(small_scenario(), tmp_path, replications=9, workers=1, maker=fakes.failing, check_every=0)
    rows = batch.outcomes().to_pylist()
    assert [row["replication"] for row in rows if row["status"] == "failed"] == [1, 4, 5, 7]
    assert (rows[4]["error_stage"], rows[4]["error_type"]) == ("run", "Impossible")
    assert rows[4]["error_message"].startswith("there is no force 'ghost-4' (in play, fakes.py:")
    assert rows[4]["error_repeat"] == f"from sim.batch import repeat; repeat({str(tmp_path)!r}, 4)"
    assert (rows[5]["error_stage"], rows[5]["error_type"]) == ("store", "ValueError")
    assert "a HazardFired does not fit its columns" in rows[5]["error_message"]
    assert dict(batch.logs()) == {number: full_log(number) for number in (0, 2, 3, 6, 8)}
    assert batch.facts(replications=[5]).num_rows == 0


def test_an_interrupted_batch_keeps_what_was_committed(tmp_path: Path) -> None:
    """Ctrl-C ends the call and not the batch: the shards before it are whole, and it goes on from there."""
    with pytest.raises(KeyboardInterrupt):
        run_batch(small_scenario(), tmp_path, replications=30, workers=1, maker=fakes.interrupted, check_every=0)
    assert open_batch(tmp_path).replications == 10
    batch = run_batch(small_scenario(), tmp_path, replications=30, workers=1, maker=fakes.quiet, check_every=0)
    assert dict(batch.logs()) == {number: full_log(number) for number in range(30)}


def test_a_replication_that_kills_its_worker_twice_is_set_aside_and_the_batch_goes_on(tmp_path: Path) -> None:
    """Its record names the signal and how to repeat it; nothing else is lost or run twice into the batch."""
    batch = run_batch(small_scenario(), tmp_path, replications=40, workers=2, maker=fakes.killed, check_every=0)
    assert dict(batch.logs()) == {number: full_log(number) for number in range(40) if number != 29}
    (failed,) = [row for row in batch.outcomes().to_pylist() if row["status"] == "failed"]
    assert (failed["replication"], failed["error_stage"], failed["error_type"]) == (29, "worker", "WorkerLost")
    assert failed["error_message"] == "its worker was ended by SIGKILL (was there too little memory?), 2 times"
    assert failed["error_repeat"].endswith(f"repeat({str(tmp_path.resolve())!r}, 29)")


def test_a_worker_that_is_killed_once_loses_nothing(tmp_path: Path) -> None:
    """What it was at is run again by another one."""
    maker = partial(fakes.killed_once, mark=tmp_path / "killed")
    batch = run_batch(small_scenario(), tmp_path / "b", replications=40, workers=2, maker=maker, check_every=0)
    assert (tmp_path / "killed").exists()
    assert dict(batch.logs()) == {number: full_log(number) for number in range(40)}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_replication_that_never_ends_is_set_aside_after_its_time(tmp_path: Path, workers: int) -> None:
    """With a limit it is ended, tried once more, and named; the others are there."""
    batch = run_batch(
        small_scenario(), tmp_path, replications=30, workers=workers, maker=fakes.hanging, check_every=0, limit_s=2.5
    )
    (failed,) = [row for row in batch.outcomes().to_pylist() if row["status"] == "failed"]
    assert (failed["replication"], failed["error_message"]) == (7, "took longer than 2.5 s, 2 times")
    assert dict(batch.logs()) == {number: full_log(number) for number in range(30) if number != 7}


def test_a_slow_disk_is_no_fault_of_a_replication(tmp_path: Path) -> None:
    """The limit is for running one, not for writing the shard that it is in."""
    maker = partial(fakes.slow_to_write, seconds=2.5)
    batch = run_batch(small_scenario(), tmp_path, replications=3, workers=1, maker=maker, check_every=0, limit_s=1.5)
    assert [row["error_message"] for row in batch.outcomes().to_pylist()] == [None] * 3


def test_too_little_memory_is_a_failed_replication(tmp_path: Path) -> None:
    """Where Python is told that there is none it is a record like any other."""
    batch = run_batch(small_scenario(), tmp_path, replications=30, workers=2, maker=fakes.greedy, check_every=0)
    (failed,) = [row for row in batch.outcomes().to_pylist() if row["status"] == "failed"]
    assert (failed["replication"], failed["error_type"]) == (3, "MemoryError")


def test_what_failed_is_tried_again_on_request_and_not_before(tmp_path: Path) -> None:
    """Asked to, the failed ones are run again: the last word counts, in every table, and nothing else is run."""
    first = run_batch(small_scenario(), tmp_path, replications=12, workers=1, maker=fakes.failing, check_every=0)
    failed = {row["replication"] for row in first.outcomes().to_pylist() if row["status"] == "failed"}
    assert failed == {1, 4, 5, 7, 10}
    same = run_batch(small_scenario(), tmp_path, replications=12, workers=1, maker=fakes.never, check_every=0)
    assert same.sha256 == first.sha256
    again = run_batch(
        small_scenario(), tmp_path, replications=12, workers=1, maker=fakes.quiet, check_every=0, retry_failed=True
    )
    assert again.replications == 12
    assert dict(again.logs()) == {number: full_log(number) for number in range(12)}
    assert [row["status"] for row in again.outcomes().to_pylist()] == ["done"] * 12
    assert again.values().num_rows == again.outcomes().num_rows == 12
    assert sorted(set(again.facts().column("replication").to_pylist())) == list(range(12))
    assert not inspect(tmp_path).findings
    once_more = run_batch(
        small_scenario(), tmp_path, replications=12, workers=1, maker=fakes.never, check_every=0, retry_failed=True
    )
    assert once_more.sha256 == again.sha256


def test_what_fails_again_and_again_is_kept_each_time(tmp_path: Path) -> None:
    """The same replications may fail as often as they are tried; the last failure is the one that is told."""
    for _ in range(3):
        batch = run_batch(
            small_scenario(),
            tmp_path,
            replications=12,
            workers=1,
            maker=fakes.failing,
            check_every=0,
            retry_failed=True,
        )
    assert batch.outcomes().num_rows == 12
    assert not inspect(tmp_path).findings


@pytest.mark.parametrize("workers", [1, 2])
def test_a_scenario_that_cannot_be_made_ready_says_why(tmp_path: Path, workers: int) -> None:
    """What fails before the first replication is no failed replication, and no killed worker either."""
    with pytest.raises(Impossible, match="two places are one"):
        run_batch(small_scenario(), tmp_path, replications=40, workers=workers, maker=fakes.unready, check_every=0)
    assert open_batch(tmp_path).replications == 0


def test_a_full_disk_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call ends with what to do; what was committed stays."""
    run_batch(small_scenario(), tmp_path, replications=10, workers=1, maker=fakes.quiet, check_every=0)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("sim.store.shards.write_flushed", full)
        with pytest.raises(StoreError, match="cannot be written to: No space left on device; what is committed"):
            run_batch(small_scenario(), tmp_path, replications=20, workers=1, maker=fakes.quiet, check_every=0)
    assert open_batch(tmp_path).replications == 10


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_counts_what_is_committed(tmp_path: Path, workers: int) -> None:
    """It begins with what is there already and ends with all of them, never going back."""
    run_batch(small_scenario(), tmp_path, replications=10, workers=1, maker=fakes.quiet, check_every=0)
    seen: list[tuple[int, int]] = []
    run_batch(
        small_scenario(),
        tmp_path,
        replications=45,
        workers=workers,
        maker=fakes.quiet,
        check_every=0,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[0] == (10, 45)
    assert seen[-1] == (45, 45)
    assert seen == sorted(seen)
    assert len(seen) > 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"replications": 0}, "replications is 0; give at least 1"),
        ({"workers": 0}, "workers is 0; give at least 1"),
        ({"per_draw": -1}, "per_draw is -1; give at least 1"),
        ({"design": "sobol"}, "a sobol design needs something that varies"),
    ],
)
def test_arguments_that_make_no_batch_are_refused(tmp_path: Path, given: dict[str, int], message: str) -> None:
    """Nothing is written before the arguments make sense."""
    with pytest.raises(InputError, match=message):
        run_batch(small_scenario(), tmp_path / "b", **given)  # wrong on purpose
    assert not (tmp_path / "b").exists()


def test_every_nth_replication_is_checked(tmp_path: Path) -> None:
    """Replications 0, N, 2 N, ... are checked, whoever runs them; the manifest says N, and no log changes by it."""
    given: dict[str, Any] = {"replications": 7, "workers": 1}
    batch = run_batch(load_scenario(TWO_VALLEYS), tmp_path / "a", check_every=3, **given)
    assert batch.outcomes().column("checked").to_pylist() == [True, False, False, True, False, False, True]
    assert batch.manifest["check_every"] == 3
    assert str(batch.checked()) == "invariants held in 3 of 3 checked replications"
    never = run_batch(load_scenario(TWO_VALLEYS), tmp_path / "b", check_every=0, **given)
    assert str(never.checked()) == "no replication was checked against the invariants"
    assert never.sha256 == batch.sha256
    usual = run_batch(load_scenario(TWO_VALLEYS), tmp_path / "c", **given)
    assert usual.checked() == (1, 1)


def test_a_broken_invariant_is_a_record_with_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checked replication that breaks an invariant failed; its record names it, the fact, and one command."""
    monkeypatch.setitem(fold._HANDLERS, ForceRaised, _miscounting)
    batch = run_batch(
        load_scenario(TWO_VALLEYS), tmp_path, replications=4, seed=3, workers=1, check_every=2, command="sim run a.yaml"
    )
    rows = batch.outcomes().to_pylist()
    assert [row["status"] for row in rows] == ["failed", "done", "failed", "done"]
    assert str(batch.checked()) == "invariants held in 0 of 2 checked replications"
    assert (rows[2]["error_stage"], rows[2]["error_type"]) == ("invariants", "InvariantBroken")
    assert "the people of a side add up: broken by fact" in rows[2]["error_message"]
    assert rows[2]["error_repeat"] == "sim run a.yaml --seed 3 --replication 2 --check"
    with pytest.raises(InvariantBroken, match="the people of a side add up"):
        repeat(tmp_path, 2, check=True)


def test_what_a_design_varied_stands_in_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command of a broken replication sets what the design varied, and gives the same history."""
    monkeypatch.setitem(fold._HANDLERS, ForceRaised, _miscounting)
    batch = run_batch(
        load_scenario(TWO_VALLEYS),
        tmp_path,
        replications=4,
        per_draw=2,
        workers=1,
        check_every=1,
        vary=["movement.time_factor=0.9:1.5", "command.order_delay=PT1H:PT9H", "combat.law=square,linear"],
        command="sim run a.yaml",
    )
    words = shlex.split(batch.outcomes().to_pylist()[3]["error_repeat"])
    settings = [word for before, word in pairwise(words) if before == "--set"]
    assert [setting.partition("=")[0] for setting in settings] == [
        "movement.time_factor",
        "command.order_delay",
        "combat.law",
    ]
    assert words[-7:] == ["--seed", "1", "--replication", "3", "--per-draw", "2", "--check"]
    monkeypatch.undo()
    told = run(load_scenario(TWO_VALLEYS, settings), seed=1, replication=3, per_draw=2)
    assert told.sha256 == repeat(tmp_path, 3).sha256
