"""The small tables of a batch, beside its facts: outcomes, values drawn, and days.

Outcomes have one row per replication. Values are kept long, one row per replication and path, because
most of the thousand paths are constant and then cost nothing. Days have one row per replication, day and
side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

DONE, FAILED = "done", "failed"

OUTCOME_SCHEMA = pa.schema(
    [
        pa.field("replication", pa.int32(), nullable=False),
        pa.field("draw", pa.int32(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("sha256", pa.string()),
        pa.field("facts", pa.int32(), nullable=False),
        pa.field("kernel_events", pa.int64(), nullable=False),
        pa.field("seconds", pa.float64(), nullable=False),
        pa.field("checked", pa.bool_(), nullable=False),
        pa.field("error_stage", pa.string()),
        pa.field("error_type", pa.string()),
        pa.field("error_message", pa.string()),
        pa.field("error_repeat", pa.string()),
    ]
)

VALUE_SCHEMA = pa.schema(
    [
        pa.field("replication", pa.int32(), nullable=False),
        pa.field("draw", pa.int32(), nullable=False),
        pa.field("path", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a replication ended: done with the hash of its log, or failed with where, why and how to repeat it.

    ``checked`` says whether the invariants were looked at after every fact of it.
    """

    replication: int
    draw: int
    status: str
    sha256: str | None = None
    facts: int = 0
    kernel_events: int = 0
    seconds: float = 0.0
    checked: bool = False
    error_stage: str | None = None
    error_type: str | None = None
    error_message: str | None = None
    error_repeat: str | None = None


class Checked(NamedTuple):
    """Of how many replications the invariants were checked, and in how many of these they held."""

    held: int
    of: int

    def __str__(self) -> str:
        """Return one sentence for people, without its full stop."""
        if not self.of:
            return "no replication was checked against the invariants"
        return f"invariants held in {self.held:,} of {self.of:,} checked replication{'s' * (self.of != 1)}"


class DailyRow(NamedTuple):
    """One side at the end of a day, counted from 0.

    ``fit`` are all its fit fighters, ``in_hills`` those of them who are in the hills; what ends on
    ``_so_far`` counts from the start. Supplies are those in stock, with its forces and on the road.
    """

    day: int
    side: str
    fit: int
    in_hills: int
    wounded: int
    killed_so_far: int
    captured_so_far: int
    deserted_so_far: int
    food_kg: int
    ammunition_kg: int
    places_held: int


DAILY_SCHEMA = pa.schema(
    [pa.field("replication", pa.int32(), nullable=False)]
    + [
        pa.field(name, pa.string() if name == "side" else pa.int32() if name == "day" else pa.int64(), nullable=False)
        for name in DailyRow._fields
    ]
)


def checked_in(outcomes: Any) -> Checked:
    """Return how a table of outcomes stood the check of the invariants; one of before they were checked has none."""
    if "checked" not in outcomes.column_names:
        return Checked(0, 0)
    rows = outcomes.select(["checked", "status"]).to_pylist()
    checked = [row for row in rows if row["checked"]]
    return Checked(sum(row["status"] == DONE for row in checked), len(checked))


def outcome_table(outcomes: Iterable[Outcome]) -> Any:
    """Return outcomes as a table, one row each."""
    return pa.Table.from_pylist([asdict(outcome) for outcome in outcomes], schema=OUTCOME_SCHEMA)


def daily_table(days: Iterable[tuple[int, Sequence[DailyRow]]]) -> Any:
    """Return the days of several replications as one table."""
    rows = [(replication, *row) for replication, own in days for row in own]
    columns = list(zip(*rows, strict=True)) or [()] * len(DAILY_SCHEMA)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, DAILY_SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=DAILY_SCHEMA)


def value_table(drawn: Sequence[tuple[int, int, tuple[tuple[str, float], ...]]]) -> Any:
    """Return the values of several replications, each given with its draw, as one long table.

    The rows of one path stand together, so that a constant is one run of equal values; within a
    replication the rows keep their order.
    """
    numbers: dict[str, int] = {}
    known: dict[tuple[str, ...], Any] = {(): np.zeros(0, np.int32)}
    paths, values = [np.zeros(0, np.int32)], [np.zeros(0)]
    for _, _, own in drawn:
        names = tuple(map(itemgetter(0), own))
        if names not in known:  # the same paths in every replication, as a rule
            known[names] = np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int32)
        paths.append(known[names])
        values.append(np.fromiter(map(itemgetter(1), own), np.float64, len(own)))
    lengths = [len(own) for _, _, own in drawn]
    positions = np.concatenate([np.zeros(0, np.int64), *map(np.arange, lengths)])
    order = np.argsort(positions, kind="stable")
    owners = (np.repeat(np.array([row[index] for row in drawn], np.int32), lengths) for index in (0, 1))
    arrays = [pa.array(column[order]) for column in owners]
    texts = pa.DictionaryArray.from_arrays(pa.array(np.concatenate(paths)[order]), pa.array(list(numbers), pa.string()))
    return pa.Table.from_arrays([*arrays, texts, pa.array(np.concatenate(values)[order])], schema=VALUE_SCHEMA)


def widened(values: Any) -> Any:
    """Return a long table of values as one row per replication with one float column per path.

    A path that a replication has no value for is null there.
    """
    texts = values.column("path").unify_dictionaries().combine_chunks() if values.num_rows else None
    names = texts.dictionary.to_pylist() if texts is not None else []
    replications, first, rows = np.unique(
        values.column("replication").to_numpy(), return_index=True, return_inverse=True
    )
    grid = np.full((len(names), len(replications)), np.nan)
    if texts is not None:
        grid[texts.indices.to_numpy(), rows] = values.column("value").to_numpy()
    columns = {
        "replication": pa.array(replications, pa.int32()),
        "draw": pa.array(values.column("draw").to_numpy()[first], pa.int32()),
    }
    order = sorted(range(len(names)), key=names.__getitem__)
    columns |= {names[index]: pa.array(grid[index], pa.float64(), from_pandas=True) for index in order}
    return pa.table(columns)
