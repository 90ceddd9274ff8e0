"""GeoJSON (RFC 7946) with times, for QGIS and its temporal controller: one feature a line, in a stable order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from sim.viewers.features import Feature
from sim.viewers.stamps import Stamp


def written(stamp: Stamp, features: Iterable[Feature], side_name: Callable[[str], str]) -> tuple[str, int]:
    """Return a FeatureCollection as text, and how many features it has.

    What the file is, its warning and the attribution of its geography stand in members beside ``features``.

    Args:
        stamp: What the file says of itself.
        features: What it holds.
        side_name: The name of a side by its id.
    """
    head: dict[str, Any] = {
        "type": "FeatureCollection",
        "name": stamp.title,
        "warning": stamp.warning,
        "attribution": list(stamp.attribution),
        "about": dict(stamp.about),
    }
    rows = [_dump(_feature(feature, side_name)) for feature in features]
    body = ",\n".join(rows)
    return f'{_dump(head)[:-1]}, "features": [\n{body}\n]}}\n', len(rows)


def _feature(feature: Feature, side_name: Callable[[str], str]) -> dict[str, Any]:
    """Return a feature with the properties that all of them have first, so that a table of them has stable columns."""
    common = {
        "layer": feature.layer, "label": feature.label, "fact": feature.fact, "start": feature.start,
        "end": feature.end, "name": feature.name, "side": feature.side, "side_name": side_name(feature.side),
    }  # fmt: skip
    properties = {**common, **feature.properties}
    return {"type": "Feature", "id": feature.id, "geometry": feature.geometry, "properties": properties}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
