"""Named draws: a draw is a pure function of what it is for, never of what was drawn before it.

``uniforms(root_seed, replication, purpose, subject, n)`` gives eight uniforms in (0, 1). ``purpose`` is a
registered constant, ``subject`` a stable name, ``n`` how many decisions of that purpose the subject has
had (a count that stands in the state). The generator is BLAKE2b (with 64 bytes of digest) over exactly these
five, see docs/decisions/0001: it needs no state, is the same on every platform, and a new draw elsewhere
leaves it as it was (common random numbers).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from hashlib import blake2b

_COUNTER = struct.Struct("<QQ").pack
_WORDS = struct.Struct("<8Q").unpack
_FIRST_WORD = struct.Struct("<Q").unpack_from
_SCALE = 2.0**-53
_HALF = 2.0**-54

_PURPOSES: set[str] = set()


def purpose(name: str) -> str:
    """Register what a draw is for and return its name.

    Raises:
        ValueError: If two places of the program register the same name.
    """
    if name in _PURPOSES:
        raise ValueError(f"the purpose {name!r} is registered twice")
    _PURPOSES.add(name)
    return name


def purposes() -> frozenset[str]:
    """Return every purpose registered so far."""
    return frozenset(_PURPOSES)


class Randomness:
    """The draws of one replication; it keeps nothing but what names them."""

    __slots__ = ("replication", "root_seed")

    def __init__(self, root_seed: int, replication: int) -> None:
        self.root_seed = root_seed
        self.replication = replication

    def uniforms(self, purpose: str, subject: str, n: int = 0) -> tuple[float, ...]:
        """Return eight independent uniforms in (0, 1) for the n-th decision of this purpose and subject."""
        words = _WORDS(_digest(self.root_seed, purpose, subject, n, self.replication))
        return tuple([(word >> 11) * _SCALE + _HALF for word in words])

    def uniform(self, purpose: str, subject: str, n: int = 0) -> float:
        """Return the first of the eight uniforms."""
        word = _FIRST_WORD(_digest(self.root_seed, purpose, subject, n, self.replication))[0]
        return float((word >> 11) * _SCALE + _HALF)


def _digest(root_seed: int, purpose: str, subject: str, n: int, replication: int) -> bytes:
    """Return the 64 bytes that a draw's eight uniforms are made of."""
    return blake2b(f"{root_seed}\x00{purpose}\x00{subject}\x00".encode() + _COUNTER(n, replication)).digest()


def uniforms(root_seed: int, replication: int, purpose: str, subject: str, n: int = 0) -> tuple[float, ...]:
    """Return eight independent uniforms in (0, 1); see the module's docstring."""
    return Randomness(root_seed, replication).uniforms(purpose, subject, n)


def choose(weights: Mapping[str, float], uniform_of: Callable[[str], float]) -> str:
    """Choose a name with probability in proportion to its weight.

    Each candidate has its own uniform, and the largest ``u ** (1 / w)`` wins (Efraimidis and Spirakis 2006),
    so that a new candidate takes over some choices but never reshuffles the others.

    Raises:
        ValueError: If no weight is above 0.
    """
    best, chosen = -1.0, ""
    for name, weight in sorted(weights.items()):
        if weight > 0:
            key = uniform_of(name) ** (1 / weight)
            if key > best:
                best, chosen = key, name
    if not chosen:
        raise ValueError("nothing to choose from: every weight is 0")
    return chosen
