"""The prior predictive: how probable each headline event is under the scenario's ranges, before any score."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.cli import terminal
from sim.cli.comparing import percent, print_gate
from sim.compare import compare
from sim.errors import InputError
from sim.scenario import run_hash
from sim.scenario.schema import Scenario
from sim.store import Batch, open_batch

if TYPE_CHECKING:
    from sim.compare import Comparison


def show_prior(scenario: Scenario, directory: Path | None, *, replications: int, seed: int, as_json: bool) -> None:
    """Print the probability of every headline event, from a stored batch or from one made for it.

    Raises:
        InputError: If the scenario names no reported timeline, or the batch is one of another scenario.
    """
    if scenario.reported is None:
        raise InputError(f"{scenario.scenario.id} names no reported timeline, so it has no headline events to look at")
    if directory is not None:
        batch = open_batch(directory)
        if run_hash(batch.scenario) != run_hash(scenario):
            raise InputError(f"{directory} is a batch of another scenario than this one: make one with sim batch")
        _show(compare(batch), as_json)
        return
    with TemporaryDirectory() as folder:
        _show(compare(make(scenario, Path(folder) / "prior", replications=replications, seed=seed)), as_json)


def make(scenario: Scenario, directory: Path, *, replications: int, seed: int, label: str = "replications") -> Batch:
    """Run a batch that is looked at once, with its progress shown."""
    from sim.batch import run_batch

    with terminal.progress(label) as progress:
        return run_batch(scenario, directory, replications=replications, seed=seed, progress=progress)


def prior(comparison: Comparison) -> list[dict[str, Any]]:
    """Return one record per headline event: how often it happens in truth and in print by the horizon."""
    printed = {row.event_id: row for row in comparison.headline}
    return [
        {
            "event": row.event_id,
            "label": row.label,
            "in_truth": row.happens.to_json(),
            "in_print": printed[row.event_id].happens.to_json(),
            "in_window": row.p_in.to_json(),
            "gate": row.gate or "open",
        }
        for row in comparison.truth
    ]


def _show(comparison: Comparison, as_json: bool) -> None:
    if as_json:
        terminal.as_json(prior(comparison))
        return
    printed = {row.event_id: row for row in comparison.headline}
    rows = [
        [row.label, percent(row.happens), percent(row.p_in), percent(printed[row.event_id].happens), row.gate or "open"]
        for row in comparison.truth
    ]
    columns = ["event", "happens %", "in its window %", "printed %", "gate"]
    title = f"Prior predictive: {comparison.replications:,} draws, 95 % intervals"
    terminal.table(columns, rows, align="lrrrl", title=title)
    print_gate(comparison)
