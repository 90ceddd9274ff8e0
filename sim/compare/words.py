"""Numbers as they stand in print, on the terminal as on a page: shares, differences, and their intervals.

A range without signs has an en dash, ``3–7``; one with signs has the word, ``−3 to +7``, since a dash beside a minus
cannot be read. What is not zero is never written as zero, and what is not all is never written as 100 %.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.compare.windows import Probability

THIN, DASH, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{EN DASH}", "\N{MINUS SIGN}"

#: What stands in a sentence in the place of an interval that few draws do not give.
TOO_FEW = "too few draws for an interval"

#: What is smaller than this is what rounding leaves of zero.
_SPECK = 1e-9


def percent(share: float) -> str:
    """Return a share as a percentage without its sign, near 0 and 100 with as many decimals as keep it apart."""
    value = 100 * share
    rest = min(value, 100 - value)
    digits = max(1, _decimals(rest)) if _SPECK < rest < 0.95 else 0
    return f"{value:.{digits}f}"


def in_percent(share: Probability) -> str:
    """Return a share with its interval without the sign of per cent, ``34 (31–37)``, or a dash if nothing counts."""
    return f"{percent(share.p)} ({percent(share.low)}{DASH}{percent(share.high)})" if share.n else "-"


def with_interval(share: Probability) -> str:
    """Return a share with its interval, such as ``34 % (31–37)``, or a dash where nothing was counted."""
    return in_percent(share).replace(" ", f"{THIN}% ", 1)


def around(value: float, low: float, high: float, *, digits: int = 2, unit: str = "") -> str:
    """Return a number that has no sign with its interval, such as ``2.31 nats (2.10–2.55)``."""
    name = f" {unit}" if unit else ""
    return f"{value:,.{digits}f}{name} ({low:,.{digits}f}{DASH}{high:,.{digits}f})".replace(",", THIN)


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, with a minus as long as the plus; ``?`` for what is open."""
    if not math.isfinite(value):
        return "?"
    if abs(value) < _SPECK:
        return "0"
    shown = f"{value:+,.{max(digits, _decimals(abs(value)))}f}"
    return shown.replace(",", THIN).replace("-", MINUS)


def spanned(value: float, low: float, high: float, *, digits: int = 1, scale: float = 1.0, unit: str = "") -> str:
    """Return a difference with its sign and its interval, such as ``+5 (−2 to +12)``.

    An end that is open is ``?``; where both are, there is no interval, and that is said.
    """
    middle, *ends = (signed(scale * one, digits) for one in (value, low, high))
    name = f" {unit}" if unit else ""
    if not (math.isfinite(low) or math.isfinite(high)):
        return f"{middle}{name} (no interval)"
    return f"{middle}{name} ({ends[0]} to {ends[1]})"


def _decimals(value: float) -> int:
    """Return how many decimals keep a small number from being rounded to zero."""
    return 0 if value > 0.5 or value < _SPECK else math.ceil(-math.log10(2 * value))
