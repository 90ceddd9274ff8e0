"""What a comparison needs of a batch, gathered a part of its replications at a time.

Only numbers by replication are kept: the dates of each claim in both readings, the totals behind claimed numbers,
which cells of the grid are spoken of, who held what. So memory does not grow with the facts of a batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sim.compare import losses
from sim.compare.holding import Cell, cells, held
from sim.compare.losses import Numbers, numbers_of
from sim.compare.matching import FACTS, PRINTED, Question, Questions, joined
from sim.compare.readings import FactReading, PrintedReading, Reading
from sim.compare.silence import spoken
from sim.domain.claims import Claim
from sim.errors import InputError
from sim.observation import COLUMNS, KINDS, Coverage, History, cover, read_history
from sim.observation.theatre import Bools, Ints, Theatre, theatre
from sim.scenario.grid import Grid
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario

#: So many replications are in memory at once.
AT_ONCE = 1000


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

    def facts_in_parts(
        self, kinds: Sequence[str] | None = None, replications: Any = None, columns: Any = None, *, at_once: int = 2000
    ) -> Iterator[tuple[Sequence[int], Any]]:
        """Yield the numbers of some replications with some columns of their facts as a table, ascending."""

    def outcomes(self) -> Any:
        """Return one row per replication."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found out about every replication, in the order of their numbers.

    ``printed`` and ``facts`` are the scored claims with their dates, the latter without intentions; ``spoken`` has
    shape (replications, cells of the grid), ``held`` (replications, ``control``).
    """

    theatre: Theatre
    replications: Ints
    draws: Ints
    printed: tuple[Question, ...]
    facts: tuple[Question, ...]
    numbers: tuple[Numbers, ...]
    spoken: Bools
    control: tuple[Cell, ...]
    contradicted: dict[int, int]
    held: Bools

    def __len__(self) -> int:
        return len(self.replications)


def gather(
    batch: Batch, scenario: Scenario, timeline: ReportedTimeline, grid: Grid, side_of: Mapping[str, str], horizon_s: int
) -> Gathered:
    """Return what a comparison needs of a batch.

    Args:
        batch: The campaigns.
        scenario: Their scenario, perhaps with another observation section.
        timeline: The reported claims.
        grid: Where silence is judged.
        side_of: Side for which a claimant speaks, '' for none, by id.
        horizon_s: Nothing later is known.

    Raises:
        InputError: If no replication was finished.
    """
    claims = timeline.claims_for(scenario.scenario.start)
    in_time = known_by(timeline)
    control, contradicted = cells(claims, theatre(scenario), horizon_s)
    found: list[_Part] = []
    for coverage in covered(batch, scenario, timeline):
        history = coverage.history
        found.append(
            _Part(
                history.replications, history.draws,
                asked(PrintedReading(coverage, in_time), PRINTED, claims), asked(FactReading(history), FACTS, claims),
                numbers_of(claims, coverage, side_of), spoken(grid, coverage), held(control, history),
            )
        )  # fmt: skip
    return Gathered(
        theatre(scenario),
        np.concatenate([part.replications for part in found]),
        np.concatenate([part.draws for part in found]),
        tuple(map(joined, zip(*(part.printed for part in found), strict=True))),
        tuple(map(joined, zip(*(part.facts for part in found), strict=True))),
        tuple(map(losses.joined, zip(*(part.numbers for part in found), strict=True))),
        np.concatenate([part.spoken for part in found]),
        tuple(control), contradicted,
        np.concatenate([part.held for part in found]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    replications: Ints
    draws: Ints
    printed: list[Question]
    facts: list[Question]
    numbers: list[Numbers]
    spoken: Bools
    held: Bools


def asked(reading: Reading, against: str, claims: Sequence[Claim]) -> list[Question]:
    """Return every scored claim as a reading answers it; what somebody intends is no event in the world."""
    questions = Questions(reading, against, claims, reading.theatre.into_day_s)
    return [
        questions.ask(claim)
        for claim in claims
        if claim.score != "no" and (against == PRINTED or claim.statement != "intends")
    ]


def covered(batch: Batch, scenario: Scenario, timeline: ReportedTimeline) -> Iterator[Coverage]:
    """Yield what would have been said and printed about the campaigns of a batch, a part of them at a time.

    Raises:
        InputError: If no replication was finished.
    """
    seed = int(batch.manifest["seed"])
    for history in histories(batch, scenario):
        yield cover(history, scenario, timeline.printed_by, seed)


def histories(batch: Batch, scenario: Scenario) -> Iterator[History]:
    """Yield the finished campaigns of a batch, a part of them at a time.

    Raises:
        InputError: If no replication was finished.
    """
    outcomes = batch.outcomes()
    done = [row for row in outcomes.select(["replication", "draw", "status"]).to_pylist() if row["status"] == "done"]
    if not done:
        raise InputError("the batch has no finished replication to compare; see its outcomes for what went wrong")
    draw_of = {row["replication"]: row["draw"] for row in done}
    for numbers, facts in batch.facts_in_parts(KINDS, sorted(draw_of), COLUMNS, at_once=AT_ONCE):
        yield read_history(facts, scenario, numbers, [draw_of[number] for number in numbers])


def known_by(timeline: ReportedTimeline) -> frozenset[str]:
    """Return the sources that came out by the horizon."""
    printing = timeline.printed_by.sources
    return frozenset(key for key, source in printing.items() if source.published_at <= timeline.horizon)
