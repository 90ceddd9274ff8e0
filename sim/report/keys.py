"""The names by which a number on the page finds where it comes from."""

from __future__ import annotations

from sim.compare import EventRow
from sim.compare.variants import EventPair, PairedDifference

#: Sources whose numbers are told apart by what is chosen in them: day by day, who holds what and how much there is ...
FANS, CONVOYS, PASSES, CONTROL, UNHELD, PLACES = "fans", "convoys", "passes", "control", "unheld", "places"
#: ... of the comparison with reports: scores, skill over nulls, and the checks beside them.
SCORES, SKILLS, RANK_TESTS, RANKS, ORDERS, ORDER_PAIRS = "scores", "skills", "rank tests", "ranks", "orders", "pairs"
SILENCE, HOLDINGS, BELIEFS, MOVERS, OPTIONS = "silence", "holdings", "beliefs", "influence", "options"
#: ... and of what a page says of how far it can be trusted.
ADDING_UP, REPLAYED, THEORY, PRECISION = "adding up", "replayed", "theory", "precision"
HELD_OUT, GUESSED, MOVED = "held out", "guessed", "moved"

#: A letter for each class of the window table, in its order.
LETTERS = {"before": "b", "in": "i", "after": "a", "never": "n"}


def event_key(row: EventRow) -> str:
    """Return the name of the source of an event's shares, as printed or in truth."""
    return f"event {row.against} {row.event_id}"


def claim_key(claim_id: str) -> str:
    """Return the name of the source of the share of campaigns in which a claim holds."""
    return f"claim {claim_id}"


def loss_key(claim_id: str, *, printed: bool) -> str:
    """Return the name of the source of what was lost, or of what was printed of it, where a claim gives a number."""
    return f"loss {'printed' if printed else 'true'} {claim_id}"


def dated_key(claim_id: str) -> str:
    """Return the name of the source of an event's dates in one history."""
    return f"dated {claim_id}"


def pair_key(event: EventPair, row: PairedDifference) -> str:
    """Return the name of the source of how often an event is in its window, or never, in two batches."""
    return f"event {event.against} {event.event_id} {row.name}"


def held_key(side: str) -> str:
    """Return the name of the source of how often a side holds each place at the end of each day in two batches."""
    return f"held {side}"


def number_key(row: PairedDifference) -> str:
    """Return the name of the source of a number that every pair has."""
    return f"number {row.about} {row.against} {row.label} {row.name}"


def daily_key(column: str) -> str:
    """Return the name of the source of how much there is at the end of each day in two batches."""
    return f"daily {column}"


def asked_of(*names: str) -> dict[str, str | int]:
    """Return what is chosen where a query leads to a row, and a number is some of its attributes."""
    return {"asked": ", ".join(f"row.{name}" for name in names)}
