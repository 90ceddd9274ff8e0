"""Rules of local command and of reserves: what those decide who stand at a place or are kept back."""

from __future__ import annotations

from functools import lru_cache

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.engine import Run
from tests.processes.stage import at, stage
from tests.processes.stage import play as act
from tests.worlds import REFERENCE, TWO_VALLEYS, compiled, of_kind, play, played, supplied

ATTACKED = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.delay=PT6H",
    "talks.valley.enabled=false",
    "command.report_delay=PT1H",
    "command.order_delay=PT2H",
    "movement.time_factor=1",
    "forces.northerners.strength=1200",
    "forces.northerners.share_present=0.9",
)


@lru_cache(maxsize=1)
def reference() -> list[Run]:
    """Return some histories of the reference scenario, played once."""
    return [played(replication=k) for k in range(16)]


# --- a garrison whose way to the depots is lost ---------------------------------------------------------------


def test_all_who_stand_at_a_place_follow_one_commander():
    """Of the garrison of a place that is cut off everybody does the same."""
    decided = 0
    for history in reference():
        together: dict[tuple[int, str, str], set[str]] = {}
        for fact in of_kind(history.facts, f.GarrisonCutOff):
            decided += 1
            together.setdefault((fact.cause, fact.place, fact.side), set()).add(fact.decision)
        assert all(len(decisions) == 1 for decisions in together.values())
    assert decided


def test_a_garrison_is_cut_off_by_the_place_that_fell_and_decides_once_it_has_heard_of_it():
    """Before the fall it was joined to a depot, fights on the way or not; it is not when it decides, later."""
    decided = 0
    for history in reference():
        joined: dict[int, set[str]] = {}
        state = State()
        for fact in history.facts:
            if isinstance(fact, f.ControlChanged) and fact.lost_by:
                joined[fact.seq] = supplied(compiled(REFERENCE), state, fact.lost_by)
            if isinstance(fact, f.GarrisonCutOff):
                fall = history.facts[fact.cause]
                decided += 1
                assert isinstance(fall, f.ControlChanged)
                assert fall.lost_by == fact.side
                assert fall.place != fact.place
                assert fact.time_s > fall.time_s
                assert fact.place in joined[fall.seq]
                assert fact.place not in supplied(compiled(REFERENCE), state, fact.side)
            apply(state, fact)
    assert decided


def test_nobody_gives_up_before_an_enemy_he_knows_nothing_of():
    """Without enemies believed next door a garrison that is cut off stays where it is."""
    alone = pressed = 0
    for history in reference():
        for fact in of_kind(history.facts, f.GarrisonCutOff):
            if fact.believed_enemies:
                pressed += sum(fact.weights[1:]) > 0
            else:
                alone += 1
                assert fact.weights[1:] == (0, 0, 0)
                assert fact.decision == "hold"
    assert alone
    assert pressed


def test_a_garrison_gets_out_only_where_there_is_a_way():
    """To withdraw weighs nothing where there is no refuge, and who withdraws is ordered there."""
    withdrew = 0
    for history in reference():
        for fact in of_kind(history.facts, f.GarrisonCutOff):
            assert fact.refuge or not fact.weights[1]
            if fact.decision == "withdraw":
                withdrew += 1
                order = history.facts[fact.seq + 1]
                assert isinstance(order, f.OrderDelivered)
                assert (order.to, order.why) == (fact.refuge, "cut off")
    assert withdrew


def test_a_decision_names_the_reports_it_rested_on():
    """Its reasons are reports of its own side about the place or one next door."""
    for history in reference():
        for fact in of_kind(history.facts, f.GarrisonCutOff):
            for seq in fact.because:
                report = history.facts[seq]
                assert isinstance(report, f.ReportReceived)
                assert report.side == fact.side


def test_local_men_disperse_only_before_odds_that_they_have_heard_of():
    """Who leaves for the hills before contact has a report of so many times his number."""
    dispersed = 0
    for history in reference():
        values = dict(of_kind(history.facts, f.RunStarted)[0].values)
        state = State()
        for fact in history.facts:
            if isinstance(fact, f.ForceDispersed) and fact.reason == "hopeless odds":
                dispersed += 1
                report = history.facts[fact.cause]
                assert isinstance(report, f.ReportReceived)
                limit = values[f"doctrine.{fact.side}.disperses_at_odds"]
                assert report.estimate >= limit * fact.fit
                assert state.forces[fact.force].type == "local"
            apply(state, fact)
    assert dispersed


def falls_back(*overrides: str, estimate: int) -> list[f.OrderDelivered]:
    """Return the orders to fall back that five hundred men at the Gate get after a report of so many enemies."""
    on = stage("command.enabled=true", "doctrine.north.withdraws_at_odds=10", *GATE, *overrides)

    def word(world):
        arrived = world.record(
            f.ReportSent, 0, side="north", place="gate", enemy="south", estimate=estimate, deliver_s=world.now
        )  # fmt: skip
        world.record(
            f.ReportReceived, arrived, side="north", place="gate", enemy="south", estimate=estimate, observed_s=0
        )  # fmt: skip

    facts = act(at(600, word), on=on).facts
    return [order for order in of_kind(facts, f.OrderDelivered) if order.why == "hopeless odds"]


#: Five hundred at the Gate, who may go to Mill, and nobody who comes.
GATE = (
    "operations.through-the-gate.enabled=false",
    "forces.northerners.strength=500",
    "forces.northerners.share_present=1",
    "forces.northerners.posts={gate: 1, mill: null}",
    "forces.northerners.reserve={mill: null}",
)


def test_a_garrison_falls_back_before_hopeless_odds_if_it_has_where_to():
    """At so many times its number, believed, it goes to the nearest quiet place of its side; below, it stays."""
    assert [(order.force, order.to, order.purpose) for order in falls_back(estimate=5_000)] == [
        ("northerners@gate", "mill", "withdraw")
    ]
    assert not falls_back(estimate=4_999)
    assert not falls_back("doctrine.north.withdraws_at_odds=null", estimate=5_000)
    assert not falls_back("legs.L1.travel_time_h_foot=null", estimate=5_000), "there is no way to fall back on"
    assert not falls_back("forces.northerners.kind=local", "doctrine.north.disperses_at_odds=null", estimate=5_000)


# --- reserves ---------------------------------------------------------------------------------------------------


def sent(*overrides: str, n: int = 6) -> list[f.OrderIssued]:
    """Return the orders to reserves in some histories in which the gate is attacked."""
    found = []
    for k in range(n):
        history = play(TWO_VALLEYS, *ATTACKED, *overrides, replication=k)
        found += [order for order in of_kind(history.facts, f.OrderIssued) if order.purpose == "reserve"]
    return found


def test_a_reserve_goes_to_the_post_that_is_threatened():
    """The reserve behind the gate is sent there, because of a report of enemies before it."""
    orders = sent()
    assert orders
    assert {(order.side, order.place, order.to, order.why) for order in orders} == {
        ("north", "mill", "gate", "post threatened")
    }


@pytest.mark.parametrize("late", ["doctrine.north.reserve_reach=PT0S", "command.order_delay=P9D"])
def test_a_reserve_that_cannot_come_in_time_stays(late):
    """Where the march, or the order to it, takes longer than the post will hold, nobody is sent."""
    enemy_is_slow = "legs.L2.travel_time_h_foot=0.5"
    assert sent()
    assert not sent(late, enemy_is_slow)


def test_a_reserve_is_not_split_below_what_is_worth_sending():
    """Neither who goes nor who stays is smaller than the smallest column; else all go."""
    whole = {order.force for order in sent("doctrine.north.column_fighters_min=500")}
    assert whole == {"northerners@mill+reserve"}
    parts = {order.force for order in sent("doctrine.north.column_fighters_min=5")}
    assert any(">gate#" in name for name in parts)
