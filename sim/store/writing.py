"""A batch being written: begun or continued, one committed shard after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    """The one writer of a batch: ``done`` are the replications that are committed, ``failed`` those that failed.

    It keeps their numbers and no more, for a batch may have very many.
    """

    def __init__(self, directory: Path, ledger: Ledger, shards: Iterable[Shard]) -> None:
        self.directory = directory
        self.done: set[int] = set()
        self.failed: set[int] = set()
        self._ledger = ledger
        for shard in shards:
            self._note(shard)

    def commit(self, shard: Shard) -> None:
        """Make a finished shard part of the batch, for good."""
        publish(self.directory, shard)
        self._ledger.append(shard.as_line())
        self._note(shard)

    def _note(self, shard: Shard) -> None:
        self.done.update(shard.replications)
        self.failed.difference_update(shard.replications)
        self.failed.update(number for number, digest in shard.replications.items() if digest is None)


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
        yield _gone_on_with(directory)


def _gone_on_with(directory: Path) -> BatchWriter:
    """Return the writer of a batch that may hold shards, without what an interrupted writer left behind."""
    ledger = Ledger(directory / LEDGER)
    shards = list(map(Shard.from_line, ledger.mend()))
    sweep(directory, shards)
    return BatchWriter(directory, ledger, shards)


def _strange(directory: Path) -> str | None:
    """Return the first thing in a directory that an interrupted beginning of a batch does not explain."""
    ours = {".writer", f".{MANIFEST}.partial"}
    return next((path.name for path in sorted(directory.iterdir()) if path.name not in ours), None)
