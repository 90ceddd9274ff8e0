from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.batch import run_batch
from sim.report.page import page
from sim.scenario import load_scenario
from sim.store import Batch
from tests.report import fakes
from tests.report.chromium import Browser, started_or_skipped
from tests.worlds import INVENTED, REFERENCE

REPLICATIONS = 6


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a running Chromium; without one, tests of pages are skipped, but never under CI."""
    with started_or_skipped() as running:
        yield running


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a whole page of made-up content on disk."""
    target = tmp_path_factory.mktemp("page") / "report.html"
    target.write_text(page(fakes.content()), encoding="utf-8")
    return target


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Return a small batch of the reference scenario, which no test may change."""
    folder = tmp_path_factory.mktemp("batches") / "reference"
    return run_batch(load_scenario(REFERENCE), folder, replications=REPLICATIONS, workers=1)


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Return a small batch of a war with three sides, without zones, relief and reports, which no test may change."""
    folder = tmp_path_factory.mktemp("batches") / "invented"
    return run_batch(load_scenario(INVENTED), folder, replications=REPLICATIONS, workers=1)
