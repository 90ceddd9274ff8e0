"""What pydantic says about a file, in users' words: where, what was found, what was expected, what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.domain.terms import parse_duration
from sim.errors import Problem
from sim.scenario.anatomy import LABELS, LAWS, PARTS, Slot, of_model, option_slot
from sim.scenario.distributions import LAW_NAMES
from sim.scenario.documents import TOLD_MAX, Document, Trail, dotted
from sim.scenario.spelling import did_you_mean, nearest

#: What the patterns of ids and the like mean in words; another pattern is shown as it is.
_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]*$": ("lower-case letters, digits and hyphens", ""),
    r"^[A-Za-z0-9][A-Za-z0-9-]*$": ("letters, digits and hyphens", ""),
    r"^#[0-9a-fA-F]{6}$": ("a colour such as '#3366cc'", "write # and six hexadecimal digits, in quotes"),
    r"^[a-z0-9-]+\+[a-z0-9-]+$": ("two ids of sides joined by +", "write for example north+south"),
    r"^R[0-9]{3}$": ("the code of a rule such as R101", "`sim lint --rules` lists them"),
    r"^([^*\s]+\*?|\*)$": ("a dotted path, or the beginning of one and *", "write for example forces.garrison.*"),
}
#: What to do about a value that a check of its own refused, by a part of what the check says.
_REMEDIES = (
    (r"must be below", "swap the two, or correct one of them"),
    (r"must lie between", "move the mode between the two ends, or the ends apart"),
    (r"^give either", "give one of the two pairs whole, and nothing of the other"),
    (r"must be above 0", "give a value above 0, or take another law"),
    (r"is not a number$", "write each value as a number, such as 5 or 0.2"),
    (r"^the weight of", "give every value a weight of 0 or more"),
    (r"weights must not all be 0", "give one of the values a weight above 0"),
    (r"is not an ISO 8601 duration", "write hours as PT6H, days as P3D, both as P1DT6H"),
)
_TYPE_WORDS = {
    "string": "text",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "dict": "a mapping of keys to values",
    "model": "a mapping of keys to values",
    "model_attributes": "a mapping of keys to values",
    "tuple": "a list",
    "list": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "datetime": "a moment such as 2020-05-01T06:00+04:30",
}
_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}
#: Parts of all laws: keys that show that a distribution was meant.
_PARTS = tuple(dict.fromkeys(part for law in ("pert", *LAWS) for part in PARTS[law] if part != "value"))

Said = tuple[str, str]


def complaints(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Problem]:
    """Return every error of a validation as a problem at its place; of many hundreds only the first."""
    problems: list[Problem] = []
    without_law: set[Trail] = set()
    missing: dict[Trail, Problem] = {}
    misspelt: set[Trail] = set()
    for one in error.errors(include_url=False)[: 2 * TOLD_MAX]:
        place = _Place(document, of_model(model), one["loc"])
        if place.number is not None and place.lacks_law:
            if place.number not in without_law:
                without_law.add(place.number)
                problems.extend(_without_law(document, place.number))
            continue
        message, remedy = _said(one, place)
        spot = document.spot(place.found_at or place.trail, place.at_key)
        problem = Problem(*spot, dotted(place.trail), message, remedy)
        if one["type"] == "missing":
            missing[place.trail] = problem
            continue
        problems.append(problem)
        if one["type"] == "extra_forbidden" and (meant := re.fullmatch(r"did you mean '(.*)'\?", remedy)):
            misspelt.add((*place.trail[:-1], meant[1]))
    return problems + [problem for trail, problem in missing.items() if trail not in misspelt]


class _Place:
    """Where an error lies, after the labels that pydantic adds to locations are taken out.

    ``trail`` leads to the value, ``slot`` is what the schema says of it, ``holder`` of what holds it;
    ``number`` is the trail of the number that the error lies in. The value of a constant is called by the
    number's own path, but ``found_at`` its key.
    """

    def __init__(self, document: Document, top: Slot, location: Iterable[str | int]) -> None:
        self.trail: Trail = ()
        self.found_at: Trail = ()
        self.slot: Slot | None = top
        self.holder: Slot | None = None
        self.data: Any = document.data
        self.holder_data: Any = None
        self.number: Trail | None = None
        self.number_slot: Slot | None = None
        self.at_key = False
        self.lacks_law = False
        for step in location:
            self._follow(step)

    def _follow(self, step: str | int) -> None:
        slot = self.slot
        if step == "[key]":
            self.at_key = True
        elif slot is not None and slot.shape == "number":
            self._into_law(slot, str(step))
        elif slot is not None and slot.shape == "choice":
            self.slot = option_slot(slot, str(step))
        elif self.number is not None and not isinstance(self.data, Mapping):
            pass  # a bare number is checked as {value: it}: the place is the number itself
        elif self.number == self.trail and step == "value" and "value" in self.data:
            self.found_at, self.slot, self.data = (*self.trail, step), self.number_slot, self.data["value"]
        else:
            self.trail = (*self.trail, step)
            self.holder, self.slot = slot, slot.step(step) if slot is not None else None
            self.holder_data, self.data = self.data, _at(self.data, step)

    def _into_law(self, slot: Slot, law: str) -> None:
        self.number, self.number_slot = self.trail, slot
        written = isinstance(self.data, Mapping)
        self.lacks_law = written and "dist" not in self.data and "value" not in self.data
        model = dict(slot.laws).get(law)
        # A bare number keeps the field's own slot, which knows its unit and whether it is a duration.
        if written and model is not None:
            self.slot = Slot("block", model, slot.info, model=model)

    def advice(self) -> str:
        """Return what to do where nothing better is known: write what the schema says the value means."""
        said = self.description()
        return f"write what it should be ({said})" if said else "write what it should be"

    def description(self) -> str:
        """Return what the schema says the value means."""
        if self.slot is None:
            return ""
        said = self.slot.info.description if self.slot.info is not None else None
        if not said and self.slot.model is not None and self.slot.model.__doc__:
            said = self.slot.model.__doc__.partition("\n")[0]
        return (said or "").rstrip(".")


def _at(data: Any, step: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(str(step))
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _without_law(document: Document, trail: Trail) -> Iterator[Problem]:
    data = document.data
    for step in trail:
        data = _at(data, step)
    parts = [key for key in _PARTS if key in data]
    for key in data:
        if key not in _PARTS and key not in LABELS:
            known = ("dist", "value", *sorted(_PARTS), *LABELS)
            near = nearest(key, known)
            remedy = f"did you mean {near[0]!r}?" if near else "a number has value, or dist and its parts, and a basis"
            yield document.problem((*trail, key), f"unknown key {key!r}", remedy, key=True)
            if near and near[0] in ("dist", "value"):
                return
    if parts:
        message = f"{' and '.join(parts)} of a distribution without its law"
        yield document.problem(trail, message, f"add `dist:`, one of {', '.join(LAW_NAMES[1:])}", key=True)
    else:
        yield document.problem(trail, "a number without a value", "add `value:`, or `dist:` and its parts", key=True)


# --- one error in words -----------------------------------------------------------------------------


def _said(error: Any, place: _Place) -> Said:
    kind: str = error["type"]
    if kind in _SAYERS:
        return _SAYERS[kind](error, place)
    context = error.get("ctx", {})
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        remedy = "raise it" if kind.startswith("greater") else "lower it"
        written = place.data if isinstance(place.data, str) else error["input"]  # a duration is told as it is written
        return f"must be {word} {context[name]:g} (found {found(written)})", remedy
    expected = _TYPE_WORDS.get(kind.removesuffix("_type"))
    if expected is not None:
        return _wrong_type(error, place, expected)
    return f"{error['msg'][:1].lower()}{error['msg'][1:]} (found {found(error['input'])})", place.advice()


def _missing(_: Any, place: _Place) -> Said:
    place.at_key = True
    key, meaning = place.trail[-1], place.description()
    law = place.holder_data.get("dist") if isinstance(place.holder_data, Mapping) else None
    if place.number is not None and law is not None:
        return f"{_with_article(law)} distribution needs {key!r}", f"add `{key}:`"
    return f"the key {key!r} is missing", f"add `{key}:`" + (f" ({meaning})" if meaning else "")


def _unknown(_: Any, place: _Place) -> Said:
    place.at_key = True
    key = str(place.trail[-1])
    known = place.holder.keys() if place.holder is not None else ()
    if place.number is not None and isinstance(place.holder_data, Mapping):
        law = place.holder_data.get("dist", "constant")
        parts = [part for part in known if part not in LABELS and part != "dist"]
        near = nearest(key, [part for part in known if part not in place.holder_data]) or nearest(key, known)
        otherwise = f"it takes {', '.join(parts)} (and basis, refs, confidence, note, unit)"
        remedy = f"did you mean {near[0]!r}?" if near else otherwise
        what = "number" if law == "constant" else "distribution"
        return f"unknown part {key!r} of {_with_article(law)} {what}", remedy
    given = place.holder_data if isinstance(place.holder_data, Mapping) else {}
    near = nearest(key, [word for word in known if word not in given]) or nearest(key, known)
    return f"unknown key {key!r}", f"did you mean {near[0]!r}?" if near else did_you_mean(key, known)


def _literal(error: Any, _: _Place) -> Said:
    expected = error["ctx"]["expected"]
    options = re.findall(r"'([^']*)'", expected)
    value = error["input"]
    near = nearest(value, options) if isinstance(value, str) else []
    remedy = f"did you mean {near[0]!r}?" if near else "write one of them"
    return f"must be {_listed(options) if options else expected} (found {found(value)})", remedy


def _pattern(error: Any, place: _Place) -> Said:
    pattern, value = error["ctx"]["pattern"], error["input"]
    expected, remedy = _PATTERNS.get(pattern, (f"text like {pattern}", place.advice()))
    what = "the id" if place.at_key else "the text"
    near = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
    return f"{what} must be {expected} (found {found(value)})", remedy or f"write {near or 'a word'!r}"


def _law(error: Any, place: _Place) -> Said:
    value = error["input"].get("dist") if isinstance(error["input"], Mapping) else error["input"]
    place.trail = (*place.trail, "dist")
    return f"unknown distribution (found {found(value)})", did_you_mean(str(value), LAW_NAMES[1:])


def _value(error: Any, place: _Place) -> Said:
    text = str(error["ctx"]["error"]) if "error" in error.get("ctx", {}) else error["msg"]
    if isinstance(place.data, Mapping) and place.slot is not None and place.slot.shape == "number":
        for part, value in place.data.items():  # the check saw the whole number: point at the part it speaks of
            if text.startswith(repr(value)):
                place.trail = (*place.trail, part)
                break
    elif isinstance(place.data, str) and repr(place.data) not in text:
        text = f"{text} (found {found(place.data)})"
    if place.number_slot is not None and place.number_slot.duration:
        text = _as_written(text, place.data)
    message, _, remedy = text.partition("; ")
    if not remedy and ": write " in message:
        message, _, advice = message.partition(": write ")
        return message, f"write {advice}"
    known = (advice for words, advice in _REMEDIES if re.search(words, message))
    return message, remedy or next(known, place.advice())


def _as_written(text: str, data: object) -> str:
    """Return a message about the parts of a duration with these as they are written, not in seconds."""
    for part, value in data.items() if isinstance(data, Mapping) else ():
        if isinstance(value, str):
            text = re.sub(rf"\b{re.escape(part)} -?[0-9][-+.0-9e]*", f"{part} {value}", text)
            text = re.sub(rf"^({re.escape(part)} must be .*, found) -?[0-9][-+.0-9e]*$", rf"\1 {value}", text)
    weighed = re.match(r"the weight of (\S+) is", text)
    weights = data.get("weights") if isinstance(data, Mapping) else None
    if weighed and isinstance(weights, Mapping):
        for time in weights:
            if f"{parse_duration(time):g}" == f"{float(weighed[1]):g}":
                text = text.replace(weighed[1], time, 1)
    return text


def _too_short(error: Any, _: _Place) -> Said:
    least, actual = error["ctx"]["min_length"], error["ctx"].get("actual_length")
    if error["type"] == "string_too_short":
        return "the text is empty" if least == 1 else f"must have at least {least} characters", "write something"
    entries = "entry" if least == 1 else "entries"
    return f"needs at least {least} {entries} (found {actual})", "add what is missing"


def _too_long(error: Any, _: _Place) -> Said:
    most, actual = error["ctx"]["max_length"], error["ctx"].get("actual_length")
    if error["type"] == "string_too_long":
        return f"must have at most {most} characters (found {len(error['input'])})", "shorten it"
    return f"may have at most {most} entries (found {actual})", "remove some"


def _wrong_type(error: Any, place: _Place, expected: str) -> Said:
    value = error["input"]
    slot = place.slot
    if slot is not None and slot.shape == "number":
        expected = "a duration such as PT6H, or a distribution" if slot.duration else "a number or a distribution"
    return f"must be {expected} (found {found(value)})", _advice(value, expected, slot)


def _advice(value: object, expected: str, slot: Slot | None) -> str:
    if value is None:
        hash_lost = slot is not None and "colour" in f"{slot.info.description if slot.info else ''}".lower()
        return "put it in quotes: # begins a comment" if hash_lost else "write a value, or remove the key"
    if "number" in expected and isinstance(value, str):
        return _advice_on_digits(value, slot)
    if expected == "true or false" and str(value).lower() in ("yes", "on", "y", "1"):
        return "write true"
    if expected == "true or false" and str(value).lower() in ("no", "off", "n", "0"):
        return "write false"
    if expected == "text" and isinstance(value, bool | int | float):
        return "put it in quotes"
    if expected == "a list" and isinstance(value, str | int | float):
        return f"write [{value}]"
    if expected.startswith("a mapping"):
        return "write its keys and values below it, indented" if isinstance(value, str | int | float) else "write keys"
    return f"write {expected}"


def _advice_on_digits(value: str, slot: Slot | None) -> str:
    plain = value.strip().replace("_", "").replace(",", "").replace(" ", "")
    if _is_finite(value):
        return "remove the quotes"
    if re.fullmatch(r"[-+]?(0,\d+|\d+,(?!\d{3}$)\d+)", value):
        return f"write {value.replace(',', '.')}: a point stands before decimals"
    if _is_finite(plain):
        return f"write {plain}: digits are not grouped"
    if value.endswith("%") and _is_finite(value[:-1]):
        return f"write {float(value[:-1]) / 100:g}"
    unit = slot.extra("unit") if slot is not None else None
    return f"write a bare number (unit: {unit})" if unit and re.match(r"P[\dT]", value) else "write digits only"


def _is_finite(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?", text) is not None


_SAYERS: dict[str, Callable[[Any, _Place], Said]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _literal,
    "string_pattern_mismatch": _pattern,
    "law": _law,
    "value_error": _value,
    "assertion_error": _value,
    "string_too_short": _too_short,
    "too_short": _too_short,
    "string_too_long": _too_long,
    "too_long": _too_long,
    "none_required": lambda error, _: (f"is not allowed here (found {found(error['input'])})", "remove it"),
    "finite_number": lambda *_: ("must be a finite number", "write a finite one"),
    "int_from_float": lambda error, _: (f"must be a whole number (found {found(error['input'])})", "round it"),
}


def found(value: object) -> str:
    """Return a value in a few words: as written where it is short, else what it is."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else f"{value[:50]!r}..."
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _listed(options: list[str]) -> str:
    return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"


def _with_article(law: str) -> str:
    return f"{'an' if law == 'exponential' else 'a'} {law}"
