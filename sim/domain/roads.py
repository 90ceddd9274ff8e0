"""Columns on a leg: how far they have come, and when two of them come upon each other.

A column moves evenly from ``from_s`` to ``arrives_s``; nights and halts are spread over its way. Whoever is
still in the queue for the pass ahead stands at the end it came from.
"""

from __future__ import annotations

from sim.domain.state import Force


def span_s(force: Force) -> int:
    """Return the seconds that the whole leg takes a column, nights counted."""
    return force.arrives_s - force.from_s


def covered_s(force: Force, time_s: int) -> int:
    """Return how many of these seconds lie behind a column at a moment, if nothing holds it up."""
    return min(max(time_s - force.from_s, 0), span_s(force))


def resumed_s(force: Force, halted_s: int, time_s: int) -> int:
    """Return the ``from_s`` of a column that stood still from one moment to another.

    A column that was waiting in the queue all that time starts when it would have started, but not before the
    second moment.
    """
    return max(force.from_s, time_s - covered_s(force, halted_s))


def meet_s(one: Force, other: Force) -> int:
    """Return the first second at which columns that march towards each other on one leg are at the same point.

    With x the share of the leg behind a column, x = (t - from) / span, they meet where the shares add up to 1:
    t = (span span' + from span' + from' span) / (span + span'). A column that has not started by then stands at its
    end of the leg, and is met there when the other arrives. The moment lies in the past if they passed each other.
    """
    a, b = span_s(one), span_s(other)
    due = -(-(a * b + one.from_s * b + other.from_s * a) // (a + b))
    if due < one.from_s:
        return other.arrives_s
    if due < other.from_s:
        return one.arrives_s
    return due
