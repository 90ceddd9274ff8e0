"""Worker processes: each runs one chunk at a time and says which replication it is at, for it may die of it.

A worker that dies, or sits over one replication longer than it may, is replaced. The replication that it was at is
run again on its own, and set aside as a failed record if that happens twice; the others of its chunk are run again.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections import Counter, deque
from collections.abc import Generator, Iterable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from time import monotonic
from typing import Any

import pyarrow as pa

from sim.batch.chunk import Chunk, Task, Worker, set_aside
from sim.cores import PRELOADED, process_context
from sim.errors import StoreError
from sim.store.shards import Shard

#: So often may a replication kill its worker, or sit over its time.
_DEATHS_MAX = 2


class _Crewman:
    """A worker process as the first process sees it: what it has been given, and where it is."""

    def __init__(self, context: Any, task: Task) -> None:
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, task), daemon=True)
        self.process.start()
        other.close()
        self.chunk: Chunk | None = None
        self.at: int | None = None
        self.since: float | None = None

    def give(self, chunk: Chunk) -> None:
        """Hand a chunk over; what becomes of it comes back through the pipe."""
        self.chunk, self.at, self.since = chunk, None, None
        with suppress(BrokenPipeError):  # it has died; its end tells
            self.pipe.send(chunk)

    def left_s(self, limit_s: float | None) -> float | None:
        """Return how long it may still sit over the replication that it is at, None for ever or if it is at none."""
        return None if limit_s is None or self.since is None else max(0.0, self.since + limit_s - monotonic())

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class _Waiting:
    """Chunks that are still to be run: first what dead workers left, then the others, made when their turn comes."""

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._left = deque[Chunk]()
        self._others = iter(chunks)
        self._next = next(self._others, None)

    def __bool__(self) -> bool:
        return bool(self._left) or self._next is not None

    def take(self) -> Chunk:
        """Return the one whose turn it is; there must be one."""
        if self._left:
            return self._left.popleft()
        chunk, self._next = self._next, next(self._others, None)
        assert chunk is not None
        return chunk

    def put_back(self, chunk: Chunk) -> None:
        """Let a chunk be run again."""
        self._left.append(chunk)


def in_processes(task: Task, chunks: Iterable[Chunk], workers: int, limit_s: float | None = None) -> Generator[Shard]:
    """Yield the shards of chunks as they are finished, in whatever order.

    Whoever stops asking for shards ends the workers at once; what they were at was never committed.

    Args:
        task: What is the same for all replications.
        chunks: What is to be run.
        workers: How many processes.
        limit_s: Seconds that one replication may take, None for no limit.

    Raises:
        StoreError: If workers cannot be started, or die before they have begun anything.
    """
    context = process_context(__name__)
    waiting, deaths = _Waiting(chunks), Counter[int]()
    crew: list[_Crewman] = []
    stillborn = 0
    try:
        while waiting or any(worker.chunk is not None for worker in crew):
            for worker in crew:
                if worker.chunk is None and waiting:
                    worker.give(waiting.take())
            while waiting and len(crew) < workers:
                crew.append(_hired(context, task))
                crew[-1].give(waiting.take())
            busy = [worker for worker in crew if worker.chunk is not None]
            soonest = min((left for worker in busy if (left := worker.left_s(limit_s)) is not None), default=None)
            ready = wait_for([worker.pipe for worker in busy], soonest)
            for worker in busy:
                late = worker.left_s(limit_s) == 0.0
                if worker.pipe in ready:
                    shard, alive = _hear(worker)
                    if shard is not None:
                        yield shard
                    if alive:
                        continue
                elif not late:
                    continue
                stillborn = stillborn + 1 if worker.at is None else 0
                if stillborn >= _DEATHS_MAX:
                    raise StoreError(
                        f"{task.directory}: worker processes die before they have begun (is there too little memory?); "
                        "what is committed is kept, and the same command goes on from there"
                    )
                crew.remove(worker)
                worker.end()
                why = f"took longer than {limit_s:g} s" if late else _cause_of_death(worker.process.exitcode)
                yield from _after_death(task, worker, why, deaths, waiting)
    finally:
        for worker in crew:
            worker.end()


def _hired(context: Any, task: Task) -> _Crewman:
    """Return a new worker; a fork server that was ended is started anew, once.

    Raises:
        StoreError: If no process can be started.
    """
    for attempt in range(_DEATHS_MAX):
        try:
            return _Crewman(context, task)
        except (EOFError, OSError) as error:
            if attempt == _DEATHS_MAX - 1:
                why = str(error) or type(error).__name__
                raise StoreError(
                    f"{task.directory}: no worker process can be started ({why}); what is committed is kept, and the "
                    "same command goes on from there"
                ) from error
    raise AssertionError("the last attempt returns or raises")


def _hear(worker: _Crewman) -> tuple[Shard | None, bool]:
    """Take in what a worker says: a finished shard if it has one; and whether it lives.

    Raises:
        Exception: Whatever made it impossible to go on with any chunk.
    """
    try:
        word, what = worker.pipe.recv()
    except (EOFError, ConnectionResetError, pickle.UnpicklingError):
        return None, False
    if word == "at":
        worker.at, worker.since = what, monotonic()
        return None, True
    if word == "writes":  # however slow the disk is, no replication is to blame for it
        worker.since = None
        return None, True
    if word == "shard":
        worker.chunk = worker.at = None
        return what, True
    raise what


def _cause_of_death(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        try:
            name = signal.Signals(-exitcode).name
        except ValueError:
            name = f"signal {-exitcode}"
        too_little = " (was there too little memory?)" if name == "SIGKILL" else ""
        return f"its worker was ended by {name}{too_little}"
    return f"its worker ended with exit code {exitcode}"


def _after_death(task: Task, worker: _Crewman, why: str, deaths: Counter[int], waiting: _Waiting) -> Generator[Shard]:
    """Put back what a dead worker had; set its replication aside, as a failed record, if that killed two."""
    chunk, at = worker.chunk, worker.at
    if chunk is None:
        return
    if at is None:
        waiting.put_back(chunk)
        return
    deaths[at] += 1
    others = tuple(number for number in chunk.replications if number != at)
    if others:
        waiting.put_back(Chunk(others, chunk.uniforms))
    if deaths[at] < _DEATHS_MAX:
        waiting.put_back(Chunk((at,), chunk.uniforms))
    else:
        yield set_aside(task, at, chunk.uniforms.get(at // task.per_draw), f"{why}, {deaths[at]} times")


# --- in the worker ---------------------------------------------------------------------------------------------


def _serve(pipe: Connection, task: Task) -> None:
    """Run the chunks that come through a pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one decides
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    pa.set_cpu_count(1)
    import_module(PRELOADED)  # before the first replication, whose time may be limited
    worker: Worker | None = None
    while True:
        try:
            chunk = pipe.recv()
        except EOFError:
            return
        try:
            if worker is None:
                worker = Worker(
                    task, lambda replication: pipe.send(("at", replication)), lambda: pipe.send(("writes", None))
                )
                gc.freeze()  # what is there now stays: no collection needs to look at it again
            answer: tuple[str, Any] = ("shard", worker.run(chunk))
        except Exception as error:  # what goes wrong outside of a replication is for the first process to tell
            answer = ("error", _sendable(error))
        pipe.send(answer)


def _sendable(error: Exception) -> Exception:
    """Return an error that another process can take, with its own words where it is not of that kind itself."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_the_first() -> None:
    """Wait for the end of the process that wanted the work, and leave nothing behind it."""
    first = multiprocessing.parent_process()
    if first is not None:
        wait_for([first.sentinel])
        os._exit(1)
