"""Simulated history judged against reported history: windows, scores, nulls, and what they cannot say.

Headline events are compared with the claims that the model's sources would have printed; a second table
compares them with the simulated world. See docs/comparison.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.compare.asking import Asking
from sim.compare.blocks import Blocks, blocks_of
from sim.compare.comparison import Comparison
from sim.compare.credence import beliefs
from sim.compare.gathering import gather, parts_of
from sim.compare.hindcast import Hindcasts, hindcast
from sim.compare.holding import holdings
from sim.compare.judging import compare_variants
from sim.compare.ledger import hashes_of, ledger_of, note
from sim.compare.losses import loss_row
from sim.compare.matching import FACTS, Answer, Question, Questions, answered, classes_of, joined, row
from sim.compare.ordering import Order, order
from sim.compare.ranking import RankTest, rank_test
from sim.compare.readings import FactReading
from sim.compare.result import EventRow, Finding, LossRow, Score, Skill
from sim.compare.silence import reported_in, silence
from sim.compare.skill import ALL, HELD_OUT, OPEN, played, scores, skills
from sim.compare.spans import Batch, histories
from sim.compare.still import still_dates
from sim.compare.telling import telling
from sim.compare.timelines import claimants_of, horizon_of, timeline_of
from sim.compare.variants import Variants
from sim.compare.variation import varied
from sim.compare.warnings import not_finished, warnings
from sim.compare.windows import Probability
from sim.domain.claims import Claim
from sim.errors import InputError
from sim.observation.theatre import Bools
from sim.scenario.grid import Grid, grid
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario
from sim.store.tables import checked_in

__all__ = [
    "Batch",
    "Comparison",
    "EventRow",
    "Finding",
    "Hindcasts",
    "LossRow",
    "Probability",
    "Score",
    "Skill",
    "Variants",
    "compare",
    "compare_variants",
    "hindcast",
    "in_truth",
    "keep_found_out",
]


def compare(
    batch: Batch, reported: ReportedTimeline | str | Path | None = None, *, overrides: Sequence[str] = (),
    given: Collection[str] | None = None, ledger: Path | None = None, other_grid: bool = False,
    workers: int = 1, progress: Callable[[int, int], object] | None = None,
) -> Comparison:  # fmt: skip
    """Judge a batch against a reported timeline.

    Args:
        batch: Many campaigns.
        reported: The timeline or its file; the one of the batch's scenario if not given.
        overrides: ``observation.path=value`` each: the same campaigns, told by other claimants.
        given: Events that a date alone brings about; those of the scenario's ``given_argued`` if None.
        ledger: Folder in which the number of variants compared is kept; the one in which the batch lies if None.
        other_grid: Whether silence may be judged on another grid than that in the batch's manifest.
        workers: Processes that find out what is not kept beside the batch since an earlier comparison.
        progress: Is told how many replications are done, and of how many, while something is found out.

    Raises:
        InputError: If there is no timeline, it does not fit the scenario, no replication is finished, an override
            is not of the observation, or the grid is another one.
    """
    scenario = varied(batch.scenario, overrides)
    timeline = timeline_of(scenario, reported)
    cells, unfrozen = _frozen(batch, scenario, timeline, other_grid)
    left_out = scenario.given_argued if given is None else dict.fromkeys(given, "")
    names, side_of = claimants_of(scenario, timeline)
    claims = timeline.claims_for(scenario.scenario.start)
    horizon_s = horizon_of(scenario, timeline)
    found = gather(batch, Asking(scenario, timeline, cells, side_of, horizon_s), workers=workers, progress=progress)
    blocks = blocks_of(found.draws)
    judge = _Judge(scenario, claims, horizon_s, names, left_out, timeline.held_out(), blocks)
    printed, facts = judge.table(found.printed), judge.table(found.facts)
    gate = [_finding(one) for table in (printed, facts) for one in table.headline if one.gate and not one.given]
    losses = tuple(loss_row(numbers, found.draws, names) for numbers in found.numbers)
    hashes = hashes_of(scenario, timeline)
    variants = note(ledger_of(batch.directory, ledger), hashes)
    draws = len(np.unique(found.draws))
    means, nulls = printed.scores + facts.scores, printed.nulls + facts.nulls
    ranks = tuple(table.ranks for table in (printed, facts) if table.ranks is not None)
    orders = tuple(table.order for table in (printed, facts) if table.order is not None)
    reported_cells = reported_in(cells, claims, found.theatre)
    return Comparison(
        timeline=timeline, replications=len(found), draws=draws, horizon_s=horizon_s,
        headline=printed.headline, truth=facts.headline, claims=printed.rows, claims_truth=facts.rows,
        scores=means, nulls=nulls, ranks=ranks, orders=orders, gate=tuple(gate), given=dict(left_out), losses=losses,
        silence=silence(cells, unfrozen, found.spoken, reported_cells, found.draws, blocks),
        control=holdings(found.control, found.contradicted, found.held, blocks, found.theatre),
        beliefs=beliefs(found.facts, [classes_of(one, horizon_s)["in"] for one in found.facts], names),
        warnings=warnings(
            claims, timeline, left_out, variants, draws < len(found), checked_in(batch.outcomes()),
            len(scenario.interventions or ()), unfrozen, draws, not_finished(len(found), batch.manifest),
        ),
        telling=telling(printed.headline, facts.headline, facts.rows, means, nulls, gate, losses),
        variants_compared=variants, hashes=hashes,
    )  # fmt: skip


def keep_found_out(batch: Batch, *, workers: int = 1, progress: Callable[[int, int], object] | None = None) -> None:
    """Find out beforehand what a comparison with the scenario's own timeline needs, and keep it beside the batch.

    Args:
        batch: Many campaigns.
        workers: Processes that find it out.
        progress: Is told how many replications are done, and of how many.

    Raises:
        InputError: If there is no timeline, it does not fit the scenario, or no replication is finished.
    """
    scenario = batch.scenario
    timeline = timeline_of(scenario, None)
    _, side_of = claimants_of(scenario, timeline)
    cells = grid(scenario, timeline.printed_by)
    parts_of(batch, Asking(scenario, timeline, cells, side_of, horizon_of(scenario, timeline)), workers, progress)


@dataclass(frozen=True, slots=True)
class _Table:
    """Every scored claim in one reading, the headline ones among them, and how well they do."""

    rows: tuple[EventRow, ...]
    headline: tuple[EventRow, ...]
    scores: tuple[Score, ...]
    nulls: tuple[Skill, ...]
    ranks: RankTest | None
    order: Order | None


@dataclass(frozen=True, slots=True)
class _Judge:
    """Makes the table of one reading from the dates of all claims."""

    scenario: Scenario
    claims: Sequence[Claim]
    horizon_s: int
    names: Mapping[str, str]
    given: Collection[str]
    held_out: frozenset[str]
    blocks: Blocks

    def table(self, questions: Sequence[Question]) -> _Table:
        """Return the table of a reading."""
        answers = [answered(question, self.horizon_s, self.blocks) for question in questions]
        rows = [self._row(one) for one in answers]
        pairs = [pair for pair in zip(rows, answers, strict=True) if pair[1].question.claim.score == "headline"]
        scored = [one for about, one in pairs if about.scored]
        dates = still_dates(self.scenario, self.claims, [one.question for one in scored])
        plays = played([one.question for one in scored], dates, self.horizon_s)
        halves = self._halves(scored)
        means = [
            score
            for half, inside in halves.items()
            for score in scores([one for one, which in zip(scored, inside, strict=True) if which], half)
        ]
        return _Table(
            tuple(rows), tuple(about for about, _ in pairs), tuple(means),
            tuple(skills(scored, dates, self.horizon_s, plays, halves)),
            rank_test(scored[0].question.against, plays) if plays is not None else None,
            order([one.question for one in scored], self.horizon_s),
        )  # fmt: skip

    def _row(self, answer: Answer) -> EventRow:
        claim = answer.question.claim
        return row(
            answer, self.horizon_s, self.names, given=claim.event_id in self.given,
            held_out=claim.claim_id in self.held_out,
        )  # fmt: skip

    def _halves(self, scored: Sequence[Answer]) -> dict[str, Bools]:
        """Return which events are in each half; both halves are shown only where there are two."""
        out = np.array([one.question.claim.claim_id in self.held_out for one in scored], dtype=bool)
        both = {OPEN: ~out, HELD_OUT: out} if out.any() and not out.all() else {}
        return {ALL: np.ones(len(scored), dtype=bool), **both}


def in_truth(batch: Batch) -> tuple[EventRow, ...]:
    """Return the headline events of a batch's own timeline in the simulated world; none where it names no timeline.

    Much faster than a comparison: nothing is said or printed.

    Raises:
        InputError: If no replication was finished.
    """
    scenario = batch.scenario
    if scenario.reported is None:
        return ()
    timeline = timeline_of(scenario, None)
    claims = timeline.claims_for(scenario.scenario.start)
    horizon_s = horizon_of(scenario, timeline)
    names, _ = claimants_of(scenario, timeline)
    wanted = [claim for claim in claims if claim.score == "headline" and claim.statement != "intends"]
    parts = []
    for history in histories(batch, scenario):
        ask = Questions(FactReading(history), FACTS, claims, history.theatre.into_day_s)
        parts.append([ask.ask(claim) for claim in wanted])
    questions = [joined(one) for one in zip(*parts, strict=True)]
    blocks = blocks_of(questions[0].draws if questions else np.empty(0, dtype=np.int64))
    return tuple(
        row(answered(one, horizon_s, blocks), horizon_s, names, given=one.claim.event_id in scenario.given_argued)
        for one in questions
    )


def _frozen(batch: Batch, scenario: Scenario, timeline: ReportedTimeline, other_grid: bool) -> tuple[Grid, str]:
    """Return the grid of silence, and why it is not the one frozen with the batch ('' if it is).

    Raises:
        InputError: If it is another one and nobody asked for that.
    """
    cells, frozen = grid(scenario, timeline.printed_by), batch.manifest.get("grid_sha256")
    if frozen == cells.sha256:
        return cells, ""
    if frozen is None:
        return cells, "the batch keeps none: it was made before grids were kept, or its scenario names no sources"
    if not other_grid:
        raise InputError(
            f"silence would be judged on another grid ({cells.sha256[:12]}, {len(cells)} cells) than the one frozen "
            f"with the batch ({frozen[:12]}): areas, claimants or sources have changed; compare with those of the "
            "batch, or ask for this grid with --other-grid, and the result will say so"
        )
    return cells, f"asked for: this one is {cells.sha256[:12]}, that of the batch {frozen[:12]}"


def _finding(one: EventRow) -> Finding:
    word = "in no campaign" if one.gate == "never" else "in every campaign"
    text = f"{one.label} ({one.status}) {word} (of {one.happens.n})"
    return Finding(one.event_id, one.label, one.status, one.against, one.happens, text)
