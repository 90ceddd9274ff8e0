"""Many histories on the command line: batch, compare, report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim import open_batch
from tests.cli.conftest import RIVERS, ROOT, Typed, spawned

PANJSHIR = ROOT / "scenarios" / "panjshir-2021" / "scenario.yaml"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten histories of the reference scenario, two for each of five draws, made by the command itself."""
    directory = tmp_path_factory.mktemp("batches") / "reference"
    done = spawned("batch", PANJSHIR, "-n", 10, "--per-draw", 2, "-o", directory, "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert f"10 replications of panjshir-2021 in {directory}, 0 failed" in done.stdout
    assert "replications: 10 of 10" in done.stderr
    assert "invariants held in 1 of 1 checked replication" in done.stdout
    assert f"Next: sim compare {directory}" in done.stderr
    return directory


def test_the_same_command_goes_on_where_it_stopped(sim: Typed, tmp_path: Path) -> None:
    """A batch typed again runs what is missing, and no replication twice."""
    sim("batch", RIVERS, "-n", 2, "-o", tmp_path / "out", "--workers", 1)
    first = open_batch(tmp_path / "out").outcomes().to_pylist()
    sim("batch", RIVERS, "-n", 4, "-o", tmp_path / "out", "--workers", 1)
    assert open_batch(tmp_path / "out").outcomes().to_pylist()[:2] == first
    assert open_batch(tmp_path / "out").replications == 4


def test_another_scenario_in_the_same_directory_is_refused(sim: Typed, tmp_path: Path) -> None:
    """A directory holds one batch; another scenario is an error and harms nothing."""
    sim("batch", RIVERS, "-n", 1, "-o", tmp_path / "out", "--workers", 1)
    changed = ("--set", "combat.casualties_per_fighter_hour=0.2")
    assert str(tmp_path / "out") in sim("batch", RIVERS, "-n", 1, "-o", tmp_path / "out", *changed, code=1)
    assert open_batch(tmp_path / "out").replications == 1


def test_a_plan_runs_nothing(sim: Typed, tmp_path: Path) -> None:
    """``--plan`` says how many, how long and how much disk, and leaves no directory."""
    said = sim("batch", RIVERS, "-n", 1000, "-o", tmp_path / "out", "--plan")
    assert "1,000 replications" in said
    assert "time: about" in said
    assert "disk: about" in said
    assert not (tmp_path / "out").exists()


def test_a_sweep_varies_what_it_was_asked_to(sim: Typed, tmp_path: Path) -> None:
    """``--vary`` spreads a number over its range by a design."""
    path = "combat.casualties_per_fighter_hour"
    arguments = ("--vary", f"{path}=0.01:0.05", "--design", "lhs", "--workers", 1)
    sim("batch", RIVERS, "-n", 4, "-o", tmp_path / "out", *arguments)
    values = sorted(open_batch(tmp_path / "out").values().column(path).to_pylist())
    assert [int((value - 0.01) / 0.01) for value in values] == [0, 1, 2, 3]


def test_compare_prints_what_is_telling_then_tables(sim: Typed, judged: Path) -> None:
    """``sim compare`` begins with five lines and shows windows, scores, nulls and warnings."""
    said = sim("compare", judged)
    data = json.loads(sim("compare", judged, "--json"))
    assert said.splitlines()[:5] == data["telling"]
    for row in data["headline"]:
        assert row["label"] in said
    assert "Checked: invariants held in 1 of 1 checked replication." in data["warnings"]
    for heading in ("Headline events, as they would have been printed by", "Scores", "Read with care"):
        assert heading in said
    assert "Luck and assumptions: 10 campaigns of 5 draws" in said
    assert (data["replications"], data["draws"]) == (10, 5)


def test_every_line_about_an_event_says_how_far_it_is_claimed(sim: Typed, judged: Path) -> None:
    """Claimed, disputed, corroborated or refuted: no table tells of a headline event without the word."""
    status = {row["label"]: row["status"] for row in json.loads(sim("compare", judged, "--json"))["headline"]}
    prior, _, _ = sim("describe", PANJSHIR, "--prior", "--batch", judged).partition("What moves each event")
    for said in (sim("compare", judged), prior):
        lines = [(label, line) for line in said.splitlines() for label in status if line.startswith(label)]
        assert {label for label, _ in lines} == set(status)
        assert all(status[label] in line for label, line in lines)


def test_report_writes_the_page_and_says_where(sim: Typed, judged: Path, tmp_path: Path) -> None:
    """``sim report`` writes one page and prints the five most telling lines of the comparison."""
    page = tmp_path / "page.html"
    said = sim("report", judged, "-o", page).splitlines()
    assert said[-1] == f"The page: {page}"
    assert said[:-1] == json.loads(sim("compare", judged, "--json"))["telling"]
    assert "</html>" in page.read_text(encoding="utf-8")


def test_report_of_one_history_of_a_batch_or_of_a_log(sim: Typed, tmp_path: Path) -> None:
    """``--replication``, or a log with its scenario, gives a page about that history: the same facts, the same log."""
    log = tmp_path / "log.jsonl"
    sim("run", RIVERS, "-r", 1, "-o", log)
    sim("batch", RIVERS, "-n", 2, "-o", tmp_path / "out", "--workers", 1)
    said = sim("report", tmp_path / "out", "-r", 1)
    assert said.splitlines()[-1] == f"The page: {tmp_path / 'out' / 'history-1.html'}"
    assert "One simulated history, not what happened" in said
    sim("report", log, "--scenario", RIVERS)
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "log.html", tmp_path / "out" / "history-1.html")]
    assert all("replication 1 of seed 1" in page for page in pages)
    assert pages[0].partition("Hash of the log")[2][:90] == pages[1].partition("Hash of the log")[2][:90]


def test_a_page_about_one_history_says_what_it_needs(sim: Typed, tmp_path: Path) -> None:
    """A log needs its scenario and has no replications; a batch has its scenario."""
    log = tmp_path / "log.jsonl"
    sim("run", RIVERS, "-o", log)
    sim("batch", RIVERS, "-n", 1, "-o", tmp_path / "out", "--workers", 1)
    assert "give --scenario" in sim("report", log, code=1)
    assert "leave it out" in sim("report", log, "-r", 0, "--scenario", RIVERS, code=1)
    assert "leave out --scenario" in sim("report", tmp_path / "out", "--scenario", RIVERS, code=1)
    assert "leave out --scenario" in sim("report", tmp_path / "out", "-r", 0, "--scenario", RIVERS, code=1)
    assert "not of the scenario 'panjshir-2021'" in sim("report", log, "--scenario", PANJSHIR, code=1)


def test_the_prior_predictive_can_read_a_batch(sim: Typed, judged: Path) -> None:
    """``sim describe --prior --batch`` gives each headline event its probability and its gate."""
    rows = json.loads(sim("describe", PANJSHIR, "--prior", "--batch", judged, "--json"))
    headline = json.loads(sim("compare", judged, "--json"))["truth"]
    assert [row["event"] for row in rows] == [row["event_id"] for row in headline]
    for row in rows:
        assert row["in_truth"]["n"] == 10
        assert (row["gate"] == "open") == (0 < row["in_truth"]["k"] < 10) or row["gate"]
        assert row["spread"]["draws"] == row["in_truth"]["draws"] == 5
        assert row["moved_by"] == []
    said = sim("describe", PANJSHIR, "--prior", "--batch", judged)
    assert "Prior predictive: 10 histories of 5 draws of the assumptions" in said
    table = said.partition("What moves each event")[0]
    for row in rows:  # who looks here chooses ranges: what tuning may not see is marked
        marked = next(line for line in table.splitlines() if line.startswith(row["label"])).endswith("held out")
        assert marked is row["held_out"]
    assert {row["held_out"] for row in rows} == {True, False}
    assert "Whether a single assumption decides an event cannot be said from so few draws." in said


def test_single_replications_say_that_luck_cannot_be_told(sim: Typed, tmp_path: Path) -> None:
    """A batch with one history per draw names the command line that would tell luck from assumptions."""
    sim("batch", PANJSHIR, "-n", 2, "-o", tmp_path / "out", "--workers", 1)
    sentence = "Luck and assumptions cannot be told apart with one replication per draw: run with --per-draw 4."
    assert sentence in sim("compare", tmp_path / "out")
    assert sentence in sim("describe", PANJSHIR, "--prior", "--batch", tmp_path / "out")


def test_a_batch_of_another_scenario_is_no_prior(sim: Typed, judged: Path) -> None:
    """The prior predictive of a scenario is read from its own batch."""
    changed = ("--set", "combat.casualties_per_fighter_hour=0.2")
    said = sim("describe", PANJSHIR, "--prior", "--batch", judged, *changed, code=1)
    assert "is a batch of another scenario" in said
