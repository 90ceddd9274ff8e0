"""Facts as columns: exact both ways, whatever a kind of fact holds."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import eventlog
from sim.domain.facts import KINDS, ControlChanged, Fact, HazardChanged, HazardFired, RunStarted
from sim.store import columns as columns_module
from sim.store.columns import FactColumns, Group
from sim.store.layout import ENVELOPE, LAYOUT, arrow_type, fact_schema, layout
from sim.store.rows import by_kind, facts_of
from tests.store.kept import full_log, log_of
from tests.store.strategies import logs, plain


def _back(groups: list[Group], drawn: dict[int, tuple[tuple[str, float], ...]]) -> dict[int, list[Fact]]:
    found: dict[int, list[Fact]] = {}
    for group in groups:
        for kind, rows in by_kind(group):
            for replication, fact in facts_of(kind, rows, drawn):
                found.setdefault(replication, []).append(fact)
    return {replication: sorted(log, key=lambda fact: fact.seq) for replication, log in found.items()}


def _started(log: list[Fact]) -> RunStarted:
    start = log[0]
    assert isinstance(start, RunStarted)
    return start


@settings(max_examples=30, deadline=None)
@given(st.tuples(*(logs(replication) for replication in (0, 3, 4))))
def test_any_logs_come_back_from_their_columns(given_logs: tuple[list[Fact], ...]) -> None:
    """Every value of every kind survives: odd texts, empty tuples, the largest integers, minus zero."""
    columns = FactColumns()
    for log in given_logs:
        columns.add(_started(log).replication, log)
    back = _back(columns.groups(), {_started(log).replication: _started(log).values for log in given_logs})
    assert sorted(back) == [0, 3, 4]
    for log in given_logs:
        assert eventlog.encode(back[_started(log).replication]) == eventlog.encode(log)


def test_one_replication_can_be_taken_from_among_others() -> None:
    """Asking for one replication gives its facts and nobody else's."""
    columns = FactColumns()
    for replication in range(3):
        columns.add(replication, full_log(replication))
    [group] = columns.groups()
    found = [pair for kind, rows in by_kind(group) for pair in facts_of(kind, rows, {1: (("a.b", 0.5),)}, only=1)]
    assert {replication for replication, _ in found} == {1}
    assert sorted((fact for _, fact in found), key=lambda fact: fact.seq) == full_log(1)


def test_groups_of_rows_hold_whole_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new group begins between two kinds once there are enough rows, and each says what it holds."""
    monkeypatch.setattr(columns_module, "GROUP_ROWS", 10)
    columns = FactColumns()
    for replication in range(4):
        columns.add(replication, full_log(replication))
    groups = columns.groups()
    assert len(groups) == len(KINDS) // 3 + (len(KINDS) % 3 > 0)
    assert [kind for group in groups for kind in group.rows] == list(KINDS)
    assert all(set(group.rows.values()) == {4} for group in groups)
    assert all(group.table.num_rows == sum(group.rows.values()) for group in groups)
    assert len({tuple(group.table.schema) for group in groups}) == 1


def test_a_group_keeps_only_the_texts_that_its_rows_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dictionary is stored with each group, so it must not drag along the texts of the others."""
    monkeypatch.setattr(columns_module, "GROUP_ROWS", 1)
    columns = FactColumns()
    columns.add(0, log_of(0, plain(ControlChanged, 1, place="here"), plain(ControlChanged, 2, place="there")))
    columns.add(1, log_of(1, plain(HazardFired, 1, clock="tick"), plain(ControlChanged, 2, place="there")))
    texts = {
        next(iter(group.rows)): group.table.column("place").chunk(0).dictionary.to_pylist()
        for group in columns.groups()
    }
    assert texts == {"RunStarted": [], "ControlChanged": ["here", "there"], "HazardFired": []}


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        (plain(HazardFired, 1, firing=2**63), "HazardFired"),
        (plain(HazardFired, 1, firing="many"), "HazardFired"),
        (plain(ControlChanged, 1, cause=2**31), "ControlChanged"),
        (plain(RunStarted, 1, places=(1, 2)), "RunStarted"),
    ],
)
def test_a_log_that_does_not_fit_is_refused_as_a_whole(fact: Fact, kind: str) -> None:
    """What cannot be stored exactly is an error, and nothing of that log stays behind."""
    columns = FactColumns()
    columns.add(0, full_log(0))
    with pytest.raises(ValueError, match=f"a {kind} does not fit its columns"):
        columns.add(1, [*full_log(1), fact])
    columns.add(2, full_log(2))
    back = _back(columns.groups(), {0: (("a.b", 0.5),), 2: (("a.b", 0.5),)})
    assert back == {0: full_log(0), 2: full_log(2)}


def test_no_facts_are_an_empty_table_with_all_columns() -> None:
    """A shard in which every replication failed still has its table of facts."""
    [group] = FactColumns().groups()
    assert group.rows == {}
    assert group.table.num_rows == 0
    assert group.table.schema.names == fact_schema().names


def test_every_field_of_every_kind_has_one_column() -> None:
    """The envelope comes first; a column holds one type wherever it is used."""
    assert fact_schema().names[: len(ENVELOPE)] == list(ENVELOPE)
    types: dict[str, Any] = {}
    for kind, own in LAYOUT.items():
        apart = {"replication", "values"} if kind is RunStarted else set()
        assert {column.field for column in own} == set(kind.__struct_fields__) - apart
        assert len({column.name for column in own}) == len(own)
        for column in own:
            assert types.setdefault(column.name, column.type) == column.type


class _Weighed(Fact, frozen=True):
    load: int


class _Measured(Fact, frozen=True):
    load: float
    parts: tuple[str, ...]


def test_a_word_with_two_types_is_refused() -> None:
    """One word means one thing: kinds that use it with two types cannot share a table."""
    with pytest.raises(TypeError, match=r"_Measured\.load has another type than the same word elsewhere"):
        layout([_Weighed, _Measured])


def test_a_type_that_no_column_can_hold_is_found_when_the_program_starts() -> None:
    """A kind of fact with, say, a mapping in it is refused before anything is run."""
    with pytest.raises(TypeError, match="a fact cannot hold <class 'complex'> in a column"):
        arrow_type(complex)
    assert arrow_type(bool) == pa.bool_()


def test_floats_that_are_whole_stay_floats() -> None:
    """A float column gives floats back, so that the canonical bytes are the same."""
    columns = FactColumns()
    log = log_of(0, plain(HazardChanged, 1, rate_per_day=2.0, accrued=0.0))
    columns.add(0, log)
    back = _back(columns.groups(), {0: _started(log).values})[0]
    assert eventlog.encode(back) == eventlog.encode(log)
