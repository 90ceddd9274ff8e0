"""Forecasts by sums agree with the scores by their formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compare.blocks import BLOCKS
from sim.compare.forecasts import Cases, Forecast
from sim.compare.scores import brier_score, interval_crps, log_score, smoothed
from sim.compare.windows import classified, possible
from sim.domain.terms import DAY

HORIZON = 20 * DAY

DATES = st.lists(st.floats(0, 40 * DAY) | st.just(float("inf")) | st.integers(0, 25).map(lambda day: day * DAY * 1.0),
                 min_size=1, max_size=30)  # fmt: skip


@given(DATES, st.integers(0, 19 * DAY), st.integers(0, 10 * DAY))
def test_a_forecast_of_dates_loses_what_the_formulas_say(dates, low, width):
    """Log, Brier and interval-censored CRPS of a window by sums are those of the plain formulas."""
    window = (low, min(low + width, HORIZON))
    case = Cases(False, np.array([float(window[0])]), np.array([float(window[1])]), np.ones(1, dtype=bool))
    losses = Forecast(np.array(dates), HORIZON).losses(case)
    classes = possible(window, HORIZON)
    found = classified(np.array(dates), window, HORIZON)
    p = smoothed([found[name] for name in classes]).tolist()
    assert losses.log[0] == pytest.approx(log_score(p, classes.index("in")))
    assert losses.brier[0] == pytest.approx(brier_score(p, classes.index("in")))
    assert losses.crps[0] == pytest.approx(interval_crps(dates, window, horizon_s=HORIZON), abs=1e-9)


@given(DATES)
def test_what_never_happened_is_as_late_as_the_horizon(dates):
    """A history without the event has the horizon as its window, and two classes: before it, and never."""
    case = Cases(False, np.array([float(HORIZON)]), np.array([float(HORIZON)]), np.zeros(1, dtype=bool))
    losses = Forecast(np.array(dates), HORIZON).losses(case)
    before = sum(date < HORIZON for date in dates)
    p = smoothed([before, len(dates) - before]).tolist()
    assert losses.log[0] == pytest.approx(log_score(p, 1))
    assert losses.brier[0] == pytest.approx(brier_score(p, 1))
    assert losses.crps[0] == pytest.approx(interval_crps(dates, (HORIZON, HORIZON), horizon_s=HORIZON), abs=1e-9)


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.booleans())
def test_a_yes_or_no_has_two_classes(so, happened):
    """A state is so in k of M replications: (k + 1/2) / (M + 1), and it has no date to miss."""
    times = np.where(np.array(so), 0.0, np.inf)
    losses = Forecast(times, HORIZON).losses(Cases(True, np.zeros(1), np.zeros(1), np.array([happened])))
    p = smoothed([sum(so), len(so) - sum(so)]).tolist()
    assert losses.log[0] == pytest.approx(log_score(p, 0 if happened else 1))
    assert losses.brier[0] == pytest.approx(brier_score(p, 0 if happened else 1))
    assert np.isnan(losses.crps[0])


@given(st.integers(3, 40), st.integers(0, 5), st.booleans(), st.data())
def test_to_leave_blocks_out_is_to_forecast_without_them(size, seed, dated, data):
    """The losses without a block of replications are those of a forecast that never had them."""
    rng = np.random.default_rng(seed)
    times = np.sort(np.where(rng.random(size) < 0.8, rng.uniform(0, 25 * DAY, size), np.inf))
    block = np.array(data.draw(st.lists(st.integers(0, BLOCKS - 1), min_size=size, max_size=size)), dtype=np.uint8)
    block[:2] = 0, 1  # something is left without any block
    low, high = 4.0 * DAY, 9.0 * DAY
    case = Cases(not dated, np.array([low]), np.array([high]), np.ones(1, dtype=bool))
    found = Forecast(times, HORIZON).without(block, case)
    for number in range(BLOCKS):
        expected = Forecast(times[block != number], HORIZON).losses(case)
        for name in ("log", "brier", "crps"):
            got, wanted = getattr(found, name)[number], getattr(expected, name)[0]
            assert got == pytest.approx(wanted, abs=1e-9, nan_ok=True)
