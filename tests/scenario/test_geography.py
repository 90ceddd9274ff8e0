"""Rules of places and legs in CSV files: a row is the lowest layer, and every cell keeps its place."""

import pytest

from sim.scenario.geography import read_table
from sim.scenario.loading import load_scenario
from sim.scenario.numbers import register
from tests.scenario.small import changed, folder, said

PLACES = """\
id,name,kind,lat,lon,elevation_m,zone,terrain,holder,population,population_basis,confidence,source,notes
mill,Mill,town,45.2,7.1,,,town,north,6000,a census,high,a gazetteer,"a mill,
and a bridge"
gate,The Gate,gorge,45.1,7.1,900,,gorge,north,,,,,
plain,Plain,hub,45.0,7.0,,,town,south,,,,a gazetteer,
"""
LEGS = """\
id,from,to,kind,length_km,travel_time_h_light,travel_time_h_truck,travel_time_h_foot,closed_months,length_basis,time_basis,confidence,refs,source
L1,mill,gate,road,12,0.4,0.6,3,,measured,assumed,medium,A1|A2,survey
L2,gate,plain,road,20,,,5,1|2,,,low,,survey
"""


def bare():
    """Return the small scenario with places and legs in CSVs and one override in YAML."""
    text = changed(("places:\n  mill:", "was_places:\n  mill:"))
    before, _, rest = text.partition("was_places:")
    after = rest[rest.index("movement:") :]
    overrides = (
        "geography: {places: places.csv, legs: legs.csv}\n"
        "places: {mill: {leaning: {north: {value: 0.8, basis: b, confidence: low}}}}\n"
    )
    return f"{before}{overrides}{after}"


def load_bare(places=PLACES, legs=LEGS, text=None):
    """Return the scenario of these CSVs."""
    with folder(scenario_yaml=text or bare(), places_csv=places, legs_csv=legs) as home:
        return load_scenario(home / "scenario.yaml")


def complaints(places=PLACES, legs=LEGS):
    """Return what the loader says of these CSVs."""
    with folder(scenario_yaml=bare(), places_csv=places, legs_csv=legs) as home:
        return said(load_scenario, home / "scenario.yaml")


def test_rows_are_places_and_legs_below_the_yaml():
    """The CSV gives what the YAML does not say; the YAML overrides single values."""
    scenario = load_bare()
    assert scenario.places["mill"].name == "Mill"
    assert scenario.places["mill"].leaning["north"].value == 0.8
    assert scenario.places["gate"].elevation_m == 900
    assert scenario.places["gate"].population is None
    assert scenario.legs["L2"].closed_months == (1, 2)
    assert scenario.legs["L2"].travel_time_h_light is None


def test_numbers_of_a_row_rest_on_the_columns_beside_them():
    """Length, times and people have a basis column each; else the source is their basis."""
    entries = register(load_bare())
    population = entries["places.mill.population"]
    assert (population.basis, population.confidence) == ("a census", "high")
    assert (entries["legs.L1.length_km"].basis, entries["legs.L1.length_km"].refs) == ("measured", ("A1", "A2"))
    assert entries["legs.L1.travel_time_h_foot"].basis == "assumed"
    assert (entries["legs.L2.length_km"].basis, entries["legs.L2.length_km"].confidence) == ("survey", "low")
    assert load_bare().legs["L1"].note == "survey"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("id,name,kind,lat,", "id,name,kind,latt,", "places.csv:1:14: unknown column 'latt'; did you mean 'lat'?"),
        ("id,name,kind", "key,name,kind", "places.csv:1:1: there is no column 'id'; name every row by its id"),
        ("id,name,kind", "id,name,name", "places.csv:1:9: the column 'name' is given twice; remove one of them"),
        (
            "mill,Mill,town,45.2",
            "mill,Mill,town,north",
            "places.csv:2:16: places.mill.lat: must be a number (found 'north'); write digits only",
        ),
        ("mill,Mill,town,45.2", "mill,Mill,twon,45.2", "places.csv:2:11: places.mill.kind: must be district"),
        (
            "gate,The Gate,gorge,45.1",
            "mill,The Gate,gorge,45.1",
            "places.csv:4:1: the id 'mill' is given twice (first in line 2); remove one of the rows",
        ),
        ("gate,The Gate", ",The Gate", "places.csv:4:1: the row has no id; give it one"),
        (
            "gate,The Gate",
            "gate,The, Gate",
            "places.csv:4:1: the row has 15 cells (expected 14, one for each column); quote cells that contain commas",
        ),
        ("gate,The Gate", 'gate,The "Gate"', 'places.csv:4:6: a quote (") stands inside this cell'),
        (
            "gate,The Gate,gorge,45.1,7.1,900,,gorge",
            "gate,The Gate,gorge,45.1,7.1,900,,",
            "places.csv:4:1: places.gate.terrain: the key 'terrain' is missing",
        ),
        (
            ",town,north,6000",
            ",town,north,many",
            "places.csv:2:38: places.mill.population: must be a number or a distribution (found 'many')",
        ),
        (
            "a census,high",
            "a census,hgh",
            "places.csv:2:52: places.mill.population.confidence: must be high, medium or low (found 'hgh')",
        ),
        (
            "45.1,7.1,900,,gorge",
            "45.1,7.1,900,,gorg",
            "places.csv:4:35: places.gate.terrain: no terrain class 'gorg'; did you mean 'gorge'?",
        ),
    ],
)
def test_a_mistake_in_a_csv_names_its_line_and_column(old, new, complaint):
    """A wrong cell is found in the CSV, also behind a cell with a line break in quotes."""
    assert PLACES.count(old) == 1
    told = complaints(places=PLACES.replace(old, new))
    assert any(complaint in line for line in told), told


def test_a_wrong_month_and_an_unknown_end_of_a_leg_name_the_cell():
    """Entries of a list in a cell are found at the cell; ids are checked like those of the YAML."""
    assert complaints(legs=LEGS.replace("1|2", "1|13")) == [
        "legs.csv:3:27: legs.L2.closed_months.1: must be at most 12 (found 13); lower it"
    ]
    assert complaints(legs=LEGS.replace("mill,gate", "mil,gate")) == [
        "legs.csv:2:4: legs.L1.from: no place 'mil'; did you mean 'mill'?"
    ]


def test_an_empty_or_missing_csv_is_refused():
    """A file without a header says nothing, and one that is not there gets the nearest name."""
    assert "legs.csv: the file is empty; begin with a line of column names" in complaints(legs="")
    text = bare().replace("legs: legs.csv", "legs: leg.csv")
    with folder(scenario_yaml=text, places_csv=PLACES, legs_csv=LEGS) as home:
        (told,) = said(load_scenario, home / "scenario.yaml")
    assert "geography.legs: there is no file 'leg.csv'; did you mean" in told


def test_cells_follow_rfc_4180():
    """Quotes, doubled quotes, commas and line breaks in cells, both kinds of line ends, no last line break."""
    with folder(p_csv='id,name\r\na,"x, ""y""\nz"\r\n\r\nb,last') as home:
        document = read_table(home / "p.csv", "p.csv", "places")
    assert document.data == {"places": {"a": {"name": 'x, "y"\nz'}, "b": {"name": "last"}}}
    assert document.position(("places", "b", "name")) == (5, 3)
    assert document.problems == ()
