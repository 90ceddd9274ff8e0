"""Rules of operations: when they are ordered, who goes, how they advance, how they end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from sim.engine import Run, run
from tests.worlds import REFERENCE, TWO_VALLEYS, compiled, of_kind, play, played

AT_ONCE = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.delay=PT6H",
    "talks.valley.enabled=false",
)
#: Attacks that are beaten: few men against strong ground.
BEATEN = (
    *AT_ONCE,
    "terrain_classes.gorge.defence_multiplier=30",
    "terrain_classes.gorge.turning_rate_per_day=0",
    "operations.through-the-gate.gives_up_at_share_lost=1",
    "doctrine.south.odds_wanted_by_terrain.gorge=0.1",
    "operations.through-the-gate.wanted_fighters=600",
    "pools.south-capital.enabled=false",
)


@lru_cache(maxsize=1)
def reference() -> list[Run]:
    """Return some histories of the reference scenario, played once."""
    return [played(replication=k) for k in range(12)]


def moments(runs: list[Run]) -> Iterator[tuple[State, f.Fact, dict[str, float]]]:
    """Yield every fact of some histories with the state just before it and the numbers of its history."""
    for history in runs:
        values = dict(of_kind(history.facts, f.RunStarted)[0].values)
        state = State()
        for fact in history.facts:
            yield state, fact, values
            apply(state, fact)


def plan_of(name: str):
    """Return an operation of the reference scenario."""
    return compiled(REFERENCE).scenario.operations[name]


def to_take(state: State, name: str) -> list[str]:
    """Return the way points of an operation that its side does not hold."""
    plan = plan_of(name)
    return [place for axis in plan.axes.values() for place in axis.path if state.places[place].holder != plan.side]


# --- when ---------------------------------------------------------------------------------------------------


def test_an_operation_without_anything_to_take_is_not_ordered():
    """Where a side holds every way point of its plan, the trigger waits on and nobody is called up."""
    held = play(TWO_VALLEYS, *AT_ONCE, "operations.through-the-gate.axes.road.path=[plain]")
    assert not of_kind(held.facts, f.OperationOrdered)
    assert of_kind(play(TWO_VALLEYS, *AT_ONCE).facts, f.OperationOrdered)


def test_nobody_orders_or_sets_out_on_what_is_his_already():
    """At the moment of an order, and of the start, at least one way point is still to be taken."""
    seen = 0
    for state, fact, _ in moments(reference()):
        if isinstance(fact, f.OperationOrdered | f.OperationLaunched):
            seen += 1
            assert to_take(state, fact.operation)
    assert seen


def test_a_trigger_waits_on_until_there_is_something_to_take():
    """A plan whose way was held when its trigger came is ordered when the side loses a place on it."""
    waiting = (
        "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
        "operations.through-the-gate.axes.road.path=[plain]",
        "talks.valley.enabled=false",
        "risings.search_rate_per_day=20",
        "risings.quiet_rate_per_day=20",
        "risings.fighters_share_of_population=1",
        "places.plain.population={value: 9000, basis: invented, confidence: low}",
        "places.plain.leaning={north: {value: 1, basis: invented, confidence: low}}",
        "forces.southerners.strength=30",
        "pools.south-capital.available=0",
    )
    history = play(TWO_VALLEYS, *waiting)
    (lost,) = [change for change in of_kind(history.facts, f.ControlChanged) if change.lost_by == "south"][:1]
    ordered = of_kind(history.facts, f.OperationOrdered)
    assert ordered
    assert ordered[0].cause == lost.seq


def test_an_attempt_whose_goal_is_reached_by_others_is_called_off():
    """Between its order and its start others took everything: nobody sets out, and it is no failure."""
    off = 0
    for history in reference():
        for ended in of_kind(history.facts, f.OperationEnded):
            if ended.outcome == "nothing to do":
                off += 1
                launched = of_kind(history.facts, f.OperationLaunched)
                mine = [one for one in launched if (one.operation, one.attempt) == (ended.operation, ended.attempt)]
                assert not mine
                assert ended.again_s == ended.time_s
    assert off


def test_a_plan_that_is_switched_off_is_never_ordered():
    """``enabled: false`` takes an operation away; what names it stays valid."""
    assert not of_kind(play(TWO_VALLEYS, *AT_ONCE, "operations.through-the-gate.enabled=false").facts, f.OrderIssued)


# --- who ----------------------------------------------------------------------------------------------------


def test_no_column_smaller_than_worth_sending_is_called_up():
    """Whoever is sent off to an operation is as large as the smallest column of his side."""
    seen = 0
    for state, fact, values in moments(reference()):
        if isinstance(fact, f.OrderIssued) and fact.why == "called up" and ">" in fact.force:
            born = state.forces[fact.force]
            if born.departed_s == 0 and born.operation == fact.operation and born.raised == born.fit:
                seen += 1
                assert born.fit >= int(values[f"doctrine.{fact.side}.column_fighters_min"])
    assert seen


def test_a_post_is_not_bared_for_an_operation():
    """Where fighters leave a garrison for an operation, a body as large as the smallest column stays."""
    seen = 0
    for state, fact, values in moments(reference()):
        if isinstance(fact, f.ForceSplit) and fact.operation and state.forces[fact.force].posture == "garrison":
            seen += 1
            stays = sum(
                force.fit
                for name in state.places[fact.place].forces
                if (force := state.forces[name]).side == fact.side and force.posture == "garrison"
                if not force.operation
            )
            assert stays - fact.fit >= int(values[f"doctrine.{fact.side}.column_fighters_min"])
    assert seen


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_no_more_goes_than_the_share_of_the_named_forces(share):
    """However much an operation wants, it takes at most ``commit_share`` of the forces it names."""
    history = play(
        TWO_VALLEYS,
        *AT_ONCE,
        f"operations.through-the-gate.commit_share={share}",
        "operations.through-the-gate.wanted_fighters=5000",
        "pools.south-capital.enabled=false",
    )
    southerners = sum(raised.fit for raised in of_kind(history.facts, f.ForceRaised) if raised.side == "south")
    called = [split for split in of_kind(history.facts, f.ForceSplit) if split.operation]
    assert 0.9 * share * southerners <= called[0].fit <= share * southerners


def test_a_garrison_is_not_sent_in_the_name_of_a_pool():
    """A pool and a force may have one name; an axis that names the pool takes nobody from the force."""
    for history in reference():
        for split in of_kind(history.facts, f.ForceSplit):
            if split.operation and split.force.startswith("tb-kabul@"):
                name, _, axis = split.operation.partition("/")
                assert "tb-kabul" in plan_of(name).axes[axis].forces


def test_shares_of_axes_are_weights():
    """An operation with one axis is the same whatever its weight; only proportions count."""
    one = play(TWO_VALLEYS, *AT_ONCE)
    other = play(TWO_VALLEYS, *AT_ONCE, "operations.through-the-gate.axes.road.share=0.3")
    assert one.facts[1:] == other.facts[1:]


# --- how ----------------------------------------------------------------------------------------------------


def test_nobody_attacks_out_of_a_place_that_is_being_stormed():
    """Who fights where he stands does not set out to storm another place."""
    seen = 0
    for state, fact, _ in moments(reference()):
        if isinstance(fact, f.ForceDeparted) and fact.posture == "assaulting" and not state.forces[fact.force].leg:
            seen += 1
            assert not state.places[fact.place].engagement
    assert seen


def test_a_column_storms_only_the_place_it_was_sent_against():
    """A place on its way that fell to the enemy meanwhile stops a column; it does not run into it."""
    seen = 0
    arrived = ""
    for state, fact, _ in moments(reference()):
        if isinstance(fact, f.ForceArrived):
            arrived = fact.force
        elif isinstance(fact, f.EngagementBegan) and fact.reason == "assault" and arrived in state.forces:
            force = state.forces[arrived]
            if force.place == fact.place and force.posture == "assaulting":
                seen += 1
                assert force.order_to == fact.place
    assert seen


def test_who_goes_on_leaves_a_garrison_in_what_was_taken():
    """A column that moves on along its way does not bare a place it has taken, also when all the rest is held."""
    left = bared = 0
    told_at: dict[str, str] = {}
    for state, fact, values in moments(reference()):
        if isinstance(fact, f.OrderDelivered):
            told_at[fact.force] = fact.place
        if not isinstance(fact, f.ForceDeparted) or fact.posture == "withdrawing":
            continue
        force, here = state.forces[fact.force], state.places[fact.place]
        name, _, axis = force.operation.partition("/")
        if not axis or force.order_purpose != "assemble" or here.holder != fact.side or here.engagement:
            continue
        path = plan_of(name).axes[axis].path
        passes_through = told_at.get(fact.force) != fact.place
        if fact.place not in path or fact.to not in path or force.fit < 20 or passes_through:
            continue
        stay = state.fighters(fact.place, fact.side) - force.fit
        most = values.get(f"doctrine.{fact.side}.garrison_left_share_max", 1.0) * force.fit
        left += stay > 0
        bared += stay == 0 and min(values[f"doctrine.{fact.side}.garrison_left_fighters"], most) >= 2
    assert left
    assert not bared


def test_an_axis_that_was_beaten_regroups_before_it_attacks_again():
    """From the defeat of an axis to its next attack the time to regroup passes."""
    attacks = 0
    for k in range(8):
        history = play(TWO_VALLEYS, *BEATEN, "operations.through-the-gate.regroup=P4D", replication=k)
        beaten_s: dict[str, int] = {}
        for fact in history.facts:
            if isinstance(fact, f.OrderDelivered) and fact.why == "attack" and fact.operation in beaten_s:
                attacks += 1
                assert fact.time_s - beaten_s[fact.operation] >= 4 * DAY
            elif isinstance(fact, f.OrderDelivered) and fact.purpose == "withdraw" and fact.operation:
                beaten_s[fact.operation] = fact.time_s
    assert attacks


def test_an_axis_that_gave_way_on_the_road_regroups_as_well():
    """Who was driven back by a column that came the other way does not set out again in the same hour."""
    driven = 0
    for history in reference():
        meetings = {fact.meeting: fact for fact in of_kind(history.facts, f.ColumnsMet)}
        state = State()
        for fact in history.facts:
            if isinstance(fact, f.MeetingEnded) and fact.why != "truce" and fact.enemy:
                met = meetings[fact.meeting]
                loser = state.forces[met.force if met.side == fact.enemy else met.other]
                name, _, axis = loser.operation.partition("/")
                apply(state, fact)
                if axis:
                    assert state.operations[name].beaten[axis][1] == fact.time_s
                    driven += 1
                continue
            apply(state, fact)
    assert driven


def test_columns_stay_with_an_operation_that_will_be_tried_again():
    """Between two attempts those who are left belong to it, and go again."""
    kept = 0
    for history in reference():
        for ended, after in pairwise(
            fact for fact in history.facts if isinstance(fact, f.OperationEnded | f.OperationOrdered)
        ):
            again = isinstance(ended, f.OperationEnded) and ended.again_s > ended.time_s
            if again and isinstance(after, f.OperationOrdered) and after.operation == ended.operation:
                state = State()
                for fact in history.facts[: after.seq]:
                    apply(state, fact)
                axes = plan_of(ended.operation).axes
                kept += sum(len(state.columns.get(f"{ended.operation}/{axis}", ())) for axis in axes)
    assert kept


def test_men_assemble_under_a_truce_and_wait_for_its_end():
    """A truce forbids setting out, not mustering: columns are called up, and start when it is over."""
    truced = (
        "operations.through-the-gate.trigger={fact: TruceAgreed, any: null}",
        "operations.through-the-gate.delay=PT1H",
        "talks.valley.contact_rate_per_day=20",
        "talks.valley.truce_rate_per_day=20",
        "talks.valley.failure_rate_per_day=0",
        "talks.valley.settlement_rate_per_day=0",
        "talks.valley.collapse.base_per_day=0.3",
    )
    waited = 0
    for k in range(6):
        history = play(TWO_VALLEYS, *truced, replication=k)
        (agreed,) = of_kind(history.facts, f.TruceAgreed)
        collapsed = of_kind(history.facts, f.TalksCollapsed)
        called = [fact for fact in of_kind(history.facts, f.ForceSplit) if fact.operation]
        assert called[0].time_s == pytest.approx(agreed.time_s + HOUR, abs=60)
        for launched in of_kind(history.facts, f.OperationLaunched):
            waited += 1
            assert collapsed
            assert launched.time_s >= collapsed[0].time_s > called[0].time_s
    assert waited


# --- why ----------------------------------------------------------------------------------------------------


def test_an_end_says_what_it_was_measured_by():
    """Losses stand beside the share at which it gives up, odds beside those that were wanted."""
    reasons = {
        "reached": {"all held"},
        "nothing to do": {"all held"},
        "gave up": {"losses"},
        "stalled": {"no way", "odds", "enemy unknown"},
        "truce": {"truce", "settled"},
        "no forces": {"nobody left"},
    }
    seen = set()
    for history in reference():
        for ended in of_kind(history.facts, f.OperationEnded):
            seen.add(ended.outcome)
            assert ended.why in reasons[ended.outcome]
            if ended.why == "losses":
                assert ended.measured >= ended.limit > 0
            if ended.why == "odds":
                assert ended.measured < ended.limit
                assert ended.objective
    assert {"reached", "gave up", "stalled"} <= seen


def test_a_start_names_the_reports_it_rested_on():
    """Its reasons are reports of its own side, the oldest as old as it says, and its odds are enough."""
    seen = 0
    for history in reference():
        for launched in of_kind(history.facts, f.OperationLaunched):
            reports = [history.facts[seq] for seq in launched.because]
            assert all(isinstance(report, f.ReportReceived) and report.side == launched.side for report in reports)
            assert launched.believed_odds >= launched.wanted_odds
            if reports and launched.belief_s >= 0:
                seen += 1
                assert launched.belief_s == min(report.observed_s for report in reports)
    assert seen


def test_an_operation_looks_again_when_a_number_it_decides_on_changes():
    """Odds that are too much are waited for; less is wanted from one moment on, and it sets out then."""
    never = (*AT_ONCE, "doctrine.south.odds_wanted_by_terrain.gorge=1000", "doctrine.south.odds_wanted=1000")
    path = "doctrine.south.odds_wanted_by_terrain.gorge"
    scenario = compiled(TWO_VALLEYS, (*never, "doctrine.south.gives_up_after_patiences=null"))
    assert not of_kind(run(scenario, seed=1).facts, f.OperationLaunched)
    changed = of_kind(run(scenario, seed=1, changes=[(6 * DAY, path, 0.01)]).facts, f.OperationLaunched)
    assert changed
    assert changed[0].time_s == 6 * DAY


def test_an_axis_that_has_reached_its_end_helps_one_that_has_nobody():
    """An attempt is not over for want of forces while columns of another axis stand idle at its end."""
    two = (
        *AT_ONCE,
        "operations.through-the-gate.patience=PT6H",
        "operations.through-the-gate.axes={road: null, "
        "near: {assemble_at: plain, path: [gate], forces: [southerners]}, "
        "far: {assemble_at: plain, path: [mill], pools: [south-capital]}}",
        "pools.south-capital.enabled=false",
        "forces.northerners.strength=60",
        "forces.northerners.posts={gate: 0.5, mill: 0.5}",
        "forces.northerners.reserve={mill: null}",
    )
    helped = 0
    for k in range(8):
        history = play(TWO_VALLEYS, *two, replication=k)
        assert not [end for end in of_kind(history.facts, f.OperationEnded) if end.why == "nobody left"]
        far = "through-the-gate/far"
        helped += any(fact.operation == far for fact in of_kind(history.facts, f.PostureChanged))
    assert helped > 4
