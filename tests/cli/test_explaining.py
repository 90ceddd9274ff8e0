"""``sim why`` on the command line: a tree for people, a list for programs, chains over a batch."""

from __future__ import annotations

import json
from pathlib import Path

from sim import open_batch
from sim.domain import facts as f
from tests.cli.conftest import Typed


def a_change(batch: Path) -> tuple[int, f.ControlChanged]:
    """Return a place that changed hands in some history of a batch, and in which."""
    for number, facts in open_batch(batch).logs():
        for fact in facts:
            if isinstance(fact, f.ControlChanged) and fact.how != "initial":
                return number, fact
    raise AssertionError("nothing changed hands")


def test_why_tells_the_chain_back_to_its_root(sim: Typed, batch: Path) -> None:
    """Dated lines with the numbers of the facts, the question's own first, and the start or a draw last."""
    number, change = a_change(batch)
    said = sim("why", batch, f"#{change.seq}", "-r", number)
    lines = said.splitlines()
    assert f"#{change.seq}" in lines[1]
    assert "a draw: " in said or "the start: " in said or "a day announced beforehand" in said.lower()


def test_for_programs_each_fact_names_its_causes(sim: Typed, batch: Path) -> None:
    """The JSON is a flat list in the order of telling; every cause named is in it."""
    number, change = a_change(batch)
    tree = json.loads(sim("why", batch, change.place, "-r", number, "--json"))["tree"]
    told = {node["seq"] for node in tree}
    assert all(set(node["caused_by"]) <= told for node in tree)
    assert tree[0]["kind"] == "ControlChanged"
    assert not tree[0]["role"]


def test_across_a_batch_the_chains_have_intervals(sim: Typed, batch: Path) -> None:
    """How often it happened, and the most frequent ways with the share of all histories."""
    _, change = a_change(batch)
    told = json.loads(sim("why", batch, change.place, "--across", "--json"))
    assert 0 < told["happened"]["p"] <= 1
    assert told["happened"]["low"] < told["happened"]["p"]
    assert sum(way["share"]["k"] for way in told["most_common"]) <= told["happened"]["k"]
    assert "of 12 histories" in sim("why", batch, change.place, "--across")


def test_across_a_batch_only_what_every_history_has_can_be_asked_about(sim: Typed, batch: Path) -> None:
    """The number of a fact is that of one history."""
    assert "--across asks about a place" in sim("why", batch, "#7", "--across", code=1)
