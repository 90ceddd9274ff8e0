"""The page on paper, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_no_figure_is_higher_than_its_place_on_a_sheet(opened: Browser) -> None:
    """What is too high for paper is cut between rows: each row stands on one sheet, and afterwards all in one piece."""
    names = "document.querySelectorAll('#chart-{0} .annotation-text, [id^=chart-{0}-] .annotation-text')"
    told = {name: f"[...{names.format(name)}].map(label => label.textContent).sort()" for name in ("strip", "claims")}
    opened.resize(1200)
    whole = {name: opened.evaluate(words) for name, words in told.items()}
    on_paper(opened)
    opened.settle()
    high = (
        "[...document.querySelectorAll('.chart')].filter(one => getComputedStyle(one).display !== 'none')"
        ".filter(one => one.getBoundingClientRect().height > 940).map(one => one.id)"
    )
    assert opened.evaluate(high) == []
    assert opened.evaluate("getComputedStyle(document.getElementById('chart-claims')).display") == "none"
    parts = opened.evaluate("document.querySelectorAll('[id^=chart-claims-]').length")
    assert parts >= 2
    pieces = {
        name: opened.evaluate(words.replace(f"#chart-{name} .annotation-text, ", "")) for name, words in told.items()
    }
    assert pieces["claims"] == whole["claims"]
    assert set(pieces["strip"]) == set(whole["strip"])
    on_screen(opened)
    assert opened.evaluate("document.querySelectorAll('.in-parts, [id^=chart-claims-]').length") == 0
    assert {name: opened.evaluate(words) for name, words in told.items()} == whole
    assert opened.evaluate(MISFITS) == []


def test_what_is_folded_away_is_printed(opened: Browser) -> None:
    """Tables that a reader may open are open on paper, and closed again on the screen; one that was open stays so."""
    opened.evaluate("document.querySelector('#claims details').open = true")
    closed = "document.querySelectorAll('details:not([open])').length"
    before = opened.evaluate(closed)
    on_paper(opened)
    opened.settle()
    assert opened.evaluate(closed) == 0 < before
    on_screen(opened)
    assert opened.evaluate(closed) == before


def test_no_table_is_cut_on_paper(opened: Browser) -> None:
    """No table is wider than the sheet, which nobody can scroll."""
    opened.resize(690)
    on_paper(opened)
    opened.settle()
    wide = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    cut = opened.evaluate(wide)
    on_screen(opened)
    assert cut == 0
    assert opened.complaints == []
