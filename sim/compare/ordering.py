"""Which event came first: reported order against simulated order, for pairs whose windows do not touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.compare.matching import Question
from sim.compare.windows import Probability, share_of
from sim.observation.theatre import Bools, Floats

_SHUFFLES = 2000
_STREAM = 0x6F726472


@dataclass(frozen=True, slots=True)
class Pair:
    """Two events of which the first was reported to have been over before the second began.

    ``before`` is in how many of the replications with any of the two by the horizon the first came first; what does
    not happen comes later than what does.
    """

    first: str
    second: str
    first_label: str
    second_label: str
    first_status: str
    second_status: str
    before: Probability


@dataclass(frozen=True, slots=True)
class Order:
    """The order of events: every pair with disjoint windows, and Kendall's tau over them.

    ``tau`` is the mean over replications of (pairs in the reported order - pairs in the other) / pairs, with its
    95 % Monte Carlo interval; a pair of which neither happened, or both at once, counts for neither. ``shuffled``
    are the 5, 50 and 95 % quantiles when the simulated dates are shuffled over the events: no order known.
    """

    against: str
    events: int
    pairs: tuple[Pair, ...]
    tau: float
    low: float
    high: float
    shuffled: tuple[float, float, float]

    @property
    def verdict(self) -> str:
        """Return in words what the order says."""
        if self.low > self.shuffled[2]:
            return "the model knows more of the order than shuffled dates do"
        if self.high < self.shuffled[0]:
            return "the model has the order more wrong than shuffled dates do"
        return "cannot be told from shuffled dates"

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {**asdict(self), "verdict": self.verdict}


def order(questions: Sequence[Question], horizon_s: int) -> Order | None:
    """Return how far the simulated order of events is the reported one; None where no two windows are disjoint.

    Tau is that of Kendall 1938 over the pairs that the reports tell apart. Its spread without knowledge is by
    2,000 permutations of the events (fixed seed).

    Args:
        questions: Dated events with their simulated dates, in one reading.
        horizon_s: What comes later has not happened.
    """
    dated = [question for question in questions if not question.yes_no]
    disjoint = [
        (a, b) for a, one in enumerate(dated) for b, other in enumerate(dated) if one.window[1] <= other.window[0]
    ]
    if not disjoint:
        return None
    times_s = np.stack([np.where(one.times_s <= horizon_s, one.times_s, np.inf) for one in dated])
    draws = dated[0].draws
    pairs, signs = [], []
    for a, b in disjoint:
        first, any_of_them = times_s[a] < times_s[b], np.isfinite(np.minimum(times_s[a], times_s[b]))
        signs.append(first.astype(np.float64) - (times_s[b] < times_s[a]))
        pairs.append(_pair(dated[a], dated[b], first, any_of_them))
    by_replication = np.mean(signs, axis=0)
    tau = float(by_replication.mean())
    half = 1.959963984540054 * _error_of_mean(by_replication, draws)
    return Order(
        dated[0].against, len(dated), tuple(pairs), tau, max(tau - half, -1.0), min(tau + half, 1.0),
        _shuffled(times_s, np.array(disjoint)),
    )  # fmt: skip


def _pair(one: Question, other: Question, first: Bools, any_of_them: Bools) -> Pair:
    a, b = one.claim, other.claim
    share = share_of(first[any_of_them], one.draws[any_of_them])
    return Pair(a.event_id, b.event_id, a.label, b.label, a.status, b.status, share)


def _error_of_mean(values: Floats, draws: Floats | np.ndarray) -> float:
    """Return the standard error of a mean over replications of which those of a draw hang together."""
    _, code = np.unique(draws, return_inverse=True)
    count = int(code.max()) + 1
    if count < 2:
        return np.inf
    sums = np.bincount(code, values - values.mean())
    return float(np.sqrt(count / (count - 1) * (sums**2).sum())) / len(values)


def _shuffled(times_s: Floats, disjoint: np.ndarray) -> tuple[float, float, float]:
    """Return the quantiles of tau when the events' dates are shuffled, all replications alike."""
    size = len(times_s)
    ahead = np.zeros((size, size))
    for a in range(size):
        for b in range(a + 1, size):
            ahead[a, b] = np.mean((times_s[a] < times_s[b]).astype(np.float64) - (times_s[b] < times_s[a]))
            ahead[b, a] = -ahead[a, b]
    stream = np.random.default_rng((_STREAM, size))
    shuffles = np.argsort(stream.random((_SHUFFLES, size)), axis=1)
    taus = ahead[shuffles[:, disjoint[:, 0]], shuffles[:, disjoint[:, 1]]].mean(axis=1)
    low, middle, high = np.quantile(taus, (0.05, 0.5, 0.95)).tolist()
    return low, middle, high
