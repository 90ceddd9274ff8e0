"""Loads: what fighters carry with them when they leave a place, as far as their share of its stock goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain.state import Force, Stock, stock_at
from sim.domain.terms import GRAMS_PER_KG

if TYPE_CHECKING:
    from sim.world.world import World


def rations_g(world: World, force: Force) -> int:
    """Return the grams of food that a column takes along: so many days of the march."""
    stock = _stock(world, force)
    if stock is None:
        return 0
    days, per_day = world.value("supply.carried_days"), world.value("supply.food_kg_per_person_day.march")
    wanted = int(force.fit * days * per_day * GRAMS_PER_KG)
    return min(wanted, int(stock_at(stock, world.now) * _share(world, force)))


def rounds_g(world: World, force: Force) -> int:
    """Return the grams of ammunition that the fighters of a force carry."""
    stock = _stock(world, force)
    if stock is None:
        return 0
    wanted = int(force.fit * world.value("supply.carried_ammunition_kg_per_fighter") * GRAMS_PER_KG)
    return min(wanted, int(stock.ammunition_g * _share(world, force)))


def _stock(world: World, force: Force) -> Stock | None:
    """Return the stock that a force leaves, None if nobody counts or it has none."""
    return world.state.places[force.place].stocks.get(force.side) if world.scenario.supply.enabled else None


def _share(world: World, force: Force) -> float:
    """Return the part of a stock that falls to a force: those who stay keep what falls to them."""
    return force.fit / max(1, world.strength(force.place, force.side))
