"""The rows of an imported file, kept beside the timeline that was made of them.

A claim has no place for an actor's code number or a source's headline. ``imported.csv`` holds every row as it
was, the ids of the claims made of it, why none was made, and the SHA-256 of these claims: as long as they are
what they were, the row can be written again as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.exchange.columns import COLUMNS
from sim.exchange.sheets import read_sheet, write_sheet
from sim.exchange.told import Told

NAME = "imported.csv"
_OURS = ("claims", "left_out", "claims_sha256")


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row as it was, and the ids of the claims made of it."""

    cells: dict[str, str]
    claims: tuple[str, ...]
    left_out: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of an imported file, and its format."""

    form: str
    rows: tuple[KeptRow, ...]


def fingerprint(told: Iterable[Told]) -> str:
    """Return the SHA-256 of claims, whether or not one of them has been chosen as a headline since."""
    digest = hashlib.sha256()
    for one in told:
        claim = one.claim.model_copy(update={"score": "claims" if one.claim.score == "headline" else one.claim.score})
        digest.update(f"{one.id}\n{claim.model_dump_json(exclude_defaults=True)}\n".encode())
    return digest.hexdigest()


def keep(form: str, rows: Sequence[KeptRow]) -> str:
    """Return the rows as a file."""
    return write_sheet(
        (*_OURS, *COLUMNS[form]),
        (
            {"claims": " ".join(row.claims), "left_out": row.left_out, "claims_sha256": row.sha256, **row.cells}
            for row in rows
        ),
    )


def kept_beside(timeline: Path) -> Kept | None:
    """Return the rows kept beside a timeline, None if there are none.

    Raises:
        ProblemsFound: If there is such a file and it cannot be read.
    """
    path = timeline.parent / NAME
    if not path.is_file():
        return None
    sheet = read_sheet(path, more=_OURS)
    rows = []
    for row in sheet.rows:
        cells = {column: row.cells[column] for column in COLUMNS[sheet.form]}
        ours = (row.cells[name] for name in _OURS)
        claims, left_out, sha256 = ours
        rows.append(KeptRow(cells, tuple(claims.split()), left_out, sha256))
    return Kept(sheet.form, tuple(rows))
