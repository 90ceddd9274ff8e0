"""Two batches pair by pair, under common random numbers: what a change does, with how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtrit

from sim.observation.theatre import Floats

_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Difference:
    """An outcome in two batches: both means, and the mean of ``first - second`` over pairs with its 95 % interval.

    ``differ`` is in how many pairs the outcome is another. ``stands_out`` tells whether the difference is
    more than chance would make of any of the outcomes looked at together.
    """

    name: str
    unit: str
    pairs: int
    first: float
    second: float
    difference: float
    low: float
    high: float
    differ: int
    stands_out: bool

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def paired(name: str, unit: str, first: Floats, second: Floats, *, outcomes: int = 1) -> Difference:
    """Return how an outcome differs between two batches, replication by replication.

    Args:
        name: What it is called.
        unit: Its unit; a ``share`` has values 0 and 1.
        first: One number per pair.
        second: The same in the other batch.
        outcomes: How many outcomes are looked at together: what stands out does so at the level of all of
            them (Bonferroni), since of twenty outcomes at 95 % one differs by chance.
    """
    n, changes = len(first), first - second
    low, high = _interval(first, second, unit, _LEVEL)
    strict = _interval(first, second, unit, 1 - (1 - _LEVEL) / max(outcomes, 1))
    differ = int(np.count_nonzero(changes))
    stands_out = bool(differ and (strict[0] > 0 or strict[1] < 0))
    return Difference(
        name, unit, n, float(first.mean()), float(second.mean()), float(changes.mean()), low, high, differ, stands_out
    )


def _interval(first: Floats, second: Floats, unit: str, level: float) -> tuple[float, float]:
    return _of_shares(first, second, level) if unit == "share" else _of_means(first - second, level)


def _of_shares(first: Floats, second: Floats, level: float) -> tuple[float, float]:
    """Return the interval of a paired difference of shares: Wald's, adjusted (Bonett and Price 2012).

    With a and b the shares of pairs in which only the first, or only the second, is so, each with one added
    among n + 2: ``a - b +- z sqrt((a + b - (a - b)^2) / (n + 2))``. It is no point where no pair differs.
    """
    n = len(first)
    a, b = (float(np.count_nonzero(one > other) + 1) / (n + 2) for one, other in ((first, second), (second, first)))
    half = float(ndtri((1 + level) / 2)) * math.sqrt((a + b - (a - b) ** 2) / (n + 2))
    return max(a - b - half, -1.0), min(a - b + half, 1.0)


def _of_means(changes: Floats, level: float) -> tuple[float, float]:
    """Return Student's interval of a mean difference; everything for a single pair."""
    n = len(changes)
    if n < 2:
        return -math.inf, math.inf
    half = float(stdtrit(n - 1, (1 + level) / 2)) * float(changes.std(ddof=1)) / math.sqrt(n)
    return float(changes.mean()) - half, float(changes.mean()) + half


def pairs_that_differ(first: Sequence[Floats], second: Sequence[Floats]) -> int:
    """Return in how many pairs any of several outcomes is another."""
    return int(np.count_nonzero(np.any([one != other for one, other in zip(first, second, strict=True)], axis=0)))
