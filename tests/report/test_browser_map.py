from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.report.page import page
from tests.report import fakes
from tests.report.chromium import Browser, wait_until

MAP = "document.getElementById('chart-map')"
#: How many points of a layer's traces there are.
POINTS = f"(name => {MAP}.data.filter(t => t.name === name).reduce((n, t) => n + t.x.length, 0))"
SYMBOLS = f"{MAP}.querySelectorAll('.imagelayer image').length"


def map_alone(**changes: Any) -> str:
    """Return a page without most of what is drawn beside the map, which takes long for every test."""
    least = {"fans": (), "convoys": (), "events": (), "losses": (), "claims": fakes.headlines()}
    return page(fakes.content(**least | changes))


@pytest.fixture
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return the browser with the page drawn anew at 1400 pixels; a test leaves no complaint and no request behind."""
    target = tmp_path_factory.getbasetemp() / "map.html"
    if not target.exists():
        target.write_text(map_alone(), encoding="utf-8")
    browser.complaints.clear()
    browser.requests.clear()
    browser.resize(1400)
    browser.open(target)
    yield browser
    assert browser.complaints == []
    assert browser.requests == [target.as_uri()]


def go_to(browser: Browser, day: int) -> None:
    browser.evaluate(
        f"(slider => {{ slider.value = {day}; slider.dispatchEvent(new Event('input')); }})"
        "(document.getElementById('day'))"
    )
    browser.settle()


def choose(browser: Browser, place: str) -> None:
    browser.evaluate(
        "(list => { list.value = [...list.options].find(o => o.text === '" + place + "').value; "
        "list.dispatchEvent(new Event('input')); })(document.getElementById('place'))"
    )
    browser.settle()


def point_at(browser: Browser, trace: str, click: bool = False) -> str:
    """Move the mouse to the first point of a trace, and perhaps click; return what the hover label says."""
    browser.evaluate(f"{MAP}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
    browser.settle()
    x, y = browser.evaluate(
        f"(chart => {{ const t = chart.data.find(t => t.name === '{trace}'); const f = chart._fullLayout;"
        "const r = chart.getBoundingClientRect();"
        "return [r.left + f._size.l + f.xaxis.d2p(t.x[0]), r.top + f._size.t + f.yaxis.d2p(t.y[0])]; })(" + MAP + ")"
    )
    label = f"[...{MAP}.querySelectorAll('.hoverlayer text')].map(t => t.textContent).join(' ')"
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=2, y=2)
    wait_until(browser, f"!{label}")
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=x - 1, y=y)
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    wait_until(browser, label)
    if click:
        for kind in ("mousePressed", "mouseReleased"):
            browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    words: str = browser.evaluate(label)
    return words


def test_the_layers_follow_the_day(opened: Browser) -> None:
    """On another day other forces, flows and closures are drawn; the relief and the zones stay."""
    state = f"JSON.stringify([{MAP}.layout.images.length, {MAP}.data.map(t => [t.name, t.hovertext])])"
    go_to(opened, 5)
    before = opened.evaluate(state)
    assert opened.evaluate(SYMBOLS) > 10
    assert opened.evaluate(f"{POINTS}('direction')") > 0
    go_to(opened, 25)
    assert opened.evaluate(state) != before
    go_to(opened, 5)
    assert opened.evaluate(state) == before


def test_symbols_lie_apart(opened: Browser) -> None:
    """No symbol covers another one or the mark of a place, at any width."""
    boxes = (
        f"[...{MAP}.querySelectorAll('.imagelayer image')].map(i => ['x', 'y', 'width', 'height']"
        ".map(name => Number(i.getAttribute(name))))"
    )
    for width in (1400, 800, 400):
        opened.resize(width)
        found = opened.evaluate(boxes)
        assert found
        for number, (x, y, wide, high) in enumerate(found):
            for left, top, across, down in found[number + 1 :]:
                beside = x + wide <= left + 0.5 or left + across <= x + 0.5
                assert beside or y + high <= top + 0.5 or top + down <= y + 0.5


def test_each_layer_can_be_hidden_by_keyboard(opened: Browser) -> None:
    """A space on a box takes its layer off the map, and another one brings it back."""
    counts = {
        "forces": SYMBOLS,
        "supply": f"{POINTS}('flow') + {POINTS}('bars')",
        "control": f"{MAP}.data.filter(t => t.fill === 'toself' && t.visible !== false).length",
    }
    for layer, count in counts.items():
        before = opened.evaluate(count)
        assert before > 0
        opened.evaluate(f"document.querySelector('[data-layer={layer}]').focus()")
        opened.press(" ", 32)
        opened.settle()
        assert opened.evaluate(count) == 0
        assert all(opened.evaluate(other) > 0 for name, other in counts.items() if name != layer)
        opened.press(" ", 32)
        opened.settle()
        assert opened.evaluate(count) == before


def test_hovering_tells_the_numbers(opened: Browser) -> None:
    """A symbol, an arrow and a pass say their numbers with intervals."""
    go_to(opened, 12)
    assert " fighters (" in (force := point_at(opened, "force"))
    assert "of campaigns" in force
    assert "seven days to the end of Fri 27 Aug" in point_at(opened, "direction")
    assert "closed to " in point_at(opened, "pass")


def test_a_click_on_the_map_opens_a_timeline_and_escape_closes_it(opened: Browser) -> None:
    """The place of the symbol that is clicked shows its days in place of the lists, until Escape."""
    go_to(opened, 12)
    hovered = point_at(opened, "force", click=True)
    wait_until(opened, "!document.getElementById('of-place').hidden")
    name = opened.evaluate("document.getElementById('of-place-name').textContent")
    assert name
    assert hovered.startswith(name)
    assert opened.evaluate("document.getElementById('of-place').checkVisibility()")
    assert not opened.evaluate("document.getElementById('of-day').checkVisibility()")
    opened.press("Escape", 27)
    opened.settle()
    assert not opened.evaluate("document.getElementById('of-place').checkVisibility()")
    assert opened.evaluate("document.getElementById('of-day').checkVisibility()")
    assert opened.evaluate("document.getElementById('place').value") == ""


@pytest.mark.parametrize("width", [1400, 800, 400])
def test_a_place_chosen_from_the_list_shows_its_days(opened: Browser, width: int) -> None:
    """Shares by day, forces and claims are drawn within the panel, and the line of the day follows the slider."""
    opened.resize(width)
    choose(opened, "Bazarak")
    chart = "document.getElementById('chart-place')"
    assert opened.evaluate(f"{chart}.data.filter(t => t.stackgroup).length") == 3
    assert opened.evaluate(f"{chart}.data.some(t => t.yaxis === 'y3' && t.hovertext)")
    assert opened.evaluate(f"{chart}.querySelector('.main-svg').getBoundingClientRect().width") <= width
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert "It changes hands in" in opened.evaluate(f"{chart}.getAttribute('aria-label')")
    line = f"{chart}.layout.shapes[0].x0"
    go_to(opened, 3)
    before = opened.evaluate(line)
    go_to(opened, 4)
    assert opened.evaluate(line) > before


def test_a_page_without_tables_has_no_layers(opened: Browser, tmp_path: Path) -> None:
    """Where nothing is known of forces and convoys, the map shows control alone and nothing complains."""
    target = tmp_path / "bare.html"
    target.write_text(map_alone(on_the_ground=None), encoding="utf-8")
    opened.open(target)
    go_to(opened, 12)
    assert opened.evaluate("document.getElementById('place')") is None
    assert opened.complaints == []
    opened.requests.remove(target.as_uri())
