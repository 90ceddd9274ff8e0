"""The nearest right word to a wrong one, for every message that can offer it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise

#: How many known words a message lists when none is near.
_LISTED_MAX = 14
#: Nobody misspells a word so long.
_FOUND_MAX = 200
#: Of more words than this, only those are looked at that stand near the found one in the alphabet.
_KNOWN_MAX = 400
#: So many are compared letter by letter, which takes up to a tenth of a millisecond each.
_COMPARED_MAX = 12


def nearest(found: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Return up to ``count`` known words that the found one may have been meant for, best first.

    Upper and lower case, hyphens and underscores count as the same; a known word that the found one is a
    part of (or the other way round) comes after words that are spelled alike.
    """
    if len(found) > _FOUND_MAX:
        return []
    words, sought = _around(found, known), _plain(found)
    plain = {_plain(word): word for word in reversed(words)}
    close = [plain[match] for match in get_close_matches(sought, _likeliest(sought, plain), n=count, cutoff=0.65)]
    if len(close) < count and len(found) >= 3:
        holding = [word for word in words if word not in close and sought in _plain(word)]
        partial = sorted(_likeliest(found, holding))
        partial.sort(key=lambda word: -SequenceMatcher(None, found, word).ratio())
        close.extend(partial[: count - len(close)])
    return close


def did_you_mean(found: str, known: Iterable[str], count: int = 1) -> str:
    """Return a remedy: the nearest known words, or all of them where none is near and they are few."""
    words = sorted(dict.fromkeys(known))
    near = nearest(found, words, count)
    if near:
        return f"did you mean {' or '.join(repr(word) for word in near)}?"
    if not words:
        return ""
    listed = ", ".join(words[:_LISTED_MAX])
    return f"known: {listed}{', ...' if len(words) > _LISTED_MAX else ''}"


def _plain(word: str) -> str:
    return word.lower().replace("_", "-")


def _around(found: str, known: Iterable[str]) -> list[str]:
    """Return the known words in order; of very many those around the found one."""
    words = sorted(dict.fromkeys(known))  # mostly sorted as they come, which a set would undo
    if len(words) <= _KNOWN_MAX:
        return words
    at = bisect(words, found)
    return words[max(0, at - _KNOWN_MAX // 2) : at + _KNOWN_MAX // 2]


def _likeliest(found: str, words: Collection[str]) -> list[str]:
    """Return the words that share most letters and pairs of letters with the found one."""
    if len(words) <= _COMPARED_MAX:
        return list(words)
    sought = _pieces(found)

    def shared(word: str) -> float:
        pieces = _pieces(word)
        return len(sought & pieces) / (len(sought) + len(pieces))

    return nlargest(_COMPARED_MAX, words, key=shared)


@lru_cache(maxsize=4 * _KNOWN_MAX)
def _pieces(word: str) -> frozenset[str]:
    return frozenset(word).union(map("".join, pairwise(word)))
