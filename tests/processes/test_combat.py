"""Combat: how engagements begin, go on and end, on the two valleys, the rivers and the reference scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import get_args

import pytest

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.fold import apply
from sim.domain.laws import LAWS
from sim.domain.state import State, spent_at
from sim.domain.terms import DAY, HOUR
from sim.engine import Run, run
from sim.randomness import Randomness
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, compiled, of_kind, play

ATTACK_AT_ONCE = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.stops_for_truce=[]",
    "operations.through-the-gate.delay=PT6H",
    "talks.valley.contact_rate_per_day=0",
    "operations.through-the-gate.patience=PT6H",
)
PLENTY = (
    "forces.northerners.stocks.ammunition_kg_per_fighter=900",
    "forces.southerners.stocks.ammunition_kg_per_fighter=900",
)
SHIPPED = pytest.mark.parametrize("path", [TWO_VALLEYS, INVENTED, REFERENCE], ids=["valleys", "rivers", "reference"])


@lru_cache(maxsize=128)
def one(path: Path, *overrides: str, replication: int = 0) -> Run:
    """Run one replication, once for all tests."""
    return play(path, *overrides, seed=3, replication=replication)


def many(*overrides: str, n: int = 10, path: Path = TWO_VALLEYS) -> list[Run]:
    """Run several replications, of the two valleys with an attack at once if nothing else is said."""
    at_once = ATTACK_AT_ONCE if path is TWO_VALLEYS else ()
    return [one(path, *at_once, *overrides, replication=k) for k in range(n)]


def ends(runs: list[Run]) -> list[f.EngagementEnded]:
    """Return how all engagements ended."""
    return [fact for run in runs for fact in of_kind(run.facts, f.EngagementEnded)]


def with_state(run: Run) -> Iterator[tuple[State, f.Fact]]:
    """Give each fact of a log with the state right before it."""
    state = State()
    for fact in run.facts:
        yield state, fact
        apply(state, fact)


# --- laws -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", sorted(LAWS))
def test_bouts_cost_what_the_chosen_law_expects(law: str) -> None:
    """Each side loses the drawn quantile around what the law says of its line, its start, m, quality and supply."""
    used = 0
    histories = many(f"combat.law={law}", "combat.bout_duration=PT6H", *PLENTY, n=6)
    for replication, history in enumerate(histories):
        for state, fact in with_state(history):
            if not isinstance(fact, f.BoutFought):
                continue
            fight, values = state.engagements[fact.engagement], state.values
            ground = f"terrain_classes.{'gorge' if fact.place == 'gate' else 'town'}"
            fronts = [values[f"{ground}.frontage_{side}_fighters"] for side in ("attack", "defence")]
            k, root = values["combat.casualties_per_fighter_hour"], math.sqrt(fact.multiplier)
            surprise = fight.surprise if fact.bout == 1 else 1.0
            lines = (  # who has gone home since the last bout is missing from the line
                min(fight.attack.fighters, state.fighters(fact.place, fact.side)),
                min(fight.defence.fighters, state.fighters(fact.place, fact.enemy)),
            )
            left = LAWS[law](
                *lines,
                attack_start=fight.attack.start,
                defence_start=fight.defence.start,
                frontage_attack=fronts[0],
                frontage_defence=fronts[1],
                hours=6.0,
                attackers_lost_rate=k * _quality(state, fact.place, fact.enemy) * fact.defender_supply * root,
                defenders_lost_rate=k * surprise * _quality(state, fact.place, fact.side) * fact.attacker_supply / root,
            )
            u = Randomness(3, replication).uniforms("combat.losses", fact.engagement, fight.bouts)
            assert [losses(u[i], lines[i], lines[i] - left[i], 4.0) for i in (0, 1)] == [
                fact.attackers_killed + fact.attackers_wounded + fact.attackers_captured,
                fact.defenders_killed + fact.defenders_wounded + fact.defenders_captured,
            ]
            used += fight.attack.fighters < 0.9 * fight.attack.start
    assert used > 3


def _quality(state: State, place: str, side: str) -> float:
    there = state.present(place, side)
    return sum(force.fit * force.quality for force in there) / sum(force.fit for force in there)


def test_the_laws_differ_where_a_front_caps_the_fight() -> None:
    """Behind a narrow front, used lines fire less by the other laws than by the mixed one: histories part."""
    logs = {
        law: [bout.losses for run in many(f"combat.law={law}", n=3) for bout in of_kind(run.facts, f.BoutFought)]
        for law in LAWS
    }
    assert all(logs[a] != logs[b] for a in logs for b in logs if a < b)


# --- turning ------------------------------------------------------------------------------------------------


def test_no_position_is_turned_where_turning_is_switched_off() -> None:
    """With turning off nobody finds a way round, however many ways there are; with it on somebody does."""
    often = "terrain_classes.gorge.turning_rate_per_day=20"
    assert any(of_kind(run.facts, f.PositionTurned) for run in many(often))
    off = many(often, "combat.turning=off")
    assert any(of_kind(run.facts, f.BoutFought) for run in off)
    assert not any(of_kind(run.facts, f.PositionTurned) for run in off)


def test_the_rate_of_turning_follows_from_who_stands_behind_the_lines() -> None:
    """Whenever it is set it is turning_rate x log2(1 + behind / frontage) x exp(-guards / scale)."""
    checked = 0
    for history in many(n=6):
        for state, fact in with_state(history):
            name = fact.clock.removeprefix("turning:") if isinstance(fact, f.HazardChanged) else ""
            if name not in state.engagements or not isinstance(fact, f.HazardChanged) or not fact.rate_per_day:
                continue
            fight, values = state.engagements[name], state.values
            ground = f"terrain_classes.{'gorge' if fight.place == 'gate' else 'town'}"
            behind = state.fighters(fight.place, fight.side) - fight.attack.fighters
            guards = state.fighters(fight.place, fight.enemy) - fight.defence.fighters
            rate = values[f"{ground}.turning_rate_per_day"]
            rate *= math.log2(1 + behind / values[f"{ground}.frontage_attack_fighters"])
            rate *= math.exp(-guards / values["combat.flank_guard_scale_fighters"])
            assert fact.rate_per_day == pytest.approx(rate)
            checked += 1
    assert checked > 10


@pytest.mark.parametrize(
    ("path", "value", "factor"),
    [
        ("combat.turning", 1.0, 0.0),  # the second of its names: off
        ("terrain_classes.gorge.turning_rate_per_day", 2.0, 2 / 0.5),
    ],
)
def test_a_change_reaches_the_turning_of_engagements_under_way(path: str, value: float, factor: float) -> None:
    """Where a number changes on which the rate depends, the rates of open engagements change with it, at once."""
    scenario = compiled(TWO_VALLEYS, (*ATTACK_AT_ONCE, "terrain_classes.gorge.turning_rate_per_day=0.5", *PLENTY))
    changed = 0
    for replication in range(6):
        before = run(scenario, seed=3, replication=replication)
        open_s = [
            (state.time_s + fact.time_s) // 2
            for state, fact in with_state(before)
            if isinstance(fact, f.BoutFought) and fact.place == "gate" and fact.time_s > state.time_s + HOUR
        ]
        for moment in open_s[:1]:
            after = run(scenario, seed=3, replication=replication, changes=[(moment, path, value)])
            (change,) = of_kind(after.facts, f.AssumptionChanged)
            rates = [fact for fact in of_kind(after.facts, f.HazardChanged) if fact.clock.startswith("turning:gate")]
            old = [fact.rate_per_day for fact in rates if fact.seq < change.seq]
            new = [fact.rate_per_day for fact in rates if fact.cause == change.seq]
            if old and old[-1]:
                assert new == [pytest.approx(old[-1] * factor)]
                changed += 1
    assert changed


def test_a_turned_position_is_never_stronger_than_the_ground() -> None:
    """What is left of m once a position is turned is the least of both, and it stays so to the end."""
    flat = many("terrain_classes.gorge.turning_rate_per_day=20", "terrain_classes.gorge.defence_multiplier=1.1")
    steep = many("terrain_classes.gorge.turning_rate_per_day=20", "terrain_classes.gorge.defence_multiplier=8")
    for runs, low in ((flat, 1.1), (steep, 1.2)):
        turned: set[str] = set()
        multipliers = set()
        for history in runs:
            turned.clear()
            for fact in history.facts:
                if isinstance(fact, f.PositionTurned):
                    turned.add(fact.engagement)
                elif isinstance(fact, f.BoutFought) and fact.place == "gate" and fact.engagement in turned:
                    multipliers.add(fact.multiplier)
        assert multipliers == {low}


# --- without combat -----------------------------------------------------------------------------------------


@SHIPPED
def test_without_combat_nobody_fires_and_the_campaign_goes_on(path: Path) -> None:
    """Enemies who meet face each other: no fight begins, nobody is hit, and the run reaches its end."""
    for replication in range(3):
        quiet = one(path, "combat.enabled=false", replication=replication)
        kinds = {fact.kind for fact in quiet.facts}
        assert not kinds & {"EngagementBegan", "BoutFought", "LineRelieved", "PositionTurned", "EngagementEnded"}
        assert quiet.state.ended
        assert quiet.kernel_events < 20_000


def test_without_combat_a_place_stays_with_its_holder_as_long_as_he_is_there() -> None:
    """Who stands face to face with a garrison does not take its place."""
    facing = 0
    for replication in range(8):
        quiet = one(
            TWO_VALLEYS, *ATTACK_AT_ONCE, "combat.enabled=false", "cohesion.enabled=false", replication=replication
        )
        for state, fact in with_state(quiet):
            if isinstance(fact, f.ControlChanged) and fact.how != "initial":
                assert not state.fighters(fact.place, fact.lost_by)
        facing += quiet.state.fighters("gate", "north") > 0 and quiet.state.fighters("gate", "south") > 0
        assert quiet.state.places["gate"].holder == "north"
    assert facing


def test_without_combat_an_operation_that_stands_face_to_face_stalls() -> None:
    """It ends as one that got no further, and is renewed no more often than its plan says."""
    stalled = 0
    for replication in range(6):
        quiet = one(TWO_VALLEYS, *ATTACK_AT_ONCE, "combat.enabled=false", replication=replication)
        outcomes = [fact.outcome for fact in of_kind(quiet.facts, f.OperationEnded)]
        assert set(outcomes) <= {"stalled", "no forces"}
        assert len(outcomes) <= 3
        stalled += len(outcomes)
    assert stalled


# --- why it ended --------------------------------------------------------------------------------------------

OUTCOMES: dict[str, set[str]] = {
    "taken": {
        "defence broken, none ready",
        "defence broken, none willing",
        "defenders out of ammunition",
        "both out of ammunition",
        "defenders gone",
    },
    "abandoned": {"turned and left", "defenders gone"},
    "held": {"attack broken, none ready", "attack broken, none willing", "attackers gone"},
    "broken_off": {"attackers out of ammunition", "both out of ammunition", "attackers' losses", "operation over"},
    "truce": {"truce"},
}


def test_every_reason_belongs_to_an_outcome() -> None:
    """The reasons listed by outcome are the whole vocabulary."""
    assert set.union(*OUTCOMES.values()) == set(get_args(f.EndedWhy))


@SHIPPED
def test_every_engagement_says_why_it_ended(path: Path) -> None:
    """Why an engagement ended is one of the reasons for its outcome, never empty."""
    found = ends(many(n=3, path=path))
    assert found
    assert all(end.why in OUTCOMES[end.outcome] for end in found)


@pytest.mark.parametrize(
    ("why", "overrides"),
    [
        ("defence broken, none ready", ("combat.defender_break_share=0.01", "combat.ready_share=1", *PLENTY)),
        ("defence broken, none willing", ("combat.defender_break_share=0.01", "combat.relief_cohesion_min=1", *PLENTY)),
        ("attack broken, none willing", ("combat.attacker_break_share=0.01", "combat.relief_cohesion_min=1", *PLENTY)),
        ("defenders out of ammunition", ("supply.ammunition_kg_per_fighter_hour=3", PLENTY[1])),
        ("attackers out of ammunition", ("supply.ammunition_kg_per_fighter_hour=3", PLENTY[0])),
        ("both out of ammunition", ("supply.ammunition_kg_per_fighter_hour=9",)),
        ("attackers' losses", ("operations.through-the-gate.gives_up_at_share_lost=0.01", *PLENTY)),
        (
            "turned and left",
            ("terrain_classes.gorge.turning_rate_per_day=20", "doctrine.north.withdraws_when_turned_share=1"),
        ),
    ],
)
def test_what_decides_an_engagement_is_said(why: str, overrides: tuple[str, ...]) -> None:
    """Where the numbers make one reason likely, some engagement ends for it."""
    assert why in {end.why for end in ends(many(*overrides, n=12))}


def test_an_attack_ends_with_its_operation() -> None:
    """What was begun for an operation that is over is broken off, and the end of the operation stands behind it."""
    over = 0
    for replication in range(12):
        # the talks are about the mill alone: their truce ends the operation, and does not hold at the gate
        history = one(
            TWO_VALLEYS,
            ATTACK_AT_ONCE[0],
            *ATTACK_AT_ONCE[2:3],
            "areas.upper=[mill]",
            "talks.valley.contact_rate_per_day=1",
            "talks.valley.truce_rate_per_day=1",
            replication=replication,
        )
        for end in ends([history]):
            if end.why == "operation over":
                (reason,) = end.because
                assert isinstance(history.facts[reason], f.OperationEnded)
                over += 1
    assert over


def test_a_truce_ends_open_engagements_at_their_next_bout() -> None:
    """No bout is fought between parties once a truce holds where they fight, but for the one under way."""
    late = []
    for replication in range(12):
        history = one(
            TWO_VALLEYS,
            *ATTACK_AT_ONCE[:3],
            "talks.valley.contact_rate_per_day=2",
            "talks.valley.truce_rate_per_day=2",
            "talks.valley.collapse.base_per_day=0",
            replication=replication,
        )
        agreed = [fact.seq for fact in of_kind(history.facts, f.TruceAgreed)]
        if agreed:
            late.append(sum(bout.seq > agreed[0] for bout in of_kind(history.facts, f.BoutFought)))
            assert not any(
                fact.seq > agreed[0] for fact in of_kind(history.facts, f.EngagementBegan) if fact.place != "plain"
            )
    assert late
    assert max(late) <= 1


def test_who_faced_each_other_under_a_truce_fights_when_the_talks_collapse() -> None:
    """Enemies in one place open fire at the moment at which nothing forbids it any more."""
    begun = 0
    for replication in range(10):
        history = one(
            TWO_VALLEYS,
            *ATTACK_AT_ONCE[:3],
            "operations.through-the-gate.patience=PT6H",
            "talks.valley.contact_rate_per_day=9",
            "talks.valley.truce_rate_per_day=9",
            "talks.valley.collapse.base_per_day=0.3",
            replication=replication,
        )
        for state, fact in with_state(history):
            if isinstance(fact, f.EngagementBegan) and isinstance(history.facts[fact.cause], f.TalksCollapsed):
                assert state.time_s == history.facts[fact.cause].time_s
                begun += 1
        facing = [
            place for place, here in history.state.places.items() if len(here.fighters) > 1 and not here.engagement
        ]
        collapsed = of_kind(history.facts, f.TalksCollapsed)
        assert not (collapsed and facing)
    assert begun


# --- lines ---------------------------------------------------------------------------------------------------


def _resting(state: State, place: str, side: str) -> int:
    half_time = state.values["combat.recovery_half_time"]
    return sum(
        spent_at(force.spent, force.spent_since_s, state.time_s, half_time) for force in state.present(place, side)
    )


def test_losses_are_remembered_by_the_next_engagement() -> None:
    """Who came out of a line in one engagement is still spent when the next begins, less those who healed meanwhile."""
    remembered = 0
    for history in many(n=6, path=INVENTED):
        state = State()
        for fact in history.facts:
            if isinstance(fact, f.LineRelieved) and fact.order == 1:
                state.time_s = fact.time_s
                resting = _resting(state, fact.place, fact.side)
                assert fact.spent + fact.worn == min(resting, state.fighters(fact.place, fact.side))
                assert fact.fighters + fact.fresh + fact.spent == state.fighters(fact.place, fact.side)
                remembered += resting > 0
            apply(state, fact)
    assert remembered > 3


def test_whom_the_night_healed_is_fit_again() -> None:
    """With recovery in a minute nobody goes into a line worn; with recovery in months many do."""
    quick = many("combat.recovery_half_time=PT1M", n=6, path=INVENTED)
    slow = many("combat.recovery_half_time=P90D", n=6, path=INVENTED)
    assert not any(fact.worn for run in quick for fact in of_kind(run.facts, f.LineRelieved))
    assert sum(fact.worn > 0 for run in slow for fact in of_kind(run.facts, f.LineRelieved)) > 5


def test_a_line_filled_up_with_worn_men_breaks_the_sooner() -> None:
    """Its break point is the drawn one times the share of fresh men in it: nothing if all are worn."""
    share = "combat.defender_break_share=0.3"
    worn = [
        fact
        for run in many("combat.recovery_half_time=P90D", share, "combat.attacker_break_share=0.3", n=6, path=INVENTED)
        for fact in of_kind(run.facts, f.LineRelieved)
        if fact.worn
    ]
    assert worn
    for fact in worn:
        assert fact.order == 1
        assert fact.break_point == pytest.approx(0.3 * (1 - fact.worn / fact.fighters))


def test_a_line_that_stood_has_used_itself_up_in_part() -> None:
    """After an engagement as large a part of it needs rest as it had come towards its break point."""
    checked = 0
    for history in many("combat.recovery_half_time=P90D", n=6):
        for state, fact in with_state(history):
            if not isinstance(fact, f.EngagementEnded):
                continue
            fight, spent = state.engagements[fact.engagement], dict(fact.spent_by)
            for line, side in ((fight.attack, fight.side), (fight.defence, fight.enemy)):
                there = {force.id for force in state.present(fact.place, side)}
                fresh_line = line.order == 1 and not line.worn and not line.spent and line.start
                if not fresh_line or line.start - line.fighters >= line.break_share * line.start:
                    continue
                part = (line.start - line.fighters) / (line.break_share * line.start)
                assert sum(spent.get(name, 0) for name in there) == pytest.approx(part * line.fighters, abs=0.51)
                checked += 1
    assert checked > 3


def test_rest_goes_on_while_an_attack_pauses() -> None:
    """A pause that turns out to be longer is reckoned from those who are still spent, not from all who ever were."""
    scenario = compiled(TWO_VALLEYS, (*ATTACK_AT_ONCE, "combat.attacker_break_share=0.05", *PLENTY))
    longer = 0
    for replication in range(8):
        pauses = of_kind(run(scenario, seed=3, replication=replication).facts, f.AttackPaused)
        for first in pauses[:1]:
            moment = (first.time_s + first.resumes_s) // 2
            change = [(moment, "combat.ready_share", 0.99)]
            after = of_kind(run(scenario, seed=3, replication=replication, changes=change).facts, f.AttackPaused)
            again = next(fact for fact in after if fact.seq > first.seq)
            assert again.time_s == moment
            assert again.spent == spent_at(first.spent, first.time_s, moment, DAY) < first.spent
            assert again.resumes_s > first.resumes_s
            longer += 1
    assert longer


def test_a_change_of_the_pace_of_recovery_counts_from_its_own_moment() -> None:
    """Those who rested at the old pace until then are as fit as that made them; the pause is reckoned anew."""
    scenario = compiled(TWO_VALLEYS, (*ATTACK_AT_ONCE, "combat.attacker_break_share=0.05", *PLENTY))
    for replication in range(8):
        for first in of_kind(run(scenario, seed=3, replication=replication).facts, f.AttackPaused)[:1]:
            moment = (first.time_s + first.resumes_s) // 2
            change = [(moment, "combat.recovery_half_time", 4.0 * DAY)]
            after = of_kind(run(scenario, seed=3, replication=replication, changes=change).facts, f.AttackPaused)
            again = next(fact for fact in after if fact.seq > first.seq)
            assert again.spent == spent_at(first.spent, first.time_s, moment, DAY)
            assert again.resumes_s - moment == pytest.approx(4 * (first.resumes_s - moment), rel=0.1)
            return
    pytest.fail("no attack paused")


def test_an_attack_resumes_as_soon_as_a_line_is_ready_and_no_sooner() -> None:
    """At the moment at which a pause ends just as many are fit as ready_share asks for."""
    resumed = 0
    for history in many("combat.attacker_break_share=0.05", *PLENTY, n=8):
        half_time = history.state.values["combat.recovery_half_time"]
        for state, fact in with_state(history):
            if isinstance(fact, f.AttackPaused):
                total = state.fighters(fact.place, fact.side)
                full = 240 if fact.place == "gate" else math.inf
                wanted = 0.6 * min(full, total)
                if full < math.inf:
                    assert total - spent_at(fact.spent, fact.time_s, fact.resumes_s, half_time) >= wanted
                    assert (
                        total - spent_at(fact.spent, fact.time_s, fact.resumes_s - HOUR, half_time)
                        < wanted + 0.02 * total
                    )
                    resumed += 1
    assert resumed


def test_only_the_willing_relieve_a_broken_line() -> None:
    """Where the cohesion that is asked for is never reached, no second line goes in."""
    eager = many("combat.relief_cohesion_min=0", "combat.attacker_break_share=0.02", *PLENTY)
    sullen = many("combat.relief_cohesion_min=1", "combat.attacker_break_share=0.02", *PLENTY)
    assert any(fact.order > 1 for run in eager for fact in of_kind(run.facts, f.LineRelieved))
    assert not any(fact.order > 1 for run in sullen for fact in of_kind(run.facts, f.LineRelieved))


# --- who is lost ----------------------------------------------------------------------------------------------


def test_prisoners_are_taken_in_the_stated_share_of_losses() -> None:
    """With a share of 1 a bout leaves nobody killed or wounded, without the number nobody captured."""
    taken = many("combat.captured_per_lost=1", n=4)
    none = many("combat.captured_per_lost=null", n=4)
    for history in taken:
        bouts = of_kind(history.facts, f.BoutFought)
        assert any(bout.prisoners for bout in bouts)
        for bout in bouts:
            assert (
                bout.attackers_killed + bout.attackers_wounded == 0 or bout.attackers_captured >= bout.defenders_engaged
            )
            assert sum(count for _, count in bout.prisoners) == bout.attackers_captured + bout.defenders_captured
        assert sum(books.captured for books in history.state.sides.values()) >= sum(
            bout.attackers_captured + bout.defenders_captured for bout in bouts
        )
    assert not any(bout.prisoners for run in none for bout in of_kind(run.facts, f.BoutFought))
