"""Two variants pair by pair."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.compare.variants import ALL_EVENTS, ONE_EVENT, Measured, measured, paired_differences, score_differences
from tests.compare.test_skill import HORIZON, question

DRAWS = np.arange(400) // 4


def number(first: np.ndarray, second: np.ndarray, *, unit: str = "days", loss: bool = True) -> Measured:
    return Measured(ONE_EVENT, "facts", "event", "claimed", "distance to window", unit, loss, first, second)


def test_common_random_numbers_show_a_small_difference():
    """A tenth of a day on top of noise of three days: told apart in pairs, and the CRN ratio says by how much."""
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 3, 400)
    (found,) = paired_differences([number(noise, noise + 0.1 + rng.normal(0, 0.05, 400))], np.arange(400))
    assert found.low < 0.1 < found.high
    assert found.low > 0
    assert found.stands_out
    assert found.crn_ratio < 0.001
    assert found.higher.p > 0.9


def test_without_a_common_draw_the_ratio_is_about_1():
    """Two batches that share nothing: their difference varies as that of strangers."""
    rng = np.random.default_rng(2)
    (found,) = paired_differences([number(rng.normal(0, 3, 400), rng.normal(0, 3, 400))], np.arange(400))
    assert found.crn_ratio == pytest.approx(1, abs=0.15)
    assert found.low < 0 < found.high
    assert not found.stands_out


def test_pairs_of_one_draw_hang_together():
    """Four pairs of each draw that are all alike count as one: the interval is twice as wide."""
    rng = np.random.default_rng(3)
    change = np.repeat(rng.normal(0, 1, 100), 4)
    same = number(np.zeros(400), change)
    (by_draw,), (alone,) = paired_differences([same], DRAWS), paired_differences([same], np.arange(400))
    assert (by_draw.high - by_draw.low) / (alone.high - alone.low) == pytest.approx(2, rel=0.05)


def test_the_pairs_needed_tell_two_variants_apart():
    """With as many pairs as it says, a difference of d is told apart four times in five."""
    rng = np.random.default_rng(4)
    (found,) = paired_differences([number(np.zeros(4000), rng.normal(0.2, 1, 4000))], np.arange(4000))
    assert found.pairs_needed == pytest.approx(((1.96 + 0.8416) / 0.2) ** 2, rel=0.3)
    size, seen = found.pairs_needed, 0
    for _ in range(200):
        (again,) = paired_differences([number(np.zeros(size), rng.normal(found.difference, 1, size))], np.arange(size))
        seen += again.low > 0 or again.high < 0
    assert 140 <= seen <= 180  # 160 expected; 3.5 standard errors are 20


def test_where_nothing_differs_so_many_pairs_rule_out_so_much():
    """No pair differs: the interval of a share is what so few pairs cannot rule out, and no pairs are needed."""
    (found,) = paired_differences([number(np.ones(100), np.ones(100), unit="share")], np.arange(100))
    assert (found.low, found.high) == pytest.approx((-0.03, 0.03), rel=0.01)
    assert found.pairs_needed is None
    assert found.crn_ratio is None
    assert not found.stands_out


def test_replications_of_one_draw_rule_out_no_more_than_the_draw():
    """Four hundred pairs of a hundred draws without a difference say as much as a hundred pairs."""
    same = number(np.ones(400), np.ones(400), unit="share")
    (found,) = paired_differences([same], DRAWS)
    assert (found.low, found.high) == pytest.approx((-0.03, 0.03), rel=0.01)


@pytest.mark.parametrize(("pairs", "clear"), [(2, False), (5, False), (20, True)])
def test_the_same_difference_in_every_pair_is_no_certainty(pairs, clear):
    """Two pairs, or twenty, with one less in B: no spread was seen, so no interval is a point; many are clear."""
    ones, nothing = np.ones(pairs), np.zeros(pairs)
    both = [number(0.1 * ones, nothing), number(ones, nothing, unit="share")]
    day, share = paired_differences(both, np.arange(pairs))
    assert (day.low, day.high, day.pairs_needed) == (-math.inf, math.inf, None)
    assert share.low == -1
    assert share.high == pytest.approx(min(-1 + 3 / pairs, 1), abs=0.01)
    assert day.stands_out is share.stands_out is clear


def test_many_numbers_looked_at_cost_some_of_their_certainty():
    """What stands out alone does not among a hundred: of so many some differ by chance."""
    rng = np.random.default_rng(5)
    noise = rng.normal(0, 1, 400)
    one = number(np.zeros(400), 0.125 + (noise - noise.mean()) / noise.std())  # two and a half standard errors
    others = [number(np.zeros(400), rng.normal(0, 1, 400)) for _ in range(99)]
    (alone,) = paired_differences([one], np.arange(400))
    among = paired_differences([one, *others], np.arange(400))
    assert alone.stands_out
    assert not among[0].stands_out


def test_a_single_draw_says_nothing():
    """One draw has no spread: the interval is everything."""
    (found,) = paired_differences([number(np.zeros(4), np.ones(4))], np.zeros(4, dtype=np.int64))
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert not found.stands_out


def test_of_every_replication_it_is_told_how_far_it_is_from_the_reports():
    """A date two days late is two days off; one in its window is as reported; never is as late as the horizon."""
    before = [question(np.array([5.0, 9.0]), 4, 7), question(np.array([10.0, 99.0]), 10, 11)]
    after = [question(np.array([5.0, 5.0]), 4, 7), question(np.array([12.0, 10.5]), 10, 11)]
    found = {(one.about, one.label, one.name): one for one in measured(before, after, HORIZON)}
    assert found[ALL_EVENTS, "all headline events", "as reported"].first.tolist() == [2, 0]
    assert found[ALL_EVENTS, "all headline events", "as reported"].second.tolist() == [1, 2]
    assert found[ALL_EVENTS, "all headline events", "distance to window"].first.tolist() == [0, (2 + 9) / 2]


def test_scores_are_compared_over_the_same_draws():
    """A variant whose dates are nearer scores better, by more than the Monte Carlo; against itself not at all."""
    rng = np.random.default_rng(6)
    noise = rng.normal(0, 2, 400)
    near = [question(8 + noise, 7.5, 8.5)]
    far = [question(11 + noise, 7.5, 8.5)]
    by_name = {one.name: one for one in score_differences(near, far, HORIZON)}
    assert all(one.low > 0 for one in by_name.values())
    assert all(one.low == one.high == one.difference == 0 for one in score_differences(near, near, HORIZON))
