"""What happens on the ground, as tables: who is where, what comes along which way, who gets through which pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from sim.projections.arrays import FactsInParts, read_of
from sim.projections.convoys import flows_by_day, so_far, traffic
from sim.projections.hands import hands_of_places
from sim.projections.narrows import closures_by_day
from sim.projections.strengths import strengths_by_day
from sim.projections.timelines import Facts

#: Columns of ``convoys_by_day`` that are shown: heading, unit.
CONVOYS = (
    ("sent", "Convoys sent so far", ""),
    ("arrived", "Convoys arrived so far", ""),
    ("failed", "Convoys turned back or lost so far", ""),
    ("delivered_t", "Delivered so far", "tonnes"),
)


class Logs(Facts, FactsInParts, Protocol):
    """What a batch must offer here."""


@dataclass(frozen=True, slots=True)
class OnTheGround:
    """Tables of ``strengths_by_day``, ``flows_by_day``, ``closures_by_day``, ``hands_of_places``, ``convoys_by_day``.

    All but the changes of hands are of ``read`` campaigns, which may be fewer than there are.
    """

    strengths: pa.Table
    flows: pa.Table
    closures: pa.Table
    hands: pa.Table
    convoys: pa.Table
    read: int


def on_the_ground(batch: Logs) -> OnTheGround:
    """Return the tables of a batch."""
    read, sides = read_of(batch), sorted(batch.scenario.sides)
    moved = traffic(batch, read)
    return OnTheGround(
        strengths=strengths_by_day(batch, read),
        flows=flows_by_day(moved, sides, read),
        closures=closures_by_day(batch, read),
        hands=hands_of_places(batch),
        convoys=so_far(moved, sides, read),
        read=len(read),
    )
