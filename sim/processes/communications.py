"""Communications: a side cuts an area's telephones when its condition holds; part of them comes back."""

from __future__ import annotations

from functools import partial

from sim.domain import facts as f
from sim.world.conditions import holds
from sim.world.world import World

RANK = 15


def on_anything(world: World, fact: f.Fact) -> None:
    """Plan the cut once its condition holds."""
    for name in world.compiled.cuts.get(type(fact), ()):
        spec = world.scenario.communications[name]
        alarm = f"cut:{name}"
        if alarm in world.alarms:
            continue
        met, because = holds(world, spec.when, 0, f"communications.{name}.when", spec.cut_by)
        if met:
            due = world.now + int(world.sample(f"communications.{name}.delay", name))
            world.alarms[alarm] = due
            others = tuple(seq for seq in because if seq != fact.seq)
            world.at(due, RANK, alarm, partial(_cut, world, name, fact.seq, others))


def _cut(world: World, name: str, cause: int, because: tuple[int, ...]) -> None:
    spec = world.scenario.communications[name]
    cut = world.record(f.CommunicationsCut, cause, because, area=spec.area, side=spec.cut_by)
    world.hazards.set("reconnection", name, world.value(f"communications.{name}.restored_per_day"), cut)


def reconnection_fired(world: World, subject: str, cause: int) -> None:
    """Bring part of the telephones back."""
    spec = world.scenario.communications[subject]
    world.hazards.set("reconnection", subject, 0.0, cause)
    world.record(f.CommunicationsRestored, cause, area=spec.area, side=spec.cut_by)


_WAKING = (
    f.RunStarted,
    f.ControlChanged,
    f.SiegeBegan,
    f.TalksOpened,
    f.TruceAgreed,
    f.TalksCollapsed,
    f.UltimatumIssued,
    f.UltimatumExpired,
    f.DayCame,
    f.OperationOrdered,
    f.OperationLaunched,
    f.OperationEnded,
    f.EngagementBegan,
)
REACTIONS = dict.fromkeys(_WAKING, on_anything)
HAZARDS = {"reconnection": reconnection_fired}
