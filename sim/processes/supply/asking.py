"""Asking: food runs down, garrisons and depots ask for more, and those that nobody can reach ask again.

The moments at which a stock asks for more or is gone are computed, never polled.
"""

from __future__ import annotations

from functools import partial

from sim.domain import facts as f
from sim.domain.state import food_down_to_s, food_gone_s, stock_at
from sim.processes.supply.convoys import RANK, supply
from sim.processes.supply.levels import asks_at, is_short
from sim.world.stores import stores
from sim.world.world import World

_PlaceAndSide = (
    f.ForceRaised | f.ForceArrived | f.ForceBlocked | f.ForceReformed | f.ForceSurrendered | f.ForceDestroyed
    | f.ForceDeparted | f.ForceDispersed
    | f.PostureChanged | f.PeopleReturned | f.StockReplenished | f.ConvoyArrived | f.ConvoyTurnedBack | f.DepotCaptured
)  # fmt: skip


# --- what makes somebody look at a stock ----------------------------------------------------------------


def on_change(world: World, fact: _PlaceAndSide) -> None:
    """Look at a stock when eaters or supplies came, or went with men who took some along."""
    if world.scenario.supply.enabled and fact.side in world.state.places[fact.place].stocks:
        _look_at(world, fact.place, fact.side, fact.seq)


def on_arrived(world: World, arrival: f.ForceArrived) -> None:
    """Look at the stock of a place where a column stays."""
    if arrival.settles:
        on_change(world, arrival)


def on_supplies(world: World, fact: f.StockReplenished | f.ConvoyArrived | f.ConvoyTurnedBack) -> None:
    """Look at a stock to which something came; a store can now serve those who asked in vain."""
    on_change(world, fact)
    if world.unserved and fact.place in stores(world, fact.side):
        on_road_open(world, fact)


def on_fight(world: World, began: f.EngagementBegan) -> None:
    """Look at the stocks of those who fight: they may eat more."""
    if world.scenario.supply.enabled:
        for side in (began.side, began.enemy):
            if side in world.state.places[began.place].stocks:
                _watch_food(world, began.place, side, began.seq)


def on_lifted(world: World, lifted: f.SiegeLifted) -> None:
    """Look at the stocks of places where no more comes in by footpath."""
    if world.scenario.supply.enabled:
        for place in lifted.places:
            if lifted.side in world.state.places[place].stocks:
                _look_at(world, place, lifted.side, lifted.seq)


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


def on_number_changed(world: World, change: f.AssumptionChanged) -> None:
    """Look at all stocks when a number of supply changed: levels, rations and loads follow it at once."""
    if world.scenario.supply.enabled and change.assumption.startswith("supply."):
        for place, here in world.state.places.items():
            for side in sorted(here.stocks):
                _look_at(world, place, side, change.seq)


# --- those who asked in vain ----------------------------------------------------------------------------


def on_road_open(world: World, fact: f.Fact) -> None:
    """Let garrisons that no convoy could reach ask again, when a way or a store may have opened."""
    _ask_again(world, fact.seq)


def on_started(world: World, started: f.RunStarted) -> None:
    """Let them ask again when a month begins, if snow shuts any leg."""
    if any(world.compiled.network.closed_months.values()):
        world.at(world.ways.next_month_s(), RANK, "month", partial(_month_begins, world, started.seq))


def _month_begins(world: World, cause: int) -> None:
    world.at(world.ways.next_month_s(), RANK, "month", partial(_month_begins, world, cause))
    _ask_again(world, cause)


def _ask_again(world: World, cause: int) -> None:
    for place, side in sorted(world.unserved):
        world.unserved.remove((place, side))
        _ask(world, place, side, cause)


# --- one stock ------------------------------------------------------------------------------------------


def _look_at(world: World, place: str, side: str, cause: int) -> None:
    _watch_food(world, place, side, cause)
    _ask(world, place, side, cause)


def _watch_food(world: World, place: str, side: str, cause: int) -> None:
    """Set a timer for the moment at which a stock reaches its reorder level, or is gone, or hunger has lasted."""
    stock = world.state.places[place].stocks[side]
    if stock.hungry_since_s >= 0:
        _watch_hunger(world, place, side, stock.hungry_since_s, cause)
        return
    level = asks_at(world, place, side).food_g
    due = food_down_to_s(stock, level) if stock_at(stock, world.now) > level else food_gone_s(stock)
    if due is None:
        return
    name = f"stock:{place}:{side}"
    if name in world.alarms and world.alarms[name] <= due:
        return
    world.alarms[name] = due
    world.at(max(due, world.now), RANK, name, partial(_ring, world, place, side, due, cause))


def _ring(world: World, place: str, side: str, due_s: int, cause: int) -> None:
    name = f"stock:{place}:{side}"
    if world.alarms.get(name) != due_s:
        return  # an earlier timer took over
    del world.alarms[name]
    stock = world.state.places[place].stocks[side]
    if stock.hungry_since_s < 0 and stock.eaten_g_per_day and stock_at(stock, world.now) <= 0:
        world.record(f.StockExhausted, cause, place=place, side=side, supply="food")
    _look_at(world, place, side, cause)


def _watch_hunger(world: World, place: str, side: str, since_s: int, cause: int) -> None:
    """Set a timer for the next moment at which men have been hungry for another half-time."""
    name, half_s = f"hunger:{place}:{side}", max(1, world.seconds("supply.hunger_half_time"))
    due = since_s + ((world.now - since_s) // half_s + 1) * half_s
    if name in world.alarms and world.alarms[name] <= due:
        return
    world.alarms[name] = due
    world.at(due, RANK, name, partial(_hunger_lasts, world, place, side, since_s, due, cause))


def _hunger_lasts(world: World, place: str, side: str, since_s: int, due_s: int, cause: int) -> None:
    name, stock = f"hunger:{place}:{side}", world.state.places[place].stocks[side]
    if world.alarms.get(name) != due_s:
        return  # an earlier timer took over
    del world.alarms[name]
    if stock.hungry_since_s == since_s:
        cause = world.record(f.HungerLasted, cause, place=place, side=side, since_s=since_s)
    if stock.hungry_since_s >= 0:
        _watch_hunger(world, place, side, stock.hungry_since_s, cause)


def _ask(world: World, place: str, side: str, cause: int) -> None:
    """Ask for a convoy when food or ammunition is below its level, unless one is being loaded or on the way."""
    here, name = world.state.places[place], f"supply:{place}:{side}"
    nobody = side not in here.fighters and (place, side) not in world.compiled.depots_at
    if nobody or here.stocks[side].on_the_way or name in world.running or not is_short(world, place, side):
        return
    world.start(name, supply(world, place, side, cause))
