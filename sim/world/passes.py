"""The queue at a pass: how long a column waits for its turn, and when its lane is free again.

First come, first served, in the order of departure towards the pass, vehicle after vehicle. Both moments follow from
the free lanes by arithmetic, so that a pass costs no event of its own, whether anybody waits or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.domain.passes import lanes_free_s
from sim.domain.terms import HOUR
from sim.randomness import purpose

if TYPE_CHECKING:
    from sim.world.world import World

SERVICE = purpose("movement.pass_service")


class Turn(NamedTuple):
    """What a column gets at a pass: how long it waits, and the second from which its lane is free for the next."""

    waits_s: int
    free_s: int


def turn(world: World, place: str, vehicles: int, column: str, n: int = 0) -> Turn | None:
    """Return the turn of a column at the pass ahead, None if it has not to queue there: walkers never do.

    Args:
        world: The world.
        place: The pass, or any other place.
        vehicles: How many of them the column has.
        column: Who it is; names the draw.
        n: How many draws this column has had.
    """
    per_hour = world.state.values.get(f"places.{place}.capacity_vehicles_per_h") if vehicles else None
    if per_hour is None:
        return None
    starts = max(world.now, lanes_free_s(world.state, world.state.places[place])[0])
    return Turn(starts - world.now, starts + int(_hours(world, vehicles, per_hour, f"{column}/{place}", n) * HOUR))


def _hours(world: World, vehicles: int, per_hour: float, subject: str, n: int) -> float:
    """Return the hours in which vehicles get through one lane: all alike, or each for an exponential time."""
    if world.choice("movement.pass_service") == "constant":
        return vehicles / per_hour
    from scipy.special import gammaincinv  # the sum of exponential times has Erlang's law

    return float(gammaincinv(vehicles, world.randomness.uniform(SERVICE, subject, n))) / per_hour
