"""Luck and assumptions told apart, on numbers worked by hand and on populations whose parts are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.projections.spread import spread, variance_of_mean, without_luck


def population(seed: int, draws: int, per_draw: int, assumptions: float, luck: float) -> tuple[np.ndarray, np.ndarray]:
    """Return an outcome with these two variances, and the draw of each replication."""
    rng = np.random.default_rng(seed)
    levels = np.repeat(rng.normal(50, np.sqrt(assumptions), draws), per_draw)
    return levels + rng.normal(0, np.sqrt(luck), draws * per_draw), np.arange(draws * per_draw) // per_draw


def test_the_parts_of_a_variance_are_those_worked_by_hand():
    """Three draws with means 2, 5, 3: MSA is 7 and MSE 1, so luck is 1, the assumptions (7 - 1) / 3 = 2."""
    found = spread([1, 2, 3, 4, 5, 6, 2, 3, 4], [0, 0, 0, 1, 1, 1, 2, 2, 2])
    assert (found.n, found.draws, found.told_apart) == (9, 3, True)
    assert found.luck == pytest.approx(1)
    assert found.assumptions == pytest.approx(2)
    assert found.share == pytest.approx(2 / 3)


def test_draws_of_different_sizes_weigh_as_they_should():
    """Draws of 1, 2 and 3 replications: MSA 9.75, MSE 10/3, n0 11/6, so the assumptions are 3.5."""
    found = spread([5, 1, 3, 4, 6, 8], [7, 8, 8, 9, 9, 9])
    assert found.luck == pytest.approx(10 / 3)
    assert found.assumptions == pytest.approx(3.5)


def test_both_parts_are_estimated_without_bias():
    """Over many batches of a known population, luck and assumptions come out as they are."""
    found = [spread(*population(seed, 60, 4, 9.0, 16.0)) for seed in range(200)]
    assert np.mean([one.luck for one in found]) == pytest.approx(16, rel=0.02)
    assert np.mean([one.assumptions for one in found]) == pytest.approx(9, rel=0.06)


def test_the_interval_of_the_share_holds_the_true_one():
    """Of 200 batches some 95 % have the true share of the assumptions in their interval."""
    found = [spread(*population(seed, 100, 4, 1.0, 3.0)) for seed in range(200)]
    covered = [one.share_low <= 0.25 <= one.share_high for one in found]
    assert 0.90 <= np.mean(covered) <= 0.99


def test_a_chance_that_differs_between_draws_is_no_luck():
    """For an event with chances 0.2 and 0.8 by draw, luck is the mean of p(1 - p), assumptions the variance of p."""
    rng = np.random.default_rng(1)
    chances = np.repeat(np.tile([0.2, 0.8], 4000), 4)
    found = spread(rng.random(len(chances)) < chances, np.arange(len(chances)) // 4)
    assert found.luck == pytest.approx(0.16, rel=0.03)
    assert found.assumptions == pytest.approx(0.09, rel=0.05)
    assert found.by_draw is not None
    low, _, high = found.by_draw
    assert found.total[0] <= low < 0.2 < 0.8 < high <= found.total[2]


def test_pure_luck_leaves_nothing_to_the_assumptions():
    """Where draws do not matter their part is floored at 0 or small, and its interval reaches 0."""
    found = spread(*population(3, 250, 4, 0.0, 5.0))
    assert found.share is not None
    assert found.share < 0.05
    assert found.share_low == 0


def test_one_replication_per_draw_tells_nothing_apart():
    """Luck and assumptions are unknown, the quantiles of the whole are not."""
    found = spread(np.arange(11.0), np.arange(11))
    assert not found.told_apart
    assert (found.luck, found.assumptions, found.share, found.by_draw) == (None, None, None, None)
    assert found.total == pytest.approx((0.5, 5.0, 9.5))
    assert without_luck(np.arange(11.0), np.arange(11)) is None


def test_what_never_varies_has_no_share():
    """An outcome that is always the same has no variance to divide."""
    found = spread(np.ones(8), np.arange(8) // 4)
    assert (found.luck, found.assumptions, found.share) == (0, 0, None)


def test_of_nothing_there_is_no_spread():
    """Without replications a spread is refused."""
    with pytest.raises(ValueError, match="no replication"):
        spread([], [])


def test_levels_without_luck_spread_as_the_assumptions_do():
    """The variance of the drawn-in means is that of the assumptions, less than that of the plain means."""
    values, draws = population(5, 400, 4, 9.0, 36.0)
    levels = without_luck(values, draws)
    assert levels is not None
    plain = np.bincount(draws, values) / 4
    assert levels.var(ddof=1) == pytest.approx(spread(values, draws).assumptions)
    assert plain.var(ddof=1) > 1.5 * levels.var(ddof=1)
    assert levels.mean() == pytest.approx(values.mean())


@given(st.integers(0, 2**32 - 1), st.floats(-1e9, 1e9), st.floats(0.001, 1000))
def test_units_do_not_matter(seed, shift, scale):
    """Shifting and stretching an outcome stretches the parts of its variance and leaves the share as it is."""
    values, draws = population(seed, 12, 3, 4.0, 9.0)
    plain, changed = spread(values, draws), spread(shift + scale * values, draws)
    tolerance = 1e-6 + 1e-8 * abs(shift) / scale
    assert changed.luck == pytest.approx(scale**2 * plain.luck, rel=tolerance)
    assert changed.share == pytest.approx(plain.share, abs=tolerance)


def test_very_many_draws_are_resampled_in_blocks():
    """With more draws than are resampled one by one the interval is still about the true share."""
    found = spread(*population(2, 5000, 2, 1.0, 1.0))
    assert found.share_low < 0.5 < found.share_high
    assert found.share_high - found.share_low < 0.08


def test_the_variance_of_a_mean_is_that_of_its_draws():
    """With a draw each it is the sample variance over n; with equal replications of each draw, that of the draws."""
    values = np.random.default_rng(1).normal(0, 2, 50)
    alone = values.var(ddof=1) / 50
    assert variance_of_mean(values, np.arange(50)) == pytest.approx(alone)
    assert variance_of_mean(np.repeat(values, 4), np.arange(200) // 4) == pytest.approx(alone)
    assert variance_of_mean(values, np.zeros(50)) == np.inf
