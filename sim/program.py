"""Which program this is: what its sources hash to."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

import sim


@cache
def program_sha256() -> str:
    """Return what the sources of this program, and what it draws random numbers with, hash to.

    A version number would not do: whoever changes a line of the program must not be shown what the old one found.
    """
    found = hashlib.sha256(f"{platform.python_version()} {np.__version__}".encode())
    for name, text in _sources(Path(sim.__file__).parent):
        found.update(f"\n{name} {len(text)}\n".encode() + text)
    return found.hexdigest()


def _sources(package: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".csv", ".yaml") and path.is_file():
            yield str(path.relative_to(package)), path.read_bytes()
