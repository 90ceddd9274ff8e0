"""Scores of a simulated distribution against one reported window or number: smaller is better, 0 is perfect.

Every score is a pure function of what was simulated and what was reported. References: Gneiting and
Raftery 2007 (proper scores), Brier 1950, Hersbach 2000 (CRPS), Taillardat and others 2016 for the
ensemble form; the clipped transformation that makes the CRPS fit a window is COMPARISON's own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sim.domain.terms import DAY
from sim.observation.theatre import Floats


def smoothed(simulated: Sequence[int]) -> Floats:
    """Return class probabilities from counts, none of them 0: ``(k_i + 1/2) / (M + C/2)``.

    Args:
        simulated: How many of M replications fell into each of the C classes that can occur.

    Returns:
        C probabilities that add up to 1 (Krichevsky and Trofimov 1981).
    """
    counts = np.asarray(simulated, dtype=np.float64)
    return np.asarray((counts + 0.5) / (counts.sum() + len(counts) / 2))


def log_score(simulated: Sequence[float], reported: int) -> float:
    """Return ``-ln p`` of the reported class, in nats.

    Args:
        simulated: Probabilities of the classes.
        reported: Index of the class that was reported.
    """
    return -math.log(simulated[reported])


def brier_score(simulated: Sequence[float], reported: int) -> float:
    """Return ``sum_i (p_i - o_i)^2`` over the classes, in [0, 2]; o is 1 for the reported class, else 0.

    Args:
        simulated: Probabilities of the classes.
        reported: Index of the class that was reported.
    """
    return float(sum((p - (index == reported)) ** 2 for index, p in enumerate(simulated)))


def ensemble_crps(simulated: ArrayLike, reported: float) -> float:
    """Return the CRPS of an ensemble against one number, in the unit of both.

    ``mean |x_m - y| - mean |x_m - x_n| / 2`` over all members m, n: the CRPS of the empirical
    distribution.

    Args:
        simulated: The members.
        reported: The number.
    """
    members = np.sort(np.asarray(simulated, dtype=np.float64))
    size = len(members)
    ranks = 2 * np.arange(1, size + 1) - size - 1
    score = float(np.abs(members - reported).mean() - (ranks * members).sum() / size**2)
    return max(score, 0.0)  # rounding may leave a speck below 0


def collapsed(values: ArrayLike, low: float, high: float) -> Floats:
    """Return values with everything between low and high counted as low and the gap closed.

    ``v(t) = t - clip(t - L, 0, U - L)``: any two moments inside a window are the same, and a moment
    outside is as far from it as from its nearer edge. ``high`` may be infinite: then everything above
    low is the same.
    """
    t = np.asarray(values, dtype=np.float64)
    return np.where(t <= low, t, np.where(t < high, low, t - (high - low)))


def interval_crps(simulated: ArrayLike, reported: tuple[float, float], *, horizon_s: float) -> float:
    """Return the CRPS of simulated dates against a reported window, in days.

    With T, L, U and the horizon H, ``v(t) = min(t, H) - clip(min(t, H) - L, 0, min(U, H) - L)``; the
    score is the ensemble CRPS of v(T_m) against v(L). What never happens counts as happening at H.

    Args:
        simulated: One date per replication in seconds, infinite for never.
        reported: First and last second of the window.
        horizon_s: Nothing later is known.
    """
    low, high = reported
    dates = collapsed(np.minimum(np.asarray(simulated, dtype=np.float64), horizon_s), low, min(high, horizon_s))
    return ensemble_crps(dates, low) / DAY


def count_crps(simulated: ArrayLike, reported: tuple[float, float]) -> float:
    """Return the CRPS of counts against a reported interval of counts, in units of log1p.

    Counts are compared as ``log(1 + count)``, where the interval is collapsed to a point as a window of
    dates is; ``(6, inf)`` is at least six, ``(0, 6)`` at most six.

    Args:
        simulated: Simulated counts.
        reported: Lowest and highest count that the words allow.
    """
    low, high = (math.log1p(bound) for bound in reported)
    return ensemble_crps(collapsed(np.log1p(np.asarray(simulated, dtype=np.float64)), low, high), low)
