"""What a log, or a batch of logs, tells the reader: happenings, who held what, sieges, cut telephones, orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import pyarrow as pa

from sim.domain.facts import Fact
from sim.observation.course import Course, course
from sim.observation.happenings import COLUMNS, KINDS, FactColumns, Happenings, happenings
from sim.observation.theatre import NOBODY, NOWHERE, Ints, Theatre, theatre
from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Cuts:
    """Telephones of areas, cut and partly restored, in the order of replication and time."""

    rep: Ints
    time_s: Ints
    spot: Ints
    by: Ints
    restored: Ints


@dataclass(frozen=True, slots=True)
class Orders:
    """Operations that sides have ordered."""

    rep: Ints
    time_s: Ints
    seq: Ints
    operation: tuple[str, ...]
    attempt: Ints


@dataclass(frozen=True, slots=True)
class History:
    """One or many simulated campaigns, ready to be told or to be compared.

    ``replications`` and ``draws`` have the number of each replication and of its draw of the
    assumptions; everything else counts replications by their position there. ``holder`` has the side
    that holds a place, ``besieger`` the side that besieges it.
    """

    theatre: Theatre
    replications: Ints
    draws: Ints
    happenings: Happenings
    holder: Course
    besieger: Course
    cuts: Cuts
    orders: Orders

    def __len__(self) -> int:
        return len(self.replications)


def read_history(table: pa.Table, scenario: Scenario, replications: Sequence[int], draws: Sequence[int]) -> History:
    """Read a table of facts.

    Args:
        table: Facts with the columns replication, seq, time_s, kind and those of the kinds in ``KINDS``.
        scenario: The scenario of the campaigns.
        replications: The numbers of the replications, also of those in which nothing happened.
        draws: The number of each one's draw.
    """
    names = theatre(scenario)
    facts = FactColumns(table, names, {number: position for position, number in enumerate(replications)})
    spots = {spot: index for index, spot in enumerate(names.spots)}
    return History(
        theatre=names,
        replications=np.array(replications, dtype=np.int64),
        draws=np.array(draws, dtype=np.int64),
        happenings=happenings(
            facts, names, {name: spots[talks.area] for name, talks in scenario.talks.items()},
            {name: sorted({spots[place] for axis in operation.axes.values() for place in axis.path})
             for name, operation in scenario.operations.items()},
        ),
        holder=_course(facts, names.first_holder, {"ControlChanged": "side"}, len(replications)),
        besieger=_course(
            facts, np.full(len(names.places), NOBODY), {"SiegeBegan": "by", "SiegeLifted": "", "ControlChanged": ""},
            len(replications),
        ),
        cuts=_cuts(facts),
        orders=_orders(facts),
    )  # fmt: skip


def facts_table(facts: Iterable[Fact], replication: int) -> pa.Table:
    """Return the facts of one replication that matter here as a table like that of a batch."""
    rows = [
        {**msgspec.structs.asdict(fact), "replication": replication, "kind": fact.kind}
        for fact in facts
        if fact.kind in KINDS
    ]
    pairs = pa.list_(pa.struct([("type", pa.string()), ("number", pa.int64())]))
    types = {"vehicles": pairs, "kind": pa.string()}
    return pa.table({name: pa.array([row.get(name) for row in rows], types.get(name)) for name in COLUMNS})


def _course(facts: FactColumns, first: Ints, kinds: dict[str, str], replications: int) -> Course:
    """Return the course of a number of each place that some kinds of fact set; '' sets it to NOBODY."""
    parts = []
    for kind, column in kinds.items():
        value = facts.side(kind, column) if column else np.full(facts.count(kind), NOBODY)
        parts.append((facts.spot(kind), facts.rep(kind), facts.ints(kind, "time_s"), value, facts.ints(kind, "seq")))
    place, rep, time_s, value, seq = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    known = place != NOWHERE
    order = np.flatnonzero(known)[np.argsort(seq[known], kind="stable")]
    return course(first, place[order], rep[order], time_s[order], value[order], replications)


def _cuts(facts: FactColumns) -> Cuts:
    parts = [
        (
            facts.rep(kind), facts.ints(kind, "time_s"), facts.spot(kind, "area"), facts.side(kind),
            np.full(facts.count(kind), restored),
        )
        for kind, restored in (("CommunicationsCut", 0), ("CommunicationsRestored", 1))
    ]  # fmt: skip
    rep, time_s, spot, by, restored = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((restored, time_s, rep))
    return Cuts(*(column[order] for column in (rep, time_s, spot, by, restored)))


def _orders(facts: FactColumns) -> Orders:
    kind = "OperationOrdered"
    return Orders(
        facts.rep(kind), facts.ints(kind, "time_s"), facts.ints(kind, "seq"), tuple(facts.texts(kind, "operation")),
        facts.ints(kind, "attempt"),
    )  # fmt: skip
