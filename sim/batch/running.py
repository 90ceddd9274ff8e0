"""A batch: many replications of one scenario, on several cores, kept in a directory as they are finished."""

from __future__ import annotations

import gc
import math
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

from sim.batch.chunk import Chunk, Maker, Task, Worker, engine_maker
from sim.batch.design import LHS, Design, design_of, varied
from sim.batch.workers import in_processes
from sim.cores import usable_cores
from sim.domain.facts import SCHEMA_VERSION
from sim.domain.invariants import Invariants
from sim.engine import Run, run
from sim.errors import InputError, StoreError
from sim.scenario.interventions import Intervention
from sim.scenario.schema import Scenario
from sim.store import Batch, open_batch
from sim.store.manifest import describe
from sim.store.shards import Shard
from sim.store.writing import BatchWriter, writing

Progress = Callable[[int, int], None]

#: One replication in so many is checked against the invariants, if nobody asks for more or fewer.
CHECK_EVERY = 50

#: Replications of one shard: enough for its columns to compress, few enough to lose little, to show progress, and to
#: leave several for each core, so that none is idle at the end.
_CHUNK_MIN, _CHUNK_MAX = 10, 50


def run_batch(
    scenario: Scenario,
    directory: str | Path,
    *,
    replications: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    per_draw: int = 1,
    vary: Sequence[str] = (),
    design: str | None = None,
    progress: Progress | None = None,
    maker: Maker = engine_maker,
    check_every: int = CHECK_EVERY,
    limit_s: float | None = None,
    retry_failed: bool = False,
    command: str = "",
) -> Batch:
    """Run a scenario many times and return the batch that is now in the directory.

    What a replication gives depends on the scenario, the seed and its number alone, never on the workers.
    If the directory holds the same batch already, only what is missing is run; a batch with more
    replications than asked for keeps them. A replication that fails is a record of the batch.

    Args:
        scenario: What to run.
        directory: Where the batch is kept; made if need be.
        replications: How many in all.
        seed: Root seed.
        workers: Processes; one for each core that this process may use if None. One worker is this
            process itself.
        per_draw: Replications that share one draw of the assumptions.
        vary: ``path=low:high`` for each number that is spread over a range by the design.
        design: ``lhs`` (if not given), ``sobol`` or ``grid``, for what varies.
        progress: Called with how many replications are done and how many there will be.
        maker: Makes the function that plays out a replication; the engine, but for tests.
        check_every: Replications 0, N, 2 N, ... are checked against the invariants, and their logs folded again.
            One that breaks an invariant is a failed record. 0 checks none. Takes twice the time of a replication.
        limit_s: Seconds that one replication may take in its worker process; one that takes longer, or kills its
            worker, twice is a failed record. None for no limit.
        retry_failed: Run those again that failed before.
        command: How the scenario is run alone on the command line (``sim run FILE``), to say how to repeat one.

    Raises:
        InputError: If an argument is wrong, or the directory holds another batch.
        KeyboardInterrupt: If it was interrupted; what was committed is kept and gone on with next time.
    """
    for name, count in (("replications", replications), ("workers", workers), ("per_draw", per_draw)):
        if count is not None and count < 1:
            raise InputError(f"{name} is {count}; give at least 1")
    if limit_s is not None and limit_s <= 0:
        raise InputError(f"limit_s is {limit_s:g}; give the seconds that a replication may take, above 0")
    if check_every < 0:
        raise InputError(f"check_every is {check_every}; give 1 to check every replication, 0 to check none")
    if design is not None and not vary:
        raise InputError(f"a {design} design needs something that varies: give vary, for example path=low:high")
    scenario, plan = _planned(scenario, vary, design, -(-replications // per_draw), seed)
    manifest = describe(
        scenario,
        replications=replications,
        seed=seed,
        per_draw=per_draw,
        vary=vary,
        design=plan.kind if plan else None,
        design_draws=plan.fixed_draws if plan else None,
        check_every=check_every,
    )
    folder = Path(directory)
    with writing(folder, manifest, scenario) as writer:
        again = set(writer.failed) if retry_failed else set[int]()
        missing = [number for number in range(replications) if number not in writer.done or number in again]
        cores = workers or usable_cores()
        task = Task(folder.resolve(), scenario, seed, per_draw, maker, check_every, command)
        size = min(_CHUNK_MAX, max(_CHUNK_MIN, math.ceil(len(missing) / (4 * cores))))
        chunks, count = _chunks(missing, size, per_draw, plan), math.ceil(len(missing) / size)
        alone = limit_s is None and (count < 2 or cores == 1)
        finished = _here(task, chunks) if alone else in_processes(task, chunks, min(cores, count), limit_s)
        with _ctrl_c() as pressed, closing(finished):
            _show(progress, replications - len(missing), replications)
            _commit(writer, _until(pressed, finished), replications, len(missing), progress)
    return open_batch(folder)


def repeat(
    directory: str | Path,
    replication: int,
    *,
    check: bool = False,
    interventions: Sequence[Intervention] = (),
) -> Run:
    """Run one replication of a batch again, in this process, with whatever error it died of.

    Args:
        directory: Where the batch is kept.
        replication: Which replication of it.
        check: Check the invariants after every fact.
        interventions: What is done from outside on the way.

    Raises:
        StoreError: If the directory holds no batch, or one of an earlier schema version.
        InvariantBroken: If an invariant is broken, and ``check`` was asked for.
    """
    batch = open_batch(directory)
    known = batch.manifest
    if known["schema_version"] != SCHEMA_VERSION:
        raise StoreError(
            f"{directory} was written under schema version {known['schema_version']}, today's is {SCHEMA_VERSION}: it "
            "can be read, but its histories cannot be played again; use the version that wrote it"
        )
    uniforms = None
    if known["design"]:
        draws = known["design_draws"] or -(-known["replications"] // known["per_draw"])
        paths = [text.partition("=")[0] for text in known["vary"]]
        plan = design_of(known["design"], paths, draws, known["seed"])
        uniforms = plan.of_draw(replication // known["per_draw"])
    invariants = Invariants() if check else None
    again = run(
        batch.scenario,
        seed=known["seed"],
        replication=replication,
        per_draw=known["per_draw"],
        design_uniforms=uniforms,
        tap=invariants,
        interventions=interventions,
    )
    if invariants is not None:
        invariants.finish(again.facts, again.state)
    return again


def replay_share(batch: Batch, share: float, progress: Progress | None = None) -> Iterator[tuple[int, bool]]:
    """Play a share of the replications again, evenly spread, at least one; yield whether each comes out the same.

    Args:
        batch: The batch.
        share: Share of its replications that did not fail, above 0.
        progress: Called with how many have been played and how many will be.
    """
    rows = batch.outcomes().select(["replication", "sha256"]).to_pylist()
    done = {row["replication"]: row["sha256"] for row in rows if row["sha256"] is not None}
    count = min(len(done), max(1, math.ceil(share * len(done))))
    numbers = sorted(done)
    chosen = [numbers[index * len(numbers) // count] for index in range(count)]
    for played, number in enumerate(chosen, 1):
        again = repeat(batch.directory, number)
        _show(progress, played, count)
        yield number, again.sha256 == done[number]


def _planned(
    scenario: Scenario, vary: Sequence[str], design: str | None, draws: int, seed: int
) -> tuple[Scenario, Design | None]:
    if not vary:
        return scenario, None
    changed, paths = varied(scenario, vary)
    return changed, design_of(design or LHS, paths, draws, seed)


def _chunks(missing: Sequence[int], size: int, per_draw: int, plan: Design | None) -> Iterator[Chunk]:
    """Cut what is missing into chunks, each with the uniforms of its draws when its turn comes."""
    for start in range(0, len(missing), size):
        numbers = tuple(missing[start : start + size])
        draws = {number // per_draw for number in numbers} if plan else set[int]()
        yield Chunk(numbers, {draw: plan.of_draw(draw) for draw in sorted(draws)} if plan else {})


def _commit(
    writer: BatchWriter, finished: Iterable[Shard], replications: int, missing: int, progress: Progress | None
) -> None:
    done = replications - missing
    for shard in finished:
        writer.commit(shard)
        done += len(shard.replications)
        _show(progress, done, replications)


def _show(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


# --- in this process --------------------------------------------------------------------------------------


def _here(task: Task, chunks: Iterable[Chunk]) -> Generator[Shard]:
    """Yield the shards of chunks one after another, run by this process."""
    worker: Worker | None = None
    ours = gc.get_freeze_count() == 0  # what a caller has frozen is not ours to thaw
    if ours:
        gc.freeze()  # what is there before need not be looked at in every collection
    try:
        for chunk in chunks:
            worker = worker or Worker(task)
            yield worker.run(chunk)
    finally:
        if ours:
            gc.unfreeze()


@contextmanager
def _ctrl_c() -> Generator[Callable[[], bool]]:
    """Remember that Ctrl-C was pressed, also where a library swallows the exception (some do while imported)."""
    pressed = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield pressed.is_set
        return

    def remember(number: int, frame: FrameType | None) -> None:
        pressed.set()
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _until(pressed: Callable[[], bool], finished: Iterable[Shard]) -> Generator[Shard]:
    for shard in finished:
        yield shard
        if pressed():
            raise KeyboardInterrupt
