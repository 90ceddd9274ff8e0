"""Reserves: where a side sends the fighters it has kept back.

They go to the post where believed enemies over own fighters, times the worth of the place, is greatest, if that is
worth moving for and they can be there in time.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.domain import facts as f
from sim.domain.state import Belief, Force
from sim.domain.terms import HOUR
from sim.world import plans
from sim.world.beliefs import all_believed, reports
from sim.world.orders import DELAY, issue_order, on_the_way
from sim.world.world import World

RANK = 30


class Threat(NamedTuple):
    """Enemies believed at a place or right before it, the belief itself, and how soon they can be in it."""

    enemies: int
    belief: Belief
    comes_s: int


def on_report(world: World, report: f.ReportReceived) -> None:
    """Look at every reserve again when its side learns something."""
    places = world.state.places
    reserves = sorted(
        (
            force
            for force in world.state.forces.values()
            if force.posture == "reserve"
            and force.side == report.side
            and not force.leg
            and not force.order_to
            and force.fit
            and not places[force.place].engagement
        ),
        key=lambda force: force.id,
    )
    if not reserves:
        return
    threats = _threats(world, report.side)
    if not threats:
        return
    ordered = {order.force for order in on_the_way(world)}
    coming = _coming(world, report.side)
    for force in reserves:
        goal = "" if force.id in ordered else _most_threatened(world, force, threats, coming)
        if goal and goal != force.place:
            coming[goal] = coming.get(goal, 0) + _send(world, force, goal, threats[goal], report.seq)


def _threats(world: World, side: str) -> dict[str, Threat]:
    """Return the most enemies a side believes to stand at each of its places, or next door, where any do."""
    places, hostile = world.state.places, world.compiled.hostile[side]
    found: dict[str, Threat] = {}
    for near, belief in all_believed(world, side):
        here = places[near]
        if here.engagement and here.holder == side:
            _note(found, near, Threat(belief.estimate, belief, 0))
        if here.holder in hostile:
            for place in world.neighbours(near):
                if places[place].holder == side:
                    _note(found, place, Threat(belief.estimate, belief, _march_s(world, near, place)))
    return found


def _note(found: dict[str, Threat], place: str, threat: Threat) -> None:
    known = found.get(place)
    if known is None or threat.enemies > known.enemies:
        found[place] = threat


def _march_s(world: World, start: str, end: str) -> int:
    """Return the time of the shortest leg on foot between neighbours, 0 if nobody can walk it."""
    network = world.compiled.network
    legs = [arc.leg for arc in network.arcs[start] if arc.to == end and "foot" in network.times[arc.leg]]
    return min((world.ways.leg_seconds(leg, "foot") for leg in legs), default=0)


def _most_threatened(world: World, reserve: Force, threats: dict[str, Threat], coming: dict[str, int]) -> str:
    """Return the post that can be reached in time where enemies over own, times its worth, is greatest; '' if none."""
    side, value = reserve.side, world.value
    reach_s = world.seconds(f"doctrine.{side}.reserve_reach")
    order_s = world.typical(DELAY) * world.delay_factor(side, reserve.place, "order")
    enough = value(f"doctrine.{side}.reserve_moves_at_odds")
    reached = world.ways.reach("foot", reserve.place, side)
    factor = value("movement.time_factor") * HOUR
    top, goal = 0.0, ""
    for place, threat in threats.items():
        if place not in reached or order_s + reached[place][0] * factor > reach_s + threat.comes_s:
            continue
        odds = threat.enemies / max(1, world.strength(place, side) + coming.get(place, 0))
        score = odds * world.state.values.get(f"places.{place}.value", 1.0)
        if odds >= enough and (score, place) > (top, goal):
            top, goal = score, place
    return goal


def _coming(world: World, side: str) -> dict[str, int]:
    """Return the fighters of a side on their way to each place, or ordered there."""
    found: dict[str, int] = {}
    for order in on_the_way(world):
        force = world.state.forces.get(order.force)
        if force is not None and force.side == side:
            found[order.to] = found.get(order.to, 0) + force.fit
    for force in world.state.forces.values():
        if force.order_to and force.side == side and force.order_to != force.place:
            found[force.order_to] = found.get(force.order_to, 0) + force.fit
    return found


def _send(world: World, reserve: Force, goal: str, threat: Threat, cause: int) -> int:
    """Send part of a reserve, or all where a part would be too small; return how many that is."""
    name, count = reserve.id, reserve.fit
    share = world.state.values.get(f"doctrine.{reserve.side}.reserve_sent_share", 1.0)
    part = int(reserve.fit * share)
    if min(part, reserve.fit - part) >= plans.column_min(world, reserve.side):
        name, count = f"{reserve.id}>{goal}#{reserve.children + 1}", part
        light = reserve.vehicles.get("light", 0) * part // reserve.fit
        cause = world.record(
            f.ForceSplit,
            cause,
            force=reserve.id,
            side=reserve.side,
            place=reserve.place,
            child=name,
            posture="reserve",
            fit=count,
            vehicles=(("light", light),) if light else (),
            operation="",
        )
    because = tuple(seq for seq in reports([threat.belief]) if seq != cause)
    issue_order(world, name, goal, "reserve", "", cause, "post threatened", because)
    return count


REACTIONS = {f.ReportReceived: on_report}
