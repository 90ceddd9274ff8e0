"""Plans: what a side reckons with before the next step of an operation: its columns, the odds, its patience."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.domain.state import HILLS, Force
from sim.domain.terms import HOUR
from sim.scenario.schema import Axis
from sim.scenario.schema import Operation as Plan

if TYPE_CHECKING:
    from sim.world.world import World


def forbidden(world: World, plan: Plan) -> bool:
    """Tell whether a truce or a settlement forbids an operation now."""
    talks = world.state.talks
    return any(name in talks and talks[name].stage in ("truce", "settled") for name in plan.stops_for_truce)


def members(world: World, name: str, axis: str) -> list[Force]:
    """Return the forces of one axis; those in the hills no longer belong to it."""
    forces = world.state.forces
    return [
        force
        for member in world.state.columns.get(f"{name}/{axis}", ())
        if (force := forces[member]).posture != HILLS and force.fit
    ]


def largest_first(force: Force) -> tuple[int, str]:
    """Return by what to sort forces so that the largest comes first."""
    return -force.fit, force.id


def first_enemy(world: World, plan: Plan, axis: Axis) -> str:
    """Return the first way point of an axis that an enemy holds, '' if none."""
    places, hostile = world.state.places, world.compiled.hostile[plan.side]
    for place in axis.path:
        if places[place].holder in hostile:
            return place
    return ""


def believed(world: World, side: str, place: str) -> int | None:
    """Return the enemies a side believes at a place; the truth where the scenario switches beliefs off."""
    if not world.scenario.command.enabled:
        return sum(world.enemies_at(place, side).values())
    belief = world.state.beliefs.get(side, {}).get(place)
    return None if belief is None else belief.estimate


class Outlook(NamedTuple):
    """What a commander sees when he looks at the columns that assemble.

    ``odds`` are assembled fighters over believed enemies at the first objective of every axis, ``known`` tells
    whether he believes anything about all of these, ``objective`` is the first of them ('' if nothing is left to
    take), ``last_arrival_s`` when the last column came, ``anybody`` whether the operation has any force at all.
    """

    odds: float
    known: bool
    objective: str
    last_arrival_s: int
    anybody: bool


def outlook(world: World, name: str, plan: Plan) -> Outlook:
    """Return how an operation that assembles looks now."""
    forces, columns = world.state.forces, world.state.columns
    own, enemy, known, objective, last_arrival_s, anybody = 0, 0, True, "", -1, False
    for axis_name, axis in plan.axes.items():
        at = axis.assemble_at
        for member in columns.get(f"{name}/{axis_name}", ()):
            force = forces[member]
            if not force.fit or force.posture == HILLS:
                continue
            anybody = True
            if force.place == at and not force.leg:
                own += force.fit
                if force.rested_since_s > last_arrival_s:
                    last_arrival_s = force.rested_since_s
        first = first_enemy(world, plan, axis)
        if first:
            objective = objective or first
            there = believed(world, plan.side, first)
            known = known and there is not None
            enemy += there or 0
    return Outlook(own / max(1, enemy), known, objective, last_arrival_s, anybody)


def wanted_odds(world: World, plan: Plan, place: str, waited_s: int, name: str) -> float:
    """Return the odds a side wants against a place, less once it has waited as long as its patience."""
    by_terrain = world.scenario.doctrine[plan.side].odds_wanted_by_terrain
    terrain = world.scenario.places[place].terrain if place else ""
    path = f"doctrine.{plan.side}.odds_wanted" + (f"_by_terrain.{terrain}" if terrain in by_terrain else "")
    wanted = world.value(path)
    if waited_s >= world.seconds(f"operations.{name}.patience"):
        wanted *= world.value(f"doctrine.{plan.side}.odds_after_patience_share")
    return wanted


def patience_s(world: World, name: str) -> int:
    """Return how long an operation waits for something to come before it looks again."""
    return max(HOUR, world.seconds(f"operations.{name}.patience"))


def next_look(world: World, name: str, waited_s: int) -> int:
    """Return the moment at which a waiting side looks again: whenever its patience has passed once more."""
    patience = patience_s(world, name)
    return world.now - waited_s + (waited_s // patience + 1) * patience
