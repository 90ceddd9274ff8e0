"""Small worlds for tests: two or three places, two sides, and only what a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from sim.domain.state import State
from sim.engine import Run, run
from sim.scenario.loading import load_scenario
from sim.world import Compiled, compile_scenario

F = TypeVar("F")

DATA = Path(__file__).parent / "data"
REPOSITORY = Path(__file__).parent.parent
REFERENCE = REPOSITORY / "scenarios" / "panjshir-2021" / "scenario.yaml"
TWO_VALLEYS = DATA / "two-valleys.yaml"
INVENTED = REPOSITORY / "scenarios" / "three-rivers" / "scenario.yaml"


@lru_cache(maxsize=64)
def compiled(path: Path, overrides: tuple[str, ...] = ()) -> Compiled:
    """Return a scenario ready to run, with ``--set`` overrides."""
    return compile_scenario(load_scenario(path, overrides))


def play(path: Path = TWO_VALLEYS, *overrides: str, seed: int = 1, replication: int = 0) -> Run:
    """Run one replication of a scenario with ``--set`` overrides."""
    return run(compiled(path, tuple(overrides)), seed=seed, replication=replication)


@lru_cache(maxsize=32)
def played(path: Path = REFERENCE, *, seed: int = 1, replication: int = 0) -> Run:
    """Return a replication of a scenario as it is written, run once: nobody may change it."""
    return play(path, seed=seed, replication=replication)


def of_kind(facts: Sequence[object], kind: type[F]) -> list[F]:
    """Return the facts of one kind."""
    return [fact for fact in facts if isinstance(fact, kind)]


def supplied(world: Compiled, state: State, side: str) -> set[str]:
    """Return the places joined to a depot of a side over what it, its allies or nobody holds, whoever fights there."""
    friends = world.friends[side]
    held = {name for name, here in state.places.items() if not here.holder or here.holder in friends}
    found = {depot.place for depot in world.scenario.depots.values() if depot.side in friends} & held
    edge = list(found)
    while edge:
        for near in world.network.neighbours[edge.pop()]:
            if near not in found:
                found.add(near)
                edge += [near] if near in held else []
    return found
