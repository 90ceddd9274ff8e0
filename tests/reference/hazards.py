"""A hazard second by second: it fires when its rate, added up, has reached a threshold, and begins anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping

DAY_S = 86_400


def firings_s(
    first_rate_per_day: float, changes: Mapping[int, float], threshold_of: Callable[[int], float], duration_s: int
) -> list[int]:
    """Return the seconds at which a hazard fires.

    Args:
        first_rate_per_day: Its rate at the start.
        changes: Its new rate from some seconds on.
        threshold_of: The unit exponential of its n-th firing, counted from 0.
        duration_s: How long it is watched.
    """
    rate, reached, found = first_rate_per_day, 0.0, list[int]()
    for second in range(duration_s + 1):
        if second and reached >= threshold_of(len(found)) * (1 - 1e-12):
            found.append(second)
            reached = 0.0
        rate = changes.get(second, rate)
        reached += rate / DAY_S
    return found
