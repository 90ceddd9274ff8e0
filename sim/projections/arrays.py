"""Facts of many replications as arrays, kind by kind, and shares of replications with how far their draws differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.domain.terms import DAY
from sim.projections.spread import Floats, Ints, draw_codes
from sim.scenario.schema import Scenario
from sim.store.arrays import as_numpy, rows_of

#: So many campaigns are read at most: a share of two thousand is known to two per cent, and memory has a bound.
READ_MAX = 2000
_AT_ONCE = 500


class FactsInParts(Protocol):
    """What a batch must offer here: its scenario, its outcomes and its facts, some replications at a time."""

    @property
    def scenario(self) -> Scenario:
        """Return the scenario of the batch."""

    def outcomes(self) -> Any:
        """Return one row per replication."""

    def facts_in_parts(
        self, kinds: Any = None, replications: Any = None, columns: Any = None, *, at_once: int = 2000
    ) -> Iterator[tuple[Sequence[int], Any]]:
        """Yield the numbers of some replications with some columns of their facts as a table, ascending."""


@dataclass(frozen=True, slots=True)
class Read:
    """Which replications are read, ascending, and the number of each one's draw, counted from 0 without gaps."""

    replications: tuple[int, ...]
    draws: Ints

    def __len__(self) -> int:
        return len(self.replications)


def read_of(batch: FactsInParts, at_most: int = READ_MAX) -> Read:
    """Return the finished replications of a batch, or those of draws evenly spaced over it where they are too many."""
    rows = batch.outcomes().select(["replication", "draw", "status"]).to_pylist()
    done = sorted((row["replication"], row["draw"]) for row in rows if row["status"] == "done")
    draws = np.array([draw for _, draw in done], dtype=np.int64)
    step = -(-len(done) // at_most)
    kept = draw_codes(draws) % step == 0 if step > 1 else np.ones(len(done), dtype=bool)
    numbers = tuple(number for (number, _), keep in zip(done, kept.tolist(), strict=True) if keep)
    return Read(numbers, draw_codes(draws[kept]))


class Kinds:
    """Some facts, kind by kind; the facts of one kind in one replication stand in their order.

    Columns of words become numbers in the order of a list of names; what is not in the list is -1.
    """

    def __init__(self, table: Any, read: Read) -> None:
        self._table = table
        self._whole: dict[str, Ints] = {}
        self._coded: dict[str, tuple[Ints, list[str]]] = {}
        codes, names = _coded(table.column("kind"))
        self._rows = {name: np.flatnonzero(codes == code) for code, name in enumerate(names)}
        self._numbers = np.array(read.replications, dtype=np.int64)
        self.replications = len(self._numbers)

    def count(self, kind: str) -> int:
        """Return how many facts of a kind there are."""
        return len(self._rows.get(kind, ()))

    def ints(self, kind: str, column: str) -> Ints:
        """Return a column of whole numbers."""
        if not self.count(kind):
            return np.empty(0, dtype=np.int64)
        if column not in self._whole:
            self._whole[column] = as_numpy(self._table.column(column)).astype(np.int64)
        return self._whole[column][self._rows[kind]]

    def rep(self, kind: str) -> Ints:
        """Return the position of each fact's replication among those that are read."""
        return np.searchsorted(self._numbers, self.ints(kind, "replication"))

    def day(self, kind: str, days: int) -> Ints:
        """Return the first day at whose end each fact has happened, counted from 0."""
        return np.clip(-(-self.ints(kind, "time_s") // DAY) - 1, 0, days - 1)

    def words(self, kind: str, column: str) -> tuple[Ints, list[str]]:
        """Return a column of words as numbers of a list of its own."""
        if not self.count(kind):
            return np.empty(0, dtype=np.int64), []
        if column not in self._coded:
            self._coded[column] = _coded(self._table.column(column))
        codes, words = self._coded[column]
        return codes[self._rows[kind]], words

    def named(self, kind: str, column: str, names: dict[str, int]) -> Ints:
        """Return a column of words as the numbers of their names, -1 where there is none."""
        codes, words = self.words(kind, column)
        return np.array([names.get(word, -1) for word in [*words, ""]], dtype=np.int64)[codes]

    def pairs(self, kind: str, column: str) -> tuple[Ints, Ints, list[str], Ints]:
        """Return a column of lists of (word, number, ...) flat: row, word as a number, words, sum of the numbers."""
        if not self.count(kind):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), [], np.empty(0, dtype=np.int64)
        lists = rows_of(self._table.select([column]), self._rows[kind]).column(0).combine_chunks()
        flat, owners = lists.flatten(), as_numpy(pc.list_parent_indices(lists)).astype(np.int64)
        codes, words = _coded(flat.field(0))
        parts = [as_numpy(flat.field(index)).astype(np.int64) for index in range(1, flat.type.num_fields)]
        return owners, codes, words, sum(parts, np.zeros(len(owners), dtype=np.int64))

    def items(self, kind: str, column: str) -> tuple[Ints, Ints, list[str]]:
        """Return a column of lists of words flat: row, word as a number, words."""
        if not self.count(kind):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), []
        lists = rows_of(self._table.select([column]), self._rows[kind]).column(0).combine_chunks()
        codes, words = _coded(lists.flatten())
        return as_numpy(pc.list_parent_indices(lists)).astype(np.int64), codes, words


def _coded(column: Any) -> tuple[Ints, list[str]]:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    words: list[str] = coded.dictionary.to_pylist()
    return as_numpy(coded.indices, len(words)).astype(np.int64), words


def in_parts(
    batch: FactsInParts, kinds: Sequence[str], columns: Sequence[str], read: Read
) -> Iterator[tuple[slice, Kinds]]:
    """Yield facts of some kinds, some replications at a time: where these stand among all that are read, and which."""
    first = 0
    for numbers, table in batch.facts_in_parts([*kinds], [*read.replications], ["time_s", *columns], at_once=_AT_ONCE):
        part = slice(first, first + len(numbers))
        yield part, Kinds(table, Read(tuple(numbers), read.draws[part]))
        first = part.stop


def scattered(so: NDArray[np.bool_], draws: Ints) -> tuple[Ints, Floats]:
    """Return in how many replications something was so, and how far the draws differ, cell by cell.

    Args:
        so: Truth values, replications first.
        draws: The number of each replication's draw, counted from 0 without gaps.

    Returns:
        k, and the sum over draws of ``(k_i - k / n n_i)^2``, both in the shape of one replication.
    """
    n = len(draws)
    order = np.argsort(draws, kind="stable")
    starts = np.flatnonzero(np.diff(draws[order], prepend=-1))
    if not n:
        return np.zeros(so.shape[1:], dtype=np.int64), np.zeros(so.shape[1:])
    by_draw = np.add.reduceat(so[order], starts, axis=0, dtype=np.int64)
    sizes = np.diff(np.append(starts, n))
    k = by_draw.sum(axis=0)
    share = k / n
    crossed = np.tensordot(sizes, by_draw, axes=1)
    return k, (by_draw**2).sum(axis=0) - 2 * share * crossed + share**2 * (sizes**2).sum()


def quantiles_among(values: NDArray[Any], levels: Sequence[float]) -> Floats:
    """Return quantiles of what is above 0 over replications, cell by cell, 0 where nothing is; ``levels`` last.

    By linear interpolation between order statistics, as ``fan`` takes them.
    """
    n = len(values)
    if not n:
        return np.zeros((*values.shape[1:], len(levels)))
    ranked = np.sort(values, axis=0)
    k = (ranked > 0).sum(axis=0)
    found = []
    for level in levels:
        spot = np.maximum(n - k + level * np.maximum(k - 1, 0), 0.0)
        low = np.minimum(np.floor(spot).astype(np.int64), n - 1)
        high = np.minimum(low + 1, n - 1)
        below, above = (np.take_along_axis(ranked, at[None], axis=0)[0] for at in (low, high))
        found.append(np.where(k > 0, below + (spot - low) * (above - below), 0.0))
    return np.stack(found, axis=-1)


def days_of(scenario: Scenario) -> int:
    """Return how many days a scenario touches."""
    length_s = (scenario.scenario.end - scenario.scenario.start).total_seconds()
    return max(1, -(-int(length_s) // DAY))
