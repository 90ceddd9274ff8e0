"""Movement: columns march the fastest open way, leg by leg, and stop where it is not open to them.

A column moves as its order says (OrderDelivered): into a place its side holds, or, ordered to assault, into
an enemy's. It travels by vehicle when it has seats for everybody, else on requisitioned lorries where
these can go, else on foot; so many hours a day; and it queues at passes. Columns take rations and ammunition
along where they start.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.domain import facts as f
from sim.domain.state import Force, stock_at
from sim.domain.terms import DAY, GRAMS_PER_KG, HOUR
from sim.world.world import Steps, World

RANK = 20
_POSTURES = {"assault": "assaulting", "withdraw": "withdrawing"}
_MARCH_FOOD = "supply.food_kg_per_person_day.march"


def on_order_delivered(world: World, order: f.OrderDelivered) -> None:
    """Set a force on its way; one that is on a leg turns to the new order at its end."""
    name = f"march:{order.force}"
    if name in world.running:
        world.nudge(name)
    else:
        world.start(name, _march(world, order.force, order.seq))


def on_way_changed(world: World, change: f.Fact) -> None:  # noqa: ARG001 - every reaction has this signature
    """Let halted columns look again when a place changed hands or fighting ended."""
    world.nudge_all("march:")


def _march(world: World, name: str, cause: int) -> Steps:
    told = ""
    while True:
        force = world.state.forces.get(name)
        if force is None or not force.order_to or force.posture == "hills":
            return
        if force.place == force.order_to:
            _take_post(world, force, cause)
            return
        if world.enemies_at(force.place, force.side) and force.order_purpose != "withdraw":
            return  # held by the fighting here; a new order follows when it ends
        step = _next_step(world, force)
        if isinstance(step, str):
            if told != step:
                cause = world.record(
                    f.ForceBlocked,
                    cause,
                    force=name,
                    side=force.side,
                    place=force.place,
                    ahead=step,
                    reason="no open way" if step == force.order_to else "enemy on the road",
                )
                told = step
            yield world.wait(None, RANK, f"march:{name}")
            continue
        leg, to, mode = step
        cause = _depart(world, force, leg, to, mode, cause)
        arrived = yield from _travel(world, name, cause)
        if arrived < 0:
            return
        cause = arrived
        told = ""
        world.settle()


def _mode(world: World, force: Force) -> str:
    seats = force.vehicles.get("light", 0) * world.value("movement.fighters_per_vehicle")
    if force.fit and seats >= force.fit:
        return "light"
    return "lorry" if world.scenario.movement.requisitions_lorries and force.order_purpose != "assault" else "foot"


def _next_step(world: World, force: Force) -> tuple[str, str, str] | str:
    """Return leg, place and mode of the next step, or the place that is in the way."""
    mode = _mode(world, force)
    step = _step_by(world, force, mode)
    if step is None and mode != "foot":
        step = _step_by(world, force, "foot")
    return force.order_to if step is None else step


def _step_by(world: World, force: Force, mode: str) -> tuple[str, str, str] | str | None:
    """Return the same for one mode, None where it has no open way."""
    way = world.ways.way(mode, force.place, force.order_to, force.side)
    if way is None:
        return None
    leg, to = way[0]
    if world.hostile(force.side, world.state.places[to].holder) and force.order_purpose != "assault":
        return to
    if to != force.order_to and not world.ways.passable(to, force.side):
        return to
    for name in world.state.on_leg.get(leg, ()):
        other = world.state.forces[name]
        if other.to == force.place and world.hostile(other.side, force.side):
            return to
    return leg, to, mode


def _depart(world: World, force: Force, leg: str, to: str, mode: str, cause: int) -> int:
    now, state = world.now, world.state
    vehicles = sum(force.vehicles.values()) if mode != "foot" else 0
    queued, free_at = _queue(world, to, vehicles)
    rides = mode == "lorry" and leg in world.compiled.network.truck_legs
    hours = "truck" if rides else "foot" if mode == "lorry" else mode
    active = int(world.value(f"movement.march_hours_per_day.{hours}") * HOUR)
    rested = now - force.rested_since_s >= DAY - active
    marched = 0 if rested else force.marched_s
    travel = world.ways.leg_seconds(leg, mode)
    nights = (marched + travel - 1) // active
    food, ammunition = _load(world, force)
    posture = _POSTURES.get(force.order_purpose, "moving")
    if state.places[force.place].engagement and posture == "moving":
        posture = "withdrawing"
    return world.record(
        f.ForceDeparted,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        to=to,
        leg=leg,
        mode=mode,
        posture=posture,
        queued_s=queued,
        arrives_s=now + queued + travel + nights * (DAY - active),
        marched_s=(marched + travel) - nights * active,
        pass_free_s=free_at,
        food_g=food,
        ammunition_g=ammunition,
    )


def _queue(world: World, to: str, vehicles: int) -> tuple[int, int]:
    """Return the wait for the pass ahead and when it is free again; foot soldiers do not queue."""
    per_hour = world.state.values.get(f"places.{to}.capacity_vehicles_per_h") if vehicles else None
    if per_hour is None:
        return 0, 0
    starts = max(world.now, world.state.places[to].pass_free_s)
    return starts - world.now, starts + int(vehicles / per_hour * HOUR)


def _load(world: World, force: Force) -> tuple[int, int]:
    """Return the grams of food and ammunition a column takes where it sets out with nothing."""
    stock = world.state.places[force.place].stocks.get(force.side)
    if stock is None or force.food_g or force.ammunition_g or force.leg or not world.scenario.supply.enabled:
        return 0, 0
    share = force.fit / max(1, world.strength(force.place, force.side))
    food = int(force.fit * world.value("supply.carried_days") * world.value(_MARCH_FOOD) * GRAMS_PER_KG)
    ammunition = int(force.fit * world.value("supply.carried_ammunition_kg_per_fighter") * GRAMS_PER_KG)
    # a column leaves those who stay what falls to them of a stock that is too small for all
    return min(food, int(stock_at(stock, world.now) * share)), min(ammunition, int(stock.ammunition_g * share))


def _travel(world: World, name: str, cause: int) -> Generator[simpy.Event, None, int]:
    """Wait for the end of the leg; return the number of the arrival, -1 if the force is no more."""
    force = world.state.forces[name]
    while force.leg:
        yield world.sleep(force.arrives_s, RANK, name)
        found = world.state.forces.get(name)
        if found is None:
            return -1
        force = found
        here = world.state.places[force.to]
        storms = force.order_purpose == "assault" and force.to == force.order_to
        closed = here.holder and world.hostile(here.holder, force.side) and not storms
        back = world.state.places[force.place]
        if closed and not (back.holder and world.hostile(back.holder, force.side)):
            cause = _turn_round(world, force, cause)
            continue
        eaten = _ration(world, force)
        settles = force.to == force.order_to or not force.order_to
        return world.record(
            f.ForceArrived,
            cause,
            force=name,
            side=force.side,
            place=force.to,
            origin=force.place,
            ate_g=eaten,
            settles=bool(settles or closed),
        )
    return -1


def _ration(world: World, force: Force) -> int:
    days = (world.now - force.departed_s) / DAY
    return min(force.food_g, int(force.fit * days * world.value(_MARCH_FOOD) * GRAMS_PER_KG))


def _turn_round(world: World, force: Force, cause: int) -> int:
    """Send a column that finds the enemy at the end of its leg back to where it came from."""
    cause = world.record(
        f.ForceBlocked,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        ahead=force.to,
        reason="lost on the way",
    )
    return world.record(
        f.ForceDeparted,
        cause,
        force=force.id,
        side=force.side,
        place=force.to,
        to=force.place,
        leg=force.leg,
        mode=force.mode,
        posture="moving",
        queued_s=0,
        arrives_s=world.now + world.ways.leg_seconds(force.leg, force.mode),
        marched_s=force.marched_s,
        pass_free_s=0,
        food_g=0,
        ammunition_g=0,
    )


def _take_post(world: World, force: Force, cause: int) -> None:
    """End a march: join the garrison, or stand by for the operation the force belongs to."""
    purpose, operation = force.order_purpose, force.operation
    if purpose in ("garrison", "reserve", "return") or (purpose == "withdraw" and not operation):
        operation = ""
        garrison = next(
            (
                other
                for other in world.state.present(force.place, force.side)
                if other is not force
                and other.posture == "garrison"
                and not other.operation
                and other.type == force.type
            ),
            None,
        )
        if garrison is not None and world.state.places[force.place].holder == force.side:
            world.record(f.ForceMerged, cause, force=force.id, side=force.side, place=force.place, into=garrison.id)
            return
    posture = "assaulting" if purpose == "assault" else "garrison"
    if force.posture != posture or force.operation != operation:
        world.record(
            f.PostureChanged,
            cause,
            force=force.id,
            side=force.side,
            place=force.place,
            posture=posture,
            operation=operation,
        )


REACTIONS = {
    f.OrderDelivered: on_order_delivered,
    f.ControlChanged: on_way_changed,
    f.EngagementEnded: on_way_changed,
}
