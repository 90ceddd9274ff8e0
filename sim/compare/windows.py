"""Reported windows against simulated dates: which class each replication falls into, with Monte Carlo intervals."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.compare.words import with_interval
from sim.domain.terms import DAY
from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.spread import draw_codes

#: The classes of a dated event, in the order of time.
CLASSES = ("before", "in", "after", "never")

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Probability:
    """k of n replications, with its 95 % interval: how sure the Monte Carlo is, not how sure the model is.

    The replications belong to ``draws`` draws of the assumptions. Those of one draw resemble each other, so
    they count as ``effective`` independent ones only.
    """

    k: int
    n: int
    draws: int
    effective: float
    p: float
    low: float
    high: float

    def __str__(self) -> str:
        return with_interval(self)

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def probability(k: int, n: int, draws: int | None = None, scatter: float = 0.0) -> Probability:
    """Return k of n with its 95 % interval (Wilson 1927), heeding that replications of a draw hang together.

    The interval is that of ``effective`` independent replications: n over the design effect (Kish 1965,
    section 5.4), the variance of p between draws over that of as many independent replications, ``[D / (D - 1)
    scatter / n^2] / [p (1 - p) / (n - 1)]`` and at least 1; times ``(t_{n-1} / t_{D-1})^2`` for the few
    draws it is estimated from (Korn and Graubard 1998). With a draw for each replication this is n and the
    interval Wilson's own. What was so in every replication, or in none, says nothing about how they hang
    together: there only the draws count. With n = 0 nothing is known.

    Args:
        k: Replications in which it was so.
        n: All replications.
        draws: Draws of the assumptions D that they belong to; each has its own if None.
        scatter: Sum over the draws of ``(k_i - p n_i)^2``, for draws with n_i replications of which k_i were so.
    """
    draws = n if draws is None else draws
    if n == 0:
        return Probability(0, 0, 0, 0.0, math.nan, 0.0, 1.0)
    p = k / n
    size = _effective(k, n, draws, scatter)
    return Probability(k, n, draws, size, p, *wilson(p, size))


def wilson(p: float, size: float) -> tuple[float, float]:
    """Return the 95 % interval of a share of ``size`` independent trials, which need be no whole number (Wilson 1927).

    Args:
        p: The share.
        size: How many trials, more than 0.
    """
    z2 = _Z95**2
    middle = (p + z2 / (2 * size)) / (1 + z2 / size)
    half = _Z95 / (1 + z2 / size) * math.sqrt(p * (1 - p) / size + z2 / (4 * size * size))
    return 0.0 if p == 0 else max(0.0, middle - half), 1.0 if p == 1 else min(1.0, middle + half)


def share_of(so: Bools, draws: Ints) -> Probability:
    """Return in how many replications something was so.

    Args:
        so: One truth value per replication.
        draws: The number of each one's draw.
    """
    k, n, code = int(np.count_nonzero(so)), len(so), draw_codes(draws)
    scatter = float((np.bincount(code, so - k / n) ** 2).sum()) if n else 0.0
    return probability(k, n, int(code.max(initial=-1)) + 1, scatter)


def _effective(k: int, n: int, draws: int, scatter: float) -> float:
    if draws == n or draws == 1 or k in (0, n):
        return float(draws)
    from scipy.special import stdtrit  # slow to load, and needed for replications that share draws alone

    design_effect = draws / (draws - 1) * scatter / n**2 * (n - 1) / (k / n * (1 - k / n))
    few = stdtrit(n - 1, 0.975) / stdtrit(draws - 1, 0.975)
    return float(n / max(design_effect, 1.0) * few**2)


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


def masks(times_s: Floats, window: tuple[float, float], horizon_s: float) -> dict[str, Bools]:
    """Return which dates fall before, in, after the window and never (later than the horizon or infinite)."""
    low, high = window[0], min(window[1], horizon_s)
    known = times_s <= horizon_s
    return {
        "before": known & (times_s < low),
        "in": known & (times_s >= low) & (times_s <= high),
        "after": known & (times_s > high),
        "never": ~known,
    }


def classified(times_s: Floats, window: tuple[float, float], horizon_s: float) -> dict[str, int]:
    """Return how many dates fall into each class."""
    return {name: int(np.count_nonzero(mask)) for name, mask in masks(times_s, window, horizon_s).items()}


def to_whole_days(window: tuple[int, int], into_day_s: int) -> tuple[int, int]:
    """Return a window opened to local days, the finest that printed claims are dated by.

    Args:
        window: First and last second since the scenario's start.
        into_day_s: Seconds from local midnight to the scenario's start.
    """
    low = (window[0] + into_day_s) // DAY * DAY - into_day_s
    high = -(-(window[1] + into_day_s) // DAY) * DAY - into_day_s
    return low, max(high, low + DAY)
