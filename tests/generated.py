"""Odd but valid worlds for tests, drawn by hypothesis.

The numbers come from the small fixture, leaf by leaf: most keep its value, some are drawn from the ends
of what the schema allows. Places, sides, forces and plans are put together freely: unjoined places, one
side alone, four sides with allies and neutrals, empty stores, passes for one vehicle, legs that snow
shuts, orders that all arrive at once. Whatever comes out is a scenario that the loader accepts.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sim.scenario.loading import load_scenario, resolved, scenario_from_resolved, with_overrides
from sim.scenario.numbers import Entry, register
from sim.scenario.schema import Scenario
from tests.worlds import INVENTED, TWO_VALLEYS

Draw = st.DrawFn
Plain = dict[str, Any]
Trail = tuple[str, ...]

_SIDES = ("ash", "birch", "cedar", "dogwood")
_PLACES = ("alder", "beech", "cypress", "damson", "elm", "fir", "ginkgo")
_ENTITIES = (
    "sides", "terrain_classes", "places", "legs", "doctrine", "forces", "depots", "pools", "operations", "talks",
    "communications", "lifelines",
)  # fmt: skip
#: What the generator builds anew; every other section of the fixture is a mechanism and is carried over.
_BUILT = (*_ENTITIES, "scenario", "relations", "areas", "exogenous")
#: What no run reads.
_NOT_RUN = ("geography", "observation", "references", "reported", "sources", "given_argued")
_SECONDS = (0, 1, 59, 3_600, 21_600, 86_400, 10 * 86_400, 1_000 * 86_400)
_WHOLE = (0, 1, 2, 9, 10, 60, 500, 20_000, 3_000_000)
_SHARES = (0.0, 1e-9, 0.05, 0.3, 0.5, 0.95, 1.0)
_REALS = (0.0, 1e-6, 0.1, 0.5, 1.0, 2.0, 7.0, 300.0, 1e6)
#: Mechanisms that the fixture leaves out, and numbers that may be left out of a block.
_MORE = {
    "control": {"infiltration_rate_per_day": 0.5, "column_ambush_rate_per_km": 0.1, "column_ambush_loss_share": 0.1},
    "command": {"belief_lasts": "P2D"},
    "cohesion": {"leader_loss_per_share_lost": 0.5, "leader_drop": 0.1},
    "meetings": {"terrain": "gorge", "defence_multiplier": 1.5, "deployed_share": 0.5},
    "obstacles": {"demolition_share": 0.5, "mining_share": 0.5, "demolished_time": "P2D", "mined_time": "PT6H"},
    "people": {
        "flight_share": 0.5, "flight_share_next_door": 0.2, "flight_delay": "PT6H", "return_after": "P2D",
        "return_share": 0.5, "searches_shift_per_day": 0.1, "shift_max": 0.5,
    },
    "recovery": {"return_share": 0.5, "recovery_time": "P3D"},
    "legs": {"L1": {"demolition": 0.5}},
}  # fmt: skip
#: What the fixture takes its time over, sooner: a test's world lasts a few days.
_SOONER = {
    "operations.through-the-gate.delay": 3_600.0,
    "operations.through-the-gate.patience": 6 * 3_600.0,
    "operations.through-the-gate.regroup": 12 * 3_600.0,
    "operations.through-the-gate.commit_share": 1.0,
    "doctrine.north.odds_wanted": 0.5,
    "doctrine.south.odds_wanted": 1.0,
    "talks.valley.truce_rate_per_day": 0.2,
    "supply.siege_after": 3_600.0,
}
#: Beyond these something happens all the time, and a test takes for ever: rates, what multiplies them, intervals.
_RATE_MAX_PER_DAY = 12.0
_FACTOR_MAX = 5.0
_FACTORS = ("area_shock", "contagion_factor", "times_per_incident", "times_per_passed_deadline")
_INTERVAL_MIN_S = 6 * 3_600


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


# --- templates: the fixture with every law replaced by its median -------------------------------------------


@dataclass(frozen=True, slots=True)
class _Template:
    """A block of the fixture and its numbers by their trail inside it."""

    data: Plain
    numbers: Mapping[Trail, Entry]


@lru_cache(maxsize=2)
def _fixture(path: Path = TWO_VALLEYS) -> tuple[Plain, dict[Trail, Entry]]:
    data = {key: value for key, value in resolved(load_scenario(path)).items() if key not in _NOT_RUN}
    if path == TWO_VALLEYS:
        _lay_under(data, _MORE)
    scenario = scenario_from_resolved(data)
    data = resolved(scenario)
    numbers = {
        tuple(where.split(".")): entry for where, entry in register(scenario).items() if entry.phase != "observation"
    }
    for trail, entry in numbers.items():
        median = entry.parts["value"] if entry.constant else entry.quantile()(0.5)
        _put(data, trail, _constant(entry, _SOONER.get(entry.path, median)))
    return data, numbers


def _lay_under(data: Plain, more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping):
            _lay_under(data.setdefault(key, {"basis": "invented", "confidence": "low"}), value)
        else:
            data.setdefault(key, value)


@lru_cache(maxsize=64)
def _template(*trail: str) -> _Template:
    data, numbers = _fixture()
    for step in trail:
        data = data[step]
    inside = {key[len(trail) :]: entry for key, entry in numbers.items() if key[: len(trail)] == trail}
    return _Template(data, inside)


def _first(section: str) -> str:
    return min(_fixture()[0][section])


def _constant(entry: Entry, value: float) -> Plain:
    if entry.options:
        return {"value": entry.options[int(value)]}
    if entry.unit == "s":
        return {"value": f"PT{round(value)}S"}
    return {"value": float(round(value)) if entry.unit in ("person", "vehicle") else value}


def _put(data: Any, trail: Trail, number: Plain) -> None:
    """Put a number in its place; what stands there keeps its basis."""
    for step in trail[:-1]:
        data = data[int(step) if isinstance(data, list) else step]
    before = data[trail[-1]]
    basis = {key: before[key] for key in ("basis", "confidence") if isinstance(before, dict) and key in before}
    data[trail[-1]] = {**basis, **number}


# --- numbers ------------------------------------------------------------------------------------------------


def _candidates(entry: Entry) -> list[float]:
    """Return values worth trying for a number, all allowed: the ends of its range and some between."""
    low = -math.inf if entry.ge is None else entry.ge
    high = math.inf if entry.le is None else entry.le
    if entry.unit == "1/day":
        high = min(high, _RATE_MAX_PER_DAY)
    if entry.path.endswith(_FACTORS):
        high = _FACTOR_MAX
    if entry.path.endswith(".interval"):
        low = max(low, _INTERVAL_MIN_S)
    whole = entry.unit in ("person", "vehicle")
    usual = _SECONDS if entry.unit == "s" else _WHOLE if whole else _SHARES if entry.le == 1 else _REALS
    ends = [end for end in (low, high) if math.isfinite(end)]
    return sorted({*ends, *(value for value in usual if low <= value <= high)})


def _number(draw: Draw, entry: Entry) -> Plain:
    """Draw a number: a constant from the whole range, or now and then a law between two of them."""
    if entry.options:
        return _constant(entry, draw(st.integers(0, len(entry.options) - 1)))
    tried = st.sampled_from(_candidates(entry))
    low, high = sorted((draw(tried), draw(tried)))
    if low == high or draw(st.integers(0, 3)):
        return _constant(entry, high)
    ends = {key: _constant(entry, value)["value"] for key, value in (("min", low), ("max", high))}
    return {"dist": "uniform", **ends}


def _altered(draw: Draw, *trail: str, most: int) -> Plain:
    """Return a block of the fixture with some of its numbers drawn anew."""
    template = _template(*trail)
    data = copy.deepcopy(template.data)
    if template.numbers:
        for chosen in draw(st.lists(st.sampled_from(list(template.numbers)), max_size=most, unique=True)):
            _put(data, chosen, _number(draw, template.numbers[chosen]))
    return data


def _some(draw: Draw, names: Sequence[str], least: int = 0, most: int = 4) -> list[str]:
    if not names:
        return []
    return draw(st.lists(st.sampled_from(names), min_size=least, max_size=most, unique=True))


def _two_of(names: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)


def _often(draw: Draw) -> bool:
    return draw(st.sampled_from((True, True, True, False)))


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
    numbers = _template("places", "mill").numbers
    found = {}
    for index, name in enumerate(names):
        place = _altered(draw, "places", "mill", most=1)
        place |= {"name": name.title(), "lat": 45.0 + index / 10, "lon": 7.0, "leaning": {}}
        place["kind"] = draw(st.sampled_from(("town", "pass", "gorge", "hub")))
        place["terrain"] = draw(st.sampled_from(sorted(_fixture()[0]["terrain_classes"])))
        place["holder"] = sides[index * len(sides) // len(names)]
        if not _often(draw):
            place["holder"] = draw(st.sampled_from((*sides, None)))
        if place["holder"] is None:
            del place["holder"]
        if not _often(draw):
            del place["population"]
        for side in _some(draw, sides):
            leaning = _number(draw, numbers["leaning", "north"])
            place["leaning"][side] = {"basis": "invented", "confidence": "low", **leaning}
        if place["kind"] == "pass":
            capacity = draw(st.sampled_from((0.1, 1.0, 20.0)))
            place["capacity_vehicles_per_h"] = {"value": capacity, "basis": "invented", "confidence": "low"}
        found[name] = place
    return found


def _legs(draw: Draw, places: Sequence[str]) -> Plain:
    found = {}
    chain = [[a, b] for a, b in pairwise(places) if draw(st.sampled_from((*[True] * 6, False)))]
    more = draw(st.sampled_from((0, 1, 3))) if len(places) > 1 else 0
    for index in range(len(chain) + more):
        leg = _altered(draw, "legs", "L1", most=2)
        ends = chain[index] if index < len(chain) else draw(_two_of(places))
        leg["from"], leg["to"] = ends
        if not _often(draw):
            for mode in _some(draw, ("light", "truck", "foot"), least=1):
                del leg[f"travel_time_h_{mode}"]
        leg["closed_months"] = draw(st.sampled_from(([], [], [], [1], [2], [1, 2, 3])))
        found[f"L{index}"] = leg
    return found


def _doctrine(draw: Draw) -> Plain:
    data = _altered(draw, "doctrine", draw(st.sampled_from(("south", "north"))), most=4)
    data["odds_wanted_by_terrain"] = dict.fromkeys(data.get("odds_wanted_by_terrain", ()), data["odds_wanted"])
    return data


# --- who and what is there ------------------------------------------------------------------------------------


def _near(side: str, places: Plain) -> st.SearchStrategy[str]:
    """Draw a place, mostly one that a side holds."""
    own = [name for name, place in places.items() if place.get("holder") == side]
    return st.sampled_from([*own * 4, *places])


def _forces(draw: Draw, sides: Sequence[str], places: Plain) -> Plain:
    numbers = _template("forces", "northerners").numbers
    posts = numbers["posts", "gate"]
    found = {}
    for index in range(draw(st.sampled_from((len(sides), 2 * len(sides), 3 * len(sides), 1, 0)))):
        force = _altered(draw, "forces", "southerners", most=2)
        force["side"] = sides[index % len(sides)]
        force["kind"] = draw(st.sampled_from(("army", "militia", "local")))
        force["rest_at"] = draw(_near(force["side"], places))
        force["strength"] = {"value": float(draw(st.sampled_from((1_500, 300, 5_000, 60, 12, 1, 200_000))))}
        for key in ("posts", "reserve"):
            if not _often(draw):
                posted = draw(st.lists(_near(force["side"], places), max_size=2, unique=True))
                force[key] = {place: _number(draw, posts) for place in posted}
        if not _often(draw):
            del force["light_vehicles"]
        found[f"{force['side']}-{index}"] = force
    return found


def _owned(draw: Draw, section: str, place_key: str, sides: Sequence[str], places: Plain) -> Plain:
    """Draw depots, pools or lifelines: each belongs to a side and stands at a place."""
    found = {}
    for index in range(draw(st.sampled_from((1, 2, 4, 0)))):
        owned = _altered(draw, section, _first(section), most=2)
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
            st.permutations(draw(st.sampled_from(hostile))) if hostile and _often(draw) else _two_of(names.sides)
        )
        own = [[name for name, owned in section.items() if owned["side"] == side] for section in (forces, pools)]
        if not any(own):
            continue
        plan = _altered(draw, "operations", _first("operations"), most=3)
        plan |= {"side": side, "against": against, "renew": draw(st.sampled_from((0, 1, 5)))}
        plan["trigger"] = _condition(draw, names)
        plan["stops_for_truce"] = _some(draw, talks)
        plan["axes"] = _axes(draw, side, against, names.places, own[0], own[1])
        found[f"plan-{index}"] = plan
    return found


def _axes(draw: Draw, side: str, against: str, places: Plain, forces: Sequence[str], pools: Sequence[str]) -> Plain:
    shares = draw(st.sampled_from(((1.0,), (0.5, 0.5), (0.25, 0.75), (0.0, 1.0))))
    found = {}
    for index, share in enumerate(shares):
        named = {"forces": _some(draw, forces, least=0 if pools else 1), "pools": _some(draw, pools)}
        if not any(named.values()):
            named["pools"] = [pools[0]]
        path = draw(st.lists(_near(against, places), min_size=1, max_size=3))
        start = draw(_near(side, places))
        found[f"axis-{index}"] = {"assemble_at": start, "path": path, "share": {"value": share}, **named}
    return found


def _talks(draw: Draw, names: _Names) -> Plain:
    found = {}
    for index in range(draw(st.sampled_from((1, 0, 2))) if len(names.sides) > 1 and names.areas else 0):
        talks = _altered(draw, "talks", _first("talks"), most=4)
        parties = draw(_two_of(names.sides))
        talks |= {"parties": parties, "area": draw(st.sampled_from(names.areas))}
        talks["deadlines"] = _some(draw, names.dates)
        talks["ultimatum"]["side"] = draw(st.sampled_from(parties))
        if not _often(draw):
            del talks["ultimatum"]
        found[f"talks-{index}"] = talks
    return found


def _communications(draw: Draw, names: _Names) -> Plain:
    found = {}
    for index in range(draw(st.sampled_from((1, 0))) if names.areas else 0):
        network = _altered(draw, "communications", _first("communications"), most=2)
        network |= {"area": draw(st.sampled_from(names.areas)), "cut_by": draw(st.sampled_from(names.sides))}
        network["when"] = _condition(draw, names)
        found[f"lines-{index}"] = network
    return found


# --- the whole --------------------------------------------------------------------------------------------------


def _sections(draw: Draw) -> Plain:
    """Return every mechanism of the fixture, some switched off, some of its numbers drawn anew."""
    found = {}
    for name in sorted(_fixture()[0].keys() - set(_BUILT)):
        found[name] = _altered(draw, name, most=3) if isinstance(_fixture()[0][name], dict) else _fixture()[0][name]
        if isinstance(found[name], dict) and "enabled" in found[name]:
            found[name]["enabled"] = draw(st.sampled_from((*[True] * 9, False)))
        if not Scenario.model_fields[name].is_required() and not _often(draw):
            del found[name]
    return found


@st.composite
def shaken(draw: Draw) -> World:
    """Draw a war of the fixtures, as it is but for many of its numbers and switches."""
    fixture, numbers = _fixture(draw(st.sampled_from((TWO_VALLEYS, TWO_VALLEYS, INVENTED))))
    data = copy.deepcopy(fixture)
    free = [trail for trail in numbers if "axes" not in trail]  # the shares of the axes add up to 1
    for trail in draw(st.lists(st.sampled_from(free), max_size=25, unique=True)):
        _put(data, trail, _number(draw, numbers[trail]))
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
        name: _altered(draw, "terrain_classes", name, most=2) for name in _fixture()[0]["terrain_classes"]
    }
    data["areas"] = {f"area-{index}": _some(draw, places, least=1) for index in range(draw(st.sampled_from((1, 2, 0))))}
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
