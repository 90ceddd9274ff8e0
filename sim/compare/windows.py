"""Reported windows against simulated dates: which class each replication falls into, with Monte Carlo intervals."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.domain.terms import DAY
from sim.observation.theatre import Floats

#: The classes of a dated event, in the order of time.
CLASSES = ("before", "in", "after", "never")

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Probability:
    """k of n replications, with its 95 % Wilson interval: how sure the Monte Carlo is, not how sure the model is."""

    k: int
    n: int
    p: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.p:.0%} ({self.low:.0%}-{self.high:.0%})"

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def probability(k: int, n: int) -> Probability:
    """Return k of n with its 95 % interval (Wilson 1927); with n = 0 nothing is known.

    Args:
        k: Replications in which it was so.
        n: All replications.
    """
    if n == 0:
        return Probability(0, 0, math.nan, 0.0, 1.0)
    p, z2 = k / n, _Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Probability(k, n, p, 0.0 if k == 0 else max(0.0, middle - half), 1.0 if k == n else min(1.0, middle + half))


def possible(window: tuple[float, float], horizon_s: float) -> tuple[str, ...]:
    """Return the classes that can occur: no before at the very start, no after at the horizon.

    Args:
        window: First and last second.
        horizon_s: Nothing later is known; later is never.
    """
    ruled_out = {"before"} if window[0] <= 0 else set()
    if window[1] >= horizon_s:
        ruled_out.add("after")
    return tuple(name for name in CLASSES if name not in ruled_out)


def classified(times_s: Floats, window: tuple[float, float], horizon_s: float) -> dict[str, int]:
    """Return how many dates fall before, in, after the window and never (later than the horizon or infinite)."""
    low, high = window[0], min(window[1], horizon_s)
    known = times_s <= horizon_s
    return {
        "before": int(np.count_nonzero(known & (times_s < low))),
        "in": int(np.count_nonzero(known & (times_s >= low) & (times_s <= high))),
        "after": int(np.count_nonzero(known & (times_s > high))),
        "never": int(np.count_nonzero(~known)),
    }


def to_whole_days(window: tuple[int, int], into_day_s: int) -> tuple[int, int]:
    """Return a window opened to local days, the finest that printed claims are dated by.

    Args:
        window: First and last second since the scenario's start.
        into_day_s: Seconds from local midnight to the scenario's start.
    """
    low = (window[0] + into_day_s) // DAY * DAY - into_day_s
    high = -(-(window[1] + into_day_s) // DAY) * DAY - into_day_s
    return low, max(high, low + DAY)
