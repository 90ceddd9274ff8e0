"""A batch survives what breaks: killed at any moment, every system call failing once, a disk that fills up."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from sim import load_scenario, open_batch
from sim.batch import run_batch
from sim.errors import StoreError
from sim.scenario.schema import Scenario
from sim.store.integrity import inspect
from tests.batch import fakes
from tests.store.kept import small_scenario
from tests.worlds import TWO_VALLEYS

N = 60
COMMAND = [sys.executable, "-m", "sim", "batch", str(TWO_VALLEYS), "-n", str(N), "--workers", "2", "--check-every", "0"]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """The hash of each log of a batch that nothing disturbed."""
    folder = tmp_path_factory.mktemp("batches") / "undisturbed"
    batch = run_batch(load_scenario(TWO_VALLEYS), folder, replications=N, seed=1, workers=1, check_every=0)
    return {row["replication"]: row["sha256"] for row in batch.outcomes().to_pylist()}


# --- killed ---------------------------------------------------------------------------------------------------------


def kills(folder: Path, count: int, undisturbed: dict[int, str], seed: int) -> tuple[int, int, int]:
    """Kill ``sim batch`` at so many random moments and go on after each.

    After each kill everything that the ledger names is whole and right; a finished batch, the last one too, is the
    undisturbed one. Every second moment, or so, is one at which something more than before has been committed.

    Returns:
        How many batches were finished, how many runs there were, and how many were killed over a part of a batch.
    """
    when, killed, runs, batches, parts = random.Random(seed), 0, 0, 0, 0
    while killed < count:
        target = folder / f"batch-{batches}"
        before = _committed(target)
        process = subprocess.Popen([*COMMAND, "-o", str(target)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        runs += 1
        moment = when.uniform(0.3, 2.5)
        if moment > 1.4:
            moment -= 1.4
            while process.poll() is None and _committed(target) == before:
                sleep(0.01)  # a breath between two looks at the ledger, which is what is waited for
        try:
            code = process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
            parts += 0 < len(_is_right_so_far(target, undisturbed)) < N
            continue
        assert code == 0
        assert _is_right_so_far(target, undisturbed) == undisturbed
        shutil.rmtree(target)
        batches += 1
    last = run_batch(load_scenario(TWO_VALLEYS), target, replications=N, seed=1, workers=1, check_every=0)
    assert _is_right_so_far(last.directory, undisturbed) == undisturbed
    return batches + 1, runs, parts


def _committed(target: Path) -> int:
    """Return how much a batch has in its ledger."""
    ledger = target / "ledger.jsonl"
    return ledger.stat().st_size if ledger.exists() else 0


def _is_right_so_far(target: Path, undisturbed: dict[int, str]) -> dict[int, str]:
    """Return the hashes that a batch holds, each that of the undisturbed one; nothing stands there twice."""
    if not (target / "manifest.json").exists():
        return {}
    rows = open_batch(target).outcomes().to_pylist()
    found = {row["replication"]: row["sha256"] for row in rows}
    assert len(found) == len(rows)
    assert found.items() <= undisturbed.items()
    assert not inspect(target).findings
    return found


def test_nothing_is_lost_or_run_twice_when_it_is_killed(tmp_path: Path, undisturbed: dict[int, str]) -> None:
    """Killed at five random moments, a batch goes on each time and ends as if nothing had been."""
    _, _, parts = kills(tmp_path, 5, undisturbed, seed=7)
    assert parts > 0


@pytest.mark.long  # five hundred real processes are killed
def test_nothing_is_lost_in_five_hundred_kills(tmp_path: Path, undisturbed: dict[int, str]) -> None:
    """The same five hundred times."""
    batches, runs, parts = kills(tmp_path, 500, undisturbed, seed=2)
    print(
        f"\n500 kills in {runs:,} runs, {parts:,} of them over a part of a batch; {batches:,} batches were finished, "
        "all as if nothing had been"
    )


# --- system calls that fail ---------------------------------------------------------------------------------------


class Failing:
    """A system call that fails the n-th time it is called on behalf of a batch."""

    def __init__(self, name: str, n: int, code: int) -> None:
        self.name, self.n, self.code, self.called = name, n, code, 0
        self.real: Callable[..., Any] = getattr(os, name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Count the call, and fail it if its turn has come."""
        self.called += 1
        if self.called == self.n:
            raise OSError(self.code, os.strerror(self.code))
        return self.real(*arguments, **named)


@contextmanager
def failing(name: str, n: int, code: int) -> Iterator[Failing]:
    """Let the n-th call of a function of ``os`` fail."""
    call = Failing(name, n, code)
    setattr(os, name, call)
    try:
        yield call
    finally:
        setattr(os, name, call.real)


def run_once(folder: Path, scenario: Scenario | None = None) -> str:
    """Run, or go on with, a batch of two shards in this process; return its hash."""
    return run_batch(
        scenario or small_scenario(), folder, replications=12, workers=1, maker=fakes.brief, check_every=0
    ).sha256


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("write", errno.ENOSPC),
        ("fsync", errno.EIO),
        ("replace", errno.EIO),
        ("open", errno.EMFILE),
        pytest.param("open", errno.EACCES, marks=pytest.mark.long),  # the way of the one before
    ],
)
def test_whichever_system_call_fails_the_same_command_goes_on(tmp_path: Path, name: str, code: int) -> None:
    """The n-th write, flush, rename and open fails, for every n there is: it is told in words, and nothing is lost."""
    scenario = small_scenario()  # its file is opened before anything is counted
    with failing(name, -1, code) as counted:
        expected = run_once(tmp_path / "whole", scenario)
    assert counted.called > 5
    for n in range(1, counted.called + 1):
        folder = tmp_path / f"{name}-{code}-{n}"
        with failing(name, n, code) as call, pytest.raises(StoreError) as raised:
            run_once(folder, scenario)
        assert call.called >= n
        assert os.strerror(code) in str(raised.value)
        if (folder / "manifest.json").exists():
            assert not inspect(folder).findings
        assert run_once(folder, scenario) == expected
        assert not inspect(folder).findings


def test_a_disk_that_takes_less_than_it_was_given_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short write is no error: the rest follows."""
    expected, real = run_once(tmp_path / "whole"), os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data[: max(1, len(data) // 3)])))
    assert run_once(tmp_path / "short") == expected
    assert not inspect(tmp_path / "short").findings


def grow_for_ever(folder: Path) -> None:
    """Go on with a batch, a shard at a time."""
    for more in range(1, 1000):
        run_batch(small_scenario(), folder, replications=12 * more, workers=1, maker=fakes.quiet, check_every=0)


def test_a_disk_that_fills_up_keeps_what_is_committed(tmp_path: Path) -> None:
    """On a disk of half a megabyte the batch ends in words; with room again the same command completes it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"a disk of its own cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        filler = disk / "filler"
        filler.write_bytes(bytes(420 * 1024))
        with pytest.raises(StoreError, match="No space left on device"):
            grow_for_ever(disk / "b")
        before = open_batch(disk / "b").replications if (disk / "b" / "manifest.json").exists() else 0
        filler.unlink()
        batch = run_batch(
            small_scenario(), disk / "b", replications=before + 12, workers=1, maker=fakes.quiet, check_every=0
        )
        assert batch.replications == max(before + 12, batch.manifest["replications"])
        assert not inspect(disk / "b").findings
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_batch_whose_workers_cannot_be_started_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If whatever starts the workers is ended it is asked once more; if that fails too, the same command goes on."""
    asked = []

    def dead(*_: Any) -> None:
        asked.append(1)
        raise EOFError("unexpected EOF")

    monkeypatch.setattr("sim.batch.workers._Crewman", dead)
    arguments: dict[str, Any] = {"replications": 40, "workers": 2, "check_every": 0, "maker": fakes.quiet}
    with pytest.raises(
        StoreError, match=r"no worker process can be started \(unexpected EOF\).* the same command goes on"
    ):
        run_batch(small_scenario(), tmp_path, **arguments)
    assert len(asked) == 2
    monkeypatch.undo()
    assert run_batch(small_scenario(), tmp_path, **arguments).replications == 40
