"""Coarsening of many moments at once, equal to ``Coarsening.window`` of one moment."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from sim.domain.claims import Coarsening
from sim.domain.terms import DAY, HOUR
from sim.observation.theatre import Ints


def windows(words: Coarsening, time_s: Ints, printed_s: Ints, start: datetime) -> tuple[Ints, Ints]:
    """Return the first and the last second that words allow for moments told at ``printed_s``.

    Args:
        words: What the words do to a moment.
        time_s: The moments, in seconds since ``start``.
        printed_s: When each was printed.
        start: The scenario's start, whose offset says where days begin.
    """
    into_day = start.hour * HOUR + start.minute * 60 + start.second

    def midnight(moment: Ints) -> Ints:
        return moment - (moment + into_day) % DAY

    day = midnight(time_s)
    low, high = day, day + DAY
    if words.form == "exact":
        low = high = time_s
    elif words.form == "night":
        dusk = midnight(time_s - 6 * HOUR) + 18 * HOUR
        inside = (dusk <= time_s) & (time_s <= dusk + 12 * HOUR)
        low, high = np.where(inside, dusk, low), np.where(inside, dusk + 12 * HOUR, high)
    elif words.form in {"week", "weekend"}:
        monday = day - (start.weekday() + (time_s + into_day) // DAY) % 7 * DAY
        if words.form == "week":
            low, high = monday, monday + 7 * DAY
        else:
            inside = time_s >= monday + 5 * DAY
            low, high = np.where(inside, monday + 5 * DAY, low), np.where(inside, monday + 7 * DAY, high)
    elif words.form == "days":
        low = low - (words.count - 1) * DAY
    elif words.form in {"hours_before_print", "days_before_print"}:
        by_hours = words.form == "hours_before_print"
        first = printed_s - words.count * HOUR if by_hours else midnight(printed_s) - (words.count - 1) * DAY
        inside = (first <= time_s) & (time_s <= printed_s)
        low, high = np.where(inside, first, low), np.where(inside, printed_s, high)
    return np.minimum(np.maximum(low, 0), time_s), np.maximum(np.minimum(high, printed_s), time_s)
