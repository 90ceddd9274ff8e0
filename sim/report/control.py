"""Who holds what, as shares of the histories: the table behind the heat map and the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.compare.windows import Probability, probability

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Control:
    """Counts of histories in which a side holds a place at the end of a day.

    ``counts`` has the shape (places, days, sides); ``n`` is how many histories there are. The last of
    ``sides`` is nobody. The histories belong to ``draws`` draws of the assumptions; ``scatter`` says how far
    these differ, in the shape of ``counts``.
    """

    places: tuple[str, ...]
    days: tuple[int, ...]
    sides: tuple[str, ...]
    counts: NDArray[np.int64]
    n: int
    draws: int
    scatter: NDArray[np.float64]

    @classmethod
    def from_table(cls, table: pa.Table, sides: Sequence[str]) -> Control:
        """Read a table of place, day, side, k, n, draws, scatter; what is not in it counts 0, nobody gets the rest."""
        columns = {name: table.column(name).to_pylist() for name in table.column_names}
        places = tuple(dict.fromkeys(columns["place"]))
        days = tuple(sorted(set(columns["day"])))
        names = (*(side for side in sides if side != NOBODY), NOBODY)
        at = {
            key: {name: index for index, name in enumerate(values)}
            for key, values in (("place", places), ("day", days), ("side", names))
        }
        n = max(columns["n"], default=0)
        counts = np.zeros((len(places), len(days), len(names)), dtype=np.int64)
        scatter = np.zeros(counts.shape)
        named = (columns[name] for name in ("place", "day", "side", "k", "scatter"))
        for place, day, side, k, apart in zip(*named, strict=True):
            spot = at["place"][place], at["day"][day], at["side"][side or NOBODY]
            counts[spot], scatter[spot] = k, apart
        counts[:, :, -1] = n - counts[:, :, :-1].sum(axis=2)
        return cls(places, days, names, counts, n, max(columns["draws"], default=0), scatter)

    def shares(self, place: str, day: int) -> dict[str, float]:
        """Return the share of histories by holder, nobody included."""
        row = self._row(place, day)
        return {side: float(k) / self.n for side, k in zip(self.sides, row, strict=True)}

    def proportions(self, place: str, day: int) -> dict[str, Probability]:
        """Return the shares that are not 0 with their intervals, the largest first."""
        apart = self.scatter[self.places.index(place), self.days.index(day)]
        counts = zip(self.sides, self._row(place, day).tolist(), apart.tolist(), strict=True)
        found = {side: probability(k, self.n, self.draws, scatter) for side, k, scatter in counts if k}
        return dict(sorted(found.items(), key=lambda item: -item[1].p))

    def unheld(self, day: int) -> float:
        """Return how many places nobody holds at the end of a day, on average."""
        return float(self.counts[:, self.days.index(day), -1].sum() / self.n)

    def undecided(self, day: int) -> list[str]:
        """Return the places that change hands in some history, the least certain on that day first."""
        lead = np.sort(self.counts[:, self.days.index(day), :], axis=1)
        margin = {place: int(row[-1] - row[-2]) for place, row in zip(self.places, lead, strict=True)}
        return sorted((place for place in self.places if margin[place] < self.n), key=lambda place: margin[place])

    def doubt(self, place: str) -> float:
        """Return the mean over the days of how far the likeliest holder is from certain, in [0, 1]."""
        return float(1 - self.counts[self.places.index(place)].max(axis=1).mean() / self.n)

    def in_play(self) -> set[str]:
        """Return the places whose holder is not the same in every history on every day."""
        first = self.counts[:, :1, :]
        same = (self.counts == first).all(axis=(1, 2)) & (first.max(axis=(1, 2)) == self.n)
        return {place for place, quiet in zip(self.places, same, strict=True) if not quiet}

    def _row(self, place: str, day: int) -> NDArray[np.int64]:
        row: NDArray[np.int64] = self.counts[self.places.index(place), self.days.index(day)]
        return row
