"""The two formats behind one face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.exchange import acled, ged
from sim.exchange.cells import Cells
from sim.exchange.gazetteer import Gazetteer
from sim.exchange.reading import Reader
from sim.exchange.told import Told


@dataclass(frozen=True, slots=True)
class Format:
    """How rows of a format become claims and claims become rows."""

    carrier: str
    checked: tuple[str, ...]
    own: tuple[str, ...]
    theirs: tuple[str, ...]
    once: tuple[str, ...]
    read: Callable[[Cells, Reader], tuple[list[Told], str]]
    row: Callable[[Told, str, str, dict[str, str], Gazetteer], dict[str, str]]
    is_event: Callable[[dict[str, str]], bool]


FORMATS: Mapping[str, Format] = {
    "ged": Format(
        ged.CARRIER, ged.CHECKED, ged.OWN, ged.THEIRS, ged.ONCE, ged.read, ged.row, ged.is_event
    ),
    "acled": Format(
        acled.CARRIER, acled.CHECKED, acled.OWN, acled.THEIRS, acled.ONCE, acled.read, acled.row, acled.is_event
    ),
}  # fmt: skip
