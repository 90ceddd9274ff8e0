"""The world as a process sees it: state to read, moments to wait for, named draws, facts to record.

A fact is applied the moment it is recorded; what reacts to it runs when the process or timer that
recorded it has finished its step, in the order of the facts and of the families' ranks. Nothing polls:
a process waits for a moment or is nudged by a reaction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import simpy

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import Force, State
from sim.domain.terms import HOUR
from sim.randomness import Randomness
from sim.scenario.distributions import Quantile
from sim.scenario.schema import Scenario
from sim.world.clock import Clock
from sim.world.compiled import Compiled
from sim.world.conditions import matches
from sim.world.hazards import Hazards
from sim.world.network import Hours, Tree, Way, trace, tree

Reaction = Callable[["World", Any], None]
Steps = Generator[simpy.Event, None, None]

_CONTROL_FACTS = (f.ControlChanged, f.EngagementBegan, f.EngagementEnded)


class World:
    """One replication while it runs."""

    def __init__(
        self, compiled: Compiled, randomness: Randomness, reactions: Mapping[type[f.Fact], Sequence[Reaction]],
        hazard_handlers: Mapping[str, Callable[[World, str, int], None]],
        tap: Callable[[f.Fact, State], None] | None = None,
    ) -> None:
        self.compiled = compiled
        self.scenario: Scenario = compiled.scenario
        self.state = State()
        self.clock = Clock()
        self.randomness = randomness
        self.facts: list[f.Fact] = []
        self.hazards = Hazards(self, hazard_handlers)
        self._tap = tap
        self._reactions = reactions
        self._unsettled: deque[f.Fact] = deque()
        self._waiting: dict[str, tuple[simpy.Event, int]] = {}
        self._quantiles: dict[str, Quantile] = {}
        self._trees: dict[tuple[str, str, str], Tree] = {}
        self._direct: dict[tuple[str, str], Tree] = {}
        self._open: dict[str, set[str]] = {}
        self._hours_of: dict[tuple[str, int], Hours] = {}
        self.running: set[str] = set()
        self.alarms: dict[str, int] = {}
        self.areas_of = compiled.areas_of
        self.met: dict[str, int] = {}

    # --- time -------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """Return the present second."""
        return int(self.clock.now)

    def month(self) -> int:
        """Return the present month of the year, 1 to 12."""
        return (self.scenario.scenario.start + timedelta(seconds=self.now)).month

    def at(self, time_s: int, rank: int, subject: str, action: Callable[[], None]) -> None:
        """Do something at a moment, unless that lies beyond the horizon."""
        if time_s > self.compiled.duration_s:
            return

        def happen(_: simpy.Event) -> None:
            action()
            self.settle()

        event = self.clock.after(max(0, time_s - self.now), rank, subject)
        assert event.callbacks is not None
        event.callbacks.append(happen)

    def start(self, name: str, steps: Steps) -> None:
        """Start a process, unless one of that name is running."""
        if name in self.running:
            return
        self.running.add(name)

        def driven() -> Steps:
            for event in steps:
                self.settle()
                yield event
            self.running.discard(name)
            self.settle()

        self.clock.process(driven())

    def wait(self, until_s: int | None, rank: int, subject: str) -> simpy.Event:
        """Return an event that happens at a moment, or earlier when the subject is nudged."""
        event = self.clock.event()
        self._waiting[subject] = (event, rank)
        if until_s is not None and until_s <= self.compiled.duration_s:
            alarm = self.clock.after(max(0, until_s - self.now), rank, subject)
            assert alarm.callbacks is not None
            alarm.callbacks.append(lambda _: self._wake(subject, event))
        return event

    def sleep(self, until_s: int, rank: int, subject: str) -> simpy.Event:
        """Return an event that happens at a moment and not before."""
        return self.clock.after(max(0, until_s - self.now), rank, subject)

    def nudge(self, subject: str) -> None:
        """Wake a waiting process now, in its turn; nothing happens if nobody waits under that name."""
        waiting = self._waiting.get(subject)
        if waiting is not None:
            self._wake(subject, waiting[0])

    def _wake(self, subject: str, event: simpy.Event) -> None:
        waiting = self._waiting.get(subject)
        if waiting is None or waiting[0] is not event:
            return
        del self._waiting[subject]
        self.clock.succeed(event, waiting[1], subject)

    # --- facts ------------------------------------------------------------------------------------

    def record(self, kind: type[f.Fact], cause: int, because: tuple[int, ...] = (), /, **fields: Any) -> int:
        """Append a fact to the log, apply it, and return its number."""
        seq = len(self.facts)
        fact = kind(seq, self.now, cause, because, **fields)
        if self._tap is not None:
            self._tap(fact, self.state)
        apply(self.state, fact)
        self.facts.append(fact)
        if kind in _CONTROL_FACTS:
            self._trees.clear()
            self._open.clear()
        for path, condition in self.compiled.awaited.get(kind.__name__, ()):
            if matches(self.scenario, condition, fact):
                self.met[path] = seq
        if kind in self._reactions:
            self._unsettled.append(fact)
        return seq

    def settle(self) -> None:
        """Let every fact recorded so far find those who react to it."""
        unsettled = self._unsettled
        while unsettled:
            fact = unsettled.popleft()
            for reaction in self._reactions[type(fact)]:
                reaction(self, fact)

    # --- numbers and draws ------------------------------------------------------------------------

    def value(self, path: str) -> float:
        """Return the value of a number of the scenario in this run, now."""
        return self.state.values[path]

    def seconds(self, path: str) -> int:
        """Return a duration of the scenario in whole seconds."""
        return int(self.state.values[path])

    def terrain(self, place: str, name: str) -> float:
        """Return a terrain number of a place: its own, or that of its class."""
        return self.state.values[self.compiled.terrain[place, name]]

    def sample(self, path: str, subject: str, n: int = 0) -> float:
        """Draw a number of the scenario anew: the n-th for this subject."""
        values = self.state.values
        if path in values:
            return values[path]
        quantile = self._quantiles.get(path)
        if quantile is None:
            entry = self.compiled.entries[path]
            parts = {part: values[f"{path}.{part}"] for part in entry.parts}
            quantile = self._quantiles[path] = entry.quantile_with(parts)
        return quantile(self.randomness.uniform(path, subject, n))

    # --- sides and places ---------------------------------------------------------------------------

    def hostile(self, a: str, b: str) -> bool:
        """Tell whether two sides fight each other."""
        return self.compiled.stances.get((a, b)) == "hostile"

    def friends(self, a: str, b: str) -> bool:
        """Tell whether two sides are one or allied."""
        return b in self.compiled.friends.get(a, ())

    def passable(self, place: str, side: str) -> bool:
        """Tell whether a side's columns may go through a place: its own, an ally's, or nobody's, and quiet."""
        here = self.state.places[place]
        return not here.engagement and (not here.holder or here.holder in self.compiled.friends[side])

    def party(self, place: str, side: str) -> list[Force]:
        """Return the forces of a side and its allies in the centre of a place."""
        forces, friends = self.state.forces, self.compiled.friends[side]
        return [
            force for name in self.state.places[place].forces
            if (force := forces[name]).posture != "hills" and force.side in friends
        ]

    def strength(self, place: str, side: str) -> int:
        """Return the fit fighters of a side and its allies in the centre of a place."""
        total = 0
        here = self.state.places[place].forces
        if here:
            forces, friends = self.state.forces, self.compiled.friends[side]
            for name in here:
                force = forces[name]
                if force.posture != "hills" and force.side in friends:
                    total += force.fit
        return total

    def enemies_at(self, place: str, side: str) -> dict[str, int]:
        """Return the hostile sides with fit fighters in the centre of a place, and how many."""
        found: dict[str, int] = {}
        for name in self.state.places[place].forces:
            force = self.state.forces[name]
            if force.posture != "hills" and force.fit and self.hostile(force.side, side):
                found[force.side] = found.get(force.side, 0) + force.fit
        return found

    def leaning(self, place: str, side: str) -> float:
        """Return how far the people of a place lean to a side, 0 if nothing is said."""
        return self.state.values.get(f"places.{place}.leaning.{side}", 0.0)

    def truce_between(self, a: str, b: str, place: str) -> bool:
        """Tell whether two sides have agreed not to attack each other at a place, or have settled about it."""
        for name, talk in self.state.talks.items():
            spec = self.scenario.talks[name]
            if talk.stage in ("truce", "settled") and {a, b} == set(spec.parties):
                if place in self.scenario.areas[spec.area]:
                    return True
        return False

    def delay_factor(self, side: str, place: str, what: str) -> float:
        """Return the factor on a side's reports or orders (``report`` or ``order``) at a place whose telephones may be cut."""
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

    # --- ways ---------------------------------------------------------------------------------------

    def _hours(self, mode: str) -> Hours:
        month = self.month()
        hours = self._hours_of.get((mode, month))
        if hours is None:
            hours = self._hours_of[mode, month] = self.compiled.network.hours(mode, self.state.values, month)
        return hours

    def reach(self, mode: str, start: str, side: str) -> Tree:
        """Return how a side reaches every place from a start over places open to it."""
        key = (mode, start, side)
        found = self._trees.get(key)
        if found is None:
            open_places = self._open.get(side)
            if open_places is None:
                open_places = self._open[side] = {place for place in self.state.places if self.passable(place, side)}
            found = self._trees[key] = tree(self._hours(mode), start, open_places)
        return found

    def way(self, mode: str, start: str, goal: str, side: str) -> Way | None:
        """Return the fastest open way of a side between two places, None if there is none."""
        return trace(self.reach(mode, start, side), goal)

    def direct_way(self, mode: str, start: str, goal: str) -> Way | None:
        """Return the fastest way between two places, whoever holds what lies between."""
        key = (mode, start)
        found = self._direct.get(key)
        if found is None:
            found = self._direct[key] = tree(self._hours(mode), start, self.state.places.keys())
        return trace(found, goal)

    def refuge(self, start: str, side: str) -> str:
        """Return the nearest quiet place of a side on foot over open places, '' if there is none."""
        best: tuple[float, str] | None = None
        for place, (hours, leg, _) in self.reach("foot", start, side).items():
            here = self.state.places[place]
            if leg and here.holder == side and not here.engagement and (best is None or (hours, place) < best):
                best = (hours, place)
        return best[1] if best else ""

    def neighbours(self, place: str) -> tuple[str, ...]:
        """Return the places one leg away."""
        return self.compiled.network.neighbours[place]

    def leg_seconds(self, leg: str, mode: str) -> int:
        """Return the marching time of a leg, in seconds on the move."""
        hours = self.state.values[self.compiled.network.time_paths[leg][mode]] * self.state.values["movement.time_factor"]
        return max(1, int(hours * HOUR))
