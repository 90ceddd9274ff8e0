"""Intentions: what people write (scenarios, reported timelines, sources), checked and resolved.

Names are loaded when they are first asked for: the schema alone is all that a stored batch needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.loading import (
        load_scenario,
        observation_hash,
        resolved,
        run_hash,
        scenario_from_resolved,
        with_overrides,
    )
    from sim.scenario.recognising import check_file
    from sim.scenario.schema import Scenario

_HOMES = {
    "Scenario": "schema",
    "check_file": "recognising",
    "load_scenario": "loading",
    "observation_hash": "loading",
    "resolved": "loading",
    "run_hash": "loading",
    "scenario_from_resolved": "loading",
    "with_overrides": "loading",
}

__all__ = [
    "Scenario",
    "check_file",
    "load_scenario",
    "observation_hash",
    "resolved",
    "run_hash",
    "scenario_from_resolved",
    "with_overrides",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.scenario' has no attribute {name!r}")
    value = getattr(import_module(f"sim.scenario.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
