"""Every figure stands by itself: in a notebook, as a file, and with the numbers behind it."""

from __future__ import annotations

import csv
import errno
import io
import os
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import plotly.graph_objects as go
import pyarrow as pa
import pytest

from sim.domain.terms import DAY
from sim.errors import InputError
from sim.report import figures, pictures
from sim.report.figures import Figures, drawable, save_figure
from sim.report.maps import map_changes
from sim.report.numbers import as_csv
from tests.report import fakes
from tests.report.chromium import find_chromium


@pytest.fixture(scope="module")
def drawn() -> Figures:
    return Figures(fakes.content())


@pytest.fixture(scope="module")
def shown(drawn: Figures) -> dict[str, go.Figure]:
    """Return every figure in its wide form, by name."""
    return {name: drawn[name] for name in drawn.names}


def test_every_figure_is_drawn_and_has_its_numbers(drawn: Figures, shown: dict[str, go.Figure]) -> None:
    """Whatever has a name is a figure of plotly and a table that is not empty."""
    assert {"strip", "map", "heatmap", "claims", "casualties"} < set(drawn.names)
    for name in drawn.names:
        assert isinstance(shown[name], go.Figure)
        assert drawn.numbers(name).num_rows > 0


def words_of(figure: go.Figure) -> str:
    """Return the words around a figure: its title and its notes."""
    return " ".join([figure.layout.title.text, *(note.text for note in figure.layout.annotations)])


def test_a_figure_by_itself_says_what_it_is(drawn: Figures, shown: dict[str, go.Figure]) -> None:
    """Who is shown one figure alone learns what it is about, that it is simulated, and of which campaigns."""
    content = drawn.content
    for figure in shown.values():
        words = words_of(figure)
        assert figure.layout.title.text
        assert f"Simulated: {content.replications} campaigns of" in words
        assert content.title in words
    assert shown["fan-food"].layout.title.text == "Food, kg, by side"
    assert shown["fan-fit-fighters"].layout.title.text == "Fit fighters, by side"
    sides = {actor.name for actor in content.legend.sides.values()}
    for name in ("map", "heatmap", "strip"):
        assert all(side in words_of(shown[name]) for side in sides)
    strip, chart = words_of(shown["strip"]), words_of(shown["map"])
    for told in ("hill: when the model's sources would have dated it", "thin bar: in the model", "disputed", "refuted"):
        assert told in strip
    for line in content.ground.attribution:
        assert line.split(",", maxsplit=1)[0] in chart
    assert len({figure.layout.title.text for figure in shown.values()}) == len(shown)


def test_a_caption_takes_nothing_from_the_figure(drawn: Figures, shown: dict[str, go.Figure]) -> None:
    """What is drawn keeps its size by itself, and on the page, which has headings, no figure has a title."""
    for name, make in drawable(drawn.content).items():
        for narrow in (False, True):
            own = (drawn.draw(name, narrow=True) if narrow else shown[name]).layout
            bare = make(narrow).layout
            assert bare.title.text is None
            if name != "map":  # by itself it has a slider
                rooms = [one.height - (one.margin.t or 0) - (one.margin.b or 0) for one in (bare, own)]
                assert rooms[0] == rooms[1]
            assert own.margin.t > (bare.margin.t or 0)


def test_the_title_of_a_saved_figure_is_that_of_its_page(drawn: Figures, tmp_path: Path) -> None:
    """A browser names the tab after the figure."""
    page = drawn.save("fan-food", tmp_path / "food.html").read_text(encoding="utf-8")
    assert "<title>Food, kg, by side</title>" in page[:200]


def test_a_map_shows_the_day_that_was_asked_for(
    drawn: Figures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture of the map is of one day, named in its title, and has no slider that nobody can move."""
    content, saved = drawn.content, dict[str, go.Figure]()
    monkeypatch.setattr(figures, "save_figure", lambda figure, target: saved.setdefault(Path(target).name, figure))
    known = content.calendar.horizon_s // DAY
    changes = map_changes(content.control, content.claims, content.ground, content.legend, content.calendar)
    assert changes[3] != changes[known]
    for day, shown in ((None, known), (3, 3)):
        drawn.save("map", tmp_path / f"{shown}.svg", day=day)
        drawn.save("map", tmp_path / f"{shown}.html", day=day)
        still, page = saved[f"{shown}.svg"], saved[f"{shown}.html"]
        assert still.layout.title.text == f"Control, end of {content.calendar.date(shown)}"
        assert not still.layout.sliders
        assert not still.frames
        assert page.layout.title.text == "Control, day by day"
        assert page.layout.sliders[0].active == shown
        for one in (still, page):
            moving = one.layout.meta["moving"]
            colours = [one.data[at].marker.color for at in moving if one.data[at].mode == "markers"]
            told = [change["marker"]["color"] for change in changes[shown] if "marker" in change]
            assert [list(found) for found in colours] == told
    with pytest.raises(InputError, match="give one from 0 to 30, counted from 0"):
        drawn.save("map", tmp_path / "map.svg", day=31)
    with pytest.raises(InputError, match="strip has no single day"):
        drawn.save("strip", tmp_path / "strip.svg", day=3)


def test_an_unknown_figure_is_named_with_what_there_is(drawn: Figures) -> None:
    """Who mistypes a name is told the right one."""
    with pytest.raises(InputError, match="strip"):
        drawn["stripe"]
    with pytest.raises(InputError, match="there are no numbers"):
        drawn.numbers("nothing")


def test_the_numbers_are_those_that_are_shown(drawn: Figures) -> None:
    """The table of the strip has every class of every event in both readings, with its interval and its status."""
    rows = drawn.numbers("strip").to_pylist()
    events = drawn.content.events
    assert len(rows) == 8 * len(events)
    first = events[0].printed
    found = next(row for row in rows if row["event"] == first.event_id and row["class"] == "in")
    assert (found["k"], found["n"], found["low"], found["high"]) == (
        first.p_in.k, first.p_in.n, first.p_in.low, first.p_in.high,
    )  # fmt: skip
    assert found["status"] == first.status
    held = drawn.numbers("heatmap").to_pylist()
    control = drawn.content.control
    assert sum(row["k"] for row in held) == control.n * len(control.places) * len(control.days)


def test_the_numbers_of_the_map_are_those_of_its_layers(drawn: Figures) -> None:
    """Beside who holds what there is a table of who is where and of what comes along, both with their intervals."""
    ground = drawn.content.on_the_ground
    rows = drawn.numbers("layers").to_pylist()
    fighters = [row for row in rows if row["what"] == "fighters"]
    assert ground is not None
    assert (len(fighters), len(rows)) == (ground.strengths.num_rows, ground.strengths.num_rows + ground.flows.num_rows)
    assert [row["where any, P50"] for row in fighters] == ground.strengths["p50"].to_pylist()
    assert all(row["from"] for row in rows if row["what"] != "fighters")
    assert all(row["low"] <= row["k"] / row["n"] <= row["high"] for row in rows)


def test_the_numbers_of_a_pass_are_shares_of_campaigns(drawn: Figures, shown: dict[str, go.Figure]) -> None:
    """Behind a pass stands in which share it is open to whom, with its interval, and what closes it in the others."""
    of_passes = [name for name in drawn.names if name.startswith("pass-")]
    assert of_passes
    for name in of_passes:
        rows = drawn.numbers(name).to_pylist()
        title = shown[name].layout.title.text
        assert {f"Open: {row['pass']}, share of the campaigns" for row in rows} == {title}
        for row in rows:
            assert row["p"] == row["k"] / row["n"]
            assert row["low"] <= row["p"] <= row["high"]
            assert row["low"] < row["high"]
            assert row["k"] + sum(count for why, count in row.items() if why.startswith("closed:")) == row["n"]
        assert {row["day"] for row in rows} == {drawn.content.calendar.stamp(day) for day in drawn.content.control.days}


def test_csv_is_read_back_and_is_never_a_formula() -> None:
    """What begins like a formula is a word to a spreadsheet, and numbers stay numbers."""
    table = pa.table({"label": ["=1+1", 'a "b", c', "@x"], "p": [0.25, 1.0, None]})
    rows = list(csv.reader(io.StringIO(as_csv(table))))
    assert rows == [["label", "p"], ["'=1+1", "0.25"], ['a "b", c', "1"], ["'@x", ""]]


def test_a_figure_is_saved_as_a_page_without_a_browser(drawn: Figures, tmp_path: Path) -> None:
    """HTML carries its library and cannot be left by what a label holds."""
    figure = go.Figure(go.Scatter(x=[1], y=[1], text="</script><script>alert(1)</script>"))
    text = save_figure(figure, tmp_path / "new" / "figure.html").read_text(encoding="utf-8")
    assert "* plotly.js" in text
    assert "<script>alert" not in text
    assert drawn.save("strip", tmp_path / "strip.html").stat().st_size > 1_000_000


def test_an_ending_that_is_no_format_is_refused(drawn: Figures, tmp_path: Path) -> None:
    """The message names the endings that there are."""
    with pytest.raises(InputError, match=r"\.html, \.png, \.svg"):
        drawn.save("strip", tmp_path / "strip.gif")


def test_a_figure_that_cannot_be_saved_is_an_error_of_input(drawn: Figures, tmp_path: Path) -> None:
    """A folder, what lies below a file and a place that takes no files are refused by name; what was there stays."""
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    nowhere = Path("/proc/no/strip.html")
    for target, said in (
        (tmp_path / "folder.html", "is a directory; name a file in it"),
        (tmp_path / "file" / "strip.html", f"{tmp_path / 'file'} is a file, and nothing can be in it"),
        (tmp_path / "file" / "deeper" / "strip.html", f"{tmp_path / 'file'} is a file, and nothing can be in it"),
        (nowhere, "cannot be written (No such file or directory); name another place"),
    ):
        with pytest.raises(InputError, match=f"^{re.escape(f'{target}: ')}.*{re.escape(said)}"):
            drawn.save("strip", target)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_a_figure_takes_the_place_of_another_whole(
    drawn: Figures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up while a figure is written leaves the one that was there."""
    target = tmp_path / "strip.html"
    target.write_text("the one before", encoding="utf-8")

    def full(descriptor: int, data: object) -> int:
        del descriptor, data
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(InputError, match="make room, or name another place"):
        drawn.save("strip", target)
    monkeypatch.undo()
    assert target.read_text(encoding="utf-8") == "the one before"


def test_where_no_browser_is_installed_it_is_said(
    drawn: Figures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture needs a browser; the message says so, and what to do."""
    monkeypatch.setattr(pictures, "BROWSERS", ("no-such-browser",))
    with pytest.raises(InputError, match="none is installed"):
        drawn.save("strip", tmp_path / "strip.png")


def test_a_browser_draws_pictures(drawn: Figures, shown: dict[str, go.Figure], tmp_path: Path) -> None:
    """SVG is a drawing with the words of the figure in it, PNG has the size that was asked for."""
    if find_chromium() is None:
        assert os.environ.get("CI") != "true", "no Chromium is installed"
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium), so no picture can be drawn")
    drawing = ET.fromstring(drawn.save("strip", tmp_path / "strip.svg").read_text(encoding="utf-8"))
    assert drawing.tag.endswith("svg")
    words = "".join(drawing.itertext())
    assert drawn.content.events[0].label in words
    assert f"Simulated: {drawn.content.replications} campaigns of" in words
    png = save_figure(shown["heatmap"], tmp_path / "heat.png", width_px=500, scale=1).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20])[0] == 500
