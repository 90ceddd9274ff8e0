"""Claims, reported or simulated, become the rows of somebody else's format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.exchange.columns import COLUMNS, KEY
from sim.exchange.formats import FORMATS, Format
from sim.exchange.gazetteer import Gazetteer
from sim.exchange.kept import Kept, KeptRow, fingerprint
from sim.exchange.sheets import write_sheet
from sim.exchange.told import Told, words_before


@dataclass(frozen=True, slots=True)
class Exported:
    """A file of events.

    ``events`` of its rows are events by the format's own definition; ``as_they_were`` are rows of an imported
    file that were put back, and ``changed`` of them became a row for each claim, because these were changed since.
    """

    text: str
    rows: int
    events: int
    as_they_were: int
    changed: int


def export(
    told: Sequence[Told], form: str, title: str, *, sides: Mapping[str, str] | None = None,
    gazetteer: Gazetteer | None = None, kept: Kept | None = None,
) -> Exported:  # fmt: skip
    """Return claims as a file of events: a row for each claim, after the rows that were imported.

    Args:
        told: The claims.
        form: The format.
        title: What the conflict is called, where the format has a column for it.
        sides: Names of sides.
        gazetteer: Names and positions of places.
        kept: The rows of the file that the claims were imported from. They are put back as they were if it is of
            the same format; one whose claims were changed since becomes a row for each of them.
    """
    how = FORMATS[form]
    known, places = dict(sides or {}), gazetteer or Gazetteer()
    old = kept.rows if kept is not None and kept.form == form else ()
    by_id = {one.id: one for one in told}
    rows: list[dict[str, str]] = []
    done: set[str] = set()
    as_they_were = changed = 0
    keys = _Keys(form, old)
    for row in old:
        now = [by_id[claim] for claim in row.claims if claim in by_id]
        done.update(row.claims)
        if row.left_out or (now and fingerprint(now) == row.sha256):
            rows.append(row.cells)
            as_they_were += 1
        elif now:
            changed += 1
            for number, one in enumerate(now):
                key = row.cells[KEY[form]] if not number else keys.new(one)
                cells = how.row(one, key, title, known, places)
                rows.append(_over(row, how, one, cells, how.once if number else ()))
    rows += [how.row(one, keys.new(one), title, known, places) for one in told if one.id not in done]
    events = sum(how.is_event(row) for row in rows)
    return Exported(write_sheet(COLUMNS[form], rows), len(rows), events, as_they_were, changed)


def _over(row: KeptRow, how: Format, one: Told, cells: dict[str, str], once: Sequence[str]) -> dict[str, str]:
    """Return a row that was imported with a claim of it laid over it, whose words stand before the claim."""
    below = {column: cell for column, cell in row.cells.items() if column not in (*how.own, *once)}
    above = {column: cell for column, cell in cells.items() if cell and not (column in how.theirs and below[column])}
    return below | above | {how.carrier: one.cell(words_before(row.cells[how.carrier]))}


class _Keys:
    """Gives ids to new rows: GED counts on after the last one, ACLED's are words and may be those of the claims."""

    def __init__(self, form: str, old: Sequence[KeptRow]) -> None:
        self._form = form
        self._taken = {row.cells[KEY[form]].strip() for row in old}
        self._last = max((int(key) for key in self._taken if key.isdigit()), default=0)

    def new(self, one: Told) -> str:
        if self._form == "acled" and one.id not in self._taken:
            self._taken.add(one.id)
            return one.id
        self._last += 1
        return str(self._last) if self._form == "ged" else f"{one.id}-{self._last}"
