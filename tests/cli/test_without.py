"""``sim describe --without``: what a mechanism contributes."""

from __future__ import annotations

import json

import pytest

from sim.cli.without import Contribution
from sim.compare.pairs import Difference
from sim.scenario.switches import Switch
from tests.cli.conftest import VALLEYS, Typed


def difference(name: str, unit: str = "facts", *, stands_out: bool, differ: int = 9) -> Difference:
    """Make an outcome with and without a mechanism."""
    return Difference(name, unit, 10, 5.0, 3.0, 2.0, 1.0 if stands_out else -1.0, 3.0, differ, stands_out)


@pytest.mark.parametrize(
    ("changed", "rows", "words"),
    [
        (0, [difference("a", stands_out=False, differ=0)], "No effect in any of 10 pairs"),
        (9, [difference("a", stands_out=False)], "No effect seen in 10 pairs: 9 of 10 pairs take another course"),
        (9, [difference("a", stands_out=True)], "9 of 10 pairs take another course; 1 of 1 outcomes differ"),
    ],
)
def test_an_effect_that_was_not_seen_is_not_claimed(changed: int, rows: list[Difference], words: str) -> None:
    """The verdict tells no effect at all, none that stands out from chance, and a clear one apart."""
    assert Contribution(Switch("talks", ()), 10, changed, tuple(rows)).verdict().startswith(words)


def test_what_came_of_it_is_named_before_mere_facts() -> None:
    """Of what stands out, outcomes come before counts of facts."""
    rows = (difference("ReportSent", stands_out=True), difference("deserted", "people", stands_out=True))
    assert [row.name for row in Contribution(Switch("talks", ()), 10, 9, rows).seen] == ["deserted", "ReportSent"]


def test_a_mechanism_is_shown_with_and_without_it(sim: Typed) -> None:
    """Without supply no convoy sets out; the overrides that take it away are named."""
    [found] = json.loads(sim("describe", VALLEYS, "--without", "supply", "-n", 4, "--json"))
    by_name = {row["name"]: row for row in found["outcomes"]}
    assert (found["without"], found["pairs"]) == ("supply", 4)
    assert by_name["ConvoyDispatched"]["first"] > by_name["ConvoyDispatched"]["second"] == 0
    said = sim("describe", VALLEYS, "--without", "supply", "-n", 4)
    assert "What supply contributes: 4 pairs of histories" in said
    assert "--set supply.enabled=false" in said


def test_a_mechanism_that_nothing_uses_has_no_effect(sim: Typed) -> None:
    """Under common random numbers a mechanism that does nothing changes nothing, and that is said."""
    quiet = ("--set", "risings.quiet_rate_per_day=0", "--set", "risings.search_rate_per_day=0")
    said = sim("describe", VALLEYS, "--without", "risings", "-n", 2, *quiet)
    assert "No effect in any of 2 pairs: every outcome is the same with and without it." in said


def test_several_mechanisms_have_a_line_each(sim: Typed) -> None:
    """Several mechanisms are compared with the same histories, a line each."""
    said = sim("describe", VALLEYS, "--without", "supply", "--without", "risings+talks", "-n", 2)
    assert "What each mechanism contributes: 2 pairs" in said
    assert "risings+talks" in said


def test_a_mechanism_that_is_not_there_is_an_error(sim: Typed) -> None:
    """An unknown mechanism is refused with what there is."""
    assert "did you mean 'supply'" in sim("describe", VALLEYS, "--without", "suply", code=1)
