"""Is a file sound? ``sim validate`` says what is wrong where; ``sim schema`` is for editors."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import terminal
from sim.cli.exits import WRONG_INPUT
from sim.cli.options import AsJson

if TYPE_CHECKING:
    from sim.errors import Problem


class SchemaOf(StrEnum):
    """What there is a schema of."""

    scenario = "scenario"
    reported = "reported"


def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Scenarios, reported timelines, sources (YAML).")
    ],
    as_json: AsJson = False,
) -> None:
    """Check scenarios and reported timelines.

    Everything that is wrong is listed at once, each at its line and column. A scenario is checked with
    what it extends and with the reported timeline that it names.
    """
    found = [(str(file), *_check(file)) for file in files]
    wrong = any(problems for _, _, problems in found)
    if as_json:
        terminal.as_json(
            [{"file": file, "is": what, "problems": [asdict(problem) for problem in problems]}
             for file, what, problems in found]
        )  # fmt: skip
    else:
        for file, what, problems in found:
            for problem in problems:
                terminal.lines(str(problem))
            if not problems:
                terminal.lines(f"{file}: sound ({what})")
    if wrong:
        raise typer.Exit(WRONG_INPUT)


def _check(file: Path) -> tuple[str, list[Problem]]:
    """Return what a sound file is, in words, and all that is wrong with it."""
    from sim.scenario.recognising import check_file, recognise

    problems = check_file(file)
    if problems:
        return "", problems
    kind = recognise(file)
    return kind + _IN_IT.get(kind, lambda _: "")(file), []


def _in_scenario(file: Path) -> str:
    from sim.scenario import load_scenario
    from sim.scenario.numbers import register

    scenario = load_scenario(file)
    entries = register(scenario).values()
    uncertain = sum(not entry.constant for entry in entries)
    return f" {scenario.scenario.id}: {len(entries)} numbers, {uncertain} of them uncertain"


def _in_timeline(file: Path) -> str:
    from sim.scenario.reported import load_reported

    timeline = load_reported(file)
    return f": {len(timeline.claims)} claims about {len(timeline.events)} events"


_IN_IT = {"scenario": _in_scenario, "reported timeline": _in_timeline}


def schema(
    of: Annotated[SchemaOf, typer.Argument(metavar="scenario|reported", help="What to print the schema of.")],
) -> None:
    """Print a JSON Schema, for editors and programs."""
    from sim.scenario.json_schema import DIALECT, scenario_schema
    from sim.scenario.reported import ReportedTimeline

    if of is SchemaOf.scenario:
        terminal.as_json(scenario_schema())
    else:
        terminal.as_json({"$schema": DIALECT, **ReportedTimeline.model_json_schema(by_alias=True)})
