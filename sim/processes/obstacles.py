"""Obstacles: who gives a place up may shut the leg he leaves by; whoever needs it opens it again.

The last of a garrison that withdraws or was beaten may blow up the leg behind it, or mine it. Mines stop everybody,
rubble those who cannot climb over it. Work on a shut leg begins when one party has men at both of its ends, or a
column halted in front of it, and takes a drawn time; it is lost if the party loses the end it works from.
"""

from __future__ import annotations

from functools import partial

from sim.domain import facts as f
from sim.domain.state import DEMOLISHED, MINED
from sim.randomness import purpose
from sim.scenario.interventions import Deed
from sim.world.world import Act, World

RANK = 70
SHUT = purpose("obstacles.shut")


# --- who shuts a leg ------------------------------------------------------------------------------------


def on_departed(world: World, departed: f.ForceDeparted) -> None:
    """Let the last of a garrison that gives a place up shut the leg behind it."""
    if departed.posture != "withdrawing" or not _enabled(world) or departed.leg in world.state.blocked:
        return
    factor = world.state.values.get(f"legs.{departed.leg}.demolition", 0.0)
    if not factor or not _gave_up(world, departed):
        return
    subject = f"{departed.leg}/{departed.force}"
    u = world.randomness.uniforms(SHUT, subject, world.state.places[departed.place].engagements)
    if u[0] < factor * world.value("obstacles.demolition_share"):
        how = DEMOLISHED
    elif u[1] < factor * world.value("obstacles.mining_share"):
        how = MINED
    else:
        return
    world.record(f.LegBlocked, departed.seq, leg=departed.leg, place=departed.place, side=departed.side, how=how)


def shut(world: World, deed: Deed) -> Act | str:
    """Shut a leg from outside."""
    if deed.subject in world.state.blocked:
        return "it is shut already"
    place = min(world.compiled.network.ends[deed.subject])

    def act(cause: int) -> None:
        world.record(f.LegBlocked, cause, leg=deed.subject, place=place, side=deed.side, how=deed.how)

    return act


def _enabled(world: World) -> bool:
    return world.scenario.obstacles is not None and world.scenario.obstacles.enabled


def _gave_up(world: World, departed: f.ForceDeparted) -> bool:
    """Tell whether a force left a place that was its side's and where none of its friends are any more."""
    force, here = world.state.forces.get(departed.force), world.state.places[departed.place]
    if force is None or force.leg != departed.leg or force.departed_s != departed.time_s:
        return False  # it is no more, or turned round on the leg
    just_lost = here.held_since_s == departed.time_s
    was_theirs = world.friends(here.holder, departed.side) or just_lost
    return was_theirs and not world.strength(departed.place, departed.side)


# --- who opens it ---------------------------------------------------------------------------------------


def on_need(world: World, fact: f.ControlChanged | f.ForceArrived | f.ForceBlocked | f.LegBlocked) -> None:
    """Begin to work on the shut legs of a place where that may be wanted now."""
    if world.state.blocked:
        for leg in sorted(world.state.blocked):
            if fact.place in world.compiled.network.ends[leg]:
                _begin(world, leg, fact.seq)


def _begin(world: World, leg: str, cause: int) -> None:
    """Begin to work on a shut leg, from the end of whoever wants it open, unless somebody does already."""
    if f"work:{leg}" in world.alarms:
        return
    for place in sorted(world.compiled.network.ends[leg]):
        party = _who_wants(world, leg, place)
        if party:
            blockade = world.state.blocked[leg]
            time = f"obstacles.{'mined' if blockade.how == MINED else 'demolished'}_time"
            due = world.now + int(world.sample(time, leg, world.state.blocked_before[leg]))
            world.alarms[f"work:{leg}"] = due
            world.at(due, RANK, leg, partial(_finish, world, leg, place, party, world.now, cause))
            return


def _who_wants(world: World, leg: str, place: str) -> str:
    """Return the holder of an end of a shut leg if he or his friends want to pass and have men there, '' if not."""
    first, second = world.compiled.network.ends[leg]
    holder, beyond = world.state.places[place].holder, second if place == first else first
    if not holder or not world.strength(place, holder):
        return ""
    if world.friends(world.state.places[beyond].holder, holder) and world.strength(beyond, holder):
        return holder
    for force in world.party(place, holder):
        if force.order_to and force.ahead == beyond:
            return holder
    return ""


def _finish(world: World, leg: str, place: str, party: str, began_s: int, cause: int) -> None:
    """Open a leg if those who worked on it still hold their end of it."""
    del world.alarms[f"work:{leg}"]
    here, blockade = world.state.places[place], world.state.blocked[leg]
    if here.holder == party and here.held_since_s <= began_s and world.strength(place, party):
        world.record(f.LegReopened, cause, (blockade.fact,), leg=leg, place=place, side=party)
    else:
        _begin(world, leg, cause)


REACTIONS = {
    f.ForceDeparted: on_departed,
    f.ControlChanged: on_need,
    f.ForceArrived: on_need,
    f.ForceBlocked: on_need,
    f.LegBlocked: on_need,
}
INTERVENTIONS = {"block": shut}
