"""Risings: a disliked garrison that searches houses is risen against, and one rising brings on others.

The rate at a place is (quiet rate + search rate while it is searched) x leaning to an enemy of the holder x
a shock common to its area x a factor for each fresh rising next door x exp(-garrison / scale). People
rise once against one holder: a rising that failed is not repeated until the place has changed hands.
"""

from __future__ import annotations

import math

from sim.domain import facts as f
from sim.domain.terms import GRAMS_PER_KG
from sim.world.world import World

RANK = 70
_TOLERANCE = 0.02


def on_control(world: World, change: f.ControlChanged) -> None:
    """Plan the searches of a new holder, and let the success be heard in the area."""
    _plan_searches(world, change.place, change.side, change.seq)
    _set_rate(world, change.place, change.seq)


def on_garrison(
    world: World, fact: f.ForceArrived | f.ForceDeparted | f.EngagementEnded | f.HouseSearchesBegan
) -> None:
    """Look at the rate again when the garrison grew, shrank, won or began to search."""
    if isinstance(fact, f.ForceArrived | f.ForceDeparted) and f"rising:{fact.place}" not in world.state.clocks:
        return  # nobody there would rise
    _set_rate(world, fact.place, fact.seq)


def on_rising(world: World, rising: f.RisingBegan) -> None:
    """Raise the rate at the other places of the area, and lower it when the news is old."""
    lasts = world.seconds("risings.contagion_duration")
    places = world.compiled.same_area[rising.place]
    for place in places:
        _set_rate(world, place, rising.seq)

    def grown_old() -> None:
        for place in places:
            _set_rate(world, place, rising.seq)

    world.at(world.now + lasts + 1, RANK, f"contagion:{rising.place}", grown_old)


def _plan_searches(world: World, place: str, side: str, cause: int) -> None:
    doctrine = world.scenario.doctrine.get(side)
    if doctrine is None or doctrine.searches is None or not world.state.values.get(f"places.{place}.population"):
        return
    if world.leaning(place, side) >= world.value(f"doctrine.{side}.searches.leaning_below"):
        return
    n = world.state.places[place].engagements + world.state.places[place].risings
    delay = int(world.sample(f"doctrine.{side}.searches.delay", place, n))
    held_since = world.state.places[place].held_since_s

    def begin() -> None:
        here = world.state.places[place]
        if (
            here.holder == side
            and here.held_since_s == held_since
            and not here.engagement
            and world.strength(place, side)
        ):
            world.record(f.HouseSearchesBegan, cause, place=place, side=side, garrison=world.strength(place, side))

    world.at(world.now + delay, RANK, f"searches:{place}", begin)


def _rate(world: World, place: str) -> float:
    here = world.state.places[place]
    if not world.scenario.risings.enabled or not here.holder or here.engagement:
        return 0.0
    if here.rose_s >= here.held_since_s:
        return 0.0  # who rose against this holder and failed does not rise again
    if not world.state.values.get(f"places.{place}.population"):
        return 0.0
    friend = _friend(world, place)
    if not friend:
        return 0.0
    rate = world.value("risings.quiet_rate_per_day")
    if here.searched_since_s >= 0:
        rate += world.value("risings.search_rate_per_day")
    rate *= world.leaning(place, friend)
    areas = world.areas_of[place]
    rate *= world.sample("risings.area_shock", areas[0] if areas else place)
    since = max(0, world.now - world.seconds("risings.contagion_duration"))
    places = world.state.places
    fresh = sum([places[other].rose_s >= since for other in world.compiled.same_area[place]])
    rate *= world.value("risings.contagion_factor") ** fresh
    return rate * math.exp(-world.strength(place, here.holder) / world.value("risings.garrison_scale_fighters"))


def _friend(world: World, place: str) -> str:
    """Return the enemy of the holder to whom the people lean most, if more than to the holder."""
    holder = world.state.places[place].holder
    best, most = "", world.leaning(place, holder)
    for side in world.compiled.hostile[holder]:
        liked = world.leaning(place, side)
        if liked > most:
            best, most = side, liked
    return best


def _set_rate(world: World, place: str, cause: int) -> None:
    world.hazards.set("rising", place, _rate(world, place), cause, _TOLERANCE)


def rising_fired(world: World, subject: str, cause: int) -> None:
    """Raise the people of a place."""
    here = world.state.places[subject]
    side = _friend(world, subject) if here.holder else ""
    population = world.state.values.get(f"places.{subject}.population", 0.0)
    n = here.risings
    willing = population * world.leaning(subject, side)
    fighters = int(willing * world.sample("risings.fighters_share_of_population", subject, n))
    if not side or here.engagement or fighters < 1 or _rate(world, subject) <= 0:
        return
    against = here.holder
    began = world.record(f.RisingBegan, cause, place=subject, side=side, against=against, fighters=fighters)
    food = fighters * world.value("risings.food_days") * world.value("supply.food_kg_per_person_day.rest")
    world.record(
        f.ForceRaised,
        began,
        force=f"{subject}/rising#{n + 1}",
        side=side,
        place=subject,
        origin="rising",
        type="local",
        posture="assaulting",
        operation="",
        fit=fighters,
        vehicles=(),
        quality=world.value("risings.quality"),
        cohesion=world.value("risings.cohesion"),
        food_g=int(food * GRAMS_PER_KG),
        ammunition_g=int(fighters * world.value("risings.ammunition_kg_per_fighter") * GRAMS_PER_KG),
    )
    _set_rate(world, subject, began)


REACTIONS = {
    f.ControlChanged: on_control,
    f.HouseSearchesBegan: on_garrison,
    f.ForceArrived: on_garrison,
    f.ForceDeparted: on_garrison,
    f.EngagementEnded: on_garrison,
    f.RisingBegan: on_rising,
}
HAZARDS = {"rising": rising_fired}
