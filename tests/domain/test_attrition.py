"""Losses: who is put out of action is drawn around what a law expects, as whole people, with a stated spread."""

from __future__ import annotations

import math

import pytest

from sim.domain.attrition import losses


@pytest.mark.parametrize(
    ("exposed", "mean", "spread"), [(40, 6.0, 1.0), (300, 21.5, 1.0), (60, 9.0, 3.0), (400, 30.0, 8.0)]
)
def test_losses_have_the_stated_mean_and_variance(exposed: int, mean: float, spread: float) -> None:
    """Over all uniforms the mean is exact and the variance is the stated multiple of the binomial law's."""
    n = 40_000
    drawn = [losses((i + 0.5) / n, exposed, mean, spread) for i in range(n)]
    centre = math.fsum(drawn) / n
    assert centre == pytest.approx(mean, rel=1e-3)
    variance = math.fsum((count - centre) ** 2 for count in drawn) / n
    assert variance == pytest.approx(spread * mean * (1 - mean / exposed), rel=0.01)


@pytest.mark.parametrize("spread", [1.0, 4.0])
def test_losses_rise_with_the_uniform_and_never_exceed_those_exposed(spread: float) -> None:
    """The draw is a quantile: a larger uniform never means fewer losses."""
    drawn = [losses(i / 1_000, 25, 20.0, spread) for i in range(1_001)]
    assert drawn == sorted(drawn)
    assert drawn[0] >= 0
    assert drawn[-1] <= 25


@pytest.mark.parametrize(("exposed", "mean", "expected"), [(0, 3.0, 0), (10, 0.0, 0), (10, 10.0, 10), (10, 12.0, 10)])
def test_nobody_and_everybody_are_certain(exposed: int, mean: float, expected: int) -> None:
    """Where nobody is exposed or nothing expected nobody is lost; where all are expected, all are."""
    assert losses(0.5, exposed, mean, 2.0) == expected


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


@pytest.mark.parametrize("exposed", [2, 3, 50, 1_000])
def test_all_but_certain_losses_are_everybody(exposed: int) -> None:
    """A law that leaves less than a millionth of a fighter leaves nobody, whatever the spread, and never fails."""
    for left in (1e-7, 1e-12, exposed * 2.0**-52):
        for spread in (1.0, 5.0):
            assert losses(0.5, exposed, exposed - left, spread) == exposed
