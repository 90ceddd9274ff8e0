"""A batch on disk as people use it: its tables, and the log of any of its replications."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim import eventlog
from sim.domain.facts import KINDS, SCHEMA_VERSION, Fact, RunStarted
from sim.errors import StoreError
from sim.scenario.loading import scenario_from_resolved
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean
from sim.store.arrays import as_arrow, as_numpy, as_texts, rows_of
from sim.store.columns import Group
from sim.store.durable import Ledger
from sim.store.layout import ENVELOPE, LAYOUT, fact_schema
from sim.store.lifting import encoded
from sim.store.manifest import ASSETS, read_manifest
from sim.store.rows import facts_of
from sim.store.shards import Shard, read_facts, read_groups, read_table, written_facts
from sim.store.tables import DAILY_SCHEMA, OUTCOME_SCHEMA, VALUE_SCHEMA, Checked, checked_in, widened
from sim.store.writing import LEDGER


def open_batch(directory: str | Path) -> Batch:
    """Return the batch that a directory holds, with what is committed at this moment.

    Raises:
        StoreError: If it holds none, or one that this program cannot read.
    """
    path = Path(directory)
    manifest = read_manifest(path)
    return Batch(path, manifest, list(map(Shard.from_line, Ledger(path / LEDGER).read())))


class Batch:
    """Many replications of a scenario, on disk. ``manifest`` says what was run and with what.

    Tables are ``pyarrow.Table``s; replications come in their order.
    """

    def __init__(self, directory: Path, manifest: dict[str, Any], shards: Sequence[Shard]) -> None:
        self.directory = directory
        self.manifest = manifest
        self._schema: int = manifest.get("schema_version", SCHEMA_VERSION)
        # the ledger's last word on a replication counts: one that failed may have been tried again
        self._shard_of = {replication: shard for shard in shards for replication in shard.replications}
        self._overruled: set[str] = set()
        for shard in shards:
            own = {k: digest for k, digest in shard.replications.items() if self._shard_of[k].name == shard.name}
            if len(own) < len(shard.replications):
                self._overruled.add(shard.name)
                self._shard_of.update(dict.fromkeys(own, replace(shard, replications=own)))
        known = {shard.name: shard for shard in self._shard_of.values()}
        self._shards = sorted(known.values(), key=lambda shard: min(shard.replications))

    def __repr__(self) -> str:
        many = f"{self.replications} replication{'s' * (self.replications != 1)}"
        return f"<Batch of {many} of {self.manifest['scenario']['scenario']['id']}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process open the batch for itself: what lies on disk need not be sent."""
        return open_batch, (self.directory,)

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario that was run; its files are those kept beside the batch."""
        return scenario_from_resolved(self.manifest["scenario"], self.directory / ASSETS)

    @property
    def replications(self) -> int:
        """How many replications are committed, failed ones included."""
        return len(self._shard_of)

    @property
    def sha256(self) -> str:
        """The hash of all logs: equal for two batches exactly if every replication is."""
        lines = (f"{number} {self._shard_of[number].replications[number]}\n" for number in sorted(self._shard_of))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def hash_of(self, replication: int) -> str | None:
        """Return the hash of the log of a replication, None if it failed.

        Raises:
            StoreError: If it is not there.
        """
        self._numbers([replication])
        return self._shard_of[replication].replications[replication]

    def facts(
        self,
        kinds: Sequence[str] | None = None,
        replications: Iterable[int] | None = None,
        columns: Collection[str] | None = None,
    ) -> Any:
        """Return facts as a table in the order of replication and seq.

        Columns: replication, seq, time_s, kind (a dictionary), cause, because, and the fields of those kinds;
        a field is null where a kind does not have it. The values drawn are in ``values``.

        Args:
            kinds: Names of kinds of facts; all if None.
            replications: Numbers of replications; all if None.
            columns: Columns of the table to read, beside replication, seq and kind; all if None.

        Raises:
            StoreError: If a kind or a replication is unknown, or a file is missing or damaged.
        """
        stored = self._stored(kinds, replications, columns)
        order = np.lexsort((as_numpy(stored.column("seq")), as_numpy(stored.column("replication"))))
        return rows_of(stored, order).cast(_plain(stored.schema))

    def facts_in_parts(
        self,
        kinds: Sequence[str] | None = None,
        replications: Iterable[int] | None = None,
        columns: Collection[str] | None = None,
        *,
        at_once: int = 2000,
    ) -> Iterator[tuple[list[int], Any]]:
        """Yield the numbers of some replications, ascending, with their facts, as they are stored.

        These are the rows and columns of ``facts``, but kind by kind, and texts are dictionaries: much faster. Only
        the facts of one kind in one replication stand in their order. No more than ``at_once`` replications are in
        memory at a time, however many there are.

        Raises:
            StoreError: As ``facts`` does.
        """
        numbers = sorted(self._shard_of if replications is None else set(replications))
        for first in range(0, len(numbers), at_once):
            some = numbers[first : first + at_once]
            yield some, self._stored(kinds, some, columns)

    def _stored(
        self, kinds: Sequence[str] | None, replications: Iterable[int] | None, columns: Collection[str] | None
    ) -> Any:
        """Return facts shard by shard and kind by kind, with texts as dictionaries."""
        wanted = _known_kinds(kinds)
        shape = _shape(wanted, None if columns is None else frozenset(columns))
        numbers = self._numbers(replications)
        parts = self._each_shard(numbers, lambda shard: self._facts_of(shard, wanted, shape, numbers))
        return pa.concat_tables(parts).unify_dictionaries() if parts else pa.Table.from_batches([], shape.schema)

    def log(self, replication: int) -> list[Fact]:
        """Return the facts of a replication, exactly as they were recorded.

        Raises:
            StoreError: If the replication is not there or failed, or a file is missing or damaged.
        """
        for _, facts in self.logs(replications=[replication]):
            return facts
        raise StoreError(f"{self.directory}: replication {replication} failed and has no log; see the batch's outcomes")

    def logs(
        self, kinds: Sequence[str] | None = None, replications: Iterable[int] | None = None
    ) -> Iterator[tuple[int, list[Fact]]]:
        """Yield the number and the facts of each replication that did not fail, one after another.

        Much faster than ``log`` for each of them, and faster still where ``kinds`` leaves facts out.

        Raises:
            StoreError: As ``facts`` does.
        """
        wanted = _known_kinds(kinds)
        numbers = self._numbers(replications)
        for shard in self._shards:
            done = {number: list[Fact]() for number in shard.replications if shard.replications[number] is not None}
            if numbers is not None:
                done = {number: log for number, log in done.items() if number in numbers}
            if not done:
                continue
            values = _drawn(self._values_of(shard), done) if RunStarted.__name__ in wanted else {}
            only = next(iter(done)) if len(done) == 1 else None
            for kind, rows in read_facts(self.directory, shard, wanted, self._schema):
                for number, fact in facts_of(kind, rows, values, only):
                    if number in done:
                        done[number].append(fact)
            for number, log in done.items():
                log.sort(key=_seq)
                yield number, log

    def encoded_logs(self) -> Iterator[tuple[int, bytes, int]]:
        """Yield each replication that did not fail, its log's canonical bytes, and how many facts these are.

        They are those that its hash is of, also where the batch was written under an earlier schema version.

        Raises:
            StoreError: As ``facts`` does.
        """
        if self._schema == SCHEMA_VERSION:
            for number, log in self.logs():
                yield number, eventlog.encode(log), len(log)
            return
        for shard in self._shards:
            done = [number for number, digest in shard.replications.items() if digest is not None]
            values = _drawn(self._values_of(shard), done)
            for number, (data, count) in encoded(written_facts(self.directory, shard), values).items():
                yield number, data, count

    def outcomes(self) -> Any:
        """Return how each replication ended: a row each, with the hash of its log or its error."""
        return self._small("outcomes", OUTCOME_SCHEMA)

    def checked(self) -> Checked:
        """Return in how many replications the invariants were checked after every fact, and in how many they held."""
        return checked_in(self.outcomes())

    def values(self) -> Any:
        """Return the values drawn: a row per replication with its draw, a float column per path."""
        return widened(self._small("values", VALUE_SCHEMA))

    def daily(self) -> Any:
        """Return the sides at the end of each day: a row per replication, day (from 0) and side."""
        return self._small("daily", DAILY_SCHEMA)

    def _values_of(self, shard: Shard) -> Any:
        return self._table(shard, "values", ["path"])

    def _table(self, shard: Shard, name: str, texts: Sequence[str]) -> Any:
        """Return a small table of a shard without the rows of replications that a later shard holds anew."""
        table = read_table(self.directory, shard, name, texts)
        if shard.name not in self._overruled:
            return table
        return rows_of(table, np.isin(as_numpy(table.column("replication")), list(shard.replications)))

    def _small(self, name: str, schema: Any) -> Any:
        texts = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        parts = self._each_shard(None, lambda shard: _whole(self._table(shard, name, texts), schema))
        table = pa.concat_tables(parts) if parts else pa.Table.from_batches([], schema)
        numbers = as_numpy(table.column("replication"))
        if np.any(numbers[1:] < numbers[:-1]) and name != "values":
            table = rows_of(table, np.argsort(numbers, kind="stable"))
        return table

    def _numbers(self, replications: Iterable[int] | None) -> set[int] | None:
        if replications is None:
            return None
        numbers = set(replications)
        for number in sorted(numbers - self._shard_of.keys()):
            last = max(self._shard_of, default=None)
            known = "it holds none" if last is None else f"it holds {self.replications}, up to {last}"
            raise StoreError(f"{self.directory}: there is no replication {number}; {known}")
        return numbers

    def _each_shard(self, numbers: set[int] | None, read: Any) -> list[Any]:
        shards = [shard for shard in self._shards if numbers is None or not numbers.isdisjoint(shard.replications)]
        if len(shards) < 2:
            return [read(shard) for shard in shards]
        with ThreadPoolExecutor(min(len(shards), os.cpu_count() or 1)) as pool:
            return list(pool.map(read, shards))

    def _facts_of(self, shard: Shard, kinds: frozenset[str], shape: _Shape, numbers: set[int] | None) -> Any:
        if shard.name in self._overruled:
            numbers = set(shard.replications) if numbers is None else numbers & shard.replications.keys()
        elif numbers is not None and numbers.issuperset(shard.replications):
            numbers = None  # all of it is wanted: nothing needs to be looked for
        groups = read_groups(self.directory, shard, kinds, self._schema, shape.read)
        nothing = pa.Table.from_batches([], shape.schema)
        table = pa.concat_tables([nothing, *(_shaped(group, shape) for group in groups)])
        if numbers is None:
            return table
        return rows_of(table, np.isin(as_numpy(table.column("replication")), list(numbers)))


def _whole(table: Any, schema: Any) -> Any:
    """Return a table of a shard with the column that it lacks if it was written before replications were checked."""
    if "checked" in schema.names and "checked" not in table.column_names:
        at = schema.get_field_index("checked")
        return table.add_column(at, schema.field(at), pa.array(np.zeros(table.num_rows, np.bool_)))
    return table


def _seq(fact: Fact) -> int:
    return fact.seq


def _known_kinds(kinds: Sequence[str] | None) -> frozenset[str]:
    for kind in kinds or ():
        if kind not in KINDS:
            raise StoreError(f"there is no kind of fact {kind!r}; {did_you_mean(kind, KINDS)}")
    return frozenset(KINDS if kinds is None else kinds)


class _Shape(NamedTuple):
    """The table of some kinds: its schema, what it calls each column of the store, and which of those are read."""

    schema: Any
    names: dict[str, str]
    read: frozenset[str] | None


@lru_cache(maxsize=64)
def _shape(kinds: frozenset[str], columns: frozenset[str] | None) -> _Shape:
    """Return the table of some kinds, of all columns or of some.

    A word that has two types over all kinds, but one among these, goes by the plain word.
    """
    fields = {column.name: column.field for kind in kinds for column in LAYOUT[KINDS[kind]]}
    words = list(fields.values())
    names = {name: word if words.count(word) == 1 else name for name, word in fields.items()}
    coded = pa.dictionary(pa.int32(), pa.string())
    shown = [
        pa.field(names.get(field.name, field.name), coded if field.type == pa.string() else field.type)
        for field in fact_schema()
        if field.name in names or field.name in ENVELOPE
    ]
    if columns is None:
        return _Shape(pa.schema(shown), names, None)
    kept = columns | {"replication", "seq", "kind"}
    read = frozenset(field.name for field in fact_schema() if names.get(field.name, field.name) in kept)
    return _Shape(pa.schema([field for field in shown if field.name in kept]), names, read)


def _shaped(group: Group, shape: _Shape) -> Any:
    """Return the rows of some kinds with all columns of a shape."""
    columns = {shape.names.get(name, name): group.table.column(name) for name in group.table.column_names}
    codes = np.repeat(np.arange(len(group.rows), dtype=np.int32), list(group.rows.values()))
    columns["kind"] = pa.chunked_array([pa.DictionaryArray.from_arrays(as_arrow(codes), as_texts(list(group.rows)))])
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(group.table.num_rows, field.type)
        for field in shape.schema
    ]
    return pa.Table.from_arrays(arrays, schema=shape.schema)


def _plain(schema: Any) -> Any:
    """Return the schema of a table of facts with texts as texts; kinds stay a dictionary."""
    coded = {field.name for field in schema if pa.types.is_dictionary(field.type)} - {"kind"}
    return pa.schema([field.with_type(pa.string()) if field.name in coded else field for field in schema])


def _drawn(values: Any, replications: Collection[int]) -> dict[int, tuple[tuple[str, float], ...]]:
    """Return the values of some replications of a shard, in their order."""
    chosen = rows_of(values, np.isin(as_numpy(values.column("replication")), list(replications)))
    found: dict[int, list[tuple[str, float]]] = {number: [] for number in replications}
    numbers, paths, floats = (chosen.column(name).to_pylist() for name in ("replication", "path", "value"))
    for number, path, value in zip(numbers, paths, floats, strict=True):
        found[number].append((path, value))
    return {number: tuple(own) for number, own in found.items()}
