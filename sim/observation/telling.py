"""What claimants have said, before anybody printed it: columns, and the words for places that need a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from sim.domain.claims import Statement
from sim.observation.theatre import Bools, Ints, Theatre

STATEMENTS: tuple[Statement, ...] = ("asserts", "denies", "intends")
ASSERTS, DENIES, INTENDS_TO = range(3)

#: A number that was not told.
UNTOLD = -1


@dataclass(frozen=True, slots=True)
class Said:
    """Claims as they left the mouths of claimants, as columns of one length.

    ``seq`` is the fact a claim is about, -1 for none; ``where`` a number of ``Wheres``; ``alleged_s``
    when it is said to have happened, ``said_s`` when it was said; ``many`` and ``wounded`` are UNTOLD
    where no number was given; ``subject`` (a number of ``Names``) and ``n`` name the claim.
    """

    rep: Ints
    seq: Ints
    type: Ints
    statement: Ints
    where: Ints
    actor: Ints
    target: Ints
    alleged_s: Ints
    said_s: Ints
    many: Ints
    wounded: Ints
    claimant: Ints
    n: Ints
    subject: Ints

    def __len__(self) -> int:
        return len(self.rep)

    def take(self, which: Bools | Ints) -> Said:
        """Return some of the claims, by mask or by index."""
        return Said(*(getattr(self, column.name)[which] for column in fields(self)))


def joined(parts: Sequence[Said]) -> Said:
    """Return claims of several makers as one table."""
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return Said(none, none, none, none, none, none, none, none, none, none, none, none, none, none)
    return Said(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Said)))


@dataclass(slots=True)
class Wheres:
    """Everything that the ``where`` of a claim can be: the theatre's spots, then lists of places."""

    theatre: Theatre
    lists: list[Bools] = field(default_factory=list)
    _number: dict[bytes, int] = field(default_factory=dict)

    def number(self, places: Bools) -> int:
        """Return the number of a list of places, given as a mask over the theatre's places."""
        key = places.tobytes()
        if key not in self._number:
            self._number[key] = len(self.theatre.spots) + len(self.lists)
            self.lists.append(places)
        return self._number[key]

    def numbers(self, rows: Bools) -> Ints:
        """Return the numbers of many lists of places, shape (lists, places)."""
        if not len(rows):
            return np.empty(0, dtype=np.int64)
        packed = np.packbits(rows, axis=1)
        _, first, inverse = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        return np.array([self.number(rows[index]) for index in first], dtype=np.int64)[inverse.reshape(-1)]

    def covers(self) -> Bools:
        """Return which places each where covers, shape (wheres, places); the last row is nowhere."""
        width = len(self.theatre.places)
        rows = [self.theatre.covers, *(places[None, :] for places in self.lists), np.zeros((1, width), dtype=bool)]
        return np.concatenate(rows)

    def names(self, number: int) -> tuple[str, ...]:
        """Return the ids of a where."""
        spots = self.theatre.spots
        if number < 0:
            return ()
        if number < len(spots):
            return (spots[number],)
        return tuple(self.theatre.places[place] for place in np.flatnonzero(self.lists[number - len(spots)]))
