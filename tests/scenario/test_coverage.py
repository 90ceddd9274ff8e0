"""Rules of coverage: every factual claim of the five articles went somewhere, and can be found there."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel

from sim.scenario.loading import load_scenario
from sim.scenario.numbers import register
from sim.scenario.references import load_references
from sim.scenario.reported import load_reported

FOLDER = Path(__file__).parents[2] / "scenarios" / "panjshir-2021"
#: How many factual claims each article makes.
CLAIMS_OF = {"S0": 24, "S1": 30, "S2": 23, "S3": 23, "S4": 38}
USES = {"claim", "assumption", "operation", "dating", "geography", "context"}


@pytest.fixture(scope="module")
def rows():
    with (FOLDER / "coverage.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(FOLDER / "scenario.yaml")


@pytest.fixture(scope="module")
def timeline(scenario):
    return load_reported(FOLDER / "reported.yaml", scenario)


def targets(row):
    return [target for target in row["target"].split(";") if target]


def exists(model: object, path: str) -> bool:
    """Tell whether a dotted path leads to something that a scenario says."""
    found: object = model
    for step in path.split("."):
        if isinstance(found, BaseModel):
            names = {info.alias or name: name for name, info in type(found).model_fields.items()}
            found = getattr(found, names[step], None) if step in names else None
        elif isinstance(found, Mapping):
            found = found.get(step)
        else:
            return False
        if found is None:
            return False
    return True


def test_every_claim_of_the_articles_has_one_row(rows):
    """No claim is silently missing, and none is counted twice."""
    wanted = [f"{article}-{number:02}" for article, last in CLAIMS_OF.items() for number in range(1, last + 1)]
    assert [row["claim_ref"] for row in rows] == wanted
    assert list(rows[0]) == ["claim_ref", "used_as", "target", "reason"]


def test_every_row_says_what_became_of_its_claim(rows):
    """Each row has a use and a reason; what is used names where, what is not used names nothing."""
    for row in rows:
        assert row["used_as"] in USES, row
        assert len(row["reason"]) > 8, row
        if row["used_as"] in {"claim", "assumption", "operation"}:
            assert targets(row), row
        if row["used_as"] == "context":
            assert not targets(row), row


def test_every_target_exists(rows, timeline, scenario):
    """A target is a claim of the timeline or a path of the scenario, as the row's use says."""
    paths = register(scenario)
    for row in rows:
        named = targets(row)
        if row["used_as"] == "claim":
            assert named[0] in timeline.claims, row
            assert named[0] == row["claim_ref"], row
        for target in named:
            if target in timeline.claims:
                assert row["used_as"] == "claim", row
                assert target.startswith(row["claim_ref"]), row
            else:
                assert target in paths or exists(scenario, target), (row, target)
        if row["used_as"] == "operation":
            assert all(target.startswith("operations.") for target in named), row
        if row["used_as"] == "assumption":
            assert not any(target in timeline.claims for target in named), row


def test_every_claim_of_the_timeline_comes_from_a_row(rows, timeline):
    """The timeline holds no claim that no article made."""
    named = {target for row in rows for target in targets(row)}
    assert timeline.claims.keys() <= named
    for claim_id, claim in timeline.claims.items():
        assert claim.source == claim_id[:2].lower(), claim_id


def test_every_reference_of_a_number_can_be_looked_up(rows, scenario, timeline):
    """What a number rests on is a claim of the articles, a published factor, a report or a body of data."""
    known = load_references(FOLDER / "references.yaml").titles().keys() | {row["claim_ref"] for row in rows}
    for model in (scenario, timeline.printed_by):
        for path, entry in register(model).items():
            assert set(entry.refs) <= known, path
