"""Defeat: what becomes of the beaten, of their vehicles and of the place."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.engine import Run
from tests.processes.combat.campaigns import ATTACK_AT_ONCE
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, of_kind, play

#: A crowd behind the gate that gives way at once, and nobody next door who would take it in.
CROWD = (
    *ATTACK_AT_ONCE,
    "forces.northerners.strength=6000",
    "forces.northerners.share_present=0.9",
    "forces.northerners.posts.gate=1",
    "forces.northerners.posts.mill=0",
    "forces.northerners.reserve.mill=0",
    "places.mill.holder=south",
    "risings.enabled=false",
    "places.gate.leaning={north: {value: 0, basis: invented, confidence: low}}",
    "combat.defender_break_share=0.001",
    "combat.ready_share=1",
    "combat.relief_cohesion_min=1",
    "doctrine.south.odds_wanted=0.01",
    "doctrine.south.odds_wanted_by_terrain.gorge=0.01",
    "forces.southerners.stocks.ammunition_kg_per_fighter=900",
)


def defeats(run: Run) -> Iterator[tuple[State, f.EngagementEnded, list[f.ForceBeaten]]]:
    """Give each end of an engagement with the state right after it and what became of those who left."""
    state = State()
    for fact in run.facts:
        apply(state, fact)
        if isinstance(fact, f.EngagementEnded):
            yield state, fact, [gone for gone in of_kind(run.facts, f.ForceBeaten) if gone.cause == fact.seq]


@pytest.mark.parametrize("path", [TWO_VALLEYS, INVENTED, REFERENCE], ids=["valleys", "rivers", "reference"])
def test_who_leaves_in_time_leaves_in_good_order(path: Path) -> None:
    """Nobody is cut down, taken or lost who broke an attack off, gave up a position or stopped for a truce."""
    orderly = beaten = 0
    for replication in range(4):
        for _, end, gone in defeats(play(path, seed=3, replication=replication)):
            lost = sum(fact.killed + fact.wounded + fact.captured + fact.deserted for fact in gone)
            if end.outcome in ("taken", "held"):
                beaten += lost
            else:
                orderly += len(gone)
                assert lost == 0
    assert orderly
    assert beaten


def test_all_pursuers_together_catch_no_more_than_one_each() -> None:
    """However many forces are beaten at a place, no more are cut down, and no more taken, than there are pursuers."""
    saturated = 0
    for path, replication in itertools.product((INVENTED, REFERENCE), range(6)):
        fierce = play(path, "combat.pursuit_loss_share=0.9", "combat.captured_share=1", seed=3, replication=replication)
        for state, end, gone in defeats(fierce):
            pursuers = state.fighters(end.place, end.side if end.outcome == "taken" else end.enemy)
            cut_down = sum(fact.killed + fact.wounded for fact in gone)
            taken = sum(fact.captured for fact in gone)
            assert max(cut_down, taken) <= pursuers
            saturated += pursuers in (cut_down, taken) and pursuers > 0
    assert saturated


def test_who_has_no_way_out_and_is_not_caught_takes_to_the_hills() -> None:
    """A few who scatter thousands catch as many as they are; the others stay about, even where nobody likes them."""
    scattered = 0
    for replication in range(6):
        for state, end, gone in defeats(play(TWO_VALLEYS, *CROWD, seed=3, replication=replication)):
            if (end.place, end.side, end.outcome) != ("gate", "south", "taken"):
                continue
            pursuers = state.fighters("gate", "south")
            for fact in gone:
                left = fact.captured + fact.to_hills
                assert fact.fell_back == 0
                assert fact.captured == min(pursuers, left)
                scattered += fact.to_hills > 1_000
    assert scattered


def test_a_position_that_is_lost_changes_hands_for_that_reason() -> None:
    """A place taken or given up falls to the attackers, and the end of the engagement is its cause."""
    for replication in range(6):
        history = play(TWO_VALLEYS, *ATTACK_AT_ONCE, seed=3, replication=replication)
        falls = {fact.engagement: fact for fact in of_kind(history.facts, f.ControlChanged) if fact.engagement}
        for _, end, _ in defeats(history):
            if end.outcome in ("taken", "abandoned"):
                assert falls[end.engagement].cause == end.seq
                assert (falls[end.engagement].place, falls[end.engagement].side) == (end.place, end.side)
            else:
                assert end.engagement not in falls


def test_vehicles_that_nobody_drives_away_fall_to_the_captor() -> None:
    """Of a beaten force's vehicles those are kept whose drivers fell back by road, one for each at most."""
    taken = 0
    for replication in range(8):
        history = play(
            TWO_VALLEYS,
            *ATTACK_AT_ONCE,
            "forces.southerners.light_vehicles=1300",
            "combat.pursuit_loss_share=0.5",
            "combat.attacker_break_share=0.02",
            "combat.relief_cohesion_min=1",
            seed=3,
            replication=replication,
        )
        state = State()
        for fact in history.facts:
            cause = history.facts[fact.cause] if fact.cause >= 0 else fact
            if isinstance(fact, f.VehiclesLost) and isinstance(cause, f.ForceBeaten):
                force = state.forces[fact.force]
                had, lost = sum(force.vehicles.values()), sum(count for _, count in fact.vehicles)
                assert fact.captor == cause.captor == "north"
                assert had - lost == (min(had, force.fit) if cause.fell_back else 0)
                taken += lost
            apply(state, fact)
    assert taken
