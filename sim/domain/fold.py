"""The fold: how each kind of fact changes the state. Nothing else changes it.

``apply`` refuses what cannot be: facts out of order, unknown forces, people or supplies below zero, a
force in two places, a second holder. It computes no outcome: whatever was decided or drawn stands in
the fact itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sim.domain import facts as f
from sim.domain.state import (
    HILLS,
    Belief,
    Books,
    Clock,
    Convoy,
    Engagement,
    Force,
    Line,
    Operation,
    Place,
    Pool,
    State,
    Stock,
    Talk,
    stock_at,
)
from sim.domain.terms import DAY, GRAMS_PER_KG
from sim.errors import Impossible

_FOOD_REST = "supply.food_kg_per_person_day.rest"
_LEAK = "supply.footpath_leak_share"


def apply(state: State, fact: f.Fact) -> None:
    """Change the state by one fact.

    Raises:
        Impossible: If the fact cannot follow from the state.
    """
    if fact.seq != state.facts or fact.time_s < state.time_s or not -1 <= fact.cause < max(fact.seq, 0) + (fact.seq == 0):
        raise Impossible(f"{fact.kind} {fact.seq} at {fact.time_s} s cannot follow fact {state.facts - 1} at {state.time_s} s")
    state.time_s = fact.time_s
    _HANDLERS[type(fact)](state, fact)
    state.facts += 1


def replay(log: Iterable[f.Fact]) -> State:
    """Return the state after a whole log."""
    state = State()
    for fact in log:
        apply(state, fact)
    return state


# --- small steps that several facts share ---------------------------------------------------------


def _place(state: State, place: str) -> Place:
    found = state.places.get(place)
    if found is None:
        raise Impossible(f"there is no place {place!r}")
    return found


def _force(state: State, force: str) -> Force:
    found = state.forces.get(force)
    if found is None:
        raise Impossible(f"there is no force {force!r}")
    return found


def _books(state: State, side: str) -> Books:
    found = state.sides.get(side)
    if found is None:
        found = state.sides[side] = Books()
    return found


def _stock(state: State, place: str, side: str) -> Stock:
    stocks = _place(state, place).stocks
    found = stocks.get(side)
    if found is None:
        found = stocks[side] = Stock(since_s=state.time_s)
    return found


def _settle(state: State, stock: Stock, side: str) -> None:
    """Bring a stock's food to the present; what was eaten goes into the books, the remainder is carried."""
    level = stock_at(stock, state.time_s)
    if stock.hungry_since_s < 0 and stock.eaten_g_per_day:
        stock.carry = (stock.eaten_g_per_day * (state.time_s - stock.since_s) + stock.carry) % DAY
    _books(state, side).food_eaten_g += stock.food_g - level
    stock.food_g = level
    stock.since_s = state.time_s


def _eaters_changed(state: State, place: str, side: str) -> None:
    """Settle a side's food at a place and set the rate at which those now there eat it."""
    home = _place(state, place)
    eaters = sum(
        force.fit for name in home.forces if (force := state.forces[name]).side == side and force.posture != HILLS
    )
    if not eaters and side not in home.stocks:
        return
    stock = _stock(state, place, side)
    _settle(state, stock, side)
    grams = int(state.values.get(_FOOD_REST, 0.0) * GRAMS_PER_KG * eaters)
    if home.besieged == side:
        grams = int(grams * (1 - state.values.get(_LEAK, 0.0)))
    stock.eaten_g_per_day = grams


def _take(state: State, stock: Stock, side: str, food_g: int, ammunition_g: int, fuel_g: int = 0) -> None:
    _settle(state, stock, side)
    if food_g > stock.food_g or ammunition_g > stock.ammunition_g or fuel_g > stock.fuel_g:
        raise Impossible(f"a stock of {side} cannot give {food_g} g food, {ammunition_g} g ammunition, {fuel_g} g fuel")
    stock.food_g -= food_g
    stock.ammunition_g -= ammunition_g
    stock.fuel_g -= fuel_g


def _add(state: State, stock: Stock, side: str, food_g: int, ammunition_g: int, fuel_g: int = 0) -> None:
    _settle(state, stock, side)
    stock.food_g += food_g
    stock.ammunition_g += ammunition_g
    stock.fuel_g += fuel_g
    if stock.food_g > 0 and stock.hungry_since_s >= 0:
        stock.hungry_since_s, stock.carry = -1, 0
    if stock.ammunition_g > 0:
        stock.dry_since_s = -1


def _lose_people(force: Force, count: int) -> None:
    if not 0 <= count <= force.fit:
        raise Impossible(f"{force.id} has {force.fit} fighters and cannot lose {count}")
    force.fit -= count


def _join_operation(state: State, force: Force, operation: str) -> None:
    """Let a force belong to an axis of an operation from now on, or to none."""
    if force.operation != operation:
        if force.operation:
            state.columns[force.operation].remove(force.id)
        if operation:
            state.columns.setdefault(operation, []).append(force.id)
        force.operation = operation


def _leave_leg(state: State, force: Force) -> None:
    if force.leg:
        state.on_leg[force.leg].remove(force.id)
        force.leg = force.to = ""


def _leave_place(state: State, force: Force) -> None:
    home = _place(state, force.place)
    if force.id in home.forces:
        home.forces.remove(force.id)
        _eaters_changed(state, force.place, force.side)


def _enter_place(state: State, force: Force, place: str) -> None:
    force.place = place
    _place(state, place).forces.append(force.id)
    _eaters_changed(state, place, force.side)


def _drop_loads(state: State, force: Force) -> None:
    if force.food_g or force.ammunition_g:
        _add(state, _stock(state, force.place, force.side), force.side, force.food_g, force.ammunition_g)
        force.food_g = force.ammunition_g = 0


def _charge_operation(state: State, force: Force, count: int) -> None:
    operation = state.operations.get(force.operation.partition("/")[0])
    if operation is not None:
        operation.lost += count


def _engagement(state: State, engagement: str) -> Engagement:
    found = state.engagements.get(engagement)
    if found is None:
        raise Impossible(f"there is no engagement {engagement!r}")
    return found


def _operation(state: State, operation: str) -> Operation:
    found = state.operations.get(operation)
    if found is None:
        found = state.operations[operation] = Operation(operation)
    return found


def _talk(state: State, talks: str) -> Talk:
    found = state.talks.get(talks)
    if found is None:
        found = state.talks[talks] = Talk(talks)
    return found


def _pool(state: State, pool: str) -> Pool:
    found = state.pools.get(pool)
    if found is None:
        found = state.pools[pool] = Pool(pool)
    return found


def _none(state: State, fact: f.Fact) -> None:
    """Change nothing: the fact is a record for readers and for what reacts to it."""


# --- the run --------------------------------------------------------------------------------------


def _run_started(state: State, fact: f.RunStarted) -> None:
    if fact.seq != 0:
        raise Impossible("a run starts once, with its first fact")
    state.values = dict(fact.values)
    state.duration_s = fact.duration_s
    state.places = {place: Place(place) for place in fact.places}


def _run_ended(state: State, fact: f.RunEnded) -> None:  # noqa: ARG001 - all handlers share one signature
    for place in state.places.values():
        for side, stock in place.stocks.items():
            _settle(state, stock, side)
    state.ended = True


# --- forces ---------------------------------------------------------------------------------------


def _force_raised(state: State, fact: f.ForceRaised) -> None:
    if fact.force in state.forces:
        raise Impossible(f"{fact.force} was raised before")
    if fact.fit < 0 or not 0 <= fact.cohesion <= 1:
        raise Impossible(f"{fact.force} cannot have {fact.fit} fighters at cohesion {fact.cohesion}")
    force = Force(
        fact.force, fact.side, fact.place, fact.type, fact.posture, "", fact.fit, dict(fact.vehicles),
        fact.quality, fact.cohesion, fact.fit, fact.food_g, fact.ammunition_g, rested_since_s=fact.time_s,
    )
    state.forces[fact.force] = force
    _join_operation(state, force, fact.operation)
    books = _books(state, fact.side)
    books.raised += fact.fit
    books.food_in_g += fact.food_g
    books.ammunition_in_g += fact.ammunition_g
    _enter_place(state, force, fact.place)
    _drop_loads(state, force)
    _place(state, fact.place).born += 1


def _force_split(state: State, fact: f.ForceSplit) -> None:
    parent = _force(state, fact.force)
    if parent.leg:
        raise Impossible(f"{fact.force} cannot split on the road")
    _lose_people(parent, fact.fit)
    for kind, count in fact.vehicles:
        if parent.vehicles.get(kind, 0) < count:
            raise Impossible(f"{fact.force} has no {count} vehicles of kind {kind}")
        parent.vehicles[kind] -= count
    parent.children += 1
    child = Force(
        fact.child, parent.side, parent.place, parent.type, fact.posture, "", fact.fit,
        dict(fact.vehicles), parent.quality, parent.cohesion, fact.fit, rested_since_s=parent.rested_since_s,
        marched_s=parent.marched_s,
    )
    parent.raised -= fact.fit
    if fact.child in state.forces:
        raise Impossible(f"{fact.child} exists already")
    state.forces[fact.child] = child
    _join_operation(state, child, fact.operation)
    _place(state, parent.place).forces.append(fact.child)


def _force_merged(state: State, fact: f.ForceMerged) -> None:
    force, into = _force(state, fact.force), _force(state, fact.into)
    if force.leg or into.leg or force.place != into.place or force.side != into.side or force is into:
        raise Impossible(f"{fact.force} cannot join {fact.into}: they are not together")
    total = force.fit + into.fit
    if total:
        into.quality = (force.fit * force.quality + into.fit * into.quality) / total
        into.cohesion = (force.fit * force.cohesion + into.fit * into.cohesion) / total
    into.fit = total
    into.raised += force.raised
    into.food_g += force.food_g
    into.ammunition_g += force.ammunition_g
    for kind, count in force.vehicles.items():
        into.vehicles[kind] = into.vehicles.get(kind, 0) + count
    _place(state, force.place).forces.remove(force.id)
    _join_operation(state, force, "")
    del state.forces[force.id]


def _force_departed(state: State, fact: f.ForceDeparted) -> None:
    force = _force(state, fact.force)
    if force.leg:
        if fact.place != force.to:
            raise Impossible(f"{fact.force} is on {force.leg} and cannot depart from {fact.place}")
        force.place = fact.place
        _leave_leg(state, force)
    else:
        if force.place != fact.place:
            raise Impossible(f"{fact.force} is at {force.place} and cannot depart from {fact.place}")
        if fact.food_g or fact.ammunition_g:
            _take(state, _stock(state, fact.place, force.side), force.side, fact.food_g, fact.ammunition_g)
            force.food_g += fact.food_g
            force.ammunition_g += fact.ammunition_g
        _leave_place(state, force)
    if fact.arrives_s < fact.time_s:
        raise Impossible(f"{fact.force} cannot arrive before it departs")
    force.leg, force.to, force.arrives_s, force.posture = fact.leg, fact.to, fact.arrives_s, fact.posture
    state.on_leg.setdefault(fact.leg, []).append(force.id)
    force.marched_s, force.mode, force.departed_s = fact.marched_s, fact.mode, fact.time_s
    ahead = _place(state, fact.to)
    ahead.pass_free_s = max(ahead.pass_free_s, fact.pass_free_s)


def _force_arrived(state: State, fact: f.ForceArrived) -> None:
    force = _force(state, fact.force)
    if not force.leg or force.to != fact.place or fact.time_s != force.arrives_s:
        raise Impossible(f"{fact.force} was not due at {fact.place} now")
    if fact.ate_g > force.food_g:
        raise Impossible(f"{fact.force} cannot eat {fact.ate_g} g of {force.food_g} g")
    force.food_g -= fact.ate_g
    _books(state, force.side).food_eaten_g += fact.ate_g
    _leave_leg(state, force)
    force.rested_since_s, force.cut_off = fact.time_s, False
    _enter_place(state, force, fact.place)
    if fact.settles:
        _drop_loads(state, force)


def _posture_changed(state: State, fact: f.PostureChanged) -> None:
    force = _force(state, fact.force)
    force.posture = fact.posture
    _join_operation(state, force, fact.operation)
    force.order_to = force.order_purpose = ""
    if not force.leg:
        _drop_loads(state, force)


def _force_dispersed(state: State, fact: f.ForceDispersed) -> None:
    force = _force(state, fact.force)
    force.posture = HILLS
    _join_operation(state, force, "")
    force.order_to = force.order_purpose = ""
    _eaters_changed(state, force.place, force.side)


def _force_reformed(state: State, fact: f.ForceReformed) -> None:
    force = _force(state, fact.force)
    if force.posture != HILLS:
        raise Impossible(f"{fact.force} is not in the hills")
    force.posture = "assaulting"
    _eaters_changed(state, force.place, force.side)


def _force_beaten(state: State, fact: f.ForceBeaten) -> None:
    force = _force(state, fact.force)
    gone = fact.killed + fact.wounded + fact.captured + fact.deserted
    _lose_people(force, gone)
    if force.fit != fact.to_hills + fact.fell_back:
        raise Impossible(f"of {fact.force} {force.fit} are left, not {fact.to_hills + fact.fell_back}")
    books = _books(state, force.side)
    books.killed += fact.killed
    books.wounded += fact.wounded
    books.captured += fact.captured
    books.deserted += fact.deserted
    _charge_operation(state, force, gone)
    force.order_to = force.order_purpose = ""
    _eaters_changed(state, force.place, force.side)


def _force_surrendered(state: State, fact: f.ForceSurrendered) -> None:
    force = _force(state, fact.force)
    if fact.captured + fact.released != force.fit:
        raise Impossible(f"all {force.fit} of {fact.force} surrender, or nobody does")
    books = _books(state, force.side)
    books.captured += fact.captured
    books.released += fact.released
    _charge_operation(state, force, force.fit)
    force.fit = 0
    _remove_force(state, force)


def _force_destroyed(state: State, fact: f.ForceDestroyed) -> None:
    force = _force(state, fact.force)
    if force.fit:
        raise Impossible(f"{fact.force} still has {force.fit} fighters")
    _remove_force(state, force)


def _remove_force(state: State, force: Force) -> None:
    if not force.leg:
        _drop_loads(state, force)
        _place(state, force.place).forces.remove(force.id)
        _eaters_changed(state, force.place, force.side)
    else:
        books = _books(state, force.side)
        books.food_lost_g += force.food_g
        books.ammunition_lost_g += force.ammunition_g
        _leave_leg(state, force)
    _join_operation(state, force, "")
    del state.forces[force.id]


def _fighters_deserted(state: State, fact: f.FightersDeserted) -> None:
    force = _force(state, fact.force)
    _lose_people(force, fact.count)
    _books(state, force.side).deserted += fact.count
    _charge_operation(state, force, fact.count)
    if not force.leg:
        _eaters_changed(state, force.place, force.side)


def _vehicles_lost(state: State, fact: f.VehiclesLost) -> None:
    force = _force(state, fact.force)
    for kind, count in fact.vehicles:
        if not 0 <= count <= force.vehicles.get(kind, 0):
            raise Impossible(f"{fact.force} has no {count} vehicles of kind {kind} to lose")
        force.vehicles[kind] -= count
        _books(state, force.side).vehicles_lost += count


def _cohesion_shifted(state: State, fact: f.CohesionShifted) -> None:
    if not 0 <= fact.cohesion <= 1:
        raise Impossible(f"cohesion {fact.cohesion} lies outside [0, 1]")
    force = _force(state, fact.force)
    force.cohesion = fact.cohesion
    force.bad_news += 1


def _pool_released(state: State, fact: f.PoolReleased) -> None:
    pool = _pool(state, fact.pool)
    if fact.left < 0:
        raise Impossible(f"{fact.pool} cannot give more than it has")
    pool.given += fact.count
    pool.columns += 1


def _pool_held(state: State, fact: f.PoolHeld) -> None:
    pool = _pool(state, fact.pool)
    pool.held_until_s = fact.until_s
    pool.outbreaks += 1


# --- fighting -------------------------------------------------------------------------------------


def _engagement_began(state: State, fact: f.EngagementBegan) -> None:
    place = _place(state, fact.place)
    if place.engagement:
        raise Impossible(f"{fact.place} is contested already, by {place.engagement}")
    place.engagement = fact.engagement
    place.engagements += 1
    state.engagements[fact.engagement] = Engagement(
        fact.engagement, fact.place, fact.side, fact.enemy, fact.reason, fact.operation, fact.time_s,
        fact.attackers, fact.defenders, fact.surprise, Line(), Line(), fact=fact.seq,
    )


def _line_relieved(state: State, fact: f.LineRelieved) -> None:
    engagement = _engagement(state, fact.engagement)
    line = engagement.attack if fact.side == engagement.side else engagement.defence
    line.order, line.start, line.fighters = fact.order, fact.fighters, fact.fighters
    line.break_share, line.spent, line.spent_since_s = fact.break_point, fact.spent, fact.time_s
    engagement.paused_until_s = -1


def _bout_fought(state: State, fact: f.BoutFought) -> None:
    engagement = _engagement(state, fact.engagement)
    engagement.bouts = fact.bout
    attackers_lost = fact.attackers_killed + fact.attackers_wounded
    defenders_lost = fact.defenders_killed + fact.defenders_wounded
    if attackers_lost + defenders_lost != sum(killed + wounded for _, killed, wounded in fact.losses):
        raise Impossible(f"the losses of {fact.engagement} do not add up")
    touched = {fact.side, fact.enemy}
    for name, killed, wounded in fact.losses:
        force = _force(state, name)
        _lose_people(force, killed + wounded)
        _charge_operation(state, force, killed + wounded)
        books = _books(state, force.side)
        books.killed += killed
        books.wounded += wounded
        touched.add(force.side)
    for line, side, lost, shot_g in (
        (engagement.attack, fact.side, attackers_lost, fact.attacker_ammunition_g),
        (engagement.defence, fact.enemy, defenders_lost, fact.defender_ammunition_g),
    ):
        line.fighters = max(0, line.fighters - lost)
        _books(state, side).ammunition_shot_g += shot_g
        _take(state, _stock(state, fact.place, side), side, 0, shot_g)
    for side in sorted(touched):
        _eaters_changed(state, fact.place, side)
    engagement.attackers_lost += attackers_lost
    engagement.defenders_lost += defenders_lost


def _position_turned(state: State, fact: f.PositionTurned) -> None:
    _engagement(state, fact.engagement).turned = True


def _attack_paused(state: State, fact: f.AttackPaused) -> None:
    engagement = _engagement(state, fact.engagement)
    line = engagement.attack
    line.spent += line.fighters
    line.spent_since_s = fact.time_s
    line.fighters = line.start = 0
    engagement.paused_until_s = fact.resumes_s


def _engagement_ended(state: State, fact: f.EngagementEnded) -> None:
    _engagement(state, fact.engagement)
    del state.engagements[fact.engagement]
    _place(state, fact.place).engagement = ""


def _control_changed(state: State, fact: f.ControlChanged) -> None:
    place = _place(state, fact.place)
    if place.holder != fact.lost_by or place.holder == fact.side:
        raise Impossible(f"{fact.place} is held by {place.holder!r}, not lost by {fact.lost_by!r} to {fact.side!r}")
    place.holder = fact.side
    place.held_since_s = fact.time_s
    place.searched_since_s = -1
    place.besieged = ""


# --- supply ---------------------------------------------------------------------------------------


def _stock_replenished(state: State, fact: f.StockReplenished) -> None:
    books = _books(state, fact.side)
    books.food_in_g += fact.food_g
    books.ammunition_in_g += fact.ammunition_g
    books.fuel_in_g += fact.fuel_g
    _add(state, _stock(state, fact.place, fact.side), fact.side, fact.food_g, fact.ammunition_g, fact.fuel_g)


def _stock_exhausted(state: State, fact: f.StockExhausted) -> None:
    stock = _stock(state, fact.place, fact.side)
    if fact.supply == "food":
        _settle(state, stock, fact.side)
        if stock.food_g:
            raise Impossible(f"{fact.side} still has food at {fact.place}")
        stock.hungry_since_s = fact.time_s
    else:
        if stock.ammunition_g:
            raise Impossible(f"{fact.side} still has ammunition at {fact.place}")
        stock.dry_since_s = fact.time_s


def _depot_captured(state: State, fact: f.DepotCaptured) -> None:
    lost = _stock(state, fact.place, fact.lost_by)
    food = fact.food_g + fact.destroyed_food_g
    ammunition = fact.ammunition_g + fact.destroyed_ammunition_g
    fuel = fact.fuel_g + fact.destroyed_fuel_g
    _take(state, lost, fact.lost_by, food, ammunition, fuel)
    loser, taker = _books(state, fact.lost_by), _books(state, fact.side)
    loser.food_lost_g += food
    loser.ammunition_lost_g += ammunition
    loser.fuel_lost_g += fuel
    taker.food_in_g += fact.food_g
    taker.ammunition_in_g += fact.ammunition_g
    taker.fuel_in_g += fact.fuel_g
    _add(state, _stock(state, fact.place, fact.side), fact.side, fact.food_g, fact.ammunition_g, fact.fuel_g)


def _convoy(state: State, convoy: str) -> Convoy:
    found = state.convoys.get(convoy)
    if found is None:
        raise Impossible(f"there is no convoy {convoy!r}")
    return found


def _convoy_dispatched(state: State, fact: f.ConvoyDispatched) -> None:
    depot = _stock(state, fact.place, fact.side)
    _take(state, depot, fact.side, fact.food_g, fact.ammunition_g, fact.fuel_g + fact.burnt_g)
    _books(state, fact.side).fuel_burnt_g += fact.burnt_g
    depot.convoys += 1
    _stock(state, fact.to, fact.side).on_the_way += 1
    state.convoys[fact.convoy] = Convoy(
        fact.convoy, fact.side, fact.place, fact.to, fact.mode, fact.carriers,
        fact.food_g, fact.ammunition_g, fact.fuel_g, fact.time_s, fact.path,
    )


def _convoy_ambushed(state: State, fact: f.ConvoyAmbushed) -> None:
    convoy = _convoy(state, fact.convoy)
    if fact.food_g > convoy.food_g or fact.ammunition_g > convoy.ammunition_g or fact.fuel_g > convoy.fuel_g:
        raise Impossible(f"{fact.convoy} cannot lose more than it carries")
    convoy.ambushes += 1
    convoy.carriers -= fact.carriers_lost
    _lose_load(state, convoy, fact.food_g, fact.ammunition_g, fact.fuel_g)


def _lose_load(state: State, convoy: Convoy, food_g: int, ammunition_g: int, fuel_g: int) -> None:
    convoy.food_g -= food_g
    convoy.ammunition_g -= ammunition_g
    convoy.fuel_g -= fuel_g
    books = _books(state, convoy.side)
    books.food_lost_g += food_g
    books.ammunition_lost_g += ammunition_g
    books.fuel_lost_g += fuel_g


def _convoy_unloaded(state: State, fact: f.ConvoyArrived | f.ConvoyTurnedBack) -> None:
    convoy = _convoy(state, fact.convoy)
    if (fact.food_g, fact.ammunition_g, fact.fuel_g) != (convoy.food_g, convoy.ammunition_g, convoy.fuel_g):
        raise Impossible(f"{fact.convoy} unloads something else than it carries")
    _stock(state, convoy.to, convoy.side).on_the_way -= 1
    stock = _stock(state, fact.place, convoy.side)
    _add(state, stock, convoy.side, convoy.food_g, convoy.ammunition_g, convoy.fuel_g)
    del state.convoys[fact.convoy]


def _convoy_destroyed(state: State, fact: f.ConvoyDestroyed) -> None:
    convoy = _convoy(state, fact.convoy)
    _lose_load(state, convoy, convoy.food_g, convoy.ammunition_g, convoy.fuel_g)
    _stock(state, convoy.to, convoy.side).on_the_way -= 1
    del state.convoys[fact.convoy]


def _siege_began(state: State, fact: f.SiegeBegan) -> None:
    for name in fact.places:
        _place(state, name).besieged = fact.side
        _eaters_changed(state, name, fact.side)


def _siege_lifted(state: State, fact: f.SiegeLifted) -> None:
    for name in fact.places:
        _place(state, name).besieged = ""
        _eaters_changed(state, name, fact.side)


def _lifeline_opened(state: State, fact: f.LifelineOpened) -> None:
    state.lifelines.setdefault(fact.lifeline, 0)


# --- people, command, talks -----------------------------------------------------------------------


def _house_searches_began(state: State, fact: f.HouseSearchesBegan) -> None:
    _place(state, fact.place).searched_since_s = fact.time_s


def _rising_began(state: State, fact: f.RisingBegan) -> None:
    place = _place(state, fact.place)
    place.risings += 1
    place.rose_s = fact.time_s


def _report_sent(state: State, fact: f.ReportSent) -> None:
    state.reports[str(fact.seq)] = fact.place
    key = f"{fact.side}:{fact.place}"
    state.reports_sent[key] = state.reports_sent.get(key, 0) + 1


def _report_received(state: State, fact: f.ReportReceived) -> None:
    if state.reports.pop(str(fact.cause), None) != fact.place:
        raise Impossible(f"no report about {fact.place} was on its way")
    known = state.beliefs.setdefault(fact.side, {})
    before = known.get(fact.place)
    if before is None or before.observed_s <= fact.observed_s:
        known[fact.place] = Belief(fact.estimate, fact.observed_s, fact.seq)


def _operation_ordered(state: State, fact: f.OperationOrdered) -> None:
    operation = _operation(state, fact.operation)
    operation.stage, operation.attempt, operation.since_s = "ordered", fact.attempt, fact.time_s
    operation.since_fact, operation.committed, operation.lost = fact.seq, 0, 0


def _operation_launched(state: State, fact: f.OperationLaunched) -> None:
    operation = _operation(state, fact.operation)
    operation.stage, operation.since_s, operation.committed = "launched", fact.time_s, fact.fighters


def _operation_ended(state: State, fact: f.OperationEnded) -> None:
    operation = _operation(state, fact.operation)
    operation.stage = "waiting" if fact.again_s >= 0 else "over"
    operation.failures += fact.outcome not in ("reached", "truce")
    operation.since_s, operation.since_fact, operation.outcome = fact.time_s, fact.seq, fact.outcome


def _reinforcement_requested(state: State, fact: f.ReinforcementRequested) -> None:
    _pool(state, fact.pool)


def _order_issued(state: State, fact: f.OrderIssued) -> None:
    state.orders[str(fact.seq)] = fact.force
    state.orders_sent[fact.force] = state.orders_sent.get(fact.force, 0) + 1


def _order_delivered(state: State, fact: f.OrderDelivered) -> None:
    state.orders.pop(str(fact.cause), None)
    force = _force(state, fact.force)
    force.order_to, force.order_purpose = fact.to, fact.purpose
    _join_operation(state, force, fact.operation)


def _garrison_cut_off(state: State, fact: f.GarrisonCutOff) -> None:
    _force(state, fact.force).cut_off = True


def _talks_stage(stage: str) -> Callable[[State, Any], None]:
    def handler(state: State, fact: f.TalksOpened) -> None:
        talk = _talk(state, fact.talks)
        talk.stage, talk.since_s = stage, fact.time_s

    return handler


def _truce_violated(state: State, fact: f.TruceViolated) -> None:
    _talk(state, fact.talks).incidents += 1


def _ultimatum_issued(state: State, fact: f.UltimatumIssued) -> None:
    _talk(state, fact.talks).ultimatums += 1


def _ultimatum_expired(state: State, fact: f.UltimatumExpired) -> None:
    _talk(state, fact.talks).expired += 1


def _communications_cut(state: State, fact: f.CommunicationsCut) -> None:
    state.cut[fact.area] = "cut"


def _communications_restored(state: State, fact: f.CommunicationsRestored) -> None:
    state.cut[fact.area] = "partly"


def _day_came(state: State, fact: f.DayCame) -> None:
    state.days_come.append(fact.event)


def _hazard_changed(state: State, fact: f.HazardChanged) -> None:
    clock = state.clocks.get(fact.clock)
    if clock is None:
        clock = state.clocks[fact.clock] = Clock(fact.clock, since_s=fact.time_s)
    if fact.rate_per_day < 0:
        raise Impossible(f"the rate of {fact.clock} is below 0")
    if fact.rate_per_day > clock.rate_per_day:
        clock.raised_by = fact.seq
    clock.rate_per_day, clock.accrued, clock.since_s = fact.rate_per_day, fact.accrued, fact.time_s


def _hazard_fired(state: State, fact: f.HazardFired) -> None:
    clock = state.clocks[fact.clock]
    clock.accrued, clock.since_s = 0.0, fact.time_s
    clock.firings = fact.firing


_HANDLERS: dict[type[f.Fact], Callable[[State, Any], None]] = {
    f.RunStarted: _run_started,
    f.RunEnded: _run_ended,
    f.ForceRaised: _force_raised,
    f.ForceSplit: _force_split,
    f.ForceMerged: _force_merged,
    f.ForceDeparted: _force_departed,
    f.ForceArrived: _force_arrived,
    f.ForceBlocked: _none,
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
    f.ReinforcementRequested: _reinforcement_requested,
    f.EngagementBegan: _engagement_began,
    f.LineRelieved: _line_relieved,
    f.BoutFought: _bout_fought,
    f.PositionTurned: _position_turned,
    f.AttackPaused: _attack_paused,
    f.EngagementEnded: _engagement_ended,
    f.ControlChanged: _control_changed,
    f.StockReplenished: _stock_replenished,
    f.StockExhausted: _stock_exhausted,
    f.DepotCaptured: _depot_captured,
    f.ConvoyDispatched: _convoy_dispatched,
    f.ConvoyAmbushed: _convoy_ambushed,
    f.ConvoyArrived: _convoy_unloaded,
    f.ConvoyTurnedBack: _convoy_unloaded,
    f.ConvoyDestroyed: _convoy_destroyed,
    f.SiegeBegan: _siege_began,
    f.SiegeLifted: _siege_lifted,
    f.LifelineOpened: _lifeline_opened,
    f.HouseSearchesBegan: _house_searches_began,
    f.RisingBegan: _rising_began,
    f.ReportSent: _report_sent,
    f.ReportReceived: _report_received,
    f.OperationOrdered: _operation_ordered,
    f.OperationLaunched: _operation_launched,
    f.OperationEnded: _operation_ended,
    f.OrderIssued: _order_issued,
    f.OrderDelivered: _order_delivered,
    f.GarrisonCutOff: _garrison_cut_off,
    f.TalksOpened: _talks_stage("contact"),
    f.TruceAgreed: _talks_stage("truce"),
    f.TruceViolated: _truce_violated,
    f.UltimatumIssued: _ultimatum_issued,
    f.UltimatumExpired: _ultimatum_expired,
    f.TalksCollapsed: _talks_stage("collapsed"),
    f.SettlementReached: _talks_stage("settled"),
    f.CommunicationsCut: _communications_cut,
    f.CommunicationsRestored: _communications_restored,
    f.DayCame: _day_came,
    f.HazardChanged: _hazard_changed,
    f.HazardFired: _hazard_fired,
}
