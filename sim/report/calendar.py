"""The scenario's calendar as people read it: local dates for charts and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sim.domain.terms import DAY


@dataclass(frozen=True, slots=True)
class Calendar:
    """When second 0 was, how long the simulated stretch is, and up to when anything was known.

    Charts take local time without its offset, because plotly has no other; ``offset`` names it.
    ``horizon_s`` is the moment by which everything is scored, in seconds since the start.

    Days are counted from 0 and last 24 hours from the start on, the last of them up to the end of the stretch. Numbers
    of a day are those at its end. Where that is midnight a day has a date, else it is named by the moment it ends at.
    """

    start: datetime
    duration_s: int
    horizon_s: int

    @property
    def offset(self) -> str:
        """Return the offset of local time from UTC, such as ``UTC+04:30``."""
        return f"UTC{self.start.isoformat()[-6:]}" if self.start.utcoffset() else "UTC"

    @property
    def days(self) -> int:
        """Return how many days the simulated stretch touches."""
        return -(-self.duration_s // DAY)

    @property
    def dated(self) -> bool:
        """Tell whether every day has a date of its own: it runs from midnight to midnight."""
        return all(_midnight(self._at(end_s)) for end_s in (0, self.duration_s))

    @property
    def has_forecast(self) -> bool:
        """Tell whether the simulated stretch goes on after the last moment that anything was known of."""
        return self.horizon_s < self.duration_s

    def local(self, time_s: float) -> str:
        """Return the local moment as charts take it, ISO 8601 without an offset."""
        return self._at(time_s).replace(tzinfo=None).isoformat(timespec="minutes")

    def moment(self, time_s: float) -> str:
        """Return the local moment in words, such as ``3 May 06:00``."""
        at = self._at(time_s)
        return f"{at.day} {at:%b %H:%M}"

    def end_s(self, day: int) -> int:
        """Return when a day ends, in seconds since the start."""
        return min((day + 1) * DAY, self.duration_s)

    def date(self, day: int) -> str:
        """Return a day in words, such as ``Sun 3 May``, or ``the day to Mon 4 May 06:00``."""
        first, last = self._at(day * DAY), self._at(self.end_s(day))
        if _midnight(first) and _midnight(last):
            return f"{first:%a} {first.day} {first:%b}"
        return f"the day to {last:%a} {last.day} {last:%b %H:%M}"

    def stamp(self, day: int) -> str:
        """Return a day for a table that programs read: its date, or the moment it ends at, ISO 8601."""
        first, last = self._at(day * DAY), self._at(self.end_s(day))
        return first.date().isoformat() if _midnight(first) and _midnight(last) else self.local(self.end_s(day))

    def on(self, time_s: float) -> str:
        """Return the date of a moment, such as ``3 May``."""
        at = self._at(time_s)
        return f"{at.day} {at:%b}"

    def midnights(self, step: int) -> list[str]:
        """Return every so many midnights, counted from that before the start and without it, as charts take them."""
        found = (self.start.date() + timedelta(days=number) for number in range(step, self.days, step))
        return [f"{date.isoformat()}T00:00" for date in found]

    def window(self, start_s: float, end_s: float) -> str:
        """Return a stretch of time in words, by dates alone where it runs from midnight to midnight."""
        first, last = self._at(start_s), self._at(end_s)
        if _midnight(first) and _midnight(last) and last > first:
            last -= timedelta(days=1)
            one = f"{first.day} {first:%b}"
            return one if first.date() == last.date() else f"{one} to {last.day} {last:%b}"
        return f"{self.moment(start_s)} to {self.moment(end_s)}"

    def _at(self, time_s: float) -> datetime:
        return self.start + timedelta(seconds=float(time_s))


def _midnight(at: datetime) -> bool:
    return at.hour == at.minute == 0
