"""Convoys over the replications of a batch: how many were sent and what became of them, and what came along each way.

All is told by facts alone: a convoy leaves along a path of places, and arrives, turns back or is destroyed. What a
way carried counts on the day on which the convoy arrived with it, for every stretch of its path.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from sim.domain.terms import GRAMS_PER_KG
from sim.projections.arrays import FactsInParts, Kinds, Read, days_of, in_parts, read_of, scattered
from sim.projections.spread import QUANTILES, Floats, Ints

KINDS = ("ConvoyDispatched", "ConvoyArrived", "ConvoyTurnedBack", "ConvoyDestroyed")
COLUMNS = ("convoy", "side", "place", "path", "food_g", "ammunition_g", "fuel_g")
#: Columns of ``convoys_by_day`` by the kind of fact that they count.
COUNTED = {"ConvoyDispatched": "sent", "ConvoyArrived": "arrived", "ConvoyTurnedBack": "turned_back"}
COUNTED |= {"ConvoyDestroyed": "destroyed"}
#: What comes along a way is added up over so many days: a garrison gets a convoy every few days.
WINDOW_DAYS = 7
_KG_PER_TONNE = 1000


class Traffic(NamedTuple):
    """What convoys did: by replication, side and day; and kg by replication, way, side and day of arrival.

    A way is a stretch between two neighbouring places in the direction in which it was gone.
    """

    counts: dict[str, Ints]
    delivered_kg: Ints
    ways: tuple[tuple[str, str], ...]
    carried_kg: Ints


def convoys_by_day(batch: FactsInParts, read: Read | None = None) -> pa.Table:
    """Return convoys so far: a row per replication that is read, side and day, such as those of ``Batch.daily()``.

    Columns replication, side, day, sent, arrived, turned_back, destroyed, failed (convoys; failed are the two before
    together) and delivered_t (tonnes of food, ammunition and fuel that arrived), all from the beginning to the end of
    the day.
    """
    chosen = read if read is not None else read_of(batch)
    return so_far(traffic(batch, chosen), sorted(batch.scenario.sides), chosen)


def so_far(found: Traffic, sides: list[str], read: Read) -> pa.Table:
    """Return traffic as the rows of ``convoys_by_day``."""
    rep, side, day = (axis.reshape(-1) for axis in np.indices(found.delivered_kg.shape))
    counts = {name: count.cumsum(axis=2).reshape(-1) for name, count in found.counts.items()}
    return pa.table(
        {
            "replication": np.array(read.replications, dtype=np.int64)[rep],
            "side": pa.array(sides).take(pa.array(side)),
            "day": day.astype(np.int32),
            **counts,
            "failed": counts["turned_back"] + counts["destroyed"],
            "delivered_t": found.delivered_kg.cumsum(axis=2).reshape(-1) / _KG_PER_TONNE,
        }
    )


def flows_by_day(found: Traffic, sides: list[str], read: Read) -> pa.Table:
    """Return what came along each way in the seven days up to the end of each day, or since the beginning.

    Rows are start, to, side and day, for those with something in some replication: in k of n replications anything
    came along; ``p05``, ``p50`` and ``p95`` are the quantiles over all n of how many tonnes did. ``draws`` and
    ``scatter`` are as in ``control_by_day``.
    """
    running = found.carried_kg.cumsum(axis=-1)
    running[..., WINDOW_DAYS:] -= running[..., :-WINDOW_DAYS].copy()
    k, scatter = scattered(running > 0, read.draws)
    at = np.nonzero(k)
    way, side, day = at
    levels = _quantiles(running[:, way, side, day])
    starts, ends = zip(*found.ways, strict=True) if found.ways else ((), ())
    return pa.table(
        {
            "start": pa.array(starts, pa.string()).take(pa.array(way)),
            "to": pa.array(ends, pa.string()).take(pa.array(way)),
            "side": pa.array(sides).take(pa.array(side)),
            "day": day.astype(np.int32),
            "k": k[at],
            "n": np.full(len(day), len(read)),
            "draws": np.full(len(day), read.draws.max(initial=-1) + 1),
            "scatter": scatter[at],
            **{name: levels[index] / _KG_PER_TONNE for index, name in enumerate(("p05", "p50", "p95"))},
        }
    )


def _quantiles(values: Ints) -> Floats:
    if not values.size:
        return np.zeros((len(QUANTILES), values.shape[1]))
    return np.asarray(np.quantile(values, QUANTILES, axis=0))


def traffic(batch: FactsInParts, read: Read) -> Traffic:
    """Return what convoys did in the replications that are read."""
    scenario, days = batch.scenario, days_of(batch.scenario)
    sides = {name: number for number, name in enumerate(sorted(scenario.sides))}
    legs = [(leg.start, leg.to) for leg in scenario.legs.values()]
    ways = tuple(sorted({way for leg in legs for way in (leg, leg[::-1])}))
    shape = (len(read), len(sides), days)
    counts = {name: np.zeros(shape, dtype=np.int64) for name in COUNTED.values()}
    delivered = np.zeros(shape, dtype=np.int64)
    carried = np.zeros((len(read), len(ways), len(sides), days), dtype=np.int64)
    for part, facts in in_parts(batch, KINDS, COLUMNS, read):
        for kind, name in COUNTED.items():
            at = facts.rep(kind), facts.named(kind, "side", sides), facts.day(kind, days)
            np.add.at(counts[name][part], at, 1)
        rep, side, day, kg = _arrivals(facts, sides, days)
        np.add.at(delivered[part], (rep, side, day), kg)
        arrival, way = _stretches(facts, {name: number for number, name in enumerate(ways)})
        np.add.at(carried[part], (rep[arrival], way, side[arrival], day[arrival]), kg[arrival])
    return Traffic(counts, delivered, ways, carried)


def _arrivals(facts: Kinds, sides: dict[str, int], days: int) -> tuple[Ints, Ints, Ints, Ints]:
    kind = "ConvoyArrived"
    grams = sum((facts.ints(kind, f"{what}_g") for what in ("food", "ammunition", "fuel")), np.zeros(1, dtype=np.int64))
    kg = np.broadcast_to(grams, facts.count(kind)) // GRAMS_PER_KG if facts.count(kind) else np.empty(0, dtype=np.int64)
    return facts.rep(kind), facts.named(kind, "side", sides), facts.day(kind, days), kg


def _stretches(facts: Kinds, ways: dict[tuple[str, str], int]) -> tuple[Ints, Ints]:
    """Return the stretches of the paths of those convoys that arrived: number of the arrival, number of the way."""
    sent, arrived = "ConvoyDispatched", "ConvoyArrived"
    empty = np.empty(0, dtype=np.int64)
    if not facts.count(arrived):
        return empty, empty
    names: dict[str, int] = {}
    keys = []
    for kind in (sent, arrived):
        codes, words = facts.words(kind, "convoy")
        numbers = np.array([names.setdefault(word, len(names)) for word in words], dtype=np.int64)
        keys.append((facts.rep(kind) << 32) + numbers[codes])
    order = np.argsort(keys[1])
    spot = np.minimum(np.searchsorted(keys[1][order], keys[0]), len(order) - 1)
    arrival = np.where(keys[1][order][spot] == keys[0], order[spot], -1)
    row, code, words = facts.items(sent, "path")
    first, origins = facts.words(sent, "place")
    known = {name: number for number, name in enumerate(dict.fromkeys([*words, *origins]))}
    to = np.array([known[word] for word in words], dtype=np.int64)[code]
    origin = np.array([known[word] for word in origins], dtype=np.int64)[first][row]
    start = np.where(np.diff(row, prepend=-1) != 0, origin, np.roll(to, 1))
    table = np.full((len(known), len(known)), -1, dtype=np.int64)
    for (one, other), number in ways.items():
        if one in known and other in known:
            table[known[one], known[other]] = number
    way, of = table[start, to], arrival[row]
    kept = (way >= 0) & (of >= 0)
    return of[kept], way[kept]
