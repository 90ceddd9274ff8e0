"""Histories that cost nothing, and some that end badly, in place of the engine."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from typing import Any

from sim import eventlog
from sim.batch.chunk import Player
from sim.domain.facts import Fact, HazardFired
from sim.domain.state import State
from sim.errors import Impossible
from sim.scenario.schema import Scenario
from sim.store.shards import Shard, ShardWriter
from tests.store.kept import full_log, log_of
from tests.store.strategies import plain


@dataclass(frozen=True)
class Played:
    """A history made up by a fake."""

    facts: list[Fact]
    state: State = field(default_factory=State)
    kernel_events: int = 3

    @property
    def sha256(self) -> str:
        """Return the hash of the log."""
        return eventlog.sha256(self.facts)


def quiet(scenario: Scenario) -> Player:
    """Every replication has one fact of every kind; the values are the design's uniforms."""

    def play(*, replication: int, design_uniforms: Mapping[str, float] | None, **_: Any) -> Played:
        if not design_uniforms:
            return Played(full_log(replication))
        return Played(log_of(replication, values=tuple(design_uniforms.items())))

    return play


def brief(scenario: Scenario) -> Player:
    """Every replication begins, and one thing happens in it."""

    def play(*, replication: int, **_: Any) -> Played:
        return Played(log_of(replication, plain(HazardFired, 1)))

    return play


def failing(scenario: Scenario) -> Player:
    """Every third replication dies; the sixth tells something that no column can hold."""

    def play(*, replication: int, **_: Any) -> Played:
        if replication == 5:
            return Played(log_of(replication, plain(HazardFired, 1, firing=2**70)))
        if replication % 3 == 1:
            raise Impossible(f"there is no force 'ghost-{replication}'")
        return Played(full_log(replication))

    return play


def interrupted(scenario: Scenario) -> Player:
    """Somebody presses Ctrl-C in the thirteenth replication."""

    def play(*, replication: int, **_: Any) -> Played:
        if replication == 12:
            raise KeyboardInterrupt
        return Played(full_log(replication))

    return play


def killed(scenario: Scenario) -> Player:
    """The worker that comes to the thirtieth replication is killed, every time."""

    def play(*, replication: int, **_: Any) -> Played:
        if replication == 29:
            os.kill(os.getpid(), signal.SIGKILL)
        return Played(full_log(replication))

    return play


def killed_once(scenario: Scenario, mark: Path) -> Player:
    """It is killed the first time; a file tells that it was."""

    def play(*, replication: int, **_: Any) -> Played:
        if replication == 29 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Played(full_log(replication))

    return play


def hanging(scenario: Scenario) -> Player:
    """The eighth replication never ends."""

    def play(*, replication: int, **_: Any) -> Played:
        if replication == 7:
            signal.pause()
        return Played(full_log(replication))

    return play


def slow_to_write(scenario: Scenario, seconds: float) -> Player:
    """Every replication is quick, and the disk takes its time over every shard."""
    finish = ShardWriter.finish

    def slowly(writer: ShardWriter) -> Shard:
        sleep(seconds)
        return finish(writer)

    ShardWriter.finish = slowly  # in the worker process, which is the test's own
    return quiet(scenario)


def greedy(scenario: Scenario) -> Player:
    """The fourth replication wants more memory than there is, in a process that may not have it all."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))

    def play(*, replication: int, **_: Any) -> Played:
        if replication == 3:
            bytearray(2**33)
        return Played(full_log(replication))

    return play


def never(scenario: Scenario) -> Player:
    """Nothing may be run any more."""

    def play(*, replication: int, **_: Any) -> Played:
        raise AssertionError(f"replication {replication} was run again")

    return play


def unready(scenario: Scenario) -> Player:
    """The scenario cannot even be made ready."""
    raise Impossible("two places are one")
