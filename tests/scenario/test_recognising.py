"""Rules of `sim validate`: a file is known by its keys and checked as what it is."""

import pytest

from sim.scenario.recognising import check_file, recognise
from tests.scenario.small import SMALL, TEXT, changed, folder


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("scenario: {}", "scenario"),
        ("extends: x.yaml", "scenario"),
        ("claims: {}\nsources: s.yaml", "reported timeline"),
        ("sources: {}", "sources"),
        ("publications: {}", "references"),
    ],
)
def test_a_file_is_known_by_its_keys(text, kind):
    """Each kind of file has a key that no other has."""
    with folder(f_yaml=text) as home:
        assert recognise(home / "f.yaml") == kind


def test_a_sound_file_has_no_problems():
    """Nothing is said about a file with nothing wrong."""
    assert check_file(SMALL) == []


def test_a_file_is_checked_as_what_it_is():
    """A scenario is loaded, sources are read as sources, each with its own complaints."""
    with folder(
        scenario_yaml=changed(("renew: 2", "renew: many")), sources_yaml="sources: {a: 5}\n", text_yaml="{"
    ) as home:
        assert [problem.path for problem in check_file(home / "scenario.yaml")] == ["operations.through-the-gate.renew"]
        assert [problem.path for problem in check_file(home / "sources.yaml")] == ["sources.a"]
        assert [problem.line for problem in check_file(home / "text.yaml")] == [1]


def test_a_scenario_is_checked_with_its_reported_timeline():
    """What is wrong in the timeline that a scenario names is told too, in the timeline's file."""
    with folder(scenario_yaml=TEXT + "reported: reported.yaml\n", reported_yaml="claims: {}\n") as home:
        found = check_file(home / "scenario.yaml")
        assert {problem.file for problem in found} == {str(home.resolve() / "reported.yaml")}


def test_sources_are_checked_with_the_scenario_that_names_them():
    """A factor of an area that the scenario does not have is told of, in the file of sources, from either file."""
    sources = (
        "basis: made for the test\nconfidence: low\ncover_by_area: {nowhere: 0.5}\nsources:\n"
        "  gazette: {outlet: Gazette, author: unsigned, title: War, published_at: 2030-06-08T12:00+02:00,\n"
        "    published_tolerance: PT0S, look_back: P3D, cover_rate: 0.5}\n"
    )
    with folder(scenario_yaml=TEXT + "sources: press.yaml\n", press_yaml=sources) as home:
        for name in ("scenario.yaml", "press.yaml"):
            (problem,) = check_file(home / name)
            assert problem.file.endswith("press.yaml")
            assert (problem.line, problem.path) == (3, "cover_by_area.nowhere")
            assert "no area 'nowhere' in the scenario" in problem.message


def test_a_file_of_another_kind_is_told_what_it_could_be():
    """A misspelt first key gets the nearest right one."""
    with folder(f_yaml="scenaro: {id: x}\n", g_yaml="recipe: soup\n") as home:
        (problem,) = check_file(home / "f.yaml")
        assert "is no scenario (scenario: or extends:), reported timeline (claims:)" in problem.message
        assert problem.remedy == "did you mean 'scenario'?"
        (problem,) = check_file(home / "g.yaml")
        assert problem.remedy == "name the file that you meant"
