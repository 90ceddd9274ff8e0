"""A file of events is read whole or refused with everything that is wrong, each at its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ProblemsFound
from sim.exchange.columns import ACLED, GED
from sim.exchange.importing import read_events
from sim.exchange.sheets import SIZE_MAX, read_sheet, write_sheet
from tests.exchange.conftest import DATA, FORMS, Changed


def test_the_formats_have_49_and_31_columns() -> None:
    """GED has 49 columns and ACLED 31, each named once."""
    assert (len(set(GED)), len(set(ACLED))) == (49, 31)


@pytest.mark.parametrize("form", FORMS)
def test_a_format_is_told_from_its_header(form: str) -> None:
    """Nobody needs to say which of the two formats a file has."""
    assert read_sheet(DATA / f"{form}.csv").form == form


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("mark", "end"), [(b"\xef\xbb\xbf", b"\n"), (b"", b"\r\n"), (b"\xef\xbb\xbf", b"\r\n")])
def test_byte_order_marks_and_line_ends_mean_nothing(tmp_path: Path, form: str, mark: bytes, end: bytes) -> None:
    """A file saved by a spreadsheet holds the same claims as one saved by a program."""
    raw = (DATA / f"{form}.csv").read_bytes()
    other = tmp_path / f"{form}.csv"
    other.write_bytes(mark + raw.replace(b"\n", end))
    ids = [one.id for one in read_events(DATA / f"{form}.csv").told]
    assert [one.id for one in read_events(other).told] == ids


@pytest.mark.parametrize(
    "cell", ["=1+1", "+x", "-x", "@x", "\tx", "'=x", "''-x", "it's", "'quoted'", "-45.6", "\nx", ""]
)
def test_no_cell_is_computed_and_every_cell_comes_back(tmp_path: Path, cell: str) -> None:
    """What a spreadsheet would compute gets an apostrophe on the way out and loses it on the way in."""
    path = tmp_path / "file.csv"
    path.write_text(write_sheet(GED, [{"id": "1", "relid": cell}]), encoding="utf-8", newline="")
    assert read_sheet(path).rows[0].cells["relid"] == cell
    line = path.read_text(encoding="utf-8").split("\n", 1)[1]
    assert not line.startswith(("1,=", "1,+", "1,-x", "1,@", "1,\t", '1,"\n'))


HOSTILE = [
    ("ged", {"date_start": "2019-02-30"}, r":2:39: date_start: '2019-02-30' is no day; write it as 2020-05-01"),
    ("ged", {"date_start": ""}, r":2:39: date_start: the cell is empty; write it as"),
    (
        "ged",
        {"date_start": "2019-04-03"},
        r":2:39: date_start: 2019-04-03 is later than date_end 2019-04-02; swap them",
    ),
    ("ged", {"date_start": "0012-04-03"}, r"date_start: the year 12 is not from 1900 to 2200"),
    ("ged", {"deaths_b": "-7"}, r":2:42: deaths_b: -7 is not from 0 to 100000000; write a number"),
    ("ged", {"deaths_b": "seven"}, r"deaths_b: 'seven' is not a whole number; write one from 0"),
    ("ged", {"low": "8"}, r":2:47: low: 8 is more than best 7; put low, best and high in order"),
    ("ged", {"high": "6"}, r":2:45: best: 7 is more than high 6"),
    ("ged", {"latitude": "91"}, r":2:30: latitude: '91' is no number from -90 to 90; write degrees"),
    ("ged", {"longitude": "nan"}, r"longitude: 'nan' is no number from -180 to 180"),
    ("ged", {"date_prec": "1.5"}, r":2:38: date_prec: '1.5' is not a whole number; write one from 1 to 5"),
    ("ged", {"date_prec": ""}, r"date_prec: the cell is empty; write a number from 1 to 5"),
    ("ged", {"where_prec": "8"}, r"where_prec: 8 is not from 1 to 7"),
    ("ged", {"id": "700002"}, r":3:1: id: the id '700002' is given twice \(first in line 2\); remove one"),
    ("ged", {"id": ""}, r":2:1: id: the row has no id; give it one"),
    ("ged", {"id": "x1"}, r":2:1: id: 'x1' is not a whole number"),
    ("ged", {"side_b": " "}, r":2:18: side_b: the cell is empty; name the side"),
    ("acled", {"event_date": "31 April 2019"}, r":2:2: event_date: '31 April 2019' is no day"),
    ("acled", {"time_precision": "4"}, r":2:4: time_precision: 4 is not from 1 to 3"),
    ("acled", {"fatalities": "-1"}, r":2:29: fatalities: -1 is not from 0"),
    ("acled", {"latitude": "-90.1"}, r":2:23: latitude: '-90.1' is no number from -90 to 90"),
    ("acled", {"event_id_cnty": "MRW102"}, r":3:1: event_id_cnty: the id 'MRW102' is given twice"),
    (
        "acled",
        {"tags": "claim={}"},
        r":2:30: tags: the claim carried here cannot be read \(id: Field required\); clear it",
    ),
    ("acled", {"tags": "claim={1}"}, r":2:30: tags: the claim carried here cannot be read"),
]


@pytest.mark.parametrize(("form", "cells", "said"), HOSTILE, ids=lambda value: str(value)[:30])
def test_a_wrong_cell_is_named(changed: Changed, form: str, cells: dict[str, str], said: str) -> None:
    """Each wrong cell gives one error with its line, its column, what was found and what to do."""
    with pytest.raises(ProblemsFound, match=said) as found:
        read_events(changed(form, **cells))
    assert len(found.value.problems) == 1


def test_everything_wrong_is_said_at_once(changed: Changed) -> None:
    """Three wrong cells are three errors, in the order of the file."""
    path = changed("ged", 1, latitude="91", low="99", date_prec="9")
    with pytest.raises(ProblemsFound) as found:
        read_events(path)
    assert [problem.path for problem in found.value.problems] == ["latitude", "date_prec", "low"]


def refused(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(raw)
    with pytest.raises(ProblemsFound, match=said):
        read_events(path)


def test_what_is_no_file_of_events_is_refused(tmp_path: Path) -> None:
    """NUL, bytes that are not UTF-8, open quotes, rows too short, unknown and missing columns: each in words."""
    raw = (DATA / "ged.csv").read_bytes()
    refused(tmp_path, b"", "the file is empty; begin with the column names")
    refused(tmp_path, b"a,b\n1,2\n", ":1:1: the header is neither that of GED nor that of ACLED; give --format")
    refused(tmp_path, raw + b"\0\n", r":10:1: the character U\+0000 is not text; remove it")
    refused(tmp_path, raw + b"\xff\n", r":10:1: is not UTF-8: the byte 0xff cannot stand here; save the file as UTF-8")
    refused(tmp_path, raw + b"1,2,3\n", r":10:1: the row has 3 cells \(expected 49, one for each column\); quote cells")
    refused(tmp_path, raw + b'1,"2\n', r":10:1: this is no row of a CSV file \(unexpected end of data\)")
    refused(
        tmp_path, raw.replace(b"relid", b"rel_id", 1), ":1:2: unknown column 'rel_id' for ged; did you mean 'relid'"
    )
    refused(tmp_path, raw.replace(b"relid", b"year", 1), ":1:3: the column 'year' is given 2 times; keep one of them")
    refused(tmp_path, raw.replace(b"relid,", b"", 1), "1 of the 49 columns of ged are missing: relid")
    refused(tmp_path, b"x" * (SIZE_MAX + 1), "is larger than 4096 KiB; split it")
    with pytest.raises(ProblemsFound, match="there is no such file"):
        read_events(tmp_path / "nowhere.csv")
