"""What a worker does: run some replications one after another and leave them as a finished shard.

A replication that fails is a record like any other: at which stage, with which error, and how to repeat
it alone. Nothing here knows how many workers there are, so nothing of a result can depend on it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from traceback import extract_tb
from typing import Protocol

from sim.domain.facts import Fact
from sim.domain.state import State
from sim.engine import run
from sim.projections.daily import DailySampler
from sim.scenario.schema import Scenario
from sim.store.shards import Shard, ShardWriter
from sim.store.tables import DONE, FAILED, Outcome
from sim.world import compile_scenario

_MESSAGE_MAX = 1000

#: Replications after which what they left behind is cleared away, so that a worker does not grow.
_COLLECT_EVERY = 10


class History(Protocol):
    """What a chunk needs of a run."""

    @property
    def facts(self) -> Sequence[Fact]:
        """The log."""

    @property
    def state(self) -> State:
        """What the log folds to."""

    @property
    def sha256(self) -> str:
        """The hash of the log."""

    @property
    def kernel_events(self) -> int:
        """How many events SimPy handled."""


#: Plays out one replication, given ``seed``, ``replication``, ``per_draw``, ``design_uniforms`` and ``tap``.
Player = Callable[..., History]

#: Makes ready, once per worker, what plays out the replications of a scenario.
Maker = Callable[[Scenario], Player]


def engine_maker(scenario: Scenario) -> Player:
    """Return the engine, with everything prepared that the replications of a scenario share."""
    return partial(run, compile_scenario(scenario))


@dataclass(frozen=True, slots=True)
class Task:
    """What is the same for all replications of a batch."""

    directory: Path
    scenario: Scenario
    seed: int
    per_draw: int
    maker: Maker


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some replications, ascending, and the design's uniforms of their draws (none in a plain batch)."""

    replications: tuple[int, ...]
    uniforms: Mapping[int, Mapping[str, float]]


class Worker:
    """Runs one chunk after another."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._play = task.maker(task.scenario)
        head = task.scenario.scenario
        self._duration_s = int((head.end - head.start).total_seconds())

    def run(self, chunk: Chunk) -> Shard:
        """Run the replications of a chunk and write them as a shard that is ready to be committed."""
        writer = ShardWriter(self._task.directory)
        collecting = gc.isenabled()
        gc.disable()  # now and then at a moment of our choice is much cheaper than whenever Python sees fit
        try:
            for done, replication in enumerate(chunk.replications):
                if done % _COLLECT_EVERY == _COLLECT_EVERY - 1:
                    gc.collect()
                self._add(writer, replication, chunk.uniforms.get(replication // self._task.per_draw))
            return writer.finish()
        finally:
            gc.collect()
            if collecting:
                gc.enable()

    def _add(self, writer: ShardWriter, replication: int, uniforms: Mapping[str, float] | None) -> None:
        task = self._task
        draw = replication // task.per_draw
        began, stage = perf_counter(), "run"
        try:
            sampler = DailySampler(self._duration_s)
            history = self._play(
                seed=task.seed,
                replication=replication,
                per_draw=task.per_draw,
                design_uniforms=uniforms,
                tap=sampler,
            )
            digest, seconds = history.sha256, perf_counter() - began
            stage = "daily"
            days = sampler.rows(history.state)
            stage = "store"
            facts = history.facts
            outcome = Outcome(replication, draw, DONE, digest, len(facts), history.kernel_events, seconds)
            writer.add(outcome, facts, days)
        except Exception as error:  # whatever a replication died of is its record; the batch goes on
            writer.add(_failure(task, replication, draw, stage, error, perf_counter() - began))


def _failure(task: Task, replication: int, draw: int, stage: str, error: Exception, seconds: float) -> Outcome:
    frames = extract_tb(error.__traceback__)
    where = f" (in {frames[-1].name}, {Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return Outcome(
        replication,
        draw,
        FAILED,
        seconds=seconds,
        error_stage=stage,
        error_type=type(error).__name__,
        error_message=f"{error}"[:_MESSAGE_MAX] + where,
        error_repeat=f"from sim.batch import repeat; repeat({str(task.directory)!r}, {replication})",
    )
