"""Handing over: a garrison gives its place up by agreement, whoever decides it and for whatever reason."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Force
from sim.world.world import World


def next_door(world: World, place: str, side: str) -> dict[str, int]:
    """Return the fighters of each enemy at the places next door by road that he holds; a ridge path is no contact."""
    found: dict[str, int] = {}
    for end in sorted({road.to for road in world.compiled.network.roads[place]}):
        holder = world.state.places[end].holder
        presses = world.hostile(holder, side) and not world.settled_between(holder, side) if holder else False
        if presses and (there := world.strength(end, holder)):
            found[holder] = found.get(holder, 0) + there
    return found


def taker_next_door(world: World, place: str, side: str) -> str:
    """Return the enemy next door who has the most fighters there, '' if there is none."""
    strengths = next_door(world, place, side)
    return max(strengths, key=lambda holder: (strengths[holder], holder), default="")


def pressure(world: World, place: str, side: str, enemies: int) -> float:
    """Return how hard enemies press those of a side at a place: e / (e + f), f being its fighters there.

    Nobody gives up before a handful (the ratio form of a contest, Tullock 1980).
    """
    return enemies / (enemies + world.strength(place, side)) if enemies else 0.0


def hand_over(world: World, force: Force, taker: str, cause: int) -> None:
    """Give a force's place up: arms and vehicles to the taker, the fighters go home; the place, if it was the last."""
    here = world.state.places[force.place]
    light = force.vehicles.get("light", 0)
    if light:
        world.record(
            f.VehiclesLost,
            cause,
            force=force.id,
            side=force.side,
            place=force.place,
            captor=taker,
            vehicles=(("light", light),),
        )
    gone = world.record(
        f.ForceSurrendered,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        captor=taker,
        captured=0,
        released=force.fit,
        how="handed over",
    )
    if here.holder == force.side and not here.engagement and not world.strength(force.place, force.side):
        world.record(
            f.ControlChanged,
            gone,
            place=force.place,
            side=taker,
            lost_by=force.side,
            how="handed over",
            engagement="",
        )
