"""What facts about forces change: they are raised, split, march, are beaten and cease to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.domain import facts as f
from sim.domain.folding.steps import (
    beat_operation,
    books_of,
    change_fighters,
    charge_operation,
    drop_loads,
    enter_leg,
    enter_place,
    force_of,
    in_centre,
    join_operation,
    leave_leg,
    leave_place,
    lose_people,
    place_of,
    pool_of,
    rest,
    stock_of,
    take,
)
from sim.domain.passes import take_lane
from sim.domain.roads import span_s
from sim.domain.state import HILLS, Force, State
from sim.errors import Impossible


def _force_raised(state: State, fact: f.ForceRaised) -> None:
    if fact.force in state.forces:
        raise Impossible(f"{fact.force} was raised before")
    if fact.fit < 0 or not 0 <= fact.cohesion <= 1:
        raise Impossible(f"{fact.force} cannot have {fact.fit} fighters at cohesion {fact.cohesion}")
    force = Force(
        fact.force,
        fact.side,
        fact.place,
        fact.type,
        fact.posture,
        "",
        fact.fit,
        dict(fact.vehicles),
        fact.quality,
        fact.cohesion,
        fact.fit,
        fact.food_g,
        fact.ammunition_g,
        rested_since_s=fact.time_s,
        spirit=fact.cohesion,
        shifted_s=fact.time_s,
    )
    state.forces[fact.force] = force
    join_operation(state, force, fact.operation)
    books = books_of(state, fact.side)
    books.raised += fact.fit
    books.food_in_g += fact.food_g
    books.ammunition_in_g += fact.ammunition_g
    home = place_of(state, fact.place)
    enter_place(state, force, home)
    drop_loads(state, force)
    home.born += 1


def _force_split(state: State, fact: f.ForceSplit) -> None:
    parent = force_of(state, fact.force)
    if parent.leg or HILLS in (parent.posture, fact.posture):
        raise Impossible(f"{fact.force} cannot split on the road or in the hills")
    spent = rest(state, parent) * fact.fit // max(1, parent.fit)
    parent.spent -= spent
    lose_people(state, parent, fact.fit)
    for kind, count in fact.vehicles:
        if parent.vehicles.get(kind, 0) < count:
            raise Impossible(f"{fact.force} has no {count} vehicles of kind {kind}")
        parent.vehicles[kind] -= count
    parent.children += 1
    child = Force(
        fact.child,
        parent.side,
        parent.place,
        parent.type,
        fact.posture,
        "",
        fact.fit,
        dict(fact.vehicles),
        parent.quality,
        parent.cohesion,
        fact.fit,
        rested_since_s=parent.rested_since_s,
        marched_s=parent.marched_s,
        spent=spent,
        spent_since_s=fact.time_s,
        spirit=parent.spirit,
        shifted_s=parent.shifted_s,
    )
    parent.raised -= fact.fit
    if fact.child in state.forces:
        raise Impossible(f"{fact.child} exists already")
    state.forces[fact.child] = child
    join_operation(state, child, fact.operation)
    enter_place(state, child, place_of(state, parent.place))


def _force_merged(state: State, fact: f.ForceMerged) -> None:
    force, into = force_of(state, fact.force), force_of(state, fact.into)
    if force.leg:
        together = (force.leg, force.to, force.from_s, force.arrives_s) == (
            into.leg,
            into.to,
            into.from_s,
            into.arrives_s,
        )
    else:
        together = not into.leg and force.place == into.place and in_centre(force) == in_centre(into)
    if not together or force.side != into.side or force is into:
        raise Impossible(f"{fact.force} cannot join {fact.into}: they are not together")
    total = force.fit + into.fit
    if total:
        into.quality = (force.fit * force.quality + into.fit * into.quality) / total
        into.cohesion = (force.fit * force.cohesion + into.fit * into.cohesion) / total
        into.spirit = (force.fit * force.spirit + into.fit * into.spirit) / total
    into.fit = total
    into.spent = rest(state, into) + rest(state, force)
    into.raised += force.raised
    into.food_g += force.food_g
    into.ammunition_g += force.ammunition_g
    for kind, count in force.vehicles.items():
        into.vehicles[kind] = into.vehicles.get(kind, 0) + count
    if force.leg:
        leave_leg(state, force)
    else:
        place_of(state, force.place).forces.remove(force.id)
    join_operation(state, force, "")
    del state.forces[force.id]
    state.merged[force.id] = into.id


def _force_departed(state: State, fact: f.ForceDeparted) -> None:
    force = force_of(state, fact.force)
    from_s = fact.time_s + fact.queued_s
    if force.leg:
        if (fact.leg, fact.place, fact.to) != (force.leg, force.to, force.place) or force.meeting:
            raise Impossible(f"{fact.force} is on {force.leg} and cannot depart from {fact.place} on {fact.leg}")
        force.place = fact.place
        from_s = fact.arrives_s - span_s(force)  # it turns round, as fast as it came
        leave_leg(state, force)
    else:
        if force.place != fact.place:
            raise Impossible(f"{fact.force} is at {force.place} and cannot depart from {fact.place}")
        if fact.food_g or fact.ammunition_g:
            take(
                state,
                stock_of(state, place_of(state, fact.place), force.side),
                force.side,
                fact.food_g,
                fact.ammunition_g,
            )
            force.food_g += fact.food_g
            force.ammunition_g += fact.ammunition_g
        leave_place(state, force)
        force.departed_s = fact.time_s
    if fact.arrives_s < fact.time_s:
        raise Impossible(f"{fact.force} cannot arrive before it departs")
    force.leg, force.to, force.posture, force.ahead = fact.leg, fact.to, fact.posture, ""
    force.from_s, force.arrives_s = from_s, fact.arrives_s
    enter_leg(state, force)
    force.marched_s, force.mode = fact.marched_s, fact.mode
    force.marches += 1
    if fact.pass_free_s:
        take_lane(state, place_of(state, fact.to), fact.pass_free_s)


def _force_arrived(state: State, fact: f.ForceArrived) -> None:
    force = force_of(state, fact.force)
    if not force.leg or force.to != fact.place or fact.time_s != force.arrives_s or force.meeting:
        raise Impossible(f"{fact.force} was not due at {fact.place} now")
    if fact.ate_g > force.food_g:
        raise Impossible(f"{fact.force} cannot eat {fact.ate_g} g of {force.food_g} g")
    force.food_g -= fact.ate_g
    books_of(state, force.side).food_eaten_g += fact.ate_g
    leave_leg(state, force)
    force.rested_since_s, force.cut_off = fact.time_s, False
    enter_place(state, force, place_of(state, fact.place))
    if fact.settles:
        drop_loads(state, force)


def _force_blocked(state: State, fact: f.ForceBlocked) -> None:
    force_of(state, fact.force).ahead = fact.ahead


def _posture_changed(state: State, fact: f.PostureChanged) -> None:
    force = force_of(state, fact.force)
    if HILLS in (force.posture, fact.posture):
        raise Impossible(f"{fact.force} cannot go into the hills or leave them by taking up another task")
    force.posture = fact.posture
    join_operation(state, force, fact.operation)
    force.order_to = force.order_purpose = force.ahead = ""
    if not force.leg:
        drop_loads(state, force)


def _force_dispersed(state: State, fact: f.ForceDispersed) -> None:
    force = force_of(state, fact.force)
    if not in_centre(force):
        raise Impossible(f"{fact.force} is not in the centre of a place")
    if fact.ammunition_g:
        take(state, stock_of(state, place_of(state, force.place), force.side), force.side, 0, fact.ammunition_g)
        force.ammunition_g += fact.ammunition_g
    change_fighters(state, place_of(state, force.place), force.side, -force.fit)
    force.posture = HILLS
    force.departed_s = fact.time_s
    join_operation(state, force, "")
    force.order_to = force.order_purpose = force.ahead = ""


def _force_reformed(state: State, fact: f.ForceReformed) -> None:
    force = force_of(state, fact.force)
    if force.posture != HILLS:
        raise Impossible(f"{fact.force} is not in the hills")
    force.posture = "assaulting"
    change_fighters(state, place_of(state, force.place), force.side, force.fit)
    drop_loads(state, force)


def _force_beaten(state: State, fact: f.ForceBeaten) -> None:
    force = force_of(state, fact.force)
    gone = fact.killed + fact.wounded + fact.captured + fact.deserted
    lose_people(state, force, gone)
    if force.fit != fact.to_hills + fact.fell_back:
        raise Impossible(f"of {fact.force} {force.fit} are left, not {fact.to_hills + fact.fell_back}")
    books = books_of(state, force.side)
    books.killed += fact.killed
    books.wounded += fact.wounded
    books.captured += fact.captured
    books.deserted += fact.deserted
    charge_operation(state, force, gone)
    beat_operation(state, force)
    force.order_to = force.order_purpose = force.ahead = ""


def _force_surrendered(state: State, fact: f.ForceSurrendered) -> None:
    force = force_of(state, fact.force)
    if fact.captured + fact.released != force.fit:
        raise Impossible(f"all {force.fit} of {fact.force} surrender, or nobody does")
    books = books_of(state, force.side)
    books.captured += fact.captured
    books.released += fact.released
    charge_operation(state, force, force.fit)
    lose_people(state, force, force.fit)
    _remove_force(state, force)


def _force_destroyed(state: State, fact: f.ForceDestroyed) -> None:
    force = force_of(state, fact.force)
    if force.fit:
        raise Impossible(f"{fact.force} still has {force.fit} fighters")
    _remove_force(state, force)


def _remove_force(state: State, force: Force) -> None:
    """Take a force without fighters off the map."""
    if not force.leg:
        drop_loads(state, force)
        place_of(state, force.place).forces.remove(force.id)
    else:
        books = books_of(state, force.side)
        books.food_lost_g += force.food_g
        books.ammunition_lost_g += force.ammunition_g
        leave_leg(state, force)
    join_operation(state, force, "")
    del state.forces[force.id]


def _fighters_deserted(state: State, fact: f.FightersDeserted) -> None:
    force = force_of(state, fact.force)
    lose_people(state, force, fact.count)
    books_of(state, force.side).deserted += fact.count


def _vehicles_lost(state: State, fact: f.VehiclesLost) -> None:
    force = force_of(state, fact.force)
    for kind, count in fact.vehicles:
        if not 0 <= count <= force.vehicles.get(kind, 0):
            raise Impossible(f"{fact.force} has no {count} vehicles of kind {kind} to lose")
        force.vehicles[kind] -= count
        books_of(state, force.side).vehicles_lost += count


def _cohesion_shifted(state: State, fact: f.CohesionShifted) -> None:
    if not 0 <= fact.cohesion <= 1:
        raise Impossible(f"cohesion {fact.cohesion} lies outside [0, 1]")
    force = force_of(state, fact.force)
    force.cohesion = fact.cohesion
    force.shifted_s = fact.time_s


def _pool_released(state: State, fact: f.PoolReleased) -> None:
    pool = pool_of(state, fact.pool)
    if fact.left < 0:
        raise Impossible(f"{fact.pool} cannot give more than it has")
    pool.given += fact.count
    pool.columns += 1
    if fact.operation in pool.owed:
        owed, asked = pool.owed.pop(fact.operation)
        if owed > fact.count:
            pool.owed[fact.operation] = (owed - fact.count, asked)  # it is the others' turn now


def _pool_held(state: State, fact: f.PoolHeld) -> None:
    pool = pool_of(state, fact.pool)
    pool.held_until_s = fact.until_s
    pool.outbreaks += 1


HANDLERS: dict[type[f.Fact], Callable[[State, Any], None]] = {
    f.ForceRaised: _force_raised,
    f.ForceSplit: _force_split,
    f.ForceMerged: _force_merged,
    f.ForceDeparted: _force_departed,
    f.ForceArrived: _force_arrived,
    f.ForceBlocked: _force_blocked,
    f.PostureChanged: _posture_changed,
    f.ForceDispersed: _force_dispersed,
    f.ForceReformed: _force_reformed,
    f.ForceBeaten: _force_beaten,
    f.ForceSurrendered: _force_surrendered,
    f.ForceDestroyed: _force_destroyed,
    f.FightersDeserted: _fighters_deserted,
    f.VehiclesLost: _vehicles_lost,
    f.CohesionShifted: _cohesion_shifted,
    f.PoolReleased: _pool_released,
    f.PoolHeld: _pool_held,
}
