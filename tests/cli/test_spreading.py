"""How luck, assumptions and their influence are told on the terminal."""

from __future__ import annotations

import numpy as np
import pytest

from sim.cli.spreading import due, print_influence
from sim.compare.influence import ByOption, Influence, Mover, verdict
from sim.compare.windows import probability
from sim.projections.spread import spread

HALF = probability(50, 100)


def mover(explains: float, correlation: float | None = 0.4, same: tuple[str, ...] = ()) -> Mover:
    """Make an assumption that moves an event."""
    return Mover("force.strength", same, correlation, explains, (("lowest third", HALF), ("highest third", HALF)))


def test_the_share_of_the_assumptions_stands_with_its_interval() -> None:
    """The share is told in per cent; where it is unknown there is a dash."""
    found = due(spread(np.repeat([1.0, 2.0, 4.0, 8.0], 2) + [0, 1] * 4, np.arange(8) // 2))
    assert found.startswith("95 (")
    assert due(spread(np.arange(4.0), np.arange(4))) == "-"
    assert due(None) == "-"


def test_the_verdict_names_what_decides_alone_or_comes_closest() -> None:
    """An assumption that explains nine tenths of an event decides it; otherwise the strongest is named."""
    weak, strong = mover(0.31), mover(0.93)
    events = [Influence("a", "The rising", (weak,), weak), Influence("b", "The fall", (), None)]
    [said] = verdict(events)
    assert said.startswith("No single assumption decides an event alone: the most that one explains is 31\u202f%")
    [said] = verdict([*events, Influence("c", "The siege", (strong,), strong)])
    assert said == "force.strength alone decides The siege: it explains 93\u202f% of the variance."
    assert verdict(events[1:]) == ["Whether a single assumption decides an event cannot be said from so few draws."]


def test_movers_and_choices_are_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """Each event has its movers with what they do, or says that none stands out; each choice has a table."""
    moved = mover(0.2, same=("x", "y"))
    events = [Influence("a", "The rising", (moved,), moved), Influence("b", "The fall", (), None)]
    print_influence(events, [ByOption("law", (("a", "The rising", (("mixed", HALF), ("square", HALF))),))])
    said = capsys.readouterr().out
    assert "force.strength and 2 drawn with it" in said
    assert "lowest third 50 (40–60), highest third 50 (40–60)" in said
    assert "none stands out from noise" in said
    assert "Happens %, by law" in said
