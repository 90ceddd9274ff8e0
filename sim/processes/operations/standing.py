"""Standing down: what becomes of columns that have done what they were sent for, or were stopped at it."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Force
from sim.scenario.plans import Operation as Plan
from sim.world import plans
from sim.world.orders import give_order
from sim.world.world import World


def shift(world: World, name: str, plan: Plan, cause: int) -> bool:
    """Send those of axes on which nothing is left to take to the weakest of the others; tell whether anybody goes.

    A garrison stays behind, and so does who cannot get to where that axis assembles.
    """
    left = [axis for axis in plan.axes if plans.left_on(world, plan, axis)]
    if not left:
        return False

    def strength(axis: str) -> float:
        fit = sum(force.fit for force in plans.members(world, name, axis))
        return fit / max(1, plans.wanted_fighters(world, name, plan, axis))

    weakest, gone = min(left, key=lambda axis: (strength(axis), axis)), False
    for axis in (axis for axis in plan.axes if axis not in left):
        reached = world.ways.reach("foot", plan.axes[weakest].assemble_at, plan.side)
        free = [
            force
            for force in sorted(plans.members(world, name, axis), key=plans.largest_first)
            if not force.leg and force.place in reached and not world.state.places[force.place].engagement
        ]
        if sum(force.fit for force in free) >= plans.column_min(world, plan.side):
            gone = True
            for force in free:
                leave_garrison(world, force, cause)
                take_up(world, force, f"{name}/{weakest}", cause)
    return gone


def regroup(world: World, name: str, plan: Plan, cause: int) -> None:
    """Halt the columns of an operation that will be tried again: they stay its own, and hold where they stand.

    Who is on the road goes back to the assembly place of his axis.
    """
    for axis_name, axis in plan.axes.items():
        label = f"{name}/{axis_name}"
        for force in sorted(plans.members(world, name, axis_name), key=plans.largest_first):
            if force.leg:
                give_order(world, force, axis.assemble_at, "assemble", label, cause, "called back")
            elif not world.state.places[force.place].engagement and (force.posture != "garrison" or force.order_to):
                take_up(world, force, label, cause)


def stand_down(world: World, name: str, plan: Plan, cause: int) -> None:
    """Turn what is left of an operation into garrisons where it stands; who is on the road goes back."""
    for axis_name, axis in plan.axes.items():
        for force in sorted(plans.members(world, name, axis_name), key=plans.largest_first):
            if force.leg:
                give_order(world, force, axis.assemble_at, "return", "", cause, "called back")
            elif not world.state.places[force.place].engagement:
                _settle_in(world, force, cause)


def _settle_in(world: World, force: Force, cause: int) -> None:
    """Let a force join the garrison of its side and kind where it stands, or become one."""
    garrison = next(
        (
            other
            for other in world.state.present(force.place, force.side)
            if other is not force
            and other.posture == "garrison"
            and not other.operation
            and not other.order_to
            and other.type == force.type
            and plans.origin(other) == plans.origin(force)
        ),
        None,
    )
    if garrison is not None:
        world.record(f.ForceMerged, cause, force=force.id, side=force.side, place=force.place, into=garrison.id)
    else:
        take_up(world, force, "", cause)


def take_up(world: World, force: Force, operation: str, cause: int) -> None:
    """Let a force stand where it is, as part of an axis of an operation, or of none."""
    world.record(
        f.PostureChanged,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        posture="garrison",
        operation=operation,
    )


def leave_garrison(world: World, head: Force, cause: int) -> None:
    """Leave part of a column where it has taken a place, if too few hold it: nobody, or a body worth the name."""
    there = world.strength(head.place, head.side) - head.fit
    wanted = int(world.value(f"doctrine.{head.side}.garrison_left_fighters")) - there
    most = world.state.values.get(f"doctrine.{head.side}.garrison_left_share_max", 1.0)
    count = min(wanted, int(head.fit * most), head.fit - 1)
    if count >= (plans.column_min(world, head.side) if there else 1):
        world.record(
            f.ForceSplit,
            cause,
            force=head.id,
            side=head.side,
            place=head.place,
            child=f"{head.id}>{head.place}#{head.children + 1}",
            posture="garrison",
            fit=count,
            vehicles=(),
            operation="",
        )
