"""Five sentences about two batches, made of the numbers; where no difference can be told, they say so."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np
from scipy.special import bdtrik

from sim.compare import Variants
from sim.compare.daily_pairs import ControlDifference
from sim.compare.variants import OUTCOME, EventPair, PairedDifference, in_numbers
from sim.compare.windows import share_of
from sim.compare.words import TOO_FEW
from sim.report.calendar import Calendar
from sim.report.content import TellingLine
from sim.report.legend import Legend
from sim.report.pair_tables import AGAINST
from sim.report.partings import Apart, kinds, times_of
from sim.report.words import count, grouped, kind_in_words, signed, spanned, with_interval

#: Outcomes that a sentence is made of where none of them can be told apart.
_FIRST_OUTCOME = "killed or wounded"


def telling_lines(
    found: Variants, apart: Sequence[Apart], control: ControlDifference, legend: Legend, calendar: Calendar
) -> tuple[TellingLine, ...]:
    """Return a sentence each on what changes first, who holds what longer, events, people and scores."""
    return (
        TellingLine(_care(found) + _first(found, apart, calendar), "first"),
        TellingLine(_held(control, legend), "held"),
        TellingLine(_event(found.windows), "events" if found.windows else "held"),
        TellingLine(_people(found.numbers), "forces"),
        TellingLine(_score(found), "scores"),
    )


def _care(found: Variants) -> str:
    """Return what must be known before any difference: that the histories of a pair do not share their draws."""
    return "" if found.true_pairs else f"No pair here is one history played twice: it is paired {found.paired}. "


def _first(found: Variants, apart: Sequence[Apart], calendar: Calendar) -> str:
    times_s = times_of(apart)
    read, differ = count(len(apart)), grouped(in_numbers(found))
    parted = share_of(np.isfinite(times_s), np.array([one.draw for one in apart], dtype=np.int64))
    if not parted.k:
        return (
            f"The same happens in both histories of all {read} pairs read; they part in {with_interval(parted)}; "
            f"{differ}: no difference can be told."
        )
    kind, share, _ = kinds(apart)[0]
    return (
        f"The two histories part in {with_interval(parted)} of the {read} pairs read, by whatever fact, and "
        f"{differ}; {_half_by(times_s, calendar)}, and what comes first is most often that "
        f"\N{LEFT DOUBLE QUOTATION MARK}{kind_in_words(kind)}\N{RIGHT DOUBLE QUOTATION MARK} "
        f"stands in one log alone, {with_interval(share)}."
    )


def _half_by(times_s: np.ndarray[tuple[int], np.dtype[np.float64]], calendar: Calendar) -> str:
    """Return by when half of the pairs have parted, with the interval of a median by its order statistics."""
    ranked, n = np.sort(times_s), len(times_s)
    # The median lies between the order statistics k and n - k + 1, k the 2.5 % quantile of a binomial of halves.
    k = max(int(np.ceil(bdtrik(0.025, n, 0.5))), 1)
    ends = (ranked[k - 1], ranked[(n - 1) // 2], ranked[n - k])
    low, middle, high = (calendar.moment(end).rsplit(" ", 1)[0] if isfinite(end) else "never" for end in ends)
    if middle == "never":
        return f"fewer than half have parted by the end (half by {low} at the soonest)"
    span = f"95 %: {low} to {high}" if low != high else "95 %: the same day"
    return f"half have parted by {middle} ({span})"


def _held(control: ControlDifference, legend: Legend) -> str:
    rows = sorted(control.longer.values(), key=_clearness, reverse=True)
    if not rows:
        return "Every place has the same holder at the end of every day in every pair: no difference can be told."
    best = rows[0]
    told = [row for row in rows if row.stands_out]
    size, more = _by(best, 1)
    words = (
        f"{legend.place_name(best.label)} is held by {legend.side_name(best.name)} {size} days "
        f"{'longer' if more else 'less long'} in B"
    )
    if not told:
        return (
            f"Among {count(len(rows))} numbers of who holds what how long no difference can be told from chance; "
            f"nearest to it: {words}{_of_so_many(best, len(rows))}."
        )
    places = len({row.label for row in told})
    others = f"; {places} places are held longer or less long by more than chance" if places > 1 else ""
    return f"{words}, which is more than chance{others}."


def _event(events: Sequence[EventPair]) -> str:
    rows = [(row, one) for one in events for row in (one.in_difference, one.never_difference)]
    if not rows:
        return "No reported timeline: events are not compared with reports, only what came of the histories."
    row, one = max(rows, key=lambda pair: _clearness(pair[0]))
    if not row.difference:
        return f"No headline event can be told apart: none of {len(rows)} shares differs in its mean."
    said = f"\N{LEFT DOUBLE QUOTATION MARK}{one.label}\N{RIGHT DOUBLE QUOTATION MARK} ({one.status})"
    name = {"in window": "comes in its reported window", "never": "never happens"}[row.name]
    if one.yes_no:
        name = {"in window": "is so", "never": "is not so"}[row.name]
    size, more = _by(row, 0, scale=100)
    words = f"{said} {name} {size} points {'more' if more else 'less'} often in B, {AGAINST[one.against]}"
    if row.stands_out:
        told = sum(other.stands_out for other, _ in rows)
        return f"{words}; {told} of {len(rows)} such shares differ by more than chance."
    many = _of_so_many(row, len(rows))
    return f"No headline event can be told apart among {len(rows)} shares; nearest to it: {words}{many}."


def _of_so_many(row: PairedDifference, looked_at: int) -> str:
    """Return why a difference whose own interval leaves out zero is not told from chance."""
    if row.low <= 0 <= row.high:
        return ""
    return (
        f"; that interval is of this number alone, and of {looked_at} compared at once chance makes as much of some "
        "(Bonferroni)"
    )


def _people(numbers: Sequence[PairedDifference]) -> str:
    rows = [row for row in numbers if row.about == OUTCOME and row.unit == "people"]
    if not any(row.higher.k or row.lower.k for row in rows):
        return "As many people are lost in both histories of every pair: no difference can be told."
    told = sorted((row for row in rows if row.stands_out), key=_clearness, reverse=True)
    row = told[0] if told else next((row for row in rows if row.label == _FIRST_OUTCOME), rows[0])
    if row.low <= 0 <= row.high and not told:
        span = _spanned(row, row.difference, row.low, row.high, digits=0, unit="people")
        return f"{row.label.capitalize()}, simulated, B less A: {span}; no difference can be told from chance."
    size, more = _by(row, 0)
    words = f"{row.label.capitalize()}, simulated: {size} {'more' if more else 'fewer'} people in B"
    if told:
        return f"{words}, which is more than chance."
    return f"{words}; among {len(numbers)} numbers chance makes as much of some, so that no difference can be told."


def _by(row: PairedDifference, digits: int, scale: float = 1.0) -> tuple[str, bool]:
    """Return by how much two differ, with its interval and without a sign, and whether B has more."""
    more = row.difference >= 0
    values = (row.difference, row.low, row.high) if more else (-row.difference, -row.high, -row.low)
    return _spanned(row, *values, digits=digits, scale=scale).replace("+", ""), more


def _spanned(
    row: PairedDifference, value: float, low: float, high: float, *, digits: int, scale: float = 1.0, unit: str = ""
) -> str:
    """Return a difference of a number with its interval, or with why it has none."""
    if isfinite(low):
        return spanned(value, low, high, digits=digits, scale=scale, unit=unit)
    first, second = row.by_pair
    alike = row.pairs > 1 and not np.ptp(second - first)
    size = signed(scale * value, digits) + (f" {unit}" if unit else "")
    return f"{size} ({'the same in every pair, which shows no spread' if alike else TOO_FEW})"


def _score(found: Variants) -> str:
    rows = [row for row in found.scores if (row.against, row.name) == ("printed", "log")] or list(found.scores)
    if not rows:
        return f"Without reports nothing is scored; {grouped(in_numbers(found))}."
    row = rows[0]
    met = f"{found.variants_compared} variants met these claims so far"
    if row.verdict == TOO_FEW:
        return (
            f"Log score against the reports, where lower is better, B less A: {signed(row.difference)} {row.unit}; "
            f"{TOO_FEW}, so neither is the better one; {met}."
        )
    span = spanned(row.difference, row.low, row.high, digits=2)
    says = {"better": "scores better", "worse": "scores worse"}.get(row.verdict, "cannot be told from A by its score")
    return f"B {says}: log score {span} {row.unit} against the reports, where lower is better; {met}."


def _clearness(row: PairedDifference) -> float:
    """Return how far a difference stands out from its interval; what is more than chance comes before all else."""
    width = row.high - row.low
    if not row.difference:
        return 0.0
    size = abs(row.difference) / max(width, 1e-12) if isfinite(width) else 0.0
    return size + (1e6 if row.stands_out else 0.0)
