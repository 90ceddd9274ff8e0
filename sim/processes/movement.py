"""Movement: columns march the fastest open way, leg by leg, and stop where it is not open to them.

A column moves as its order says (OrderDelivered): into a place its side holds, or, ordered to assault, into
an enemy's. It travels by vehicle when it has seats for everybody, else on requisitioned lorries where
these can go, else on foot; so many hours a day; and it queues at passes. Columns take rations and ammunition
along where they start. A column whose way is shut halts and looks again when a way may have opened.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from sim.domain import facts as f
from sim.domain.roads import span_s
from sim.domain.state import HILLS, Force
from sim.domain.terms import DAY, GRAMS_PER_KG, HOUR
from sim.world.loads import rations_g, rounds_g
from sim.world.network import Way
from sim.world.passes import turn
from sim.world.world import World

RANK = 20
_POSTURES = {"assault": "assaulting", "withdraw": "withdrawing"}
_JOINS_GARRISON = ("garrison", "reserve", "return")
_MARCH_FOOD = "supply.food_kg_per_person_day.march"


class _Step(NamedTuple):
    """The next leg of a march."""

    leg: str
    to: str
    mode: str


class _Halt(NamedTuple):
    """The place in front of which a march ends for now, and why."""

    ahead: str
    reason: str


# --- when a column moves --------------------------------------------------------------------------------


def on_order_delivered(world: World, order: f.OrderDelivered) -> None:
    """Set a force on its way; one that is on a leg turns to the new order at its end."""
    force = world.state.forces.get(order.force)
    if force is not None and not force.leg:
        _look_soon(world, order.force, order.seq)


def on_departed(world: World, departed: f.ForceDeparted) -> None:
    """Let a column arrive when its leg is behind it."""
    world.at(departed.arrives_s, RANK, departed.force, partial(_arrive, world, departed.force, departed.seq))


def on_meeting_ended(world: World, ended: f.MeetingEnded) -> None:
    """Let the columns that a fight held up on their leg arrive as much later."""
    for name in world.state.on_leg[ended.leg]:
        world.at(world.state.forces[name].arrives_s, RANK, name, partial(_arrive, world, name, ended.seq))


def on_way_changed(world: World, change: f.ControlChanged | f.EngagementEnded | f.LegBlocked | f.LegReopened) -> None:
    """Let halted columns look again when a place changed hands, fighting ended, or a leg was shut or opened."""
    _look_all(world, change.seq)


def on_started(world: World, started: f.RunStarted) -> None:
    """Let halted columns look again when a month begins, if snow shuts any leg."""
    if any(world.compiled.network.closed_months.values()):
        world.at(world.ways.next_month_s(), RANK, "month", partial(_month_begins, world, started.seq))


def _month_begins(world: World, cause: int) -> None:
    world.at(world.ways.next_month_s(), RANK, "month", partial(_month_begins, world, cause))
    _look_all(world, cause)


def _look_all(world: World, cause: int) -> None:
    for name, force in world.state.forces.items():
        if force.ahead and force.order_to and not force.leg:
            _look_soon(world, name, cause)


def _look_soon(world: World, name: str, cause: int) -> None:
    """Let a force go on in its turn, once everybody has reacted to what happened now."""
    world.at(world.now, RANK, f"march:{name}", partial(_go_on, world, name, cause))


def _go_on(world: World, name: str, cause: int) -> None:
    """Take the next leg of a march, halt before it, or end the march."""
    force = world.state.forces.get(name)
    if force is None or force.leg or not force.order_to or force.posture == HILLS:
        return
    if force.place == force.order_to:
        _take_post(world, force, cause)
        return
    if world.enemies_at(force.place, force.side) and force.order_purpose != "withdraw":
        return  # held by the fighting here; a new order follows when it ends
    step = _next_step(world, force)
    if isinstance(step, _Step):
        _depart(world, force, step, cause)
    elif force.ahead != step.ahead:
        world.record(
            f.ForceBlocked,
            cause,
            force=name,
            side=force.side,
            place=force.place,
            ahead=step.ahead,
            reason=step.reason,
        )


# --- the way ahead --------------------------------------------------------------------------------------


def _modes(world: World, force: Force) -> tuple[str, ...]:
    """Return how a column travels, and how else if that leads nowhere."""
    seats = force.vehicles.get("light", 0) * world.value("movement.fighters_per_vehicle")
    if force.fit and seats >= force.fit:
        return "light", "foot"
    if world.scenario.movement.requisitions_lorries and force.order_purpose != "assault":
        return "lorry", "foot"
    return ("foot",)


def _next_step(world: World, force: Force) -> _Step | _Halt:
    """Return the next leg of a march, or what is in the way."""
    if not world.scenario.movement.enabled:
        return _Halt(force.order_to, "nobody marches")
    modes = _modes(world, force)
    for mode in modes:
        way = world.ways.way(mode, force.place, force.order_to, force.side)
        if way is not None:
            return _enter(world, force, way, mode)
    if world.state.blocked:
        return _up_to_the_obstacle(world, force, modes)
    return _Halt(force.order_to, "no open way")


def _up_to_the_obstacle(world: World, force: Force, modes: tuple[str, ...]) -> _Step | _Halt:
    """Return the next leg of the way that would be open without mines and rubble, as far as it is."""
    for mode in modes:
        way = world.ways.way_once_mended(mode, force.place, force.order_to, force.side)
        if way is not None:
            leg, to = way[0]
            able = next((other for other in modes if world.ways.can_take(leg, other)), "")
            return _enter(world, force, way, able) if able else _Halt(to, f"way {world.state.blocked[leg].how}")
    return _Halt(force.order_to, "no open way")


def _enter(world: World, force: Force, way: Way, mode: str) -> _Step | _Halt:
    """Return the first leg of a way, unless it ends where this column may not go or an enemy is coming on it."""
    leg, to = way[0]
    assaults = force.order_purpose == "assault"
    if world.hostile(force.side, world.state.places[to].holder) and not assaults:
        return _Halt(to, "enemy on the road")
    if to != force.order_to and not world.ways.passable(to, force.side):
        return _Halt(to, "enemy on the road")
    meetings = world.scenario.meetings
    if meetings is None or not meetings.enabled:  # nobody fights on a leg: who comes second waits at its end
        for name in world.state.on_leg.get(leg, ()):
            other = world.state.forces[name]
            if other.to == force.place and world.hostile(other.side, force.side):
                return _Halt(to, "enemy on the road")
    return _Step(leg, to, mode)


# --- on a leg -------------------------------------------------------------------------------------------


def _depart(world: World, force: Force, step: _Step, cause: int) -> None:
    now, state = world.now, world.state
    leg, to, mode = step
    vehicles = sum(force.vehicles.values()) if mode != "foot" else 0
    queued, free_at = turn(world, to, vehicles, force.id, force.marches) or (0, 0)
    hours = "truck" if world.ways.rides(leg, mode) else "foot" if mode == "lorry" else mode
    active = int(world.value(f"movement.march_hours_per_day.{hours}") * HOUR)
    rested = now - force.rested_since_s >= DAY - active
    marched = 0 if rested else force.marched_s
    travel = world.ways.leg_seconds(leg, mode)
    nights = (marched + travel - 1) // active
    food, ammunition = _load(world, force)
    posture = _POSTURES.get(force.order_purpose, "moving")
    if state.places[force.place].engagement and posture == "moving":
        posture = "withdrawing"
    world.record(
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


def _load(world: World, force: Force) -> tuple[int, int]:
    """Return the grams of food and ammunition a column takes where it sets out with nothing."""
    if force.food_g or force.ammunition_g:
        return 0, 0
    return rations_g(world, force), rounds_g(world, force)


def _arrive(world: World, name: str, cause: int) -> None:
    """Come off a leg; who finds an enemy at its end without an order to assault turns round if he can."""
    force = world.state.forces.get(name)
    if force is None or not force.leg or force.meeting or force.arrives_s != world.now:
        return  # it is no more, or fighting on the leg held it up: another timer is set for it
    here, back = world.state.places[force.to], world.state.places[force.place]
    storms = force.order_purpose == "assault" and force.to == force.order_to
    closed = world.hostile(force.side, here.holder) and not storms
    if closed and not world.hostile(force.side, back.holder):
        _turn_round(world, force, cause)
        return
    arrived = world.record(
        f.ForceArrived,
        cause,
        force=name,
        side=force.side,
        place=force.to,
        origin=force.place,
        ate_g=_ration(world, force),
        settles=closed or force.to == force.order_to or not force.order_to,
    )
    world.settle()
    _go_on(world, name, arrived)


def _ration(world: World, force: Force) -> int:
    days = (world.now - force.departed_s) / DAY
    return min(force.food_g, int(force.fit * days * world.value(_MARCH_FOOD) * GRAMS_PER_KG))


def _turn_round(world: World, force: Force, cause: int) -> None:
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
    world.record(
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
        arrives_s=world.now + span_s(force),
        marched_s=force.marched_s,
        pass_free_s=0,
        food_g=0,
        ammunition_g=0,
    )


# --- the end of a march ---------------------------------------------------------------------------------


def _take_post(world: World, force: Force, cause: int) -> None:
    """End a march: join the garrison, or stand by for the operation the force belongs to."""
    purpose, operation = force.order_purpose, force.operation
    if purpose in _JOINS_GARRISON or (purpose == "withdraw" and not operation):
        operation = ""
        garrison = _garrison(world, force)
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


def _garrison(world: World, force: Force) -> Force | None:
    """Return the garrison of the same kind that a force can join where it stands."""
    for other in world.state.present(force.place, force.side):
        if other is not force and other.posture == "garrison" and not other.operation and other.type == force.type:
            return other
    return None


REACTIONS = {
    f.RunStarted: on_started,
    f.OrderDelivered: on_order_delivered,
    f.ForceDeparted: on_departed,
    f.MeetingEnded: on_meeting_ended,
    f.ControlChanged: on_way_changed,
    f.EngagementEnded: on_way_changed,
    f.LegBlocked: on_way_changed,
    f.LegReopened: on_way_changed,
}
