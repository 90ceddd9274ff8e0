"""Ways of a run: how each side gets from place to place over what is open to it now.

A place is open to a side that may march through it: it is its own, an ally's or nobody's, and no fight
is on there. A leg is open to a mode that can take it, unless snow, mines or demolition shut it. Trees of ways are
searched when somebody asks and kept; what opens or closes a place is written down, and a kept tree is looked at again,
place by place, when it is next asked for. All are forgotten when a leg is shut or opened, or its time changes.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.domain.state import DEMOLISHED
from sim.domain.terms import HOUR
from sim.world.network import MODES, Hours, Reached, Times, Tree, Way, joined

if TYPE_CHECKING:
    from sim.world.world import World

RANK = 5
#: Modes of those who get round what was blown up, where anybody does, and how they then go.
_GET_ROUND = ("foot", "lorry")


class Ways:
    """The ways of one replication."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._network = world.compiled.network
        self._friends = world.compiled.friends
        self._times: Times = {}
        self._hours: dict[str, Hours] = {}
        self._unshut: dict[str, Hours] = {}
        # everything is open to everybody until facts say who holds what
        self._open: dict[str, set[str]] = {side: set(world.scenario.places) for side in world.scenario.sides}
        self._changes: dict[str, list[tuple[str, bool]]] = {side: [] for side in world.scenario.sides}
        self._trees: dict[tuple[str, str, str], Tree] = {}
        self._unshut_trees: dict[tuple[str, str, str], Tree] = {}
        self._leg_seconds: dict[tuple[str, str], int] = {}
        self._way_seconds: dict[tuple[str, Way], int] = {}

    # --- what is open -------------------------------------------------------------------------------

    def passable(self, place: str, side: str) -> bool:
        """Tell whether a side's columns may go through a place."""
        return place in self._open[side]

    def can_take(self, leg: str, mode: str) -> bool:
        """Tell whether a mode can take a leg now."""
        return mode in self._times[leg]

    def look_at(self, place: str) -> None:
        """Note for which sides a place is open now; its holder changed, or fighting began or ended there."""
        here = self._world.state.places[place]
        for side, places in self._open.items():
            opens = not here.engagement and (not here.holder or here.holder in self._friends[side])
            if opens != (place in places):
                (places.add if opens else places.remove)(place)
                self._changes[side].append((place, opens))

    def look_at_legs(self) -> None:
        """Look at all legs anew: which are open now, and how long they take."""
        network, values = self._network, self._world.state.values
        month = self.month()
        free: Times = {leg: {} if month in network.closed_months[leg] else network.times[leg] for leg in network.times}
        self._times = {**free, **{leg: self._left(leg, free) for leg in self._world.state.blocked}}
        self._hours = {mode: network.hours(mode, self._times, values) for mode in MODES}
        self._unshut = self._hours
        if self._world.state.blocked:
            self._unshut = {mode: network.hours(mode, free, values) for mode in MODES}
        for kept in (self._trees, self._unshut_trees, self._leg_seconds, self._way_seconds):
            kept.clear()

    def _left(self, leg: str, free: Times) -> dict[str, str]:
        """Return what of the times of a blocked leg is left: mines stop everybody, rubble those who cannot climb."""
        obstacles = self._world.scenario.obstacles
        rubble = self._world.state.blocked[leg].how == DEMOLISHED
        if not rubble or obstacles is None or not obstacles.foot_passes_demolition or "foot" not in free[leg]:
            return {}
        return dict.fromkeys(_GET_ROUND, free[leg]["foot"])

    def month(self) -> int:
        """Return the month of the year, from 1."""
        return (self._world.scenario.scenario.start + timedelta(seconds=self._world.now)).month

    def next_month_s(self) -> int:
        """Return the second at which the next month begins: legs that snow shuts open and close with it."""
        start = self._world.scenario.scenario.start
        today = start + timedelta(seconds=self._world.now)
        next_month = (today.replace(day=1, hour=0, minute=0, second=0) + timedelta(days=32)).replace(day=1)
        return math.ceil((next_month - start).total_seconds())

    def follow_the_months(self) -> None:
        """Look at all legs whenever a month begins."""
        self.look_at_legs()
        self._world.at(self.next_month_s(), RANK, "month", self.follow_the_months)

    # --- trees of ways ------------------------------------------------------------------------------

    def reach(self, mode: str, start: str, side: str) -> Reached:
        """Return how a side reaches every place from a start over places open to it."""
        tree = self._trees.get((mode, start, side))
        if tree is None or not tree.keeps_all(self._changes[side]):
            tree = self._plant(self._trees, self._hours[mode], mode, start, side)
        return tree.reached()

    def way(self, mode: str, start: str, goal: str, side: str) -> Way | None:
        """Return the fastest open way of a side between two places, None if there is none."""
        tree = self._trees.get((mode, start, side))
        if tree is None or not tree.keeps(goal, self._changes[side]):
            tree = self._plant(self._trees, self._hours[mode], mode, start, side)
        return tree.way(goal)

    def way_once_mended(self, mode: str, start: str, goal: str, side: str) -> Way | None:
        """Return the same as if no leg were mined or blown up."""
        if not self._world.state.blocked:
            return self.way(mode, start, goal, side)
        tree = self._unshut_trees.get((mode, start, side))
        if tree is None or not tree.keeps(goal, self._changes[side]):
            tree = self._plant(self._unshut_trees, self._unshut[mode], mode, start, side)
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
        """Return the fastest way between two places, whoever holds what lies between and whatever is blocked."""
        tree = self._unshut_trees.get((mode, start, ""))
        if tree is None:
            tree = Tree(self._unshut[mode], start, self._world.state.places.keys(), ())
            self._unshut_trees[mode, start, ""] = tree
        return tree.way(goal)

    def joined(self, mode: str, starts: set[str], through: set[str]) -> set[str]:
        """Return the places that open legs join to any of the starts by way of others, and the starts."""
        return joined(self._hours[mode], starts, through)

    def rides(self, leg: str, mode: str) -> bool:
        """Tell whether a column that found lorries rides on a leg; where they cannot go it walks."""
        return mode == "lorry" and "truck" in self._times[leg]

    def leg_seconds(self, leg: str, mode: str) -> int:
        """Return the marching time of a leg, in seconds on the move."""
        seconds = self._leg_seconds.get((leg, mode))
        if seconds is None:
            values = self._world.state.values
            path = self._times[leg].get(mode) or self._network.times[leg][mode]
            hours = values[path] * values["movement.time_factor"]
            seconds = self._leg_seconds[leg, mode] = max(1, int(hours * HOUR))
        return seconds

    def _plant(self, trees: dict[tuple[str, str, str], Tree], hours: Hours, mode: str, start: str, side: str) -> Tree:
        tree = trees[mode, start, side] = Tree(hours, start, self._open[side], self._changes[side])
        return tree
