"""Facts of an earlier schema version, read as facts of today.

A field of a kind is never null in the rows of that kind, so the columns that hold something are the fields that it
had. Row by row these are lifted by the upcasters of the log, and made columns again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sim import eventlog
from sim.domain.facts import KINDS, Fact, RunStarted
from sim.store.columns import FactColumns, Group
from sim.store.rows import by_kind, values_of


def lifted(tables: Iterable[Group], version: int) -> list[Group]:
    """Return the facts of a file as columns of today.

    Args:
        tables: Its rows, as they were written, by kind.
        version: The schema version under which they were written.

    Raises:
        StoreError: If a row cannot be lifted.
    """
    logs: dict[int, list[Fact]] = {}
    for group in tables:
        for kind, rows in by_kind(group):
            for replication, record in _records(kind, rows):
                logs.setdefault(replication, []).append(eventlog.lift(record, version))
    columns = FactColumns()
    for replication, facts in sorted(logs.items()):
        columns.add(replication, facts)
    return columns.groups()


def encoded(tables: Iterable[Group], values: Mapping[int, Sequence[tuple[str, float]]]) -> dict[int, tuple[bytes, int]]:
    """Return the canonical bytes of each log as they were under its own schema version, and how many facts it has.

    Fields have only ever been added to a kind, so those that a row has stand in the order in which they stand today.

    Args:
        tables: The rows of a file, as they were written, by kind.
        values: The values drawn, by replication; others are left out.
    """
    logs: dict[int, list[eventlog.Record]] = {}
    for group in tables:
        for kind, rows in by_kind(group):
            order = ("kind", *KINDS[kind].__struct_fields__) if kind in KINDS else ()
            for replication, record in _records(kind, rows):
                if replication in values:
                    if kind == RunStarted.__name__:
                        record["values"] = values[replication]
                    ordered = {name: record[name] for name in order if name in record}
                    logs.setdefault(replication, []).append(ordered or record)
    return {
        replication: (eventlog.encode_records(sorted(log, key=itemgetter("seq"))), len(log))
        for replication, log in logs.items()
    }


def _records(kind: str, rows: Any) -> Iterator[tuple[int, eventlog.Record]]:
    """Yield the rows of a kind as the fields that it had, each with its replication."""
    own = [name for name in rows.column_names if name not in ("replication", "kind") and not rows[name].null_count]
    owners = rows["replication"].to_pylist()
    columns = [values_of(rows[name].combine_chunks()) for name in own]
    for owner, fields in zip(owners, zip(*columns, strict=True), strict=True):
        record = {"kind": kind, **dict(zip(own, fields, strict=True))}
        if kind == RunStarted.__name__:  # what stands apart is put in by whoever reads whole logs
            record |= {"replication": owner, "values": ()}
        yield owner, record
