"""Scores, by worked numbers and by another library."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scoringrules
import xarray
from hypothesis import given
from hypothesis import strategies as st
from scores.probability import crps_for_ensemble, tw_crps_for_ensemble

from sim.compare.scores import (
    brier_score,
    collapsed,
    count_crps,
    ensemble_crps,
    interval_crps,
    log_score,
    smoothed,
)
from sim.domain.terms import DAY

NUMBERS = st.floats(-1e4, 1e4, allow_nan=False)


def test_no_class_that_can_occur_has_probability_0():
    """Counts (3, 0, 1) of four replications become (3.5, 0.5, 1.5) / 5.5."""
    assert smoothed([3, 0, 1]).tolist() == pytest.approx([3.5 / 5.5, 0.5 / 5.5, 1.5 / 5.5])


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=4))
def test_smoothed_probabilities_add_up_to_1(counts):
    """Whatever the counts, the probabilities add up to 1 and none is 0."""
    p = smoothed(counts)
    assert p.sum() == pytest.approx(1)
    assert p.min() > 0


def test_the_log_score_is_minus_the_logarithm_of_the_reported_class():
    """A reported class of probability 1/4 costs ln 4."""
    assert log_score([0.25, 0.75], 0) == pytest.approx(math.log(4))


def test_the_brier_score_adds_the_squares():
    """(0.2, 0.5, 0.3) with the second reported: 0.04 + 0.25 + 0.09."""
    assert brier_score([0.2, 0.5, 0.3], 1) == pytest.approx(0.38)


@given(st.floats(0.01, 0.99), st.integers(0, 1))
def test_brier_of_two_classes_agrees_with_scoringrules(p, reported):
    """Over two classes the score is twice the one of a yes/no forecast."""
    assert brier_score([1 - p, p], reported) == pytest.approx(2 * float(scoringrules.brier_score(reported, p)))


@given(st.lists(NUMBERS, min_size=1, max_size=30), NUMBERS)
def test_the_ensemble_crps_agrees_with_scoringrules(members, reported):
    """The CRPS of an ensemble is that of scoringrules."""
    expected = float(scoringrules.crps_ensemble(reported, np.array(members)))
    assert ensemble_crps(members, reported) == pytest.approx(expected, abs=1e-6)


def test_moments_inside_a_window_are_all_the_same():
    """Between 3 and 5 everything is 3; later moments move up by the window's length."""
    assert collapsed([1, 3, 4, 5, 7], 3, 5).tolist() == [1, 3, 3, 3, 5]


def test_an_open_window_has_no_far_side():
    """Above an open bound everything is the bound."""
    assert collapsed([1, 6, 600], 6, math.inf).tolist() == [1, 6, 6]


def test_a_certain_date_is_as_wrong_as_its_distance_from_the_window():
    """Two days before the window costs two days, three days after it costs three, inside costs nothing."""
    window = (4 * DAY, 6 * DAY)
    costs = [interval_crps([day * DAY], window, horizon_s=20 * DAY) for day in (2, 5, 9)]
    assert costs == pytest.approx([2, 0, 3])


def test_never_counts_as_the_horizon():
    """What never happens, or only after the horizon, is as late as the horizon."""
    window, horizon_s = (4 * DAY, 6 * DAY), 20 * DAY
    never = interval_crps([math.inf], window, horizon_s=horizon_s)
    assert never == interval_crps([25 * DAY], window, horizon_s=horizon_s) == pytest.approx(14)


def test_a_window_may_reach_past_the_horizon():
    """The window is cut at the horizon, where never lies too."""
    assert interval_crps([math.inf], (10 * DAY, 30 * DAY), horizon_s=20 * DAY) == 0


@given(st.lists(st.floats(0, 40 * DAY), min_size=1, max_size=20), st.floats(0, 19 * DAY), st.floats(0, 10 * DAY))
def test_the_interval_crps_is_that_of_collapsed_dates(dates, low, width):
    """The score is the CRPS of v(T) against v(L), by scoringrules."""
    horizon, high = 20 * DAY, low + width
    v = [min(t, horizon) - np.clip(min(t, horizon) - low, 0, min(high, horizon) - low) for t in dates]
    expected = float(scoringrules.crps_ensemble(low, np.array(v))) / DAY
    assert interval_crps(dates, (low, high), horizon_s=horizon) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_the_interval_crps_is_a_threshold_weighted_crps(seed):
    """By the library scores: dates inside the window, and beyond the horizon, are chained to one value."""
    rng = np.random.default_rng(seed)
    horizon, low = 20.0, rng.uniform(0, 18)
    high = low + rng.uniform(0, 4)
    dates = np.where(rng.random(60) < 0.7, rng.uniform(0, 30, 60), 99.0)

    def chained(t: xarray.DataArray) -> xarray.DataArray:
        end = t.clip(max=horizon)
        return end - (end - low).clip(0, min(high, horizon) - low)

    expected = tw_crps_for_ensemble(
        xarray.DataArray(dates, dims="member"), xarray.DataArray(low), "member", chained, method="ecdf"
    )
    found = interval_crps(dates * DAY, (low * DAY, high * DAY), horizon_s=horizon * DAY)
    assert found == pytest.approx(float(expected), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_ensemble_crps_agrees_with_scores(seed):
    """The CRPS of an ensemble is that of the library scores, by its empirical distribution."""
    rng = np.random.default_rng(seed)
    members, reported = rng.normal(0, 3, 50), rng.normal(0, 3)
    expected = crps_for_ensemble(xarray.DataArray(members, dims="m"), xarray.DataArray(reported), "m", method="ecdf")
    assert ensemble_crps(members, reported) == pytest.approx(float(expected))


def test_counts_are_compared_on_a_logarithmic_scale():
    """A certain 9 against a claimed 99 costs log(100 / 10)."""
    assert count_crps([9], (99, 99)) == pytest.approx(math.log(10))


def test_at_least_six_is_met_by_any_larger_number():
    """An open claim costs nothing where it is met and log1p's distance where it is not."""
    assert count_crps([6, 60, 600], (6, math.inf)) == 0
    assert count_crps([2], (6, math.inf)) == pytest.approx(math.log(7 / 3))
