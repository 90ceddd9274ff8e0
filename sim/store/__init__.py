"""Where batches live: a directory of Parquet shards with a manifest and a ledger, see docs/store.md."""

from __future__ import annotations

from sim.store.reading import Batch, open_batch

__all__ = ["Batch", "open_batch"]
