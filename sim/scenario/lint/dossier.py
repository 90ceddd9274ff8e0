"""A scenario laid out for the rules: its numbers at the points that matter, its sides, men and ways."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from sim.scenario.lint.ways import Ways
from sim.scenario.numbers import Entry, register
from sim.scenario.schema import Place, Scenario


class Post(NamedTuple):
    """Part of a force at a place: the path that says so, the place, and the middle of its share."""

    path: str
    force: str
    side: str
    place: str
    share: float


class Dossier:
    """Everything that rules ask of a scenario, computed once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.entries: dict[str, Entry] = register(scenario)
        self.ways = Ways(scenario)
        head = scenario.scenario
        self.horizon_s = (head.end - head.start).total_seconds()
        self._quantiles: dict[str, tuple[float, float, float]] = {}

    # --- numbers ------------------------------------------------------------------------------------

    def spread(self, path: str) -> tuple[float, float, float]:
        """Return the 5 %, 50 % and 95 % points of a number, cut off at what it may be."""
        found = self._quantiles.get(path)
        if found is None:
            quantile = self.entries[path].quantile()
            found = self._quantiles[path] = (quantile(0.05), quantile(0.5), quantile(0.95))
        return found

    def middle(self, path: str) -> float:
        """Return the median of a number."""
        return self.spread(path)[1]

    def least(self, path: str) -> float:
        """Return the 5 % point of a number."""
        return self.spread(path)[0]

    def most(self, path: str) -> float:
        """Return the 95 % point of a number; 0 where it is not given."""
        return self.spread(path)[2] if path in self.entries else 0.0

    # --- sides --------------------------------------------------------------------------------------

    @cached_property
    def _stances(self) -> dict[frozenset[str], str]:
        return {frozenset(pair.split("+")): stance for pair, stance in self.scenario.relations.items()}

    def hostile(self, side: str | None, other: str | None) -> bool:
        """Tell whether two sides fight each other; nobody is hostile to nobody."""
        return None not in (side, other) and self._stances.get(frozenset((str(side), str(other)))) == "hostile"

    def friends(self, side: str) -> set[str]:
        """Return a side and its allies."""
        allied = {other for other in self.scenario.sides if self._stances.get(frozenset((side, other))) == "allied"}
        return {side} | allied

    def open_to(self, side: str) -> set[str]:
        """Return the places through which a side may march at the start: its own, its allies', nobody's."""
        friends = {*self.friends(side), None}
        return {name for name, place in self.scenario.places.items() if place.holder in friends}

    def place(self, name: str) -> Place:
        """Return a place."""
        return self.scenario.places[name]

    @cached_property
    def resumed_talks(self) -> dict[str, bool]:
        """Whether each talks may be taken up again once they broke down."""
        return {name: self.most(f"talks.{name}.resumption_rate_per_day") > 0 for name in self.scenario.talks}

    # --- who is where -------------------------------------------------------------------------------

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """The posts of all forces at the start."""
        return tuple(self._posts())

    def _posts(self) -> Iterator[Post]:
        for name, force in self.scenario.forces.items():
            given = 0.0
            for kind in ("posts", "reserve"):
                for place in getattr(force, kind):
                    path = f"forces.{name}.{kind}.{place}"
                    share = self.middle(path)
                    given += share
                    if self.most(path) > 0:
                        yield Post(path, name, force.side, place, share)
            if force.rest_at is not None:
                yield Post(f"forces.{name}.rest_at", name, force.side, force.rest_at, max(0.0, 1 - given))

    def posts_of(self, force: str) -> set[str]:
        """Return the places where a force stands at the start."""
        return {post.place for post in self.posts if post.force == force}

    def places_with_men(self, sides: set[str]) -> set[str]:
        """Return the places where some sides have fighters or a pool."""
        pools = {pool.at for pool in self.scenario.pools.values() if pool.side in sides}
        return {post.place for post in self.posts if post.side in sides} | pools

    def fighters(self, force: str) -> float:
        """Return the fighters of a force who are there, both numbers at their middle."""
        return self.middle(f"forces.{force}.strength") * self.middle(f"forces.{force}.share_present")

    def most_fighters(self, force: str) -> float:
        """Return the most fighters that a force can hardly exceed."""
        return self.most(f"forces.{force}.strength") * self.most(f"forces.{force}.share_present")
