"""People: civilians leave before a front and come back; a besieged garrison feeds some; searches cost sympathy.

Fighting frightens the people of its place, and less those next door by road, the more the larger it is. A share of
them leaves after a delay, those counted who have left before; they come home after a quiet time. While a garrison
searches houses the people lean to it less, and to its enemies more, step by step.
"""

from __future__ import annotations

import math
from functools import partial

from sim.domain import facts as f
from sim.domain.state import Engagement
from sim.domain.terms import DAY, GRAMS_PER_KG
from sim.world.world import World

RANK = 72
_SHARES = {"here": "people.flight_share", "next door": "people.flight_share_next_door"}
_SHIFT = "people.searches_shift_per_day"
#: A leaning moves to the most that searches can move it in so many steps.
_STEPS = 4
_CLOSE = 1 - 1e-9


def _is_on(world: World) -> bool:
    return world.scenario.people is not None and world.scenario.people.enabled


def on_assumption(world: World, changed: f.AssumptionChanged) -> None:
    """Look at every timer and every shared ration again when a number of this mechanism changed."""
    if not _is_on(world) or not changed.assumption.startswith("people."):
        return
    for engagement in list(world.state.engagements.values()):
        _frighten(world, engagement, changed.seq)
    for name, place in world.state.places.items():
        if place.fled_since:
            _plan_homecoming(world, name, changed.seq)
        if place.besieged:
            _share_food(world, name, changed.seq)
        if place.searched_since_s >= 0:
            if changed.assumption == _SHIFT:
                _shift_so_far(world, name, changed.before, changed.seq)
            _plan_shift(world, name, changed.seq)


# --- flight and homecoming --------------------------------------------------------------------------------


def on_fighting(world: World, began: f.EngagementBegan) -> None:
    """Let some of the people leave, here and next door."""
    if _is_on(world):
        _frighten(world, world.state.engagements[began.engagement], began.seq)


def _near(world: World, place: str) -> list[str]:
    """Return the places at the far ends of the roads of a place; nobody hears a fight behind a ridge."""
    return sorted({road.to for road in world.compiled.network.roads[place]})


def _frighten(world: World, fight: Engagement, cause: int) -> None:
    _plan_flight(world, fight.place, "here", fight, cause)
    for end in _near(world, fight.place):
        _plan_flight(world, end, "next door", fight, cause)


def _plan_flight(world: World, place: str, front: str, fight: Engagement, cause: int) -> None:
    """Set a timer for the departure of those whom a fight makes leave."""
    if world.people(place) <= 0:
        return
    delay = int(world.sample("people.flight_delay", f"{place}/{front}", world.state.places[place].homecomings))
    due = max(world.now, fight.began_s + delay)
    name, size = f"flight:{place}/{fight.id}", fight.attackers + fight.defenders
    if world.alarms.get(name, due + 1) > due:
        world.alarms[name] = due
        world.at(due, RANK, name, partial(_flee, world, place, front, name, size, due, cause))


def _flee(world: World, place: str, front: str, name: str, size: int, due: int, cause: int) -> None:
    """Let so many leave that with those who left before, since the last homecoming, it is the share of this fight."""
    if world.alarms.get(name) != due:
        return  # an earlier timer took over
    del world.alarms[name]
    here, there = world.state.places[place], world.people(place)
    scale = world.state.values.get("people.flight_scale_fighters")
    share = world.sample(_SHARES[front], place, here.homecomings)
    share *= -math.expm1(-size / scale) if scale is not None else 1.0
    count = int((there + here.fled_since) * share) - here.fled_since
    if count <= 0:
        return
    fled = world.record(
        f.PopulationFled, cause, place=place, side=here.holder, count=count, left=there - count, front=front
    )
    if here.besieged:
        _share_food(world, place, fled)
    _plan_homecoming(world, place, fled)


def on_quiet(world: World, ended: f.EngagementEnded) -> None:
    """Begin to count the quiet time of those who fled, here and next door."""
    for place in (ended.place, *_near(world, ended.place)):
        if world.state.places[place].fled_since and _is_on(world):
            _plan_homecoming(world, place, ended.seq)


def _fought_s(world: World, place: str) -> int:
    """Return when fighting at a place or next door was last heard: now, if it goes on."""
    near = [world.state.places[name] for name in (place, *_near(world, place))]
    return world.now if any(there.engagement for there in near) else max(there.fought_s for there in near)


def _plan_homecoming(world: World, place: str, cause: int) -> None:
    here = world.state.places[place]
    quiet = int(world.sample("people.return_after", place, here.homecomings))
    due = max(world.now + 1, _fought_s(world, place) + quiet)
    name = f"home:{place}"
    if world.alarms.get(name, due + 1) > due:
        world.alarms[name] = due
        world.at(due, RANK, name, partial(_come_home, world, place, due, quiet, cause))


def _come_home(world: World, place: str, due: int, quiet: int, cause: int) -> None:
    here = world.state.places[place]
    if world.alarms.get(f"home:{place}") != due:
        return  # an earlier timer took over
    del world.alarms[f"home:{place}"]
    fought = _fought_s(world, place)
    if fought == world.now:
        return  # the end of the fighting sets a timer anew
    if fought + quiet > world.now:
        _plan_homecoming(world, place, cause)
        return
    count = int(here.fled * world.value("people.return_share"))
    if count > 0:
        left = world.people(place) + count
        home = world.record(f.PopulationReturned, cause, place=place, side=here.holder, count=count, left=left)
        if here.besieged:
            _share_food(world, place, home)


# --- what a besieged garrison gives -------------------------------------------------------------------------


def on_siege(world: World, siege: f.SiegeBegan) -> None:
    """Let a garrison feed some of the people who are shut in with it."""
    for place in siege.places if _is_on(world) else ():
        _share_food(world, place, siege.seq)


def _share_food(world: World, place: str, cause: int) -> None:
    here = world.state.places[place]
    fed = int(world.people(place) * world.value("people.fed_share"))
    grams = int(fed * world.value("people.food_kg_per_person_day") * GRAMS_PER_KG)
    if grams != here.shared_g_per_day and world.scenario.supply.enabled:
        world.record(f.FoodShared, cause, place=place, side=here.besieged, people=fed, food_g_per_day=grams)


# --- what searches cost -------------------------------------------------------------------------------------


def on_searches(world: World, began: f.HouseSearchesBegan) -> None:
    """Begin to turn the people against those who search."""
    if _is_on(world):
        _plan_shift(world, began.place, began.seq)


def _left_to_shift(world: World, place: str) -> float:
    """Return by how much searches can still turn the people of a place from its holder."""
    here = world.state.places[place]
    return world.value("people.shift_max") + here.leaning.get(here.holder, 0.0)


def _searched_s(world: World, place: str) -> int:
    """Return for how long a place has been searched since that last moved a leaning."""
    here = world.state.places[place]
    return world.now - max(here.searched_since_s, here.leaned_s)


def _plan_shift(world: World, place: str, cause: int) -> None:
    """Set a timer for the moment at which searches have moved the people by one more step."""
    rate = world.value(_SHIFT)
    step = min(world.value("people.shift_max") / _STEPS, _left_to_shift(world, place))
    if rate <= 0 or step <= 0:
        return
    due = max(world.now, world.now - _searched_s(world, place) + math.ceil(step / rate * DAY))
    name = f"leaning:{place}"
    if world.alarms.get(name, due + 1) > due:
        world.alarms[name] = due
        world.at(due, RANK, name, partial(_turn, world, place, due, step, cause))


def _turn(world: World, place: str, due: int, step: float, cause: int) -> None:
    if world.alarms.get(f"leaning:{place}") != due:
        return  # an earlier timer took over
    del world.alarms[f"leaning:{place}"]
    if world.state.places[place].searched_since_s < 0:
        return
    if world.value(_SHIFT) * _searched_s(world, place) / DAY >= step * _CLOSE:
        _shift(world, place, step, cause)
    _plan_shift(world, place, cause)


def _shift_so_far(world: World, place: str, rate: float, cause: int) -> None:
    """Move the people by what they have been searched at a rate that holds no more."""
    moved = min(rate * _searched_s(world, place) / DAY, _left_to_shift(world, place))
    if moved > 0:
        _shift(world, place, moved, cause)


def _shift(world: World, place: str, moved: float, cause: int) -> None:
    """Let the people lean less to the holder of a place, and as much more to its enemies."""
    here, most = world.state.places[place], world.value("people.shift_max")
    for side in (here.holder, *world.compiled.hostile[here.holder]):
        before = here.leaning.get(side, 0.0)
        shift = before - moved if side == here.holder else min(most, before + moved)
        if shift != before:
            world.record(
                f.LeaningShifted,
                cause,
                place=place,
                side=here.holder,
                towards=side,
                shift=shift,
                reason="house searches",
            )


REACTIONS = {
    f.EngagementBegan: on_fighting,
    f.EngagementEnded: on_quiet,
    f.SiegeBegan: on_siege,
    f.HouseSearchesBegan: on_searches,
    f.AssumptionChanged: on_assumption,
}
