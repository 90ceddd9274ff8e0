"""The values of the numbers of the observation model: one per draw, or one per use.

They are drawn by names of their own, so that a change of one leaves every other and the whole log as
they were. A number that is epistemic has one value per draw of the assumptions, an aleatory one that is
read once has one per replication, and one that is drawn at each use takes the uniform it is given.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from sim.observation.draws import ASSUMPTION, key, uniforms
from sim.observation.theatre import Floats, Ints
from sim.scenario.numbers import Entry
from sim.scenario.quantiles import quantiles


class Assumed:
    """Values by dotted path, for all replications of a history."""

    def __init__(
        self, entries: Mapping[str, Entry], prefix: str, root_seed: int, replications: Ints, draws: Ints
    ) -> None:
        self._entries = entries
        self._prefix = prefix
        self._root_seed = root_seed
        self._replications = replications
        self._draws = draws
        self._known: dict[str, Floats] = {}
        self._distinct: dict[int, tuple[Ints, Ints]] = {}

    def has(self, path: str) -> bool:
        """Tell whether the number is given."""
        return path in self._entries

    def once(self, path: str) -> Floats:
        """Return the value of a number in each replication."""
        if path not in self._known:
            entry = self._entries[path]
            if entry.constant:
                self._known[path] = np.full(len(self._draws), entry.parts["value"])
            else:
                index = self._replications if entry.kind == "aleatory" else self._draws
                self._known[path] = self._drawn(entry.shared or f"{self._prefix}.{path}", index, entry)
        return self._known[path]

    def each(self, path: str, u: Floats, rep: Ints) -> Floats:
        """Return a value for each use, by its uniform; an epistemic law has one value per draw all the same."""
        entry = self._entries[path]
        if entry.constant or entry.kind == "epistemic":
            return self.once(path)[rep]
        return _values(entry, u)

    def seconds(self, path: str, u: Floats, rep: Ints, factor: Floats | float = 1.0) -> Ints:
        """Return a duration for each use in whole seconds, times a factor."""
        return np.minimum(self.each(path, u, rep) * factor, 1e9).astype(np.int64)

    def uniform(self, subject: str) -> Floats:
        """Return one uniform in (0, 1) per draw, the same for all replications of the draw."""
        return self._drawn(f"{self._prefix}.{subject}", self._draws, None)

    def either(self, path: str, fallback: str) -> str:
        """Return the path itself if the number is given, else another path."""
        return path if path in self._entries else fallback

    def _drawn(self, subject: str, index: Ints, entry: Entry | None) -> Floats:
        if id(index) not in self._distinct:  # one of the two that are kept here
            self._distinct[id(index)] = np.unique(index, return_inverse=True)
        numbers, inverse = self._distinct[id(index)]
        keys = np.full(len(numbers), key(subject), dtype=np.uint64)
        u = uniforms(self._root_seed, ASSUMPTION, keys, np.zeros_like(numbers), numbers)[:, 0]
        return (u if entry is None else _values(entry, u))[inverse]


def _values(entry: Entry, u: Floats) -> Floats:
    """Return the values of a law at many uniforms, inside the bounds of its number."""
    parts = entry.parts
    if entry.law == "exponential":
        found = -parts["mean"] * np.log1p(-u)
    elif entry.law == "lognormal" and set(parts) == {"p05", "p95"}:
        middle, half = np.log(parts["p05"] * parts["p95"]) / 2, np.log(parts["p95"] / parts["p05"]) / 2
        found = np.exp(middle + half / ndtri(0.95) * ndtri(u))
    else:
        found = quantiles(entry.law, parts, u)
    return np.clip(found, entry.ge, entry.le) if entry.ge is not None or entry.le is not None else found
