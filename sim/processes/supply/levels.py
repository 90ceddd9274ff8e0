"""Levels: how much of each supply a place wants, and at how little it asks for more."""

from __future__ import annotations

from typing import NamedTuple

from sim.domain.state import stock_at
from sim.domain.terms import GRAMS_PER_KG
from sim.world.world import World

_REST = "supply.food_kg_per_person_day.rest"


class Level(NamedTuple):
    """Grams of each supply."""

    food_g: int
    ammunition_g: int
    fuel_g: int = 0


def garrison_asks_at(world: World, place: str, side: str) -> Level:
    """Return what a side's fighters at a place have left when they ask for more; a store gives nobody less to keep."""
    value, fighters = world.value, world.state.places[place].fighters.get(side, 0)
    food = fighters * value("supply.reorder_days") * value(_REST)
    return Level(
        int(food * GRAMS_PER_KG), int(fighters * value("supply.ammunition_reorder_kg_per_fighter") * GRAMS_PER_KG)
    )


def asks_at(world: World, place: str, side: str) -> Level:
    """Return what is left at a place when more is asked for, by its fighters or because it is a depot."""
    garrison, share = garrison_asks_at(world, place, side), world.state.values.get("supply.depot_reorder_share", 0.0)
    first = first_stock(world, place, side) if share else None
    if first is None:
        return garrison
    return Level(*(max(level, int(share * grams)) for level, grams in zip(garrison, first, strict=True)))


def wants(world: World, place: str, side: str) -> Level:
    """Return what a place wants to have once it asks."""
    value, fighters = world.value, world.state.places[place].fighters.get(side, 0)
    food = fighters * value("supply.target_days") * value(_REST)
    garrison = Level(
        int(food * GRAMS_PER_KG), int(fighters * value("supply.ammunition_target_kg_per_fighter") * GRAMS_PER_KG)
    )
    first = first_stock(world, place, side)
    return garrison if first is None else Level(*map(max, garrison, first))


def first_stock(world: World, place: str, side: str) -> Level | None:
    """Return with how much a side's depots at a place began, None if it has none there."""
    names = world.compiled.depots_at.get((place, side))
    if names is None:
        return None
    kg = [sum(world.value(f"depots.{name}.{part}_kg") for name in names) for part in ("food", "ammunition", "fuel")]
    return Level(*(int(part * GRAMS_PER_KG) for part in kg))


def is_short(world: World, place: str, side: str) -> bool:
    """Tell whether a place asks for more with what it has."""
    level = asks_at(world, place, side)
    if not any(level):
        return False  # nobody there ever asks for anything
    stock = world.state.places[place].stocks[side]
    return (
        stock.ammunition_g <= level.ammunition_g
        or stock_at(stock, world.now) <= level.food_g
        or stock.fuel_g < level.fuel_g
    )
