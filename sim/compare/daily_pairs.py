"""Two batches day by day, pair by pair: who holds what longer, and by how much forces, losses and supplies differ.

Every difference is of the second batch less the first, over the replications that both have finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import bdtr, stdtrit

from sim.compare.judging import common
from sim.compare.variants import Measured, PairedDifference, paired_differences
from sim.compare.windows import Probability, probability
from sim.domain.terms import DAY
from sim.errors import InputError
from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.holders import NOBODY, Codes, held_by
from sim.projections.spread import draw_codes
from sim.projections.timelines import QUANTILES, Facts, control_changes

#: Of the cells that are told apart, at most this share is expected to be chance.
FALSE_AMONG_FOUND = 0.05
_LEVEL = 0.95
HELD = "held"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which replications of two batches are pairs, and what both have: places, sides, and so many days.

    The last of ``sides`` is nobody; ``draws`` has the draw of each pair.
    """

    replications: Ints
    draws: Ints
    places: tuple[str, ...]
    sides: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class ControlDifference:
    """Who holds what at the end of each day, second less first: arrays of shape (places, days, sides).

    ``first`` and ``second`` are shares of the pairs, ``low`` and ``high`` the 95 % interval of their difference over
    draws. ``differs`` tells whether any pair differs at all, ``told`` whether that is more than chance: the interval
    leaves out zero, and over all cells together at most one found in twenty is expected to be chance. ``longer`` has a
    row per place and side that differ in any pair: at the ends of how many days a side holds it. ``apart`` tells of
    each pair and day whether any place has another holder, shape (pairs, days); ``held`` are the holders in both
    batches as ``holders`` gives them.
    """

    pairs: Pairs
    first: Floats
    second: Floats
    low: Floats
    high: Floats
    differs: Bools
    told: Bools
    longer: dict[tuple[str, str], PairedDifference]
    apart: Bools
    scatters: tuple[Floats, Floats]
    held: tuple[Codes, Codes]

    def shares(self, place: int, day: int, side: int) -> tuple[Probability, Probability]:
        """Return in which share of the pairs a side holds a place in the first and in the second batch."""
        n, draws = len(self.pairs.draws), len(np.unique(self.pairs.draws))
        first, second = (
            probability(round(float(share[place, day, side]) * n), n, draws, float(scatter[place, day, side]))
            for share, scatter in zip((self.first, self.second), self.scatters, strict=True)
        )
        return first, second

    @property
    def difference(self) -> Floats:
        """Return the paired differences of the shares."""
        return self.second - self.first


def pairs_of(first: Facts, second: Facts) -> Pairs:
    """Return what two batches have in common.

    Raises:
        InputError: If they are of different wars, begin at different moments, or have no pair of finished replications.
    """
    both, draws = common(first, second)
    heads = [batch.scenario.scenario for batch in (first, second)]
    if heads[0].start != heads[1].start:
        raise InputError(
            f"{heads[0].id} begins at {heads[0].start.isoformat()} and {heads[1].id} at {heads[1].start.isoformat()}: "
            "their days cannot be laid beside each other; compare scenarios that begin at the same moment"
        )
    places = tuple(sorted(first.scenario.places.keys() & second.scenario.places.keys()))
    sides = (*dict.fromkeys((*first.scenario.sides, *second.scenario.sides)), NOBODY)
    length_s = min((head.end - head.start).total_seconds() for head in heads)
    return Pairs(both, draws, places, sides, max(1, -(-int(length_s) // DAY)))


def holders(batch: Facts, pairs: Pairs) -> Codes:
    """Return who holds each place at the end of each day, as positions in ``sides``: (pairs, places, days)."""
    return held_by(batch, pairs.replications, pairs.places, pairs.sides, pairs.days)


def control_difference(first: Facts, second: Facts, pairs: Pairs) -> ControlDifference:
    """Return how far two batches differ in who holds what, day by day and in days all told.

    The interval is Student's over draws as in ``paired_differences``; where all draws have the same difference it is
    what so few cannot rule out. What is told apart is found by the sign test over draws with the procedure of
    Benjamini and Hochberg (1995) over all places, days and sides.
    """
    before, after = holders(first, pairs), holders(second, pairs)
    code = draw_codes(pairs.draws)
    parts = [_cells(before == side, after == side, code) for side in range(len(pairs.sides))]
    one, other, low, high, chance, differs, *scatters = (np.stack(part, axis=2) for part in zip(*parts, strict=True))
    told = _found(chance) & ((low > 0) | (high < 0))
    numbers = {
        (place, side): Measured(
            HELD, "facts", place, "", side, "days", False,
            *((held[:, row] == number).sum(axis=1).astype(np.float64) for held in (before, after)),
        )
        for row, place in enumerate(pairs.places)
        for number, side in enumerate(pairs.sides)
        if differs[row, :, number].any()
    }  # fmt: skip
    longer = paired_differences(list(numbers.values()), pairs.draws)
    return ControlDifference(
        pairs, one, other, low, high, differs, told, dict(zip(numbers, longer, strict=True)),
        (before != after).any(axis=1), (scatters[0], scatters[1]), (before, after),
    )  # fmt: skip


def _cells(before: Bools, after: Bools, code: Ints) -> tuple[Any, ...]:
    """Return of one side: both shares, the interval of the difference, its p-value, whether any pair differs, scatters.

    A scatter is the sum over draws of the squared deviations that the interval of a share follows from.
    """
    change = after.astype(np.int8) - before.astype(np.int8)
    size, clusters = len(change), int(code.max(initial=-1)) + 1
    mean = change.mean(axis=0)
    sums = np.zeros((clusters, *mean.shape))
    np.add.at(sums, code, change)
    ups, downs = (sums > 0).sum(axis=0), (sums < 0).sum(axis=0)
    chance = np.minimum(1.0, 2 * bdtr(np.minimum(ups, downs).astype(np.float64), ups + downs, 0.5))
    chance = np.where(ups + downs == 0, 1.0, chance)
    half = np.full(mean.shape, np.inf)
    if clusters > 1:
        sizes = np.bincount(code)[:, None, None]
        error = np.sqrt(clusters / (clusters - 1) * ((sums - sizes * mean) ** 2).sum(axis=0)) / size
        same = error <= 1e-12 * np.abs(mean)
        half = np.where(same, -np.log(1 - _LEVEL) / clusters, stdtrit(clusters - 1, (1 + _LEVEL) / 2) * error)
    low, high = np.maximum(mean - half, -1.0), np.minimum(mean + half, 1.0)
    scatters = (_scatter(held, code, clusters) for held in (before, after))
    return before.mean(axis=0), after.mean(axis=0), low, high, chance, (change != 0).any(axis=0), *scatters


def _scatter(held: Bools, code: Ints, clusters: int) -> Floats:
    sums = np.zeros((clusters, *held.shape[1:]))
    np.add.at(sums, code, held - held.mean(axis=0))
    return np.asarray((sums**2).sum(axis=0))


def _found(chance: Floats) -> Bools:
    """Return which of many p-values are found at a rate of false ones (Benjamini and Hochberg 1995)."""
    ranked = np.sort(chance, axis=None)
    below = ranked <= FALSE_AMONG_FOUND * np.arange(1, ranked.size + 1) / ranked.size
    return np.asarray(chance <= (ranked[below].max() if below.any() else -1.0))


def daily_difference(first: pa.Table, second: pa.Table, column: str, pairs: Pairs) -> pa.Table:
    """Return how a daily quantity differs in pairs, by side and day; of the days of both batches (``Batch.daily()``).

    Columns: side, day; first and second, the means of both; p05, p25, p50, p75 and p95 of the paired differences; mean,
    low and high, the mean difference with its 95 % interval over draws (Student's, open where all have the same);
    differ, in how many pairs it is another.
    """
    before, after = (daily_by_pair(daily, column, pairs) for daily in (first, second))
    sides, change = list(pairs.sides[:-1]), after - before
    code, size = draw_codes(pairs.draws), len(change)
    clusters, mean = int(code.max(initial=-1)) + 1, change.mean(axis=0)
    half = np.full(mean.shape, np.inf)
    if clusters > 1:
        sums = np.zeros((clusters, *mean.shape))
        np.add.at(sums, code, change - mean)
        error = np.sqrt(clusters / (clusters - 1) * (sums**2).sum(axis=0)) / size
        half = np.where(error > 0, stdtrit(clusters - 1, (1 + _LEVEL) / 2) * error, np.inf)
    levels = np.quantile(change, list(QUANTILES.values()), axis=0)
    side_at, day_at = (axis.reshape(-1) for axis in np.indices(mean.shape))
    return pa.table(
        {
            "side": pa.array(sides, pa.string()).take(side_at),
            "day": day_at.astype(np.int32),
            "first": before.mean(axis=0).reshape(-1),
            "second": after.mean(axis=0).reshape(-1),
            **{name: level.reshape(-1) for name, level in zip(QUANTILES, levels, strict=True)},
            "mean": mean.reshape(-1),
            "low": (mean - half).reshape(-1),
            "high": (mean + half).reshape(-1),
            "differ": np.count_nonzero(change, axis=0).reshape(-1),
        }
    )


def daily_by_pair(daily: pa.Table, column: str, pairs: Pairs) -> Floats:
    """Return a daily quantity of one batch by pair, side (nobody left out) and day."""
    sides = pairs.sides[:-1]
    numbers, days = daily.column("replication").to_numpy(), daily.column("day").to_numpy()
    side = pc.index_in(daily.column("side").cast(pa.string()), value_set=pa.array(sides, pa.string()))
    code = side.fill_null(-1).to_numpy()
    kept = np.isin(numbers, pairs.replications) & (days < pairs.days) & (code >= 0)
    found = np.zeros((len(pairs.replications), len(sides), pairs.days))
    rows = np.searchsorted(pairs.replications, numbers[kept])
    found[rows, code[kept], days[kept]] = daily.column(column).to_numpy()[kept]
    return found


def first_changes_of_hands(first: Facts, second: Facts, pairs: Pairs) -> Floats:
    """Return for each pair when its first change of hands happened that the other has not; infinite for none."""
    both = [_changes(batch, pairs) for batch in (first, second)]
    found = np.full(len(pairs.replications), np.inf)
    for row, number in enumerate(pairs.replications.tolist()):
        one, other = (changes.get(number, set()) for changes in both)
        apart = one ^ other
        if apart:
            found[row] = min(time_s for time_s, *_ in apart)
    return found


def _changes(batch: Facts, pairs: Pairs) -> dict[int, set[tuple[int, str, str]]]:
    table = control_changes(batch)
    found: dict[int, set[tuple[int, str, str]]] = {}
    known = set(pairs.places)
    columns = (table.column(name).to_pylist() for name in ("replication", "time_s", "place", "side"))
    for number, time_s, place, side in zip(*columns, strict=True):
        if place in known and time_s <= pairs.days * DAY:
            found.setdefault(number, set()).add((time_s, place, side))
    return found
