"""Defeat: what becomes of the beaten and of the place when an engagement has ended.

The garrison of a position that was lost, or the attackers that were beaten off, are cut down in pursuit,
captured, gone home, in the hills, or fall back to the nearest quiet place of their side: never more cut
down, and never more captured, than there are pursuers. Who breaks an attack off, or leaves in time, goes in good
order, all of them the same way. Who has nowhere to fall back to and is not caught takes to the hills. A lost place
changes hands.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.state import Force
from sim.domain.terms import share_out
from sim.randomness import purpose
from sim.world.hiding import take_to_the_hills
from sim.world.world import World

RANK = 42
BEATEN = purpose("combat.beaten")


def on_ended(world: World, ended: f.EngagementEnded) -> None:
    """Let the losers leave, and give a lost place to those who took it."""
    lost = ended.outcome in ("taken", "abandoned")
    losers = world.party(ended.place, ended.enemy if lost else ended.side)
    captor = ended.side if lost else ended.enemy
    beaten = ended.outcome in ("taken", "held")
    pursuers = share_out(world.strength(ended.place, captor), [force.fit for force in losers])
    for force, after in zip(losers, pursuers, strict=True):
        _get_away(world, force, ended, captor, after if beaten else None)
    holder = world.state.places[ended.place].holder
    if lost and not world.friends(holder, ended.side):
        how = "rising" if ended.reason == "rising" else "assault" if ended.outcome == "taken" else "abandoned"
        world.record(
            f.ControlChanged,
            ended.seq,
            (ended.cause,),
            place=ended.place,
            side=ended.side,
            lost_by=holder,
            how=how,
            engagement=ended.engagement,
        )


class _Fate(NamedTuple):
    """What becomes of the fighters of a beaten force."""

    killed: int
    wounded: int
    captured: int
    deserted: int
    to_hills: int
    fell_back: int


def _fate(world: World, force: Force, ended: f.EngagementEnded, pursuers: int | None, refuge: str) -> _Fate:
    """Draw what becomes of a force that leaves a place with so many enemies after it, or in good order (None)."""
    fit = left = force.fit
    u = world.randomness.uniforms(BEATEN, f"{ended.engagement}/{force.id}")
    killed = cut_down = captured = deserted = 0
    if pursuers is not None and fit:
        share = world.sample("combat.pursuit_loss_share", f"{ended.engagement}/{force.id}")
        ratio = world.sample("combat.wounded_per_killed", ended.engagement)
        cut_down = min(losses(u[0], fit, fit * share, 1.0), pursuers)
        killed = losses(u[1], cut_down, cut_down / (1 + ratio), 1.0)
        left -= cut_down
        taken = world.value("combat.captured_share" if refuge else "combat.captured_share_shut_in")
        captured = min(losses(u[2], left, left * taken, 1.0), pursuers)
        left -= captured
        deserted = losses(u[3], left, left * world.value("combat.deserted_share") * (1 - force.cohesion), 1.0)
        left -= deserted
    liked = world.leaning(force.place, force.side)
    hills = 0
    if force.type == "local" or (not refuge and liked > 0):
        hills = left
    elif pursuers is not None:
        hills = losses(u[4], left, left * world.value("combat.hills_share") * force.cohesion * liked, 1.0)
    if not refuge:  # the rest has nowhere to go: caught, as far as there is anybody to catch them
        caught = min(left - hills, (pursuers or 0) - captured)
        captured += caught
        hills = left = left - caught
    return _Fate(killed, cut_down - killed, captured, deserted, hills, left - hills)


def _get_away(world: World, force: Force, ended: f.EngagementEnded, captor: str, pursuers: int | None) -> None:
    """Split a force that leaves a place: cut down, taken, gone home, in the hills, fallen back."""
    refuge = world.refuge(force.place, force.side)
    fate = _fate(world, force, ended, pursuers, refuge)
    who = {"force": force.id, "side": force.side, "place": force.place}
    gone = world.record(f.ForceBeaten, ended.seq, **who, captor=captor, **fate._asdict())
    _lose_vehicles_left_behind(world, force, captor, gone, everything=not fate.fell_back)
    if fate.to_hills and fate.fell_back:
        child = f"{force.id}>hills#{force.children + 1}"
        split = world.record(
            f.ForceSplit,
            gone,
            **who,
            child=child,
            posture="garrison",
            fit=fate.to_hills,
            vehicles=(),
            operation="",
        )
        take_to_the_hills(world, world.state.forces[child], split, "beaten")
    elif fate.to_hills:
        take_to_the_hills(world, force, gone, "beaten")
    elif not fate.fell_back:
        world.record(f.ForceDestroyed, gone, **who)
    if fate.fell_back:
        world.record(f.OrderDelivered, gone, **who, to=refuge, purpose="withdraw", operation=force.operation)


def _lose_vehicles_left_behind(world: World, force: Force, captor: str, cause: int, *, everything: bool) -> None:
    """Let the captor have the vehicles of those who did not get away by road, and those nobody is left to drive."""
    kinds = sorted(force.vehicles)
    counts = [force.vehicles[kind] for kind in kinds]
    kept = [0] * len(kinds) if everything else share_out(min(sum(counts), force.fit), counts)
    left = tuple((kind, count - keeps) for kind, count, keeps in zip(kinds, counts, kept, strict=True) if count > keeps)
    if left:
        world.record(
            f.VehiclesLost,
            cause,
            force=force.id,
            side=force.side,
            place=force.place,
            captor=captor,
            vehicles=left,
        )


REACTIONS = {f.EngagementEnded: on_ended}
