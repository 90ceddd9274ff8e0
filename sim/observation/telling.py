"""What claimants have said, before anybody printed it, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from sim.domain.claims import Statement
from sim.observation.theatre import Bools, Ints

STATEMENTS: tuple[Statement, ...] = ("asserts", "denies", "intends")
ASSERTS, DENIES, INTENDS_TO = range(3)

#: A number that was not told.
UNTOLD = -1


@dataclass(frozen=True, slots=True)
class Said:
    """Claims as they left the mouths of claimants, as columns of one length.

    ``seq`` is the fact a claim is about, -1 for none; ``where`` a number of ``Wheres``; ``alleged_s``
    when it is said to have happened, ``said_s`` when it was said; ``many`` and ``wounded`` are UNTOLD
    where no number was given; ``subject`` (a number of ``Names``) and ``n`` name the claim.
    """

    rep: Ints
    seq: Ints
    type: Ints
    statement: Ints
    where: Ints
    actor: Ints
    target: Ints
    alleged_s: Ints
    said_s: Ints
    many: Ints
    wounded: Ints
    claimant: Ints
    n: Ints
    subject: Ints

    def __len__(self) -> int:
        return len(self.rep)

    def take(self, which: Bools | Ints) -> Said:
        """Return some of the claims, by mask or by index."""
        return Said(*(getattr(self, column.name)[which] for column in fields(self)))


def joined(parts: Sequence[Said]) -> Said:
    """Return claims of several makers as one table."""
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return Said(none, none, none, none, none, none, none, none, none, none, none, none, none, none)
    return Said(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Said)))
