"""Numbers as they stand in sentences and labels: a share always with its interval, counts with thin spaces."""

from __future__ import annotations

import math
import re

from sim.compare import Probability
from sim.projections.spread import Spread

_THIN = "\N{NARROW NO-BREAK SPACE}"


def percent(share: float) -> str:
    """Return a share as a percentage without its sign; near 0 and 100 with one decimal."""
    value = 100 * share
    fine = 0 < value < 0.95 or 99.05 < value < 100
    return f"{value:.1f}" if fine else f"{value:.0f}"


def with_interval(share: Probability) -> str:
    """Return a share with its interval, such as ``34 % (31-37)`` with a dash between the bounds."""
    return f"{percent(share.p)}{_THIN}% ({percent(share.low)}\N{EN DASH}{percent(share.high)})"


def due_to_assumptions(spread: Spread | None) -> str:
    """Return the share of a variance that the assumptions explain, with its interval; nothing where it is unknown."""
    if spread is None or spread.share is None or spread.share_low is None or spread.share_high is None:
        return ""
    low, high = f"{100 * spread.share_low:.0f}", f"{100 * spread.share_high:.0f}"
    return f"{100 * spread.share:.0f}{_THIN}% ({low}\N{EN DASH}{high})"


def count(value: int) -> str:
    """Return a whole number with thin spaces between thousands."""
    return f"{value:,}".replace(",", _THIN)


def number(value: float, digits: int = 3) -> str:
    """Return a number with ``digits`` significant digits and thin spaces between thousands."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "\N{INFINITY}"
    size = math.floor(math.log10(abs(value)))
    if size >= digits - 1:
        rounded = round(value, digits - 1 - size) if size >= 6 else round(value)
        return f"{rounded:,.0f}".replace(",", _THIN)
    if size < -4:
        return f"{value:.{digits - 1}e}"
    text = f"{value:.{digits - 1 - size}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: float) -> str:
    """Return a number with its sign and two decimals, with a minus as long as the plus."""
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def spanned(value: float, low: float, high: float, *, digits: int = 1, scale: float = 1.0) -> str:
    """Return a difference with its sign and its interval, such as ``+5 (-2 to +12)``; ``?`` for what is open."""
    middle, *ends = (
        f"{scale * one:+,.{digits}f}".replace(",", _THIN).replace("-", "\N{MINUS SIGN}") if math.isfinite(one) else "?"
        for one in (value, low, high)
    )
    return f"{middle} ({ends[0]} to {ends[1]})"


def kind_in_words(kind: str) -> str:
    """Return the name of a kind of fact as words, such as ``control changed``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
