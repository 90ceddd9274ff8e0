"""What contradicts what: by rule, and side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import load_scenario
from sim.scenario.contradictions import contradictions
from sim.scenario.reported import ReportedTimeline, load_reported
from tests.scenario.test_reported import SOURCES, TIMELINE

FOLDER = Path(__file__).parents[2] / "scenarios" / "panjshir-2021"

#: One more claim, of which a test changes what it is about.
MORE = """\
  C3:
    event_id: EVENT
    claimant: other
    source: gazette
    statement: STATEMENT
    event: {type: TYPE, actor: ACTOR, WHERE}
    time: {kind: KIND, start: START, end: END, rule: stated-day, how: Thu, prec: 1}
    status: disputed
    score: claims
    note: C1 says otherwise.
"""


@pytest.fixture
def beside(tmp_path):
    """Return what contradicts C1 (red took the town, 9 May) once another claim stands beside it."""

    def found(**changes: str) -> list[tuple[str, str]]:
        words = {"EVENT": "town-taken", "STATEMENT": "asserts", "TYPE": "capture", "ACTOR": "red",
                 "WHERE": "where: town, target: blue", "KIND": "moment", "START": "2030-05-09T00:00+00:00",
                 "END": "2030-05-10T00:00+00:00"}  # fmt: skip
        text = MORE
        for key, value in {**words, **changes}.items():
            text = text.replace(key, value)
        (tmp_path / "sources.yaml").write_text(SOURCES)
        (tmp_path / "reported.yaml").write_text(TIMELINE + text)
        timeline = load_reported(tmp_path / "reported.yaml")
        return [(one.how, one.second) for one in contradictions(timeline) if one.first == "C1"]

    return found


def test_claims_that_agree_contradict_nothing(beside):
    """The same told twice is no contradiction."""
    assert beside() == []


def test_a_denial_contradicts_the_assertion_of_the_same_time(beside):
    """One says it was taken on the 9th, the other that it was not."""
    assert beside(STATEMENT="denies") == [("one asserts, the other denies", "C3")]
    assert beside(STATEMENT="denies", EVENT="town-lost") == [("one asserts, the other denies", "C3")]


def test_what_is_denied_of_another_place_or_deed_contradicts_nothing(beside):
    """Another event at another place, or another kind of deed, is another matter."""
    assert beside(STATEMENT="denies", EVENT="town-lost", WHERE="where: hill") == []
    assert beside(STATEMENT="denies", EVENT="town-lost", TYPE="attack") == []


def test_two_sides_cannot_take_one_place_at_once(beside):
    """Red and Blue are both said to have it on the same day."""
    assert beside(EVENT="town-lost", ACTOR="blue", WHERE="where: town") == [("two sides took it at once", "C3")]
    held = beside(EVENT="town-lost", ACTOR="blue", WHERE="where: town", TYPE="control_state", KIND="state_on")
    assert held == [("two sides hold it at once", "C3")]


def test_any_of_several_places_is_no_contradiction(beside):
    """Who holds one of two towns leaves the other to the other side."""
    assert beside(EVENT="town-lost", ACTOR="blue", WHERE="where: [town, hill]") == []


def test_an_event_told_otherwise_contradicts_where_one_account_is_disputed(beside):
    """C3 is marked as disputed: as another deed of the same event it stands against the first account."""
    assert beside(TYPE="attack") == [("the same event told otherwise, one of them disputed", "C3")]


def test_what_is_intended_contradicts_nothing(beside):
    """A plan is no claim of how things are."""
    assert beside(STATEMENT="intends", ACTOR="blue", WHERE="where: town") == []


def test_the_first_of_one_event_has_one_date(beside):
    """Told of the 8th by one and of the 9th by another, whoever is said to have done it; a denial of the 8th agrees."""
    day_before = {"START": "2030-05-08T00:00+00:00", "END": "2030-05-09T00:00+00:00"}
    apart = [("the first of the same event, dated apart", "C3")]
    assert beside(**day_before) == apart
    assert beside(**day_before, ACTOR="blue", WHERE="where: town, where_prec: 3") == apart
    assert beside(**day_before, STATEMENT="denies") == []
    assert beside(**day_before, KIND="state_on") == []
    assert beside(**day_before, WHERE="where: hill") == []
    assert beside(**day_before, EVENT="town-lost") == []


@pytest.mark.parametrize(
    ("measure", "day", "how"),
    [
        ("best: 9", "09", ["the same losses, counted otherwise"]),
        ("low: 4, open: above", "09", []),
        ("low: 6, open: above", "09", ["the same losses, counted otherwise"]),
        ("high: 4, open: below", "09", ["the same losses, counted otherwise"]),
        ("best: 9", "08", []),
        (None, "09", []),
    ],
)
def test_the_same_losses_have_numbers_in_common(tmp_path, measure, day, how):
    """Five dead of a day are not nine, and may be at least four; those of another day are other dead."""
    counted = MORE.replace("KIND", "moment").replace("EVENT", "dead").replace("STATEMENT", "asserts")
    counted = counted.replace("TYPE", "casualties").replace("ACTOR", "red")
    counted = counted.replace("WHERE", "where: town, occurrence: any_in_window")
    claims = ""
    for key, number, start in (("C3", "best: 5", 9), ("C4", measure, int(day))):
        told = "{whose: blue, what: killed" + (f", {number}" if number else "") + "}"
        dated = counted.replace("START", f"2030-05-{start:02}T00:00+00:00").replace(
            "END", f"2030-05-{start + 1:02}T00:00+00:00"
        )
        claims += dated.replace("  C3:", f"  {key}:").replace("    status", f"    measure: {told}\n    status")
    events = TIMELINE.replace("claims:\n", "  dead: {label: The dead}\nclaims:\n")
    (tmp_path / "sources.yaml").write_text(SOURCES)
    (tmp_path / "reported.yaml").write_text(events + claims.replace("status: disputed", "status: claimed"))
    found = contradictions(load_reported(tmp_path / "reported.yaml"))
    assert [one.how for one in found if one.first == "C3"] == how


def reference() -> tuple[ReportedTimeline, dict[str, tuple[str, ...]]]:
    scenario = load_scenario(FOLDER / "scenario.yaml")
    return load_reported(FOLDER / "reported.yaml", scenario), dict(scenario.areas)


def test_the_reference_timeline_keeps_its_contradictions_beside_each_other():
    """Both sides told of the roads at the gates otherwise; each pair is found once."""
    timeline, areas = reference()
    found = contradictions(timeline, areas)
    pairs = [(one.first, one.second) for one in found]
    assert len(pairs) == len(set(pairs))
    wanted = {("S4-37", "S4-38"), ("S2-16", "S2-20-salang"), ("S3-01-attack", "S3-08"), ("S3-03", "S3-08")}
    assert wanted <= set(pairs)
    assert all(first in timeline.claims and second in timeline.claims for first, second in pairs)
