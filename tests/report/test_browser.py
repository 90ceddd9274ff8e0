from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.report.page import page
from tests.report import fakes
from tests.report.chromium import Browser, wait_until

WIDTHS = (1400, 800, 700, 400)
#: Labels of a figure that lie over each other: more than a hair of them, in both directions.
COLLISIONS = """[...document.querySelectorAll('[data-figure]')].flatMap(figure => {
  const labels = [...figure.querySelectorAll('.annotation-text, .xtick text, .x3tick text')]
    .map(label => [label.textContent, label.getBoundingClientRect()]).filter(([, box]) => box.width);
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
  return labels.flatMap(([words, box], at) => labels.slice(at + 1).filter(([, other]) => over(box, other))
    .map(([others]) => `${figure.id}: ${words} | ${others}`));
})"""


@pytest.fixture(scope="module")
def opened(browser: Browser, report: Path) -> Browser:
    """Return the browser with the page drawn at 1400 pixels; tests leave it open for each other."""
    browser.resize(1400)
    browser.open(report)
    return browser


def test_the_page_opens_without_complaint_or_network(opened: Browser, report: Path) -> None:
    """Chromium draws every figure, logs no error or warning, breaks no policy and asks for nothing but the file."""
    assert opened.complaints == []
    assert opened.requests == [report.as_uri()]
    drawn = opened.evaluate("[...document.querySelectorAll('[data-figure]')].every(f => f.querySelector('.main-svg'))")
    assert drawn is True
    skipped = "[...document.querySelectorAll('.scroll')].map(table => getComputedStyle(table).contentVisibility)"
    assert set(opened.evaluate(skipped)) == {"visible"}, "in the end every table is laid out, near or far"
    assert opened.evaluate("document.getElementById('date').textContent") == "Fri 3 Sep"


def test_the_slider_moves_the_map(opened: Browser) -> None:
    """The arrow keys move the day: date, colours of the map and lists follow."""
    opened.resize(1400)
    state = (
        "[document.getElementById('date').textContent, document.getElementById('places').textContent, "
        "JSON.stringify(document.getElementById('chart-map').data.map(trace => trace.fillcolor))]"
    )
    before = opened.evaluate(state)
    opened.evaluate("document.getElementById('day').focus()")
    opened.press("ArrowRight", 39)
    opened.settle()
    after = opened.evaluate(state)
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert before[2] != after[2]
    assert opened.complaints == []


#: What the window says of where a number comes from.
TOLD = "['here', 'some', 'query', 'command'].map(part => document.getElementById(`whence-${part}`).innerText)"


def told(opened: Browser) -> list[str]:
    """Return what the window says once it is open and unpacked; close it."""
    wait_until(opened, "document.getElementById('whence').open")
    assert opened.evaluate("document.getElementById('whence').open") is True
    words: list[str] = opened.evaluate(TOLD)
    opened.press("Escape", 27)
    opened.settle()
    assert opened.evaluate("document.getElementById('whence').open") is False
    return words


def middle(opened: Browser, chart: str, x: str, y: str) -> tuple[float, float]:
    """Return where a point of a figure is in the window, once it has been brought there."""
    opened.evaluate(f"document.getElementById('{chart}').scrollIntoView({{block: 'center', behavior: 'instant'}})")
    opened.settle()
    at = opened.evaluate(
        f"(chart => {{ const {{ _size: size, xaxis, yaxis }} = chart._fullLayout; "
        f"const r = chart.getBoundingClientRect(); "
        f"return [r.left + size.l + xaxis.d2p({x}), r.top + size.t + yaxis.d2p({y})]; }})"
        f"(document.getElementById('{chart}'))"
    )
    return at[0], at[1]


def behind_cell(place: str, day: int) -> list[str]:
    """Return what is to be said of a cell: for each side that holds it in some campaigns, in how many."""
    control, name = fakes.control(), fakes.legend().side_name
    counts = control.counts[control.places.index(place), day]
    return [
        f"{k} of {fakes.N} campaigns: held by {name(side) if side else 'nobody'}"
        for side, k in zip(control.sides, counts, strict=True)
        if k
    ]


def test_a_cell_of_the_heat_map_leads_to_its_campaigns(opened: Browser) -> None:
    """A click on a cell names its place and day in the query, and who holds it in which campaigns; so does the form."""
    opened.resize(1400)
    heatmap = "document.getElementById('chart-heatmap').data[0]"
    row = opened.evaluate(
        f"Number(Object.entries({heatmap}.meta.places).find(([, place]) => place === 'khawak-pass')[0])"
    )
    opened.click(*middle(opened, "chart-heatmap", f"{heatmap}.x[24]", str(row)))
    clicked = told(opened)
    here, some, query, command = clicked
    assert here.startswith("Khawak Pass, end of Wed 8 Sep")
    wanted = behind_cell("khawak-pass", 24)
    assert len(wanted) == 2
    assert [line for line in some.splitlines() if " campaigns: " in line] == wanted
    assert 'held.at("khawak-pass", 24)' in query
    assert command.endswith("--kind ControlChanged --place khawak-pass")
    assert opened.evaluate("document.getElementById('date').textContent") == "Wed 8 Sep"
    opened.evaluate(
        "{const form = document.getElementById('cell'); form.place.value = 'khawak-pass'; form.day.value = 24;}"
    )
    opened.evaluate("document.querySelector('#cell button').focus()")
    opened.press("Enter", 13)
    assert told(opened) == clicked
    assert opened.complaints == []


def test_a_number_of_a_sentence_leads_to_its_campaigns(opened: Browser) -> None:
    """Enter, or a click, on a number of a sentence says where it comes from; its other words lead to the figure."""
    number = "document.querySelector('#summary .follow')"
    opened.evaluate(f"{number}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
    opened.settle()
    opened.evaluate(f"{number}.focus({{preventScroll: true}})")
    opened.press("Enter", 13)
    pressed = told(opened)
    assert [line for line in pressed[1].splitlines() if " campaigns: " in line] == behind_cell("khawak-pass", 19)
    assert opened.evaluate(f"document.activeElement === {number}") is True
    box = f"(({{ left, top, width, height }}) => [left + width / 2, top + height / 2])({number}.getClientRects()[0])"
    opened.click(*opened.evaluate(box))
    assert told(opened) == pressed
    x, y = opened.evaluate(box)
    opened.click(x - 300, y)
    assert opened.evaluate("location.hash") == "#control"
    assert opened.complaints == []


def test_a_point_of_a_fan_leads_to_its_query(opened: Browser) -> None:
    """A click on a fan names quantity, side and day in the query, and which campaigns lie outside of nine tenths."""
    median = "document.getElementById('chart-fan-fit-fighters').data.find(trace => trace.meta)"
    opened.click(*middle(opened, "chart-fan-fit-fighters", f"{median}.x[9]", f"{median}.y[9]"))
    here, some, query, _ = told(opened)
    assert here.startswith("Fit fighters, Resistance, end of Tue 24 Aug: ")
    assert f"20 of {fakes.N} campaigns: below the middle nine tenths" in some
    assert 'quantiles["fit"]' in query
    assert '("nrf", 9)' in query
    assert opened.complaints == []


def test_what_is_least_certain_and_the_timeline_of_a_place_lead_to_campaigns(opened: Browser) -> None:
    """Beside the map the shares of a place are followed from the list of the day, and from its own timeline."""
    day = opened.evaluate("Number(document.getElementById('day').value)")
    opened.evaluate("document.querySelector('#places .follow').focus()")
    opened.press("Enter", 13)
    place = fakes.control().undecided(day)[0]
    _, some, query, _ = told(opened)
    assert [line for line in some.splitlines() if " campaigns: " in line] == behind_cell(place, day)
    assert f'held.at("{place}", {day})' in query
    opened.evaluate(
        "(list => { list.value = [...list.options].find(one => one.text === 'Khawak Pass').value; "
        "list.dispatchEvent(new Event('input')); })(document.getElementById('place'))"
    )
    opened.settle()
    opened.evaluate("document.getElementById('of-place-whence').focus()")
    opened.press("Enter", 13)
    assert f'held.at("khawak-pass", {day})' in told(opened)[2]
    line = "document.getElementById('chart-place').data.find(trace => trace.meta)"
    opened.click(*middle(opened, "chart-place", f"{line}.x[5]", "0.5"))
    assert 'held.at("khawak-pass", 5)' in told(opened)[2]
    opened.evaluate("document.getElementById('close-place').click()")
    opened.settle()
    assert opened.complaints == []


def test_rows_can_be_chosen_and_gathered(opened: Browser) -> None:
    """To choose an article leaves the rows of its claims, in timeline and list of claims; to reset brings all back."""
    count = "document.getElementById('chart-{}').data[{}].y.filter(y => y !== null).length"
    strip, claims = count.format("strip", 3), count.format("claims", 0)
    whole = [opened.evaluate(strip), opened.evaluate(claims)]
    choose = (
        "(async () => {{ const form = document.getElementById('choosing'); form.elements.{0}.value = {1}; "
        "form.dispatchEvent(new Event('input')); await reportSettled(); return form.elements.{0}.value }})()"
    )
    article = opened.evaluate(choose.format("article", "form.elements.article.options[1].value"))
    content = fakes.content()
    claims_of_it = sum(content.legend.source(claim.source) == article for claim in content.claims)
    assert opened.evaluate(claims) == claims_of_it < whole[1]
    assert 0 < opened.evaluate(strip) <= whole[0]
    opened.evaluate(choose.format("order", "'kind'"))
    listed = (
        "[...document.querySelectorAll('#{} tbody:not([hidden]) tr[data-keys]:not([hidden]), "
        "#{} tbody:not([hidden]) th[scope=rowgroup]')].map(row => row.textContent)"
    )
    rows = opened.evaluate(listed.format("claims", "claims"))
    assert sum("says so" in row or "denies" in row or "announces" in row for row in rows) == claims_of_it
    assert claims_of_it < len(rows) < claims_of_it + 6  # the headings of the chosen claims, and no others
    heading = "document.getElementById('h-claims').textContent"
    assert opened.evaluate(heading) == f"{claims_of_it} of {len(content.claims)} claims"
    headings = "document.getElementById('chart-strip').layout.annotations.filter(a => a.text === 'FIGHTING').length"
    assert opened.evaluate(headings) == 1
    opened.evaluate(
        "(async () => { document.querySelector('#choosing [type=reset]').click(); await reportSettled() })()"
    )
    opened.evaluate("new Promise(done => setTimeout(done)).then(reportSettled)")
    assert [opened.evaluate(strip), opened.evaluate(claims)] == whole
    assert opened.evaluate(heading) == f"All {len(content.claims)} claims"


def test_a_number_can_be_followed_to_its_replications(opened: Browser) -> None:
    """Enter on a share of the table opens what it is counted from: as many replications as it counts; Escape closes."""
    opened.evaluate("document.querySelector('#strip details').open = true")
    opened.evaluate("document.querySelector('#strip .follow[data-letter=i]').focus()")
    opened.press("Enter", 13)
    opened.settle()
    assert opened.evaluate("document.getElementById('whence').open") is True
    first = fakes.content().events[0].printed
    count = opened.evaluate("document.querySelector('#whence-some h4').textContent")
    assert count == f"{first.p_in.k} of {first.p_in.n} campaigns: in the window, or true"
    assert "open_batch" in opened.evaluate("document.getElementById('whence-query').textContent")
    opened.press("Escape", 27)
    opened.settle()
    assert opened.evaluate("document.getElementById('whence').open") is False
    assert opened.complaints == []


@pytest.mark.parametrize("section", ["claims", "losses"])
def test_claims_and_losses_can_be_followed_without_a_mouse(opened: Browser, section: str) -> None:
    """The tables below the figures open and close by keyboard; Enter on a share says where it comes from."""
    opened.evaluate(f"document.querySelector('#{section} details > summary').focus()")
    opened.press("Enter", 13)
    assert opened.evaluate(f"document.querySelector('#{section} details').open") is True
    opened.evaluate(f"document.querySelector('#{section} td .follow').focus()")
    opened.press("Enter", 13)
    opened.settle()
    assert opened.evaluate("document.getElementById('whence').open") is True
    assert " campaigns: " in opened.evaluate("document.querySelector('#whence-some h4').textContent")
    opened.press("Escape", 27)
    opened.settle()
    back = f"document.activeElement === document.querySelector('#{section} td .follow')"
    assert opened.evaluate(back) is True, "the dialog returns the focus to where it was"
    assert opened.complaints == []


def test_a_dark_page_turns_lightness_over_and_keeps_hue(opened: Browser, tmp_path: Path) -> None:
    """On a dark system page and figures are dark; equal colours stay equal, and all is light again afterwards."""
    fills = "document.getElementById('chart-map').data.map(trace => trace.fillcolor).filter(Boolean)"
    ground = "getComputedStyle(document.body).backgroundColor"
    light, paper = opened.evaluate(fills), opened.evaluate(ground)
    opened.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    opened.settle()
    dark = opened.evaluate(fills)
    assert max(map(int, opened.evaluate(ground)[4:-1].split(","))) < 40 < min(map(int, paper[4:-1].split(",")))
    assert len(set(zip(light, dark, strict=True))) == len(set(light)) == len(set(dark)) > 2
    opened.screenshot(tmp_path / "dark.png")
    opened.call("Emulation.setEmulatedMedia", features=[])
    opened.settle()
    assert opened.evaluate(fills) == light
    assert opened.complaints == []


def test_symbols_have_the_colours_of_their_sides_on_a_dark_page(opened: Browser) -> None:
    """A force is filled as the key paints its side, on light and on dark pages; symbols in the key turn over, too."""
    opened.resize(1400)
    swatches = (
        "[...document.querySelectorAll('#map .key .steps span:last-child')]"
        ".map(one => getComputedStyle(one).backgroundColor)"
    )
    frames = (
        "document.getElementById('chart-map').layout.images.filter(one => one.source.includes('svg+xml'))"
        ".map(one => { const drawn = new DOMParser().parseFromString(atob(one.source.split(',')[1]), 'text/xml');"
        " const spot = document.createElement('i');"
        " spot.style.color = drawn.querySelector('svg > path').getAttribute('fill'); return spot.style.color; })"
    )
    key = "document.querySelector('#map .key .sign svg > path').getAttribute('fill')"
    found = [[opened.evaluate(question) for question in (swatches, frames, key)]]
    for features in ([{"name": "prefers-color-scheme", "value": "dark"}], []):
        opened.call("Emulation.setEmulatedMedia", features=features)
        opened.settle()
        found.append([opened.evaluate(question) for question in (swatches, frames, key)])
    light, dark, again = found
    assert again == light
    for sides, symbols, _ in (light, dark):
        assert symbols
        assert set(symbols) <= set(sides)
    assert not set(dark[1]) & set(light[1])
    assert dark[2] != light[2]
    assert opened.complaints == []


def test_the_register_can_be_searched(opened: Browser) -> None:
    """The filter shows the rows that hold every word, and says how many they are."""
    opened.evaluate(
        "{const find = document.getElementById('find'); find.value = 'force-3. infantry'; "
        "find.dispatchEvent(new Event('input'));}"
    )
    shown = "[...document.querySelectorAll('#register tbody tr')].filter(row => !row.hidden).length"
    assert opened.evaluate(shown) == 3
    assert opened.evaluate("document.getElementById('shown').textContent") == "3 of 150 numbers"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_window(opened: Browser, width: int, tmp_path: Path) -> None:
    """At every width nothing sticks out sideways, figures fill their places, no label is cut or lies over another."""
    opened.resize(width)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    misfits = opened.evaluate(
        "[...document.querySelectorAll('[data-figure]')].filter(f => Math.abs(f.clientWidth - "
        "f.querySelector('.main-svg').getBoundingClientRect().width) > 1).map(f => f.id)"
    )
    assert misfits == []
    cut = opened.evaluate(
        "[...document.querySelectorAll('[data-figure]')].flatMap(f => {const box = f.getBoundingClientRect(); "
        "return [...f.querySelectorAll('.annotation-text, .xtick text, .ytick text')].filter(t => {"
        "const r = t.getBoundingClientRect(); return r.width && (r.left < box.left - 2 || r.right > box.right + 2);})"
        ".map(t => f.id + ': ' + t.textContent);})"
    )
    assert cut == []
    assert opened.evaluate(COLLISIONS) == []
    assert opened.evaluate("document.querySelectorAll('[data-figure] .annotation-text').length") > 100
    opened.screenshot(tmp_path / f"{width}.png")
    assert (tmp_path / f"{width}.png").stat().st_size > 100_000
    assert opened.complaints == []


def test_the_page_opens_for_a_batch_without_reports(browser: Browser, tmp_path: Path) -> None:
    """A page with a map and no comparison is drawn without complaint."""
    target = tmp_path / "bare.html"
    bare = fakes.content(telling=(), events=(), claims=(), losses=(), scores=(), warnings=())
    target.write_text(page(bare), encoding="utf-8")
    browser.open(target)
    assert browser.complaints == []
    assert browser.evaluate("document.getElementById('places').textContent").startswith("Shotul")


#: Labels of a figure that reach over its edge by more than a hair, and are cut there.
CUT = """[...document.querySelectorAll('[data-figure]')].flatMap(figure => {
  const edge = figure.querySelector('.main-svg').getBoundingClientRect();
  return [...figure.querySelectorAll('.annotation-text, .textpoint')]
    .map(label => [label.textContent, label.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.left < edge.left - 1 || box.right > edge.right + 1))
    .map(([words]) => `${figure.id}: ${words}`);
})"""


def test_long_names_are_wrapped_or_told_on_hovering(browser: Browser, tmp_path: Path) -> None:
    """No name of any length is cut at an edge or printed over another; what is left of one tells the whole."""
    tail = " of the Upper Confederated Highland Valleys and Rivers"
    legend = fakes.legend()
    longer = replace(
        legend,
        sides={side: replace(actor, name=actor.name + tail) for side, actor in legend.sides.items()},
        places={key: replace(place, name=place.name + tail) for key, place in legend.places.items()},
    )
    found = fakes.content(legend=longer, convoys=())
    target = tmp_path / "long.html"
    target.write_text(page(replace(found, fans=found.fans[:2])), encoding="utf-8")
    browser.complaints.clear()
    for width in (1300, 400):
        browser.resize(width)
        browser.open(target)
        browser.settle()
        assert browser.evaluate(CUT) == []
        assert browser.evaluate(COLLISIONS) == []
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
        cut = (
            "['heatmap', 'casualties'].map(name => document.getElementById(`chart-${name}`).layout.annotations"
            ".filter(note => note.text.includes('\u2026')).map(note => note.hovertext || ''))"
        )
        for hovers in browser.evaluate(cut):
            assert hovers
            assert all(tail in hover for hover in hovers)
        names = "(({data, layout}) => data[layout.meta.names].text)(document.getElementById('chart-map'))"
        assert any(name.endswith("\u2026") for name in browser.evaluate(names))
    assert browser.complaints == []
