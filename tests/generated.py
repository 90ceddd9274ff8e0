"""Odd but valid worlds for tests, drawn by hypothesis.

The numbers come from the small fixture, leaf by leaf: most keep its value, some are drawn from the ends
of what the schema allows. Places, sides, forces and plans are put together freely: unjoined places, one
side alone, four sides with allies and neutrals, empty stores, passes for one vehicle, legs that snow
shuts, orders that all arrive at once. Whatever comes out is a scenario that the loader accepts.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st

from sim.scenario.loading import scenario_from_resolved, with_overrides
from sim.scenario.schema import Scenario
from tests.templates import Draw, Plain, altered, first, fixture, number, often, put, some, template, two_of
from tests.worlds import INVENTED, TWO_VALLEYS

_SIDES = ("ash", "birch", "cedar", "dogwood")
_PLACES = ("alder", "beech", "cypress", "damson", "elm", "fir", "ginkgo")
_ENTITIES = (
    "sides", "terrain_classes", "places", "legs", "doctrine", "forces", "depots", "pools", "operations", "talks",
    "communications", "lifelines",
)  # fmt: skip
#: What the generator builds anew; every other section of the fixture is a mechanism and is carried over.
_BUILT = (*_ENTITIES, "scenario", "relations", "areas", "exogenous")


@dataclass(frozen=True, slots=True)
class World:
    """A scenario as plain data, and the seed to run it with."""

    data: Plain
    seed: int

    def scenario(self) -> Scenario:
        """Return the scenario, checked as a file would be."""
        return with_overrides(scenario_from_resolved(self.data), ())

    def __repr__(self) -> str:
        """Return a line: a failing test notes the whole of it with ``told``."""
        sizes = ", ".join(f"{len(self.data[name])} {name}" for name in ("sides", "places", "forces", "operations"))
        return f"World({sizes}, seed {self.seed})"

    def told(self) -> str:
        """Return the world as a file, and the command that runs it."""
        return (
            f"save this as world.yaml and type: sim run world.yaml --seed {self.seed} --check\n"
            f"{json.dumps(self.data, indent=1, sort_keys=True)}"
        )


def oddities(world: World) -> set[str]:
    """Return what is odd about a world, in a few words each."""
    data = world.data
    stances = set(data["relations"].values())
    ends = {end for leg in data["legs"].values() for end in (leg["from"], leg["to"])}
    month = int(data["scenario"]["start"][5:7])
    found = {
        "one side": len(data["sides"]) == 1,
        "four sides": len(data["sides"]) == 4,
        "an alliance": "allied" in stances,
        "a neutral": "neutral" in stances,
        "a single place": len(data["places"]) == 1,
        "unjoined places": len(data["places"]) > 1 and not data["places"].keys() <= ends,
        "a shut leg": any(month in leg["closed_months"] for leg in data["legs"].values()),
        "a leg that not all can take": any("travel_time_h_foot" not in leg for leg in data["legs"].values()),
        "a pass for one vehicle in ten hours": any(
            place.get("capacity_vehicles_per_h", {}).get("value") == 0.1 for place in data["places"].values()
        ),
        "a pass of two lanes": any("lanes" in place for place in data["places"].values()),
        "a place of nobody": any("holder" not in place for place in data["places"].values()),
        "nobody lives there": all("population" not in place for place in data["places"].values()),
        "no forces": not data["forces"],
        "no depots": not data["depots"],
        "an empty store": any(depot["food_kg"].get("value") == 0 for depot in data["depots"].values()),
        "an empty pool": any(pool["available"].get("value") == 0 for pool in data["pools"].values()),
        "talks": bool(data["talks"]),
        "an open lifeline": any(lifeline["open"] for lifeline in data["lifelines"].values()),
        "telephones that may be cut": bool(data["communications"]),
        "several axes": any(len(plan["axes"]) > 1 for plan in data["operations"].values()),
        "a mechanism off": any(isinstance(part, dict) and part.get("enabled") is False for part in data.values()),
        "an hour long": data["scenario"]["end"][:10] == data["scenario"]["start"][:10],
    }
    return {oddity for oddity, is_so in found.items() if is_so}


# --- ground and sides ---------------------------------------------------------------------------------------


def _head(draw: Draw) -> Plain:
    start = datetime.fromisoformat("2030-01-01T00:00+02:00") + timedelta(days=draw(st.integers(0, 60)))
    hours = draw(st.sampled_from((240, 120, 480, 240, 960, 36, 1)))
    return {
        "id": "odd-world", "title": "An odd world", "about": "Drawn at random.",
        "start": start.isoformat(), "end": (start + timedelta(hours=hours)).isoformat(),
    }  # fmt: skip


def _relations(draw: Draw, sides: Sequence[str]) -> Plain:
    pairs = [(a, b) for index, a in enumerate(sides) for b in sides[index + 1 :]]
    stances = st.sampled_from(("hostile", "hostile", "hostile", "neutral", "allied"))
    return {f"{a}+{b}": draw(stances) for a, b in pairs}


def _places(draw: Draw, names: Sequence[str], sides: Sequence[str]) -> Plain:
    numbers = template("places", "mill").numbers
    found = {}
    for index, name in enumerate(names):
        place = altered(draw, "places", "mill", most=1)
        place |= {"name": name.title(), "lat": 45.0 + index / 10, "lon": 7.0, "leaning": {}}
        place["kind"] = draw(st.sampled_from(("town", "pass", "gorge", "hub")))
        place["terrain"] = draw(st.sampled_from(sorted(fixture()[0]["terrain_classes"])))
        place["holder"] = sides[index * len(sides) // len(names)]
        if not often(draw):
            place["holder"] = draw(st.sampled_from((*sides, None)))
        if place["holder"] is None:
            del place["holder"]
        if not often(draw):
            del place["population"]
        for side in some(draw, sides):
            leaning = number(draw, numbers["leaning", "north"])
            place["leaning"][side] = {"basis": "invented", "confidence": "low", **leaning}
        if place["kind"] == "pass":
            capacity = draw(st.sampled_from((0.1, 1.0, 20.0)))
            place["capacity_vehicles_per_h"] = {"value": capacity, "basis": "invented", "confidence": "low"}
            if not often(draw):
                place["lanes"] = {"value": 2.0, "basis": "invented", "confidence": "low"}
        found[name] = place
    return found


def _legs(draw: Draw, places: Sequence[str]) -> Plain:
    found = {}
    chain = [[a, b] for a, b in pairwise(places) if draw(st.sampled_from((*[True] * 6, False)))]
    more = draw(st.sampled_from((0, 1, 3))) if len(places) > 1 else 0
    for index in range(len(chain) + more):
        leg = altered(draw, "legs", "L1", most=2)
        ends = chain[index] if index < len(chain) else draw(two_of(places))
        leg["from"], leg["to"] = ends
        if not often(draw):
            for mode in some(draw, ("light", "truck", "foot"), least=1):
                del leg[f"travel_time_h_{mode}"]
        leg["closed_months"] = draw(st.sampled_from(([], [], [], [1], [2], [1, 2, 3])))
        found[f"L{index}"] = leg
    return found


def _doctrine(draw: Draw) -> Plain:
    data = altered(draw, "doctrine", draw(st.sampled_from(("south", "north"))), most=4)
    data["odds_wanted_by_terrain"] = dict.fromkeys(data.get("odds_wanted_by_terrain", ()), data["odds_wanted"])
    return data


# --- who and what is there ------------------------------------------------------------------------------------


def _near(side: str, places: Plain) -> st.SearchStrategy[str]:
    """Draw a place, mostly one that a side holds."""
    own = [name for name, place in places.items() if place.get("holder") == side]
    return st.sampled_from([*own * 4, *places])


def _forces(draw: Draw, sides: Sequence[str], places: Plain) -> Plain:
    numbers = template("forces", "northerners").numbers
    posts = numbers["posts", "gate"]
    found = {}
    for index in range(draw(st.sampled_from((len(sides), 2 * len(sides), 3 * len(sides), 1, 0)))):
        force = altered(draw, "forces", "southerners", most=2)
        force["side"] = sides[index % len(sides)]
        force["kind"] = draw(st.sampled_from(("army", "militia", "local")))
        force["rest_at"] = draw(_near(force["side"], places))
        force["strength"] = {"value": float(draw(st.sampled_from((1_500, 300, 5_000, 60, 12, 1, 200_000))))}
        for key in ("posts", "reserve"):
            if not often(draw):
                posted = draw(st.lists(_near(force["side"], places), max_size=2, unique=True))
                force[key] = {place: number(draw, posts) for place in posted}
        if not often(draw):
            del force["light_vehicles"]
        found[f"{force['side']}-{index}"] = force
    return found


def _owned(draw: Draw, section: str, place_key: str, sides: Sequence[str], places: Plain) -> Plain:
    """Draw depots, pools or lifelines: each belongs to a side and stands at a place."""
    found = {}
    for index in range(draw(st.sampled_from((1, 2, 4, 0)))):
        owned = altered(draw, section, first(section), most=2)
        owned["side"] = draw(st.sampled_from(sides))
        owned[place_key] = draw(_near(owned["side"], places))
        for switch in ("open", "home"):
            if switch in owned:
                owned[switch] = draw(st.booleans())
        found[f"{section}-{index}"] = owned
    return found


# --- plans ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """What conditions and plans may name."""

    sides: Sequence[str]
    relations: Plain
    places: Plain
    areas: Sequence[str]
    dates: Sequence[str]


def _condition(draw: Draw, names: _Names, depth: int = 0) -> Plain:
    if not depth and draw(st.booleans()):
        return {"not": {"state": "truce"}}
    side, place = draw(st.sampled_from(names.sides)), draw(st.sampled_from(list(names.places)))
    forms: list[Plain] = [
        *({"exogenous": date} for date in names.dates),
        {"state": "holds", "side": side, "place": place},
        {"state": "present", "side": side, "place": place, "at_least": {"value": draw(st.sampled_from((1.0, 200.0)))}},
        {"state": "believed-odds", "place": place, "at_least": {"value": draw(st.sampled_from((0.0, 1.0)))}},
        {"fact": "ControlChanged", "side": side},
        {"fact": "EngagementBegan"},
        {"fact": "OperationEnded"},
        {"fact": "ReportReceived"},
        *({"state": "besieged", "area": area} for area in names.areas),
    ]
    if depth < 2:
        more = ["not", "all", "any"]
        word = draw(st.sampled_from(["", "", *more]))
        if word == "not":
            return {"not": _condition(draw, names, depth + 1)}
        if word:
            return {word: [_condition(draw, names, depth + 1) for _ in range(draw(st.integers(1, 2)))]}
    return draw(st.sampled_from(forms))


def _operations(draw: Draw, names: _Names, forces: Plain, pools: Plain, talks: Sequence[str]) -> Plain:
    found = {}
    for index in range(draw(st.sampled_from((1, 2, 3, 3, 5, 0))) if len(names.sides) > 1 else 0):
        hostile = [pair.split("+") for pair, stance in names.relations.items() if stance == "hostile"]
        side, against = draw(
            st.permutations(draw(st.sampled_from(hostile))) if hostile and often(draw) else two_of(names.sides)
        )
        own = [[name for name, owned in section.items() if owned["side"] == side] for section in (forces, pools)]
        if not any(own):
            continue
        plan = altered(draw, "operations", first("operations"), most=3)
        plan |= {"side": side, "against": against, "renew": draw(st.sampled_from((0, 1, 5)))}
        plan["trigger"] = _condition(draw, names)
        plan["stops_for_truce"] = some(draw, talks)
        plan["axes"] = _axes(draw, side, against, names.places, own[0], own[1])
        found[f"plan-{index}"] = plan
    return found


def _axes(draw: Draw, side: str, against: str, places: Plain, forces: Sequence[str], pools: Sequence[str]) -> Plain:
    shares = draw(st.sampled_from(((1.0,), (0.5, 0.5), (0.25, 0.75), (0.0, 1.0))))
    found = {}
    for index, share in enumerate(shares):
        named = {"forces": some(draw, forces, least=0 if pools else 1), "pools": some(draw, pools)}
        if not any(named.values()):
            named["pools"] = [pools[0]]
        path = draw(st.lists(_near(against, places), min_size=1, max_size=3))
        start = draw(_near(side, places))
        found[f"axis-{index}"] = {"assemble_at": start, "path": path, "share": {"value": share}, **named}
    return found


def _talks(draw: Draw, names: _Names) -> Plain:
    found = {}
    for index in range(draw(st.sampled_from((1, 0, 2))) if len(names.sides) > 1 and names.areas else 0):
        talks = altered(draw, "talks", first("talks"), most=4)
        parties = draw(two_of(names.sides))
        talks |= {"parties": parties, "area": draw(st.sampled_from(names.areas))}
        talks["deadlines"] = some(draw, names.dates)
        talks["ultimatum"]["side"] = draw(st.sampled_from(parties))
        if not often(draw):
            del talks["ultimatum"]
        found[f"talks-{index}"] = talks
    return found


def _communications(draw: Draw, names: _Names) -> Plain:
    found = {}
    for index in range(draw(st.sampled_from((1, 0))) if names.areas else 0):
        network = altered(draw, "communications", first("communications"), most=2)
        network |= {"area": draw(st.sampled_from(names.areas)), "cut_by": draw(st.sampled_from(names.sides))}
        network["when"] = _condition(draw, names)
        found[f"lines-{index}"] = network
    return found


# --- the whole --------------------------------------------------------------------------------------------------


def _sections(draw: Draw) -> Plain:
    """Return every mechanism of the fixture, some switched off, some of its numbers drawn anew."""
    found = {}
    for name in sorted(fixture()[0].keys() - set(_BUILT)):
        found[name] = altered(draw, name, most=3) if isinstance(fixture()[0][name], dict) else fixture()[0][name]
        if not Scenario.model_fields[name].is_required() and not often(draw):
            del found[name]
    return found


@st.composite
def shaken(draw: Draw) -> World:
    """Draw a war of the fixtures, as it is but for many of its numbers and switches."""
    war, numbers = fixture(draw(st.sampled_from((TWO_VALLEYS, TWO_VALLEYS, INVENTED))))
    data = copy.deepcopy(war)
    free = [trail for trail in numbers if "axes" not in trail]  # the shares of the axes add up to 1
    for trail in draw(st.lists(st.sampled_from(free), max_size=25, unique=True)):
        put(data, trail, number(draw, numbers[trail]))
    for section in sorted(data):
        if isinstance(data[section], dict) and "enabled" in data[section]:
            data[section]["enabled"] = draw(st.sampled_from((*[True] * 9, False)))
    for lifeline in data.get("lifelines", {}).values():
        lifeline["open"] = draw(st.booleans())
    return World(data, draw(st.integers(0, 1_000)))


@st.composite
def built(draw: Draw) -> World:
    """Draw a world put together from nothing."""
    sides = _SIDES[: draw(st.sampled_from((2, 2, 1, 3, 4)))]
    places = _PLACES[: draw(st.sampled_from((3, 4, 2, 1, 5, 7)))]
    data = _sections(draw)
    data["scenario"] = _head(draw)
    data["sides"] = {side: {"name": side.title(), "colour": f"#{index}{index}0000"} for index, side in enumerate(sides)}
    data["relations"] = _relations(draw, sides)
    data["doctrine"] = {side: _doctrine(draw) for side in sides}
    data["terrain_classes"] = {
        name: altered(draw, "terrain_classes", name, most=2) for name in fixture()[0]["terrain_classes"]
    }
    data["areas"] = {f"area-{index}": some(draw, places, least=1) for index in range(draw(st.sampled_from((1, 2, 0))))}
    start = datetime.fromisoformat(data["scenario"]["start"])
    data["exogenous"] = {
        f"date-{index}": {
            "at": (start + timedelta(hours=draw(st.sampled_from((0, 6, 24, 120, -24))))).isoformat(),
            "basis": "invented",
            "confidence": "low",
        }
        for index in range(draw(st.sampled_from((1, 2, 0))))
    }
    data["places"] = _places(draw, places, sides)
    data["legs"] = _legs(draw, places)
    names = _Names(sides, data["relations"], data["places"], sorted(data["areas"]), sorted(data["exogenous"]))
    data["forces"] = _forces(draw, sides, data["places"])
    data["depots"] = _owned(draw, "depots", "place", sides, data["places"])
    data["lifelines"] = _owned(draw, "lifelines", "place", sides, data["places"])
    data["pools"] = _owned(draw, "pools", "at", sides, data["places"])
    data["talks"] = _talks(draw, names)
    data["operations"] = _operations(draw, names, data["forces"], data["pools"], sorted(data["talks"]))
    data["communications"] = _communications(draw, names)
    return World(data, draw(st.integers(0, 1_000)))


def worlds() -> st.SearchStrategy[World]:
    """Draw an odd but valid world: one put together from nothing, or a war of the fixtures shaken."""
    return st.one_of(built(), shaken())
