"""Windows, classes, and how sure a Monte Carlo can be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from sim.compare.windows import classified, possible, probability, share_of, to_whole_days
from sim.domain.terms import DAY, HOUR


@given(st.integers(1, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_are_wilson_s(numbers):
    """The interval of k in n is the 95 % score interval."""
    k, n = numbers
    expected = binomtest(k, n).proportion_ci(0.95, "wilson")
    found = probability(k, n)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_of_nothing_nothing_is_known():
    """Without replications the interval is everything."""
    found = probability(0, 0)
    assert math.isnan(found.p)
    assert (found.low, found.high) == (0, 1)


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_with_a_draw_each_replications_are_independent(so):
    """One replication per draw gives Wilson's interval to the last digit, however the draws are numbered."""
    happened = np.array(so)
    assert share_of(happened, np.arange(len(so))[::-1] * 3) == probability(int(happened.sum()), len(so))


def test_replications_that_are_all_alike_count_as_their_draws():
    """Where every replication of a draw comes out the same, 400 of 100 draws are worth some 100."""
    by_draw = np.arange(100) % 3 == 0
    found = share_of(np.repeat(by_draw, 4), np.arange(400) // 4)
    alone = probability(int(by_draw.sum()), 100)
    assert (found.k, found.n, found.draws) == (136, 400, 100)
    assert found.effective == pytest.approx(100, rel=0.05)
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=0.005)


def test_the_design_effect_is_that_worked_by_hand():
    """Draws with 2, 0, 1, 1 of 2: scatter 2, design effect 4/3 x 2/64 x 7 / 0.25 = 7/6, and t for the few draws."""
    found = share_of(np.array([1, 1, 0, 0, 1, 0, 0, 1], dtype=bool), np.arange(8) // 2)
    assert found.effective == pytest.approx(8 / (7 / 6) * (2.364624 / 3.182446) ** 2, rel=1e-6)


def test_what_was_always_so_counts_by_draws():
    """What happened in every replication, or in none, says nothing about likeness: only the draws count."""
    for so in (np.zeros(40, dtype=bool), np.ones(40, dtype=bool)):
        found, alone = share_of(so, np.arange(40) // 4), probability(int(so[:10].sum()), 10)
        assert (found.low, found.high) == (alone.low, alone.high)


def test_replications_never_count_for_more_than_they_are():
    """Draws that differ less than luck would have it make no interval narrower than independence does."""
    alternating = np.arange(40) % 2 == 0
    assert share_of(alternating, np.arange(40) // 2).effective <= 40


def test_of_one_draw_little_is_known():
    """However many replications a single draw has, what other assumptions would give is open."""
    found = share_of(np.arange(100) < 40, np.zeros(100))
    assert found.low < 0.1
    assert found.high > 0.9


def test_intervals_over_draws_hold_the_truth():
    """Of intervals of batches whose draws differ, some 95 % hold the true chance; taken for independent, far fewer."""
    rng = np.random.default_rng(1)
    draws, held, plain = np.arange(240) // 4, 0, 0
    for _ in range(600):
        so = rng.random(240) < np.repeat(rng.beta(0.6, 1.4, 60), 4)
        found, alone = share_of(so, draws), probability(int(so.sum()), 240)
        held += found.low <= 0.3 <= found.high
        plain += alone.low <= 0.3 <= alone.high
    assert 0.925 <= held / 600 <= 0.975
    assert plain / 600 < 0.85


def test_a_date_falls_before_in_or_after_a_window_or_never():
    """Edges belong to the window; later than the horizon is never."""
    times = np.array([1.0, 4.0, 5.0, 6.0, 7.0, 10.0, 11.0, math.inf])
    assert classified(times, (4, 6), 10) == {"before": 1, "in": 3, "after": 2, "never": 2}


@pytest.mark.parametrize(
    ("window", "classes"),
    [
        ((2, 5), ("before", "in", "after", "never")),
        ((0, 5), ("in", "after", "never")),
        ((2, 10), ("before", "in", "never")),
        ((-3, 12), ("in", "never")),
    ],
)
def test_impossible_classes_are_dropped(window, classes):
    """Nothing comes before a window that opens at the start, nothing known after one that reaches the horizon."""
    assert possible(window, 10) == classes


def test_printed_claims_are_compared_by_whole_days():
    """A window of hours is opened to its local days."""
    assert to_whole_days((30 * HOUR, 31 * HOUR), 0) == (DAY, 2 * DAY)
    assert to_whole_days((30 * HOUR, 31 * HOUR), 6 * HOUR) == (18 * HOUR, 42 * HOUR)


def test_a_moment_becomes_a_day():
    """A window without length becomes one day."""
    assert to_whole_days((DAY, DAY), 0) == (DAY, 2 * DAY)
