"""Control: who holds a place. One without enemies in its centre falls to whoever comes for it."""

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


REACTIONS = {
    f.ForceArrived: on_presence,
    f.ForceRaised: on_presence,
    f.ForceReformed: on_presence,
    f.PostureChanged: on_presence,
    f.EngagementEnded: on_end,
    f.ForceDispersed: on_end,
    f.ForceSurrendered: on_end,
    f.ForceDeparted: on_end,
}
