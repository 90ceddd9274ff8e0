"""Taking to the hills: fighters leave the centre of a place with what they have on them."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Force
from sim.domain.terms import GRAMS_PER_KG
from sim.world.world import World


def take_to_the_hills(world: World, force: Force, cause: int, reason: str) -> int:
    """Let a force leave the centre of its place for the hills; return the number of that fact.

    Each takes the rounds that a fighter carries, as far as the share of the stock that falls to the force goes.
    """
    return world.record(
        f.ForceDispersed,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        fit=force.fit,
        reason=reason,
        ammunition_g=_rounds_g(world, force),
    )


def _rounds_g(world: World, force: Force) -> int:
    stock = world.state.places[force.place].stocks.get(force.side)
    if stock is None or not world.scenario.supply.enabled:
        return 0
    carried = int(force.fit * world.value("supply.carried_ammunition_kg_per_fighter") * GRAMS_PER_KG)
    share = force.fit / max(1, world.strength(force.place, force.side))
    return min(carried, int(stock.ammunition_g * share))
