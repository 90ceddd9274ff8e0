from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from plotly.offline import get_plotlyjs_version

from sim.domain.claims import Event
from sim.report.content import TellingLine
from sim.report.embedding import harmless
from sim.report.legend import Actor
from sim.report.page import page
from tests.report import fakes

NASTY = "</script><script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def html(report: Path) -> str:
    """Return a whole page."""
    return report.read_text(encoding="utf-8")


def data_of(html: str) -> dict[str, Any]:
    """Return the block of data of a page."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def markup_of(html: str) -> str:
    """Return a page without its scripts and its style."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)


def test_plotly_stands_in_the_page_once(html: str) -> None:
    """The page carries its drawing library inside, and only once: the part of it that draws on two axes."""
    assert html.count("* plotly.js (cartesian") == 1


def test_the_page_is_drawn_by_the_plotly_that_made_its_figures() -> None:
    """What the page carries is of the version for which the Python package writes figures."""
    bundle = files("sim.report").joinpath("bundle", "plotly-cartesian.min.js").read_text(encoding="utf-8")
    assert f"v{get_plotlyjs_version()}\n" in bundle[:200]


def test_nothing_is_fetched(html: str) -> None:
    """No element of the page names anything to load."""
    assert not re.findall(r'\b(?:src|href|action)\s*=\s*"(?!#)[^"]*"', markup_of(html))
    assert "url(" not in re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)


def test_only_the_scripts_of_the_page_may_run(html: str) -> None:
    """The policy allows exactly the scripts that stand in the page, by their hashes, and no network."""
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    allowed = set(re.findall(r"sha256-([A-Za-z0-9+/=]+)", policy[1].replace("&#43;", "+").replace("&#39;", "'")))
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert allowed == {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    assert policy[1].startswith("default-src &#39;none&#39;")
    assert "unsafe-eval" not in policy[1]


def test_no_word_of_a_scenario_becomes_markup() -> None:
    """Names and labels with markup in them are shown, in the text as in the data of the figures."""
    legend = replace(fakes.legend(), sides={"nrf": Actor(NASTY, "#2166ac"), "tb": Actor("B", "#b2182b")})
    told = fakes.claims()[0]
    nasty = fakes.claim(fakes.table("claims")[0], label=NASTY, event=Event("rising", "nrf", "tb", ("banu",)))
    lines = (TellingLine(NASTY, "map"),)
    html = page(fakes.content(title=NASTY, legend=legend, claims=(nasty, told), telling=lines, losses=(), chances={}))
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert data_of(html)["days"][5]["claims"]


def test_a_script_that_would_end_early_is_refused() -> None:
    """A script that holds the end of its own element cannot be embedded."""
    with pytest.raises(ValueError, match="would end early"):
        harmless("const end = '</script>';")


def test_the_page_reads_from_what_happened_to_how_it_was_made(html: str) -> None:
    """Sections come in one order, whatever the batch."""
    order = re.findall(r'<section id="([a-z]+)"', html)
    assert order == [
        "summary",
        "strip",
        "map",
        "control",
        "forces",
        "convoys",
        "losses",
        "claims",
        "scores",
        "warnings",
        "assumptions",
        "made",
    ]


def test_every_telling_line_leads_to_its_figure(html: str) -> None:
    """The five lines of the summary link to sections that exist."""
    summary = html[html.index('<ol class="telling">') : html.index("</ol>")]
    targets = re.findall(r'href="#([a-z]+)"', summary)
    assert len(targets) == 5
    assert all(f'<section id="{target}"' in html for target in targets)


def test_every_figure_has_words_in_its_place(html: str) -> None:
    """Each figure has a text alternative, and data to draw it from."""
    charts = re.findall(
        r'data-figure="([a-z0-9-]+)" data-narrow-below="[0-9]+" role="(?:img|group)" aria-label="([^"]+)"', html
    )
    assert {name for name, _ in charts} == set(data_of(html)["figures"])
    assert all(len(words) > 20 for _, words in charts)


def test_the_register_lists_every_number_with_its_basis(html: str) -> None:
    """Every number of the scenario has a row, constants hidden at first."""
    rows = re.findall(r"<tr data-confidence=.*?</tr>", html)
    assert len(rows) == 150
    assert sum("data-constant hidden" in row for row in rows) == 50


def test_the_page_says_how_to_make_it_again(html: str) -> None:
    """Hash, versions and the command stand at the end."""
    made = html[html.index('<section id="made"') :]
    assert "9f2c" * 16 in made
    assert "sim batch panjshir-2021/scenario.yaml -n 400 --seed 1 -o DIR" in made


def test_zones_are_called_what_their_file_calls_them(html: str) -> None:
    """The map says what its coloured areas are, and prints the lines of attribution."""
    assert "Coloured areas: squares (not districts)." in html
    assert "A line that names who made the elevation model." in html


def test_the_page_is_the_same_each_time(html: str) -> None:
    """Two pages from the same content are equal to the byte."""
    assert page(fakes.content()) == html


def test_the_page_is_small_enough_to_send(html: str) -> None:
    """A page of the length of the reference scenario stays below seven million bytes."""
    assert len(html.encode()) < 7_000_000


def test_a_batch_without_reports_has_a_page() -> None:
    """Without a comparison the page shows map, control, forces, convoys and assumptions."""
    html = page(fakes.content(telling=(), events=(), claims=(), losses=(), scores=(), warnings=()))
    assert re.findall(r'<section id="([a-z]+)"', html) == ["map", "control", "forces", "convoys", "assumptions", "made"]
