"""A stock second by second, in fractions of a gram: who eats so much a day eats so much every second."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

DAY_S = 86_400


class Span(NamedTuple):
    """A time in which a stock is eaten from at one rate, after something was put in."""

    seconds: int
    eaten_g_per_day: int
    added_g: int


def second_by_second(food_g: int, spans: Sequence[Span]) -> list[int]:
    """Return the whole grams that are left at the start and after every second.

    What is eaten is counted in whole grams, the part of a gram that is due is carried on; nobody eats what is not
    there, and whoever has nothing left owes nothing once something comes.
    """
    left, due, levels = food_g, Fraction(0), [food_g]
    for span in spans:
        left += span.added_g
        levels[-1] = left
        for _ in range(span.seconds):
            if left:
                due += Fraction(span.eaten_g_per_day, DAY_S)
                eaten = int(due)
                left, due = max(0, left - eaten), due - eaten
                if not left:
                    due = Fraction(0)
            levels.append(left)
    return levels
