"""Places and the legs between them, and the fastest way from one to another."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

from sim.scenario.schema import Scenario

MODES = ("light", "truck", "foot")
Way = tuple[tuple[str, str], ...]
Tree = dict[str, tuple[float, str, str]]


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
        self.time_paths: dict[str, dict[str, str]] = {}
        for name, leg in scenario.legs.items():
            times = {
                mode: f"legs.{name}.travel_time_h_{mode}"
                for mode in MODES
                if getattr(leg, f"travel_time_h_{mode}") is not None
            }
            if times:
                # a column that finds lorries rides where lorries can go and walks where they cannot
                times["lorry"] = times.get("truck") or times.get("foot") or times["light"]
            self.time_paths[name] = times
            length = f"legs.{name}.length_km"
            self.length_paths[name] = length
            for start, end in ((leg.start, leg.to), (leg.to, leg.start)):
                self.arcs[start].append(Arc(name, end, length, times, frozenset(leg.closed_months)))
        self.truck_legs = frozenset(name for name, times in self.time_paths.items() if "truck" in times)
        for arcs in self.arcs.values():
            arcs.sort(key=lambda arc: (arc.to, arc.leg))

    def tree(
        self, mode: str, start: str, passable: Callable[[str], bool], values: dict[str, float], month: int,
    ) -> Tree:
        """Return how each place is reached fastest from a start: hours, last leg, place before.

        Places on the way must be passable; the place at its end need not be. Of two ways that take equally
        long, the one whose last place comes first in the alphabet is taken.
        """
        tree: Tree = {start: (0.0, "", "")}
        queue: list[tuple[float, str]] = [(0.0, start)]
        done: set[str] = set()
        while queue:
            hours, here = heapq.heappop(queue)
            if here in done:
                continue
            done.add(here)
            if here != start and not passable(here):
                continue
            for arc in self.arcs[here]:
                path = arc.times.get(mode)
                if path is None or arc.to in done or month in arc.closed_months:
                    continue
                total = hours + values[path]
                known = tree.get(arc.to)
                if known is None or total < known[0]:
                    tree[arc.to] = (total, arc.leg, here)
                    heapq.heappush(queue, (total, arc.to))
        return tree


def trace(tree: Tree, end: str) -> Way | None:
    """Return the legs and places from the start of a tree to an end, None if it is not reached."""
    if end not in tree:
        return None
    way: list[tuple[str, str]] = []
    _, leg, before = tree[end]
    while leg:
        way.append((leg, end))
        end = before
        _, leg, before = tree[end]
    return tuple(reversed(way))
