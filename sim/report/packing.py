"""Which class every replication is in at every point of a figure, packed so that a page can carry it.

A thousand campaigns have a million holders of places at the ends of days. Over the days of one campaign few change, so
deflate, which browsers can undo by themselves, leaves a fiftieth of a byte of each.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: How much of this a page may carry for one source, in characters, and how much a browser is to unpack, in bytes.
ROOM, UNPACKED = 600_000, 64_000_000

#: Positions in ``letters``.
Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Packed:
    """The class of every replication at every point: of all ``axes`` but the last, then replications, then the last.

    ``axes`` has what can be chosen by the name that stands for it in a query; ``letters`` those of the classes.
    ``data`` has a byte for each, deflated, in base64.
    """

    axes: Mapping[str, Sequence[str | int]]
    letters: str
    data: str

    def as_data(self) -> dict[str, Any]:
        """Return plain data for the page."""
        return {"axes": {name: list(values) for name, values in self.axes.items()}, "letters": self.letters,
                "data": self.data}  # fmt: skip


def packed(axes: Mapping[str, Sequence[str | int]], codes: Codes, letters: str) -> Packed | None:
    """Return classes as a page carries them; None where they would take too much room.

    Args:
        axes: What can be chosen, in the order of the codes.
        codes: Positions in ``letters``: the axes but the last, replications, the last axis.
        letters: A letter for each class.
    """
    if codes.size > UNPACKED:
        return None
    data = base64.b64encode(zlib.compress(np.ascontiguousarray(codes).tobytes(), 9)).decode()
    return Packed(axes, letters, data) if len(data) <= ROOM else None
