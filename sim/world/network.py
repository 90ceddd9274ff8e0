"""Places and the legs between them, and the fastest way from one to another."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from sim.scenario.schema import Scenario

MODES = ("light", "truck", "foot")
Way = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Arc:
    """A leg seen from one of its ends; ``times`` holds the path of its travel time by mode."""

    leg: str
    to: str
    length_path: str
    times: dict[str, str]
    closed_months: frozenset[int]


class Network:
    """The legs of a scenario by the place they start from."""

    def __init__(self, scenario: Scenario) -> None:
        self.arcs: dict[str, list[Arc]] = {place: [] for place in scenario.places}
        self.length_paths: dict[str, str] = {}
        for name, leg in scenario.legs.items():
            times = {
                mode: f"legs.{name}.travel_time_h_{mode}"
                for mode in MODES
                if getattr(leg, f"travel_time_h_{mode}") is not None
            }
            length = f"legs.{name}.length_km"
            self.length_paths[name] = length
            for start, end in ((leg.start, leg.to), (leg.to, leg.start)):
                self.arcs[start].append(Arc(name, end, length, times, frozenset(leg.closed_months)))
        for arcs in self.arcs.values():
            arcs.sort(key=lambda arc: (arc.to, arc.leg))

    def fastest(
        self, mode: str, start: str, goal: Callable[[str], bool], passable: Callable[[str], bool],
        values: dict[str, float], month: int,
    ) -> Way | None:
        """Return the legs and places of the fastest way to the nearest goal, None if there is none.

        Places on the way must be passable; the goal itself need not be. Of two ways that take equally
        long, the one whose last place comes first in the alphabet is taken.
        """
        best: dict[str, float] = {start: 0.0}
        came: dict[str, tuple[str, str]] = {}
        queue: list[tuple[float, str]] = [(0.0, start)]
        done: set[str] = set()
        while queue:
            hours, here = heapq.heappop(queue)
            if here in done:
                continue
            done.add(here)
            if here != start:
                if goal(here):
                    return self._trace(came, start, here)
                if not passable(here):
                    continue
            for arc in self.arcs[here]:
                path = arc.times.get(mode)
                if path is None or arc.to in done or month in arc.closed_months:
                    continue
                total = hours + values[path]
                if total < best.get(arc.to, float("inf")):
                    best[arc.to] = total
                    came[arc.to] = (arc.leg, here)
                    heapq.heappush(queue, (total, arc.to))
        return None

    @staticmethod
    def _trace(came: dict[str, tuple[str, str]], start: str, end: str) -> Way:
        way: list[tuple[str, str]] = []
        here = end
        while here != start:
            leg, before = came[here]
            way.append((leg, here))
            here = before
        return tuple(reversed(way))
