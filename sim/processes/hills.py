"""Hills: losing the centre of a place is not losing its hills.

A force that took to the hills looks for its chance at a rate and comes down when the garrison is weak enough and it is
not past fighting itself, or at once when its own side has the place again. At another rate it goes on through the
hills to a place next door where it is liked better, or where the garrison is weaker against its own side. Enemy
columns on the legs out of its place it may waylay.
"""

from __future__ import annotations

import math

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.state import HILLS, Force
from sim.randomness import choose, purpose
from sim.world import plans
from sim.world.stores import supplied
from sim.world.world import World

RANK = 52
AMBUSHED = purpose("hills.ambushed")
INFILTRATED = purpose("hills.infiltrated")
_RETURN = "control.return_rate_per_day"
_INFILTRATION = "control.infiltration_rate_per_day"
_AMBUSH = "control.column_ambush_rate_per_km"


def on_dispersed(world: World, dispersed: f.ForceDispersed) -> None:
    """Begin to look for a chance to come back, and for better hills."""
    _set_rates(world, dispersed.force, dispersed.seq)


def on_assumption(world: World, changed: f.AssumptionChanged) -> None:
    """Look for chances at another rate from now on."""
    if changed.assumption in (_RETURN, _INFILTRATION):
        for force in world.state.forces.values():
            if force.posture == HILLS:
                _set_rates(world, force.id, changed.seq)


def _set_rates(world: World, force: str, cause: int) -> None:
    if world.scenario.control.enabled:
        world.hazards.set("return", force, world.value(_RETURN), cause)
        world.hazards.set("infiltration", force, world.state.values.get(_INFILTRATION, 0.0), cause)


def _stop(world: World, force: str, cause: int) -> None:
    world.hazards.set("return", force, 0.0, cause)
    world.hazards.set("infiltration", force, 0.0, cause)


# --- coming back ------------------------------------------------------------------------------------------


def return_fired(world: World, subject: str, cause: int) -> None:
    """Come down from the hills if the garrison is weak enough; wait on if not."""
    force = world.state.forces.get(subject)
    if force is None or force.posture != HILLS:
        _stop(world, subject, cause)
        return
    here = world.state.places[force.place]
    enemies = world.enemies_at(force.place, force.side)
    if here.besieged and world.friends(here.besieged, force.side):
        return  # what they fled from is not over
    if _stays_away(world, force):
        return
    if here.engagement or any(world.truce_between(force.side, enemy, force.place) for enemy in enemies):
        return
    with_it = [other for other in _hidden(world, force.place, force.side) if not _stays_away(world, other)]
    cohesion = sum(other.fit * other.cohesion for other in with_it) / max(1, sum(other.fit for other in with_it))
    if world.scenario.cohesion.enabled and cohesion < world.value("cohesion.surrender_below"):
        return  # they would give themselves up before long
    together = sum(other.fit for other in with_it)
    if together < plans.column_min(world, force.side):
        return  # too few to hold a place; they waylay, or wait for others
    if together >= world.value("control.return_odds") * sum(enemies.values()):
        _come_down(world, force, cause)


def _hidden(world: World, place: str, side: str) -> list[Force]:
    """Return the forces of a side in the hills of a place."""
    forces = world.state.forces
    here = (forces[name] for name in world.state.places[place].forces)
    return [force for force in here if force.side == side and force.posture == HILLS]


def _stays_away(world: World, force: Force) -> bool:
    """Tell whether a force left a place of its own because that was cut off, as it still is, and no enemy has come."""
    here = world.state.places[force.place]
    if not force.cut_off or not world.friends(here.holder, force.side) or here.held_since_s > force.departed_s:
        return False
    return not world.enemies_at(force.place, force.side) and force.place not in supplied(world, force.side)


def on_control(world: World, change: f.ControlChanged) -> None:
    """Come down to a place that one's own side or its allies have taken."""
    _join(world, change.place, change.side, change.seq, held=change.how != "handed over")


def on_lifted(world: World, lifted: f.SiegeLifted) -> None:
    """Come down to places of one's own side to which a road is open again."""
    for place in lifted.places:
        _join(world, place, lifted.side, lifted.seq)


def on_left(world: World, gone: f.ForceDeparted | f.ForceDispersed | f.ForceSurrendered | f.ForceDestroyed) -> None:
    """Come down to a place of one's own side when its last enemies have gone."""
    holder = world.state.places[gone.place].holder
    if holder and world.hostile(holder, gone.side):
        _join(world, gone.place, holder, gone.seq)


def _join(world: World, place: str, holder: str, cause: int, *, held: bool = True) -> None:
    """Let friends of the holder who are in the hills of a place join its garrison, if it has one and that has peace.

    With ``held`` false they come down to an empty place, too: one that was handed over to their side just now.
    """
    here = world.state.places[place]
    peace = not here.engagement and not world.enemies_at(place, holder)
    peace = peace and (not held or world.strength(place, holder) > 0)
    peace = peace and here.besieged != holder  # what they fled from is not over
    if not world.scenario.control.enabled or not peace:
        return
    for side in world.compiled.friends[holder]:
        coming = next((force for force in _hidden(world, place, side) if not _stays_away(world, force)), None)
        if coming is not None:
            _come_down(world, coming, cause)


def _come_down(world: World, force: Force, cause: int) -> None:
    """Lead all of a side who are in the same hills, and do not stay away, down into the centre of the place."""
    here, forces = world.state.places[force.place], world.state.forces
    for name in list(here.forces):
        other = forces[name]
        if other.posture == HILLS and other.side == force.side and not _stays_away(world, other):
            _stop(world, name, cause)
            if other is not force:
                world.record(f.ForceMerged, cause, force=name, side=force.side, place=force.place, into=force.id)
    down = world.record(f.ForceReformed, cause, force=force.id, side=force.side, place=force.place, fit=force.fit)
    if world.friends(here.holder, force.side):
        world.record(
            f.PostureChanged,
            down,
            force=force.id,
            side=force.side,
            place=force.place,
            posture="garrison",
            operation="",
        )


# --- infiltration -----------------------------------------------------------------------------------------


def infiltration_fired(world: World, subject: str, cause: int) -> None:
    """Go on to the hills of a place next door that draws the force more than where it is."""
    force = world.state.forces.get(subject)
    if force is None or force.posture != HILLS:
        _stop(world, subject, cause)
        return
    here = _pull(world, force.place, force)
    pulls = {place: pull for place in _walked_to(world, force.place) if (pull := _pull(world, place, force)) > here}
    if not pulls:
        return
    n = world.state.clocks[f"infiltration:{subject}"].firings
    goal = choose(pulls, lambda place: world.randomness.uniform(INFILTRATED, f"{subject}/{place}", n))
    came = world.record(
        f.ForceInfiltrated,
        cause,
        force=subject,
        side=force.side,
        place=goal,
        origin=force.place,
        fit=force.fit,
    )
    holder = world.state.places[goal].holder
    if world.friends(holder, force.side):
        _join(world, goal, holder, came)


def _pull(world: World, place: str, force: Force) -> float:
    """Return how much the hills of a place draw a force: leaning to its side x its part of all fighters there."""
    own = world.state.in_hills(place, force.side) + (0 if place == force.place else force.fit)
    against = sum(world.enemies_at(place, force.side).values())
    return world.leaning(place, force.side) * own / (own + against) if own else 0.0


def _walked_to(world: World, start: str) -> list[str]:
    """Return the places one leg away on foot, whoever holds them."""
    ways = {place: world.ways.direct("foot", start, place) for place in world.neighbours(start)}
    return [place for place, way in ways.items() if way is not None and len(way) == 1]


# --- ambushes on columns ------------------------------------------------------------------------------------


def on_departed(world: World, departed: f.ForceDeparted) -> None:
    """Waylay a column on a leg at one of whose ends enemies sit in the hills.

    The chance is 1 - exp(-rate x km x (1 - exp(-lurking / scale))), that of an ambush on a convoy with a rate of its
    own; it happens at any moment of the march.
    """
    per_km = world.state.values.get(_AMBUSH, 0.0)
    if not per_km or not world.scenario.control.enabled:
        return
    by, lurking = _lurking(world, departed.place, departed.to, departed.side)
    if not lurking:
        return
    strength = -math.expm1(-lurking / world.value("supply.ambush_scale_fighters"))
    expected = per_km * world.value(f"legs.{departed.leg}.length_km") * strength
    n = world.state.forces[departed.force].marches
    u = world.randomness.uniforms(AMBUSHED, departed.force, n)
    if u[0] >= -math.expm1(-expected):
        return
    starts = departed.time_s + departed.queued_s
    moment = starts + int(u[1] * (departed.arrives_s - starts))
    world.at(moment, RANK, departed.force, lambda: _fall_upon(world, departed, by, n))


def _lurking(world: World, start: str, end: str, side: str) -> tuple[str, int]:
    """Return the enemies of a side who are strongest in the hills at both ends of a leg, and how many they are."""
    found: dict[str, int] = {}
    state = world.state
    for place in (start, end):
        for name in state.places[place].forces:
            force = state.forces[name]
            if (
                force.posture == HILLS
                and world.hostile(force.side, side)
                and not world.truce_between(force.side, side, place)
            ):
                found[force.side] = found.get(force.side, 0) + force.fit
    by = max(found, key=lambda name: (found[name], name), default="")
    return by, found.get(by, 0)


def _fall_upon(world: World, departed: f.ForceDeparted, by: str, n: int) -> None:
    """Fall upon a column that is still on the leg, if the ambushers are still there."""
    force = world.state.forces.get(departed.force)
    if force is None or force.leg != departed.leg or force.marches != n or force.meeting:
        return
    still, lurking = _lurking(world, departed.place, departed.to, departed.side)
    if still != by or not force.fit:
        return
    u = world.randomness.uniforms(AMBUSHED, force.id, n)
    share = world.sample("control.column_ambush_loss_share", force.id, n)
    lost = min(losses(u[2], force.fit, force.fit * share, 1.0), lurking)
    wounded_per_killed = world.sample("combat.wounded_per_killed", f"{departed.leg}/{force.id}", n)
    killed = losses(u[3], lost, lost / (1 + wounded_per_killed), 1.0)
    if not lost:
        return
    ambushed = world.record(
        f.ColumnAmbushed,
        departed.seq,
        force=force.id,
        side=force.side,
        place=departed.to,
        leg=departed.leg,
        by=by,
        ambushers=lurking,
        killed=killed,
        wounded=lost - killed,
    )
    light = force.vehicles.get("light", 0)
    gone = losses(u[4], light, min(killed * world.value("combat.vehicles_lost_per_killed"), float(light)), 1.0)
    if gone:
        world.record(
            f.VehiclesLost,
            ambushed,
            force=force.id,
            side=force.side,
            place=departed.to,
            captor="",
            vehicles=(("light", gone),),
        )
    if not force.fit:
        world.record(f.ForceDestroyed, ambushed, force=force.id, side=force.side, place=departed.to)


REACTIONS = {
    f.ForceDispersed: (on_dispersed, on_left),
    f.ForceDeparted: (on_departed, on_left),
    f.ForceSurrendered: on_left,
    f.ForceDestroyed: on_left,
    f.ControlChanged: on_control,
    f.SiegeLifted: on_lifted,
    f.AssumptionChanged: on_assumption,
}
HAZARDS = {"return": return_fired, "infiltration": infiltration_fired}
