"""What a process of its own does: play what is missing, compare and draw, and leave the rest to the app.

What is to be shown it leaves as a JSON file beside the batch.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from sim.batch import run_batch
from sim.compare import compare
from sim.compare.influence import influences
from sim.cores import usable_cores
from sim.errors import InputError
from sim.explore.choosing import levers
from sim.explore.drawing import drawing
from sim.explore.playing import DRAWING, PRINTING, SIMULATING, Task
from sim.explore.taking import changes_of_hands
from sim.explore.telling import Played, alone, beside
from sim.scenario import load_scenario, run_hash
from sim.scenario.numbers import register
from sim.scenario.schema import Scenario
from sim.store import Batch, open_batch
from sim.store.durable import write_whole

Tell = Callable[[str, int, int], None]


def played(task: Task, tell: Tell) -> Path:
    """Play what is missing of a task and return the file with what is to be shown.

    Args:
        task: What is to be played.
        tell: Is told what is being done, how much of it is done, and how much there is.

    Raises:
        InputError: If the scenario or what is moved in it is wrong, or no campaign was finished.
    """
    base = _compared(_base(task, tell), tell)
    if task.variant is None:
        tell(DRAWING, 0, 1)
        found = {**_drawn(base), "table": alone(base), "levers": _levers(base)}
    else:
        scenario = load_scenario(task.scenario, task.changed)
        other = _compared(_batch(task, scenario, task.variant, tell), tell)
        tell(DRAWING, 0, 1)
        found = {**_drawn(other), "table": beside(base, other)}
    write_whole(task.shown, msgspec.json.encode(found))
    tell(DRAWING, 1, 1)
    return task.shown


def _base(task: Task, tell: Tell) -> Batch:
    """Return the base batch: somebody's own as it is, any other with what was missing of it."""
    scenario = load_scenario(task.scenario)
    if not task.made:
        return _batch(task, scenario, task.base, tell)
    batch = open_batch(task.base)
    if run_hash(batch.scenario) != run_hash(scenario):
        raise InputError(
            f"{task.base} is a batch of another scenario than {task.scenario} (or of an earlier state of it); choose "
            "that one, or make another with sim batch"
        )
    return batch


def _batch(task: Task, scenario: Scenario, directory: Path, tell: Tell) -> Batch:
    return run_batch(
        scenario, directory, replications=task.replications, seed=task.seed, per_draw=task.per_draw,
        progress=lambda done, total: tell(SIMULATING, done, total),
    )  # fmt: skip


def _compared(batch: Batch, tell: Tell) -> Played:
    if batch.scenario.reported is None:
        return Played(batch, None, changes_of_hands(batch))
    comparison = compare(batch, workers=usable_cores(), progress=lambda done, total: tell(PRINTING, done, total))
    return Played(batch, comparison, comparison.truth)


def _drawn(one: Played) -> dict[str, Any]:
    outcomes = one.batch.outcomes().column("status").to_pylist()
    return {
        "drawing": drawing(one.batch, one.comparison).to_json(),
        "title": one.batch.scenario.scenario.title,
        "replications": outcomes.count("done"),
        "failed": outcomes.count("failed"),
    }


def _levers(base: Played) -> list[dict[str, Any]]:
    entries = register(base.batch.scenario)
    found = influences(base.events, base.batch.values(), entries)
    return [lever.to_json() for lever in levers(found, entries)]
