"""Rules of talks: each step has its rate, and what weighs on a truce makes its end likelier and peace less so."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from sim.domain import facts as f
from sim.domain.terms import DAY, HOUR
from sim.engine import run
from sim.processes.talks import strain
from sim.randomness import Randomness
from sim.world import World
from tests.worlds import TWO_VALLEYS, compiled, of_kind, play

#: Talks that come to a truce at once and stay there.
TRUCE = (
    "talks.valley.contact_rate_per_day=50",
    "talks.valley.truce_rate_per_day=50",
    "talks.valley.failure_rate_per_day=0",
    "talks.valley.settlement_rate_per_day=0.0001",
    "talks.valley.collapse.base_per_day=0.0001",
)
STEPS = ("contact", "truce", "failure", "settlement", "collapse")


def rates(facts: list[f.Fact], kind: str) -> list[tuple[int, float]]:
    """Return when the rate of a step of the talks changed, and to what."""
    changes = of_kind(facts, f.HazardChanged)
    return [(change.time_s, change.rate_per_day) for change in changes if change.clock == f"{kind}:valley"]


def under_truce(*overrides: str) -> tuple[World, int]:
    """Return a world in which North has 100 men in the gate, South 300 below it, and a truce was just agreed."""
    scenario = compiled(TWO_VALLEYS, (*TRUCE, *overrides))
    world = World(scenario, Randomness(1, 0), {}, {})
    values = tuple(scenario.values(1, 0).items())
    places = tuple(sorted(scenario.scenario.places))
    told = {"scenario": "test", "root_seed": 1, "replication": 0, "draw": 0, "duration_s": 10 * DAY}
    world.record(f.RunStarted, -1, places=places, values=values, **told)
    for side, place, fit in (("north", "gate", 100), ("south", "plain", 300)):
        world.record(f.ControlChanged, 0, place=place, side=side, lost_by="", how="initial", engagement="")
        bring(world, side, place, fit)
    truce = world.record(
        f.TruceAgreed, 0, talks="valley", side="north", enemy="south", fighters=100, enemy_fighters=300
    )
    return world, truce


def bring(world: World, side: str, place: str, fit: int) -> None:
    """Let fighters stand at a place."""
    home = world.state.places[place]
    what = {"origin": "initial", "type": "army", "posture": "garrison", "operation": "", "vehicles": ()}
    loads = {"quality": 1.0, "cohesion": 1.0, "food_g": 0, "ammunition_g": 0}
    world.record(f.ForceRaised, 0, force=f"{side}@{place}{home.born}", side=side, place=place, fit=fit, **what, **loads)


def report(world: World, side: str, place: str, enemy: str, count: int) -> None:
    """Let a side hear of so many enemies at a place."""
    told = {"side": side, "place": place, "enemy": enemy, "estimate": count}
    sent = world.record(f.ReportSent, 0, deliver_s=world.now, **told)
    world.record(f.ReportReceived, sent, observed_s=world.now, **told)


# --- the steps --------------------------------------------------------------------------------------------------


def test_only_the_steps_that_can_come_next_have_a_rate():
    """Whatever happened, at the end only what may follow on the stage that was reached can happen."""
    may = {
        "none": {"contact"},
        "contact": {"truce", "failure"},
        "truce": {"settlement", "collapse"},
        "collapsed": {"contact"},
        "settled": set(),
    }
    stages = set()
    overrides = ("talks.valley.settlement_rate_per_day=0.2", "talks.valley.resumption_rate_per_day=0.01")
    for k in range(20):
        state = play(TWO_VALLEYS, *overrides, replication=k).state
        stage = state.talks["valley"].stage if "valley" in state.talks else "none"
        stages.add(stage)
        running = {step for step in STEPS if (clock := state.clocks.get(f"{step}:valley")) and clock.rate_per_day > 0}
        assert running <= may[stage]
    assert {"collapsed", "settled"} <= stages


def test_nobody_talks_where_talks_are_switched_off():
    """``enabled: false`` takes talks away, with ultimatums; operations that name them go their way."""
    off = play(TWO_VALLEYS, "talks.valley.enabled=false")
    kinds = {fact.kind for fact in off.facts}
    assert not kinds & {"TalksOpened", "UltimatumIssued", "TruceAgreed"}
    assert "OperationOrdered" in kinds


def test_a_truce_holds_for_a_while():
    """Before its shortest life is over a truce neither collapses nor becomes a settlement, however likely both are."""
    brittle = ("talks.valley.collapse.base_per_day=500", "talks.valley.settlement_rate_per_day=500")
    for k in range(6):
        history = play(TWO_VALLEYS, *TRUCE, *brittle, "talks.valley.truce_holds=P3D", replication=k)
        (agreed,) = of_kind(history.facts, f.TruceAgreed)
        ends = [*of_kind(history.facts, f.TalksCollapsed), *of_kind(history.facts, f.SettlementReached)]
        assert [end.time_s for end in ends] == [pytest.approx(agreed.time_s + 3 * DAY, abs=HOUR)]


def test_talks_that_broke_down_are_taken_up_again_at_the_rate_of_the_scenario():
    """Without a rate they stay broken down; with one there are new talks, and each new truce holds for a while, too."""
    brittle = ("talks.valley.failure_rate_per_day=0", "talks.valley.collapse.base_per_day=500")
    again = truces = 0
    for k in range(6):
        never = play(TWO_VALLEYS, *TRUCE, *brittle, replication=k)
        assert len(of_kind(never.facts, f.TalksOpened)) == 1
        facts = play(TWO_VALLEYS, *TRUCE, *brittle, "talks.valley.resumption_rate_per_day=1",
                     "talks.valley.truce_holds=PT12H", replication=k).facts  # fmt: skip
        again += len(of_kind(facts, f.TalksOpened)) - 1
        talks = (f.TruceAgreed, f.TalksCollapsed)
        course = [fact for fact in facts if isinstance(fact, talks)]
        for agreed, ended in pairwise(course):
            if isinstance(agreed, f.TruceAgreed):
                truces += 1
                assert ended.time_s - agreed.time_s == pytest.approx(12 * HOUR, abs=HOUR)
    assert again > 30
    assert truces > 30


# --- what weighs on a truce ---------------------------------------------------------------------------------------


def test_a_truce_with_nothing_on_it_has_the_rates_of_the_scenario():
    """At even odds, without build-up, deadlines or incidents both rates are what the scenario says."""
    history = play(TWO_VALLEYS, *TRUCE, "command.enabled=false")
    (agreed,) = of_kind(history.facts, f.TruceAgreed)
    assert rates(history.facts, "collapse")[0] == (agreed.time_s, 0.0001)
    assert rates(history.facts, "settlement")[0] == (agreed.time_s, 0.0001)


#: A day that passes counts three times, and no ultimatum beside it.
THRICE = ("talks.valley.collapse.times_per_passed_deadline=3", "talks.valley.ultimatum=null")


def test_a_passed_deadline_multiplies_the_one_rate_and_divides_the_other():
    """When the announced day comes, collapse is so many times likelier and settlement so many times less."""
    history = play(TWO_VALLEYS, *TRUCE, "command.enabled=false", *THRICE)
    assert rates(history.facts, "collapse")[-1] == (9 * DAY, pytest.approx(0.0003))
    assert rates(history.facts, "settlement")[-1] == (9 * DAY, pytest.approx(0.0001 / 3))


def test_odds_weigh_by_their_logarithm():
    """The stronger side's believed odds raise the weight by o to the power of their logarithm."""
    world, _ = under_truce("talks.valley.collapse.times_per_unit_log_odds=2")
    assert strain(world, "valley").factor == 1
    report(world, "south", "gate", "north", 60)
    found = strain(world, "valley")
    assert found.odds == pytest.approx(300 / 60)
    assert found.factor == pytest.approx(2 ** math.log(5))


def test_what_a_side_does_not_know_counts_like_what_it_knows():
    """One report of a handful, of one place among several that the enemy holds, is no hundredfold superiority."""
    world, _ = under_truce()
    world.record(f.ControlChanged, 0, place="mill", side="north", lost_by="", how="initial", engagement="")
    report(world, "south", "gate", "north", 10)
    assert strain(world, "valley").odds == pytest.approx(300 / (2 * 10))


def test_men_brought_up_during_a_truce_weigh_on_it():
    """The growth of the fighters about the area since the truce counts, of the party that grew more."""
    world, _ = under_truce("talks.valley.collapse.times_per_unit_log_build_up=3")
    bring(world, "south", "plain", 300)
    found = strain(world, "valley")
    assert found.build_up == pytest.approx(2)
    assert found.factor == pytest.approx(3 ** math.log(2))
    bring(world, "north", "gate", 300)
    assert strain(world, "valley").build_up == pytest.approx(4)


def test_incidents_count_since_the_truce_and_for_a_while():
    """What happened before the truce is settled by it; what happens after it is forgotten in time."""
    overrides = ("talks.valley.collapse.times_per_incident=1.5", "talks.valley.collapse.incident_lasts=P2D")
    world, _ = under_truce(*overrides)
    for hours in (6, 12, 50):
        world.now = hours * HOUR
        world.record(f.TruceViolated, 0, talks="valley", side="south", enemy="north", place="gate")
    assert strain(world, "valley").factor == pytest.approx(1.5**3)
    world.now = 60 * HOUR
    assert strain(world, "valley").incidents == 1
    world.record(f.TruceAgreed, 0, talks="valley", side="north", enemy="south", fighters=100, enemy_fighters=300)
    assert strain(world, "valley").incidents == 0


def test_the_end_of_a_truce_says_what_weighed_on_it():
    """A collapse under a truce tells odds, build-up, deadlines and incidents; one before it tells none."""
    told = 0
    for k in range(20):
        history = play(TWO_VALLEYS, "talks.valley.collapse.base_per_day=0.5", replication=k)
        agreed = of_kind(history.facts, f.TruceAgreed)
        for ended in of_kind(history.facts, f.TalksCollapsed):
            told += bool(agreed)
            assert (ended.odds >= 1) == bool(agreed)
            assert (ended.build_up >= 1) == bool(agreed)
    assert told


def test_a_rate_that_changes_on_the_way_holds_from_then_on():
    """A number of the talks that changes sets the rate of the stage they are at anew, at that moment."""
    scenario = compiled(TWO_VALLEYS, (*TRUCE, "command.enabled=false"))
    base = "talks.valley.collapse.base_per_day"
    changed = run(
        scenario, seed=1, changes=[(2 * DAY, base, 0.0005), (3 * DAY, "talks.valley.truce_rate_per_day", 9.0)]
    )
    assert (2 * DAY, pytest.approx(0.0005)) in rates(changed.facts, "collapse")
    assert not [moment for moment, _ in rates(changed.facts, "truce") if moment >= 2 * DAY]


def test_contact_may_become_likelier_on_the_way():
    """Parties that never met begin to talk once the rate of contact is raised."""
    scenario = compiled(TWO_VALLEYS, ("talks.valley.contact_rate_per_day=0",))
    assert not of_kind(run(scenario, seed=1).facts, f.TalksOpened)
    changes = [(5 * DAY, "talks.valley.contact_rate_per_day", 50.0)]
    opened = of_kind(run(scenario, seed=1, changes=changes).facts, f.TalksOpened)
    assert opened[0].time_s == pytest.approx(5 * DAY, abs=6 * HOUR)
