"""Rules of the register: every number has one path, and says on what it rests and how it is read."""

import pytest

from sim.scenario.loading import load_scenario
from sim.scenario.numbers import read_by_run, register
from tests.scenario.small import SMALL, TEXT, changed, load

ENTRIES = register(load_scenario(SMALL))


def test_every_number_has_one_path_in_order():
    """Paths are those that people write, through ids, aliases and lists, in alphabetical order."""
    assert list(ENTRIES) == sorted(ENTRIES)
    for path in (
        "legs.L1.length_km",
        "combat.bout_duration",
        "forces.northerners.posts.gate",
        "talks.valley.collapse.base_per_day",
    ):
        assert path in ENTRIES
    text = changed(
        (
            "{fact: TalksCollapsed}",
            "{state: believed-odds, place: gate, at_least: {value: 2, basis: b, confidence: low}}",
        )
    )
    assert register(load(text))["operations.through-the-gate.trigger.any.0.at_least"].parts == {"value": 2}


def test_a_number_rests_on_the_nearest_basis():
    """A basis on a block holds for all numbers inside, until one has its own; refs go with the basis."""
    text = changed(
        ("combat:\n  basis: invented\n", "combat:\n  basis: around\n  refs: [A1]\n"),
        ("ready_share: 0.6\n", "ready_share: {value: 0.6, basis: own, refs: [B2], confidence: high}\n"),
        ("turned_multiplier: 1.2", "turned_multiplier: {value: 1.2, refs: [C3]}"),
    )
    entries = register(load(text))
    assert (entries["combat.surprise_factor"].basis, entries["combat.surprise_factor"].refs) == ("around", ("A1",))
    own = entries["combat.ready_share"]
    assert (own.basis, own.refs, own.confidence) == ("own", ("B2",), "high")
    assert (entries["combat.turned_multiplier"].basis, entries["combat.turned_multiplier"].refs) == ("around", ("C3",))


@pytest.mark.parametrize(
    ("path", "kind", "use", "phase"),
    [
        ("combat.bout_duration", "aleatory", "each", "standing"),
        ("movement.time_factor", "epistemic", "run", "standing"),
        ("combat.turned_multiplier", "epistemic", "run", "standing"),
        ("forces.northerners.strength", "epistemic", "run", "initial"),
        ("places.mill.population", "epistemic", "run", "initial"),
    ],
)
def test_a_number_says_how_a_run_reads_it(path, kind, use, phase):
    """One value of a run or a draw at each use; at the start only or whenever it is needed."""
    entry = ENTRIES[path]
    assert (entry.kind, entry.use, entry.phase) == (kind, use, phase)


def test_a_run_holds_the_value_of_a_number_or_the_parts_of_its_law():
    """What is drawn once per draw stands under its path, what is drawn at each use under those of its parts."""
    assert ENTRIES["movement.time_factor"].value_paths() == ("movement.time_factor",)
    assert ENTRIES["combat.bout_duration"].value_paths() == ("combat.bout_duration.p05", "combat.bout_duration.p95")


def test_numbers_of_the_news_are_not_read_by_a_run():
    """What only the observation model reads is left out of what a run can read."""
    wire = "{name: Wire, relay_share: 0.5, delay: PT1H, basis: b, confidence: low}"
    entries = register(load(f"{TEXT}observation: {{outlets: {{wire: {wire}}}}}\n"))
    assert entries["observation.outlets.wire.relay_share"].phase == "observation"
    assert {entry.path for entry in read_by_run(entries)} == {e.path for e in ENTRIES.values() if e.phase != "off"}


def test_numbers_of_a_lifeline_that_is_shut_are_not_read_by_a_run():
    """Where nobody sends anything, what a load would hold is no assumption of the run."""
    opened = register(load_scenario(SMALL, ["lifelines.pass.open=true"]))
    assert ENTRIES["lifelines.pass.food_kg"].phase == "off"
    assert opened["lifelines.pass.food_kg"].phase == "standing"


def test_rare_tails_end_at_the_bounds_of_a_number():
    """A draw never leaves what the field allows, however long the tail of its law."""
    scenario = load_scenario(SMALL, ["combat.ready_share={dist: lognormal, p05: 0.2, p95: 0.5}"])
    entry = register(scenario)["combat.ready_share"]
    assert entry.quantile()(0.5) == pytest.approx(0.1**0.5)
    assert entry.quantile()(1 - 1e-12) == 1
