"""Supply: stocks run down, garrisons ask for more, convoys carry it, and roads are shut.

Food is eaten at a rate between facts; the moments at which a stock asks for more or is gone are computed,
never polled. Ammunition goes with the bouts. A convoy loads, drives leg by leg, may be ambushed where
enemies sit in the hills, and arrives, turns back or is destroyed. A pocket whose roads all end at enemies
in strength is besieged: it gets a trickle by footpath.
"""

from __future__ import annotations

import math

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.state import HILLS, Stock, food_down_to_s, food_gone_s, stock_at
from sim.domain.terms import GRAMS_PER_KG
from sim.randomness import purpose
from sim.world.network import Way
from sim.world.world import Steps, World

RANK = 80
AMBUSH = purpose("supply.ambush")
_REST = "supply.food_kg_per_person_day.rest"


# --- asking for more --------------------------------------------------------------------------------------


def on_change(world: World, fact: f.Fact) -> None:
    """Look at the stocks of a place when eaters or supplies came."""
    if not world.scenario.supply.enabled or (isinstance(fact, f.ForceArrived) and not fact.settles):
        return
    place: str = fact.place  # type: ignore[attr-defined]  # every kind registered below has a place
    for side in sorted(world.state.places[place].stocks):
        _watch_food(world, place, side, fact.seq)
        _ask(world, place, side, fact.seq)


def _target(world: World, fighters: int) -> tuple[int, int]:
    """Return the grams of food and ammunition that so many fighters want to have."""
    value = world.value
    food = fighters * value("supply.target_days") * value(_REST)
    return int(food * GRAMS_PER_KG), int(fighters * value("supply.ammunition_target_kg_per_fighter") * GRAMS_PER_KG)


def _reorder_levels(world: World, fighters: int) -> tuple[int, int]:
    """Return the grams of food and ammunition at which so many fighters ask for more."""
    value = world.value
    food = fighters * value("supply.reorder_days") * value(_REST)
    return int(food * GRAMS_PER_KG), int(fighters * value("supply.ammunition_reorder_kg_per_fighter") * GRAMS_PER_KG)


def _watch_food(world: World, place: str, side: str, cause: int) -> None:
    """Set a timer for the moment at which a stock reaches its reorder level, or is gone."""
    here = world.state.places[place]
    stock = here.stocks[side]
    reorder, _ = _reorder_levels(world, here.fighters.get(side, 0))
    due = food_down_to_s(stock, reorder) if stock_at(stock, world.now) > reorder else food_gone_s(stock)
    if due is None:
        return
    name = f"stock:{place}:{side}"
    if name in world.alarms and world.alarms[name] <= due:
        return
    world.alarms[name] = due

    def ring() -> None:
        if world.alarms.get(name) != due:
            return  # an earlier timer took over
        del world.alarms[name]
        now = world.state.places[place].stocks[side]
        if now.hungry_since_s < 0 and now.eaten_g_per_day and stock_at(now, world.now) <= 0:
            world.record(f.StockExhausted, cause, place=place, side=side, supply="food")
        else:
            _ask(world, place, side, cause)
            _watch_food(world, place, side, cause)

    world.at(max(due, world.now), RANK, name, ring)


def _is_short(world: World, stock: Stock, fighters: int) -> bool:
    """Tell whether so many fighters ask for more with what they have."""
    food_level, ammunition_level = _reorder_levels(world, fighters)
    if not food_level and not ammunition_level:
        return False  # nobody there ever asks for anything
    return stock.ammunition_g <= ammunition_level or stock_at(stock, world.now) <= food_level


def _ask(world: World, place: str, side: str, cause: int) -> None:
    """Ask the nearest depot for a convoy when food or ammunition is below its reorder level."""
    here = world.state.places[place]
    stock, fighters = here.stocks[side], here.fighters.get(side, 0)
    if fighters and not stock.on_the_way and _is_short(world, stock, fighters):
        _send_for(world, place, side, cause)


def _send_for(world: World, place: str, side: str, cause: int) -> None:
    """Let a convoy be loaded for a garrison, if none is and a depot can reach it."""
    if f"supply:{place}:{side}" not in world.running and _depot_for(world, place, side) is not None:
        world.start(f"supply:{place}:{side}", _supply(world, place, side, cause))


def on_road_open(world: World, fact: f.ControlChanged | f.SiegeLifted | f.EngagementEnded) -> None:
    """Let garrisons that no convoy could reach ask again."""
    if not world.scenario.supply.enabled:
        return
    for place, here in world.state.places.items():
        if not here.fighters:
            continue
        for side, stock in here.stocks.items():
            fighters = here.fighters.get(side, 0)
            if stock.eaten_g_per_day and fighters and not stock.on_the_way and _is_short(world, stock, fighters):
                _send_for(world, place, side, fact.seq)


def on_shot(world: World, bout: f.BoutFought) -> None:
    """Note that ammunition ran out, and ask for more."""
    if not world.scenario.supply.enabled:
        return
    for side, shot in ((bout.side, bout.attacker_ammunition_g), (bout.enemy, bout.defender_ammunition_g)):
        stock = world.state.places[bout.place].stocks.get(side)
        if stock is None:
            continue
        if shot and not stock.ammunition_g and stock.dry_since_s < 0:
            world.record(f.StockExhausted, bout.seq, place=bout.place, side=side, supply="ammunition")
        _ask(world, bout.place, side, bout.seq)


# --- convoys ------------------------------------------------------------------------------------------------


def _supply(world: World, place: str, side: str, cause: int) -> Steps:
    """Load one convoy for a garrison and take it there."""
    found = _depot_for(world, place, side)
    if found is None:
        return
    depot, mode, _ = found
    n = world.state.places[depot].stocks[side].convoys
    loading = int(world.sample("supply.loading_time", f"{place}:{side}", n))
    yield world.sleep(world.now + loading, RANK, f"{depot}>{place}")
    found = _depot_for(world, place, side)
    if found is None or found[0] != depot:
        return
    depot, mode, way = found
    sent = _dispatch(world, depot, place, side, mode, way, cause)
    if sent is not None:
        yield from _drive(world, *sent)


def _depot_for(world: World, place: str, side: str) -> tuple[str, str, Way] | None:
    """Return the depot that supplies a place, the way of carrying and the way, None if none can."""
    depots = _depots(world, side)
    if place in depots:
        return None
    loaded = [depot for depot in depots if _worth_a_convoy(world, depot, side)]
    for mode in ("truck", "light", "foot"):
        times = [
            (seconds, depot)
            for depot in loaded
            if (seconds := world.ways.way_seconds(mode, depot, place, side)) is not None
        ]
        if times:
            nearest = min(times)[1]
            way = world.ways.way(mode, nearest, place, side)
            return None if way is None else (nearest, mode, way)
    return None


def _depots(world: World, side: str) -> set[str]:
    """Return the places where a side's depots stand that it still holds."""
    places = world.state.places
    return {place for place, owner in world.compiled.depots[side] if places[place].holder == owner}


def _worth_a_convoy(world: World, depot: str, side: str) -> bool:
    stock = world.state.places[depot].stocks.get(side)
    return stock is not None and (stock.ammunition_g > 0 or stock_at(stock, world.now) > 0)


def _dispatch(
    world: World, depot: str, place: str, side: str, mode: str, way: Way, cause: int
) -> tuple[str, Way, str, int] | None:
    """Load what is lacking, what the depot has and what a convoy carries, whichever is least."""
    source, target = world.state.places[depot].stocks[side], world.state.places[place].stocks[side]
    want_food, want_ammunition = _target(world, world.state.fighters(place, side))
    room = int(world.value("supply.convoy_carriers_max") * world.value(f"supply.load_kg.{mode}") * GRAMS_PER_KG)
    keep_food, keep_ammunition = _reorder_levels(world, world.state.fighters(depot, side))
    ammunition = min(max(0, want_ammunition - target.ammunition_g), max(0, source.ammunition_g - keep_ammunition), room)
    food = min(
        max(0, want_food - stock_at(target, world.now)),
        max(0, stock_at(source, world.now) - keep_food),
        room - ammunition,
    )
    if food + ammunition <= 0:
        return None
    carriers = max(1, math.ceil((food + ammunition) / (world.value(f"supply.load_kg.{mode}") * GRAMS_PER_KG)))
    burnt = 0
    if mode != "foot":
        length = sum(world.value(f"legs.{leg}.length_km") for leg, _ in way)
        burnt = int(carriers * 2 * length * world.value("supply.fuel_kg_per_vehicle_km") * GRAMS_PER_KG)
        if burnt > source.fuel_g:
            return None  # the depot has no fuel for the way there and back
    name = f"{depot}>{place}#{source.convoys + 1}"
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
        fuel_g=0,
        burnt_g=burnt,
        path=tuple(stop for _, stop in way),
    )
    return name, way, mode, sent


def _drive(world: World, name: str, way: Way, mode: str, cause: int) -> Steps:
    convoy = world.state.convoys[name]
    here = convoy.origin
    for leg, to in way:
        if not world.ways.passable(to, convoy.side) and not (to == convoy.to and world.strength(to, convoy.side)):
            _turn_back(world, name, here, f"no way on at {to}", cause)
            return
        ambushed = _ambush(world, name, here, leg, to, cause)
        if ambushed is not None:
            cause = ambushed
            if name not in world.state.convoys:
                return
        yield world.sleep(world.now + world.ways.leg_seconds(leg, mode), RANK, name)
        here = to
        holder = world.state.places[to].holder
        if holder and world.hostile(holder, convoy.side) and not world.strength(to, convoy.side):
            world.record(
                f.ConvoyDestroyed,
                cause,
                convoy=name,
                side=convoy.side,
                place=to,
                food_g=convoy.food_g,
                ammunition_g=convoy.ammunition_g,
                fuel_g=convoy.fuel_g,
            )
            return
    world.record(
        f.ConvoyArrived,
        cause,
        convoy=name,
        side=convoy.side,
        place=here,
        food_g=convoy.food_g,
        ammunition_g=convoy.ammunition_g,
        fuel_g=convoy.fuel_g,
    )


def _turn_back(world: World, name: str, here: str, reason: str, cause: int) -> None:
    convoy = world.state.convoys[name]
    world.record(
        f.ConvoyTurnedBack,
        cause,
        convoy=name,
        side=convoy.side,
        place=here,
        reason=reason,
        food_g=convoy.food_g,
        ammunition_g=convoy.ammunition_g,
        fuel_g=convoy.fuel_g,
    )


def _ambush(world: World, name: str, here: str, leg: str, to: str, cause: int) -> int | None:
    """Let enemies in the hills at either end of a leg fall upon a convoy; return the fact's number if they do."""
    convoy = world.state.convoys[name]
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
    u = world.randomness.uniforms(AMBUSH, f"{name}/{leg}")
    if u[0] >= -math.expm1(-world.value("supply.ambush_rate_per_km") * length * strength):
        return None
    destroyed = world.value("supply.ambush_destroys_share")
    turned = world.value("supply.ambush_turns_back_share")
    outcome = "destroyed" if u[1] < destroyed else "turned back" if u[1] < destroyed + turned else "got through"
    share = 1.0 if outcome == "destroyed" else world.sample("supply.ambush_loss_share", f"{name}/{leg}")
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
        convoy=name,
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
        world.record(
            f.ConvoyDestroyed,
            ambushed,
            convoy=name,
            side=convoy.side,
            place=to,
            food_g=convoy.food_g,
            ammunition_g=convoy.ammunition_g,
            fuel_g=convoy.fuel_g,
        )
    elif outcome == "turned back":
        _turn_back(world, name, here, "ambushed", ambushed)
    return ambushed


# --- depots and lifelines -----------------------------------------------------------------------------------


def on_depot_used(world: World, sent: f.ConvoyDispatched) -> None:
    """Refill a depot that is supplied from outside the theatre by what left it."""
    for depot in world.scenario.depots.values():
        if depot.home and depot.place == sent.place and depot.side == sent.side:
            world.record(
                f.StockReplenished,
                sent.seq,
                place=sent.place,
                side=sent.side,
                source="outside",
                food_g=sent.food_g,
                ammunition_g=sent.ammunition_g,
                fuel_g=sent.fuel_g + sent.burnt_g,
            )


def on_control(world: World, change: f.ControlChanged) -> None:
    """Take or destroy what the losers left behind."""
    if change.lost_by:
        _capture_stock(world, change.place, change.side, change.lost_by, change.seq)


def on_left(world: World, gone: f.ForceDeparted | f.ForceDispersed | f.ForceSurrendered | f.ForceDestroyed) -> None:
    """Let the holder of a place take what its enemies left there when the last of them went."""
    holder = world.state.places[gone.place].holder
    if holder and world.hostile(holder, gone.side):
        _capture_stock(world, gone.place, holder, gone.side, gone.seq)


def _capture_stock(world: World, place: str, taker: str, loser: str, cause: int) -> None:
    stock: Stock | None = world.state.places[place].stocks.get(loser)
    if stock is None or world.strength(place, loser):
        return
    have = (stock_at(stock, world.now), stock.ammunition_g, stock.fuel_g)
    if not any(have):
        return
    burnt = [int(grams * world.value("supply.abandoned_destroyed_share")) for grams in have]
    world.record(
        f.DepotCaptured,
        cause,
        place=place,
        side=taker,
        lost_by=loser,
        food_g=have[0] - burnt[0],
        ammunition_g=have[1] - burnt[1],
        fuel_g=have[2] - burnt[2],
        destroyed_food_g=burnt[0],
        destroyed_ammunition_g=burnt[1],
        destroyed_fuel_g=burnt[2],
    )


def on_started(world: World, started: f.RunStarted) -> None:
    """Start the lifelines that are open."""
    for name, lifeline in sorted(world.scenario.lifelines.items()):
        if lifeline.open and world.scenario.supply.enabled:
            world.start(f"lifeline:{name}", _lifeline(world, name, started.seq))


def _lifeline(world: World, name: str, cause: int) -> Steps:
    spec = world.scenario.lifelines[name]
    yield world.sleep(world.now + int(world.sample(f"lifelines.{name}.first_after", name)), RANK, name)
    load, opened = 0, False
    while True:
        if world.friends(world.state.places[spec.place].holder, spec.side):
            if not opened:
                cause = world.record(f.LifelineOpened, cause, lifeline=name, side=spec.side, place=spec.place)
                opened = True
            grams = [
                int(world.value(f"lifelines.{name}.{part}_kg") * GRAMS_PER_KG)
                for part in ("food", "ammunition", "fuel")
            ]
            world.record(
                f.StockReplenished,
                cause,
                place=spec.place,
                side=spec.side,
                source=name,
                food_g=grams[0],
                ammunition_g=grams[1],
                fuel_g=grams[2],
            )
        load += 1
        yield world.sleep(world.now + max(1, int(world.sample(f"lifelines.{name}.interval", name, load))), RANK, name)


REACTIONS = {
    f.RunStarted: on_started,
    f.ForceRaised: on_change,
    f.ForceArrived: on_change,
    f.StockReplenished: on_change,
    f.ConvoyArrived: on_change,
    f.ConvoyTurnedBack: on_change,
    f.BoutFought: on_shot,
    f.ControlChanged: (on_control, on_road_open),
    f.SiegeLifted: on_road_open,
    f.EngagementEnded: on_road_open,
    f.ForceDeparted: on_left,
    f.ForceDispersed: on_left,
    f.ForceSurrendered: on_left,
    f.ForceDestroyed: on_left,
    f.ConvoyDispatched: on_depot_used,
}
