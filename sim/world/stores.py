"""Stores: the places from which a side is supplied now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world.world import World


def sources(world: World, side: str) -> list[str]:
    """Return the places to which supplies come from outside for a side or its allies, and which they hold.

    These are depots that are supplied from outside the theatre, and the ends of lifelines over which something came.
    """
    places, scenario = world.state.places, world.scenario
    found = {place for place, owner in world.compiled.homes[side] if places[place].holder == owner}
    for name in world.state.lifelines:
        lifeline = scenario.lifelines[name]
        if world.friends(lifeline.side, side) and world.friends(places[lifeline.place].holder, lifeline.side):
            found.add(lifeline.place)
    return sorted(found)


def stores(world: World, side: str) -> list[str]:
    """Return the sources of a side, and the depots that it or its allies still hold."""
    places = world.state.places
    held = {place for place, owner in world.compiled.depots[side] if places[place].holder == owner}
    return sorted(held.union(sources(world, side)))


def supplied(world: World, side: str, also: str = "") -> set[str]:
    """Return the places that ways over what a side, its allies or nobody holds join to a depot of theirs.

    A place that is fought over has not fallen yet. ``also`` counts as still held.
    """
    places = world.state.places
    held = {name for name, here in places.items() if not here.holder or world.friends(here.holder, side)} | {also}
    depots = {depot.place for depot in world.scenario.depots.values() if world.friends(depot.side, side)}
    return world.ways.joined("foot", depots & held, held)
