"""Where places are: those of a scenario or a list, and the nearest of them to a position of somebody else's file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sim.errors import Problem, ProblemsFound
from sim.exchange.naming import Slugs, brief, slug
from sim.scenario.geography import read_table
from sim.scenario.schema import Scenario

_EARTH_KM = 6371.0
#: A row whose position is that of a province, a country or a stretch (where_prec 4 and more) is at no place.
_PLACED_MAX = 3


class Spot(NamedTuple):
    """A place: its name, and where it is if that is known, in degrees."""

    name: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by id, and areas that stand for several of them.

    ``closed``: no other places may be named, because a scenario or a list says which there are.
    """

    places: Mapping[str, Spot] = field(default_factory=dict)
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closed: bool = False

    def spots(self, where: tuple[str, ...]) -> Iterator[Spot]:
        """Yield the places meant by a list of places and areas; one that is not known has its id for a name."""
        for name in dict.fromkeys(place for one in where for place in self.areas.get(one, (one,))):
            yield self.places.get(name, Spot(name))

    def nearest(self, lat: float, lon: float, within_km: float) -> str | None:
        """Return the place nearest to a position, None if none lies within so many kilometres."""
        far = {
            place: distance_km(lat, lon, spot.lat, spot.lon)
            for place, spot in self.places.items()
            if spot.lat is not None and spot.lon is not None
        }
        near = min(far, key=lambda place: far[place], default=None)
        return near if near is not None and far[near] <= within_km else None

    def called(self, name: str) -> str | None:
        """Return the place, else the area, of a name; None if there is none."""
        sought = slug(name) if name else ""
        places = (place for place, spot in self.places.items() if sought in (place, slug(spot.name)))
        return next(places, sought if sought in self.areas else None)


class Placing:
    """Finds the place of each row; places that no gazetteer knows are kept by an id of their own."""

    def __init__(self, gazetteer: Gazetteer, within_km: float) -> None:
        self.gazetteer = gazetteer
        self.within_km = within_km
        self.new: dict[str, Spot] = {}
        self._slugs = Slugs()

    def where(self, spot: Spot, prec: int, *wider: str) -> tuple[tuple[str, ...], bool]:
        """Return the places of a row, and whether the row can be placed at all.

        Args:
            spot: Its name and position.
            prec: How exact the position is (where_prec).
            wider: Names of what it lies in, the narrowest first.
        """
        known = self.gazetteer
        found = None
        if spot.lat is not None and spot.lon is not None and prec <= _PLACED_MAX:
            found = known.nearest(spot.lat, spot.lon, self.within_km)
        for name in (spot.name, *(wider if prec > _PLACED_MAX else ())):
            found = found or known.called(name)
        if found is not None:
            return (found,), True
        if not spot.name:
            return (), not known.closed
        place = self._slugs.of(spot.name, spot.lat, spot.lon)
        self.new[place] = spot
        return ((), False) if known.closed else ((place,), True)


def of_scenario(scenario: Scenario) -> Gazetteer:
    """Return the places and areas of a scenario."""
    places = {key: Spot(place.name, place.lat, place.lon) for key, place in scenario.places.items()}
    return Gazetteer(places, {key: tuple(area) for key, area in scenario.areas.items()}, closed=True)


def of_list(path: Path) -> Gazetteer:
    """Return the places of a CSV with columns id, name, lat and lon, as a scenario's places may stand in one.

    Raises:
        ProblemsFound: If it cannot be read, or a place has no position on the globe.
    """
    document = read_table(path, str(path), "places")
    problems = list(document.problems)
    places: dict[str, Spot] = {}
    for key, row in document.data["places"].items():
        lat, lon = row.get("lat"), row.get("lon")
        for name, value, bound in (("lat", lat, 90), ("lon", lon, 180)):
            if not isinstance(value, int | float) or abs(value) > bound:
                spot = document.values.get(("places", key, name), document.values["places", key])
                message = f"{value!r} is no position" if value is not None else f"there is no {name}"
                problems.append(Problem(*spot, name, message, f"write degrees from -{bound} to {bound}"))
        if slug(key) != key:
            at = document.values["places", key]
            problems.append(Problem(*at, "id", f"{key!r} is no id", f"write it as {slug(key)!r}"))
        places[key] = Spot(brief(str(row.get("name", key))), lat, lon)
    if problems:
        raise ProblemsFound(problems)
    return Gazetteer(places)


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance between two positions in degrees (haversine formula)."""
    up, other_up = math.radians(lat), math.radians(other_lat)
    along = math.radians(other_lon - lon)
    chord = math.sin((other_up - up) / 2) ** 2 + math.cos(up) * math.cos(other_up) * math.sin(along / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def middle(spots: list[Spot]) -> tuple[float, float] | None:
    """Return the middle of the positions that are known, in degrees; None if none is."""
    known = [(spot.lat, spot.lon) for spot in spots if spot.lat is not None and spot.lon is not None]
    if not known:
        return None
    return sum(lat for lat, _ in known) / len(known), sum(lon for _, lon in known) / len(known)


def priogrid(lat: float, lon: float) -> int:
    """Return the number of the PRIO-GRID cell of a position: half a degree wide, counted from the south-west."""
    return min(int((lat + 90) * 2), 359) * 720 + min(int((lon + 180) * 2), 719) + 1
