"""What every file says of itself: what it is, what it must not be taken for, and whose geography it contains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sim.scenario.schema import Scenario

SIMULATED, REPORTED = "simulated", "reported"

#: What each kind of file must not be taken for.
WARNINGS = {
    "history": (
        "Simulated: one of many histories that a model made of assumptions. Nothing in it was seen or reported, and "
        "no other history need look like it."
    ),
    "batch": (
        "Simulated: shares of the histories that a model made of assumptions, with how sure the counting is of them, "
        "not how sure the model is."
    ),
    "claims": (
        "Reported: what somebody is said to have said, each with the window that his words leave open. A claim is no "
        "confirmed event, and several may contradict each other."
    ),
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands at the head of a file: title, what it must not be taken for, and lines of attribution."""

    title: str
    warning: str
    attribution: tuple[str, ...] = ()
    about: tuple[tuple[str, str | int], ...] = ()

    def text(self) -> str:
        """Return all of it as paragraphs."""
        known = "; ".join(f"{name} {value}" for name, value in self.about)
        return "\n\n".join(part for part in (self.warning, *self.attribution, known) if part)


def of_history(scenario: Scenario, seed: int, replication: int, draw: int, digest: str) -> Stamp:
    """Return the stamp of one history; ``digest`` is the SHA-256 of its log."""
    about = (
        ("scenario", scenario.scenario.id), ("seed", seed), ("replication", replication), ("draw", draw),
        ("log SHA-256", digest),
    )  # fmt: skip
    title = f"{scenario.scenario.title} (simulated, replication {replication} of seed {seed})"
    return Stamp(title, WARNINGS["history"], scenario.geography.attribution, about)


class Clock:
    """Moments of a scenario, in ISO 8601 with the offset of its start."""

    def __init__(self, start: datetime) -> None:
        self.start = start

    def at(self, time_s: int) -> str:
        """Return the moment so many seconds after the start."""
        return (self.start + timedelta(seconds=time_s)).isoformat()
