"""Where base runs and variants are kept, so that what was played once need not be played again."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from sim.errors import InputError
from sim.program import program_sha256
from sim.scenario import resolved
from sim.scenario.loading import canonical_json
from sim.scenario.schema import Scenario

#: So many batches are kept; what was used longest ago goes first.
KEPT = 24
_NAME = 20
_SHOWN = ".json"


class Shelf:
    """A folder with a batch for each thing that was played, and beside it what is to be shown of it."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = "a file is there" if folder.is_file() else error.strerror or str(error)
            raise InputError(
                f"{folder}: no runs can be kept there ({reason}); give with --base a batch, or a folder that can be "
                "written to, or leave it out"
            ) from error
        self.folder = folder

    @classmethod
    def of_this_user(cls) -> Shelf:
        """Return the shelf among the temporary files that nobody else can write to."""
        user = os.getuid()
        folder = Path(tempfile.gettempdir()) / f"sim-explore-{user}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != user or found.st_mode & 0o077:
            raise InputError(f"{folder} is there and is not yours alone; remove it, or give a folder with --base")
        return cls(folder)

    def batch(self, name: str) -> Path:
        """Return the directory of a batch, and note that it is used."""
        directory = self.folder / name
        if directory.is_dir():
            os.utime(directory)
        return directory

    def shown(self, name: str) -> Path:
        """Return the file with what is to be shown of a batch."""
        return self.folder / f"{name}{_SHOWN}"

    def make_room(self, used: set[str]) -> None:
        """Throw away what was used longest ago, if too much is kept, but nothing that is in use."""
        batches = [path for path in self.folder.iterdir() if path.is_dir() and _is_ours(path.name)]
        batches.sort(key=lambda path: path.stat().st_mtime)
        for path in batches[: max(0, len(batches) - KEPT)]:
            if path.name not in used:
                shutil.rmtree(path, ignore_errors=True)
                self.shown(path.name).unlink(missing_ok=True)


def _is_ours(name: str) -> bool:
    return len(name) == _NAME and set(name) <= set("0123456789abcdef")


def name_of(scenario: Scenario, *more: object) -> str:
    """Return a name for what a scenario gives: another scenario, program or anything more, another name.

    Args:
        scenario: What is played, with the files that it names.
        *more: How it is played: seed, replications, ...
    """
    digest = hashlib.sha256(canonical_json(resolved(scenario)))
    digest.update(f"{program_sha256()} {more}".encode())
    geography = scenario.geography
    named = (scenario.reported, scenario.sources, scenario.references, geography.zones, geography.routes,
             geography.relief)  # fmt: skip
    for name in named:
        if name is not None and scenario.folder is not None and (scenario.folder / name).is_file():
            digest.update(hashlib.sha256((scenario.folder / name).read_bytes()).digest())
    return digest.hexdigest()[:_NAME]
