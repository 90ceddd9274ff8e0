"""A history as features on the globe: what GeoJSON and KML both write, layer by layer.

Every feature says when it began and ended, by which fact it began, and that it is simulated. Its end is the moment at
which something else was so: read intervals as including their start and excluding their end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.domain.terms import HOUR
from sim.projections.hauls import Haul, hauls
from sim.projections.narrative import WEIGHTY, tell
from sim.projections.roads import Line, Point, Roads, zone_polygons
from sim.projections.wording import spoken
from sim.scenario.schema import Scenario
from sim.viewers.lasting import Course, History, Lasting
from sim.viewers.naming import named
from sim.viewers.stamps import SIMULATED, Clock

#: How long a marching force is shown at one point.
STEP_S = HOUR


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map for a while.

    ``geometry`` is a GeoJSON geometry, None for what has no place; ``properties`` are plain values, those that all
    features share first.
    """

    id: str
    layer: str
    name: str
    side: str
    start: str
    end: str
    fact: int | None
    geometry: Mapping[str, Any] | None
    label: str = SIMULATED
    properties: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


class Drawing:
    """A history with its roads, and the words of its scenario."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.scenario: Scenario = history.scenario
        self.roads = Roads(history.scenario)
        self.clock = Clock(history.scenario.scenario.start)

    def side(self, side: str) -> str:
        """Return the name of a side; nobody for ''."""
        known = self.scenario.sides.get(side)
        return known.name if known is not None else side or "nobody"

    def place(self, place: str) -> str:
        """Return the name of a place."""
        known = self.scenario.places.get(place)
        return known.name if known is not None else place

    def force(self, force: str) -> str:
        """Return the name of a force."""
        return named(force, self.scenario).name

    def way(self, leg: str) -> str:
        """Return a leg as the two places that it joins."""
        ends = self.scenario.legs[leg]
        return f"{self.place(ends.start)} - {self.place(ends.to)}"

    def where(self, course: Course, time_s: int) -> Point:
        """Return where a force is at a moment."""
        if not course.leg:
            return self.roads.place(course.place)
        return self.roads.point(course.leg, course.place, course.share(time_s))

    def convoy_line(self, haul: Haul) -> Line:
        """Return the line of a convoy's stretch."""
        line: list[Point] = []
        for leg, origin in haul.legs:
            line += self.roads.stretch(leg, origin, 0.0, 1.0)[1 if line else 0 :]
        return tuple(line)


def dot(spot: Point) -> dict[str, Any]:
    """Return a point as a GeoJSON geometry."""
    return {"type": "Point", "coordinates": list(spot)}


def string(line: Line) -> dict[str, Any]:
    """Return a line as a GeoJSON geometry."""
    return {"type": "LineString", "coordinates": [list(spot) for spot in line]}


# --- the layers -----------------------------------------------------------------------------------------


def _units(drawing: Drawing) -> Iterator[Feature]:
    """Yield a point for each force while nothing about it changes, and for each hour of a march."""
    for row in drawing.history.forces:
        for start_s, end_s in _pieces(row):
            course = row.what
            share = round(course.share(start_s), 4)
            yield _lasting(
                drawing, "units", row.of, drawing.force(row.of), course.side, row.fact, start_s, end_s,
                dot(drawing.where(course, start_s)), force=row.of, place=course.place, fighters=course.fit,
                vehicles=course.vehicles, posture=course.posture, in_hills=course.in_hills,
                operation=course.operation, leg=course.leg, to=course.to, way_share=share,
            )  # fmt: skip


def _pieces(row: Lasting[Course]) -> Iterator[tuple[int, int]]:
    """Yield the spans for which a force is shown at one point: in the queue, then hour by hour."""
    course = row.what
    if not course.leg or course.halted >= 0:
        yield row.start_s, row.end_s
        return
    since_s = row.start_s
    if course.from_s > since_s:
        yield since_s, min(course.from_s, row.end_s)
        since_s = course.from_s
    while since_s < row.end_s:
        yield since_s, min(since_s + STEP_S, row.end_s)
        since_s += STEP_S


def _marches(drawing: Drawing) -> Iterator[Feature]:
    """Yield the line that each marching force covered while nothing else about it changed."""
    for row in drawing.history.forces:
        course = row.what
        low, high = course.share(row.start_s), course.share(row.end_s)
        if course.leg and high > low:
            line = drawing.roads.stretch(course.leg, course.place, low, high)
            yield _lasting(
                drawing, "marches", row.of, drawing.force(row.of), course.side, row.fact,
                max(row.start_s, course.from_s), row.end_s, string(line), force=row.of, place=course.place,
                fighters=course.fit, posture=course.posture, leg=course.leg, to=course.to, operation=course.operation,
            )  # fmt: skip


def _control(drawing: Drawing) -> Iterator[Feature]:
    """Yield the point of each place while one side holds it."""
    for row in drawing.history.places:
        grip = row.what
        yield _lasting(
            drawing, "control", row.of, drawing.place(row.of), grip.holder, row.fact, row.start_s, row.end_s,
            dot(drawing.roads.place(row.of)), place=row.of, contested=grip.contested, besieged=grip.besieged,
            kind=drawing.scenario.places[row.of].kind,
        )  # fmt: skip


def _zones(drawing: Drawing) -> Iterator[Feature]:
    """Yield the zone of each place that colours one, while one side holds the place."""
    polygons = zone_polygons(drawing.scenario)
    for row in drawing.history.places:
        if row.of in polygons:
            grip = row.what
            yield _lasting(
                drawing, "zones", row.of, drawing.place(row.of), grip.holder, row.fact, row.start_s, row.end_s,
                polygons[row.of], place=row.of, contested=grip.contested, besieged=grip.besieged,
            )  # fmt: skip


def _ways(drawing: Drawing) -> Iterator[Feature]:
    """Yield the line of each way while it is open or shut."""
    for row in drawing.history.ways:
        leg = drawing.scenario.legs[row.of]
        yield _lasting(
            drawing, "ways", row.of, drawing.way(row.of), "", row.fact, row.start_s, row.end_s,
            string(drawing.roads.line(row.of)), place=leg.start, to=leg.to, leg=row.of, kind=leg.kind,
            open=row.what.open, why=row.what.why,
        )  # fmt: skip


def _passes(drawing: Drawing) -> Iterator[Feature]:
    """Yield the point of each pass, tunnel or gorge while one can get through it, and while one cannot."""
    for row in drawing.history.narrows:
        yield _lasting(
            drawing, "passes", row.of, drawing.place(row.of), "", row.fact, row.start_s, row.end_s,
            dot(drawing.roads.place(row.of)), place=row.of, kind=drawing.scenario.places[row.of].kind,
            open=row.what.open, ways_open=row.what.ways_open, ways=row.what.ways,
        )  # fmt: skip


def _convoys(drawing: Drawing) -> Iterator[Feature]:
    """Yield the line of each leg of a convoy, while it was on it."""
    for haul in hauls(drawing.history.facts, drawing.scenario, drawing.history.end_s):
        legs = " ".join(leg for leg, _ in haul.legs)
        yield _lasting(
            drawing, "convoys", haul.convoy, haul.convoy, haul.side, haul.fact, haul.start_s, haul.end_s,
            string(drawing.convoy_line(haul)), place=haul.place, to=haul.to, leg=legs, origin=haul.origin,
            destination=haul.destination, mode=haul.mode, carriers=haul.carriers, food_kg=haul.food_kg,
            ammunition_kg=haul.ammunition_kg, fuel_kg=haul.fuel_kg, fate=haul.fate,
            ended_by=haul.ended_by if haul.ended_by >= 0 else None,
        )  # fmt: skip


def _fights(drawing: Drawing) -> Iterator[Feature]:
    """Yield the point of each fight while it lasted."""
    for row in drawing.history.fights:
        fight = row.what
        spot = drawing.roads.place(fight.place)
        if fight.leg:
            spot = drawing.roads.point(fight.leg, fight.place, fight.share)
        yield _lasting(
            drawing, "fights", row.of, f"{drawing.side(fight.side)} against {drawing.side(fight.enemy)}", fight.side,
            row.fact, row.start_s, row.end_s, dot(spot), place=fight.place, leg=fight.leg, enemy=fight.enemy,
            fighters=fight.fighters, enemy_fighters=fight.enemy_fighters, outcome=spoken(fight.outcome),
            ended_by=row.ended_by if row.ended_by >= 0 else None,
        )  # fmt: skip


def _events(drawing: Drawing) -> Iterator[Feature]:
    """Yield the weighty lines of the diary, each at its place; what concerns an area or a whole side has none."""
    for line in tell(drawing.history.facts, drawing.scenario):
        if line.weight >= WEIGHTY:
            spot = dot(drawing.roads.place(line.place)) if drawing.roads.knows(line.place) else None
            moment = drawing.clock.at(line.time_s)
            side = str(getattr(drawing.history.facts[line.seq], "side", ""))
            more: dict[str, str | int] = {
                "place": line.place,
                "kind": line.kind,
                "text": line.text,
                "weight": line.weight,
            }
            yield Feature(
                f"events/{line.seq}", "events", line.what, side, moment, moment, line.seq, spot, properties=more
            )


#: The layers by name, in the order in which they are drawn.
LAYERS: Mapping[str, Callable[[Drawing], Iterator[Feature]]] = {
    "zones": _zones,
    "ways": _ways,
    "passes": _passes,
    "control": _control,
    "marches": _marches,
    "convoys": _convoys,
    "fights": _fights,
    "units": _units,
    "events": _events,
}


def features(drawing: Drawing, layers: tuple[str, ...] = tuple(LAYERS)) -> Iterator[Feature]:
    """Yield the features of some layers of a history, layer by layer."""
    for name, layer in LAYERS.items():
        if name in layers:
            yield from layer(drawing)


def _lasting(
    drawing: Drawing,
    layer: str,
    of: str,
    name: str,
    side: str,
    fact: int,
    start_s: int,
    end_s: int,
    geometry: Mapping[str, Any],
    **more: str | int | float | bool | None,
) -> Feature:
    clock = drawing.clock
    key = f"{layer}/{of}/{start_s}"
    return Feature(key, layer, name, side, clock.at(start_s), clock.at(end_s), fact, geometry, properties=more)
