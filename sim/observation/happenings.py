"""What happened, in the words in which it could be claimed: facts as event types, actors, targets, spots.

This table of facts and event types is the one predicate of each type. Observation makes claims of the
happenings; comparison looks for reported events among them. Losses are summed by place, day and side,
as a communiqué would; ``many`` is killed, captured or vehicles, by type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pyarrow as pa

from sim.domain.claims import EVENT_TYPES
from sim.domain.terms import DAY
from sim.observation.theatre import NOBODY, NOWHERE, Bools, Ints, Theatre
from sim.observation.wheres import Wheres
from sim.store.arrays import as_arrow, as_numpy

TYPES = tuple(EVENT_TYPES)
TYPE = {name: number for number, name in enumerate(TYPES)}

#: Kinds of fact that anything can be claimed of.
KINDS = (
    "ControlChanged", "EngagementBegan", "EngagementEnded", "BoutFought", "ForceBeaten", "ColumnAmbushed",
    "ForceSurrendered", "ForceDispersed", "VehiclesLost", "ConvoyAmbushed", "RisingBegan", "SiegeBegan",
    "SiegeLifted", "OperationOrdered", "OperationLaunched", "TalksOpened", "TruceAgreed", "UltimatumIssued",
    "TalksCollapsed", "SettlementReached", "CommunicationsCut", "CommunicationsRestored",
)  # fmt: skip

_PAIRS = pa.list_(pa.struct([("type", pa.string()), ("number", pa.int64())]))

#: Columns of those kinds that are read here, with their types.
COLUMNS: dict[str, pa.DataType] = {
    **dict.fromkeys(("replication", "seq", "time_s"), pa.int64()),
    **dict.fromkeys(
        (
            "kind", "place", "side", "enemy", "lost_by", "by", "against", "captor", "area", "how", "outcome", "reason",
            "talks", "operation",
        ),
        pa.string(),
    ),
    **dict.fromkeys(
        (
            "attempt", "carriers_lost", "killed", "wounded", "captured", "attackers_killed", "attackers_wounded",
            "attackers_captured", "defenders_killed", "defenders_wounded", "defenders_captured",
        ),
        pa.int64(),
    ),
    "places": pa.list_(pa.string()),
    "vehicles": _PAIRS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happenings:
    """Happenings of many replications as columns of one length, sorted by replication and time.

    ``rep`` counts replications from 0; ``seq`` is the fact; ``type``, ``where``, ``actor`` and ``target``
    are numbers of ``TYPES``, the wheres and the theatre; ``many`` and ``wounded`` count people or vehicles.
    """

    rep: Ints
    time_s: Ints
    seq: Ints
    type: Ints
    where: Ints
    actor: Ints
    target: Ints
    many: Ints
    wounded: Ints

    def __len__(self) -> int:
        return len(self.rep)

    def take(self, which: Bools | Ints) -> Happenings:
        """Return some of the happenings, by mask or by index."""
        return Happenings(*(getattr(self, column.name)[which] for column in fields(self)))


class FactColumns:
    """A table of facts, read kind by kind as arrays of numbers; who held what at the start is no change.

    A column becomes numbers once, for all kinds; words become numbers of a dictionary. Facts of one kind in one
    replication must stand in their order.
    """

    def __init__(self, table: pa.Table, theatre: Theatre, rep_of: dict[int, int]) -> None:
        self._table = table
        self._numbers: dict[str, Ints] = {}
        self._words: dict[str, tuple[Ints, list[str]]] = {}
        self._spots = {spot: number for number, spot in enumerate(theatre.spots)}
        self._sides = {side: number for number, side in enumerate(theatre.sides)}
        self._rep_of = np.full(max(rep_of, default=0) + 1, -1, dtype=np.int64)
        self._rep_of[list(rep_of)] = list(rep_of.values())
        codes, kinds = self._coded("kind")
        code_of = {kind: code for code, kind in enumerate(kinds)}
        self._rows = {kind: np.flatnonzero(codes == code_of.get(kind, len(kinds))) for kind in KINDS}
        changes = self._rows["ControlChanged"]
        self._rows["ControlChanged"] = changes[~self.equal("ControlChanged", "how", "initial")]

    def count(self, kind: str) -> int:
        """Return how many facts of a kind there are."""
        return len(self._rows[kind])

    def rep(self, kind: str) -> Ints:
        """Return the position of each fact's replication."""
        return self._rep_of[self.ints(kind, "replication")]

    def ints(self, kind: str, column: str) -> Ints:
        """Return a column of whole numbers, 0 where there is none."""
        if not self.count(kind):
            return np.empty(0, dtype=np.int64)
        if column not in self._numbers:
            self._numbers[column] = as_numpy(self._table.column(column)).astype(np.int64)
        return self._numbers[column][self._rows[kind]]

    def texts(self, kind: str, column: str) -> list[str]:
        """Return a column of words."""
        if not self.count(kind):
            return []
        codes, words = self._coded(column)
        return [words[code] for code in codes[self._rows[kind]].tolist()]

    def equal(self, kind: str, column: str, *words: str) -> Bools:
        """Return whether a column says one of some words."""
        return self._translated(kind, column, dict.fromkeys(words, 1), 0).astype(bool)

    def spot(self, kind: str, column: str = "place") -> Ints:
        """Return the numbers of a column of places or areas."""
        return self._translated(kind, column, self._spots, NOWHERE)

    def side(self, kind: str, column: str = "side") -> Ints:
        """Return the numbers of a column of sides."""
        return self._translated(kind, column, self._sides, NOBODY)

    def pockets(self, kind: str, column: str = "places") -> tuple[Ints, Ints]:
        """Return the places of a column of lists: the row of each, and its number."""
        if not self.count(kind):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        lists = self._lists(kind, column)
        places = np.array([self._spots.get(name, NOWHERE) for name in lists.flatten().to_pylist()], dtype=np.int64)
        return _owners(lists), places

    def vehicles(self, kind: str, column: str = "vehicles") -> Ints:
        """Return how many vehicles a column of (type, number) pairs adds up to."""
        if not self.count(kind):
            return np.empty(0, dtype=np.int64)
        lists = self._lists(kind, column)
        return np.bincount(_owners(lists), as_numpy(lists.flatten().field(1)), minlength=len(lists)).astype(np.int64)

    def _translated(self, kind: str, column: str, numbers: Mapping[str, int], missing: int) -> Ints:
        """Return a column of words as other numbers."""
        if not self.count(kind):
            return np.empty(0, dtype=np.int64)
        codes, words = self._coded(column)
        own = np.array([*(numbers.get(word, missing) for word in words), missing], dtype=np.int64)
        return own[codes[self._rows[kind]]]

    def _coded(self, column: str) -> tuple[Ints, list[str]]:
        """Return a column of words as numbers of words, -1 where there is none."""
        if not self._table.num_rows:
            return np.empty(0, dtype=np.int64), []
        if column not in self._words:
            whole = self._table.column(column).combine_chunks()
            coded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
            self._words[column] = as_numpy(coded.indices, -1).astype(np.int64), coded.dictionary.to_pylist()
        return self._words[column]

    def _lists(self, kind: str, column: str) -> pa.Array:
        return self._table.column(column).take(as_arrow(self._rows[kind])).combine_chunks()


def _owners(lists: pa.Array) -> Ints:
    """Return the row of each item of a column of lists."""
    return np.repeat(np.arange(len(lists)), as_numpy(lists.value_lengths()))


def happenings(
    facts: FactColumns, wheres: Wheres, talks_spot: Mapping[str, int], way_points: Mapping[str, Sequence[int]]
) -> Happenings:
    """Turn facts into everything that could be claimed of them, sorted by replication, time and fact.

    Args:
        facts: The facts of one or many replications.
        wheres: The numbers of places; pockets under siege are added.
        talks_spot: The spot that each talks are about.
        way_points: The spots on the axes of each operation.
    """
    parts = [
        *_control(facts, wheres.theatre),
        *_fighting(facts, wheres, way_points),
        *_people_and_words(facts, talks_spot),
        *_losses(facts, wheres.theatre),
    ]
    columns = [np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Happenings)]
    found = Happenings(*columns)
    return found.take(np.lexsort((found.type, found.seq, found.time_s, found.rep)))


def _rows(
    facts: FactColumns, kind: str, type_: str, actor: Ints, target: Ints, where: Ints | None = None,
    many: Ints | None = None, which: Bools | None = None,
) -> Happenings:  # fmt: skip
    size = facts.count(kind)
    found = Happenings(
        rep=facts.rep(kind), time_s=facts.ints(kind, "time_s"), seq=facts.ints(kind, "seq"),
        type=np.full(size, TYPE[type_]), where=facts.spot(kind) if where is None else where, actor=actor, target=target,
        many=np.zeros(size, dtype=np.int64) if many is None else many, wounded=np.zeros(size, dtype=np.int64),
    )  # fmt: skip
    return found if which is None else found.take(which)


def _control(facts: FactColumns, theatre: Theatre) -> Iterator[Happenings]:
    """Yield captures, recaptures, places left, and what they mean for a road."""
    kind = "ControlChanged"
    taker, loser, spot = facts.side(kind), facts.side(kind, "lost_by"), facts.spot(kind)
    again = _held_before(facts.rep(kind), spot, taker, theatre)
    yield _rows(facts, kind, "capture", taker, loser, which=~again)
    yield _rows(facts, kind, "recapture", taker, loser, which=again)
    on_route = theatre.on_route[spot] if len(spot) else np.empty(0, dtype=bool)
    yield _rows(facts, kind, "route_blocked", taker, loser, which=on_route & ~again & (loser != NOBODY))
    yield _rows(facts, kind, "route_opened", taker, loser, which=on_route & again)
    left = facts.equal(kind, "how", "abandoned") & (loser != NOBODY)
    yield _rows(facts, kind, "withdrawal", loser, taker, which=left)
    kind = "ForceDispersed"
    nobody = np.full(facts.count(kind), NOBODY)
    yield _rows(facts, kind, "withdrawal", facts.side(kind), nobody, which=~facts.equal(kind, "reason", "beaten"))


def _held_before(rep: Ints, spot: Ints, taker: Ints, theatre: Theatre) -> Bools:
    """Tell which takings are of a place that the taker held at the start or has taken before."""
    held = {(-1, place, int(side)) for place, side in enumerate(theatre.first_holder)}
    found = np.zeros(len(rep), dtype=bool)
    for index, (r, s, t) in enumerate(zip(rep.tolist(), spot.tolist(), taker.tolist(), strict=True)):
        found[index] = (r, s, t) in held or (-1, s, t) in held
        held.add((r, s, t))
    return found


def _fighting(facts: FactColumns, wheres: Wheres, way_points: Mapping[str, Sequence[int]]) -> Iterator[Happenings]:
    """Yield attacks, attacks beaten off, advances, risings and sieges."""
    kind = "EngagementBegan"
    yield _rows(facts, kind, "attack", facts.side(kind), facts.side(kind, "enemy"))
    kind = "EngagementEnded"
    off = facts.equal(kind, "outcome", "held", "broken_off")
    yield _rows(facts, kind, "attack_repelled", facts.side(kind, "enemy"), facts.side(kind), which=off)
    yield _advances(facts, way_points)
    yield _rows(facts, "RisingBegan", "rising", facts.side("RisingBegan"), facts.side("RisingBegan", "against"))
    kind = "SiegeBegan"
    pockets = np.zeros((facts.count(kind), len(wheres.theatre.places)), dtype=bool)
    pockets[facts.pockets(kind)] = True
    yield _rows(facts, kind, "siege", facts.side(kind, "by"), facts.side(kind), wheres.numbers(pockets))


def _advances(facts: FactColumns, way_points: Mapping[str, Sequence[int]]) -> Happenings:
    """Return an advance on each way point of an operation that set out."""
    kind = "OperationLaunched"
    paths = [way_points.get(name, ()) for name in facts.texts(kind, "operation")]
    found = _rows(facts, kind, "advance", facts.side(kind), np.full(facts.count(kind), NOBODY))
    found = found.take(np.repeat(np.arange(len(paths)), [len(path) for path in paths]))
    return replace(found, where=np.array([place for path in paths for place in path], dtype=np.int64))


def _people_and_words(facts: FactColumns, talks_spot: Mapping[str, int]) -> Iterator[Happenings]:
    """Yield what was said between the sides, and telephones cut."""
    for kind, type_ in (
        ("TalksOpened", "talks"), ("TruceAgreed", "talks"), ("UltimatumIssued", "ultimatum"),
        ("TalksCollapsed", "talks_collapsed"), ("SettlementReached", "settlement"),
    ):  # fmt: skip
        spot = np.array([talks_spot.get(name, NOWHERE) for name in facts.texts(kind, "talks")], dtype=np.int64)
        yield _rows(facts, kind, type_, facts.side(kind), facts.side(kind, "enemy"), spot)
    kind = "CommunicationsCut"
    nobody = np.full(facts.count(kind), NOBODY)
    yield _rows(facts, kind, "communications_cut", facts.side(kind), nobody, facts.spot(kind, "area"))


def _losses(facts: FactColumns, theatre: Theatre) -> Iterator[Happenings]:
    """Yield casualties, prisoners and vehicles lost, summed by place, local day, loser and opponent."""
    bout, beaten, ambush, waylaid = "BoutFought", "ForceBeaten", "ConvoyAmbushed", "ColumnAmbushed"
    attacker, defender = facts.side(bout), facts.side(bout, "enemy")
    bloody = [
        _lost(facts, bout, "casualties", defender, attacker, "attackers_killed", "attackers_wounded"),
        _lost(facts, bout, "casualties", attacker, defender, "defenders_killed", "defenders_wounded"),
        _lost(facts, beaten, "casualties", facts.side(beaten, "captor"), facts.side(beaten), "killed", "wounded"),
        _lost(facts, waylaid, "casualties", facts.side(waylaid, "by"), facts.side(waylaid), "killed", "wounded"),
    ]
    taken = [
        _lost(facts, kind, "captured_people", facts.side(kind, "captor"), facts.side(kind), "captured")
        for kind in (beaten, "ForceSurrendered")
    ]
    taken += [
        _lost(facts, bout, "captured_people", defender, attacker, "attackers_captured"),
        _lost(facts, bout, "captured_people", attacker, defender, "defenders_captured"),
    ]
    vehicles = "VehiclesLost"
    gone = [
        _rows(
            facts, vehicles, "equipment_loss", facts.side(vehicles, "captor"), facts.side(vehicles),
            many=facts.vehicles(vehicles),
        ),
        _lost(facts, ambush, "equipment_loss", facts.side(ambush, "by"), facts.side(ambush), "carriers_lost"),
    ]  # fmt: skip
    for parts in (bloody, taken, gone):
        columns = (np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Happenings))
        yield _by_day(Happenings(*columns), theatre)


def _lost(
    facts: FactColumns, kind: str, type_: str, winner: Ints, loser: Ints, many: str, wounded: str | None = None
) -> Happenings:
    found = _rows(facts, kind, type_, winner, loser, many=facts.ints(kind, many))
    return replace(found, wounded=facts.ints(kind, wounded)) if wounded else found


def _by_day(lost: Happenings, theatre: Theatre) -> Happenings:
    """Sum losses by replication, place, loser, opponent and local day, dated by the last of the day."""
    lost = lost.take((lost.many + lost.wounded > 0) & (lost.target != NOBODY))
    if not len(lost):
        return lost
    day = (lost.time_s + theatre.into_day_s) // DAY
    cells = np.stack([lost.rep, lost.where, lost.target, lost.actor, day], axis=1)
    order = np.lexsort((lost.seq, *cells.T[::-1]))
    lost, cells = lost.take(order), cells[order]
    first = np.flatnonzero(np.concatenate([[True], (np.diff(cells, axis=0) != 0).any(axis=1)]))
    last = np.append(first[1:], len(lost)) - 1
    many, wounded = np.add.reduceat(lost.many, first), np.add.reduceat(lost.wounded, first)
    return replace(lost.take(last), many=many, wounded=wounded)
