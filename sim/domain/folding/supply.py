"""What facts of supply change: stocks, depots, convoys, sieges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.domain import facts as f
from sim.domain.folding.steps import add, books_of, change_fighters, place_of, settle, stock_of, take
from sim.domain.passes import take_lane
from sim.domain.state import Convoy, State
from sim.errors import Impossible


def _stock_replenished(state: State, fact: f.StockReplenished) -> None:
    books = books_of(state, fact.side)
    books.food_in_g += fact.food_g
    books.ammunition_in_g += fact.ammunition_g
    books.fuel_in_g += fact.fuel_g
    add(
        state,
        stock_of(state, place_of(state, fact.place), fact.side),
        fact.side,
        fact.food_g,
        fact.ammunition_g,
        fact.fuel_g,
    )


def _stock_exhausted(state: State, fact: f.StockExhausted) -> None:
    stock = stock_of(state, place_of(state, fact.place), fact.side)
    if fact.supply == "food":
        settle(state, stock, fact.side)
        if stock.food_g:
            raise Impossible(f"{fact.side} still has food at {fact.place}")
        stock.hungry_since_s = fact.time_s
    else:
        if stock.ammunition_g:
            raise Impossible(f"{fact.side} still has ammunition at {fact.place}")
        stock.dry_since_s = fact.time_s


def _hunger_lasted(state: State, fact: f.HungerLasted) -> None:
    stock = stock_of(state, place_of(state, fact.place), fact.side)
    if stock.hungry_since_s != fact.since_s:
        raise Impossible(f"{fact.side} has not been hungry at {fact.place} since {fact.since_s} s")


def _depot_captured(state: State, fact: f.DepotCaptured) -> None:
    place = place_of(state, fact.place)
    lost = stock_of(state, place, fact.lost_by)
    food = fact.food_g + fact.destroyed_food_g
    ammunition = fact.ammunition_g + fact.destroyed_ammunition_g
    fuel = fact.fuel_g + fact.destroyed_fuel_g
    take(state, lost, fact.lost_by, food, ammunition, fuel)
    loser, taker = books_of(state, fact.lost_by), books_of(state, fact.side)
    loser.food_lost_g += food
    loser.ammunition_lost_g += ammunition
    loser.fuel_lost_g += fuel
    taker.food_in_g += fact.food_g
    taker.ammunition_in_g += fact.ammunition_g
    taker.fuel_in_g += fact.fuel_g
    add(
        state,
        stock_of(state, place_of(state, fact.place), fact.side),
        fact.side,
        fact.food_g,
        fact.ammunition_g,
        fact.fuel_g,
    )


def convoy_of(state: State, convoy: str) -> Convoy:
    """Return a convoy on the road, or refuse."""
    found = state.convoys.get(convoy)
    if found is None:
        raise Impossible(f"there is no convoy {convoy!r}")
    return found


def _convoy_dispatched(state: State, fact: f.ConvoyDispatched) -> None:
    if fact.convoy in state.convoys:
        raise Impossible(f"{fact.convoy} is on the road already")
    depot = stock_of(state, place_of(state, fact.place), fact.side)
    take(state, depot, fact.side, fact.food_g, fact.ammunition_g, fact.fuel_g + fact.burnt_g)
    books_of(state, fact.side).fuel_burnt_g += fact.burnt_g
    depot.convoys += 1
    stock_of(state, place_of(state, fact.to), fact.side).on_the_way += 1
    state.convoys[fact.convoy] = Convoy(
        fact.convoy,
        fact.side,
        fact.place,
        fact.to,
        fact.mode,
        fact.carriers,
        fact.food_g,
        fact.ammunition_g,
        fact.fuel_g,
        fact.time_s,
        fact.path,
    )


def _convoy_queued(state: State, fact: f.ConvoyQueued) -> None:
    convoy_of(state, fact.convoy)
    take_lane(state, place_of(state, fact.place), fact.pass_free_s)


def _convoy_ambushed(state: State, fact: f.ConvoyAmbushed) -> None:
    convoy = convoy_of(state, fact.convoy)
    if fact.food_g > convoy.food_g or fact.ammunition_g > convoy.ammunition_g or fact.fuel_g > convoy.fuel_g:
        raise Impossible(f"{fact.convoy} cannot lose more than it carries")
    convoy.ambushes += 1
    convoy.carriers -= fact.carriers_lost
    _lose_load(state, convoy, fact.food_g, fact.ammunition_g, fact.fuel_g)


def _lose_load(state: State, convoy: Convoy, food_g: int, ammunition_g: int, fuel_g: int) -> None:
    convoy.food_g -= food_g
    convoy.ammunition_g -= ammunition_g
    convoy.fuel_g -= fuel_g
    books = books_of(state, convoy.side)
    books.food_lost_g += food_g
    books.ammunition_lost_g += ammunition_g
    books.fuel_lost_g += fuel_g


def _convoy_unloaded(state: State, fact: f.ConvoyArrived | f.ConvoyTurnedBack) -> None:
    convoy = convoy_of(state, fact.convoy)
    if (fact.food_g, fact.ammunition_g, fact.fuel_g) != (convoy.food_g, convoy.ammunition_g, convoy.fuel_g):
        raise Impossible(f"{fact.convoy} unloads something else than it carries")
    stock_of(state, place_of(state, convoy.to), convoy.side).on_the_way -= 1
    stock = stock_of(state, place_of(state, fact.place), convoy.side)
    add(state, stock, convoy.side, convoy.food_g, convoy.ammunition_g, convoy.fuel_g)
    del state.convoys[fact.convoy]


def _convoy_destroyed(state: State, fact: f.ConvoyDestroyed) -> None:
    convoy = convoy_of(state, fact.convoy)
    _lose_load(state, convoy, convoy.food_g, convoy.ammunition_g, convoy.fuel_g)
    stock_of(state, place_of(state, convoy.to), convoy.side).on_the_way -= 1
    del state.convoys[fact.convoy]


def _siege_began(state: State, fact: f.SiegeBegan) -> None:
    for name in fact.places:
        place = place_of(state, name)
        place.besieged = fact.side
        change_fighters(state, place, fact.side, 0)


def _siege_lifted(state: State, fact: f.SiegeLifted) -> None:
    for name in fact.places:
        place = place_of(state, name)
        place.besieged = ""
        place.shared_g_per_day = 0
        change_fighters(state, place, fact.side, 0)


def _lifeline_opened(state: State, fact: f.LifelineOpened) -> None:
    state.lifelines.setdefault(fact.lifeline, 0)


HANDLERS: dict[type[f.Fact], Callable[[State, Any], None]] = {
    f.StockReplenished: _stock_replenished,
    f.StockExhausted: _stock_exhausted,
    f.HungerLasted: _hunger_lasted,
    f.DepotCaptured: _depot_captured,
    f.ConvoyDispatched: _convoy_dispatched,
    f.ConvoyQueued: _convoy_queued,
    f.ConvoyAmbushed: _convoy_ambushed,
    f.ConvoyArrived: _convoy_unloaded,
    f.ConvoyTurnedBack: _convoy_unloaded,
    f.ConvoyDestroyed: _convoy_destroyed,
    f.SiegeBegan: _siege_began,
    f.SiegeLifted: _siege_lifted,
    f.LifelineOpened: _lifeline_opened,
}
