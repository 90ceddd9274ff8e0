"""Ids for the names of other people's files, and names for ids."""

from __future__ import annotations

import re
import unicodedata
import zlib

_LONGEST = 60


def slug(name: str) -> str:
    """Return a name as an id: small Latin letters, digits and hyphens.

    A name without any (written in another script) gets its checksum, and a long one is cut before its own, so
    that ids of different names differ.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if words and len(words) <= _LONGEST:
        return words
    mark = f"{zlib.crc32(name.encode()):08x}"
    return f"{words[: _LONGEST - 9]}-{mark}" if words else f"n-{mark}"


class Slugs:
    """Ids given so far: the same thing keeps its id, another whose name gives the same id gets a number behind it."""

    def __init__(self) -> None:
        self._ids: dict[tuple[object, ...], str] = {}
        self._taken: set[str] = set()

    def of(self, name: str, *more: object) -> str:
        """Return the id of a thing that is told from others by its name and whatever else is given."""
        if (name, *more) not in self._ids:
            first = slug(name)
            found, number = first, 1
            while found in self._taken:
                number += 1
                found = f"{first[: _LONGEST - 5]}-{number}"
            self._taken.add(found)
            self._ids[name, *more] = found
        return self._ids[name, *more]


def brief(text: str, longest: int = 200) -> str:
    """Return a text that is no longer than a name may be."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
