"""Salvage: what is whole of a damaged batch, as a batch of its own that the same command completes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import StoreError
from sim.scenario.loading import scenario_from_resolved
from sim.store.durable import write_flushed
from sim.store.integrity import Inspection, Progress, inspect
from sim.store.manifest import ASSETS, read_manifest
from sim.store.shards import TABLES, shard_file, unpublished
from sim.store.writing import writing


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was kept of a batch: how many replications, and which of those that were asked for are missing now."""

    kept: int
    missing: tuple[int, ...]
    inspection: Inspection


def salvage(directory: str | Path, target: str | Path, progress: Progress | None = None) -> Salvaged:
    """Copy the whole shards of a batch into a new one.

    Args:
        directory: The damaged batch; nothing in it is touched.
        target: Where the new one is made; it must not exist, or be empty.
        progress: Called with how many shards have been looked at and how many there are.

    Raises:
        StoreError: If there is no batch, its manifest cannot be read (without it nobody knows what it is of), or the
            target holds something.
    """
    source, new = Path(directory), Path(target)
    if new.exists() and (not new.is_dir() or any(new.iterdir())):
        raise StoreError(f"{new} is not empty; give the salvage a directory of its own")
    found = inspect(source, progress)
    manifest = read_manifest(source)
    scenario = scenario_from_resolved(manifest["scenario"], source / ASSETS)
    with writing(new, manifest, scenario) as writer:
        for shard in found.whole:
            for table in TABLES:
                write_flushed(unpublished(new, table, shard.name), shard_file(source, table, shard.name).read_bytes())
            writer.commit(shard)
        kept = len(writer.done)
        missing = tuple(number for number in range(manifest["replications"]) if number not in writer.done)
    return Salvaged(kept, missing, found)
