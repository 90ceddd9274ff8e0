"""Simulated rates beside published ones: is a history of this scenario like what is known of real wars?

For every referent that names a measured outcome: what the histories of a batch measured, and whether the
middle of it lies in the published range. A range is a check of plausibility and no score: it says nothing
about this campaign, and one that is met proves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.projections.measures import READS, History, measured
from sim.scenario.referents import Referent, referents
from sim.store import Batch

#: As many histories as are read: enough for a median, and a few seconds.
HISTORIES = 200
_Z95 = 1.959964
#: A figure without a range is met within this factor.
_NEAR = 2.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How one measured rate stands to what was published.

    ``low``, ``middle``, ``high`` are the 5, 50 and 95 % quantiles of all ``cases``, or mean and 95 % interval
    where each case is a yes or no; ``inside`` is the share of cases within the published range, with its
    interval over histories (those of one history are not independent), NaN where no range was published.
    ``verdict`` is within, below or above (for yes or no: whether the interval meets the range), near (a single
    figure, within a factor of two), or no cases.
    """

    referent: Referent
    cases: int
    histories: int
    low: float
    middle: float
    high: float
    binary: bool
    inside: float
    inside_low: float
    inside_high: float
    verdict: str


def realism(batch: Batch, histories: int = HISTORIES) -> tuple[Standing, ...]:
    """Return how the measured rates of a batch stand to the published ones, in the order of the table.

    Args:
        batch: Replications that finished.
        histories: How many of them are read at most, spread evenly over the batch.
    """
    finished = [
        number
        for number, status in zip(
            *(batch.outcomes().column(name).to_pylist() for name in ("replication", "status")), strict=True
        )
        if status == "done"
    ]
    chosen = sorted({finished[index * len(finished) // histories] for index in range(histories)}) if finished else []
    names = [kind.__name__ for kind in READS]
    values = {row.pop("replication"): row for row in _legs(batch, chosen)}
    head = batch.scenario.scenario
    duration_s = int((head.end - head.start).total_seconds())
    found = [
        measured(History(facts, values[number], duration_s)) for number, facts in batch.logs(names, replications=chosen)
    ]
    return standings(found)


def _legs(batch: Batch, chosen: Iterable[int]) -> list[dict[str, float]]:
    """Return, for some replications, the values that measures read: lengths of legs and populations."""
    table = batch.values()
    wanted = [
        name for name in table.column_names if name == "replication" or name.endswith((".length_km", ".population"))
    ]
    rows = table.select(wanted).to_pylist()
    picked = set(chosen)
    return [row for row in rows if row["replication"] in picked]


def standings(found: Sequence[dict[str, list[float]]]) -> tuple[Standing, ...]:
    """Return how measures of several histories stand to the published ranges.

    Args:
        found: The measures of each history, as ``sim.projections.measures.measured`` returns them.
    """
    return tuple(
        _standing(referent, [history[referent.outcome] for history in found])
        for referent in referents().values()
        if any(referent.outcome in history for history in found)
    )


def _standing(referent: Referent, by_history: Sequence[Sequence[float]]) -> Standing:
    values = np.array([value for history in by_history for value in history])
    told = [history for history in by_history if history]
    if not values.size:
        nothing = math.nan
        return Standing(
            referent, 0, len(by_history), nothing, nothing, nothing, False, nothing, nothing, nothing, "no cases"
        )
    binary = bool(np.isin(values, (0.0, 1.0)).all()) and values.size > 1
    if binary:
        middle, low, high = _ratio(told)
    else:
        low, middle, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    has_range = referent.low is not None and referent.high is not None and not binary
    inside = (
        _ratio([[float(referent.allows(value)) for value in history] for history in told])
        if has_range
        else (math.nan, math.nan, math.nan)
    )
    reach = (low, high) if binary else (middle, middle)
    return Standing(
        referent, values.size, len(by_history), low, middle, high, binary, *inside, _verdict(referent, *reach)
    )


def _ratio(by_history: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Return the mean of all cases with its 95 % interval over histories.

    The mean is a ratio of two sums over histories; its variance is that of a ratio estimator from a sample
    of clusters (Cochran 1977, chapter 9), and the interval is cut off at 0 and 1.
    """
    sums, counts = (np.array([operation(history) for history in by_history], float) for operation in (sum, len))
    mean = float(sums.sum() / counts.sum())
    size = len(by_history)
    if size < 2:
        return mean, 0.0, 1.0
    residual = sums - mean * counts
    half = _Z95 * math.sqrt(float((residual**2).sum()) * size / (size - 1)) / float(counts.sum())
    return mean, max(0.0, mean - half), min(1.0, mean + half)


def _verdict(referent: Referent, low: float, high: float) -> str:
    if referent.low is None and referent.high is None:
        if referent.typical is None:
            return "nothing published"
        if low <= referent.typical * _NEAR and high >= referent.typical / _NEAR:
            return "near"
        return "below" if high < referent.typical else "above"
    if referent.low is not None and high < referent.low:
        return "below"
    return "above" if referent.high is not None and low > referent.high else "within"
