"""Plain data with the place in a file of every key and value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.errors import Problem

#: Whoever makes more mistakes than this is told of so many first.
TOLD_MAX = 200

#: The keys and list indices that lead to a value.
Trail = tuple[str | int, ...]


class Spot(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """The plain data of one file, or of several laid over each other, and where each part of it stands.

    ``data`` is never changed after reading. ``problems`` holds what is wrong but did not stop the
    reading, so that a check of the data can report everything at once.
    """

    file: str
    data: Any
    keys: Mapping[Trail, Spot]
    values: Mapping[Trail, Spot]
    problems: tuple[Problem, ...] = ()

    def spot(self, trail: Trail, key: bool = False) -> Spot:
        """Return where a value (or its key) stands; where it is not given, where its nearest holder stands."""
        spots = self.keys if key else self.values
        steps = tuple(trail)
        while steps:
            if steps in spots:
                return spots[steps]
            indexed = tuple(_as_index(step) for step in steps)
            if indexed in spots:
                return spots[indexed]
            steps, spots = steps[:-1], self.keys
        return self.values.get((), Spot(self.file, 1, 1))

    def position(self, trail: Trail, key: bool = False) -> tuple[int, int]:
        """Return line and column of a value, or of its key."""
        found = self.spot(trail, key)
        return found.line, found.column

    def problem(self, trail: Trail, message: str, remedy: str = "", key: bool = False) -> Problem:
        """Return a problem with what stands at a trail."""
        return Problem(*self.spot(trail, key), dotted(trail), message, remedy)


def _as_index(step: str | int) -> str | int:
    return int(step) if isinstance(step, str) and step.isdecimal() else step


def dotted(trail: Trail) -> str:
    """Return the dotted path of a trail."""
    return ".".join(map(str, trail))


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems without repeats, by file, line and column; of hundreds the first."""
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.column))
    if len(ordered) > TOLD_MAX:
        more = f"there are {len(ordered) - TOLD_MAX} more problems, or many more"
        ordered[TOLD_MAX:] = [Problem(ordered[0].file, 0, 0, "", more, "mend these first")]
    return ordered
