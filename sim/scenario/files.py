"""Files that people name: read whole and checked before anything looks inside, and kept inside one folder.

Every way in which reading can go wrong is one problem with a remedy: nothing here lets an ``OSError`` out.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sim.errors import Problem, ProblemsFound
from sim.scenario.spelling import nearest

#: A file that people write is smaller than this; five times what a long scenario takes.
SIZE_MAX_BYTES = 1 << 19

#: The name that makes a folder the home of a scenario and its variants.
HOME_FILE = "scenario.yaml"

#: The longest name of a file that is followed: no file system takes more for one step, and people write less.
NAME_MAX = 255

_UNPRINTABLE = re.compile("[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHOWN_MAX = 10
_MAY_READ = "name a file that you may read"


def read_text(path: str | Path, shown: str | None = None) -> str:
    """Return the text of a regular UTF-8 file of at most 512 KiB; a byte-order mark is dropped.

    Args:
        path: The file.
        shown: How messages name it; as given if left out.

    Raises:
        ProblemsFound: If there is no such file, or it is anything but readable text.
    """
    shown = str(path) if shown is None else shown
    raw = read_bytes(path, shown)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemsFound([_not_utf8(raw, error, shown)]) from None
    problems = list(islice(unprintable(text, shown), _SHOWN_MAX))
    if problems:
        raise ProblemsFound(problems)
    return text


def unprintable(text: str, shown: str) -> Iterator[Problem]:
    """Yield a problem for every control character, surrogate or NUL of a text."""
    for match in _UNPRINTABLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        yield Problem(shown, line, column, "", f"the character U+{ord(match[0]):04X} is not text", "remove it")


def tree_of(file: Path) -> Path:
    """Return the folder out of which a file may name others.

    It is the nearest folder at or above the file that holds a ``scenario.yaml``, else the file's own.
    """
    folder = file.resolve().parent
    for candidate in (folder, *folder.parents):
        if (candidate / HOME_FILE).is_file():
            return candidate
    return folder


class NotUsable(ValueError):
    """A file that a file names cannot be used: its text says why, ``remedy`` what to do."""

    def __init__(self, message: str, remedy: str = "name a file of the same folder tree, relative to this one") -> None:
        super().__init__(message)
        self.remedy = remedy


def locate(written: str, beside: Path, tree: Path) -> Path:
    """Return where a name leads that is relative to a folder, symbolic links resolved.

    Raises:
        NotUsable: If the name is empty, absolute, no name at all, or leads out of the tree.
    """
    if not written.strip():
        raise NotUsable(f"{written!r} names no file")
    if len(written) > NAME_MAX:
        raise NotUsable(f"the name of a file must have at most {NAME_MAX} characters (found {len(written)})")
    if not written.isprintable():
        raise NotUsable(f"{written!r} holds characters that cannot be seen", "write the name without them")
    if Path(written).is_absolute() or written.startswith("~"):
        raise NotUsable(f"{written!r} is not relative to this file")
    try:
        resolved = (beside / written).resolve()
    except (OSError, RuntimeError):  # a loop of symbolic links is a RuntimeError before Python 3.13
        raise NotUsable(f"{written!r} cannot be followed to a file") from None
    if not resolved.is_relative_to(tree.resolve()):  # a batch may be opened by a relative path
        raise NotUsable(f"{written!r} leads out of the scenario's folder {tree.name!r}")
    return resolved


def regular(path: Path, written: str) -> Path:
    """Return a path that was located, if a regular file is there.

    Raises:
        NotUsable: If there is none, or a folder, a device or a pipe instead; the message calls it as written.
    """
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise NotUsable(f"there is no file {written!r}", missing(path)) from None
    except OSError as error:
        raise NotUsable(f"{written!r} cannot be opened ({error.strerror})", _MAY_READ) from None
    if not stat.S_ISREG(mode):
        raise NotUsable(f"{written!r} {_kind(mode)[0]}", _kind(mode)[1])
    return path


def located(written: str, beside: Path, tree: Path) -> Path:
    """Return the regular file that is named relative to a folder, symbolic links resolved.

    Raises:
        NotUsable: As ``locate`` and ``regular``.
    """
    return regular(locate(written, beside, tree), written)


def missing(path: Path) -> str:
    """Return a remedy for a file that is not there: the name nearest to it in its folder."""
    folder = path.parent
    try:
        names = [entry.name for entry in islice(folder.iterdir(), 1000)]
    except OSError:
        return f"there is no folder {str(folder)!r} that can be read"
    near = nearest(path.name, names)
    return f"did you mean {str(folder / near[0])!r}?" if near else "check the name and the folder"


def _kind(mode: int) -> tuple[str, str]:
    """Return what something is that is no regular file, and what to do."""
    if stat.S_ISDIR(mode):
        return "is a folder, not a file", "name the file in it"
    return "is a device or a pipe, not a file", "name a regular file"


def read_bytes(path: str | Path, shown: str, size_max: int = SIZE_MAX_BYTES) -> bytes:
    """Return what a regular file holds, if that is not more than so many bytes.

    Raises:
        ProblemsFound: If there is no such file, or it is larger, a folder, a device or a pipe.
    """

    def refuse(message: str, remedy: str) -> ProblemsFound:
        return ProblemsFound([Problem(shown, 0, 0, "", message, remedy)])

    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise refuse("there is no such file", missing(Path(path))) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise refuse(f"cannot be opened ({reason})", _MAY_READ) from None
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise refuse(*_kind(mode))
        with os.fdopen(handle, "rb", closefd=False) as stream:
            raw = stream.read(size_max + 1)
    except OSError as error:
        raise refuse(f"cannot be read ({error.strerror})", _MAY_READ) from None
    finally:
        os.close(handle)
    if len(raw) > size_max:
        raise refuse(f"is larger than {size_max // 1024} KiB", "split it, or check that it is the file you meant")
    return raw


def _not_utf8(raw: bytes, error: UnicodeDecodeError, shown: str) -> Problem:
    before = raw[: error.start]
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    kind = " (it begins like UTF-16)" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
    message = f"is not UTF-8: the byte 0x{raw[error.start]:02x} cannot stand here{kind}"
    return Problem(shown, before.count(b"\n") + 1, column, "", message, "save the file as UTF-8")
