"""One history on the command line: run, events, state."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sim import load_scenario, open_batch, run
from sim.cli.moments import seconds_after_start
from sim.domain.terms import DAY, HOUR
from sim.errors import InputError
from sim.eventlog import decode, encode
from tests.cli.conftest import RIVERS, VALLEYS, Typed


def test_a_history_is_told_by_day_and_summed_up(sim: Typed) -> None:
    """``sim run`` prints dated lines grouped by day, then who has what, what changed hands, and the log's hash."""
    said = sim("run", RIVERS, "--seed", 1)
    lines = said.splitlines()
    assert lines[0] == "The war of the three rivers: replication 0 of seed 1"
    days = [line for line in lines if line.endswith(" March 2031")]
    assert len(days) > 3
    assert any(", because " in line for line in lines)
    assert "At the end" in lines
    assert run(load_scenario(RIVERS), seed=1).sha256 in said


def test_all_tells_more_and_keeps_the_order(sim: Typed) -> None:
    """``--all`` adds lines to the short diary and loses none of it."""
    short, whole = (json.loads(sim("run", RIVERS, "--json", *more))["lines"] for more in ((), ("--all",)))
    kept = {line["seq"] for line in short}
    assert len(whole) > len(short)
    assert [line for line in whole if line["seq"] in kept] == short


def test_a_directory_is_refused_where_a_file_is_written(sim: Typed, batch: Path, tmp_path: Path) -> None:
    """Before anything long begins, whoever names a directory is told to name a file in it, and nothing is in it."""
    for command in (("run", RIVERS), ("report", batch), ("report", batch, batch), ("report", batch, "-r", 1)):
        assert f"{tmp_path}: is a directory; name a file in it" in sim(*command, "-o", tmp_path, code=1)
    assert list(tmp_path.iterdir()) == []


def test_replication_7_of_a_run_is_replication_7_of_the_batch(sim: Typed, batch: Path, tmp_path: Path) -> None:
    """The same seed and number give the same bytes, on the terminal and in a batch."""
    log = tmp_path / "log.jsonl"
    said = sim("run", RIVERS, "--seed", 1, "--replication", 7, "-o", log)
    assert decode(log.read_bytes()) == open_batch(batch).log(7)
    assert f"the log is in {log}" in said
    assert open_batch(batch).outcomes().to_pylist()[7]["sha256"] in said


def test_a_checked_run_says_how_many_facts_and_invariants(sim: Typed) -> None:
    """``--check`` looks at every fact and changes nothing of the history."""
    plain, told = json.loads(sim("run", RIVERS, "--json")), json.loads(sim("run", RIVERS, "--json", "--check"))
    assert told["sha256"] == plain["sha256"]
    assert len(told["invariants_held"]) == 9
    assert f"{plain['facts']:,} facts checked, 9 invariants hold" in sim("run", RIVERS, "--check")


def test_several_replications_share_a_draw(sim: Typed) -> None:
    """``--per-draw`` gives the history that a batch with the same option has under that number."""
    told = json.loads(sim("run", RIVERS, "--replication", 3, "--per-draw", 2, "--json"))
    assert told["draw"] == 1
    assert told["sha256"] == run(load_scenario(RIVERS), seed=1, replication=3, per_draw=2).sha256


def test_a_set_value_changes_the_history_and_stands_in_the_next_command(sim: Typed) -> None:
    """``--set`` reaches the run."""
    changed = json.loads(sim("run", RIVERS, "--json", "--set", "combat.casualties_per_fighter_hour=0.2"))
    assert changed["sha256"] != json.loads(sim("run", RIVERS, "--json"))["sha256"]


def test_events_keep_the_kind_place_or_force_asked_for(sim: Typed, batch: Path) -> None:
    """Filters keep what they name, and all three formats show the same facts."""
    facts = [fact for fact in open_batch(batch).log(3) if fact.kind == "ControlChanged"]
    assert facts
    lines = sim("events", batch, "-r", 3, "--kind", "ControlChanged", "--format", "jsonl")
    assert lines.encode() == encode(facts)
    as_csv = sim("events", batch, "-r", 3, "--kind", "ControlChanged", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(as_csv)))
    assert [int(row["seq"]) for row in rows] == [fact.seq for fact in facts]
    assert rows[0]["kind"] == "ControlChanged"
    table = sim("events", batch, "-r", 3, "--kind", "ControlChanged").splitlines()
    assert len(table) == len(facts) + 1


def test_events_of_a_place_and_of_a_force_are_about_them(sim: Typed, batch: Path) -> None:
    """``--place`` keeps what happens at a place or goes there, ``--force`` what a force does."""
    raised = next(fact for fact in open_batch(batch).log(0) if fact.kind == "ForceRaised")
    for option, value in (("--place", raised.place), ("--force", raised.force)):
        said = sim("events", batch, option, value, "--format", "jsonl")
        assert said
        assert all(f'"{value}"' in line for line in said.splitlines())


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--kind", "ControlChange", "did you mean 'ControlChanged'"),
        ("--place", "ilvaa", "did you mean 'ilva'"),
        ("--force", "nobody-here", "there is none of that name"),
        ("--format", "xml", "one of table, jsonl, csv"),
    ],
)
def test_a_name_that_is_not_there_is_refused(sim: Typed, batch: Path, option: str, value: str, words: str) -> None:
    """A kind, place, force or format that does not exist is an error with the nearest right one."""
    assert words in sim("events", batch, option, value, code=1)


def test_a_state_is_the_fold_up_to_its_moment(sim: Typed, batch: Path) -> None:
    """``sim state`` shows the world at a moment, the same by days and by date, and people are conserved over time."""
    by_day = json.loads(sim("state", batch, "-r", 3, "--at", "9", "--json"))
    assert by_day == json.loads(sim("state", batch, "-r", 3, "--at", by_day["moment"], "--json"))
    assert by_day["time_s"] == 9 * DAY
    start = json.loads(sim("state", batch, "-r", 3, "--at", "0", "--json"))
    assert len(start["places"]) == len(by_day["places"])
    assert start["sides"] != by_day["sides"]
    assert "fighters" in sim("state", batch, "-r", 3, "--at", "9")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("1.5", 36 * HOUR),
        ("P2DT6H", 54 * HOUR),
        ("2030-05-02T06:00", 30 * HOUR),
        ("2030-05-02T06:00+00:00", 32 * HOUR),
    ],
)
def test_a_moment_may_be_written_in_several_ways(text: str, seconds: int) -> None:
    """Days, durations and dates are the same moment; a date without an offset is local."""
    scenario = load_scenario(VALLEYS)  # it starts on 1 May 2030 at midnight, two hours east of Greenwich
    assert seconds_after_start(text, scenario) == seconds


@pytest.mark.parametrize(
    ("text", "words"), [("soon", "not a moment; give a date"), ("400", "outside the scenario"), ("P1M", "not a moment")]
)
def test_a_moment_that_is_none_is_refused(text: str, words: str) -> None:
    """What is no moment of the scenario is refused with an example."""
    with pytest.raises(InputError, match=words):
        seconds_after_start(text, load_scenario(RIVERS))


def test_everybody_of_a_side_is_somewhere(sim: Typed, batch: Path) -> None:
    """The forces of a moment add up to the side's fit fighters; who is on the road is so far between two places."""
    told = json.loads(sim("state", batch, "-r", 3, "--at", 6, "--json"))
    for side in told["sides"]:
        own = [force for force in told["forces"] if force["side"] == side["side"]]
        assert sum(force["fit"] for force in own) == side["fit"]
        assert sum(force["fit"] for force in own if force["to"]) == side["on_the_road"]
        assert sum(force["fit"] for force in own if force["posture"] == "hills") == side["in_hills"]
    assert all(0 <= force["way_share"] <= 1 for force in told["forces"])
    assert all(force["to"] or not force["way_share"] for force in told["forces"])


def test_convoys_and_beliefs_of_a_moment_are_told(sim: Typed, batch: Path) -> None:
    """What is on the road was sent and has not come yet; what a side believes is what was reported last."""
    facts = open_batch(batch).log(3)
    told = json.loads(sim("state", batch, "-r", 3, "--at", 9, "--json"))
    until = [fact for fact in facts if fact.time_s <= 9 * DAY]
    sent = {fact.convoy for fact in until if fact.kind == "ConvoyDispatched"}
    ended = {fact.convoy for fact in until if fact.kind in ("ConvoyArrived", "ConvoyTurnedBack", "ConvoyDestroyed")}
    assert {convoy["convoy"] for convoy in told["convoys"]} == sent - ended
    reported = {(fact.side, fact.place) for fact in until if fact.kind == "ReportReceived"}
    assert {(belief["side"], belief["place"]) for belief in told["beliefs"]} == reported
    assert all(belief["age_s"] >= 0 for belief in told["beliefs"])


def test_a_side_at_a_moment_is_a_table_for_people(sim: Typed, batch: Path) -> None:
    """Only its forces, and what it believes beside what is true; a side that is not there is named."""
    scenario = open_batch(batch).scenario
    side, other = list(scenario.sides)[:2]
    said = sim("state", batch, "-r", 3, "--at", 6, "--side", side)
    forces = {force["force"] for force in json.loads(sim("state", batch, "-r", 3, "--at", 6, "--json"))["forces"]
              if force["side"] == side}  # fmt: skip
    assert forces
    assert all(force in said for force in forces)
    assert "Forces" in said
    assert "there is none of that name" in sim("state", batch, "--at", 6, "--side", f"{other}x", code=1)
