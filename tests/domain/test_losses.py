"""Losses of forces of any size: the quantile of a law whose first term is too small for a float."""

from __future__ import annotations

import pytest

from sim.domain.attrition import losses


@pytest.mark.parametrize(
    ("exposed", "mean", "spread"),
    [(3_000, 1_000.0, 1.0), (10_000, 800.0, 1.0), (6_000, 3_000.0, 5.0), (100_000, 30_000.0, 3.0), (1_600, 704.0, 1.0)],
)
def test_thousands_lose_what_is_expected_and_not_everybody(exposed: int, mean: float, spread: float) -> None:
    """The median is the mean, and the tails lie as far out as the law's standard deviation says."""
    deviation = (mean * (1 - mean / exposed) * spread) ** 0.5
    assert losses(0.5, exposed, mean, spread) == pytest.approx(mean, abs=0.1 * deviation + 1)
    assert losses(0.99, exposed, mean, spread) == pytest.approx(mean + 2.33 * deviation, abs=0.1 * deviation + 2)
    assert losses(0.01, exposed, mean, spread) == pytest.approx(mean - 2.33 * deviation, abs=0.1 * deviation + 2)
