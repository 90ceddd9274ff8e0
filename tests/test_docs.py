"""The documentation does what it says: its links lead somewhere and its commands run."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.verification import hazards

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "scenarios").rglob("*.md"))]
_BLOCK = re.compile(r"```(?:sh)?\n(.*?)```", re.DOTALL)


def commands(page: Path) -> list[str]:
    """Return what a page tells to type that begins with ``sim``, without what stands after a pipe."""
    lines = "\n".join(_BLOCK.findall(page.read_text(encoding="utf-8"))).splitlines()
    return [line.partition("|")[0].partition(">")[0].strip() for line in lines if line.startswith("sim ")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file or folder that is there."""
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_readme_can_be_followed_literally(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the README runs, in its order, with fewer histories than it asks for."""
    monkeypatch.setattr(hazards, "_REPLICATIONS", 200)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    typed = commands(ROOT / "README.md")
    assert len(typed) > 8
    for line in dict.fromkeys(typed):
        few = 8 if line.startswith("sim batch") and "-n 1000" in line else 2  # replication 7 is asked for
        arguments = shlex.split(re.sub(r"(-n|--add) \d+", rf"\1 {few}", line))[1:]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, f"{line}\n{result.output}"
        assert result.output


@cache
def help_of(name: str) -> str:
    """Return what a command says of itself."""
    known = CliRunner().invoke(app, [name, "--help"])
    assert known.exit_code == 0, name
    return known.output.replace(",", " ")


WITH_COMMANDS = [page for page in PAGES if commands(page)]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_are_spelt_right(page: Path) -> None:
    """Every command that a page shows exists, with the options it is shown with."""
    for line in commands(page):
        _, name, *rest = shlex.split(line)
        options = [word for word in rest if re.fullmatch(r"--?[a-z][a-z-]*", word)]
        assert [option for option in options if f"{option} " not in help_of(name)] == [], line
