from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.explore.desk import Desk, How
from sim.explore.finding import scenarios
from sim.explore.keeping import KEPT, Shelf, name_of
from sim.explore.moving import FIXED, Change
from sim.scenario import load_scenario, with_overrides
from tests.explore.worlds import two_valleys

PRESENT = "forces.northerners.share_present"


def until(so: Callable[[], bool]) -> None:
    """Look until something is so, with a breath between."""
    breath = threading.Event()
    for _ in range(1200):
        if so():
            return
        breath.wait(0.1)
    raise AssertionError("waited two minutes in vain")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_valleys(tmp_path_factory.mktemp("desk") / "valleys")


@pytest.fixture(scope="module")
def played(base: Path) -> Iterator[Desk]:
    """Return a desk on which the base run of the war has been played."""
    desk = Desk(scenarios(base), Shelf(base.parents[1] / "kept"), How(10))
    desk.choose(base)
    until(lambda: not desk.seen().busy)
    yield desk
    desk.close()


def test_a_base_run_offers_what_can_be_moved(played: Desk) -> None:
    """When the base run has been played there are ten assumptions to move, a table, a strip and a map."""
    shown, variant = played.shown()
    assert played.seen().wrong == ""
    assert shown is not None
    assert variant is None
    assert len(played.levers) == 10
    assert len(shown["table"]["rows"]) == 3
    assert [one for one in shown["table"]["warnings"] if "per-draw" in one] == [
        "Luck and assumptions cannot be told apart with one replication per draw: begin with a batch of four (sim "
        "batch --per-draw 4), given as --base."
    ]
    assert shown["drawing"]["strip"] is not None
    assert len(shown["drawing"]["dates"]) == len(shown["drawing"]["days"])


def test_what_was_played_once_is_there_at_once(base: Path, played: Desk) -> None:
    """Another start over the same folder shows the base run without playing it."""
    again = Desk(scenarios(base), played.shelf, played.how)
    again.choose(base)
    assert not again.seen().busy
    assert again.shown()[0] == played.shown()[0]


def test_a_variant_is_compared_pair_by_pair(base: Path, played: Desk) -> None:
    """A variant has the seed and the numbers of the base, and each event its paired differences."""
    played.play([Change(PRESENT, FIXED, "0.2")])
    until(lambda: not played.seen().busy)
    _, variant = played.shown()
    assert played.seen().wrong == ""
    assert variant is not None
    assert "10 pairs of campaigns, paired by common random numbers" in variant["table"]["pairs"]
    assert [len(row) for row in variant["table"]["rows"]] == [7] * 3
    assert played.changes == (Change(PRESENT, FIXED, "0.2"),)


def test_a_wrong_value_is_not_played(played: Desk) -> None:
    """What the validator refuses starts nothing."""
    with pytest.raises(InputError, match=rf"^{PRESENT}: must be at most 1 \(found 2\); lower it$"):
        played.play([Change(PRESENT, FIXED, "2")])
    with pytest.raises(InputError, match="nothing has been moved"):
        played.play([])
    assert not played.seen().busy


def test_a_stopped_base_run_goes_on(base: Path) -> None:
    """Stop ends what is played and says so; to run it again goes on from there."""
    desk = Desk(scenarios(base), Shelf(base.parents[1] / "other"), How(12))
    desk.choose(base)
    assert desk.seen().busy
    assert desk.stop()
    assert desk.seen().wrong.startswith("Stopped.")
    assert not desk.seen().busy
    desk.play([])
    assert desk.seen().busy
    desk.close()
    assert not desk.seen().busy


def test_a_batch_of_another_scenario_is_no_base(base: Path, played: Desk) -> None:
    """Somebody's own batch is looked at only with the scenario that it was made of."""
    own = next(path for path in played.shelf.folder.iterdir() if (path / "manifest.json").is_file())
    other = base.parent / "variants" / "other.yaml"
    other.parent.mkdir()
    other.write_text(f"extends: ../scenario.yaml\n{'forces: {northerners: {quality: {value: 2}}}'}\n", encoding="utf-8")
    desk = Desk(scenarios(base), Shelf(base.parents[1] / "third"), How(10, own=own))
    desk.choose(other)
    until(lambda: not desk.seen().busy)
    assert "is a batch of another scenario" in desk.seen().wrong


def test_a_run_has_no_more_campaigns_than_the_batch_it_begins_with(base: Path, played: Desk) -> None:
    """Where somebody's own batch is smaller than what was asked for, as many are run as it has, and that is said."""
    own = next(path for path in played.shelf.folder.iterdir() if (path / "manifest.json").is_file())
    desk = Desk(scenarios(base), Shelf(base.parents[1] / "fourth"), How(200, own=own))
    assert desk.replications == 200
    desk.choose(base)
    assert desk.replications == 10
    desk.close()


def test_a_name_stands_for_everything_that_is_played(base: Path) -> None:
    """Another value, other reports, or another number of campaigns have another name; the same has the same."""
    scenario = load_scenario(base)
    name = name_of(scenario, 1, 200)
    assert name == name_of(load_scenario(base), 1, 200)
    assert name != name_of(scenario, 1, 100)
    assert name != name_of(with_overrides(scenario, [f"{PRESENT}=0.5"]), 1, 200)
    reports = base.parent / "reported.yaml"
    before = reports.read_text(encoding="utf-8")
    reports.write_text(f"{before}# another word\n", encoding="utf-8")
    assert name != name_of(scenario, 1, 200)
    reports.write_text(before, encoding="utf-8")


@pytest.mark.parametrize(("where", "words"), [("mine.md", "a file is there"), ("mine.md/kept", "Not a directory")])
def test_where_nothing_can_be_kept_another_folder_is_asked_for(tmp_path: Path, where: str, words: str) -> None:
    """A place that can be no folder is refused with what to give instead."""
    (tmp_path / "mine.md").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=rf"no runs can be kept there \({words}\); give with --base a batch, or a"):
        Shelf(tmp_path / where)


def test_the_shelf_throws_away_what_is_old_and_ours(tmp_path: Path) -> None:
    """Only so many runs are kept; what is in use, and what is not ours, stays."""
    shelf = Shelf(tmp_path / "kept")
    names = [f"{number:020x}" for number in range(KEPT + 2)]
    for name in names:
        shelf.batch(name).mkdir()
        shelf.shown(name).write_text("{}", encoding="utf-8")
    (shelf.folder / "mine").mkdir()
    for age, name in enumerate(reversed(names)):
        os.utime(shelf.folder / name, (1_000_000 - age, 1_000_000 - age))
    shelf.make_room({names[0]})
    left = {path.name for path in shelf.folder.iterdir() if path.is_dir()}
    assert {"mine", names[0]} <= left
    assert names[1] not in left
    assert not shelf.shown(names[1]).exists()
