"""Numbers that change in mid-run: values to change them to, and what the log does afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from sim.domain import facts as f
from sim.scenario.numbers import Entry
from tests.worlds import play

#: How a part of a law is moved so that the law stays one: factor and, for parts of a beta law, bounds.
_FACTORS = {"p05": 0.5, "p95": 1.6, "min": 0.7, "mode": 1.0, "max": 1.5, "sigma": 1.5, "sd": 1.3}


def changed_values(entry: Entry, path: str, now: float) -> tuple[float, ...]:
    """Return values to change a number to that it may have: half and double, or the other names of a choice.

    Args:
        entry: The number.
        path: Its own path, or that of a part of its law.
        now: What it is now.
    """
    if entry.options:
        return tuple(float(code) for code in range(len(entry.options)) if code != now)
    part = path.removeprefix(f"{entry.path}.") if path != entry.path else ""
    if part in _FACTORS:
        tried = [now * _FACTORS[part]]
        if entry.law == "beta" and part == "p95":
            tried = [(1 + now) / 2]
        if part == "min" and not now:
            tried = [entry.parts.get("mode", entry.parts["max"]) / 2]
        if part == "mode":
            tried = [(now + entry.parts["max"]) / 2]
    else:
        tried = [now * 2, now / 2] if now else [1.0]
        if entry.le == 1 and now:
            tried = [(1 + now) / 2, now / 3]
    low, high = (entry.ge if entry.ge is not None else min(tried)), (entry.le if entry.le is not None else max(tried))
    found = (min(max(value, low), high) for value in tried)
    return tuple(dict.fromkeys(value for value in found if value != now))


@lru_cache(maxsize=64)
def log_of(path: Path, replication: int) -> list[f.Fact]:
    """Return the log of a replication of a scenario in which nothing changes."""
    return play(path, replication=replication).facts


def split(log: Sequence[f.Fact]) -> tuple[Sequence[f.Fact], list[f.Fact]]:
    """Return the facts before the first change of a number, and those after it, numbered as if it had not been told."""
    at = next((fact.seq for fact in log if isinstance(fact, f.AssumptionChanged)), len(log))

    def earlier(number: int) -> int:
        return number - 1 if number > at else number

    after = [
        msgspec.structs.replace(
            fact,
            seq=fact.seq - 1,
            cause=earlier(fact.cause),
            because=tuple(map(earlier, fact.because)),
        )
        for fact in log[at + 1 :]
    ]
    return log[:at], after
