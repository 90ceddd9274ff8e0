"""The page people look at: figures, map and tables of one batch against what was reported."""

from __future__ import annotations

from pathlib import Path

from sim.compare import Comparison, compare
from sim.report.gather import gather
from sim.report.page import page
from sim.store import Batch

__all__ = ["render_report"]


def render_report(batch: Batch, output: str | Path, *, comparison: Comparison | None = None) -> Path:
    """Write one self-contained HTML page about a batch, and return where it is.

    Args:
        batch: Many campaigns of one scenario.
        output: The file to write; its folder is made if need be.
        comparison: The batch against a reported timeline; made here if None and the scenario names one.

    Raises:
        InputError: If the batch has no finished replication.
    """
    if comparison is None and batch.scenario.reported is not None:
        comparison = compare(batch)
    target = Path(output)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(gather(batch, comparison)), encoding="utf-8")
    return target
