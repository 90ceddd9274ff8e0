"""The simulation's clock: SimPy's environment, with simultaneous events in a stated order."""

from __future__ import annotations

from typing import Any

import simpy

_FIRST = (-1, "")


class Clock(simpy.Environment):
    """Whole seconds since the start; events of one second happen by (rank of the family, subject).

    SimPy orders the events of one moment by priority and then by insertion. Here the priority carries
    the rank and the subject, so that insertion never decides.
    """

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self._turn: tuple[int, str] = _FIRST
        self.scheduled = 0

    def schedule(self, event: simpy.Event, priority: Any = 1, delay: Any = 0) -> None:
        """Schedule an event in the turn that was set for it; see SimPy's Environment."""
        self.scheduled += 1
        super().schedule(event, (self._turn, priority), delay)  # type: ignore[arg-type]  # any ordered priority serves

    def after(self, delay_s: int, rank: int, subject: str) -> simpy.Timeout:
        """Return an event that happens after a delay, in its turn."""
        self._turn = (rank, subject)
        try:
            return self.timeout(delay_s)
        finally:
            self._turn = _FIRST

    def succeed(self, event: simpy.Event, rank: int, subject: str) -> None:
        """Let a waiting event happen now, in its turn."""
        self._turn = (rank, subject)
        try:
            event.succeed()
        finally:
            self._turn = _FIRST
