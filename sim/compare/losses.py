"""Claimed numbers of losses against what would be claimed and what would be true."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.compare.blocks import interval, kept_without
from sim.compare.result import LossRow
from sim.compare.scores import count_crps
from sim.compare.windows import share_of, to_whole_days
from sim.domain.claims import COUNTED_TYPES, Claim, Measure
from sim.observation import Coverage
from sim.observation.happenings import TYPE
from sim.observation.telling import ASSERTS, UNTOLD, Said
from sim.observation.theatre import NOBODY, Bools, Floats, Ints
from sim.projections.spread import spread

#: What is found out for a claimed number, in the order in which ``Numbers`` has it.
COLUMNS = ("claimed", "claimed_draws", "telling", "true")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a claimed number is compared with, of some replications.

    ``claimed`` has one total per replication and claimant of the same side who gives a number, ``claimed_draws`` the
    draw of each; ``telling`` says in which replications one was printed, ``true`` are the simulated losses of each.
    """

    claim: Claim
    measure: Measure
    claimed: Floats
    claimed_draws: Ints
    telling: Bools
    true: Floats


def numbers_of(claims: Iterable[Claim], coverage: Coverage, side_of: Mapping[str, str]) -> list[Numbers]:
    """Return the numbers behind each scored claim that counts people or vehicles.

    Args:
        claims: Reported claims.
        coverage: What would have been claimed about each replication.
        side_of: Side for which a claimant speaks, '' for none, by id.
    """
    printed = np.flatnonzero(np.bincount(coverage.printed.claim, minlength=len(coverage.said)))
    told = coverage.said.take(printed)
    return [
        Numbers(
            claim, measure, *_claimed(claim, measure, coverage, told, side_of.get(claim.claimant, "")),
            _true(claim, measure, coverage),
        )
        for claim, measure in counted(claims)
    ]  # fmt: skip


def counted(claims: Iterable[Claim]) -> list[tuple[Claim, Measure]]:
    """Return each scored claim that counts people or vehicles, with what it counts."""
    return [
        (claim, claim.measure)
        for claim in claims
        if claim.event.type in COUNTED_TYPES and claim.measure is not None and claim.score != "no"
    ]


def joined(parts: Sequence[Numbers]) -> Numbers:
    """Return the numbers of several parts of a batch as one."""
    whole = (np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS)
    return Numbers(parts[0].claim, parts[0].measure, *whole)


def loss_row(numbers: Numbers, draws: Ints, names: Mapping[str, str]) -> LossRow:
    """Return a claimed number beside what would be claimed and what would be true.

    Args:
        numbers: What it is compared with.
        draws: The draw of each replication.
        names: Names of claimants by id.
    """
    claim, measure, claimed, true = numbers.claim, numbers.measure, numbers.claimed, numbers.true
    crps, around = _crps(numbers)
    return LossRow(
        claim_id=claim.claim_id, event_id=claim.event_id, label=claim.label,
        claimant=names.get(claim.claimant, claim.claimant), status=claim.status, whose=measure.whose,
        what=measure.what, measure=measure, window=(claim.window.start_s, claim.window.end_s),
        printed=share_of(numbers.telling, draws), claimed=_quantiles(claimed),
        lost=share_of(true > 0, draws), true=_quantiles(true[true > 0]), spread=spread(true, draws),
        crps_log=crps, crps_log_range=around, losses=true, telling=numbers.telling,
    )  # fmt: skip


def _crps(numbers: Numbers) -> tuple[float | None, tuple[float, float] | None]:
    """Return the CRPS of what is claimed with its 95 % Monte Carlo interval; None where a number is missing."""
    allowed, claimed = _interval(numbers.measure), numbers.claimed
    if allowed is None or not len(claimed):
        return None, None
    crps = count_crps(claimed, allowed)
    without = [count_crps(claimed[kept], allowed) for kept in kept_without(numbers.claimed_draws)]
    return crps, interval(crps, np.array(without))


def _claimed(claim: Claim, measure: Measure, coverage: Coverage, said: Said, side: str) -> tuple[Floats, Ints, Bools]:
    """Return what claimants of a side add up to in the window, one total per replication and claimant, with its draw.

    ``said`` are the claims that anybody printed, each once. Also returns in which replications any number was
    printed.
    """
    theatre = coverage.history.theatre
    low, high = to_whole_days((claim.window.start_s, claim.window.end_s), theatre.into_day_s)
    speaks_for = np.array([who.side for who in coverage.speakers], dtype=np.int64)
    touched = coverage.wheres.touching(theatre.where(claim.event.where))
    numbers = _number(said.many, said.wounded, measure.what)
    fits = (
        (said.type == TYPE[claim.event.type])
        & (said.statement == ASSERTS)
        & (said.target == theatre.side(measure.whose))
        & (speaks_for[said.claimant] == theatre.side(side))
        & (said.alleged_s >= low)
        & (said.alleged_s <= high)
        & (numbers != UNTOLD)
        & (touched[said.where] if claim.event.where else True)
    )
    if claim.event.actor:
        fits &= (said.actor == theatre.side(claim.event.actor)) | (said.actor == NOBODY)
    rows = np.flatnonzero(fits)
    teller = said.rep[rows] * len(coverage.speakers) + said.claimant[rows]
    tellers, which = np.unique(teller, return_inverse=True)
    totals = np.bincount(which, numbers[rows], minlength=len(tellers)).astype(np.float64)
    telling = np.zeros(len(coverage.history), dtype=bool)
    telling[said.rep[rows]] = True
    return totals, coverage.history.draws[tellers // len(coverage.speakers)], telling


def _true(claim: Claim, measure: Measure, coverage: Coverage) -> Floats:
    """Return the simulated losses in the window, by replication; whole days' losses count at their last moment."""
    history, theatre = coverage.history, coverage.history.theatre
    happened = history.happenings
    places = theatre.where(claim.event.where) if claim.event.where else np.ones(len(theatre.places), dtype=bool)
    touched = history.wheres.touching(places, nowhere=not claim.event.where)
    fits = (
        (happened.type == TYPE[claim.event.type])
        & (happened.target == theatre.side(measure.whose))
        & (happened.time_s >= claim.window.start_s)
        & (happened.time_s <= claim.window.end_s)
        & touched[happened.where]
    )
    if claim.event.actor:
        fits &= (happened.actor == theatre.side(claim.event.actor)) | (happened.actor == NOBODY)
    numbers = _number(happened.many, happened.wounded, measure.what)
    return np.bincount(happened.rep[fits], numbers[fits], minlength=len(history)).astype(np.float64)


def _number(many: Ints, wounded: Ints, what: str) -> Ints:
    """Return the numbers that answer to a measure, UNTOLD where there is none."""
    if what == "wounded":
        return wounded
    if what == "killed_or_wounded":
        either = np.maximum(many, 0) + np.maximum(wounded, 0)
        return np.where((many == UNTOLD) & (wounded == UNTOLD), UNTOLD, either)
    return many


def _interval(measure: Measure) -> tuple[float, float] | None:
    """Return the lowest and the highest number that the words allow, None where they give none."""
    values = [value for value in (measure.low, measure.best, measure.high) if value is not None]
    if not values:
        return None
    if measure.open == "above":
        return float(values[0]), math.inf
    if measure.open == "below":
        return 0.0, float(values[-1])
    return float(values[0]), float(values[-1])


def _quantiles(values: Floats) -> tuple[float, float, float] | None:
    if not len(values):
        return None
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return low, middle, high
