"""Turning: who finds a way round, at which rate, and what is left of the position."""

from __future__ import annotations

import math

import pytest

from sim.domain import facts as f
from sim.domain.terms import HOUR
from sim.engine import run
from tests.processes.combat.campaigns import ATTACK_AT_ONCE, PLENTY, SEED, many, with_state
from tests.worlds import TWO_VALLEYS, compiled, of_kind


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
        before = run(scenario, seed=SEED, replication=replication)
        open_s = [
            (state.time_s + fact.time_s) // 2
            for state, fact in with_state(before)
            if isinstance(fact, f.BoutFought) and fact.place == "gate" and fact.time_s > state.time_s + HOUR
        ]
        for moment in open_s[:1]:
            after = run(scenario, seed=SEED, replication=replication, changes=[(moment, path, value)])
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
