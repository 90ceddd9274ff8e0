"""What the command line says about itself."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Typed

COMMANDS = ("validate", "describe", "schema", "run", "batch", "compare", "report", "events", "state")


def test_help_lists_every_command(sim: Typed) -> None:
    """The top help names all commands and the exit codes."""
    said = sim("--help")
    assert [name for name in COMMANDS if f"\n  {name}" not in said] == []
    assert "130 interrupted" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example_of_itself(sim: Typed, command: str) -> None:
    """The help of a command ends with something to type."""
    said = sim(command, "--help")
    assert f"\n    sim {command} " in said[said.index("Example") :]


def test_the_version_is_that_of_the_package(sim: Typed) -> None:
    """``sim --version`` prints the package's version."""
    from sim import __version__

    assert sim("--version") == f"sim {__version__}\n"
