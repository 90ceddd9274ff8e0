"""What the app is at: which scenario lies on the desk, what is being played, and what is to be shown.

There is one desk, for one person at one machine; every window of a browser looks at the same one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from sim.errors import InputError
from sim.explore.choosing import Lever
from sim.explore.finding import Found
from sim.explore.keeping import Shelf, name_of
from sim.explore.moving import Change, moved
from sim.explore.playing import Heard, Playing, Task
from sim.explore.variant import Origin
from sim.scenario import load_scenario
from sim.scenario.numbers import register


@dataclass(frozen=True, slots=True)
class How:
    """How everything is played: so many campaigns, from this seed, beginning with somebody's own batch or with none."""

    replications: int
    seed: int = 1
    own: Path | None = None


def defect_in_words(trace: str) -> str:
    """Return what is said on the page where the program itself is at fault."""
    return f"This is a defect of sim.\n{trace}"


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the app has come, as a browser sees it: ``version`` rises whenever there is something else to show."""

    version: int
    busy: bool
    what: str
    stage: str
    done: int
    total: int
    wrong: str


@dataclass(slots=True)
class _Lying:
    """The scenario that lies on the desk, with the base and the variant that were played of it."""

    origin: Origin
    task: Task
    base: dict[str, Any] | None = None
    variant: dict[str, Any] | None = None
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Desk:
    """The desk: choose a scenario, move assumptions and play, stop, look."""

    found: Sequence[Found]
    shelf: Shelf
    how: How
    _lying: _Lying | None = None
    _playing: Playing | None = None
    _moved: tuple[Change, ...] = ()
    _wrong: str = ""
    _version: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def choose(self, file: Path) -> None:
        """Put a scenario on the desk and play its base run, or show it if it was played before.

        Raises:
            InputError: If it is wrong.
        """
        with self._lock:
            lying = self._lying
            if (
                lying is not None
                and lying.origin.file == file
                and (lying.base is not None or self._playing is not None)
            ):
                return
            self.stop()
            self._lying, self._wrong = None, ""
            self._version += 1
            try:
                scenario = load_scenario(file)
                origin = Origin(file, scenario, register(scenario))
                self._lying = _Lying(origin, self._task(origin))
            except InputError as error:
                self._wrong = str(error)
                raise
            self._begin(self._lying.task, ())

    def _task(self, origin: Origin) -> Task:
        how, own = self.how, self.how.own
        if own is None:
            name = name_of(origin.scenario, how.seed, how.replications)
            base, shown = self.shelf.batch(name), self.shelf.shown(name)
            return Task(origin.file, (), base, None, shown, how.replications, how.seed)
        from sim.store import open_batch  # slow to load, and of use with somebody's own batch alone

        batch = open_batch(own)
        if batch.manifest["vary"]:
            raise InputError(
                f"{own} varies {', '.join(batch.manifest['vary'])} by design, so a variant has no pairs in it"
            )
        shown = self.shelf.shown(name_of(origin.scenario, batch.sha256))
        count, seed = min(how.replications, batch.replications), int(batch.manifest["seed"])
        return Task(origin.file, (), own, None, shown, count, seed, int(batch.manifest["per_draw"]), made=True)

    def play(self, changes: Sequence[Change]) -> None:
        """Play a variant in which assumptions are moved; or go on with a base run that was stopped.

        Raises:
            InputError: If no scenario was chosen, nothing is moved, or a value is wrong.
        """
        with self._lock:
            lying = self._lying
            if lying is None:
                raise InputError("choose a scenario first")
            if lying.base is None:
                self._wrong = ""
                self._begin(lying.task, ())
                return
            if not changes:
                raise InputError("nothing has been moved: fix or shift at least one assumption")
            changed, scenario = moved(changes, lying.origin.entries, lying.origin.scenario)
            task = lying.task
            name = name_of(scenario, task.seed, task.replications, task.per_draw, str(task.base))
            self.shelf.make_room({task.base.name, name})
            variant, shown = self.shelf.batch(name), self.shelf.shown(name)
            self.stop()
            self._wrong = ""
            self._begin(replace(task, changed=tuple(changed), variant=variant, shown=shown), tuple(changes))

    def _begin(self, task: Task, changes: tuple[Change, ...]) -> None:
        self._moved = changes
        if task.shown.is_file():
            self._take(task.shown)
        elif self._playing is None:
            self._playing = Playing(task)

    def _take(self, shown: Path) -> None:
        """Put on the desk what was played."""
        assert self._lying is not None
        found = msgspec.json.decode(shown.read_bytes())
        if self._moved:
            self._lying.variant, self._lying.changes = found, self._moved
        else:
            self._lying.base = found
        self._version += 1

    def stop(self) -> bool:
        """Stop what is being played, and tell whether anything was; what is finished of it is kept."""
        with self._lock:
            playing, self._playing = self._playing, None
            if playing is None:
                return False
            playing.stop()
            self._wrong = "Stopped. What had been played is kept: run it again to go on from there."
            self._version += 1
            return True

    def seen(self) -> Seen:
        """Return how far the app has come."""
        with self._lock:
            heard = Heard() if self._playing is None else self._playing.heard()
            if self._playing is not None and heard.ended:
                self._playing.stop()
                self._playing = None
                if heard.shown is not None:
                    self._take(heard.shown)
                else:
                    self._wrong = heard.wrong if not heard.defect else defect_in_words(heard.wrong)
                    self._version += 1
            what = "variant" if self._moved else "base run"
            busy = self._playing is not None
            return Seen(self._version, busy, what, heard.stage, heard.done, heard.total, self._wrong)

    @property
    def origin(self) -> Origin | None:
        """Return the scenario that lies on the desk."""
        with self._lock:
            return self._lying.origin if self._lying is not None else None

    @property
    def replications(self) -> int:
        """Return how many campaigns a run has: as many as were asked for, or as somebody's own batch has."""
        with self._lock:
            return self._lying.task.replications if self._lying is not None else self.how.replications

    @property
    def levers(self) -> list[Lever]:
        """Return what can be moved, none before the base run has been played."""
        with self._lock:
            base = self._lying.base if self._lying is not None else None
            return [Lever.from_json(data) for data in base["levers"]] if base is not None else []

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what was moved in the variant that is shown."""
        with self._lock:
            return self._lying.changes if self._lying is not None else ()

    def shown(self) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
        """Return what is to be shown of the base and of the variant, None for what is not there."""
        with self._lock:
            return (self._lying.base, self._lying.variant) if self._lying is not None else (None, None)

    def close(self) -> None:
        """Stop everything."""
        self.stop()
