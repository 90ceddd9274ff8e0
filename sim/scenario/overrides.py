"""``--set path=value``: one number, text or block of a scenario changed from outside its files.

The path is the dotted path of ``sim describe --assumptions``, or that of a part (``....mode``) or label
(``....basis``); the value is YAML. It becomes a layer over the files, by the rules of ``layers``. A path
that the schema knows may be set although no file does; a wrong one is refused with the nearest right ones.
``path=null`` removes an entry or an optional key. A number that is new, or gets a new law without saying
on what it rests, carries the basis "set on the command line" with low confidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import Problem, ProblemsFound
from sim.scenario.anatomy import LABELS, Slot
from sim.scenario.documents import Document, Spot, Trail, dotted
from sim.scenario.spelling import did_you_mean, nearest
from sim.scenario.yaml_source import parse_value

BASIS = {"basis": "set on the command line", "confidence": "low"}
_NULLS = ("null", "Null", "NULL", "~")


@dataclass(frozen=True, slots=True)
class Override:
    """One ``path=value`` as typed; ``name`` is how messages call it."""

    name: str
    path: str
    value: Any
    document: Document


class _WrongPath(ValueError):
    """A path leads nowhere; ``at`` counts its steps that are right."""

    def __init__(self, message: str, at: int, known: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.at = at
        self.known = known


def read_overrides(texts: Sequence[str]) -> list[Override]:
    """Return overrides with their values read.

    Raises:
        ProblemsFound: With every text that is no ``path=value`` or whose value is no YAML.
    """
    problems: list[Problem] = []
    overrides: list[Override] = []
    for text in texts:
        try:
            overrides.append(_read(text))
        except ProblemsFound as found:
            problems.extend(found.problems)
    if problems:
        raise ProblemsFound(problems)
    return overrides


def _read(text: str) -> Override:
    name = f"--set {text}"
    path, equals, written = text.partition("=")
    path = path.strip()
    if not equals or not path or "" in path.split("."):
        example = "write for example --set movement.time_factor=1.5"
        raise ProblemsFound([Problem(name, 0, 0, "", "is not path=value", example)])
    try:
        document = parse_value(written, name)
        if document.problems:
            raise ProblemsFound(document.problems)
    except ProblemsFound as found:
        raise ProblemsFound(
            [Problem(name, 0, 0, path, f"the value: {problem.message}", problem.remedy) for problem in found.problems]
        ) from None
    if document.data is None and written.strip() not in _NULLS:
        otherwise = f"write --set {path}=VALUE, or {path}=null to remove it"
        remedy = "quote a value that begins with #" if "#" in written else otherwise
        raise ProblemsFound([Problem(name, 0, 0, path, "there is no value", remedy)])
    return Override(name, path, document.data, document)


def as_layer(override: Override, data: Mapping[str, Any], top: Slot) -> Document:
    """Return an override as a layer over data that a schema describes.

    Raises:
        ProblemsFound: If the path is wrong; the remedy names the nearest right ones.
    """
    segments = override.path.split(".")
    try:
        if segments[0] == "extends":
            raise _WrongPath("what a scenario extends stands in its file", 0)
        trail, slot, present = _resolve(segments, data, top)
        shape = slot.shape if slot is not None and not isinstance(override.value, Mapping | None) else ""
        if shape == "map":
            message = f"{override.path!r} holds entries by id, no single value"
            raise _WrongPath(message, len(segments), tuple(present or ()))
        if shape == "block" and present is None:
            raise _WrongPath(f"no such path {override.path!r}", len(segments) - 1, _siblings(trail, data, top))
    except _WrongPath as wrong:
        remedy = _advice(segments, wrong, data, top)
        raise ProblemsFound([Problem(override.name, 0, 0, "", str(wrong), remedy)]) from None
    value = override.value
    if slot is not None and slot.shape == "number":
        value = _with_basis(value, present)
    spot = Spot(override.name, 0, 0)
    nested: Any = value
    for step in reversed(trail):
        nested = {step: nested}
    spots = {trail[:length]: spot for length in range(len(trail) + 1)}
    return Document(override.name, nested, spots, spots)


def _with_basis(value: Any, present: Any) -> Any:
    if isinstance(value, Mapping):
        new_law = bool({"dist", "value"} & value.keys())
        return {**value, **BASIS} if new_law and "basis" not in value else value
    return {"value": value, **BASIS} if present is None and value is not None else value


def _resolve(segments: Sequence[str], data: Any, top: Slot) -> tuple[Trail, Slot | None, Any]:
    """Return the trail of a path, what the schema says of its end, and what is there now."""
    trail: Trail = ()
    slot: Slot | None = top
    at = 0
    while at < len(segments):
        if slot is None:
            raise _WrongPath(f"no such path {dotted(tuple(segments))!r}: {dotted(trail)} has no parts", at)
        key, taken = _key(segments, at, slot, data)
        if not taken and slot.shape == "number":
            raise _WrongPath(f"the number {dotted(trail)} has no part {key!r}", at, _keys(slot, data))
        if not taken:
            raise _WrongPath(f"no such path {dotted(tuple(segments))!r}", at, _keys(slot, data))
        if slot.shape == "number" and key == "value" and at + taken == len(segments):
            break  # the value of a constant is the number itself
        slot = slot.step(key)
        data = data.get(key) if isinstance(data, Mapping) else None
        trail, at = (*trail, key), at + taken
    return trail, slot, data


def _key(segments: Sequence[str], at: int, slot: Slot, data: Any) -> tuple[str, int]:
    """Return the key that the next segments name and how many they are; 0 where it is none."""
    key = segments[at]
    if slot.shape == "block":
        return key, int(slot.field(key) is not None and key != "extends")
    if slot.shape == "number":
        if at + 1 < len(segments) and key == "weights":
            raise _WrongPath("the weights of a discrete law are set as a whole", at + 1)
        return key, int(key == "value" or key in _keys(slot, data))
    if slot.shape != "map":
        what = "a list is set as a whole" if slot.shape == "list" else "there are no parts"
        raise _WrongPath(f"no such path {dotted(tuple(segments))!r}: {what}", at)
    for end in range(len(segments), at, -1):
        joined = ".".join(segments[at:end])
        if isinstance(data, Mapping) and joined in data:
            return joined, end - at
    inner = slot.step(key)
    return key, int(at + 1 == len(segments) or (inner is not None and inner.shape != "block"))


def _keys(slot: Slot, data: Any) -> tuple[str, ...]:
    if slot.shape == "number":
        law = slot.law(data)
        return tuple(law.model_fields) if law is not None else ()
    return slot.keys() if slot.shape == "block" else tuple(data or ())


def _siblings(trail: Trail, data: Any, top: Slot) -> tuple[str, ...]:
    _, holder, present = _resolve([str(step) for step in trail[:-1]], data, top)
    return _keys(holder, present) if holder is not None else ()


def _advice(segments: Sequence[str], wrong: _WrongPath, data: Mapping[str, Any], top: Slot) -> str:
    right, rest = segments[: wrong.at], segments[wrong.at + 1 :]
    if wrong.at < len(segments):
        for key in nearest(segments[wrong.at], wrong.known, 3):
            candidate = [*right, key, *rest]
            if _leads_somewhere(candidate, data, top):
                return f"did you mean {'.'.join(candidate)!r}?"
    if wrong.at and wrong.known and str(wrong).startswith("the number"):
        return f"its parts: {', '.join(key for key in wrong.known if key not in (*LABELS, 'dist'))}"
    if not wrong.known:
        return f"set {'.'.join(right)!r}" if right else "write it there"
    path = ".".join(segments)
    paths = list(_paths(data, top, ()))
    ending = [known for known in paths if known.endswith(f".{path}")]
    near = ending[:3] or nearest(path, paths, 3)
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return did_you_mean(segments[min(wrong.at, len(segments) - 1)], wrong.known)


def _leads_somewhere(segments: Sequence[str], data: Mapping[str, Any], top: Slot) -> bool:
    try:
        _resolve(segments, data, top)
    except _WrongPath:
        return False
    return True


def _paths(data: Any, slot: Slot | None, trail: Trail) -> Iterator[str]:
    """Yield every path that may be set below a trail, given or not."""
    if slot is None or slot.shape not in ("block", "map"):
        yield dotted(trail)
        return
    for key in _keys(slot, data):
        inner = data.get(key) if isinstance(data, Mapping) else None
        if inner is not None:
            yield from _paths(inner, slot.step(key), (*trail, key))
        elif slot.shape == "block" and (*trail, key) != ("extends",):
            yield dotted((*trail, key))
