"""No dead numbers: whatever the register offers for a number that a run reads, changes some history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.engine import run
from sim.scenario.loading import load_scenario
from sim.scenario.numbers import Entry, read_by_run, register
from sim.world import Compiled, compile_scenario
from tests.worlds import REFERENCE, compiled

#: Numbers of the reference scenario that a sample checks in every test run; the long run checks them all.
SAMPLE = 20
REPLICATIONS = 50


def offered(entry: Entry) -> tuple[float, ...]:
    """Return the values that the register offers for a number: its own tails, or half and double."""
    if not entry.constant:
        law = entry.quantile()
        return law(0.95), law(0.05)
    value = entry.parts["value"]
    found = [value * 2, value / 2] if value else [1.0]
    return tuple(
        min(max(x, entry.ge if entry.ge is not None else x), entry.le if entry.le is not None else x) for x in found
    )


def with_value(base: Compiled, path: str, value: float) -> Compiled:
    """Return a scenario in which one number has one value."""
    entry = base.entries[path]
    fixed = {key: old for key, old in base.fixed.items() if not key.startswith(f"{path}.")} | {path: value}
    return replace(
        base,
        fixed=fixed,
        drawn=tuple(item for item in base.drawn if item[0] != path),
        entries=base.entries | {path: replace(entry, law="constant", kind="epistemic", parts={"value": value})},
    )


def matters(base: Compiled, logs: dict[int, list[object]], path: str) -> bool:
    """Tell whether some offered value of a number changes facts after RunStarted in one of the replications."""
    for value in offered(base.entries[path]):
        other = with_value(base, path, value)
        for replication in range(REPLICATIONS):
            if replication not in logs:
                logs[replication] = list(run(base, seed=1, replication=replication).facts[1:])
            if run(other, seed=1, replication=replication).facts[1:] != logs[replication]:
                return True
    return False


def paths() -> list[str]:
    """Return every number of the reference scenario that a run reads."""
    return [entry.path for entry in read_by_run(register(load_scenario(REFERENCE)))]


def _dead(chosen: list[str]) -> list[str]:
    base = compiled(REFERENCE)
    logs: dict[int, list[object]] = {}
    return [path for path in chosen if not path.startswith("legs.") and not matters(base, logs, path)]


def _seldom_asked(path: str) -> bool:
    """Tell whether a number belongs to a place or plan that the war may pass by in fifty histories."""
    return path.startswith(("places.", "operations."))


def test_a_sample_of_numbers_changes_history() -> None:
    """Every n-th number of the mechanisms, set to what the register offers, changes some history."""
    everything = [path for path in paths() if not path.startswith("legs.") and not _seldom_asked(path)]
    assert _dead(everything[:: max(1, len(everything) // SAMPLE)]) == []


@pytest.mark.long  # a war for every number
def test_every_number_of_the_mechanisms_changes_history() -> None:
    """No number of a mechanism, side, force, pool or kind of ground is dead."""
    assert _dead([path for path in paths() if not _seldom_asked(path)]) == []


@pytest.mark.long  # a war for every number
def test_most_numbers_of_places_and_plans_change_history() -> None:
    """Nine in ten numbers of places and operations matter in fifty histories; the rest belong to rare turns."""
    everything = [path for path in paths() if _seldom_asked(path)]
    assert len(_dead(everything)) <= len(everything) / 10


def test_the_scenario_is_compiled_once() -> None:
    """The helper above changes one number and nothing else."""
    base = compiled(REFERENCE)
    other = with_value(base, "combat.casualties_per_fighter_hour", 0.02)
    assert compile_scenario(load_scenario(REFERENCE)).fixed == base.fixed
    assert other.values(1, 0)["combat.casualties_per_fighter_hour"] == 0.02
