"""The quantile function of every law: one uniform in (0, 1) to one value.

PERT after Malcolm et al. 1959; the others are textbook inverses. Two quantiles are turned into parameters
exactly (normal, lognormal, Weibull) or by a root search (beta, gamma). scipy is loaded only by the laws
that need it, NumPy only by whoever asks for many values at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from sim.scenario.fitted import FITTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Z95 = NormalDist().inv_cdf(0.95)

Quantile = Callable[[float], float]


def _constant(value: float) -> Quantile:
    return lambda u: value  # noqa: ARG005 - a quantile function takes a uniform, also where it does not matter


def _uniform(min: float, max: float) -> Quantile:
    return lambda u: min + u * (max - min)


def _triangular(min: float, mode: float, max: float) -> Quantile:
    split = (mode - min) / (max - min)

    def quantile(u: float) -> float:
        if u < split:
            return min + math.sqrt(u * (max - min) * (mode - min))
        return max - math.sqrt((1 - u) * (max - min) * (max - mode))

    return quantile


def _pert(min: float, mode: float, max: float) -> Quantile:
    from scipy.special import betaincinv

    a, b = _pert_shapes(min, mode, max)
    return lambda u: min + (max - min) * float(betaincinv(a, b, u))


def _pert_shapes(min: float, mode: float, max: float) -> tuple[float, float]:
    return 1 + 4 * (mode - min) / (max - min), 1 + 4 * (max - mode) / (max - min)


def _truncated(quantile: Quantile, cdf: Callable[[float], float], low: float | None, high: float | None) -> Quantile:
    if low is None and high is None:
        return quantile
    start = 0.0 if low is None else cdf(low)
    width = (1.0 if high is None else cdf(high)) - start
    if width <= 0:
        raise ValueError("the law has no probability between its min and max")
    return lambda u: quantile(start + u * width)


def _normal(
    mean: float | None = None,
    sd: float | None = None,
    p05: float | None = None,
    p95: float | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Quantile:
    if mean is None or sd is None:
        assert p05 is not None and p95 is not None
        mean, sd = (p05 + p95) / 2, (p95 - p05) / (2 * _Z95)
    law = NormalDist(mean, sd)
    return _truncated(law.inv_cdf, law.cdf, min, max)


def _lognormal(
    median: float | None = None,
    sigma: float | None = None,
    p05: float | None = None,
    p95: float | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Quantile:
    if median is None or sigma is None:
        assert p05 is not None and p95 is not None
        median, sigma = math.sqrt(p05 * p95), math.log(p95 / p05) / (2 * _Z95)
    law = NormalDist(math.log(median), sigma)
    return _truncated(lambda u: math.exp(law.inv_cdf(u)), lambda x: law.cdf(math.log(x)) if x > 0 else 0.0, min, max)


def searched(law: str, p05: float, p95: float) -> tuple[float, float]:
    """Find the two positive parameters of a beta or gamma law that has the given 5 % and 95 % quantiles.

    Raises:
        ValueError: If there is no such law.
    """
    from scipy.optimize import root

    family, start = (_beta_law, _beta_start(p05, p95)) if law == "beta" else (_gamma_law, _gamma_start(p05, p95))

    def gap(logs: Any) -> list[float]:
        quantile = family(math.exp(logs[0]), math.exp(logs[1]))
        return [quantile(0.05) / p05 - 1, quantile(0.95) / p95 - 1]

    found = root(gap, [math.log(start[0]), math.log(start[1])], method="hybr")
    if not found.success and max(abs(value) for value in found.fun) > 1e-6:
        raise ValueError(f"no law of this family has p05 {p05:g} and p95 {p95:g}")
    return math.exp(found.x[0]), math.exp(found.x[1])


@lru_cache(maxsize=1024)
def _fit(law: str, p05: float, p95: float) -> tuple[float, float]:
    return FITTED.get((law, p05, p95)) or searched(law, p05, p95)


def _beta(
    a: float | None = None, b: float | None = None, p05: float | None = None, p95: float | None = None
) -> Quantile:
    return _beta_law(*_beta_shapes(a, b, p05, p95))


def _beta_law(a: float, b: float) -> Quantile:
    from scipy.special import betaincinv

    return lambda u: float(betaincinv(a, b, u))


def _beta_shapes(
    a: float | None = None, b: float | None = None, p05: float | None = None, p95: float | None = None
) -> tuple[float, float]:
    if a is not None and b is not None:
        return a, b
    assert p05 is not None and p95 is not None
    return _fit("beta", p05, p95)


def _beta_start(p05: float, p95: float) -> tuple[float, float]:
    mean = (p05 + p95) / 2
    spread = max(((p95 - p05) / (2 * _Z95)) ** 2, 1e-9)
    size = max(mean * (1 - mean) / spread - 1, 0.5)
    return mean * size, (1 - mean) * size


def _gamma_law(shape: float, scale: float) -> Quantile:
    from scipy.special import gammaincinv

    return lambda u: scale * float(gammaincinv(shape, u))


def _gamma_start(p05: float, p95: float) -> tuple[float, float]:
    centre, spread = (p05 + p95) / 2, (p95 - p05) / (2 * _Z95)
    return (centre / spread) ** 2, spread**2 / centre


def _gamma(
    mean: float | None = None,
    sd: float | None = None,
    p05: float | None = None,
    p95: float | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Quantile:
    from scipy.special import gammainc

    if mean is None or sd is None:
        assert p05 is not None and p95 is not None
        shape, scale = _fit("gamma", p05, p95)
    else:
        shape, scale = (mean / sd) ** 2, sd**2 / mean
    return _truncated(_gamma_law(shape, scale), lambda x: float(gammainc(shape, x / scale)), min, max)


@lru_cache(maxsize=1024)
def _weibull(
    shape: float | None = None,
    scale: float | None = None,
    p05: float | None = None,
    p95: float | None = None,
    min: float | None = None,
    max: float | None = None,
) -> Quantile:
    if shape is None or scale is None:
        assert p05 is not None and p95 is not None
        shape = (math.log(-math.log(0.05)) - math.log(-math.log(0.95))) / math.log(p95 / p05)
        scale = p95 / (-math.log(0.05)) ** (1 / shape)
    k, c = shape, scale
    return _truncated(lambda u: c * (-math.log1p(-u)) ** (1 / k), lambda x: -math.expm1(-((x / c) ** k)), min, max)


def _exponential(mean: float) -> Quantile:
    return lambda u: -mean * math.log1p(-u)


def _poisson(mean: float) -> Quantile:
    def quantile(u: float) -> float:
        count, term = 0, math.exp(-mean)
        total = term
        while total < u and count < 100_000:
            count += 1
            term *= mean / count
            total += term
        return float(count)

    return quantile


def _discrete(**weights: float) -> Quantile:
    steps = sorted((float(name.removeprefix("weights.")), weight) for name, weight in weights.items() if weight > 0)
    total = sum(weight for _, weight in steps)

    def quantile(u: float) -> float:
        reached = 0.0
        for value, weight in steps:
            reached += weight / total
            if u < reached:
                return value
        return steps[-1][0]

    return quantile


_QUANTILES: dict[str, Callable[..., Quantile]] = {
    "constant": _constant,
    "uniform": _uniform,
    "triangular": _triangular,
    "pert": _pert,
    "normal": _normal,
    "lognormal": _lognormal,
    "beta": _beta,
    "gamma": _gamma,
    "weibull": _weibull,
    "exponential": _exponential,
    "poisson": _poisson,
    "discrete": _discrete,
}


def quantile_function(law: str, parts: Mapping[str, float]) -> Quantile:
    """Return the quantile function of a law: one uniform in (0, 1) to one value.

    Sources of the formulas: PERT after Malcolm et al. 1959; the others are textbook inverses; two
    quantiles are turned into parameters exactly (normal, lognormal, Weibull) or by a root search.
    """
    return _QUANTILES[law](**parts)


def quantiles(law: str, parts: Mapping[str, float], u: NDArray[Any]) -> NDArray[Any]:
    """Return the values of a law at many uniforms: those of its quantile function, to the bit.

    At once where the arithmetic of arrays is that of numbers, which it need not be for exponentials and logarithms.
    """
    import numpy as np

    if law == "uniform":
        low, high = parts["min"], parts["max"]
        return low + u * (high - low)
    if law in ("beta", "pert"):
        from scipy.special import betaincinv

        if law == "beta":
            return np.asarray(betaincinv(*_beta_shapes(**parts), u))
        low, high = parts["min"], parts["max"]
        return np.asarray(low + (high - low) * betaincinv(*_pert_shapes(**parts), u))
    quantile = quantile_function(law, parts)
    return np.array([quantile(one) for one in u.tolist()], dtype=np.float64)
