"""A history in ORBAT Mapper: its file by the published format, its symbols, and where its playback puts the units."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from geojson_pydantic import Feature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from milsymbol import Symbol

from sim.projections.situation import forces_at, state_at
from sim.projections.symbols import convoy_symbol, force_symbol
from sim.viewers.naming import named
from sim.viewers.orbat_mapper import time_zone
from tests.viewers.conftest import drawing, exported, history
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS

SCHEMA = json.loads((Path(__file__).parent / "data" / "orbat-mapper.schema.json").read_text(encoding="utf-8"))
#: How far the playback may put a unit from where it was: lengths are measured on a sphere there, on a plane here.
NEAR_KM = 0.05


@cache
def opened(path: Path) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(exported(path, "orbat-mapper"))
    return whole


def units(path: Path) -> Iterator[dict[str, Any]]:
    for side in opened(path)["sides"]:
        for group in side["groups"]:
            yield from group["subUnits"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_it_is_a_scenario_file(world: Path) -> None:
    """The file has what the published types of the format ask for, and nothing that they do not know."""
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(opened(world))] == []


def test_its_layers_are_geojson(world: Path) -> None:
    """The features of its layers are features of GeoJSON, and those of places are there from start to end."""
    for layer in opened(world)["layers"]:
        for feature in layer["features"]:
            Feature.model_validate(feature)


def test_ids_are_given_once(world: Path) -> None:
    """No two sides, groups, units, states, events or features share an id."""
    found: Counter[str] = Counter()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("id"), str):
                found[value["id"]] += 1
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(opened(world))
    assert {name for name, times in found.items() if times > 1} == set()


def test_states_follow_in_time(world: Path) -> None:
    """The states of a unit follow each other, every one by a fact of the log that had happened by then."""
    scenario, facts = history(world)
    for unit in units(world):
        times = [moment(state["t"]) for state in unit["state"]]
        assert times == sorted(set(times)), unit["id"]
        assert times[0] >= scenario.scenario.start
        assert times[-1] <= scenario.scenario.end
        for state in unit["state"]:
            fact = facts[int(state["description"].removeprefix("Simulated, fact "))]
            assert scenario.scenario.start + timedelta(seconds=fact.time_s) <= moment(state["t"])


def test_every_force_and_convoy_is_a_unit(world: Path) -> None:
    """Forces that were on the map at some time, and convoys that were under way, are units of their side."""
    history_ = drawing(world).history
    forces = {row.of: row.what.side for row in history_.forces}
    sides = {
        unit["id"]: side["id"].removeprefix("side/")
        for side in opened(world)["sides"]
        for group in side["groups"]
        for unit in group["subUnits"]
    }
    assert {name: side for name, side in sides.items() if not name.startswith("convoy/")} == forces
    sent = {f"convoy/{fact.convoy}" for fact in history_.facts if fact.kind == "ConvoyDispatched"}
    assert {name for name in sides if name.startswith("convoy/")} <= sent


def playback(unit: dict[str, Any], now: datetime) -> tuple[list[float] | None, int]:
    """Return where the viewer shows a unit and with how many, by its own rule.

    The last state counts; towards the next one a unit moves evenly along the points between, if both have a place.
    """
    spot, count, since = None, 0, None
    for state in unit["state"]:
        if moment(state["t"]) <= now:
            spot, since = state.get("location", spot), moment(state["t"])
            for entry in state.get("update", {}).get("personnel", []):
                count = entry["count"]
            continue
        if spot and state.get("location") and since is not None:
            share = (now - since) / (moment(state["t"]) - since)
            spot = along([spot, *state.get("via", []), state["location"]], share)
        break
    return spot, count


def along(line: list[list[float]], share: float) -> list[float]:
    lengths = [km(a, b) for a, b in itertools.pairwise(line)]
    left = share * sum(lengths)
    for (a, b), length in zip(itertools.pairwise(line), lengths, strict=True):
        if left <= length and length:
            return [a[0] + left / length * (b[0] - a[0]), a[1] + left / length * (b[1] - a[1])]
        left -= length
    return line[-1]


def km(a: list[float], b: list[float]) -> float:
    up, other = math.radians(a[1]), math.radians(b[1])
    chord = math.sin((other - up) / 2) ** 2
    chord += math.cos(up) * math.cos(other) * math.sin(math.radians(b[0] - a[0]) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(chord))


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # nothing here changes what a fixture made
)
@given(share=st.floats(0, 1, exclude_max=True))
def test_playback_puts_units_where_they_were(world: Path, share: float) -> None:
    """At any moment the viewer shows the forces of the state with their fighters, on the roads where they were."""
    scenario, facts = history(world)
    time_s = int(share * (scenario.scenario.end - scenario.scenario.start).total_seconds())
    now = scenario.scenario.start + timedelta(seconds=time_s)
    state = state_at(facts, time_s)
    shown = {unit["id"]: playback(unit, now) for unit in units(world) if not unit["id"].startswith("convoy/")}
    there = {name: (spot, count) for name, (spot, count) in shown.items() if spot is not None}
    forces = {force.force: force for force in forces_at(state, time_s)}
    assert {name: count for name, (_, count) in there.items()} == {name: one.fit for name, one in forces.items()}
    courses = {row.of: row.what for row in drawing(world).history.forces if row.start_s <= time_s < row.end_s}
    for name, (spot, _) in there.items():
        assert km(list(drawing(world).where(courses[name], time_s)), spot) < NEAR_KM, name


def test_symbols_can_be_drawn(world: Path) -> None:
    """Every symbol is one that a renderer of APP-6 draws, of a neutral land unit, and marked as a simulation."""
    codes = {unit["sidc"] for unit in units(world)}
    for code in codes:
        assert (code[:2], code[2], code[3], code[4:6]) == ("10", "2", "4", "10")
        assert Symbol(f"{code[:2]}0{code[3:]}").is_valid(), code  # this renderer knows only the context of reality
    assert {side["standardIdentity"] for side in opened(world)["sides"]} == {"4"}


@pytest.mark.parametrize(
    ("fighters", "vehicles", "code"),
    [
        (5, 0, "10241000111211000000"),
        (30, 0, "10241000141211000000"),
        (120, 0, "10241000151211000000"),
        (400, 10, "10241000161211000000"),
        (400, 40, "10241000161211040000"),
        (9_000, 0, "10241000211211000000"),
    ],
)
def test_size_and_vehicles_make_the_symbol(fighters: int, vehicles: int, code: str) -> None:
    """The echelon follows from the number of fighters, the arm from whether there is a vehicle for every dozen."""
    assert force_symbol(fighters, vehicles) == code
    assert Symbol(f"100{code[3:]}").is_valid()
    assert Symbol(f"100{convoy_symbol()[3:]}").is_valid()


def test_clocks_show_the_scenarios_time(world: Path) -> None:
    """The time zone of the file is one whose clocks show what the scenario's do."""
    scenario, _ = history(world)
    start = scenario.scenario.start
    zone = ZoneInfo(opened(world)["timeZone"])
    assert start.astimezone(zone).utcoffset() == start.utcoffset()


ZONES = {
    "+00:00": "UTC",
    "+02:00": "Etc/GMT-2",
    "-05:00": "Etc/GMT+5",
    "+05:45": "Asia/Kathmandu",
    "+04:17": "UTC",
}


@pytest.mark.parametrize(("offset", "zone"), ZONES.items())
def test_offsets_become_zones(offset: str, zone: str) -> None:
    """An offset becomes a zone that keeps it all year; one that no zone has becomes UTC, and moments stay right."""
    scenario, _ = history(TWO_VALLEYS)
    head = scenario.scenario.model_copy(
        update={
            "start": datetime.fromisoformat(f"2030-05-01T00:00:00{offset}"),
            "end": datetime.fromisoformat(f"2030-12-01T00:00:00{offset}"),
        }
    )
    assert time_zone(scenario.model_copy(update={"scenario": head})) == zone


def test_events_and_layers_follow_the_log() -> None:
    """Weighty lines of the diary are events in order, at their place where they have one."""
    events = opened(REFERENCE)["events"]
    assert len(events) > 20
    assert [event["startTime"] for event in events] == sorted(event["startTime"] for event in events)
    assert any("where" in event for event in events)
    assert any("where" not in event for event in events)
    assert [layer["name"] for layer in opened(REFERENCE)["layers"]] == ["Ways, open and shut", "Places by holder"]


def test_forces_have_names() -> None:
    """A force is called by its body, its post and what it was told off for."""
    scenario, _ = history(INVENTED)
    names = {
        "crown-field@varn+reserve>brask#1": ("Field army", "Field army, Varn, reserve, for Brask 1"),
        "crown-levy#3": ("Reserve at Varn", "Reserve at Varn, column 3"),
        "ilva/rising#1": ("Rising at Ilva", "Rising at Ilva"),
        "ilva/rising#2>hills#1": ("Rising at Ilva", "Rising at Ilva, 2, in the hills 1"),
    }
    assert {force: named(force, scenario) for force in names} == names
