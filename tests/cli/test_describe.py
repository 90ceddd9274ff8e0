"""What ``sim describe``, ``sim validate`` and ``sim schema`` say about a scenario."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.cli.assumptions import offers
from sim.cli.given import SHIFTS_DAYS, Follows, followers
from sim.domain.terms import DAY
from sim.scenario import load_scenario
from sim.scenario.number_words import law_in_words, settable
from sim.scenario.numbers import Entry, register
from tests.cli.conftest import RIVERS, Typed


def entry(
    law: str = "constant", unit: str = "", ge: float | None = None, le: float | None = None, **parts: float
) -> Entry:
    """Make one number of a scenario."""
    return Entry(
        path="a.b", law=law, parts=parts, kind="epistemic", use="run", phase="standing", unit=unit, ge=ge, le=le,
        meaning="", basis="judgement", refs=(), confidence="low", shared=None, note=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "offered"),
    [
        (entry(value=40), ["20", "80"]),
        (entry(value=0.7, ge=0, le=1), ["0.35", "1"]),
        (entry(value=1, ge=1), ["2"]),
        (entry(value=0, ge=0, le=1), ["1"]),
        (entry(value=6 * 3600, unit="s"), ["PT3H", "PT12H"]),
        (entry("uniform", min=0, max=100), ["5", "95"]),
        (entry("uniform", unit="s", min=0, max=200 * 3600), ["PT10H", "PT190H"]),
    ],
)
def test_every_number_offers_values_to_try(number: Entry, offered: list[str]) -> None:
    """A constant offers half and double within its bounds, an uncertain number its 5 % and 95 % quantiles."""
    assert offers(number) == offered


def test_what_is_offered_can_be_set() -> None:
    """Every offered value of a whole scenario is one that ``--set`` takes, and another than before."""
    entries = register(load_scenario(RIVERS))
    changes = [f"{number.path}={values[-1]}" for number in entries.values() if (values := offers(number))]
    assert len(changes) > 100
    after = register(load_scenario(RIVERS, changes))
    for change in changes:
        path, _, value = change.partition("=")
        assert settable(after[path].parts["value"], after[path]) == value


def test_laws_are_told_in_words() -> None:
    """A law is shown with its parts, durations in hours or days."""
    assert law_in_words(entry("pert", min=2, mode=4, max=9)) == "pert min 2, mode 4, max 9"
    assert law_in_words(entry("lognormal", unit="s", p05=3600, p95=5 * DAY)) == "lognormal p05 1 h, p95 5 d"
    assert law_in_words(entry(value=1234.5)) == "1,234"


def test_the_register_shows_every_number_with_what_it_rests_on(sim: Typed) -> None:
    """``--assumptions`` has one record per number: law, quantiles, phase, basis and values to try."""
    records = json.loads(sim("describe", RIVERS, "--assumptions", "--json"))
    assert [record["path"] for record in records] == list(register(load_scenario(RIVERS)))
    for record in records:
        assert record["p05"] <= record["p50"] <= record["p95"]
        assert record["phase"] in {"initial", "standing", "observation"}
    table = sim("describe", RIVERS, "--assumptions")
    assert all(record["path"] in table for record in records)


def test_the_contents_name_everybody(sim: Typed) -> None:
    """Without options all forces, places, legs and operations are shown."""
    scenario = load_scenario(RIVERS)
    said = sim("describe", RIVERS)
    for part in (scenario.forces, scenario.places, scenario.legs, scenario.operations):
        assert [key for key in part if key not in said] == []
    assert json.loads(sim("describe", RIVERS, "--json"))["scenario"]["id"] == "three-rivers"


def test_an_event_that_moves_with_a_date_follows_it() -> None:
    """A pair follows when its day moves by more than half of the shift, the same way; never counts as the horizon."""
    day = float(DAY)
    base = np.array([10.0, 10.0, 10.0, np.inf, 28.0]) * day
    moved = np.array([15.0, 12.0, 8.0, np.inf, np.inf]) * day
    assert followers(base, moved, 5 * day, 31 * day) == (4, 2)
    assert followers(base, moved - 10 * day, -5 * day, 31 * day) == (4, 3)


def test_given_is_more_than_half_of_the_pairs() -> None:
    """An event is given when it follows in more than half of the pairs in which it happens; none is none."""
    assert Follows("d", "e", "e", pairs=10, follows=6, argued="").given
    assert not Follows("d", "e", "e", pairs=10, follows=5, argued="").given
    assert not Follows("d", "e", "e", pairs=0, follows=0, argued="").given


def test_dates_are_moved_both_ways_and_events_looked_at(sim: Typed) -> None:
    """``--given`` moves each date by five days either way and says how far events follow."""
    assert SHIFTS_DAYS == (-5, 5)
    records = json.loads(sim("describe", RIVERS, "--given", "-n", 3, "--json"))
    assert {record["date"] for record in records} == set(load_scenario(RIVERS).exogenous)
    assert all(record["follows"] <= record["pairs"] <= 6 for record in records)


@pytest.mark.parametrize(
    ("follows", "words"),
    [(9, "1 date, 1 event: 1 given"), (2, "Closest to it: The fall follows rains in 20 % of 10 pairs")],
)
def test_what_is_given_is_listed(sim: Typed, monkeypatch: pytest.MonkeyPatch, follows: int, words: str) -> None:
    """Events that a date alone brings about are listed; if there are none, the closest one is named."""
    rows = [Follows("rains", "fall", "The fall", pairs=10, follows=follows, argued="")]
    monkeypatch.setattr("sim.cli.given.measure", lambda *_, **__: rows)
    said = sim("describe", RIVERS, "--given")
    assert words in said
    assert ("Given: dates moved by -5 and +5 days" in said) == (follows == 9)


def test_validate_reports_as_data(sim: Typed, tmp_path: Path) -> None:
    """``--json`` gives each file with its problems, each with line, column, path and remedy."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("scenario: {id: x}\n", encoding="utf-8")
    found = json.loads(sim("validate", RIVERS, wrong, "--json", code=1))
    assert found[0]["problems"] == []
    assert {"file", "line", "column", "path", "message", "remedy"} <= set(found[1]["problems"][0])


@pytest.mark.parametrize("of", ["scenario", "reported"])
def test_a_schema_is_a_schema(sim: Typed, of: str) -> None:
    """What ``sim schema`` prints is a valid JSON Schema."""
    from jsonschema import Draft202012Validator

    schema = json.loads(sim("schema", of))
    Draft202012Validator.check_schema(schema)
    assert schema["description"]
