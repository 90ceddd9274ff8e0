"""The names of all formats that a history or its claims can be exported in."""

from __future__ import annotations

from sim.errors import InputError
from sim.exchange.columns import COLUMNS
from sim.scenario.spelling import did_you_mean

#: The formats for viewers by name: what is counted in a file.
COUNTED = {"geojson": "features", "kml": "placemarks", "orbat-mapper": "units"}


def known_format(name: str) -> bool:
    """Tell whether a format is one for viewers, and not one of claims.

    Raises:
        InputError: If there is none of that name.
    """
    if name in COUNTED:
        return True
    if name not in COLUMNS:
        raise InputError(f"--format {name}: {did_you_mean(name, [*COLUMNS, *COUNTED])}")
    return False
