"""Advancing: each axis of an operation goes from one enemy place to the next, until it is over."""

from __future__ import annotations

from typing import NamedTuple

from sim.domain import facts as f
from sim.domain.state import Belief, Force, Operation, Place
from sim.processes.operations.mustering import RANK, End, Outcome, muster
from sim.processes.operations.standing import leave_garrison, shift
from sim.scenario.plans import Axis
from sim.scenario.plans import Operation as Plan
from sim.world import plans
from sim.world.beliefs import believed, reports
from sim.world.orders import give_order
from sim.world.reports import scout
from sim.world.world import World


class Step(NamedTuple):
    """How far an axis is: reached, gone, stalled or busy; why and where it is stalled, as in OperationEnded."""

    word: str
    why: str = ""
    objective: str = ""
    measured: float = 0.0
    limit: float = 0.0
    because: tuple[int, ...] = ()


_BUSY, _REACHED = Step("busy"), Step("reached")


class March(NamedTuple):
    """An operation on the march: its name, its plan and the fact from which it set out.

    ``looks`` are the moments at which it must look again, ``asked`` how often an axis that waits has asked for more.
    """

    name: str
    plan: Plan
    cause: int
    looks: list[int]
    asked: dict[str, int]


def launch(world: World, name: str, plan: Plan, cause: int) -> int:
    """Record that the columns set out, and return the number of that fact."""
    look = plans.outlook(world, name, plan)
    waited = world.now - max(world.state.operations[name].since_s, look.last_arrival_s)
    return world.record(
        f.OperationLaunched,
        cause,
        look.because,
        operation=name,
        side=plan.side,
        attempt=world.state.operations[name].attempt,
        fighters=sum(force.fit for axis in plan.axes for force in plans.members(world, name, axis)),
        believed_odds=look.odds,
        objective=look.objective,
        wanted_odds=plans.wanted_odds(world, plan, look.objective, waited, name) if look.objective else 0.0,
        belief_s=look.belief_s,
    )


def advance_until_over(world: World, name: str, plan: Plan, cause: int) -> Outcome:
    """Move every axis as far as it can go now, and wait for something to happen; return how it ended."""
    march = March(name, plan, cause, [], {})
    while True:
        spent_out = _spent_out(world, name, world.state.operations[name])
        if spent_out is not None:
            return spent_out
        stopped = plans.forbidden(world, plan)
        if stopped:
            return End("truce", stopped)
        march.looks.clear()
        steps = [_advance(world, march, axis) for axis in plan.axes]
        words = {step.word for step in steps}
        if words == {"reached"}:
            return End("reached", "all held")
        if "busy" not in words:
            if shift(world, name, plan, cause):
                continue
            stalled = next((step for step in steps if step.word == "stalled"), None)
            gone = next((step for step in steps if step.word == "gone"), _REACHED)
            return End(*stalled) if stalled is not None else End("no forces", *gone[1:])
        later = [moment for moment in march.looks if moment > world.now]
        yield world.wait(min(later) if later else None, RANK, f"operation:{name}")


def _spent_out(world: World, name: str, operation: Operation) -> End | None:
    limit = plans.gives_up_share(world, name)
    lost = operation.lost / max(1, operation.committed)
    if limit is None or not operation.lost or lost < limit:
        return None
    return End("gave up", "losses", "", lost, limit)


def _advance(world: World, march: March, axis_name: str) -> Step:
    """Take the next step of an axis."""
    axis, places = march.plan.axes[axis_name], world.state.places
    group = plans.members(world, march.name, axis_name)
    if not group:
        left = next((place for place in axis.path if plans.to_take(world, march.plan.side, place)), "")
        return Step("gone", "nobody left", left) if left else _REACHED
    there = [force for force in group if not force.leg]
    free = sorted((force for force in there if not _faces(world, force)), key=lambda force: _foremost(axis, force))
    fighting = next((force.place for force in free if places[force.place].engagement), "")
    assaulting = any(force.leg and force.posture == "assaulting" for force in group)
    if not free and len(there) == len(group):
        return Step("stalled", "face to face", there[0].place)
    if (assaulting and not fighting) or not free:
        return _BUSY
    if fighting:
        _send_on(world, march, axis, free, fighting, "assault", "joins the fight")
        return _BUSY
    head = free[0]
    rides = head.vehicles.get("light", 0) * world.value("movement.fighters_per_vehicle") >= head.fit
    modes = ("light", "foot") if rides else ("foot", "light")
    objective = plans.next_objective(world, march.plan, axis, head.place, modes)
    if objective is None:
        return Step("stalled", "no way", next(place for place in axis.path if plans.to_take(world, head.side, place)))
    if not objective:
        return _occupy(world, march, axis, group)
    _send_on(world, march, axis, free, head.place, "assemble", "moves up")
    return _attack(world, march, axis_name, free, objective)


def _faces(world: World, force: Force) -> bool:
    """Tell whether a force stands before an enemy at whom nobody fires: a truce holds, or combat is switched off."""
    here = world.state.places[force.place]
    return not here.engagement and len(here.fighters) > 1 and bool(world.enemies_at(force.place, force.side))


def _foremost(axis: Axis, force: Force) -> tuple[int, int, str]:
    """Return by what to sort forces so that the one farthest along the way comes first, and of these the largest."""
    along = axis.path.index(force.place) if force.place in axis.path else -1
    return -along, *plans.largest_first(force)


def _send_on(world: World, march: March, axis: Axis, free: list[Force], to: str, purpose: str, why: str) -> None:
    """Send those of an axis who stand elsewhere on to a place: each body as one column, if it is worth sending.

    Who goes on from a place on the way leaves a garrison there, if too few hold it.
    """
    waiting: dict[str, list[Force]] = {}
    for force in free:
        if force.place != to and not (force.order_to == to and force.order_purpose == purpose):
            waiting.setdefault(force.place, []).append(force)
    smallest = plans.column_min(world, march.plan.side)
    for together in waiting.values():
        if sum(force.fit for force in together) >= smallest:
            head = _join(world, together, march.cause)
            if head.place in axis.path:
                leave_garrison(world, head, march.cause)
            give_order(world, head, to, purpose, head.operation, march.cause, why)


def _join(world: World, together: list[Force], cause: int) -> Force:
    """Make one column of forces that stand together, under the name of the first, and return it."""
    head = together[0]
    for other in together[1:]:
        world.record(f.ForceMerged, cause, force=other.id, side=other.side, place=other.place, into=head.id)
    return head


def _occupy(world: World, march: March, axis: Axis, group: list[Force]) -> Step:
    """Move everybody to the end of an axis that is held all the way; a handful left behind does not count."""
    end = axis.path[-1]
    _send_on(world, march, axis, [force for force in group if not force.leg], end, "assemble", "all held")
    stragglers = sum(force.fit for force in group if force.leg or force.place != end)
    return _REACHED if stragglers < plans.column_min(world, march.plan.side) else _BUSY


def _attack(world: World, march: March, axis_name: str, free: list[Force], objective: str) -> Step:
    """Order the assault on the next place, or wait: after success or defeat, for word of the enemy, for better odds."""
    head, name = free[0], march.name
    if head.order_to == objective and head.order_purpose == "assault":
        return _BUSY
    here = world.state.places[head.place]
    taken_here = here.holder == head.side and here.held_since_s > world.state.operations[name].since_s
    ready = _rested_s(world, march, axis_name, here if taken_here else None)
    if world.now < ready:
        march.looks.append(ready)
        return _BUSY
    together = [force for force in free if force.place == head.place]
    fit = sum(force.fit for force in together)
    held = bool(world.state.places[objective].holder)
    belief = believed(world, head.side, objective) if held else Belief(0, world.now, -1)
    waited = world.now - max(world.state.operations[name].since_s, head.rested_since_s, ready)
    wanted = plans.wanted_odds(world, march.plan, objective, waited, name)
    if belief is None or belief.observed_s < head.rested_since_s:
        scout(world, head.side, objective, march.cause)
    enemies = belief.estimate if belief is not None else 0
    unknown = belief is None and waited < plans.patience_s(world, name)
    if unknown or fit < wanted * enemies:
        why = Step("stalled", "odds", objective, fit / max(1, enemies), wanted, reports([belief] if belief else []))
        why = why if belief is not None else why._replace(why="enemy unknown")
        return _wait_for_more(world, march, axis_name, waited, why)
    because = reports([belief] if belief is not None else [])
    head = _join(world, together, march.cause)
    if taken_here:
        leave_garrison(world, head, march.cause)
    give_order(world, head, objective, "assault", head.operation, march.cause, "attack", because)
    return _BUSY


def _rested_s(world: World, march: March, axis_name: str, taken: Place | None) -> int:
    """Return when an axis may attack again: a pause after the place it took, time to regroup after it was beaten."""
    subject, side = f"{march.name}/{axis_name}", march.plan.side
    ready = 0
    if taken is not None:
        pause = world.sample(f"doctrine.{side}.pause_after_success", subject, taken.engagements)
        ready = taken.held_since_s + int(pause)
    times, when_s = world.state.operations[march.name].beaten.get(axis_name, (0, -1))
    if when_s >= world.state.operations[march.name].since_s:
        ready = max(ready, when_s + int(world.sample(f"operations.{march.name}.regroup", subject, times)))
    return ready


def _wait_for_more(world: World, march: March, axis: str, waited: int, stalled: Step) -> Step:
    """Wait for more fighters, asking for them each time patience has passed; or give the attempt up."""
    name, plan = march.name, march.plan
    if plans.out_of_patience(world, name, plan.side, waited):
        return stalled
    due = waited // plans.patience_s(world, name)
    if due > march.asked.get(axis, 0):
        muster(world, name, plan, march.cause, "asks again")
    march.asked[axis] = due
    march.looks.append(plans.next_look(world, name, waited))
    return _BUSY
