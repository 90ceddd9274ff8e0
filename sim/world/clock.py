"""The simulation's clock: SimPy's environment, with simultaneous events in a stated order."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
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
        if self._turn is _FIRST and isinstance(event, simpy.Process) and event.ok and not event.callbacks:
            return  # the end of a process for which nobody waits needs no event
        self.scheduled += 1
        turn: Any = (*self._turn, priority)  # SimPy compares priorities and nothing else: any order serves
        heappush(self._queue, (self._now + delay, turn, next(self._eid), event))

    def after(self, delay_s: int, rank: int, subject: str) -> simpy.Timeout:
        """Return an event that happens after a delay, in its turn."""
        self._turn = (rank, subject)
        timeout = simpy.Timeout(self, delay_s)
        self._turn = _FIRST
        return timeout

    def call(self, action: Callable[[simpy.Event], None], delay_s: int, rank: int, subject: str) -> None:
        """Call something after a delay, in its turn."""
        callbacks = self.after(delay_s, rank, subject).callbacks
        assert callbacks is not None  # it has not happened yet
        callbacks.append(action)

    def succeed(self, event: simpy.Event, rank: int, subject: str) -> None:
        """Let a waiting event happen now, in its turn."""
        self._turn = (rank, subject)
        event.succeed()
        self._turn = _FIRST

    def drop(self) -> None:
        """Forget all that has not happened yet."""
        for *_, event in self._queue:
            event.callbacks = []
        self._queue.clear()
