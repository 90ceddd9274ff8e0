"""The symbols of forces and convoys that a page needs, each drawn once, and those in the key of its map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.projections.symbols import convoy_symbol, force_symbol
from sim.report.colours import MUTED
from sim.report.military import Picture, picture
from sim.report.words import count

#: The side of a symbol's frame on a wide map, in pixels.
FRAME_PX = 17

#: Fighters whose symbols stand in the key.
_SIZES = (10, 100, 500, 2_000, 5_000)


@dataclass(slots=True)
class Signs:
    """The symbols that were asked for, by keys with which the page's script finds them again.

    ``colours`` are those of the sides.
    """

    colours: Mapping[str, str]
    pictures: dict[str, Picture] = field(default_factory=dict)

    def force(self, side: str, fighters: int, vehicles: int, *, in_hills: bool = False) -> str:
        """Return the key of a force's symbol: by size and arm, and hollow where it is in the hills about a place."""
        return self._key(side, force_symbol(fighters, vehicles), hollow=in_hills)

    def convoy(self, side: str) -> str:
        """Return the key of a convoy's symbol."""
        return self._key(side, convoy_symbol(), hollow=False)

    @property
    def sizes(self) -> dict[str, list[float]]:
        """Return width, height and middle of each symbol by its key, in units of its frame."""
        return {key: [found.width, found.height, found.middle] for key, found in self.pictures.items()}

    @property
    def sources(self) -> dict[str, str]:
        """Return each symbol by its key as a data URI."""
        return {key: found.source for key, found in self.pictures.items()}

    def _key(self, side: str, code: str, *, hollow: bool) -> str:
        key = f"{side}-{code[8:16]}{'-hollow' if hollow else ''}"
        if key not in self.pictures:
            self.pictures[key] = picture(code, self.colours[side], hollow=hollow)
        return key


def signs_in_key() -> dict[str, Any]:
    """Return what the key of a map shows: symbols by size, of a force that drives, of one in the hills, of a convoy."""
    return {
        "signs": [(count(fighters), picture(force_symbol(fighters, 0), MUTED)) for fighters in _SIZES],
        "motorised": picture(force_symbol(500, 100), MUTED),
        "in_hills": picture(force_symbol(500, 0), MUTED, hollow=True),
        "convoy": picture(convoy_symbol(), MUTED),
    }
