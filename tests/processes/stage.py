"""The two valleys without commanders, for tests of single mechanisms; the hands are those of sim.verification.

Mill, the Gate and Plain stand in a row, joined by L1 and L2; the north holds the first two, the south the third.
"""

from __future__ import annotations

from functools import lru_cache

from sim.domain.fold import replay
from sim.engine import Run
from sim.verification import stage as trial
from sim.verification.stage import NORTH, SOUTH, Hand, at, block, lose, order, send_home, split
from sim.world import Compiled
from tests.worlds import TWO_VALLEYS, compiled

__all__ = ["NORTH", "QUIET", "SOUTH", "Hand", "at", "block", "lose", "order", "play", "send_home", "split", "stage"]

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


@lru_cache(maxsize=64)
def stage(*overrides: str) -> Compiled:
    """Return the quiet two valleys with ``--set`` overrides."""
    return compiled(TWO_VALLEYS, (*QUIET, *overrides))


def play(*hands: Hand, on: Compiled, replication: int = 0, **more: object) -> Run:
    """Play a stage with what hands do at its start; its log folds to the state of the live run."""
    done = trial.play(*hands, on=on, replication=replication, **more)
    assert replay(done.facts).digest() == done.state.digest()
    return done
