"""Forks: a history of a batch, the same up to a moment, and another one after somebody changed something there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sim.batch.chunk import Player
from sim.batch.running import Progress, repeat, run_batch
from sim.domain.facts import AssumptionChanged, Fact
from sim.engine import Run, run
from sim.errors import InputError, StoreError
from sim.projections.difference import Parting, parting
from sim.scenario.interventions import standing_value
from sim.scenario.numbers import register
from sim.scenario.schema import Scenario
from sim.store import Batch, open_batch
from sim.world import compile_scenario

#: A change on the way: second, path as a run holds it, value.
Change = tuple[int, str, float]


@dataclass(frozen=True, slots=True)
class Fork:
    """A fork: which history it is of, what was changed when, both logs, and how they part."""

    batch: Batch
    replication: int
    at_s: int
    settings: tuple[str, ...]
    before: list[Fact]
    after: Run
    parting: Parting

    def as_data(self) -> dict[str, Any]:
        """Return what it takes to make the fork again, and the hashes by which one knows that it is the same."""
        return {
            "base": {
                "directory": str(self.batch.directory.resolve()),
                "run_hash": self.batch.manifest["run_hash"],
                "seed": self.batch.manifest["seed"],
                "replication": self.replication,
                "sha256": self.batch.hash_of(self.replication),
            },
            "interventions": [{"at_s": self.at_s, "set": setting} for setting in self.settings],
            "sha256": self.after.sha256,
            "facts": len(self.after.facts),
        }


def changes_of(scenario: Scenario, at_s: int, settings: Sequence[str]) -> tuple[Change, ...]:
    """Return the changes that ``path=value`` stand for.

    Raises:
        InputError: If one of them is no change that a run can make on its way.
    """
    if not settings:
        raise InputError("nothing is changed; give --set path=value at least once")
    entries = register(scenario)
    return tuple((at_s, *standing_value(entries, setting)) for setting in settings)


def fork(directory: str | Path, replication: int, *, at_s: int, settings: Sequence[str]) -> Fork:
    """Play a history of a batch again, with changes at a moment.

    Args:
        directory: The batch.
        replication: Which history of it.
        at_s: When, in seconds after the start.
        settings: What is changed: ``path=value`` each.

    Raises:
        InputError: If a change cannot be made, or the moment is not within the campaign.
        StoreError: If the history is not there, or does not come out again as it is stored up to the moment.
    """
    batch = open_batch(directory)
    before = batch.log(replication)
    after = repeat(directory, replication, changes=changes_of(batch.scenario, at_s, settings))
    found = parting(before, after.facts)
    first = after.facts[found.same_until] if found.same_until < len(after.facts) else None
    if first is not None and not (isinstance(first, AssumptionChanged) and first.time_s == at_s):
        raise StoreError(
            f"{directory}: replication {replication} comes out otherwise than it is stored, from fact "
            f"{found.same_until:,} on, before anything is changed; was it made by another version? see `sim verify`"
        )
    return Fork(batch, replication, at_s, tuple(settings), before, after, found)


def fork_batch(
    directory: str | Path,
    target: str | Path,
    *,
    at_s: int,
    settings: Sequence[str],
    replications: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Fork many histories of a batch at the same moment: the same draws with and without a change.

    Args:
        directory: The batch; without a design.
        target: Where the forked histories are kept.
        at_s: When, in seconds after the start.
        settings: What is changed: ``path=value`` each.
        replications: How many, from the first on; all if None.
        workers: Processes, all cores if None.
        progress: Called with how many are done and how many there will be.

    Raises:
        InputError: As ``fork`` does.
    """
    batch = open_batch(directory)
    known = batch.manifest
    if known["design"]:
        raise InputError(f"{directory} spreads numbers by a design; fork single histories of it with -r")
    return run_batch(
        batch.scenario,
        target,
        replications=replications or batch.replications,
        seed=known["seed"],
        per_draw=known["per_draw"],
        workers=workers,
        check_every=0,
        progress=progress,
        maker=partial(_forked, changes=changes_of(batch.scenario, at_s, settings)),
    )


def _forked(scenario: Scenario, changes: Sequence[Change]) -> Player:
    """Return the engine with changes on the way."""
    return partial(run, compile_scenario(scenario), changes=changes)
