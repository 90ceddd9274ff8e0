"""Calling up: which fighters leave their posts for an operation, in columns worth sending.

No more than ``commit_share`` of the forces named goes. Posts give near the assembly place first; a post that could
only spare a handful passes its part on to the next, so that a few columns set out and not one from every post.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Force
from sim.scenario.plans import Axis
from sim.world import plans
from sim.world.orders import issue_order, on_the_way
from sim.world.world import World

_AT_POST = ("garrison", "reserve")


def call_back(world: World, name: str, axis_name: str, axis: Axis, cause: int) -> None:
    """Order those of an axis who stand elsewhere, left over from an earlier attempt, to its assembly place."""
    side = world.scenario.operations[name].side
    ordered = {order.force for order in on_the_way(world)}
    for force in plans.members(world, name, axis_name):
        idle = not force.leg and not force.order_to and force.id not in ordered
        if idle and not plans.stands_ready(world, axis, force, side) and not world.state.places[force.place].engagement:
            issue_order(world, force.id, axis.assemble_at, "assemble", f"{name}/{axis_name}", cause, "called up")


def call_up(world: World, name: str, axis: Axis, label: str, need: int, cause: int) -> int:
    """Call up as many fighters as are needed and may go; return how many were."""
    side = world.scenario.operations[name].side
    smallest = plans.column_min(world, side)
    if need < smallest:
        return 0
    posts = _posts(world, axis, side)
    share = world.value(f"operations.{name}.commit_share")
    given = _given(world, name, axis)
    free = sum(force.fit for here in posts.values() for force in here)
    need = min(need, int(share * (free + given)) - given)
    called, passed_on = 0, 0.0
    for here in posts.values():
        passed_on += share * sum(force.fit for force in here)
        party = int(min(passed_on, need - called, max(share * sum(force.fit for force in here), smallest)))
        if party < smallest:
            continue
        went = _go(world, here, party, smallest, axis.assemble_at, label, cause)
        called += went
        passed_on -= went
    return called


def _posts(world: World, axis: Axis, side: str) -> dict[str, list[Force]]:
    """Return by place the free detachments of those named who can walk to the assembly place, the nearest first.

    At one place reserves go before garrisons, and larger detachments before smaller ones. Columns that the pools
    of the axis sent earlier count as named.
    """
    places = world.state.places
    reached = world.ways.reach("foot", axis.assemble_at, side)
    named = {(force, "@") for force in axis.forces} | {(pool, "#") for pool in axis.pools}
    ordered = {order.force for order in on_the_way(world)}
    found: dict[str, list[Force]] = {}
    for force in world.state.forces.values():
        if (
            force.posture in _AT_POST
            and not force.operation
            and not force.leg
            and not force.order_to
            and force.fit
            and plans.origin(force) in named
            and force.place in reached
            and not places[force.place].engagement
            and force.id not in ordered
        ):
            found.setdefault(force.place, []).append(force)
    for here in found.values():
        here.sort(key=lambda force: (force.posture != "reserve", -force.fit, force.id))
    return dict(sorted(found.items(), key=lambda item: (reached[item[0]][0], item[0])))


def _given(world: World, name: str, axis: Axis) -> int:
    """Return the fighters that an operation has already from the forces and pools named for an axis."""
    named = {(force, "@") for force in axis.forces} | {(pool, "#") for pool in axis.pools}
    plan = world.scenario.operations[name]
    return sum(
        force.fit for other in plan.axes for force in plans.members(world, name, other) if plans.origin(force) in named
    )


def _go(world: World, here: list[Force], party: int, smallest: int, to: str, label: str, cause: int) -> int:
    """Send a party off from a post as one column, and return how large it is; 0 if too few would go or stay behind.

    Reserves may leave altogether; of garrisons a body as large as the smallest column stays.
    """
    spare = sum(force.fit for force in here if force.posture == "reserve")
    spare += max(0, sum(force.fit for force in here if force.posture != "reserve") - smallest)
    party = min(party, spare)
    if party < smallest:
        return 0
    column, left = "", party
    for force in here:
        part = min(left, force.fit)
        if part < 1:
            continue
        left -= part
        piece = force.id if part == force.fit else _split(world, force, part, label, cause)
        if column:
            world.record(f.ForceMerged, cause, force=piece, side=force.side, place=force.place, into=column)
        else:
            column = piece
            if piece == force.id:
                _enlist(world, force, label, cause)
    if here[0].place != to:
        issue_order(world, column, to, "assemble", label, cause, "called up")
    return party


def _enlist(world: World, force: Force, label: str, cause: int) -> None:
    """Let a whole detachment belong to an axis."""
    world.record(
        f.PostureChanged,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        posture="garrison",
        operation=label,
    )


def _split(world: World, force: Force, count: int, label: str, cause: int) -> str:
    """Split part of a detachment off for an axis, with its part of the vehicles; return its name."""
    light = force.vehicles.get("light", 0) * count // force.fit
    child = f"{force.id}>{label.partition('/')[0]}#{force.children + 1}"
    world.record(
        f.ForceSplit,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        child=child,
        posture="garrison",
        fit=count,
        vehicles=(("light", light),) if light else (),
        operation=label,
    )
    return child
