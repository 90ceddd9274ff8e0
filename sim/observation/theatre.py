"""The names of a scenario as numbers, so that whole batches can be read by arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sim.domain.terms import HOUR
from sim.scenario.schema import Scenario

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: What stands where no side or no spot is named.
NOBODY = -1
NOWHERE = -1

#: Kinds of place through which a road must go: whoever takes one blocks a route.
_ON_A_ROUTE = frozenset({"pass", "tunnel", "gorge"})


@dataclass(frozen=True, slots=True)
class Theatre:
    """Sides, places and areas of a scenario by number.

    A *spot* is something that a claim can name: first the places, in the order of ``places``, then the
    areas. ``covers`` is (spots, places); ``adjacent`` is (places, places); ``first_holder`` has a side's
    number or NOBODY for each place; ``hostile`` is (sides, sides).
    """

    start: datetime
    duration_s: int
    sides: tuple[str, ...]
    places: tuple[str, ...]
    areas: tuple[str, ...]
    covers: Bools
    adjacent: Bools
    on_route: Bools
    first_holder: Ints
    hostile: Bools

    @property
    def spots(self) -> tuple[str, ...]:
        """Return the ids of all spots, places first."""
        return self.places + self.areas

    @property
    def smallest(self) -> Ints:
        """Return the smallest area around each place, as a spot; NOWHERE where there is none."""
        areas = self.covers[len(self.places) :]
        sizes = np.where(areas, areas.sum(axis=1)[:, None], len(self.places) + 1)
        if not len(areas):
            return np.full(len(self.places), NOWHERE)
        return np.where(areas.any(axis=0), sizes.argmin(axis=0) + len(self.places), NOWHERE)

    @property
    def into_day_s(self) -> int:
        """Return the seconds from local midnight to the scenario's start."""
        return self.start.hour * HOUR + self.start.minute * 60 + self.start.second

    def where(self, names: tuple[str, ...]) -> Bools:
        """Return which places are meant by some ids of places and areas, as a mask over the places."""
        mask = np.zeros(len(self.places), dtype=bool)
        number = {spot: index for index, spot in enumerate(self.spots)}
        for name in names:
            mask |= self.covers[number[name]]
        return mask

    def side(self, name: str) -> int:
        """Return a side's number, NOBODY for the empty name.

        Raises:
            ValueError: If the scenario has no such side.
        """
        return self.sides.index(name) if name else NOBODY


def theatre(scenario: Scenario) -> Theatre:
    """Number the sides, places and areas of a scenario, each in alphabetical order."""
    sides, places, areas = (tuple(sorted(names)) for names in (scenario.sides, scenario.places, scenario.areas))
    at = {place: index for index, place in enumerate(places)}
    side_at = {side: index for index, side in enumerate(sides)}
    covers = np.zeros((len(places) + len(areas), len(places)), dtype=bool)
    covers[: len(places)] = np.eye(len(places), dtype=bool)
    for index, area in enumerate(areas):
        covers[len(places) + index, [at[place] for place in scenario.areas[area]]] = True
    adjacent = np.zeros((len(places), len(places)), dtype=bool)
    for leg in scenario.legs.values():
        adjacent[at[leg.start], at[leg.to]] = adjacent[at[leg.to], at[leg.start]] = True
    hostile = np.zeros((len(sides), len(sides)), dtype=bool)
    for pair, stance in scenario.relations.items():
        one, other = (side_at[side] for side in pair.split("+"))
        hostile[one, other] = hostile[other, one] = stance == "hostile"
    holders = [scenario.places[place].holder for place in places]
    return Theatre(
        start=scenario.scenario.start,
        duration_s=int((scenario.scenario.end - scenario.scenario.start).total_seconds()),
        sides=sides,
        places=places,
        areas=areas,
        covers=covers,
        adjacent=adjacent,
        on_route=np.array([scenario.places[place].kind in _ON_A_ROUTE for place in places], dtype=bool),
        first_holder=np.array([NOBODY if holder is None else side_at[holder] for holder in holders], dtype=np.int64),
        hostile=hostile,
    )
