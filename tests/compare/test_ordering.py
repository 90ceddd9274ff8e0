"""Which event came first."""

from __future__ import annotations

import numpy as np
import pytest

from sim.compare.ordering import order
from tests.compare.test_skill import HORIZON, question


def ordered(dates: list[np.ndarray], windows: list[tuple[float, float]]):
    return order([question(one, *window) for one, window in zip(dates, windows, strict=True)], HORIZON)


def test_the_share_is_of_campaigns_in_which_any_of_the_two_happened():
    """Of four campaigns the first comes first in two, second in one; in one neither happens."""
    found = ordered([np.array([1.0, 2, 9, 99]), np.array([5.0, 99, 3, 99])], [(1, 2), (4, 5)])
    assert found is not None
    (pair,) = found.pairs
    assert (pair.before.k, pair.before.n) == (2, 3)


def test_windows_that_touch_have_no_order():
    """Reports that do not say which came first are not asked."""
    assert ordered([np.array([1.0]), np.array([2.0])], [(1, 3), (2, 4)]) is None


def test_a_model_with_the_reported_order_has_tau_1():
    """Every pair in the reported order in every campaign; shuffled dates are about 0."""
    rng = np.random.default_rng(1)
    dates = [day + rng.random(200) * 0.5 for day in range(1, 9)]
    found = ordered(dates, [(day, day + 0.9) for day in range(1, 9)])
    assert found is not None
    assert found.tau == 1
    assert found.shuffled[0] < 0 < found.shuffled[2] < 1
    assert "knows more" in found.verdict


def test_a_model_with_the_order_turned_round_has_tau_minus_1():
    """Every pair the other way round."""
    dates = [np.full(50, 10.0 - day) for day in range(1, 9)]
    found = ordered(dates, [(day, day + 0.9) for day in range(1, 9)])
    assert found is not None
    assert found.tau == -1
    assert "more wrong" in found.verdict


def test_dates_that_are_all_alike_know_no_order():
    """Where all events have the same law of dates tau cannot be told from shuffled dates."""
    rng = np.random.default_rng(2)
    found = ordered([rng.uniform(0, 19, 400) for _ in range(8)], [(day, day + 0.9) for day in range(1, 9)])
    assert found is not None
    assert found.tau == pytest.approx(0, abs=0.15)
    assert found.low < found.tau < found.high


def test_a_date_after_the_horizon_has_not_happened():
    """Never, and later than the horizon, are the same: neither comes before the other."""
    found = ordered([np.array([5.0]), np.array([99.0])], [(1, 2), (4, 5)])
    assert found is not None
    assert (found.pairs[0].before.k, found.pairs[0].before.n) == (1, 1)
