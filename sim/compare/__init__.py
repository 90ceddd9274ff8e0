"""Simulated history judged against reported history: windows, scores, nulls, and what they cannot say.

Headline events are compared with the claims that the model's sources would have printed; a second table
compares them with the simulated world. See docs/comparison.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sim.compare.ledger import claims_hash, note
from sim.compare.losses import loss_rows
from sim.compare.matching import FACTS, PRINTED, Questions, row
from sim.compare.readings import FactReading, PrintedReading, Reading
from sim.compare.result import Comparison, EventRow, Finding, LossRow, Score, Skill
from sim.compare.skill import scores, skills
from sim.compare.telling import telling
from sim.compare.variation import varied
from sim.compare.warnings import warnings
from sim.compare.windows import Probability
from sim.domain.claims import Claim
from sim.errors import InputError, Problem, ProblemsFound
from sim.observation import KINDS, Coverage, History, cover, facts_table, read_history
from sim.scenario.claim_checks import findings
from sim.scenario.loading import observation_hash, run_hash
from sim.scenario.reported import ReportedTimeline, load_reported
from sim.scenario.schema import Scenario
from sim.store.tables import checked_in

__all__ = [
    "Comparison",
    "EventRow",
    "Finding",
    "LossRow",
    "Probability",
    "Score",
    "Skill",
    "compare",
    "coverage_of",
    "in_truth",
]


class Batch(Protocol):
    """What a batch must offer to be compared."""

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that was run."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return how the batch was made."""

    @property
    def directory(self) -> Path | None:
        """Return where it is stored."""

    def facts(self, kinds: Sequence[str] | None = None, replications: Any = None) -> Any:
        """Return the facts of some kinds as a table."""

    def outcomes(self) -> Any:
        """Return one row per replication."""


def compare(
    batch: Batch, reported: ReportedTimeline | str | Path | None = None, *, overrides: Sequence[str] = (),
    given: Collection[str] | None = None, ledger: Path | None = None,
) -> Comparison:  # fmt: skip
    """Judge a batch against a reported timeline.

    Args:
        batch: Many campaigns.
        reported: The timeline or its file; the one of the batch's scenario if not given.
        overrides: ``observation.path=value`` each: the same campaigns, told by other claimants.
        given: Events that a date alone brings about; those of the scenario's ``given_argued`` if None.
        ledger: Folder in which the number of variants compared is kept; the one in which the batch lies if None.

    Raises:
        InputError: If there is no timeline, it does not fit the scenario, no replication is finished, or an
            override is not of the observation.
    """
    scenario = varied(batch.scenario, overrides)
    timeline = _timeline(scenario, reported)
    left_out = scenario.given_argued if given is None else dict.fromkeys(given, "")
    coverage = coverage_of(batch, scenario, timeline)
    names, side_of = _claimants(scenario, timeline)
    claims = timeline.claims_for(scenario.scenario.start)
    horizon_s = min(timeline.horizon_s(scenario.scenario.start), coverage.history.theatre.duration_s)
    tables = [
        _table(against, reading, _still(scenario), claims, horizon_s, names, left_out)
        for against, reading in (
            (PRINTED, PrintedReading(coverage, _in_time(timeline))), (FACTS, FactReading(coverage.history)),
        )
    ]  # fmt: skip
    printed, facts = tables
    gate = [_finding(one) for table in tables for one in table.headline if one.gate and not one.given]
    losses = loss_rows(claims, coverage, names, side_of)
    hashes = {
        "claims": claims_hash(timeline),
        "run": run_hash(scenario),
        "observation": observation_hash(scenario, timeline.printed_by),
    }
    kept_in = ledger if ledger is not None else batch.directory.parent if batch.directory is not None else None
    variants = note(kept_in, hashes)
    draws = len(np.unique(coverage.history.draws))
    means, nulls = printed.scores + facts.scores, printed.nulls + facts.nulls
    return Comparison(
        timeline=timeline, replications=len(coverage.history), draws=draws, horizon_s=horizon_s,
        headline=printed.headline, truth=facts.headline, claims=printed.rows, claims_truth=facts.rows,
        scores=means, nulls=nulls, gate=tuple(gate), given=dict(left_out), losses=tuple(losses),
        warnings=warnings(
            claims, timeline, left_out, variants, draws < len(coverage.history), checked_in(batch.outcomes()),
            len(scenario.interventions or ()),
        ),
        telling=telling(printed.headline, facts.headline, facts.rows, means, nulls, gate, losses),
        variants_compared=variants, hashes=hashes,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    """Every scored claim against one reading, the headline ones among them, and how well they do."""

    rows: tuple[EventRow, ...]
    headline: tuple[EventRow, ...]
    scores: tuple[Score, ...]
    nulls: tuple[Skill, ...]


def _table(
    against: str, reading: Reading, still: Reading, claims: Sequence[Claim], horizon_s: int, names: Mapping[str, str],
    given: Collection[str],
) -> _Table:  # fmt: skip
    """Ask a reading about every scored claim; what somebody intends is no event in the world."""
    into_day_s = reading.theatre.into_day_s
    ask, ask_still = Questions(reading, against, claims, into_day_s), Questions(still, FACTS, claims, into_day_s)
    asked = [
        ask.ask(claim)
        for claim in claims
        if claim.score != "no" and (against == PRINTED or claim.statement != "intends")
    ]
    rows = [row(question, horizon_s, names, given=question.claim.event_id in given) for question in asked]
    pairs = [pair for pair in zip(rows, asked, strict=True) if pair[1].claim.score == "headline"]
    scored = [question for one, question in pairs if one.scored]
    still_s = [float(ask_still.ask(question.claim).times_s[0]) for question in scored]
    return _Table(
        tuple(rows), tuple(one for one, _ in pairs), tuple(scores(scored, horizon_s)),
        tuple(skills(scored, still_s, horizon_s)),
    )  # fmt: skip


def coverage_of(batch: Batch, scenario: Scenario, timeline: ReportedTimeline) -> Coverage:
    """Return what would have been said and printed about the campaigns of a batch.

    Raises:
        InputError: If no replication was finished.
    """
    return cover(_history(batch, scenario), scenario, timeline.printed_by, int(batch.manifest["seed"]))


def in_truth(batch: Batch) -> tuple[EventRow, ...]:
    """Return the headline events of a batch's own timeline in the simulated world; none where it names no timeline.

    Much faster than a comparison: nothing is said or printed.

    Raises:
        InputError: If no replication was finished.
    """
    scenario = batch.scenario
    if scenario.reported is None:
        return ()
    timeline, history = _timeline(scenario, None), _history(batch, scenario)
    claims = timeline.claims_for(scenario.scenario.start)
    horizon_s = min(timeline.horizon_s(scenario.scenario.start), history.theatre.duration_s)
    names, _ = _claimants(scenario, timeline)
    ask = Questions(FactReading(history), FACTS, claims, history.theatre.into_day_s)
    return tuple(
        row(ask.ask(claim), horizon_s, names, given=claim.event_id in scenario.given_argued)
        for claim in claims
        if claim.score == "headline" and claim.statement != "intends"
    )


def _history(batch: Batch, scenario: Scenario) -> History:
    outcomes = batch.outcomes()
    done = [row for row in outcomes.select(["replication", "draw", "status"]).to_pylist() if row["status"] == "done"]
    if not done:
        raise InputError("the batch has no finished replication to compare; see its outcomes for what went wrong")
    done.sort(key=lambda one: one["replication"])
    numbers, draws = [one["replication"] for one in done], [one["draw"] for one in done]
    return read_history(batch.facts(KINDS), scenario, numbers, draws)


def _timeline(scenario: Scenario, reported: ReportedTimeline | str | Path | None) -> ReportedTimeline:
    if isinstance(reported, ReportedTimeline):
        faults = findings(reported, reported.printed_by, scenario)
        problems = [Problem(reported.title, 0, 0, ".".join(where), what, remedy) for where, what, remedy in faults]
        if problems:
            raise ProblemsFound(problems)
        return reported
    if reported is not None:
        return load_reported(Path(reported), scenario)
    if scenario.reported is None or scenario.folder is None:
        raise InputError("the scenario names no reported timeline; add `reported:` to it or give --reported FILE")
    return load_reported(scenario.folder / scenario.reported, scenario)


def _claimants(scenario: Scenario, timeline: ReportedTimeline) -> tuple[dict[str, str], dict[str, str]]:
    """Return the name of each claimant, and the side he speaks for ('' for none)."""
    names = {key: one.name for key, one in scenario.observation.claimants.items()}
    sides = {key: one.side or "" for key, one in scenario.observation.claimants.items()}
    names |= {key: one.name for key, one in timeline.claimants.items()}
    return names, sides | {key: one.side or "" for key, one in timeline.claimants.items()}


def _in_time(timeline: ReportedTimeline) -> frozenset[str]:
    """Return the sources that came out by the horizon."""
    printing = timeline.printed_by.sources
    return frozenset(key for key, source in printing.items() if source.published_at <= timeline.horizon)


def _still(scenario: Scenario) -> Reading:
    """Return the reading of one campaign in which nothing happens: what the persistence null expects."""
    return FactReading(read_history(facts_table([], 0), scenario, [0], [0]))


def _finding(one: EventRow) -> Finding:
    word = "in no campaign" if one.gate == "never" else "in every campaign"
    return Finding(one.event_id, one.label, one.against, one.happens, f"{one.label} {word} (of {one.happens.n})")
