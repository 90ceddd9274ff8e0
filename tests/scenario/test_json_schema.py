"""Rules of the published JSON Schema: an editor accepts what the loader accepts, and marks what it can."""

import json
from pathlib import Path

import jsonschema
import pytest

from sim.scenario.json_schema import model_schema, scenario_schema, write_schema
from sim.scenario.reported import ReportedTimeline
from sim.scenario.sources import Sources
from sim.scenario.yaml_source import parse_yaml, read_yaml
from tests.scenario.small import SMALL, TEXT, changed, load, said

HOME = Path(__file__).parents[2] / "scenarios"
SCHEMA = scenario_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_it_is_a_schema_of_the_dialect_it_names():
    """The schema itself is valid 2020-12, has a local id, and says in words what it is of."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"] == "scenario.schema.json"
    assert SCHEMA["title"] == "Scenario"
    assert SCHEMA["description"]


@pytest.mark.parametrize(
    "path",
    [SMALL, *sorted(HOME.glob("*/scenario.yaml")), *sorted(HOME.glob("*/variants/*.yaml"))],
    ids=lambda path: path.stem,
)
def test_it_accepts_every_scenario_and_variant_of_the_project(path):
    """What ships is valid for an editor too, whole scenarios as well as the parts that a variant gives."""
    assert [error.message for error in VALIDATOR.iter_errors(read_yaml(path).data)] == []


@pytest.mark.parametrize(
    ("model", "name", "pattern"),
    [(ReportedTimeline, "reported", "*/reported.yaml"), (Sources, "sources", "*/sources.yaml")],
)
def test_other_files_have_a_schema_of_the_same_make(model, name, pattern):
    """Reported timelines and sources are described with the same numbers and moments."""
    schema = model_schema(model, name)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in HOME.glob(pattern):
        assert [error.message for error in validator.iter_errors(read_yaml(path).data)] == []


UNIFORM = "{dist: uniform, min: 0.8, max: 1.6}"
LOGNORMAL = "{dist: lognormal, median: 1, sigma: 0.5}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  time_factor: {", "  time_facter: {"),
        ("  fighters_per_vehicle: 6\n", ""),
        ("areas: {upper:", "areas: {Upper:"),
        ("north+south: hostile", "north+south: hostle"),
        ("lat: 45.2", "lat: 145.2"),
        ("lat: 45.2", "lat: '45.2'"),
        ("renew: 2", "renew: 2.5"),
        ("home: true", "home: yes"),
        ("start: 2030-05-01T00:00+02:00", "start: 2030-05-01"),
        ("parties: [north, south]", "parties: [north]"),
        ("closed_months: [1, 2]", "closed_months: [1, 13]"),
        ("strength: 1500", "strength: 1_500"),
        ("strength: 1500", "strength: [1500]"),
        ("strength: 1500", "strength: -5"),
        ("supply_floor: 0.2", "supply_floor: 1.2"),
        ("recovery_half_time: P1D", "recovery_half_time: 24"),
        ("recovery_half_time: P1D", "recovery_half_time: P1M"),
        ("recovery_half_time: P1D", "recovery_half_time: P1DT"),
        ("mean: PT6H, sd: PT4H", "mean: PT6H, sd: 4"),
        (UNIFORM, "{dist: unifrom, min: 0.8, max: 1.6}"),
        (UNIFORM, "{dist: pert, min: 0.8, max: 1.6}"),
        (UNIFORM, "{dist: uniform, min: 0.8, max: 1.6, mode: 1}"),
        (UNIFORM, "{min: 0.8, max: 1.6}"),
        (UNIFORM, "{basis: mine}"),
        (LOGNORMAL, "{dist: lognormal, median: 1}"),
        (LOGNORMAL, "{dist: lognormal, median: 1, sigma: 0.5, p05: 0.1, p95: 2}"),
        (LOGNORMAL, "{dist: lognormal, median: -1, sigma: 0.5}"),
        ("{dist: beta, p05: 0.05, p95: 0.3}", "{dist: beta, p05: 0.05, p95: 0.3, max: 1}"),
        ("weights: {PT6H: 1, PT12H: 2}", "weights: {6: 1}"),
        ("open: false, ", ""),
        ("kind: gorge, ", "kind: gorg, "),
    ],
)
def test_an_editor_marks_what_the_loader_refuses(old, new):
    """Wrong keys, types, ranges, laws and missing keys are refused by both."""
    text = changed((old, new))
    assert said(load, text)
    assert list(VALIDATOR.iter_errors(parse_yaml(text, "f.yaml").data))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (UNIFORM, "{value: 1, unit: ratio, note: constant}"),
        (UNIFORM, "{dist: constant, value: 1}"),
        (UNIFORM, "1.25"),
        (LOGNORMAL, "{dist: lognormal, p05: 0.5, p95: 2, min: 0.1, max: ~}"),
        ("recovery_half_time: P1D", "recovery_half_time: P1W"),
        ("recovery_half_time: P1D", "recovery_half_time: {value: P1DT2H30M}"),
        ("first_after: P2D", "first_after: 0"),
        ("holder: north\n    population", "holder: ~\n    population"),
        ("start: 2030-05-01T00:00+02:00", "start: 2030-05-01T00:00:00Z"),
    ],
)
def test_an_editor_accepts_what_the_loader_accepts(old, new):
    """Every way of writing a number, a duration or a moment is good for both."""
    text = changed((old, new))
    assert said(load, text) == []
    assert [error.message for error in VALIDATOR.iter_errors(parse_yaml(text, "f.yaml").data)] == []


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("extends: s.yaml", True),
        ("extends: s.yaml\nlifelines: {pass: null}", True),
        ("extends: s.yaml\nforces: {southerners: {strength: {confidence: high}}}", True),
        ("extends: s.yaml\nforces: {southerners: {strength: {mode: 700}}}", True),
        ("extends: s.yaml\ncombat: {bout_duration: {p05: PT1H}}", True),
        ("extends: s.yaml\ncombat: {bout_duration: {p05: 3600}}", False),
        ("extends: s.yaml\nforces: {southerners: {strenght: 5}}", False),
        ("extends: s.yaml\nplaces: {mill: {lat: north}}", False),
        ("extends: 5", False),
        ("scenario: {id: x}", False),
    ],
)
def test_a_variant_may_give_any_part_and_no_other(text, good):
    """A file that extends another gives parts, changes single parts of numbers and takes entries away."""
    errors = [error.message for error in VALIDATOR.iter_errors(parse_yaml(text, "f.yaml").data)]
    assert (errors == []) is good, errors


def test_an_editor_can_tell_what_a_key_means():
    """Keys carry their description with the unit, so that completion explains them."""
    supply = SCHEMA["$defs"]["Supply"]["properties"]
    assert supply["food_kg_per_person_day"] == {"$ref": "#/$defs/FoodRates"}
    assert SCHEMA["$defs"]["FoodRates"]["properties"]["rest"]["description"] == "food a day in garrison [kg/person-day]"
    assert SCHEMA["$defs"]["FoodRates"]["properties"]["rest"]["anyOf"][0] == {"type": "number", "minimum": 0}


def test_it_is_written_as_people_read_it(tmp_path):
    """The file holds the schema, indented, with a last line break."""
    write_schema(SCHEMA, tmp_path / "scenario.schema.json")
    text = (tmp_path / "scenario.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == SCHEMA
    assert text.startswith('{\n  "$schema"')
    assert text.endswith("}\n")


def test_the_small_scenario_is_what_the_other_cases_start_from():
    """The text that the cases change is accepted as it stands."""
    assert not list(VALIDATOR.iter_errors(parse_yaml(TEXT, "f.yaml").data))
