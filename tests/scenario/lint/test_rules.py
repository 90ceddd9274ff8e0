"""What each rule of `sim lint` finds: the small scenario, changed at one spot, and the finding that follows."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ProblemsFound
from sim.scenario.lint import RULES, Finding, lint
from sim.scenario.lint.findings import CHECKS
from sim.scenario.loading import load_located, with_overrides
from sim.scenario.numbers import Entry, register
from tests.scenario.small import TEXT, changed, folder, load

Pairs = tuple[tuple[str, str], ...]

TRIGGER = "trigger: {any: [{fact: TalksCollapsed}, {all: [{exogenous: harvest}, {not: {state: truce}}]}]}"
ISLE = "{name: Isle, kind: town, lat: 45.3, lon: 7.3, terrain: town, holder: south}"
PLAIN = "  plain: {name: Plain, kind: hub, lat: 45.0, lon: 7.0, terrain: town, holder: south}\n"
LEG = "L2: {from: gate, to: plain, kind: road, basis: invented, confidence: low, length_km: 20, "
WEST = """  west: {name: West, colour: "#1b7837"}
"""
CLAIMANT = (
    "observation:\n  basis: invented\n  confidence: low\n  claimants:\n    herald: {name: Herald, side: north, "
    "says_share: {default: 0.5}, against_interest_share: 0.1, delay: PT6H, tells_number_share: 0.5, "
    "inflation_enemy_losses: 3, own_losses_told_share: 0.3, wounded_told_share: 0.5, count_error: 1, "
    "denial_share: 0.5, denial_time: P2D, early_share: 0.1, early_lead: P1D, misplaced_share: 0.1, "
    "bulletin_rate_per_day: 0.1, intention_share: 0.1, invented_rate_per_day: 0.1}\n"
)
LAST = "food_kg: 3000, ammunition_kg: 500, fuel_kg: 100}\n"


def with_claimant(**changes: str) -> tuple[str, str]:
    """Return the change that adds a claimant, with some of his numbers other than usual."""
    text = CLAIMANT
    for key, value in changes.items():
        start = text.index(f"{key}: ") + len(key) + 2
        end = start + min(text[start:].find(stop) for stop in (", ", "}") if stop in text[start:])
        text = text[:start] + value + text[end:]
    return LAST, LAST + text


@cache
def findings(pairs: Pairs = (), overrides: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Return what all rules find in the small scenario with passages replaced."""
    with folder(scenario_yaml=changed(*pairs) if pairs else TEXT) as home:
        return lint(*load_located(home / "scenario.yaml", overrides)).findings


def found(code: str, path: str, pairs: Pairs = (), overrides: tuple[str, ...] = ()) -> list[Finding]:
    """Return the findings of one rule at one path."""
    return [one for one in findings(pairs, overrides) if (one.rule.code, one.path) == (code, path)]


#: Code, path, severity, words of the message, and what is changed: passages, or values that are set.
CASES: list[tuple[str, str, str, str, Pairs | tuple[str, ...]]] = [
    # places and ways
    (
        "R101", "forces.southerners.rest_at", "error", "no leg that is open during the scenario leads from 'isle'",
        ((PLAIN, f"{PLAIN}  isle: {ISLE}\n"), ("rest_at: plain", "rest_at: isle")),
    ),
    ("R102", "places.isle", "warning", "no open legs join it", ((PLAIN, f"{PLAIN}  isle: {ISLE}\n"),)),
    ("R103", "legs.L2.closed_months", "note", "shut during the whole scenario", (("[1, 2]", "[4, 5]"),)),
    (
        "R104", "legs.L2", "warning", "no travel time on foot, by light vehicle or by truck",
        ((f"{LEG}travel_time_h_light: 0.6, travel_time_h_truck: 1, travel_time_h_foot: 5, ", LEG),),
    ),
    ("R105", "places.plain.population", "warning", "no leaning", (
        (PLAIN, PLAIN.replace("}\n", ", population: 900, basis: invented, confidence: low}\n")),
    )),
    (
        "R106", "terrain_classes.gorge", "note", "no place is of this class",
        (("elevation_m: 900, terrain: gorge", "elevation_m: 900, terrain: town"),),
    ),
    ("R107", "legs.L2.length_km", "warning", "5 km, but 'gate' and 'plain' lie 13.6 km apart", (
        "legs.L2.length_km=5",
    )),
    ("R108", "places.gate", "note", "the pass has no capacity", (("kind: gorge, lat", "kind: pass, lat"),)),
    (
        "R109", "sides.north", "note", "nobody of 'north' stands at gate, which it holds",
        (("posts: {gate: 0.6, mill: 0.2}", "posts: {mill: 0.8}"),),
    ),
    (
        "R110", "forces.southerners.rest_at", "error", "'gate' is held by 'north', an enemy of 'south'",
        (("rest_at: plain", "rest_at: gate"),),
    ),
    (
        "R111", "areas.lower", "note", "nothing in the scenario names this area",
        (("areas: {upper: [mill, gate]}", "areas: {upper: [mill, gate], lower: [plain]}"),),
    ),
    ("R112", "legs.L3", "note", "'L2' joins 'plain' and 'gate' too, and is a road", (
        ("\nmovement:", "\n  L3: {from: plain, to: gate, kind: road, basis: x, confidence: low, length_km: 20, "
         "travel_time_h_foot: 5}\n\nmovement:"),
    )),
    ("R113", "legs.L2.travel_time_h_truck", "warning", "lorries take 0.5 h, light vehicles 0.6 h", (
        "legs.L2.travel_time_h_truck=0.5",
    )),
    ("R114", "places.gate.lanes", "warning", "no column ever queues there", (
        (
            "terrain: gorge, holder: north}",
            "terrain: gorge, holder: north, lanes: 2, basis: invented, confidence: low}",
        ),
    )),
    # forces and stocks
    (
        "R201", "forces.northerners.posts.gate", "warning", "no way over places open to 'north' leads to 'gate'",
        (("L1: {from: mill, to: gate", "L1: {from: mill, to: plain"),),
    ),
    ("R202", "sides.north", "warning", "neither it nor an ally has a depot", (
        ("  north-store: {side: north, place: mill, basis: invented, confidence: low, food_kg: 20000, "
         "ammunition_kg: 5000, fuel_kg: 1000}\n", ""),
    )),
    (
        "R203", "depots.north-store.place", "error", "'plain' is held by 'south', not by 'north'",
        (("north-store: {side: north, place: mill", "north-store: {side: north, place: plain"),),
    ),
    (
        "R203", "depots.south-store.place", "warning", "nobody of 'south' or its allies can be reached from 'isle'",
        (
            (PLAIN, f"{PLAIN}  isle: {ISLE}\n"),
            ("south-store: {side: south, place: plain", "south-store: {side: south, place: isle"),
        ),
    ),
    ("R204", "depots.north-store.fuel_kg", "warning", "there is no fuel", ("depots.north-store.fuel_kg=0",)),
    ("R205", "forces.northerners.stocks.food_days", "warning", "food for 0.5 days", (
        "forces.northerners.stocks.food_days=0.5",
    )),
    ("R205", "depots.north-store.food_kg", "warning", "hold 90 kg of food", ("depots.north-store.food_kg=90",)),
    ("R206", "forces.northerners.stocks.food_days", "note", "3, and garrisons ask for more at 5", (
        "forces.northerners.stocks.food_days=3",
    )),
    ("R206", "forces.southerners.stocks.ammunition_kg_per_fighter", "note", "1.9, and garrisons ask for more at 2", (
        "forces.southerners.stocks.ammunition_kg_per_fighter=1.9",
    )),
    ("R207", "forces.southerners.stocks.ammunition_kg_per_fighter", "warning", "1.9 kg, and a bout of 4 h takes", (
        "forces.southerners.stocks.ammunition_kg_per_fighter=1.9",
    )),
    ("R207", "risings.ammunition_kg_per_fighter", "note", "2.5 kg, and a bout", ()),
    ("R208", "forces.northerners.posts", "warning", "posts and reserve add up to 0.9", (
        "forces.northerners.posts.gate=0.5",
    )),
    ("R208", "forces.northerners.posts", "note", "add up to 1.2 at their middles", (
        ("posts: {gate: 0.6,", "posts: {gate: {dist: uniform, min: 0.6, max: 1},"),
    )),
    ("R209", "sides.west", "warning", "no force and no pool belongs to it", (
        ('  south: {name: South, colour: "#b2182b"}\n', f'  south: {{name: South, colour: "#b2182b"}}\n{WEST}'),
        ("doctrine:\n  north:", "doctrine:\n  west: {basis: x, confidence: low, odds_wanted: 2, "
         "odds_after_patience_share: 1, garrison_left_fighters: 1, pause_after_success: P1D, when_cut: {hold: 1, "
         "withdraw: 1, disperse: 1, parley: 1}, withdraws_when_turned_share: 1, reserve_moves_at_odds: 1, "
         "reserve_reach: P1D}\n  north:"),
    )),
    ("R210", "pools.south-capital", "warning", "no axis of any operation names it", (
        ("forces: [southerners], pools: [south-capital]", "forces: [southerners]"),
    )),
    ("R211", "pools.south-capital.column_fighters", "note", "columns of 5000 out of 1250 fighters", (
        "pools.south-capital.column_fighters=5000",
    )),
    ("R212", "forces.southerners.light_vehicles", "warning", "9000 vehicles for 1350 fighters", (
        "forces.southerners.light_vehicles=9000",
    )),
    (
        "R213", "lifelines.pass.place", "warning", "'plain' is held by 'south' at the start",
        (("pass: {side: north, place: mill, open: false", "pass: {side: north, place: plain, open: true"),),
    ),
    # plans
    (
        "R301", "operations.through-the-gate.axes.road.path.1", "error", "no way leads from 'gate' to 'mill'",
        (("L1: {from: mill, to: gate", "L1: {from: gate, to: plain"),),
    ),
    (
        "R301", "operations.through-the-gate.axes.road.path.0", "warning", "only light vehicles get from 'plain'",
        (("travel_time_h_truck: 1, travel_time_h_foot: 5, ", "travel_time_h_truck: 1, "),),
    ),
    (
        "R302", "operations.through-the-gate.axes.road.forces.0", "warning", "no way leads for the force 'southerners'",
        ((PLAIN, f"{PLAIN}  isle: {ISLE}\n"), ("rest_at: plain", "rest_at: isle")),
    ),
    (
        "R302", "operations.through-the-gate.axes.road.pools.0", "error", "no way leads for the pool 'south-capital'",
        (
            (PLAIN, f"{PLAIN}  isle: {ISLE}\n"),
            ("rest_at: plain", "rest_at: isle"),
            ("south-capital: {side: south, at: plain", "south-capital: {side: south, at: isle"),
        ),
    ),
    (
        "R303", "operations.through-the-gate.axes.road.assemble_at", "warning", "'gate' is held by 'north'",
        (("assemble_at: plain, path: [gate, mill]", "assemble_at: gate, path: [mill]"),),
    ),
    ("R311", "operations.through-the-gate.wanted_fighters", "warning", "asks for 9000 fighters or more", (
        "operations.through-the-gate.wanted_fighters=9000",
    )),
    (
        "R312", "operations.through-the-gate.against", "error", "'south' and 'north' are not hostile",
        (("relations: {north+south: hostile}", "relations: {north+south: neutral}"),),
    ),
    ("R313", "operations.through-the-gate.stops_for_truce.0", "warning", "the talks 'valley' are between 'north'", (
        ('  south: {name: South, colour: "#b2182b"}\n', f'  south: {{name: South, colour: "#b2182b"}}\n{WEST}'),
        ("doctrine:\n  north:", "doctrine:\n  west: {basis: x, confidence: low, odds_wanted: 2, "
         "odds_after_patience_share: 1, garrison_left_fighters: 1, pause_after_success: P1D, when_cut: {hold: 1, "
         "withdraw: 1, disperse: 1, parley: 1}, withdraws_when_turned_share: 1, reserve_moves_at_odds: 1, "
         "reserve_reach: P1D}\n  north:"),
        ("parties: [north, south]", "parties: [north, west]"),
        ("ultimatum: {side: south", "ultimatum: {side: west"),
    )),
    (
        "R314", "talks.valley.parties", "warning", "'north' and 'south' are not hostile to each other",
        (("relations: {north+south: hostile}", "relations: {north+south: neutral}"),),
    ),
    (
        "R315", "relations", "note", "no pair of sides is hostile",
        (("relations: {north+south: hostile}", "relations: {north+south: neutral}"),),
    ),
    ("R316", "command.enabled", "warning", "it is off, and there are 1 operations", (
        ("command:\n  basis: invented", "command:\n  enabled: false\n  basis: invented"),
    )),
    # triggers
    (
        "R304", "operations.through-the-gate.trigger", "error", "never open: talks.valley.contact_rate_per_day is 0",
        ((TRIGGER, "trigger: {fact: TalksCollapsed}"), ("contact_rate_per_day: 0.3", "contact_rate_per_day: 0")),
    ),
    (
        "R305", "operations.through-the-gate.trigger.any.0", "warning", "the talks 'valley' never open",
        (("contact_rate_per_day: 0.3", "contact_rate_per_day: 0"),),
    ),
    (
        "R305", "operations.through-the-gate.trigger.any.0.all", "warning", "cannot be none here",
        ((TRIGGER, "trigger: {any: [{all: [{fact: TalksOpened}, {state: talks, stage: none}]}, {fact: RunStarted}]}"),),
    ),
    ("R306", "operations.through-the-gate.trigger.any.1.all.0", "warning", "'harvest' alone fulfils it", ()),
    (
        "R307", "operations.through-the-gate.delay", "warning", "it begins 3 to 4.8 days later",
        (
            (TRIGGER, "trigger: {fact: RunStarted}"),
            ("{dist: lognormal, p05: PT6H, p95: P3D}", "{dist: uniform, min: P2DT21H36M, max: P4DT21H36M}"),
        ),
    ),
    ("R308", "operations.through-the-gate.patience", "warning", "at least 30 days, and the scenario lasts 20", (
        "operations.through-the-gate.patience=P30D",
    )),
    ("R309", "exogenous.harvest.at", "warning", "it lies after the end", (
        "exogenous.harvest.at=2030-06-10T00:00+02:00",
    )),
    (
        "R310", "exogenous.harvest", "note", "nothing in the scenario waits for it",
        ((TRIGGER, "trigger: {fact: TalksCollapsed}"), ("deadlines: [harvest]", "deadlines: []")),
    ),
    # rates
    ("R401", "legs.L2.travel_time_h_foot", "error", "16.7 lies outside what is published on speed of a column", (
        "legs.L2.travel_time_h_foot=1",
    )),
    ("R401", "legs.L2.travel_time_h_truck", "warning", "41.7 lies outside", ("legs.L2.travel_time_h_truck=0.4",)),
    ("R402", "movement.march_hours_per_day.foot", "note", "lies outside what is published on a day's march", (
        "movement.march_hours_per_day.foot=22",
    )),
    ("R403", "operations.through-the-gate.regroup", "error", "60 lies outside what is published on from the loss", (
        "operations.through-the-gate.regroup=P60D",
    )),
    ("R403", "movement.march_hours_per_day.foot", "warning", "14 lies outside", (
        "movement.march_hours_per_day.foot=14",
    )),
    ("R404", "combat.casualties_per_fighter_hour", "error", "0.4 lies outside what is published on enemies put out", (
        "combat.casualties_per_fighter_hour=0.4",
    )),
    ("R404", "combat.wounded_per_killed", "warning", "5.3 lies outside what is published on wounded per killed", (
        "combat.wounded_per_killed=5.3",
    )),
    ("R404", "combat.surprise_factor", "note", "9 lies outside", ("combat.surprise_factor=9",)),
    ("R404", "combat.bout_duration", "note", "8.94 is plausible, but 1 to 80 reaches far out", (
        ("{dist: lognormal, p05: PT2H, p95: PT8H}", "{dist: lognormal, p05: PT1H, p95: PT80H}"),
    )),
    ("R405", "combat.defender_break_share", "error", "0.9 lies outside", ("combat.defender_break_share=0.9",)),
    ("R405", "cohesion.quiet_desertion_rate_per_day", "error", "0.00161 lies outside", ()),
    ("R406", "terrain_classes.gorge.defence_multiplier", "error", "1.2 lies outside what is published on m of a pass", (
        "terrain_classes.gorge.defence_multiplier=1.2",
    )),
    ("R406", "forces.northerners.quality", "note", "7 lies outside", ("forces.northerners.quality=7",)),
    ("R407", "doctrine.north.odds_wanted", "error", "15 lies outside what is published on odds", (
        "doctrine.north.odds_wanted=15",
    )),
    ("R408", "supply.load_kg.truck", "error", "50 lies outside what is published on load of a lorry", (
        "supply.load_kg.truck=50",
    )),
    ("R409", "risings.search_rate_per_day", "error", "12 lies outside", ("risings.search_rate_per_day=12",)),
    ("R410", "observation.claimants.herald.inflation_enemy_losses", "error", "90 lies outside", (
        with_claimant(inflation_enemy_losses="90"),
    )),
    ("R411", "combat.casualties_per_fighter_hour", "error", "hours of bouts a day", (
        "combat.casualties_per_fighter_hour=0.06",
    )),
    # numbers
    ("R501", "supply.load_kg", "warning", "3 constants of low confidence: foot, light, truck", ()),
    ("R501", "control.return_odds", "warning", "1 is a constant of low confidence", (
        ("return_rate_per_day: 0.1, ", "return_rate_per_day: {dist: uniform, min: 0.1, max: 0.2}, "),
    )),
    ("R502", "forces.southerners.strength", "note", "a factor of 600", (
        ("    strength: 1500\n", "    strength: {dist: lognormal, p05: 10, p95: 6000}\n"),
    )),
    ("R502", "forces.northerners.share_present", "note", "anything at all", (
        ("{dist: beta, p05: 0.4, p95: 0.9}", "{dist: uniform, min: 0, max: 1}"),
    )),
    ("R503", "forces.southerners.strength", "note", "confidence high, but 100 to 6e+03 are likely", (
        ("strength: 1500\n", "strength: {dist: lognormal, p05: 100, p95: 6000, basis: counted, confidence: high}\n"),
    )),
    ("R504", "forces.southerners.strength", "warning", "all likely values lie between 1e+03 and 1.01e+03", (
        ("    strength: 1500\n", "    strength: {dist: uniform, min: 1000, max: 1010}\n"),
    )),
    ("R505", "forces.southerners.share_present", "warning", "exactly 0.9 of the force is present", ()),
    ("R506", "forces.southerners.strength", "warning", "the basis says 'no source', the confidence is medium", (
        ("    strength: 1500\n", "    strength: {value: 1500, basis: no source, confidence: medium}\n"),
    )),
    ("R508", "forces.northerners.strength.shared", "note", "nothing else is shared as 'mem'", (
        ("max: 1500}", "max: 1500, shared: mem}"),
    )),
    # news
    ("R601", "observation.claimants.herald.says_share", "warning", "all his shares and rates are 0", (
        with_claimant(default="0", bulletin_rate_per_day="0", invented_rate_per_day="0"),
    )),
    ("R602", "sides.south", "note", "no claimant speaks for it", (with_claimant(),)),
    ("R605", "observation.claimants.herald.areas", "warning", "no force of anybody can come", (
        with_claimant(side="north, areas: [far]"),
        ("areas: {upper: [mill, gate]}", "areas: {upper: [mill, gate], far: [isle]}"),
        (PLAIN, f"{PLAIN}  isle: {ISLE}\n"),
    )),
]  # fmt: skip

#: Rules that need more than one file, or are measured: looked at in test_files.py and tests/cli/test_linting.py.
ELSEWHERE = {"R320", "R321", "R507", "R509", "R603", "R604", "R606", "R901", "R902"}


@pytest.mark.parametrize(
    ("code", "path", "severity", "words", "change"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES]
)
def test_a_rule_finds_what_it_looks_for(
    code: str, path: str, severity: str, words: str, change: tuple[tuple[str, str] | str, ...]
) -> None:
    """The finding has the rule's code, stands at the path, is as grave as it should be, and says what was found."""
    pairs = tuple(one for one in change if isinstance(one, tuple))
    overrides = tuple(one for one in change if isinstance(one, str))
    (finding,) = found(code, path, pairs, overrides)
    assert finding.severity == severity
    assert words in finding.message
    assert finding.remedy
    if change:  # and it does not find it where nothing is wrong
        assert not [one for one in found(code, path) if one.message == finding.message]


def test_every_rule_is_shown_to_find_something() -> None:
    """No rule is without a case that fires it."""
    assert {case[0] for case in CASES} | ELSEWHERE == set(RULES)
    assert set(CHECKS) <= set(RULES)


def test_findings_stand_where_the_value_is_written() -> None:
    """A finding names file, line and column, and what was set on the command line names that."""
    (finding,) = found("R505", "forces.southerners.share_present")
    lines = TEXT.splitlines()
    assert lines[finding.spot.line - 1][finding.spot.column - 1 :] == "0.9"
    (set_,) = found("R204", "depots.north-store.fuel_kg", (), ("depots.north-store.fuel_kg=0",))
    assert str(set_).startswith("--set depots.north-store.fuel_kg=0: R204 warning: depots.north-store.fuel_kg: ")


def test_a_finding_says_what_why_and_what_to_do() -> None:
    """Its line reads: place, code, severity, path, what; why it matters; what to do."""
    (finding,) = found("R204", "depots.north-store.fuel_kg", (), ("depots.north-store.fuel_kg=0",))
    assert str(finding).endswith(
        "there is no fuel, and roads lead from it; a convoy leaves only with fuel for the way there and back, "
        "so none ever does; give it some"
    )


def test_rates_cite_what_they_are_judged_by() -> None:
    """A finding about a rate names quantity, range, source and how sure the source is."""
    (finding,) = found("R404", "combat.wounded_per_killed", (), ("combat.wounded_per_killed=5.3",))
    assert "1.1-3.7, typically 2.3 (" in finding.message
    assert "Moore, At Odds 1/3" in finding.message
    assert "read in the source, confidence B)" in finding.message


def test_what_a_bound_allows_is_no_guess() -> None:
    """A constant at the end of what it may be is meant."""
    (guesses,) = found("R501", "operations.through-the-gate")
    assert "axes.road.share" not in guesses.message


def test_named_choices_are_no_guesses() -> None:
    """How the model works is chosen by name: no constant of its own stands in need of a range."""
    assert not any("law" in one.message for one in findings() if one.rule.code == "R501" and one.path == "combat")


SMALL = load(TEXT)
NUMBERS = [entry for entry in register(SMALL).values() if not entry.options]


@given(st.sampled_from(NUMBERS), st.sampled_from([0.0, 1.0, "ge", "le"]))
@settings(max_examples=15, deadline=None)
def test_whatever_a_number_is_the_rules_have_an_answer(number: Entry, value: float | str) -> None:
    """Any number may stand at either of its bounds, at 0 or at 1, and every rule still looks at the scenario."""
    wanted = getattr(number, value) if isinstance(value, str) else value
    if wanted is None:
        return
    try:
        scenario = with_overrides(SMALL, [f"{number.path}={f'PT{wanted}S' if number.unit == 's' else f'{wanted:g}'}"])
    except ProblemsFound:
        return
    assert all(one.message and one.remedy and one.path for one in lint(scenario).findings)
