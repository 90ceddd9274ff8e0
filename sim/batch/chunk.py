"""What a worker does: run some replications one after another and leave them as a finished shard.

A replication that fails is a record like any other: at which stage, with which error, and how to repeat
it alone. Nothing here knows how many workers there are, so nothing of a result can depend on it.
"""

from __future__ import annotations

import gc
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from traceback import extract_tb
from typing import Protocol

from sim.domain.facts import Fact
from sim.domain.invariants import Invariants
from sim.domain.state import State
from sim.domain.terms import format_duration
from sim.engine import run
from sim.errors import InvariantBroken
from sim.projections.daily import DailySampler
from sim.scenario.numbers import register
from sim.scenario.schema import Scenario
from sim.store.shards import Shard, ShardWriter
from sim.store.tables import DONE, FAILED, Outcome
from sim.world import compile_scenario

#: The stage at which a replication fails that broke an invariant.
INVARIANTS = "invariants"
#: The stage of one that took its worker process with it.
WORKER = "worker"
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
    """What is the same for all replications of a batch.

    Every ``check_every``-th replication, from the first on, is checked against the invariants (0 = none).
    ``command`` is how the scenario is run alone on the command line, '' if nobody says.
    """

    directory: Path
    scenario: Scenario
    seed: int
    per_draw: int
    maker: Maker
    check_every: int = 0
    command: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some replications, ascending, and the design's uniforms of their draws (none in a plain batch)."""

    replications: tuple[int, ...]
    uniforms: Mapping[int, Mapping[str, float]]


class Worker:
    """Runs one chunk after another.

    It tells ``begins`` of each replication before it is run, and ``writes`` once all of a chunk have been run and
    only their shard is still to be written.
    """

    def __init__(
        self, task: Task, begins: Callable[[int], None] | None = None, writes: Callable[[], None] | None = None
    ) -> None:
        self._task = task
        self._begins = begins
        self._writes = writes
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
                if self._begins is not None:
                    self._begins(replication)
                self._add(writer, replication, chunk.uniforms.get(replication // self._task.per_draw))
            if self._writes is not None:
                self._writes()
            return writer.finish()
        finally:
            gc.collect()
            if collecting:
                gc.enable()

    def _add(self, writer: ShardWriter, replication: int, uniforms: Mapping[str, float] | None) -> None:
        task = self._task
        draw = replication // task.per_draw
        began, stage = perf_counter(), "run"
        invariants = Invariants() if task.check_every and replication % task.check_every == 0 else None
        try:
            sampler = DailySampler(self._duration_s)
            history = self._play(
                seed=task.seed,
                replication=replication,
                per_draw=task.per_draw,
                design_uniforms=uniforms,
                tap=sampler if invariants is None else partial(_both, sampler, invariants),
            )
            if invariants is not None:
                stage = INVARIANTS
                invariants.finish(history.facts, history.state)
            digest, seconds = history.sha256, perf_counter() - began
            stage = "daily"
            days = sampler.rows(history.state)
            stage = "store"
            facts = history.facts
            outcome = Outcome(
                replication, draw, DONE, digest, len(facts), history.kernel_events, seconds, invariants is not None
            )
            writer.add(outcome, facts, days)
        except Exception as error:  # whatever a replication died of is its record; the batch goes on
            if isinstance(error, InvariantBroken):
                stage = INVARIANTS
            failed = _failure(task, replication, uniforms or {}, stage, error)
            writer.add(replace(failed, seconds=perf_counter() - began, checked=invariants is not None))


def set_aside(task: Task, replication: int, uniforms: Mapping[str, float] | None, why: str) -> Shard:
    """Return the shard of a replication that could not be run at all: a failed record of why."""
    writer = ShardWriter(task.directory)
    repeat = _how_to_repeat(task, replication, uniforms or {}, WORKER)
    writer.add(
        Outcome(
            replication, replication // task.per_draw, FAILED,
            error_stage=WORKER, error_type="WorkerLost", error_message=why, error_repeat=repeat,
        )
    )  # fmt: skip
    return writer.finish()


def _both(sampler: DailySampler, invariants: Invariants, fact: Fact, state: State) -> None:
    """Let both watch a run; the invariants come first, since the sampler takes them for granted."""
    invariants(fact, state)
    sampler(fact, state)


def _failure(task: Task, replication: int, uniforms: Mapping[str, float], stage: str, error: Exception) -> Outcome:
    """Return what a replication died of, and what to type to see it die again."""
    first: BaseException = error
    while first.__cause__ is not None:  # SimPy raises again what a process died of
        first = first.__cause__
    frames = extract_tb(first.__traceback__)
    where = f" (in {frames[-1].name}, {Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return Outcome(
        replication,
        replication // task.per_draw,
        FAILED,
        error_stage=stage,
        error_type=type(error).__name__,
        error_message=f"{error}"[:_MESSAGE_MAX] + where,
        error_repeat=_how_to_repeat(task, replication, uniforms, stage),
    )


def _how_to_repeat(task: Task, replication: int, uniforms: Mapping[str, float], stage: str) -> str:
    """Return what to type to see a replication fail again."""
    if stage == INVARIANTS and task.command:
        again = "".join(f" --set {shlex.quote(setting)}" for setting in _settings(task.scenario, uniforms))
        per_draw = f" --per-draw {task.per_draw}" if task.per_draw > 1 else ""
        return f"{task.command}{again} --seed {task.seed} --replication {replication}{per_draw} --check"
    check = ", check=True" if stage == INVARIANTS else ""
    return f"from sim.batch import repeat; repeat({str(task.directory)!r}, {replication}{check})"


def _settings(scenario: Scenario, uniforms: Mapping[str, float]) -> Iterator[str]:
    """Yield ``path=value`` for each number that a design varies, with the value it had in one draw."""
    entries = register(scenario)
    for path, uniform in uniforms.items():
        entry = entries[path]
        value = entry.quantile()(uniform)
        written = entry.options[int(value)] if entry.options else repr(value)
        yield f"{path}={format_duration(value) if entry.unit == 's' else written}"
