"""What a mechanism should do by theory, what it did, and whether the two agree."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: Confidence of every interval.
LEVEL = 0.99

#: How theory and simulation are compared; see ``Row.agrees``.
Rule = Literal["inside", "within", "exact", "above"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with the half width of its 99 % interval, from so many independent replications."""

    mean: float
    half: float
    n: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a statement of theory beside what was simulated.

    ``tolerance`` is a share of the theory for the rule ``within``, and in the unit of the row for ``exact``.
    """

    check: str
    what: str
    unit: str
    theory: float
    simulated: Estimate
    rule: Rule
    source: str
    tolerance: float = 0.0

    @property
    def low(self) -> float:
        """Return the lower end of the interval."""
        return self.simulated.mean - self.simulated.half

    @property
    def high(self) -> float:
        """Return the upper end of the interval."""
        return self.simulated.mean + self.simulated.half

    @property
    def agrees(self) -> bool:
        """Tell whether theory and simulation agree.

        ``inside``: theory lies in the interval. ``within``: the whole interval lies within the tolerance around theory.
        ``exact``: the largest deviation is not above the tolerance. ``above``: the whole interval lies above theory.
        """
        if self.rule == "inside":
            return self.low <= self.theory <= self.high
        if self.rule == "within":
            slack = self.tolerance * abs(self.theory)
            return self.theory - slack <= self.low and self.high <= self.theory + slack
        if self.rule == "exact":
            return abs(self.simulated.mean - self.theory) <= self.tolerance
        return self.low > self.theory

    @property
    def asked(self) -> str:
        """Return in words what the rule asks for."""
        if self.rule == "inside":
            return "theory inside the interval"
        if self.rule == "within":
            return f"interval within {100 * self.tolerance:g} % of theory"
        if self.rule == "exact":
            return f"never off by more than {self.tolerance:g} {self.unit}"
        return "interval above theory"


def mean_of(sample: Sequence[float]) -> Estimate:
    """Return the mean of independent replications, with Student's interval.

    Raises:
        ValueError: If there are fewer than two.
    """
    if len(sample) < 2:
        raise ValueError("an interval needs at least two replications")
    half = _student(len(sample) - 1) * statistics.stdev(sample) / math.sqrt(len(sample))
    return Estimate(statistics.mean(sample), half, len(sample))


def share_of(hits: int, n: int) -> Estimate:
    """Return a probability with Wilson's interval (1927), as its centre and half width."""
    z = statistics.NormalDist().inv_cdf((1 + LEVEL) / 2)
    share, weight = hits / n, z * z / n
    centre = (share + weight / 2) / (1 + weight)
    half = z * math.sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    return Estimate(centre, half, n)


def variance_of(sample: Sequence[float]) -> Estimate:
    """Return the variance of independent replications, with the interval that the spread of the squares gives."""
    mean = statistics.mean(sample)
    squares = [(value - mean) ** 2 for value in sample]
    found = mean_of(squares)
    correction = len(sample) / (len(sample) - 1)
    return Estimate(found.mean * correction, found.half * correction, found.n)


def largest(deviations: Sequence[float]) -> Estimate:
    """Return the largest of many deviations; there is nothing uncertain about it."""
    return Estimate(max(deviations, key=abs), 0.0, len(deviations))


def _student(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + LEVEL) / 2))
