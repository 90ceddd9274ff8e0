"""Scenarios of ORBAT Mapper: sides, groups, units with their symbols, where they were and how many, and events.

The format is that of its file version 2.2.0, which later versions read as well. A unit moves evenly between two of its
states unless both have one position; so each stretch of a march has a state at its start and one at its end, with the
points of the road between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sim.projections.hauls import Haul, hauls
from sim.projections.narrative import WEIGHTY, tell
from sim.projections.roads import Line, Point
from sim.projections.symbols import NEUTRAL, convoy_symbol, force_symbol
from sim.projections.wording import spoken
from sim.scenario.schema import Scenario
from sim.viewers.features import Drawing, dot, string
from sim.viewers.lasting import Course, Lasting
from sim.viewers.naming import named
from sim.viewers.stamps import Stamp

VERSION = "2.2.0"
_FIGHTERS = "Fighters"
_ON_THE_MARCH, _IN_HILLS, _ON_THE_ROAD = "on the march", "in the hills", "on the road"
_NOBODY, _SHUT, _WAY = "#808080", "#d00000", "#6b6258"


def written(stamp: Stamp, drawing: Drawing) -> tuple[str, int]:
    """Return a scenario of ORBAT Mapper as text, and how many units it has.

    Args:
        stamp: What the file says of itself; warning and attribution go into its description.
        drawing: The history.
    """
    sides = _sides(drawing)
    units = [unit for side in sides for group in side["groups"] for unit in group["subUnits"]]
    whole = {
        "id": _file_id(stamp),
        "type": "ORBAT-mapper",
        "version": VERSION,
        "name": stamp.title,
        "description": stamp.text(),
        "startTime": drawing.clock.at(0),
        "timeZone": time_zone(drawing.scenario),
        "symbologyStandard": "app6",
        "sides": sides,
        "events": list(_events(drawing)),
        "layers": _layers(drawing),
        "mapLayers": [],
        "personnel": [{"name": _FIGHTERS, "description": "Fit fighters of the force"}],
        "settings": {
            "rangeRingGroups": [],
            "statuses": [{"name": name} for name in sorted({unit_state["status"] for unit_state in _states_of(units)})],
            "supplyClasses": [],
            "supplyUoMs": [],
        },
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1) + "\n", len(units)


def time_zone(scenario: Scenario) -> str:
    """Return the name of a zone whose clocks show what the scenario's do from start to end, UTC if there is none."""
    start, end = scenario.scenario.start, scenario.scenario.end
    offset = start.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    if offset % timedelta(hours=1) == timedelta():
        return f"Etc/GMT{-offset // timedelta(hours=1):+d}"  # signs are the other way round there
    moments = (start, start + (end - start) / 2, end)
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        if "/" in name and all(moment.astimezone(zone).utcoffset() == offset for moment in moments):
            return name
    return "UTC"


def _file_id(stamp: Stamp) -> str:
    about = dict(stamp.about)
    return f"{about['scenario']}-{about['seed']}-{about['replication']}"


# --- sides and units ------------------------------------------------------------------------------------


def _sides(drawing: Drawing) -> list[dict[str, Any]]:
    forces: dict[str, list[Lasting[Course]]] = {}
    for row in drawing.history.forces:
        forces.setdefault(row.of, []).append(row)
    convoys: dict[str, list[Haul]] = {}
    for haul in hauls(drawing.history.facts, drawing.scenario, drawing.history.end_s):
        convoys.setdefault(haul.convoy, []).append(haul)
    found = []
    for key, side in drawing.scenario.sides.items():
        groups: dict[str, list[dict[str, Any]]] = {}
        for force, rows in forces.items():
            if rows[0].what.side == key:
                body, name = named(force, drawing.scenario)
                groups.setdefault(body, []).append(_unit(drawing, force, name, rows))
        own = [_convoy(drawing, name, stretches) for name, stretches in convoys.items() if stretches[0].side == key]
        if own:
            groups["Convoys"] = own
        found.append(
            {
                "id": f"side/{key}",
                "name": side.name,
                "standardIdentity": NEUTRAL,
                "symbolOptions": {"fillColor": side.colour},
                "groups": [
                    {"id": f"group/{key}/{number}", "name": body, "subUnits": units}
                    for number, (body, units) in enumerate(groups.items())
                ],
            }
        )
    return found


def _unit(drawing: Drawing, force: str, name: str, rows: list[Lasting[Course]]) -> dict[str, Any]:
    first = rows[0].what
    return {
        "id": force,
        "name": name,
        "shortName": force,
        "sidc": force_symbol(first.fit, first.vehicles),
        "description": f"Simulated. {first.fit} fighters and {first.vehicles} vehicles when it came into being.",
        "personnel": [{"name": _FIGHTERS, "count": first.fit}],
        "subUnits": [],
        "state": _track(drawing, force, rows),
    }


def _track(drawing: Drawing, force: str, rows: list[Lasting[Course]]) -> list[dict[str, Any]]:
    """Return the states of a force: one where something about it changed, and others where it would drift without."""
    states: list[dict[str, Any]] = []
    via: Line = ()
    for row, after in zip_longest(rows, rows[1:]):
        course, status = row.what, {"status": _status(row.what)}
        spot = drawing.where(course, row.start_s)
        states.append(_state(drawing, force, row.fact, row.start_s, spot, _told(drawing, row), via))
        via, last_s = (), row.start_s
        if course.leg:
            sets_out_s = min(max(course.from_s, row.start_s), row.end_s)
            low, high = course.share(sets_out_s), course.share(row.end_s)
            if row.start_s < sets_out_s < row.end_s:
                states.append(_state(drawing, force, row.fact, sets_out_s, drawing.where(course, sets_out_s), status))
                last_s = sets_out_s
            if high > low:
                via = drawing.roads.stretch(course.leg, course.place, low, high)[1:-1]
        spot = drawing.where(course, row.end_s)
        if after is not None and after.start_s == row.end_s and drawing.where(after.what, after.start_s) == spot:
            continue
        if row.end_s - 1 > last_s:
            states.append(_state(drawing, force, row.fact, row.end_s - 1, spot, status, via))
        via = ()
        if row.ended_by >= 0 and (after is None or after.start_s > row.end_s):
            states.append(_gone(drawing, force, row.ended_by, row.end_s))
    return states


def _told(drawing: Drawing, row: Lasting[Course]) -> dict[str, Any]:
    course = row.what
    where = f"To {drawing.place(course.to)}" if course.leg else f"At {drawing.place(course.place)}"
    return {
        "title": f"{where}, {_status(course)}: {course.fit} fighters",
        "status": _status(course),
        "update": {"personnel": [{"name": _FIGHTERS, "count": course.fit}]},
    }


def _status(course: Course) -> str:
    return _ON_THE_MARCH if course.leg else _IN_HILLS if course.in_hills else course.posture


def _state(
    drawing: Drawing, of: str, fact: int, time_s: int, spot: Point, told: dict[str, Any], via: Line = ()
) -> dict[str, Any]:
    state = {"id": f"{of}/{fact}/{time_s}", "t": drawing.clock.at(time_s), "location": list(spot), **told}
    if via:
        state["via"] = [list(point) for point in via]
    return state | {"description": f"Simulated, fact {fact}"}


def _gone(drawing: Drawing, of: str, fact: int, time_s: int, status: str = "no more") -> dict[str, Any]:
    """Return the state of something that a fact took off the map."""
    return {
        "id": f"{of}/{fact}/{time_s}/gone",
        "t": drawing.clock.at(time_s),
        "location": None,
        "status": status,
        "title": status.capitalize(),
        "description": f"Simulated, fact {fact}",
    }


def _convoy(drawing: Drawing, name: str, stretches: list[Haul]) -> dict[str, Any]:
    first, last = stretches[0], stretches[-1]
    states = []
    for haul in stretches:
        line = drawing.convoy_line(haul)
        told = {"status": _ON_THE_ROAD, "title": f"To {drawing.place(haul.to)}: {_load(haul)}"}
        states.append(_state(drawing, name, haul.fact, haul.start_s, line[0], told))
        if haul.end_s - 1 > haul.start_s:
            there = {"status": _ON_THE_ROAD}
            states.append(_state(drawing, name, haul.fact, haul.end_s - 1, line[-1], there, via=line[1:-1]))
    if last.ended_by >= 0:
        fate = last.fate.partition(":")[0]
        states.append(_gone(drawing, name, last.ended_by, last.end_s, fate))
    return {
        "id": f"convoy/{name}",
        "name": f"Convoy {drawing.place(first.origin)} to {drawing.place(first.destination)}",
        "shortName": name,
        "sidc": convoy_symbol(),
        "description": f"Simulated. {first.carriers} carriers ({first.mode}), {_load(first)}; {last.fate}.",
        "subUnits": [],
        "state": states,
    }


def _load(haul: Haul) -> str:
    parts = {"food": haul.food_kg, "ammunition": haul.ammunition_kg, "fuel": haul.fuel_kg}
    return ", ".join(f"{kg:,} kg of {what}" for what, kg in parts.items() if kg) or "nothing"


def _states_of(units: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for unit in units:
        yield from unit["state"]


# --- events and layers ----------------------------------------------------------------------------------


def _events(drawing: Drawing) -> Iterator[dict[str, Any]]:
    for line in tell(drawing.history.facts, drawing.scenario):
        if line.weight < WEIGHTY:
            continue
        event: dict[str, Any] = {
            "id": f"event/{line.seq}",
            "startTime": drawing.clock.at(line.time_s),
            "title": f"{line.where}: {line.what}" if line.where else line.what,
            "description": f"{line.text}\n\nSimulated, fact {line.seq}",
        }
        if drawing.roads.knows(line.place):
            event["where"] = {"type": "geometry", "geometry": dot(drawing.roads.place(line.place))}
        yield event


def _layers(drawing: Drawing) -> list[dict[str, Any]]:
    history, colours = drawing.history, {key: side.colour for key, side in drawing.scenario.sides.items()}
    places = [
        _shape(
            drawing, f"place/{row.of}/{row.start_s}", row, dot(drawing.roads.place(row.of)), drawing.place(row.of),
            f"Held by {drawing.side(row.what.holder)}" + (", fought over" if row.what.contested else ""),
            {"marker-color": colours.get(row.what.holder, _NOBODY), "marker-symbol": "square", "showLabel": True},
        )
        for row in history.places
    ]  # fmt: skip
    ways = [
        _shape(
            drawing, f"way/{row.of}/{row.start_s}", row, string(drawing.roads.line(row.of)), drawing.way(row.of),
            "open" if row.what.open else f"shut ({spoken(row.what.why)})",
            {"stroke": _WAY if row.what.open else _SHUT, "stroke-width": 2 if row.what.open else 4},
        )
        for row in history.ways
    ]  # fmt: skip
    return [
        {"id": "layer/ways", "name": "Ways, open and shut", "features": ways},
        {"id": "layer/places", "name": "Places by holder", "features": places},
    ]


def _shape(
    drawing: Drawing,
    key: str,
    row: Lasting[Any],
    geometry: dict[str, Any],
    name: str,
    told: str,
    style: dict[str, Any],
) -> dict[str, Any]:
    """Return a feature of a layer that can be seen while something is so."""
    meta = {"type": geometry["type"], "name": name, "description": f"{told}. Simulated, fact {row.fact}"}
    if row.start_s > 0:
        meta["visibleFromT"] = drawing.clock.at(row.start_s)
    if row.end_s < drawing.history.end_s:
        meta["visibleUntilT"] = drawing.clock.at(row.end_s)
    properties = {"fact": row.fact, "label": "simulated"}
    return {
        "type": "Feature", "id": key, "geometry": geometry, "properties": properties, "meta": meta, "style": style,
    }  # fmt: skip
