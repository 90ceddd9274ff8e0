"""Engagements: where one begins, and what happens where none may."""

from __future__ import annotations

from pathlib import Path

from sim.domain import facts as f
from tests.processes.combat.campaigns import ATTACK_AT_ONCE, SHIPPED, one, with_state
from tests.worlds import TWO_VALLEYS, of_kind


@SHIPPED
def test_without_combat_nobody_fires_and_the_campaign_goes_on(path: Path) -> None:
    """Enemies who meet face each other: no fight begins, nobody is hit, and the run reaches its end."""
    for replication in range(3):
        quiet = one(path, "combat.enabled=false", replication=replication)
        kinds = {fact.kind for fact in quiet.facts}
        assert not kinds & {"EngagementBegan", "BoutFought", "LineRelieved", "PositionTurned", "EngagementEnded"}
        assert quiet.state.ended
        assert quiet.kernel_events < 20_000


#: Nobody deserts, hands over or falls back before the odds.
NOBODY_LEAVES = ("cohesion.enabled=false", "doctrine.north.withdraws_at_odds=null")


def test_without_combat_a_place_stays_with_its_holder_as_long_as_he_is_there() -> None:
    """Who stands face to face with a garrison does not take its place."""
    facing = 0
    for replication in range(8):
        quiet = one(TWO_VALLEYS, *ATTACK_AT_ONCE, *NOBODY_LEAVES, "combat.enabled=false", replication=replication)
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
