"""The same world under other names: scenarios, logs and draws with every name replaced by another."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import simpy

import sim.randomness
from sim.domain.facts import Fact
from sim.eventlog import encode
from sim.scenario.loading import resolved, scenario_from_resolved, with_overrides
from sim.scenario.schema import Scenario
from sim.world.clock import Clock

Names = Mapping[str, str]

_NAME = re.compile(r"[A-Za-z0-9_-]+")  # ids have no underscore, keys have
_ENTITIES = (
    "sides", "areas", "exogenous", "places", "forces", "depots", "pools", "operations", "talks", "communications",
    "lifelines",
)  # fmt: skip
_NOT_RUN = ("geography", "observation", "references", "reported", "sources", "given_argued")


def renamed(data: Any, names: Names) -> Any:
    """Return plain data with every name replaced, also inside dotted paths and names made of names."""
    if isinstance(data, Mapping):
        return {renamed(key, names): renamed(value, names) for key, value in data.items()}
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [renamed(value, names) for value in data]
    return _NAME.sub(lambda found: names.get(found[0], found[0]), data) if isinstance(data, str) else data


def back(names: Names) -> dict[str, str]:
    """Return the names that lead back."""
    return {new: old for old, new in names.items()}


def plain(scenario: Scenario) -> dict[str, Any]:
    """Return what a run reads of a scenario, as plain data."""
    return {key: value for key, value in resolved(scenario).items() if key not in _NOT_RUN}


def under_names(data: Mapping[str, Any], names: Names) -> Scenario:
    """Return the scenario of plain data under other names, checked."""
    return with_overrides(scenario_from_resolved(renamed(data, names)), ())


def entities(data: Mapping[str, Any]) -> set[str]:
    """Return the name of everything in a scenario that has one."""
    return {name for section in _ENTITIES for name in data.get(section, {})}


@contextmanager
def draws_follow(names: Names) -> Iterator[None]:
    """Let whoever has another name draw what he drew under his old one, and have the same turn in a second."""
    old, digest, after, succeed = back(names), sim.randomness._digest, Clock.after, Clock.succeed

    def under_old_names(root_seed: int, purpose: str, subject: str, n: int, replication: int) -> bytes:
        return digest(root_seed, renamed(purpose, old), renamed(subject, old), n, replication)

    def after_in_turn(clock: Clock, delay_s: int, rank: int, subject: str) -> simpy.Timeout:
        return after(clock, delay_s, rank, renamed(subject, old))

    def succeed_in_turn(clock: Clock, event: simpy.Event, rank: int, subject: str) -> None:
        succeed(clock, event, rank, renamed(subject, old))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sim.randomness, "_digest", under_old_names)
        patch.setattr(Clock, "after", after_in_turn)
        patch.setattr(Clock, "succeed", succeed_in_turn)
        yield


def log_under(facts: Sequence[Fact], names: Names) -> bytes:
    """Return the bytes of a log with every name replaced."""
    return str(renamed(encode(facts).decode(), names)).encode()


def happenings(facts: Sequence[Fact], names: Names) -> dict[int, list[str]]:
    """Return what happened in each second under other names, whatever the order within the second.

    Numbers of facts, which follow that order, are left out.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for line in log_under(facts, names).splitlines():
        fact = json.loads(line)
        for number in ("seq", "cause", "because"):
            del fact[number]
        for unordered in ("values", "losses"):
            if unordered in fact:
                fact[unordered].sort()
        found[fact["time_s"]].append(json.dumps(fact, sort_keys=True))
    return {time_s: sorted(lines) for time_s, lines in found.items()}
