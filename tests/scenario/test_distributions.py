"""Rules of uncertain numbers: every law is its own quantile function, cut where it says, fitted where it is told."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from sim.scenario.distributions import LAW_NAMES, Duration, Number, is_number, law_of
from sim.scenario.fitted import FITTED
from sim.scenario.quantiles import quantile_function, quantiles, searched
from tests.scenario.keep_fits import needed

UNIFORMS = (0.001, 0.05, 0.3, 0.5, 0.8, 0.95, 0.999)
NUMBER = TypeAdapter(Number)
DURATION = TypeAdapter(Duration)


@pytest.mark.parametrize(
    ("law", "parts", "theory"),
    [
        ("uniform", {"min": 2, "max": 5}, stats.uniform(2, 3)),
        ("triangular", {"min": 1, "mode": 2, "max": 6}, stats.triang(0.2, 1, 5)),
        ("pert", {"min": 1, "mode": 2, "max": 6}, stats.beta(1.8, 4.2, 1, 5)),
        ("normal", {"mean": 3, "sd": 2}, stats.norm(3, 2)),
        ("normal", {"mean": 3, "sd": 2, "min": 0, "max": 4}, stats.truncnorm(-1.5, 0.5, 3, 2)),
        ("lognormal", {"median": 3, "sigma": 0.7}, stats.lognorm(0.7, scale=3)),
        ("beta", {"a": 2, "b": 5}, stats.beta(2, 5)),
        ("gamma", {"mean": 6, "sd": 3}, stats.gamma(4, scale=1.5)),
        ("weibull", {"shape": 1.5, "scale": 4}, stats.weibull_min(1.5, scale=4)),
        ("exponential", {"mean": 4}, stats.expon(scale=4)),
        ("poisson", {"mean": 3.5}, stats.poisson(3.5)),
    ],
)
def test_a_law_has_the_quantiles_of_theory(law, parts, theory):
    """One uniform gives the value below which that share of the law lies."""
    quantile = quantile_function(law, parts)
    assert [quantile(u) for u in UNIFORMS] == pytest.approx([float(theory.ppf(u)) for u in UNIFORMS], rel=1e-9)


@pytest.mark.parametrize("law", ["normal", "lognormal", "gamma", "weibull", "beta"])
@given(low=st.floats(0.01, 0.6), width=st.floats(0.02, 0.35))
@settings(max_examples=40, deadline=None)
def test_a_law_told_by_two_quantiles_has_them(law, low, width):
    """A law given by p05 and p95 has one twentieth of its draws below the one and above the other."""
    quantile = quantile_function(law, {"p05": low, "p95": low + width})
    assert (quantile(0.05), quantile(0.95)) == pytest.approx((low, low + width), rel=1e-6)


def test_a_discrete_law_takes_its_values_by_weight():
    """Weights need not add up to one; a value without weight never comes."""
    quantile = quantile_function("discrete", {"weights.5": 1, "weights.7": 3, "weights.9": 0})
    assert [quantile(u) for u in (0.1, 0.24, 0.26, 0.999999)] == [5, 5, 7, 7]


LAWS = st.sampled_from(
    [
        {"dist": "uniform", "min": 1, "max": 3},
        {"dist": "pert", "min": 1, "mode": 1, "max": 3},
        {"dist": "triangular", "min": 0, "mode": 3, "max": 3},
        {"dist": "normal", "mean": 0, "sd": 1, "min": -1},
        {"dist": "lognormal", "p05": 1, "p95": 9, "max": 8},
        {"dist": "gamma", "mean": 3, "sd": 1, "min": 1, "max": 5},
        {"dist": "weibull", "p05": 1, "p95": 2, "min": 0.5},
        {"dist": "beta", "p05": 0.1, "p95": 0.2},
        {"dist": "exponential", "mean": 2},
        {"dist": "poisson", "mean": 2},
        {"dist": "discrete", "weights": {"1": 2, "4.5": 1}},
        {"value": 4},
    ]
)


@given(LAWS, st.floats(1e-9, 1 - 1e-9), st.floats(1e-9, 1 - 1e-9))
def test_larger_luck_never_gives_less_and_stays_in_the_support(written, u, v):
    """A quantile function rises, and gives nothing that the law says cannot be."""
    number = NUMBER.validate_python(written)
    quantile = quantile_function(law_of(number), number.values())
    low, high = number.support()
    first, second = quantile(min(u, v)), quantile(max(u, v))
    assert low - 1e-9 <= first <= second <= high + 1e-9
    assert math.isfinite(first)


def test_a_bare_number_is_a_constant():
    """5, {value: 5} and {dist: constant, value: 5} are the same."""
    assert NUMBER.validate_python(5) == NUMBER.validate_python({"value": 5})
    assert NUMBER.validate_python({"dist": "constant", "value": 5}) == NUMBER.validate_python(5)
    assert law_of(NUMBER.validate_python(5)) == "constant"
    assert is_number(NUMBER.validate_python(5))
    assert not is_number(5)


def test_a_duration_is_held_in_seconds_and_written_in_iso_8601():
    """Every part that is a time is read from ISO 8601 and written back as such; shapes are not times."""
    number = DURATION.validate_python({"dist": "lognormal", "median": "PT6H", "sigma": 0.5, "max": "P3D"})
    assert number.values() == {"median": 21_600, "sigma": 0.5, "max": 259_200}
    written = DURATION.dump_python(number, mode="json", exclude_none=True)
    assert (written["median"], written["sigma"], written["max"]) == ("PT21600S", 0.5, "PT259200S")
    assert DURATION.validate_python(written) == number
    weights = DURATION.validate_python({"dist": "discrete", "weights": {"PT6H": 1, "PT90M": 2}})
    assert weights.values() == {"weights.21600": 1, "weights.5400": 2}
    assert DURATION.validate_python(DURATION.dump_python(weights, mode="json")) == weights


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"dist": "uniform", "min": 3, "max": 3}, "min 3 must be below max 3"),
        ({"dist": "pert", "min": 1, "mode": 5, "max": 3}, "mode 5 must lie between min 1 and max 3"),
        ({"dist": "normal", "mean": 1}, "give either mean and sd, or p05 and p95"),
        ({"dist": "normal", "mean": 1, "sd": 1, "p05": 0}, "give either mean and sd, or p05 and p95"),
        ({"dist": "lognormal", "p05": 3, "p95": 2}, "p05 3 must be below p95 2"),
        ({"dist": "lognormal", "median": 0, "sigma": 1}, "median must be above 0, found 0"),
        ({"dist": "gamma", "mean": 1, "sd": 1, "min": 2, "max": 1}, "min 2 must be below max 1"),
        ({"dist": "beta", "p05": 0.1, "p95": 1}, "p95 of a beta law must be below 1, found 1"),
        ({"dist": "discrete", "weights": {"x": 1}}, "'x' is not a number"),
        ({"dist": "discrete", "weights": {"nan": 1}}, "'nan' is not a number"),
        ({"dist": "discrete", "weights": {"1": 0}}, "the weights must not all be 0"),
        ({"dist": "zipf"}, "unknown distribution"),
    ],
)
def test_a_law_that_cannot_be_is_refused(written, words):
    """Parts that contradict each other, or say too little or too much, are refused in words."""
    with pytest.raises(ValidationError, match=words):
        NUMBER.validate_python(written)


def test_every_law_of_the_vocabulary_has_a_quantile_function():
    """No law can be written that could not be drawn."""
    assert set(LAW_NAMES) == {
        "constant",
        "uniform",
        "triangular",
        "pert",
        "normal",
        "lognormal",
        "beta",
        "gamma",
        "weibull",
        "exponential",
        "poisson",
        "discrete",
    }
    assert quantile_function("constant", {"value": 3})(0.2) == 3


@given(LAWS, st.lists(st.floats(0.0001, 0.9999), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_many_values_at_once_are_those_of_one_after_another(written, luck):
    """However many values of a law are asked for, each is the same to the bit."""
    number = NUMBER.validate_python(written)
    quantile = quantile_function(law_of(number), number.values())
    assert quantiles(law_of(number), number.values(), np.array(luck)).tolist() == [quantile(u) for u in luck]


def test_what_shipped_scenarios_tell_by_two_quantiles_need_not_be_searched_for():
    """The table of fits has what they need and no more; ``python -m tests.scenario.keep_fits`` makes it anew."""
    assert FITTED.keys() == needed()


@pytest.mark.parametrize("told", sorted(FITTED))
def test_a_fit_that_is_kept_is_the_one_that_is_found(told):
    """What the table says is what the search finds, wherever it is made."""
    assert FITTED[told] == pytest.approx(searched(*told), rel=1e-9)
