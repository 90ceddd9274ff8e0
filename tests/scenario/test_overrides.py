"""Rules of `--set path=value`: any number, text or entry by its path; a wrong path gets the nearest right one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ProblemsFound
from sim.scenario.loading import load_scenario, resolved
from sim.scenario.numbers import register
from sim.scenario.yaml_source import parse_yaml
from tests.scenario.small import SMALL, folder, said


def set_(*overrides):
    """Return the small scenario with overrides."""
    return load_scenario(SMALL, overrides)


def test_a_bare_value_replaces_a_law_and_keeps_its_labels():
    """The number becomes that constant; what it rests on and its unit stay."""
    population = set_("places.mill.population=5000").places["mill"].population
    assert (population.value, population.basis, population.confidence) == (5000, "invented", "low")
    assert set_("places.mill.population.value=5000").places["mill"].population == population


def test_many_overrides_make_no_file_be_read_anew():
    """What stands after `--set` is read and forgotten: the files beneath it are parsed once, however many there are."""
    set_()
    misses = parse_yaml.cache_info().misses
    for n in range(1, 30):
        set_(f"places.mill.population={n}")
    assert parse_yaml.cache_info().misses == misses


def test_a_part_of_a_law_has_a_path():
    """`....mode` changes the mode, `....basis` the basis, and nothing else."""
    scenario = set_(
        "forces.northerners.strength.mode=800", "combat.bout_duration.p05=PT1H", "movement.time_factor.basis=mine"
    )
    assert scenario.forces["northerners"].strength.values() == {"min": 400, "mode": 800, "max": 1500}
    assert scenario.combat.bout_duration.values() == {"p05": 3600, "p95": 8 * 3600}
    assert scenario.movement.time_factor.basis == "mine"


def test_a_law_on_the_command_line_says_so():
    """A new law, or a number that no file gives, rests on the command line with low confidence."""
    scenario = set_("movement.time_factor={dist: uniform, min: 1, max: 2}", "places.gate.value=3")
    entries = register(scenario)
    for path in ("movement.time_factor", "places.gate.value"):
        assert (entries[path].basis, entries[path].confidence) == ("set on the command line", "low")


def test_whatever_stands_in_the_schema_can_be_set():
    """Texts, switches, lists, optional keys and whole entries have paths too; the later override wins."""
    scenario = set_(
        "scenario.title=Another war",
        "risings.enabled=false",
        "areas.upper=[mill]",
        "areas.lower=[plain, gate]",
        "doctrine.north.searches={leaning_below: 0.3, delay: PT6H}",
        "lifelines.pass=null",
        "sides.north.colour='#112233'",
        "movement.fighters_per_vehicle=5",
        "movement.fighters_per_vehicle=4",
    )
    assert scenario.scenario.title == "Another war"
    assert not scenario.risings.enabled
    assert scenario.areas == {"lower": ("plain", "gate"), "upper": ("mill",)}
    assert scenario.doctrine["north"].searches.delay.value == 6 * 3600
    assert scenario.lifelines == {}
    assert scenario.sides["north"].colour == "#112233"
    assert scenario.movement.fighters_per_vehicle.value == 4


@pytest.mark.parametrize(
    ("override", "complaint"),
    [
        (
            "forces.nothern.strength=5",
            "no such path 'forces.nothern.strength'; did you mean 'forces.northerners.strength'?",
        ),
        ("forces.northerners.strenght=5", "did you mean 'forces.northerners.strength'?"),
        ("northerners.strength=5", "did you mean 'forces.northerners.strength'?"),
        ("time_factor=2", "did you mean 'movement.time_factor'?"),
        ("legs.L1.travel_time_h_ligt=2", "did you mean 'legs.L1.travel_time_h_light'?"),
        ("forces.northerners.strength.mod=5", "has no part 'mod'; did you mean 'forces.northerners.strength.mode'?"),
        ("forces.northerners.strength.likely=5", "has no part 'likely'; its parts: min, max, mode"),
        ("forces.new=5", "no such path 'forces.new'; known: northerners, southerners"),
        ("forces=5", "'forces' holds entries by id, no single value"),
        ("areas.upper.0=mill", "no such path 'areas.upper.0': a list is set as a whole; set 'areas.upper'"),
        ("scenario.title.x=3", "set 'scenario.title'"),
        ("extends=other.yaml", "what a scenario extends stands in its file"),
        ("forces.northerners.posts.gat=0.1", "forces.northerners.posts.gat: no place 'gat'; did you mean 'gate'?"),
        (
            "operations.through=null",
            "operations.through: there is no 'through' to remove; did you mean 'through-the-gate'?",
        ),
        ("movement.time_factor", "is not path=value; write for example"),
        ("=5", "is not path=value"),
        ("movement..x=5", "is not path=value"),
        ("movement.time_factor=", "movement.time_factor: there is no value; write --set movement.time_factor=VALUE"),
        ("sides.north.colour=#aabbcc", "there is no value; quote a value that begins with #"),
        ("movement.time_factor=[1", "movement.time_factor: the value: the [ is not closed"),
        (
            "movement.time_factor=!!int 5",
            "movement.time_factor: the value: the tag tag:yaml.org,2002:int is not supported",
        ),
        ("movement.time_factor=.inf", "the value: .inf is not a finite number"),
        ("movement.time_factor=fast", "movement.time_factor: must be a number or a distribution (found 'fast')"),
        ("movement.time_factor=20", "movement.time_factor: must be at most 10 (found 20); lower it"),
        ("combat.bout_duration=5", "5 has no unit; write a duration such as PT6H"),
        ("movement=5", "movement: must be a mapping of keys to values (found 5)"),
        ("places=null", "places: the key 'places' is missing"),
    ],
)
def test_a_wrong_override_is_named_with_what_to_do(override, complaint):
    """The complaint begins with the override as typed, and needs no line."""
    (told,) = said(load_scenario, SMALL, [override])
    assert told.startswith(f"--set {override}: ")
    assert complaint in told


def test_all_wrong_overrides_are_told_at_once():
    """Two wrong paths are two complaints."""
    assert len(said(load_scenario, SMALL, ["movement.a=1", "combat.b=2"])) == 2


def test_a_number_of_a_csv_can_be_set():
    """The path of a leg that stands in a CSV is a path like any other."""
    legs = "id,from,to,kind,length_km,travel_time_h_light,basis,confidence\nR1,mill,plain,road,30,0.9,made up,low\n"
    text = SMALL.read_text(encoding="utf-8") + "geography: {legs: legs.csv}\n"
    with folder(scenario_yaml=text, legs_csv=legs) as home:
        number = load_scenario(home / "scenario.yaml", ["legs.R1.travel_time_h_light=2"]).legs["R1"].travel_time_h_light
    assert (number.value, number.basis) == (2, "made up")


PATHS = sorted(register(load_scenario(SMALL)))


@given(
    st.sampled_from(PATHS),
    st.sampled_from(
        [
            "5",
            "-1",
            "PT3H",
            "0.5",
            "null",
            "{dist: uniform, min: 0.1, max: 0.2}",
            "{mode: 1}",
            "[1]",
            "x",
            "{a: 1}",
            "''",
        ]
    ),
)
@settings(max_examples=75, deadline=None)
def test_whatever_is_set_loads_or_is_refused_in_words(path, value):
    """No override ends in a traceback; one that loads is there in the resolved scenario."""
    try:
        scenario = load_scenario(SMALL, [f"{path}={value}"])
    except ProblemsFound as found:
        assert all(problem.message and problem.remedy for problem in found.problems)  # noqa: PT017 - loading may succeed
    else:
        assert resolved(scenario) != resolved(load_scenario(SMALL)) or value in str(register(scenario)[path].parts)


@given(st.sampled_from(PATHS), st.integers(0, 80), st.sampled_from("abz.-_x"))
@settings(max_examples=60, deadline=None)
def test_a_misspelt_path_is_always_answered(path, place, sign):
    """One wrong letter anywhere in a path is refused with a remedy, unless it names an entry of its own."""
    place %= len(path)
    wrong = path[:place] + sign + path[place + 1 :]
    try:
        load_scenario(SMALL, [f"{wrong}=1"])
    except ProblemsFound as found:
        assert all(problem.remedy for problem in found.problems)  # noqa: PT017 - the letter may be the right one
