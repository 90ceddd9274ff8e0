"""The outside world: dates that were announced before they came."""

from __future__ import annotations

from functools import partial

from sim.domain import facts as f
from sim.world.world import World

RANK = 10


def on_started(world: World, started: f.RunStarted) -> None:
    """Let every announced date come on its day."""
    for name, spec in sorted(world.scenario.exogenous.items()):
        due = int((spec.at - world.scenario.scenario.start).total_seconds())
        if due >= 0:
            world.at(due, RANK, name, partial(_come, world, name, started.seq))


def _come(world: World, name: str, cause: int) -> None:
    world.record(f.DayCame, cause, event=name)


REACTIONS = {f.RunStarted: on_started}
