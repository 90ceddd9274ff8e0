"""Places and the legs between them, and the fastest way from one to another."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sim.scenario.schema import Scenario

#: Modes for which a leg has a time of its own.
TIMED = ("light", "truck", "foot")
MODES = (*TIMED, "lorry")
Way = tuple[tuple[str, str], ...]
Reached = dict[str, tuple[float, str, str]]
#: Places in the order in which they opened (True) or closed (False).
Changes = Sequence[tuple[str, bool]]
Hours = dict[str, tuple[tuple[float, str, str], ...]]


#: The dotted path of the time that each mode takes on each leg; a mode that cannot take it is not named.
Times = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Arc:
    """A leg seen from one of its ends."""

    leg: str
    to: str


class Network:
    """The legs of a scenario by the place they start from.

    ``times`` holds the paths of their travel times, ``closed_months`` when snow shuts which of them, ``ends`` their two
    ends, and ``roads`` those out of each place that vehicles can take.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.arcs: dict[str, list[Arc]] = {place: [] for place in scenario.places}
        self.times: dict[str, dict[str, str]] = {}
        self.ends: dict[str, tuple[str, str]] = {}
        self.closed_months: dict[str, frozenset[int]] = {}
        for name, leg in scenario.legs.items():
            times = {
                mode: f"legs.{name}.travel_time_h_{mode}"
                for mode in TIMED
                if getattr(leg, f"travel_time_h_{mode}") is not None
            }
            if times:
                # a column that finds lorries rides where lorries can go and walks where they cannot
                times["lorry"] = times.get("truck") or times.get("foot") or times["light"]
            self.times[name] = times
            self.ends[name] = (leg.start, leg.to)
            self.closed_months[name] = frozenset(leg.closed_months)
            for start, end in ((leg.start, leg.to), (leg.to, leg.start)):
                self.arcs[start].append(Arc(name, end))
        for arcs in self.arcs.values():
            arcs.sort(key=lambda arc: (arc.to, arc.leg))
        self.neighbours = {place: tuple(sorted({arc.to for arc in arcs})) for place, arcs in self.arcs.items()}
        self.roads = {
            place: tuple(arc for arc in arcs if "light" in self.times[arc.leg] or "truck" in self.times[arc.leg])
            for place, arcs in self.arcs.items()
        }

    def hours(self, mode: str, times: Times, values: dict[str, float]) -> Hours:
        """Return, for each place, the hours, end and leg of every way out of it that a mode can take.

        Args:
            mode: How somebody travels.
            times: What can be taken now, as ``times`` of the network or less.
            values: The numbers of the run.
        """
        return {
            place: tuple((values[times[arc.leg][mode]], arc.to, arc.leg) for arc in arcs if mode in times[arc.leg])
            for place, arcs in self.arcs.items()
        }


def joined(hours: Hours, starts: Iterable[str], passable: AbstractSet[str]) -> set[str]:
    """Return the places that ways over passable places join to any of the starts, and the starts."""
    found = set(starts)
    edge = list(found)
    while edge:
        for _, to, _ in hours[edge.pop()]:
            if to not in found:
                found.add(to)
                if to in passable:
                    edge.append(to)
    return found


class Tree:
    """The fastest ways from one start over the places that were open when it was planted.

    It grows (Dijkstra 1959) only as far as somebody asks. Places on a way must be open, the place at its end
    need not be; of two ways that take equally long, the one whose last place comes first in the alphabet is
    taken. Places open and close; ``changes`` is the list of all that did so far, and a tree keeps what it can:
    a way stays the fastest while nothing on it closes and nothing nearer than its end opens.
    """

    __slots__ = ("_edge", "_grown", "_hours", "_open", "_planted", "_reached", "_seen", "_start", "_ways")

    def __init__(self, hours: Hours, start: str, passable: AbstractSet[str], changes: Changes) -> None:
        self._hours = hours
        self._start = start
        self._open = frozenset(passable)
        self._planted = len(changes)
        self._edge: list[tuple[float, str]] = [(0.0, start)]
        self._reached: Reached = {start: (0.0, "", "")}
        self._grown: set[str] = set()
        self._seen: dict[str, int] = {}
        self._ways: dict[str, Way | None] = {}

    def reached(self) -> Reached:
        """Return how each place is reached: hours, last leg, place before."""
        self._grow("")
        return self._reached

    def way(self, end: str) -> Way | None:
        """Return the legs and places from the start to an end, None if it is not reached."""
        if end not in self._ways:
            self._grow(end)
            self._ways[end] = self._trace(end) if end in self._reached else None
        return self._ways[end]

    def _grow(self, end: str) -> None:
        """Search on until the fastest way to an end is known, or nothing is left to search."""
        edge, reached, grown, hours, places = self._edge, self._reached, self._grown, self._hours, self._open
        while edge and end not in grown:
            so_far, here = heapq.heappop(edge)
            if here in grown:
                continue
            grown.add(here)
            if here not in places and here != self._start:
                continue
            for more, to, leg in hours[here]:
                total = so_far + more
                known = reached.get(to)
                if known is None or total < known[0]:
                    reached[to] = (total, leg, here)
                    heapq.heappush(edge, (total, to))

    def _trace(self, end: str) -> Way:
        way: list[tuple[str, str]] = []
        _, leg, before = self._reached[end]
        while leg:
            way.append((leg, end))
            end = before
            _, leg, before = self._reached[end]
        return tuple(reversed(way))

    def keeps(self, end: str, changes: Changes) -> bool:
        """Tell whether the way to an end, or that there is none, still stands after all changes."""
        seen = self._seen.get(end, self._planted)
        if seen < len(changes):
            way = self.way(end)
            hours = math.inf if way is None else self._reached[end][0]
            if not self._stands({place for _, place in (way or ())[:-1]}, hours, changes[seen:]):
                return False
            self._seen[end] = len(changes)
        return True

    def keeps_all(self, changes: Changes) -> bool:
        """Tell whether every way still stands after all changes."""
        seen = self._seen.get("", self._planted)
        if seen < len(changes):
            passed = {before for _, _, before in self.reached().values()} - {self._start}
            if not self._stands(passed, math.inf, changes[seen:]):
                return False
            self._seen[""] = len(changes)
        return True

    def _stands(self, passed: set[str], hours: float, changes: Changes) -> bool:
        """Tell whether ways through some places that take so long stand after changes."""
        for place, opened in changes:
            if not opened:
                if place in passed:
                    return False
            elif (
                place not in self._open
                and place != self._start
                and place in self._reached
                and self._reached[place][0] < hours
            ):
                return False  # a way through the opened place could be faster
        return True
