"""What must hold of every number: it rests on something, stays inside its bounds, and fits its use."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from sim.domain.terms import format_duration
from sim.errors import Problem
from sim.scenario.distributions import Basis, is_number
from sim.scenario.documents import Document, Trail
from sim.scenario.numbers import Entry, register
from sim.scenario.quantiles import quantile_function

_TRUTHS = ("basis", "confidence")
#: Units of things that cannot be halved.
_WHOLE_UNITS = ("person", "vehicle")
#: A law may leave the bounds of its number this rarely on either side; there it is cut off (``Entry.quantile``).
_RARE = 0.001


def check_numbers(model: BaseModel, document: Document) -> Iterator[Problem]:
    """Yield everything wrong with the numbers of a scenario, or of another file that holds numbers."""
    entries = register(model)
    numbers = dict(_numbers(model, ()))
    yield from _unfounded(model, entries, numbers, document)
    for trail, number in numbers.items():
        entry = entries[".".join(map(str, trail))]
        yield from _outside(trail, number, entry, document)
        if entry.use == "run" and number.kind == "aleatory":
            message = "kind aleatory: but a run reads one value of this number"
            yield document.problem((*trail, "kind"), message, "remove the kind, or make it epistemic")
        if entry.constant and entry.unit in _WHOLE_UNITS and not entry.parts["value"].is_integer():
            message = f"{entry.parts['value']:g} is no whole number of {entry.unit}s"
            yield document.problem(trail, message, "round it")


def _numbers(value: object, trail: Trail) -> Iterator[tuple[Trail, Any]]:
    """Yield every number below a value with its trail."""
    if is_number(value):
        yield trail, value
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from _numbers(getattr(value, name), (*trail, info.alias or name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _numbers(inner, (*trail, str(key)))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _numbers(inner, (*trail, index))


# --- basis and confidence -----------------------------------------------------------------------------


def _unfounded(
    model: BaseModel, entries: Mapping[str, Entry], numbers: Mapping[Trail, Any], document: Document
) -> Iterator[Problem]:
    """Yield one problem for each number without basis or confidence, or for a whole block of them."""
    lacks: dict[Trail, tuple[str, ...]] = {}
    for trail in numbers:
        entry = entries[".".join(map(str, trail))]
        lacking = tuple(label for label in _TRUTHS if getattr(entry, label) is None)
        if lacking:
            lacks[trail] = lacking
    for block in _blocks(model, ()) if lacks else ():
        # a choice that nobody wrote brings its own basis and hides nothing
        inside = [
            trail
            for trail in numbers
            if trail[: len(block)] == block and (trail in lacks or not entries[".".join(map(str, trail))].options)
        ]
        missing = {lacks.get(trail) for trail in inside}
        if len(inside) > 1 and len(missing) == 1 and None not in missing:
            labels = lacks[inside[0]]
            remedy = f"add {_keys(labels)} to the block (all its numbers inherit it) or to each number"
            message = f"none of the {len(inside)} numbers in this block has a {' or a '.join(labels)}"
            yield document.problem(block, message, remedy, key=True)
            for trail in inside:
                del lacks[trail]
    for trail, labels in lacks.items():
        remedy = f"add {_keys(labels)} to the number or to a block around it"
        yield document.problem(trail, f"the number has no {' and no '.join(labels)}", remedy, key=True)


def _keys(labels: tuple[str, ...]) -> str:
    return " and ".join(f"`{label}:`" for label in labels)


def _blocks(value: object, trail: Trail) -> Iterator[Trail]:
    """Yield the trails of all blocks that can carry a basis, the outer before the inner."""
    if isinstance(value, BaseModel) and not is_number(value):
        if isinstance(value, Basis):
            yield trail
        for name, info in type(value).model_fields.items():
            yield from _blocks(getattr(value, name), (*trail, info.alias or name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _blocks(inner, (*trail, str(key)))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _blocks(inner, (*trail, index))


# --- bounds -------------------------------------------------------------------------------------------


def _outside(trail: Trail, number: Any, entry: Entry, document: Document) -> Iterator[Problem]:
    """Yield a problem for each end of a number's law that lies outside what the number may be.

    Tails that leave the bounds less than once in a thousand draws on either side are cut off there; a law
    that leaves them more often says something else than the field means.
    """
    told = _Told(timed=_is_duration(document, trail, entry))
    try:
        low, high = _reach(number, entry)
    except (ArithmeticError, ValueError):
        message = f"no values can be drawn from this {entry.law} law: its parts are too extreme"
        yield document.problem(trail, message, "choose parts of more ordinary size and distance")
        return
    for part, bound, reached, word in (("min", entry.ge, low, "least"), ("max", entry.le, high, "most")):
        if bound is None or (reached >= bound if part == "min" else reached <= bound):
            continue
        if entry.constant:
            remedy = "raise it" if part == "min" else "lower it"
            yield document.problem(trail, f"must be at {word} {told(bound)} (found {told(reached)})", remedy)
        else:
            drawn = f"one draw in a thousand of this {entry.law} law reaches {told(reached)}"
            message = f"must be at {word} {told(bound)}, but {drawn}"
            yield document.problem(trail, message, _inside(number, part, told(bound)))


def _reach(number: Any, entry: Entry) -> tuple[float, float]:
    """Return the ends of a law, rare draws left out where they matter; refuse a law that cannot be drawn."""
    low, high = number.support()
    within = (entry.ge is None or low >= entry.ge) and (entry.le is None or high <= entry.le)
    if entry.constant or (within and _is_ordinary(entry)):
        return low, high
    quantile = quantile_function(entry.law, entry.parts)
    reached = (quantile(_RARE), quantile(0.5), quantile(1 - _RARE))
    if not (all(map(math.isfinite, reached)) and reached[0] <= reached[1] <= reached[2]):
        raise ValueError("the law has no quantiles")
    return max(low, reached[0]), min(high, reached[2])


def _is_ordinary(entry: Entry) -> bool:
    """Tell whether a law is so far from extremes that it need not be tried, which takes scipy half a second to load."""
    parts = entry.parts
    if entry.law == "pert":
        return True
    if entry.law == "beta":
        if "p05" in parts:
            return parts["p05"] >= 0.001 and parts["p95"] <= 0.999 and parts["p95"] - parts["p05"] >= 0.01
        return all(0.05 <= shape <= 1000 for shape in parts.values())
    if entry.law == "gamma":
        if "p05" in parts:
            return 1.05 <= parts["p95"] / parts["p05"] <= 1e4
        return 0.1 <= parts["mean"] / parts["sd"] <= 30 and not {"min", "max"} & parts.keys()
    return False


def _inside(number: Any, part: str, bound: str) -> str:
    if part not in number.parts:
        return "take a law with min and max, such as pert, triangular, uniform or a cut lognormal"
    if getattr(number, part) is None:
        return f"add `{part}: {bound}`"
    return f"{'raise' if part == 'min' else 'lower'} its {part}"


class _Told:
    """Writes bounds as people write them: durations of a timed number in ISO 8601."""

    def __init__(self, timed: bool) -> None:
        self._timed = timed

    def __call__(self, value: float) -> str:
        if math.isinf(value):
            return "infinity" if value > 0 else "minus infinity"
        return format_duration(round(value)) if self._timed else f"{value:.4g}"


def _is_duration(document: Document, trail: Trail, entry: Entry) -> bool:
    """Tell whether a number is written as a duration: of those in seconds, all that are written in the file."""
    if entry.unit != "s":
        return False
    data = document.data
    for step in trail:
        if isinstance(data, Mapping):
            data = data.get(str(step))
        else:
            data = data[step] if isinstance(data, list) and isinstance(step, int) else None
    written = data.values() if isinstance(data, Mapping) else (data,)
    return any(isinstance(value, str) and value[:1] in ("P", "-") for value in written)
