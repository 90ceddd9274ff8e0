"""Endings: what decides an engagement is said in the fact that ends it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from sim.domain import facts as f
from tests.processes.combat.campaigns import ATTACK_AT_ONCE, PLENTY, SHIPPED, ends, many, one
from tests.worlds import TWO_VALLEYS, of_kind

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
    """What was begun for an operation that is over is broken off; its end or its next attempt stands behind it."""
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
                assert isinstance(history.facts[reason], f.OperationEnded | f.OperationOrdered)
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
