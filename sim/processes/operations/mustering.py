"""Mustering: the columns of an operation are called up, and it waits until it is strong enough."""

from __future__ import annotations

import re
from collections.abc import Generator

import simpy

from sim.domain import facts as f
from sim.domain.state import Force
from sim.scenario.plans import Axis
from sim.scenario.plans import Operation as Plan
from sim.world import plans
from sim.world.orders import issue_order
from sim.world.world import World

RANK = 30
Outcome = Generator[simpy.Event, None, str]
_SMALLEST_COLUMN = 10
WAITS_AT_MOST = 5
_ORIGIN = re.compile(r"[@#>]")
_AT_POST = ("garrison", "reserve")


def muster(world: World, name: str, plan: Plan, cause: int) -> None:
    """Call up fighters for every axis, and ask the pools for what is lacking."""
    wanted = world.value(f"operations.{name}.wanted_fighters")
    for axis_name, axis in plan.axes.items():
        need = int(wanted * world.value(f"operations.{name}.axes.{axis_name}.share"))
        label = f"{name}/{axis_name}"
        for force in _candidates(world, axis, plan.side) if need >= _SMALLEST_COLUMN else ():
            if need < _SMALLEST_COLUMN:
                break
            need -= _call_up(world, name, axis, label, force, need, cause)
        pools = [pool for pool in axis.pools if pool in world.scenario.pools]
        for index, pool in enumerate(pools):
            part = need // (len(pools) - index)
            need -= part
            if part >= _SMALLEST_COLUMN:
                world.record(
                    f.ReinforcementRequested,
                    cause,
                    pool=pool,
                    side=plan.side,
                    place=axis.assemble_at,
                    operation=name,
                    axis=axis_name,
                    count=part,
                )


def _candidates(world: World, axis: Axis, side: str) -> list[Force]:
    """Return the free detachments of the forces named, then earlier columns of the pools, that can walk there."""
    places = world.state.places
    near = world.ways.joined("foot", {axis.assemble_at}, side)
    sources = (*axis.forces, *axis.pools)
    free: dict[str, list[Force]] = {source: [] for source in sources}
    for force in world.state.forces.values():
        if force.posture in _AT_POST and not force.operation and not force.leg and not force.order_to:
            source = _ORIGIN.split(force.id, maxsplit=1)[0]
            if source in free and force.place in near and not places[force.place].engagement:
                free[source].append(force)
    return [force for source in sources for force in sorted(free[source], key=lambda force: force.id)]


def _call_up(world: World, name: str, axis: Axis, label: str, force: Force, need: int, cause: int) -> int:
    """Take a share of a detachment for an axis; return how many fighters that is."""
    count = min(need, int(force.fit * world.value(f"operations.{name}.commit_share")))
    if count < _SMALLEST_COLUMN:
        return 0
    light = force.vehicles.get("light", 0) * count // force.fit
    child = f"{force.id}>{name}#{force.children + 1}"
    split = world.record(
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
    if force.place != axis.assemble_at:
        issue_order(world, child, axis.assemble_at, "assemble", label, split)
    return count


def until_strong_enough(world: World, name: str, plan: Plan, cause: int) -> Outcome:
    """Wait for the odds that are wanted; return why the operation ends before it starts, '' if it starts.

    Patience counts from the last arrival: as long as columns come in, a commander waits for more. Each
    time it has passed he asks for reinforcements again; in the end he gives the attempt up.
    """
    began = world.now
    patience = plans.patience_s(world, name)
    asked = 0
    while True:
        if plans.forbidden(world, plan):
            return "truce"
        look = plans.outlook(world, name, plan)
        waited = world.now - max(began, look.last_arrival_s)
        if look.odds > 0 and (not look.objective or _dares(world, name, plan, look, waited)):
            return ""
        if waited >= WAITS_AT_MOST * patience:
            return "stalled" if look.anybody else "no forces"
        if waited // patience > asked:
            asked = waited // patience
            muster(world, name, plan, cause)
        yield world.wait(plans.next_look(world, name, waited), RANK, f"operation:{name}")


def _dares(world: World, name: str, plan: Plan, look: plans.Outlook, waited: int) -> bool:
    """Tell whether the odds are good enough, as far as they are known, or it is time to go without knowing."""
    if not look.known and waited < plans.patience_s(world, name):
        return False
    return look.odds >= plans.wanted_odds(world, plan, look.objective, waited, name)
