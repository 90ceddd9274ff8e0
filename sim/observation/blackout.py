"""What cut telephones do to the news from an area, and how far they do it at a moment."""

from __future__ import annotations

import numpy as np

from sim.observation.assumed import Assumed
from sim.observation.history import Cuts, History
from sim.observation.theatre import Bools, Floats, Ints


def silenced(history: History, assumed: Assumed, by_rep: Ints, time_s: Ints, where: Ints, side: int) -> Floats:
    """Return how far cut telephones weigh on news of each moment and where, in [0, 1].

    1 while the telephones of an area around it are cut, ``1 - restored_share`` once part of them
    works again; the side that cut them is not silenced.
    """
    weight = np.zeros(len(by_rep))
    cuts = history.cuts
    if not assumed.has("blackout.cover_factor") or not len(cuts.rep):
        return weight
    left = 1.0 - assumed.once("blackout.restored_share")
    for area in np.unique(cuts.spot):
        inside = history.wheres.touching(history.theatre.covers[area])[where]
        for by in np.unique(cuts.by[(cuts.spot == area) & (cuts.restored == 0)]):
            if by == side:
                continue
            cut = _first(cuts, (cuts.spot == area) & (cuts.by == by) & (cuts.restored == 0), len(history))
            again = _first(cuts, (cuts.spot == area) & (cuts.restored == 1), len(history))
            dark = inside & (time_s >= cut[by_rep])
            weight = np.maximum(weight, dark * np.where(time_s >= again[by_rep], left[by_rep], 1.0))
    return weight


def _first(cuts: Cuts, which: Bools, replications: int) -> Floats:
    found = np.full(replications, np.inf)
    np.minimum.at(found, cuts.rep[which], cuts.time_s[which])
    return found


def weakened(assumed: Assumed, path: str, weight: Floats, rep: Ints) -> Floats:
    """Return a factor of the blackout, applied as far as it weighs: 1 + weight (factor - 1)."""
    if not assumed.has(path):
        return np.ones(len(rep))
    return 1.0 + weight * (assumed.once(path)[rep] - 1.0)
