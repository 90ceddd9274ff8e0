from __future__ import annotations

from pathlib import Path

import pytest

from sim.compare.influence import Influence, Mover
from sim.compare.windows import probability
from sim.errors import InputError, ProblemsFound
from sim.explore.choosing import levers
from sim.explore.finding import scenarios
from sim.scenario import check_file, load_scenario
from sim.scenario.numbers import register
from tests.explore.worlds import two_valleys
from tests.worlds import TWO_VALLEYS

ENTRIES = register(load_scenario(TWO_VALLEYS))
STRENGTH, PRESENT, SPEED = "forces.northerners.strength", "forces.northerners.share_present", "movement.time_factor"


def mover(path: str, explains: float, same: tuple[str, ...] = ()) -> Mover:
    chances = (("lowest third", probability(1, 10)), ("highest third", probability(6, 10)))
    return Mover(path, same, 0.5, explains, chances)


def event(name: str, *movers: Mover, most: Mover | None = None) -> Influence:
    return Influence(name, f"{name} falls", movers, most)


def test_the_most_influential_come_first() -> None:
    """What explains more of the events together comes before what explains much of one."""
    found = [
        event("mill", mover(STRENGTH, 0.3), mover(PRESENT, 0.2)),
        event("gate", mover(PRESENT, 0.25)),
    ]
    chosen = levers(found, ENTRIES, 2)
    assert [lever.path for lever in chosen] == [PRESENT, STRENGTH]
    assert all(lever.stands_out for lever in chosen)


def test_a_lever_says_what_it_does() -> None:
    """Each assumption names the events that it moves, and how often they happen at either end of it."""
    [lever] = levers([event("mill", mover(STRENGTH, 0.3))], ENTRIES, 1)
    assert lever.moves == ("mill falls: 10\u202f% in its lowest third, 60\u202f% in its highest third",)


def test_what_is_not_told_from_noise_comes_later_and_says_so() -> None:
    """Where few assumptions stand out the list is filled up, first with what explains most, and that is said."""
    found = [event("mill", mover(STRENGTH, 0.1), most=mover(STRENGTH, 0.1)), event("gate", most=mover(SPEED, 0.4))]
    chosen = levers(found, ENTRIES)
    assert [lever.path for lever in chosen[:2]] == [STRENGTH, SPEED]
    assert [lever.stands_out for lever in chosen] == [True] + [False] * 9
    assert len({lever.path for lever in chosen}) == 10


def test_a_constant_is_no_lever() -> None:
    """Only what differs between draws can be among those that move most."""
    assert not any(ENTRIES[lever.path].constant for lever in levers([], ENTRIES))


def test_what_is_drawn_together_is_one_lever() -> None:
    """Of numbers that share a draw one is offered, and it names the others."""
    chosen = levers([event("mill", mover(STRENGTH, 0.3, same=(PRESENT,)))], ENTRIES, 40)
    assert chosen[0].same == (PRESENT,)
    assert PRESENT not in [lever.path for lever in chosen[1:]]


def test_scenarios_under_a_folder_are_found_bases_first(tmp_path: Path) -> None:
    """A chooser offers each scenario under a folder by its title; reports and sources are none."""
    base = two_valleys(tmp_path / "valleys")
    variant = tmp_path / "valleys" / "variants" / "a.yaml"
    variant.parent.mkdir()
    variant.write_text("extends: ../scenario.yaml\nscenario: {id: a, title: Another}\n", encoding="utf-8")
    (tmp_path / "valleys" / "broken.yaml").write_text("scenario: [", encoding="utf-8")
    found = scenarios(tmp_path)
    assert [(one.file, one.title) for one in found] == [(base, "Two valleys, an invented war"), (variant, "Another")]
    assert [one.file.name for one in scenarios(base)] == ["scenario.yaml", "a.yaml"]


def test_a_broken_file_that_is_named_is_told_as_the_validator_does(tmp_path: Path) -> None:
    """Whoever names a file reads what is wrong in it, with its line and column, whatever else lies beside it."""
    base = two_valleys(tmp_path / "valleys")
    broken = base.parent / "broken.yaml"
    broken.write_text("scenario:\n  id: [a\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as told:
        scenarios(broken)
    assert list(told.value.problems) == check_file(broken)
    assert str(told.value).startswith(f"{broken}:")
    assert told.value.problems[0].line > 0


def test_a_file_that_is_no_scenario_is_not_passed_over(tmp_path: Path) -> None:
    """Whoever names the reports gets no other file of the folder instead."""
    base = two_valleys(tmp_path / "valleys")
    with pytest.raises(InputError, match=r"reported.yaml: no scenario is there"):
        scenarios(base.with_name("reported.yaml"))


def test_a_folder_without_scenarios_is_refused(tmp_path: Path) -> None:
    """Where nothing can be chosen the command says what a scenario is."""
    with pytest.raises(InputError, match=r"no scenario is there; a scenario is a YAML file with `scenario:`"):
        scenarios(tmp_path)
    with pytest.raises(InputError, match="there is nothing there"):
        scenarios(tmp_path / "nowhere")


def test_a_folder_of_broken_scenarios_says_what_breaks_them(tmp_path: Path) -> None:
    """Where nothing can be chosen because no file can be read, the first fault of each stands below, by its line."""
    (tmp_path / "broken.yaml").write_text("scenario:\n  id: [a\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        scenarios(tmp_path)
    first, fault = str(told.value).splitlines()
    assert "no scenario is there" in first
    assert fault == str(check_file(tmp_path / "broken.yaml")[0])
