"""What a file is, and everything that is wrong with it, whatever it is."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Problem, ProblemsFound
from sim.scenario.loading import load_scenario
from sim.scenario.references import load_references
from sim.scenario.reported import load_reported
from sim.scenario.schema import Scenario
from sim.scenario.sources import load_sources
from sim.scenario.spelling import did_you_mean
from sim.scenario.yaml_source import read_yaml

#: The file that is looked for beside a reported timeline.
BESIDE = "scenario.yaml"

#: Top-level keys by which files are told apart, in the order in which they are looked for.
_MARKS = {
    "scenario": "scenario",
    "extends": "scenario",
    "claims": "reported timeline",
    "sources": "sources",
    "publications": "references",
}


def check_file(path: str | Path, scenario: Path | None = None) -> list[Problem]:
    """Return everything that is wrong with a scenario, a reported timeline, sources or references.

    A scenario is checked with the files that it extends and the geography and references that it names,
    and with its reported timeline and its sources; these two with the scenario that they are of.

    Args:
        path: The file.
        scenario: The scenario of a reported timeline or of sources; the one beside it that names it if not given.
    """
    try:
        kind = recognise(path)
        if kind == "scenario":
            world = load_scenario(path)
            if world.folder is not None and world.reported is not None:
                load_reported(world.folder / world.reported, world)
            if world.folder is not None and world.sources is not None:
                load_sources(world.folder / world.sources, world.areas)
        elif kind == "reported timeline":
            load_reported(Path(path), scenario_of(Path(path), scenario))
        elif kind == "sources":
            beside = scenario_of(Path(path), scenario)
            load_sources(Path(path), None if beside is None else beside.areas)
        else:
            load_references(path)
    except ProblemsFound as found:
        return list(found.problems)
    return []


def scenario_of(file: Path, scenario: Path | None = None) -> Scenario | None:
    """Return the scenario of a reported timeline or of sources: a given one, or that beside it which names it.

    None if there is none. A scenario beside it that is wrong in itself is no help: the file is then read without one.

    Raises:
        ProblemsFound: If a given scenario is wrong.
    """
    if scenario is not None:
        return load_scenario(scenario)
    beside = file.parent / BESIDE
    if not beside.is_file():
        return None
    try:
        found = load_scenario(beside)
    except ProblemsFound:
        return None
    if found.folder is None:
        return None
    named = {(found.folder / name).resolve() for name in (found.reported, found.sources) if name is not None}
    return found if file.resolve() in named else None


def recognise(path: str | Path) -> str:
    """Return what a file is: scenario, reported timeline, sources or references.

    Raises:
        ProblemsFound: If it is none of them, or cannot be read.
    """
    data = read_yaml(path).data
    for mark, kind in _MARKS.items():
        if mark in data:
            return kind
    message = "is no scenario (scenario: or extends:), reported timeline (claims:), sources (sources:) or references"
    near = [word for key in data if (word := did_you_mean(key, _MARKS)).startswith("did")]
    raise ProblemsFound([Problem(str(path), 1, 1, "", message, near[0] if near else "name the file that you meant")])
