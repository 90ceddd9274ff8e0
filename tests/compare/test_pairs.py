"""Differences between pairs of histories, and how sure they are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_rel

from sim.compare.pairs import paired, pairs_that_differ


def test_a_difference_of_counts_has_student_s_interval():
    """The interval of a mean difference is that of the paired t-test."""
    rng = np.random.default_rng(1)
    first, second = rng.normal(10, 3, 40), rng.normal(9, 3, 40)
    found = paired("convoys", "facts", first, second)
    expected = ttest_rel(first, second).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.difference == pytest.approx(found.first - found.second)
    assert (found.pairs, found.differ) == (40, 40)


def test_a_difference_of_shares_is_that_worked_by_hand():
    """Of 18 pairs 7 have it only with, 1 only without: shares 8/20 and 2/20, half-width 1.96 sqrt(0.41 / 20)."""
    first = np.array([1] * 7 + [0] + [1] * 4 + [0] * 6, dtype=float)
    second = np.array([0] * 7 + [1] + [1] * 4 + [0] * 6, dtype=float)
    found = paired("the fall", "share", first, second)
    assert found.difference == pytest.approx(6 / 18)
    assert found.high - 0.3 == pytest.approx(1.959964 * (0.41 / 20) ** 0.5)
    assert 0.3 - found.low == pytest.approx(found.high - 0.3)


def test_the_interval_of_a_share_holds_the_true_difference():
    """Over many experiments of 50 pairs with a true difference of 0.1 some 95 % of the intervals hold it."""
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(500):
        u = rng.random(50)
        found = paired("the fall", "share", (u < 0.3) * 1.0, ((u > 0.1) & (u < 0.3)) * 1.0)
        held += found.low <= 0.1 <= found.high
    assert held / 500 >= 0.93


def test_pairs_that_are_all_alike_do_not_differ():
    """Where no pair differs nothing stands out, and the interval of a share stays open by what 50 pairs cannot say."""
    same = (np.arange(50) % 2).astype(float)
    found = paired("the fall", "share", same, same)
    assert (found.difference, found.differ, found.stands_out) == (0, 0, False)
    assert found.low == pytest.approx(-found.high)
    assert 0.03 < found.high < 0.08


def test_what_stands_out_does_so_among_all_outcomes():
    """A difference that is clear alone may be one of many that chance makes."""
    changes = np.linspace(-1.3, 2.0, 50)
    alone = paired("a", "facts", changes, np.zeros(50))
    assert alone.low > 0
    assert alone.stands_out
    assert not paired("a", "facts", changes, np.zeros(50), outcomes=80).stands_out


def test_of_one_pair_nothing_is_known():
    """A single pair leaves the interval of a mean open."""
    found = paired("a", "facts", np.array([3.0]), np.array([1.0]))
    assert (found.low, found.high, found.stands_out) == (-np.inf, np.inf, False)


def test_a_pair_differs_if_any_outcome_does():
    """Pairs are counted in which at least one of several outcomes is another."""
    first = [np.array([1.0, 2, 3]), np.array([0.0, 0, 0])]
    second = [np.array([1.0, 5, 3]), np.array([0.0, 1, 1])]
    assert pairs_that_differ(first, second) == 2
