"""What ``sim lint`` and ``sim referents`` say, and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sim.cli.given import Follows
from sim.cli.linting import _findings_of
from sim.scenario import load_scenario
from sim.scenario.lint import RULES
from sim.scenario.referents import referents
from tests.cli.conftest import RIVERS, VALLEYS, Typed, spawned

EMPTY_DEPOT = ("--set", "depots.north-store.fuel_kg=0")


def test_a_clean_scenario_is_left_in_peace(sim: Typed) -> None:
    """Where all is well or waived nothing is printed, and the command ends with 0."""
    assert sim("lint", RIVERS) == ""


def test_findings_are_lines_and_the_count_is_an_aside() -> None:
    """A pipe gets one line per finding and nothing else; their count, by severity and code, goes to stderr."""
    done = spawned("lint", VALLEYS, "--select", "R2,R3", *EMPTY_DEPOT)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 3
    assert all(
        re.match(r"(\S+:\d+:\d+|--set \S+): R\d{3} (error|warning|note): \S+: ", line)
        for line in done.stdout.splitlines()
    )
    assert done.stderr == f"{VALLEYS}: 2 warnings (R204, R306), 1 note (R207)\n"


def test_notes_alone_are_no_failure_unless_asked_for(sim: Typed) -> None:
    """Errors and warnings end with 1; notes do so with ``--strict``."""
    assert "R207 note" in sim("lint", VALLEYS, "--select", "R207")
    sim("lint", VALLEYS, "--select", "R207", "--strict", code=1)
    sim("lint", VALLEYS, "--select", "R306", code=1)
    sim("lint", VALLEYS, "--select", "R306", "--ignore", "date-alone")


def test_what_is_waived_is_shown_with_its_reason(sim: Typed) -> None:
    """``--waived`` shows what the scenario keeps, and why."""
    told = sim("lint", RIVERS, "--waived").splitlines()
    assert any("R505 warning: forces.guild-watch.share_present" in line for line in told)
    assert all(line.endswith("]") and "[waived: " in line for line in told)


def test_programs_get_json(sim: Typed) -> None:
    """``--json`` has one record per file, with findings, what is waived, and problems of files that are not sound."""
    (record,) = json.loads(sim("lint", RIVERS, "--json"))
    assert record["file"] == str(RIVERS)
    assert record["findings"] == []
    assert all(one["reason"] and one["code"] in RULES for one in record["waived"])
    (broken,) = json.loads(sim("lint", VALLEYS, "--json", "--select", "R204", *EMPTY_DEPOT, code=1))
    (finding,) = broken["findings"]
    assert {key: finding[key] for key in ("code", "name", "severity", "path")} == {
        "code": "R204", "name": "depot-without-fuel", "severity": "warning", "path": "depots.north-store.fuel_kg",
    }  # fmt: skip
    (wrong,) = json.loads(sim("lint", VALLEYS, "--json", "--set", "combat.ready_share=7", code=1))
    assert wrong["problems"][0]["path"] == "combat.ready_share"


def test_a_file_that_is_not_sound_is_told_and_the_others_are_checked(sim: Typed, tmp_path: Path) -> None:
    """What ``sim validate`` would say is said, and the next file is looked at."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("extends: 5\n", encoding="utf-8")
    told = sim("lint", wrong, VALLEYS, "--select", "R306", code=1)
    assert f"{wrong}:1:10: extends: must be the name of the file" in told
    assert "not checked for realism" in told
    assert "R306 warning" in told


def test_every_rule_is_listed_with_what_it_is_for(sim: Typed) -> None:
    """``--rules`` has a line per rule, and as JSON a record."""
    listed = sim("lint", "--rules").splitlines()
    assert [line.split()[0] for line in listed[1:]] == sorted(RULES)
    assert all(RULES[line.split()[0]].why in line for line in listed[1:])
    assert {rule["code"] for rule in json.loads(sim("lint", "--rules", "--json"))} == set(RULES)


@pytest.mark.parametrize(
    ("word", "near"), [("R99", "known: R101"), ("certain-mustre", "did you mean 'certain-muster'?")]
)
def test_a_rule_that_is_none_is_refused_with_the_nearest(sim: Typed, word: str, near: str) -> None:
    """A code or name that no rule has is an error of the user, and the remedy names one that there is."""
    told = sim("lint", VALLEYS, "--select", word, code=1)
    assert f"no rule {word!r}" in told
    assert near in told


def test_a_scenario_has_to_be_named(sim: Typed) -> None:
    """Without a file there is nothing to check: usage, not success."""
    assert "name at least one scenario" in sim("lint", code=2)


def rows(*events: tuple[str, int, str]) -> list[Follows]:
    """Return what moving one date showed of some events: event, pairs of ten in which it follows, argument."""
    return [
        Follows("rains", event, event.title(), pairs=10, follows=follows, argued=argued)
        for event, follows, argued in events
    ]


def test_a_given_event_is_a_finding_unless_it_is_argued() -> None:
    """An event that follows a date in most pairs is found at the date; an argument settles it."""
    found = _findings_of(
        load_scenario(RIVERS), rows(("fall", 9, ""), ("siege", 8, "it was announced"), ("truce", 2, ""))
    )
    assert [(code, one.path) for code, one in found] == [("R320", "exogenous.rains")]
    assert "fall (Fall) follows it in 90 % of 10 pairs" in found[0][1].message
    assert "given_argued: {fall: ...}" in found[0][1].remedy


def test_an_argument_for_what_no_date_brings_about_is_a_finding() -> None:
    """What ``given_argued`` excuses must have been measured as given."""
    scenario = load_scenario(RIVERS, ["given_argued={fall: it was announced, siege: it was announced too}"])
    found = _findings_of(scenario, rows(("fall", 9, "it was announced"), ("siege", 1, "it was announced too")))
    assert [(code, one.path) for code, one in found] == [("R321", "given_argued.siege")]


def test_given_is_measured_when_asked_for(sim: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--given`` plays pairs of histories with every date moved, and adds what it finds."""
    asked: list[tuple[int, int]] = []

    def measure(*_: object, pairs: int, seed: int) -> list[Follows]:
        asked.append((pairs, seed))
        return rows(("fall", 9, ""))

    monkeypatch.setattr("sim.cli.given.measure", measure)
    told = sim("lint", RIVERS, "--given", "-n", 10, "--seed", 4, code=1)
    assert asked == [(10, 4)]
    assert "R320 warning: exogenous.rains: fall (Fall) follows it in 90 % of 10 pairs" in told
    assert "three-rivers" in told


def test_the_referents_are_printed_in_three_ways(sim: Typed) -> None:
    """A table for people, records for programs, a page for the documentation: all have every referent."""
    table, page = sim("referents"), sim("referents", "--markdown")
    records = json.loads(sim("referents", "--json"))
    assert [record["id"] for record in records] == list(referents())
    assert all(name in table and f"`{name}`" in page for name in referents())
