"""What a history measures, from logs made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from sim.domain import facts as f
from sim.domain.terms import DAY, HOUR
from sim.projections.measures import MEASURES, READS, History, measured
from tests.worlds import play


@dataclass
class Diary:
    """Collects facts with their envelope."""

    facts: list[f.Fact] = field(default_factory=list)

    def note(self, kind: type[f.Fact], time_s: int, cause: int = 0, **fields: Any) -> int:
        self.facts.append(kind(len(self.facts), time_s, cause, (), **fields))
        return len(self.facts) - 1

    def measure(self, name: str, values: dict[str, float] | None = None, days: float = 10) -> list[float]:
        return MEASURES[name](History(self.facts, values or {}, int(days * DAY)))


def fight(diary: Diary, *, attackers: int, defenders: int, lost: tuple[int, int], hours: float, outcome: str) -> None:
    """Write an engagement of one bout that lasts a day."""
    names = {"engagement": "p/a#1", "place": "p", "side": "a", "enemy": "d"}
    diary.note(
        f.EngagementBegan,
        0,
        **names,
        reason="assault",
        operation="",
        attackers=attackers,
        defenders=defenders,
        surprise=1.0,
    )
    diary.note(
        f.BoutFought,
        DAY // 2,
        **names,
        bout=1,
        hours=hours,
        attackers_engaged=100,
        defenders_engaged=50,
        multiplier=1.0,
        attacker_supply=1.0,
        defender_supply=1.0,
        attackers_killed=lost[0] // 4,
        attackers_wounded=lost[0] - lost[0] // 4,
        defenders_killed=lost[1] // 4,
        defenders_wounded=lost[1] - lost[1] // 4,
        attacker_ammunition_g=0,
        defender_ammunition_g=0,
        losses=(),
    )
    diary.note(f.EngagementEnded, DAY, **names, reason="assault", outcome=outcome)


def test_losses_are_counted_per_engaged_fighter_and_hour() -> None:
    """Sixty lost by 150 who were engaged for four hours are a tenth of a fighter per fighter and hour."""
    diary = Diary()
    fight(diary, attackers=200, defenders=100, lost=(40, 20), hours=4.0, outcome="taken")
    assert diary.measure("losses_per_engaged_fighter_hour") == [pytest.approx(60 / 600)]
    assert diary.measure("losses_share_per_day_of_battle") == [pytest.approx(0.2), pytest.approx(0.2)]
    assert diary.measure("defender_losses_per_attacker_loss") == [0.5]
    assert diary.measure("wounded_per_killed") == [3.0]
    assert diary.measure("engagement_days") == [1.0]


def test_an_attack_counts_in_the_class_of_its_odds() -> None:
    """Two to one that took the place is a success of the class from 2 on, and of no other."""
    diary = Diary()
    fight(diary, attackers=200, defenders=100, lost=(40, 20), hours=4.0, outcome="taken")
    found = {name: diary.measure(name) for name in MEASURES if name.startswith("attacker_wins")}
    assert found.pop("attacker_wins_share_odds_2_to_3") == [1.0]
    assert not any(found.values())


def test_a_skirmish_says_nothing_about_battles() -> None:
    """Engagements of a handful of fighters are left out."""
    diary = Diary()
    fight(diary, attackers=200, defenders=5, lost=(1, 5), hours=1.0, outcome="taken")
    assert diary.measure("engagement_days") == []


def test_a_march_is_measured_where_it_took_a_day() -> None:
    """Thirty kilometres in two days, an hour's queue apart, are fifteen a day; short hops do not count."""
    diary = Diary()
    moved = {"force": "a1", "side": "a", "to": "q", "leg": "L1", "mode": "foot", "posture": "moving"}
    loads = {"marched_s": 0, "pass_free_s": 0, "food_g": 0, "ammunition_g": 0}
    diary.note(f.ForceDeparted, 0, **moved, place="p", queued_s=HOUR, arrives_s=2 * DAY + HOUR, **loads)
    arrived = {"force": "a1", "side": "a", "place": "q", "origin": "p", "ate_g": 0, "settles": True}
    diary.note(f.ForceArrived, 2 * DAY + HOUR, **arrived)
    diary.note(f.ForceDeparted, 3 * DAY, **moved, place="p", queued_s=0, arrives_s=3 * DAY + HOUR, **loads)
    diary.note(f.ForceArrived, 3 * DAY + HOUR, **arrived)
    assert diary.measure("march_km_per_day_foot", {"legs.L1.length_km": 30.0}) == [pytest.approx(15)]


def test_gains_are_held_until_the_next_change_or_the_horizon() -> None:
    """A place taken on day 2 and lost on day 5 was held three days; what is held to the end counts to the end."""
    diary = Diary()
    for day, side, lost_by, how in ((0, "d", "", "initial"), (2, "a", "d", "assault"), (5, "d", "a", "rising")):
        diary.note(f.ControlChanged, day * DAY, place="p", side=side, lost_by=lost_by, how=how, engagement="")
    assert diary.measure("gain_held_days") == [3.0, 5.0]
    assert diary.measure("days_to_retake") == [3.0]


def beaten(diary: Diary, outcome: str, side: str, **fates: int) -> None:
    """Write the end of an engagement in which ``a`` attacked ``d``, and what became of a force."""
    names = {"place": "p", "side": "a", "enemy": "d", "reason": "assault"}
    ended = diary.note(f.EngagementEnded, DAY, engagement="p/a#1", **names, outcome=outcome)
    after = dict.fromkeys(("killed", "wounded", "captured", "deserted", "to_hills", "fell_back"), 0) | fates
    captor = "d" if side == "a" else "a"
    diary.note(f.ForceBeaten, DAY, ended, force="x", side=side, place="p", captor=captor, **after)


def test_prisoners_and_men_in_the_hills_are_counted_where_a_garrison_lost_its_place() -> None:
    """Prisoners as a share of the losses of those who had no way out, the hills as a share of the survivors; attackers
    who were beaten off say nothing of either.
    """
    diary = Diary()
    beaten(diary, "taken", "d", killed=10, wounded=10, captured=30, deserted=10, to_hills=40)
    beaten(diary, "taken", "d", killed=10, captured=10, fell_back=80)
    beaten(diary, "held", "a", killed=10, captured=90)
    beaten(diary, "taken", "d", captured=5)
    assert diary.measure("captured_share_of_broken_garrison") == [0.5]
    assert diary.measure("share_of_beaten_to_hills") == [0.5, 0.0]


def test_a_rising_counts_from_the_last_change_of_hands() -> None:
    """A rate is one over the days since somebody came; how things stood at the start says nothing of that."""
    diary = Diary()
    change = {"place": "p", "lost_by": "", "engagement": ""}
    rose = {"place": "p", "side": "d", "against": "a", "fighters": 50}
    diary.note(f.ControlChanged, 0, **change, side="a", how="initial")
    diary.note(f.RisingBegan, DAY, **rose)
    diary.note(f.ControlChanged, 2 * DAY, **change, side="a", how="assault")
    diary.note(f.RisingBegan, 6 * DAY, **rose)
    assert diary.measure("risings_per_day_after_entry") == [0.25]


def test_a_truce_lasts_until_talks_collapse_or_the_horizon() -> None:
    """A truce of day 1 that collapses on day 4 lasted three days; a settled one lasts to the end."""
    diary = Diary()
    diary.note(f.TruceAgreed, DAY, talks="t1", side="a", enemy="d")
    diary.note(f.TruceAgreed, 2 * DAY, talks="t2", side="a", enemy="d")
    diary.note(f.TalksCollapsed, 4 * DAY, talks="t1", side="a", enemy="d")
    assert diary.measure("truce_days") == [3.0, 8.0]


def test_every_measure_can_be_taken_of_every_history() -> None:
    """A whole run yields finite numbers for every measure, from the kinds of facts that measures read."""
    history = play()
    whole = measured(History(history.facts, history.state.values, history.state.duration_s))
    read = [fact for fact in history.facts if isinstance(fact, READS)]
    assert measured(History(read, history.state.values, history.state.duration_s)) == whole
    assert all(0 <= value < float("inf") for values in whole.values() for value in values)
