"""Names and messages on a terminal are words: they neither move the cursor nor turn a line around."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from tests.worlds import TWO_VALLEYS

#: An order of letters turned round, a line that ends where nobody sees it, marks of rich. What would move a cursor no
#: scenario may hold; a file's name and an error about one may.
NASTY = "\u202edellik\u2066 \u2028 [bold]x[/bold] "
_UNTAMED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario whose names are nasty."""
    path = tmp_path / "nasty.yaml"
    text = TWO_VALLEYS.read_text(encoding="utf-8")
    names = r"(name|title): (Two valleys, an invented war|Mill|North|South)\b"
    text = re.sub(names, lambda found: f"{found[1]}: {json.dumps(NASTY + found[2])}", text)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "command",
    ["describe FILE", "describe FILE --assumptions", "run FILE --seed 1", "lint FILE", "validate FILE"],
)
def test_no_name_reaches_a_terminal_as_a_command_of_it(command: str, scenario: Path) -> None:
    """What would act is shown by its number instead; the letters around it stay."""
    done = CliRunner().invoke(app, command.replace("FILE", str(scenario)).split())
    assert done.exit_code in (0, 1), done.output
    assert not _UNTAMED.search(done.output), _UNTAMED.search(done.output)
    if "run" in command:
        assert "Mill" in done.output
        assert "\\u202e" in done.output
        assert "[bold]x[/bold]" in done.output


def test_a_batch_of_nasty_names_is_told_tamely(scenario: Path, tmp_path: Path) -> None:
    """The same for what is read from a batch: situations, reasons, forks."""
    out = str(tmp_path / "out")
    assert CliRunner().invoke(app, ["batch", str(scenario), "-n", "2", "-o", out, "--workers", "1"]).exit_code == 0
    for command in (
        ["state", out, "--at", "5"],
        ["events", out],
        ["fork", out, "--at", "3", "--set", "movement.time_factor=2"],
    ):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
        assert not _UNTAMED.search(done.output)


def test_a_nasty_file_name_and_a_nasty_value_are_told_tamely(tmp_path: Path) -> None:
    """Errors show what was found, tamely."""
    path = tmp_path / "evil\x1b[31m.yaml"
    path.write_text('scenario: {id: "x\\e[2Jy"}\n', encoding="utf-8")
    done = CliRunner().invoke(app, ["validate", str(path)])
    assert done.exit_code == 1
    assert not _UNTAMED.search(done.output)
    assert "\\x1b" in done.output
