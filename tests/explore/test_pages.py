from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("dash", reason="the extra `explore` is not installed")

from sim.explore.app import app
from sim.explore.desk import Desk
from sim.explore.moving import FIXED
from tests.explore.pages import Page, desk_with
from tests.explore.worlds import two_valleys

STRENGTH, PRESENT = "forces.northerners.strength", "forces.northerners.share_present"
OTHER = "extends: ../scenario.yaml\nscenario: {id: a, title: Another war}\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    file = two_valleys(tmp_path / "valleys")
    other = file.parent / "variants" / "another.yaml"
    other.parent.mkdir()
    other.write_text(OTHER, encoding="utf-8")
    return file


@pytest.fixture
def desk(base: Path) -> Desk:
    return desk_with(base.parent, PRESENT, STRENGTH)


def page(desk: Desk, file: Path, **rows: tuple[str, str]) -> Page:
    found = Page(app(desk, file.parent, file), file, {STRENGTH: (FIXED, "500"), **rows})
    assert found.asks("status.children", "scenario.value")["status.children"] == ""
    return found


def test_a_page_of_another_scenario_than_the_desk_moves_nothing(desk: Desk, base: Path) -> None:
    """Where another page has chosen another scenario, a page runs and saves nothing, and says why."""
    first = page(desk, base)
    page(desk, base.parent / "variants" / "another.yaml")
    words = "Another page has chosen “Another war”. Reload this page"
    for asked in ("run.n_clicks", "poll.n_intervals", "stop.n_clicks"):
        told = first.asks("status.children", asked)
        assert words in told["status.children"]
        assert "version.data" not in told
    assert words in first.asks("says.children", "typed.value", STRENGTH)["says.children"]
    first.values["file.value"] = str(base.parent / "variants" / "mine.yaml")
    assert words in first.asks("saved.children", "save.n_clicks")["saved.children"]
    assert not (base.parent / "variants" / "mine.yaml").exists()
    assert not desk.seen().busy


def test_a_row_moves_the_number_whose_name_it_bears(desk: Desk, base: Path) -> None:
    """What a page moves is told by the names of its rows, whatever the desk counts as first."""
    first = page(desk, base)
    first.values["file.value"] = str(base.parent / "variants" / "mine.yaml")
    assert "Saved and valid" in first.asks("saved.children", "save.n_clicks")["saved.children"]
    text = (base.parent / "variants" / "mine.yaml").read_text(encoding="utf-8")
    assert f"#   {STRENGTH}:" in text
    assert PRESENT not in text


def test_an_idle_page_learns_what_another_one_has_done(desk: Desk, base: Path) -> None:
    """While nothing is played a page still asks, slowly, so that it shows what another page has played."""
    told = page(desk, base).asks("status.children", "poll.n_intervals")
    assert told["version.data"] == desk.seen().version
    assert told["poll.interval"] == 3000


def test_the_button_says_how_many_campaigns_are_run(desk: Desk, base: Path) -> None:
    """What stands on the button is what is run, not what was asked for."""
    assert page(desk, base).asks("run.children", "poll.n_intervals")["run.children"] == "Run 10 campaigns"


@pytest.mark.parametrize("typed", ["nan", "inf", "-inf", "1e999", ".nan", ""])
def test_what_is_no_finite_number_is_told_beside_its_slider(desk: Desk, base: Path, typed: str) -> None:
    """Whatever is typed, the slider stays where the number stands and the row says what is wrong."""
    first = page(desk, base, **{PRESENT: (FIXED, typed)})
    moved = first.asks("typed.value", "typed.value", PRESENT)
    assert moved["step.value"] == first.asks("step.value", "mode.value", PRESENT)["step.value"]
    assert 0 < moved["step.value"] < 100
    assert first.asks("says.children", "typed.value", PRESENT)["says.className"] == "says wrong"


@pytest.mark.parametrize("name", ["x" * 300, "x" * 250, "no\0name", "a/b" * 2000])
def test_a_name_that_no_file_can_have_is_told(desk: Desk, base: Path, name: str) -> None:
    """A file that cannot be made is refused in words, and nothing is left behind."""
    first = page(desk, base)
    first.values["file.value"] = str(base.parent / f"{name}.yaml")
    told = first.asks("saved.children", "save.n_clicks")
    assert "choose another name" in told["saved.children"]
    assert told["replace.hidden"] is True
    assert not list(base.parent.glob("*x*.yaml"))


def test_a_defect_is_told_on_the_page(desk: Desk, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the program itself is at fault the page says so, and does not only stand still."""
    first = page(desk, base)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("the moon is down")

    monkeypatch.setattr(Desk, "play", broken)
    told = first.asks("status.children", "run.n_clicks")["status.children"]
    assert told.startswith("This is a defect of sim.")
    assert "the moon is down" in told
