"""Named choices: how the model works is written by name, drawn like a number, and read back by name."""

from __future__ import annotations

from collections import Counter

import jsonschema
import pytest

from sim.engine import run
from sim.errors import ProblemsFound
from sim.scenario.json_schema import scenario_schema
from sim.scenario.loading import load_scenario, resolved, scenario_from_resolved
from sim.scenario.numbers import register
from sim.world import compile_scenario
from tests.scenario.small import changed, load
from tests.worlds import TWO_VALLEYS

LAW = "combat.law"
OPTIONS = ("mixed", "square", "linear", "guerrilla")
MIXTURE = "combat.law={dist: discrete, weights: {guerrilla: 1, square: 3}, basis: test, confidence: low}"


def test_what_is_not_said_is_the_default_of_the_model() -> None:
    """A scenario that names no law of attrition has the first one, with the model's own basis."""
    entry = register(load_scenario(TWO_VALLEYS))[LAW]
    assert (entry.options, entry.law, dict(entry.parts)) == (OPTIONS, "constant", {"value": 0.0})
    assert entry.basis == "what the model does unless told otherwise"


def test_a_name_may_stand_in_the_file() -> None:
    """``law: linear`` settles the choice; the block around it gives the basis."""
    entry = register(load(changed(("combat:\n", "combat:\n  law: linear\n"))))[LAW]
    assert (dict(entry.parts), entry.basis) == ({"value": 2.0}, "invented")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("squar", "'squar' is none of mixed, square, linear, guerrilla; did you mean 'square'"),
        ("2", "2 is none of mixed, square, linear, guerrilla"),
        ("{dist: uniform, min: 0, max: 2}", "a choice is a name, or a discrete law over names"),
        ("{dist: discrete, weights: {mixed: 1, cubic: 1}}", "'cubic' is none of"),
        ("{dist: discrete, weights: {mixed: -1, square: 2}}", "is below 0"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused(said: str, message: str) -> None:
    """The message lists the names and the nearest right one."""
    with pytest.raises(ProblemsFound, match=message):
        load_scenario(TWO_VALLEYS, [f"{LAW}={said}"])


def test_an_uncertain_choice_is_drawn_once_per_draw() -> None:
    """Names come as often as their weights say, the same name in all replications of a draw."""
    compiled = compile_scenario(load_scenario(TWO_VALLEYS, [MIXTURE]))
    drawn = Counter(int(compiled.values(1, draw)[LAW]) for draw in range(2000))
    assert drawn.keys() == {1, 3}
    assert 0.72 < drawn[1] / 2000 < 0.78
    first, second = (run(compiled, seed=1, replication=number, per_draw=2).state.values[LAW] for number in (0, 1))
    assert first == second


def test_a_choice_reads_back_by_name() -> None:
    """What a manifest keeps holds names, and gives the same scenario."""
    scenario = load_scenario(TWO_VALLEYS, [MIXTURE])
    kept = resolved(scenario)
    assert kept["combat"]["law"]["weights"] == {"square": 3.0, "guerrilla": 1.0}
    assert kept["combat"]["turning"]["value"] == "on"
    assert resolved(scenario_from_resolved(kept, None)) == kept


def test_editors_are_told_the_names() -> None:
    """The JSON Schema offers the names of a choice and refuses others."""
    section = scenario_schema()["$defs"]["Combat"]["properties"]["law"]
    checker = jsonschema.Draft202012Validator({**section, "$defs": scenario_schema()["$defs"]})
    assert checker.is_valid("square")
    assert checker.is_valid({"dist": "discrete", "weights": {"mixed": 1, "square": 2}, "basis": "b"})
    assert not checker.is_valid("cubic")
    assert not checker.is_valid({"dist": "discrete", "weights": {"cubic": 1}})
