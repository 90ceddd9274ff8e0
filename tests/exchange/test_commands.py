"""``sim import`` and ``sim export``: what they write, what they say, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.cli import app
from tests.exchange.conftest import DATA, FORMS, Changed, rows_of
from tests.worlds import TWO_VALLEYS


def typed(*arguments: object, code: int = 0) -> Result:
    """Type a command in this process; returns what it printed, after checking its exit code."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("command", ["import", "export"])
def test_help_shows_examples(command: str) -> None:
    """The help of a command ends with something to type."""
    said = typed(command, "--help").stdout
    assert f"\n    sim {command} " in said[said.index("Examples:") :]


@pytest.mark.parametrize("form", FORMS)
def test_the_way_there_and_back(tmp_path: Path, form: str) -> None:
    """Imported, validated and exported, a file is what it was; what was left out is counted with its reason."""
    there, back = tmp_path / "told", tmp_path / "back.csv"
    said = typed("import", DATA / f"{form}.csv", "-o", there)
    assert "rows read" in said.stdout
    assert "left out, 1: " in said.stdout
    assert "choose the headline events" in said.stderr
    assert "before the first run" in said.stderr
    assert "sound (reported timeline" in typed("validate", there / "reported.yaml", there / "sources.yaml").stdout
    said = typed("export", there / "reported.yaml", "--format", form, "-o", back)
    assert back.read_bytes() == (DATA / f"{form}.csv").read_bytes()
    assert "its terms hold for this file too" in said.stderr


def test_one_format_becomes_the_other(tmp_path: Path) -> None:
    """Claims that came from ACLED can be exported as GED, with the positions of their places."""
    typed("import", DATA / "acled.csv", "-o", tmp_path / "told")
    typed("export", tmp_path / "told" / "reported.yaml", "--format", "ged", "-o", tmp_path / "ged.csv")
    row = rows_of(tmp_path / "ged.csv")[0]
    assert (row["where_coordinates"], row["latitude"], row["deaths_a"]) == ("Lissa", "-46.250000", "")
    assert row["geom_wkt"] == "POINT (-30.500000 -46.250000)"


def test_a_timeline_for_a_scenario(tmp_path: Path) -> None:
    """With a scenario the sides are named by the user, and what is at none of its places is counted."""
    sides = ("--side", "Government of Merrow=north", "--side", "Tessel Front=south", "--side", "Nobody=south")
    given = ("import", DATA / "ged.csv", "-o", tmp_path / "told", "--scenario", TWO_VALLEYS, "--within", 10)
    from sim import load_scenario

    first, second = list(load_scenario(TWO_VALLEYS).sides)[:2]
    named = [str(word).replace("=north", f"={first}").replace("=south", f"={second}") for word in sides]
    said = typed(*given, *named)
    assert "11 claims at no place of the scenario are kept with `score: no`" in said.stdout
    assert "--side Nobody: no row names this side" in said.stderr


def test_simulated_claims_are_exported(batch: Path, tmp_path: Path) -> None:
    """The claims of two histories of a batch are one file, and a file like any other."""
    out = tmp_path / "told.csv"
    said = typed("export", batch, "--format", "ged", "-r", 1, "-r", 2, "-o", out)
    rows = rows_of(out)
    assert {row["relid"][:3] for row in rows} == {"r1-", "r2-"}
    assert {row["conflict_name"][-12:] for row in rows} == {" (simulated)"}
    assert "These are claims and not data of UCDP GED" in said.stderr
    typed("import", out, "-o", tmp_path / "again")
    assert typed("export", batch, "--format", "acled").stdout.startswith("event_id_cnty,event_date,")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "{wrong}", "-o", "{new}"), "ged.csv:2:30: latitude: '91' is no number from -90 to 90"),
        (("import", "{ged}", "-o", "{new}", "--format", "gde"), "--format gde: did you mean 'ged'?"),
        (("import", "{ged}", "-o", "{new}", "--format", "acled"), "unknown column 'id' for acled"),
        (("import", "{ged}", "-o", "{new}", "--side", "Army"), "--side Army: write the name in the file and the id"),
        (("import", "{ged}", "-o", "{new}", "--side", "Army=The Army"), "is no id of a side; write it as 'the-army'"),
        (("import", "{ged}", "-o", "{new}", "--offset", "4"), "--offset 4: write hours and minutes, as +04:30"),
        (("import", "{ged}", "-o", "{new}", "--places", "{ged}"), "unknown column 'relid'"),
        (("import", "{ged}", "-o", "{new}", "--places", "x", "--scenario", "y"), "give --scenario or --places, not"),
        (("import", "nowhere.csv", "-o", "{new}"), "nowhere.csv: there is no such file"),
        (("export", "{ged}", "--format", "ged"), "ged.csv"),
        (("export", "nowhere.yaml", "--format", "ged"), "nowhere.yaml: there is no such file"),
        (("export", "{folder}", "--format", "ged"), "manifest.json"),
        (("export", "{folder}", "--format", "ged", "--scenario", "x"), "a batch has its scenario"),
        (("export", "nowhere.yaml", "--format", "ged", "-r", "1"), "-r names a history of a batch"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    tmp_path: Path, changed: Changed, arguments: tuple[str, ...], said: str
) -> None:
    """Wrong input ends with exit code 1 and words, without a traceback and without a file."""
    new = tmp_path / "new"
    wrong = changed("ged", latitude="91")
    filled = [word.format(wrong=wrong, new=new, ged=DATA / "ged.csv", folder=DATA) for word in arguments]
    assert said in typed(*filled, code=1).output
    assert not new.exists()


def test_a_timeline_there_already_is_kept(tmp_path: Path) -> None:
    """An import replaces a timeline only when told to."""
    typed("import", DATA / "ged.csv", "-o", tmp_path)
    assert "is there already" in typed("import", DATA / "acled.csv", "-o", tmp_path, code=1).output
    typed("import", DATA / "acled.csv", "-o", tmp_path, "--force")
    assert len(rows_of(tmp_path / "imported.csv")) == 9
