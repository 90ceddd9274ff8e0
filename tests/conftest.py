"""How tests share a machine: files with the longest are begun first, and each worker takes its part of the cores."""

from __future__ import annotations

import gc
import os

import pytest

from sim import cores

_LONGEST = (
    "test_the_readme_can_be_followed_literally",
    "test_the_mechanisms_agree_with_theory",
    "test_a_broken_file_loads_or_is_refused_by_file_and_line",
    "test_a_notebook_runs",
)


def pytest_configure() -> None:
    """Let what is run with as many processes as there are cores leave those of the other workers alone."""
    beside = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    part = max(1, cores.usable_cores() // beside)
    cores.usable_cores = lambda: part


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests before all others, which keep their order; what a file shares is made by one worker."""
    items.sort(key=lambda item: not item.name.startswith(_LONGEST))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare the garbage collector what was loaded for all tests, and let it begin its rounds less often.

    To walk all of it again and again took a twelfth of the time, and most of what a test makes goes without it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_unconfigure() -> None:
    """Give back what was spared, so that all of it is taken down in order when the process ends."""
    gc.unfreeze()
