"""Batches: many replications of a scenario, on several cores, kept as they are finished."""

from __future__ import annotations

from sim.batch.forking import Fork, fork, fork_batch
from sim.batch.running import repeat, run_batch

__all__ = ["Fork", "fork", "fork_batch", "repeat", "run_batch"]
