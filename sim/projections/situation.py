"""The situation at one moment: who holds what, with how many, on how much food."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sim.domain.facts import Fact
from sim.domain.fold import apply
from sim.domain.state import HILLS, Force, State, stock_at
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


@dataclass(frozen=True, slots=True)
class ForceAt:
    """A force at a moment: where it is, or between which places and how far; what it is, and what it is to do."""

    force: str
    side: str
    place: str
    to: str
    way_share: float
    posture: str
    fit: int
    cohesion: float
    quality: float
    vehicles: int
    operation: str
    order: str


@dataclass(frozen=True, slots=True)
class ConvoyAt:
    """A convoy on the road at a moment, and what it carries."""

    convoy: str
    side: str
    origin: str
    to: str
    mode: str
    carriers: int
    food_kg: int
    ammunition_kg: int
    fuel_kg: int
    since_s: int


@dataclass(frozen=True, slots=True)
class BeliefAt:
    """What a side believed of the enemies at a place, how old that was, and how many there were in truth."""

    side: str
    place: str
    believed: int
    age_s: int
    true: int


def forces_at(state: State, time_s: int, side: str | None = None) -> tuple[ForceAt, ...]:
    """Return every force that has fighters, or those of a side, by place and the largest first."""
    found = [
        ForceAt(
            force=force.id,
            side=force.side,
            place=force.place,
            to=force.to if force.leg else "",
            way_share=_way_share(force, time_s),
            posture=force.posture,
            fit=force.fit,
            cohesion=force.cohesion,
            quality=force.quality,
            vehicles=sum(force.vehicles.values()),
            operation=force.operation,
            order=f"{force.order_purpose} {force.order_to}".strip() if force.order_to else "",
        )
        for force in state.forces.values()
        if force.fit and (side is None or force.side == side)
    ]
    return tuple(sorted(found, key=lambda force: (force.side, force.place, -force.fit, force.force)))


def _way_share(force: Force, time_s: int) -> float:
    """Return which share of its leg a force has behind it, 0 for one that is at a place."""
    span = force.arrives_s - force.from_s
    return min(1.0, max(0.0, (time_s - force.from_s) / span)) if force.leg and span > 0 else 0.0


def convoys_at(state: State, side: str | None = None) -> tuple[ConvoyAt, ...]:
    """Return the convoys on the road, or those of a side."""
    return tuple(
        ConvoyAt(
            convoy.id, convoy.side, convoy.origin, convoy.to, convoy.mode, convoy.carriers,
            convoy.food_g // GRAMS_PER_KG, convoy.ammunition_g // GRAMS_PER_KG, convoy.fuel_g // GRAMS_PER_KG,
            convoy.departed_s,
        )
        for convoy in sorted(state.convoys.values(), key=lambda convoy: convoy.id)
        if side is None or convoy.side == side
    )  # fmt: skip


def beliefs_at(state: State, scenario: Scenario, time_s: int, side: str | None = None) -> tuple[BeliefAt, ...]:
    """Return what sides believe of places, the latest reports first; stale ones among them."""
    hostile = {frozenset(pair.split("+")) for pair, stance in scenario.relations.items() if stance == "hostile"}
    found = []
    for own, known in state.beliefs.items():
        for place, belief in known.items():
            there = state.places[place].fighters
            true = sum(count for other, count in there.items() if frozenset((own, other)) in hostile)
            if side is None or own == side:
                found.append(BeliefAt(own, place, belief.estimate, time_s - belief.observed_s, true))
    return tuple(sorted(found, key=lambda belief: (belief.side, belief.age_s, belief.place)))


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
