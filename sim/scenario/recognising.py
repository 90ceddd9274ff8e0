"""What a file is, and everything that is wrong with it, whatever it is."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Problem, ProblemsFound
from sim.scenario.loading import load_scenario
from sim.scenario.references import load_references
from sim.scenario.reported import load_reported
from sim.scenario.sources import load_sources
from sim.scenario.spelling import did_you_mean
from sim.scenario.yaml_source import read_yaml

#: Top-level keys by which files are told apart, in the order in which they are looked for.
_MARKS = {
    "scenario": "scenario",
    "extends": "scenario",
    "claims": "reported timeline",
    "sources": "sources",
    "publications": "references",
}


def check_file(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a scenario, a reported timeline, sources or references.

    A scenario is checked with the files that it extends and the geography and references that it names,
    and with its reported timeline.
    """
    try:
        kind = recognise(path)
        if kind == "scenario":
            scenario = load_scenario(path)
            if scenario.reported is not None and scenario.folder is not None:
                load_reported(scenario.folder / scenario.reported, scenario)
        elif kind == "reported timeline":
            load_reported(Path(path))
        elif kind == "sources":
            load_sources(Path(path))
        else:
            load_references(path)
    except ProblemsFound as found:
        return list(found.problems)
    return []


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
