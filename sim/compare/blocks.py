"""How sure the Monte Carlo is of a statistic of many replications: a jackknife over blocks of draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.spread import draw_codes

BLOCKS = 20
#: With fewer draws there are no blocks of two and more, and no interval.
DRAWS_MIN = 2 * BLOCKS
#: The number of a block for each replication.
Blocks = NDArray[np.uint8]
_Z95 = 1.959963984540054


def blocks_of(draws: Ints) -> Blocks:
    """Return in which of 20 blocks of draws each replication is, from 0; nothing for fewer than 40 draws.

    All replications of a draw are in one block: they resemble each other.
    """
    code = draw_codes(draws)
    few = code.max(initial=-1) + 1 < DRAWS_MIN
    return np.empty(0, dtype=np.uint8) if few else (code % BLOCKS).astype(np.uint8)


def kept_without(draws: Ints) -> Bools:
    """Return which replications are left without each block, shape (blocks, replications); no rows without blocks."""
    block = blocks_of(draws)
    if not len(block):
        return np.empty((0, len(draws)), dtype=bool)
    return np.asarray(block != np.arange(BLOCKS)[:, None])


def counts_without(so: Bools, block: Blocks) -> tuple[Ints, Ints]:
    """Return in how many replications each thing is so without each block, and how many replications are left.

    Args:
        so: Shape (replications, things).
        block: The block of each replication.

    Returns:
        Counts of shape (blocks, things), and sizes of shape (blocks, 1); without blocks both have no rows.
    """
    if not len(block):
        return np.empty((0, so.shape[1]), dtype=np.int64), np.empty((0, 1), dtype=np.int64)
    own = np.stack([np.count_nonzero(so[block == number], axis=0) for number in range(BLOCKS)])
    sizes = np.bincount(block, minlength=BLOCKS)[:, None]
    return own.sum(axis=0) - own, len(so) - sizes


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
