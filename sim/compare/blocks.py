"""How sure the Monte Carlo is of a statistic of many replications: a jackknife over blocks of draws."""

from __future__ import annotations

import numpy as np

from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.spread import draw_codes

BLOCKS = 20
_Z95 = 1.959963984540054


def kept_without(draws: Ints) -> Bools:
    """Return which replications are left without each of 20 blocks of draws, shape (blocks, replications).

    There are no blocks, and no rows, for fewer than 40 draws.

    All replications of a draw are in one block: they resemble each other.
    """
    code = draw_codes(draws)
    if code.max(initial=-1) + 1 < 2 * BLOCKS:
        return np.empty((0, len(draws)), dtype=bool)
    return np.asarray(code % BLOCKS != np.arange(BLOCKS)[:, None])


def standard_error(without: Floats) -> Floats:
    """Return the standard error of statistics from their values without each block (Efron 1982, chapter 3).

    Args:
        without: Shape (blocks, ...).
    """
    blocks = len(without)
    return np.asarray(np.sqrt((blocks - 1) / blocks * ((without - without.mean(axis=0)) ** 2).sum(axis=0)))


def interval(value: float, without: Floats) -> tuple[float, float]:
    """Return the 95 % Monte Carlo interval of a statistic; everything where there are too few draws for blocks.

    Args:
        value: The statistic of all replications.
        without: Its value without each block, empty for too few draws.
    """
    half = _Z95 * float(standard_error(without)) if len(without) else np.inf
    return value - half, value + half
