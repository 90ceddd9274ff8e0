"""Taking to the hills: fighters leave the centre of a place with what they have on them."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Force
from sim.world.loads import rounds_g
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
        ammunition_g=rounds_g(world, force),
    )
