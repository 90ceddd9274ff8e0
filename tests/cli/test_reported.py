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
    printed = ("s0 of 20 Aug", "s1 of 21 Aug", "s2 of 23 Aug", "s3 of 1 Sep", "s4 of 3 Sep")
    assert all(any(f", in {source} " in line for source in printed) for line in table)
    assert all(any(f" {statement}: " in line for statement in ("asserts", "denies", "intends")) for line in table)
    assert sum(line.endswith("headline") for line in table) == 14
    assert sum("held out" in line for line in table) == 45


def test_some_claims_can_be_asked_for():
    """By event, claimant, source or place; what no claim has is an error with the nearest name."""
    told = json.loads(out_of("reported", TIMELINE, "--source", "s3", "--json"))
    assert {claim["source"] for claim in told["claims"].values()} == {"s3"}
    assert len(told["claims"]) == 25
    there = json.loads(out_of("reported", TIMELINE, "--place", "khawak-pass", "--json"))
    assert "S3-17" in there["claims"]
    assert "did you mean 's3'" in out_of("reported", TIMELINE, "--source", "s33", code=1)


def test_headline_events_say_why_they_decide():
    """The last table has each of them with its claim and the reason."""
    text = out_of("reported", TIMELINE)
    assert "The main question of timing" in text.split("Headline events, which decide")[1]
    told = json.loads(out_of("reported", TIMELINE, "--json"))
    assert told["headline"]["valley-first-attack"] == "S3-01-attack"
    assert len(told["headline"]) == 14


def test_who_said_what_counts_every_claim_once():
    """Claims by claimant and source add up to all of them, and each has one status."""
    told = json.loads(out_of("reported", TIMELINE, "--json"))
    rows = told["who_said_what"]
    assert sum(row["claims"] for row in rows) == len(told["claims"]) == 85
    assert all(
        row["claims"] == sum(row[name] for name in ("claimed", "disputed", "corroborated", "refuted")) for row in rows
    )
    assert len({(row["claimant"], row["source"]) for row in rows}) == len(rows)


def test_a_copy_is_a_copy_of_the_first_in_the_file_whatever_is_shown():
    """Asked for one event, its claim still says that it has the words of a claim about another event."""
    text = out_of("reported", TIMELINE, "--event", "andarab-captured")
    assert "same words as S0-02" in text
    told = json.loads(out_of("reported", TIMELINE, "--claimant", "ghani-andarabi", "--json"))
    assert told["claims"]["S1-12"]["copy_of"] == "S1-08"
    assert "copy of S1-08" in out_of("reported", TIMELINE, "--claimant", "ghani-andarabi")


def test_it_is_said_how_a_window_and_how_many_are_meant():
    """What held throughout is told from what held at some moment; of whom so many, and of how many of the places."""
    text = out_of("reported", TIMELINE)
    assert "throughout 15 Aug to 21 Aug 23:00" in text
    assert "state, 2 Sep" in text
    assert "(Taliban killed: at least 40)" in text
    assert "control by Resistance at all of panjshir" in text
    assert "attack at Shotul or Rah-e Tang" in text
    assert "known by 3 Sep 2021 12:00 (UTC+04:30)" in text


def test_people_with_a_narrow_window_get_a_list(monkeypatch):
    """No line of the claims is wider than the window, and each claim is told whole."""
    monkeypatch.setattr("sim.cli.terminal.narrow", lambda: True)
    monkeypatch.setattr("sim.cli.terminal.width", lambda: 80)
    text = out_of("reported", TIMELINE)
    listed = text.split("Who said what")[0]
    assert max(map(len, listed.splitlines())) <= 80
    assert listed.count(" [claimed") + listed.count(" [disputed") + listed.count(" [corroborated") == 85
    assert "(13 claims)" in text
    assert "(25 claims, 25 held out)" in text


def test_contradictions_can_be_asked_for_alone():
    """Nothing else is printed for people; as data, every claim shown has one that contradicts it."""
    text = out_of("reported", TIMELINE, "--contradictions")
    assert "Contradictions (4), by rule" in text
    assert "Who said what" not in text
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
    assert "no scenario stands beside it: places, areas and sides are unchecked" in out_of("validate", alone)
    (tmp_path / "scenario.yaml").write_text("scenario: {}\n")
    assert "scenario.yaml beside it is wrong itself, or names another" in out_of("validate", alone)
    unknown = out_of("validate", alone, "--scenario", str(FOLDER / "scenario.yaml"), code=1)
    assert "no place or area 'khawk-pass'; did you mean 'khawak-pass'" in unknown


def test_what_is_suspicious_is_told_and_no_error(tmp_path: Path):
    """A group of one claim may be a misspelt one: the file is sound, and the line is named."""
    (tmp_path / "sources.yaml").write_text((FOLDER / "sources.yaml").read_text())
    text = (FOLDER / "reported.yaml").read_text().replace("claim_group_id: upper-hand", "claim_group_id: uper-hand", 1)
    (tmp_path / "reported.yaml").write_text(text)
    file = str(tmp_path / "reported.yaml")
    told = out_of("validate", file)
    assert "sound" in told
    assert "worth a look" in told
    assert "no other claim is of the utterance 'uper-hand'; did you mean 'upper-hand'?" in told
    (data,) = json.loads(out_of("validate", file, "--json"))
    assert [remark["path"] for remark in data["remarks"]] == [
        "claims.S2-15.claim_group_id",
        "claims.S2-15-any.claim_group_id",
    ]
    assert json.loads(out_of("validate", TIMELINE, "--json"))[0]["remarks"] == []
