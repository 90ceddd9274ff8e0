"""Referents: published ranges of rates in real wars, against which realism is judged.

One table, ``referents.csv`` beside this module, for everybody who judges: ``sim lint`` compares the numbers
of a scenario with it, the page and the documentation what was measured in simulated histories. It holds
general literature only. A range is about the 5 % point, the likeliest value and the 95 % point; a blank
means that nobody gave one. ``mark`` says how it was come by: S read in the source, M remembered, D worked
out from other figures, J judged; ``confidence`` A official or reviewed data, B a good secondary account,
C remembered or claimed, D judged. ``factor`` names the rows of the planning factors from which it is taken.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from sim.domain.terms import DAY, HOUR

#: Units of times, in seconds: a scenario holds durations in seconds.
_SECONDS_PER = {"h": HOUR, "day": DAY}
#: What stands in the table, in words.
MARKS = {"S": "read in the source", "M": "remembered", "D": "derived", "J": "judged"}
_COLUMNS = {
    "id": "Referent", "quantity": "Quantity", "unit": "Unit", "range": "Low / typical / high",
    "applies_to": "Numbers it judges", "outcome": "Measured as", "derived": "How derived", "source": "Source",
    "grade": "Mark, confidence", "factor": "Factor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Referent:
    """One published range.

    ``applies_to`` holds patterns of dotted paths in which ``*`` stands for one step; ``outcome`` names what
    is measured in histories, '' if nothing is; ``low``, ``typical`` and ``high`` are in ``unit``.
    """

    id: str
    subject: str
    quantity: str
    unit: str
    low: float | None
    typical: float | None
    high: float | None
    applies_to: tuple[str, ...]
    outcome: str
    derived: str
    source: str
    mark: str
    confidence: str
    factor: str

    @property
    def measured(self) -> bool:
        """Tell whether the range rests on figures, read or worked out, rather than on memory or judgement."""
        return self.mark in "SD"

    def in_words(self) -> str:
        """Return the range as people write it: ``1.1-3.7, typically 2.3 (ratio)``."""
        unit = {"ratio": "", "factor": "", "share": "", "day": " days"}.get(self.unit, f" {self.unit}")
        ends = (
            f"{self.low:g}-{self.high:g}" if self.low is not None and self.high is not None
            else f"at least {self.low:g}" if self.low is not None
            else f"at most {self.high:g}" if self.high is not None
            else ""
        )  # fmt: skip
        middle = "" if self.typical is None else f"typically {self.typical:g}" if ends else f"about {self.typical:g}"
        return ", ".join(part for part in (ends, middle) if part) + unit

    def cited(self) -> str:
        """Return the range with its source, for a message."""
        return f"{self.in_words()} ({self.source}; {MARKS[self.mark]}, confidence {self.confidence})"

    def applies(self, path: str) -> bool:
        """Tell whether it judges the number at a dotted path."""
        return any(_matches(pattern, path) for pattern in self.applies_to)

    def in_unit(self, value: float, unit: str) -> float:
        """Return a value of a scenario in the referent's unit; seconds become its hours or days."""
        return value / _SECONDS_PER[self.unit] if unit == "s" and self.unit in _SECONDS_PER else value

    def allows(self, value: float) -> bool:
        """Tell whether a value, in the referent's unit, lies between low and high."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def _matches(pattern: str, path: str) -> bool:
    wanted, steps = pattern.split("."), path.split(".")
    return len(wanted) == len(steps) and all(want in ("*", step) for want, step in zip(wanted, steps, strict=True))


@lru_cache(maxsize=1)
def referents() -> dict[str, Referent]:
    """Return the whole table by id, in its order."""
    text = files("sim.scenario").joinpath("referents.csv").read_text(encoding="utf-8")
    return {row["id"]: _referent(row) for row in csv.DictReader(text.splitlines())}


def _referent(row: dict[str, str]) -> Referent:
    low, typical, high = (float(row[part]) if row[part] else None for part in ("low", "typical", "high"))
    words = {key: row[key] for key in ("id", "subject", "quantity", "unit", "outcome", "derived", "source")}
    return Referent(
        **words,
        low=low,
        typical=typical,
        high=high,
        applies_to=tuple(row["applies_to"].split()),
        mark=row["mark"],
        confidence=row["confidence"],
        factor=row["factor"],
    )


def judging(path: str) -> Iterator[Referent]:
    """Yield the referents that judge the number at a dotted path."""
    return (referent for referent in referents().values() if referent.applies(path))


def of_outcome(outcome: str) -> Iterator[Referent]:
    """Yield the referents of something measured in histories."""
    return (referent for referent in referents().values() if outcome and referent.outcome == outcome)


# --- for people -----------------------------------------------------------------------------------------


def _ends(referent: Referent) -> str:
    ends = (referent.low, referent.typical, referent.high)
    return " / ".join("-" if end is None else f"{end:g}" for end in ends)


def rows(wanted: Iterable[str] = tuple(_COLUMNS)) -> tuple[list[str], list[list[str]]]:
    """Return headings and cells of the table, one row per referent."""
    names = list(wanted)
    cells = []
    for referent in referents().values():
        shown = {
            "id": referent.id, "quantity": referent.quantity, "unit": referent.unit, "range": _ends(referent),
            "applies_to": ", ".join(referent.applies_to), "outcome": referent.outcome, "derived": referent.derived,
            "source": referent.source, "grade": f"{referent.mark}, {referent.confidence}", "factor": referent.factor,
        }  # fmt: skip
        cells.append([shown[name] for name in names])
    return [_COLUMNS[name] for name in names], cells


_PREFACE = """\
# Referents: published rates of real wars

What realism is judged against: `sim lint` compares the numbers of a scenario with these ranges, and what is
measured in simulated histories is set beside them. The table is `sim/scenario/referents.csv`; this page is made
from it by `sim referents --markdown` and a test keeps the two alike. General literature only; nothing of a scenario
is in it.

Low, typical and high mean about the 5 % point, the likeliest value and the 95 % point; `-` where nobody gave one.
Mark: S read in the source, mostly in excerpts; M remembered; D worked out from other figures; J judged. Confidence:
A official figure or reviewed data; B a good secondary account; C remembered or claimed; D judgement. A range with
mark M or J is no authority: lint only notes what leaves it. The last column names the planning factor, by which the
references of the scenarios know it.
"""


def markdown() -> str:
    """Return the table as a page of the documentation, one section per subject."""
    headings, cells = rows()
    subjects: dict[str, list[list[str]]] = {}
    for referent, row in zip(referents().values(), cells, strict=True):
        subjects.setdefault(referent.subject, []).append(row)
    text = [_PREFACE]
    for subject, told in subjects.items():
        text += [f"## {subject.capitalize()}", "", f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
        for row in told:
            shown = (_cell(cell, name) for cell, name in zip(row, _COLUMNS, strict=True))
            text.append(f"| {' | '.join(shown)} |")
        text.append("")
    return "\n".join(text).rstrip()


def _cell(text: str, column: str) -> str:
    if column in ("applies_to", "outcome", "id") and text:
        return ", ".join(f"`{part}`" for part in text.split(", "))
    return text.replace("|", "\\|")
