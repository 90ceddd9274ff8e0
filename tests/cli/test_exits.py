"""How commands end: exit codes and what is said with them."""

from __future__ import annotations

import os
import pty
import shlex
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.domain import fold
from sim.domain.facts import ForceRaised
from sim.domain.state import State
from tests.cli.conftest import RIVERS, ROOT, Typed, spawned


def test_done_is_0_and_says_nothing_on_stderr() -> None:
    """A command that did its work ends with 0."""
    done = spawned("validate", RIVERS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sound (scenario three-rivers" in done.stdout


def test_wrong_input_is_1_with_file_line_and_remedy(tmp_path: Path) -> None:
    """A wrong scenario gives 1 and, for each error, file, line, column, path and remedy; no traceback."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(RIVERS.read_text(encoding="utf-8").replace("combat:", "combatt:", 1), encoding="utf-8")
    done = spawned("validate", wrong)
    assert done.returncode == 1
    assert "did you mean 'combat'" in done.stdout
    assert f"{wrong}:" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "nowhere.yaml"), "nowhere.yaml"),
        (("run", RIVERS, "--set", "combat.casualties_per_fighter_our=1"), "casualties_per_fighter_hour"),
        (("run", RIVERS, "-o", "nowhere/log.jsonl"), "nowhere/log.jsonl: No such file or directory"),
        (("events", "nowhere"), "nowhere"),
        (("describe", RIVERS, "--prior"), "names no reported timeline"),
    ],
)
def test_wrong_input_is_1_and_names_it(sim: Typed, arguments: tuple[object, ...], words: str) -> None:
    """Whatever the user gave that cannot be used is named, without a traceback."""
    said = sim(*arguments, code=1)
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [("fly",), ("run",), ("run", RIVERS, "--seed", "x"), ("schema", "map")])
def test_wrong_usage_is_2(sim: Typed, arguments: tuple[object, ...]) -> None:
    """A command that does not exist, or without what it needs, is wrong usage."""
    assert "Usage: " in sim(*arguments, code=2)


def test_a_defect_is_3_and_says_how_to_report_it(sim: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that is nobody's input is shown in full, with what to report and where it came from."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the cook ate the map")

    monkeypatch.setattr("sim.engine.run", broken)
    said = sim("run", RIVERS, code=3)
    assert "ZeroDivisionError: the cook ate the map" in said
    assert "This is a defect of sim, not of your input. Please report it" in said


def _failing(scenario: object) -> object:
    """Make a player whose replication 1 fails."""
    from sim.batch.chunk import engine_maker

    play = engine_maker(scenario)

    def sometimes(*, replication: int, **rest: object) -> object:
        if replication == 1:
            raise ArithmeticError("lost the count")
        return play(replication=replication, **rest)

    return sometimes


def test_some_failed_is_4_and_names_them(sim: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A batch in which a replication failed is finished, says which and why, and ends with 4."""
    import sim.batch

    monkeypatch.setattr(sim.batch, "run_batch", partial(sim.batch.run_batch, maker=_failing))
    said = _typed("batch", RIVERS, "-n", 3, "-o", tmp_path / "out", "--workers", 1, code=4)
    assert "replication 1 failed in" in said
    assert "ArithmeticError: lost the count" in said
    assert "3 replications of three-rivers" in said
    assert "1 failed" in said


@pytest.fixture
def miscounting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the fold: whoever is raised is counted once too often."""
    right = fold._HANDLERS[ForceRaised]

    def wrong(state: State, fact: ForceRaised) -> None:
        right(state, fact)
        state.sides[fact.side].raised += 1

    monkeypatch.setitem(fold._HANDLERS, ForceRaised, wrong)


@pytest.mark.usefixtures("miscounting")
def test_a_broken_invariant_ends_a_checked_run_with_3(sim: Typed) -> None:
    """``sim run --check`` names the invariant and the fact, without a traceback; unchecked, nobody notices."""
    said = sim("run", RIVERS, "--check", code=3)
    assert "then an invariant was broken:\nthe people of a side add up: broken by fact" in said
    assert "Traceback" not in said
    sim("run", RIVERS)


@pytest.mark.usefixtures("miscounting")
def test_a_broken_invariant_ends_a_batch_with_4_and_a_command(tmp_path: Path) -> None:
    """The batch goes on, says in how many checked replications the invariants held, and what to type to see more."""
    more = ("--set", "movement.time_factor=1.5", "--workers", 1, "--check-every", 2, "--seed", 9)
    said = _typed("batch", RIVERS, "-n", 3, "-o", tmp_path / "out", *more, code=4)
    assert "invariants held in 0 of 2 checked replications" in said
    command = f"sim run {RIVERS} --set movement.time_factor=1.5 --seed 9 --replication 2 --check"
    assert f"  to see it: {command}" in said.splitlines()
    again = _typed(*shlex.split(command)[1:], code=3)
    assert "the people of a side add up" in again


def _typed(*arguments: object, code: int) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


def test_interrupted_is_130_and_says_what_to_type(tmp_path: Path) -> None:
    """Ctrl-C ends a batch with 130 and the command that goes on with it, which then keeps what was done."""
    command = [sys.executable, "-m", "sim", "batch", str(RIVERS), "-o", str(tmp_path / "out"), "--workers", "1"]
    with subprocess.Popen([*command, "-n", "100000"], cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "replications: 0 of 100000\n"
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 130
    assert "To go on, type again:\n  sim batch" in said
    assert "Traceback" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to write to")
def test_a_full_disk_is_no_defect_of_ours() -> None:
    """What cannot be written is said with what to do, exit 1, no traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sim", "run", str(RIVERS)], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "No space left on device; make room" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    """``sim ... | head -1`` ends quietly."""
    command = [sys.executable, "-m", "sim", "describe", str(RIVERS), "--assumptions"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_plain_lines_when_nobody_looks() -> None:
    """Without a terminal there are no colours, no boxes, and the same bytes each time."""
    first, second = (spawned("describe", RIVERS).stdout for _ in range(2))
    assert first == second
    assert "\x1b" not in first
    assert not {"─", "━", "│"} & set(first)
    assert all(line == line.rstrip() for line in first.splitlines())


@pytest.mark.parametrize("arguments", [("describe",), ("run", "--seed", "1")])
def test_a_terminal_gets_tables_and_emphasis(arguments: tuple[str, ...]) -> None:
    """On a terminal the same command draws for people."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "sim", arguments[0], str(RIVERS), *arguments[1:]]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    process = subprocess.Popen(command, cwd=ROOT, stdout=child, stderr=subprocess.PIPE, env=environment)
    os.close(child)
    said = bytearray()
    try:
        while part := os.read(parent, 65_536):
            said += part
    except OSError:  # how Linux says that the other end was closed
        pass
    _, errors = process.communicate()
    os.close(parent)
    assert process.returncode == 0, errors
    assert b"\x1b[1m" in said
    assert "─".encode() in said or "━".encode() in said
