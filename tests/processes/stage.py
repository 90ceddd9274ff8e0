"""A stage for single mechanisms: the two valleys without commanders, and hands that move their columns.

Mill, the Gate and Plain stand in a row, joined by L1 and L2; the north holds the first two, the south the third.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sim.domain import facts as f
from sim.domain.fold import replay
from sim.engine import Run, run
from sim.world import Compiled, World
from tests.worlds import TWO_VALLEYS, compiled

#: Nobody commands, rises, deserts or talks; each column goes on foot, a day has no night, a leg takes its plain time.
QUIET = (
    "command.enabled=false",
    "risings.enabled=false",
    "cohesion.enabled=false",
    "talks.valley.contact_rate_per_day=0",
    "movement.time_factor=1",
    "movement.requisitions_lorries=false",
    "movement.march_hours_per_day.foot=24",
    "movement.march_hours_per_day.light=24",
    "movement.march_hours_per_day.truck=24",
    "pools.south-capital.unrest_rate_per_day=0",
    "supply.reorder_days=0",
    "supply.ammunition_reorder_kg_per_fighter=0",
)
NORTH, SOUTH = "northerners@gate", "southerners@plain"
Hand = Callable[[World], None]


@lru_cache(maxsize=64)
def stage(*overrides: str) -> Compiled:
    """Return the quiet two valleys with ``--set`` overrides."""
    return compiled(TWO_VALLEYS, (*QUIET, *overrides))


def play(*hands: Hand, on: Compiled, replication: int = 0, **more: object) -> Run:
    """Play a stage with what hands do at its start; its log folds to the state of the live run."""

    def arrange(world: World) -> None:
        for hand in hands:
            hand(world)

    done = run(on, seed=1, replication=replication, arrange=arrange, **more)  # type: ignore[arg-type]  # changes only
    assert replay(done.facts).digest() == done.state.digest()
    return done


def at(time_s: int, hand: Hand) -> Hand:
    """Return a hand that acts later, before everybody else of that second."""
    return lambda world: world.at(time_s, 1, "hand", lambda: hand(world))


def order(force: str, to: str, purpose: str) -> Hand:
    """Return a hand that gives a force an order which it has at once."""

    def hand(world: World) -> None:
        found = world.state.forces[force]
        world.record(
            f.OrderDelivered, 0, side=found.side, force=force, place=found.place, to=to, purpose=purpose, operation=""
        )  # fmt: skip

    return hand


def lose(place: str, to: str) -> Hand:
    """Return a hand that lets a place change hands."""

    def hand(world: World) -> None:
        lost_by = world.state.places[place].holder
        world.record(f.ControlChanged, 0, place=place, side=to, lost_by=lost_by, how="unopposed", engagement="")

    return hand


def split(force: str, child: str, fit: int) -> Hand:
    """Return a hand that makes part of a force a force of its own."""

    def hand(world: World) -> None:
        found = world.state.forces[force]
        world.record(
            f.ForceSplit, 0, force=force, side=found.side, place=found.place, child=child, posture="garrison", fit=fit,
            vehicles=(), operation="",
        )  # fmt: skip

    return hand


def send_home(force: str) -> Hand:
    """Return a hand that lets everybody of a force go home."""

    def hand(world: World) -> None:
        found = world.state.forces[force]
        world.record(
            f.ForceSurrendered, 0, force=force, side=found.side, place=found.place, captor="", captured=0,
            released=found.fit, how="test",
        )  # fmt: skip

    return hand


def block(leg: str, place: str, side: str, how: str) -> Hand:
    """Return a hand that shuts a leg."""
    return lambda world: void(world.record(f.LegBlocked, 0, leg=leg, place=place, side=side, how=how))


def void(_: object) -> None:
    """Forget a value."""
