"""Columns on a leg: where they are, and when two of them come upon each other."""

from __future__ import annotations

from random import Random

import pytest

from sim.domain.roads import covered_s, meet_s, resumed_s, span_s
from sim.domain.state import Force


def column(from_s: int, arrives_s: int) -> Force:
    """Return a column that is on a leg between two moments."""
    force = Force("f", "us", "here", "army", "moving", "", 1, {}, 1.0, 1.0, 1)
    force.from_s, force.arrives_s = from_s, arrives_s
    return force


def first_second_together(one: Force, other: Force) -> int:
    """Return the first second at which two shares of the leg add up to 1, by looking at every second."""
    now = 0
    while covered_s(one, now) * span_s(other) + covered_s(other, now) * span_s(one) < span_s(one) * span_s(other):
        now += 1
    return now


@pytest.mark.parametrize("seed", range(40))
def test_columns_meet_at_the_first_second_at_which_their_ways_add_up_to_the_leg(seed: int) -> None:
    """Whatever their pace, and whoever starts late or is still in the queue."""
    random = Random(seed)
    start, later = random.randint(0, 50), random.randint(0, 50)
    one, other = column(start, start + random.randint(1, 90)), column(later, later + random.randint(1, 90))
    assert meet_s(one, other) == meet_s(other, one) == first_second_together(one, other)
    assert meet_s(one, other) <= min(one.arrives_s, other.arrives_s)


def test_equal_columns_meet_half_way() -> None:
    """Two that set out together at one pace meet after half of the time."""
    assert meet_s(column(100, 200), column(100, 200)) == 150


def test_who_is_in_the_queue_is_met_at_his_end_of_the_leg() -> None:
    """A column that waits for a pass when the enemy comes off the leg meets him there."""
    assert meet_s(column(1_000, 1_500), column(0, 300)) == 300


def test_columns_that_passed_each_other_met_in_the_past() -> None:
    """A moment before now says that nobody will meet."""
    assert meet_s(column(0, 100), column(0, 100)) < 80


def test_a_halt_moves_the_arrival_by_as_long_as_it_lasts() -> None:
    """Who stood still for an hour has covered as much as before, and arrives an hour later."""
    force = column(100, 200)
    covered = covered_s(force, 160)
    force.from_s = resumed_s(force, 160, 1_160)
    force.arrives_s = force.from_s + 100
    assert force.arrives_s == 1_200
    assert covered_s(force, 1_160) == covered


def test_a_halt_costs_nothing_to_who_waits_in_the_queue_for_longer() -> None:
    """A column that starts after the halt starts when it would have; one whose turn came meanwhile starts then."""
    assert resumed_s(column(500, 600), 100, 400) == 500
    assert resumed_s(column(200, 300), 100, 400) == 400
