"""What can go wrong, in users' words.

Three families: the user's input is wrong (exit 1), the world refused something impossible (a defect
of ours, exit 3), and a stored batch cannot be read as asked (exit 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: A part of a message is no longer than this.
_TOLD_MAX = 500


class SimError(Exception):
    """Anything this package raises on purpose."""


class InputError(SimError):
    """The user's input is wrong: the message says what, where and what to do (exit code 1)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one spot of one file.

    ``line`` and ``column`` count from 1; 0 means that the problem concerns the file as a whole.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: "
        path = f"{_brief(self.path)}: " if self.path else ""
        remedy = f"; {_brief(self.remedy)}" if self.remedy else ""
        return _seen(f"{where}{path}{_brief(self.message)}{remedy}")


def _brief(text: str) -> str:
    """Return a text that somebody will read: what a file says may be longer than any message should be."""
    return text if len(text) <= _TOLD_MAX else f"{text[: _TOLD_MAX - 60]}...{text[-57:]}"


def _seen(text: str) -> str:
    """Return a text on one line, with what a terminal would obey or hide (controls, direction marks) spelled out."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class ProblemsFound(InputError):
    """All the problems of one or more files, found in one pass."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StoreError(InputError):
    """A batch on disk cannot be used as asked; the message names the file and the remedy."""


class Impossible(SimError):
    """A fact that cannot follow from the state it was applied to: a defect of ours (exit code 3)."""


class InvariantBroken(Impossible):
    """A run in which something does not hold that holds of every run: a defect of ours (exit code 3)."""

    def __init__(self, invariant: str, seq: int, kind: str, time_s: int, what: str) -> None:
        super().__init__(invariant, seq, kind, time_s, what)  # SimPy makes errors anew from their arguments
        self.invariant = invariant
        self.seq = seq

    def __str__(self) -> str:
        """Name the invariant, the fact that broke it, and what is wrong."""
        invariant, seq, kind, time_s, what = self.args
        return f"{invariant}: broken by fact {seq} ({kind}, at {time_s} s): {what}"
