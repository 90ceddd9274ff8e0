"""Where things are on the globe: places, and points and stretches of the ways between them.

Positions are (longitude, latitude) in degrees, WGS 84, to six decimals, as GeoJSON and KML have them. Ways follow the
lines of the scenario's geography where it has any, and are straight where it has none. A line is oriented by the two
places that its way joins, and both are put at its ends, so that nothing jumps where it leaves a place.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from sim.errors import Problem, ProblemsFound
from sim.scenario.drawn import READERS
from sim.scenario.files import NotUsable
from sim.scenario.schema import Scenario

Point = tuple[float, float]
Line = tuple[Point, ...]

_DECIMALS = 6


class Roads:
    """The places and ways of a scenario as points and lines."""

    def __init__(self, scenario: Scenario) -> None:
        self._points = {key: point(place.lon, place.lat) for key, place in scenario.places.items()}
        drawn = _drawn_lines(scenario)
        self._courses = {
            key: _Course(_between(drawn.get(key, ()), self._points[leg.start], self._points[leg.to]))
            for key, leg in scenario.legs.items()
        }
        self._starts = {key: leg.start for key, leg in scenario.legs.items()}

    def place(self, place: str) -> Point:
        """Return where a place is."""
        return self._points[place]

    def knows(self, place: str) -> bool:
        """Tell whether something is a place with a position, and no area."""
        return place in self._points

    def line(self, leg: str) -> Line:
        """Return the whole line of a leg, from the place it starts at."""
        return self._courses[leg].line

    def point(self, leg: str, origin: str, share: float) -> Point:
        """Return the point of a leg that has a share of its length, in [0, 1], behind it as seen from one end."""
        return self._courses[leg].at(share if origin == self._starts[leg] else 1 - share)

    def stretch(self, leg: str, origin: str, low: float, high: float) -> Line:
        """Return the part of a leg between two shares of its length, ``low <= high``, as seen from one end."""
        if origin == self._starts[leg]:
            return self._courses[leg].between(low, high)
        return self._courses[leg].between(1 - high, 1 - low)[::-1]


class _Course:
    """A line with the share of its length that lies behind each of its points."""

    def __init__(self, line: Line) -> None:
        self.line = line
        lengths = [0.0, *accumulate(_apart(a, b) for a, b in pairwise(line))]
        self._shares = [length / lengths[-1] if lengths[-1] else 1.0 for length in lengths]
        self._shares[0] = 0.0

    def at(self, share: float) -> Point:
        if share <= 0:
            return self.line[0]
        after = bisect_right(self._shares, share)
        if after >= len(self.line):
            return self.line[-1]
        (x, y), (to_x, to_y) = self.line[after - 1], self.line[after]
        low, high = self._shares[after - 1], self._shares[after]
        part = (share - low) / (high - low)
        return point(x + part * (to_x - x), y + part * (to_y - y))

    def between(self, low: float, high: float) -> Line:
        inner = [spot for spot, share in zip(self.line, self._shares, strict=True) if low < share < high]
        line = tuple(_without_repeats([self.at(low), *inner, self.at(high)]))
        return line if len(line) > 1 else (line[0], line[0])


def point(lon: float, lat: float) -> Point:
    """Return a position as it is written."""
    return round(lon, _DECIMALS), round(lat, _DECIMALS)


def zone_polygons(scenario: Scenario) -> dict[str, Mapping[str, Any]]:
    """Return the geometry of each zone by the place that colours it: the seat, before other places of the zone.

    Raises:
        ProblemsFound: If the scenario names a file of zones that cannot be used.
    """
    seats: dict[str, str] = {}
    for key, place in sorted(scenario.places.items(), key=lambda item: (item[0] != item[1].zone, item[0])):
        if place.zone is not None:
            seats.setdefault(place.zone, key)
    found = {_name_of(feature): feature["geometry"] for feature in _features(scenario, "zones")}
    return {place: found[zone] for zone, place in sorted(seats.items()) if zone in found}


def _drawn_lines(scenario: Scenario) -> dict[str, Line]:
    return {
        _name_of(feature): tuple(point(lon, lat) for lon, lat, *_ in feature["geometry"]["coordinates"])
        for feature in _features(scenario, "routes")
    }


def _features(scenario: Scenario, what: str) -> Sequence[Mapping[str, Any]]:
    """Return the features of a file of the scenario's geography, none if it names none or the file is not there."""
    name: str | None = getattr(scenario.geography, what)
    if name is None or scenario.folder is None or not (scenario.folder / name).is_file():
        return ()
    path = scenario.folder / name
    try:
        features: Sequence[Mapping[str, Any]] = READERS[what](path)["features"]
    except NotUsable as error:
        raise ProblemsFound([Problem(str(path), 0, 0, "", str(error), error.remedy)]) from None
    return features


def _name_of(feature: Mapping[str, Any]) -> str:
    return str(feature["properties"].get("id", feature.get("id")))


def _between(line: Line, start: Point, end: Point) -> Line:
    """Return a line from one place to another: turned round if it was drawn the other way."""
    if line and _apart(line[0], start) + _apart(line[-1], end) > _apart(line[0], end) + _apart(line[-1], start):
        line = line[::-1]
    found = tuple(_without_repeats([start, *line, end]))
    return found if len(found) > 1 else (start, end)


def _without_repeats(line: Sequence[Point]) -> list[Point]:
    return [spot for number, spot in enumerate(line) if not number or spot != line[number - 1]]


def _apart(one: Point, other: Point) -> float:
    """Return how far apart two near points are, in degrees of latitude."""
    narrowed = math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot((one[0] - other[0]) * narrowed, one[1] - other[1])
