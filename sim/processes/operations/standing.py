"""Standing down: what becomes of the columns of an operation when an attempt has ended."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Force
from sim.scenario.plans import Operation as Plan
from sim.world import plans
from sim.world.orders import give_order
from sim.world.world import World


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
