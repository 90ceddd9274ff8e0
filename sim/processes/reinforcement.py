"""Reinforcement: reserves elsewhere give up columns on demand, one after another.

A pool serves those who ask column by column in turn, at the rate at which it can let fighters go, however many ask.
Unrest elsewhere stops it for a while. It keeps those back whom the scenario says it needs, except for operations that
it spares them for. A column is made ready when it is its turn; its size and the rate are read at that moment.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.terms import DAY, GRAMS_PER_KG
from sim.scenario.interventions import Deed
from sim.world import plans
from sim.world.world import Act, Steps, World

RANK = 35


def on_started(world: World, started: f.RunStarted) -> None:
    """Start the hazard of unrest for every pool."""
    if world.scenario.reinforcement.enabled:
        for pool, spec in world.scenario.pools.items():
            if spec.enabled:
                world.hazards.set("unrest", pool, world.value(f"pools.{pool}.unrest_rate_per_day"), started.seq)


def on_changed(world: World, changed: f.AssumptionChanged) -> None:
    """Let unrest come at another rate from now on, and pools that had nobody to spare look again."""
    section, _, rest = changed.assumption.partition(".")
    pool, _, number = rest.partition(".")
    if section != "pools" or not world.scenario.reinforcement.enabled or not world.scenario.pools[pool].enabled:
        return
    if number == "unrest_rate_per_day":
        world.hazards.set("unrest", pool, changed.value, changed.seq)
    _serve(world, pool)


def on_requested(world: World, request: f.ReinforcementRequested) -> None:
    """Let a pool serve who asked it."""
    if world.scenario.reinforcement.enabled:
        _serve(world, request.pool)


def on_control(world: World, change: f.ControlChanged) -> None:
    """Let the pools of a place go on with what they owe when their side has it again."""
    for pool, owing in world.state.pools.items():
        spec = world.scenario.pools[pool]
        if owing.owed and spec.at == change.place and world.friends(change.side, spec.side):
            _serve(world, pool)


def _serve(world: World, pool: str) -> None:
    world.start(f"pool:{pool}", _release(world, pool))


def _release(world: World, pool: str) -> Steps:
    """Release columns until everybody who asked has got what he asked for, or the pool has nothing to give."""
    spec = world.scenario.pools[pool]
    while True:
        axis = next((label for label in _owed(world, pool) if _column(world, pool, label)), "")
        if not axis:
            return
        size = _column(world, pool, axis)
        days = size / world.value(f"pools.{pool}.release_persons_per_day")
        yield world.sleep(world.now + int(days * DAY), RANK, f"pool:{pool}")
        while world.state.pools[pool].held_until_s > world.now:
            yield world.sleep(world.state.pools[pool].held_until_s, RANK, f"pool:{pool}")
        if not world.friends(world.state.places[spec.at].holder, spec.side):
            return  # the place from which they would come is lost
        size = min(size, _column(world, pool, axis))
        if size:  # else the operation is over, and nobody waits for them any more
            _send(world, pool, axis, size)


def _owed(world: World, pool: str) -> dict[str, tuple[int, int]]:
    """Return what a pool owes to axes of operations, and the facts by which they asked."""
    found = world.state.pools.get(pool)
    return found.owed if found is not None else {}


def _column(world: World, pool: str, axis: str) -> int:
    """Return how many fighters the next column to an axis has, 0 if none goes.

    It has the size of a column; a rest too small to be sent on its own goes with the last one.
    """
    owed, _ = _owed(world, pool).get(axis, (0, 0))
    spec = world.scenario.pools[pool]
    spare = min(owed, left(world, pool, axis.partition("/")[0]))
    smallest = plans.column_min(world, spec.side)
    size = min(spare, max(1, int(world.value(f"pools.{pool}.column_fighters"))))
    if spare - size < smallest:
        size = spare
    return size if size >= min(smallest, owed) else 0


def left(world: World, pool: str, operation: str) -> int:
    """Return how many fighters a pool can still give to an operation."""
    spec = world.scenario.pools[pool]
    available = int(world.value(f"pools.{pool}.available"))
    if spec.held_back_share is not None and operation not in spec.spares_nobody_but:
        available -= int(available * world.value(f"pools.{pool}.held_back_share"))
    given = world.state.pools[pool].given if pool in world.state.pools else 0
    return max(0, available - given)


def _send(world: World, pool: str, axis: str, size: int) -> None:
    """Send an operation the next column of those that it has asked for."""
    request = world.facts[_owed(world, pool)[axis][1]]
    assert isinstance(request, f.ReinforcementRequested)  # the fold keeps the numbers of no others
    spare = left(world, pool, request.operation) - size
    _raise_column(world, pool, size, spare, request.seq, (request.seq,), to=request.place, operation=axis)


def _raise_column(
    world: World, pool: str, size: int, spare: int, cause: int, because: tuple[int, ...], *, to: str, operation: str
) -> None:
    """Raise a column of a pool, with the order where to go."""
    spec = world.scenario.pools[pool]
    name = f"{pool}#{world.state.pools[pool].columns + 1 if pool in world.state.pools else 1}"
    released = world.record(
        f.PoolReleased,
        cause,
        pool=pool,
        side=spec.side,
        place=spec.at,
        force=name,
        count=size,
        left=spare,
        operation=operation,
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
        side=spec.side,
        place=spec.at,
        origin="pool",
        type="army",
        posture="moving",
        operation=operation,
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
        because,
        side=spec.side,
        force=name,
        place=spec.at,
        to=to,
        purpose="assemble" if operation else "garrison",
        operation=operation,
        why="from the pool",
    )


def release(world: World, deed: Deed) -> Act | str:
    """Send a column to a place from outside, of all that a pool still has, whatever it keeps back or owes."""
    pool, spec = deed.subject, world.scenario.pools[deed.subject]
    given = world.state.pools[pool].given if pool in world.state.pools else 0
    free = int(world.value(f"pools.{pool}.available")) - given
    size = min(deed.fighters, free)
    if size < 1:
        return "the pool has nobody left"
    if not world.friends(world.state.places[spec.at].holder, spec.side):
        return "the place that they would come from is lost"
    if world.hostile(spec.side, world.state.places[deed.to].holder):
        return "an enemy holds it"

    def act(cause: int) -> None:
        _raise_column(world, pool, size, free - size, cause, (), to=deed.to, operation="")

    return act


def unrest_fired(world: World, subject: str, cause: int) -> None:
    """Hold a pool back for a while."""
    spec = world.scenario.pools[subject]
    pool = world.state.pools.get(subject)
    lasts = int(world.sample(f"pools.{subject}.unrest_duration", subject, pool.outbreaks if pool else 0))
    world.record(f.PoolHeld, cause, pool=subject, side=spec.side, place=spec.at, until_s=world.now + lasts)


REACTIONS = {
    f.RunStarted: on_started,
    f.ReinforcementRequested: on_requested,
    f.ControlChanged: on_control,
    f.AssumptionChanged: on_changed,
}
HAZARDS = {"unrest": unrest_fired}
INTERVENTIONS = {"release": release}
