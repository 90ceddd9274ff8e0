"""Bytes that survive: files written whole or not at all, and the ledger of what is committed.

A shard is written under a name that no reader looks at, flushed to the disk, renamed into its place and
entered in the ledger. The ledger alone decides what exists: a file that no line of it names is an
accident, and a line whose end is missing was never written.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import InputError, StoreError

#: Errors of a disk that has no room.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last: without it a rename may be undone by a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_flushed(path: Path, data: bytes) -> None:
    """Write a file and wait until its bytes are on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        _write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in place so that a reader sees all of it or what was there before."""
    unfinished = path.with_name(f".{path.name}.partial")
    write_flushed(unfinished, data)
    os.replace(unfinished, path)
    sync_folder(path.parent)


def put_where_asked(path: Path, data: bytes) -> None:
    """Put a file where somebody asked for it, whole or not at all; its folder is made if need be.

    Raises:
        InputError: If it cannot be there; the message names the file that was asked for.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a directory; name a file in it")
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: is no ordinary file, which alone can be put in place whole; name another")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except (FileExistsError, NotADirectoryError) as error:
        above = next((folder for folder in path.parents if folder.is_file()), path.parent)
        raise InputError(f"{path}: {above} is a file, and nothing can be in it; name another folder") from error
    except OSError as error:
        remedy = "make room, or name another place" if error.errno in _FULL else "name another place"
        raise InputError(f"{path}: cannot be written ({error.strerror or error}); {remedy}") from error


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # the system may take less than it was given
        rest = rest[os.write(descriptor, rest) :]


#: Bytes that have one checksum of their own, so that damage can be placed.
BLOCK_BYTES = 4096


def block_sums(data: bytes) -> str:
    """Return the CRC-32 of each block of some bytes, as eight hexadecimal digits each, one after another."""
    blocks = (data[start : start + BLOCK_BYTES] for start in range(0, len(data), BLOCK_BYTES))
    return "".join(f"{zlib.crc32(block):08x}" for block in blocks)


def first_damaged(data: bytes, sums: str) -> int | None:
    """Return where the first block begins that is not as it was written, None if all are or nobody knows."""
    now = block_sums(data)
    for start in range(0, max(len(now), len(sums)) if sums else 0, 8):
        if now[start : start + 8] != sums[start : start + 8]:
            return start // 8 * BLOCK_BYTES
    return None


class DamagedLine(NamedTuple):
    """A line of a ledger that is not as it was written: its number from 1, and at which byte it begins."""

    number: int
    byte: int


class Ledger:
    """The lines of a batch's ledger: one JSON object per committed shard, each with its own checksum."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield the committed lines, oldest first; a last line without an end does not count.

        Raises:
            StoreError: If a line before the last one is damaged.
        """
        return (line for line, _ in self._read())

    def survey(self) -> tuple[list[dict[str, Any]], list[DamagedLine], int]:
        """Return the lines that are whole, those that are not, and the bytes of a last line that was never finished."""
        data = self.path.read_bytes() if self.path.exists() else b""
        lines: list[dict[str, Any]] = []
        damaged: list[DamagedLine] = []
        offset = 0
        for number, raw in enumerate(data.splitlines(keepends=True), 1):
            line = _checked(raw)
            if line is not None:
                lines.append(line)
            elif offset + len(raw) == len(data) and not raw.endswith(b"\n") and _checked(raw[:-1] + b"\n") is None:
                return lines, damaged, len(raw)
            else:
                damaged.append(DamagedLine(number, offset))
            offset += len(raw)
        return lines, damaged, 0

    def mend(self) -> Iterator[dict[str, Any]]:
        """Yield the committed lines, and cut off a last line that was never finished.

        Raises:
            StoreError: As ``read``; nothing is cut off then.
        """
        end = 0
        for line, after in self._read():
            yield line
            end = after
        if self.path.exists() and self.path.stat().st_size > end:
            with open(self.path, "r+b") as file:
                file.truncate(end)
                os.fsync(file.fileno())

    def append(self, line: dict[str, Any]) -> None:
        """Commit a line: when this returns, it is on the disk."""
        data = _framed(json.dumps(line, separators=(",", ":"), sort_keys=True).encode())
        new = not self.path.exists()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if new:
            sync_folder(self.path.parent)

    def _read(self) -> Iterator[tuple[dict[str, Any], int]]:
        """Yield each whole line and the byte after it: one at a time, for a batch may have very many."""
        data = self.path.read_bytes() if self.path.exists() else b""
        offset = 0
        for number, raw in enumerate(data.splitlines(keepends=True), 1):
            line = _checked(raw)
            if line is None:
                last = offset + len(raw) == len(data) and not raw.endswith(b"\n")
                if last and _checked(raw[:-1] + b"\n") is None:  # else its end was damaged later
                    return
                where = f"line {number} (byte {offset})"
                raise StoreError(f"{self.path}: {where} is damaged; restore the file from a copy")
            offset += len(raw)
            yield line, offset


def _framed(body: bytes) -> bytes:
    """Return a line of the ledger around what it says: its checksum, and an end by which one knows that it is whole."""
    return b'{"crc32":"%08x","line":%b}\n' % (zlib.crc32(body), body)


def _checked(raw: bytes) -> dict[str, Any] | None:
    """Return what a line of the ledger holds, None if it is not, to the byte, as it was written."""
    body = raw[len(_framed(b"")) - len(b"}\n") : -len(b"}\n")]
    return dict(json.loads(body)) if body and raw == _framed(body) else None


@contextmanager
def sole_writer(directory: Path) -> Iterator[None]:
    """Hold a batch for writing; the hold ends with the process, however that ends.

    Raises:
        StoreError: If another process holds it.
    """
    with open(directory / ".writer", "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            remedy = "wait for it or choose another directory"
            raise StoreError(f"{directory}: {holder} is writing to this batch; {remedy}") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield
