"""Where a command may write its file: never over what it reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def is_no_directory(output: Path | None) -> None:
    """Refuse a directory where a file is to be written, before anything long begins.

    Args:
        output: What is to be written; None where nobody named one.

    Raises:
        InputError: If it is one.
    """
    from sim.errors import InputError

    if output is not None and output.is_dir():
        raise InputError(f"{output}: is a directory; name a file in it")


def never_over(output: Path | None, read: Iterable[Path | None]) -> None:
    """Refuse a file that would take the place of one that is read, or lie among those of a batch.

    Args:
        output: What is to be written; None where it is printed.
        read: Files that are read, and directories of batches; None for one that was not given.

    Raises:
        InputError: If it would.
    """
    from sim.errors import InputError

    if output is None:
        return
    target = output.resolve()
    for path in read:
        if path is None or not path.exists():
            continue
        if path.is_dir() and target.is_relative_to(path.resolve()):
            raise InputError(f"-o {output}: lies in the batch {path}, whose files nothing may change; name one outside")
        if target == path.resolve() or (target.exists() and target.samefile(path)):
            raise InputError(f"-o {output}: is read by this command and would be overwritten; name another file")
