"""Campaigns for districts, passes and supply: simulated in batches, judged against what was reported.

The pipeline in one line each::

    scenario = load_scenario("scenario.yaml")          # intentions, every number with its basis
    history = run(scenario, seed=1)                    # one simulated campaign: its facts, in order
    batch = run_batch(scenario, "out", replications=200)   # many of them, on disk
    comparison = compare(batch)                        # against the scenario's reported timeline
    render_report(batch, "report.html")                # one page that needs no network

Names are loaded when they are first asked for, so that ``import sim`` costs nothing and reading a
stored batch never loads what makes one.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.batch import run_batch
    from sim.compare import Comparison, compare
    from sim.engine import Run, run
    from sim.report import render_report
    from sim.scenario import load_scenario
    from sim.scenario.reported import load_reported
    from sim.scenario.schema import Scenario
    from sim.store import Batch, open_batch

__version__ = "0.1.0"

_HOMES = {
    "load_scenario": "sim.scenario",
    "run": "sim.engine",
    "run_batch": "sim.batch",
    "open_batch": "sim.store",
    "load_reported": "sim.scenario.reported",
    "compare": "sim.compare",
    "render_report": "sim.report",
    "Scenario": "sim.scenario.schema",
    "Run": "sim.engine",
    "Batch": "sim.store",
    "Comparison": "sim.compare",
}

__all__ = [
    "Batch",
    "Comparison",
    "Run",
    "Scenario",
    "__version__",
    "compare",
    "load_reported",
    "load_scenario",
    "open_batch",
    "render_report",
    "run",
    "run_batch",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})


class _Package(ModuleType):
    """This package: its ``compare`` is the function, although a subpackage bears the same name.

    Python binds a subpackage to its parent when it is first imported, whoever does so; without this,
    ``from sim import compare`` would give one or the other depending on what was imported before.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
