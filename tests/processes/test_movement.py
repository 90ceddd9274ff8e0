"""Columns on the march: when they set out, halt, turn round, queue and arrive."""

from __future__ import annotations

import statistics

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from tests.processes.stage import NORTH, SOUTH, at, lose, order, play, send_home, split, stage
from tests.worlds import REFERENCE, TWO_VALLEYS, of_kind
from tests.worlds import play as play_scenario

MILL = "northerners@mill"
#: Hours on foot from Mill to the Gate.
TO_THE_GATE_S = 3 * HOUR
BARE = ("supply.enabled=false",)


def test_a_column_that_loses_its_goal_on_the_way_turns_round_at_its_end() -> None:
    """Who finds the enemy at the end of his leg without an order to attack goes back, as long as he came."""
    facts = play(
        send_home(NORTH), order(MILL, "gate", "garrison"), at(HOUR, lose("gate", "south")), on=stage(*BARE)
    ).facts
    turned = of_kind(facts, f.ForceBlocked)[0]
    assert (turned.time_s, turned.ahead, turned.reason) == (TO_THE_GATE_S, "gate", "lost on the way")
    arrived = of_kind(facts, f.ForceArrived)[0]
    assert (arrived.place, arrived.time_s) == ("mill", 2 * TO_THE_GATE_S)


def test_a_column_that_loses_both_ends_of_its_leg_goes_on() -> None:
    """Whom no friend awaits at either end goes on to where he was going, and fights there."""
    facts = play(
        send_home(NORTH),
        order(MILL, "gate", "garrison"),
        at(HOUR, lose("gate", "south")),
        at(HOUR, lose("mill", "south")),
        on=stage(*BARE),
    ).facts
    arrived = of_kind(facts, f.ForceArrived)[0]
    assert (arrived.place, arrived.time_s, arrived.settles) == ("gate", TO_THE_GATE_S, True)


def test_a_column_ordered_to_assault_goes_on_when_its_goal_changes_hands() -> None:
    """An order to attack a place holds whoever has it by then."""
    facts = play(
        send_home(NORTH), order(MILL, "gate", "assault"), at(HOUR, lose("gate", "south")), on=stage(*BARE)
    ).facts
    assert not of_kind(facts, f.ForceBlocked)
    taken = next(fact for fact in of_kind(facts, f.ControlChanged) if fact.time_s == TO_THE_GATE_S)
    assert (taken.place, taken.side) == ("gate", "north")


def test_a_halted_column_says_so_once_and_goes_on_when_its_way_opens() -> None:
    """One ForceBlocked for each place in the way, however often it looks; it departs when that is its side's."""
    hands = (send_home(NORTH), lose("gate", "south"), order(MILL, "gate", "garrison"))
    looks = [at(day * DAY, lose("plain", side)) for day, side in ((1, "north"), (2, "south"), (3, "north"))]
    facts = play(*hands, *looks, at(4 * DAY, lose("gate", "north")), on=stage(*BARE)).facts
    assert [(fact.ahead, fact.time_s) for fact in of_kind(facts, f.ForceBlocked) if fact.force == MILL] == [("gate", 0)]
    assert [fact.time_s for fact in of_kind(facts, f.ForceDeparted) if fact.force == MILL] == [4 * DAY]


def test_a_column_goes_to_the_last_place_before_the_enemy() -> None:
    """Whose way is lost beyond the next place marches up to it, and halts there."""
    facts = play(order(MILL, "plain", "garrison"), on=stage(*BARE)).facts
    assert [fact.place for fact in of_kind(facts, f.ForceArrived)] == ["gate"]
    blocked = of_kind(facts, f.ForceBlocked)
    assert [(fact.place, fact.ahead, fact.time_s) for fact in blocked] == [("gate", "plain", TO_THE_GATE_S)]


def test_snow_lets_a_column_go_on_when_the_month_begins() -> None:
    """A halted column looks again at the first moment of a month in which its leg is open."""
    hands = (send_home(SOUTH), lose("plain", "north"), order(NORTH, "plain", "garrison"))
    on = stage(*BARE, "legs.L2.closed_months=[5]", "scenario.end=2030-06-05T00:00+02:00")
    departed = of_kind(play(*hands, on=on).facts, f.ForceDeparted)
    assert [fact.time_s for fact in departed] == [31 * DAY]


CAPACITY = "places.gate.capacity_vehicles_per_h={value: 30, basis: invented, confidence: low}"
DRIVEN = (
    "movement.fighters_per_vehicle=100",
    "forces.southerners.light_vehicles=90",
    "forces.southerners.strength=900",
)


def test_columns_queue_at_a_pass_in_the_order_of_their_departure() -> None:
    """A pass is one server with a constant time per vehicle: a column waits until those before it are through."""
    hands = (lose("gate", "south"), send_home(NORTH), split(SOUTH, "second", 100), order(SOUTH, "gate", "garrison"))
    facts = play(*hands, at(600, order("second", "gate", "garrison")), on=stage(*BARE, CAPACITY, *DRIVEN)).facts
    first, second = of_kind(facts, f.ForceDeparted)
    assert (first.queued_s, first.pass_free_s) == (0, 90 * HOUR // 30)
    assert (second.mode, second.queued_s) == ("foot", 0)
    hands = (*hands[:2], split(SOUTH, "second", 100, 30))
    later = at(600, order("second", "gate", "garrison"))
    facts = play(*hands, order(SOUTH, "gate", "garrison"), later, on=stage(*BARE, CAPACITY, *DRIVEN)).facts
    first, second = of_kind(facts, f.ForceDeparted)
    assert first.pass_free_s == 60 * HOUR // 30
    assert second.queued_s == first.pass_free_s - 600
    assert second.arrives_s == first.pass_free_s + (first.arrives_s - first.queued_s)
    assert second.pass_free_s == first.pass_free_s + HOUR


def _convoy_of_three(*more: str) -> list[f.ForceDeparted]:
    """Send columns of sixty, thirty and thirty vehicles to the pass, ten minutes apart; return their departures."""
    hands = (lose("gate", "south"), send_home(NORTH), split(SOUTH, "b", 100, 30), split(SOUTH, "c", 100, 30))
    later = (at(600, order("b", "gate", "garrison")), at(1200, order("c", "gate", "garrison")))
    done = play(*hands, order(SOUTH, "gate", "garrison"), *later, on=stage(*BARE, CAPACITY, *DRIVEN, *more))
    return of_kind(done.facts, f.ForceDeparted)


def test_with_two_lanes_a_column_takes_the_one_that_is_free_first() -> None:
    """Two columns go side by side; the third waits for the shorter of them, and no longer."""
    first, second, third = _convoy_of_three("places.gate.lanes={value: 2, basis: invented, confidence: low}")
    assert (first.queued_s, second.queued_s) == (0, 0)
    assert (first.pass_free_s, second.pass_free_s) == (HOUR, 600 + HOUR)
    assert (third.queued_s, third.pass_free_s) == (HOUR - 1200, 2 * HOUR)


def test_a_lane_that_is_closed_on_the_way_leaves_the_queue_to_the_others() -> None:
    """When one of two lanes closes, who comes next waits until the last of those before him is through."""
    lanes = "places.gate.lanes={value: 2, basis: invented, confidence: low}"
    hands = (lose("gate", "south"), send_home(NORTH), split(SOUTH, "b", 100, 30), split(SOUTH, "c", 100, 30))
    later = (at(600, order("b", "gate", "garrison")), at(1200, order("c", "gate", "garrison")))
    on = stage(*BARE, CAPACITY, *DRIVEN, lanes)
    done = play(*hands, order(SOUTH, "gate", "garrison"), *later, on=on, changes=((900, "places.gate.lanes", 1.0),))
    third = of_kind(done.facts, f.ForceDeparted)[2]
    assert third.queued_s == 600 + HOUR - 1200


def test_vehicles_may_take_times_of_their_own_at_a_pass() -> None:
    """With exponential service the time of a column varies from one to the next, about the same mean."""
    free_s = []
    for replication in range(200):
        hands = (lose("gate", "south"), send_home(NORTH), order(SOUTH, "gate", "garrison"))
        on = stage(*BARE, CAPACITY, *DRIVEN, "movement.pass_service=exponential")
        free_s.append(of_kind(play(*hands, on=on, replication=replication).facts, f.ForceDeparted)[0].pass_free_s)
    mean, spread = 90 * HOUR / 30, 90**0.5 * HOUR / 30  # a sum of 90 exponential times
    assert statistics.mean(free_s) == pytest.approx(mean, abs=3 * spread / 200**0.5)
    assert statistics.stdev(free_s) == pytest.approx(spread, rel=0.2)


def test_a_pass_costs_no_event_while_nobody_waits() -> None:
    """One column over a narrow pass is played with as many events as over an open road."""
    hands = (lose("gate", "south"), send_home(NORTH), order(SOUTH, "gate", "garrison"))
    narrow, open_ = play(*hands, on=stage(*BARE, *DRIVEN, CAPACITY)), play(*hands, on=stage(*BARE, *DRIVEN))
    assert of_kind(narrow.facts, f.ForceDeparted)[0].pass_free_s > 0
    assert narrow.kernel_events == open_.kernel_events


def test_a_changed_pace_holds_for_legs_that_are_entered_later() -> None:
    """A column on a leg keeps its arrival; the next leg takes the new time."""
    on, hands = stage(*BARE), (order(MILL, "plain", "garrison"), lose("plain", "north"), send_home(SOUTH))
    facts = play(*hands, on=on, changes=((HOUR, "movement.time_factor", 2.0),)).facts
    first, second = of_kind(facts, f.ForceArrived)
    assert (first.place, first.time_s) == ("gate", TO_THE_GATE_S)
    assert (second.place, second.time_s) == ("plain", TO_THE_GATE_S + 2 * 5 * HOUR)


@pytest.mark.parametrize("path", [REFERENCE, TWO_VALLEYS], ids=["reference", "two valleys"])
def test_nobody_marches_where_movement_is_switched_off(path: object) -> None:
    """Without movement no force leaves its place, and every run still comes to its end."""
    for replication in range(3):
        done = play_scenario(path, "movement.enabled=false", replication=replication)
        assert not of_kind(done.facts, f.ForceDeparted)
        assert isinstance(done.facts[-1], f.RunEnded)
        assert len(done.facts) < 6_000


def test_a_column_that_turned_on_its_leg_eats_for_the_whole_of_its_way() -> None:
    """Rations are eaten from the moment at which a column left the last place."""
    hands = (send_home(NORTH), order(MILL, "gate", "garrison"), at(HOUR, lose("gate", "south")))
    on = stage("forces.northerners.strength=1000", "forces.northerners.share_present=1")
    arrived = of_kind(play(*hands, on=on).facts, f.ForceArrived)[0]
    assert arrived.ate_g == int(200 * (2 * TO_THE_GATE_S / DAY) * 900)


def test_no_leg_is_entered_by_who_cannot_take_it() -> None:
    """In whole campaigns nobody enters a mined leg, and nobody drives onto a blown one."""
    for replication in range(5, 9):
        state = State()
        for fact in play_scenario(REFERENCE, replication=replication).facts:
            if isinstance(fact, f.ForceDeparted) and not state.forces[fact.force].leg and fact.leg in state.blocked:
                assert state.blocked[fact.leg].how == "demolished"
                assert fact.mode in ("foot", "lorry")
            apply(state, fact)
