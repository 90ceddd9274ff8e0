"""Communications: a side cuts an area's telephones when its condition holds; part of them comes back.

When they are cut is drawn once the condition holds, and stays; the rate at which part of them comes back may change.
"""

from __future__ import annotations

from functools import partial

from sim.domain import facts as f
from sim.scenario.interventions import Deed
from sim.world.conditions import holds
from sim.world.world import Act, World

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


def cut_off(world: World, deed: Deed) -> Act | str:
    """Cut the telephones of an area from outside, whatever the side waits for."""
    if world.state.cut.get(world.scenario.communications[deed.subject].area) == "cut":
        return "they are cut already"
    return partial(_cut, world, deed.subject, because=())


def _cut(world: World, name: str, cause: int, because: tuple[int, ...]) -> None:
    spec = world.scenario.communications[name]
    if world.state.cut.get(spec.area) == "cut":
        return  # somebody was faster
    cut = world.record(f.CommunicationsCut, cause, because, area=spec.area, side=spec.cut_by)
    world.hazards.set("reconnection", name, world.value(f"communications.{name}.restored_per_day"), cut)


def on_changed(world: World, changed: f.AssumptionChanged) -> None:
    """Let part of the telephones come back at another rate from now on."""
    for name, spec in world.scenario.communications.items():
        path = f"communications.{name}.restored_per_day"
        if changed.assumption == path and world.state.cut.get(spec.area) == "cut":
            world.hazards.set("reconnection", name, changed.value, changed.seq)


def reconnection_fired(world: World, subject: str, cause: int) -> None:
    """Bring part of the telephones back."""
    spec = world.scenario.communications[subject]
    world.hazards.set("reconnection", subject, 0.0, cause)
    world.record(f.CommunicationsRestored, cause, area=spec.area, side=spec.cut_by)


#: The condition of a cut may wait for any kind of fact.
REACTIONS = dict.fromkeys(f.KINDS.values(), (on_anything,)) | {f.AssumptionChanged: (on_anything, on_changed)}
HAZARDS = {"reconnection": reconnection_fired}
INTERVENTIONS = {"cut": cut_off}
