"""How an assumption is moved: along a slider, to one value or together with its whole law, as a scenario writes it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.errors import InputError, ProblemsFound
from sim.scenario import with_overrides
from sim.scenario.distributions import TIMED_PARTS
from sim.scenario.number_words import law_in_words, settable
from sim.scenario.numbers import Entry, register
from sim.scenario.schema import Scenario
from sim.scenario.yaml_source import parse_value

AS_IT_IS, FIXED, SHIFTED = "as it is", "fixed", "shifted"

#: A slider has so many steps; a choice has one for each name.
STEPS = 100
_ENDS = (0.01, 0.99)
#: Numbers that spread over more than this factor move along a scale of ratios.
_RATIO_MIN = 8.0
_HALVINGS = 60
_COMMENT = re.compile(r"(^|\s)#")
#: Laws that give nothing below 0, whatever the number may be.
_ABOVE_ZERO = frozenset({"lognormal", "gamma", "weibull", "exponential", "poisson"})
#: What there is no half of.
_WHOLE = frozenset({"person", "vehicle"})
#: Laws that are made of their ends; where another law has ends, they say where its tails are cut off.
_OF_THEIR_ENDS = frozenset({"uniform", "triangular", "pert"})


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody does with one assumption: its path, fixed or shifted, and the value as typed.

    A fixed number has that value in every campaign; a shifted law is moved until its median is that value.
    """

    path: str
    mode: str
    typed: str


@dataclass(frozen=True, slots=True)
class Slider:
    """The scale of one assumption: steps from 0 to ``last`` between two ends, in equal distances or equal ratios."""

    entry: Entry
    low: float
    high: float
    last: int

    @classmethod
    def of(cls, entry: Entry) -> Slider:
        """Return the slider of a number: over all names of a choice, or nearly all values that its law gives."""
        if entry.options:
            return cls(entry, 0.0, float(len(entry.options) - 1), max(1, len(entry.options) - 1))
        low, high = map(entry.quantile(), _ENDS)
        return cls(entry, low, high if high > low else low + 1.0, STEPS)

    @property
    def by_ratio(self) -> bool:
        """Tell whether equal steps are equal ratios."""
        return self.low > 0 and self.high / self.low > _RATIO_MIN

    @property
    def start(self) -> float:
        """Return where the number stands: its median."""
        return self.entry.quantile()(0.5)

    def value(self, step: float) -> float:
        """Return the value at a step."""
        along = min(max(step / self.last, 0.0), 1.0)
        if self.by_ratio:
            return float(self.low * (self.high / self.low) ** along)
        return self.low + (self.high - self.low) * along

    def step(self, value: float) -> int:
        """Return the step nearest to a value."""
        if self.by_ratio:
            along = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            along = (value - self.low) / (self.high - self.low)
        return round(self.last * min(max(along, 0.0), 1.0))

    def typed(self, step: float | None = None) -> str:
        """Return the value at a step, or where the number stands, as a scenario writes it; people are whole."""
        value = self.start if step is None else self.value(step)
        return settable(float(round(value)) if self.entry.unit in _WHOLE else value, self.entry)


def can_shift(entry: Entry) -> bool:
    """Tell whether the law of a number can be moved along: a choice, or a few values with weights, cannot."""
    return not entry.options and not entry.constant and entry.law != "discrete"


def as_typed(text: str) -> Any:
    """Return what a typed value is in YAML.

    Raises:
        InputError: If it is no YAML, or nothing, or has a comment.
    """
    if _COMMENT.search(text):
        raise InputError("a value has no comment; write the value alone, without # and what follows")
    found = parse_value(text, "the value")
    if found.problems:
        raise ProblemsFound(found.problems)
    if found.data is None:
        raise InputError("there is no value; type one, or leave the number as it is")
    return found.data


def written(change: Change, entry: Entry, scenario: Scenario) -> dict[str, Any]:
    """Return a change as a scenario writes it below the path of its number.

    Raises:
        InputError: If the value is none for this number, in the validator's words.
    """
    value = as_typed(change.typed)
    was = f"it was {law_in_words(entry)}"
    if change.mode == FIXED or not can_shift(entry):
        return {"value": value, "basis": f"this variant: set by hand; {was}", "confidence": "low"}
    fixed = number_of(change.path, value, scenario)
    parts = shifted(entry, fixed)
    told = {name: _as_written(name, part, entry) for name, part in parts.items()}
    gone = dict.fromkeys(entry.parts.keys() - parts.keys())
    return {**gone, **told, "basis": f"this variant: moved along by hand; {was}", "confidence": "low"}


def number_of(path: str, value: Any, scenario: Scenario) -> float:
    """Return a value in the unit of a number, as the validator reads it.

    Raises:
        ProblemsFound: If it is none for this number.
    """
    return register(with_overrides(scenario, [override(path, {"value": value})]))[path].parts["value"]


def override(path: str, data: Mapping[str, Any]) -> str:
    """Return what is said below a path as ``path=value``."""
    return f"{path}={json.dumps(data, ensure_ascii=False)}"


def shifted(entry: Entry, median: float) -> dict[str, float]:
    """Return the parts of a law that is moved until its median is another one.

    What is bounded on both sides is moved on the scale of log odds between its bounds, so that it stays between them;
    what cannot be negative by a factor; everything else by a distance.

    Args:
        entry: A number with a law that can be moved.
        median: The median that it shall have.

    Raises:
        InputError: If there is no such law.
    """
    parts = dict(entry.parts)
    if entry.law == "beta" and "a" in parts:
        parts = {"p05": entry.quantile()(0.05), "p95": entry.quantile()(0.95)}
    now = entry.quantile()(0.5)
    if entry.ge is not None and entry.le is not None and entry.le > entry.ge:
        return _by_odds(entry, parts, median, (entry.ge, entry.le))
    if now > 0 and (entry.law in _ABOVE_ZERO or (entry.ge is not None and entry.ge >= 0)):
        if median <= 0:
            raise InputError(f"a law of values above 0 cannot have the median {median:g}; fix the number instead")
        places = _places(entry) | {"sd"}
        return {name: value * median / now if name in places else value for name, value in parts.items()}
    places = _places(entry)
    return {name: value + median - now if name in places else value for name, value in parts.items()}


def _places(entry: Entry) -> frozenset[str]:
    """Return the parts of a law that are values of the number and move with it."""
    return TIMED_PARTS - {"sd"} - (frozenset() if entry.law in _OF_THEIR_ENDS else {"min", "max"})


def _by_odds(entry: Entry, parts: Mapping[str, float], median: float, ends: tuple[float, float]) -> dict[str, float]:
    low, high = ends
    places = _places(entry)
    if not low < median < high:
        raise InputError(
            f"a law between {low:g} and {high:g} cannot have the median {median:g}; fix the number instead"
        )

    def moved(by: float) -> dict[str, float]:
        factor = math.exp(by)
        found = {}
        for name, value in parts.items():
            share = (value - low) / (high - low)
            is_place = name in places and 0 < share < 1
            share = share * factor / (1 - share + share * factor) if is_place else share
            found[name] = low + (high - low) * share if is_place else value
        return found

    least, most = -20.0, 20.0
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        try:
            below = entry.quantile_with(moved(middle))(0.5) < median
        except (ValueError, ZeroDivisionError, OverflowError):  # so far out no law has these two quantiles
            below = middle < 0
        least, most = (middle, most) if below else (least, middle)
    return moved((least + most) / 2)


def _as_written(name: str, value: float, entry: Entry) -> Any:
    if name not in TIMED_PARTS:
        return value
    if entry.unit == "s":
        return settable(value, entry) if value > 0 else "PT0S"
    rounded = float(f"{value:.5g}")
    return int(rounded) if rounded.is_integer() else rounded


def overrides(changes: Iterable[Change], entries: Mapping[str, Entry], scenario: Scenario) -> list[str]:
    """Return changes as ``path=value``, in the order of their paths.

    Raises:
        InputError: If one of them is wrong.
    """
    ordered = sorted(changes, key=lambda change: change.path)
    return [override(change.path, written(change, entries[change.path], scenario)) for change in ordered]


def moved(changes: Sequence[Change], entries: Mapping[str, Entry], scenario: Scenario) -> tuple[list[str], Scenario]:
    """Return changes as ``path=value``, in the order of their paths, and the scenario in which they are made.

    Raises:
        InputError: If one of them is wrong, in the words that stand in its row.
    """
    try:
        changed = overrides(changes, entries, scenario)
        return changed, with_overrides(scenario, changed)
    except InputError as error:
        told = [(change.path, complaint(change, entries[change.path], scenario)) for change in changes]
        words = [f"{path}: {wrong}" for path, wrong in told if wrong] or [f"taken together: {_in_words(error)}"]
        raise InputError("\n".join(words)) from error


def complaint(change: Change, entry: Entry, scenario: Scenario) -> str:
    """Return what the validator says against one change, '' if nothing."""
    try:
        with_overrides(scenario, [override(change.path, written(change, entry, scenario))])
    except InputError as error:
        return _in_words(error)
    return ""


def _in_words(error: InputError) -> str:
    """Return what is wrong and what to do, without where it stands: nobody has written it anywhere."""
    if not isinstance(error, ProblemsFound):
        return str(error)
    return "; ".join(dict.fromkeys(f"{one.message}; {one.remedy}".rstrip("; ") for one in error.problems))


def law_after(change: Change, entry: Entry, scenario: Scenario) -> str:
    """Return the law that a shift gives, in words; it must be a right one."""
    parts = shifted(entry, number_of(change.path, as_typed(change.typed), scenario))
    return law_in_words(replace(entry, parts=parts))
