"""What was found out about the replications of a batch, kept beside it: the next comparison need not find it out again.

Nothing here is a source. Every part is derived from the log of some replications, and it is named by all that it was
derived from: those logs, the scenario and how it is observed, the claims, the grid, and this program. What does not
bear that name, or cannot be read, is found out anew; the folder may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import StoreError
from sim.program import program_sha256
from sim.store.durable import write_whole

#: The folder beside the tables of a batch.
FOLDER = "compared"
#: So many ways to observe a batch, or sets of claims, are kept; what was kept longest ago goes first.
KEPT_WAYS = 8
_NAME = 16
#: A file is the SHA-256 of a NumPy archive, and that archive.
_SUFFIX = ".part"
_DIGEST = 32

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the parts of one way to look at a batch are kept; nowhere if ``folder`` is None."""

    folder: Path | None

    @classmethod
    def of(cls, directory: Path | None, derived_from: Sequence[str]) -> Shelf:
        """Return the shelf of a batch for what is derived from its logs and from some things that hashes stand for."""
        if directory is None:
            return cls(None)
        text = "\n".join((program_sha256(), *derived_from))
        return cls(directory / FOLDER / hashlib.sha256(text.encode()).hexdigest()[:_NAME])

    def get(self, name: str) -> dict[str, Any] | None:
        """Return the columns of a part; None if they are not there as they were put."""
        if self.folder is None:
            return None
        try:
            data = (self.folder / f"{name}{_SUFFIX}").read_bytes()
        except OSError:
            return None
        checksum, archive = data[:_DIGEST], data[_DIGEST:]
        if checksum != hashlib.sha256(archive).digest():
            return None
        with np.load(io.BytesIO(archive), allow_pickle=False) as stored:
            return {key: stored[key] for key in stored.files}

    def put(self, name: str, columns: Columns) -> None:
        """Keep the columns of a part; reading a batch must work where nothing may be written, so nothing is said."""
        if self.folder is None:
            return
        data = io.BytesIO()
        np.savez_compressed(data, allow_pickle=False, **columns)
        with suppress(OSError, StoreError):
            if not self.folder.is_dir():
                self.folder.mkdir(parents=True, exist_ok=True)
                self._make_room()
            archive = data.getvalue()
            write_whole(self.folder / f"{name}{_SUFFIX}", hashlib.sha256(archive).digest() + archive)

    def _make_room(self) -> None:
        assert self.folder is not None
        others = [path for path in self.folder.parent.iterdir() if path != self.folder]
        others.sort(key=lambda path: path.stat().st_mtime)
        for path in others[: max(0, len(others) + 1 - KEPT_WAYS)]:
            shutil.rmtree(path)


def part_name(replications: Sequence[int], logs: Sequence[str]) -> str:
    """Return the name of a part: its first and last replication, and what all their logs hash to."""
    lines = (f"{number} {digest}\n" for number, digest in zip(replications, logs, strict=True))
    return f"{replications[0]:07d}-{replications[-1]:07d}-{hashlib.sha256(''.join(lines).encode()).hexdigest()[:_NAME]}"
