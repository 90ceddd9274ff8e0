"""What nobody reads changes nothing: labels and news not one byte, what belongs to a mechanism that is off one fact."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.domain.terms import format_duration
from sim.engine import run
from sim.scenario.loading import load_scenario, resolved, scenario_from_resolved
from tests.engine.test_every_number_matters import with_value
from tests.metamorphic.changing import changed_values
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, compiled

SCENARIOS = [REFERENCE, INVENTED, TWO_VALLEYS]
#: What only people read, wherever it stands.
LABELS = {"name", "title", "about", "basis", "note", "confidence", "zone", "elevation_m"}
#: Numbers that are read although their mechanism is off, and why.
READ_ANYWAY = {
    "supply.food_kg_per_person_day.rest": "says how much food a force of so many days of it has with it",
    "supply.food_kg_per_person_day.bout": "what is eaten is booked as long as nobody says how much there is",
    "supply.siege_after": "roads are shut, and hearts sink, whether stocks run down or not",
    "supply.blockade_fighters": "the same",
    "supply.footpath_leak_share": "stands in the rate at which a shut-in stock is booked as eaten",
    "supply.abandoned_destroyed_share": "stocks that nobody eats from still change hands",
}


def relabelled(data: Any) -> Any:
    """Return plain data in which every label is another."""
    if isinstance(data, dict):
        found = {key: relabelled(value) for key, value in data.items()}
        for key in LABELS & found.keys():
            if isinstance(found[key], str):
                found[key] = "high" if key == "confidence" else f"not {found[key]}"
            elif isinstance(found[key], float):
                found[key] += 1.0
        return found
    return [relabelled(item) for item in data] if isinstance(data, list) else data


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_labels_change_not_one_byte(path: Path) -> None:
    """Names, titles, colours, coordinates, bases and notes are for people: the log has none of them."""
    scenario = load_scenario(path)
    data = relabelled(copy.deepcopy(resolved(scenario)))
    for index, side in enumerate(data["sides"].values()):
        side["colour"] = f"#00000{index}"
    for place in data["places"].values():
        place["lat"], place["lon"] = -place["lat"], -place["lon"]
    for leg in data["legs"].values():
        leg["kind"] = "a way"
    other = scenario_from_resolved(data)
    assert other.sides != scenario.sides
    assert run(other, seed=1, replication=2).sha256 == run(scenario, seed=1, replication=2).sha256


def test_news_changes_not_one_byte() -> None:
    """Whatever is assumed of who tells what to whom, the world goes its way."""
    base = compiled(REFERENCE)
    settings = []
    for entry in base.entries.values():
        if entry.phase == "observation":
            [value, *_] = changed_values(replace(entry, law="constant"), entry.path, entry.quantile()(0.5))
            settings.append(f"{entry.path}={format_duration(round(value)) if entry.unit == 's' else value}")
    assert len(settings) > 20
    other = load_scenario(REFERENCE, settings)
    assert run(other, seed=1, replication=2).sha256 == run(base, seed=1, replication=2).sha256


@pytest.mark.parametrize("section", ["supply", "risings", "command", "cohesion", "control"])
def test_numbers_of_a_mechanism_that_is_off_are_not_read(section: str) -> None:
    """With a mechanism off, its numbers stand in the first fact and change nothing else."""
    off = compiled(INVENTED, (f"{section}.enabled=false",))
    done = run(off, seed=1, replication=1)
    read = []
    for entry in off.entries.values():
        if not entry.path.startswith(f"{section}.") or entry.path in READ_ANYWAY:
            continue
        path = entry.value_paths()[0]
        other = with_value(off, entry.path, changed_values(entry, path, done.state.values[path])[0])
        if run(other, seed=1, replication=1).facts[1:] != done.facts[1:]:
            read.append(entry.path)
    assert read == []
