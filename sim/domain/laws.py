"""Laws of attrition: how two lines wear each other down in a bout, each solved exactly.

A and B are what an engaged enemy puts out of action in an hour: A attackers per engaged defender, B defenders per
engaged attacker. A line of ``a0`` (``d0``) went in, of which ``e_a0 = min(a0, frontage)`` (``e_d0``) could engage.
Of what is left of both lines, ``a`` and ``d``, per hour:

=========  ============================  ============================  ===========================================
law        attackers lost                defenders lost                what it says
=========  ============================  ============================  ===========================================
mixed      A min(d, frontage)            B min(a, frontage)            only those at the front fight
square     A e_d0 (d / d0)               B e_a0 (a / a0)               all fight all, by aimed fire
linear     A e_d0 (d / d0) (a / a0)      B e_a0 (a / a0) (d / d0)      fire into an area: fewer targets, fewer hits
guerrilla  A e_d0 (d / d0)               B e_a0 (a / a0) (d / d0)      the defenders aim, the attackers see nobody
=========  ============================  ============================  ===========================================

In the first instant after a line went in all four give the same losses, so that one k serves them all; they are
never set equal again at a later bout. None takes a step size: each has a closed solution.

References: Lanchester 1916, Aircraft in Warfare, ch. 5 (square and linear law); Deitchman 1962, A Lanchester model of
guerrilla warfare, Operations Research 10(6), 818-827; Karr 1983, Lanchester attrition processes and theater-level
combat models, in Shubik (ed.), Mathematics of Conflict; Taylor 1983, Lanchester Models of Warfare.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

_TINY = 1e-12


class Law(Protocol):
    """What a law of attrition is asked, and what it answers."""

    def __call__(
        self,
        attackers: float,
        defenders: float,
        *,
        attack_start: float,
        defence_start: float,
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
            attack_start: Fighters of the attacking line when it went in, persons.
            defence_start: Fighters of the defending line when it went in, persons.
            frontage_attack: Attackers who can engage at once, persons.
            frontage_defence: Defenders who can engage at once, persons.
            attackers_lost_rate: A, attackers put out of action per engaged defender and hour.
            defenders_lost_rate: B, defenders put out of action per engaged attacker and hour.
            hours: Length of the bout; it ends early when a line is wiped out.
        """


# --- mixed ----------------------------------------------------------------------------------------------------


def mixed(
    attackers: float,
    defenders: float,
    *,
    attack_start: float,  # noqa: ARG001 - all laws share one signature
    defence_start: float,  # noqa: ARG001 - all laws share one signature
    frontage_attack: float,
    frontage_defence: float,
    attackers_lost_rate: float,
    defenders_lost_rate: float,
    hours: float,
) -> tuple[float, float]:
    """Advance two capped lines piece by piece, from one moment at which a cap stops binding to the next.

    Where nobody is capped this is Lanchester's square law; where both are, losses are linear in time. See ``Law``.
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
    if rate_a <= 0 or rate_d <= 0:  # one side does not fire: the other's losses are linear in time
        loss_a, loss_d = rate_a * d, rate_d * a
        used = min(left, a / loss_a if loss_a > 0 else math.inf, d / loss_d if loss_d > 0 else math.inf)
        return a - loss_a * used, d - loss_d * used, used
    root_a, root_d = math.sqrt(rate_a), math.sqrt(rate_d)  # their product would underflow long before they do
    speed = root_a * root_d
    ratio = (a / d) * (root_d / root_a)  # above 1 the defender's line is gone first
    if ratio == 1:
        shrunk = math.exp(-speed * left)
        return a * shrunk, d * shrunk, left
    until = math.atanh(min(ratio, 1 / ratio)) / speed
    used = min(left, until)
    c, s = math.cosh(speed * used), math.sinh(speed * used)
    a_next = a * c - d * (root_a / root_d) * s
    d_next = d * c - a * (root_d / root_a) * s
    if used == until:
        a_next, d_next = (a_next, 0.0) if ratio > 1 else (0.0, d_next)
    return a_next, d_next, used


# --- the others: what a line does is in proportion to what is left of it -----------------------------------------


def _fire(rate: float, start: float, frontage: float) -> float:
    """Return what one fighter of a line puts out of action in an hour, if all of it fires as it did at its start."""
    return rate * min(start, frontage) / start


def square(
    attackers: float,
    defenders: float,
    *,
    attack_start: float,
    defence_start: float,
    frontage_attack: float,
    frontage_defence: float,
    attackers_lost_rate: float,
    defenders_lost_rate: float,
    hours: float,
) -> tuple[float, float]:
    """Advance both lines by Lanchester's square law: hyperbolic sine and cosine, see ``Law``."""
    if attackers <= 0 or defenders <= 0:
        return attackers, defenders
    rate_a = _fire(attackers_lost_rate, defence_start, frontage_defence)
    rate_d = _fire(defenders_lost_rate, attack_start, frontage_attack)
    a, d, _ = _uncapped(attackers, defenders, rate_a, rate_d, hours)
    return max(a, 0.0), max(d, 0.0)


def linear(
    attackers: float,
    defenders: float,
    *,
    attack_start: float,
    defence_start: float,
    frontage_attack: float,
    frontage_defence: float,
    attackers_lost_rate: float,
    defenders_lost_rate: float,
    hours: float,
) -> tuple[float, float]:
    """Advance both lines by Lanchester's linear law, see ``Law``.

    With da/dt = -p a d and dd/dt = -q a d the difference c = q a - p d never changes; d falls along a logistic
    curve and nobody is ever quite wiped out.
    """
    if attackers <= 0 or defenders <= 0:
        return attackers, defenders
    p = _fire(attackers_lost_rate, defence_start, frontage_defence) / attack_start
    q = _fire(defenders_lost_rate, attack_start, frontage_attack) / defence_start
    if q * attackers >= p * defenders:
        return _by_product(attackers, defenders, p, q, hours)
    d, a = _by_product(defenders, attackers, q, p, hours)
    return a, d


def _by_product(a: float, d: float, p: float, q: float, hours: float) -> tuple[float, float]:
    """Return both lines after da/dt = -p a d, dd/dt = -q a d with q a >= p d, so that no power overflows."""
    c = q * a - p * d
    faded = -math.expm1(-c * hours) / c if c > 0 else hours
    shrunk = 1 + p * d * faded
    return a / shrunk, d * math.exp(-c * hours) / shrunk


def guerrilla(
    attackers: float,
    defenders: float,
    *,
    attack_start: float,
    defence_start: float,
    frontage_attack: float,
    frontage_defence: float,
    attackers_lost_rate: float,
    defenders_lost_rate: float,
    hours: float,
) -> tuple[float, float]:
    """Advance exposed attackers and hidden defenders by Deitchman's law, see ``Law``.

    With da/dt = -p d and dd/dt = -q a d the quantity 2 p d / q - a^2 never changes. Where it is above 0 the attackers
    are wiped out after a finite time, along a tangent; below, the defenders dwindle, along a hyperbolic tangent.
    """
    a, d = attackers, defenders
    if a <= 0 or d <= 0:
        return a, d
    p = _fire(attackers_lost_rate, defence_start, frontage_defence)
    q = _fire(defenders_lost_rate, attack_start, frontage_attack) / defence_start
    if q * a * hours < _TINY:
        return max(a - p * d * hours, 0.0), d
    kept = 2 * p * d / q - a * a
    speed = math.sqrt(abs(kept))
    turn = q * speed * hours / 2
    if kept > 0:
        if turn >= math.atan2(a, speed):
            return 0.0, d * kept / (kept + a * a)
        along = math.tan(turn) / speed
        slope = 1 + kept * along * along
    elif kept < 0:
        along = math.tanh(turn) / speed
        fading = math.exp(-2 * turn)
        slope = 4 * fading / (1 + fading) ** 2  # 1 - tanh^2, without cancelling
    else:
        along, slope = q * hours / 2, 1.0
    shrunk = 1 + a * along
    return max((a - kept * along) / shrunk, 0.0), d * slope / (shrunk * shrunk)


#: The laws by the names that a scenario gives them (``combat.law``).
LAWS: Mapping[str, Law] = MappingProxyType({"mixed": mixed, "square": square, "linear": linear, "guerrilla": guerrilla})
