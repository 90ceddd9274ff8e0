"""Numbers as they stand on a page: those of a comparison, and counts with thin spaces between thousands."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from unicodedata import bidirectional

from sim.compare.words import DASH, THIN, percent, signed, spanned, with_interval
from sim.projections.spread import Spread

__all__ = ["count", "due_to_assumptions", "kind_in_words", "number", "percent", "signed", "spanned", "with_interval"]


_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def due_to_assumptions(spread: Spread | None) -> str:
    """Return the share of a variance that the assumptions explain, with its interval; nothing where it is unknown."""
    if spread is None or spread.share is None or spread.share_low is None or spread.share_high is None:
        return ""
    low, high = percent(spread.share_low), percent(spread.share_high)
    return f"{percent(spread.share)}{THIN}% ({low}{DASH}{high})"


def count(value: int) -> str:
    """Return a whole number with thin spaces between thousands."""
    return f"{value:,}".replace(",", THIN)


def grouped(words: str) -> str:
    """Return words that were made for a terminal with the page's thin spaces where they have commas in numbers."""
    return re.sub(r"(?<=\d),(?=\d{3}(?:,\d{3})*(?!\d))", THIN, words)


def several(value: int, noun: str) -> str:
    """Return a whole number of things, such as ``1 draw`` or ``20 draws``."""
    return f"{count(value)} {noun}{'' if value == 1 else 's'}"


def joined(parts: Sequence[str]) -> str:
    """Return words as a list in a sentence: commas, and ``and`` before the last."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def isolated(name: str) -> str:
    """Return a name so that, where it is written from right to left, the numbers beside it are not."""
    if any(bidirectional(letter) in ("R", "AL") for letter in name):
        return f"{_LEFT_TO_RIGHT}{name}{_LEFT_TO_RIGHT}"
    return name


def number(value: float, digits: int = 3) -> str:
    """Return a number with ``digits`` significant digits and thin spaces between thousands."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "\N{INFINITY}"
    size = math.floor(math.log10(abs(value)))
    if size >= digits - 1:
        rounded = round(value, digits - 1 - size) if size >= 6 else round(value)
        return f"{rounded:,.0f}".replace(",", THIN)
    if size < -4:
        return f"{value:.{digits - 1}e}"
    text = f"{value:.{digits - 1 - size}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def kind_in_words(kind: str) -> str:
    """Return the name of a kind of fact as words, such as ``control changed``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
