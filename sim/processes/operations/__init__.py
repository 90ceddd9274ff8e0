"""Operations: a side's plans, from the trigger to the end.

An operation waits for its trigger, is ordered, musters columns at the assembly places of its axes, sets
out when the believed odds are as wanted (less is wanted once its patience is over), and advances along
each axis from one enemy place to the next. It ends when everything on its way is held, when it has lost
the share at which it gives up, when nobody is left, or when a truce forbids it; then it may be renewed.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.processes.operations.advancing import advance_until_over, launch, stand_down
from sim.processes.operations.mustering import RANK, muster, until_strong_enough
from sim.scenario.plans import Operation as Plan
from sim.world import plans
from sim.world.conditions import holds
from sim.world.world import Steps, World

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
            f.OperationOrdered,
            cause,
            tuple(seq for seq in because if seq != cause),
            operation=name,
            side=plan.side,
            attempt=attempt,
            starts_s=starts,
            believed_odds=plans.outlook(world, name, plan).odds,
        )
        because = ()
        yield world.sleep(starts, RANK, f"operation:{name}")
        outcome = "truce" if plans.forbidden(world, plan) else ""
        if not outcome:
            muster(world, name, plan, cause)
            outcome = yield from until_strong_enough(world, name, plan, cause)
        if not outcome:
            cause = launch(world, name, plan, cause)
            outcome = yield from advance_until_over(world, name, plan, cause)
        again = _again(world, name, plan, outcome)
        cause = world.record(
            f.OperationEnded,
            cause,
            operation=name,
            side=plan.side,
            attempt=attempt,
            outcome=outcome,
            again_s=again,
        )
        stand_down(world, name, plan, cause)
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


def on_freed(world: World, ended: f.EngagementEnded) -> None:
    """Let forces of operations that are over stand down when their fight ends."""
    for force in world.party(ended.place, ended.side):
        plan = force.operation.partition("/")[0]
        operation = world.state.operations.get(plan)
        if operation is not None and operation.stage in ("waiting", "over") and not force.order_to and not force.leg:
            world.record(
                f.PostureChanged,
                ended.seq,
                force=force.id,
                side=force.side,
                place=force.place,
                posture="garrison",
                operation="",
            )


_MAY_TRIGGER = (
    f.RunStarted,
    f.ControlChanged,
    f.EngagementEnded,
    f.ForceArrived,
    f.ReportReceived,
    f.ForceBeaten,
    f.ForceSurrendered,
    f.SiegeBegan,
    f.SiegeLifted,
    f.TalksOpened,
    f.TruceAgreed,
    f.TalksCollapsed,
    f.SettlementReached,
    f.UltimatumExpired,
    f.DayCame,
    f.OperationLaunched,
    f.OperationEnded,
    f.RisingBegan,
    f.CommunicationsCut,
    f.EngagementBegan,
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
