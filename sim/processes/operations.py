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
from sim.domain.terms import HOUR
from sim.scenario.schema import Axis
from sim.scenario.schema import Operation as Plan
from sim.world.conditions import holds
from sim.world.orders import issue_order
from sim.world.world import Steps, World

RANK = 30
Outcome = Generator[simpy.Event, None, str]
_SMALLEST_COLUMN = 10
_ORIGIN = re.compile(r"[@#>]")
_LEFT_BEHIND_MAX_SHARE = 0.3
_WAITS_AT_MOST = 5


# --- waiting for the trigger --------------------------------------------------------------------------


def on_anything(world: World, fact: f.Fact) -> None:
    """Look at the triggers of waiting operations, and wake those under way that a fact concerns."""
    if not world.scenario.command.enabled:
        return
    for name, plan in world.scenario.operations.items():
        operation = world.state.operations.get(name)
        if f"operation:{name}" in world.running:
            if _concerns(world, name, plan, fact):
                world.nudge(f"operation:{name}")
        elif fact.kind in world.compiled.wakes[f"operations.{name}.trigger"]:
            if operation is not None and operation.stage == "over":
                continue
            since = operation.since_fact if operation is not None else 0
            met, because = holds(world, plan.trigger, since, f"operations.{name}.trigger", plan.side)
            if met:
                world.start(f"operation:{name}", _conduct(world, name, plan, fact.seq, because))


def _concerns(world: World, name: str, plan: Plan, fact: f.Fact) -> bool:
    """Tell whether an operation under way has to look again after a fact."""
    if isinstance(fact, f.ForceArrived | f.ForceBeaten):
        force = world.state.forces.get(fact.force)
        return force is not None and force.operation.partition("/")[0] == name
    if isinstance(fact, f.ReportReceived):
        return fact.side == plan.side
    if isinstance(fact, f.ControlChanged):
        return plan.side in (fact.side, fact.lost_by)
    if isinstance(fact, f.EngagementEnded | f.EngagementBegan):
        return plan.side in (fact.side, fact.enemy)
    return isinstance(fact, f.TruceAgreed | f.SettlementReached | f.TalksCollapsed)


def _forbidden(world: World, plan: Plan) -> bool:
    talks = world.state.talks
    return any(talks[name].stage in ("truce", "settled") for name in plan.stops_for_truce if name in talks)


# --- one operation after its trigger ------------------------------------------------------------------


def _conduct(world: World, name: str, plan: Plan, cause: int, because: tuple[int, ...]) -> Steps:
    attempt = world.state.operations[name].attempt if name in world.state.operations else 0
    starts = world.now + int(world.sample(f"operations.{name}.delay", name, attempt))
    while True:
        attempt += 1
        cause = world.record(
            f.OperationOrdered, cause, tuple(seq for seq in because if seq != cause), operation=name, side=plan.side,
            attempt=attempt, starts_s=starts, believed_odds=_odds(world, name, plan)[0],
        )
        because = ()
        yield world.sleep(starts, RANK, f"operation:{name}")
        outcome = "truce" if _forbidden(world, plan) else ""
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
        while _forbidden(world, plan):
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


def _group(world: World, name: str, axis: str) -> list[Force]:
    """Return the forces of one axis, the largest first; those in the hills no longer belong to it."""
    forces = world.state.forces
    found = [
        force for member in world.state.columns.get(f"{name}/{axis}", ())
        if (force := forces[member]).posture != HILLS and force.fit
    ]
    return sorted(found, key=lambda force: (-force.fit, force.id))


def _first_enemy(world: World, plan: Plan, axis: Axis) -> str:
    """Return the first way point of an axis that an enemy holds, '' if none."""
    for place in axis.path:
        holder = world.state.places[place].holder
        if holder and world.hostile(holder, plan.side):
            return place
    return ""


def _believed(world: World, side: str, place: str) -> int | None:
    """Return the enemies a side believes at a place; the truth where the scenario switches beliefs off."""
    if not world.scenario.command.enabled:
        return sum(world.enemies_at(place, side).values())
    belief = world.state.beliefs.get(side, {}).get(place)
    return None if belief is None else belief.estimate


def _odds(world: World, name: str, plan: Plan) -> tuple[float, bool]:
    """Return assembled fighters over believed enemies at the first objectives, and whether these are known."""
    own = enemy = 0
    known = True
    for axis_name, axis in plan.axes.items():
        own += sum(force.fit for force in _group(world, name, axis_name) if force.place == axis.assemble_at and not force.leg)
        first = _first_enemy(world, plan, axis)
        if first:
            believed = _believed(world, plan.side, first)
            known = known and believed is not None
            enemy += believed or 0
    return own / max(1, enemy), known


def _wanted(world: World, plan: Plan, place: str, waited_s: int, name: str) -> float:
    """Return the odds a side wants against a place, less once it has waited as long as its patience."""
    by_terrain = world.scenario.doctrine[plan.side].odds_wanted_by_terrain
    terrain = world.scenario.places[place].terrain if place else ""
    path = f"doctrine.{plan.side}.odds_wanted" + (f"_by_terrain.{terrain}" if terrain in by_terrain else "")
    wanted = world.value(path)
    if waited_s >= world.seconds(f"operations.{name}.patience"):
        wanted *= world.value(f"doctrine.{plan.side}.odds_after_patience_share")
    return wanted


def _next_look(world: World, name: str, waited_s: int) -> int:
    """Return the moment at which a waiting side looks again: whenever its patience has passed once more."""
    patience = max(HOUR, world.seconds(f"operations.{name}.patience"))
    return world.now - waited_s + (waited_s // patience + 1) * patience


# --- mustering ----------------------------------------------------------------------------------------


def _muster(world: World, name: str, plan: Plan, cause: int) -> None:
    wanted = world.value(f"operations.{name}.wanted_fighters")
    for axis_name, axis in plan.axes.items():
        need = int(wanted * world.value(f"operations.{name}.axes.{axis_name}.share"))
        label = f"{name}/{axis_name}"
        for force in _candidates(world, axis):
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


def _candidates(world: World, axis: Axis) -> list[Force]:
    """Return the free detachments of the named forces, and what earlier columns of the pools have left behind."""
    found = []
    for source in (*axis.forces, *axis.pools):
        found += sorted(
            (force for force in world.state.forces.values()
             if _ORIGIN.split(force.id, maxsplit=1)[0] == source and force.posture in ("garrison", "reserve") and not force.operation
             and not force.leg and not force.order_to and not world.state.places[force.place].engagement),
            key=lambda force: force.id,
        )
    return found


def _call_up(world: World, name: str, axis: Axis, label: str, force: Force, need: int, cause: int) -> int:
    """Take a share of a detachment for an axis; return how many fighters that is."""
    count = min(need, int(force.fit * world.value(f"operations.{name}.commit_share")))
    if count < _SMALLEST_COLUMN or (force.place != axis.assemble_at
                                    and world.way("foot", force.place, axis.assemble_at, force.side) is None):
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
    patience = max(HOUR, world.seconds(f"operations.{name}.patience"))
    asked = 0
    while True:
        if _forbidden(world, plan):
            return "truce"
        odds, known = _odds(world, name, plan)
        groups = {axis: _group(world, name, axis) for axis in plan.axes}
        arrivals = [
            force.rested_since_s for axis, group in groups.items() for force in group
            if not force.leg and force.place == plan.axes[axis].assemble_at
        ]
        waited = world.now - max([began, *arrivals])
        place = next((first for axis in plan.axes.values() if (first := _first_enemy(world, plan, axis))), "")
        if odds > 0 and (not place or ((known or waited >= patience) and odds >= _wanted(world, plan, place, waited, name))):
            return ""
        if waited >= _WAITS_AT_MOST * patience:
            return "stalled" if any(groups.values()) else "no forces"
        if waited // patience > asked:
            asked = waited // patience
            _muster(world, name, plan, cause)
        yield world.wait(_next_look(world, name, waited), RANK, f"operation:{name}")


# --- advancing ----------------------------------------------------------------------------------------


def _launch(world: World, name: str, plan: Plan, cause: int) -> int:
    fighters = sum(force.fit for axis in plan.axes for force in _group(world, name, axis))
    return world.record(
        f.OperationLaunched, cause, operation=name, side=plan.side, attempt=world.state.operations[name].attempt,
        fighters=fighters, believed_odds=_odds(world, name, plan)[0],
    )


def _advance_until_over(world: World, name: str, plan: Plan, cause: int) -> Outcome:
    """Move every axis as far as it can go now, and wait for something to happen; return how it ended."""
    while True:
        operation = world.state.operations[name]
        if _spent_out(world, name, operation):
            return "gave up"
        if _forbidden(world, plan):
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
    axis = plan.axes[axis_name]
    group = _group(world, name, axis_name)
    if not group:
        return "gone"
    fighting = next((force for force in group if not force.leg and world.state.places[force.place].engagement), None)
    if fighting is not None:
        _follow(world, group, fighting.place, cause)
        return "busy"
    if any(force.leg and force.posture == "assaulting" for force in group):
        return "busy"
    free = [force for force in group if not force.leg]
    if not free:
        return "busy"
    head = free[0]
    objective = _objective(world, plan, axis, head)
    if objective is None:
        return "stalled"
    if not objective:
        return _occupy(world, axis, free, cause)
    together = [force for force in free if force.place == head.place]
    return _attack(world, name, plan, axis_name, together, objective, waits, cause)


def _follow(world: World, group: list[Force], place: str, cause: int) -> None:
    """Send those of an axis who stand free after those who fight."""
    for force in group:
        if not force.leg and force.place != place and not force.order_to:
            _order(world, force, place, "assault", cause)


def _order(world: World, force: Force, to: str, why: str, cause: int) -> None:
    world.record(
        f.OrderDelivered, cause, side=force.side, force=force.id, place=force.place, to=to, purpose=why,
        operation=force.operation,
    )


def _objective(world: World, plan: Plan, axis: Axis, head: Force) -> str | None:
    """Return the next place to be taken on the way, '' if the whole way is held, None if there is no way."""
    target = next(
        (place for place in axis.path if not world.friends(world.state.places[place].holder, plan.side)), ""
    )
    if not target:
        return ""
    for mode in ("light", "foot"):
        way = world.direct_way(mode, head.place, target)
        if way is not None:
            return next((stop for _, stop in way if not world.friends(world.state.places[stop].holder, plan.side)), target)
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
    believed = _believed(world, plan.side, objective) if world.state.places[objective].holder else 0
    waited = world.now - max(world.state.operations[name].since_s, head.rested_since_s, here.held_since_s if taken_here else 0)
    patience = max(HOUR, world.seconds(f"operations.{name}.patience"))
    if (believed is None and waited < patience) or fit < _wanted(world, plan, objective, waited, name) * (believed or 0):
        if waited >= _WAITS_AT_MOST * patience:
            return "stalled"
        waits.append(_next_look(world, name, waited))
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
        for force in _group(world, name, axis):
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


_WAKING = (
    f.RunStarted, f.ControlChanged, f.EngagementEnded, f.ForceArrived, f.ReportReceived, f.ForceBeaten, f.ForceSurrendered,
    f.SiegeBegan, f.SiegeLifted, f.TalksOpened, f.TruceAgreed, f.TalksCollapsed, f.SettlementReached, f.UltimatumExpired,
    f.DayCame, f.OperationLaunched, f.OperationEnded, f.RisingBegan, f.CommunicationsCut, f.EngagementBegan,
)
REACTIONS = {kind: on_anything for kind in _WAKING} | {f.EngagementEnded: (on_anything, on_freed)}
