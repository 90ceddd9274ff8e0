"""What must hold of the interventions of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import InputError, Problem
from sim.scenario.documents import Document, Trail
from sim.scenario.interventions import Intervention, mistakes, seconds_of, standing_value
from sim.scenario.numbers import Entry, register
from sim.scenario.schema import Scenario


def check_interventions(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Yield everything wrong with the interventions of a scenario."""
    if not scenario.interventions:
        return
    entries = register(scenario)
    for index, one in enumerate(scenario.interventions):
        yield from _intervention(("interventions", index), one, scenario, entries, document)


def _intervention(
    trail: Trail, one: Intervention, scenario: Scenario, entries: dict[str, Entry], document: Document
) -> Iterator[Problem]:
    try:
        seconds_of(scenario, one.at)
    except InputError as error:
        yield document.problem((*trail, "at"), str(error), "move it, or the campaign")
    for key, message, remedy in mistakes(scenario, one):
        yield document.problem((*trail, key) if key else trail, message, remedy, key=not key)
    for path, value in (one.set or {}).items():
        try:
            standing_value(entries, path, value)
        except InputError as error:
            message, _, remedy = str(error).partition("; ")
            yield document.problem((*trail, "set", path), message, remedy)
