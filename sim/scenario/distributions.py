"""The vocabulary of uncertain numbers: what a scenario may write.

A number in a scenario is a constant or one of the laws below, with the basis it rests on. Every law is
sampled by its own quantile function from one uniform, so that a draw never depends on how often another
number was drawn. Durations are written in ISO 8601 and held in seconds.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    WrapSerializer,
    model_validator,
)

from sim.domain.terms import format_duration, parse_duration
from sim.scenario.quantiles import Quantile as Quantile
from sim.scenario.quantiles import quantile_function as quantile_function

Confidence = Literal["high", "medium", "low"]


class Basis(BaseModel):
    """Where a number comes from; on a block it is inherited by every number below it."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, allow_inf_nan=False, strict=True)

    basis: str | None = Field(None, description="What the number rests on, in a few words; required (or inherited).")
    refs: tuple[str, ...] = Field(
        (), strict=False, description="Claim ids, planning-factor rows or keys of references.yaml."
    )
    confidence: Confidence | None = Field(None, description="high, medium or low; required (or inherited).")
    note: str | None = Field(None, description="Anything a reader should know.")


class _Law(Basis):
    """A number: its law, its unit, and whether it is drawn once per draw or at each use."""

    parts: ClassVar[tuple[str, ...]]

    unit: str | None = Field(None, description="Unit, where the name does not say it.")
    kind: Literal["epistemic", "aleatory"] | None = Field(
        None, description="epistemic: drawn once per draw; aleatory: drawn at each use."
    )
    shared: str | None = Field(None, description="Numbers with the same id share one uniform.")

    def values(self) -> dict[str, float]:
        """Return the given parts of the law by name."""
        return {part: float(value) for part in self.parts if (value := getattr(self, part)) is not None}

    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value the law can take."""


class Constant(_Law):
    """One value."""

    parts = ("value",)
    value: float

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value the law can take."""
        return self.value, self.value


class _Bounded(_Law):
    parts: ClassVar[tuple[str, ...]] = ("min", "mode", "max")
    min: float
    max: float

    @model_validator(mode="after")
    def _ordered(self) -> _Bounded:
        mode = getattr(self, "mode", None)
        if not self.min < self.max:
            raise ValueError(f"min {self.min:g} must be below max {self.max:g}")
        if mode is not None and not self.min <= mode <= self.max:
            raise ValueError(f"mode {mode:g} must lie between min {self.min:g} and max {self.max:g}")
        return self

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value the law can take."""
        return self.min, self.max


class Uniform(_Bounded):
    """Every value between min and max is equally likely."""

    parts = ("min", "max")
    dist: Literal["uniform"]


class Triangular(_Bounded):
    """A triangle over [min, max] with its peak at mode."""

    dist: Literal["triangular"]
    mode: float


class Pert(_Bounded):
    """The beta law of PERT: mean (min + 4 mode + max) / 6."""

    dist: Literal["pert"]
    mode: float


class _Truncatable(_Law):
    min: float | None = None
    max: float | None = None
    p05: float | None = None
    p95: float | None = None

    natural: ClassVar[tuple[str, ...]]
    positive: ClassVar[bool] = True

    @model_validator(mode="after")
    def _one_way_of_writing(self) -> _Truncatable:
        by_name = [part for part in self.natural if getattr(self, part) is not None]
        by_quantile = [part for part in ("p05", "p95") if getattr(self, part) is not None]
        whole = len(by_name) == len(self.natural) if by_name else len(by_quantile) == 2
        if (by_name and by_quantile) or not whole:
            raise ValueError(f"give either {' and '.join(self.natural)}, or p05 and p95")
        if self.p05 is not None and self.p95 is not None and not self.p05 < self.p95:
            raise ValueError(f"p05 {self.p05:g} must be below p95 {self.p95:g}")
        if self.min is not None and self.max is not None and not self.min < self.max:
            raise ValueError(f"min {self.min:g} must be below max {self.max:g}")
        if self.positive:
            for part in (*self.natural, "p05", "p95"):
                value = getattr(self, part)
                if value is not None and value <= 0:
                    raise ValueError(f"{part} must be above 0, found {value:g}")
        return self

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value the law can take."""
        low = 0.0 if self.positive else -math.inf
        return (low if self.min is None else max(low, self.min), math.inf if self.max is None else self.max)


class Normal(_Truncatable):
    """The normal law, cut at min and max where given."""

    parts = ("mean", "sd", "p05", "p95", "min", "max")
    natural = ("mean", "sd")
    positive = False
    dist: Literal["normal"]
    mean: float | None = None
    sd: float | None = Field(None, gt=0)


class Lognormal(_Truncatable):
    """The lognormal law, by median and sigma (of the logarithm) or by two quantiles."""

    parts = ("median", "sigma", "p05", "p95", "min", "max")
    natural = ("median", "sigma")
    dist: Literal["lognormal"]
    median: float | None = None
    sigma: float | None = None


class Beta(_Truncatable):
    """The beta law on [0, 1], by its two shapes or by two quantiles."""

    parts = ("a", "b", "p05", "p95")
    natural = ("a", "b")
    dist: Literal["beta"]
    a: float | None = None
    b: float | None = None
    min: None = None
    max: None = None

    @model_validator(mode="after")
    def _inside(self) -> Beta:
        if self.p95 is not None and self.p95 >= 1:
            raise ValueError(f"p95 of a beta law must be below 1, found {self.p95:g}")
        return self

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value the law can take."""
        return 0.0, 1.0


class Gamma(_Truncatable):
    """The gamma law, by mean and standard deviation or by two quantiles."""

    parts = ("mean", "sd", "p05", "p95", "min", "max")
    natural = ("mean", "sd")
    dist: Literal["gamma"]
    mean: float | None = None
    sd: float | None = None


class Weibull(_Truncatable):
    """The Weibull law, by shape and scale or by two quantiles."""

    parts = ("shape", "scale", "p05", "p95", "min", "max")
    natural = ("shape", "scale")
    dist: Literal["weibull"]
    shape: float | None = None
    scale: float | None = None


class Exponential(_Law):
    """The exponential law by its mean."""

    parts = ("mean",)
    dist: Literal["exponential"]
    mean: float = Field(gt=0)

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value the law can take."""
        return 0.0, math.inf


class Poisson(_Law):
    """Counts 0, 1, 2, ... by their mean."""

    parts = ("mean",)
    dist: Literal["poisson"]
    mean: float = Field(gt=0, le=500)

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value the law can take."""
        return 0.0, math.inf


class Discrete(_Law):
    """A few values with weights (``values: {5: 0.2, 7: 0.8}``)."""

    parts = ()
    dist: Literal["discrete"]
    weights: dict[str, float] = Field(min_length=1, description="value: weight")

    @model_validator(mode="after")
    def _numbers(self) -> Discrete:
        for name, weight in self.weights.items():
            try:
                finite = math.isfinite(float(name))
            except ValueError:
                finite = False
            if not finite:
                raise ValueError(f"{name!r} is not a number")
            if weight < 0:
                raise ValueError(f"the weight of {name} is below 0")
        if sum(self.weights.values()) <= 0:
            raise ValueError("the weights must not all be 0")
        return self

    def values(self) -> dict[str, float]:
        """Return the weights by value."""
        return {f"weights.{name}": weight for name, weight in self.weights.items()}

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value the law can take."""
        numbers = [float(name) for name, weight in self.weights.items() if weight > 0]
        return min(numbers), max(numbers)


_LAWS: dict[str, type[_Law]] = {
    get_args(law.model_fields["dist"].annotation)[0]: law
    for law in (Uniform, Triangular, Pert, Normal, Lognormal, Beta, Gamma, Weibull, Exponential, Poisson, Discrete)
}
LAW_NAMES = ("constant", *_LAWS)


def _which(found: object) -> str | None:
    if isinstance(found, _Law):
        return getattr(found, "dist", "constant")
    if isinstance(found, Mapping):
        return found.get("dist", "constant") if isinstance(found.get("dist", "constant"), str) else None
    return "constant"


def _spread_scalar(found: object) -> object:
    if isinstance(found, Mapping):
        return {key: value for key, value in found.items() if (key, value) != ("dist", "constant")}
    return found if isinstance(found, _Law) else {"value": found}


#: Parts of a law that are themselves durations where the number is one.
TIMED_PARTS = frozenset({"value", "min", "mode", "max", "mean", "sd", "median", "p05", "p95", "scale"})


def _read_duration(found: object) -> object:
    """Turn every ISO 8601 duration of a number into seconds; refuse bare numbers, whose unit is unknown."""

    def seconds(value: object) -> object:
        if isinstance(value, str):
            return parse_duration(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and value != 0:
            raise ValueError(f"{value!r} has no unit: write a duration such as PT6H or P3D")
        return value

    if isinstance(found, Mapping):
        read = {key: seconds(value) if key in TIMED_PARTS else value for key, value in found.items()}
        if isinstance(weights := read.get("weights"), Mapping):
            read["weights"] = {
                repr(parse_duration(str(time))).removesuffix(".0"): weight for time, weight in weights.items()
            }
        return read
    return found if isinstance(found, _Law) else seconds(found)


def _write_duration(number: object, write: SerializerFunctionWrapHandler) -> object:
    """Write the seconds of a duration back as ISO 8601, so that what was read can be read again."""
    written = write(number)
    if not isinstance(written, Mapping):
        return written
    told = {
        key: format_duration(value) if key in TIMED_PARTS and isinstance(value, float) else value
        for key, value in written.items()
    }
    if isinstance(weights := told.get("weights"), Mapping):
        told["weights"] = {format_duration(float(time)): weight for time, weight in weights.items()}
    return told


Number = Annotated[
    Annotated[Constant, Tag("constant")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Triangular, Tag("triangular")]
    | Annotated[Pert, Tag("pert")]
    | Annotated[Normal, Tag("normal")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[Beta, Tag("beta")]
    | Annotated[Gamma, Tag("gamma")]
    | Annotated[Weibull, Tag("weibull")]
    | Annotated[Exponential, Tag("exponential")]
    | Annotated[Poisson, Tag("poisson")]
    | Annotated[Discrete, Tag("discrete")],
    Discriminator(
        _which,
        custom_error_type="law",
        custom_error_message=f"unknown distribution; one of {', '.join(_LAWS)}",
    ),
    BeforeValidator(_spread_scalar),
]
Duration = Annotated[Number, BeforeValidator(_read_duration), WrapSerializer(_write_duration, when_used="json")]


def is_number(found: object) -> bool:
    """Tell whether a validated value is a number of this vocabulary."""
    return isinstance(found, _Law)


def law_of(number: Any) -> str:
    """Return the name of a validated number's law."""
    return str(getattr(number, "dist", "constant"))
