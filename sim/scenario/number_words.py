"""A number of a scenario in words: as a scenario writes it, and as people read it."""

from __future__ import annotations

from sim.domain.terms import DAY, HOUR
from sim.scenario.distributions import TIMED_PARTS
from sim.scenario.numbers import Entry


def settable(value: float, entry: Entry) -> str:
    """Return a value as a scenario writes it: the name of a choice, a duration in ISO 8601, else a number."""
    if entry.options:
        return entry.options[round(value)]
    if entry.unit != "s":
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
    seconds = max(1, round(value))
    for unit, size in (("H", HOUR), ("M", 60)):
        if seconds % size == 0 or seconds >= 100 * size:
            return f"PT{round(seconds / size)}{unit}"
    return f"PT{seconds}S"


def readable(value: float, entry: Entry) -> str:
    """Return a value for people: names of choices, durations in hours or days, numbers to three digits."""
    if entry.options:
        return entry.options[round(value)]
    if entry.unit != "s":
        return _digits(value)
    size, unit = (DAY, "d") if abs(value) >= 2 * DAY else (HOUR, "h") if abs(value) >= HOUR else (60, "min")
    return f"{_digits(value / size)} {unit}"


def law_in_words(entry: Entry) -> str:
    """Return the law with its parts, such as ``pert min 2, mode 4, max 9``."""
    if entry.constant:
        return readable(entry.parts["value"], entry)
    if entry.options:
        names = [entry.options[int(code.removeprefix("weights."))] for code in entry.parts]
        return f"{entry.law} " + ", ".join(
            f"{name} {_digits(weight)}" for name, weight in zip(names, entry.parts.values(), strict=True)
        )
    parts = ", ".join(
        f"{name.removeprefix('weights.')} {readable(value, entry) if name in TIMED_PARTS else _digits(value)}"
        for name, value in entry.parts.items()
    )
    return f"{entry.law} {parts}"


def _digits(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
