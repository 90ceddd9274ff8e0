"""How many cores there are to use, and how processes are started on them."""

from __future__ import annotations

import multiprocessing
import os
from typing import Any

#: Name of the module that holds what takes long to load and every worker needs.
PRELOADED = "sim.preloaded"


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def process_context(preload: str) -> Any:
    """Return how worker processes are started: by a fork server where there is one, else as new interpreters.

    A fork server is as safe as new interpreters when this process has threads, and its children share what it has
    imported.

    Args:
        preload: Name of the module that the fork server imports before it forks.
    """
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload([PRELOADED, preload])
    return context
