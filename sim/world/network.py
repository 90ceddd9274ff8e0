"""Places and the legs between them, and the fastest way from one to another."""

from __future__ import annotations

import heapq
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sim.scenario.schema import Scenario

MODES = ("light", "truck", "foot")
Way = tuple[tuple[str, str], ...]
Tree = dict[str, tuple[float, str, str]]
Hours = dict[str, tuple[tuple[float, str, str], ...]]


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
        self.neighbours = {place: tuple(sorted({arc.to for arc in arcs})) for place, arcs in self.arcs.items()}
        self.road_ends = {
            place: tuple(arc.to for arc in arcs if "light" in arc.times or "truck" in arc.times)
            for place, arcs in self.arcs.items()
        }

    def hours(self, mode: str, values: dict[str, float], month: int) -> Hours:
        """Return, for each place, the hours, end and leg of every way out of it that a mode can take now."""
        return {
            place: tuple(
                (values[arc.times[mode]], arc.to, arc.leg) for arc in arcs if mode in arc.times and month not in arc.closed_months
            )
            for place, arcs in self.arcs.items()
        }


def tree(hours: Hours, start: str, passable: AbstractSet[str]) -> Tree:
    """Return how each place is reached fastest from a start: hours, last leg, place before.

    Places on the way must be passable; the place at its end need not be. Of two ways that take equally
    long, the one whose last place comes first in the alphabet is taken (Dijkstra 1959).
    """
    found: Tree = {start: (0.0, "", "")}
    queue: list[tuple[float, str]] = [(0.0, start)]
    done: set[str] = set()
    while queue:
        so_far, here = heapq.heappop(queue)
        if here in done:
            continue
        done.add(here)
        if here not in passable and here != start:
            continue
        for more, to, leg in hours[here]:
            if to not in done:
                total = so_far + more
                known = found.get(to)
                if known is None or total < known[0]:
                    found[to] = (total, leg, here)
                    heapq.heappush(queue, (total, to))
    return found


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
