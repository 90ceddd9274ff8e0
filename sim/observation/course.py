"""How something about the places of many replications changed in time: who holds them, who besieges them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.observation.theatre import Bools, Ints


@dataclass(frozen=True, slots=True)
class Course:
    """One number per place and replication that changes at moments; ``first`` is what it was at the start.

    The changes are sorted by place, replication and time; ``at`` finds the last one not later than a
    moment by one binary search over ``_keys``.
    """

    first: Ints
    place: Ints
    rep: Ints
    time_s: Ints
    value: Ints
    replications: int
    _span: int
    _keys: Ints

    def at(self, place: Ints, rep: Ints, time_s: Ints) -> Ints:
        """Return the number of each (place, replication) at a moment; the arguments broadcast."""
        place, rep, time_s = np.broadcast_arrays(place, rep, time_s)
        found = np.array(self.first[place])
        index, known = self._last(place, rep, time_s)
        found[known] = self.value[index[known]]
        return found

    def changed(self, place: Ints, rep: Ints, time_s: Ints) -> Bools:
        """Return whether the number of each (place, replication) has changed by a moment."""
        return self._last(*np.broadcast_arrays(place, rep, time_s))[1]

    def _last(self, place: Ints, rep: Ints, time_s: Ints) -> tuple[Ints, Bools]:
        """Return the row of the last change not later than each moment, and whether there is one."""
        if not len(self._keys):
            return np.zeros(place.shape, dtype=np.int64), np.zeros(place.shape, dtype=bool)
        cell = place * self.replications + rep
        index = np.searchsorted(self._keys, cell * self._span + np.clip(time_s, 0, self._span - 1), side="right") - 1
        return index, (index >= 0) & (self._keys[index] // self._span == cell)


def course(first: Ints, place: Ints, rep: Ints, time_s: Ints, value: Ints, replications: int) -> Course:
    """Return the course of something from its changes, in whatever order they stand.

    Of several changes in one second the one that stands last counts.
    """
    span = int(time_s.max()) + 2 if len(time_s) else 1
    keys = (place * replications + rep) * span + time_s
    order = np.argsort(keys, kind="stable")
    return Course(first, place[order], rep[order], time_s[order], value[order], replications, span, keys[order])
