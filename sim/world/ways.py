"""Ways of a run: how each side gets from place to place over what is open to it now.

A place is open to a side that may march through it: it is its own, an ally's or nobody's, and no fight
is on there. Trees of ways are searched when somebody asks and kept; what opens or closes a place is
written down, and a kept tree is looked at again, place by place, when it is next asked for.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.domain.terms import HOUR
from sim.world.network import MODES, Hours, Reached, Tree, Way, joined

if TYPE_CHECKING:
    from sim.world.world import World

RANK = 5


class Ways:
    """The ways of one replication."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._network = world.compiled.network
        self._friends = world.compiled.friends
        self._hours: dict[str, Hours] = {}
        # everything is open to everybody until facts say who holds what
        self._open: dict[str, set[str]] = {side: set(world.scenario.places) for side in world.scenario.sides}
        self._changes: dict[str, list[tuple[str, bool]]] = {side: [] for side in world.scenario.sides}
        self._trees: dict[tuple[str, str, str], Tree] = {}
        self._leg_seconds: dict[tuple[str, str], int] = {}
        self._way_seconds: dict[tuple[str, Way], int] = {}

    # --- what is open -------------------------------------------------------------------------------

    def passable(self, place: str, side: str) -> bool:
        """Tell whether a side's columns may go through a place."""
        return place in self._open[side]

    def look_at(self, place: str) -> None:
        """Note for which sides a place is open now; its holder changed, or fighting began or ended there."""
        here = self._world.state.places[place]
        for side, places in self._open.items():
            opens = not here.engagement and (not here.holder or here.holder in self._friends[side])
            if opens != (place in places):
                (places.add if opens else places.remove)(place)
                self._changes[side].append((place, opens))

    def forget_times(self) -> None:
        """Look at all legs anew: which are open this month, and how long they take."""
        month = (self._world.scenario.scenario.start + timedelta(seconds=self._world.now)).month
        self._hours = {mode: self._network.hours(mode, self._world.state.values, month) for mode in MODES}
        self._trees.clear()
        self._leg_seconds.clear()
        self._way_seconds.clear()

    def follow_the_months(self) -> None:
        """Forget all ways whenever a month begins: legs that snow shuts open and close with it."""
        self.forget_times()
        start = self._world.scenario.scenario.start
        today = start + timedelta(seconds=self._world.now)
        next_month = (today.replace(day=1, hour=0, minute=0, second=0) + timedelta(days=32)).replace(day=1)
        begins_s = math.ceil((next_month - start).total_seconds())
        self._world.at(begins_s, RANK, "month", self.follow_the_months)

    # --- trees of ways ------------------------------------------------------------------------------

    def reach(self, mode: str, start: str, side: str) -> Reached:
        """Return how a side reaches every place from a start over places open to it."""
        tree = self._trees.get((mode, start, side))
        if tree is None or not tree.keeps_all(self._changes[side]):
            tree = self._plant(mode, start, side)
        return tree.reached()

    def way(self, mode: str, start: str, goal: str, side: str) -> Way | None:
        """Return the fastest open way of a side between two places, None if there is none."""
        tree = self._trees.get((mode, start, side))
        if tree is None or not tree.keeps(goal, self._changes[side]):
            tree = self._plant(mode, start, side)
        return tree.way(goal)

    def way_seconds(self, mode: str, start: str, goal: str, side: str) -> int | None:
        """Return the marching time of a side's fastest open way, None if there is none."""
        way = self.way(mode, start, goal, side)
        if way is None:
            return None
        seconds = self._way_seconds.get((mode, way))
        if seconds is None:
            seconds = self._way_seconds[mode, way] = sum([self.leg_seconds(leg, mode) for leg, _ in way])
        return seconds

    def direct(self, mode: str, start: str, goal: str) -> Way | None:
        """Return the fastest way between two places, whoever holds what lies between."""
        tree = self._trees.get((mode, start, ""))
        if tree is None:
            tree = Tree(self._hours[mode], start, self._world.state.places.keys(), ())
            self._trees[mode, start, ""] = tree
        return tree.way(goal)

    def joined(self, mode: str, starts: set[str], side: str) -> set[str]:
        """Return the places that a side's open ways join to any of the starts, and the starts."""
        return joined(self._hours[mode], starts, self._open[side])

    def leg_seconds(self, leg: str, mode: str) -> int:
        """Return the marching time of a leg, in seconds on the move."""
        seconds = self._leg_seconds.get((leg, mode))
        if seconds is None:
            values = self._world.state.values
            hours = values[self._network.time_paths[leg][mode]] * values["movement.time_factor"]
            seconds = self._leg_seconds[leg, mode] = max(1, int(hours * HOUR))
        return seconds

    def _plant(self, mode: str, start: str, side: str) -> Tree:
        tree = Tree(self._hours[mode], start, self._open[side], self._changes[side])
        self._trees[mode, start, side] = tree
        return tree
