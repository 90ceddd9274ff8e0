"""Moments as people type them: a date with its time, or so many days after the start."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sim.domain.terms import DAY, parse_duration
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


def seconds_after_start(text: str, scenario: Scenario) -> int:
    """Return a moment in seconds since the scenario's start.

    ``text`` is an ISO 8601 moment (local to the scenario where it has no offset), a number of days after
    the start such as ``12`` or ``12.5``, or a duration after the start such as ``P12DT6H``.

    Raises:
        InputError: If the text is none of these or lies outside the scenario's time.
    """
    head = scenario.scenario
    try:
        if text.upper().startswith("P"):
            time_s = round(parse_duration(text.upper()))
        elif text.replace(".", "", 1).isdigit():
            time_s = round(float(text) * DAY)
        else:
            moment = datetime.fromisoformat(text)
            time_s = round((moment.replace(tzinfo=moment.tzinfo or head.start.tzinfo) - head.start).total_seconds())
    except ValueError:
        example = (head.start + timedelta(days=12, hours=6)).strftime("%Y-%m-%dT%H:%M")
        remedy = f"give a date and time such as {example}, or days after the start such as 12"
        raise InputError(f"--at {text}: not a moment; {remedy}") from None
    last = round((head.end - head.start).total_seconds())
    if not 0 <= time_s <= last:
        span = f"{head.start:%Y-%m-%dT%H:%M} for {last / DAY:g} days"
        raise InputError(f"--at {text}: outside the scenario, which runs from {span}")
    return time_s
