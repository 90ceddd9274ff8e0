"""Single histories in real Chromium: tabs, facts, trees, the map that plays one, and a page about one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.batch import run_batch
from sim.compare import compare
from sim.compare.timelines import timeline_of
from sim.report import render_history, render_report
from sim.scenario import load_scenario
from sim.store import Batch
from tests.report.chromium import Browser
from tests.worlds import INVENTED, REFERENCE

WIDTHS = (2000, 1400, 800, 400)
UNITS = "document.getElementById('chart-map').data.find(trace => trace.name === 'symbols of one history')"
FILLS = "document.getElementById('chart-map').data.filter(trace => trace.meta && trace.meta.zone).map(t => t.fillcolor)"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Return a small batch of the reference scenario."""
    folder = tmp_path_factory.mktemp("reference") / "batch"
    return run_batch(load_scenario(REFERENCE), folder, replications=5, workers=1)


@pytest.fixture(scope="module")
def report(reference: Batch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the batch."""
    target = tmp_path_factory.mktemp("page") / "report.html"
    return render_report(reference, target, comparison=compare(reference))


@pytest.fixture(scope="module")
def opened(browser: Browser, report: Path) -> Browser:
    """Return the browser with the page at 1400 pixels; tests leave it open for each other."""
    browser.resize(1400)
    browser.complaints.clear()
    browser.requests.clear()
    browser.open(report)
    return browser


def test_tabs_follow_the_arrow_keys(opened: Browser, report: Path) -> None:
    """Arrow keys, Home and End choose a history; one tab alone can be reached with Tab, and its panel is shown."""
    chosen = (
        "[...document.querySelectorAll('#histories [role=tab]')].map(tab => "
        "[tab.id, tab.getAttribute('aria-selected'), tab.tabIndex, "
        "document.getElementById(tab.getAttribute('aria-controls')).hidden])"
    )
    opened.evaluate("document.getElementById('tab-typical').focus()")
    assert opened.evaluate(chosen)[0] == ["tab-typical", "true", 0, False]
    opened.press("ArrowRight", 39)
    assert opened.evaluate(chosen)[1] == ["tab-fitting", "true", 0, False]
    assert opened.evaluate(chosen)[0] == ["tab-typical", "false", -1, True]
    assert opened.evaluate("document.activeElement.id") == "tab-fitting"
    opened.press("End", 35)
    assert opened.evaluate("document.activeElement.id") == "tab-surprising"
    opened.press("ArrowRight", 39)
    assert opened.evaluate("document.activeElement.id") == "tab-typical"
    sentences = "document.querySelectorAll('[data-choice]:not([hidden]) .diary li').length"
    assert opened.evaluate(sentences) > 20
    assert opened.complaints == []
    assert opened.requests == [report.as_uri()]


def test_sentences_can_be_filtered(opened: Browser) -> None:
    """The filter shows the sentences about one matter, with the day's business where it is asked for."""
    counted = "document.querySelector('#panel-typical output').textContent"
    few = int(opened.evaluate(counted).split()[0])
    opened.evaluate("document.querySelector('#panel-typical .narrative input').click()")
    many = int(opened.evaluate(counted).split()[0])
    assert many > few
    opened.evaluate(
        "{const matter = document.querySelector('#panel-typical select'); matter.value = 'talks'; "
        "matter.dispatchEvent(new Event('input', {bubbles: true}));}"
    )
    assert 0 <= int(opened.evaluate(counted).split()[0]) < many
    opened.evaluate(
        "{const matter = document.querySelector('#panel-typical select'); matter.value = ''; "
        "matter.dispatchEvent(new Event('input', {bubbles: true}));}"
    )
    assert opened.evaluate(counted) == f"{many} of {many} sentences"


def test_the_number_of_a_sentence_opens_its_fact(opened: Browser) -> None:
    """A fact shows its kind, time and fields, and what it is because of; opened and closed by key."""
    opened.evaluate("document.querySelector('#panel-typical .diary .number').focus()")
    opened.press(" ", 32)
    fact = opened.evaluate("document.querySelector('#panel-typical .diary .fact').textContent")
    number = opened.evaluate("document.activeElement.textContent")
    assert number in fact
    assert "Simulated" in fact
    assert "second" in fact
    assert opened.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    opened.press(" ", 32)
    assert opened.evaluate("document.querySelector('#panel-typical .diary .fact').hidden") is True
    assert opened.complaints == []


def test_why_opens_the_tree_back_to_its_roots(opened: Browser) -> None:
    """Every chain of an outcome's tree ends in a root or was told before; longer ones have more behind a button."""
    opened.evaluate("document.querySelectorAll('#panel-typical .outcomes .why').forEach(why => why.click())")
    more = "[...document.querySelectorAll('#panel-typical .tree > li > .quiet-button')]"
    for _ in range(8):
        if not opened.evaluate(f"{more}.length"):
            break
        opened.evaluate(f"{more}.forEach(button => button.click())")
    assert opened.evaluate(f"{more}.length") == 0
    trees = opened.evaluate("document.querySelectorAll('#panel-typical .why-tree > .tree').length")
    assert trees > 3
    ends = (
        "[...document.querySelectorAll('#panel-typical .why-tree > .tree')].every(tree => {"
        "const last = tree.lastElementChild; "
        "return last.querySelector('.root') || /told above/.test(last.textContent);})"
    )
    assert opened.evaluate(ends) is True
    assert opened.complaints == []


def test_the_map_plays_one_history_and_goes_back(opened: Browser) -> None:
    """The map shows one history under a banner that says so, slider and play stay, and one button leads back."""
    before = opened.evaluate(f"[{FILLS}, document.getElementById('places').textContent]")
    opened.evaluate("document.querySelector('#panel-typical .on-map button').click()")
    opened.settle()
    banner = "document.getElementById('one-history')"
    assert opened.evaluate(f"{banner}.hidden") is False
    assert "One simulated history, not what happened." in opened.evaluate(f"{banner}.textContent")
    assert opened.evaluate("document.getElementById('day').value") == "0"
    assert opened.evaluate(f"{UNITS}.x.length") > 10
    assert len(set(opened.evaluate(FILLS))) <= 3
    first = opened.evaluate(f"JSON.stringify({UNITS}.hovertext)")
    opened.evaluate("document.getElementById('day').focus()")
    for _ in range(12):
        opened.press("ArrowRight", 39)
    opened.settle()
    assert opened.evaluate("document.getElementById('day').value") == "12"
    assert opened.evaluate(f"JSON.stringify({UNITS}.hovertext)") != first
    assert "simulated" in opened.evaluate("document.getElementById('places').previousElementSibling.textContent")
    assert "%" not in opened.evaluate("document.getElementById('places').textContent")
    opened.resize(400)
    assert opened.evaluate(f"{UNITS}.x.length") > 10
    opened.resize(1400)
    opened.evaluate("document.getElementById('all-histories').click()")
    opened.settle()
    assert opened.evaluate(f"{banner}.hidden") is True
    assert opened.evaluate(f"{UNITS} === undefined") is True
    opened.evaluate("{const day = document.getElementById('day'); day.value = day.max; }")
    home = int(opened.evaluate("document.getElementById('day').defaultValue"))
    opened.evaluate(
        f"{{const day = document.getElementById('day'); day.value = {home}; day.dispatchEvent(new Event('input'));}}"
    )
    opened.settle()
    assert opened.evaluate(f"[{FILLS}, document.getElementById('places').textContent]") == before
    assert opened.complaints == []


def test_a_history_is_played_with_the_symbols_of_all_campaigns(opened: Browser) -> None:
    """Units are APP-6 symbols with their strengths below them, and no symbol covers another or the name of a place."""
    opened.evaluate("document.querySelector('#panel-typical .on-map button').click()")
    boxes = (
        "(what => [...document.querySelectorAll(`#chart-map ${what}`)].map(one => one.getBoundingClientRect())"
        ".filter(box => box.width).map(box => [box.left, box.top, box.right, box.bottom]))"
    )
    pictures = "document.querySelectorAll('#chart-map .layer-above .imagelayer image').length"
    for width in (1400, 400):
        opened.resize(width)
        assert opened.evaluate(pictures) == opened.evaluate(f"{UNITS}.x.length") > 10
        labels = "document.getElementById('chart-map').data.find(trace => trace.name === 'labels of one history').text"
        strengths = opened.evaluate(f"{UNITS}.hovertext.join(' ')")
        assert all(label.removesuffix(" t") in strengths for label in opened.evaluate(labels))
        assert len(opened.evaluate(labels)) > 5
        # At once, since the page may still be scrolling to its map.
        names, symbols = opened.evaluate(f"['.textpoint', '.layer-above .imagelayer image'].map({boxes})")
        assert len(symbols) > 10
        for number, (left, top, right, bottom) in enumerate(symbols):
            for x0, y0, x1, y1 in [*names, *symbols[number + 1 :]]:
                apart = right <= x0 + 2 or x1 <= left + 2 or bottom <= y0 + 2 or y1 <= top + 2
                assert apart, (width, (left, top, right, bottom), (x0, y0, x1, y1))
    opened.resize(1400)
    opened.evaluate("document.getElementById('all-histories').click()")
    opened.settle()
    assert opened.evaluate(f"{UNITS} === undefined") is True
    assert opened.complaints == []


def test_a_history_closes_the_timeline_of_a_place(opened: Browser) -> None:
    """Who plays a history with a place open has the place closed, and the slider goes on working at another width."""
    opened.evaluate(
        "(async () => {const place = document.getElementById('place'); place.value = '3'; "
        "place.dispatchEvent(new Event('input')); await reportSettled();})()"
    )
    panel = "document.getElementById('of-place').hidden"
    assert opened.evaluate(panel) is False
    opened.evaluate("document.querySelector('#panel-typical .on-map button').click()")
    opened.settle()
    assert opened.evaluate(panel) is True
    opened.resize(1300)
    opened.evaluate("document.getElementById('day').focus()")
    before = opened.evaluate("document.getElementById('date').textContent")
    opened.press("ArrowRight", 39)
    opened.settle()
    assert opened.evaluate("document.getElementById('date').textContent") != before
    opened.resize(1400)
    opened.evaluate("document.getElementById('all-histories').click()")
    opened.settle()
    assert opened.evaluate(panel) is True
    assert opened.complaints == []


def test_a_day_of_the_sentences_leads_to_the_map(opened: Browser) -> None:
    """The button of a day shows that day of that history, with the sentences of the day beside the map."""
    opened.evaluate("[...document.querySelectorAll('#panel-typical .diary h3 button')].at(-1).click()")
    opened.settle()
    day = opened.evaluate("[...document.querySelectorAll('#panel-typical .diary h3')].at(-1).firstChild.textContent")
    assert opened.evaluate("document.getElementById('date').textContent") == day.strip()
    opened.evaluate("document.getElementById('all-histories').click()")
    opened.settle()
    assert opened.complaints == []


def test_where_days_end_in_the_morning_the_map_shows_the_first_end_after_an_event(
    browser: Browser, tmp_path: Path
) -> None:
    """A campaign that begins at six: each heading leads to the end of day that comes next, and names that moment."""
    batch = run_batch(load_scenario(INVENTED), tmp_path / "batch", replications=1, workers=1)
    browser.open(render_history(batch.log(0), batch.scenario, tmp_path / "one.html"))
    date, slider = "document.getElementById('date').textContent", "Number(document.getElementById('day').value)"
    heads = browser.evaluate(
        "[...document.querySelectorAll('.diary h3')].map(head => [head.firstChild.textContent.trim(), "
        "head.nextElementSibling.querySelector('.hour').textContent.trim(), head.querySelector('button').textContent])"
    )
    early = [at for at, (_, hour, _) in enumerate(heads) if hour < "06:00"]
    late = [at for at, (_, hour, _) in enumerate(heads) if hour > "06:00"]
    assert early
    assert late
    for at in (early[0], late[0]):
        head, hour, button = heads[at]
        browser.evaluate(f"document.querySelectorAll('.diary h3 button')[{at}].click()")
        browser.settle()
        assert browser.evaluate(date).endswith(button.removeprefix("show ").removesuffix(" on the map"))
        of_month, end = int(head.split()[1]), int(button.split()[1])
        assert browser.evaluate(slider) == end - 2, "the first day ends on the second of the month"
        assert (end == of_month) == (hour < "06:00")
        assert head.endswith(", to 06:00") == (hour < "06:00")
        told = "[...document.querySelectorAll('#places .hour')].map(hour => hour.textContent).join()"
        assert hour in browser.evaluate(told), "what is told under the heading is told beside the map"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_section_fits_its_window(opened: Browser, width: int) -> None:
    """At every width nothing of the section sticks out, with facts and trees open."""
    opened.resize(width)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    outside = (
        "[...document.querySelectorAll('#histories *')].filter(one => {const box = one.getBoundingClientRect(); "
        f"return box.width && box.right > {width} + 1;}}).length"
    )
    assert opened.evaluate(outside) == 0
    opened.resize(1400)


@pytest.mark.parametrize("path", [REFERENCE, INVENTED], ids=["reference", "invented"])
def test_a_page_about_one_history_opens(browser: Browser, path: Path, reference: Batch, tmp_path: Path) -> None:
    """It is drawn without complaint or network, plays from the first day, and its trees open."""
    if path == REFERENCE:
        log, scenario, timeline = reference.log(1), reference.scenario, timeline_of(reference.scenario, None)
    else:
        batch = run_batch(load_scenario(path), tmp_path / "batch", replications=1, workers=1)
        log, scenario, timeline = batch.log(0), batch.scenario, None
    target = render_history(log, scenario, tmp_path / "one.html", timeline=timeline)
    browser.complaints.clear()
    browser.requests.clear()
    browser.resize(1400)
    browser.open(target)
    assert browser.complaints == []
    assert browser.requests == [target.as_uri()]
    assert browser.evaluate("document.getElementById('one-history').hidden") is False
    assert browser.evaluate(f"{UNITS}.x.length") > 2
    seen = (
        "[...document.querySelectorAll('.from button')]"
        ".filter(one => one.textContent.includes('(CSV)') && one.getClientRects().length).length"
    )
    assert browser.evaluate(seen) == (3 if timeline else 2), "what strip and map show can be saved as tables"
    browser.evaluate("document.querySelector('.outcomes .why').click()")
    assert browser.evaluate("document.querySelectorAll('.why-tree .tree li').length") > 1
    for width in WIDTHS:
        browser.resize(width)
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.complaints == []


def test_a_batch_of_one_shows_its_history(browser: Browser, tmp_path: Path) -> None:
    """The page of a batch with a single history tells that one, without tabs."""
    batch = run_batch(load_scenario(INVENTED), tmp_path / "batch", replications=1, workers=1)
    target = render_report(batch, tmp_path / "report.html")
    browser.complaints.clear()
    browser.open(target)
    assert browser.evaluate("document.querySelectorAll('[role=tab]').length") == 0
    assert browser.evaluate("document.querySelectorAll('.diary li').length") > 3
    assert browser.complaints == []
