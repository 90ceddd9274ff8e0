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
from sim.observation.theatre import NOBODY, Ints, Theatre, theatre
from sim.observation.wheres import Wheres
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
    that holds a place, ``besieger`` the side that besieges it; ``wheres`` numbers where things happened.
    """

    wheres: Wheres
    replications: Ints
    draws: Ints
    happenings: Happenings
    holder: Course
    besieger: Course
    cuts: Cuts
    orders: Orders

    def __len__(self) -> int:
        return len(self.replications)

    @property
    def theatre(self) -> Theatre:
        """Return the scenario's names as numbers."""
        return self.wheres.theatre


def read_history(table: pa.Table, scenario: Scenario, replications: Sequence[int], draws: Sequence[int]) -> History:
    """Read a table of facts.

    Args:
        table: Facts with the columns replication, seq, time_s, kind and those of the kinds in ``KINDS``.
        scenario: The scenario of the campaigns.
        replications: The numbers of the replications, also of those in which nothing happened.
        draws: The number of each one's draw.
    """
    names = theatre(scenario)
    wheres = Wheres(names)
    facts = FactColumns(table, names, {number: position for position, number in enumerate(replications)})
    spots = {spot: index for index, spot in enumerate(names.spots)}
    return History(
        wheres=wheres,
        replications=np.array(replications, dtype=np.int64),
        draws=np.array(draws, dtype=np.int64),
        happenings=happenings(
            facts, wheres, {name: spots[talks.area] for name, talks in scenario.talks.items()},
            {name: sorted({spots[place] for axis in operation.axes.values() for place in axis.path})
             for name, operation in scenario.operations.items()},
        ),
        holder=course(
            names.first_holder, facts.spot("ControlChanged"), facts.rep("ControlChanged"),
            facts.ints("ControlChanged", "time_s"), facts.side("ControlChanged"), len(replications),
        ),
        besieger=_sieges(facts, len(names.places), len(replications)),
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
    schema = pa.schema(list(COLUMNS.items()))
    if not rows:  # arrays of lists would load pandas, which the campaign in which nothing happens need not wait for
        return pa.Table.from_batches([], schema)
    return pa.table([[row.get(name) for row in rows] for name in COLUMNS], schema)


def _sieges(facts: FactColumns, places: int, replications: int) -> Course:
    """Return who besieges each place: a pocket from its siege on, until it is lifted or the place is taken."""
    parts = []
    for kind, column in (("SiegeBegan", "by"), ("SiegeLifted", "")):
        rows, place = facts.pockets(kind)
        by = facts.side(kind, column) if column else np.full(facts.count(kind), NOBODY)
        parts.append((place, *(values[rows] for values in _dated(facts, kind, by))))
    kind = "ControlChanged"
    parts.append((facts.spot(kind), *_dated(facts, kind, np.full(facts.count(kind), NOBODY))))
    place, rep, time_s, value, seq = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(seq, kind="stable")
    return course(np.full(places, NOBODY), place[order], rep[order], time_s[order], value[order], replications)


def _dated(facts: FactColumns, kind: str, value: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    return facts.rep(kind), facts.ints(kind, "time_s"), value, facts.ints(kind, "seq")


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
