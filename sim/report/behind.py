"""The pairs behind a number: a letter for each pair, and for one point of a figure the first few numbers.

Of what is so or not so, a pair has ``2`` (in both), ``A`` or ``B`` (in that one alone) or ``0`` (in neither); of what
is counted, ``a`` or ``b`` (that one has more) or ``=``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.compare.variants import PairedDifference
from sim.observation.theatre import Bools, Floats, Ints

#: Numbers of pairs that a point of a figure carries of each class; the query gives all.
LISTED = 12

#: What the classes of pairs are called; of several letters, the pairs that have any of them.
CLASSES = {
    "A2": "so in A", "B2": "so in B", "B": "so in B and not in A", "A": "so in A and not in B",
    "b": "more in B", "a": "more in A", "p": "no longer the same",
}  # fmt: skip

#: The classes behind a difference.
APART_SO, APART_MORE = "B,A", "b,a"

#: What a point of a figure knows of where it comes from: a source, letters, and what is chosen there.
Trail = tuple[str, str, dict[str, Any]]


def letters_of(row: PairedDifference) -> str:
    """Return the letter of every pair behind a difference."""
    first, second = row.by_pair
    return so(first > 0, second > 0) if row.unit == "share" else more(first, second)


def apart(row: PairedDifference) -> str:
    """Return the letters of the pairs that make a difference."""
    return APART_SO if row.unit == "share" else APART_MORE


def so(first: Bools, second: Bools) -> str:
    """Return the letters of what is so or not so."""
    return "".join(np.array(list("0AB2"))[first.astype(int) + 2 * second.astype(int)].tolist())


def more(first: Floats, second: Floats) -> str:
    """Return the letters of what is counted."""
    return "".join(np.array(list("a=b"))[np.sign(second - first).astype(int) + 1].tolist())


def trail(key: str, at: Mapping[str, Any], replications: Ints | Sequence[int], letters: str, classes: str) -> Trail:
    """Return the trail of one point of a figure.

    Args:
        key: The source.
        at: What is chosen in it, by the names that stand in its query.
        replications: The number of each pair.
        letters: The letter of each pair.
        classes: The letters that are shown, with commas between classes.
    """
    some = []
    for wanted in classes.split(","):
        found = [int(number) for number, letter in zip(replications, letters, strict=True) if letter in wanted]
        some.append([wanted, len(found), found[:LISTED]])
    return key, "", {"at": dict(at), "some": some}
