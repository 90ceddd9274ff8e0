"""Places and legs from CSV files, as the layer below the ``places:`` and ``legs:`` of the YAML.

A row is one place or leg by its ``id``; an empty cell says nothing. Numbers take their basis from the
column beside them (``length_basis``, ``time_basis``, ``population_basis``, else ``basis``, else
``source``), their confidence likewise (``time_confidence``, ..., else ``confidence``), their refs (``a|b``)
from the column of that name; ``source`` becomes the note of the row where another column gives a basis.
Columns that only describe are known and left alone; any other is refused. Every cell keeps its line and
column, so that a wrong one is found in the CSV.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Problem
from sim.scenario.documents import TOLD_MAX, Document, Spot, Trail
from sim.scenario.files import read_text
from sim.scenario.spelling import did_you_mean
from sim.scenario.yaml_source import VALUES_MAX, WHOLE_MAX, plain_scalar

#: Number: what the columns of its own basis and confidence begin with.
_NUMBERS = {
    "population": "population",
    "length_km": "length",
    "travel_time_h_light": "time",
    "travel_time_h_truck": "time",
    "travel_time_h_foot": "time",
}
_OWN = tuple(f"{prefix}_{label}" for prefix in dict.fromkeys(_NUMBERS.values()) for label in ("basis", "confidence"))
_LISTS = ("closed_months",)
_PLAIN_NUMBERS = ("lat", "lon", "elevation_m")
_ABOUT_NUMBERS = ("basis", "confidence", *_OWN, "refs", "source")
#: Columns that give a basis, so that the source is a note.
_BASES = ("basis", *(name for name in _OWN if name.endswith("_basis")))

#: Columns that become values, by section.
VALUES = {
    "places": ("id", "name", "kind", "lat", "lon", "elevation_m", "zone", "terrain", "holder", "population"),
    "legs": (
        "id", "from", "to", "kind", "length_km",
        "travel_time_h_light", "travel_time_h_truck", "travel_time_h_foot", "closed_months",
    ),
}  # fmt: skip

#: Columns that only describe, by section.
DESCRIPTIVE = {
    "places": ("alt_names", "elevation_basis", "district", "province", "notes"),
    "legs": (
        "from_name", "to_name", "via", "pace_class", "model_lcp_km", "straight_km", "ascent_m", "descent_m",
        "max_elevation_m", "capacity_vehicles_per_h", "capacity_basis", "delay_months", "seasonal_note",
        "published_time_note", "notes",
    ),
}  # fmt: skip

_COLUMNS_MAX = 100
_LINE_END = re.compile(r"\r\n|\r|\n")
_REST_OF_LINE = re.compile(r"[^\n]*\n?")
_CELL = re.compile(r'"((?:[^"]|"")*)"|([^",\r\n]*)')


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    spot: Spot


def read_table(path: Path, shown: str, section: str) -> Document:
    """Return the rows of a CSV of places or legs as ``{section: {id: row}}`` with their positions.

    Raises:
        ProblemsFound: If the file cannot be read as text; what is wrong inside is kept in the document.
    """
    table = _Table(shown, section)
    rows = _rows(read_text(path, shown), shown, table.problems)
    header = next(rows, None)
    if header is None:
        table.problems.append(Problem(shown, 0, 0, "", "the file is empty", "begin with a line of column names"))
    else:
        columns = table.columns(header)
        for row in rows:
            table.row(columns, row)
            if len(table.values) > VALUES_MAX or len(table.problems) > TOLD_MAX:
                break  # who loads it adds up what all files hold, and refuses so much
    return Document(shown, {section: table.data}, table.keys, table.values, tuple(table.problems))


class _Table:
    """The rows read so far, and where everything stands."""

    def __init__(self, shown: str, section: str) -> None:
        start = Spot(shown, 1, 1)
        self.section = section
        self.data: dict[str, dict[str, Any]] = {}
        self.keys: dict[Trail, Spot] = {(section,): start}
        self.values: dict[Trail, Spot] = {(): start, (section,): start}
        self.problems: list[Problem] = []

    def columns(self, header: list[_Cell]) -> list[str]:
        known = (*VALUES[self.section], *DESCRIPTIVE[self.section], *_ABOUT_NUMBERS)
        names = [cell.text.strip() for cell in header]
        if len(header) > _COLUMNS_MAX:
            self._note(header[0], f"the first line has {len(header)} cells", "begin with a line of column names")
            return names
        for index, cell in enumerate(header):
            name = names[index]
            if name in names[:index]:
                self._note(cell, f"the column {name!r} is given twice", "remove one of them")
            elif name not in known:
                self._note(cell, f"unknown column {name!r}", did_you_mean(name, known))
        if "id" not in names:
            self._note(header[0], "there is no column 'id'", "name every row by its id")
        return names

    def row(self, columns: list[str], cells: list[_Cell]) -> None:
        if len(cells) != len(columns):
            message = f"the row has {len(cells)} cells (expected {len(columns)}, one for each column)"
            self._note(cells[0], message, "quote cells that contain commas")
            return
        given = {name: cell for name, cell in zip(columns, cells, strict=True) if cell.text.strip()}
        if "id" not in given:
            if "id" in columns:
                self._note(cells[columns.index("id")], "the row has no id", "give it one")
            return
        key = given["id"].text.strip()
        trail: Trail = (self.section, key)
        if key in self.data:
            message = f"the id {key!r} is given twice (first in line {self.keys[trail].line})"
            self._note(given["id"], message, "remove one of the rows")
            return
        self.keys[trail] = self.values[trail] = given["id"].spot
        self.data[key] = {}
        for name, cell in given.items():
            if name != "id" and name in VALUES[self.section]:
                self.data[key][name] = self._value(name, cell, (*trail, name), given)
        source = given.get("source")
        if source is not None and any(column in given for column in _BASES):
            self.data[key]["note"] = source.text.strip()
            self.keys[*trail, "note"] = self.values[*trail, "note"] = source.spot

    def _value(self, name: str, cell: _Cell, trail: Trail, given: dict[str, _Cell]) -> Any:
        self.keys[trail] = self.values[trail] = cell.spot
        text = cell.text.strip()
        if name in _LISTS:
            items = [plain_scalar(item.strip()) for item in text.split("|")]
            self.values.update({(*trail, index): cell.spot for index in range(len(items))})
            return items
        if name in _NUMBERS:
            return self._number(name, text, trail, given)
        return self._scalar(text, cell) if name in _PLAIN_NUMBERS else text

    def _scalar(self, text: str, cell: _Cell) -> Any:
        value = plain_scalar(text)
        if isinstance(value, float) and not math.isfinite(value):
            self._note(cell, f"{text} is not a finite number", "write a finite one")
        elif isinstance(value, int | float) and abs(value) > WHOLE_MAX:
            self._note(cell, "the number is too large (beyond 2**53)", "write a smaller one")
        else:
            return value
        return text

    def _number(self, name: str, text: str, trail: Trail, given: dict[str, _Cell]) -> dict[str, Any]:
        number: dict[str, Any] = {"value": self._scalar(text, given[name])}
        self.values[*trail, "value"] = given[name].spot
        own = _NUMBERS[name]
        basis = next((given[column] for column in (f"{own}_basis", "basis", "source") if column in given), None)
        confidence = given.get(f"{own}_confidence", given.get("confidence"))
        for part, cell in (("basis", basis), ("confidence", confidence)):
            if cell is not None:
                number[part] = cell.text.strip()
                self.keys[*trail, part] = self.values[*trail, part] = cell.spot
        if "refs" in given:
            number["refs"] = [ref.strip() for ref in given["refs"].text.split("|")]
            self.keys[*trail, "refs"] = self.values[*trail, "refs"] = given["refs"].spot
        return number

    def _note(self, cell: _Cell, message: str, remedy: str) -> None:
        self.problems.append(Problem(*cell.spot, "", message, remedy))


def _rows(text: str, shown: str, problems: list[Problem]) -> Iterator[list[_Cell]]:
    """Yield the rows of a text by RFC 4180, each cell with its place; empty lines are passed over."""
    at, line, start_of_line = 0, 1, 0
    row: list[_Cell] = []
    while at < len(text):
        spot = Spot(shown, line, at - start_of_line + 1)
        match = _CELL.match(text, at)
        assert match is not None  # the second alternative matches the empty text
        quoted = match[1]
        row.append(_Cell(match[2] if quoted is None else quoted.replace('""', '"'), spot))
        if quoted is not None and "\n" in quoted:
            line += quoted.count("\n")
            start_of_line = match.start() + 1 + quoted.rindex("\n") + 1
        at = match.end()
        if at < len(text) and text[at] == ",":
            at += 1
            if at == len(text):
                row.append(_Cell("", Spot(shown, line, at - start_of_line + 1)))
            continue
        end = _LINE_END.match(text, at)
        if end is None and at < len(text):
            remedy = "quote the whole cell, close the quotes, and double those inside"
            problems.append(Problem(*spot, "", 'a quote (") stands inside this cell', remedy))
            end, row = _REST_OF_LINE.match(text, at), []
        if end is not None:
            at, line, start_of_line = end.end(), line + 1, end.end()
        if len(row) > 1 or (row and row[0].text.strip()):
            yield row
        row = []
    if row:
        yield row
