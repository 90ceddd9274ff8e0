"""The whole way, as somebody would go it: the real command, a real browser, a file that is left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from sim.scenario import check_file, load_scenario
from sim.scenario.numbers import register
from tests.explore.worlds import two_valleys
from tests.report.chromium import Browser, started_or_skipped
from tests.worlds import INVENTED, REPOSITORY

pytest.importorskip("dash", reason="the extra `explore` is not installed")

WIDTHS = (2000, 1400, 800, 400)
PATIENCE_S = 100.0
HISTORIES = 24


@dataclass
class App:
    """The command as a running process, and where it answers."""

    process: subprocess.Popen[str]
    address: str
    folder: Path

    def processes(self) -> list[int]:
        """Return the processes that it started, and those started by them."""
        return _below(self.process.pid)


def _below(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == parent:
                found += [int(entry.name), *_below(int(entry.name))]
    return found


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(said: str, so: object, patience_s: float = PATIENCE_S) -> None:
    """Look until something is so; ``so`` is called again and again, with a breath between."""
    assert callable(so)
    deadline = time.monotonic() + patience_s
    pause = 0.02
    while not so():
        assert time.monotonic() < deadline, f"waited {patience_s:g} s in vain until {said}"
        time.sleep(pause)
        pause = min(2 * pause, 0.3)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started_or_skipped() as running:
        running.resize(1400)
        yield running


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("explore")
    two_valleys(folder / "scenarios" / "valleys")
    (folder / "scenarios" / "rivers").mkdir()
    (folder / "scenarios" / "rivers" / "scenario.yaml").write_bytes(INVENTED.read_bytes())
    command = [sys.executable, "-m", "sim", "explore", "scenarios", "-n", str(HISTORIES), "--no-browser"]
    process = subprocess.Popen(
        [*command, "--base", "kept"], cwd=folder, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield App(process, process.stdout.readline().split()[-1], folder)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def count(browser: Browser, selector: str) -> int:
    found = browser.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length")
    assert isinstance(found, int)
    return found


def text(browser: Browser, selector: str) -> str:
    return str(browser.evaluate(f"(document.querySelector({json.dumps(selector)}) || {{}}).innerText || ''"))


def figure(browser: Browser, name: str) -> str:
    return str(
        browser.evaluate(f"JSON.stringify((document.querySelector('#{name} .js-plotly-plot') || {{}}).data || [])")
    )


def click(browser: Browser, selector: str) -> None:
    browser.evaluate(f"document.querySelector({json.dumps(selector)}).click()")


def typed(browser: Browser, selector: str, words: str) -> None:
    """Select all that stands in a field, type something else, and leave the field."""
    browser.evaluate(
        f"{{const field = document.querySelector({json.dumps(selector)}); field.focus(); field.select();}}"
    )
    browser.call("Input.insertText", text=words)
    browser.evaluate("document.activeElement.blur()")


def ready(browser: Browser) -> bool:
    return bool(browser.evaluate("(document.getElementById('run') || {disabled: true}).disabled === false"))


LEVER = ".lever"


@pytest.fixture(scope="module")
def based(app: App, browser: Browser) -> Browser:
    """Open the app, choose the war with reports by keyboard, and wait for its base run."""
    browser.call("Page.navigate", url=app.address)
    until("the page is there", lambda: count(browser, "#scenario"))
    until(
        "a base run was played", lambda: "The war of the three rivers" in text(browser, "#heading") and ready(browser)
    )
    for _ in range(2):
        browser.press("Tab", 9)
        if browser.evaluate("document.activeElement.id") == "scenario":
            break
    assert browser.evaluate("document.activeElement.id") == "scenario"
    browser.press("ArrowDown", 40)
    at = "(document.activeElement.closest('[role=option]') || {dataset: {}}).dataset.optionIndex"
    until("the list is open", lambda: browser.evaluate(at) == "0")
    browser.press("ArrowDown", 40)
    until("the second one has the focus", lambda: browser.evaluate(at) == "1")
    browser.press("Enter", 13)
    until("the other base run was played", lambda: "Two valleys" in text(browser, "#heading") and ready(browser))
    until("its strip is drawn", lambda: len(figure(browser, "strip-base")) > 1000)
    return browser


def test_ten_assumptions_can_be_moved(based: Browser) -> None:
    """The app offers ten assumptions, each with its path, its law and why it is one of them."""
    assert count(based, LEVER) == 10
    assert "forces.northerners.share_present" in text(based, "#levers")
    assert "P5 / P50 / P95: 0.4 / 0.689 / 0.9 share" in text(based, LEVER)
    assert count(based, f"{LEVER} [role=slider][aria-label]") == 10


def test_a_wrong_value_is_told_beside_its_slider(based: Browser) -> None:
    """What is typed and refused is said where it was typed, in the validator's words; as it is, all is well again."""
    typed(based, f"{LEVER} .type input", "3")
    until("the validator has spoken", lambda: "must be at most 1 (found 3)" in text(based, f"{LEVER} .says"))
    click(based, "#run")
    until("the run was refused", lambda: "must be at most 1" in text(based, "#status"))
    click(based, f"{LEVER} .modes input")
    until("the number is as it was", lambda: text(based, f"{LEVER} .says") == "")


def test_the_way_from_a_slider_to_a_saved_variant(app: App, based: Browser, tmp_path: Path) -> None:
    """Moved by keyboard, run with progress, shown beside the base, saved: the strip and the map differ, the file is
    valid, and what is there already is not written over unasked.
    """
    based.evaluate(f"document.querySelector('{LEVER} [role=slider]').focus()")
    based.press("Home", 36)
    until("the slider's value is fixed", lambda: "in every campaign" in text(based, f"{LEVER} .says"))
    click(based, "#run")
    until("it runs", lambda: "variant:" in text(based, "#stage"))
    assert based.evaluate("document.getElementById('stop').disabled") is False
    until("the progress is that of the batch", lambda: f"of {HISTORIES} campaigns played" in text(based, "#stage"))
    until("the variant was played", lambda: count(based, ".said li") and ready(based))
    until("its figures are drawn", lambda: len(figure(based, "strip-variant")) > 1000)
    for name in ("strip", "map"):
        assert figure(based, f"{name}-base") != figure(based, f"{name}-variant")
    head = text(based, "#table thead")
    assert all(word in head for word in ("in window: base", "variant", "difference, 95 %", "never: base"))
    assert count(based, "#table tbody tr") == 3
    assert "same seed, same named draws" in text(based, "#table")
    assert "One history" in text(based, "#warnings")
    assert "forecasts nothing" in text(based, "#warnings")

    typed(based, "#name", "hardly anybody there")
    until(
        "a file is proposed", lambda: based.evaluate("document.getElementById('file').value.includes('hardly-anybody')")
    )
    click(based, "#save")
    until("it is saved", lambda: "Saved and valid" in text(based, "#saved"))
    saved = app.folder / "scenarios" / "valleys" / "variants" / "hardly-anybody-there.yaml"
    assert check_file(saved) == []
    entry = register(load_scenario(saved))["forces.northerners.share_present"]
    assert entry.constant
    assert entry.parts["value"] < 0.35
    done = subprocess.run(
        [sys.executable, "-m", "sim", "validate", str(saved)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "sound" in done.stdout) == (0, True)

    before = saved.read_bytes()
    click(based, "#save")
    until("it asks", lambda: "is there already. Replace it?" in text(based, "#saved"))
    assert saved.read_bytes() == before
    assert based.evaluate("document.getElementById('replace').hidden") is False


def test_the_day_moves_both_maps(based: Browser) -> None:
    """The slider of days changes the maps of base and variant, and says the day."""
    before, day = figure(based, "map-base"), text(based, "#date")
    based.evaluate("document.querySelector('.player [role=slider]').focus()")
    based.press("Home", 36)
    until("the date is another", lambda: text(based, "#date") != day)
    until("the map is another", lambda: figure(based, "map-base") != before)


def _drawn_in(browser: Browser, scheme: str, colours: str, light: list[str]) -> bool:
    """Tell whether ink and ground are both as on a light page, or ink is light and the ground is not."""
    found = browser.evaluate(colours)
    bright = [sum(int(part) for part in re.findall(r"\d+", colour)[:3]) > 3 * 128 for colour in found]
    return bool(found == light if scheme == "light" else bright == [True, False])


def test_figures_follow_the_scheme_of_the_system(based: Browser) -> None:
    """On a dark system the figures are dark as the page is, and on a light one light again."""
    ink = "document.querySelector('#map-base .js-plotly-plot')._fullLayout.font.color"
    fill = "getComputedStyle(document.querySelector('#map-base')).backgroundColor"
    light = based.evaluate(f"[{ink}, {fill}]")
    for scheme in ("dark", "light"):
        based.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        until(f"the figures are {scheme}", partial(_drawn_in, based, scheme, f"[{ink}, {fill}]", light), 20.0)
    assert based.complaints == []


def test_a_reload_keeps_what_is_moved(based: Browser) -> None:
    """After a reload the page shows the same scenario, the same variant, and the sliders where they were."""
    based.call("Page.reload")
    until("the variant is shown again", lambda: count(based, ".said li") and ready(based))
    until("the slider is where it was", lambda: count(based, f"{LEVER}.moved") == 1)
    until("the figures are drawn again", lambda: len(figure(based, "strip-variant")) > 1000)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_app_fits_its_window(based: Browser, width: int, tmp_path: Path) -> None:
    """At every width nothing sticks out sideways, and each figure is as wide as its place."""
    based.resize(width)
    fitting = (
        "[...document.querySelectorAll('.chart')].filter(c => c.clientWidth).every(c => "
        "Math.abs(c.clientWidth - c.querySelector('.main-svg').getBoundingClientRect().width) <= 2)"
    )
    until("the figures fit", lambda: based.evaluate(fitting), 60)
    assert based.evaluate("document.documentElement.scrollWidth") <= width
    based.screenshot(tmp_path / f"{width}.png")
    assert (tmp_path / f"{width}.png").stat().st_size > 50_000


def test_nothing_is_fetched_from_elsewhere(app: App, based: Browser) -> None:
    """Everything comes from this machine, and nothing is logged as an error or breaks the policy."""
    assert [one for one in based.requests if not one.startswith(app.address)] == []
    assert based.complaints == []


def test_a_stopped_run_ends_and_so_does_everything_with_the_app(app: App, based: Browser) -> None:
    """Stop ends a run; Ctrl-C in the middle of one ends the app with exit code 0 and leaves no process behind."""
    based.resize(1400)
    based.evaluate(f"document.querySelector('{LEVER} [role=slider]').focus()")
    said = text(based, f"{LEVER} .says")
    based.press("End", 35)
    until("the slider's value is another", lambda: text(based, f"{LEVER} .says") not in ("", said))
    click(based, "#run")
    until("it runs", lambda: "variant:" in text(based, "#stage"))
    click(based, "#stop")
    until("it has stopped", lambda: "Stopped." in text(based, "#status") and ready(based))
    click(based, "#run")
    until("it runs again", lambda: "variant:" in text(based, "#stage"))
    until("there are processes at work", lambda: len(app.processes()) >= 2)
    others = app.processes()
    app.process.send_signal(signal.SIGINT)
    assert app.process.wait(60) == 0
    until("no process is left", lambda: not any(_alive(one) for one in others), 30)
    until("the page says so", lambda: "The app has ended." in text(based, "#status"), 30)
    assert (text(based, "#stage"), ready(based)) == ("", False)
