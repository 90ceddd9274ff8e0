"""Operations: a side's plans, from the trigger to the end.

An operation waits for its trigger, and on while there is nothing to take; it is ordered, musters columns at the
assembly places of its axes, sets out when the believed odds are as wanted (less is wanted once its patience is
over), and advances along each axis from one enemy place to the next. An attempt ends when everything on its way is
held, when it has lost the share at which it gives up, when it gets no further, when nobody is left, or with a
truce; then it may be renewed, by those who are left of it and by more.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.domain import facts as f
from sim.domain.folding.command import NO_FAILURE
from sim.processes.operations.advancing import advance_until_over, launch
from sim.processes.operations.mustering import RANK, End, Outcome, muster, until_strong_enough
from sim.processes.operations.standing import regroup, stand_down
from sim.scenario.interventions import Deed
from sim.scenario.plans import Operation as Plan
from sim.world import plans
from sim.world.conditions import holds
from sim.world.orders import issue_order
from sim.world.world import Act, Steps, World

# --- waiting for the trigger --------------------------------------------------------------------------


def on_anything(world: World, fact: f.Fact) -> None:
    """Start the operations whose triggers hold after a fact, if there is anything for them to take."""
    _consider(world, world.compiled.triggers.get(type(fact), ()), fact)


def _consider(world: World, names: Iterable[str], fact: f.Fact) -> None:
    if not world.scenario.command.enabled:
        return
    for name in names:
        plan, operation = world.scenario.operations[name], world.state.operations.get(name)
        if f"operation:{name}" in world.running or (operation is not None and operation.stage == "over"):
            continue
        since = operation.since_fact if operation is not None else 0
        met, because = holds(world, plan.trigger, since, f"operations.{name}.trigger", plan.side)
        if met and plans.left_to_take(world, plan):
            world.start(f"operation:{name}", _conduct(world, name, plan, fact.seq, because))


def ordered(world: World, deed: Deed) -> Act | str:
    """Order an operation from outside, whatever it waits for; or a force to a place that no enemy holds."""
    if deed.to:
        return _sent(world, deed.subject, deed.to)
    name, plan = deed.subject, world.scenario.operations[deed.subject]
    if f"operation:{name}" in world.running:
        return "it is under way already"
    if not plans.left_to_take(world, plan):
        return "there is nothing left to take"
    return lambda cause: world.start(f"operation:{name}", _conduct(world, name, plan, cause, ()))


def _sent(world: World, force: str, to: str) -> Act | str:
    """Order every detachment of a force that stands somewhere and has no other task to a place."""
    if world.hostile(world.scenario.forces[force].side, world.state.places[to].holder):
        return "an enemy holds it"
    free = [
        own.id
        for own in world.state.forces.values()
        if plans.origin(own) == (force, "@")
        and own.posture in ("garrison", "reserve")
        and not (own.operation or own.leg or own.order_to or world.state.places[own.place].engagement)
        and own.place != to
        and own.fit
    ]
    if not free:
        return "nobody of it is free to go"

    def act(cause: int) -> None:
        for name in sorted(free):
            issue_order(world, name, to, "garrison", "", cause, "from outside")

    return act


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


def on_talks(world: World, fact: f.TruceAgreed | f.SettlementReached | f.TalksCollapsed) -> None:  # noqa: ARG001 - reactions share a signature
    """Let every operation look again when talks took a turn."""
    _wake(world, *world.scenario.sides)


def _wake(world: World, *sides: str) -> None:
    for side in sides:
        for name in world.compiled.operations_of[side]:
            world.nudge(f"operation:{name}")


def on_changed(world: World, changed: f.AssumptionChanged) -> None:
    """Let every operation look again when a number on which commanders decide has changed."""
    if changed.assumption.startswith(_DECIDE_ON):
        _consider(world, world.scenario.operations, changed)
        _wake(world, *world.scenario.sides)


# --- one operation after its trigger ------------------------------------------------------------------


def _conduct(world: World, name: str, plan: Plan, cause: int, because: tuple[int, ...]) -> Steps:
    attempt = world.state.operations[name].attempt if name in world.state.operations else 0
    starts = world.now + int(world.sample(f"operations.{name}.delay", name, attempt))
    while True:
        attempt += 1
        look = plans.outlook(world, name, plan)
        reasons = dict.fromkeys((*because, *look.because))
        cause = world.record(
            f.OperationOrdered,
            cause,
            tuple(seq for seq in reasons if seq != cause),
            operation=name,
            side=plan.side,
            attempt=attempt,
            starts_s=starts,
            believed_odds=world.value(f"operations.{name}.wanted_fighters") / max(1, look.enemies),
            objective=look.objective,
            belief_s=look.belief_s,
        )
        because = ()
        yield world.sleep(starts, RANK, f"operation:{name}")
        end = yield from _attempt(world, name, plan, cause)
        again = _again(world, name, plan, end.outcome)
        cause = world.record(
            f.OperationEnded,
            cause,
            end.because,
            operation=name,
            side=plan.side,
            attempt=attempt,
            outcome=end.outcome,
            again_s=again,
            why=end.why,
            objective=end.objective,
            measured=end.measured,
            limit=end.limit,
        )
        if again < 0 or end.outcome in _DONE or end.why == "settled":
            stand_down(world, name, plan, cause)
            return
        regroup(world, name, plan, cause)
        yield world.sleep(again, RANK, f"operation:{name}")
        while plans.forbidden(world, plan) == "truce":
            yield world.wait(None, RANK, f"operation:{name}")
        if plans.forbidden(world, plan) or not plans.left_to_take(world, plan):
            stand_down(world, name, plan, cause)
            return
        starts = world.now


def _attempt(world: World, name: str, plan: Plan, cause: int) -> Outcome:
    """Muster, set out and advance; return how it ended."""
    if not plans.left_to_take(world, plan):
        return End("nothing to do", "all held")
    muster(world, name, plan, cause, "short of fighters")
    end = yield from until_strong_enough(world, name, plan, cause)
    if end is None:
        end = yield from advance_until_over(world, name, plan, launch(world, name, plan, cause))
    return end


def _again(world: World, name: str, plan: Plan, outcome: str) -> int:
    """Return when an operation may be tried again, -1 if never; what is no failure costs no attempt."""
    if outcome in NO_FAILURE:
        return world.now
    operation = world.state.operations[name]
    if operation.failures >= plan.renew:
        return -1
    return world.now + int(world.sample(f"operations.{name}.regroup", name, operation.failures))


def on_freed(world: World, ended: f.EngagementEnded) -> None:
    """Let forces of operations that are over stand down when their fight ends."""
    for force in world.party(ended.place, ended.side):
        name = force.operation.partition("/")[0]
        over = name in world.state.operations and f"operation:{name}" not in world.running
        if over and not force.order_to and not force.leg:
            world.record(
                f.PostureChanged,
                ended.seq,
                force=force.id,
                side=force.side,
                place=force.place,
                posture="garrison",
                operation="",
            )


#: Ends after which an operation waits for its trigger again.
_DONE = ("reached", "nothing to do")
_DECIDE_ON = ("command.", "doctrine.", "operations.")
#: A trigger may wait for any kind of fact.
REACTIONS = dict.fromkeys(f.KINDS.values(), (on_anything,)) | {
    f.AssumptionChanged: on_changed,
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
INTERVENTIONS = {"order": ordered}
