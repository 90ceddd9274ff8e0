"""The names by which a number on the page finds where it comes from."""

from __future__ import annotations

from sim.compare import EventRow

#: A letter for each class of the window table, in its order.
LETTERS = {"before": "b", "in": "i", "after": "a", "never": "n"}


def event_key(row: EventRow) -> str:
    """Return the name of the source of an event's shares, as printed or in truth."""
    return f"event {row.against} {row.event_id}"


def claim_key(claim_id: str) -> str:
    """Return the name of the source of the share of campaigns in which a claim holds."""
    return f"claim {claim_id}"
