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
