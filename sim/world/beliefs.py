"""Beliefs: the one room through which every decision reads the enemy.

What a side knows of a place is the last report of it that has arrived, with its error and its age, or, where
the scenario says that commanders know the truth, how many enemies stand in its centre now. A report older
than ``command.belief_lasts`` is no knowledge any more. Nobody else may look at the enemy to decide something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.domain.state import Belief

if TYPE_CHECKING:
    from sim.world.world import World

KNOWS = "command.knows"
_LASTS = "command.belief_lasts"
#: The fact that a belief rests on where it rests on none.
NO_REPORT = -1


def knows_truth(world: World) -> bool:
    """Tell whether commanders know what is so, or what they are told."""
    return world.choice(KNOWS) == "truth"


def believed(world: World, side: str, place: str) -> Belief | None:
    """Return what a side knows of its enemies at a place, None if it knows nothing."""
    if not world.scenario.command.enabled:
        return None
    if knows_truth(world):
        return Belief(sum(world.enemies_at(place, side).values()), world.now, NO_REPORT)
    belief = world.state.beliefs.get(side, {}).get(place)
    return belief if belief is not None and _counts(world, belief) else None


def all_believed(world: World, side: str, places: Iterable[str] | None = None) -> Iterator[tuple[str, Belief]]:
    """Yield the places (all, or some) where a side believes enemies to stand, with what it knows of them."""
    known: Iterable[str] = world.state.places if knows_truth(world) else world.state.beliefs.get(side, {})
    for place in known if places is None else (place for place in places if place in known):
        belief = believed(world, side, place)
        if belief is not None and belief.estimate > 0:
            yield place, belief


def reports(beliefs: Iterable[Belief]) -> tuple[int, ...]:
    """Return the numbers of the reports that beliefs rest on, each once, to be told as reasons."""
    return tuple(sorted({belief.fact for belief in beliefs} - {NO_REPORT}))


def _counts(world: World, belief: Belief) -> bool:
    lasts = world.state.values.get(_LASTS)
    return lasts is None or world.now - belief.observed_s <= lasts
