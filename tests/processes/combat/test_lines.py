"""Lines: who relieves whom, and that those who came out of one stay spent for a while."""

from __future__ import annotations

import math

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State, spent_at
from sim.domain.terms import DAY, HOUR
from sim.engine import run
from tests.processes.combat.campaigns import ATTACK_AT_ONCE, PLENTY, SEED, many, with_state
from tests.worlds import INVENTED, TWO_VALLEYS, compiled, of_kind


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


def undisturbed(facts: list[f.Fact]) -> list[f.AttackPaused]:
    """Return the pauses that last as long as they were to last: nobody comes and nothing ends meanwhile."""
    found = []
    for pause in of_kind(facts, f.AttackPaused):
        next_of_it = next(
            (fact for fact in facts[pause.seq + 1 :] if getattr(fact, "engagement", "") == pause.engagement), None
        )
        came = [
            fact
            for fact in of_kind(facts, f.ForceArrived)
            if fact.place == pause.place and pause.time_s <= fact.time_s <= pause.resumes_s
        ]
        if next_of_it is not None and next_of_it.time_s >= pause.resumes_s and not came:
            found.append(pause)
    return found


def test_rest_goes_on_while_an_attack_pauses() -> None:
    """A pause that turns out to be longer is reckoned from those who are still spent, not from all who ever were."""
    scenario = compiled(TWO_VALLEYS, (*ATTACK_AT_ONCE, "combat.attacker_break_share=0.05", *PLENTY))
    longer = 0
    for replication in range(16):
        for first in undisturbed(run(scenario, seed=SEED, replication=replication).facts)[:1]:
            moment = (first.time_s + first.resumes_s) // 2
            change = [(moment, "combat.ready_share", 0.99)]
            after = of_kind(run(scenario, seed=SEED, replication=replication, changes=change).facts, f.AttackPaused)
            again = next(fact for fact in after if fact.seq > first.seq)
            assert again.time_s == moment
            assert again.spent == spent_at(first.spent, first.time_s, moment, DAY) < first.spent
            assert again.resumes_s > first.resumes_s
            longer += 1
    assert longer


def test_a_change_of_the_pace_of_recovery_counts_from_its_own_moment() -> None:
    """Those who rested at the old pace until then are as fit as that made them; the pause is reckoned anew."""
    scenario = compiled(TWO_VALLEYS, (*ATTACK_AT_ONCE, "combat.attacker_break_share=0.05", *PLENTY))
    for replication in range(16):
        for first in undisturbed(run(scenario, seed=SEED, replication=replication).facts)[:1]:
            moment = (first.time_s + first.resumes_s) // 2
            change = [(moment, "combat.recovery_half_time", 4.0 * DAY)]
            after = of_kind(run(scenario, seed=SEED, replication=replication, changes=change).facts, f.AttackPaused)
            again = next(fact for fact in after if fact.seq > first.seq)
            assert again.spent == spent_at(first.spent, first.time_s, moment, DAY)
            assert again.resumes_s - moment == pytest.approx(4 * (first.resumes_s - moment), rel=0.1)
            return
    pytest.fail("no attack paused")


def test_an_attack_resumes_as_soon_as_a_line_is_ready_and_no_sooner() -> None:
    """At the moment at which a pause ends just as many are fit as ready_share asks for."""
    resumed = 0
    for history in many("combat.attacker_break_share=0.05", *PLENTY, n=40):
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
