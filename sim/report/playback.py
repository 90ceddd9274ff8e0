"""One history on the map, day by day: who holds what, where fighters stand and march, where convoys are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.domain.fold import apply
from sim.domain.roads import covered_s, span_s
from sim.domain.state import HILLS, Force, State
from sim.domain.terms import DAY
from sim.projections.hauls import Haul, hauls
from sim.projections.roads import Roads
from sim.report.signs import Signs
from sim.report.theatre import Projection
from sim.scenario.schema import Scenario

#: What a unit on the map is: fighters at a place, in the hills about it, on the way; a convoy.
CENTRE, IN_HILLS, MARCHING, CONVOY = range(4)
#: Kinds after which a side may have nobody left.
_COSTLY = (
    f.ForceDestroyed, f.ForceSurrendered, f.ForceDispersed, f.FightersDeserted, f.BoutFought, f.ColumnsClashed,
    f.ColumnAmbushed, f.ForceBeaten,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """A history by days: what changed in who holds what (place, side), and the units at the end of each.

    A unit is ``[what, side, place, fighters or carriers, symbol]``; on the way it has beside the place it comes from
    also the one it goes to, and where it is in kilometres. Sides and places are numbers into given lists, symbols keys
    of given ``Signs``. ``ends`` are the facts after which a side holds no place, or has no fighters: (fact, words).
    """

    held: tuple[list[list[int]], ...]
    units: tuple[list[list[Any]], ...]
    ends: tuple[tuple[int, str], ...]


def follow(
    facts: Sequence[Fact],
    scenario: Scenario,
    places: Sequence[str],
    sides: Sequence[str],
    projection: Projection,
    signs: Signs,
) -> Course:
    """Return a history as the map plays it.

    Args:
        facts: The whole log.
        scenario: What it is a log of.
        places: The places of the map, in order.
        sides: The sides; the last is '' for nobody.
        projection: That of the map.
        signs: Keeps the symbols.
    """
    spotter = _Spotter(scenario, places, sides, projection, signs)
    length_s = int((scenario.scenario.end - scenario.scenario.start).total_seconds())
    ends_s = [min((day + 1) * DAY, length_s) for day in range(max(1, -(-length_s // DAY)))]
    convoys = hauls(facts, scenario, length_s)
    state, ends = State(), _Ends(scenario)
    held: list[list[list[int]]] = []
    units: list[list[list[Any]]] = []
    before: dict[str, str] = {}
    ahead = iter(facts)
    fact = next(ahead, None)
    for end_s in ends_s:
        while fact is not None and fact.time_s <= end_s:
            apply(state, fact)
            ends.note(fact, state)
            fact = next(ahead, None)
        now = {place: state.places[place].holder if place in state.places else "" for place in places}
        held.append([[spotter.place[at], spotter.side[now[at]]] for at in places if before.get(at) != now[at]])
        before = now
        units.append([*spotter.fighters(state, end_s), *spotter.convoys(convoys, end_s)])
    return Course(tuple(held), tuple(units), tuple(ends.found))


class _Spotter:
    """Puts forces and convoys at places and on ways, as numbers and kilometres."""

    def __init__(
        self, scenario: Scenario, places: Sequence[str], sides: Sequence[str], projection: Projection, signs: Signs
    ) -> None:
        self.place = {place: index for index, place in enumerate(places)}
        self.side = {side: index for index, side in enumerate(sides)}
        self._roads = Roads(scenario)
        self._projection = projection
        self._signs, self._named = signs, tuple(sides)

    def fighters(self, state: State, time_s: int) -> list[list[Any]]:
        """Return the fighters by side and place, then those on the way, column by column."""
        standing: defaultdict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0])
        marching: defaultdict[tuple[int, int, int, float, float], list[int]] = defaultdict(lambda: [0, 0])
        for force in state.forces.values():
            if not force.fit or force.place not in self.place:
                continue
            side, place = self.side[force.side], self.place[force.place]
            if force.leg:
                x, y = self._on_way(force.leg, force.place, _share(force, state, time_s))
                there = marching[side, place, self.place[force.to], x, y]
            else:
                there = standing[IN_HILLS if force.posture == HILLS else CENTRE, side, place]
            there[0] += force.fit
            there[1] += sum(force.vehicles.values())
        still = [
            [what, side, place, fit, self._signs.force(self._named[side], fit, vehicles, in_hills=what == IN_HILLS)]
            for (what, side, place), (fit, vehicles) in sorted(standing.items())
        ]
        moving = [
            [MARCHING, side, place, fit, self._signs.force(self._named[side], fit, vehicles), to, x, y]
            for (side, place, to, x, y), (fit, vehicles) in sorted(marching.items())
        ]
        return still + moving

    def convoys(self, found: Sequence[Haul], time_s: int) -> list[list[Any]]:
        """Return the convoys on the road at a moment, each with what it carries in tonnes."""
        units = []
        for haul in found:
            if not haul.start_s <= time_s < haul.end_s or haul.destination not in self.place:
                continue
            leg, origin = haul.legs[len(haul.legs) // 2]
            alone = len(haul.legs) == 1
            share = (time_s - haul.start_s) / (haul.end_s - haul.start_s) if alone else 0.5
            tonnes = round((haul.food_kg + haul.ammunition_kg + haul.fuel_kg) / 1000, 1)
            what = CONVOY, self.side[haul.side], self.place[haul.origin], haul.carriers, self._signs.convoy(haul.side)
            units.append([*what, self.place[haul.destination], *self._on_way(leg, origin, share), tonnes])
        return units

    def _on_way(self, leg: str, origin: str, share: float) -> tuple[float, float]:
        x, y = self._projection.xy(*self._roads.point(leg, origin, share))
        return round(x, 1), round(y, 1)


class _Ends:
    """Notes after which facts a side holds no place any more, or has no fighters."""

    def __init__(self, scenario: Scenario) -> None:
        self._names: Mapping[str, str] = {key: side.name for key, side in scenario.sides.items()}
        self._standing: set[str] = set()
        self.found: list[tuple[int, str]] = []

    def note(self, fact: Fact, state: State) -> None:
        """Note what a fact ended; the state is that after it."""
        if isinstance(fact, f.ForceRaised):
            self._standing.add(fact.side)
        elif isinstance(fact, f.ControlChanged) and fact.how != "initial" and fact.lost_by:
            if not any(place.holder == fact.lost_by for place in state.places.values()):
                self.found.append((fact.seq, f"{self._names[fact.lost_by]} lost its last place"))
        elif isinstance(fact, _COSTLY):
            left = {force.side for force in state.forces.values() if force.fit}
            gone = sorted(self._standing - left)
            self.found += [(fact.seq, f"{self._names[side]} had no fit fighters left") for side in gone]
            self._standing &= left


def _share(force: Force, state: State, time_s: int) -> float:
    """Return which share of its leg a column has behind it; a fight on the leg holds it where it began."""
    if force.meeting:
        time_s = max(state.meetings[force.meeting].began_s, force.departed_s)
    return covered_s(force, time_s) / span_s(force) if span_s(force) > 0 else 1.0
