"""Where something is: one spot of the theatre, or a list of places, by number."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.observation.theatre import Bools, Ints, Theatre


@dataclass(slots=True)
class Wheres:
    """Everything that the ``where`` of a happening or a claim can be: the theatre's spots, then lists of places.

    NOWHERE (-1) finds the last row of every table made here.
    """

    theatre: Theatre
    lists: list[Bools] = field(default_factory=list)
    _number: dict[bytes, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.theatre.spots) + len(self.lists)

    def copy(self) -> Wheres:
        """Return the same numbers, to which lists can be added without changing these."""
        return Wheres(self.theatre, list(self.lists), dict(self._number))

    def number(self, places: Bools) -> int:
        """Return the number of a list of places, given as a mask over the theatre's places; a list of one is a spot."""
        if np.count_nonzero(places) == 1:
            return int(places.argmax())
        key = places.tobytes()
        if key not in self._number:
            self._number[key] = len(self)
            self.lists.append(places)
        return self._number[key]

    def numbers(self, rows: Bools) -> Ints:
        """Return the numbers of many lists of places, shape (lists, places)."""
        if not len(rows):
            return np.empty(0, dtype=np.int64)
        words = np.packbits(rows, axis=1)
        words = np.pad(words, ((0, 0), (0, -words.shape[1] % 8))).view(">u8").astype(np.uint64)
        code = words[:, 0]
        for word in words[:, 1:].T:  # the order of all words so far, then that of the next
            before, here = (np.unique(one, return_inverse=True)[1] for one in (code, word))
            code = (before * len(rows) + here).astype(np.uint64)
        _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
        return np.array([self.number(rows[index]) for index in first], dtype=np.int64)[inverse]

    def covers(self) -> Bools:
        """Return which places each where covers, shape (wheres + 1, places); the last row is nowhere."""
        width = len(self.theatre.places)
        rows = [self.theatre.covers, *(places[None, :] for places in self.lists), np.zeros((1, width), dtype=bool)]
        return np.concatenate(rows)

    def touching(self, places: Bools, *, nowhere: bool = False) -> Bools:
        """Return which wheres cover any of some places; ``nowhere`` is what the last row says."""
        found = np.any(self.covers() & places, axis=1)
        found[-1] = nowhere
        return np.asarray(found)

    def names(self, number: int) -> tuple[str, ...]:
        """Return the ids of a where."""
        spots = self.theatre.spots
        if number < 0:
            return ()
        if number < len(spots):
            return (spots[number],)
        return tuple(self.theatre.places[place] for place in np.flatnonzero(self.lists[number - len(spots)]))
