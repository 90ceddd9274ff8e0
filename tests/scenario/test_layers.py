"""Rules of `extends:`: what a variant says wins, what it does not say stays, and every value keeps its file."""

import os

import pytest

from sim.scenario.loading import load_scenario
from tests.scenario.small import TEXT, changed, folder, said


def variant(text, base=TEXT):
    """Return the scenario that a variant of the small one makes."""
    with folder(scenario_yaml=base, variants__late_yaml=f"extends: ../scenario.yaml\n{text}") as home:
        return load_scenario(home / "variants" / "late.yaml")


def refused(text, base=TEXT, **files):
    """Return what the loader says of a variant."""
    with folder(scenario_yaml=base, variants__late_yaml=text, **files) as home:
        return said(load_scenario, home / "variants" / "late.yaml")


def test_maps_merge_and_lists_and_plain_values_replace():
    """A variant gives only what differs; a list is given whole."""
    scenario = variant("places: {mill: {name: Old Mill}}\nareas: {upper: [mill]}\nrisings: {enabled: false}\n")
    assert scenario.places["mill"].name == "Old Mill"
    assert scenario.places["mill"].lat == 45.2
    assert scenario.areas == {"upper": ("mill",)}
    assert not scenario.risings.enabled
    assert scenario.risings.cohesion.value == 0.6


def test_a_new_law_replaces_a_number_as_a_whole():
    """A mapping with `dist` or `value` leaves nothing of the old number, not even its basis."""
    population = (
        variant("places: {mill: {population: {dist: uniform, min: 1, max: 9, basis: new, confidence: high}}}")
        .places["mill"]
        .population
    )
    assert (population.dist, population.basis, population.confidence) == ("uniform", "new", "high")
    (told,) = refused("extends: ../scenario.yaml\nplaces: {mill: {population: {value: 7}}}")
    assert "late.yaml:2:17: places.mill.population: the number has no basis and no confidence; add `basis:`" in told


def test_other_mappings_change_parts_of_a_number():
    """A part or a label given alone leaves the rest of the number as it is, and makes a bare number a mapping."""
    scenario = variant(
        "places: {mill: {population: {mode: 7000}}}\nforces: {southerners: {strength: {confidence: high}}}"
    )
    assert scenario.places["mill"].population.values() == {"min": 4000, "mode": 7000, "max": 9000}
    assert scenario.places["mill"].population.basis == "invented"
    assert (scenario.forces["southerners"].strength.value, scenario.forces["southerners"].strength.confidence) == (
        1500,
        "high",
    )


def test_a_bare_value_keeps_the_labels_of_a_number():
    """A constant in place of a distribution rests on what the distribution rested on."""
    population = variant("places: {mill: {population: 5000}}").places["mill"].population
    assert (population.value, population.basis, population.confidence) == (5000, "invented", "low")


def test_null_takes_away():
    """An entry or an optional key that a variant sets to null is gone."""
    scenario = variant("lifelines: {pass: null}\nplaces: {mill: {leaning: {south: null}}, gate: {holder: null}}")
    assert scenario.lifelines == {}
    assert set(scenario.places["mill"].leaning) == {"north"}
    assert scenario.places["gate"].holder is None


def test_taking_away_what_is_not_there_is_a_mistake():
    """A misspelt id in a variant does not pass in silence, and what must stay cannot be taken away."""
    (told,) = refused("extends: ../scenario.yaml\nlifelines: {pas: null}")
    assert "late.yaml:2:13: lifelines.pas: there is no 'pas' to remove; did you mean 'pass'?" in told
    (told,) = refused("extends: ../scenario.yaml\nplaces: {mill: {terrain: null}}")
    assert "late.yaml:2:17: places.mill.terrain: the key 'terrain' is missing" in told


def test_a_complaint_names_the_file_that_is_wrong():
    """What the base says wrongly is a complaint about the base, what the variant says about the variant."""
    told = refused("extends: ../scenario.yaml\nplaces: {gate: {lon: east}}", changed(("lat: 45.2", "lat: north")))
    assert "scenario.yaml:" in told[0]
    assert "places.mill.lat: must be a number (found 'north')" in told[0]
    assert told[1].startswith("late.yaml:2:22: places.gate.lon: must be a number (found 'east')")


def test_a_chain_of_variants_ends_at_the_base():
    """A variant may extend a variant."""
    with folder(
        scenario_yaml=TEXT,
        variants__late_yaml="extends: ../scenario.yaml\nmovement: {fighters_per_vehicle: 7}",
        variants__later_yaml="extends: late.yaml\nmovement: {time_factor: 1}",
    ) as home:
        movement = load_scenario(home / "variants" / "later.yaml").movement
    assert (movement.fighters_per_vehicle.value, movement.time_factor.value) == (7, 1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "extends: /etc/passwd",
            "late.yaml:1:10: extends: '/etc/passwd' is not relative to this file; name a file of the same",
        ),
        ("extends: ../../other.yaml", "late.yaml:1:10: extends: '../../other.yaml' leads out of the scenario's folder"),
        ("extends: ../scenaro.yaml", "extends: there is no file '../scenaro.yaml'; did you mean"),
        ("extends: late.yaml", "late.yaml:1:10: extends: this comes back to a file of its own chain"),
        ("extends: ''", "late.yaml:1:10: extends: '' names no file"),
        ("extends: ..", "is a folder, not a file"),
        ("extends: [a]", "extends: must be the name of the file that this one changes (found a list)"),
        ("extends: 5", "late.yaml:1:10: extends: must be the name of the file that this one changes (found 5)"),
        (
            "extends: ../scenario.yaml\nplaces: {mill: {lat: 1, lat: 2}}",
            "late.yaml:2:25: places.mill.lat: the key is given twice",
        ),
        ("extends: loop.yaml", "loop.yaml:1:10: extends: this comes back to a file of its own chain"),
    ],
)
def test_extends_stays_inside_the_folder_and_ends(text, complaint):
    """Absolute names, ways out of the tree, missing files, folders and circles are refused where they are written."""
    told = refused(text, variants__loop_yaml="extends: late.yaml")
    assert any(complaint in line for line in told), told


def test_no_link_leads_out_of_the_tree():
    """A symbolic link inside the folder to a file outside is refused."""
    with folder(x__scenario_yaml=TEXT, outside_yaml=TEXT, x__late_yaml="extends: link.yaml") as home:
        os.symlink(home / "outside.yaml", home / "x" / "link.yaml")
        (told,) = said(load_scenario, home / "x" / "late.yaml")
    assert "extends: 'link.yaml' leads out of the scenario's folder 'x'" in told
