from __future__ import annotations

from math import sqrt

import pytest

from sim.report.colours import NEUTRAL, channels, lead_colour, lead_scale, leader, mix, with_alpha

BLUE, RED, GREEN = "#2166ac", "#b2182b", "#1b7837"


def distance(one: str, other: str) -> float:
    """Return how far apart two colours are, in steps of 8 bits."""
    return sqrt(sum((a - b) ** 2 for a, b in zip(channels(one), channels(other), strict=True)))


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
