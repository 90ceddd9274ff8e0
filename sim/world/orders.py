"""Orders: a commander's word on its way to a force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain import facts as f
from sim.domain.state import HILLS

if TYPE_CHECKING:
    from sim.world.world import World

RANK = 30


def issue_order(world: World, name: str, to: str, why: str, operation: str, cause: int) -> None:
    """Send an order that takes its time to arrive, longer where the telephones are cut."""
    force = world.state.forces[name]
    n = world.state.orders_sent.get(name, 0)
    delay = int(world.sample("command.order_delay", name, n) * world.delay_factor(force.side, force.place, "order"))
    issued = world.record(
        f.OrderIssued,
        cause,
        side=force.side,
        force=name,
        place=force.place,
        to=to,
        purpose=why,
        operation=operation,
        deliver_s=world.now + delay,
    )

    def deliver() -> None:
        found = world.state.forces.get(name)
        if found is None or found.posture == HILLS or found.leg or found.operation not in ("", operation):
            return
        world.record(
            f.OrderDelivered,
            issued,
            side=found.side,
            force=name,
            place=found.place,
            to=to,
            purpose=why,
            operation=operation,
        )

    world.at(world.now + delay, RANK, f"order:{name}", deliver)
