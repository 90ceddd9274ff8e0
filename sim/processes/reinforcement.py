"""Reinforcement: reserves elsewhere give up columns on demand, unless unrest holds them."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.terms import DAY, GRAMS_PER_KG
from sim.world.world import Steps, World

RANK = 35


def on_started(world: World, started: f.RunStarted) -> None:
    """Start the hazard of unrest for every pool."""
    for pool in world.scenario.pools:
        world.hazards.set("unrest", pool, world.value(f"pools.{pool}.unrest_rate_per_day"), started.seq)


def on_requested(world: World, request: f.ReinforcementRequested) -> None:
    """Release columns until what was asked for is sent or the pool is empty."""
    world.start(f"pool:{request.pool}:{request.operation}:{request.axis}", _release(world, request))


def _left(world: World, pool: str) -> int:
    return int(world.value(f"pools.{pool}.available")) - world.state.pools[pool].given


def _release(world: World, request: f.ReinforcementRequested) -> Steps:
    pool, cause, owed = request.pool, request.seq, request.count
    spec = world.scenario.pools[pool]
    attempt = world.state.operations[request.operation].attempt
    subject = f"{pool}:{request.operation}:{request.axis}"
    while owed > 0:
        size = min(owed, _left(world, pool), max(1, int(world.value(f"pools.{pool}.column_fighters"))))
        if size <= 0:
            return
        ready = world.now + int(size / world.value(f"pools.{pool}.release_persons_per_day") * DAY)
        yield world.sleep(ready, RANK, subject)
        held = world.state.pools[pool].held_until_s
        if held > world.now:
            yield world.sleep(held, RANK, subject)
        operation = world.state.operations[request.operation]
        if operation.attempt != attempt or operation.stage in ("waiting", "over"):
            return  # nobody waits for them any more
        if not world.friends(world.state.places[spec.at].holder, spec.side):
            return  # the place from which they would come is lost
        size = min(size, _left(world, pool))
        if size <= 0:
            return
        owed -= size
        cause = _send(world, request, spec.side, spec.at, size, cause)


def _send(world: World, request: f.ReinforcementRequested, side: str, at: str, size: int, cause: int) -> int:
    pool, label = request.pool, f"{request.operation}/{request.axis}"
    name = f"{pool}#{world.state.pools[pool].columns + 1}"
    released = world.record(
        f.PoolReleased,
        cause,
        (request.seq,),
        pool=pool,
        side=side,
        place=at,
        force=name,
        count=size,
        left=_left(world, pool) - size,
    )
    light = int(size * world.value(f"pools.{pool}.light_vehicles_per_fighter"))
    supply = world.scenario.supply.enabled
    food = (
        size * world.value("supply.carried_days") * world.value("supply.food_kg_per_person_day.march")
        if supply
        else 0.0
    )
    ammunition = size * world.value("supply.carried_ammunition_kg_per_fighter") if supply else 0.0
    raised = world.record(
        f.ForceRaised,
        released,
        force=name,
        side=side,
        place=at,
        origin="pool",
        type="army",
        posture="moving",
        operation=label,
        fit=size,
        vehicles=(("light", light),) if light else (),
        quality=world.value(f"pools.{pool}.quality"),
        cohesion=world.value(f"pools.{pool}.cohesion"),
        food_g=int(food * GRAMS_PER_KG),
        ammunition_g=int(ammunition * GRAMS_PER_KG),
    )
    world.record(
        f.OrderDelivered,
        raised,
        (request.seq,),
        side=side,
        force=name,
        place=at,
        to=request.place,
        purpose="assemble",
        operation=label,
    )
    return released


def unrest_fired(world: World, subject: str, cause: int) -> None:
    """Hold a pool back for a while."""
    spec = world.scenario.pools[subject]
    pool = world.state.pools.get(subject)
    lasts = int(world.sample(f"pools.{subject}.unrest_duration", subject, pool.outbreaks if pool else 0))
    world.record(f.PoolHeld, cause, pool=subject, side=spec.side, place=spec.at, until_s=world.now + lasts)


REACTIONS = {f.RunStarted: on_started, f.ReinforcementRequested: on_requested}
HAZARDS = {"unrest": unrest_fired}
