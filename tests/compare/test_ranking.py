"""The rank test: the only p-value, and how often it cries wolf."""

from __future__ import annotations

import numpy as np
import pytest

from sim.compare.ranking import LEVEL, RankTest, rank_test
from sim.compare.skill import played
from tests.compare.test_skill import HORIZON, question


def examined(seed: int, shift_days: float = 0.0, draws: int = 400) -> RankTest:
    """Return the test of a history that is a replication of the model, with its dates shifted."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 1.5, draws + 1)  # events of one history hang together
    dates = [day + common + rng.normal(0, 1.0, draws + 1) for day in range(4, 11)]
    asked = [question(one[:-1], one[-1] + shift_days - 0.5, one[-1] + shift_days + 0.5) for one in dates]
    plays = played(asked, [np.inf] * len(asked), HORIZON)
    assert plays is not None
    return rank_test("facts", plays)


def test_a_history_like_the_model_s_is_plausible():
    """Of histories that are replications at most one in twenty is called implausible: 100 of them, at most 11."""
    rejected = sum(examined(seed).p <= LEVEL for seed in range(100))
    assert rejected <= 11  # 5 expected at the most, 3 standard errors are 6.5


def test_the_size_is_measured_and_not_above_the_level():
    """Every play is tested against the others, so the size is known for the model at hand."""
    found = examined(1)
    assert found.size.n == found.plays == 200
    assert found.size.p <= LEVEL


def test_a_history_far_from_the_model_s_is_not_plausible():
    """Everything eight days later than the model says is found out, by the log score and by the mean day."""
    found = examined(1, shift_days=8.0)
    assert found.p <= LEVEL
    assert "no plausible draw" in found.verdict
    assert {one.name: one.p <= LEVEL for one in found.statistics}["mean day of the dated events"]


def test_three_statistics_cost_a_factor_of_three():
    """The p-value of all together is three times the smallest, at most 1."""
    found = examined(2)
    assert found.p == pytest.approx(min(1.0, 3 * min(one.p for one in found.statistics)))


def test_few_draws_cannot_call_a_history_implausible():
    """With 40 plays the smallest p-value of all together is 6 / 41: that is said, not hidden."""
    found = examined(1, shift_days=8.0, draws=80)
    assert found.smallest == pytest.approx(6 / 41)
    assert "too few draws" in found.verdict


def test_too_few_draws_have_no_plays():
    """Where no draw can be held out nothing plays history."""
    asked = [question(np.full(20, 5.0), 4, 6)]
    assert played(asked, [np.inf], HORIZON) is None
