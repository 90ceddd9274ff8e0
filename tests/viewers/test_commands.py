"""``sim export`` for viewers: batches, logs and timelines; what it says, and how it ends."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pyogrio
import pytest
from geojson_pydantic import FeatureCollection
from typer.testing import CliRunner, Result

from sim import load_scenario, run_batch
from sim.cli import app
from sim.eventlog import encode
from sim.store import open_batch
from tests.viewers.conftest import exported, history
from tests.worlds import REFERENCE, TWO_VALLEYS

REPORTED = REFERENCE.with_name("reported.yaml")


def typed(*arguments: object, code: int = 0) -> Result:
    """Type a command in this process; returns what it printed, after checking its exit code."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize(
    ("form", "counted"), [("geojson", "features"), ("kml", "placemarks"), ("orbat-mapper", "units")]
)
def test_a_history_of_a_batch(batch: Path, tmp_path: Path, form: str, counted: str) -> None:
    """A replication of a batch becomes a file; what is in it is said, and how to open it, on stderr."""
    out = tmp_path / "deep" / "history"
    said = typed("export", batch, "--format", form, "-r", 3, "-o", out)
    assert f" {counted} in {out} ({form})" in said.stdout
    assert "To look at " in said.stderr
    assert "replication 3 of seed 1" in out.read_text(encoding="utf-8")
    printed = typed("export", batch, "--format", form, "-r", 3)
    assert printed.stdout == out.read_text(encoding="utf-8")
    assert printed.stderr == ""


def test_a_log_is_the_same_history(tmp_path: Path) -> None:
    """The log of `sim run`, with its scenario, gives the same file as the history in a batch or in memory."""
    log = tmp_path / "log.jsonl"
    log.write_bytes(encode(history(TWO_VALLEYS)[1]))
    said = typed("export", log, "--format", "geojson", "--scenario", TWO_VALLEYS)
    assert said.stdout == exported(TWO_VALLEYS, "geojson")


def test_a_batch_as_a_whole(batch: Path, tmp_path: Path) -> None:
    """Of all histories, the shares by holder, place and day: they add up, within their intervals, with times."""
    out = tmp_path / "shares.geojson"
    typed("export", batch, "--format", "geojson", "--across", "-o", out)
    FeatureCollection.model_validate_json(out.read_text(encoding="utf-8"))
    scenario = open_batch(batch).scenario
    days = (scenario.scenario.end - scenario.scenario.start).days
    info = pyogrio.read_info(out)
    assert info["features"] == days * len(scenario.places)
    for feature in json.loads(out.read_text(encoding="utf-8"))["features"]:
        told = feature["properties"]
        names = [f"p_{side}" for side in (*scenario.sides, "nobody")]
        assert sum(told[name] for name in names) == pytest.approx(1, abs=1e-3)
        assert all(told[f"{name}_low"] <= told[name] <= told[f"{name}_high"] for name in names)
        assert (told["n"], told["label"], told["fact"]) == (8, "simulated", None)
        assert told[f"p_{told['side'] or 'nobody'}"] == max(told[name] for name in names)
        assert datetime.fromisoformat(told["start"]) < datetime.fromisoformat(told["end"])


def test_days_of_shares_are_counted_from_the_start(tmp_path: Path) -> None:
    """A day of the shares lasts 24 hours from the hour at which the scenario begins; the last ends with it."""
    ends = load_scenario(TWO_VALLEYS).scenario.end
    start = (ends - timedelta(days=3)).replace(hour=6)
    scenario = load_scenario(TWO_VALLEYS, (f"scenario.start={start.isoformat()}",))
    run_batch(scenario, tmp_path / "batch", replications=2, seed=1, workers=1)
    said = typed("export", tmp_path / "batch", "--format", "geojson", "--across")
    days = {(told["start"], told["end"]) for told in (one["properties"] for one in json.loads(said.stdout)["features"])}
    borders = sorted({datetime.fromisoformat(moment) for day in days for moment in day})
    assert borders == [start, start + timedelta(days=1), start + timedelta(days=2), ends]


def test_claims_are_reported_and_not_simulated(tmp_path: Path) -> None:
    """A timeline becomes its claims, each over its window, with claimant, status and article, and marked reported."""
    out = tmp_path / "claims.geojson"
    typed("export", REPORTED, "--format", "geojson", "--scenario", REFERENCE, "-o", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    FeatureCollection.model_validate(found)
    assert pyogrio.read_info(out)["features"] == len(found["features"]) == found["about"]["claims"]
    for feature in found["features"]:
        told = feature["properties"]
        assert told["label"] == "reported"
        assert told["fact"] is None
        assert told["claimant_name"]
        assert told["status"]
        assert told["article"]
        assert datetime.fromisoformat(told["start"]) <= datetime.fromisoformat(told["end"])
    assert "simulated" not in out.read_text(encoding="utf-8")
    shapes = {feature["geometry"]["type"] for feature in found["features"] if feature["geometry"]}
    assert "Point" in shapes


def test_claims_without_a_scenario_have_no_places() -> None:
    """Without a scenario or a list of places beside it, a timeline is a table, and that is said."""
    said = typed("export", REPORTED, "--format", "geojson")
    assert {feature["geometry"] for feature in json.loads(said.stdout)["features"]} == {None}
    assert "No claim has a position: there is no places.csv beside" in said.stderr
    assert "give --scenario for the places" in said.stderr


def test_only_the_layers_that_were_asked_for(batch: Path) -> None:
    """Layers can be had alone, by name."""
    said = typed("export", batch, "--format", "geojson", "--layer", "control", "--layer", "events")
    layers = {feature["properties"]["layer"] for feature in json.loads(said.stdout)["features"]}
    assert layers == {"control", "events"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "geojsn"), "--format geojsn: did you mean 'geojson'?"),
        (("--format", "kml", "--across"), "--format kml: a batch as a whole is exported as geojson only"),
        (("--format", "geojson", "-r", 1, "-r", 2), "shows one history; give one -r, or --across for all of them"),
        (("--format", "geojson", "--across", "-r", 1), "--across is about all histories of a batch; leave out -r"),
        (("--format", "geojson", "--layer", "unit"), "--layer unit: did you mean 'units'?"),
        (("--format", "orbat-mapper", "--layer", "units"), "--layer: a scenario of ORBAT Mapper is one whole"),
        (("--format", "geojson", "--across", "--layer", "units"), "--layer: a batch as a whole has one layer only"),
        (("--format", "geojson", "-r", 99), "99"),
        (("--format", "geojson", "--scenario", TWO_VALLEYS), "a batch has its scenario; leave out --scenario"),
        (("--format", "ged", "--across"), "--across and --layer are for geojson and kml, not for ged; leave them out"),
    ],
)  # fmt: skip
def test_what_cannot_be_exported_of_a_batch(batch: Path, arguments: tuple[object, ...], said: str) -> None:
    """A wrong wish ends with exit code 1, and with what to wish for."""
    assert said in typed("export", batch, *arguments, code=1).stderr


def test_what_is_no_log(tmp_path: Path) -> None:
    """A log is refused with its name where it is not whole, not of the scenario, or nothing of the kind."""
    facts = history(TWO_VALLEYS)[1]
    log = tmp_path / "log.jsonl"

    def refused(*more: object) -> str:
        return typed("export", log, "--format", "kml", *more, code=1).stderr

    log.write_bytes(encode(facts))
    assert "give --scenario, the file it was run from" in refused()
    assert "this is a log of 'two-valleys', and the scenario is" in refused("--scenario", REFERENCE)
    assert "-r names a history of a batch" in refused("-r", 1)
    assert "--across is about all histories of a batch" in refused("--across")
    log.write_bytes(encode(facts[5:]))
    assert f"{log}:1: fact 5 where fact 0 should be; give the whole log" in refused("--scenario", TWO_VALLEYS)
    log.write_bytes(b"these are no facts\n")
    assert f"{log}: this is not a log of facts" in refused("--scenario", TWO_VALLEYS)
    log.write_bytes(b"")
    assert f"{log}: the file is empty" in refused("--scenario", TWO_VALLEYS)
    log.unlink()
    assert f"{log}: No such file" in refused("--scenario", TWO_VALLEYS)
    assert "a log has no claims" in typed("export", log, "--format", "ged", code=1).stderr


@pytest.mark.parametrize("command", [("export", "--format", "geojson"), ("report",)])
def test_a_history_without_its_end_is_no_history(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Of a log that breaks off nobody may think that this was all: it is refused, and nothing is written."""
    log, out = tmp_path / "log.jsonl", tmp_path / "out"
    facts = history(TWO_VALLEYS)[1]
    log.write_bytes(encode(facts[:50]))
    said = typed(command[0], log, *command[1:], "--scenario", TWO_VALLEYS, "-o", out, code=1).stderr
    assert f"{log}: the log breaks off after fact 49 ({facts[49].kind}), and every history ends with RunEnded" in said
    assert "give the whole log" in said
    assert not out.exists()


def test_a_log_is_known_by_what_it_says(tmp_path: Path) -> None:
    """A log by any other name is the same history: for an export and for a page."""
    log, page = tmp_path / "log.txt", tmp_path / "history.html"
    log.write_bytes(encode(history(TWO_VALLEYS)[1]))
    said = typed("export", log, "--format", "kml", "--scenario", TWO_VALLEYS)
    assert said.stdout == exported(TWO_VALLEYS, "kml")
    typed("report", log, "--scenario", TWO_VALLEYS, "-o", page)
    assert page.is_file()


@pytest.mark.parametrize("form", ["geojson", "orbat-mapper", "ged"])
def test_what_tells_of_nothing_that_happened_is_not_exported(form: str, tmp_path: Path) -> None:
    """A scenario is no history and no claim: it is called what it is, with what to give instead."""
    said = typed("export", REFERENCE, "--format", form, code=1).stderr
    assert f"{REFERENCE}: this file holds a scenario, and tells of nothing that happened" in said
    assert "a reported timeline" in said
    assert len(said.splitlines()) == 1
    other = tmp_path / "other.txt"
    other.write_text("title: something else", encoding="utf-8")
    assert "is no scenario" in typed("export", other, "--format", form, code=1).stderr


@pytest.mark.parametrize("form", ["geojson", "ged"])
def test_a_place_that_takes_no_file_is_named_as_it_was_typed(tmp_path: Path, form: str) -> None:
    """Who names a folder, or a place where nothing can be written, reads that name and what to do."""
    (tmp_path / "out").mkdir()
    (tmp_path / "file").touch()
    for target, told in (
        (f"{tmp_path}/out/", f"{tmp_path}/out: is a directory; name a file in it"),
        (f"{tmp_path}/file/x.json", f"{tmp_path}/file/x.json: {tmp_path}/file is a file, and nothing can be in it"),
        ("/proc/x.json", "/proc/x.json: cannot be written (No such file or directory); name another place"),
    ):
        said = typed("export", REPORTED, "--format", form, "--scenario", REFERENCE, "-o", target, code=1).stderr
        assert told in said
        assert ".partial" not in said
    assert not list((tmp_path / "out").iterdir())


def test_an_export_never_takes_the_place_of_what_it_reads(batch: Path, tmp_path: Path) -> None:
    """A history is not given up for a picture of itself: log, scenario and batch stay as they were, byte for byte."""
    log, scenario, alias = tmp_path / "log.jsonl", tmp_path / "two-valleys.yaml", tmp_path / "alias.geojson"
    log.write_bytes(encode(history(TWO_VALLEYS)[1]))
    scenario.write_bytes(TWO_VALLEYS.read_bytes())
    alias.symlink_to(log)
    before = {file: file.read_bytes() for file in (log, scenario)}
    for target in (log, scenario, alias, tmp_path / "new" / ".." / "log.jsonl"):
        said = typed("export", log, "--format", "geojson", "--scenario", scenario, "-o", target, code=1).stderr
        assert f"-o {target}: is read by this command and would be overwritten; name another file" in said
    assert {file: file.read_bytes() for file in before} == before
    kept = sorted(batch.rglob("*"))
    for target in (batch / "manifest.json", batch / "new" / "history.geojson"):
        for form in ("geojson", "ged"):
            said = typed("export", batch, "--format", form, "-o", target, code=1).stderr
            assert f"-o {target}: lies in the batch {batch}, whose files nothing may change; name one outside" in said
    assert sorted(batch.rglob("*")) == kept


def test_what_cannot_be_exported_of_a_timeline() -> None:
    """Claims are exported as GeoJSON alone."""
    said = typed("export", REPORTED, "--format", "orbat-mapper", code=1).stderr
    assert "is a reported timeline, which is exported as geojson only; give --format geojson" in said
    assert "has one layer only" in typed("export", REPORTED, "--format", "geojson", "--layer", "units", code=1).stderr
