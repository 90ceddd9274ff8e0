"""Forks: a history of a batch, the same up to a moment, and another one after somebody did something there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.batch.running import Progress, repeat, run_batch
from sim.domain.facts import AssumptionChanged, Fact, Intervened
from sim.engine import Run
from sim.errors import InputError, StoreError
from sim.projections.difference import Parting, parting
from sim.scenario.interventions import Intervention, as_written, seconds_of, understood
from sim.store import Batch, open_batch
from sim.world import compile_scenario

#: What is done: as a scenario would say it, or already read.
Given = Sequence[Intervention | Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Fork:
    """A fork: which history it is of, what was done when, both logs, and how they part."""

    batch: Batch
    replication: int
    interventions: tuple[Intervention, ...]
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
            "interventions": as_written(self.interventions),
            "sha256": self.after.sha256,
            "facts": len(self.after.facts),
        }


def fork(directory: str | Path, replication: int, interventions: Given) -> Fork:
    """Play a history of a batch again, with something done from outside on the way.

    Args:
        directory: The batch.
        replication: Which history of it.
        interventions: What is done, each as a scenario says it: ``{"at": "2020-05-12T06:00+02:00",
            "set": {"movement.time_factor": 2}}``.

    Raises:
        InputError: If one of them cannot be made.
        StoreError: If the history is not there, or does not come out again as it is stored up to the first of them.
    """
    batch = open_batch(directory)
    wanted = _wanted(interventions)
    begins_s = min(seconds_of(batch.scenario, one.at) for one in wanted)
    before = batch.log(replication)
    after = repeat(directory, replication, interventions=wanted)
    found = parting(before, after.facts)
    first = after.facts[found.same_until] if found.same_until < len(after.facts) else None
    if first is not None and not (isinstance(first, AssumptionChanged | Intervened) and first.time_s >= begins_s):
        raise StoreError(
            f"{directory}: replication {replication} comes out otherwise than it is stored, from fact "
            f"{found.same_until:,} on, before anything is changed; was it made by another version? see `sim verify`"
        )
    return Fork(batch, replication, wanted, before, after, found)


def fork_batch(
    directory: str | Path,
    target: str | Path,
    interventions: Given,
    *,
    replications: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Fork many histories of a batch in the same way: the same draws with and without what is done.

    Args:
        directory: The batch; without a design.
        target: Where the forked histories are kept, as a batch of the scenario with these interventions.
        interventions: As ``fork`` takes them.
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
    own = batch.scenario.interventions or ()
    changed = batch.scenario.model_copy(update={"interventions": (*own, *_wanted(interventions))})
    compile_scenario(changed)  # what cannot be done is refused before anything is written
    return run_batch(
        changed,
        target,
        replications=replications or batch.replications,
        seed=known["seed"],
        per_draw=known["per_draw"],
        workers=workers,
        check_every=0,
        progress=progress,
    )


def _wanted(interventions: Given) -> tuple[Intervention, ...]:
    if not interventions:
        raise InputError("nothing is done; say what with --set, --release, --block, --cut, --order or --with")
    return understood(interventions)
