"""Orders: a commander's word on its way to a force."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from sim.domain import facts as f
from sim.domain.state import HILLS, Force

if TYPE_CHECKING:
    from sim.world.world import World

RANK = 30
DELAY = "command.order_delay"


def issue_order(
    world: World,
    name: str,
    to: str,
    purpose: str,
    operation: str,
    cause: int,
    why: str,
    because: tuple[int, ...] = (),
) -> None:
    """Send an order that takes its time to arrive, longer where the telephones are cut."""
    force = world.state.forces[name]
    n = world.state.orders_sent.get(name, 0)
    delay = int(world.sample(DELAY, name, n) * world.delay_factor(force.side, force.place, "order"))
    issued = world.record(
        f.OrderIssued,
        cause,
        because,
        side=force.side,
        force=name,
        place=force.place,
        to=to,
        purpose=purpose,
        operation=operation,
        deliver_s=world.now + delay,
        why=why,
    )
    world.at(
        world.now + delay, RANK, f"order:{name}", partial(_deliver, world, issued, name, to, purpose, operation, why)
    )


def _deliver(world: World, issued: int, name: str, to: str, purpose: str, operation: str, why: str) -> None:
    """Hand an order over, unless the force is gone, on the road, or has another task by now."""
    found = world.state.forces.get(name)
    if found is None or found.posture == HILLS or found.leg or found.operation != operation:
        return
    give_order(world, found, to, purpose, operation, issued, why)


def give_order(
    world: World,
    force: Force,
    to: str,
    purpose: str,
    operation: str,
    cause: int,
    why: str,
    because: tuple[int, ...] = (),
) -> None:
    """Give an order by word of mouth: by who is on the spot, or so clear that nobody need be asked."""
    world.record(
        f.OrderDelivered,
        cause,
        because,
        side=force.side,
        force=force.id,
        place=force.place,
        to=to,
        purpose=purpose,
        operation=operation,
        why=why,
    )


def on_the_way(world: World) -> Iterator[f.OrderIssued]:
    """Yield the orders that have been issued and are still to be delivered."""
    for seq in world.state.orders:
        order = world.facts[int(seq)]
        if isinstance(order, f.OrderIssued) and order.deliver_s >= world.now:
            yield order
