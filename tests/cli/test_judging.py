"""``sim compare`` of one batch and of two, and ``sim hindcast``: what is printed and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import load_scenario, run_batch
from sim.cli import app

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def out_of(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def batches(tmp_path_factory) -> Path:
    """Return a folder with two variants of the reference scenario, and two of one without reports."""
    folder = tmp_path_factory.mktemp("variants")
    reference, rivers = SCENARIOS / "panjshir-2021" / "scenario.yaml", SCENARIOS / "three-rivers" / "scenario.yaml"
    slow = load_scenario(reference, ["movement.time_factor=2"])
    run_batch(load_scenario(reference), folder / "a", replications=8, per_draw=2, seed=1, workers=1)
    run_batch(slow, folder / "b", replications=8, per_draw=2, seed=1, workers=1)
    run_batch(load_scenario(rivers), folder / "r1", replications=4, seed=1, workers=1)
    run_batch(load_scenario(rivers), folder / "r2", replications=6, seed=2, workers=1)
    return folder


def test_two_variants_are_compared_pair_by_pair(batches: Path):
    """Every number stands with its interval, and the same claims count both variants."""
    text = out_of("compare", batches / "a", batches / "b")
    assert "8 pairs of 4 draws, paired by common random numbers" in text
    assert "Variants compared with these claims so far: 2" in text
    told = json.loads(out_of("compare", batches / "a", batches / "b", "--json"))
    assert {row["name"] for row in told["scores"]} == {"log", "brier", "crps"}
    for row in told["numbers"]:
        assert row["low"] is None or row["low"] <= row["difference"] <= row["high"]
        assert 0 <= row["higher"]["p"] + row["lower"]["p"] <= 1
    labels = {row["status"] for row in told["numbers"] if row["about"] == "event"}
    assert labels <= {"claimed", "disputed", "corroborated"}


def test_a_variant_compared_with_itself_differs_in_nothing(batches: Path):
    """Every pair is the same, no number stands out, and no pairs are needed."""
    told = json.loads(out_of("compare", batches / "a", batches / "a", "--json"))
    assert told["same"] == told["pairs"] == 8
    assert not any(row["stands_out"] or row["pairs_needed"] for row in told["numbers"])
    assert all(row["difference"] == 0 for row in told["scores"])


def test_batches_without_reports_are_compared_by_what_came_of_them(batches: Path):
    """No scores, but every outcome; other seeds are no common random numbers, and that is said."""
    text = out_of("compare", batches / "r1", batches / "r2")
    assert "4 pairs of 4 draws, paired not by common random numbers: the seeds are 1 and 2" in text
    assert "No reported timeline" in text
    assert "places that changed hands" in text


def test_what_cannot_be_compared_is_refused(batches: Path):
    """Another scenario's claims, options for one batch given with two, no timeline: each says what to do."""
    assert "are no variants of one scenario" in out_of("compare", batches / "a", batches / "r1", code=1)
    assert "are for one batch" in out_of("compare", batches / "a", batches / "b", "--other-grid", code=1)
    assert "names no reported timeline" in out_of("compare", batches / "r1", code=1)
    assert "names no reported timeline" in out_of("hindcast", batches / "r1", code=1)
    assert "give a share between 0 and 1" in out_of("hindcast", batches / "a", "--nearest", "1", code=1)


def test_a_hindcast_has_a_table_for_each_day_of_print(batches: Path):
    """All articles but the last, with what was known, what came later, and the warnings."""
    text = out_of("hindcast", batches / "a")
    told = json.loads(out_of("hindcast", batches / "a", "--json"))
    assert len(told["by_day"]) == 4
    assert [day["known"] for day in told["by_day"]] == sorted(day["known"] for day in told["by_day"])
    assert "Hindsight" in text
    assert text.count("Known by") == sum(bool(day["events"]) for day in told["by_day"])


def test_silence_is_judged_on_the_grid_frozen_with_the_batch(batches: Path):
    """A new batch keeps the hash of its grid, and a comparison says by which it judged."""
    kept = json.loads((batches / "a" / "manifest.json").read_text())["grid_sha256"]
    told = json.loads(out_of("compare", batches / "a", "--json"))
    assert told["silence"]["grid_sha256"] == kept
    assert told["silence"]["unfrozen"] == ""
    assert f"on the grid {kept[:12]}" in out_of("compare", batches / "a")


def test_every_table_of_claims_shows_their_status(batches: Path):
    """Claimed, disputed, corroborated or refuted stands beside each claim, wherever claims are listed."""
    told = json.loads(out_of("compare", batches / "a", "--json"))
    labels = {"claimed", "disputed", "corroborated", "refuted"}
    for table in ("headline", "truth", "claims", "claims_truth", "losses", "beliefs"):
        assert {row["status"] for row in told[table]} <= labels
        assert told[table]
    for order in told["orders"]:
        assert {pair["first_status"] for pair in order["pairs"]} <= labels
