"""Recovery: some of the wounded are fit again after a while and go back to their force.

A wounded fighter is in the hands of his own side as long as that holds the ground on which he was hit: defenders,
and those cut down as they were driven off, return only where the place is their side's when they are fit. The
wounded of an attack, and of columns on the road, lie behind them. Nobody returns to a force that is no more; who
belonged to one that joined another finds that one.
"""

from __future__ import annotations

from functools import partial

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.state import Force
from sim.randomness import purpose
from sim.world.world import World

RANK = 65
FIT_AGAIN = purpose("recovery.fit-again")


def on_bout(world: World, bout: f.BoutFought) -> None:
    """Care for the wounded of a bout."""
    for name, _, wounded in bout.losses:
        force = world.state.forces.get(name)
        if force is not None and wounded:
            ground = "" if world.friends(force.side, bout.side) else bout.place
            _care(world, name, wounded, ground, f"{bout.engagement}/{name}", bout.bout, bout.seq)


def on_clash(world: World, clash: f.ColumnsClashed) -> None:
    """Care for the wounded of columns that fought on a leg."""
    for name, _, wounded in clash.losses:
        _care(world, name, wounded, "", f"{clash.meeting}/{name}", clash.bout, clash.seq)


def on_ambush(world: World, ambush: f.ColumnAmbushed) -> None:
    """Care for the wounded of a column that was waylaid."""
    force = world.state.forces.get(ambush.force)
    if force is not None:
        _care(world, force.id, ambush.wounded, "", f"{ambush.leg}/{force.id}", force.marches, ambush.seq)


def on_beaten(world: World, beaten: f.ForceBeaten) -> None:
    """Care for those cut down as they were driven off, if the place is won back."""
    n = world.state.places[beaten.place].engagements
    _care(world, beaten.force, beaten.wounded, beaten.place, f"{beaten.place}/{beaten.force}/beaten", n, beaten.seq)


def _care(world: World, name: str, wounded: int, ground: str, subject: str, n: int, cause: int) -> None:
    """Set a timer for the return of the wounded of one force from one fight."""
    spec = world.scenario.recovery
    if spec is not None and spec.enabled and wounded:
        due = world.now + int(world.sample("recovery.recovery_time", subject, n))
        u = world.randomness.uniform(FIT_AGAIN, subject, n)
        world.at(due, RANK, subject, partial(_return, world, name, wounded, u, ground, cause))


def _return(world: World, name: str, wounded: int, u: float, ground: str, cause: int) -> None:
    """Let those who are fit again go back to their force, where it stands; one on the road they await at its end."""
    force = _found(world, name)
    if force is None or (ground and not world.friends(force.side, world.state.places[ground].holder)):
        return
    if force.leg and force.arrives_s > world.now:
        again = partial(_return, world, name, wounded, u, ground, cause)
        world.at(force.arrives_s, RANK, f"{name}/fit-again", again)
        return
    count = losses(u, wounded, wounded * world.value("recovery.return_share"), 1.0)
    if count:
        world.record(f.PeopleReturned, cause, force=force.id, side=force.side, place=force.place, count=count)


def _found(world: World, name: str) -> Force | None:
    """Return the force of a name, or the one that it has joined since; None if that is no more."""
    merged = world.state.merged
    while name in merged:
        name = merged[name]
    return world.state.forces.get(name)


REACTIONS = {
    f.BoutFought: on_bout,
    f.ColumnsClashed: on_clash,
    f.ColumnAmbushed: on_ambush,
    f.ForceBeaten: on_beaten,
}
