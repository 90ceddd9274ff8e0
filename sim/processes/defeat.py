"""Defeat: what becomes of the beaten and of the place when an engagement has ended.

The garrison of a position that was lost, or the attackers that were beaten off, are cut down in pursuit,
captured, gone home, in the hills, or fall back to the nearest quiet place of their side: never more cut
down, and never more captured, than there are pursuers. Who breaks an attack off leaves in good order. A
lost place changes hands.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.state import Force
from sim.randomness import purpose
from sim.world.world import World

RANK = 42
BEATEN = purpose("combat.beaten")


def on_ended(world: World, ended: f.EngagementEnded) -> None:
    """Let the losers leave, and give a lost place to those who took it."""
    lost = ended.outcome in ("taken", "abandoned")
    losers = world.party(ended.place, ended.enemy if lost else ended.side)
    captor = ended.side if lost else ended.enemy
    for force in losers:
        _get_away(world, force, ended, captor, beaten=ended.outcome in ("taken", "held"))
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


def _get_away(world: World, force: Force, ended: f.EngagementEnded, captor: str, *, beaten: bool) -> None:
    """Split a force that leaves a place: pursued, taken, gone home, in the hills, fallen back."""
    fit = force.fit
    refuge = world.refuge(force.place, force.side)
    u = world.randomness.uniforms(BEATEN, f"{ended.engagement}/{force.id}")
    killed = wounded = captured = deserted = 0
    pursuers = world.strength(force.place, captor)
    if beaten and fit:
        share = world.sample("combat.pursuit_loss_share", f"{ended.engagement}/{force.id}")
        cut_down = min(losses(u[0], fit, fit * share, 1.0), pursuers)
        killed = losses(
            u[1], cut_down, cut_down / (1 + world.sample("combat.wounded_per_killed", ended.engagement)), 1.0
        )
        wounded = cut_down - killed
        left = fit - cut_down
        taken = world.value("combat.captured_share" if refuge else "combat.captured_share_shut_in")
        captured = min(losses(u[2], left, left * taken, 1.0), pursuers)
        left -= captured
        deserted = losses(u[3], left, left * world.value("combat.deserted_share") * (1 - force.cohesion), 1.0)
    rest = fit - killed - wounded - captured - deserted
    liked = world.leaning(force.place, force.side)
    hills = losses(u[4], rest, rest * world.value("combat.hills_share") * force.cohesion * liked, 1.0)
    if force.type == "local" or (not refuge and liked > 0):
        hills = rest
    if not refuge and hills < rest:
        captured += rest - hills
    fell_back = fit - killed - wounded - captured - deserted - hills
    gone = world.record(
        f.ForceBeaten,
        ended.seq,
        force=force.id,
        side=force.side,
        place=force.place,
        captor=captor,
        killed=killed,
        wounded=wounded,
        captured=captured,
        deserted=deserted,
        to_hills=hills,
        fell_back=fell_back,
    )
    _lose_vehicles_left_behind(world, force, captor, gone, everything=not fell_back)
    if hills and fell_back:
        child = f"{force.id}>hills#{force.children + 1}"
        split = world.record(
            f.ForceSplit,
            gone,
            force=force.id,
            side=force.side,
            place=force.place,
            child=child,
            posture="garrison",
            fit=hills,
            vehicles=(),
            operation="",
        )
        world.record(
            f.ForceDispersed, split, force=child, side=force.side, place=force.place, fit=hills, reason="beaten"
        )
    elif hills:
        world.record(
            f.ForceDispersed, gone, force=force.id, side=force.side, place=force.place, fit=hills, reason="beaten"
        )
    elif not fell_back:
        world.record(f.ForceDestroyed, gone, force=force.id, side=force.side, place=force.place)
    if fell_back:
        operation = force.operation
        world.record(
            f.OrderDelivered,
            gone,
            side=force.side,
            force=force.id,
            place=force.place,
            to=refuge,
            purpose="withdraw",
            operation=operation,
        )


def _lose_vehicles_left_behind(world: World, force: Force, captor: str, cause: int, *, everything: bool) -> None:
    """Vehicles of those who did not get away by road fall to the captor."""
    light = force.vehicles.get("light", 0)
    kept = 0 if everything else min(light, force.fit)
    if light > kept:
        world.record(
            f.VehiclesLost,
            cause,
            force=force.id,
            side=force.side,
            place=force.place,
            captor=captor,
            vehicles=(("light", light - kept),),
        )


REACTIONS = {f.EngagementEnded: on_ended}
