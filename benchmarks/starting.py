"""Goal h: how soon the command line answers, and how soon a run has its first fact."""

from __future__ import annotations

from pathlib import Path

from benchmarks.floors import bare_python_s, command_s
from benchmarks.result import Result

_FIRST_FACT = """
import sys
from sim.engine import run
from sim.scenario import load_scenario

class FirstFact(Exception):
    pass

def stop(fact, state):
    raise FirstFact

try:
    run(load_scenario(sys.argv[1]), seed=1, tap=stop)
except FirstFact:
    pass
"""


def measure(scenario: Path) -> list[Result]:
    """Return goal h for a scenario's file."""
    python_s = bare_python_s()
    help_s = command_s(["-m", "sim", "--help"])
    first_s = command_s(["-c", _FIRST_FACT, str(scenario)])
    return [
        Result("h", "sim --help / bare Python", f"{help_s / python_s:.1f} x", "15 x", "3 x"),
        Result("", "  sim run to its first fact", f"{first_s:.2f} s", "0.4 s"),
    ]
