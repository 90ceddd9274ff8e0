"""Rules of complaints: the file, the line, the column, the path, what is wrong and what to do, all at once."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ProblemsFound
from sim.scenario.loading import load_scenario
from tests.scenario.small import TEXT, changed, folder, load, problems, said

#: A duration of the small scenario that is written as a law.
GAMMA = "{dist: gamma, mean: PT6H, sd: PT4H}"


def complaints(*pairs):
    """Return what the loader says of the small scenario with passages replaced."""
    return said(load, changed(*pairs))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # keys
        (
            "  time_factor: {",
            "  time_facter: {",
            "movement.time_facter: unknown key 'time_facter'; did you mean 'time_factor'?",
        ),
        (
            "  fighters_per_vehicle: 6\n",
            "",
            "the key 'fighters_per_vehicle' is missing; add `fighters_per_vehicle:` (fighters carried",
        ),
        ("areas: {", "arias: {", "arias: unknown key 'arias'; did you mean 'areas'?"),
        (
            "areas: {upper:",
            "areas: {Upper Valley:",
            "the id must be lower-case letters, digits and hyphens (found 'Upper Valley'); write 'upper-valley'",
        ),
        (
            "north+south: hostile",
            "north-south: hostile",
            "the id must be two ids of sides joined by + (found 'north-south'); write for example north+south",
        ),
        # plain values
        (
            "north+south: hostile",
            "north+south: hostle",
            "relations.north+south: must be hostile, neutral or allied (found 'hostle'); did you mean 'hostile'?",
        ),
        ("lat: 45.2", "lat: 145.2", "places.mill.lat: must be at most 90 (found 145.2); lower it"),
        ("    lat: 45.2", "    lat: '45.2'", "places.mill.lat: must be a number (found '45.2'); remove the quotes"),
        (
            "renew: 2",
            "renew: 2.5",
            "operations.through-the-gate.renew: must be a whole number (found 2.5); write a whole number",
        ),
        ("home: true", "home: yes", "depots.south-store.home: must be true or false (found 'yes'); write true"),
        ("open: false", "open: off", "lifelines.pass.open: must be true or false (found 'off'); write false"),
        (
            'colour: "#2166ac"}',
            "colour: #2166ac\n  }",
            "sides.north.colour: must be text (found nothing); put it in quotes: # begins a comment",
        ),
        (
            'colour: "#2166ac"}',
            "colour: blue}",
            "the text must be a colour such as '#3366cc' (found 'blue'); write # and six hexadecimal digits, in quotes",
        ),
        ("title: Two valleys, an invented war", "title: 7", "scenario.title: must be text (found 7); put it in quotes"),
        ("title: Two valleys, an invented war", "title: ''", "scenario.title: the text is empty; write something"),
        (
            "start: 2030-05-01T00:00+02:00",
            "start: 2030-05-01",
            "'2030-05-01' is not a moment with its offset; write it as 2020-05-01T06:00+04:30",
        ),
        (
            "start: 2030-05-01T00:00+02:00",
            "start: 2030-13-01T00:00+02:00",
            "scenario.start: month must be in 1..12 (found '2030-13-01T00:00+02:00')",
        ),
        # lists and mappings
        (
            "stops_for_truce: [valley]",
            "stops_for_truce: valley",
            "stops_for_truce: must be a list (found 'valley'); write [valley]",
        ),
        (
            "parties: [north, south]",
            "parties: [north]",
            "talks.valley.parties: needs at least 2 entries (found 1); add what is missing",
        ),
        (
            "path: [gate, mill]",
            "path: [gate, 5]",
            "operations.through-the-gate.axes.road.path.1: must be text (found 5); put it in quotes",
        ),
        (
            "    when_cut: {hold: 1, withdraw: 1, disperse: 1, parley: 0}",
            "    when_cut: hold",
            "doctrine.north.when_cut: must be a mapping of keys to values (found 'hold'); write its keys",
        ),
        (
            "closed_months: [1, 2]",
            "closed_months: [1, 13]",
            "legs.L2.closed_months.1: must be at most 12 (found 13); lower it",
        ),
        # numbers
        (
            "strength: 1500",
            "strength: 1_500",
            "strength: must be a number or a distribution (found '1_500'); write 1500: digits are not grouped",
        ),
        (
            "strength: 1500",
            "strength: 1,500",
            "strength: must be a number or a distribution (found '1,500'); write 1500: digits are not grouped",
        ),
        (
            "share_present: 0.9\n",
            "share_present: 0,9\n",
            "share_present: must be a number or a distribution (found '0,9'); write 0.9: "
            "a point stands before decimals",
        ),
        (
            "share_present: 0.9\n",
            "share_present: 90%\n",
            "share_present: must be a number or a distribution (found '90%'); write 0.9",
        ),
        (
            "strength: 1500",
            "strength: [1500]",
            "forces.southerners.strength: must be a number or a distribution (found a list)",
        ),
        (
            "strength: 1500",
            "strength: ~",
            "strength: must be a number or a distribution (found nothing); write a value, or remove the key",
        ),
        (
            "line_depth: 2\n    turning_rate_per_day: {dist: lognormal, p05: 0.2",
            "line_depth: PT2H\n    turning_rate_per_day: {dist: lognormal, p05: 0.2",
            "terrain_classes.town.line_depth: must be a number or a distribution (found 'PT2H'); write digits only",
        ),
        (
            "reorder_days: 5",
            "reorder_days: P5D",
            "supply.reorder_days: must be a number or a distribution (found 'P5D'); write a bare number (unit: day)",
        ),
        (
            "recovery_half_time: P1D",
            "recovery_half_time: 24",
            "combat.recovery_half_time: 24 has no unit; write a duration such as PT6H or P3D",
        ),
        (
            "recovery_half_time: P1D",
            "recovery_half_time: P1M",
            "'P1M' is not an ISO 8601 duration such as PT6H or P3D (months and years have no fixed length: give days)",
        ),
        (
            "mean: PT6H, sd: PT4H",
            "mean: PT6H, sd: 4h",
            "combat.pause_between_bouts.sd: '4h' is not an ISO 8601 duration",
        ),
        # laws
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{dist: unifrom, min: 0.8, max: 1.6}",
            "movement.time_factor.dist: unknown distribution (found 'unifrom'); did you mean 'uniform'?",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{dist: pert, min: 0.8, max: 1.6}",
            "movement.time_factor.mode: a pert distribution needs 'mode'; add `mode:`",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{dist: uniform, min: 0.8, max: 1.6, low: 1}",
            "unknown part 'low' of a uniform distribution; it takes min, max (and basis",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{dist: uniform, mni: 0.8, max: 1.6}",
            "unknown part 'mni' of a uniform distribution; did you mean 'min'?",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{dist: uniform, min: 1.8, max: 1.6}",
            "movement.time_factor: min 1.8 must be below max 1.6; swap the two, or correct one of them",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{min: 0.8, max: 1.6}",
            "movement.time_factor: min and max of a distribution without its law; add `dist:`, one of uniform",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{basis: mine}",
            "movement.time_factor: a number without a value; add `value:`, or `dist:` and its parts",
        ),
        (
            "{dist: uniform, min: 0.8, max: 1.6}",
            "{vlaue: 1}",
            "movement.time_factor.vlaue: unknown key 'vlaue'; did you mean 'value'?",
        ),
        (
            "{dist: beta, p05: 0.05, p95: 0.3}",
            "{dist: beta, p05: 0.05, p95: 1.3}",
            "combat.attacker_break_share: p95 of a beta law must be below 1, found 1.3",
        ),
        (
            "{dist: beta, p05: 0.05, p95: 0.3}",
            "{dist: beta, p05: 0.05, p95: 0.3, max: 1}",
            "combat.attacker_break_share.max: is not allowed here (found 1); remove it",
        ),
        ("{dist: gamma, mean: PT6H, sd: PT4H}", "{dist: gamma, mean: PT6H}", "give either mean and sd, or p05 and p95"),
        (
            "weights: {PT6H: 1, PT12H: 2}",
            "weights: {6: 1}",
            "doctrine.south.pause_after_success: '6' is not an ISO 8601 duration",
        ),
        ("weights: {PT6H: 1, PT12H: 2}", "weights: {PT6H: -1}", "the weight of PT6H is below 0; give every value"),
        # times are told as they are written
        (
            GAMMA,
            "{dist: uniform, min: PT6H, max: PT4H}",
            "min PT6H must be below max PT4H; swap the two, or correct one of them",
        ),
        (
            GAMMA,
            "{dist: pert, min: P14D, mode: P2D, max: P20D}",
            "mode P2D must lie between min P14D and max P20D; move the mode between the two ends",
        ),
        (GAMMA, "{dist: gamma, p05: PT6H, p95: PT4H}", "p05 PT6H must be below p95 PT4H;"),
        (GAMMA, "{dist: gamma, mean: -PT6H, sd: PT4H}", "must be above 0, found -PT6H; give"),
        (GAMMA, "{dist: exponential, mean: -PT6H}", "must be above 0 (found '-PT6H'); raise"),
    ],
)
def test_every_mistake_is_named_with_what_was_found_expected_and_to_be_done(old, new, expected):
    """A wrong line gives one complaint at its path, in plain words, with a remedy."""
    (told,) = complaints((old, new))
    assert re.match(r"scenario\.yaml:\d+:\d+: ", told)
    assert expected in told


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_lines():
    """Syntax that can be read past, unknown keys, wrong values and missing keys come in one list."""
    told = complaints(
        ("  id: two-valleys", "  id: !tag two-valleys"),
        ("lat: 45.2", "lat: north"),
        ("  fighters_per_vehicle: 6", "  figters_per_vehicle: 6"),
        ("supply_floor: 0.2", "supply_floor: .nan"),
        ("renew: 2", "renew: many"),
    )
    assert [line.split(": ")[1] for line in told] == [
        "scenario.id",
        "places.mill.lat",
        "movement.figters_per_vehicle",
        "supply.supply_floor",
        "operations.through-the-gate.renew",
    ]


def test_a_complaint_points_at_the_very_word():
    """Line and column are those of the value that is wrong, or of the key that is unknown."""
    text = changed(("  fighters_per_vehicle: 6", "  fighters_per_vehicle: six\n  spede: 3"))
    line = text.split("\n").index("  fighters_per_vehicle: six") + 1
    assert [(problem.line, problem.column) for problem in problems(load, text)] == [(line, 25), (line + 1, 3)]


def test_a_missing_key_points_at_the_key_of_its_mapping():
    """What is not there cannot be pointed at: the complaint stands where its block begins."""
    text = changed(("  fighters_per_vehicle: 6\n", ""))
    (problem,) = problems(load, text)
    assert (problem.line, problem.column) == (text.split("\n").index("movement:") + 1, 1)


LINES = TEXT.split("\n")
SIGNS = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "? ",
        "!x ",
        "&a ",
        "*a",
        "|",
        "'",
        '"',
        "\t",
        "#",
        "%",
        "\\",
        "\0",
        ".nan",
        "1e999",
        "~",
        "é",
        "\u2028",
        "\ud7ff",
        "--- ",
        "<<: ",
        "0",
    ]
)
MUTATIONS = st.one_of(
    st.tuples(st.just("insert"), st.integers(0, len(TEXT)), SIGNS),
    st.tuples(st.just("cut"), st.integers(0, len(TEXT)), st.integers(1, 80)),
    st.tuples(st.just("indent"), st.integers(0, len(LINES)), st.integers(0, 6)),
    st.tuples(st.just("swap"), st.integers(0, len(LINES)), st.integers(0, len(LINES))),
)


def mutated(text, kind, place, what):
    """Return a text with one thing done to it."""
    if kind == "insert":
        return text[:place] + what + text[place:]
    if kind == "cut":
        return text[:place] + text[place + what :]
    lines = text.split("\n")
    place %= len(lines)
    if kind == "indent":
        lines[place] = " " * what + lines[place].lstrip()
    else:
        lines[place], lines[what % len(lines)] = lines[what % len(lines)], lines[place]
    return "\n".join(lines)


@given(st.lists(MUTATIONS, min_size=1, max_size=4))
@settings(max_examples=75, deadline=None)
def test_whatever_is_done_to_a_file_it_loads_or_is_refused_in_words(mutations):
    """No damage to a scenario ends in a traceback: every complaint has a place, a message and a remedy."""
    text = TEXT
    for kind, place, what in mutations:
        text = mutated(text, kind, place, what)
    with folder(scenario_yaml=text) as home:
        try:
            load_scenario(home / "scenario.yaml")
        except ProblemsFound as found:
            assert all(problem.line > 0 and problem.message and problem.remedy for problem in found.problems)  # noqa: PT017 - loading may succeed
