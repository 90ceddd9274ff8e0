"""The page on paper, in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.report.page import page
from sim.report.theatre import Ground
from tests.report import fakes
from tests.report.chromium import Browser

#: The figures whose drawing is not as wide as the place that they have on the page.
MISFITS = (
    "[...document.querySelectorAll('[data-figure]')].filter(f => !f.querySelector('.main-svg') || "
    "Math.abs(f.clientWidth - f.querySelector('.main-svg').getBoundingClientRect().width) > 1).map(f => f.id)"
)
#: The figures that are not drawn, or wider than a sheet.
NOT_ON_PAPER = (
    "[...document.querySelectorAll('[data-figure]')].filter(f => !(f.querySelector('.main-svg')?."
    "getBoundingClientRect().width <= 690)).map(f => f.id)"
)


@pytest.fixture(scope="module")
def opened(browser: Browser, report: Path) -> Browser:
    """Return the browser with the page drawn at 1200 pixels; each test leaves it on the screen again."""
    browser.resize(1200)
    browser.open(report)
    return browser


def on_paper(browser: Browser) -> None:
    """Do what a browser does before it prints."""
    browser.call("Emulation.setEmulatedMedia", media="print")
    browser.evaluate("window.dispatchEvent(new Event('beforeprint'))")


def on_screen(browser: Browser) -> None:
    """Do what a browser does once it has printed."""
    browser.call("Emulation.setEmulatedMedia", media="")
    browser.evaluate("window.dispatchEvent(new Event('afterprint'))")
    browser.settle()


def test_a_print_while_figures_are_drawn_has_them_all(opened: Browser) -> None:
    """Whoever prints while the page is being drawn anew gets every figure on paper at once, and the screen's later."""
    widths = "[...document.querySelectorAll('.main-svg:first-child')].map(f => f.getBoundingClientRect().width)"
    opened.evaluate(
        "(async () => {document.querySelector('main').style.width = '900px'; "
        "window.dispatchEvent(new Event('resize')); "
        "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));})()"
    )
    assert {900, 1160} <= set(opened.evaluate(widths)), "some figures are drawn anew, and some are not yet"
    on_paper(opened)
    assert opened.evaluate(NOT_ON_PAPER) == []
    opened.settle()
    assert opened.evaluate(NOT_ON_PAPER) == []
    opened.evaluate("document.querySelector('main').style.width = ''")
    on_screen(opened)
    assert opened.evaluate(MISFITS) == []
    assert opened.complaints == []


#: What is asked of the page before, on and after paper.
ASKED = {
    "closed": "document.querySelectorAll('details:not([open])').length",
    "parts": "document.querySelectorAll('[id^=chart-claims-]').length",
    "high": "[...document.querySelectorAll('.chart')].filter(one => getComputedStyle(one).display !== 'none' && "
    "one.getBoundingClientRect().height > 940).map(one => one.id)",
    "whole": "getComputedStyle(document.getElementById('chart-claims')).display",
    "cut": "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1)"
    ".map(one => one.getAttribute('aria-label'))",
    "labels": "[...document.querySelectorAll('#chart-claims .annotation-text')].map(one => one.textContent).sort()",
    "bars": "[...document.querySelectorAll('[id^=chart-claims-]')].map(part => part.data[0].y.length)"
    ".reduce((sum, found) => sum + found, 0)",
    "misfits": MISFITS,
}


@pytest.fixture(scope="module")
def printed(opened: Browser) -> list[dict[str, Any]]:
    """Return what the page answers as wide as a sheet: on the screen, on paper, and on the screen again."""
    opened.resize(688)  # A4 between its margins
    opened.evaluate("document.querySelector('#claims details').open = true")
    answers = [{name: opened.evaluate(question) for name, question in ASKED.items()}]
    for turn in (on_paper, on_screen):
        turn(opened)
        opened.settle()
        answers.append({name: opened.evaluate(question) for name, question in ASKED.items()})
    assert opened.complaints == []
    return answers


def test_no_figure_is_higher_than_a_sheet(printed: list[dict[str, Any]]) -> None:
    """What is too high for paper is cut between rows: each row stands on one sheet, and afterwards all in one piece."""
    before, paper, after = printed
    assert paper["high"] == []
    assert paper["parts"] >= 2
    assert paper["whole"] == "none"
    assert paper["bars"] == len(fakes.claims())
    assert (after["parts"], after["labels"], after["misfits"]) == (0, before["labels"], [])


def test_what_is_folded_away_is_printed(printed: list[dict[str, Any]]) -> None:
    """Tables that a reader may open are open on paper, and closed again on the screen; one that was open stays so."""
    before, paper, after = printed
    assert paper["closed"] == 0 < before["closed"] == after["closed"]


def test_no_table_is_cut_on_paper(printed: list[dict[str, Any]]) -> None:
    """No table is wider than the sheet, which nobody can scroll."""
    before, paper, _ = printed
    assert before["cut"]
    assert paper["cut"] == []


def test_sides_can_be_told_apart_on_grey_paper(opened: Browser) -> None:
    """On paper the ground of the second side is hatched and a cell has a letter where a side begins to lead."""
    opened.resize(1200)
    hatched = (
        "document.getElementById('chart-map').data.filter(t => t.meta && t.meta.zone)"
        ".map(t => t.fillpattern && t.fillpattern.shape).filter(Boolean)"
    )
    letters = "(document.getElementById('chart-heatmap').data.find(t => t.mode === 'text') || {text: []}).text"
    key = (
        "[...document.querySelectorAll('.only-grey')].filter(one => one.checkVisibility()).map(one => one.textContent)"
    )
    assert [opened.evaluate(question) for question in (hatched, letters, key)] == [[], [], []]
    on_paper(opened)
    opened.settle()
    zones = opened.evaluate("document.getElementById('chart-map').data.filter(t => t.meta && t.meta.zone).length")
    assert 0 < len(opened.evaluate(hatched)) < zones, "the ground of the first side is plain"
    assert set(opened.evaluate(hatched)) == {"/"}
    names = {actor.name[0] for actor in fakes.SIDES.values()}
    assert set(opened.evaluate(letters)) == names
    assert {letter.strip() for letter in opened.evaluate(key)} == names
    on_screen(opened)
    assert [opened.evaluate(question) for question in (hatched, letters, key)] == [[], [], []]
    assert opened.complaints == []


def test_on_grey_paper_a_side_does_not_seem_to_hold_what_nobody_does(browser: Browser, tmp_path: Path) -> None:
    """A place that nobody comes to hold has a dash where that begins, beside the letter of the side before."""
    control = fakes.control()
    counts = control.counts.copy()
    counts[control.places.index("khawak-pass"), 3:6] = [0] * (len(control.sides) - 1) + [control.n]
    target = tmp_path / "report.html"
    target.write_text(page(fakes.content(control=replace(control, counts=counts))), encoding="utf-8")
    browser.resize(1200)
    browser.open(target)
    on_paper(browser)
    browser.settle()
    found = browser.evaluate(
        "(({ data: [cells, ...rest] }) => { const row = Number(Object.entries(cells.meta.places)"
        ".find(([, place]) => place === 'khawak-pass')[0]); const { x, y, text } = rest.find(t => t.mode === 'text');"
        " return text.flatMap((words, at) => y[at] === cells.y[row] ? [[cells.x.indexOf(x[at]), words]] : []); })"
        "(document.getElementById('chart-heatmap'))"
    )
    on_screen(browser)
    assert [3, "\N{EN DASH}"] in found
    assert [column for column, _ in found][:3] == [0, 3, 6]
    assert browser.complaints == []


def test_the_key_has_no_hatching_where_no_ground_is_hatched() -> None:
    """Without zones the map colours signs alone, and says and shows no more than that."""
    bare = page(fakes.content(ground=Ground()))
    assert not re.search(r'class="[^"]*hatch-', bare)
    assert "The sign of a place takes the colour" in bare
    assert re.search(r'class="[^"]*hatch-', page(fakes.content()))
