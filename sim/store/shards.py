"""Shards: some replications of a batch as four Parquet files, written by whoever ran them.

A shard is called after its first and last replication. Its files lie in the folders ``facts``,
``outcomes``, ``values`` and ``daily`` of the batch. ``ShardWriter.finish`` leaves them there under names
that no reader looks at, flushed to the disk; ``publish`` gives them their names.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim import eventlog
from sim.domain.facts import KINDS, SCHEMA_VERSION, Fact, RunStarted
from sim.errors import Impossible, StoreError
from sim.store.arrays import rows_of
from sim.store.columns import FactColumns, Group
from sim.store.durable import block_sums, sync_folder, write_flushed
from sim.store.layout import LAYOUT, TEXTS
from sim.store.lifting import lifted
from sim.store.rows import by_kind, facts_of
from sim.store.tables import DailyRow, Outcome, daily_table, outcome_table, value_table

#: The tables of a batch, each in a folder of its name.
TABLES = ("facts", "outcomes", "values", "daily")

#: Where a file of facts says how many rows of each kind it holds, in their order.
_ROWS = "rows_by_kind"

#: Rows read at a time where only some of a group are wanted.
_BATCH_ROWS = 8192


@dataclass(frozen=True, slots=True)
class ShardFile:
    """What a file of a shard must be; ``blocks`` are checksums that tell where it is not (durable.block_sums)."""

    bytes: int
    sha256: str
    blocks: str = ""


@dataclass(frozen=True, slots=True)
class Shard:
    """A finished shard: the hash of each replication's log (None if it failed), and its files by table."""

    name: str
    replications: dict[int, str | None]
    files: dict[str, ShardFile]

    def as_line(self) -> dict[str, Any]:
        """Return the shard as a line of the ledger."""
        files = {table: asdict(file) for table, file in self.files.items()}
        own = {str(replication): digest for replication, digest in self.replications.items()}
        return {"shard": self.name, "replications": own, "files": files}

    @classmethod
    def from_line(cls, line: dict[str, Any]) -> Shard:
        """Return the shard that a line of the ledger stands for."""
        own = {int(replication): digest for replication, digest in line["replications"].items()}
        return cls(line["shard"], own, {table: ShardFile(**file) for table, file in line["files"].items()})


def shard_file(directory: Path, table: str, name: str) -> Path:
    """Return where a file of a shard lies once it is published."""
    return directory / table / f"{name}.parquet"


def unpublished(directory: Path, table: str, name: str) -> Path:
    """Return where a file of a shard lies until it is published, under a name that no reader looks at."""
    return directory / table / f".{name}.parquet.partial"


class ShardWriter:
    """Collects replications as columns and writes them as one shard."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._facts = FactColumns()
        self._outcomes: list[Outcome] = []
        self._values: list[tuple[int, int, tuple[tuple[str, float], ...]]] = []
        self._days: list[tuple[int, Sequence[DailyRow]]] = []

    def add(self, outcome: Outcome, facts: Sequence[Fact] = (), days: Sequence[DailyRow] = ()) -> None:
        """Take in how a replication ended, and its log if it is done.

        Raises:
            ValueError: If the log does not begin with the one RunStarted of this replication, its facts are
                not numbered from 0, or a value does not fit its column.
        """
        if facts:
            start = facts[0]
            numbered = facts[-1].seq == len(facts) - 1
            if not (isinstance(start, RunStarted) and start.replication == outcome.replication and numbered):
                raise ValueError(f"this is not the log of replication {outcome.replication}")
            self._facts.add(outcome.replication, facts)
            self._values.append((outcome.replication, start.draw, start.values))
        self._days.append((outcome.replication, days))
        self._outcomes.append(outcome)

    def finish(self) -> Shard:
        """Write the shard's files under names that no reader looks at, and return what they are.

        Raises:
            Impossible: If the first log does not come back from its columns as it went in.
        """
        numbers = [outcome.replication for outcome in self._outcomes]
        name = self._free_name(f"{min(numbers):07d}-{max(numbers):07d}")
        groups = self._facts.groups()
        self._check(groups)
        written = {
            "facts": facts_bytes(groups),
            "outcomes": parquet_bytes([outcome_table(self._outcomes)]),
            "values": parquet_bytes([value_table(self._values)]),
            "daily": parquet_bytes([daily_table(self._days)]),
        }
        files = {}
        for table, data in written.items():
            write_flushed(unpublished(self.directory, table, name), data)
            files[table] = ShardFile(len(data), hashlib.sha256(data).hexdigest(), block_sums(data))
        return Shard(name, {outcome.replication: outcome.sha256 for outcome in self._outcomes}, files)

    def _free_name(self, name: str) -> str:
        """Return a name that no committed shard has: a replication that failed may be tried again."""
        free, again = name, 2
        while shard_file(self.directory, "outcomes", free).exists():
            free, again = f"{name}-{again}", again + 1
        return free

    def _check(self, groups: Iterable[Group]) -> None:
        """Read the first log back: a mistake in the columns must not get as far as the disk."""
        if not self._values:
            return
        first, _, drawn = self._values[0]
        back = [
            fact
            for group in groups
            for kind, rows in by_kind(group)
            for _, fact in facts_of(kind, rows, {first: drawn}, only=first)
        ]
        back.sort(key=lambda fact: fact.seq)
        expected = next(outcome.sha256 for outcome in self._outcomes if outcome.replication == first)
        if eventlog.sha256(back) != expected:
            raise Impossible(f"the log of replication {first} does not come back from its columns as it went in")


def facts_bytes(groups: Sequence[Group]) -> bytes:
    """Return groups of facts as a closed Parquet file that says how many rows of each kind it holds."""
    rows = {kind: count for group in groups for kind, count in group.rows.items()}
    return parquet_bytes([group.table for group in groups], {_ROWS: json.dumps(rows)})


def parquet_bytes(tables: Sequence[Any], metadata: Mapping[str, str] | None = None) -> bytes:
    """Return tables as the row groups of a closed Parquet file.

    Compressed with zstd: texts as dictionaries; integers byte by byte of equal weight, the high ones of which hardly
    change from row to row; floats as they are, for they repeat each other whole or not at all.
    Statistics are kept where they help a reader to skip, pages carry checksums, and the Arrow schema is
    left out: the columns' own types say everything.
    """
    schema = tables[0].schema
    encodings = {field.name: "BYTE_STREAM_SPLIT" for field in schema if pa.types.is_integer(field.type)}
    encodings |= {field.name: "PLAIN" for field in schema if pa.types.is_floating(field.type)}
    by_dictionary = [
        field.name
        for field in schema
        if pa.types.is_dictionary(field.type) or pa.types.is_string(field.type) or pa.types.is_nested(field.type)
    ]
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=by_dictionary,
        column_encoding=encodings,
        write_statistics=["replication", "kind", "day", "path"],
        write_page_checksum=True,
        store_schema=False,
    ) as writer:
        for table in tables:
            writer.write_table(table, row_group_size=max(1, table.num_rows))
        writer.add_key_value_metadata(dict(metadata or {}))
    return bytes(sink.getvalue())


def publish(directory: Path, shard: Shard) -> None:
    """Give the files of a finished shard the names under which they are read, for good."""
    for table in shard.files:
        os.replace(unpublished(directory, table, shard.name), shard_file(directory, table, shard.name))
    for table in shard.files:
        sync_folder(directory / table)


def unnamed(directory: Path, shards: Iterable[Shard]) -> list[str]:
    """Return the names of shards whose files are all there and that no committed shard is.

    A writer that dies leaves one of them at most: it gives files their names and commits them before the next.
    """
    known = {shard.name for shard in shards}
    there = [{path.stem for path in (directory / table).glob("[!.]*.parquet")} for table in TABLES]
    return sorted(set.intersection(*there) - known)


def sweep(directory: Path, shards: Sequence[Shard]) -> None:
    """Remove files that no committed shard names: what an interrupted writer left behind.

    Raises:
        StoreError: If there are more whole shards of that kind than a writer can leave: lines of the ledger are lost.
    """
    if len(lost := unnamed(directory, shards)) > 1:
        raise StoreError(
            f"{directory}: {len(lost)} whole shards are in no line of the ledger, such as {lost[0]}: lines of it are "
            "lost; restore it from a copy, or move these files away and run what they held again"
        )
    known = {shard_file(directory, table, shard.name) for shard in shards for table in shard.files}
    for table in TABLES:
        for path in (directory / table).glob("*"):
            if path not in known:
                path.unlink()


def read_table(directory: Path, shard: Shard, table: str, texts: Sequence[str] = ()) -> Any:
    """Return one of the small tables of a shard; ``texts`` come as dictionaries.

    Raises:
        StoreError: If the file is missing or not as it was written.
    """
    with _opened(directory, shard, table, texts) as file:
        return file.read(use_threads=False)


def read_facts(
    directory: Path, shard: Shard, kinds: Collection[str], version: int = SCHEMA_VERSION
) -> list[tuple[str, Any]]:
    """Return the facts of some kinds in a shard: each kind with its rows.

    Args:
        directory: The batch.
        shard: Which shard of it.
        kinds: Names of kinds of facts of today.
        version: The schema version under which the shard was written; facts of an earlier one are lifted.

    Raises:
        StoreError: If the file is missing or not as it was written, or a fact cannot be lifted.
    """
    return [
        (kind, rows.select(["replication", *column_names(kind)]))
        for group in read_groups(directory, shard, kinds, version)
        for kind, rows in by_kind(group)
    ]


def read_groups(
    directory: Path,
    shard: Shard,
    kinds: Collection[str],
    version: int = SCHEMA_VERSION,
    only: Collection[str] | None = None,
) -> list[Group]:
    """Return the rows of some kinds in a shard, kind by kind, with the columns that any of them has.

    Args:
        directory: The batch.
        shard: Which shard of it.
        kinds: Names of kinds of facts of today.
        version: The schema version under which the shard was written; facts of an earlier one are lifted.
        only: Columns beside the replication to read, all if None; of an earlier version all are read.

    Raises:
        StoreError: If the file is missing or not as it was written, or a fact cannot be lifted.
    """
    if version != SCHEMA_VERSION:
        return [_picked(group, kinds) for group in lifted(written_facts(directory, shard), version)]
    found = []
    with _opened(directory, shard, "facts", TEXTS) as file:
        for number, rows in _row_groups(file):
            wanted = {kind: count for kind, count in rows.items() if kind in kinds}
            if wanted:
                names = ["replication", *dict.fromkeys(name for kind in wanted for name in column_names(kind))]
                columns = [name for name in names if only is None or name in only or name == "replication"]
                found.append(Group(wanted, _read_rows(file, number, columns, _mask(rows, kinds))))
    return found


def _picked(group: Group, kinds: Collection[str]) -> Group:
    """Return some kinds of a group."""
    rows = rows_of(group.table, _mask(group.rows, kinds))
    return Group({kind: count for kind, count in group.rows.items() if kind in kinds}, rows)


def _mask(rows: Mapping[str, int], kinds: Collection[str]) -> NDArray[np.bool_]:
    """Return which rows of a group are of some kinds."""
    return np.repeat([kind in kinds for kind in rows], list(rows.values()))


def _read_rows(file: Any, number: int, columns: list[str], wanted: NDArray[np.bool_]) -> Any:
    """Return some rows of a group of rows of a file.

    They are copied out of short batches: a slice would keep all of the group in memory, and a twentieth of a group
    may be wanted. What comes after the last of them is not read.
    """
    if wanted.all():
        return file.read_row_group(number, columns=columns, use_threads=False)
    at, first, parts = np.flatnonzero(wanted), 0, []
    for batch in file.iter_batches(_BATCH_ROWS, row_groups=[number], columns=columns, use_threads=False):
        here = at[np.searchsorted(at, first) : np.searchsorted(at, first + batch.num_rows)]
        if len(here):
            parts.append(rows_of(batch, here - first))
        first += batch.num_rows
        if first > at[-1]:
            break
    return pa.Table.from_batches(parts)


def written_facts(directory: Path, shard: Shard) -> list[Group]:
    """Return the facts of a shard in the columns in which they were written, under whatever schema version.

    Raises:
        StoreError: If the file is missing or not as it was written.
    """
    with _opened(directory, shard, "facts", ()) as file:
        return [Group(rows, file.read_row_group(number)) for number, rows in _row_groups(file)]


def _row_groups(file: Any) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield the number of each group of rows of a file of facts, and how many rows of each kind it holds."""
    waiting = iter(json.loads(file.metadata.metadata[_ROWS.encode()]).items())
    for number in range(file.num_row_groups):
        rows: dict[str, int] = {}
        missing = file.metadata.row_group(number).num_rows
        while missing > 0:
            kind, count = next(waiting)
            rows[kind] = count
            missing -= count
        yield number, rows


def column_names(kind: str) -> list[str]:
    """Return the columns of a kind of fact, but for the replication and the kind."""
    return [column.name for column in LAYOUT[KINDS[kind]]]


@contextmanager
def _opened(directory: Path, shard: Shard, table: str, texts: Sequence[str]) -> Iterator[Any]:
    path = shard_file(directory, table, shard.name)
    try:
        if path.stat().st_size != shard.files[table].bytes:
            raise StoreError(
                f"{path} has {path.stat().st_size} bytes instead of {shard.files[table].bytes}"
                "; restore it from a copy, or run the batch again elsewhere"
            )
        with pq.ParquetFile(path, read_dictionary=list(texts), page_checksum_verification=True) as file:
            yield file
    except FileNotFoundError:
        raise StoreError(f"{path} is missing; restore it from a copy, or run the batch again elsewhere") from None
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise StoreError(f"{path} is damaged: {error}") from error
