"""Typed columns to facts again, each exactly as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise, starmap
from typing import Any

import numpy as np
import pyarrow as pa

from sim.domain.facts import KINDS, Fact, RunStarted
from sim.store.columns import Group
from sim.store.layout import LAYOUT

#: The values drawn, by replication.
Drawn = Mapping[int, tuple[tuple[str, float], ...]]


def by_kind(group: Group) -> Iterator[tuple[str, Any]]:
    """Yield each kind of a group with its rows."""
    offset = 0
    for kind, count in group.rows.items():
        yield kind, group.table.slice(offset, count)
        offset += count


def facts_of(kind: str, rows: Any, drawn: Drawn, only: int | None = None) -> Iterator[tuple[int, Fact]]:
    """Yield the rows of one kind as the facts they were, each with its replication.

    Args:
        kind: Its name.
        rows: A table with the columns of that kind, by replication.
        drawn: The values of the replications that are wanted; others get none.
        only: A replication; rows of others are left out.
    """
    made = KINDS[kind]
    if only is not None:
        numbers = rows.column("replication").to_numpy()
        first, last = np.searchsorted(numbers, [only, only + 1])
        rows = rows.slice(first, last - first)
    if not rows.num_rows:
        return
    owners = rows.column("replication").to_numpy().tolist()
    columns = {column.field: values_of(rows.column(column.name).combine_chunks()) for column in LAYOUT[made]}
    if made is RunStarted:
        columns["replication"] = owners
        columns["values"] = [drawn.get(replication, ()) for replication in owners]
    ordered = [columns[name] for name in made.__struct_fields__]
    yield from zip(owners, starmap(made, zip(*ordered, strict=True)), strict=True)


def values_of(array: Any) -> list[Any]:
    """Return the values of a column without nulls as Python holds them: tuples for lists and structs."""
    if pa.types.is_list(array.type):
        items = values_of(array.flatten())
        ends = list(accumulate(array.value_lengths().to_numpy().tolist(), initial=0))
        return [tuple(items[start:end]) if end > start else () for start, end in pairwise(ends)]
    if pa.types.is_struct(array.type):
        return list(zip(*map(values_of, array.flatten()), strict=True))
    if pa.types.is_dictionary(array.type):
        return list(map(array.dictionary.to_pylist().__getitem__, array.indices.to_numpy().tolist()))
    if pa.types.is_string(array.type):
        return list(array.to_pylist())
    return list(array.to_numpy(zero_copy_only=False).tolist())
