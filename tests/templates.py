"""Numbers and blocks for generated worlds: the fixtures' own, some of them drawn from what the schema allows.

A template is a block of the small fixture in which every law is replaced by its median, every number that may be left
out is given, and every mechanism is there: what the schema knows, a generated world may have.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from sim.scenario.fields import Block
from sim.scenario.loading import load_scenario, resolved, scenario_from_resolved
from sim.scenario.mechanisms import Section
from sim.scenario.numbers import Entry, register
from sim.scenario.schema import Scenario
from tests.worlds import TWO_VALLEYS

Draw = st.DrawFn
Plain = dict[str, Any]
Trail = tuple[str, ...]

#: What no run reads.
NOT_RUN = ("geography", "observation", "references", "reported", "sources", "given_argued", "lint")
#: What goes with numbers that may be left out.
_WORDS = {"terrain": "gorge", "held_back_for": "worse days"}
_SECONDS = (0, 1, 59, 3_600, 21_600, 86_400, 10 * 86_400, 1_000 * 86_400)
_WHOLE = (0, 1, 2, 9, 10, 60, 500, 20_000, 3_000_000)
_SHARES = (0.0, 1e-9, 0.05, 0.3, 0.5, 0.95, 1.0)
_REALS = (0.0, 1e-6, 0.1, 0.5, 1.0, 2.0, 7.0, 300.0, 1e6)
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
_FACTORS = ("area_shock", "contagion_factor", "times_per_")
_INTERVAL_MIN_S = 6 * 3_600


# --- templates: the fixture with every law replaced by its median -------------------------------------------


@dataclass(frozen=True, slots=True)
class Template:
    """A block of the fixture and its numbers by their trail inside it."""

    data: Plain
    numbers: Mapping[Trail, Entry]


@lru_cache(maxsize=2)
def fixture(path: Path = TWO_VALLEYS) -> tuple[Plain, dict[Trail, Entry]]:
    """Return a fixture as plain data without laws, the small one with everything the schema knows, and its numbers."""
    data = {key: value for key, value in resolved(load_scenario(path)).items() if key not in NOT_RUN}
    if path == TWO_VALLEYS:
        _complete(data, Scenario)
    scenario = scenario_from_resolved(data)
    data = resolved(scenario)
    numbers = {
        tuple(where.split(".")): entry for where, entry in register(scenario).items() if entry.phase != "observation"
    }
    for trail, entry in numbers.items():
        median = entry.parts["value"] if entry.constant else entry.quantile()(0.5)
        put(data, trail, _constant(entry, _SOONER.get(entry.path, median)))
    return data, numbers


def _complete(data: Plain, model: type[BaseModel]) -> None:
    """Give a block every number that the schema knows and it leaves out, and a scenario every mechanism."""
    for name, info in model.model_fields.items():
        told = info.json_schema_extra
        kinds = (info.annotation, *get_args(info.annotation))
        block = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Block)), None)
        if isinstance(told, dict) and "use" in told and (info.is_required() or info.default is None):
            data.setdefault(name, _middling(told))
        elif block is not None and get_origin(info.annotation) is dict:
            for one in data.get(name, {}).values() if name != "places" else ():
                _complete(one, block)
        elif block is not None and issubclass(block, Section) and name not in NOT_RUN:
            _complete(data.setdefault(name, {"basis": "invented", "confidence": "low"}), block)
        elif block is not None and name in data:
            _complete(data[name], block)
        elif name in _WORDS:
            data.setdefault(name, _WORDS[name])


def _middling(told: Mapping[str, Any]) -> float | str:
    """Return a value that a number may have, far from the ends of what it may be."""
    if told["unit"] == "s":
        return "PT12H"
    return 0.3 if told["le"] is not None and told["le"] <= 1 else max(1.0, told["ge"] or 0.0)


@lru_cache(maxsize=64)
def template(*trail: str) -> Template:
    """Return a block of the small fixture."""
    data, numbers = fixture()
    for step in trail:
        data = data[step]
    inside = {key[len(trail) :]: entry for key, entry in numbers.items() if key[: len(trail)] == trail}
    return Template(data, inside)


def first(section: str) -> str:
    """Return the name of the first entity of a section of the small fixture."""
    return min(fixture()[0][section])


def _constant(entry: Entry, value: float) -> Plain:
    if entry.options:
        return {"value": entry.options[int(value)]}
    if entry.unit == "s":
        return {"value": f"PT{round(value)}S"}
    return {"value": float(round(value)) if entry.unit in ("person", "vehicle") else value}


def put(data: Any, trail: Trail, number: Plain) -> None:
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
    if any(factor in entry.path for factor in _FACTORS):
        high = _FACTOR_MAX
    if entry.path.endswith(".interval"):
        low = max(low, _INTERVAL_MIN_S)
    whole = entry.unit in ("person", "vehicle")
    usual = _SECONDS if entry.unit == "s" else _WHOLE if whole else _SHARES if entry.le == 1 else _REALS
    ends = [end for end in (low, high) if math.isfinite(end)]
    return sorted({*ends, *(value for value in usual if low <= value <= high)})


def number(draw: Draw, entry: Entry) -> Plain:
    """Draw a number: a constant from the whole range, or now and then a law between two of them."""
    if entry.options:
        return _constant(entry, draw(st.integers(0, len(entry.options) - 1)))
    tried = st.sampled_from(_candidates(entry))
    low, high = sorted((draw(tried), draw(tried)))
    if low == high or draw(st.integers(0, 3)):
        return _constant(entry, high)
    ends = {key: _constant(entry, value)["value"] for key, value in (("min", low), ("max", high))}
    return {"dist": "uniform", **ends}


def altered(draw: Draw, *trail: str, most: int) -> Plain:
    """Return a block of the fixture with some of its numbers drawn anew."""
    block = template(*trail)
    data = copy.deepcopy(block.data)
    if block.numbers:
        for chosen in draw(st.lists(st.sampled_from(list(block.numbers)), max_size=most, unique=True)):
            put(data, chosen, number(draw, block.numbers[chosen]))
    if "enabled" in data:
        data["enabled"] = draw(st.sampled_from((*[True] * 9, False)))
    return data


def some(draw: Draw, names: Sequence[str], least: int = 0, most: int = 4) -> list[str]:
    """Draw some names of several, in any order."""
    if not names:
        return []
    return draw(st.lists(st.sampled_from(names), min_size=least, max_size=most, unique=True))


def two_of(names: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Draw two different names."""
    return st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True)


def often(draw: Draw) -> bool:
    """Draw yes three times in four."""
    return draw(st.sampled_from((True, True, True, False)))
