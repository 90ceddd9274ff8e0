"""A batch being written: begun or continued, one committed shard after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import StoreError
from sim.scenario.schema import Scenario
from sim.store.durable import Ledger, sole_writer, sync_folder
from sim.store.manifest import MANIFEST, check_same, copy_assets, read_manifest, write_manifest
from sim.store.shards import TABLES, Shard, publish, sweep

LEDGER = "ledger.jsonl"


class BatchWriter:
    """The one writer of a batch; ``done`` are the replications that are committed, ``failed`` those that failed."""

    def __init__(self, directory: Path, ledger: Ledger, shards: list[Shard]) -> None:
        self.directory = directory
        self._hashes: dict[int, str | None] = {}
        for shard in shards:
            self._hashes.update(shard.replications)
        self._ledger = ledger

    @property
    def done(self) -> Set[int]:
        """The replications that are committed, failed ones included."""
        return self._hashes.keys()

    @property
    def failed(self) -> Set[int]:
        """Those of them that failed, the last time they were tried."""
        return {replication for replication, digest in self._hashes.items() if digest is None}

    def commit(self, shard: Shard) -> None:
        """Make a finished shard part of the batch, for good."""
        publish(self.directory, shard)
        self._ledger.append(shard.as_line())
        self._hashes.update(shard.replications)


@contextmanager
def writing(directory: Path, manifest: Mapping[str, Any], scenario: Scenario) -> Iterator[BatchWriter]:
    """Begin a batch, or go on with the one that is there.

    A batch is gone on with where it stopped if it is the same: scenario as far as a run reads it, seed,
    design, version. What no run reads (the observation model, files that reports use) is brought up to date.

    Args:
        directory: Where the batch is or shall be; made if need be.
        manifest: What ``manifest.describe`` says of it.
        scenario: The scenario, for the files that it names.

    Raises:
        StoreError: If the directory holds something else, another process writes to it, or the disk fails.
    """
    try:
        with _writing(directory, manifest, scenario) as writer:
            yield writer
    except OSError as error:
        raise StoreError(
            f"{directory} cannot be written to: {error.strerror or error}; what is committed is kept, "
            "and the same command goes on from there"
        ) from error


@contextmanager
def _writing(directory: Path, manifest: Mapping[str, Any], scenario: Scenario) -> Iterator[BatchWriter]:
    if directory.exists() and not directory.is_dir():
        raise StoreError(f"{directory} is a file; choose a directory")
    begun = (directory / MANIFEST).exists()
    if not begun and directory.exists() and (strange := _strange(directory)):
        raise StoreError(f"{directory} holds {strange} and no batch; choose an empty or a new directory")
    directory.mkdir(parents=True, exist_ok=True)
    with sole_writer(directory):
        if begun:
            stored = read_manifest(directory)
            check_same(directory, stored, manifest)
            asked = max(stored["replications"], manifest["replications"])
            manifest = {**manifest, "versions": stored["versions"], "replications": asked}
            if manifest != stored:
                write_manifest(directory, manifest)
        else:
            write_manifest(directory, manifest)
        for table in TABLES:
            (directory / table).mkdir(exist_ok=True)
        sync_folder(directory)
        copy_assets(scenario, directory)
        ledger = Ledger(directory / LEDGER)
        shards = [Shard.from_line(line) for line in ledger.mend()]
        sweep(directory, shards)
        yield BatchWriter(directory, ledger, shards)


def _strange(directory: Path) -> str | None:
    """Return the first thing in a directory that an interrupted beginning of a batch does not explain."""
    ours = {".writer", f".{MANIFEST}.partial"}
    return next((path.name for path in sorted(directory.iterdir()) if path.name not in ours), None)
