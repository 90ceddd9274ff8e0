"""Whether a batch is what was written: its manifest, its ledger, each file, each table, and the hash of each log.

Everything that is wrong is found in one pass; nothing is mended. A finding names the file, and where the ledger has
checksums of its blocks the byte from which on it differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.domain.facts import SCHEMA_VERSION
from sim.errors import SimError, StoreError
from sim.scenario.loading import run_hash, scenario_from_resolved
from sim.store.durable import Ledger, first_damaged
from sim.store.manifest import ASSETS, MANIFEST, read_manifest
from sim.store.reading import Batch
from sim.store.shards import TABLES, Shard, read_table, shard_file, unnamed
from sim.store.tables import DONE
from sim.store.writing import LEDGER

#: Called with how many shards have been looked at and how many there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written: in which file, from which byte on (-1 if that is unknown), and what."""

    file: str
    byte: int
    what: str

    def __str__(self) -> str:
        """Return one line for people."""
        return f"{self.file}{f', byte {self.byte:,}' if self.byte >= 0 else ''}: {self.what}"


@dataclass(slots=True)
class Inspection:
    """What was looked at, and what was found; ``notes`` are oddities that are no damage.

    ``whole`` are the shards of which every file and every log is as it was written; ``replayable`` tells whether the
    histories can be played again by this program.
    """

    shards: int = 0
    files: int = 0
    bytes: int = 0
    logs: int = 0
    facts: int = 0
    failed: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    whole: list[Shard] = field(default_factory=list)
    replayable: bool = True


def inspect(directory: str | Path, progress: Progress | None = None) -> Inspection:
    """Look at every byte of a batch and fold nothing: files against the ledger, logs against their hashes.

    Raises:
        StoreError: If the directory holds no batch at all.
    """
    folder = Path(directory)
    if not (folder / MANIFEST).exists() and not (folder / LEDGER).exists():
        raise StoreError(f"{folder} holds no batch: there is no {MANIFEST}; make one with `sim batch`")
    found = Inspection()
    manifest = _manifest(folder, found)
    shards = list(_shards(folder, found))
    for number, shard in enumerate(shards):
        before = len(found.findings)
        if _files(folder, shard, found):
            _logs(folder, shard, manifest, found)
        if len(found.findings) == before:
            found.whole.append(shard)
        if progress is not None:
            progress(number + 1, len(shards))
    _strangers(folder, shards, found)
    if manifest is not None:
        _unfinished(manifest, shards, found)
    return found


def _manifest(folder: Path, found: Inspection) -> dict[str, Any] | None:
    try:
        manifest = read_manifest(folder)
        scenario = scenario_from_resolved(manifest["scenario"], folder / ASSETS)
        if manifest["schema_version"] != SCHEMA_VERSION:
            found.replayable = False
            found.notes.append(
                f"{MANIFEST}: written under schema version {manifest['schema_version']}, today's is {SCHEMA_VERSION}: "
                "its scenario's hash cannot be made anew, nor its histories be played again"
            )
        elif run_hash(scenario) != manifest["run_hash"]:
            found.findings.append(Finding(MANIFEST, -1, "the scenario in it is not the one that its hash is of"))
    except SimError as error:
        found.findings.append(Finding(MANIFEST, -1, str(error).removeprefix(f"{folder / MANIFEST} ")))
        return None
    return manifest


def _shards(folder: Path, found: Inspection) -> Iterator[Shard]:
    lines, damaged, unfinished = Ledger(folder / LEDGER).survey()
    found.findings += [
        Finding(LEDGER, line.byte, f"line {line.number} is damaged: the replications that it names are lost")
        for line in damaged
    ]
    if unfinished:
        found.notes.append(f"{LEDGER}: a last line of {unfinished} bytes was never finished; the next writer drops it")
    seen: dict[int, tuple[str, str | None]] = {}
    for line in lines:
        shard = Shard.from_line(line)
        for number in shard.replications:
            name, digest = seen.get(number, ("", None))
            if digest is not None:  # one that failed may have been tried again
                what = f"replication {number} stands in {name} and in {shard.name}"
                found.findings.append(Finding(LEDGER, -1, what))
            seen[number] = (shard.name, shard.replications[number])
        yield shard


def _files(folder: Path, shard: Shard, found: Inspection) -> bool:
    """Compare the files of a shard with the ledger; tell whether all are as they were written."""
    whole = True
    for table in TABLES:
        path, name = shard_file(folder, table, shard.name), f"{table}/{shard.name}.parquet"
        known = shard.files[table]
        try:
            data = path.read_bytes()
        except OSError as error:
            found.findings.append(Finding(name, -1, f"cannot be read: {error.strerror}"))
            whole = False
            continue
        found.files += 1
        found.bytes += len(data)
        if hashlib.sha256(data).hexdigest() != known.sha256:
            at = first_damaged(data, known.blocks)
            size = "" if len(data) == known.bytes else f"{len(data):,} bytes instead of {known.bytes:,}; "
            at = min(len(data), known.bytes) if at is None and size else at
            found.findings.append(Finding(name, -1 if at is None else at, f"{size}not what was written"))
            whole = False
    return whole


def _logs(folder: Path, shard: Shard, manifest: dict[str, Any] | None, found: Inspection) -> None:
    """Read every log of a shard back and compare its hash, and what the outcomes say of it."""
    found.shards += 1
    outcomes = {row["replication"]: row for row in read_table(folder, shard, "outcomes").to_pylist()}
    if set(outcomes) != set(shard.replications):
        found.findings.append(Finding(f"outcomes/{shard.name}.parquet", -1, "other replications than in the ledger"))
    facts_file = f"facts/{shard.name}.parquet"
    for number, data, count in _read_logs(folder, shard, manifest, found):
        found.logs += 1
        found.facts += count
        digest = hashlib.sha256(data).hexdigest()
        if digest != shard.replications[number]:
            found.findings.append(Finding(facts_file, -1, f"the log of replication {number} has another hash"))
        row = outcomes.get(number)
        if row is None or (row["status"], row["sha256"], row["facts"]) != (DONE, digest, count):
            what = f"replication {number} is told of otherwise than its log is"
            found.findings.append(Finding(f"outcomes/{shard.name}.parquet", -1, what))
    found.failed += sum(digest is None for digest in shard.replications.values())


def _read_logs(
    folder: Path, shard: Shard, manifest: dict[str, Any] | None, found: Inspection
) -> Iterator[tuple[int, bytes, int]]:
    try:
        yield from Batch(folder, manifest or {}, [shard]).encoded_logs()
    except (SimError, ValueError, KeyError, TypeError) as error:
        found.findings.append(Finding(f"facts/{shard.name}.parquet", -1, f"cannot be read back: {error}"))


def _strangers(folder: Path, shards: list[Shard], found: Inspection) -> None:
    known = {shard_file(folder, table, shard.name) for shard in shards for table in TABLES}
    if len(lost := unnamed(folder, shards)) > 1:
        what = f"lines are lost: {len(lost)} whole shards are in none of them, such as {lost[0]}"
        found.findings.append(Finding(LEDGER, -1, what))
    for table in TABLES:
        strange = [path for path in sorted((folder / table).glob("*")) if path not in known]
        if strange:
            found.notes.append(
                f"{table}/: {len(strange)} files that no line of the ledger names, such as {strange[0].name}"
            )


def _unfinished(manifest: dict[str, Any], shards: list[Shard], found: Inspection) -> None:
    done = sum(len(shard.replications) for shard in shards)
    if done < manifest["replications"]:
        found.notes.append(f"{done:,} of {manifest['replications']:,} replications: the same `sim batch` goes on")
