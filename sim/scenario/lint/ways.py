"""Who can get where: reachability over the legs of a scenario, without times and without a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from sim.scenario.schema import Leg, Scenario

#: How people and loads travel; a leg has a travel time for each that can take it.
MODES = ("foot", "light", "truck")


def months_of(scenario: Scenario) -> frozenset[int]:
    """Return the months of the year that a scenario touches."""
    head = scenario.scenario
    months, day = {(head.end - timedelta(seconds=1)).month}, head.start
    while day < head.end and len(months) < 12:
        months.add(day.month)
        day += timedelta(days=1)
    return frozenset(months)


def modes_of(leg: Leg) -> tuple[str, ...]:
    """Return the modes that can take a leg."""
    return tuple(mode for mode in MODES if getattr(leg, f"travel_time_h_{mode}") is not None)


class Ways:
    """The legs of a scenario that are open in some month of it, by place and mode."""

    def __init__(self, scenario: Scenario) -> None:
        months = months_of(scenario)
        self._ends: dict[str, dict[str, set[str]]] = {}
        for mode in MODES:
            self._ends[mode] = {place: set() for place in scenario.places}
        for leg in scenario.legs.values():
            if not months <= set(leg.closed_months):
                for mode in modes_of(leg):
                    self._ends[mode][leg.start].add(leg.to)
                    self._ends[mode][leg.to].add(leg.start)

    def neighbours(self, place: str, modes: Iterable[str] = MODES) -> set[str]:
        """Return the places one leg away by any of some modes."""
        return set().union(*(self._ends[mode][place] for mode in modes))

    def reach(
        self, starts: Iterable[str], modes: Iterable[str] = MODES, through: Collection[str] | None = None
    ) -> set[str]:
        """Return the starts and every place that can be reached from them, on each leg by any of the modes.

        Args:
            starts: Places to set out from.
            modes: Modes of travel; give one alone for a journey that cannot change.
            through: Places that may be passed; what lies behind another is out of reach. None = all.
        """
        modes = tuple(modes)
        found = set(starts)
        edge = list(found)
        while edge:
            for end in self.neighbours(edge.pop(), modes):
                if end not in found:
                    found.add(end)
                    if through is None or end in through:
                        edge.append(end)
        return found
