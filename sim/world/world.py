"""The world as a process sees it: state to read, moments to wait for, named draws, facts to record.

A fact is applied the moment it is recorded; what reacts to it runs when the process or timer that
recorded it has finished its step, in the order of the facts and of the families' ranks. Nothing polls:
a process waits for a moment or is nudged by a reaction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, NamedTuple

import simpy

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import Force, State
from sim.randomness import Randomness
from sim.scenario.distributions import Quantile
from sim.scenario.schema import Scenario
from sim.world.clock import Clock
from sim.world.compiled import Compiled
from sim.world.conditions import matches
from sim.world.hazards import Hazards
from sim.world.ways import Ways

Reaction = Callable[["World", Any], None]
Steps = Generator[simpy.Event, None, None]
#: What comes of an intervention, given the number of the fact that tells of it.
Act = Callable[[int], None]

#: Facts after which other ways are open, or take another time.
_OPENS_PLACES: frozenset[type[f.Fact]] = frozenset({f.ControlChanged, f.EngagementBegan, f.EngagementEnded})
_CHANGES_LEGS: frozenset[type[f.Fact]] = frozenset({f.LegBlocked, f.LegReopened, f.AssumptionChanged})


class _Waiting(NamedTuple):
    """A process that waits, at the latest until a moment, None for ever."""

    event: simpy.Event
    rank: int
    until_s: int | None


class World:
    """One replication while it runs.

    ``now`` is the second at which the present step of a process or timer began; ``value`` returns the
    value of a number of the scenario in this run, by its dotted path. ``running`` names the processes, ``alarms`` when
    which timer rings, and ``unserved`` the places and sides for which no convoy could be loaded.
    """

    def __init__(
        self,
        compiled: Compiled,
        randomness: Randomness,
        reactions: Mapping[type[f.Fact], Sequence[Reaction]],
        hazard_handlers: Mapping[str, Callable[[World, str, int], None]],
        tap: Callable[[f.Fact, State], None] | None = None,
    ) -> None:
        self.compiled = compiled
        self.scenario: Scenario = compiled.scenario
        self.state = State()
        self.clock = Clock()
        self.now = 0
        self.randomness = randomness
        self.facts: list[f.Fact] = []
        self.hazards = Hazards(self, hazard_handlers)
        self.ways = Ways(self)
        self.value: Callable[[str], float] = self.state.values.__getitem__
        self.running: set[str] = set()
        self.alarms: dict[str, int] = {}
        self.unserved: set[tuple[str, str]] = set()
        self.areas_of = compiled.areas_of
        self.met: dict[str, int] = {}
        self._tap = tap
        self._hostile = compiled.hostile
        self._friends = compiled.friends
        self._reactions = reactions
        self._noted = _OPENS_PLACES | _CHANGES_LEGS | compiled.awaited.keys()
        self._unsettled: deque[tuple[f.Fact, Sequence[Reaction]]] = deque()
        self._waiting: dict[str, _Waiting] = {}
        self._rings: dict[str, int] = {}
        self._quantiles: dict[str, Quantile] = {}

    def close(self) -> None:
        """Let go of all that waits and of what refers back here, so that memory is free without a collection."""
        for waiting in self._waiting.values():
            waiting.event.callbacks = []
        self.clock.drop()
        del self.hazards, self.ways

    # --- time -------------------------------------------------------------------------------------

    def play(self) -> None:
        """Let everything happen up to the horizon."""
        self.ways.follow_the_months()
        self.settle()
        self.clock.run(until=self.compiled.duration_s)
        self.now = self.compiled.duration_s

    def at(self, time_s: int, rank: int, subject: str, action: Callable[[], None]) -> None:
        """Do something at a moment, unless that lies beyond the horizon."""
        if time_s > self.compiled.duration_s:
            return

        def happen(_: simpy.Event) -> None:
            self.now = int(self.clock.now)
            action()
            self.settle()

        self.clock.call(happen, max(0, time_s - self.now), rank, subject)

    def start(self, name: str, steps: Steps) -> None:
        """Start a process, unless one of that name is running."""
        if name in self.running:
            return
        self.running.add(name)

        def driven() -> Steps:
            for event in steps:
                self.settle()
                yield event
                self.now = int(self.clock.now)
            self.running.discard(name)
            self.settle()

        simpy.Process(self.clock, driven())

    def sleep(self, until_s: int, rank: int, subject: str) -> simpy.Event:
        """Return an event that happens at a moment and not before."""
        return self.clock.after(max(0, until_s - self.now), rank, subject)

    def wait(self, until_s: int | None, rank: int, subject: str) -> simpy.Event:
        """Return an event that happens at a moment, or earlier when the subject is nudged."""
        event = simpy.Event(self.clock)
        if until_s is not None and until_s > self.compiled.duration_s:
            until_s = None
        self._waiting[subject] = _Waiting(event, rank, until_s)
        if until_s is not None:
            self._set_ring(subject, max(until_s, self.now), rank)
        return event

    def nudge(self, subject: str) -> None:
        """Wake a waiting process now, in its turn; nothing happens if nobody waits under that name."""
        waiting = self._waiting.pop(subject, None)
        if waiting is not None:
            self.clock.succeed(waiting.event, waiting.rank, subject)

    def nudge_all(self, beginning: str) -> None:
        """Wake every waiting process whose name begins so."""
        for subject in [name for name in self._waiting if name.startswith(beginning)]:
            self.nudge(subject)

    def _set_ring(self, subject: str, due_s: int, rank: int) -> None:
        """Set a timer for a waiting process, unless one that rings earlier is running already."""
        before = self._rings.get(subject)
        if before is None or due_s < before:
            self._rings[subject] = due_s
            self.clock.call(lambda _: self._ring(subject, due_s), due_s - self.now, rank, subject)

    def _ring(self, subject: str, due_s: int) -> None:
        if self._rings.get(subject) != due_s:
            return  # an earlier timer took over
        del self._rings[subject]
        waiting = self._waiting.get(subject)
        if waiting is None or waiting.until_s is None:
            return  # it was nudged meanwhile
        if waiting.until_s > due_s:
            self.now = due_s
            self._set_ring(subject, waiting.until_s, waiting.rank)
        else:
            self.nudge(subject)

    # --- facts ------------------------------------------------------------------------------------

    def record(self, kind: type[f.Fact], cause: int, because: tuple[int, ...] = (), /, **fields: Any) -> int:
        """Append a fact to the log, apply it, and return its number."""
        seq = len(self.facts)
        fact = kind(seq, self.now, cause, because, **fields)
        if self._tap is not None:
            self._tap(fact, self.state)
        apply(self.state, fact)
        self.facts.append(fact)
        if kind in self._noted:
            self._note(kind, fact)
        if kind in self._reactions:
            self._unsettled.append((fact, self._reactions[kind]))
        return seq

    def _note(self, kind: type[f.Fact], fact: f.Fact) -> None:
        """Keep up what is derived from facts: open ways, and the last fact that each condition waited for."""
        if isinstance(fact, f.ControlChanged | f.EngagementBegan | f.EngagementEnded):
            self.ways.look_at(fact.place)
        elif kind in _CHANGES_LEGS:
            self.ways.look_at_legs()
        for path, condition in self.compiled.awaited.get(kind, ()):
            if matches(self.scenario, condition, fact):
                self.met[path] = fact.seq

    def settle(self) -> None:
        """Let every fact recorded so far find those who react to it."""
        unsettled = self._unsettled
        while unsettled:
            fact, reactions = unsettled.popleft()
            for reaction in reactions:
                reaction(self, fact)

    # --- numbers and draws ------------------------------------------------------------------------

    def seconds(self, path: str) -> int:
        """Return a duration of the scenario in whole seconds."""
        return int(self.state.values[path])

    def choice(self, path: str) -> str:
        """Return the name that a named choice of the scenario has in this run."""
        return self.compiled.options[path][int(self.state.values[path])]

    def terrain(self, place: str, name: str) -> float:
        """Return a terrain number of a place: its own, or that of its class."""
        return self.state.values[self.compiled.terrain[place, name]]

    def sample(self, path: str, subject: str, n: int = 0) -> float:
        """Draw a number of the scenario anew: the n-th for this subject."""
        values = self.state.values
        if path in values:
            return values[path]
        quantile = self._quantiles.get(path) or self._law(path)
        return quantile(self.randomness.uniform(path, subject, n))

    def _law(self, path: str) -> Quantile:
        entry = self.compiled.entries[path]
        parts = {part: self.state.values[f"{path}.{part}"] for part in entry.parts}
        found = self._quantiles[path] = entry.quantile_with(parts)
        return found

    def typical(self, path: str) -> float:
        """Return the median of a number of the scenario that is drawn anew each time: what people reckon with."""
        values = self.state.values
        if path in values:
            return values[path]
        return (self._quantiles.get(path) or self._law(path))(0.5)

    # --- sides and places ---------------------------------------------------------------------------

    def hostile(self, a: str, b: str) -> bool:
        """Tell whether two sides fight each other."""
        return b in self._hostile[a]

    def friends(self, a: str, b: str) -> bool:
        """Tell whether two sides are one or allied."""
        return b in self._friends[a]

    def party(self, place: str, side: str) -> list[Force]:
        """Return the forces of a side and its allies in the centre of a place."""
        forces, friends = self.state.forces, self._friends[side]
        return [
            force
            for name in self.state.places[place].forces
            if (force := forces[name]).posture != "hills" and force.side in friends
        ]

    def strength(self, place: str, side: str) -> int:
        """Return the fit fighters of a side and its allies in the centre of a place."""
        fighters = self.state.places[place].fighters
        if not fighters:
            return 0
        friends = self._friends[side]
        if len(friends) == 1:
            return fighters.get(side, 0)
        total = 0
        for friend in friends:
            total += fighters.get(friend, 0)
        return total

    def enemies_at(self, place: str, side: str) -> dict[str, int]:
        """Return the hostile sides with fit fighters in the centre of a place, and how many."""
        hostile = self._hostile[side]
        return {other: count for other, count in self.state.places[place].fighters.items() if other in hostile}

    def refuge(self, start: str, side: str) -> str:
        """Return the nearest quiet place of a side on foot over open places, '' if there is none or nobody marches."""
        best: tuple[float, str] | None = None
        if not self.scenario.movement.enabled:
            return ""
        for place, (hours, leg, _) in self.ways.reach("foot", start, side).items():
            here = self.state.places[place]
            if leg and here.holder == side and not here.engagement and (best is None or (hours, place) < best):
                best = (hours, place)
        return best[1] if best else ""

    def neighbours(self, place: str) -> tuple[str, ...]:
        """Return the places one leg away."""
        return self.compiled.network.neighbours[place]

    def leaning(self, place: str, side: str) -> float:
        """Return how far the people of a place lean to a side now, 0 if nothing is said."""
        said = self.state.values.get(f"places.{place}.leaning.{side}")
        if said is None:
            return 0.0
        return min(1.0, max(0.0, said + self.state.places[place].leaning.get(side, 0.0)))

    def people(self, place: str) -> int:
        """Return how many people are at a place now: those who live there without those who fled."""
        return int(self.state.values.get(f"places.{place}.population", 0.0)) - self.state.places[place].fled

    def change(self, path: str, value: float) -> None:
        """Give a number of the scenario another value from now on; what depends on it reacts to the fact."""
        before = self.state.values[path]
        if value != before:
            self._quantiles.clear()
            self.record(f.AssumptionChanged, 0, assumption=path, value=value, before=before)
            self.ways.look_at_legs()  # they are made from the values, the new one among them

    def truce_between(self, a: str, b: str, place: str) -> bool:
        """Tell whether two sides have agreed not to attack each other at a place, or have settled about it."""
        for name, talk in self.state.talks.items():
            spec = self.scenario.talks[name]
            agreed = talk.stage in ("truce", "settled") and {a, b} == set(spec.parties)
            if agreed and place in self.scenario.areas[spec.area]:
                return True
        return False

    def settled_between(self, a: str, b: str) -> bool:
        """Tell whether two sides have come to terms, about whatever area."""
        talks, known = self.state.talks, self.scenario.talks
        return any(talk.stage == "settled" and {a, b} == set(known[name].parties) for name, talk in talks.items())

    def delay_factor(self, side: str, place: str, what: str) -> float:
        """Return the factor on a side's reports or orders (``what``: report or order) at a place, 1 if none is cut."""
        factor = 1.0
        for name, spec in self.scenario.communications.items():
            stage = self.state.cut.get(spec.area)
            if stage is None or not self.hostile(side, spec.cut_by) or place not in self.scenario.areas[spec.area]:
                continue
            worse = self.value(f"communications.{name}.{what}_delay_factor") - 1
            if stage == "partly":
                worse *= 1 - self.value(f"communications.{name}.restored_share")
            factor = max(factor, 1 + worse)
        return factor
