"""A file of somebody else's events becomes a reported timeline and its sources."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem, ProblemsFound
from sim.exchange import kept
from sim.exchange.cells import Cells
from sim.exchange.columns import COLUMNS, KEY
from sim.exchange.composing import sources_yaml, timeline_yaml, too_late
from sim.exchange.formats import FORMATS, Format
from sim.exchange.gazetteer import Gazetteer, Placing, Spot, of_scenario
from sim.exchange.kept import KeptRow, fingerprint
from sim.exchange.naming import brief
from sim.exchange.reading import Reader, Sides
from sim.exchange.sheets import SIZE_MAX, Row, Sheet, read_sheet, write_sheet
from sim.exchange.told import Told, carried
from sim.scenario.files import SIZE_MAX_BYTES
from sim.scenario.reported import load_reported
from sim.scenario.schema import Scenario
from sim.store.durable import write_flushed, write_whole

TIMELINE, SOURCES, PLACES = "reported.yaml", "sources.yaml", "places.csv"

#: How far a row's position may lie from a place that it is taken for, if nobody says otherwise.
WITHIN_KM = 5.0


@dataclass(frozen=True, slots=True)
class Imported:
    """What was made of a file: its claims, the rows as they were, and the places that no gazetteer knew."""

    form: str
    title: str
    told: tuple[Told, ...]
    rows: tuple[KeptRow, ...]
    lines: tuple[int, ...]
    places: Mapping[str, Spot]
    unplaced: int
    unused_sides: tuple[str, ...]

    @property
    def left_out(self) -> list[tuple[int, str]]:
        """Return the line of each row that gave no claim, and why."""
        return [(line, row.left_out) for line, row in zip(self.lines, self.rows, strict=True) if row.left_out]


def read_events(
    path: Path, form: str | None = None, *, scenario: Scenario | None = None, gazetteer: Gazetteer | None = None,
    sides: Mapping[str, str] | None = None, within_km: float = WITHIN_KM, offset: tzinfo | None = None,
) -> Imported:  # fmt: skip
    """Return the claims of a file of events.

    Args:
        path: The CSV.
        form: Its format; told from its header if None.
        scenario: Whose places, areas and sides the rows are matched with.
        gazetteer: Places to match with, instead of those of the scenario.
        sides: Ids of sides by the names that the file gives them.
        within_km: How far a row's position may lie from a place that it is taken for.
        offset: Where days begin; that of the scenario's start, else UTC, if not given.

    Raises:
        ProblemsFound: With everything that is wrong in the file, each at its line and column.
        InputError: If no row gives a claim.
    """
    sheet = read_sheet(path, form)
    known = gazetteer or (of_scenario(scenario) if scenario is not None else Gazetteer())
    days_begin = offset or (scenario.scenario.start.tzinfo if scenario is not None else None) or UTC
    placing, named = Placing(known, within_km), Sides(sides or {}, scenario)
    reader = Reader(placing, named, days_begin)
    nameless = list(_nameless(sheet))
    problems = [*sheet.problems, *nameless]
    skipped = {problem.line for problem in nameless}
    rows: list[KeptRow] = []
    told: list[Told] = []
    lines: dict[str, int] = {}
    for row in sheet.rows:
        if row.line in skipped:
            continue
        found, why = _claims(sheet, row, reader, problems)
        problems += _again(sheet, row, found, lines)
        told += found
        cells = {column: row.cells[column] for column in COLUMNS[sheet.form]}
        rows.append(KeptRow(cells, tuple(one.id for one in found), why, fingerprint(found) if found else ""))
    problems += _at_odds(told, lines, sheet)
    if problems:
        raise ProblemsFound(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    if not told:
        reasons = Counter(row.left_out for row in rows)
        why = "; ".join(f"{times} rows: {reason}" for reason, times in reasons.most_common(5)) or "it has no rows"
        raise InputError(f"{path}: no row gives a claim ({why})")
    unplaced = sum(one.claim.score == "no" and not one.claim.event.where for one in told)
    unused = tuple(name for name in named.given if name not in named.used)
    titles = {row.cells["conflict_name"] for row in sheet.rows} if sheet.form == "ged" else set()
    title = brief(next(iter(titles))) if len(titles) == 1 and "" not in titles else f"Events of {brief(path.name, 190)}"
    where = tuple(row.line for row in sheet.rows)
    return Imported(sheet.form, title, tuple(told), tuple(rows), where, placing.new, unplaced, unused)


def _claims(sheet: Sheet, row: Row, reader: Reader, problems: list[Problem]) -> tuple[list[Told], str]:
    """Return the claim that a row carries, else those that follow from its cells."""
    form = FORMATS[sheet.form]
    cells = Cells(sheet, row, problems)
    try:
        one = carried(row.cells[form.carrier])
    except ValueError as error:
        remedy = "clear it from `claim=` on, so that the other cells are read"
        cells.wrong(form.carrier, f"the claim carried here cannot be read ({error})", remedy)
        return [], ""
    if one is None:
        return form.read(cells, reader)
    before = len(problems)
    _agrees(form, cells, one)
    if too_late(one):
        cells.wrong(form.carrier, "the window ends after its source came out", "cut the window at the publication")
    if one.claim.score == "headline":  # which claims decide is for a person to say, before the first run
        one = one.model_copy(update={"claim": one.claim.model_copy(update={"score": "claims"})})
    return ([one] if len(problems) == before else []), ""


def _agrees(form: Format, cells: Cells, one: Told) -> None:
    """Note where the cells of a row say something else than the claim that it carries."""
    expected = form.row(one, "", "", {}, Gazetteer())
    for column in form.checked:
        found: object
        if column in ("date_start", "date_end", "event_date"):
            day = cells.day(column)
            found = f"{day}" if day is not None else None
        else:
            number = cells.whole(column)
            found = "" if number is None else str(number)
        meant = expected.get(column, "")
        if found is not None and found != meant:
            remedy = f"change it there too, or clear {form.carrier} from `claim=` on, so that the cells are read"
            cells.wrong(column, f"{found!r}, but the claim in {form.carrier} means {meant!r}", remedy)


def _nameless(sheet: Sheet) -> Iterator[Problem]:
    """Yield a problem for every row whose id another row has, or that has none."""
    key = KEY[sheet.form]
    seen: dict[str, int] = {}
    for row in sheet.rows:
        found = row.cells[key].strip()
        if not found:
            yield sheet.problem(row, key, "the row has no id", "give it one")
        elif sheet.form == "ged" and not (found.isascii() and found.isdigit()):
            yield sheet.problem(row, key, f"{found!r} is not a whole number", "GED numbers its events")
        elif found in seen:
            message = f"the id {found!r} is given twice (first in line {seen[found]})"
            yield sheet.problem(row, key, message, "remove one of the rows")
        seen.setdefault(found, row.line)


def _again(sheet: Sheet, row: Row, found: Sequence[Told], lines: dict[str, int]) -> Iterator[Problem]:
    """Yield a problem for every claim whose id another row has."""
    for one in found:
        first = lines.setdefault(one.id, row.line)
        if first != row.line:
            at = FORMATS[sheet.form].carrier
            yield sheet.problem(row, at, f"the claim {one.id!r} is also in line {first}", "remove one of the rows")


def _at_odds(told: Sequence[Told], lines: Mapping[str, int], sheet: Sheet) -> Iterator[Problem]:
    """Yield a problem wherever two claims mean different things by one id."""
    seen: dict[tuple[str, str], tuple[Any, str]] = {}
    for one in told:
        claim = one.claim
        for what, name, meant in (
            ("event", claim.event_id, one.event), ("claimant", claim.claimant, one.claimant),
            ("source", claim.source, one.source), ("dating rule", claim.time.rule, one.rule),
            ("grade rule", claim.graded_by, one.grade),
        ):  # fmt: skip
            if name is None:
                continue
            first, by = seen.setdefault((what, name), (meant, one.id))
            if first != meant:
                column = sheet.columns.index(FORMATS[sheet.form].carrier) + 1
                message = f"the {what} {name!r} is not what it is in line {lines[by]}"
                yield Problem(sheet.shown, lines[one.id], column, "", message, "make them agree, or give it another id")


def write_timeline(imported: Imported, folder: Path, origin: str, *, scenario: Scenario | None, force: bool) -> None:
    """Write a timeline, its sources, its new places and the rows it was made of: all of them, or none.

    The timeline is read again, as `sim validate` does, before anything is put in place; it comes last.

    Raises:
        InputError: If there is a timeline already and ``force`` is not given, or the new one is not sound.
    """
    target = folder / TIMELINE
    if target.exists() and not force:
        raise InputError(f"{target} is there already; name another folder with -o, or give --force to replace it")
    about = f"Imported from {origin} ({imported.form.upper()}). The rows as they were stand in {kept.NAME}."
    files = {
        kept.NAME: kept.keep(imported.form, imported.rows),
        SOURCES: sources_yaml(imported.told),
        TIMELINE: timeline_yaml(imported.told, imported.title, about, SOURCES),
    }
    if imported.places:
        files = {PLACES: _places_csv(imported.places), **files}
    for name, text in files.items():
        most = SIZE_MAX if name == kept.NAME else SIZE_MAX_BYTES
        if len(text.encode()) > most:
            limit = f"{name} would be larger than {most // 1024} KiB"
            raise InputError(f"{origin}: {limit}; cut the file by date or place, and import the parts")
    _try_out(files, target, origin, scenario)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write_whole(folder / name, text.encode())


def _try_out(files: Mapping[str, str], target: Path, origin: str, scenario: Scenario | None) -> None:
    """Read a timeline from a folder that nobody looks into."""
    with tempfile.TemporaryDirectory(prefix="import-") as aside:
        for name in (SOURCES, TIMELINE):
            write_flushed(Path(aside) / name, files[name].encode())
        try:
            load_reported(Path(aside) / TIMELINE, scenario)
        except ProblemsFound as found:
            problems = [
                replace(problem, file=str(target.parent / os.path.basename(problem.file))) for problem in found.problems
            ]
            remedy = "correct its rows; cut a file that is too large by date or place, and import the parts"
            what = "the timeline made of it would not be sound, so nothing was written"
            raise ProblemsFound([*problems, Problem(origin, 0, 0, "", what, remedy)]) from None


def _places_csv(places: Mapping[str, Spot]) -> str:
    rows = (
        {"id": key, "name": spot.name, "lat": _degrees(spot.lat), "lon": _degrees(spot.lon)}
        for key, spot in places.items()
    )
    return write_sheet(("id", "name", "lat", "lon"), rows)


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")
