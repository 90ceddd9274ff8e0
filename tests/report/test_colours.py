from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations
from math import dist, sqrt
from pathlib import Path

import pytest

from sim import load_scenario
from sim.report.colours import (
    INK,
    LESS,
    MORE,
    NEUTRAL,
    NOISE,
    PAPER,
    UNALIGNED,
    UNHELD,
    _from_oklab,
    _gamma,
    _linear,
    _oklab,
    channels,
    lead_colour,
    lead_scale,
    leader,
    mix,
    with_alpha,
)
from sim.report.strip import CLASSES
from sim.report.windows import Placed, window_bars
from tests.report import fakes

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*/scenario.yaml"))
#: How linear red, green and blue are seen by whoever lacks one of the three kinds of cones, and by whoever has all.
SIGHT = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no long": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no medium": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no short": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
#: Colours of areas that lie side by side are told apart at a distance of about 0.02 in OKLab; here it is more than
#: thrice that, since what is to be compared may be small and far away.
APART = 0.07

BLUE, RED, GREEN = "#2166ac", "#b2182b", "#1b7837"


def distance(one: str, other: str) -> float:
    """Return how far apart two colours are, in steps of 8 bits."""
    return sqrt(sum((a - b) ** 2 for a, b in zip(channels(one), channels(other), strict=True)))


def seen(colour: str, sight: str) -> str:
    """Return how a colour looks without one kind of cones.

    Source: Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of color vision
    deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), matrices of severity 1.0.
    """
    linear = [_linear(value / 255) for value in channels(colour)]
    mixed = [sum(part * value for part, value in zip(row, linear, strict=True)) for row in SIGHT[sight]]
    return "#" + "".join(f"{round(255 * _gamma(min(max(value, 0.0), 1.0))):02x}" for value in mixed)


def in_the_dark(colour: str) -> str:
    """Return a colour as a dark page has it: its lightness turned over as the page's script does it."""
    script = files("sim.report").joinpath("templates", "scripts", "scheme.js").read_text(encoding="utf-8")
    found = re.search(r"within\(([\d.]+) - \(.*\), ([\d.]+), ([\d.]+)\);", script)
    assert found is not None
    whole, low, high = map(float, found.groups())
    lightness, *hue = _oklab(colour)
    return _from_oklab((min(max(whole - lightness, low), high), hue[0], hue[1]))


def faintest(one: str, other: str) -> float:
    """Return how far apart two colours are in OKLab for whoever tells them apart worst, on a light or a dark page."""
    schemes = ((one, other), (in_the_dark(one), in_the_dark(other)))
    return min(dist(_oklab(seen(a, sight)), _oklab(seen(b, sight))) for a, b in schemes for sight in SIGHT)


def over(colour: str, alpha: float, ground: str = PAPER) -> str:
    """Return a colour that lets some of its ground through."""
    parts = zip(channels(colour), channels(ground), strict=True)
    return "#" + "".join(f"{round(alpha * part + (1 - alpha) * below):02x}" for part, below in parts)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.parent.name)
def test_everybody_can_tell_the_sides_apart(scenario: Path) -> None:
    """Sides differ on the map at half a lead and at a full one, and as claimants, and from the ground of nobody."""
    sides = [side.colour for side in load_scenario(scenario).sides.values()]
    assert len(sides) > 1
    for one, other in combinations(sides, 2):
        assert faintest(one, other) > APART
        assert faintest(mix(NEUTRAL, one, 0.5), mix(NEUTRAL, other, 0.5)) > APART
        assert faintest(over(one, 0.85), over(other, 0.85)) > APART
    for side in sides:
        assert faintest(mix(NEUTRAL, side, 0.5), NEUTRAL) > APART
        assert faintest(side, UNHELD) > APART
        assert faintest(over(side, 0.85), INK) > APART, "bars of claims are not taken for the hills above them"


def test_everybody_can_tell_more_from_less() -> None:
    """On a page of two batches more, less and neither differ by colour alone in the map of differences."""
    for one, other in combinations((LESS, MORE, NOISE), 2):
        assert faintest(one, other) > APART
    assert faintest(NEUTRAL, UNHELD) > APART


def test_everybody_can_tell_the_classes_of_a_bar_apart() -> None:
    """Before, in, after and never differ in any order, since one of them may be empty and its neighbours touch."""
    for (_, _, one), (_, _, other) in combinations(CLASSES, 2):
        assert faintest(one, other) > APART


def test_what_no_colour_can_tell_a_form_tells() -> None:
    """A claim of no party is a thinner bar, since grey is not told from red by all; what is announced has an edge."""
    assert faintest(over(RED, 0.85), over(UNALIGNED, 0.85)) < APART
    legend = fakes.legend()
    first = {legend.claimant_sides[claim.claimant]: claim for claim in fakes.claims() if claim.statement == "asserts"}
    announced = next(claim for claim in fakes.claims() if claim.statement == "intends")
    placed = [Placed(claim, 0) for claim in (first["nrf"], first["tb"], first[""], announced)]
    bars, _ = window_bars(placed, legend, fakes.calendar(), 1)
    ours, theirs, nobodys, _ = bars["width"]
    assert nobodys < 0.7 * ours == 0.7 * theirs
    assert [width > 0 for width in bars["marker"]["line"]["width"]] == [False, False, False, True]
    assert bars["marker"]["line"]["color"][3] == legend.claimant(announced.claimant).colour


def test_mixing_starts_at_the_ground_and_ends_at_the_colour() -> None:
    """A mix of weight 0 is the ground, one of weight 1 the colour, and half-way is neither."""
    assert mix(NEUTRAL, BLUE, 0) == NEUTRAL
    assert mix(NEUTRAL, BLUE, 1) == BLUE
    assert mix(NEUTRAL, BLUE, 0.5) not in {NEUTRAL, BLUE}


def test_an_even_chance_is_neutral_whoever_the_sides_are() -> None:
    """Where two sides are equally likely to hold a place, neither side's colour shows."""
    assert lead_colour({"a": 0.5, "b": 0.5}, {"a": BLUE, "b": RED}) == NEUTRAL


def test_certainty_has_the_full_colour() -> None:
    """Where a side holds a place in every campaign, its colour is shown undiluted."""
    assert lead_colour({"a": 0.0, "b": 1.0}, {"a": BLUE, "b": RED}) == RED


def test_a_larger_lead_stands_out_more() -> None:
    """The further a side leads the next, the further its colour is from neutral."""
    shades = [lead_colour({"a": p, "b": 1 - p}, {"a": BLUE, "b": RED}) for p in (0.55, 0.7, 0.85, 1.0)]
    assert [distance(shade, NEUTRAL) for shade in shades] == sorted(distance(shade, NEUTRAL) for shade in shades)
    assert len(set(shades)) == 4


def test_the_lead_is_over_the_next_side_and_not_over_all_others() -> None:
    """With three sides the likeliest leads the second by their difference."""
    name, lead = leader({"a": 0.4, "b": 0.35, "c": 0.25})
    assert name == "a"
    assert lead == pytest.approx(0.05)


def test_a_scale_of_many_sides_picks_the_colour_of_the_leader() -> None:
    """Each side has its own stretch of the scale, from neutral to its colour."""
    scale = lead_scale([BLUE, RED, GREEN])
    assert [position for position, _ in scale] == sorted(position for position, _ in scale)
    assert (scale[0], scale[-1]) == ((0.0, NEUTRAL), (1.0, GREEN))
    assert (2 / 3, RED) in scale


def test_a_transparent_colour_keeps_its_hue() -> None:
    """Transparency changes nothing but how much of the ground shows through."""
    assert with_alpha(BLUE, 0.5) == "rgba(33,102,172,0.5)"
