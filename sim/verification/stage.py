"""A stage for single mechanisms: a small war without commanders, and hands that move its columns.

The ground is ``proving-ground.yaml``: Inn, Ford, Mill, the Gate and Plain stand in a row; the north holds all but
the last and has everybody at the Gate, the south stands at Plain. A hand acts on the world of a run in its first
second, or later.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.domain import facts as f
from sim.engine import Run, run
from sim.scenario.loading import load_scenario
from sim.world import Compiled, World, compile_scenario

HERE = Path(__file__).parent
PROVING_GROUND = HERE / "proving-ground.yaml"
SIEGE = HERE / "siege.yaml"

NORTH, SOUTH = "northerners@gate", "southerners@plain"
Hand = Callable[[World], None]

#: Hands act before every process of the same second.
_HAND_RANK = 1


@lru_cache(maxsize=64)
def ground(*overrides: str, path: Path = PROVING_GROUND) -> Compiled:
    """Return a ground ready to run, with ``path=value`` overrides."""
    return compile_scenario(load_scenario(path, overrides))


def play(*hands: Hand, on: Compiled, seed: int = 1, replication: int = 0, **more: Any) -> Run:
    """Play a ground with what hands do at its start; ``more`` is given to ``sim.engine.run``."""

    def arrange(world: World) -> None:
        for hand in hands:
            hand(world)

    return run(on, seed=seed, replication=replication, arrange=arrange, **more)


def at(time_s: int, *hands: Hand) -> Hand:
    """Return a hand that lets others act later, before everybody else of that second."""

    def act(world: World) -> None:
        for hand in hands:
            hand(world)

    return lambda world: world.at(time_s, _HAND_RANK, "hand", lambda: act(world))


def order(force: str, to: str, purpose: str) -> Hand:
    """Return a hand that gives a force an order which it has at once."""

    def hand(world: World) -> None:
        found = world.state.forces[force]
        world.record(
            f.OrderDelivered,
            0,
            side=found.side,
            force=force,
            place=found.place,
            to=to,
            purpose=purpose,
            operation="",
        )

    return hand


def lose(place: str, to: str) -> Hand:
    """Return a hand that lets a place change hands."""

    def hand(world: World) -> None:
        lost_by = world.state.places[place].holder
        world.record(f.ControlChanged, 0, place=place, side=to, lost_by=lost_by, how="unopposed", engagement="")

    return hand


def split(force: str, child: str, fit: int, vehicles: int = 0) -> Hand:
    """Return a hand that makes part of a force a force of its own, with so many light vehicles."""

    def hand(world: World) -> None:
        found = world.state.forces[force]
        world.record(
            f.ForceSplit,
            0,
            force=force,
            side=found.side,
            place=found.place,
            child=child,
            posture="garrison",
            fit=fit,
            vehicles=(("light", vehicles),) if vehicles else (),
            operation="",
        )

    return hand


def send_home(force: str) -> Hand:
    """Return a hand that lets everybody of a force go home."""

    def hand(world: World) -> None:
        found = world.state.forces[force]
        world.record(
            f.ForceSurrendered,
            0,
            force=force,
            side=found.side,
            place=found.place,
            captor="",
            captured=0,
            released=found.fit,
            how="by hand",
        )

    return hand


def block(leg: str, place: str, side: str, how: str) -> Hand:
    """Return a hand that shuts a leg."""

    def hand(world: World) -> None:
        world.record(f.LegBlocked, 0, leg=leg, place=place, side=side, how=how)

    return hand
