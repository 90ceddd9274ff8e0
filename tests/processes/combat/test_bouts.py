"""Bouts: they cost what the chosen law expects, and some of the hit are taken."""

from __future__ import annotations

import math

import pytest

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.laws import LAWS
from sim.domain.state import State
from sim.randomness import Randomness
from tests.processes.combat.campaigns import PLENTY, SEED, many, with_state
from tests.worlds import of_kind


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
                hours=fact.hours,
                attackers_lost_rate=k * _quality(state, fact.place, fact.enemy) * fact.defender_supply * root,
                defenders_lost_rate=k * surprise * _quality(state, fact.place, fact.side) * fact.attacker_supply / root,
            )
            u = Randomness(SEED, replication).uniforms("combat.losses", fact.engagement, fight.bouts)
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
