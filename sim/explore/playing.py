"""A base run and a variant played in a process of their own, so that the app answers, and can stop it, meanwhile.

It ends with the process that started it, and its own workers end with it. What it takes to play, compare and draw takes
seconds to load: the process of the app does without, so that its page is there at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from pathlib import Path

from sim.cores import process_context
from sim.errors import InputError

#: What plays: loaded once, by the process that all others are forked from.
_WORK = "sim.explore.working"

#: What a process is at, in the order of its work.
SIMULATING, PRINTING, DRAWING = "campaigns played", "told and printed", "compared and drawn"


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
        context = process_context(_WORK)
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
    from sim.explore.working import played  # what it takes to play is loaded in this process alone

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
