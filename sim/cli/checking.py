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
    scenario: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Check timelines and sources against this one, not the one beside them."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check scenarios and reported timelines.

    Everything that is wrong is listed at once, each at its line and column. A scenario is checked with
    what it extends and with the reported timeline and sources that it names; a reported timeline with its sources,
    and both with the scenario beside them that names them: sides, places, areas and claimants must be known there.
    """
    found = [(str(file), *_check(file, scenario)) for file in files]
    wrong = any(problems for _, _, problems, _ in found)
    if as_json:
        terminal.as_json(
            [{"file": file, "is": what, "problems": [asdict(problem) for problem in problems],
              "remarks": [asdict(remark) for remark in remarks]}
             for file, what, problems, remarks in found]
        )  # fmt: skip
    else:
        for file, what, problems, remarks in found:
            for problem in problems:
                terminal.lines(str(problem))
            if not problems:
                terminal.lines(f"{file}: sound ({what})")
            for remark in remarks:
                terminal.lines(f"worth a look: {remark}")
    if wrong:
        raise typer.Exit(WRONG_INPUT)


def _check(file: Path, scenario: Path | None) -> tuple[str, list[Problem], list[Problem]]:
    """Return what a sound file is, in words, all that is wrong with it, and what is suspicious though it is sound."""
    from sim.scenario.recognising import check_file, recognise

    problems = check_file(file, scenario)
    if problems:
        return "", problems, []
    kind = recognise(file)
    if kind == "reported timeline":
        said, remarks = _in_timeline(file, scenario)
        return kind + said, [], remarks
    return kind + (_in_scenario(file) if kind == "scenario" else ""), [], []


def _in_scenario(file: Path) -> str:
    from sim.scenario import load_scenario
    from sim.scenario.numbers import register

    scenario = load_scenario(file)
    entries = register(scenario).values()
    uncertain = sum(not entry.constant for entry in entries)
    return f" {scenario.scenario.id}: {len(entries)} numbers, {uncertain} of them uncertain"


def _in_timeline(file: Path, scenario: Path | None) -> tuple[str, list[Problem]]:
    from sim.scenario.recognising import BESIDE, scenario_of
    from sim.scenario.reported import load_reported, remarks_on

    world = scenario_of(file, scenario)
    timeline = load_reported(file, world)
    if world is not None:
        named = scenario if scenario is not None else file.parent / BESIDE
        checked = f"checked against the scenario {world.scenario.id}, {named}"
    else:
        there = (file.parent / BESIDE).is_file()
        why = f"{BESIDE} beside it is wrong itself, or names another" if there else "no scenario stands beside it"
        checked = f"{why}: places, areas and sides are unchecked, give --scenario FILE"
    said = f": {len(timeline.claims)} claims about {len(timeline.events)} events; {checked}"
    return said, remarks_on(timeline, file)


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
