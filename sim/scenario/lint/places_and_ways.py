"""Rules about the ground: who can get anywhere, and what the map says that cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.findings import Found, rule
from sim.scenario.lint.ways import modes_of, months_of

_EARTH_RADIUS_KM = 6371.0
#: Positions of places are rarely known better than this.
_POSITION_ERROR_KM = 4.0
_NARROW = ("pass", "tunnel")


@rule(
    "R101",
    "isolated-force",
    "error",
    what="a force stands where no open leg leads anywhere",
    why="it can neither march, nor be relieved, nor be fed",
)
def isolated_force(dossier: Dossier) -> Iterator[Found]:
    """Find posts without a way out."""
    for post in dossier.posts:
        if not dossier.ways.neighbours(post.place):
            message = f"no leg that is open during the scenario leads from {post.place!r} to any other place"
            yield Found(post.path, message, "add a leg, open one, or post the force elsewhere")


@rule(
    "R102",
    "unreachable-place",
    "warning",
    what="no force and no pool of any side can ever come to a place",
    why="nothing can happen there, and nothing that waits for it comes",
)
def unreachable_place(dossier: Dossier) -> Iterator[Found]:
    """Find places that lie out of everybody's reach."""
    reached = dossier.ways.reach(dossier.places_with_men(set(dossier.scenario.sides)))
    for name in dossier.scenario.places:
        if name not in reached:
            message = "no open legs join it to a place where anybody's force or pool stands"
            yield Found(f"places.{name}", message, "add the leg that leads there, or take the place out")


@rule(
    "R103",
    "leg-always-shut",
    "note",
    what="snow shuts a leg in every month that the scenario touches",
    why="it is as if the leg were not there",
)
def leg_always_shut(dossier: Dossier) -> Iterator[Found]:
    """Find legs that never open."""
    months = months_of(dossier.scenario)
    for name, leg in dossier.scenario.legs.items():
        if months <= set(leg.closed_months):
            yield Found(f"legs.{name}.closed_months", "the leg is shut during the whole scenario", "check the months")


@rule(
    "R104",
    "leg-without-mode",
    "warning",
    what="a leg has no travel time for any mode",
    why="nobody can take it, although the map shows a way",
)
def leg_without_mode(dossier: Dossier) -> Iterator[Found]:
    """Find legs that no mode can take."""
    for name, leg in dossier.scenario.legs.items():
        if not modes_of(leg):
            remedy = "give a travel time for the modes that can take it, or take the leg out"
            yield Found(f"legs.{name}", "the leg has no travel time on foot, by light vehicle or by truck", remedy)


@rule(
    "R105",
    "people-without-leaning",
    "warning",
    what="a place has people who lean to nobody",
    why="they never rise, hide nobody and give nobody away",
)
def people_without_leaning(dossier: Dossier) -> Iterator[Found]:
    """Find populations without an opinion."""
    for name, place in dossier.scenario.places.items():
        if dossier.most(f"places.{name}.population") > 0 and not place.leaning:
            yield Found(f"places.{name}.population", "no leaning is given for these people", "add `leaning:`")


@rule(
    "R106",
    "idle-terrain-class",
    "note",
    what="no place is of a terrain class",
    why="its numbers look like assumptions of the scenario, and none of them is ever read",
)
def idle_terrain_class(dossier: Dossier) -> Iterator[Found]:
    """Find terrain classes, and odds wanted on them, that no place uses."""
    used = {place.terrain for place in dossier.scenario.places.values()}
    for name in dossier.scenario.terrain_classes:
        if name not in used:
            yield Found(f"terrain_classes.{name}", "no place is of this class", "take it out, or name it at a place")
    for side, doctrine in dossier.scenario.doctrine.items():
        for name in doctrine.odds_wanted_by_terrain:
            if name not in used:
                path = f"doctrine.{side}.odds_wanted_by_terrain.{name}"
                yield Found(path, "no place is of this terrain class", "take the number out")


@rule(
    "R107",
    "leg-too-short",
    "warning",
    what="a leg is shorter than the straight line between its ends",
    why="every march and convoy on it arrives too early",
)
def leg_too_short(dossier: Dossier) -> Iterator[Found]:
    """Find legs shorter than they can be, beyond the error of positions."""
    for name, leg in dossier.scenario.legs.items():
        straight = _straight_km(dossier, leg.start, leg.to)
        length = dossier.most(f"legs.{name}.length_km")
        if length < straight - max(_POSITION_ERROR_KM, 0.05 * straight):
            message = f"{length:.4g} km, but {leg.start!r} and {leg.to!r} lie {straight:.3g} km apart"
            yield Found(f"legs.{name}.length_km", message, "check the length and both positions", key=False)


def _straight_km(dossier: Dossier, start: str, end: str) -> float:
    """Return the great-circle distance of two places (haversine)."""
    a, b = dossier.place(start), dossier.place(end)
    lat1, lat2 = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


@rule(
    "R108",
    "narrow-place-without-capacity",
    "note",
    what="a pass or tunnel on a road lets through any number of vehicles",
    why="columns and convoys never queue there",
)
def narrow_place_without_capacity(dossier: Dossier) -> Iterator[Found]:
    """Find passes and tunnels that never hold up a column."""
    for name, place in dossier.scenario.places.items():
        on_a_road = bool(dossier.ways.neighbours(name, ("light", "truck")))
        if place.kind in _NARROW and on_a_road and place.capacity_vehicles_per_h is None:
            message = f"the {place.kind} has no capacity"
            yield Found(f"places.{name}", message, "add `capacity_vehicles_per_h:`, or leave it open on purpose")


@rule(
    "R109",
    "held-by-nobody-there",
    "note",
    what="a side holds a place at the start without a fighter in it",
    why="it falls to the first hostile column that comes, without a shot",
)
def held_by_nobody_there(dossier: Dossier) -> Iterator[Found]:
    """Find places that are held on paper, one finding for each side."""
    manned = {(post.place, friend) for post in dossier.posts for friend in dossier.friends(post.side)}
    for side in dossier.scenario.sides:
        empty = [
            name
            for name, place in dossier.scenario.places.items()
            if place.holder == side and (name, side) not in manned
        ]
        if empty:
            message = f"nobody of {side!r} stands at {_listed(empty)}, which it holds"
            yield Found(f"sides.{side}", message, "post some men")


@rule(
    "R110",
    "posted-among-enemies",
    "error",
    what="a force stands at the start at a place that an enemy holds",
    why="the scenario begins with a fight that nobody ordered, or with two flags over one place",
)
def posted_among_enemies(dossier: Dossier) -> Iterator[Found]:
    """Find forces inside a place of the enemy."""
    for post in dossier.posts:
        holder = dossier.place(post.place).holder
        if dossier.hostile(post.side, holder):
            message = f"{post.place!r} is held by {holder!r}, an enemy of {post.side!r}"
            yield Found(post.path, message, "change the holder of the place, or the post")


@rule(
    "R111",
    "unused-area",
    "note",
    what="no plan, talks, telephones or claimant speaks of an area",
    why="it does nothing but join places for contagion and shocks of risings",
)
def unused_area(dossier: Dossier) -> Iterator[Found]:
    """Find areas that nothing names."""
    scenario = dossier.scenario
    text = " ".join(plan.trigger.model_dump_json() for plan in scenario.operations.values())
    text += " ".join(network.when.model_dump_json() for network in scenario.communications.values())
    used = {talks.area for talks in scenario.talks.values()} | {wire.area for wire in scenario.communications.values()}
    used |= {area for claimant in scenario.observation.claimants.values() for area in claimant.areas}
    for name in scenario.areas:
        if name not in used and f'"area":"{name}"' not in text:
            remedy = "take it out, unless a reported timeline speaks of it or risings should spread in it"
            yield Found(f"areas.{name}", "nothing in the scenario names this area", remedy)


@rule(
    "R112",
    "twin-legs",
    "note",
    what="two legs of the same kind join the same two places",
    why="it is more often a slip than a second road",
)
def twin_legs(dossier: Dossier) -> Iterator[Found]:
    """Find legs that are given twice."""
    seen: dict[tuple[frozenset[str], str], str] = {}
    for name, leg in dossier.scenario.legs.items():
        first = seen.setdefault((frozenset((leg.start, leg.to)), leg.kind), name)
        if first != name:
            message = f"{first!r} joins {leg.start!r} and {leg.to!r} too, and is a {leg.kind} as well"
            yield Found(f"legs.{name}", message, "remove one of them")


@rule(
    "R113",
    "slow-vehicles",
    "warning",
    what="lorries are faster than light vehicles on a leg, or people on foot faster than vehicles",
    why="columns choose their way by these times",
)
def slow_vehicles(dossier: Dossier) -> Iterator[Found]:
    """Find legs on which the slower mode is the faster one."""
    for name, leg in dossier.scenario.legs.items():
        given = [mode for mode in ("light", "truck", "foot") if mode in modes_of(leg)]
        for fast, slow in pairwise(given):
            quick, lame = (dossier.middle(f"legs.{name}.travel_time_h_{mode}") for mode in (fast, slow))
            if lame < quick:
                words = {"light": "light vehicles", "truck": "lorries", "foot": "people on foot"}
                message = f"{words[slow]} take {lame:g} h, {words[fast]} {quick:g} h"
                yield Found(f"legs.{name}.travel_time_h_{slow}", message, "check both times", key=False)


@rule(
    "R114",
    "lanes-without-capacity",
    "warning",
    what="a place has lanes but no capacity",
    why="lanes tell how many columns queue side by side, and nobody queues where there is no capacity",
)
def lanes_without_capacity(dossier: Dossier) -> Iterator[Found]:
    """Find lanes that nothing reads."""
    for name, place in dossier.scenario.places.items():
        if place.lanes is not None and place.capacity_vehicles_per_h is None:
            remedy = "add `capacity_vehicles_per_h:`, what each lane lets through, or take the lanes out"
            yield Found(f"places.{name}.lanes", "no column ever queues there", remedy)


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:6])
    return shown if len(names) <= 6 else f"{shown} and {len(names) - 6} more places"
