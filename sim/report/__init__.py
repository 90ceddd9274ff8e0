"""The page people look at: figures, map and tables of a batch against what was reported, or of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.compare import Comparison, Variants, compare, compare_variants
from sim.domain.facts import Fact
from sim.report.gather import gather
from sim.report.one import OneHistory, history_page
from sim.report.page import page
from sim.report.pair_page import pair_page
from sim.report.pairs import Fork, gather_pair
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario
from sim.store import Batch

__all__ = ["Fork", "gather_pair", "pair_page", "render_history", "render_pair", "render_report"]


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
    in_batch: bool = False,
) -> Path:
    """Write one self-contained HTML page about one history, and return where it is.

    Args:
        facts: Its whole log.
        scenario: What it is a log of.
        output: The file to write; its folder is made if need be.
        timeline: What was reported, to be set beside its dates.
        made: How it was made, beyond what the log says: a name and a value each.
        command: What to type for the same page.
        in_batch: Whether it is a history of a batch, whose facts commands can show.

    Raises:
        InputError: If the log does not begin with RunStarted.
    """
    one = OneHistory(facts, scenario, timeline, dict(made or {}), command, in_batch)
    return _written(history_page(one), output)


def render_pair(
    first: Batch, second: Batch, output: str | Path, *, variants: Variants | None = None, fork: Fork | None = None
) -> Path:
    """Write one self-contained HTML page about two batches, pair by pair, and return where it is.

    Args:
        first: A batch.
        second: The other; every difference is of this one less the first.
        output: The file to write; its folder is made if need be.
        variants: Both compared; made here if None.
        fork: What was done from outside, if the second is forked from the first.

    Raises:
        InputError: If the two are of different wars, begin at different moments, or have no finished replication in
            common.
    """
    if variants is None:
        variants = compare_variants(first, second)
    return _written(pair_page(gather_pair(first, second, variants, fork=fork)), output)


def _written(html: str, output: str | Path) -> Path:
    target = Path(output)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html, encoding="utf-8")
    return target
