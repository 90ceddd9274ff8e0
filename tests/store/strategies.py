"""Logs of arbitrary facts, made by reflection: whatever a kind declares is filled with whatever its types allow."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

import msgspec
from hypothesis import strategies as st

from sim.domain.facts import KINDS, Fact, RunStarted

INTS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.1, -0.0, 5e-324, 1e22, 2.0**53])
ODD = "aZ09-#>@/ ,:;.\"'\\\n\r\t\x00\x7f\u00e9\u2028\u202e\ufeff\U0001f600"
TEXTS = st.text(ODD, max_size=8) | st.sampled_from(["", "north-gate", '"null"', ":null"])
NARROW = st.integers(0, 2**31 - 1)


def of_type(annotation: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a field."""
    plain = {int: INTS, float: FLOATS, str: TEXTS, bool: st.booleans()}
    if annotation in plain:
        return plain[annotation]
    items = get_args(annotation)
    if items[-1] is Ellipsis:
        return st.lists(of_type(items[0]), max_size=3).map(tuple)
    return st.tuples(*map(of_type, items))


@cache
def of_kind(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    """Return a strategy for facts of one kind; their numbers in the log are put right by ``logs``."""
    fields = {name: of_type(type_) for name, type_ in _types(kind).items()}
    because = st.lists(NARROW, max_size=3).map(tuple)
    fields |= {"seq": st.just(0), "cause": NARROW.map(lambda number: number - 1), "because": because}
    return st.fixed_dictionaries(fields).map(lambda given: kind(**given))


def facts() -> st.SearchStrategy[Fact]:
    """Return a strategy for a fact of any kind."""
    return st.sampled_from(sorted(KINDS)).flatmap(lambda name: of_kind(KINDS[name]))


def others() -> st.SearchStrategy[Fact]:
    """Return a strategy for a fact of any kind but the one that begins a log."""
    names = sorted(KINDS.keys() - {RunStarted.__name__})
    return st.sampled_from(names).flatmap(lambda name: of_kind(KINDS[name]))


@st.composite
def logs(draw: st.DrawFn, replication: int = 0) -> list[Fact]:
    """Return a log: RunStarted of a replication, then anything, numbered from 0."""
    start = msgspec.structs.replace(draw(of_kind(RunStarted)), replication=replication, draw=draw(NARROW))
    rest = draw(st.lists(others(), max_size=12))
    return [msgspec.structs.replace(fact, seq=seq) for seq, fact in enumerate([start, *rest])]


def one_of_each() -> list[Fact]:
    """Return a log with one fact of every kind, the same each time."""
    kinds: list[type[Fact]] = [RunStarted, *(kind for kind in KINDS.values() if kind is not RunStarted)]
    return [plain(kind, seq) for seq, kind in enumerate(kinds)]


@cache
def _types(kind: type[Fact]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def plain(kind: type[Fact], seq: int, **given: Any) -> Fact:
    """Return a fact of a kind with small fixed values, but for those given."""
    own = {"seq": seq, "time_s": 60 * seq, "cause": seq - 1, "because": ()}
    fields = {name: _fixed(type_, seq) for name, type_ in _types(kind).items()}
    replication = {"replication": 0, "draw": 0} if kind is RunStarted else {}
    return kind(**{**fields, **own, **replication, **given})


def _fixed(annotation: Any, number: int) -> Any:
    plain_values: dict[Any, Any] = {int: number, float: number + 0.1, str: f"name-{number % 3}", bool: bool(number % 2)}
    if annotation in plain_values:
        return plain_values[annotation]
    items = get_args(annotation)
    if items[-1] is Ellipsis:
        return tuple(_fixed(items[0], number + step) for step in range(number % 3))
    return tuple(_fixed(item, number) for item in items)
