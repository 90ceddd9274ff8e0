"""What was checked of a batch, and of the program that made it: kept beside it, so that a page can say so.

A line says by which program, of which logs, what came of it. Another program or other logs make it worth nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, Literal

from sim.errors import StoreError
from sim.program import program_sha256

FILE: Final = "evidence.jsonl"

#: Histories played again, which must come out the same; mechanisms set beside theory.
What = Literal["replay", "theory"]


def keep_evidence(directory: Path, what: What, logs: str, found: dict[str, int]) -> None:
    """Note what came of a check.

    Args:
        directory: A batch.
        what: What was checked.
        logs: What all logs hash to; '' for what is about the program alone.
        found: How many were looked at, how many are as they should be: ``of``, ``good``.

    Raises:
        StoreError: If nothing can be written there.
    """
    line = {"what": what, "program": program_sha256(), "logs": logs, **found}
    try:
        with (directory / FILE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, sort_keys=True) + "\n")
    except OSError as error:
        raise StoreError(f"{directory / FILE}: what was checked cannot be noted: {error.strerror}") from error


def evidence(directory: Path, what: What, logs: str) -> dict[str, int] | None:
    """Return what came of the last check of these logs by this program, None if there was none."""
    try:
        lines = (directory / FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    for text in reversed(lines):
        found = _read(text)
        if (found.get("what"), found.get("program"), found.get("logs")) == (what, program_sha256(), logs):
            return {"of": int(found["of"]), "good": int(found["good"])}
    return None


def _read(text: str) -> dict[str, Any]:
    """Return a line; nothing where it was cut short by a crash, or is none of ours."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return {}
    whole = isinstance(found, dict) and all(isinstance(found.get(name), int) for name in ("of", "good"))
    return found if whole else {}
