"""The prior predictive: how probable each headline event is under the scenario's ranges, before any score."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.cli import terminal
from sim.cli.comparing import print_gate
from sim.cli.spreading import due, print_influence
from sim.compare import compare
from sim.compare.influence import by_option, influences
from sim.compare.words import in_percent
from sim.errors import InputError
from sim.projections.spread import ONE_EACH
from sim.scenario import run_hash
from sim.scenario.numbers import register
from sim.scenario.schema import Scenario
from sim.store import Batch, open_batch

if TYPE_CHECKING:
    from sim.compare import Comparison
    from sim.compare.influence import ByOption, Influence


def show_prior(
    scenario: Scenario, directory: Path | None, *, replications: int, per_draw: int, seed: int, as_json: bool
) -> None:
    """Print the probability of every headline event, and what moves it, from a stored batch or one made for it.

    Raises:
        InputError: If the scenario names no reported timeline, or the batch is one of another scenario.
    """
    if scenario.reported is None:
        raise InputError(f"{scenario.scenario.id} names no reported timeline, so it has no headline events to look at")
    if directory is not None:
        batch = open_batch(directory)
        if run_hash(batch.scenario) != run_hash(scenario):
            raise InputError(f"{directory} is a batch of another scenario than this one: make one with sim batch")
        _show(batch, as_json)
        return
    with TemporaryDirectory() as folder:
        where = Path(folder) / "prior"
        _show(make(scenario, where, replications=replications, seed=seed, per_draw=per_draw), as_json)


def make(
    scenario: Scenario, directory: Path, *, replications: int, seed: int, per_draw: int = 1,
    label: str = "replications",
) -> Batch:  # fmt: skip
    """Run a batch that is looked at once, with its progress shown."""
    from sim.batch import run_batch

    with terminal.progress(label) as progress:
        return run_batch(
            scenario, directory, replications=replications, seed=seed, per_draw=per_draw, progress=progress
        )


def prior(comparison: Comparison, found: Sequence[Influence], choices: Sequence[ByOption]) -> list[dict[str, Any]]:
    """Return one record per headline event: how often it happens in truth and in print, and what moves it."""
    printed = {row.event_id: row for row in comparison.headline}
    moved = {event.event_id: event for event in found}
    return [
        {
            "event": row.event_id,
            "label": row.label,
            "status": row.status,
            "in_truth": row.happens.to_json(),
            "in_print": printed[row.event_id].happens.to_json(),
            "in_window": row.p_in.to_json(),
            "gate": row.gate or "open",
            "held_out": row.held_out,
            "spread": row.spread.to_json(),
            "moved_by": [mover.to_json() for mover in moved[row.event_id].movers],
            "decided_by": moved[row.event_id].decided_by,
            "by_option": {choice.path: _options(choice, row.event_id) for choice in choices},
        }
        for row in comparison.truth
    ]


def _options(choice: ByOption, event_id: str) -> dict[str, Any]:
    [chances] = [chances for event, _, chances in choice.rows if event == event_id]
    return {name: chance.to_json() for name, chance in chances}


def _show(batch: Batch, as_json: bool) -> None:
    comparison, values, entries = compare(batch), batch.values(), register(batch.scenario)
    found = influences(comparison.truth, values, entries)
    choices = by_option(comparison.truth, values, entries)
    if as_json:
        terminal.as_json(prior(comparison, found, choices))
        return
    printed = {row.event_id: row for row in comparison.headline}
    rows = [
        [row.label, row.status, in_percent(row.happens), due(row.spread), in_percent(row.p_in),
         in_percent(printed[row.event_id].happens), row.gate or "open", "held out" if row.held_out else ""]
        for row in comparison.truth
    ]  # fmt: skip
    columns = ["event", "status", "happens %", "assumptions %", "in its window %", "printed %", "gate", ""]
    draws = f"{comparison.draws:,} draws of the assumptions"
    title = f"Prior predictive: {comparison.replications:,} histories of {draws}, 95 % intervals"
    terminal.table(columns, rows, align="llrrrrll", title=title)
    if comparison.draws == comparison.replications:
        terminal.lines(f"{ONE_EACH[:1].upper()}{ONE_EACH[1:]}.")
    if any(row.held_out for row in comparison.truth):
        terminal.lines("held out: no range may be chosen by the window of such an event, nor by how often it is met")
    print_gate(comparison)
    print_influence(found, choices)
