"""Cohesion: what holds a force together, and what happens when it does not.

It falls with losses, with a neighbouring place, with the road, with food and ammunition, and rises with
success. One hazard per force, steeper below a threshold, takes groups away, or the whole force where it
is shut in (McQuie 1987: most defeats follow from manoeuvre, not from losses).
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.state import HILLS, Force
from sim.randomness import purpose
from sim.world.world import World

RANK = 60
GOING = purpose("cohesion.going")
_NOTICED = 0.01


def _shift(world: World, force: Force, change: float, reason: str, cause: int) -> None:
    level = min(1.0, max(0.0, force.cohesion + change))
    if not world.scenario.cohesion.enabled or abs(level - force.cohesion) < _NOTICED or not force.fit:
        return
    shifted = world.record(
        f.CohesionShifted,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        cohesion=level,
        reason=reason,
    )
    _set_rate(world, force, shifted)


def _set_rate(world: World, force: Force, cause: int) -> None:
    below = world.value("cohesion.crisis_below")
    lack = max(0.0, below - force.cohesion) / below if below else 0.0
    rate = world.value("cohesion.quiet_desertion_rate_per_day") + lack * world.value("cohesion.crisis_rate_per_day")
    world.hazards.set("crumbling", force.id, rate, cause)


def on_born(world: World, born: f.ForceRaised | f.ForceSplit) -> None:
    """Start the hazard of a new force."""
    force = world.state.forces.get(born.child if isinstance(born, f.ForceSplit) else born.force)
    if force is not None and force.fit and world.scenario.cohesion.enabled:
        _set_rate(world, force, born.seq)


def on_bout(world: World, bout: f.BoutFought) -> None:
    """Lower cohesion with the share of a force lost in a bout."""
    for name, killed, wounded in bout.losses:
        force = world.state.forces.get(name)
        if force is not None and force.fit:
            share = (killed + wounded) / (force.fit + killed + wounded)
            _shift(world, force, -world.value("cohesion.loss_weight") * share, "losses", bout.seq)


def on_ended(world: World, ended: f.EngagementEnded) -> None:
    """Raise the cohesion of those who held or took the place."""
    winner = ""
    if ended.outcome in ("taken", "abandoned"):
        winner = ended.side
    elif ended.outcome in ("held", "broken_off"):
        winner = ended.enemy
    if winner:
        for force in world.party(ended.place, winner):
            _shift(world, force, world.value("cohesion.success_gain"), "success", ended.seq)


def on_beaten(world: World, beaten: f.ForceBeaten) -> None:
    """Lower the cohesion of a force that lost its position."""
    force = world.state.forces.get(beaten.force)
    if force is not None:
        _shift(world, force, -world.value("cohesion.defeat_drop"), "defeat", beaten.seq)


def on_control(world: World, change: f.ControlChanged) -> None:
    """Lower cohesion next door when a place falls."""
    if not change.lost_by or change.how == "initial":
        return
    for place in world.neighbours(change.place):
        for force in world.state.present(place, change.lost_by):
            drop = world.sample("cohesion.neighbour_fall_drop", force.id, force.bad_news)
            _shift(world, force, -drop, "neighbour fell", change.seq)


def on_siege(world: World, siege: f.SiegeBegan) -> None:
    """Lower cohesion where the last road was shut."""
    for place in siege.places:
        for force in world.state.present(place, siege.side):
            _shift(world, force, -world.value("cohesion.encirclement_drop"), "encirclement", siege.seq)


def on_shortage(world: World, shortage: f.StockExhausted) -> None:
    """Lower cohesion where food or ammunition ran out."""
    for force in world.state.present(shortage.place, shortage.side):
        _shift(world, force, -world.value("cohesion.shortage_drop"), f"no {shortage.supply}", shortage.seq)


def on_hunger(world: World, hunger: f.HungerLasted) -> None:
    """Lower it again where hunger lasts."""
    for force in world.state.present(hunger.place, hunger.side):
        _shift(world, force, -world.value("cohesion.shortage_drop"), "hunger", hunger.seq)


def crumbling_fired(world: World, subject: str, cause: int) -> None:
    """Let a group go, or give the force up where it is shut in and past holding."""
    force = world.state.forces.get(subject)
    if force is None or not force.fit:
        world.hazards.set("crumbling", subject, 0.0, cause)
        return
    captor = _captor(world, force)
    if captor and force.cohesion < world.value("cohesion.surrender_below"):
        world.hazards.set("crumbling", subject, 0.0, cause)
        world.record(
            f.ForceSurrendered,
            cause,
            force=subject,
            side=force.side,
            place=force.place,
            captor=captor,
            captured=force.fit,
            released=0,
            how="surrender",
        )
        return
    n = world.state.clocks[f"crumbling:{subject}"].firings
    share = world.sample("cohesion.desertion_share", subject, n)
    count = losses(world.randomness.uniform(GOING, subject, n), force.fit, force.fit * share, 1.0)
    if count:
        gone = world.record(
            f.FightersDeserted,
            cause,
            force=subject,
            side=force.side,
            place=force.place,
            count=count,
        )
        if not force.fit and not force.leg:
            world.record(f.ForceDestroyed, gone, force=subject, side=force.side, place=force.place)


def _captor(world: World, force: Force) -> str:
    """Return the side to which a shut-in force would give itself up, '' if it is not shut in."""
    if force.leg or force.posture == HILLS:
        return ""
    here = world.state.places[force.place]
    enemies = world.enemies_at(force.place, force.side)
    if here.besieged == force.side or (enemies and not world.refuge(force.place, force.side)):
        if enemies:
            return max(enemies, key=lambda side: (enemies[side], side))
        around = [world.state.places[place].holder for place in world.neighbours(force.place)]
        return next((side for side in around if side and world.hostile(side, force.side)), "")
    return ""


REACTIONS = {
    f.ForceRaised: on_born,
    f.ForceSplit: on_born,
    f.BoutFought: on_bout,
    f.EngagementEnded: on_ended,
    f.ForceBeaten: on_beaten,
    f.ControlChanged: on_control,
    f.SiegeBegan: on_siege,
    f.StockExhausted: on_shortage,
    f.HungerLasted: on_hunger,
}
HAZARDS = {"crumbling": crumbling_fired}
