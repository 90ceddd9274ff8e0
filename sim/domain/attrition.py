"""The exact outcome of a bout between two capped lines, and how many fighters it puts out of action.

Per hour of bout, with e = min(line, frontage): da/dt = -A e_d and dd/dt = -B e_a, where
A = k q_d s_d sqrt(m) and B = k q_a s_a / sqrt(m). Where nobody is capped this is Lanchester's square law
(Lanchester 1916); where both are it is linear in time. Between the moments at which a cap stops binding
the equations have a closed solution, so a bout is solved piece by piece without a step size.
"""

from __future__ import annotations

import math
from collections.abc import Callable

_TINY = 1e-12
_BIG = 1e200
_LOG_BIG = math.log(_BIG)
_LOG_LARGEST = 700.0
_NOTHING = 1e-18


def solve_bout(
    attackers: float,
    defenders: float,
    *,
    frontage_attack: float,
    frontage_defence: float,
    attackers_lost_rate: float,
    defenders_lost_rate: float,
    hours: float,
) -> tuple[float, float]:
    """Return the expected size of both lines after a bout, attackers first.

    Args:
        attackers: Fighters in the attacking line, persons.
        defenders: Fighters in the defending line, persons.
        frontage_attack: Attackers who can engage at once, persons.
        frontage_defence: Defenders who can engage at once, persons.
        attackers_lost_rate: A, attackers put out of action per engaged defender and hour.
        defenders_lost_rate: B, defenders put out of action per engaged attacker and hour.
        hours: Length of the bout; it ends early when a line is wiped out.
    """
    a, d, left = float(attackers), float(defenders), hours
    while left > _TINY and a > _TINY and d > _TINY:
        if a > frontage_attack and d > frontage_defence:
            step = _both_capped(a, d, frontage_attack, frontage_defence, attackers_lost_rate, defenders_lost_rate, left)
        elif a > frontage_attack:
            step = _one_capped(a, d, frontage_attack, attackers_lost_rate, defenders_lost_rate, left)
        elif d > frontage_defence:
            d_next, a_next, used = _one_capped(d, a, frontage_defence, defenders_lost_rate, attackers_lost_rate, left)
            step = (a_next, d_next, used)
        else:
            step = _uncapped(a, d, attackers_lost_rate, defenders_lost_rate, left)
        a, d, used = step
        left -= used
    return max(a, 0.0), max(d, 0.0)


def _both_capped(
    a: float, d: float, fa: float, fd: float, rate_a: float, rate_d: float, left: float
) -> tuple[float, float, float]:
    loss_a, loss_d = rate_a * fd, rate_d * fa
    until_a = (a - fa) / loss_a if loss_a > 0 else math.inf
    until_d = (d - fd) / loss_d if loss_d > 0 else math.inf
    used = min(left, until_a, until_d)
    # a cap that stops binding is met exactly, so that the next piece is chosen without rounding
    return (fa if used == until_a else a - loss_a * used, fd if used == until_d else d - loss_d * used, used)


def _one_capped(a: float, d: float, fa: float, rate_a: float, rate_d: float, left: float) -> tuple[float, float, float]:
    """Advance a capped line ``a`` against an uncapped line ``d``: d falls linearly, a along a parabola."""
    loss_d = rate_d * fa
    until_d = d / loss_d if loss_d > 0 else math.inf
    # a(t) = a - rate_a (d t - loss_d t^2 / 2) reaches fa at the smaller root, if at all
    until_a = math.inf
    if rate_a > 0:
        gap = (a - fa) / rate_a
        if loss_d <= 0:
            until_a = gap / d
        else:
            inside = d * d - 2 * loss_d * gap
            if inside >= 0:
                until_a = 2 * gap / (d + math.sqrt(inside))
    used = min(left, until_a, until_d)
    a_next = fa if used == until_a else a - rate_a * (d * used - loss_d * used * used / 2)
    return a_next, 0.0 if used == until_d else d - loss_d * used, used


def _uncapped(a: float, d: float, rate_a: float, rate_d: float, left: float) -> tuple[float, float, float]:
    if rate_a <= 0 or rate_d <= 0:
        until = math.inf
        if rate_a > 0:
            until = a / (rate_a * d)
        elif rate_d > 0:
            until = d / (rate_d * a)
        used = min(left, until)
        return a - rate_a * d * used, d - rate_d * a * used, used
    speed = math.sqrt(rate_a * rate_d)
    ratio = (a / d) * math.sqrt(rate_d / rate_a)  # above 1 the defender's line is gone first
    until = math.atanh(min(ratio, 1 / ratio)) / speed if ratio != 1 else math.inf
    used = min(left, until)
    c, s = math.cosh(speed * used), math.sinh(speed * used)
    a_next = a * c - d * math.sqrt(rate_a / rate_d) * s
    d_next = d * c - a * math.sqrt(rate_d / rate_a) * s
    if used == until:
        a_next, d_next = (a_next, 0.0) if ratio > 1 else (0.0, d_next)
    return a_next, d_next, used


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
    return _count_up(uniform, exposed, log_first, lambda k: (exposed - k) * (a + k) / ((k + 1) * (b + exposed - k - 1)))


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
