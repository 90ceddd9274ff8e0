"""YAML 1.2 as plain data, with the place in the file of every key and value.

What is read: one document whose top is a mapping, by the core schema (``true`` and ``false`` are the only
booleans, dates stay text, ``0o17`` and ``0x1f`` are integers, ``1_000`` is text). Keys are text as written.
Small anchors and aliases may be used. What is refused, each with its line and column: tags, merge keys,
directives, duplicate keys, keys that are not plain words, NaN and infinities, numbers beyond 2**53, more
than one document, nesting deeper than 40, more than 50,000 words and signs, and aliases that unfold to more
than 30,000 values or 1 MiB of text.
"""

from __future__ import annotations

import gc
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import Problem, ProblemsFound
from sim.scenario.complaints import complaints
from sim.scenario.documents import Document, Spot, Trail, dotted, in_order
from sim.scenario.files import read_text, unprintable
from sim.scenario.yaml_nodes import DEPTH_MAX, TOO_DEEP, Mark, Node, compose

__all__ = [
    "VALUES_MAX",
    "WHOLE_MAX",
    "Document",
    "in_order",
    "parse_value",
    "parse_yaml",
    "plain_scalar",
    "read_yaml",
    "validate",
]

VALUES_MAX = 30_000
#: Twice what a file may hold without aliases.
TEXT_MAX = 1 << 20
KEY_MAX = 200
WHOLE_MAX = 2**53

Model = TypeVar("Model", bound=BaseModel)

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_yaml(path: str | Path, shown: str | None = None) -> Document:
    """Return the plain data of a YAML file with its positions.

    Raises:
        ProblemsFound: If the file cannot be read as one YAML mapping at all; smaller problems are kept
            in the document and raised by ``validate``.
    """
    shown = str(path) if shown is None else shown
    document = parse_yaml(read_text(path, shown), shown)
    if document.data is None:
        raise ProblemsFound([Problem(shown, 0, 0, "", "the file is empty", "write a mapping of keys to values")])
    if not isinstance(document.data, dict):
        found = "a list" if isinstance(document.data, list) else "a single value"
        spot = document.spot(())
        message = f"the file must be a mapping of keys to values (found {found})"
        raise ProblemsFound([Problem(*spot, "", message, "write `key: value` lines")])
    return document


@lru_cache(maxsize=16)
def parse_yaml(text: str, shown: str) -> Document:
    """Return the plain data of a YAML text of any shape, with its positions.

    The same text is parsed once: variants and repeated loads share what they extend.
    """
    return parse_value(text, shown)


def parse_value(text: str, shown: str) -> Document:
    """Return what ``parse_yaml`` does, and keep nothing: a few values would push out the files that are kept."""
    with _collector_resting():
        root = compose(text, shown)
        unfolding = _Unfolding(shown)
        data = unfolding.unfold(root, ()) if root is not None else None
    return Document(shown, data, unfolding.keys, unfolding.values, tuple(dict.fromkeys(unfolding.problems)))


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Let the garbage collector rest: what a text becomes is kept to its end, and a quarter of the time went there."""
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()


def validate(document: Document, model: type[Model]) -> Model:
    """Return the document as a model.

    Raises:
        ProblemsFound: With everything that is wrong, in the order of the file.
    """
    problems = list(document.problems)
    valid: Model | None = None
    try:
        valid = model.model_validate(document.data)
    except ValidationError as error:
        known = {(problem.file, problem.line, problem.column) for problem in problems}
        more = complaints(error, document, model)
        problems += [problem for problem in more if (problem.file, problem.line, problem.column) not in known]
    if problems or valid is None:
        raise ProblemsFound(in_order(problems))
    return valid


def plain_scalar(text: str) -> str | int | float | bool | None:
    """Return what an unquoted word means by the core schema of YAML 1.2.

    An integer with more than 30 digits is cut to a larger one than any that is allowed.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        if text.startswith(("0o", "0x")):
            return int(text[:32], 0)
        digits = int(text.lstrip("+-0")[:30] or "0")
        return -digits if text[0] == "-" else digits
    if _NOT_FINITE.fullmatch(text):
        return math.nan if text[-1] in "nN" else math.inf
    return float(text) if _FLOAT.fullmatch(text) else text


# --- from nodes to plain data: scalars, keys, positions ---------------------------------------------


class _Unfolding:
    """Turns nodes into plain data and notes where everything stands."""

    def __init__(self, shown: str) -> None:
        self.keys: dict[Trail, Spot] = {}
        self.values: dict[Trail, Spot] = {}
        self.problems: list[Problem] = []
        self._shown = shown
        self._length = 0

    def unfold(self, node: Node, trail: Trail) -> Any:
        spot = self._spot(node.mark)
        self.values.setdefault(trail, spot)
        self._length += len(node.text)
        if len(self.values) > VALUES_MAX or self._length > TEXT_MAX:
            most = f"{VALUES_MAX:,} values" if self._length <= TEXT_MAX else f"{TEXT_MAX:,} characters"
            message = f"the file unfolds to more than {most}"
            raise ProblemsFound([Problem(*spot, dotted(trail), message, "use fewer aliases (*), or split the file")])
        if len(trail) > DEPTH_MAX:  # each text is flatter, but aliases stack what they stand for
            raise ProblemsFound([Problem(*spot, dotted(trail), TOO_DEEP, "use fewer aliases (*)")])
        if node.target is not None:
            return self.unfold(node.target, trail)
        if node.tag:
            self._note(spot, trail, f"the tag {node.tag} is not supported", "remove it: values are plain YAML")
        if node.kind == "list":
            items = []
            for index, item in enumerate(node.items):
                inner = (*trail, index)
                self.keys[inner] = self._spot(item.mark)
                items.append(self.unfold(item, inner))
            return items
        return self._mapping(node, trail) if node.kind == "map" else self._scalar(node, spot, trail)

    def _mapping(self, node: Node, trail: Trail) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.items:
            word = key.target if key.target is not None else key
            spot = self._spot(key.mark)
            if word.kind != "scalar" or not 0 < len(word.text) <= KEY_MAX or word.tag:
                message = f"a key must be a plain word of at most {KEY_MAX} characters"
                self._note(spot, trail, message, "write `key: value`")
            elif word.text == "<<" and word.plain:
                self._note(spot, trail, "merge keys (<<) are not YAML 1.2", "write the keys out, or use `extends:`")
            elif word.text in found:
                first = self.keys[*trail, word.text].line
                inner = (*trail, word.text)
                self._note(spot, inner, f"the key is given twice (first in line {first})", "remove one of them")
            else:
                inner = (*trail, word.text)
                self._text(word.text, spot, inner)
                self.keys[inner] = spot
                found[word.text] = self.unfold(value, inner)
        return found

    def _scalar(self, node: Node, spot: Spot, trail: Trail) -> Any:
        text = node.text
        value = plain_scalar(text) if node.plain else text
        if isinstance(value, float) and not math.isfinite(value):
            self._note(spot, trail, f"{text} is not a finite number", "write a finite one, or quote it if it is text")
            return text
        if isinstance(value, int | float) and abs(value) > WHOLE_MAX:
            self._note(spot, trail, "the number is too large (beyond 2**53)", "quote it if it is text")
            return text
        return self._text(value, spot, trail) if isinstance(value, str) else value

    def _text(self, text: str, spot: Spot, trail: Trail) -> str:
        for problem in unprintable(text, self._shown):
            self._note(spot, trail, problem.message, problem.remedy)
            break
        return text

    def _note(self, spot: Spot, trail: Trail, message: str, remedy: str) -> None:
        self.problems.append(Problem(*spot, dotted(trail), message, remedy))

    def _spot(self, mark: Mark) -> Spot:
        return Spot(self._shown, mark.line + 1, mark.column + 1)
