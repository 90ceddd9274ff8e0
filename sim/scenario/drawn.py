"""What only the map draws: polygons of zones, lines of routes, and a relief with its bounds.

They are looked at when a scenario is loaded, so that no batch of hours ends without its page, and once more when
the page is made. GeoJSON has no place for complaints of ours: every fault is told with its place inside the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from sim.errors import ProblemsFound
from sim.scenario.files import NotUsable, located, read_bytes

#: A file of the map is smaller than this: it becomes part of one page.
DRAWN_MAX_BYTES = 4 << 20
PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
EDGES = ("west", "south", "east", "north")

_DEPTH = {"LineString": 1, "Polygon": 2, "MultiPolygon": 3}


def zones(path: Path) -> Mapping[str, Any]:
    """Return the polygons of a GeoJSON file.

    Raises:
        NotUsable: If it is no collection of features that are polygons.
    """
    return _features(path, ("Polygon", "MultiPolygon"), "polygons")


def routes(path: Path) -> Mapping[str, Any]:
    """Return the lines of a GeoJSON file.

    Raises:
        NotUsable: If it is no collection of features that are lines.
    """
    return _features(path, ("LineString",), "lines")


def bounds(picture: Path) -> Mapping[str, float]:
    """Return the bounds of a relief, in degrees, from the .json beside it.

    Raises:
        NotUsable: If it is no picture, or its bounds are not there, lie elsewhere or enclose nothing.
    """
    if picture.suffix.lower() not in PICTURES:
        raise NotUsable("is no picture by its name", f"name one of {', '.join(PICTURES)}")
    beside = located(picture.with_suffix(".json").name, picture.parent, picture.parent)
    data = _json(beside)
    if not isinstance(data, Mapping) or not all(_is_finite(data.get(edge)) for edge in EDGES):
        raise NotUsable(f"its {beside.name} does not give its bounds", f"write {', '.join(EDGES)}, in degrees")
    edges = {edge: float(data[edge]) for edge in EDGES}
    if not (edges["west"] < edges["east"] and edges["south"] < edges["north"]):
        raise NotUsable(f"its {beside.name} gives bounds that enclose nothing", "swap them, or correct them")
    return edges


def relief(picture: Path) -> tuple[bytes, Mapping[str, float]]:
    """Return a picture with its bounds.

    Raises:
        NotUsable: As ``bounds``, or if the picture cannot be read.
    """
    edges = bounds(picture)
    return _raw(picture), edges


#: What reads each of the files that the map is drawn from, by its key under ``geography``.
READERS: Mapping[str, Callable[[Path], Any]] = {"zones": zones, "routes": routes, "relief": relief}


def _raw(path: Path) -> bytes:
    try:
        return read_bytes(path, path.name, DRAWN_MAX_BYTES)
    except ProblemsFound as found:
        raise NotUsable(found.problems[0].message, found.problems[0].remedy) from None


def _json(path: Path) -> Any:
    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word} is not a finite number")

    try:
        return json.loads(_raw(path).decode("utf-8-sig"), parse_constant=refuse)
    except RecursionError:
        raise NotUsable(f"{path.name}: it is nested too deeply", "flatten it") from None
    except NotUsable:
        raise
    except ValueError as error:
        raise NotUsable(f"{path.name} is no JSON: {error}", "make it anew with the program that wrote it") from None


def _features(path: Path, types: tuple[str, ...], called: str) -> Mapping[str, Any]:
    data = _json(path)
    features = data.get("features") if isinstance(data, Mapping) else None
    if not isinstance(features, list):
        raise NotUsable("is no collection of features", "write GeoJSON: a FeatureCollection")
    for number, feature in enumerate(features):
        fault = next(_faults(feature, types), None)
        if fault is not None:
            raise NotUsable(f"feature {number + 1} {fault}", f"write GeoJSON features that are {called}")
    return {**data}


def _faults(feature: Any, types: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(feature, Mapping) or not isinstance(feature.get("properties"), Mapping):
        yield "has no properties"
        return
    geometry = feature.get("geometry")
    kind = str(geometry.get("type")) if isinstance(geometry, Mapping) else ""
    if not isinstance(geometry, Mapping) or kind not in types:
        yield f"is no {' or '.join(types)}"
    elif not _are_positions(geometry.get("coordinates"), _DEPTH[kind]):
        yield "has coordinates that are not longitudes and latitudes"


def _are_positions(found: Any, depth: int) -> bool:
    """Tell whether something is a list of positions, or of lists of them so many levels deep."""
    if not isinstance(found, list) or not found:
        return False
    if depth == 0:
        return len(found) >= 2 and all(map(_is_finite, found)) and abs(found[0]) <= 180 and abs(found[1]) <= 90
    return all(_are_positions(inner, depth - 1) for inner in found)


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
