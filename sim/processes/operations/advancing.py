"""Advancing: each axis of an operation goes from one enemy place to the next, until it is over."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Force, Operation
from sim.processes.operations.mustering import RANK, WAITS_AT_MOST, Outcome
from sim.scenario.plans import Axis
from sim.scenario.plans import Operation as Plan
from sim.world import plans
from sim.world.world import World

_LEFT_BEHIND_MAX_SHARE = 0.3


def launch(world: World, name: str, plan: Plan, cause: int) -> int:
    """Record that the columns set out, and return the number of that fact."""
    fighters = sum(force.fit for axis in plan.axes for force in plans.members(world, name, axis))
    return world.record(
        f.OperationLaunched,
        cause,
        operation=name,
        side=plan.side,
        attempt=world.state.operations[name].attempt,
        fighters=fighters,
        believed_odds=plans.outlook(world, name, plan).odds,
    )


def advance_until_over(world: World, name: str, plan: Plan, cause: int) -> Outcome:
    """Move every axis as far as it can go now, and wait for something to happen; return how it ended."""
    while True:
        operation = world.state.operations[name]
        if _spent_out(world, name, operation):
            return "gave up"
        if plans.forbidden(world, plan):
            return "truce"
        waits: list[int] = []
        stages = [_advance(world, name, plan, axis, waits, cause) for axis in plan.axes]
        if all(stage == "reached" for stage in stages):
            return "reached"
        if all(stage in ("reached", "gone", "stalled") for stage in stages):
            ended = "no forces" if "gone" in stages and "stalled" not in stages else "stalled"
            return ended
        later = [moment for moment in waits if moment > world.now]
        yield world.wait(min(later) if later else None, RANK, f"operation:{name}")


def _spent_out(world: World, name: str, operation: Operation) -> bool:
    committed = max(1, operation.committed)
    return operation.lost > 0 and operation.lost >= world.value(f"operations.{name}.gives_up_at_share_lost") * committed


def _advance(world: World, name: str, plan: Plan, axis_name: str, waits: list[int], cause: int) -> str:
    """Take the next step of an axis; return reached, gone, stalled or busy."""
    axis, places = plan.axes[axis_name], world.state.places
    group = plans.members(world, name, axis_name)
    if not group:
        return "gone"
    free: list[Force] = []
    fighting = assaulting = False
    for force in group:
        if force.leg:
            assaulting = assaulting or force.posture == "assaulting"
        else:
            free.append(force)
            fighting = fighting or places[force.place].engagement != ""
    if (assaulting and not fighting) or not free:
        return "busy"
    free.sort(key=plans.largest_first)
    if fighting:
        _follow(world, free, next(force.place for force in free if places[force.place].engagement), cause)
        return "busy"
    head = free[0]
    objective = _objective(world, plan, axis, head)
    if objective is None:
        return "stalled"
    if not objective:
        return _occupy(world, axis, free, cause)
    together = [force for force in free if force.place == head.place]
    return _attack(world, name, plan, axis_name, together, objective, waits, cause)


def _follow(world: World, free: list[Force], place: str, cause: int) -> None:
    """Send those of an axis who are not on the march after those who fight."""
    for force in free:
        if force.place != place and not force.order_to:
            _order(world, force, place, "assault", cause)


def _order(world: World, force: Force, to: str, why: str, cause: int, operation: str | None = None) -> None:
    world.record(
        f.OrderDelivered,
        cause,
        side=force.side,
        force=force.id,
        place=force.place,
        to=to,
        purpose=why,
        operation=force.operation if operation is None else operation,
    )


def _objective(world: World, plan: Plan, axis: Axis, head: Force) -> str | None:
    """Return the next place to be taken on the way, '' if the whole way is held, None if there is no way."""
    places, friends = world.state.places, world.compiled.friends[plan.side]
    target = next((place for place in axis.path if places[place].holder not in friends), "")
    if not target:
        return ""
    for mode in ("light", "foot"):
        way = world.ways.direct(mode, head.place, target)
        if way is not None:
            return next((stop for _, stop in way if places[stop].holder not in friends), target)
    return None


def _occupy(world: World, axis: Axis, free: list[Force], cause: int) -> str:
    """Move everybody to the end of an axis that is held all the way."""
    end = axis.path[-1]
    arrived = True
    for force in free:
        if force.place != end:
            arrived = False
            if not force.order_to:
                _order(world, force, end, "assemble", cause)
    return "reached" if arrived else "busy"


def _attack(
    world: World,
    name: str,
    plan: Plan,
    axis_name: str,
    together: list[Force],
    objective: str,
    waits: list[int],
    cause: int,
) -> str:
    head = together[0]
    if head.order_to == objective:
        return "busy"
    here = world.state.places[head.place]
    taken_here = here.holder == plan.side and here.held_since_s > world.state.operations[name].since_s
    if taken_here:
        pause = world.sample(f"doctrine.{plan.side}.pause_after_success", f"{name}/{axis_name}", here.engagements)
        ready = here.held_since_s + int(pause)
        if world.now < ready:
            waits.append(ready)
            return "busy"
    fit = sum(force.fit for force in together)
    believed = plans.believed(world, plan.side, objective) if world.state.places[objective].holder else 0
    waited = world.now - max(
        world.state.operations[name].since_s, head.rested_since_s, here.held_since_s if taken_here else 0
    )
    patience = plans.patience_s(world, name)
    if (believed is None and waited < patience) or fit < plans.wanted_odds(world, plan, objective, waited, name) * (
        believed or 0
    ):
        if waited >= WAITS_AT_MOST * patience:
            return "stalled"
        waits.append(plans.next_look(world, name, waited))
        return "busy"
    for other in together[1:]:
        world.record(f.ForceMerged, cause, force=other.id, side=other.side, place=other.place, into=head.id)
    if taken_here:
        _leave_garrison(world, plan, head, cause)
    _order(world, head, objective, "assault", cause)
    return "busy"


def _leave_garrison(world: World, plan: Plan, head: Force, cause: int) -> None:
    there = world.strength(head.place, head.side) - head.fit
    wanted = int(world.value(f"doctrine.{plan.side}.garrison_left_fighters")) - there
    count = min(wanted, int(head.fit * _LEFT_BEHIND_MAX_SHARE))
    if count >= 1:
        world.record(
            f.ForceSplit,
            cause,
            force=head.id,
            side=head.side,
            place=head.place,
            child=f"{head.id}>{head.place}#{head.children + 1}",
            posture="garrison",
            fit=count,
            vehicles=(),
            operation="",
        )


def stand_down(world: World, name: str, plan: Plan, cause: int) -> None:
    """Turn what is left of an operation into garrisons where it stands."""
    for axis in plan.axes:
        for force in sorted(plans.members(world, name, axis), key=plans.largest_first):
            if force.leg or world.state.places[force.place].engagement:
                if not world.state.places[force.place].engagement:
                    _order(world, force, plan.axes[axis].assemble_at, "return", cause, operation="")
                continue
            world.record(
                f.PostureChanged,
                cause,
                force=force.id,
                side=force.side,
                place=force.place,
                posture="garrison",
                operation="",
            )
