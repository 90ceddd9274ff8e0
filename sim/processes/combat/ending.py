"""Endings: what decides an engagement, and the fact that says so."""

from __future__ import annotations

import math

from sim.domain import facts as f
from sim.domain.state import Engagement
from sim.processes.combat.lines import multiplier, spent_by
from sim.world.plans import gives_up_share
from sim.world.world import World


def end(
    world: World, engagement: Engagement, cause: int, outcome: str, why: f.EndedWhy, because: tuple[int, ...] = ()
) -> None:
    """Record how an engagement ended; what becomes of the beaten and of the place follows from it."""
    world.hazards.set("turning", engagement.id, 0.0, cause)
    world.record(
        f.EngagementEnded,
        cause,
        because,
        engagement=engagement.id,
        place=engagement.place,
        side=engagement.side,
        enemy=engagement.enemy,
        reason=engagement.reason,
        outcome=outcome,
        why=why,
        spent_by=(*spent_by(world, engagement, engagement.side), *spent_by(world, engagement, engagement.enemy)),
    )


def on_fighters_gone(
    world: World, fact: f.ForceSurrendered | f.ForceDispersed | f.FightersDeserted | f.ForceDeparted
) -> None:
    """Decide an engagement whose defenders or attackers have left it."""
    name = world.state.places[fact.place].engagement
    if name:
        nobody_left(world, world.state.engagements[name], fact.seq, "abandoned")


def nobody_left(world: World, engagement: Engagement, cause: int, outcome: str) -> bool:
    """End an engagement in which a side has nobody left, the defenders' way as told; tell whether it did."""
    if not world.strength(engagement.place, engagement.enemy):
        end(world, engagement, cause, outcome, "defenders gone")
    elif not world.strength(engagement.place, engagement.side):
        end(world, engagement, cause, "held", "attackers gone")
    else:
        return False
    return True


def called_off(world: World, engagement: Engagement, cause: int) -> bool:
    """End an engagement that a truce, the end of the operation or its losses forbid to go on; tell whether it did."""
    if world.truce_between(engagement.side, engagement.enemy, engagement.place):
        end(world, engagement, cause, "truce", "truce")
        return True
    operation = world.state.operations.get(engagement.operation.partition("/")[0])
    if operation is None:
        return False
    if operation.stage != "launched":
        end(world, engagement, cause, "broken_off", "operation over", (operation.since_fact,))
        return True
    limit = gives_up_share(world, operation.id)
    if limit is not None and operation.committed and operation.lost >= limit * operation.committed:
        end(world, engagement, cause, "broken_off", "attackers' losses")
        return True
    return False


def out_of_ammunition(world: World, engagement: Engagement, cause: int) -> bool:
    """End an engagement in which a side has shot its last round; tell whether it did.

    Without a round left nobody can hold. Nor can he press on, unless he is beyond the odds that the ground
    asks for, sqrt(m), by numbers alone.
    """
    attackers, defenders = _dry(world, engagement, engagement.side), _dry(world, engagement, engagement.enemy)
    if defenders:
        if not attackers:
            end(world, engagement, cause, "taken", "defenders out of ammunition")
        else:
            outcome = "taken" if _overwhelming(world, engagement) else "broken_off"
            end(world, engagement, cause, outcome, "both out of ammunition")
        return True
    if attackers and not _overwhelming(world, engagement):
        end(world, engagement, cause, "broken_off", "attackers out of ammunition")
        return True
    return False


def _dry(world: World, engagement: Engagement, side: str) -> bool:
    stock = world.state.places[engagement.place].stocks.get(side)
    return world.scenario.supply.enabled and stock is not None and engagement.bouts > 0 and stock.ammunition_g <= 0


def _overwhelming(world: World, engagement: Engagement) -> bool:
    place, odds = engagement.place, math.sqrt(multiplier(world, engagement))
    return world.strength(place, engagement.side) >= odds * world.strength(place, engagement.enemy)
