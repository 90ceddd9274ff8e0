"""The ground of the map: a local projection, relief, polygons and lines, and labels that do not collide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, dist, radians
from typing import Any

from sim.report.legend import Place

_KM_PER_DEGREE = 111.195

#: Which place wins where two labels would collide.
_WEIGHT = {"hub": 0, "pass": 1, "tunnel": 2, "district": 3, "town": 4, "gorge": 5, "village": 6}
_SIDES = ("middle right", "middle left", "top center", "bottom center")

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Leg:
    """A way between two places, with its class."""

    leg: str
    start: str
    to: str
    kind: str


@dataclass(frozen=True, slots=True)
class Relief:
    """A shaded relief in geographic coordinates, as a data URI with its bounds in degrees."""

    source: str
    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What the map is drawn from; everything but the places of the legend may be missing."""

    legs: tuple[Leg, ...] = ()
    zones: Mapping[str, Any] | None = None
    routes: Mapping[str, Any] | None = None
    relief: Relief | None = None
    attribution: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Projection:
    """Kilometres east and north of a central point; true to scale near it."""

    lat: float
    lon: float

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Return kilometres east and north of a position in degrees."""
        east = (lon - self.lon) * _KM_PER_DEGREE * cos(radians(self.lat))
        return round(east, 2), round((lat - self.lat) * _KM_PER_DEGREE, 2)


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle of the map, in kilometres."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """Return how far it reaches from west to east."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """Return how far it reaches from south to north."""
        return self.north - self.south

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in it."""
        return self.west <= x <= self.east and self.south <= y <= self.north


def zone_kinds(ground: Ground) -> list[str]:
    """Return what the coloured areas of the map are, in the words of their own file."""
    kinds = [str(feature["properties"].get("kind", "")) for feature in (ground.zones or {}).get("features", ())]
    return sorted({kind for kind in kinds if kind})


def centred(places: Iterable[Place]) -> Projection:
    """Return the projection around the middle of some places."""
    found = list(places)
    lats, lons = [place.lat for place in found], [place.lon for place in found]
    return Projection((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)


def framed(places: Iterable[Place], projection: Projection, relief: Relief | None, pad: float = 0.09) -> Frame:
    """Return the rectangle around some places, padded, and kept within the relief where there is one."""
    points = [projection.xy(place.lon, place.lat) for place in places]
    if relief is not None:
        west, south = projection.xy(relief.west, relief.south)
        east, north = projection.xy(relief.east, relief.north)
        points = [(min(max(x, west), east), min(max(y, south), north)) for x, y in points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    room = pad * max(max(xs) - min(xs), max(ys) - min(ys), 1.0)
    frame = Frame(min(xs) - room, min(ys) - room, max(xs) + room, max(ys) + room)
    if relief is None:
        return frame
    return Frame(max(frame.west, west), max(frame.south, south), min(frame.east, east), min(frame.north, north))


def rings(geometry: Mapping[str, Any], projection: Projection) -> list[Ring]:
    """Return the outer rings of a polygon or of several, projected."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[projection.xy(lon, lat) for lon, lat, *_ in polygon[0]] for polygon in polygons]


def courses(ground: Ground, places: Mapping[str, Place], projection: Projection) -> dict[str, Ring]:
    """Return the ways by leg, each from its start: along the drawn route where there is one, else straight."""
    drawn = {
        str(feature["properties"].get("id", feature.get("id"))): feature["geometry"]["coordinates"]
        for feature in (ground.routes or {}).get("features", ())
        if feature["geometry"]["type"] == "LineString"
    }
    found: dict[str, Ring] = {}
    for leg in ground.legs:
        ends = [(places[end].lon, places[end].lat) for end in (leg.start, leg.to) if end in places]
        course = [projection.xy(lon, lat) for lon, lat, *_ in drawn.get(leg.leg, ends)]
        if len(course) > 1:
            first = projection.xy(*ends[0]) if leg.start in places else course[0]
            found[leg.leg] = course[::-1] if dist(course[-1], first) < dist(course[0], first) else course
    return found


def lines(ground: Ground, places: Mapping[str, Place], projection: Projection) -> dict[str, list[Ring]]:
    """Return the ways by class."""
    found: dict[str, list[Ring]] = {}
    drawn = courses(ground, places, projection)
    for leg in ground.legs:
        if leg.leg in drawn:
            found.setdefault(leg.kind, []).append(drawn[leg.leg])
    return found


@dataclass(slots=True)
class _Sheet:
    """The room that labels and marks have taken, in pixels."""

    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def take(self, box: tuple[float, float, float, float]) -> bool:
        """Take a box (left, top, right, bottom) if nothing is in it."""
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in self.boxes):
            return False
        self.boxes.append(box)
        return True


def labelled(
    places: Sequence[Place],
    points: Mapping[str, tuple[float, float]],
    frame: Frame,
    width_px: float,
    size_px: float,
    around: Mapping[str, float],
) -> list[tuple[Place, str]]:
    """Return the places that can carry their names at this size, each with the side on which the name stands.

    Args:
        places: Candidates, the more important first among equals of a kind.
        points: Projected positions.
        frame: The rectangle shown.
        width_px: Its width on the page.
        size_px: Height of the letters.
        around: Pixels across what is left free for the mark of each place.
    """
    scale = width_px / frame.width
    sheet = _Sheet()
    dots = {
        place.place: ((points[place.place][0] - frame.west) * scale, (frame.north - points[place.place][1]) * scale)
        for place in places
    }
    halves = {place.place: around[place.place] / 2 - 1.5 for place in places}
    sheet.boxes += [
        (x - half, y - half, x + half, y + half) for half, (x, y) in zip(halves.values(), dots.values(), strict=True)
    ]
    found = []
    for place in sorted(places, key=lambda place: _WEIGHT.get(place.kind, 9)):
        x, y = dots[place.place]
        wide, high = 0.56 * size_px * len(place.name) + 4, size_px + 2
        for side in _SIDES:
            off = around[place.place] / 2
            left = {"middle right": x + off + 1.5, "middle left": x - off - 1.5 - wide}.get(side, x - wide / 2)
            upper = {"top center": y - off - high, "bottom center": y + off}.get(side, y - high / 2)
            inside = left > 0 and left + wide < width_px and upper > 0 and upper + high < frame.height * scale
            if inside and sheet.take((left, upper, left + wide, upper + high)):
                found.append((place, side))
                break
    return found
