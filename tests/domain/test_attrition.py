"""Fighting: a bout is solved exactly, and who is put out of action is drawn around that with a stated spread."""

from __future__ import annotations

import math

import pytest

from sim.domain.attrition import losses, solve_bout


def in_small_steps(
    a: float, d: float, frontage_a: float, frontage_d: float, rate_a: float, rate_d: float, hours: float
) -> tuple[float, float]:
    """Follow both lines through a bout in small steps (midpoint rule)."""
    steps = 20_000
    step = hours / steps
    for _ in range(steps):
        middle_a = a - rate_a * min(d, frontage_d) * step / 2
        middle_d = d - rate_d * min(a, frontage_a) * step / 2
        if middle_a <= 0 or middle_d <= 0:
            break
        a -= rate_a * min(middle_d, frontage_d) * step
        d -= rate_d * min(middle_a, frontage_a) * step
    return a, d


@pytest.mark.parametrize(
    ("attackers", "defenders", "frontage_attack", "frontage_defence"),
    [
        (500, 300, 1_000, 1_000),  # nobody is capped
        (900, 120, 150, 400),  # attackers wait behind their front
        (200, 800, 400, 150),  # defenders do
        (900, 700, 150, 200),  # both do
        (210, 160, 200, 150),  # both caps stop binding on the way
        (205, 900, 200, 180),  # the attackers' cap does
    ],
)
@pytest.mark.parametrize(("rate_a", "rate_d"), [(0.05, 0.02), (0.02, 0.05), (0.03, 0.0), (0.0, 0.03)])
def test_a_bout_is_solved_exactly(
    attackers: float, defenders: float, frontage_attack: float, frontage_defence: float, rate_a: float, rate_d: float
) -> None:
    """Piece by piece in closed form gives what small steps give, whichever caps bind."""
    exact = solve_bout(
        attackers,
        defenders,
        frontage_attack=frontage_attack,
        frontage_defence=frontage_defence,
        attackers_lost_rate=rate_a,
        defenders_lost_rate=rate_d,
        hours=6.0,
    )
    stepped = in_small_steps(attackers, defenders, frontage_attack, frontage_defence, rate_a, rate_d, 6.0)
    assert exact == pytest.approx(stepped, abs=0.02)


def test_a_line_that_is_wiped_out_ends_the_bout() -> None:
    """Nobody is lost any more once the other line is gone; by the square law sqrt(a^2 - d^2) are left."""
    left = solve_bout(
        100.0,
        60.0,
        frontage_attack=1_000,
        frontage_defence=1_000,
        attackers_lost_rate=0.5,
        defenders_lost_rate=0.5,
        hours=100.0,
    )
    assert left == pytest.approx((80.0, 0.0), abs=1e-6)


def test_both_capped_the_losses_are_linear_in_time() -> None:
    """With everybody at the front on both sides, twice the hours are twice the losses."""
    both = {
        "frontage_attack": 100.0,
        "frontage_defence": 80.0,
        "attackers_lost_rate": 0.01,
        "defenders_lost_rate": 0.02,
    }
    once = solve_bout(1_000, 1_000, hours=3.0, **both)
    twice = solve_bout(1_000, 1_000, hours=6.0, **both)
    assert [1_000 - left for left in twice] == pytest.approx([2 * (1_000 - left) for left in once])


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
