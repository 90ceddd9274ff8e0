"""Forecasts that know nothing."""

from __future__ import annotations

import math

import pytest

from sim.compare.nulls import Case, base_rates, still_losses, uniform_losses
from sim.domain.terms import DAY

HORIZON = 20 * DAY
ALL = ("before", "in", "after", "never")


def case(first: float, last: float, classes: tuple[str, ...] = ALL, reported: str = "in") -> Case:
    return Case(False, (first * DAY, last * DAY), classes, reported)


def test_the_base_rate_leaves_the_event_out():
    """Of three others two happened: 2.5 of 4."""
    assert base_rates([True, True, False, True])[3] == pytest.approx(2.5 / 4)
    assert base_rates([True, True, False, True])[2] == pytest.approx(3.5 / 4)


def test_uniform_dates_share_out_the_base_rate():
    """A window of two of twenty days gets a tenth of the base rate."""
    log, _ = uniform_losses(case(5, 7), 0.8, HORIZON)
    assert log == pytest.approx(-math.log(0.08))
    log, _ = uniform_losses(case(5, 7, reported="never"), 0.8, HORIZON)
    assert log == pytest.approx(-math.log(0.2))


def test_a_yes_or_no_gets_the_base_rate():
    """For a state the uniform null says the base rate."""
    assert uniform_losses(Case(True, (0, DAY), ("in", "never"), "in"), 0.8, HORIZON) == (-math.log(0.8), None)


def test_a_certain_uniform_date_has_the_crps_of_a_uniform_law():
    """Against a point at the start the CRPS of a uniform law on 20 days is 20/3."""
    _, crps = uniform_losses(case(0, 0), 1 - 1e-12, HORIZON)
    assert crps == pytest.approx(20 / 3, rel=1e-3)


def test_the_front_never_moves():
    """Persistence says never, as one forecast: p(in) = 0.5 / 3 of four classes."""
    log, crps = still_losses(case(5, 7), math.inf, HORIZON)
    assert log == pytest.approx(-math.log(0.5 / 3))
    assert crps == pytest.approx(13)


def test_what_is_so_stays_so():
    """A state that is so at the start stays so: p(yes) = 1.5 / 2."""
    log, crps = still_losses(Case(True, (DAY, DAY), ("in", "never"), "in"), 0.0, HORIZON)
    assert log == pytest.approx(-math.log(0.75))
    assert crps is None
