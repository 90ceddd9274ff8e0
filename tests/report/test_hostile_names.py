"""Whatever a scenario calls things, on the page and in tables these are words and nothing more."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sim.cli.logs import as_csv
from sim.domain.facts import RunEnded
from sim.report.content import PageContent, TellingLine
from sim.report.legend import Actor
from sim.report.page import page
from sim.scenario import load_scenario
from tests.report import fakes
from tests.report.chromium import Browser
from tests.report.hostile import hostile_names
from tests.report.test_page import data_of
from tests.worlds import TWO_VALLEYS

NAMES = 5_000
#: What turns the order of the letters that come after it.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def called(name: Callable[[], str]) -> PageContent:
    """Return what a page says, with a name wherever it may say words that somebody wrote."""
    base = fakes.content()
    legend = replace(
        base.legend,
        sides={side: Actor(name(), actor.colour) for side, actor in base.legend.sides.items()},
        sources={source: name() for source in base.legend.sources},
        places={place: replace(spec, name=name()) for place, spec in base.legend.places.items()},
        claimant_names={claimant: name() for claimant in base.legend.claimant_names},
    )
    claims = tuple(msgspec.structs.replace(claim, label=name()) for claim in base.claims)
    label_of = {claim.claim_id: claim.label for claim in claims}
    events = tuple(
        replace(
            event,
            claims=tuple(msgspec.structs.replace(claim, label=label_of[claim.claim_id]) for claim in event.claims),
            printed=replace(event.printed, label=label_of[event.claims[0].claim_id]),
            true=replace(event.true, label=label_of[event.claims[0].claim_id]),
        )
        for event in base.events
    )
    register = tuple(
        replace(row, path=name(), meaning=name(), unit=name(), basis=name(), refs=(name(), name()))
        for row in fakes.assumptions(830)
    )
    return replace(
        base,
        title=name(),
        about=name(),
        summary=tuple((name(), name()) for _ in base.summary),
        legend=legend,
        claims=claims,
        events=events,
        losses=tuple(replace(row, label=label_of[row.claim_id]) for row in base.losses),
        telling=tuple(TellingLine.of([name()], line.section) for line in base.telling),
        findings=(name(), name()),
        warnings=tuple(name() for _ in range(10)),
        assumptions=register,
        references={register[0].refs[0]: name(), register[1].refs[1]: name()},
        made=tuple((name(), name()) for _ in range(5)),
        command=name(),
    )


@pytest.fixture(scope="module")
def hostile() -> PageContent:
    """A page's content in which five thousand hostile names stand."""
    names = hostile_names(10 * NAMES)
    used: list[str] = []

    def name() -> str:
        used.append(next(names))
        return used[-1]

    content = called(name)
    assert len(used) >= NAMES
    return content


@pytest.fixture(scope="module")
def friendly() -> PageContent:
    """The same content with names that nobody could mistake for anything else."""
    numbers = count()
    return called(lambda: f"name {next(numbers)}")


@pytest.fixture(scope="module")
def html(hostile: PageContent) -> str:
    return page(hostile)


@pytest.fixture(scope="module")
def plain(friendly: PageContent) -> str:
    return page(friendly)


class Skeleton(HTMLParser):
    """The elements of a page and the names of their attributes, in order; and all of its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text.append(data)


def parsed(html: str) -> Skeleton:
    """Return what a parser that is not ours makes of a page."""
    skeleton = Skeleton()
    skeleton.feed(html)
    skeleton.close()
    return skeleton


def words_of(content: PageContent) -> Iterator[str]:
    """Yield names that stand in the text of a page as they are."""
    yield content.title
    yield content.about
    yield from content.warnings
    yield from (line.words for line in content.telling)
    for row in content.assumptions:
        yield from (row.path, row.meaning, row.basis)
    yield from (word for pair in content.made for word in pair)


def test_no_name_adds_or_takes_away_an_element(html: str, plain: str) -> None:
    """With 5,000 hostile names the page has the elements and attributes that it has with friendly ones."""
    here, there = parsed(html), parsed(plain)
    assert Counter(here.elements) - Counter(there.elements) == Counter()
    assert here.elements == there.elements


def test_every_name_can_be_read_as_it_was_written(hostile: PageContent, html: str) -> None:
    """What a parser reads back from the text of the page holds each name, but for what would turn its neighbours."""
    text = "\x00".join(parsed(html).text)
    assert not TURNING.search(text)
    for name in words_of(hostile):
        assert TURNING.sub("", name) in text


def test_the_data_of_the_page_hold_names_as_words(hostile: PageContent, html: str) -> None:
    """The block of data ends where it should, is JSON, and gives the names of the map's lists back unchanged."""
    block = re.search(r'id="data">(.*?)</script>', html, re.DOTALL)
    assert block is not None
    assert not re.search(r"[<>&]", block[1])
    places = {row["place"] for day in data_of(html)["days"] for row in day["places"]}
    assert places
    assert places <= {TURNING.sub("", place.name) for place in hostile.legend.places.values()}


#: What the page holds once it is drawn: names of elements, of attributes that act, and of what was loaded.
FOUND = """(() => {
  const all = [...document.querySelectorAll("*")];
  const loads = (node) => /^(href|src|srcset|action|formaction|data|srcdoc)$/i.test(node.localName);
  const acting = all.flatMap((one) => [...one.attributes].filter((node) => node.name.startsWith("on")
    || loads(node) && !/^(#|data:image)/.test(node.value)).map((node) => `${one.localName} ${node.name}`));
  return { tags: [...new Set(all.map((one) => one.localName))].sort(), acting, scripts: document.scripts.length,
    pwned: typeof window.pwned, home: document.baseURI === location.href,
    shown: getComputedStyle(document.body).display };
})()"""


def opened(browser: Browser, html: str, target: Path) -> dict[str, Any]:
    """Open a page, walk over what shows names, and return what it holds then."""
    target.write_text(html, encoding="utf-8")
    browser.complaints.clear()
    browser.requests.clear()
    browser.resize(1400)
    browser.open(target)
    browser.evaluate("document.getElementById('day').focus()")
    for _ in range(3):
        browser.press("ArrowRight", 39)
        browser.settle()
    browser.evaluate(
        "for (const chart of document.querySelectorAll('[data-figure]')) chart.data.forEach((trace, number) => {"
        "  if ((trace.type || 'scatter') === 'scatter' && [].concat(trace.hovertext || []).some(Boolean))"
        "    Plotly.Fx.hover(chart, [{curveNumber: number, pointNumber: 0}]); })"
    )
    browser.settle()
    found: dict[str, Any] = browser.evaluate(FOUND)
    return found


@pytest.fixture(scope="module")
def walked(browser: Browser, html: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """Open the hostile page; return what it holds then, and where it is. Tests leave it open for each other."""
    target = tmp_path_factory.mktemp("page") / "hostile.html"
    return opened(browser, html, target), target


def test_in_a_browser_the_figures_show_names_as_they_were_written(
    browser: Browser, hostile: PageContent, walked: tuple[dict[str, Any], Path]
) -> None:
    """Names of places and labels of claims stand in the drawn figures letter for letter, but for white space."""
    texts = browser.evaluate(
        "[...document.querySelectorAll('#chart-map text, #chart-strip text, #chart-claims text')]"
        ".map((text) => text.textContent)"
    )
    drawn = "\n".join(_squeezed(text) for text in texts)
    short = [place.name for place in hostile.legend.places.values() if len(place.name) < 30]
    found = [name for name in short if _squeezed(TURNING.sub("", name)) in drawn]
    assert len(found) > len(short) / 2, sorted(set(short) - set(found))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff\u00ad]+", " ", text).strip()


def test_in_a_browser_names_run_nothing_and_load_nothing(
    browser: Browser, plain: str, walked: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    """Drawn, moved and hovered over, the page has the same kinds of elements, no link, no script more, no request."""
    here, target = walked
    assert here["pwned"] == "undefined"
    assert here["acting"] == []
    assert browser.complaints == []
    assert browser.requests == [target.as_uri()]
    assert here == opened(browser, plain, tmp_path / "friendly.html")


def test_in_a_browser_a_name_like_a_template_is_not_filled(browser: Browser, tmp_path: Path) -> None:
    """What a name calls ``%{x}`` stands there as it is, in the names of panels and of rows as well."""
    numbers = count()
    content = called(lambda: f"{next(numbers)} %{{x}}")
    opened(browser, page(content), tmp_path / "template.html")
    notes = browser.evaluate("[...document.querySelectorAll('.annotation-text')].map((text) => text.textContent)")
    assert {actor.name for actor in content.legend.sides.values()} <= set(notes)
    cut = [note for note in notes if re.search(r"^\d+ *$", note)]
    assert cut == []


def test_every_cell_of_a_table_for_spreadsheets_is_words_or_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    """No cell begins so that a spreadsheet would compute it; what is read back is what was written."""
    names = list(hostile_names(NAMES))
    facts = [RunEnded(seq=seq, time_s=0, cause=seq - 1, because=(), reason=name) for seq, name in enumerate(names)]
    as_csv(facts, load_scenario(TWO_VALLEYS))
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert len(rows) == NAMES
    for row, name in zip(rows, names, strict=True):
        assert row["reason"].removeprefix("'") == name.removeprefix("'")
        for cell in row.values():
            assert not re.match(r"[=+\-@\t\r\n]", cell) or re.fullmatch(r"-?\d+(\.\d+)?", cell), cell
