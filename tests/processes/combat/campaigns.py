"""Campaigns in which somebody attacks at once, for the tests of combat; each is played once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.engine import Run
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, of_kind, play

SEED = 3
ATTACK_AT_ONCE = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.stops_for_truce=[]",
    "operations.through-the-gate.delay=PT6H",
    "talks.valley.contact_rate_per_day=0",
    "operations.through-the-gate.patience=PT6H",
)
PLENTY = (
    "forces.northerners.stocks.ammunition_kg_per_fighter=900",
    "forces.southerners.stocks.ammunition_kg_per_fighter=900",
)
SHIPPED = pytest.mark.parametrize("path", [TWO_VALLEYS, INVENTED, REFERENCE], ids=["valleys", "rivers", "reference"])


@lru_cache(maxsize=128)
def one(path: Path, *overrides: str, replication: int = 0) -> Run:
    """Run one replication, once for all tests."""
    return play(path, *overrides, seed=SEED, replication=replication)


def many(*overrides: str, n: int = 10, path: Path = TWO_VALLEYS) -> list[Run]:
    """Run several replications, of the two valleys with an attack at once if nothing else is said."""
    at_once = ATTACK_AT_ONCE if path is TWO_VALLEYS else ()
    return [one(path, *at_once, *overrides, replication=k) for k in range(n)]


def ends(runs: list[Run]) -> list[f.EngagementEnded]:
    """Return how all engagements ended."""
    return [fact for run in runs for fact in of_kind(run.facts, f.EngagementEnded)]


def with_state(run: Run) -> Iterator[tuple[State, f.Fact]]:
    """Give each fact of a log with the state right before it."""
    state = State()
    for fact in run.facts:
        yield state, fact
        apply(state, fact)
