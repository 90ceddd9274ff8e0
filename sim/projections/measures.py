"""What one history measures of things whose real-world size has been published: losses, marches, delays.

A measure is a function of a history and returns every value that the log yields for it: none, one, or one
per engagement, convoy, place or side. Its name is that of the column ``outcome`` of the table of referents,
so that a measured value and a published range stand side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sim.domain import facts as f
from sim.domain.terms import DAY, HOUR

Kind = TypeVar("Kind", bound=f.Fact)

#: Engagements and forces smaller than this say nothing about published battles.
_MANY = 20
_WON = frozenset({"taken", "abandoned"})


class History:
    """The facts of one log by kind, and the values its run drew."""

    def __init__(self, facts: Sequence[f.Fact], values: Mapping[str, float], duration_s: int) -> None:
        self.values = values
        self.duration_s = duration_s
        self._by_kind: dict[type[f.Fact], list[Any]] = defaultdict(list)
        for fact in facts:
            self._by_kind[type(fact)].append(fact)

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return the facts of a kind in the order of the log."""
        return self._by_kind[kind]

    def in_order(self, *kinds: type[f.Fact]) -> list[Any]:
        """Return the facts of several kinds in the order of the log."""
        return sorted((fact for kind in kinds for fact in self._by_kind[kind]), key=lambda fact: fact.seq)

    def population(self, place: str) -> float:
        """Return how many people live at a place."""
        return self.values.get(f"places.{place}.population", 0.0)


class _Fight(NamedTuple):
    """An engagement that ended, with its length and both losses (attackers first)."""

    began: f.EngagementBegan
    ended: f.EngagementEnded
    days: float
    lost: tuple[int, int]
    engaged_hours: float


def _fights(history: History) -> Iterator[_Fight]:
    """Yield the engagements of some size in which shots were fired and that ended."""
    bouts: dict[str, list[f.BoutFought]] = defaultdict(list)
    for bout in history.of(f.BoutFought):
        bouts[bout.engagement].append(bout)
    began = {fact.engagement: fact for fact in history.of(f.EngagementBegan)}
    for ended in history.of(f.EngagementEnded):
        first, fought = began[ended.engagement], bouts[ended.engagement]
        if not fought or min(first.attackers, first.defenders) < _MANY:
            continue
        lost = (
            sum(bout.attackers_killed + bout.attackers_wounded for bout in fought),
            sum(bout.defenders_killed + bout.defenders_wounded for bout in fought),
        )
        engaged_hours = sum((bout.attackers_engaged + bout.defenders_engaged) * bout.hours for bout in fought)
        yield _Fight(first, ended, (ended.time_s - first.time_s) / DAY, lost, engaged_hours)


# --- fighting ---------------------------------------------------------------------------------------


def _losses_per_engaged_hour(history: History) -> list[float]:
    return [sum(fight.lost) / fight.engaged_hours for fight in _fights(history) if fight.engaged_hours]


def _losses_per_day_of_battle(history: History) -> list[float]:
    return [
        lost / strength / max(1.0, fight.days)
        for fight in _fights(history)
        for lost, strength in zip(fight.lost, (fight.began.attackers, fight.began.defenders), strict=True)
    ]


def _losses_per_day_of_all(history: History) -> list[float]:
    """Return each side's killed and wounded a day as a share of everybody it ever had under arms."""
    raised, lost = defaultdict[str, int](int), defaultdict[str, int](int)
    for born in history.of(f.ForceRaised):
        raised[born.side] += born.fit
    for bout in history.of(f.BoutFought):
        lost[bout.side] += bout.attackers_killed + bout.attackers_wounded
        lost[bout.enemy] += bout.defenders_killed + bout.defenders_wounded
    for beaten in history.of(f.ForceBeaten):
        lost[beaten.side] += beaten.killed + beaten.wounded
    return [lost[side] / count / (history.duration_s / DAY) for side, count in raised.items() if count]


def _exchange_ratio(history: History) -> list[float]:
    attackers = sum(fight.lost[0] for fight in _fights(history))
    return [sum(fight.lost[1] for fight in _fights(history)) / attackers] if attackers else []


def _wounded_per_killed(history: History) -> list[float]:
    bouts = history.of(f.BoutFought)
    killed = sum(bout.attackers_killed + bout.defenders_killed for bout in bouts)
    wounded = sum(bout.attackers_wounded + bout.defenders_wounded for bout in bouts)
    return [wounded / killed] if killed else []


def _engagement_days(history: History) -> list[float]:
    return [fight.days for fight in _fights(history)]


def _operation_days(history: History) -> list[float]:
    """Return how long operations lasted from their launch to their end."""
    launched = {fact.operation: fact.time_s for fact in history.of(f.OperationLaunched)}
    return [
        (ended.time_s - launched[ended.operation]) / DAY
        for ended in history.of(f.OperationEnded)
        if ended.operation in launched and launched[ended.operation] < ended.time_s
    ]


def _bout_hours(history: History) -> list[float]:
    return [bout.hours for bout in history.of(f.BoutFought)]


def _won_at_odds(low: float, high: float) -> Callable[[History], list[float]]:
    """Return the measure that says, for each attack at such odds, whether it won (1) or not (0)."""

    def won(history: History) -> list[float]:
        return [
            float(fight.ended.outcome in _WON)
            for fight in _fights(history)
            if low <= fight.began.attackers / fight.began.defenders < high and fight.began.reason != "rising"
        ]

    return won


def _lost_by(which: int, *outcomes: str) -> Callable[[History], list[float]]:
    """Return the measure of the share lost by attackers (0) or defenders (1) of fights that ended so."""

    def lost(history: History) -> list[float]:
        return [
            fight.lost[which] / (fight.began.attackers, fight.began.defenders)[which]
            for fight in _fights(history)
            if fight.ended.outcome in outcomes
        ]

    return lost


def _driven_out(history: History) -> Iterator[f.ForceBeaten]:
    """Yield the forces of some size that lost the place they defended."""
    ends = {fact.seq: fact for fact in history.of(f.EngagementEnded)}
    for beaten in history.of(f.ForceBeaten):
        ended = ends[beaten.cause]
        if ended.outcome == "taken" and beaten.captor == ended.side and sum(_fates(beaten)) >= _MANY:
            yield beaten


def _fates(beaten: f.ForceBeaten) -> tuple[int, ...]:
    return beaten.killed, beaten.wounded, beaten.captured, beaten.deserted, beaten.to_hills, beaten.fell_back


def _captured_without_a_way_out(history: History) -> list[float]:
    """Return the captured among the losses of garrisons of which nobody fell back."""
    return [
        beaten.captured / lost
        for beaten in _driven_out(history)
        if not beaten.fell_back and (lost := sum(_fates(beaten)) - beaten.to_hills)
    ]


def _survivors_in_the_hills(history: History) -> list[float]:
    return [
        beaten.to_hills / left
        for beaten in _driven_out(history)
        if (left := sum(_fates(beaten)) - beaten.killed - beaten.wounded)
    ]


# --- command, marches, supply -------------------------------------------------------------------------


def _odds_at_launch(history: History) -> list[float]:
    """Return the odds believed at each launch against somebody; those against nobody say nothing."""
    return [fact.believed_odds for fact in history.of(f.OperationLaunched) if 0 < fact.believed_odds < _MANY]


def _order_hours(history: History) -> list[float]:
    issued = {fact.seq: fact.time_s for fact in history.of(f.OrderIssued)}
    return [(fact.time_s - issued[fact.cause]) / HOUR for fact in history.of(f.OrderDelivered) if fact.cause in issued]


def _foot_km_per_day(history: History) -> list[float]:
    """Return the pace of marches on foot that took at least half a day on one leg."""
    left: dict[str, f.ForceDeparted] = {}
    found = []
    for fact in history.in_order(f.ForceDeparted, f.ForceArrived):
        if isinstance(fact, f.ForceDeparted):
            left[fact.force] = fact
            continue
        start = left.pop(fact.force, None)
        if start is None or start.mode != "foot" or start.to != fact.place:
            continue
        days = (fact.time_s - start.time_s - start.queued_s) / DAY
        if days >= 0.5:
            found.append(history.values[f"legs.{start.leg}.length_km"] / days)
    return found


def _convoys_attacked(history: History) -> list[float]:
    sent = len(history.of(f.ConvoyDispatched))
    return [len({fact.convoy for fact in history.of(f.ConvoyAmbushed)}) / sent] if sent else []


def _convoy_share_lost(history: History) -> list[float]:
    carriers = {fact.convoy: fact.carriers for fact in history.of(f.ConvoyDispatched)}
    return [
        fact.carriers_lost / carriers[fact.convoy]
        for fact in history.of(f.ConvoyAmbushed)
        if fact.carriers_lost <= carriers[fact.convoy]
    ]


# --- people, risings, talks ---------------------------------------------------------------------------


def _risings_per_day_after_entry(history: History) -> list[float]:
    """Return one over the days from the last change of hands of a place to the rising there."""
    since: dict[str, int] = {}
    found = []
    for fact in history.in_order(f.ControlChanged, f.RisingBegan):
        if isinstance(fact, f.ControlChanged):
            since[fact.place] = fact.time_s if fact.how != "initial" else -1  # nobody knows since when
        elif 0 <= since.get(fact.place, -1) < fact.time_s:
            found.append(DAY / (fact.time_s - since[fact.place]))
    return found


def _rising_share(history: History) -> list[float]:
    return [
        fact.fighters / people for fact in history.of(f.RisingBegan) if (people := history.population(fact.place)) > 0
    ]


def _gain_held_days(history: History) -> list[float]:
    """Return how long places that changed hands stayed with who took them, to the horizon at most."""
    since: dict[str, int] = {}
    found = []
    for fact in history.of(f.ControlChanged):
        if fact.place in since:
            found.append((fact.time_s - since[fact.place]) / DAY)
        if fact.how != "initial":
            since[fact.place] = fact.time_s
    return found + [(history.duration_s - time_s) / DAY for time_s in since.values()]


def _days_to_retake(history: History) -> list[float]:
    lost: dict[tuple[str, str], int] = {}
    found = []
    for fact in history.of(f.ControlChanged):
        if (before := lost.pop((fact.place, fact.side), None)) is not None:
            found.append((fact.time_s - before) / DAY)
        if fact.lost_by:
            lost[fact.place, fact.lost_by] = fact.time_s
    return found


def _truce_days(history: History) -> list[float]:
    """Return how long truces lasted, to the horizon at most; settled ones do not end."""
    since: dict[str, int] = {}
    found = []
    for fact in history.in_order(f.TruceAgreed, f.TalksCollapsed):
        if isinstance(fact, f.TruceAgreed):
            since[fact.talks] = fact.time_s
        elif (agreed := since.pop(fact.talks, None)) is not None:
            found.append((fact.time_s - agreed) / DAY)
    return found + [(history.duration_s - agreed) / DAY for agreed in since.values()]


def _cut_off_days(history: History) -> list[float]:
    """Return the days from a garrison's being cut off to the loss of its place, where it was lost."""
    cut: dict[tuple[str, str], int] = {}
    found = []
    for fact in history.in_order(f.GarrisonCutOff, f.ControlChanged):
        if isinstance(fact, f.GarrisonCutOff):
            cut.setdefault((fact.place, fact.side), fact.time_s)
        elif (before := cut.pop((fact.place, fact.lost_by), None)) is not None:
            found.append((fact.time_s - before) / DAY)
    return found


def _displaced_share(history: History) -> list[float]:
    """Return, for each place that was fought over, the share of its people who fled at one time or another."""
    fled = defaultdict[str, int](int)
    for fact in history.of(f.PopulationFled):
        fled[fact.place] += fact.count
    fought = {fact.place for fact in history.of(f.EngagementBegan)}
    if not fled:
        return []
    return [min(1.0, fled[place] / people) for place in sorted(fought) if (people := history.population(place)) > 0]


def _desertion_share_per_day(history: History) -> list[float]:
    raised, gone = defaultdict[str, int](int), defaultdict[str, int](int)
    for born in history.of(f.ForceRaised):
        raised[born.side] += born.fit
    for fact in history.of(f.FightersDeserted):
        gone[fact.side] += fact.count
    return [gone[side] / count / (history.duration_s / DAY) for side, count in raised.items() if count]


#: Every measure by the name under which the table of referents knows it.
MEASURES: dict[str, Callable[[History], list[float]]] = {
    "losses_per_engaged_fighter_hour": _losses_per_engaged_hour,
    "losses_share_per_day_of_battle": _losses_per_day_of_battle,
    "losses_share_per_day_committed": _losses_per_day_of_all,
    "defender_losses_per_attacker_loss": _exchange_ratio,
    "wounded_per_killed": _wounded_per_killed,
    "engagement_days": _engagement_days,
    "assault_days": _operation_days,
    "bout_hours": _bout_hours,
    "attacker_wins_share_odds_half_to_1": _won_at_odds(0.5, 1.0),
    "attacker_wins_share_odds_1_to_2": _won_at_odds(1.0, 2.0),
    "attacker_wins_share_odds_2_to_3": _won_at_odds(2.0, 3.0),
    "attacker_wins_share_odds_3_to_6": _won_at_odds(3.0, 6.0),
    "share_lost_by_failed_attack": _lost_by(0, "held", "broken_off"),
    "share_lost_by_beaten_defender": _lost_by(1, "taken"),
    "share_lost_by_holding_defender": _lost_by(1, "held", "broken_off"),
    "share_of_beaten_to_hills": _survivors_in_the_hills,
    "captured_share_of_broken_garrison": _captured_without_a_way_out,
    "believed_odds_at_launch": _odds_at_launch,
    "order_delay_hours": _order_hours,
    "march_km_per_day_foot": _foot_km_per_day,
    "convoys_attacked_share": _convoys_attacked,
    "convoy_lost_share_in_ambush": _convoy_share_lost,
    "risings_per_day_after_entry": _risings_per_day_after_entry,
    "rising_fighters_share_of_population": _rising_share,
    "gain_held_days": _gain_held_days,
    "days_to_retake": _days_to_retake,
    "truce_days": _truce_days,
    "days_from_cut_off_to_fall": _cut_off_days,
    "displaced_share_of_assaulted": _displaced_share,
    "desertion_share_per_day": _desertion_share_per_day,
}

#: The kinds of facts that the measures read.
READS = (
    f.EngagementBegan, f.BoutFought, f.EngagementEnded, f.ForceRaised, f.ForceBeaten, f.OperationLaunched,
    f.OperationEnded, f.OrderIssued, f.OrderDelivered, f.ForceDeparted, f.ForceArrived, f.ConvoyDispatched,
    f.ConvoyAmbushed, f.ControlChanged, f.RisingBegan, f.TruceAgreed, f.TalksCollapsed, f.GarrisonCutOff,
    f.PopulationFled, f.FightersDeserted,
)  # fmt: skip


def measured(history: History) -> dict[str, list[float]]:
    """Return every measure of one history by its name."""
    return {name: measure(history) for name, measure in MEASURES.items()}
