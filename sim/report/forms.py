"""What tells sides apart where there are no hues, as on grey paper: a letter, and which hatching their ground has."""

from __future__ import annotations

from collections.abc import Iterable

from sim.report.legend import Legend


def forms_of(sides: Iterable[str], legend: Legend) -> list[tuple[str, int]]:
    """Return for each side its letter and the number of its hatching.

    The letter is the first of the side's name, or a number where that would be no letter of one side alone. The first
    side has no hatching, and nobody has neither.
    """
    order = list(legend.sides)
    first = [legend.side_name(side)[:1].upper() for side in order]
    letters = first if len(set(first)) == len(first) else [str(number + 1) for number in range(len(order))]
    own = {side: (letter, number) for number, (side, letter) in enumerate(zip(order, letters, strict=True))}
    return [own.get(side, ("", 0)) for side in sides]
