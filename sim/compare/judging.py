"""Two batches against the same reports: what is needed of both, in the order of their common replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.compare.asking import Asking
from sim.compare.gathering import Gathered, gather
from sim.compare.ledger import hashes_of, ledger_of, note
from sim.compare.matching import Question
from sim.compare.timelines import claimants_of, horizon_of, timeline_of
from sim.compare.variants import (
    COMMON,
    OUTCOME,
    EventPair,
    Measured,
    ScoreDifference,
    Variants,
    event_pairs,
    measured,
    paired_differences,
    score_differences,
    unchanged,
)
from sim.compare.warnings import few_draws
from sim.errors import InputError
from sim.observation.theatre import Floats, Ints
from sim.projections.outcomes import outcomes
from sim.projections.timelines import Facts
from sim.scenario.grid import grid
from sim.scenario.reported import ReportedTimeline
from sim.store import Batch

#: So many replications have their facts counted at once.
_AT_ONCE = 2000


def compare_variants(
    first: Batch,
    second: Batch,
    reported: ReportedTimeline | str | Path | None = None,
    *,
    ledger: Path | None = None,
    workers: int = 1,
) -> Variants:
    """Compare two batches pair by pair: their scores against the reports, their events, and what came of them.

    Args:
        first: A batch.
        second: The other; differences are of this one less the first.
        reported: The timeline or its file; the one of the first batch's scenario if not given. Without any, what came
            of the replications is compared alone.
        ledger: Folder in which the number of variants compared is kept; that around each batch if None.
        workers: Processes that find out what was not found out before.

    Raises:
        InputError: If the two are of different wars, the timeline does not fit one of their scenarios, or they have no
            finished replication in common.
    """
    both, draws = common(first, second)
    scores, numbers, windows, variants = list[ScoreDifference](), list[Measured](), list[EventPair](), 0
    if reported is not None or first.scenario.reported is not None:
        timeline = timeline_of(first.scenario, reported)
        timeline_of(second.scenario, timeline)
        scores, numbers, windows = _against_reports(first, second, timeline, both, workers)
        variants = max(
            note(ledger_of(batch.directory, ledger), hashes_of(batch.scenario, timeline)) for batch in (first, second)
        )
    numbers += _outcomes(first, second, both)
    return Variants(
        pairs=len(both), draws=len(np.unique(draws)), paired=_how_paired(first, second),
        same=int(np.count_nonzero(unchanged(numbers))), scores=tuple(scores),
        numbers=paired_differences(numbers, draws), numbers_looked_at=len(numbers),
        variants_compared=variants, warnings=_warnings(first, second, variants, len(both), len(np.unique(draws))),
        windows=tuple(windows), replications=tuple(both.tolist()),
    )  # fmt: skip


def _of_one_world(first: Facts, second: Facts) -> None:
    """Refuse batches of different wars: no difference between them is that of a variant.

    Raises:
        InputError: If their scenarios have no place, or no side, in common.
    """
    one, other = first.scenario, second.scenario
    if one.places.keys() & other.places.keys() and one.sides.keys() & other.sides.keys():
        return
    raise InputError(
        f"{one.scenario.id} and {other.scenario.id} are no variants of one scenario: they have no place, or no side, "
        "in common; compare batches of one scenario and its variants"
    )


def common(first: Facts, second: Facts) -> tuple[Ints, Ints]:
    """Return the numbers of the replications that both have finished, ascending, and their draws in the first.

    Raises:
        InputError: If there are none, or the two are of different wars.
    """
    _of_one_world(first, second)
    draw_of, others = (
        {row["replication"]: row["draw"] for row in batch.outcomes().to_pylist() if row["status"] == "done"}
        for batch in (first, second)
    )
    both = sorted(draw_of.keys() & others.keys())
    if not both:
        raise InputError("the two batches have no finished replication in common; make both with the same numbers")
    return np.array(both, dtype=np.int64), np.array([draw_of[number] for number in both], dtype=np.int64)


def _against_reports(
    first: Batch, second: Batch, timeline: ReportedTimeline, both: Ints, workers: int
) -> tuple[list[ScoreDifference], list[Measured], list[EventPair]]:
    """Return how scores, numbers by replication and shares in the windows differ, as printed and in truth."""
    horizon_s = min(horizon_of(batch.scenario, timeline) for batch in (first, second))
    given = {*first.scenario.given_argued, *second.scenario.given_argued}
    found = [_gathered(batch, timeline, workers) for batch in (first, second)]
    kept = [_positions(one.replications, both) for one in found]
    scores, numbers, asked = list[ScoreDifference](), list[Measured](), list[tuple[Question, Question]]()
    for name in ("printed", "facts"):
        before, after = (_headline(getattr(one, name), which, given) for one, which in zip(found, kept, strict=True))
        scores += score_differences(before, after, horizon_s)
        numbers += measured(before, after, horizon_s)
        asked += zip(before, after, strict=True)
    return scores, numbers, event_pairs(asked, horizon_s)


def _gathered(batch: Batch, timeline: ReportedTimeline, workers: int) -> Gathered:
    scenario = batch.scenario
    _, side_of = claimants_of(scenario, timeline)
    cells = grid(scenario, timeline.printed_by)  # not looked at here, but so what is kept beside the batch will do
    asking = Asking(scenario, timeline, cells, side_of, horizon_of(scenario, timeline))
    return gather(batch, asking, workers=workers)


def _positions(replications: Ints, wanted: Ints) -> Ints:
    order = np.argsort(replications, kind="stable")
    return np.asarray(order[np.searchsorted(replications, wanted, sorter=order)])


def _headline(questions: Sequence[Question], which: Ints, given: set[str]) -> list[Question]:
    """Return the headline events that count, with their dates in some replications."""
    return [
        replace(one, times_s=one.times_s[which], draws=one.draws[which])
        for one in questions
        if one.claim.score == "headline" and one.claim.event_id not in given
    ]


def _outcomes(first: Batch, second: Batch, both: Ints) -> list[Measured]:
    """Return what came of each replication in numbers that need no reports; kinds of facts are counted by name."""
    units: dict[str, str] = {}
    values: dict[str, Floats] = {}
    for start in range(0, len(both), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        for side, batch in enumerate((first, second)):
            for one in outcomes(batch, both[some]):
                units[one.name] = one.unit
                values.setdefault(one.name, np.zeros((2, len(both))))[side, some] = one.values
    return [Measured(OUTCOME, "facts", name, "", name, unit, False, *values[name]) for name, unit in units.items()]


def _how_paired(first: Batch, second: Batch) -> str:
    seeds = [int(batch.manifest["seed"]) for batch in (first, second)]
    per_draw = [int(batch.manifest.get("per_draw", 1)) for batch in (first, second)]
    if seeds[0] != seeds[1]:
        return f"not by common random numbers: the seeds are {seeds[0]} and {seeds[1]}; pairs are by number alone"
    if per_draw[0] != per_draw[1]:
        return f"only by luck: {per_draw[0]} and {per_draw[1]} replications share a draw of the assumptions"
    return COMMON


def _warnings(first: Batch, second: Batch, variants: int, pairs: int, draws: int) -> tuple[str, ...]:
    found = [
        "One history: a variant that scores better on it need not be the better model.",
        f"Variants compared with these claims so far: {variants}; the best of many looks better than it is."
        if variants
        else "No reported timeline: only what came of the histories is compared.",
        "Differences show what the model makes of a change, not what would have become of the campaign.",
        "Intervals are about the Monte Carlo, not about the model.",
    ]
    how = _how_paired(first, second)
    if how != COMMON:
        found.append(f"Paired {how}.")
    asked = [int(batch.manifest.get("replications", pairs)) for batch in (first, second)]
    if pairs < max(asked):
        wanted = " and ".join(f"{many:,}" for many in asked)
        found.append(
            f"Pairs: {pairs:,} are finished in both, of {wanted} replications asked for; others count nowhere."
        )
    return tuple(filter(None, (*found, few_draws(draws))))
