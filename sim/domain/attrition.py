"""How many fighters a bout puts out of action, drawn around what a law of attrition expects (sim.domain.laws).

Losses are beta-binomial among those exposed: whole people, with the expected mean and a stated spread.
"""

from __future__ import annotations

import math
from collections.abc import Callable

_BIG = 1e200
_LOG_BIG = math.log(_BIG)
_LOG_LARGEST = 700.0
_NOTHING = 1e-18


def losses(uniform: float, exposed: int, mean: float, variance_per_mean: float) -> int:
    """Return how many of those exposed are put out of action: a beta-binomial quantile.

    The mean is ``mean`` exactly; the variance is ``variance_per_mean`` times that of the binomial law
    (1 = binomial), as far as a beta-binomial on that many people can spread.
    """
    if exposed <= 0 or mean <= 0 or uniform <= 0:
        return 0
    if mean >= exposed:
        return exposed
    share = mean / exposed
    rho = min((variance_per_mean - 1) / (exposed - 1), 0.999) if exposed > 1 else 0.0
    if rho <= 1e-9:
        return _binomial_quantile(uniform, exposed, share)
    size = 1 / rho - 1
    a, b = share * size, (1 - share) * size
    log_first = math.lgamma(exposed + b) - math.lgamma(exposed + size) + math.lgamma(size) - math.lgamma(b)

    def ratio(k: int) -> float:
        return (exposed - k) * (a + k) / ((k + 1) * (b + (exposed - k - 1)))  # b may be too small to show in a sum

    return _count_up(uniform, exposed, log_first, ratio)


def _binomial_quantile(uniform: float, exposed: int, share: float) -> int:
    odds = share / (1 - share)
    return _count_up(uniform, exposed, exposed * math.log1p(-share), lambda k: (exposed - k) / (k + 1) * odds)


def _count_up(uniform: float, exposed: int, log_first: float, ratio: Callable[[int], float]) -> int:
    """Return the smallest count at which a law's distribution function reaches a uniform.

    ``log_first`` is the logarithm of the probability of 0, and ``ratio(k)`` that of k + 1 over that of k. The
    sum is kept in units of a power of ten that grows with it: the probability of 0 alone can be too small
    for a float.
    """
    log_unit, term, total, count = log_first, 1.0, 1.0, 0
    target = _in_units(uniform, log_unit)
    while total < target and count < exposed:
        term *= ratio(count)
        count += 1
        total += term
        if term < total * _NOTHING and ratio(count) < 1:
            break  # what is left of the law cannot be told from nothing
        if total > _BIG:
            term, total, log_unit = term / _BIG, total / _BIG, log_unit + _LOG_BIG
            target = _in_units(uniform, log_unit)
    return count


def _in_units(uniform: float, log_unit: float) -> float:
    log_target = math.log(uniform) - log_unit
    return math.exp(log_target) if log_target < _LOG_LARGEST else math.inf
