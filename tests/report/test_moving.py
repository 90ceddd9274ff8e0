"""What moves the events, as it stands on the page."""

from __future__ import annotations

from typing import Any

from sim.compare.influence import ByOption, Influence, Mover
from sim.compare.windows import probability
from sim.report.moving import influence_tables
from sim.report.page import campaign_page
from tests.report import fakes

LOW, HIGH = probability(20, 100), probability(60, 100)
NUMBER = Mover("force.strength", ("force.twin",), -0.4, 0.12, (("lowest third", LOW), ("highest third", HIGH)))
CHOICE = Mover("law", (), None, 0.05, (("mixed", LOW), ("square", HIGH)))
MOVED = Influence("a", "The rising", (NUMBER, CHOICE), NUMBER)
UNMOVED = Influence("b", "The fall", (), CHOICE)


def page_of(**changes: Any) -> str:
    """Return the body of the page without its scripts and figures."""
    html = campaign_page("page.html.j2", fakes.content(fans=(), **changes), {}, (), {}, {})
    return html.partition("<body>")[2].partition('<script type="application/json"')[0]


def test_each_mover_stands_with_what_it_does() -> None:
    """An event has a row per assumption that moves it, and one that says so where none stands out."""
    moved, choice = influence_tables([MOVED, UNMOVED], [ByOption("law", (("a", "The rising", CHOICE.chances),))])
    assert [row[0] for row in moved.words] == ["The rising", "", "The fall"]
    named = [row[1] for row in moved.words]
    assert named == ["force.strength\nand 1 drawn with it", "law", "nothing stands out from noise"]
    assert [row[2] for row in moved.words] == ["−0.40", "", ""]
    assert moved.words[0][4].startswith("lowest third 20\u202f% (13–29)\nhighest third")
    assert moved.note.endswith("explains is 12\u202f% of the variance of an event (force.strength, The rising).")
    assert choice.heads == ("Event", "mixed", "square")
    assert choice.words[0][1:] == ("20\u202f% (13–29)", "60\u202f% (50–69)")


def test_too_few_draws_move_nothing() -> None:
    """Where nothing is known about any event there is no table."""
    assert influence_tables([Influence("a", "The rising", (), None)], []) == ()


def test_the_page_has_a_section_for_it() -> None:
    """With tables of influence the page has their section and a link to it; without, neither."""
    tables = influence_tables([MOVED], [])
    assert 'href="#influence"' in page_of(influence=tables)
    assert "What moves each event" in page_of(influence=tables)
    assert "#influence" not in page_of()


def test_the_page_says_what_its_draws_can_tell() -> None:
    """With several campaigns per draw the table has a column for the assumptions; with one, how to get it."""
    assert "due to the assumptions" in page_of()
    alone = page_of(draws=fakes.N)
    assert "due to the assumptions" not in alone
    assert "<code>--per-draw 4</code>" in alone
