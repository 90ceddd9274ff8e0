"""The floors that everything else is divided by: bare SimPy and bare Python, on this machine, now."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Generator
from time import perf_counter
from typing import Any

import simpy

#: Goals a and d are stated against so many timeouts with so many processes alive.
TIMEOUTS = 5_000
PROCESSES = 30


def seconds(work: Callable[[], object], repeats: int) -> list[float]:
    """Return the wall-clock seconds of each of several repeats, after one that is not counted."""
    work()
    found = []
    for _ in range(repeats):
        began = perf_counter()
        work()
        found.append(perf_counter() - began)
    return found


def bare_simpy_s(repeats: int = 15) -> float:
    """Return the median seconds of 5,000 timeouts with 30 processes alive and nothing else."""

    def work() -> None:
        environment = simpy.Environment()

        def process(number: int) -> Generator[simpy.Event, Any, None]:
            for step in range(TIMEOUTS // PROCESSES):
                yield environment.timeout(1 + (number * 7 + step * 13) % 50)

        for number in range(PROCESSES):
            environment.process(process(number))
        environment.run()

    return statistics.median(seconds(work, repeats))


def command_s(arguments: list[str], repeats: int = 7) -> float:
    """Return the median seconds of ``python ARGUMENTS`` in a process of its own."""

    def work() -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    return statistics.median(seconds(work, repeats))


def bare_python_s() -> float:
    """Return the median seconds of a Python that does nothing."""
    return command_s(["-c", "pass"])
