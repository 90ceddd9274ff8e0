"""Rules of the table of referents: every range is whole and cited, agrees with the references, and judges something."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from sim.projections.measures import MEASURES
from sim.scenario.loading import load_scenario
from sim.scenario.numbers import register
from sim.scenario.references import load_references
from sim.scenario.referents import MARKS, Referent, judging, markdown, of_outcome, referents
from sim.scenario.schema import Scenario
from tests.test_architecture import _names_of_scenarios
from tests.worlds import INVENTED, REFERENCE, REPOSITORY

TABLE = REPOSITORY / "sim" / "scenario" / "referents.csv"
ALL = list(referents().values())
GRADES = "ABCD"
#: Ranges of the table that are the factor's own times this, for percent and months.
SCALES = (1, 0.01, 30, 1000)
#: Subjects and referents with rules of their own, whose paths several referents share.
SHARED = {"ground"}


def path_patterns() -> set[str]:
    """Return the dotted paths of all numbers that a scenario can hold, as far as two scenarios hold them."""
    scenarios = [load_scenario(path) for path in (REFERENCE, INVENTED)]
    return {path for scenario in scenarios for path in register(scenario)}


@pytest.mark.parametrize("referent", ALL, ids=lambda referent: referent.id)
def test_a_referent_is_whole(referent: Referent) -> None:
    """It has a quantity, a unit, values in order, a source with its year, and a mark and grade that agree."""
    assert referent.quantity
    assert referent.unit
    assert re.fullmatch(r"[a-z0-9-]+", referent.id)
    given = [value for value in (referent.low, referent.typical, referent.high) if value is not None]
    assert given
    assert given == sorted(given)
    assert referent.mark in MARKS
    assert referent.confidence in GRADES
    assert "://" not in referent.source
    if referent.mark == "S":
        assert all(re.search(r"(\d{4}|n\.d\.)$", source.strip()) for source in referent.source.split(";"))
    else:
        assert referent.confidence != "A"
    assert referent.source


def test_the_table_has_one_row_for_each_id() -> None:
    """No id is given twice, and every row has as many cells as there are columns."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        table = list(csv.reader(rows))
    ids = [row[0] for row in table[1:]]
    assert len(ids) == len(set(ids)) == len(ALL)
    assert {len(row) for row in table} == {len(table[0])}
    assert len(ids) > 60


def test_the_table_holds_general_literature_only() -> None:
    """No place, side, force or year of a shipped scenario is named in it."""
    names = "|".join(re.escape(name) for name in sorted(_names_of_scenarios()))
    found = re.findall(rf"(?<![\w-])({names})(?![\w-])", TABLE.read_text(encoding="utf-8"), re.IGNORECASE)
    assert found == []


@pytest.mark.parametrize("referent", [one for one in ALL if one.factor], ids=lambda referent: referent.id)
def test_the_table_agrees_with_the_references_of_the_scenario(referent: Referent) -> None:
    """A referent is taken from planning factors that the reference scenario knows under the same key.

    Where both give a range of one factor it is the same, up to percent, months and tonnes; the grade is never better.
    """
    factors = load_references(REFERENCE.parent / "references.yaml").factors
    known = [factors[key] for key in referent.factor.split()]
    assert min(GRADES.index(factor.confidence) for factor in known) <= GRADES.index(referent.confidence)
    (first,) = known[:1]
    if len(known) == 1 and None not in (first.low, first.high) and first.mark == referent.mark == "S":
        ends = (referent.low, referent.high)
        expected = [(first.low * scale, first.high * scale) for scale in SCALES]
        assert any(
            all(end is None or end == pytest.approx(value) for end, value in zip(ends, pair, strict=True))
            for pair in expected
        )


def test_every_pattern_names_numbers_that_there_are() -> None:
    """What a referent applies to is the path of a number of the shipped scenarios, or of a section they leave out."""
    paths = path_patterns()
    optional = {name for name, field in Scenario.model_fields.items() if field.default is None} | {
        "cohesion.leader_drop"
    }
    for referent in ALL:
        for pattern in referent.applies_to:
            if not pattern.startswith(tuple(optional)):
                wanted = re.compile(re.escape(pattern).replace(r"\*", r"[^.]+"))
                assert any(wanted.fullmatch(path) for path in paths) or pattern.startswith("places."), pattern


def test_a_number_is_judged_by_one_referent_of_a_subject() -> None:
    """No number is held against two ranges at once, but where a rule says which of them is meant."""
    for path in path_patterns():
        subjects = [one.subject for one in judging(path) if one.subject not in SHARED]
        allowed = {"movement.march_hours_per_day.foot": 2}.get(path, 1)
        assert len(subjects) <= allowed, path


def test_what_is_measured_has_a_referent() -> None:
    """Every measure of simulated histories bears the name of an outcome of the table."""
    assert [name for name in MEASURES if not list(of_outcome(name))] == []
    assert list(of_outcome("")) == []


def test_most_referents_judge_something() -> None:
    """A referent applies to numbers or to what is measured, or a rule computes with it."""
    idle = [one.id for one in ALL if not one.applies_to and not one.outcome]
    assert idle == ["engaged-share", "mountain-loss-factor", "wounded-per-killed-army", "climb-m-per-h"]


def test_ranges_are_told_as_people_write_them() -> None:
    """Both ends and the likeliest value, one end alone, or the likeliest value alone, with the unit."""
    told = {name: referents()[name].in_words() for name in referents()}
    assert told["wounded-per-killed"] == "1.1-3.7, typically 2.3"
    assert told["failed-attack-share-lost"] == "at most 0.4"
    assert told["engagement-days"] == "0.3-5, typically 2 days"
    assert told["shutdown-days"] == "about 203 days"
    assert told["cut-off-days"] == "at least 1, typically 3 days"


def test_durations_are_compared_in_the_unit_of_the_referent() -> None:
    """Seconds of a scenario become hours or days; anything else stays as it is."""
    bout, wounded = referents()["bout-hours"], referents()["wounded-per-killed"]
    assert bout.in_unit(7200, "s") == 2
    assert bout.allows(bout.in_unit(7200, "s"))
    assert not bout.allows(0.5)
    assert wounded.in_unit(7200, "ratio") == 7200
    assert referents()["failed-attack-share-lost"].allows(0.0)


def test_patterns_match_step_by_step() -> None:
    """A star stands for one step: neither for none nor for two."""
    (one,) = judging("operations.assault.regroup")
    assert one.id == "retake-days"
    assert not one.applies("operations.regroup")
    assert not one.applies("operations.assault.axes.regroup")


def test_the_page_of_the_documentation_is_the_table() -> None:
    """docs/model/referents.md is what ``sim referents --markdown`` prints."""
    page = REPOSITORY / "docs" / "model" / "referents.md"
    assert page.read_text(encoding="utf-8") == f"{markdown()}\n"


def test_the_table_is_part_of_the_package() -> None:
    """It lies beside the module that reads it, where an installed package has it too."""
    assert (Path(__import__("sim.scenario.referents", fromlist=["_"]).__file__).parent / "referents.csv").is_file()
