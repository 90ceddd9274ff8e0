"""The wounded: who comes back, when, to which force, and who does not."""

from __future__ import annotations

from collections import Counter

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from sim.engine import Run
from tests.worlds import REFERENCE, TWO_VALLEYS, of_kind, play

ATTACK = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.stops_for_truce=[]",
    "operations.through-the-gate.delay=PT6H",
    "operations.through-the-gate.patience=PT6H",
    "talks.valley.contact_rate_per_day=0",
)


def wars(*overrides: str, share: float = 1.0, after: str = "P2D", n: int = 6) -> list[Run]:
    """Return several wars of the two valleys in which a share of the wounded is fit again after a time."""
    recovery = f"recovery={{basis: invented, confidence: low, return_share: {share}, recovery_time: {after}}}"
    return [play(TWO_VALLEYS, *ATTACK, recovery, *overrides, replication=k) for k in range(n)]


def hurt(fight: f.Fact) -> dict[str, int]:
    """Return how many of each force were wounded in a fight."""
    if isinstance(fight, f.BoutFought):
        return {name: wounded for name, _, wounded in fight.losses}
    assert isinstance(fight, f.ForceBeaten)
    return {fight.force: fight.wounded}


def test_the_wounded_are_fit_again_after_their_time_and_never_more_than_were_hurt() -> None:
    """Every return follows a fight by the recovery time, or by the march of a force that was on the road then."""
    returns = 0
    for war in wars():
        back: Counter[int] = Counter()
        for fact in of_kind(war.facts, f.PeopleReturned):
            returns += 1
            fight = war.facts[fact.cause]
            assert fact.time_s >= fight.time_s + 2 * DAY
            back[fact.cause] += fact.count
            assert back[fact.cause] <= sum(hurt(fight).values())
        for books in war.state.sides.values():
            assert 0 <= books.returned <= books.wounded
    assert returns > 20


def test_with_everybody_healing_all_attackers_who_were_hurt_in_a_bout_come_back() -> None:
    """The wounded of an attack lie behind it: as many as were hurt return to a force that still is."""
    whole = 0
    for war in wars():
        back = {(fact.cause, fact.side): 0 for fact in of_kind(war.facts, f.PeopleReturned)}
        for fact in of_kind(war.facts, f.PeopleReturned):
            back[fact.cause, fact.side] += fact.count
        lost = {fact.force for fact in (*of_kind(war.facts, f.ForceSurrendered), *of_kind(war.facts, f.ForceDestroyed))}
        for bout in of_kind(war.facts, f.BoutFought):
            if bout.side == "south" and bout.attackers_wounded and not lost and bout.time_s < 15 * DAY:
                whole += 1
                assert back[bout.seq, "south"] == bout.attackers_wounded
    assert whole > 10


def test_defenders_return_only_where_their_side_holds_the_ground() -> None:
    """Who was hit in defence of a place, or driven from it, returns only if it is his side's when he is fit."""
    held = lost = 0
    for war in wars(after="P1D"):
        state = State()
        for fact in war.facts:
            if isinstance(fact, f.PeopleReturned):
                fight = war.facts[fact.cause]
                if isinstance(fight, f.ForceBeaten) or fact.side == fight.enemy:
                    held += 1
                    assert state.places[fight.place].holder == fact.side
            apply(state, fact)
        for fact in of_kind(war.facts, f.EngagementEnded):
            lost += fact.outcome == "taken"
    assert held
    assert lost


def test_nobody_returns_to_a_force_that_is_no_more() -> None:
    """A return names a force that exists: the one in which he was hurt, or the one that has joined since."""
    joined = 0
    for war in wars(n=8):
        state = State()
        for fact in war.facts:
            if isinstance(fact, f.PeopleReturned):
                assert fact.force in state.forces
                name = next(iter(hurt(war.facts[fact.cause])))
                followed = {name}
                for name in hurt(war.facts[fact.cause]):
                    while name in state.merged:
                        name = state.merged[name]
                    followed.add(name)
                assert fact.force in followed
                joined += fact.force not in hurt(war.facts[fact.cause])
            apply(state, fact)
    assert joined


def test_a_force_on_the_road_is_joined_where_it_arrives() -> None:
    """Nobody comes back to a column on a leg: it is awaited at its end."""
    awaited = 0
    for war in wars("legs.L1.travel_time_h_foot=30", "legs.L2.travel_time_h_foot=40", after="PT30H", n=30):
        state = State()
        for fact in war.facts:
            if isinstance(fact, f.PeopleReturned):
                assert not state.forces[fact.force].leg
                if fact.time_s > war.facts[fact.cause].time_s + 30 * HOUR:
                    awaited += 1
                    assert state.forces[fact.force].rested_since_s == fact.time_s
            apply(state, fact)
    assert awaited


def test_the_share_that_heals_is_the_share_that_returns() -> None:
    """Of the wounded attackers a share returns, on average over many bouts."""
    wounded = returned = 0
    for war in wars(share=0.3, after="PT1H", n=20):
        wounded += sum(bout.attackers_wounded for bout in of_kind(war.facts, f.BoutFought) if bout.side == "south")
        returned += sum(
            fact.count
            for fact in of_kind(war.facts, f.PeopleReturned)
            if fact.side == "south" and isinstance(war.facts[fact.cause], f.BoutFought)
        )
    assert wounded > 1000
    assert returned / wounded == pytest.approx(0.3, abs=0.05)


def test_without_recovery_the_wounded_stay_wounded() -> None:
    """Left out or switched off, nobody comes back."""
    for off in ("recovery=null", "recovery.enabled=false"):
        for war in wars(off, n=2):
            assert not of_kind(war.facts, f.PeopleReturned)
    assert of_kind(play(REFERENCE).facts, f.PeopleReturned)
