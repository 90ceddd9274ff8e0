"""Facts to typed columns: many logs become one table, fast, with nothing lost.

Rows of one kind stand together, because then most of the wide table's columns are long runs of nothing,
which cost neither time nor space. Within a kind they come by replication and seq.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.domain.facts import Fact, RunStarted
from sim.store.arrays import as_texts
from sim.store.layout import APART, LAYOUT, Column, fact_schema

#: Rows after which a new group of rows begins with the next kind: readers skip whole groups.
GROUP_ROWS = 50_000

_CODES = {kind: code for code, kind in enumerate(LAYOUT)}
_NAMES = as_texts([kind.__name__ for kind in LAYOUT])


class Group(NamedTuple):
    """Some kinds of facts as one table; ``rows`` says how many there are of each, in the table's order."""

    rows: dict[str, int]
    table: Any


class _Growing(ABC):
    """The values of one field of one kind: packed log by log, put together at the end."""

    def __init__(self) -> None:
        self.pieces: list[Any] = []

    @abstractmethod
    def pack(self, values: Sequence[Any]) -> Any:
        """Return values in the form in which they are kept; nothing is changed if that fails."""

    @abstractmethod
    def array(self) -> Any:
        """Return everything that was kept as one Arrow array."""


class _Numbers(_Growing):
    """Numbers of a fixed width. Packing a whole sequence at once is twice as fast as numpy.fromiter."""

    def __init__(self, type_: Any) -> None:
        super().__init__()
        self.type = type_
        self.code = {pa.int32(): "i", pa.int64(): "q", pa.float64(): "d", pa.bool_(): "?"}[type_]

    def pack(self, values: Sequence[Any]) -> bytes:
        return struct.pack(f"={len(values)}{self.code}", *values)

    def array(self) -> Any:
        return pa.array(np.frombuffer(b"".join(self.pieces), self.code), self.type)


class _Ids(dict[str, int]):
    """The number of each text of one column, given when it first comes."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class _Texts(_Growing):
    """Texts as numbers into a dictionary of this kind's own."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = _Ids()

    def pack(self, values: Sequence[str]) -> bytes:
        return struct.pack(f"={len(values)}i", *map(self.ids.__getitem__, values))

    def array(self) -> Any:
        return pa.array(self.numbered(_Ids()), pa.int32())

    def numbered(self, shared: _Ids) -> NDArray[np.int32]:
        """Return the texts as numbers into a dictionary shared with other kinds."""
        translated = np.fromiter(map(shared.__getitem__, self.ids), np.int32, len(self.ids))
        own = np.frombuffer(b"".join(self.pieces), np.int32)
        return np.take(translated, own)


class _Causes(_Growing):
    """Sequences of facts' numbers, most of them empty: how long each is, and all their numbers."""

    def pack(self, values: Sequence[tuple[int, ...]]) -> tuple[bytes, bytes]:
        if not any(values):
            return bytes(4 * len(values)), b""
        flat = list(chain.from_iterable(values))
        return struct.pack(f"={len(values)}i", *map(len, values)), struct.pack(f"={len(flat)}i", *flat)

    def array(self) -> Any:
        lengths, numbers = (np.frombuffer(b"".join(part), "i") for part in zip(*self.pieces, strict=True))
        offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)])
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(numbers, pa.int32()))


class _Nested(_Growing):
    """Sequences of anything else, which few facts have."""

    def __init__(self, type_: Any) -> None:
        super().__init__()
        self.type = type_

    def pack(self, values: Sequence[Any]) -> Any:
        return pa.array(values, self.type)

    def array(self) -> Any:
        return pa.concat_arrays(self.pieces)


class FactColumns:
    """The facts of several logs, column by column, ready to become one table."""

    def __init__(self) -> None:
        self._columns: dict[type[Fact], list[_Growing]] = {}
        self._owners: dict[type[Fact], list[tuple[int, int]]] = {}

    def add(self, replication: int, facts: Sequence[Fact]) -> None:
        """Take in the log of a replication, the whole of it or nothing.

        Raises:
            ValueError: If a value does not fit its column (an integer beyond 64 bits, for example).
        """
        groups: dict[type[Fact], list[Fact]] = defaultdict(list)
        for fact in facts:
            groups[type(fact)].append(fact)
        # One log at a time: its rows are still in the processor's cache when they become columns.
        packed = {kind: self._packed(kind, group) for kind, group in groups.items()}
        for kind, pieces in packed.items():
            self._owners.setdefault(kind, []).append((replication, len(groups[kind])))
            for column, piece in zip(self._columns[kind], pieces, strict=True):
                column.pieces.append(piece)

    def _packed(self, kind: type[Fact], group: Sequence[Fact]) -> list[Any]:
        columns = self._columns.get(kind)
        if columns is None:
            columns = self._columns[kind] = [self._growing(column) for column in LAYOUT[kind]]
        fields: Iterator[Any] = zip(*map(msgspec.structs.astuple, group), strict=True)
        if kind is RunStarted:
            fields = (values for name, values in zip(kind.__struct_fields__, fields, strict=True) if name not in APART)
        try:
            return [column.pack(values) for column, values in zip(columns, fields, strict=True)]
        except (struct.error, OverflowError, TypeError, pa.ArrowException) as error:
            raise ValueError(f"a {kind.__name__} does not fit its columns: {error}") from error

    def _growing(self, column: Column) -> _Growing:
        if column.type == pa.string():
            return _Texts()
        if column.field == "because":
            return _Causes()
        return _Nested(column.type) if pa.types.is_nested(column.type) else _Numbers(column.type)

    def groups(self) -> list[Group]:
        """Return everything taken in, as tables that hold all rows of one or more kinds each."""
        found: list[Group] = []
        kinds: list[type[Fact]] = []
        rows = 0
        for kind in (kind for kind in LAYOUT if kind in self._owners):
            kinds.append(kind)
            rows += self._rows(kind)
            if rows >= GROUP_ROWS:
                found.append(self._group(kinds))
                kinds, rows = [], 0
        return [*found, self._group(kinds)] if kinds or not found else found

    def _rows(self, kind: type[Fact]) -> int:
        return sum(count for _, count in self._owners[kind])

    def _group(self, kinds: Sequence[type[Fact]]) -> Group:
        counts = [self._rows(kind) for kind in kinds]
        present: dict[str, dict[type[Fact], _Growing]] = {}
        for kind in kinds:
            for column, growing in zip(LAYOUT[kind], self._columns[kind], strict=True):
                present.setdefault(column.name, {})[kind] = growing
        runs = np.array([run for kind in kinds for run in self._owners[kind]], np.int32).reshape(-1, 2)
        codes = np.repeat(np.array([_CODES[kind] for kind in kinds], np.int32), counts)
        arrays = {
            "replication": pa.array(np.repeat(runs[:, 0], runs[:, 1])),
            "kind": pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), _NAMES),
        }
        nothing = {type_: pa.nulls(sum(counts), type_) for type_ in {_kept(field.type) for field in fact_schema()}}
        for field in fact_schema():
            if field.name not in arrays:
                parts = present.get(field.name, {})
                pieces = _joined(parts, list(zip(kinds, counts, strict=True)), nothing[_kept(field.type)])
                arrays[field.name] = pa.chunked_array(pieces)
        types = {name: array.type for name, array in arrays.items()}
        schema = pa.schema([pa.field(field.name, types[field.name], field.nullable) for field in fact_schema()])
        rows = {kind.__name__: count for kind, count in zip(kinds, counts, strict=True)}
        return Group(rows, pa.Table.from_arrays([arrays[name] for name in schema.names], schema=schema))


def _kept(type_: Any) -> Any:
    return pa.dictionary(pa.int32(), pa.string()) if type_ == pa.string() else type_


def _joined(parts: Mapping[type[Fact], _Growing], kinds: Sequence[tuple[type[Fact], int]], nothing: Any) -> list[Any]:
    """Return a column piece by piece: what the kinds that have it hold, and runs of nothing between them."""
    shared = _Ids()
    numbers = {kind: part.numbered(shared) for kind, part in parts.items() if isinstance(part, _Texts)}
    texts = pa.array(list(shared), pa.string())
    pieces: list[Any] = []
    gap = 0
    for kind, count in [*kinds, (None, 0)]:
        if kind is not None and kind not in parts:
            gap += count
            continue
        if gap or (kind is None and not pieces):
            pieces.append(_nothing_of(nothing[:gap], texts))
            gap = 0
        if kind in numbers:
            # One dictionary for all pieces: the Parquet writer gives up on dictionaries that change.
            pieces.append(pa.DictionaryArray.from_arrays(pa.array(numbers[kind]), texts))
        elif kind is not None:
            pieces.append(parts[kind].array())
    return pieces


def _nothing_of(nothing: Any, texts: Any) -> Any:
    if pa.types.is_dictionary(nothing.type):
        return pa.DictionaryArray.from_arrays(nothing.indices, texts)
    return nothing
