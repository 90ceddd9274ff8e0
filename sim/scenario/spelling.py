"""The nearest right word to a wrong one, for every message that can offer it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

#: How many known words a message lists when none is near.
_LISTED_MAX = 14


def nearest(found: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Return up to ``count`` known words that the found one may have been meant for, best first.

    Upper and lower case, hyphens and underscores count as the same; a known word that the found one is a
    part of (or the other way round) comes after words that are spelled alike.
    """
    words = sorted(set(known))
    plain = {_plain(word): word for word in reversed(words)}
    close = [plain[match] for match in get_close_matches(_plain(found), plain, n=count, cutoff=0.65)]
    if len(close) < count and len(found) >= 3:
        partial = [word for word in words if word not in close and _plain(found) in _plain(word)]
        partial.sort(key=lambda word: -SequenceMatcher(None, found, word).ratio())
        close.extend(partial[: count - len(close)])
    return close


def did_you_mean(found: str, known: Iterable[str], count: int = 1) -> str:
    """Return a remedy: the nearest known words, or all of them where none is near and they are few."""
    words = sorted(set(known))
    near = nearest(found, words, count)
    if near:
        return f"did you mean {' or '.join(repr(word) for word in near)}?"
    if not words:
        return ""
    listed = ", ".join(words[:_LISTED_MAX])
    return f"known: {listed}{', ...' if len(words) > _LISTED_MAX else ''}"


def _plain(word: str) -> str:
    return word.lower().replace("_", "-")
