"""What is asked of every replication of a batch, and what is answered: numbers alone, a part of a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.compare import losses
from sim.compare.holding import cells, held
from sim.compare.ledger import hashes_of
from sim.compare.losses import Numbers, counted, numbers_of
from sim.compare.matching import FACTS, PRINTED, Question, Questions, framed
from sim.compare.readings import FactReading, PrintedReading, Reading
from sim.compare.silence import spoken
from sim.domain.claims import Claim
from sim.observation import Coverage
from sim.observation.theatre import Bools, Ints, theatre
from sim.scenario.grid import Grid
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Part:
    """What was found out about some replications."""

    replications: Ints
    draws: Ints
    printed: list[Question]
    facts: list[Question]
    numbers: list[Numbers]
    spoken: Bools
    held: Bools


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of every replication: which claims, told how, on which grid, known by when.

    ``side_of`` has the side for which a claimant speaks, '' for none, by id.
    """

    scenario: Scenario
    timeline: ReportedTimeline
    grid: Grid
    side_of: Mapping[str, str]
    horizon_s: int

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Return the reported claims."""
        return tuple(self.timeline.claims_for(self.scenario.scenario.start))

    def hashes(self) -> tuple[str, ...]:
        """Return what all that is asked hashes to; the sides of claimants follow from scenario and claims."""
        return (*hashes_of(self.scenario, self.timeline).values(), self.grid.sha256, str(self.horizon_s))

    def of(self, coverage: Coverage) -> Part:
        """Return what is found out about the replications of a coverage."""
        claims, history = self.claims, coverage.history
        control, _ = cells(claims, theatre(self.scenario), self.horizon_s)
        return Part(
            history.replications, history.draws,
            asked(PrintedReading(coverage, known_by(self.timeline)), PRINTED, claims),
            asked(FactReading(history), FACTS, claims),
            numbers_of(claims, coverage, self.side_of), spoken(self.grid, coverage), held(control, history),
        )  # fmt: skip

    def kept(self, part: Part) -> dict[str, Any]:
        """Return a part as columns that can be kept."""
        dates = {
            name: np.stack([one.times_s for one in questions]) if questions else np.empty((0, len(part.draws)))
            for name, questions in ((PRINTED, part.printed), (FACTS, part.facts))
        }
        counts = {
            f"{name} {number}": getattr(numbers, name)
            for number, numbers in enumerate(part.numbers)
            for name in losses.COLUMNS
        }
        return {
            "replications": part.replications, "draws": part.draws, "spoken": part.spoken, "held": part.held,
            **dates, **counts,
        }  # fmt: skip

    def from_kept(self, columns: Mapping[str, Any]) -> Part:
        """Return a part from its columns."""
        claims, into_day_s, draws = self.claims, theatre(self.scenario).into_day_s, columns["draws"]
        printed, facts = (
            [
                framed(claim, against, into_day_s).answered(times_s, draws)
                for claim, times_s in zip(asked_about(against, claims), columns[against], strict=True)
            ]
            for against in (PRINTED, FACTS)
        )
        numbers = [
            Numbers(claim, measure, *(columns[f"{name} {number}"] for name in losses.COLUMNS))
            for number, (claim, measure) in enumerate(counted(claims))
        ]
        return Part(columns["replications"], draws, printed, facts, numbers, columns["spoken"], columns["held"])


def asked(reading: Reading, against: str, claims: Sequence[Claim]) -> list[Question]:
    """Return every scored claim as a reading answers it; what somebody intends is no event in the world."""
    questions = Questions(reading, against, claims, reading.theatre.into_day_s)
    return [questions.ask(claim) for claim in asked_about(against, claims)]


def asked_about(against: str, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that a reading is asked about."""
    return [claim for claim in claims if claim.score != "no" and (against == PRINTED or claim.statement != "intends")]


def known_by(timeline: ReportedTimeline) -> frozenset[str]:
    """Return the sources that came out by the horizon."""
    printing = timeline.printed_by.sources
    return frozenset(key for key, source in printing.items() if source.published_at <= timeline.horizon)
