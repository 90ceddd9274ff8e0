"""Rules of scenarios as loaded: they stand alone once resolved, and the order of a file means nothing."""

import json
import random
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import ProblemsFound
from sim.scenario.loading import (
    canonical_json,
    load_scenario,
    observation_hash,
    resolved,
    run_hash,
    scenario_from_resolved,
    with_overrides,
)
from sim.scenario.yaml_source import parse_yaml
from tests.scenario.small import SMALL, TEXT, changed, folder, load, said

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*/scenario.yaml"))
VARIANTS = sorted((Path(__file__).parents[2] / "scenarios").glob("*/variants/*.yaml"))


@pytest.mark.parametrize(
    "path", [SMALL, *SCENARIOS, *VARIANTS], ids=lambda path: path.stem if path.stem != "scenario" else path.parent.name
)
def test_every_scenario_of_the_project_loads_and_stands_alone_once_resolved(path):
    """A scenario that went through JSON is the scenario that was read, with the same hash."""
    scenario = load_scenario(path)
    stored = json.loads(canonical_json(resolved(scenario)))
    again = scenario_from_resolved(stored, scenario.folder)
    assert again == scenario
    assert resolved(again) == resolved(scenario)
    assert run_hash(again) == run_hash(scenario)


def test_a_resolved_scenario_is_plain_json_without_nulls():
    """Keys are those that people write, sorted; durations are ISO 8601; nothing is null or not finite."""
    data = resolved(load_scenario(SMALL))
    assert data["legs"]["L1"]["from"] == "mill"
    assert data["operations"]["through-the-gate"]["trigger"]["any"][1]["all"][1] == {"not": {"state": "truce"}}
    assert data["combat"]["recovery_half_time"] == {"value": "PT86400S"}
    assert data["scenario"]["start"] == "2030-05-01T00:00:00+02:00"
    assert list(data) == sorted(data)
    assert b"null" not in canonical_json(data)


def shuffled(data, luck):
    """Return data with the entries of every mapping in another order."""
    if isinstance(data, dict):
        keys = list(data)
        luck.shuffle(keys)
        return {key: shuffled(data[key], luck) for key in keys}
    return [shuffled(item, luck) for item in data] if isinstance(data, list) else data


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_mappings_means_nothing(seed):
    """A file with its blocks, entities and keys in any order is the same scenario, down to its own order."""
    text = json.dumps(shuffled(parse_yaml(TEXT, "f.yaml").data, random.Random(seed)))
    one, other = load(text), load(TEXT)
    assert resolved(one) == resolved(other)
    assert run_hash(one) == run_hash(other)
    assert list(one.places) == list(other.places) == sorted(one.places)


@given(st.integers(0, 10**6), st.floats(1e-9, 1e9))
@settings(max_examples=50, deadline=None)
def test_any_number_survives_the_manifest(whole, real):
    """Numbers and durations come back bit by bit from the resolved form."""
    scenario = load_scenario(
        SMALL,
        [
            f"forces.southerners.strength={whole}",
            f"combat.recovery_half_time=PT{whole + 60}.{whole}S",
            f"depots.north-store.food_kg={real!r}",
        ],
    )
    again = scenario_from_resolved(json.loads(canonical_json(resolved(scenario))), scenario.folder)
    assert again == scenario
    assert again.depots["north-store"].food_kg.value == real


def test_a_run_is_known_by_what_it_reads():
    """Numbers, names and times change the hash of a run; what only readers use does not."""
    base = run_hash(load(TEXT))
    assert run_hash(load(TEXT, ["movement.fighters_per_vehicle=7"])) != base
    assert run_hash(load(TEXT, ["sides.north.name=Nord"])) != base
    assert run_hash(load(f"{TEXT}given_argued: {{harvest: it is a date}}\n")) == base
    wire = "{name: Wire, relay_share: 0.5, delay: PT1H, basis: b, confidence: low}"
    told = load(f"{TEXT}observation: {{outlets: {{wire: {wire}}}}}\n")
    assert run_hash(told) == base
    assert observation_hash(told, None) != observation_hash(load(TEXT), None)
    assert observation_hash(told, {"sources": {"a": 1}}) != observation_hash(told, None)


def test_names_of_files_are_relative_to_the_folder_of_the_scenario():
    """A variant may name a file beside itself; the resolved scenario names it from the folder above."""
    places = "id,name\nmill,Mill by the lake\n"
    files = {
        "scenario_yaml": TEXT,
        "variants__lake_yaml": "extends: ../scenario.yaml\ngeography: {places: lake.csv}\n",
        "variants__lake_csv": places,
    }
    with folder(**files) as home:
        scenario = load_scenario(home / "variants" / "lake.yaml")
        assert scenario.folder == home.resolve()
    assert scenario.geography.places == "variants/lake.csv"
    assert scenario.extends is None


@pytest.mark.parametrize("key", ["geography: {zones: NAME}", "references: NAME", "reported: NAME", "sources: NAME"])
@pytest.mark.parametrize(
    ("name", "complaint"),
    [("../out.yaml", "leads out of the scenario's folder"), ("none.yaml", "there is no file 'none.yaml'")],
)
def test_files_that_a_scenario_names_are_there_and_inside_its_folder(key, name, complaint):
    """A name that leads out, or to nothing, is refused where it is written."""
    (told,) = said(load, TEXT + key.replace("NAME", name))
    assert complaint in told


def test_refs_name_what_the_references_hold():
    """If a scenario names its references, every ref is a key of them or a claim of its reported articles."""
    references = "context: {C1: {what: a report, from: somebody, confidence: C}}\n"
    text = (
        changed(("reorder_days: 5", "reorder_days: {value: 5, refs: [C1, S1-02, C2]}"))
        + "references: references.yaml\n"
    )
    with folder(scenario_yaml=text, references_yaml=references) as home:
        assert [line.split(": ", 1)[1] for line in said(load_scenario, home / "scenario.yaml")] == [
            "supply.reorder_days.refs.1: no reference 'S1-02' in references.yaml; add it to references.yaml",
            "supply.reorder_days.refs.2: no reference 'C2' in references.yaml; add it to references.yaml",
        ]
    with folder(
        scenario_yaml=text.replace(", C2", "") + "reported: reported.yaml\n",
        references_yaml=references,
        reported_yaml="claims: {}\n",
        coverage_csv="claim_id,used\nS1-02,context\n",
    ) as home:
        assert said(load_scenario, home / "scenario.yaml") == []


def test_overrides_over_a_loaded_scenario_are_checked_like_those_over_a_file():
    """What `--set` does to a file, `with_overrides` does to a scenario."""
    overrides = ["movement.fighters_per_vehicle=4", "combat.bout_duration=PT3H"]
    scenario = load_scenario(SMALL)
    assert resolved(with_overrides(scenario, overrides)) == resolved(load_scenario(SMALL, overrides))
    assert with_overrides(scenario, overrides).folder == scenario.folder
    with pytest.raises(ProblemsFound, match=r"no such path 'movement\.speed'"):
        with_overrides(scenario, ["movement.speed=4"])


def test_a_manifest_that_is_no_scenario_is_refused_in_words():
    """A resolved form with a strange key says which, like a file."""
    data = resolved(load_scenario(SMALL))
    with pytest.raises(ProblemsFound, match=r"movement\.spede: unknown key 'spede'"):
        scenario_from_resolved({**data, "movement": {**data["movement"], "spede": 1}})


def test_the_package_offers_what_programs_need():
    """`from sim import load_scenario` and `from sim.scenario import resolved` work without more."""
    assert sim.load_scenario is load_scenario
    assert sim.scenario.resolved is resolved
    assert load_scenario(str(SMALL)).scenario.start == datetime.fromisoformat("2030-05-01T00:00+02:00")
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        sim.scenario.nothing  # noqa: B018 - asking is the test


def test_luck_of_the_interpreter_changes_no_hash():
    """Sets and hashes of this process leave no trace: the bytes of the resolved form are fixed."""
    data = resolved(load_scenario(SMALL))
    assert canonical_json(data) == canonical_json(shuffled(data, random.Random(3)))
