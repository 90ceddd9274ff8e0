from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.explore.moving import FIXED, SHIFTED, Change, overrides
from sim.explore.variant import Origin, is_there, place_for, save
from sim.scenario import check_file, load_scenario, run_hash, with_overrides
from sim.scenario.numbers import register
from sim.scenario.yaml_source import read_yaml
from tests.explore.worlds import two_valleys

STRENGTH, PRESENT = "forces.northerners.strength", "forces.northerners.share_present"
FEWER = Change(STRENGTH, FIXED, "500")
LESS = Change(PRESENT, SHIFTED, "0.5")

VARIANT = """\
# What if the gate had a pass's ground?
extends: ../scenario.yaml
scenario: {id: two-valleys-high, title: "Two valleys: a high gate"}
forces:
  northerners:  # nobody counted them
    # claimed by their commander
    strength: {dist: pert, min: 600, mode: 900, max: 1600, basis: "claimed, 'more or less'"}  # of 1,600
places:
  gate: {elevation_m: 2000}  # a guess
operations:
  through-the-gate: {renew: null}
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return two_valleys(tmp_path / "valleys")


def origin(file: Path) -> Origin:
    scenario = load_scenario(file)
    return Origin(file, scenario, register(scenario))


def test_a_variant_extends_its_scenario_and_says_only_what_is_moved(base: Path) -> None:
    """The file of a variant names what it extends, itself, and the numbers that were moved, each with its basis."""
    file = save(origin(base), [FEWER], "Fewer men!", place_for(base, "Fewer men!"))
    assert file == base.parent / "variants" / "fewer-men.yaml"
    assert read_yaml(file).data == {
        "extends": "../scenario.yaml",
        "scenario": {"id": "two-valleys-fewer-men", "title": "Two valleys, an invented war: Fewer men!"},
        "forces": {
            "northerners": {
                "strength": {
                    "value": 500,
                    "basis": "this variant: set by hand; it was pert min 400, mode 700, max 1,500",
                    "confidence": "low",
                }
            }
        },
    }
    text = file.read_text(encoding="utf-8")
    assert "What if: Fewer men!?" in text
    assert f"#   {STRENGTH}: pert min 400, mode 700, max 1,500" in text


def test_a_saved_variant_is_what_was_played(base: Path) -> None:
    """The file gives the very scenario that the app plays: fixed and shifted numbers alike."""
    found = origin(base)
    file = save(found, [LESS, FEWER], "both", place_for(base, "both"))
    played = with_overrides(found.scenario, overrides([LESS, FEWER], found.entries, found.scenario))
    saved = load_scenario(file)
    renamed = saved.model_copy(update={"scenario": played.scenario})
    assert run_hash(renamed) == run_hash(played)
    assert check_file(file) == []


def test_the_scenario_itself_is_not_touched(base: Path) -> None:
    """Saving a variant leaves every byte of the base, comments and all, as it was."""
    before = base.read_bytes()
    save(origin(base), [FEWER], "fewer", place_for(base, "fewer"))
    assert base.read_bytes() == before


def test_a_variant_of_a_variant_is_a_copy_with_its_comments(base: Path) -> None:
    """Of a variant a copy is made: every comment stays, what is moved changes in place, and nothing else does."""
    first = base.parent / "variants" / "high.yaml"
    first.parent.mkdir()
    first.write_text(VARIANT, encoding="utf-8")
    found = origin(first)
    file = save(found, [FEWER, LESS], "fewer", place_for(first, "fewer"))
    text = file.read_text(encoding="utf-8")
    for comment in ("# What if the gate", "# nobody counted", "# claimed by their", "# of 1,600", "# a guess"):
        assert comment in text
    assert "gate: {elevation_m: 2000}  # a guess" in text
    assert "through-the-gate: {renew: null}" in text
    assert first.read_text(encoding="utf-8") == VARIANT
    played = with_overrides(found.scenario, overrides([FEWER, LESS], found.entries, found.scenario))
    assert register(load_scenario(file))[STRENGTH].parts == register(played)[STRENGTH].parts == {"value": 500.0}
    assert register(load_scenario(file))[PRESENT].parts == register(played)[PRESENT].parts


def test_a_copy_in_another_folder_still_finds_its_files(base: Path) -> None:
    """Names of files in a copy lead from where it lies."""
    first = base.parent / "variants" / "high.yaml"
    first.parent.mkdir()
    first.write_text(VARIANT, encoding="utf-8")
    file = save(origin(first), [FEWER], "fewer", base.parent / "variants" / "deeper" / "fewer.yaml")
    assert read_yaml(file).data["extends"] == "../../scenario.yaml"
    assert check_file(file) == []


def test_nothing_is_written_over_without_asking(base: Path) -> None:
    """A file that is there stays as it is, unless it is said that it may be replaced."""
    target = place_for(base, "fewer")
    target.parent.mkdir()
    target.write_text(VARIANT, encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        save(origin(base), [FEWER], "fewer", target)
    assert target.read_text(encoding="utf-8") == VARIANT
    save(origin(base), [FEWER], "fewer", target, replace=True)
    assert check_file(target) == []


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("reported.yaml", "what is there is no variant"),
        ("sources.yaml", "what is there is no variant"),
        ("broken.yaml", "what is there is no variant"),
        ("list.yaml", "what is there is no variant"),
        ("another.yaml", "what is there is no variant"),
        ("scenario.yaml", "this is the scenario itself"),
        ("folder.yaml", "this is a folder"),
    ],
)
def test_only_a_variant_is_replaced_by_a_variant(base: Path, where: str, words: str) -> None:
    """What somebody wrote that is no variant is lost by no click: it is refused before anybody is asked."""
    target = base.parent / where
    (base.parent / "broken.yaml").write_text("extends: [", encoding="utf-8")
    (base.parent / "list.yaml").write_text("- extends: scenario.yaml\n", encoding="utf-8")
    (base.parent / "another.yaml").write_bytes(base.read_bytes())
    (base.parent / "folder.yaml").mkdir()
    before = target.read_bytes() if target.is_file() else None
    with pytest.raises(InputError, match=words):
        is_there(origin(base), target)
    with pytest.raises(InputError, match=words):
        save(origin(base), [FEWER], "fewer", target, replace=True)
    assert (target.read_bytes() if target.is_file() else None) == before


def test_what_is_not_valid_is_not_saved(base: Path) -> None:
    """A value that the validator refuses leaves no file behind."""
    target = place_for(base, "none")
    for mode in (SHIFTED, FIXED):
        with pytest.raises(InputError, match=rf"^{PRESENT}: must be at most 1 \(found 3\); lower it$"):
            save(origin(base), [Change(PRESENT, mode, "3")], "none", target)
    assert not target.parent.exists()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("scenario.yaml", "this is the scenario itself"),
        ("variants/scenario.yaml", "no place for a variant of it"),
        ("variants/fewer.txt", "let the name end with .yaml"),
        ("../elsewhere/fewer.yaml", "a variant lies in the folder of what it extends; save it below"),
    ],
)
def test_a_variant_lies_beside_its_scenario(base: Path, where: str, words: str) -> None:
    """What a variant extends must be in its own tree, and the scenario's own place is taken."""
    with pytest.raises(InputError, match=words):
        save(origin(base), [FEWER], "fewer", base.parent / where, replace=True)


def test_nothing_moved_is_nothing_to_save(base: Path) -> None:
    """A variant without a change is refused."""
    with pytest.raises(InputError, match="nothing has been moved"):
        save(origin(base), [], "same", place_for(base, "same"))
