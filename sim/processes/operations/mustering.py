"""Mustering: the columns of an operation are called up, and it waits until it is strong enough."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import simpy

from sim.domain import facts as f
from sim.processes.operations.calling import call_back, call_up
from sim.processes.operations.standing import shift
from sim.scenario.plans import Operation as Plan
from sim.world import plans
from sim.world.reports import scout
from sim.world.world import World

RANK = 30


class End(NamedTuple):
    """How an attempt ended; the fields are those of OperationEnded, ``because`` the reports it rested on."""

    outcome: str
    why: str
    objective: str = ""
    measured: float = 0.0
    limit: float = 0.0
    because: tuple[int, ...] = ()


Outcome = Generator[simpy.Event, None, End]
Ready = Generator[simpy.Event, None, End | None]


def muster(world: World, name: str, plan: Plan, cause: int, why: str) -> None:
    """Call up fighters for every axis, ask the pools for what is lacking, and send scouts ahead."""
    shift(world, name, plan, cause)
    smallest = plans.column_min(world, plan.side)
    for axis_name, axis in plan.axes.items():
        label = f"{name}/{axis_name}"
        call_back(world, name, axis_name, axis, cause)
        need = plans.wanted_fighters(world, name, plan, axis_name)
        need -= sum(force.fit for force in plans.members(world, name, axis_name))
        need -= call_up(world, name, axis, label, need, cause)
        pools = [pool for pool in axis.pools if world.scenario.pools[pool].enabled]
        if not world.scenario.reinforcement.enabled:
            pools = []
        for index, pool in enumerate(pools):
            part = need // (len(pools) - index)
            need -= part
            if part >= smallest:
                world.record(
                    f.ReinforcementRequested,
                    cause,
                    pool=pool,
                    side=plan.side,
                    place=axis.assemble_at,
                    operation=name,
                    axis=axis_name,
                    count=part,
                    why=why,
                )
        first = plans.first_enemy(world, plan, axis)
        if first:
            scout(world, plan.side, first, cause)


def until_strong_enough(world: World, name: str, plan: Plan, cause: int) -> Ready:
    """Wait for the odds that are wanted; return why the attempt ends before it starts, None if it starts.

    It sets out when the odds are good enough and all who were called up from posts have come in, or nobody has
    for as long as its patience. Each time that has passed it asks for reinforcements again and looks again; in the
    end it gives the attempt up. A truce holds it where it is, and no patience is lost: men assemble under a truce.
    """
    began = world.now
    patience = plans.patience_s(world, name)
    asked = 0
    while True:
        stopped = plans.forbidden(world, plan)
        if stopped == "settled":
            return End("truce", stopped)
        if stopped:
            yield world.wait(None, RANK, f"operation:{name}")
            began = max(began, world.now)
            continue
        if not plans.left_to_take(world, plan):
            return End("nothing to do", "all held")
        look = plans.outlook(world, name, plan)
        waited = world.now - max(began, look.last_arrival_s)
        wanted = plans.wanted_odds(world, plan, look.objective, waited, name) if look.objective else 0.0
        if look.odds >= max(wanted, 1e-9) and _dares(look, waited >= patience):
            return None
        if plans.out_of_patience(world, name, plan.side, waited):
            if not look.anybody:
                return End("no forces", "nobody left")
            why = "odds" if look.known else "enemy unknown"
            return End("stalled", why, look.objective, look.odds, wanted, look.because)
        if waited // patience > asked:
            asked = waited // patience
            muster(world, name, plan, cause, "asks again")
        yield world.wait(plans.next_look(world, name, waited), RANK, f"operation:{name}")


def _dares(look: plans.Outlook, waited_long: bool) -> bool:
    """Tell whether everybody is there and the enemy is known, or it is time to go without."""
    return waited_long or (look.known and not look.coming)
