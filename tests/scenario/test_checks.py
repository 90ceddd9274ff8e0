"""Rules between the parts of a scenario: what is named exists, times and shares agree, numbers rest on something."""

import pytest

from sim.errors import ProblemsFound
from tests.scenario.small import TEXT, changed, load, said


def complaints(*pairs):
    """Return what the loader says of the small scenario with passages replaced."""
    return said(load, changed(*pairs))


def test_the_small_scenario_is_sound():
    """The scenario that all these tests change has nothing wrong with it."""
    assert said(load, TEXT) == []


def test_a_chance_is_given_with_what_follows_from_it():
    """A chance to lose a leader says nothing without what his loss costs, nor an ambush without its losses."""
    lone = ("surrender_below: 0.2", "surrender_below: 0.2\n  leader_loss_per_share_lost: 1")
    assert complaints(lone)[0].endswith(
        "cohesion.leader_loss_per_share_lost: says nothing without 'leader_drop'; add `leader_drop:`, or remove it"
    )
    both = (lone[0], f"{lone[1]}\n  leader_drop: 0.1")
    assert complaints(both) == []
    ambush = ("return_odds: 1}", "return_odds: 1, column_ambush_rate_per_km: 0.1}")
    assert "control.column_ambush_rate_per_km: says nothing without 'column_ambush_loss_share'" in complaints(ambush)[0]


TRIGGER = "trigger: {any: [{fact: TalksCollapsed}, {all: [{exogenous: harvest}, {not: {state: truce}}]}]}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # names
        (
            "terrain: town\n    holder: north",
            "terrain: twon\n    holder: north",
            "places.mill.terrain: no terrain class 'twon'; did you mean 'town'?",
        ),
        (
            "terrain: gorge, holder: north",
            "terrain: gorge, holder: nort",
            "places.gate.holder: no side 'nort'; did you mean 'north'?",
        ),
        ("leaning: {north:", "leaning: {norht:", "places.mill.leaning.norht: no side 'norht'; did you mean 'north'?"),
        (
            "areas: {upper: [mill, gate]}",
            "areas: {upper: [mill, gaet]}",
            "areas.upper.1: no place 'gaet'; did you mean 'gate'?",
        ),
        (
            "areas: {upper: [mill, gate]}",
            "areas: {upper: [mill, mill]}",
            "areas.upper.1: 'mill' is given twice; remove one of them",
        ),
        (
            "L2: {from: gate, to: plain",
            "L2: {from: gate, to: plains",
            "legs.L2.to: no place 'plains'; did you mean 'plain'?",
        ),
        (
            "L2: {from: gate, to: plain",
            "L2: {from: gate, to: gate",
            "legs.L2.to: the leg leads from 'gate' to itself; name its other end",
        ),
        (
            "rest_at: plain",
            "rest_at: plane",
            "forces.southerners.rest_at: no place 'plane'; did you mean 'plain'?",
        ),
        (
            "posts: {gate: 0.6, mill: 0.2}",
            "posts: {gat: 0.6, mill: 0.2}",
            "forces.northerners.posts.gat: no place 'gat'; did you mean 'gate'?",
        ),
        (
            "reserve: {mill: 0.2}",
            "reserve: {mil: 0.2}",
            "forces.northerners.reserve.mil: no place 'mil'; did you mean 'mill'?",
        ),
        (
            "side: south\n    name: Southern",
            "side: soth\n    name: Southern",
            "forces.southerners.side: no side 'soth'; did you mean 'south'?",
        ),
        (
            "north-store: {side: north, place: mill",
            "north-store: {side: north, place: mll",
            "depots.north-store.place: no place 'mll'; did you mean 'mill'?",
        ),
        (
            "south-capital: {side: south, at: plain",
            "south-capital: {side: south, at: plai",
            "pools.south-capital.at: no place 'plai'; did you mean 'plain'?",
        ),
        (
            "    against: north",
            "    against: noth",
            "operations.through-the-gate.against: no side 'noth'; did you mean 'north'?",
        ),
        (
            "forces: [southerners]",
            "forces: [southeners]",
            "axes.road.forces.0: no force 'southeners'; did you mean 'southerners'?",
        ),
        (
            "pools: [south-capital]",
            "pools: [south]",
            "axes.road.pools.0: no pool 'south'; did you mean 'south-capital'?",
        ),
        ("path: [gate, mill]", "path: [gat, mill]", "axes.road.path.0: no place 'gat'; did you mean 'gate'?"),
        (
            "stops_for_truce: [valley]",
            "stops_for_truce: [vally]",
            "stops_for_truce.0: no talks 'vally'; did you mean 'valley'?",
        ),
        (
            "deadlines: [harvest]",
            "deadlines: [harvst]",
            "talks.valley.deadlines.0: no exogenous date 'harvst'; did you mean 'harvest'?",
        ),
        ("area: upper\n    basis", "area: uper\n    basis", "talks.valley.area: no area 'uper'; did you mean 'upper'?"),
        (
            "upper: {area: upper, cut_by: south",
            "upper: {area: upper, cut_by: sout",
            "communications.upper.cut_by: no side 'sout'; did you mean 'south'?",
        ),
        (
            "pass: {side: north, place: mill",
            "pass: {side: north, place: hill",
            "lifelines.pass.place: no place 'hill'; did you mean 'mill'?",
        ),
        (
            "odds_wanted_by_terrain: {gorge: 3}",
            "odds_wanted_by_terrain: {gorges: 3}",
            "odds_wanted_by_terrain.gorges: no terrain class 'gorges'; did you mean 'gorge'?",
        ),
        (
            "relations: {north+south: hostile}",
            "relations: {north+east: hostile}",
            "relations.north+east: no side 'east'",
        ),
        # what cannot be
        (
            "relations: {north+south: hostile}",
            "relations: {north+south: hostile, south+north: neutral}",
            "the relation of these sides is given twice",
        ),
        (
            "relations: {north+south: hostile}",
            "relations: {north+south: hostile, north+north: allied}",
            "relations.north+north: a side has no relation with itself",
        ),
        (
            'colour: "#b2182b"',
            'colour: "#2166AC"',
            "sides.south.colour: the side 'north' has the same colour; choose another",
        ),
        (
            "end: 2030-05-21T00:00+02:00",
            "end: 2030-05-01T00:00+02:00",
            "scenario.end: the end 2030-05-01T00:00:00+02:00 is not after the start",
        ),
        (
            "end: 2030-05-21T00:00+02:00",
            "end: 2034-05-21T00:00+02:00",
            "scenario.end: the scenario lasts 1481 days (at most three years); shorten it",
        ),
        ("rest_at: plain", "posts: {plain: 0}", "forces.southerners: all shares are 0: the force is nowhere"),
        (
            "    against: north",
            "    against: south",
            "operations.through-the-gate.against: the operation is against its own side",
        ),
        (
            "forces: [southerners]",
            "forces: [northerners]",
            "the force 'northerners' belongs to 'north', the operation to 'south'",
        ),
        (
            "forces: [southerners], pools: [south-capital]",
            "forces: []",
            "axes.road: nobody is named who could go on this axis; name `forces:` or `pools:`",
        ),
        (
            "path: [gate, mill], forces:",
            "path: [gate, mill], share: 0, forces:",
            "operations.through-the-gate.axes: the shares of all axes are 0: nobody would go; give one of them a share "
            "above 0",
        ),
        ("parties: [north, south]", "parties: [north, north]", "talks.valley.parties.1: 'north' is given twice"),
        (
            "ultimatum: {side: south",
            "ultimatum: {side: sooth",
            "talks.valley.ultimatum.side: 'sooth' is no party to these talks; did you mean 'south'?",
        ),
        # conditions
        (
            TRIGGER,
            "trigger: {fact: TalkCollapsed}",
            "trigger.fact: no kind of fact 'TalkCollapsed'; did you mean 'TalksCollapsed'",
        ),
        (
            TRIGGER,
            "trigger: {}",
            "a condition has exactly one of fact, state, exogenous, all, any, not (found none); say what it waits for",
        ),
        (
            TRIGGER,
            "trigger: {state: truce, exogenous: harvest}",
            "(found state and exogenous); join conditions with all: or any:",
        ),
        (TRIGGER, "trigger: {all: []}", "trigger.all: needs at least one condition; name some"),
        (
            TRIGGER,
            "trigger: {any: [{not: {all: [{exogenous: harvets}]}}]}",
            "trigger.any.0.not.all.0.exogenous: no exogenous date 'harvets'; did you mean 'harvest'?",
        ),
        (
            TRIGGER,
            "trigger: {fact: DayCame, place: mill}",
            "trigger.place: the fact DayCame has no 'place'; it cannot be told apart further",
        ),
        (TRIGGER, "trigger: {fact: ControlChanged, place: mil}", "trigger.place: no place 'mil'; did you mean 'mill'?"),
        (
            TRIGGER,
            "trigger: {fact: ControlChanged, talks: valley}",
            "trigger.talks: the fact ControlChanged has no 'talks'; it can be told apart by side, lost_by, place, area",
        ),
        (
            TRIGGER,
            "trigger: {state: holds}",
            "trigger.state: the state holds needs a place or an area, one of them; give `place:` or `area:`",
        ),
        (
            TRIGGER,
            "trigger: {state: present, place: mill}",
            "trigger.state: the state present needs 'at_least'; add `at_least:`",
        ),
        (TRIGGER, "trigger: {state: talks}", "trigger.state: the state talks needs 'stage'; add `stage:`"),
        (
            TRIGGER,
            "trigger: {state: truce, place: mill}",
            "trigger.place: the state truce has no 'place'; it takes talks",
        ),
        (
            TRIGGER,
            "trigger: {exogenous: harvest, side: south}",
            "trigger.side: `exogenous:` has no 'side'; it stands alone",
        ),
        # numbers
        ("supply_floor: 0.2", "supply_floor: 1.2", "supply.supply_floor: must be at most 1 (found 1.2); lower it"),
        (
            "recovery_half_time: P1D",
            "recovery_half_time: PT5S",
            "combat.recovery_half_time: must be at least PT60S (found PT5S); raise it",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{dist: uniform, min: 0, max: 1.6}",
            "must be at least 0.2, but one draw in a thousand of this uniform law reaches 0.0016; raise its min",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{dist: normal, mean: 1, sd: 1}",
            "must be at least 0.2, but one draw in a thousand of this normal law reaches -2.09; add `min: 0.2`",
        ),
        ("{dist: uniform, min: 0.8, max: 1.6}", "{dist: exponential, mean: 8}", "take a law with min and max"),
        (
            "{dist: lognormal, median: 1, sigma: 0.5}",
            "{dist: lognormal, median: 1, sigma: 1000}",
            "risings.area_shock: no values can be drawn from this lognormal law",
        ),
        (
            "{dist: beta, p05: 0.05, p95: 0.3}",
            "{dist: beta, p05: 0.000000001, p95: 0.00000001}",
            "no values can be drawn from this beta law: its parts are too extreme",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{dist: uniform, min: 0.8, max: 1.6, kind: aleatory}",
            "movement.time_factor.kind: kind aleatory: but a run reads one value of this number",
        ),
        (
            "strength: 1500",
            "strength: 1500.5",
            "forces.southerners.strength: 1500.5 is no whole number of persons; round it",
        ),
    ],
)
def test_what_does_not_fit_together_is_named(old, new, expected):
    """A wrong name, share, time, condition or number gives a complaint at its path, with a remedy."""
    told = complaints((old, new))
    assert any(expected in line for line in told), told


def test_every_side_has_a_doctrine():
    """A side without a doctrine could not decide anything."""
    text = TEXT.replace("sides:\n", 'sides:\n  east: {name: East, colour: "#00ff00"}\n')
    (told,) = said(load, text)
    assert "doctrine: the side 'east' has no doctrine; add `east:`" in told


def test_problems_between_parts_come_only_once_all_parts_are_valid():
    """A file with a wrong value is not searched for wrong names: the value may be what makes them wrong."""
    told = complaints(("renew: 2", "renew: many"), ("deadlines: [harvest]", "deadlines: [harvst]"))
    assert [line.split(": ")[1] for line in told] == ["operations.through-the-gate.renew"]


def test_a_number_without_a_basis_is_refused():
    """Constants too say what they rest on, themselves or through the block around them."""
    (told,) = complaints(
        (
            "population: {dist: pert, min: 4000, mode: 6000, max: 9000, basis: invented, confidence: low}",
            "population: {dist: pert, min: 4000, mode: 6000, max: 9000, confidence: low}",
        )
    )
    assert "places.mill.population: the number has no basis; add `basis:` to the number or to a block around it" in told
    (told,) = complaints(
        (
            "population: {dist: pert, min: 4000, mode: 6000, max: 9000, basis: invented, confidence: low}",
            "population: 5000",
        )
    )
    assert "places.mill.population: the number has no basis and no confidence" in told


def test_a_block_without_a_basis_is_one_problem():
    """Forty numbers that lack the same are told once, at the key of their block."""
    text = changed(("combat:\n  basis: invented\n  confidence: low\n", "combat:\n"))
    (told,) = said(load, text)
    line = text.split("\n").index("combat:") + 1
    assert told.startswith(f"scenario.yaml:{line}:1: combat: none of the ")
    assert "numbers in this block has a basis or a confidence; add `basis:` and `confidence:` to the block" in told


def test_a_block_in_which_one_number_says_so_is_told_number_by_number():
    """If one number of a block has its own basis, the others are named one by one."""
    text = changed(
        (
            "control: {basis: invented, confidence: low, return_rate_per_day: 0.1, return_odds: 1}",
            "control: {confidence: low, return_rate_per_day: {value: 0.1, basis: b}, return_odds: 1}",
        )
    )
    (told,) = said(load, text)
    assert "control.return_odds: the number has no basis" in told


def test_a_date_alone_has_no_number_to_found():
    """What holds no number needs no basis."""
    assert (
        said(
            load,
            changed(
                (
                    "harvest: {at: 2030-05-10T00:00+02:00, basis: invented, confidence: high}",
                    "harvest: {at: 2030-05-10T00:00+02:00}",
                )
            ),
        )
        == []
    )


def test_problems_raise_one_error_that_lists_them():
    """Whoever catches the error has every problem, and its text is one line for each."""
    with pytest.raises(ProblemsFound, match="no side 'noth'") as caught:
        load(changed(("    against: north", "    against: noth"), ("path: [gate, mill]", "path: [gat, mill]")))
    assert str(caught.value).count("\n") == len(caught.value.problems) - 1 == 1
