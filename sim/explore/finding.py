"""Which scenarios there are to choose from: every file under a folder that says it is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import InputError, ProblemsFound
from sim.scenario.yaml_source import Document, read_yaml

#: Folders deeper than this below the given one are not looked into.
_DEPTH_MAX = 4
_NONE = "no scenario is there; a scenario is a YAML file with `scenario:` or `extends:`"
#: Files that cannot be read, of which as many are named.
_NAMED_MAX = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A scenario that can be chosen: its file, and its title as the file says it."""

    file: Path
    title: str


def scenarios(where: Path) -> list[Found]:
    """Return the scenarios at a path, the ones that extend nothing first.

    Args:
        where: A folder; or a file, whose neighbours are then offered too.

    Raises:
        InputError: If there is nothing at the path, no scenario under it, or a file that is none or cannot be read.
    """
    if not where.exists():
        raise InputError(f"{where}: there is nothing there; name a scenario, or a folder that holds some")
    if where.is_file() and not _head_of(read_yaml(where)):
        raise InputError(f"{where}: {_NONE}")
    folder = where if where.is_dir() else where.resolve().parent
    files = sorted(file for file in folder.rglob("*.yaml") if len(file.relative_to(folder).parts) <= _DEPTH_MAX)
    if where.is_file() and where.resolve() not in {file.resolve() for file in files}:
        files.append(where)
    found: list[tuple[bool, Found]] = []
    broken: list[str] = []
    for file in files:
        try:
            found += [(extends, Found(file, title)) for extends, title in _head_of(read_yaml(file))]
        except ProblemsFound as problems:
            broken.append(str(problems).splitlines()[0])
    if not found:
        raise InputError("\n".join([f"{where}: {_NONE}", *broken[:_NAMED_MAX]]))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], str(pair[1].file)))]


def _head_of(document: Document) -> list[tuple[bool, str]]:
    """Return whether a file extends another and its title, or nothing if it is no scenario."""
    data = document.data
    head = data.get("scenario")
    if not isinstance(head, dict) and "extends" not in data:
        return []
    title = head.get("title") if isinstance(head, dict) else None
    return [("extends" in data, str(title or Path(document.file).stem))]
