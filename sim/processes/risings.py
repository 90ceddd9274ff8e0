"""Risings: a disliked garrison that searches houses is risen against, and success nearby brings on others.

The rate at a place is (quiet rate + search rate while it is searched) x leaning to an enemy of the holder x
a shock common to its area x a factor for each place of the area that the holder has lost of late x
exp(-garrison / scale). Where risings are pushed it is 0 without organised fighters of that enemy nearby.
People rise once against one holder: a rising that failed is not repeated until the place has changed hands.
"""

from __future__ import annotations

import math
from functools import partial

from sim.domain import facts as f
from sim.domain.state import HILLS
from sim.domain.terms import GRAMS_PER_KG
from sim.world.world import World

RANK = 70
_TOLERANCE = 0.05
#: A rate at which people would rise once in so many days, however large the rest of the world, is none.
_NEVER_PER_DAY = 1e-5

_Presence = (
    f.ForceRaised
    | f.ForceArrived
    | f.ForceBlocked
    | f.ForceDeparted
    | f.ForceSurrendered
    | f.ForceDispersed
    | f.ForceInfiltrated
    | f.ForceReformed
    | f.FightersDeserted
    | f.ForceDestroyed
    | f.PeopleReturned
)


# --- what moves the rate ----------------------------------------------------------------------------------


def on_control(world: World, change: f.ControlChanged) -> None:
    """Plan the searches of a new holder, and let a success be heard in the area, until it is old."""
    _plan_searches(world, change.place, change.seq)
    _set_rate(world, change.place, change.seq)
    if not change.lost_by or not world.scenario.risings.enabled:
        return
    _set_rates(world, world.compiled.same_area[change.place], change.seq)
    old = world.now + world.seconds("risings.contagion_duration") + 1
    look = partial(_set_rates, world, world.compiled.same_area[change.place], change.seq)
    world.at(old, RANK, f"contagion:{change.place}", look)


def on_garrison(
    world: World, fact: f.EngagementBegan | f.EngagementEnded | f.HouseSearchesBegan | f.LeaningShifted | f.RisingBegan
) -> None:
    """Look at the rate again when fighting or searches began or ended, or people rose or changed their minds."""
    _set_rate(world, fact.place, fact.seq)
    if isinstance(fact, f.EngagementEnded) and world.state.places[fact.place].searched_since_s < 0:
        _plan_searches(world, fact.place, fact.seq)  # what fell due during the fight begins now


def on_presence(world: World, fact: _Presence) -> None:
    """Look at the rate again when a garrison grew or shrank, and where it counts who is near."""
    if isinstance(fact, f.ForceArrived) and not fact.settles:
        return  # it passes through, or is halted, which is a fact of its own
    if f"rising:{fact.place}" in world.state.clocks:
        _set_rate(world, fact.place, fact.seq)
    _look_next_door(world, fact.place, fact.side, fact.seq)
    if isinstance(fact, f.ForceInfiltrated):
        _look_next_door(world, fact.origin, fact.side, fact.seq)


def _look_next_door(world: World, place: str, side: str, cause: int) -> None:
    """Look at the rates against enemies of a side, here and next door, where risings are pushed by those near."""
    if world.choice("risings.cause") == "local" or not world.scenario.risings.enabled:
        return
    places, hostile = world.state.places, world.compiled.hostile[side]
    for near in (place, *world.neighbours(place)):
        if places[near].holder in hostile:
            _set_rate(world, near, cause)


def on_assumption(world: World, changed: f.AssumptionChanged) -> None:
    """Set all rates anew when a number changed on which they rest, and the moments at which searches begin."""
    path = changed.assumption
    if path.startswith("risings.") or ".leaning." in path:
        _set_rates(world, tuple(world.state.places), changed.seq)
        for place in world.state.places.values():
            lasts = place.taken_s + world.seconds("risings.contagion_duration") + 1
            if path.startswith("risings.contagion_duration") and place.taken_s >= 0 and lasts > world.now:
                look = partial(_set_rates, world, world.compiled.same_area[place.id], changed.seq)
                world.at(lasts, RANK, f"contagion:{place.id}", look)
    if ".searches." in path or ".leaning." in path:
        for name, place in world.state.places.items():
            if place.holder and place.searched_since_s < 0:
                _plan_searches(world, name, changed.seq)


# --- searches -----------------------------------------------------------------------------------------------


def _search_due(world: World, place: str) -> int | None:
    """Return when the holder of a place begins to search it, None if he does not."""
    here = world.state.places[place]
    doctrine = world.scenario.doctrine.get(here.holder)
    if doctrine is None or doctrine.searches is None or not world.people(place):
        return None
    if world.leaning(place, here.holder) >= world.value(f"doctrine.{here.holder}.searches.leaning_below"):
        return None
    delay = int(world.sample(f"doctrine.{here.holder}.searches.delay", place, here.changes))
    return max(world.now, here.held_since_s + delay)


def _plan_searches(world: World, place: str, cause: int) -> None:
    due = _search_due(world, place)
    name = f"searches:{place}#{world.state.places[place].changes}"
    if due is not None and world.alarms.get(name, due + 1) > due:
        world.alarms[name] = due
        world.at(due, RANK, name, partial(_search, world, place, name, due, cause))


def _search(world: World, place: str, name: str, due: int, cause: int) -> None:
    """Let a garrison begin to search, if it still holds the place and nobody fights it."""
    here = world.state.places[place]
    if world.alarms.get(name) != due:
        return  # an earlier timer took over
    del world.alarms[name]
    if name != f"searches:{place}#{here.changes}" or here.searched_since_s >= 0:
        return
    garrison = world.strength(place, here.holder)
    if _search_due(world, place) != world.now:
        _plan_searches(world, place, cause)  # a number changed meanwhile
    elif not here.engagement and garrison:
        world.record(f.HouseSearchesBegan, cause, place=place, side=here.holder, garrison=garrison)


# --- the rate -----------------------------------------------------------------------------------------------


def _set_rates(world: World, places: tuple[str, ...], cause: int) -> None:
    for place in places:
        _set_rate(world, place, cause)


def _set_rate(world: World, place: str, cause: int) -> None:
    world.hazards.set("rising", place, _rate(world, place), cause, _TOLERANCE)


def _rate(world: World, place: str) -> float:
    here = world.state.places[place]
    if not world.scenario.risings.enabled or not here.holder or here.engagement:
        return 0.0
    if here.rose_s >= here.held_since_s or world.people(place) <= 0:
        return 0.0  # who rose against this holder and failed does not rise again
    friend = _friend(world, place)
    if not friend or not _is_pushed(world, place, friend):
        return 0.0
    rate = world.value("risings.quiet_rate_per_day")
    if here.searched_since_s >= 0:
        rate += world.value("risings.search_rate_per_day")
    rate *= world.leaning(place, friend)
    areas = world.areas_of[place]
    rate *= world.sample("risings.area_shock", areas[0] if areas else place)
    rate *= world.value("risings.contagion_factor") ** _successes(world, place)
    rate *= math.exp(-world.strength(place, here.holder) / world.value("risings.garrison_scale_fighters"))
    return rate if rate >= _NEVER_PER_DAY else 0.0


def _successes(world: World, place: str) -> int:
    """Return how many places of the same area enemies of the holder have taken of late."""
    places, holder = world.state.places, world.state.places[place].holder
    since = max(0, world.now - world.seconds("risings.contagion_duration"))
    hostile = world.compiled.hostile[holder]
    lately = [places[name] for name in world.compiled.same_area[place] if places[name].taken_s >= since]
    return len([taken for taken in lately if taken.holder in hostile])


def _is_pushed(world: World, place: str, friend: str) -> bool:
    """Tell whether a rising needs nobody else, or organised fighters of a side stand next door or in the hills."""
    if world.choice("risings.cause") == "local":
        return True
    forces, places = world.state.forces, world.state.places
    enemies = world.compiled.hostile[places[place].holder]
    pushing = [side for side in world.compiled.friends[friend] if side in enemies]
    for near in (place, *world.neighbours(place)):
        for name in places[near].forces:
            force = forces[name]
            if force.side in pushing and force.type != "local" and (near != place or force.posture == HILLS):
                return True
    return False


def _friend(world: World, place: str) -> str:
    """Return the enemy of the holder to whom the people lean most, if more than to the holder."""
    holder = world.state.places[place].holder
    best, most = "", world.leaning(place, holder)
    for side in world.compiled.hostile[holder]:
        liked = world.leaning(place, side)
        if liked > most:
            best, most = side, liked
    return best


# --- a rising -----------------------------------------------------------------------------------------------


def rising_fired(world: World, subject: str, cause: int) -> None:
    """Raise the people of a place, unless those who would rise see that it is hopeless."""
    here = world.state.places[subject]
    side = _friend(world, subject) if here.holder else ""
    n = here.risings
    willing = world.people(subject) * world.leaning(subject, side)
    fighters = int(willing * world.sample("risings.fighters_share_of_population", subject, n))
    if not side or here.engagement or fighters < 1 or _rate(world, subject) <= 0:
        return
    against = here.holder
    hopeless_odds = world.state.values.get(f"doctrine.{side}.disperses_at_odds", math.inf)
    if world.strength(subject, against) >= hopeless_odds * fighters:
        return  # they would disperse before such a garrison
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


REACTIONS = {
    f.ControlChanged: on_control,
    f.HouseSearchesBegan: on_garrison,
    f.LeaningShifted: on_garrison,
    f.EngagementBegan: on_garrison,
    f.EngagementEnded: on_garrison,
    f.RisingBegan: on_garrison,
    f.ForceRaised: on_presence,
    f.ForceArrived: on_presence,
    f.ForceBlocked: on_presence,
    f.ForceDeparted: on_presence,
    f.ForceSurrendered: on_presence,
    f.ForceDispersed: on_presence,
    f.ForceInfiltrated: on_presence,
    f.ForceReformed: on_presence,
    f.FightersDeserted: on_presence,
    f.ForceDestroyed: on_presence,
    f.PeopleReturned: on_presence,
    f.AssumptionChanged: on_assumption,
}
HAZARDS = {"rising": rising_fired}
