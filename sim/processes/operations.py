"""Operations: a side's plans, from the trigger to the end.

An operation waits for its trigger, is ordered, musters columns at the assembly places of its axes, sets
out when the believed odds are as wanted (less is wanted once its patience is over), and advances along
each axis from one enemy place to the next. It ends when everything on its way is held, when it has lost
the share at which it gives up, when nobody is left, or when a truce forbids it; then it may be renewed.
"""

from __future__ import annotations

import re
from collections.abc import Generator

import simpy

from sim.domain import facts as f
from sim.domain.state import HILLS, Force, Operation
from sim.scenario.schema import Axis
from sim.scenario.schema import Operation as Plan
from sim.world import plans
from sim.world.conditions import holds
from sim.world.orders import issue_order
from sim.world.world import Steps, World

RANK = 30
Outcome = Generator[simpy.Event, None, str]
_SMALLEST_COLUMN = 10
_ORIGIN = re.compile(r"[@#>]")
_LEFT_BEHIND_MAX_SHARE = 0.3
_WAITS_AT_MOST = 5
_AT_POST = ("garrison", "reserve")


# --- waiting for the trigger --------------------------------------------------------------------------


def on_anything(world: World, fact: f.Fact) -> None:
    """Start the operations whose triggers a fact fulfils."""
    if not world.scenario.command.enabled:
        return
    for name in world.compiled.triggers.get(type(fact), ()):
        plan, operation = world.scenario.operations[name], world.state.operations.get(name)
        if f"operation:{name}" in world.running or (operation is not None and operation.stage == "over"):
            continue
        since = operation.since_fact if operation is not None else 0
        met, because = holds(world, plan.trigger, since, f"operations.{name}.trigger", plan.side)
        if met:
            world.start(f"operation:{name}", _conduct(world, name, plan, fact.seq, because))


# --- waking an operation under way --------------------------------------------------------------------


def on_column(world: World, fact: f.ForceArrived | f.ForceBeaten) -> None:
    """Let an operation look again when one of its forces arrived or was beaten."""
    force = world.state.forces.get(fact.force)
    if force is not None and force.operation:
        world.nudge(f"operation:{force.operation.partition('/')[0]}")


def on_report(world: World, report: f.ReportReceived) -> None:
    """Let the operations of a side look again when it learns something."""
    _wake(world, report.side, "")


def on_control(world: World, change: f.ControlChanged) -> None:
    """Let the operations of both sides look again when a place changed hands."""
    _wake(world, change.side, change.lost_by)


def on_engagement(world: World, fight: f.EngagementBegan | f.EngagementEnded) -> None:
    """Let the operations of both sides look again when fighting began or ended."""
    _wake(world, fight.side, fight.enemy)


def on_talks(world: World, fact: f.TruceAgreed | f.SettlementReached | f.TalksCollapsed) -> None:  # noqa: ARG001 - a reaction
    """Let every operation look again when talks took a turn."""
    _wake(world, *world.scenario.sides)


def _wake(world: World, *sides: str) -> None:
    for side in sides:
        for name in world.compiled.operations_of[side]:
            world.nudge(f"operation:{name}")


# --- one operation after its trigger ------------------------------------------------------------------


def _conduct(world: World, name: str, plan: Plan, cause: int, because: tuple[int, ...]) -> Steps:
    attempt = world.state.operations[name].attempt if name in world.state.operations else 0
    starts = world.now + int(world.sample(f"operations.{name}.delay", name, attempt))
    while True:
        attempt += 1
        cause = world.record(
            f.OperationOrdered, cause, tuple(seq for seq in because if seq != cause), operation=name, side=plan.side,
            attempt=attempt, starts_s=starts, believed_odds=plans.outlook(world, name, plan).odds,
        )
        because = ()
        yield world.sleep(starts, RANK, f"operation:{name}")
        outcome = "truce" if plans.forbidden(world, plan) else ""
        if not outcome:
            _muster(world, name, plan, cause)
            outcome = yield from _until_strong_enough(world, name, plan, cause)
        if not outcome:
            cause = _launch(world, name, plan, cause)
            outcome = yield from _advance_until_over(world, name, plan, cause)
        again = _again(world, name, plan, outcome)
        cause = world.record(
            f.OperationEnded, cause, operation=name, side=plan.side, attempt=attempt, outcome=outcome, again_s=again,
        )
        _stand_down(world, name, plan, cause)
        if again < 0 or outcome == "reached":
            return
        yield world.sleep(again, RANK, f"operation:{name}")
        while plans.forbidden(world, plan):
            yield world.wait(None, RANK, f"operation:{name}")
        starts = world.now


def _again(world: World, name: str, plan: Plan, outcome: str) -> int:
    """Return when an operation may be tried again, -1 if never; a truce costs no attempt."""
    if outcome in ("truce", "reached"):
        return world.now
    operation = world.state.operations[name]
    if operation.failures >= plan.renew:
        return -1
    return world.now + int(world.sample(f"operations.{name}.regroup", name, operation.failures))


# --- mustering ----------------------------------------------------------------------------------------


def _muster(world: World, name: str, plan: Plan, cause: int) -> None:
    wanted = world.value(f"operations.{name}.wanted_fighters")
    for axis_name, axis in plan.axes.items():
        need = int(wanted * world.value(f"operations.{name}.axes.{axis_name}.share"))
        label = f"{name}/{axis_name}"
        for force in _candidates(world, axis, plan.side) if need >= _SMALLEST_COLUMN else ():
            if need < _SMALLEST_COLUMN:
                break
            need -= _call_up(world, name, axis, label, force, need, cause)
        pools = [pool for pool in axis.pools if pool in world.scenario.pools]
        for index, pool in enumerate(pools):
            part = need // (len(pools) - index)
            need -= part
            if part >= _SMALLEST_COLUMN:
                world.record(
                    f.ReinforcementRequested, cause, pool=pool, side=plan.side, place=axis.assemble_at, operation=name,
                    axis=axis_name, count=part,
                )


def _candidates(world: World, axis: Axis, side: str) -> list[Force]:
    """Return the free detachments of the named forces and earlier columns of the pools that can walk there, in this order."""
    places = world.state.places
    near = world.ways.joined("foot", {axis.assemble_at}, side)
    sources = (*axis.forces, *axis.pools)
    free: dict[str, list[Force]] = {source: [] for source in sources}
    for force in world.state.forces.values():
        if force.posture in _AT_POST and not force.operation and not force.leg and not force.order_to:
            source = _ORIGIN.split(force.id, maxsplit=1)[0]
            if source in free and force.place in near and not places[force.place].engagement:
                free[source].append(force)
    return [force for source in sources for force in sorted(free[source], key=lambda force: force.id)]


def _call_up(world: World, name: str, axis: Axis, label: str, force: Force, need: int, cause: int) -> int:
    """Take a share of a detachment for an axis; return how many fighters that is."""
    count = min(need, int(force.fit * world.value(f"operations.{name}.commit_share")))
    if count < _SMALLEST_COLUMN:
        return 0
    light = force.vehicles.get("light", 0) * count // force.fit
    child = f"{force.id}>{name}#{force.children + 1}"
    split = world.record(
        f.ForceSplit, cause, force=force.id, side=force.side, place=force.place, child=child, posture="garrison",
        fit=count, vehicles=(("light", light),) if light else (), operation=label,
    )
    if force.place != axis.assemble_at:
        issue_order(world, child, axis.assemble_at, "assemble", label, split)
    return count


def _until_strong_enough(world: World, name: str, plan: Plan, cause: int) -> Outcome:
    """Wait for the odds that are wanted; return why the operation ends before it starts, '' if it starts.

    Patience counts from the last arrival: as long as columns come in, a commander waits for more. Each
    time it has passed he asks for reinforcements again; in the end he gives the attempt up.
    """
    began = world.now
    patience = plans.patience_s(world, name)
    asked = 0
    while True:
        if plans.forbidden(world, plan):
            return "truce"
        look = plans.outlook(world, name, plan)
        waited = world.now - max(began, look.last_arrival_s)
        if look.odds > 0 and (not look.objective or _dares(world, name, plan, look, waited)):
            return ""
        if waited >= _WAITS_AT_MOST * patience:
            return "stalled" if look.anybody else "no forces"
        if waited // patience > asked:
            asked = waited // patience
            _muster(world, name, plan, cause)
        yield world.wait(plans.next_look(world, name, waited), RANK, f"operation:{name}")


def _dares(world: World, name: str, plan: Plan, look: plans.Outlook, waited: int) -> bool:
    """Tell whether the odds are good enough, as far as they are known, or it is time to go without knowing."""
    if not look.known and waited < plans.patience_s(world, name):
        return False
    return look.odds >= plans.wanted_odds(world, plan, look.objective, waited, name)


# --- advancing ----------------------------------------------------------------------------------------


def _launch(world: World, name: str, plan: Plan, cause: int) -> int:
    fighters = sum(force.fit for axis in plan.axes for force in plans.members(world, name, axis))
    return world.record(
        f.OperationLaunched, cause, operation=name, side=plan.side, attempt=world.state.operations[name].attempt,
        fighters=fighters, believed_odds=plans.outlook(world, name, plan).odds,
    )


def _advance_until_over(world: World, name: str, plan: Plan, cause: int) -> Outcome:
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
    free = [force for force in group if not force.leg]
    fighting = [force for force in free if places[force.place].engagement]
    if fighting:
        front = min(fighting, key=plans.largest_first).place
        _follow(world, sorted(free, key=plans.largest_first), front, cause)
        return "busy"
    if not free or any([force.leg and force.posture == "assaulting" for force in group]):
        return "busy"
    free.sort(key=plans.largest_first)
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


def _order(world: World, force: Force, to: str, why: str, cause: int) -> None:
    world.record(
        f.OrderDelivered, cause, side=force.side, force=force.id, place=force.place, to=to, purpose=why,
        operation=force.operation,
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
    world: World, name: str, plan: Plan, axis_name: str, together: list[Force], objective: str, waits: list[int], cause: int
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
    waited = world.now - max(world.state.operations[name].since_s, head.rested_since_s, here.held_since_s if taken_here else 0)
    patience = plans.patience_s(world, name)
    if (believed is None and waited < patience) or fit < plans.wanted_odds(world, plan, objective, waited, name) * (believed or 0):
        if waited >= _WAITS_AT_MOST * patience:
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
            f.ForceSplit, cause, force=head.id, side=head.side, place=head.place,
            child=f"{head.id}>{head.place}#{head.children + 1}", posture="garrison", fit=count, vehicles=(),
            operation="",
        )


def _stand_down(world: World, name: str, plan: Plan, cause: int) -> None:
    """Turn what is left of an operation into garrisons where it stands."""
    for axis in plan.axes:
        for force in sorted(plans.members(world, name, axis), key=plans.largest_first):
            if force.leg or world.state.places[force.place].engagement:
                if not world.state.places[force.place].engagement:
                    _order(world, force, plan.axes[axis].assemble_at, "return", cause)
                continue
            world.record(
                f.PostureChanged, cause, force=force.id, side=force.side, place=force.place, posture="garrison", operation="",
            )


def on_freed(world: World, ended: f.EngagementEnded) -> None:
    """Let forces of operations that are over stand down when their fight ends."""
    for force in world.party(ended.place, ended.side):
        plan = force.operation.partition("/")[0]
        operation = world.state.operations.get(plan)
        if operation is not None and operation.stage in ("waiting", "over") and not force.order_to and not force.leg:
            world.record(
                f.PostureChanged, ended.seq, force=force.id, side=force.side, place=force.place, posture="garrison",
                operation="",
            )


_MAY_TRIGGER = (
    f.RunStarted, f.ControlChanged, f.EngagementEnded, f.ForceArrived, f.ReportReceived, f.ForceBeaten, f.ForceSurrendered,
    f.SiegeBegan, f.SiegeLifted, f.TalksOpened, f.TruceAgreed, f.TalksCollapsed, f.SettlementReached, f.UltimatumExpired,
    f.DayCame, f.OperationLaunched, f.OperationEnded, f.RisingBegan, f.CommunicationsCut, f.EngagementBegan,
)
REACTIONS = dict.fromkeys(_MAY_TRIGGER, (on_anything,)) | {
    f.ForceArrived: (on_anything, on_column),
    f.ForceBeaten: (on_anything, on_column),
    f.ReportReceived: (on_anything, on_report),
    f.ControlChanged: (on_anything, on_control),
    f.EngagementBegan: (on_anything, on_engagement),
    f.EngagementEnded: (on_anything, on_engagement, on_freed),
    f.TruceAgreed: (on_anything, on_talks),
    f.SettlementReached: (on_anything, on_talks),
    f.TalksCollapsed: (on_anything, on_talks),
}
