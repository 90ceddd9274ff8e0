"""What lasts in a history, from one fact to the next: where forces are, who holds what, which ways are open, fights.

One table for all viewers. Every row says from when to when (seconds since the start, the end not included) and by which
fact it began; rows that would last no time are left out, so that of several facts in one second the last one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, NamedTuple, TypeVar

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.domain.fold import apply
from sim.domain.roads import covered_s, span_s
from sim.domain.state import HILLS, Force, State
from sim.errors import InputError
from sim.scenario.schema import Scenario

V = TypeVar("V", bound=Hashable)

#: Kinds of places that a pass is of: what has to be got through.
NARROWS = frozenset({"pass", "tunnel", "gorge"})


@dataclass(frozen=True, slots=True)
class Lasting(Generic[V]):
    """Something that was so from ``start_s`` to ``end_s``, by one fact to another (-1: to the end of the history)."""

    of: str
    what: V
    fact: int
    start_s: int
    end_s: int
    ended_by: int


class Course(NamedTuple):
    """A force that stands at a place, or goes along a leg from there: evenly from ``from_s`` to ``arrives_s``.

    ``halted`` is the share of the leg behind it where a fight holds it up, -1 if none does.
    """

    side: str
    place: str
    leg: str
    to: str
    from_s: int
    arrives_s: int
    halted: float
    posture: str
    operation: str
    fit: int
    vehicles: int

    @property
    def in_hills(self) -> bool:
        """Tell whether it is in the hills of its place and not in its centre."""
        return self.posture == HILLS

    def share(self, time_s: int) -> float:
        """Return the share of the leg behind it at a moment, in [0, 1]; 0 for a force at a place."""
        if not self.leg:
            return 0.0
        if self.halted >= 0:
            return self.halted
        span = self.arrives_s - self.from_s
        return min(max((time_s - self.from_s) / span, 0.0), 1.0) if span > 0 else 1.0


class Grip(NamedTuple):
    """Who holds a place ('' = nobody), whether it is fought over, and which side is shut in there."""

    holder: str
    contested: bool
    besieged: str


class Passage(NamedTuple):
    """Whether a way is open, and what shuts it: mines, demolition or snow ('' if nothing)."""

    open: bool
    why: str


class Narrows(NamedTuple):
    """How many of the ways of a pass are open; it is open while one can get in and out, or to its only way."""

    open: bool
    ways_open: int
    ways: int


class Fight(NamedTuple):
    """A fight of two sides at a place, or of two columns on a leg at a share of its length seen from the place."""

    place: str
    leg: str
    share: float
    side: str
    enemy: str
    fighters: int
    enemy_fighters: int
    outcome: str


@dataclass(frozen=True, slots=True)
class History:
    """One history as rows of what lasted, in the order of what they are about and of time."""

    scenario: Scenario
    facts: tuple[Fact, ...]
    started: f.RunStarted
    end_s: int
    forces: tuple[Lasting[Course], ...]
    places: tuple[Lasting[Grip], ...]
    ways: tuple[Lasting[Passage], ...]
    narrows: tuple[Lasting[Narrows], ...]
    fights: tuple[Lasting[Fight], ...]


class _Rows(Generic[V]):
    """Rows that are being written: each is closed where something else begins to be so."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[V, int, int]] = {}
        self._closed: list[Lasting[V]] = []

    def say(self, of: str, what: V | None, fact: int, time_s: int) -> None:
        """Note that from now on something is so, or no more."""
        before = self._open.get(of)
        if before is not None:
            if before[0] == what:
                return
            if time_s > before[2]:
                self._closed.append(Lasting(of, *before, time_s, fact))
            del self._open[of]
        if what is not None:
            self._open[of] = (what, fact, time_s)

    def gone(self, left: Callable[[str], bool], fact: int, time_s: int) -> None:
        """Close the rows of all that is no more."""
        for of in [of for of in self._open if not left(of)]:
            self.say(of, None, fact, time_s)

    def all(self, end_s: int) -> tuple[Lasting[V], ...]:
        """Return all rows, those still open lasting to the end."""
        self.gone(lambda _: False, -1, end_s)
        return tuple(sorted(self._closed, key=lambda row: (row.of, row.start_s)))


def follow(facts: Sequence[Fact], scenario: Scenario) -> History:
    """Return what lasted in a history.

    Args:
        facts: A whole log, from its first fact on.
        scenario: What it is a log of.

    Raises:
        InputError: If the log is empty, does not begin at the beginning, or is one of another scenario.
        Impossible: If it tells what cannot be.
    """
    started = _started(facts, scenario)
    state = State()
    forces, places, fights = _Rows[Course](), _Rows[Grip](), _Fights()
    for fact in facts:
        fights.before(fact, state)
        apply(state, fact)
        fights.after(fact, state)
        for name, force in state.forces.items():
            forces.say(name, _course(force, state) if force.fit else None, fact.seq, fact.time_s)
        forces.gone(state.forces.__contains__, fact.seq, fact.time_s)
        for name, place in state.places.items():
            places.say(name, Grip(place.holder, bool(place.engagement), place.besieged), fact.seq, fact.time_s)
    end_s = state.duration_s if state.ended else state.time_s
    ways = _ways(facts, scenario, end_s)
    return History(
        scenario=scenario, facts=tuple(facts), started=started, end_s=end_s, forces=forces.all(end_s),
        places=places.all(end_s), ways=ways, narrows=_narrows(ways, scenario, end_s), fights=fights.all(end_s),
    )  # fmt: skip


def _started(facts: Sequence[Fact], scenario: Scenario) -> f.RunStarted:
    first = facts[0] if facts else None
    if not isinstance(first, f.RunStarted):
        raise InputError(
            "the log does not begin with RunStarted; give a whole one, as `sim run -o log.jsonl` writes it"
        )
    if first.scenario != scenario.scenario.id:
        raise InputError(
            f"this is a log of {first.scenario!r}, and the scenario is {scenario.scenario.id!r}; give the scenario of "
            "the log"
        )
    if unknown := sorted(set(first.places) - set(scenario.places)):
        raise InputError(
            f"the log tells of places that the scenario does not have ({', '.join(unknown[:5])}); give the scenario as "
            "it was when the log was written"
        )
    return first


def _course(force: Force, state: State) -> Course:
    halted = -1.0
    if force.leg and force.meeting:
        since_s = max(state.meetings[force.meeting].began_s, force.departed_s)
        halted = covered_s(force, since_s) / span_s(force) if span_s(force) > 0 else 1.0
    going = (force.leg, force.to, force.from_s, force.arrives_s) if force.leg else ("", "", 0, 0)
    vehicles = sum(force.vehicles.values())
    return Course(
        force.side, force.place, *going, halted, force.posture, force.operation, force.fit, vehicles
    )  # fmt: skip


class _Fights:
    """Fights as they begin and end; how they ended is known only then, so rows are made at the end."""

    def __init__(self) -> None:
        self._going: dict[str, tuple[Fight, int, int]] = {}
        self._over: list[Lasting[Fight]] = []

    def before(self, fact: Fact, state: State) -> None:
        if isinstance(fact, f.MeetingEnded) and fact.meeting in state.meetings:
            self._end(fact.meeting, f"{fact.side} keeps the road" if fact.side else "both turn back", fact)
        elif isinstance(fact, f.EngagementEnded):
            self._end(fact.engagement, fact.outcome, fact)

    def after(self, fact: Fact, state: State) -> None:
        if isinstance(fact, f.EngagementBegan):
            fight = Fight(fact.place, "", 0.0, fact.side, fact.enemy, fact.attackers, fact.defenders, "")
            self._going[fact.engagement] = (fight, fact.seq, fact.time_s)
        elif isinstance(fact, f.ColumnsMet):
            column = _course(state.forces[fact.force], state)
            fight = Fight(
                column.place, fact.leg, column.share(fact.time_s), fact.side, fact.enemy, fact.fit, fact.other_fit, ""
            )  # fmt: skip
            self._going[fact.meeting] = (fight, fact.seq, fact.time_s)

    def _end(self, name: str, outcome: str, fact: Fact) -> None:
        found = self._going.pop(name, None)
        if found is not None:
            fight, began, start_s = found
            whole = fight._replace(outcome=outcome)
            self._over.append(Lasting(name, whole, began, start_s, max(fact.time_s, start_s + 1), fact.seq))

    def all(self, end_s: int) -> tuple[Lasting[Fight], ...]:
        still = [Lasting(name, fight, fact, since, end_s, -1) for name, (fight, fact, since) in self._going.items()]
        return tuple(sorted((*self._over, *still), key=lambda row: (row.start_s, row.of)))


def _ways(facts: Sequence[Fact], scenario: Scenario, end_s: int) -> tuple[Lasting[Passage], ...]:
    """Return when each leg was open: shut by facts, and by snow from the first of a month on, which is no fact."""
    blocked = [fact for fact in facts if isinstance(fact, f.LegBlocked | f.LegReopened)]
    months = _months(scenario, end_s)
    rows = _Rows[Passage]()
    for name, leg in scenario.legs.items():
        shut = ""
        own = [(fact.time_s, fact.seq) for fact in blocked if fact.leg == name]
        changes = sorted([*own, *((since, 0) for since, _ in months)])
        by_seq = {fact.seq: fact.how if isinstance(fact, f.LegBlocked) else "" for fact in blocked}
        for time_s, seq in changes:
            shut = by_seq.get(seq, shut) if seq else shut
            month = next(month for since, month in reversed(months) if since <= time_s)
            why = shut or ("snow" if month in leg.closed_months else "")
            rows.say(name, Passage(not why, why), seq, time_s)
    return rows.all(end_s)


def _months(scenario: Scenario, end_s: int) -> list[tuple[int, int]]:
    """Return each month of the history, 1 to 12, with the second at which it begins or the history does."""
    start = scenario.scenario.start
    found, since_s = [], 0
    while since_s < max(end_s, 1):
        today = start + timedelta(seconds=since_s)
        found.append((since_s, today.month))
        first = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        later = (first + timedelta(days=32)).replace(day=1)
        since_s = int((later - start).total_seconds())
    return found


def _narrows(ways: Sequence[Lasting[Passage]], scenario: Scenario, end_s: int) -> tuple[Lasting[Narrows], ...]:
    rows = _Rows[Narrows]()
    for name, place in scenario.places.items():
        own = [row for row in ways if name in (scenario.legs[row.of].start, scenario.legs[row.of].to)]
        if place.kind not in NARROWS or not own:
            continue
        count = len({row.of for row in own})
        for time_s, fact in sorted({row.start_s: row.fact for row in own}.items()):
            free = sum(row.what.open for row in own if row.start_s <= time_s < row.end_s)
            rows.say(name, Narrows(free >= min(count, 2), free, count), fact, time_s)
    return rows.all(end_s)
