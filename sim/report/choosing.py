"""Which single histories are shown: chosen by rule from numbers that a comparison has anyway, no log is read.

Two histories are as far **apart** as the mean of two shares: how far the dates of the headline events in the simulated
world lie from each other, as a share of the time until the horizon (what never happens by then counts as the horizon),
and on which share of the days of all places in play different sides hold them. Where there are no headline events, or
no place is in play, the other share counts alone. How far one history is from the others is the mean over all of them.

* **typical**: the medoid, the history least far from the others;
* **best-fitting**: the one whose printed dates of the headline events that count in the scores miss their reported
  windows by the fewest days on average; what its sources do not print by the horizon counts as a day after it, and
  yes/no claims, which have no date, do not count;
* **most surprising**: the history farthest from the others.

Ties go to the lower number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.compare import EventRow
from sim.domain.terms import DAY
from sim.report.control import Control
from sim.report.words import count, number, percent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: How near to the best fit, in days per event, another history comes close.
CLOSE_DAYS = 0.5

_THIN = "\N{NARROW NO-BREAK SPACE}"


class Judged(Protocol):
    """What a comparison must offer here: the headline events as printed, and in the simulated world."""

    @property
    def headline(self) -> Sequence[EventRow]:
        """Return them as the sources would have dated them."""

    @property
    def truth(self) -> Sequence[EventRow]:
        """Return them as they happen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A history with the reason for which it is shown: the rule, what it comes to here, and its rank by it."""

    key: str
    replication: int
    title: str
    rule: str
    value: str
    rank: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far each history is from the others on average: its dates in days, its holders as a share of place-days."""

    whole: Floats
    days: Floats
    holders: Floats


def apart(times_s: Floats, horizon_s: float, holders: Sequence[Ints]) -> Apart:
    """Return how far each history is from the others.

    Args:
        times_s: Dates of events, shape (events, histories), infinite for never.
        horizon_s: What comes later is never.
        holders: For each place in play who holds it, as a number, shape (histories, days).
    """
    size = times_s.shape[1]
    others = max(size - 1, 1)
    dates = np.zeros(size)
    for row in np.minimum(times_s, horizon_s):
        dates += _sum_apart(row) / others
    dates /= max(len(times_s), 1)
    different, cells = np.zeros(size), 0
    for held in holders:
        cells += held.shape[1]
        for side in np.unique(held):
            own = held == side
            different += (own * (size - own.sum(axis=0))).sum(axis=1) / others
    different /= max(cells, 1)
    parts = [*([dates / horizon_s] if len(times_s) else []), *([different] if cells else [])]
    return Apart(np.mean(parts, axis=0) if parts else np.zeros(size), dates / DAY, different)


def _sum_apart(values: Floats) -> Floats:
    """Return for each of some numbers the sum of its distances to all of them."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    below = np.concatenate(([0.0], np.cumsum(ranked)))
    places = np.arange(len(values))
    sums = ranked * (2 * places + 1 - len(values)) + below[-1] - below[:-1] - below[1:]
    found = np.empty(len(values))
    found[order] = sums
    return found


def missed_days(times_s: Floats, window: tuple[int, int], horizon_s: float) -> Floats:
    """Return by how many days dates miss a window; what never comes by the horizon counts as a day after it."""
    dates = np.where(times_s <= horizon_s, times_s, horizon_s + DAY)
    low, high = window[0], min(window[1], horizon_s)
    missed: Floats = (np.maximum(low - dates, 0.0) + np.maximum(dates - high, 0.0)) / DAY
    return missed


def holders_by_day(changes: pa.Table, control: Control, first: Mapping[str, str], replications: Ints) -> list[Ints]:
    """Return for each place in play the number of the side that holds it at the end of each day, by history.

    Args:
        changes: Changes of hands, as ``sim.projections.timelines.control_changes`` gives them.
        control: Shares of the histories by place and day; days and sides are counted as there.
        first: Who holds each place at the start, '' for nobody.
        replications: Numbers of the histories, ascending.
    """
    sides = {side: index for index, side in enumerate(control.sides)}
    start, days = control.days[0], len(control.days)
    held = {
        place: np.full((len(replications), days), sides[first.get(place, "")], dtype=np.int64)
        for place in control.places
        if place in control.in_play()
    }
    rows = np.searchsorted(replications, changes.column("replication").to_numpy()).tolist()
    since = np.maximum(-(-changes.column("time_s").to_numpy() // DAY) - 1 - start, 0).tolist()
    places, to = (changes.column(name).to_pylist() for name in ("place", "side"))
    for row, day, place, side in zip(rows, since, places, to, strict=True):
        if place in held:
            held[place][row, day:] = sides[side or ""]
    return list(held.values())


def choose(replications: Ints, judged: Judged | None, holders: Sequence[Ints]) -> tuple[Choice, ...]:
    """Return the histories to show, by the rules above; one history alone is shown as that.

    Args:
        replications: Numbers of the finished histories, ascending.
        judged: The comparison of the batch, if there is one.
        holders: As ``holders_by_day`` returns them.
    """
    if len(replications) == 1:
        return (Choice("only", int(replications[0]), "The only one", "The batch has one history.", "", ""),)
    truth = list(judged.truth) if judged is not None else []
    times_s = np.array([row.times_s for row in truth]).reshape(len(truth), len(replications))
    far = apart(times_s, float(truth[0].horizon_s) if truth else 1.0, holders)
    scored = [row for row in judged.headline if row.scored and not row.yes_no] if judged is not None else []
    fit = _fit(scored)
    others = f"{count(len(replications) - 1)} others"

    def made(key: str, position: int, title: str, rule: str, value: str, rank: str, warning: str = "") -> Choice:
        return Choice(key, int(replications[position]), title, rule, value, rank, warning)

    typical, odd = int(np.argmin(far.whole)), int(np.argmax(far.whole))
    found = [
        made(
            "typical", typical, "Typical", "The history that is least far from all the others (the medoid).",
            _distance(far, typical, bool(truth), bool(holders)), f"nearest to {others}{_as_fit(fit, typical)}",
        ),
        made(
            "surprising", odd, "Most surprising", "The history that is farthest from all the others.",
            _distance(far, odd, bool(truth), bool(holders)), f"farthest from {others}{_as_fit(fit, odd)}",
            "It is the least usual of those that were simulated, not the least likely that the model allows.",
        ),
    ]  # fmt: skip
    if fit is not None:
        found.insert(1, _best(fit, scored, replications, far))
    return tuple(found)


def _fit(scored: Sequence[EventRow]) -> Floats | None:
    """Return by how many days the printed dates of each history miss their windows on average, None without any."""
    if not scored:
        return None
    fit: Floats = np.mean([missed_days(row.times_s, row.window, row.horizon_s) for row in scored], axis=0)
    return fit


def _best(fit: Floats, scored: Sequence[EventRow], replications: Ints, far: Apart) -> Choice:
    best = int(np.argmin(fit))
    inside = sum(bool(missed_days(row.times_s[[best]], row.window, row.horizon_s)[0] == 0) for row in scored)
    close = int((fit <= fit[best] + CLOSE_DAYS).sum()) - 1
    near = f"{count(close)} more {'comes' if close == 1 else 'come'}"
    nearest = int((far.whole < far.whole[best]).sum()) + 1
    size = count(len(fit))
    return Choice(
        "fitting", int(replications[best]), "Best-fitting",
        "The history whose dates, as its own sources would print them, miss the reported windows by the fewest days.",
        f"{number(float(fit[best]), 2)} days missed per event, {inside} of {len(scored)} events in their windows; "
        f"the middle one of all histories misses by {number(float(np.median(fit)), 2)} days",
        f"best fit of {size}; {near} within half a day of it; as typical, {_nth(nearest)} of {size}",
        f"One of {size} fits best by luck, too, however wrong the model is. This does not reconstruct what happened.",
    )  # fmt: skip


def _distance(far: Apart, position: int, dated: bool, held: bool) -> str:
    parts = []
    if dated:
        parts.append(f"its headline dates lie {number(float(far.days[position]), 2)} days from theirs")
    if held:
        share = percent(float(far.holders[position]))
        parts.append(f"another side holds {share}{_THIN}% of the places in play, day by day")
    return f"On average {' and '.join(parts)}" if parts else "All histories are alike in what is compared"


def _as_fit(fit: Floats | None, position: int) -> str:
    if fit is None:
        return ""
    return f"; as a fit to what was reported, {_nth(int((fit < fit[position]).sum()) + 1)} of {count(len(fit))}"


def _nth(rank: int) -> str:
    ending = "th" if 10 < rank % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{count(rank)}{ending}"
