"""Control: who holds a place, and forces in the hills that come back to it.

A place without enemies in its centre falls to whoever comes for it. Losing the centre is not losing the
hills: a force that took to them looks for its chance at a rate and comes down when the garrison is weak.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import HILLS
from sim.world.world import World

RANK = 50


def on_presence(world: World, fact: f.ForceArrived | f.ForceRaised | f.ForceReformed | f.PostureChanged) -> None:
    """Take a place that nobody defends."""
    _take(world, fact.place, fact.seq)


def on_end(world: World, fact: f.EngagementEnded | f.ForceDispersed | f.ForceSurrendered | f.ForceDeparted) -> None:
    """Take a place that its defenders have left to those who stand there."""
    _take(world, fact.place, fact.seq)


def _take(world: World, place: str, cause: int) -> None:
    here = world.state.places[place]
    if here.engagement or (here.holder and world.strength(place, here.holder)):
        return
    for name in here.forces:
        force = world.state.forces[name]
        if force.posture == HILLS or not force.fit or force.posture == "withdrawing":
            continue
        if here.holder and not world.hostile(force.side, here.holder):
            continue
        if force.posture in ("assaulting", "garrison") or force.order_to == place:
            if world.enemies_at(place, force.side):
                continue
            world.record(
                f.ControlChanged,
                cause,
                place=place,
                side=force.side,
                lost_by=here.holder,
                how="unopposed",
                engagement="",
            )
            return


def on_dispersed(world: World, dispersed: f.ForceDispersed) -> None:
    """Begin to look for a chance to come back."""
    if world.scenario.control.enabled:
        world.hazards.set("return", dispersed.force, world.value("control.return_rate_per_day"), dispersed.seq)


def return_fired(world: World, subject: str, cause: int) -> None:
    """Come down from the hills if the garrison is weak enough; wait on if not."""
    force = world.state.forces.get(subject)
    if force is None or force.posture != HILLS:
        world.hazards.set("return", subject, 0.0, cause)
        return
    here = world.state.places[force.place]
    enemies = world.enemies_at(force.place, force.side)
    if here.engagement or any(world.truce_between(force.side, enemy, force.place) for enemy in enemies):
        return
    together = [
        other
        for name in here.forces
        if (other := world.state.forces[name]).posture == HILLS and other.side == force.side
    ]
    garrison = sum(enemies.values())
    if sum(other.fit for other in together) < world.value("control.return_odds") * garrison:
        return
    for other in together:
        world.hazards.set("return", other.id, 0.0, cause)
        if other is not force:
            world.record(f.ForceMerged, cause, force=other.id, side=force.side, place=force.place, into=force.id)
    world.record(f.ForceReformed, cause, force=subject, side=force.side, place=force.place, fit=force.fit)


REACTIONS = {
    f.ForceArrived: on_presence,
    f.ForceRaised: on_presence,
    f.ForceReformed: on_presence,
    f.PostureChanged: on_presence,
    f.EngagementEnded: on_end,
    f.ForceDispersed: (on_end, on_dispersed),
    f.ForceSurrendered: on_end,
    f.ForceDeparted: on_end,
}
HAZARDS = {"return": return_fired}
