"""The page people look at: figures, map and tables of one batch against what was reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.compare import Comparison, compare
from sim.domain.facts import Fact
from sim.report.gather import gather
from sim.report.one import OneHistory, history_page
from sim.report.page import page
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario
from sim.store import Batch

__all__ = ["render_history", "render_report"]


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
    return _written(page(gather(batch, comparison)), output)


def render_history(
    facts: Sequence[Fact],
    scenario: Scenario,
    output: str | Path,
    *,
    timeline: ReportedTimeline | None = None,
    made: Mapping[str, str] | None = None,
    command: str = "",
) -> Path:
    """Write one self-contained HTML page about one history, and return where it is.

    Args:
        facts: Its whole log.
        scenario: What it is a log of.
        output: The file to write; its folder is made if need be.
        timeline: What was reported, to be set beside its dates.
        made: How it was made, beyond what the log says: a name and a value each.
        command: What to type for the same page.

    Raises:
        InputError: If the log does not begin with RunStarted.
    """
    return _written(history_page(OneHistory(facts, scenario, timeline, dict(made or {}), command)), output)


def _written(html: str, output: str | Path) -> Path:
    target = Path(output)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html, encoding="utf-8")
    return target
