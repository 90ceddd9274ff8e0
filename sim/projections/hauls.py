"""Convoys on the road: which stretch of which way each was on, and when.

A log tells when a convoy left, when it began a leg that ends at a pass, when it was ambushed and when it ended. Between
these it took its legs one after the other: the seconds between two facts are shared out by the hours that the legs take
in this run, and a wait at a pass belongs to the leg that leads there. What is still on the road at the end has no
arrival to reckon from: it is somewhere on what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.domain.terms import GRAMS_PER_KG
from sim.scenario.schema import Scenario

_ENDS = (f.ConvoyArrived, f.ConvoyTurnedBack, f.ConvoyDestroyed)


@dataclass(frozen=True, slots=True)
class Haul:
    """A convoy on one leg, or on several where nothing tells which (``legs``), from ``place`` to ``to``.

    ``fact`` is the last one that told of it, ``ended_by`` the one that told its fate (-1: it is on the road still).
    """

    convoy: str
    side: str
    fact: int
    start_s: int
    end_s: int
    legs: tuple[tuple[str, str], ...]
    place: str
    to: str
    origin: str
    destination: str
    mode: str
    carriers: int
    food_kg: int
    ammunition_kg: int
    fuel_kg: int
    fate: str = "on the road"
    ended_by: int = -1


@dataclass(frozen=True, slots=True)
class _Fix:
    """A convoy was at a stop of its path at a moment, by a fact."""

    stop: int
    time_s: int
    fact: int


def hauls(facts: Sequence[Fact], scenario: Scenario, end_s: int) -> tuple[Haul, ...]:
    """Return where every convoy of a history was, stretch by stretch, by convoy and time."""
    values = next((dict(fact.values) for fact in facts if isinstance(fact, f.RunStarted)), {})
    sent: dict[str, f.ConvoyDispatched] = {}
    told: dict[str, list[Fact]] = {}
    for fact in facts:
        if isinstance(fact, f.ConvoyDispatched):
            sent[fact.convoy] = fact
        elif isinstance(fact, (f.ConvoyQueued, f.ConvoyAmbushed, *_ENDS)):
            told.setdefault(fact.convoy, []).append(fact)
    found: list[Haul] = []
    for name, start in sent.items():
        found += _Course(start, scenario, values).hauls(told.get(name, []), end_s)
    return tuple(sorted(found, key=lambda haul: (haul.convoy, haul.start_s)))


class _Course:
    """The stops of a convoy, the legs between them, and the hours that each takes in this run."""

    def __init__(self, start: f.ConvoyDispatched, scenario: Scenario, values: dict[str, float]) -> None:
        self.start = start
        self.stops = (start.place, *start.path)
        self.legs: list[str] = []
        self.hours: list[float] = []
        for here, there in pairwise(self.stops):
            leg, hours = self._leg(here, there, scenario, values)
            self.legs.append(leg)
            self.hours.append(hours)

    def _leg(self, here: str, there: str, scenario: Scenario, values: dict[str, float]) -> tuple[str, float]:
        """Return the fastest leg between two stops for what carries the load, and its hours."""
        path = f"travel_time_h_{self.start.mode}"
        joining = [name for name, leg in scenario.legs.items() if {leg.start, leg.to} == {here, there}]
        timed = [(values[f"legs.{name}.{path}"], name) for name in joining if f"legs.{name}.{path}" in values]
        hours, leg = min(timed) if timed else (1.0, joining[0])
        return leg, hours

    def hauls(self, told: Sequence[Fact], end_s: int) -> list[Haul]:
        """Return its stretches, given the facts about it after its departure."""
        start = self.start
        end = next((fact for fact in told if isinstance(fact, _ENDS)), None)
        load = Haul(
            start.convoy, start.side, start.seq, start.time_s, start.time_s, (), start.place, start.place, start.place,
            start.to, start.mode, start.carriers, start.food_g // GRAMS_PER_KG, start.ammunition_g // GRAMS_PER_KG,
            start.fuel_g // GRAMS_PER_KG, _fate(end), end.seq if end is not None else -1,
        )  # fmt: skip
        fixes = self._fixes(told)
        stretches: list[Haul] = []
        for fix, later in pairwise(fixes):
            ambush = next((fact for fact in told if fact.seq == fix.fact and isinstance(fact, f.ConvoyAmbushed)), None)
            load = _after(load, ambush)
            stretches += self._between(fix, later, load)
        last = fixes[-1]
        if end is None and last.stop < len(self.stops) - 1 and last.time_s < end_s:
            legs = tuple(zip(self.legs[last.stop :], self.stops[last.stop :], strict=False))
            whole = replace(load, fact=last.fact, start_s=last.time_s, end_s=end_s, legs=legs)
            stretches.append(replace(whole, place=self.stops[last.stop], to=self.stops[-1]))
        return stretches

    def _fixes(self, told: Sequence[Fact]) -> list[_Fix]:
        """Return where it was known to be, never going back."""
        fixes = [_Fix(0, self.start.time_s, self.start.seq)]
        for fact in told:
            place = str(getattr(fact, "place", ""))
            stop = self.stops.index(place) if place in self.stops else len(self.stops) - 1
            if isinstance(fact, f.ConvoyQueued | f.ConvoyAmbushed):
                stop -= 1  # told where the leg begins, about the place where it ends
            elif isinstance(fact, f.ConvoyDestroyed) and fact.time_s == fixes[-1].time_s:
                stop = fixes[-1].stop  # in the ambush, before it went on
            fixes.append(_Fix(max(stop, fixes[-1].stop), fact.time_s, fact.seq))
        return fixes

    def _between(self, fix: _Fix, later: _Fix, load: Haul) -> list[Haul]:
        """Return the legs between two fixes, the time shared out by their hours."""
        hours = self.hours[fix.stop : later.stop]
        found, since_s, gone = [], fix.time_s, 0.0
        for number, own in enumerate(hours, fix.stop):
            gone += own
            until_s = fix.time_s + round((later.time_s - fix.time_s) * gone / sum(hours))
            if until_s > since_s:
                here, there = self.stops[number], self.stops[number + 1]
                one = replace(load, fact=fix.fact, start_s=since_s, end_s=until_s, place=here, to=there)
                found.append(replace(one, legs=((self.legs[number], here),)))
            since_s = until_s
        return found


def _fate(end: Fact | None) -> str:
    match end:
        case f.ConvoyArrived():
            return "arrived"
        case f.ConvoyTurnedBack():
            return f"turned back: {end.reason}"
        case f.ConvoyDestroyed():
            return "destroyed"
        case _:
            return "on the road"


def _after(load: Haul, ambush: f.ConvoyAmbushed | None) -> Haul:
    """Return what a convoy carries after an ambush."""
    if ambush is None:
        return load
    return replace(
        load,
        carriers=load.carriers - ambush.carriers_lost,
        food_kg=load.food_kg - ambush.food_g // GRAMS_PER_KG,
        ammunition_kg=load.ammunition_kg - ambush.ammunition_g // GRAMS_PER_KG,
        fuel_kg=load.fuel_kg - ambush.fuel_g // GRAMS_PER_KG,
    )
