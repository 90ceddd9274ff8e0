"""Named draws by arrays: what ``sim.randomness`` is to one replication, for all claims of a batch at once.

A uniform is a pure function of (root seed, purpose, subject, n, replication, i), as everywhere; here the
function is Philox4x32-10 (Salmon and others 2011, "Parallel random numbers: as easy as 1, 2, 3"), because
a counter-based generator is a few array operations. Its key is the hash of the subject, mixed with that
of the seed and the purpose; its counter is (n, replication, block of four uniforms).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from sim.observation.theatre import Bools, Floats, Ints
from sim.randomness import purpose

ASSUMPTION = purpose("observation.assumption")
SAYS = purpose("observation.says")
TELLS = purpose("observation.tells")
MISPLACES = purpose("observation.misplaces")
BULLETIN = purpose("observation.bulletin")
BULLETIN_SAYS = purpose("observation.bulletin-says")
INTENDS = purpose("observation.intends")
INVENTS = purpose("observation.invents")
INVENTS_WHAT = purpose("observation.invents-what")
RELAYS = purpose("observation.relays")
PRINTS = purpose("observation.prints")

Words = NDArray[np.uint64]

#: Uniforms in one block of the generator.
BLOCK = 4

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (np.uint64(0x9E3779B9), np.uint64(0xBB67AE85))
_ROUNDS = 10


@lru_cache(maxsize=65_536)
def key(*words: str | int) -> int:
    """Return the 64-bit hash of some words."""
    text = "\x00".join(str(word) for word in words)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


@dataclass(slots=True)
class Names:
    """Subjects of draws by number, with their keys, so that columns of claims need no words."""

    words: list[str] = field(default_factory=list)
    _number: dict[str, int] = field(default_factory=dict)

    def number(self, word: str) -> int:
        """Return the number of a name."""
        if word not in self._number:
            self._number[word] = len(self.words)
            self.words.append(word)
        return self._number[word]

    def keys(self, numbers: Ints) -> Words:
        """Return the keys of some names."""
        return np.array([key(word) for word in self.words], dtype=np.uint64)[numbers]


def uniforms(root_seed: int, aim: str, subject: Words, n: Ints, replications: Ints, block: int = 0) -> Floats:
    """Return four uniforms in (0, 1) for each of many draws, shape (draws, 4).

    Args:
        root_seed: Seed of the batch.
        aim: Purpose of the draws.
        subject: Keys of those who draw.
        n: How many decisions of that purpose each has had before.
        replications: Number of the replication of each.
        block: Which four of a decision's uniforms.
    """
    keys = subject ^ np.uint64(key(root_seed, aim))
    zero = np.zeros(len(keys), dtype=np.uint64)
    counter = (n.astype(np.uint64), replications.astype(np.uint64), zero + np.uint64(block), zero)
    words = philox(counter, (keys & _LOW, keys >> _SHIFT))
    return np.stack([(word.astype(np.float64) + 0.5) * 2.0**-32 for word in words], axis=1)


def philox(counter: Sequence[Words], keys: Sequence[Words]) -> tuple[Words, ...]:
    """Return the four 32-bit words of Philox4x32-10 for counters of four words and keys of two."""
    c0, c1, c2, c3 = (word & _LOW for word in counter)
    k0, k1 = keys
    for _ in range(_ROUNDS):
        first, second = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (second >> _SHIFT) ^ c1 ^ k0, second & _LOW, (first >> _SHIFT) ^ c3 ^ k1, first & _LOW
        k0, k1 = (k0 + _WEYL[0]) & _LOW, (k1 + _WEYL[1]) & _LOW
    return c0, c1, c2, c3


def one_of(
    options: Bools, names: Sequence[str], root_seed: int, aim: str, subject: Words, n: Ints, replications: Ints
) -> Ints:
    """Choose one option in each row with equal probability, -1 where a row has none.

    Every option has a uniform of its own and the largest wins, so that a new one takes over some
    choices but never reshuffles the others.

    Args:
        options: Which options there are, shape (rows, options).
        names: The options' names.
        root_seed: Seed of the batch.
        aim: Purpose of the draw.
        subject: Keys of those who choose, by row.
        n: The how-manieth choice it is, by row.
        replications: Number of the replication, by row.
    """
    chosen = np.full(len(options), -1, dtype=np.int64)
    row, option = np.nonzero(options)
    own = np.array([key("option", name) for name in names], dtype=np.uint64)
    lot = uniforms(root_seed, aim, subject[row] ^ own[option], n[row], replications[row])[:, 0]
    order = np.lexsort((lot, row))
    best = order[np.append(np.diff(row[order]) != 0, len(row) > 0)[: len(row)]]
    chosen[row[best]] = option[best]
    return chosen
