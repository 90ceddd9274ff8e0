"""Convoys: loaded for a garrison at the nearest store, driven leg by leg, queued, ambushed, turned back or lost.

A garrison has one convoy at a time, of a bounded number of carriers, which is what bounds how much gets to it in a day.
"""

from __future__ import annotations

import math
from collections.abc import Generator

import simpy

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.state import HILLS, Convoy, stock_at
from sim.domain.terms import GRAMS_PER_KG
from sim.processes.supply.levels import garrison_asks_at, is_short, wants
from sim.randomness import purpose
from sim.world.network import Way
from sim.world.passes import turn
from sim.world.stores import sources, stores
from sim.world.world import Steps, World

RANK = 80
AMBUSH = purpose("supply.ambush")


# --- from the asking to the departure -------------------------------------------------------------------


def supply(world: World, place: str, side: str, cause: int) -> Steps:
    """Load convoys for a place and take them there, one after the other, while it asks for more."""
    while is_short(world, place, side):
        found = _depot_for(world, place, side)
        if found is None:
            break
        depot = found[0]
        n = world.state.places[depot].stocks[side].convoys
        loading = int(world.sample("supply.loading_time", f"{place}:{side}", n))
        yield world.sleep(world.now + loading, RANK, f"{depot}>{place}")
        found = _depot_for(world, place, side)
        if found is None:
            break
        if found[0] != depot:
            continue  # the store was lost or emptied while it was being loaded: another one begins anew
        _, mode, way = found
        sent = _dispatch(world, depot, place, side, mode, way, cause)
        if sent is None:
            break
        back_s = world.now + 2 * sum(world.ways.leg_seconds(leg, mode) for leg, _ in way)
        arrived = yield from _drive(world, *sent)
        if not arrived and world.now < back_s:  # they hear of it, and ask again, when it should have been back
            yield world.sleep(back_s, RANK, f"{depot}>{place}")
    else:
        return
    world.unserved.add((place, side))


def _depot_for(world: World, place: str, side: str) -> tuple[str, str, Way] | None:
    """Return the store that supplies a place, the way of carrying and the way, None if none can.

    Depots are supplied by sources alone, and nobody brings anything to these.
    """
    if (place, side) in world.compiled.depots_at:
        from_where = sources(world, side)
        if place in from_where:
            return None
    else:
        from_where = stores(world, side)
        if place in from_where:
            return None
    loaded = [store for store in from_where if _worth_a_convoy(world, store, side)]
    for mode in ("truck", "light", "foot"):
        times = [
            (seconds, store)
            for store in loaded
            if (seconds := world.ways.way_seconds(mode, store, place, side)) is not None
        ]
        if times:
            nearest = min(times)[1]
            way = world.ways.way(mode, nearest, place, side)
            return None if way is None else (nearest, mode, way)
    return None


def _worth_a_convoy(world: World, depot: str, side: str) -> bool:
    stock = world.state.places[depot].stocks.get(side)
    return stock is not None and (stock.ammunition_g > 0 or stock_at(stock, world.now) > 0)


def _dispatch(
    world: World, depot: str, place: str, side: str, mode: str, way: Way, cause: int
) -> tuple[str, Way, str, int] | None:
    """Load what is lacking, what the store can give and what a convoy carries, whichever is least."""
    source, target = world.state.places[depot].stocks[side], world.state.places[place].stocks[side]
    want, keep = wants(world, place, side), garrison_asks_at(world, depot, side)
    per_carrier = world.value(f"supply.load_kg.{mode}") * GRAMS_PER_KG
    room = int(world.value("supply.convoy_carriers_max") * per_carrier)

    def part(wanted: int, there: int, given: int, kept: int, left: int) -> int:
        return min(max(0, wanted - there), max(0, given - kept), left)

    ammunition = part(want.ammunition_g, target.ammunition_g, source.ammunition_g, keep.ammunition_g, room)
    food = part(want.food_g, stock_at(target, world.now), stock_at(source, world.now), keep.food_g, room - ammunition)
    fuel = part(want.fuel_g, target.fuel_g, source.fuel_g, 0, room - ammunition - food)
    carriers = math.ceil((food + ammunition + fuel) / per_carrier)
    burnt = 0
    if mode != "foot":
        length = sum(world.value(f"legs.{leg}.length_km") for leg, _ in way)
        burnt = int(carriers * 2 * length * world.value("supply.fuel_kg_per_vehicle_km") * GRAMS_PER_KG)
        if burnt > source.fuel_g:
            return None  # the store has no fuel for the way there and back
        fuel = min(fuel, source.fuel_g - burnt)
    if food + ammunition + fuel <= 0:
        return None
    before = sum(stock.convoys for stock in world.state.places[depot].stocks.values())  # allies may share a depot
    name = f"{depot}>{place}#{before + 1}"
    sent = world.record(
        f.ConvoyDispatched,
        cause,
        convoy=name,
        side=side,
        place=depot,
        to=place,
        mode=mode,
        carriers=carriers,
        food_g=food,
        ammunition_g=ammunition,
        fuel_g=fuel,
        burnt_g=burnt,
        path=tuple(stop for _, stop in way),
    )
    return name, way, mode, sent


# --- on the road ----------------------------------------------------------------------------------------


def _drive(world: World, name: str, way: Way, mode: str, cause: int) -> Generator[simpy.Event, None, bool]:
    """Take a convoy to its destination; tell whether it arrived."""
    convoy = world.state.convoys[name]
    here = convoy.origin
    for leg, to in way:
        shut = _what_stops_it(world, convoy, leg, to)
        if shut:
            _turn_back(world, convoy, here, shut, cause)
            return False
        ambushed = _ambush(world, convoy, here, leg, to, cause)
        if ambushed is not None:
            cause = ambushed
            if name not in world.state.convoys:
                return False
        waits, cause = _queue(world, convoy, leg, to, cause)
        yield world.sleep(world.now + waits + world.ways.leg_seconds(leg, mode), RANK, name)
        here = to
        if world.hostile(convoy.side, world.state.places[to].holder) and not world.strength(to, convoy.side):
            _record_load(world, f.ConvoyDestroyed, cause, convoy, to)
            return False
    _record_load(world, f.ConvoyArrived, cause, convoy, here)
    return True


def _what_stops_it(world: World, convoy: Convoy, leg: str, to: str) -> str:
    """Return why a convoy cannot take the next leg of its way, '' if it can."""
    if not world.ways.can_take(leg, convoy.mode):
        return "way shut"
    if not world.ways.passable(to, convoy.side) and not (to == convoy.to and world.strength(to, convoy.side)):
        return f"no way on at {to}"
    for name in world.state.on_leg.get(leg, ()):
        if world.hostile(convoy.side, world.state.forces[name].side):
            return "enemy on the road"
    return ""


def _queue(world: World, convoy: Convoy, leg: str, to: str, cause: int) -> tuple[int, int]:
    """Let the vehicles of a convoy take their turn at the pass ahead; return the wait and the last fact."""
    taken = turn(world, to, convoy.carriers if convoy.mode != "foot" else 0, convoy.id)
    if taken is None:
        return 0, cause
    queued = world.record(
        f.ConvoyQueued,
        cause,
        convoy=convoy.id,
        side=convoy.side,
        place=to,
        leg=leg,
        queued_s=taken.waits_s,
        pass_free_s=taken.free_s,
    )
    return taken.waits_s, queued


def _turn_back(world: World, convoy: Convoy, here: str, reason: str, cause: int) -> None:
    _record_load(world, f.ConvoyTurnedBack, cause, convoy, here, reason=reason)


def _record_load(world: World, kind: type[f.Fact], cause: int, convoy: Convoy, place: str, **more: str) -> None:
    """Record the end of a convoy at a place with what it still carries."""
    world.record(
        kind,
        cause,
        convoy=convoy.id,
        side=convoy.side,
        place=place,
        **more,
        food_g=convoy.food_g,
        ammunition_g=convoy.ammunition_g,
        fuel_g=convoy.fuel_g,
    )


def _ambush(world: World, convoy: Convoy, here: str, leg: str, to: str, cause: int) -> int | None:
    """Let enemies in the hills at either end of a leg fall upon a convoy; return the fact's number if they do."""
    lurking: dict[str, int] = {}
    for place in (here, to):
        for force_name in world.state.places[place].forces:
            force = world.state.forces[force_name]
            if force.posture == HILLS and world.hostile(force.side, convoy.side):
                lurking[force.side] = lurking.get(force.side, 0) + force.fit
    if not lurking:
        return None
    by = max(lurking, key=lambda side: (lurking[side], side))
    strength = 1 - math.exp(-lurking[by] / world.value("supply.ambush_scale_fighters"))
    length = world.value(f"legs.{leg}.length_km")
    u = world.randomness.uniforms(AMBUSH, f"{convoy.id}/{leg}")
    if u[0] >= -math.expm1(-world.value("supply.ambush_rate_per_km") * length * strength):
        return None
    destroyed = world.value("supply.ambush_destroys_share")
    turned = world.value("supply.ambush_turns_back_share")
    outcome = "destroyed" if u[1] < destroyed else "turned back" if u[1] < destroyed + turned else "got through"
    share = 1.0 if outcome == "destroyed" else world.sample("supply.ambush_loss_share", f"{convoy.id}/{leg}")
    lost = losses(u[2], convoy.carriers, convoy.carriers * share, 1.0)
    part = lost / convoy.carriers if convoy.carriers else 0.0
    load = (
        (0, 0, 0)
        if outcome == "destroyed"
        else tuple(int(part * grams) for grams in (convoy.food_g, convoy.ammunition_g, convoy.fuel_g))
    )
    ambushed = world.record(
        f.ConvoyAmbushed,
        cause,
        convoy=convoy.id,
        side=convoy.side,
        place=to,
        leg=leg,
        by=by,
        outcome=outcome,
        carriers_lost=lost,
        food_g=load[0],
        ammunition_g=load[1],
        fuel_g=load[2],
    )
    if outcome == "destroyed":
        _record_load(world, f.ConvoyDestroyed, ambushed, convoy, to)
    elif outcome == "turned back":
        _turn_back(world, convoy, here, "ambushed", ambushed)
    return ambushed
