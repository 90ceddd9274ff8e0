"""Reporting: who sees enemies where, and sends word of them to his commander.

Where commanders know the truth, everybody hears at once of every arrival, and nobody need have men near.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.world.beliefs import knows_truth
from sim.world.plans import first_enemy
from sim.world.reports import RANK as RANK
from sim.world.reports import report, scout
from sim.world.world import World


def on_arrival(world: World, arrival: f.ForceArrived) -> None:
    """Let hostile sides with men at the place or next door report a column's coming."""
    force = world.state.forces.get(arrival.force)
    if force is None or force.leg:
        return
    for side in world.compiled.hostile[arrival.side]:
        if _watches(world, side, arrival.place) or knows_truth(world):
            _see(world, side, arrival.place, arrival.side, arrival.seq)


def on_departure(world: World, departure: f.ForceDeparted) -> None:
    """Let those at a place see the column that sets out to assault it, if there is time to tell."""
    force = world.state.forces.get(departure.force)
    holder = world.state.places[departure.to].holder
    if force is None or departure.posture != "assaulting" or not holder or not world.hostile(holder, departure.side):
        return
    if world.strength(departure.to, holder):
        report(world, holder, departure.to, departure.side, force.fit, departure.seq)


def _watches(world: World, side: str, place: str) -> bool:
    """Tell whether a side or its allies have men at a place or next door."""
    places, friends = world.state.places, world.compiled.friends[side]
    for near in (place, *world.neighbours(place)):
        for other in places[near].fighters:
            if other in friends:
                return True
    return False


def on_engagement(world: World, fight: f.EngagementBegan | f.EngagementEnded) -> None:
    """Let both sides of an engagement report the other's strength."""
    _see(world, fight.side, fight.place, fight.enemy, fight.seq)
    _see(world, fight.enemy, fight.place, fight.side, fight.seq)


def on_ordered(world: World, ordered: f.OperationOrdered) -> None:
    """Scout the first enemy place on each way of an operation."""
    plan = world.scenario.operations[ordered.operation]
    for axis in plan.axes.values():
        place = first_enemy(world, plan, axis)
        if place:
            scout(world, ordered.side, place, ordered.seq)


def _see(world: World, side: str, place: str, enemy: str, cause: int) -> None:
    """Send a report of the enemy's strength at a place."""
    report(world, side, place, enemy, world.strength(place, enemy), cause)


REACTIONS = {
    f.ForceArrived: on_arrival,
    f.ForceDeparted: on_departure,
    f.EngagementBegan: on_engagement,
    f.EngagementEnded: on_engagement,
    f.OperationOrdered: on_ordered,
}
