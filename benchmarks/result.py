"""One measured goal, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured, and the goal beside it; ``goal`` and ``stretch`` are in words, '' where there is none."""

    letter: str
    what: str
    measured: str
    goal: str
    stretch: str = ""

    def line(self) -> str:
        """Return the result as one line of the printed table."""
        return f"{self.letter:<2} {self.what:<58} {self.measured:>20}   {self.goal:<16} {self.stretch}".rstrip()


def rate(facts: int, seconds: float) -> str:
    """Return millions of facts per second in words."""
    return f"{facts / seconds / 1e6:.2f} M/s"


HEADER = Result("", "what", "measured", "goal", "stretch").line()
