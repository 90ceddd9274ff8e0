"""Laws of attrition: each is solved exactly, and in the first instant of a line all say the same."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.laws import LAWS, guerrilla, linear, mixed
from sim.scenario.choosing import options_of
from sim.scenario.mechanisms import Combat
from tests.reference.bouts import Ground, in_small_steps

NAMES = sorted(LAWS)


def ground(
    starts: tuple[float, float],
    fronts: tuple[float, float] = (1e9, 1e9),
    rates: tuple[float, float] = (0.02, 0.02),
) -> Ground:
    """Return a ground; in each pair that of the attackers stands first."""
    return {
        "attack_start": starts[0],
        "defence_start": starts[1],
        "frontage_attack": fronts[0],
        "frontage_defence": fronts[1],
        "attackers_lost_rate": rates[0],
        "defenders_lost_rate": rates[1],
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("lines", "starts", "fronts"),
    [
        ((500, 300), (500, 300), (1_000, 1_000)),  # nobody is capped
        ((900, 120), (900, 150), (150, 400)),  # attackers wait behind their front
        ((200, 800), (350, 800), (400, 150)),  # defenders do
        ((900, 700), (900, 900), (150, 200)),  # both do
        ((210, 160), (260, 160), (200, 150)),  # both caps stop binding on the way
        ((205, 900), (205, 1_200), (200, 180)),  # the attackers' cap does
    ],
)
@pytest.mark.parametrize("rates", [(0.05, 0.02), (0.02, 0.05), (0.3, 0.2), (0.03, 0.0), (0.0, 0.03)])
def test_a_bout_is_solved_exactly(
    name: str,
    lines: tuple[float, float],
    starts: tuple[float, float],
    fronts: tuple[float, float],
    rates: tuple[float, float],
) -> None:
    """The closed solution gives what small steps give, for fresh lines and for used ones, whichever caps bind."""
    on = ground(starts, fronts, rates)
    exact = LAWS[name](*lines, hours=6.0, **on)
    assert exact == pytest.approx(in_small_steps(name, *lines, on, 6.0), abs=0.1)
    if min(exact) > 1:  # nobody was wiped out between two steps
        assert exact == pytest.approx(in_small_steps(name, *lines, on, 6.0), abs=0.003)


SIZES = st.floats(1, 1e5)
RATES = st.floats(0, 50)


@given(st.sampled_from(NAMES), SIZES, SIZES, st.floats(0.01, 1), st.floats(0.01, 1), SIZES, SIZES, RATES, RATES)
def test_lines_only_shrink_and_a_bout_may_be_cut_in_two(
    name: str,
    start_a: float,
    start_d: float,
    of_a: float,
    of_d: float,
    fa: float,
    fd: float,
    rate_a: float,
    rate_d: float,
) -> None:
    """Nobody joins a line and nobody is lost twice; two bouts of three hours are one of six."""
    on = ground((start_a, start_d), (fa, fd), (rate_a, rate_d))
    a, d = start_a * of_a, start_d * of_d
    half = LAWS[name](a, d, hours=3.0, **on)
    whole = LAWS[name](a, d, hours=6.0, **on)
    slack = 1e-6 * (start_a + start_d)
    assert 0 <= whole[0] <= half[0] + slack <= a + 2 * slack
    assert 0 <= whole[1] <= half[1] + slack <= d + 2 * slack
    if min(half) > slack:
        assert LAWS[name](*half, hours=3.0, **on) == pytest.approx(whole, rel=1e-5, abs=slack)


@given(SIZES, SIZES, SIZES, SIZES, st.floats(1e-4, 0.1), st.floats(1e-4, 0.1))
def test_in_the_first_instant_all_laws_cost_the_same(
    a: float, d: float, fa: float, fd: float, rate_a: float, rate_d: float
) -> None:
    """Fresh lines lose A and B per engaged enemy, whatever the law, so that one k serves them all."""
    on = ground((a, d), (fa, fd), (rate_a, rate_d))
    instant = 1e-3 / (rate_a * min(d, fd) / a + rate_d * min(a, fa) / d)
    costs = [law(a, d, hours=instant, **on) for law in LAWS.values()]
    lost = [(a - left_a, d - left_d) for left_a, left_d in costs]
    for one in lost:
        assert one[0] == pytest.approx(rate_a * min(d, fd) * instant, rel=2e-3, abs=1e-9 * a)
        assert one[1] == pytest.approx(rate_d * min(a, fa) * instant, rel=2e-3, abs=1e-9 * d)


@pytest.mark.parametrize("name", NAMES)
def test_a_line_that_is_gone_neither_fires_nor_suffers(name: str) -> None:
    """Where one line is empty the other stays as it is."""
    on = ground((100, 60))
    assert LAWS[name](0, 60, hours=5.0, **on) == (0, 60)
    assert LAWS[name](100, 0, hours=5.0, **on) == (100, 0)


def test_the_scenario_offers_the_laws_there_are() -> None:
    """Every name that combat.law may have is a law, and every law has a name there."""
    assert sorted(options_of(Combat.model_fields["law"])) == NAMES


# --- what each law is known for -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mixed", "square"])
def test_by_the_square_law_the_root_of_the_difference_of_squares_is_left(name: str) -> None:
    """Of 100 against 60 as good, 80 are left when the 60 are gone, and nobody is lost any more (Lanchester 1916)."""
    assert LAWS[name](100.0, 60.0, hours=500.0, **ground((100, 60))) == pytest.approx((80.0, 0.0), abs=1e-6)


@pytest.mark.parametrize("name", ["mixed", "square"])
def test_by_the_square_law_equals_fade_away_together(name: str) -> None:
    """Two lines as good as each other shrink by the same share an hour for ever, however fierce the fire."""
    assert LAWS[name](100.0, 100.0, hours=10.0, **ground((100, 100))) == pytest.approx((81.873, 81.873), abs=1e-3)
    assert LAWS[name](100.0, 100.0, hours=1e6, **ground((100, 100))) == (0.0, 0.0)


@pytest.mark.parametrize("m", [1.0, 4.0, 9.0])
@pytest.mark.parametrize(("break_a", "break_d"), [(0.2, 0.2), (0.1, 0.3)])
def test_uncapped_the_odds_at_break_even_are_the_root_of_m(m: float, break_a: float, break_d: float) -> None:
    """Lines break together at odds sqrt(m f_d(2 - f_d) / (f_a(2 - f_a))): three to one for m = 9 at equal points."""
    odds = math.sqrt(m * break_d * (2 - break_d) / (break_a * (2 - break_a)))
    starts = (300 * odds, 300.0)
    on = ground(starts, rates=(0.01 * math.sqrt(m), 0.01 / math.sqrt(m)))
    broke = [first_broken(name, starts, on, break_a, break_d) for name in ("mixed", "square")]
    assert broke == [pytest.approx((1 - break_a, 1 - break_d), abs=2e-3)] * 2


def first_broken(
    name: str, starts: tuple[float, float], on: Ground, break_a: float, break_d: float
) -> tuple[float, float]:
    """Return the share left of each line at the moment at which one has lost its break point."""
    short, long = 0.0, 10_000.0
    for _ in range(80):
        middle = (short + long) / 2
        a, d = LAWS[name](*starts, hours=middle, **on)
        broken = a <= (1 - break_a) * starts[0] or d <= (1 - break_d) * starts[1]
        short, long = (short, middle) if broken else (middle, long)
    a, d = LAWS[name](*starts, hours=long, **on)
    return a / starts[0], d / starts[1]


def test_both_capped_the_losses_are_linear_in_time() -> None:
    """With everybody at the front on both sides, twice the hours are twice the losses."""
    on = ground((1_000, 1_000), (100, 80), (0.01, 0.02))
    once, twice = (mixed(1_000, 1_000, hours=hours, **on) for hours in (3.0, 6.0))
    assert [1_000 - left for left in twice] == pytest.approx([2 * (1_000 - left) for left in once])


def test_both_capped_the_odds_at_break_even_are_m_and_the_fronts() -> None:
    """Lines that stay capped break together at m (f_d / f_a)(F_d / F_a)."""
    m, break_a, break_d, fronts = 4.0, 0.1, 0.2, (150.0, 100.0)
    starts = (m * (break_d / break_a) * (fronts[1] / fronts[0]) * 200, 200.0)
    on = ground(starts, fronts, (0.01 * math.sqrt(m), 0.01 / math.sqrt(m)))
    assert first_broken("mixed", starts, on, break_a, break_d) == pytest.approx((1 - break_a, 1 - break_d), abs=1e-9)


def test_by_the_linear_law_losses_keep_their_ratio() -> None:
    """Fire into an area costs both sides in one ratio to the end, and nobody is ever quite wiped out."""
    on = ground((400, 250), (200, 100), (0.05, 0.03))
    ratio = 0.05 * 100 / (0.03 * 200)
    for hours in (1.0, 10.0, 200.0):
        a, d = linear(400, 250, hours=hours, **on)
        assert (400 - a) / (250 - d) == pytest.approx(ratio)
        assert min(a, d) > 0


def test_hidden_defenders_hold_against_the_square_of_their_number() -> None:
    """By Deitchman's law attackers of strength a are matched by a^2 q / 2p hidden ones, however many a is."""
    for attackers in (100.0, 400.0):
        q = 0.02 / 100  # what each attacker costs each of a hundred defenders who went in
        for more, wins in ((1.01, False), (0.99, True)):
            defenders = more * attackers**2 * q / (2 * 0.02)
            on = ground((attackers, defenders), rates=(0.02, q * defenders))
            left_a, left_d = guerrilla(attackers, defenders, hours=5_000.0, **on)
            assert (left_a > left_d) is wins
