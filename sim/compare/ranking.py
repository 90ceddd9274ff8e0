"""Is the reported history a plausible draw from the model? Three statistics, ranked among histories of its own.

The only p-value there is. Replications that are in no ensemble play history; the statistics of the reported
history are ranked among theirs. All were declared before any history was looked at: total log score, number of
headline events that happened, mean day of the dated ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.compare.forecasts import Cases, Losses
from sim.compare.skill import MODEL, Plays
from sim.compare.windows import Probability, probability
from sim.domain.terms import DAY
from sim.observation.theatre import Floats

LEVEL = 0.05
_NAMES = {
    "total log score": "nats",
    "headline events that happened": "events",
    "mean day of the dated events": "days from the start",
}


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic of the reported history and its two-sided p-value among ``plays``; ``expected`` are P5/50/95."""

    name: str
    unit: str
    reported: float
    expected: tuple[float, float, float]
    p: float


@dataclass(frozen=True, slots=True)
class RankTest:
    """The rank test: three statistics, the p-value of all together (Bonferroni), and how often it cries wolf.

    ``size`` is how often a play, tested as the reported history is against the other plays, is called implausible
    at the nominal ``LEVEL``; ``smallest`` is the smallest p-value that so many plays can give.
    """

    against: str
    events: int
    plays: int
    statistics: tuple[Statistic, ...]
    p: float
    smallest: float
    size: Probability

    @property
    def verdict(self) -> str:
        """Return in words what the test says."""
        if self.smallest > LEVEL:
            return f"too few draws to call any history implausible ({self.plays} plays)"
        if self.p <= LEVEL:
            return "the reported history is no plausible draw from the model"
        return "the reported history is a plausible draw from the model, which does not make the model right"

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {**asdict(self), "level": LEVEL, "verdict": self.verdict}


def rank_test(against: str, plays: Plays) -> RankTest:
    """Return how the reported history ranks among replications that play history.

    With R plays, of which k have a statistic as low and m one as high, ``p = min(1, 2 (1 + min(k, m)) / (R + 1))``:
    exact if reported history and plays are exchangeable (Davison and Hinkley 1997, section 4.2). All three together
    have three times the smallest, at most 1.

    Args:
        against: What the events were dated by, printed claims or facts.
        plays: The plays, and the reported history by the same forecasts.
    """
    told = _statistics(plays.reported_cases, plays.reported)[0]
    plain = _statistics(plays.cases, plays.losses[MODEL])
    size = len(plain)
    each = _p_values(plain, told[None])[0]
    wolf = int(np.count_nonzero(_together(_p_values(plain, plain, itself=1)) <= LEVEL))
    quantiles = np.quantile(plain, (0.05, 0.5, 0.95), axis=0).T.tolist()
    statistics = tuple(
        Statistic(name, unit, float(told[number]), (low, middle, high), float(each[number]))
        for number, ((name, unit), (low, middle, high)) in enumerate(zip(_NAMES.items(), quantiles, strict=True))
    )
    smallest = min(1.0, 2 * len(_NAMES) / (size + 1))
    return RankTest(
        against, len(plays.cases), size, statistics, float(_together(each[None])[0]), smallest, probability(wolf, size)
    )


def _statistics(cases: Sequence[Cases], losses: Losses) -> Floats:
    """Return the three statistics of each history, shape (histories, 3)."""
    happened = np.stack([case.happened for case in cases]).sum(axis=0).astype(np.float64)
    days = [(case.low_s + case.high_s) / 2 / DAY for case in cases if not case.yes_no]
    mean_day = np.stack(days).mean(axis=0) if days else np.zeros(len(happened))
    return np.stack([losses.log.sum(axis=1), happened, mean_day], axis=1)


def _p_values(plays: Floats, told: Floats, itself: int = 0) -> Floats:
    """Return the two-sided p-value of each statistic of each history among the plays, shape (histories, 3).

    ``itself`` is 1 where each history is one of the plays, and is ranked among the others.
    """
    slack = 1e-9  # two sums of the same numbers in another order are the same
    low = (plays[None] <= told[:, None] + slack).sum(axis=1) - itself
    high = (plays[None] >= told[:, None] - slack).sum(axis=1) - itself
    return np.asarray(np.minimum(1.0, 2 * (1 + np.minimum(low, high)) / (len(plays) + 1 - itself)))


def _together(p: Floats) -> Floats:
    return np.asarray(np.minimum(1.0, p.min(axis=1) * p.shape[1]))
