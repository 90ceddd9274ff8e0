"""A base run and a variant played in a process of their own, so that the app answers, and can stop it, meanwhile.

The process plays what is missing, compares and draws, and leaves what is to be shown as a JSON file beside the batch.
It ends with the process that started it, and its own workers end with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any

import msgspec

from sim.batch import run_batch
from sim.compare import compare
from sim.compare.influence import influences
from sim.cores import process_context, usable_cores
from sim.errors import InputError
from sim.explore.choosing import levers
from sim.explore.drawing import drawing
from sim.explore.taking import changes_of_hands
from sim.explore.telling import Played, alone, beside
from sim.scenario import load_scenario, run_hash
from sim.scenario.numbers import register
from sim.scenario.schema import Scenario
from sim.store import Batch, open_batch
from sim.store.durable import write_whole

#: What a process is at, in the order of its work.
SIMULATING, PRINTING, DRAWING = "campaigns played", "told and printed", "compared and drawn"

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be played: a scenario with what is moved in it, and where batches are kept.

    ``base`` and ``variant`` are directories of batches, ``shown`` is the file for what is to be shown; without a
    variant that is the base alone. ``made`` says that the base is somebody's own batch, which is never added to.
    """

    scenario: Path
    changed: tuple[str, ...]
    base: Path
    variant: Path | None
    shown: Path
    replications: int
    seed: int
    per_draw: int = 1
    made: bool = False


@dataclass(slots=True)
class Heard:
    """How far a process has come: what it is at, how much is done, and how it ended.

    ``shown`` is the file with what is to be shown, once there is one; ``wrong`` what made it impossible; ``defect``
    says that this is a fault of the program.
    """

    stage: str = SIMULATING
    done: int = 0
    total: int = 0
    ended: bool = False
    shown: Path | None = None
    wrong: str = ""
    defect: bool = False


class Playing:
    """A process that plays a task; ask ``heard`` how far it has come, and end it with ``stop``."""

    def __init__(self, task: Task) -> None:
        context = process_context(__name__)
        self.task = task
        self._heard = Heard(total=task.replications)
        self._pipe, other = context.Pipe(duplex=False)
        self._process = context.Process(target=_play, args=(other, task), name="sim explore: play")
        self._process.start()
        other.close()

    def heard(self) -> Heard:
        """Return how far it has come by now."""
        heard = self._heard
        try:
            while not heard.ended and self._pipe.poll():
                word, *what = self._pipe.recv()
                if word == "at":
                    heard.stage, heard.done, heard.total = what
                elif word == "shown":
                    heard.shown, heard.ended = Path(what[0]), True
                else:
                    heard.wrong, heard.defect, heard.ended = what[0], word == "defect", True
        except EOFError:
            heard.wrong, heard.ended = "the process that played it has died (was there too little memory?)", True
        return heard

    def stop(self) -> None:
        """End it, whatever it is at; campaigns that were finished are kept."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


# --- in the process ------------------------------------------------------------------------------------------------


def _play(pipe: Connection, task: Task) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one decides
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    try:
        shown = played(task, lambda stage, done, total: pipe.send(("at", stage, done, total)))
        pipe.send(("shown", str(shown)))
    except InputError as error:
        pipe.send(("wrong", str(error)))
    except Exception as error:  # a defect of ours is for the first process to show
        pipe.send(("defect", "".join(traceback.format_exception(error))))
    finally:
        pipe.close()


def _end_with_the_first() -> None:
    """Wait for the end of the process that wanted this one, and leave nothing behind it."""
    first = multiprocessing.parent_process()
    if first is not None:
        wait_for([first.sentinel])
        os._exit(1)


def played(task: Task, tell: Tell) -> Path:
    """Play what is missing of a task and return the file with what is to be shown.

    Args:
        task: What is to be played.
        tell: Is told what is being done, how much of it is done, and how much there is.

    Raises:
        InputError: If the scenario or what is moved in it is wrong, or no campaign was finished.
    """
    base = _compared(_base(task, tell), tell)
    if task.variant is None:
        tell(DRAWING, 0, 1)
        found = {**_drawn(base), "table": alone(base), "levers": _levers(base)}
    else:
        scenario = load_scenario(task.scenario, task.changed)
        other = _compared(_batch(task, scenario, task.variant, tell), tell)
        tell(DRAWING, 0, 1)
        found = {**_drawn(other), "table": beside(base, other)}
    write_whole(task.shown, msgspec.json.encode(found))
    tell(DRAWING, 1, 1)
    return task.shown


def _base(task: Task, tell: Tell) -> Batch:
    """Return the base batch: somebody's own as it is, any other with what was missing of it."""
    scenario = load_scenario(task.scenario)
    if not task.made:
        return _batch(task, scenario, task.base, tell)
    batch = open_batch(task.base)
    if run_hash(batch.scenario) != run_hash(scenario):
        raise InputError(
            f"{task.base} is a batch of another scenario than {task.scenario} (or of an earlier state of it); choose "
            "that one, or make another with sim batch"
        )
    return batch


def _batch(task: Task, scenario: Scenario, directory: Path, tell: Tell) -> Batch:
    return run_batch(
        scenario, directory, replications=task.replications, seed=task.seed, per_draw=task.per_draw,
        progress=lambda done, total: tell(SIMULATING, done, total),
    )  # fmt: skip


def _compared(batch: Batch, tell: Tell) -> Played:
    if batch.scenario.reported is None:
        return Played(batch, None, changes_of_hands(batch))
    comparison = compare(batch, workers=usable_cores(), progress=lambda done, total: tell(PRINTING, done, total))
    return Played(batch, comparison, comparison.truth)


def _drawn(one: Played) -> dict[str, Any]:
    outcomes = one.batch.outcomes().column("status").to_pylist()
    return {
        "drawing": drawing(one.batch, one.comparison).to_json(),
        "title": one.batch.scenario.scenario.title,
        "replications": outcomes.count("done"),
        "failed": outcomes.count("failed"),
    }


def _levers(base: Played) -> list[dict[str, Any]]:
    entries = register(base.batch.scenario)
    found = influences(base.events, base.batch.values(), entries)
    return [lever.to_json() for lever in levers(found, entries)]
