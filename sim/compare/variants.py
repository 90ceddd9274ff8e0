"""Two variants of a scenario against the same reports, pair by pair under common random numbers.

Replication i of both has the same seed and the same named draws, so what differs between the two is what the
variants differ in. Every difference is of the second less the first, with a 95 % interval over draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtrit

from sim.compare.blocks import blocks_of, interval
from sim.compare.forecasts import Losses
from sim.compare.matching import Answer, Question, answered, classes_of
from sim.compare.scores import collapsed
from sim.compare.skill import UNITS
from sim.compare.windows import Probability, share_of
from sim.compare.words import TOO_FEW
from sim.domain.terms import DAY
from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.spread import draw_codes

_LEVEL = 0.95
_POWER = 0.8
#: A spread smaller than this part of the difference is what rounding leaves of none.
_SPECK = 1e-12
#: How the histories of two batches with the same seed and draws are paired.
COMMON = "by common random numbers: same seed, same named draws"
#: What a number is about, in the order in which tables show it.
ALL_EVENTS, ONE_EVENT, OUTCOME = "all events", "event", "outcome"


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    """A mean score of both variants: the second less the first, with its 95 % Monte Carlo interval; lower is better."""

    against: str
    name: str
    unit: str
    events: int
    first: float
    second: float
    difference: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Return what is known of the second by this score: better, worse, not told apart, or no interval to tell."""
        if not math.isfinite(self.low):
            return TOO_FEW
        return "better" if self.high < 0 else "worse" if self.low > 0 else "not told apart"


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """A number of every replication in both variants, pair by pair.

    ``difference`` is the mean of second less first with its 95 % interval, over draws. ``higher`` and ``lower`` are in
    how many pairs the second has more, or less; where ``loss`` says that the number is a loss, higher is worse.
    ``crn_ratio`` is the variance of the difference in these pairs over its variance if the replications were
    unpaired: below 1 the common random numbers help; None where nothing varies. ``pairs_needed`` is how many pairs
    like these would tell the two apart four times in five (95 % level), None where no difference is seen.
    ``by_pair`` has the number itself, of every pair in the first and in the second variant.
    """

    about: str
    against: str
    label: str
    status: str
    name: str
    unit: str
    loss: bool
    pairs: int
    first: float
    second: float
    difference: float
    low: float
    high: float
    higher: Probability
    lower: Probability
    crn_ratio: float | None
    pairs_needed: int | None
    stands_out: bool
    by_pair: tuple[Floats, Floats] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class EventPair:
    """One headline event in both variants: how often it falls into its reported window, and how often never.

    ``in_window`` and ``never`` have the share in the first and in the second variant, ``in_difference`` and
    ``never_difference`` their paired differences, which stand out at the level of all that are shown together.
    A ``yes_no`` event is so (in the window) or not (never).
    """

    event_id: str
    claim_id: str
    label: str
    status: str
    claimant: str
    against: str
    window: tuple[int, int]
    yes_no: bool
    in_window: tuple[Probability, Probability]
    never: tuple[Probability, Probability]
    in_difference: PairedDifference
    never_difference: PairedDifference


@dataclass(frozen=True, slots=True)
class Variants:
    """Two variants compared: scores, numbers by replication, how far the pairs are pairs, and how many were compared.

    ``paired`` says whether both have the same seed and draws; else the pairs are by number alone. ``same`` is how
    many pairs differ in nothing looked at here. ``numbers_looked_at`` is what ``stands_out`` allows for. ``windows``
    are the headline events with their shares in and out of the reported windows, ``replications`` the number of each
    pair.
    """

    pairs: int
    draws: int
    paired: str
    same: int
    scores: tuple[ScoreDifference, ...]
    numbers: tuple[PairedDifference, ...]
    numbers_looked_at: int
    variants_compared: int
    warnings: tuple[str, ...]
    windows: tuple[EventPair, ...] = ()
    replications: tuple[int, ...] = field(default=(), repr=False)

    @property
    def true_pairs(self) -> bool:
        """Tell whether the histories of a pair have seed and draws in common."""
        return self.paired == COMMON

    def to_json(self) -> dict[str, Any]:
        """Return plain data, without what is of single pairs."""
        return asdict(self, dict_factory=_of_all_pairs)


def _of_all_pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in items if name not in ("by_pair", "replications")}


@dataclass(frozen=True, slots=True)
class Measured:
    """One number per pair in both variants."""

    about: str
    against: str
    label: str
    status: str
    name: str
    unit: str
    loss: bool
    first: Floats
    second: Floats


def score_differences(first: Sequence[Question], second: Sequence[Question], horizon_s: int) -> list[ScoreDifference]:
    """Return how the mean scores of two variants differ, by a jackknife that leaves out the same draws of both.

    Args:
        first: Scored headline events with their dates in the first variant.
        second: The same events in the second, for the same replications.
        horizon_s: Nothing later is known.
    """
    if not first:
        return []
    blocks = blocks_of(first[0].draws)
    both = [[answered(question, horizon_s, blocks) for question in questions] for questions in (first, second)]
    found = []
    for name, unit in UNITS.items():
        asked = [index for index, one in enumerate(first) if name != "crps" or not one.yes_no]
        if not asked:
            continue
        one, other = (_mean(answers, asked, lambda answer: answer.losses, name) for answers in both)
        without = [_mean(answers, asked, lambda answer: answer.without, name) for answers in both]
        difference = float(other[0] - one[0])
        found.append(
            ScoreDifference(
                first[0].against, name, unit, len(asked), float(one[0]), float(other[0]), difference,
                *interval(difference, without[1] - without[0]),
            )
        )  # fmt: skip
    return found


def _mean(answers: Sequence[Answer], asked: Sequence[int], of: Callable[[Answer], Losses], name: str) -> Floats:
    return np.asarray(np.mean([getattr(of(answers[index]), name) for index in asked], axis=0))


def measured(first: Sequence[Question], second: Sequence[Question], horizon_s: int) -> list[Measured]:
    """Return what can be told of every replication apart: of all headline events together, then of each.

    Of an event it is whether it happens by the horizon, and how far its date is from the reported window: days
    after collapsing the window to a point, never counting as the horizon; for a yes/no 1 where it is not as
    reported. Of all: the mean distance and how many of them are in their windows.
    """
    if not first:
        return []
    pairs = list(zip(first, second, strict=True))
    against = first[0].against
    miss = [(_missed(one, horizon_s), _missed(other, horizon_s)) for one, other in pairs]
    dated = [index for index, (one, _) in enumerate(pairs) if not one.yes_no]
    met = (np.sum([one[side] == 0 for one in miss], axis=0).astype(np.float64) for side in (0, 1))
    all_of_them = (ALL_EVENTS, against, "all headline events", "")
    found = [Measured(*all_of_them, "as reported", "events", False, *met)]
    if dated:
        mean = (np.mean([miss[index][side] for index in dated], axis=0) for side in (0, 1))
        found.append(Measured(*all_of_them, "distance to window", "days", True, *mean))
    for (one, other), (before, after) in zip(pairs, miss, strict=True):
        label, status = one.claim.label, one.claim.status
        so = [_happens(question, horizon_s) for question in (one, other)]
        found.append(Measured(ONE_EVENT, against, label, status, "happens", "share", False, *so))
        if not one.yes_no:
            found.append(Measured(ONE_EVENT, against, label, status, "distance to window", "days", True, before, after))
    return found


def event_pairs(asked: Sequence[tuple[Question, Question]], horizon_s: int) -> list[EventPair]:
    """Return for each event, asked of both variants, the shares of its classes and how they differ in pairs."""
    classes = [tuple(classes_of(question, horizon_s) for question in both) for both in asked]
    numbers = [
        Measured(ONE_EVENT, one.against, one.claim.label, one.claim.status, words, "share", False,
                 *(found[name].astype(np.float64) for found in both))
        for (one, _), both in zip(asked, classes, strict=True)
        for name, words in (("in", "in window"), ("never", "never"))
    ]  # fmt: skip
    differences = iter(paired_differences(numbers, asked[0][0].draws) if asked else ())
    return [
        EventPair(
            one.claim.event_id, one.claim.claim_id, one.claim.label, one.claim.status, one.claim.claimant, one.against,
            one.window, one.yes_no, _both(both, "in", one.draws), _both(both, "never", one.draws),
            next(differences), next(differences),
        )
        for (one, _), both in zip(asked, classes, strict=True)
    ]  # fmt: skip


def _both(classes: Sequence[dict[str, Bools]], name: str, draws: Ints) -> tuple[Probability, Probability]:
    first, second = (share_of(found[name], draws) for found in classes)
    return first, second


def _happens(question: Question, horizon_s: int) -> Floats:
    return (question.times_s <= horizon_s).astype(np.float64)


def _missed(question: Question, horizon_s: int) -> Floats:
    """Return how far each date is from the reported window, in days; for a yes/no 0 or 1."""
    if question.yes_no:
        return 1.0 - np.isfinite(question.times_s)
    low, high = question.window
    dates = collapsed(np.minimum(question.times_s, horizon_s), low, min(high, horizon_s))
    return np.asarray(np.abs(dates - low) / DAY)


def paired_differences(numbers: Sequence[Measured], draws: Ints) -> tuple[PairedDifference, ...]:
    """Return the difference of every number, with what the pairing gains.

    The interval is Student's over draws, as replications of one draw hang together, or says what they cannot rule out
    where all have the same; ``stands_out`` is at the level of all numbers together (Bonferroni). The pairs needed for
    a difference d with standard deviation s between pairs are ``((z_0.975 + z_0.8) s / d)^2``, times the design effect
    of the draws.

    Args:
        numbers: One number per pair each.
        draws: The draw of each pair.
    """
    code = draw_codes(draws)
    return tuple(_paired(one, draws, code, max(len(numbers), 1)) for one in numbers)


def _paired(one: Measured, draws: Ints, code: Ints, looked_at: int) -> PairedDifference:
    change = one.second - one.first
    mean, size, clusters = float(change.mean()), len(change), int(code.max(initial=-1)) + 1
    error = math.inf
    if clusters > 1:
        sums = np.bincount(code, change - mean)
        error = math.sqrt(clusters / (clusters - 1) * float((sums**2).sum())) / size
        error = 0.0 if error < _SPECK * abs(mean) else error
    strict = 1 - (1 - _LEVEL) / looked_at
    low, high = _interval(mean, error, clusters, one.unit, _LEVEL)
    apart = float(one.first.var() + one.second.var())
    needed = None
    if mean and error and math.isfinite(error):
        needed = math.ceil(((float(ndtri((1 + _LEVEL) / 2)) + float(ndtri(_POWER))) * error / mean) ** 2 * size)
    return PairedDifference(
        one.about, one.against, one.label, one.status, one.name, one.unit, one.loss, size, float(one.first.mean()),
        float(one.second.mean()), mean, low, high, share_of(change > 0, draws), share_of(change < 0, draws),
        float(change.var()) / apart if apart else None, needed, _is_clear(mean, error, clusters, strict),
        (one.first, one.second),
    )  # fmt: skip


def _interval(mean: float, error: float, clusters: int, unit: str, level: float) -> tuple[float, float]:
    """Return the interval of a mean difference; where all draws have the same, what so few draws cannot rule out.

    Student's needs a spread. Where every draw has the same difference, the share of draws with another is below
    ``-ln(1 - level) / D`` (3 / D at 95 %: the rule of three, Hanley and Lippman-Hand 1983), which bounds a share. By
    how much the others would differ in days or numbers nobody has seen: there the interval is open.
    """
    if clusters > 1 and error == 0:
        half = -math.log(1 - level) / clusters if unit == "share" else math.inf
    elif clusters > 1:
        half = float(stdtrit(clusters - 1, (1 + level) / 2)) * error
    else:
        half = math.inf
    if unit == "share" and clusters > 1:
        return max(mean - half, -1.0), min(mean + half, 1.0)
    return mean - half, mean + half


def _is_clear(mean: float, error: float, clusters: int, level: float) -> bool:
    """Tell whether a difference is more than chance makes of it.

    Where every draw has the same, chance alone puts all D of them on one side in ``2^(1 - D)`` of cases (sign test).
    """
    if not mean or clusters < 2:
        return False
    if error == 0:
        return bool(2.0 ** (1 - clusters) < 1 - level)
    return bool(abs(mean) > float(stdtrit(clusters - 1, (1 + level) / 2)) * error)


def in_numbers(found: Variants) -> str:
    """Return in how many pairs any number looked at differs, in words that are the same wherever it is told."""
    differ = found.pairs - found.same
    return f"{differ:,} of {found.pairs:,} pairs {'differs' if differ == 1 else 'differ'} in some number looked at"


def unchanged(numbers: Sequence[Measured]) -> Bools:
    """Return in which pairs no number differs."""
    return np.asarray(np.all([one.first == one.second for one in numbers], axis=0))
