"""Units and small exact arithmetic that every layer shares.

Time is whole seconds since the scenario's start; people and vehicles are integers; supplies are
integer grams. ISO 8601 durations are read here because scenarios and the command line both use them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

SECOND = 1
HOUR = 3_600
DAY = 86_400
GRAMS_PER_KG = 1_000

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_SECONDS_PER = {"weeks": 7 * DAY, "days": DAY, "hours": HOUR, "minutes": 60, "seconds": 1}


def parse_duration(text: str) -> float:
    """Return the seconds of an ISO 8601 duration such as ``PT6H`` or ``P3D``.

    Raises:
        ValueError: If the text is no such duration, or names months or years, whose length varies.
    """
    match = _DURATION.fullmatch(text)
    if match is None or text.rstrip("T") in {"P", "-P"} or text.endswith("T"):
        hint = " (months and years have no fixed length: give days)" if re.match(r"-?P\d+[MY]", text) else ""
        raise ValueError(f"{text!r} is not an ISO 8601 duration such as PT6H or P3D{hint}")
    total = sum(float(match[name]) * size for name, size in _SECONDS_PER.items() if match[name] is not None)
    return -total if match["sign"] else total


def format_duration(seconds: float) -> str:
    """Return seconds as an ISO 8601 duration that ``parse_duration`` reads back to the same number."""
    digits = format(Decimal(repr(abs(seconds))), "f")
    return f"{'-' if seconds < 0 else ''}PT{digits.removesuffix('.0')}S"


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` by largest remainder; the parts add up exactly.

    No part exceeds its weight as long as ``total`` does not exceed their sum. Ties go to the earlier
    weight, so the result depends on nothing but the arguments.
    """
    everything = sum(weights)
    if everything <= 0 or total <= 0:
        return [0] * len(weights)
    parts = [total * weight // everything for weight in weights]
    remainders = [(-(total * weight % everything), index) for index, weight in enumerate(weights)]
    for _, index in sorted(remainders)[: total - sum(parts)]:
        parts[index] += 1
    return parts
