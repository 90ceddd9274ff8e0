"""Hazards: things that may happen at any moment, at a rate that changes.

A hazard holds one unit exponential per firing against its integrated rate, so a change of rate keeps the
threshold (a time change of the unit Poisson process). Its timer is left running when the rate falls and
looked at again when it rings; only a rise sets an earlier one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sim.domain import facts as f
from sim.domain.state import hazard_at
from sim.domain.terms import DAY
from sim.randomness import purpose

if TYPE_CHECKING:
    from sim.world.world import World

THRESHOLD = purpose("hazard.threshold")
RANK = 90


class Hazards:
    """All hazards of a run; a clock's name is its kind, a colon, and its subject."""

    def __init__(self, world: World, handlers: Mapping[str, Callable[[World, str, int], None]]) -> None:
        self._world = world
        self._handlers = handlers
        self._rings: dict[str, int] = {}
        self._thresholds: dict[tuple[str, int], float] = {}

    def set(self, kind: str, subject: str, rate_per_day: float, cause: int, tolerance: float = 1e-3) -> None:
        """Give a hazard another rate from now on; a relative change below the tolerance is none."""
        name = f"{kind}:{subject}"
        clock = self._world.state.clocks.get(name)
        before = clock.rate_per_day if clock is not None else 0.0
        if abs(rate_per_day - before) <= tolerance * max(before, rate_per_day):
            return
        accrued = hazard_at(clock, self._world.now) if clock is not None else 0.0
        self._world.record(f.HazardChanged, cause, clock=name, rate_per_day=rate_per_day, accrued=accrued)
        self._arm(name)

    def _threshold(self, name: str, firings: int) -> float:
        """Return the unit exponential that the integrated rate has to reach for the next firing."""
        threshold = self._thresholds.get((name, firings))
        if threshold is None:
            threshold = -math.log(self._world.randomness.uniform(THRESHOLD, name, firings))
            self._thresholds[name, firings] = threshold
        return threshold

    def _arm(self, name: str) -> None:
        clock = self._world.state.clocks[name]
        if clock.rate_per_day <= 0:
            return
        left = max(0.0, self._threshold(name, clock.firings) - hazard_at(clock, self._world.now))
        wait_s = left / clock.rate_per_day * DAY
        if wait_s > self._world.compiled.duration_s:
            return  # not in this campaign at this rate, which may be as good as nothing
        due = self._world.now + math.ceil(wait_s)
        if due < self._rings.get(name, due + 1):
            self._rings[name] = due
            self._world.at(due, RANK, name, lambda: self._ring(name, due))

    def _ring(self, name: str, due: int) -> None:
        if self._rings.get(name) != due:
            return  # an earlier timer took over
        del self._rings[name]
        clock = self._world.state.clocks[name]
        if hazard_at(clock, self._world.now) < self._threshold(name, clock.firings) * (1 - 1e-12):
            self._arm(name)  # the rate fell meanwhile
            return
        kind, _, subject = name.partition(":")
        fired = self._world.record(f.HazardFired, clock.raised_by, clock=name, firing=clock.firings + 1)
        self._handlers[kind](self._world, subject, fired)
        self._arm(name)
