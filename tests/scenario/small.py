"""The small scenario of the tests, and ways to change it and to see what the loader says."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import Problem, ProblemsFound
from sim.scenario.loading import load_scenario
from sim.scenario.schema import Scenario
from tests.worlds import TWO_VALLEYS

SMALL = TWO_VALLEYS
TEXT = SMALL.read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str], text: str = TEXT) -> str:
    """Return the small scenario with passages replaced, each of which it has exactly once."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the small scenario"
        text = text.replace(old, new)
    return text


@contextmanager
def folder(**files: str) -> Iterator[Path]:
    """Give a folder with files; ``a__b_yaml`` is a/b.yaml."""
    with tempfile.TemporaryDirectory() as name:
        for key, text in files.items():
            path = Path(name) / Path(*key.replace("_yaml", ".yaml").replace("_csv", ".csv").split("__"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        yield Path(name)


def load(text: str, overrides: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a text."""
    with folder(scenario_yaml=text) as home:
        return load_scenario(home / "scenario.yaml", overrides)


def problems(act: Callable[..., Any], *arguments: Any) -> list[Problem]:
    """Return what an action complains of; nothing if it succeeds."""
    try:
        act(*arguments)
    except ProblemsFound as found:
        return list(found.problems)
    return []


def said(act: Callable[..., Any], *arguments: Any) -> list[str]:
    """Return complaints as people read them, without the folder of the file."""
    return [str(problem).replace(f"{Path(problem.file).parent}/", "") for problem in problems(act, *arguments)]
