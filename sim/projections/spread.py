"""Luck and assumptions told apart: how much of a spread over replications is which.

Assumptions are drawn once per draw and luck anew in each of its replications. So replications of one draw
differ by luck alone, and what draws differ by beyond that is due to the assumptions. With one replication
per draw the two cannot be told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: What to say where every draw has one replication.
MIXED = "luck and assumptions cannot be told apart with one replication per draw"
ONE_EACH = f"{MIXED}: run with --per-draw 4"

QUANTILES = (0.05, 0.5, 0.95)

_RESAMPLES = 999
_BLOCKS_MAX = 1000
_STREAM = 0x6C75636B


@dataclass(frozen=True, slots=True)
class Spread:
    """The spread of an outcome over ``n`` replications of ``draws`` draws.

    ``luck`` and ``assumptions`` are the two parts of its variance, in the outcome's unit squared; both are
    None where no draw has two replications. ``share`` is the part of the assumptions in the whole (the
    intraclass correlation) with its 95 % interval; None also where nothing varies. ``total`` are the
    5, 50 and 95 % quantiles over all replications, ``by_draw`` those over draws once luck is averaged out.
    """

    n: int
    draws: int
    mean: float
    luck: float | None
    assumptions: float | None
    share: float | None
    share_low: float | None
    share_high: float | None
    total: tuple[float, float, float]
    by_draw: tuple[float, float, float] | None

    @property
    def told_apart(self) -> bool:
        """Tell whether luck and assumptions could be told apart."""
        return self.luck is not None

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a one-way analysis of variance needs of each draw, a row each.

    The columns are 1, n_i, n_i squared, the sum of the values, n_i times the squared mean, and the squared
    deviations within the draw; each can be summed over any choice of draws.
    """

    table: Floats

    @classmethod
    def of(cls, values: Floats, code: Ints) -> _Sums:
        sizes = np.bincount(code).astype(np.float64)
        sums = np.bincount(code, values)
        within = np.bincount(code, (values - (sums / sizes)[code]) ** 2)
        return cls(np.stack([np.ones(len(sizes)), sizes, sizes**2, sums, sums**2 / sizes, within], axis=1))

    def in_blocks(self) -> Floats:
        """Return the table with draws joined where there are very many: blocks of draws can be resampled as well."""
        if len(self.table) <= _BLOCKS_MAX:
            return self.table
        block = np.arange(len(self.table)) % _BLOCKS_MAX
        return np.stack([np.bincount(block, column) for column in self.table.T], axis=1)


def draw_codes(draws: ArrayLike) -> Ints:
    """Return the position of each replication's draw among the draws that occur, from 0."""
    return np.asarray(np.unique(np.asarray(draws), return_inverse=True)[1], dtype=np.int64)


def spread(values: ArrayLike, draws: ArrayLike) -> Spread:
    """Return how an outcome spreads over replications, and how much of that the assumptions explain.

    One-way random effects with unbalanced groups (Searle, Casella and McCulloch 1992, section 3.6): with a
    draws of n_i replications, N in all, ``luck = MSE = sum (y_ij - y_i)^2 / (N - a)`` and ``assumptions =
    (MSA - MSE) / n0``, where ``MSA = sum n_i (y_i - y)^2 / (a - 1)`` and ``n0 = (N - sum n_i^2 / N) /
    (a - 1)``. Unbiased, but floored at 0. For a 0/1 outcome luck is the mean of p(1 - p) over draws and
    assumptions the variance of p. The interval of the share is the 95 % percentile interval of a bootstrap
    over whole draws (Davison and Hinkley 1997, section 3.8), from a fixed seed.

    Args:
        values: One finite number per replication, or truth values.
        draws: The number of each replication's draw.

    Raises:
        ValueError: If there are no values.
    """
    numbers, code = np.asarray(values, dtype=np.float64), draw_codes(draws)
    if not len(numbers):
        raise ValueError("there is no replication to take a spread of")
    mean = float(numbers.mean())
    sums = _Sums.of(numbers - mean, code)
    total, count = _quantiles(numbers), len(sums.table)
    if count == len(numbers) or count == 1:
        return Spread(len(numbers), count, mean, None, None, None, None, None, total, None)
    luck, assumptions = (float(part[0]) for part in _components(sums.table.sum(axis=0)[None]))
    share = low = high = None
    if luck + assumptions > 0:
        share = assumptions / (luck + assumptions)
        low, high = _share_interval(sums.in_blocks())
    by_draw = _quantiles(_without_luck(numbers, code, luck, assumptions))
    return Spread(len(numbers), count, mean, luck, assumptions, share, low, high, total, by_draw)


def without_luck(values: ArrayLike, draws: ArrayLike) -> Floats | None:
    """Return one number per draw, spread as the draws' expected outcomes are; None where luck cannot be told.

    The mean of a draw's few replications still has luck in it. Each is drawn in towards the grand mean until
    their variance is that of the assumptions alone: ``y + sqrt(A / (A + L / n_i)) (y_i - y)`` with A and L the
    parts of the variance in ``spread`` (the constrained estimator of Louis 1984).

    Args:
        values: One finite number per replication.
        draws: The number of each replication's draw.
    """
    numbers, code = np.asarray(values, dtype=np.float64), draw_codes(draws)
    sums = _Sums.of(numbers - numbers.mean(), code)
    if len(sums.table) in (len(numbers), 1):
        return None
    luck, assumptions = (float(part[0]) for part in _components(sums.table.sum(axis=0)[None]))
    return _without_luck(numbers, code, luck, assumptions)


def variance_of_mean(values: ArrayLike, draws: ArrayLike) -> float:
    """Return the variance of a mean over replications whose draws are independent but which are not themselves.

    With z_i the sum of the deviations from the mean over draw i: ``a / (a - 1) sum z_i^2 / N^2``, the
    linearised variance of a ratio (Cochran 1977, section 3.12), and infinite for a single draw.

    Args:
        values: One number per replication.
        draws: The number of each replication's draw.
    """
    numbers, code = np.asarray(values, dtype=np.float64), draw_codes(draws)
    deviations = np.bincount(code, numbers - numbers.mean())
    count = len(deviations)
    return float(count / (count - 1) * (deviations**2).sum() / len(numbers) ** 2) if count > 1 else float("inf")


def _components(summed: Floats) -> tuple[Floats, Floats]:
    """Return luck and assumptions of each row of sums over draws."""
    count, size, squares, total, between, within = summed.T
    with np.errstate(divide="ignore", invalid="ignore"):
        luck = np.where(size > count, within / (size - count), np.nan)
        mean_square = np.maximum(between - total**2 / size, 0.0) / (count - 1)
        typical = (size - squares / size) / (count - 1)
        assumptions = np.maximum((mean_square - luck) / typical, 0.0)
    return luck, assumptions


def _share_interval(table: Floats) -> tuple[float, float]:
    luck, assumptions = _components(_weights(len(table)) @ table)
    whole = luck + assumptions
    shares = assumptions[whole > 0] / whole[whole > 0]
    if not len(shares):
        return 0.0, 1.0
    low, high = np.quantile(shares, (0.025, 0.975)).tolist()
    return low, high


@lru_cache(maxsize=4)
def _weights(count: int) -> Floats:
    """Return how often each of some draws is in each resample: the same for every outcome of a batch."""
    stream = np.random.default_rng((_STREAM, count))
    chosen = stream.integers(0, count, (_RESAMPLES, count)) + count * np.arange(_RESAMPLES)[:, None]
    return np.bincount(chosen.ravel(), minlength=_RESAMPLES * count).reshape(_RESAMPLES, count).astype(np.float64)


def _without_luck(values: Floats, code: Ints, luck: float, assumptions: float) -> Floats:
    sizes = np.bincount(code)
    means = np.bincount(code, values) / sizes
    if assumptions == 0:
        return np.full(len(sizes), values.mean())
    return np.asarray(values.mean() + np.sqrt(assumptions / (assumptions + luck / sizes)) * (means - values.mean()))


def _quantiles(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, QUANTILES).tolist()
    return low, middle, high
