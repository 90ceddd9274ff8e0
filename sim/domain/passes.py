"""Lanes of a pass: when each is free for the next column.

A pass, gorge or tunnel lets so many columns through side by side as it has lanes. Who comes takes the lane that is
free first, and keeps it until its last vehicle is through: a queue with one line and several servers.
"""

from __future__ import annotations

from sim.domain.state import Place, State


def lanes_free_s(state: State, place: Place) -> tuple[int, ...]:
    """Return the second from which each lane of a place is free, the lane that is free first leading."""
    lanes = max(1, int(state.values.get(f"places.{place.id}.lanes", 1)))
    known = place.lanes_free_s[-lanes:]
    return (0,) * (lanes - len(known)) + known


def take_lane(state: State, place: Place, free_s: int) -> None:
    """Book the lane that is free first until a second."""
    place.lanes_free_s = tuple(sorted((*lanes_free_s(state, place)[1:], free_s)))
