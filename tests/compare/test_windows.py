"""Windows, classes, and how sure a Monte Carlo can be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from sim.compare.windows import classified, possible, probability, to_whole_days
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
