"""Ways by trying every leg again and again, until nothing gets shorter (Bellman 1958, Ford 1956)."""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet

from sim.world.network import Hours


def slowly(hours: Hours, start: str, passable: AbstractSet[str]) -> dict[str, float]:
    """Return the hours from a start to each place; places on the way must be passable, the last need not be."""
    found = dict.fromkeys(hours, math.inf) | {start: 0.0}
    for _ in hours:
        for here, arcs in hours.items():
            if here == start or here in passable:
                for more, to, _ in arcs:
                    found[to] = min(found[to], found[here] + more)
    return found
