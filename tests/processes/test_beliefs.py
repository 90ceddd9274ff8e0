"""Rules of what commanders know: by report or by truth, for how long, and that nobody looks elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sim
from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from sim.engine import run
from tests.worlds import REFERENCE, TWO_VALLEYS, compiled, of_kind, play

TRUTH = "command.knows=truth"
AT_ONCE = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.delay=PT6H",
    "talks.valley.enabled=false",
)


def test_nothing_but_one_room_reads_the_enemy_to_decide():
    """What a side believes is looked up in one module; no other of those that make history touches it."""
    package = Path(sim.__file__).parent
    makers = [*package.glob("world/*.py"), *package.glob("processes/**/*.py")]
    readers = {path.name for path in makers if re.search(r"state\.beliefs|\.beliefs\.get", path.read_text("utf-8"))}
    assert readers == {"beliefs.py"}


def test_by_truth_word_is_exact_and_comes_at_once():
    """Who knows the truth is told the true number in the second in which it is seen, wherever it is."""
    for k in range(2):
        history = play(REFERENCE, TRUTH, replication=k)
        sent = of_kind(history.facts, f.ReportSent)
        assert sent
        assert all(report.deliver_s == report.time_s for report in sent)
        received = {report.cause: report for report in of_kind(history.facts, f.ReportReceived)}
        assert all(received[report.seq].time_s == report.time_s for report in sent)
        state = State()
        for fact in history.facts:
            # a column that sets out against a place is told of by its own number
            if isinstance(fact, f.ReportSent) and not isinstance(history.facts[fact.cause], f.ForceDeparted):
                assert fact.estimate == state.fighters(fact.place, fact.enemy)
            apply(state, fact)


def test_by_truth_odds_are_those_that_are_so():
    """An operation that sets out by truth believes in the odds of that moment, seen now and in no report."""
    seen = 0
    for k in range(12):
        history = play(TWO_VALLEYS, *AT_ONCE, TRUTH, replication=k)
        state = State()
        for fact in history.facts:
            if isinstance(fact, f.OperationLaunched) and fact.objective:
                seen += 1
                there = state.fighters(fact.objective, "north")
                assert fact.believed_odds == pytest.approx(state.fighters("plain", "south") / max(1, there), rel=0.5)
                assert fact.belief_s == fact.time_s
                assert fact.because == ()
            apply(state, fact)
    assert seen


def test_by_belief_reports_err_and_take_time():
    """Who decides on reports gets some that are wrong, and all of them late."""
    history = play(REFERENCE, "command.knows=belief", replication=1)
    sent = of_kind(history.facts, f.ReportSent)
    assert sent
    assert all(report.deliver_s > report.time_s for report in sent)
    state = State()
    wrong = 0
    for fact in history.facts:
        if isinstance(fact, f.ReportSent):
            wrong += fact.estimate != state.fighters(fact.place, fact.enemy)
        apply(state, fact)
    assert wrong > len(sent) / 3


def test_what_commanders_know_changes_histories():
    """Belief or truth is a structural choice: the same draws, another war."""
    one, other = (play(TWO_VALLEYS, *AT_ONCE, f"command.knows={how}") for how in ("belief", "truth"))
    assert [fact.kind for fact in one.facts] != [fact.kind for fact in other.facts]


def test_an_old_report_is_no_knowledge():
    """Nobody sets out on a report older than ``belief_lasts``; he looks again, or goes without knowing."""
    seen = 0
    for k in range(10):
        overrides = ("command.belief_lasts=PT9H", "command.report_delay=PT2H", "operations.through-the-gate.delay=P2D")
        history = play(TWO_VALLEYS, *AT_ONCE, *overrides, replication=k)
        for launched in of_kind(history.facts, f.OperationLaunched):
            if launched.belief_s >= 0:
                seen += 1
                assert launched.time_s - launched.belief_s <= 9 * HOUR
    assert seen


def test_a_commander_who_waits_sends_scouts_again():
    """Who musters anew, or stands before a place he knows nothing new of, has it looked at."""
    history = play(TWO_VALLEYS, *AT_ONCE)
    causes = {history.facts[report.cause].kind for report in of_kind(history.facts, f.ReportSent)}
    assert "OperationOrdered" in causes
    mustered = play(
        TWO_VALLEYS,
        *AT_ONCE,
        "doctrine.south.odds_wanted_by_terrain.gorge=90",
        "operations.through-the-gate.patience=P2D",
    )
    about = [report for report in of_kind(mustered.facts, f.ReportSent) if report.side == "south"]
    assert len({report.time_s // DAY for report in about}) > 2


def test_where_nobody_commands_nobody_decides_or_reports():
    """Without command there are no reports, orders, operations or decisions of garrisons."""
    for path in (TWO_VALLEYS, REFERENCE):
        history = play(path, "command.enabled=false")
        kinds = {fact.kind for fact in history.facts}
        assert not kinds & {"ReportSent", "OrderIssued", "OperationOrdered", "GarrisonCutOff", "ReinforcementRequested"}


def test_what_commanders_know_may_change_on_the_way():
    """From the moment of the change on word comes at once; before it everything is as it was."""
    scenario = compiled(TWO_VALLEYS, (*AT_ONCE, "operations.through-the-gate.delay=P4D"))
    before, after = run(scenario, seed=1), run(scenario, seed=1, changes=[(3 * DAY, "command.knows", 1.0)])
    (changed,) = of_kind(after.facts, f.AssumptionChanged)
    assert before.facts[: changed.seq] == after.facts[: changed.seq]
    late = [report for report in of_kind(after.facts, f.ReportSent) if report.time_s > 3 * DAY]
    assert late
    assert all(report.deliver_s == report.time_s for report in late)
