"""Hazards against the exponential law, at a rate that stays and at one that changes on the way."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sim.domain import facts as f
from sim.domain.terms import DAY
from sim.engine import run
from sim.verification.agreement import Row, mean_of, share_of
from sim.verification.stage import ground

_REPLICATIONS = 1_500
#: The hazard on which the law is tried: unrest that holds back a pool.
_RATE = "pools.south-capital.unrest_rate_per_day"
_SOURCE = "exponential law in the integrated rate (Cinlar 1975)"


@dataclass(frozen=True, slots=True)
class _Course:
    """A rate, 1/day, that becomes another on a day."""

    what: str
    first: float
    then: float
    day: float = 4.0

    def survival(self, days: float) -> float:
        """Return the probability that nothing has happened by a day."""
        return math.exp(-self.first * min(days, self.day) - self.then * max(0.0, days - self.day))

    def mean_days(self, horizon: float) -> float:
        """Return the mean of the wait, or of the horizon if that comes first: the integral of the survival."""
        before = -math.expm1(-self.first * self.day) / self.first
        after = -math.expm1(-self.then * (horizon - self.day)) / self.then
        return before + self.survival(self.day) * after


_COURSES = (
    _Course("a rate that stays at 0.2 a day", 0.2, 0.2),
    _Course("a rate that rises from 0.1 to 0.5 a day", 0.1, 0.5),
    _Course("a rate that falls from 0.3 to 0.05 a day", 0.3, 0.05),
)


def waits(seed: int) -> Iterator[Row]:
    """Yield the mean wait and the share of waits that outlast two days, one before and one after the change."""
    for course in _COURSES:
        on = ground(f"{_RATE}={course.first}")
        horizon = on.duration_s / DAY
        changes = ((int(course.day * DAY), _RATE, course.then),) if course.then != course.first else ()
        waited = []
        for replication in range(_REPLICATIONS):
            facts = run(on, seed=seed, replication=replication, changes=changes).facts
            held = (fact.time_s / DAY for fact in facts if isinstance(fact, f.PoolHeld))
            waited.append(next(held, horizon))
        yield Row(
            "hazards",
            f"{course.what}: mean wait",
            "days",
            course.mean_days(horizon),
            mean_of(waited),
            "inside",
            _SOURCE,
        )
        for days in (2.0, 7.0):
            lasted = share_of(sum(wait > days for wait in waited), len(waited))
            yield Row(
                "hazards",
                f"{course.what}: none by day {days:g}",
                "share",
                course.survival(days),
                lasted,
                "inside",
                _SOURCE,
            )
