"""CSV files of events: read whole with the line of every row, and written so that no spreadsheet computes a cell.

A cell that a spreadsheet would take for a formula gets an apostrophe when it is written; one apostrophe
before such a cell is taken away when it is read. Numbers are left alone, for a latitude may be negative.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sim.errors import Problem, ProblemsFound
from sim.exchange.columns import COLUMNS, format_of
from sim.scenario.documents import TOLD_MAX
from sim.scenario.files import SIZE_MAX_BYTES, read_bytes, unprintable
from sim.scenario.spelling import did_you_mean

#: A row of events is mostly the titles of its sources, so that a file may be larger than what people write by hand.
SIZE_MAX = 8 * SIZE_MAX_BYTES

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: the line on which it begins, and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, and what its columns are; ``problems`` are those of rows that are left out of it."""

    shown: str
    form: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    def problem(self, row: Row, column: str, message: str, remedy: str) -> Problem:
        """Return what is wrong with a cell, at its line and the number of its column."""
        return Problem(self.shown, row.line, self.columns.index(column) + 1, column, message, remedy)


def read_sheet(path: Path, form: str | None = None, more: Sequence[str] = ()) -> Sheet:
    """Read a file of events.

    Args:
        path: The file: UTF-8 with or without a byte-order mark, lines ended in any way.
        form: Its format; told from its header if None.
        more: Columns that stand before those of the format.

    Raises:
        ProblemsFound: If it cannot be read as text, or its header is not that of the format.
    """
    shown = str(path)
    problems: list[Problem] = []
    lines = _lines(_text(path, shown), shown, problems)
    _, header = next(lines, (0, []))
    if not header:
        raise ProblemsFound(problems or [Problem(shown, 0, 0, "", "the file is empty", "begin with the column names")])
    found = form or format_of(header)
    if found is None:
        remedy = "give --format ged or acled, and begin with the column names"
        raise ProblemsFound([Problem(shown, 1, 1, "", "the header is neither that of GED nor that of ACLED", remedy)])
    wanted = (*more, *COLUMNS[found])
    faults = list(_of_header(header, wanted, found, shown))
    if faults:
        raise ProblemsFound(faults)
    rows = []
    for line, cells in lines:
        if len(cells) != len(header):
            message = f"the row has {len(cells)} cells (expected {len(header)}, one for each column)"
            problems.append(Problem(shown, line, 1, "", message, "quote cells that contain commas"))
        else:
            rows.append(Row(line, dict(zip(header, map(_unguarded, cells), strict=True))))
        if len(problems) > TOLD_MAX:
            break
    return Sheet(shown, found, tuple(header), tuple(rows), tuple(problems))


def write_sheet(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return a file of events; a column that a row does not have is left empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_guarded(row.get(column, "")) for column in columns] for row in rows)
    return out.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _text(path: Path, shown: str) -> str:
    """Return the text of a file, a byte-order mark dropped."""
    raw = read_bytes(path, shown, SIZE_MAX)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"is not UTF-8: the byte 0x{raw[error.start]:02x} cannot stand here"
        raise ProblemsFound([Problem(shown, line, column, "", message, "save the file as UTF-8")]) from None
    problems = list(islice(unprintable(text, shown), TOLD_MAX))
    if problems:
        raise ProblemsFound(problems)
    return text


def _lines(text: str, shown: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a text with the line on which each begins; what is no CSV ends it and is noted."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            remedy = "quote the whole cell, close the quotes, and double those inside"
            problems.append(Problem(shown, begins, 1, "", f"this is no row of a CSV file ({error})", remedy))
            return
        if any(cells):
            yield begins, cells


def _of_header(header: Sequence[str], wanted: Sequence[str], form: str, shown: str) -> Iterator[Problem]:
    """Yield what is wrong with the names of the columns: unknown, missing, or given twice."""
    for number, name in enumerate(header, 1):
        if name not in wanted:
            lacking = [one for one in wanted if one not in header]
            remedy = did_you_mean(name, lacking) if lacking else "remove the column"
            yield Problem(shown, 1, number, "", f"unknown column {name!r} for {form}", remedy)
    for name, times in Counter(header).items():
        if times > 1:
            message = f"the column {name!r} is given {times} times"
            yield Problem(shown, 1, len(header) - list(reversed(header)).index(name), "", message, "keep one of them")
    missing = [name for name in wanted if name not in header]
    if missing:
        message = f"{len(missing)} of the {len(wanted)} columns of {form} are missing: {', '.join(missing)}"
        yield Problem(shown, 1, 1, "", message, "export all columns, or add them empty")
