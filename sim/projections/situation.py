"""The situation at one moment: who holds what, with how many, on how much food."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sim.domain.facts import Fact
from sim.domain.fold import apply
from sim.domain.state import HILLS, State, stock_at
from sim.domain.terms import GRAMS_PER_KG
from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class SideAt:
    """A side at a moment: fit fighters (of them in the hills, on the road), lost so far, stocks."""

    side: str
    name: str
    places_held: int
    fit: int
    in_hills: int
    on_the_road: int
    killed: int
    wounded: int
    captured: int
    deserted: int
    food_kg: int
    ammunition_kg: int


@dataclass(frozen=True, slots=True)
class PlaceAt:
    """A place at a moment; fighters and supplies by side, ``besieged`` the side that is shut in there."""

    place: str
    name: str
    holder: str
    held_since_s: int
    contested: bool
    besieged: str
    fighters: dict[str, int]
    in_hills: dict[str, int]
    food_kg: dict[str, int]
    ammunition_kg: dict[str, int]


@dataclass(frozen=True, slots=True)
class Situation:
    """All sides and places of a scenario at a moment."""

    time_s: int
    moment: str
    sides: tuple[SideAt, ...]
    places: tuple[PlaceAt, ...]


def state_at(facts: Iterable[Fact], time_s: int) -> State:
    """Return the state after all facts of a log up to and including a moment."""
    state = State()
    for fact in facts:
        if fact.time_s > time_s:
            break
        apply(state, fact)
    return state


def situation(state: State, scenario: Scenario, time_s: int) -> Situation:
    """Return the situation at a moment not before the last fact that was folded."""
    places = tuple(_place_at(state, scenario, place, time_s) for place in scenario.places)
    return Situation(
        time_s=time_s,
        moment=(scenario.scenario.start + timedelta(seconds=time_s)).isoformat(),
        sides=tuple(_side_at(state, scenario, side, places) for side in scenario.sides),
        places=places,
    )


def _place_at(state: State, scenario: Scenario, place: str, time_s: int) -> PlaceAt:
    there = state.places.get(place)
    name = scenario.places[place].name
    if there is None:
        return PlaceAt(place, name, "", 0, False, "", {}, {}, {}, {})
    fighters = {side: state.fighters(place, side) for side in scenario.sides}
    in_hills = {side: state.in_hills(place, side) for side in scenario.sides}
    food = {side: stock_at(stock, time_s) // GRAMS_PER_KG for side, stock in sorted(there.stocks.items())}
    ammunition = {side: stock.ammunition_g // GRAMS_PER_KG for side, stock in sorted(there.stocks.items())}
    return PlaceAt(
        place,
        name,
        there.holder,
        there.held_since_s,
        bool(there.engagement),
        there.besieged,
        _some(fighters),
        _some(in_hills),
        _some(food),
        _some(ammunition),
    )


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {side: count for side, count in counts.items() if count}


def _side_at(state: State, scenario: Scenario, side: str, places: Iterable[PlaceAt]) -> SideAt:
    own = [force for force in state.forces.values() if force.side == side]
    books = state.sides.get(side)
    held = list(places)
    return SideAt(
        side=side,
        name=scenario.sides[side].name,
        places_held=sum(place.holder == side for place in held),
        fit=sum(force.fit for force in own),
        in_hills=sum(force.fit for force in own if force.posture == HILLS),
        on_the_road=sum(force.fit for force in own if force.leg),
        killed=books.killed if books else 0,
        wounded=books.wounded if books else 0,
        captured=books.captured if books else 0,
        deserted=books.deserted if books else 0,
        food_kg=sum(place.food_kg.get(side, 0) for place in held),
        ammunition_kg=sum(place.ammunition_kg.get(side, 0) for place in held),
    )
