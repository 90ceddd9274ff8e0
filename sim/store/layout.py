"""Where each field of each kind of fact stands: the columns of the table of facts.

One table holds the facts of all kinds. The envelope is filled in every row, a field of a kind only in
the rows of the kinds that have it. What a column is called and what it holds follows from the
declaration of the facts, so a new kind or field needs no change here. Two things stand apart:
``RunStarted.values``, which has a table of its own, and ``RunStarted.replication``, which every row
carries anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, get_args

import msgspec
import pyarrow as pa

from sim.domain.facts import KINDS, Fact, RunStarted

#: Columns that every row fills, in their order in the table.
ENVELOPE = ("replication", "seq", "time_s", "kind", "cause", "because")

#: Fields of RunStarted that stand elsewhere than in a column of their own.
APART = ("replication", "values")

_NARROW = {"seq": pa.int32(), "cause": pa.int32(), "because": pa.list_(pa.int32())}


class Column(NamedTuple):
    """Where a field of a kind stands: ``name`` is its column, ``type`` what the column holds."""

    field: str
    name: str
    type: Any


def arrow_type(annotation: Any) -> Any:
    """Return the Arrow type for the type of a field.

    Raises:
        TypeError: If facts may not hold such a thing.
    """
    plain = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), str: pa.string()}
    if annotation in plain:
        return plain[annotation]
    items = get_args(annotation)
    if len(items) == 2 and items[1] is Ellipsis:
        return pa.list_(arrow_type(items[0]))
    if items:
        return pa.struct([(f"item{index}", arrow_type(item)) for index, item in enumerate(items, 1)])
    raise TypeError(f"a fact cannot hold {annotation!r} in a column")


def layout(kinds: Iterable[type[Fact]] = tuple(KINDS.values())) -> dict[type[Fact], tuple[Column, ...]]:
    """Return the columns of each kind, in the order of its fields.

    A word names its column, and has one type in all kinds.

    Raises:
        TypeError: If two kinds use a word for things of two types.
    """
    taken: dict[str, Any] = {}
    found: dict[type[Fact], tuple[Column, ...]] = {}
    for kind in kinds:
        columns = []
        for field in msgspec.structs.fields(kind):
            if kind is RunStarted and field.name in APART:
                continue
            type_ = _NARROW.get(field.name) or arrow_type(field.type)
            if taken.setdefault(field.name, type_) != type_:
                raise TypeError(f"{kind.__name__}.{field.name} has another type than the same word elsewhere")
            columns.append(Column(field.name, field.name, type_))
        found[kind] = tuple(columns)
    return found


LAYOUT = layout()


def fact_schema() -> Any:
    """Return the schema of the table of facts: the envelope, then every other column."""
    types = {column.name: column.type for columns in LAYOUT.values() for column in columns}
    fixed = {"replication": pa.int32(), "kind": pa.string()}
    names = [*ENVELOPE, *(name for name in types if name not in ENVELOPE)]
    return pa.schema([pa.field(name, fixed.get(name) or types[name], nullable=name not in ENVELOPE) for name in names])


#: The columns that hold texts.
TEXTS = tuple(field.name for field in fact_schema() if field.type == pa.string())
