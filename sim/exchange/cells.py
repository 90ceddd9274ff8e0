"""Single cells read as whole numbers, decimals and days; what cannot be read is noted with its place."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from sim.errors import Problem
from sim.exchange.sheets import Row, Sheet

_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([ T]00:00(:00(\.0+)?)?)?")
_IN_WORDS = ("%d %B %Y", "%d-%B-%Y", "%d %b %Y", "%d-%b-%Y")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_YEARS = (1900, 2200)


class Cells:
    """The cells of one row. Asking for one that is wrong notes a problem and returns None, as for an empty one."""

    def __init__(self, sheet: Sheet, row: Row, problems: list[Problem]) -> None:
        self.sheet = sheet
        self.row = row
        self.problems = problems

    def text(self, column: str) -> str:
        """Return the words of a cell without the blanks around them."""
        return self.row.cells[column].strip()

    def whole(self, column: str, low: int = 0, high: int = 100_000_000) -> int | None:
        """Return a whole number between two bounds."""
        found = self.text(column)
        if not found:
            return None
        if not _WHOLE.fullmatch(found):
            self.wrong(column, f"{found!r} is not a whole number", f"write one from {low} to {high}")
            return None
        if not low <= int(found) <= high:
            self.wrong(column, f"{found} is not from {low} to {high}", f"write a number from {low} to {high}")
            return None
        return int(found)

    def needed(self, column: str, low: int, high: int) -> int | None:
        """Return a whole number that must be there."""
        if not self.text(column):
            self.wrong(column, "the cell is empty", f"write a number from {low} to {high}")
        return self.whole(column, low, high)

    def decimal(self, column: str, bound: float) -> float | None:
        """Return a number between minus a bound and that bound."""
        found = self.text(column)
        if not found:
            return None
        try:
            value = float(found)
        except ValueError:
            value = math.nan
        if not abs(value) <= bound:  # not a number is not within any bound either
            self.wrong(column, f"{found!r} is no number from {-bound:g} to {bound:g}", "write degrees as decimals")
            return None
        return value

    def day(self, column: str) -> date | None:
        """Return a day; an empty cell is wrong."""
        found = self.text(column)
        day = _day(found)
        if day is None:
            message = f"{found!r} is no day" if found else "the cell is empty"
            self.wrong(column, message, "write it as 2020-05-01")
            return None
        if not _YEARS[0] <= day.year <= _YEARS[1]:
            self.wrong(column, f"the year {day.year} is not from {_YEARS[0]} to {_YEARS[1]}", "correct the date")
            return None
        return day

    def wrong(self, column: str, message: str, remedy: str) -> None:
        """Note that a cell is wrong."""
        self.problems.append(self.sheet.problem(self.row, column, message, remedy))


def first_day(found: str) -> date | None:
    """Return the first day that stands in a cell of days separated by semicolons, None if that is none."""
    return _day(found.split(";")[0].strip().strip('"'))


def _day(found: str) -> date | None:
    match = _DAY.fullmatch(found)
    try:
        if match:
            return date.fromisoformat(match[1])
    except ValueError:
        return None
    for form in _IN_WORDS:
        try:
            return datetime.strptime(found, form).date()
        except ValueError:
            continue
    return None
