"""Forecasts of one event, scored against whatever history shows of it: once, or many times over.

The sums behind the scores are kept, so that a window costs two binary searches however many replications
there are. ``sim.compare.scores`` has the same scores as plain formulas; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.compare.blocks import BLOCKS, Blocks
from sim.domain.terms import DAY
from sim.observation.theatre import Bools, Floats, Ints

Counts = Floats | Ints | int | np.intp


@dataclass(frozen=True, slots=True)
class Cases:
    """What history shows of one event, a row for each history: its window, and whether it happened at all.

    What did not happen by the horizon has the horizon as its window. ``yes_no`` events are so or not, and
    their windows say nothing.
    """

    yes_no: bool
    low_s: Floats
    high_s: Floats
    happened: Bools

    def __len__(self) -> int:
        return len(self.happened)


@dataclass(frozen=True, slots=True)
class Losses:
    """Log score (nats), Brier score and interval-censored CRPS (days, NaN for yes/no): a row for each history."""

    log: Floats
    brier: Floats
    crps: Floats

    @classmethod
    def stacked(cls, events: Sequence[Losses]) -> Losses:
        """Return the losses of several events as columns, shape (histories, events)."""
        return cls(*(np.stack([getattr(one, name) for one in events], axis=1) for name in cls.__slots__))

    @classmethod
    def mean(cls, forecasts: Sequence[Losses]) -> Losses:
        """Return the mean losses over several forecasts of the same cases."""
        return cls(*(np.mean([getattr(one, name) for one in forecasts], axis=0) for name in cls.__slots__))


class Forecaster(Protocol):
    """What can be scored against cases."""

    def losses(self, cases: Cases) -> Losses:
        """Return the losses against each history."""


class Forecast:
    """The dates of an event in M replications, as a forecast; one of M = 1 is somebody's single word.

    Probabilities of the classes are smoothed, ``(k_i + 1/2) / (M + C/2)``. The CRPS of the collapsed dates
    ``v(T)`` is the integral of ``(F(x) - 1{x >= v(L)})^2`` over what the collapsing leaves (Gneiting and Raftery
    2007): ``F^2`` up to the window and ``(1 - F)^2`` from its end to the horizon, F the share of dates so far.
    """

    def __init__(self, times_s: Floats, horizon_s: float, *, in_order: bool = False) -> None:
        """Keep dates in seconds, infinite for never; ``in_order`` says that they are sorted already."""
        self._times = times_s if in_order else np.sort(times_s)
        self._horizon_s = float(horizon_s)
        size = len(self._times)
        self._ends = np.append(np.minimum(self._times, horizon_s), horizon_s)
        so_far = np.arange(1, size + 1) / size
        steps = np.diff(self._ends)
        self._below = np.concatenate(([0.0], np.cumsum(so_far**2 * steps)))
        self._above = np.concatenate(([0.0], np.cumsum((1 - so_far) ** 2 * steps)))

    def losses(self, cases: Cases) -> Losses:
        """Return the losses against each history."""
        return self._of_yes_no(cases) if cases.yes_no else self._of_dates(cases)

    def _of_yes_no(self, cases: Cases) -> Losses:
        return _yes_no_losses(int(np.isfinite(self._times).sum()), len(self._times), cases.happened)

    def _of_dates(self, cases: Cases) -> Losses:
        low, high = cases.low_s, np.minimum(cases.high_s, self._horizon_s)
        before = np.searchsorted(self._times, low, side="left")
        by_high = np.searchsorted(self._times, high, side="right")
        known = np.searchsorted(self._times, self._horizon_s, side="right")
        log, brier = _class_losses(before, by_high, known, len(self._times), cases, self._horizon_s)
        return Losses(log, brier, self._crps(np.minimum(low, self._horizon_s), high))

    def without(self, block: Blocks, case: Cases) -> Losses:
        """Return the losses of the forecast without each block of its replications, a row for each block.

        Without block b the share of dates so far is ``(C - D) / N``, C counting all dates, D those of b. The integral
        of its square is that of ``C^2 - 2 C D + D^2`` over N^2, and D steps at the dates of b alone: every date adds
        to the integrals of its own block, so that the cost does not grow with the number of blocks.

        Args:
            block: The block of each date, in order; empty for none.
            case: What one history shows.
        """
        if not len(block):
            return Losses(np.empty(0), np.empty(0), np.empty(0))
        own = _Own(block)
        sizes = len(block) - own.count(len(block))
        low_s, high_s, happened = np.repeat(case.low_s, BLOCKS), np.repeat(case.high_s, BLOCKS), case.happened
        again = Cases(case.yes_no, low_s, high_s, np.repeat(happened, BLOCKS))
        if case.yes_no:
            so = int(np.isfinite(self._times).sum())
            return _yes_no_losses(so - own.count(so), sizes, again.happened)
        low, high = min(float(case.low_s[0]), self._horizon_s), min(float(case.high_s[0]), self._horizon_s)
        before, by_high, known = (
            at - own.count(at)
            for at in (
                np.searchsorted(self._times, float(case.low_s[0]), side="left"),
                np.searchsorted(self._times, high, side="right"),
                np.searchsorted(self._times, self._horizon_s, side="right"),
            )
        )
        log, brier = _class_losses(before, by_high, known, sizes, again, self._horizon_s)
        ends = self._ends[:-1]
        up_to = np.maximum(low - ends, 0.0)
        since = np.maximum(ends - high, 0.0)[::-1]
        met = own.squared(up_to) + _Own(block[::-1]).squared(since)
        return Losses(log, brier, np.asarray(met / sizes**2 / DAY))

    def _crps(self, low: Floats, high: Floats) -> Floats:
        """Return the integral of F^2 up to each low plus that of (1 - F)^2 from each high to the horizon, in days."""
        ends, size = self._ends, len(self._times)
        k = np.searchsorted(ends[:-1], low, side="right")
        at = np.maximum(k - 1, 0)
        below = np.where(k > 0, self._below[at] + (k / size) ** 2 * (low - ends[at]), 0.0)
        k = np.searchsorted(ends[:-1], high, side="right")
        above = self._above[-1] - self._above[np.maximum(k - 1, 0)]
        above = np.where(
            k > 0,
            above - (1 - k / size) ** 2 * (high - ends[np.maximum(k - 1, 0)]),
            above + np.maximum(ends[0] - high, 0.0),
        )
        return np.asarray(np.maximum(below + above, 0.0) / DAY)


class _Own:
    """What the dates of each block, in order, take from counts and integrals of all of them."""

    def __init__(self, block: Blocks) -> None:
        self._block = block
        order = np.argsort(block, kind="stable")
        starts = np.concatenate(([0], np.cumsum(self.count(len(block)))))[:-1]
        self._nth = np.empty(len(block))
        self._nth[order] = np.arange(1, len(block) + 1) - (starts[block[order]])

    def count(self, first: int | np.intp) -> Ints:
        """Return how many of the first dates are in each block."""
        return np.bincount(self._block[:first], minlength=BLOCKS)

    def squared(self, lasts_s: Floats) -> Floats:
        """Return for each block the integral of the square of how many other dates have come.

        Args:
            lasts_s: How long each date counts, from itself to the end; the first counts longest.
        """
        nth = np.arange(1, len(lasts_s) + 1)
        whole = ((2 * nth - 1) * lasts_s).sum()
        # up to the end, all dates so far add up to the time that the earlier and the later ones last
        shared = nth * lasts_s + (np.cumsum(lasts_s[::-1])[::-1] - lasts_s)
        return np.asarray(whole + np.bincount(self._block, (2 * self._nth - 1) * lasts_s - 2 * shared, BLOCKS))


def _yes_no_losses(so: Counts, size: Counts, happened: Bools) -> Losses:
    p = np.where(happened, (so + 0.5) / (size + 1), (size - so + 0.5) / (size + 1))
    return Losses(-np.log(p), 2 * (1 - p) ** 2, np.full(len(happened), np.nan))


def _class_losses(
    before: Counts, by_high: Counts, known: Counts, size: Counts, cases: Cases, horizon_s: float
) -> tuple[Floats, Floats]:
    """Return log and Brier score over the classes that can occur, of forecasts with so many dates by each moment."""
    happened, nothing = cases.happened, np.zeros(len(cases), dtype=bool)
    counts = np.stack(
        [before + nothing, np.where(happened, by_high - before, 0), np.where(happened, known - by_high, 0),
         np.where(happened, size - known, size - before)]
    ).astype(np.float64)  # fmt: skip
    can = np.stack([cases.low_s > 0, happened, happened & (cases.high_s < horizon_s), ~nothing])
    p = np.where(can, (counts + 0.5) / (size + can.sum(axis=0) / 2), 0.0)
    shown = np.stack([nothing, happened, nothing, ~happened])
    log = -np.log(p[np.where(happened, 1, 3), np.arange(len(cases))])
    return log, np.asarray(((p - shown) ** 2).sum(axis=0))


class Uniform:
    """A date uniform between start and horizon, if the event happens at all, which it does with a base rate.

    Its CRPS is exact: with r the base rate and H the horizon the integral of ``(r t / H)^2`` up to the window, and
    that of ``(1 - r t / H)^2`` from its end to the horizon.
    """

    def __init__(self, base_rate: Floats, horizon_s: float) -> None:
        """Keep a base rate for each history, in (0, 1)."""
        self._rate = base_rate
        self._horizon_s = float(horizon_s)

    def losses(self, cases: Cases) -> Losses:
        """Return the losses against each history."""
        r, horizon_s, happened = self._rate, self._horizon_s, cases.happened
        if cases.yes_no:
            p = np.where(happened, r, 1 - r)
            return Losses(-np.log(p), 2 * (1 - p) ** 2, np.full(len(cases), np.nan))
        low, high = np.clip(cases.low_s, 0.0, horizon_s), np.minimum(cases.high_s, horizon_s)
        inside = np.maximum(high - low, 1.0)  # a window of no length has room for a second
        outside = np.stack([low, horizon_s - high])
        p = np.stack([r * outside[0] / horizon_s, r * inside / horizon_s, r * outside[1] / horizon_s, 1 - r])
        shown = np.stack([np.zeros(len(cases), dtype=bool), happened, np.zeros(len(cases), dtype=bool), ~happened])
        log = -np.log(np.where(happened, p[1], p[3]))
        to_high = 1 - r * high / horizon_s
        crps = (r / horizon_s) ** 2 * low**3 / 3 + horizon_s / (3 * r) * (to_high**3 - (1 - r) ** 3)
        return Losses(log, ((p - shown) ** 2).sum(axis=0), crps / DAY)
