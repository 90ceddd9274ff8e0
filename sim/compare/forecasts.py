"""Forecasts of one event, scored against whatever history shows of it: once, or many times over.

The sums behind the scores are kept, so that a window costs two binary searches however many replications
there are. ``sim.compare.scores`` has the same scores as plain formulas; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

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

    def without(self, kept: Bools, case: Cases) -> Losses:
        """Return the losses of the forecast without some of its replications, a row for each way to leave some out.

        Args:
            kept: Which dates, in order, are left; shape (ways, replications).
            case: What one history shows.
        """
        sizes, ways = kept.sum(axis=1), len(kept)
        again = Cases(
            case.yes_no, np.repeat(case.low_s, ways), np.repeat(case.high_s, ways), np.repeat(case.happened, ways)
        )
        if case.yes_no:
            return _yes_no_losses(kept[:, np.isfinite(self._times)].sum(axis=1), sizes, again.happened)
        low, high = min(float(case.low_s[0]), self._horizon_s), min(float(case.high_s[0]), self._horizon_s)
        so_far = np.cumsum(kept, axis=1, dtype=np.float64)
        known, by_high = (
            _at(so_far, np.searchsorted(self._times, end, side="right")) for end in (self._horizon_s, high)
        )
        before = _at(so_far, np.searchsorted(self._times, float(case.low_s[0]), side="left"))
        log, brier = _class_losses(before, by_high, known, sizes, again, self._horizon_s)
        so_far /= sizes[:, None]
        start, end = self._ends[:-1], self._ends[1:]
        up_to = np.maximum(np.minimum(end, low) - start, 0.0)
        since = np.maximum(end - np.maximum(start, high), 0.0)
        unmet = max(float(self._ends[0]) - high, 0.0)
        crps = so_far**2 @ up_to + (1 - so_far) ** 2 @ since + unmet
        return Losses(log, brier, crps / DAY)

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


def _at(so_far: Floats, count: int | np.intp) -> Floats:
    """Return how many of the first dates there are, by rows."""
    return so_far[:, count - 1] if count else np.zeros(len(so_far))


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
