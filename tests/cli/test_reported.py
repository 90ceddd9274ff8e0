"""``sim reported`` and ``sim validate`` of a timeline: what is printed, and for whom."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from sim.cli import app

FOLDER = Path(__file__).parents[2] / "scenarios" / "panjshir-2021"
TIMELINE = str(FOLDER / "reported.yaml")


def out_of(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.output


def test_every_claim_stands_with_its_claimant_and_its_label():
    """Each line of the timeline has somebody who says it, a source, and claimed, disputed, corroborated or refuted."""
    text = out_of("reported", TIMELINE)
    table = text.split("Claims by event")[1].split("\n\n")[0].splitlines()[2:]
    assert len(table) == 85
    labels = ("claimed", "disputed", "corroborated", "refuted")
    assert all(any(label in line for label in labels) for line in table)
    assert all(any(f", {source} " in line for source in ("s0", "s1", "s2", "s3", "s4")) for line in table)
    assert sum("[headline]" in line for line in table) == 14
    assert sum("held out" in line for line in table) == 45


def test_some_claims_can_be_asked_for():
    """By event, claimant, source or place; what no claim has is an error with the nearest name."""
    told = json.loads(out_of("reported", TIMELINE, "--source", "s3", "--json"))
    assert {claim["source"] for claim in told["claims"].values()} == {"s3"}
    assert len(told["claims"]) == 25
    there = json.loads(out_of("reported", TIMELINE, "--place", "khawak-pass", "--json"))
    assert "S3-17" in there["claims"]
    assert "did you mean 's3'" in out_of("reported", TIMELINE, "--source", "s33", code=1)


def test_contradictions_can_be_asked_for_alone():
    """Every claim shown has one that contradicts it."""
    told = json.loads(out_of("reported", TIMELINE, "--contradictions", "--json"))
    opposed = {key for one in told["contradictions"] for key in (one["first"], one["second"])}
    assert set(told["claims"]) == opposed != set()


def test_a_timeline_is_checked_against_the_scenario_beside_it(tmp_path: Path):
    """A place that the scenario does not know is an error; without a scenario that names it, that is said."""
    assert "checked against the scenario panjshir-2021" in out_of("validate", TIMELINE)
    wrong = (FOLDER / "reported.yaml").read_text().replace("where: khawak-pass", "where: khawk-pass")
    (tmp_path / "reported.yaml").write_text(wrong)
    (tmp_path / "sources.yaml").write_text((FOLDER / "sources.yaml").read_text())
    alone = str(tmp_path / "reported.yaml")
    unknown = out_of("validate", alone, "--scenario", str(FOLDER / "scenario.yaml"), code=1)
    assert "no place or area 'khawk-pass'; did you mean 'khawak-pass'" in unknown
