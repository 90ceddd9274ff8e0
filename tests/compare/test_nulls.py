"""Forecasts that know nothing, or not which event is which."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compare.forecasts import Cases, Forecast, Uniform
from sim.compare.nulls import PERMUTED, PERSISTENCE, UNIFORM, base_rates, null_losses
from sim.compare.scores import interval_crps
from sim.domain.terms import DAY

HORIZON = 20.0 * DAY


def dated(first: float, last: float, *, happened: bool = True) -> Cases:
    """Return a case of one history, its window in days; what never happened has the horizon as its window."""
    low, high = (first * DAY, last * DAY) if happened else (HORIZON, HORIZON)
    return Cases(False, np.array([low]), np.array([high]), np.array([happened]))


def yes_no(*, so: bool = True) -> Cases:
    return Cases(True, np.zeros(1), np.zeros(1), np.array([so]))


def test_the_base_rate_leaves_the_event_out():
    """Of three others two happened: 2.5 of 4; of three others all happened: 3.5 of 4."""
    rates = base_rates(np.array([[True, True, False, True]]))[0]
    assert rates[3] == pytest.approx(2.5 / 4)
    assert rates[2] == pytest.approx(3.5 / 4)


def test_uniform_dates_share_out_the_base_rate():
    """A window of two of twenty days gets a tenth of the base rate; never gets what is left."""
    null = Uniform(np.array([0.8]), HORIZON)
    assert null.losses(dated(5, 7)).log[0] == pytest.approx(-math.log(0.08))
    assert null.losses(dated(5, 7, happened=False)).log[0] == pytest.approx(-math.log(0.2))


def test_a_yes_or_no_gets_the_base_rate():
    """For a state the uniform null says the base rate, and has no date to miss."""
    losses = Uniform(np.array([0.8]), HORIZON).losses(yes_no())
    assert losses.log[0] == pytest.approx(-math.log(0.8))
    assert losses.brier[0] == pytest.approx(2 * 0.2**2)
    assert np.isnan(losses.crps[0])


@given(st.floats(0.05, 0.95), st.floats(0, 18), st.floats(0, 2))
def test_the_crps_of_uniform_dates_is_that_of_very_many_of_them(rate, first, width):
    """The closed form of the integral agrees with an ensemble of 20,000 dates spread evenly."""
    u = (np.arange(20_000) + 0.5) / 20_000
    dates = np.where(u < rate, u / rate * HORIZON, np.inf)
    expected = interval_crps(dates, (first * DAY, (first + width) * DAY), horizon_s=HORIZON)
    assert Uniform(np.array([rate]), HORIZON).losses(dated(first, first + width)).crps[0] == pytest.approx(
        expected, abs=2e-3
    )


def test_the_front_never_moves():
    """Persistence says never, as one forecast: p(in) = 0.5 / 3 of four classes, 13 days from the window."""
    losses = Forecast(np.array([np.inf]), HORIZON).losses(dated(5, 7))
    assert losses.log[0] == pytest.approx(-math.log(0.5 / 3))
    assert losses.crps[0] == pytest.approx(13)


def test_what_is_so_stays_so():
    """A state that is so at the start stays so: p(yes) = 1.5 / 2."""
    losses = Forecast(np.array([0.0]), HORIZON).losses(yes_no())
    assert losses.log[0] == pytest.approx(-math.log(0.75))


def test_shuffled_dates_lose_the_mean_of_all_ways_to_shuffle():
    """Of two events each gets its own dates in one of two shuffles, and the other's in the other."""
    cases = [dated(2, 4), dated(10, 12)]
    forecasts = [Forecast(np.full(50, day * DAY), HORIZON) for day in (3.0, 11.0)]
    found = null_losses(cases, forecasts, [np.inf, np.inf], HORIZON)
    assert set(found) == {UNIFORM, PERSISTENCE, PERMUTED}
    each = [forecast.losses(case).log[0] for case in cases for forecast in forecasts]
    assert found[PERMUTED].log[0].tolist() == pytest.approx([np.mean(each[:2]), np.mean(each[2:])])


def test_dates_are_never_shuffled_into_states():
    """A yes/no keeps to the forecasts of yes/no events: a date says nothing about a state."""
    cases = [dated(2, 4), yes_no()]
    forecasts = [Forecast(np.full(50, 3.0 * DAY), HORIZON), Forecast(np.zeros(50), HORIZON)]
    found = null_losses(cases, forecasts, [np.inf, np.inf], HORIZON)[PERMUTED]
    assert found.log[0, 1] == forecasts[1].losses(cases[1]).log[0]
