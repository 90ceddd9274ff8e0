"""Rules that look beyond one file: what numbers refer to, what was reported, and what ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.lint import Finding, Report, lint
from sim.scenario.loading import load_located
from tests.scenario.small import TEXT, changed, folder

SHIPPED = sorted((Path(__file__).parents[3] / "scenarios").glob("*/**/*.yaml"))
SCENARIOS = [path for path in SHIPPED if path.name == "scenario.yaml" or path.parent.name == "variants"]

REFERENCES = """\
factors:
  J1: {what: a judgement, unit: person, mark: J, confidence: D}
  D1: {what: worked out from good figures, unit: person, mark: D, confidence: B}
  S1: {what: read, unit: person, mark: S, confidence: A}
"""
SOURCES = """\
basis: invented
confidence: low
sources:
  gazette:
    {outlet: The Gazette, author: unsigned, title: War, published_at: 2030-05-10T12:00+00:00, published_tolerance: PT6H,
     look_back: P3D, cover_rate: 0.5}
"""
TIMELINE = """\
title: A small war
horizon: 2030-05-12T00:00+00:00
sources: sources.yaml
dating_rules:
  stated-day: {form: day, text: The day is named.}
claimants:
  speaker: {name: A speaker, side: south}
events:
  gate-taken: {label: The gate taken, why: It is what the war is about.}
claims:
  C1:
    event_id: gate-taken
    claimant: speaker
    source: gazette
    statement: asserts
    event: {type: capture, actor: south, target: north, where: gate}
    time:
      {kind: moment, start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00, rule: stated-day, how: Thu, prec: 1}
    status: claimed
    score: headline
"""
HEAD = "sides:\n  north: {name"
HERALD = """\
observation:
  basis: invented
  confidence: low
  claimants:
    traveller: {name: Traveller, says_share: {default: 0.5}, delay: PT6H, tells_number_share: 0.5,
      inflation_enemy_losses: 1, wounded_told_share: 0.5, count_error: 1, misplaced_share: 0.1,
      bulletin_rate_per_day: 0.1, invented_rate_per_day: 0.1}
"""


def findings(code: str, scenario: str, **files: str) -> list[Finding]:
    """Return what one rule finds in a scenario with other files beside it."""
    return [one for one in report(scenario, **files).findings if one.rule.code == code]


def report(scenario: str, **files: str) -> Report:
    """Return what all rules find in a scenario with other files beside it."""
    with folder(scenario_yaml=scenario, **files) as home:
        return lint(*load_located(home / "scenario.yaml"))


@pytest.mark.parametrize(
    ("refs", "confidence", "weak"),
    [("J1", "medium", True), ("J1", "low", False), ("D1", "medium", False), ("J1, S1", "high", False)],
)
def test_confidence_rests_on_what_was_read(refs: str, confidence: str, weak: bool) -> None:
    """A number whose references are all remembered or judged is of low confidence (R507)."""
    number = f"strength: {{value: 1500, basis: told, refs: [{refs}], confidence: {confidence}}}"
    text = changed((HEAD, f"references: references.yaml\n{HEAD}"), ("strength: 1500", number))
    found = findings("R507", text, references_yaml=REFERENCES)
    assert [one.path for one in found] == ["forces.southerners.strength"] * weak
    assert all("J1: judged, but the confidence is medium" in one.message for one in found)


def test_what_is_believed_names_a_reference() -> None:
    """Where references are kept, a number of high confidence without any is noted, unless it has a note (R509)."""
    number = "strength: {value: 1500, basis: counted, confidence: high}"
    text = changed((HEAD, f"references: references.yaml\n{HEAD}"), ("strength: 1500", number))
    (found,) = findings("R509", text, references_yaml=REFERENCES)
    assert (found.path, found.severity) == ("forces.southerners.strength", "note")
    noted = text.replace("confidence: high}", "confidence: high, note: by hand}")
    assert not findings("R509", noted, references_yaml=REFERENCES)
    assert not findings("R509", changed(("strength: 1500", number)))


def reported(*pairs: tuple[str, str], timeline: str = TIMELINE, more: str = "") -> Report:
    """Return what is found in the small scenario with a reported timeline."""
    text = changed((HEAD, f"reported: reported.yaml\nsources: sources.yaml\n{HEAD}"), *pairs) + more
    return report(text, reported_yaml=timeline, sources_yaml=SOURCES)


def codes(told: Report) -> set[tuple[str, str]]:
    """Return code and path of the findings about news."""
    return {(one.rule.code, one.path) for one in told.findings if one.rule.code.startswith("R6")}


def test_what_was_reported_needs_somebody_who_tells() -> None:
    """A scenario with a reported timeline and without claimants can be compared with nothing (R604)."""
    assert codes(reported()) == {("R604", "observation.claimants")}


def test_a_claimant_is_of_a_kind_that_made_claims() -> None:
    """A claimant of a side, or an observer, of whom nothing was reported has nothing to be compared with (R603)."""
    told = codes(reported(more=HERALD))
    assert ("R603", "observation.claimants.traveller") in told
    observer = TIMELINE.replace("{name: A speaker, side: south}", "{name: A speaker}")
    assert ("R603", "observation.claimants.traveller") not in codes(reported(timeline=observer, more=HERALD))


def test_what_is_claimed_lies_in_the_simulated_time() -> None:
    """A horizon after the end, and headline claims whose windows lie outside, are named (R606)."""
    late = TIMELINE.replace("horizon: 2030-05-12", "horizon: 2030-06-12")
    early = ("start: 2030-05-01T00:00+02:00", "start: 2030-05-11T00:00+02:00")
    told = [one.message for one in reported(early, timeline=late, more=HERALD).findings if one.rule.code == "R606"]
    assert any("after the end of the scenario" in line for line in told)
    assert any("the windows of C1 lie outside the scenario" in line for line in told)
    assert ("R606", "reported") not in codes(reported(more=HERALD))


def test_a_scenario_without_files_is_checked_all_the_same() -> None:
    """Findings of a scenario without a document name the scenario instead of a file."""
    with folder(scenario_yaml=TEXT) as home:
        scenario, _ = load_located(home / "scenario.yaml")
    assert all(str(one).startswith("scenario two-valleys:1:1: R") for one in lint(scenario).findings)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_ships_is_clean_or_waived_with_a_reason(path: Path) -> None:
    """No error and no warning remains in the shipped scenarios and their variants, and no waiver is idle."""
    told = lint(*load_located(path))
    assert [str(one) for one in told.findings if one.severity != "note"] == []
    assert all(len(waiver.reason.split()) >= 5 for _, waiver in told.waived)


def test_scenarios_ship_at_all() -> None:
    """The reference scenario, its variants and the invented war are among what is checked."""
    assert len(SCENARIOS) >= 7
