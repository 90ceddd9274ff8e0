"""The finished campaigns of a batch, so many at a time that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sim.compare.kept import part_name
from sim.errors import InputError
from sim.observation import COLUMNS, KINDS, Coverage, History, cover, read_history
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
class Span:
    """Some finished replications, ascending, with the draw of each; ``name`` tells them and their logs from others."""

    replications: Sequence[int]
    draws: Sequence[int]
    name: str


def spans_of(batch: Batch) -> list[Span]:
    """Return the finished replications of a batch, so many at a time as are looked at at once.

    Raises:
        InputError: If no replication was finished.
    """
    rows = batch.outcomes().select(["replication", "draw", "status", "sha256"]).to_pylist()
    done = sorted((row["replication"], row["draw"], row["sha256"]) for row in rows if row["status"] == "done")
    if not done:
        why = "see its outcomes for what went wrong" if rows else "the `sim batch` that began it goes on with it"
        raise InputError(f"the batch has no finished replication to compare; {why}")
    spans = []
    for first in range(0, len(done), AT_ONCE):
        replications, draws, logs = zip(*done[first : first + AT_ONCE], strict=True)
        spans.append(Span(replications, draws, part_name(replications, logs)))
    return spans


def histories(batch: Batch, scenario: Scenario, spans: Sequence[Span] | None = None) -> Iterator[History]:
    """Yield the finished campaigns of a batch, a part of them at a time.

    Args:
        batch: The campaigns.
        scenario: Their scenario.
        spans: Which of them; all if None.

    Raises:
        InputError: If no replication was finished.
    """
    for span in spans_of(batch) if spans is None else spans:
        for numbers, facts in batch.facts_in_parts(KINDS, span.replications, COLUMNS, at_once=AT_ONCE):
            yield read_history(facts, scenario, numbers, span.draws)


def covered(batch: Batch, scenario: Scenario, timeline: ReportedTimeline) -> Iterator[Coverage]:
    """Yield what would have been said and printed about the campaigns of a batch, a part of them at a time.

    Raises:
        InputError: If no replication was finished.
    """
    seed = int(batch.manifest["seed"])
    for history in histories(batch, scenario):
        yield cover(history, scenario, timeline.printed_by, seed)
