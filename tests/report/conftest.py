from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.report.page import page
from tests.report import fakes
from tests.report.chromium import Browser, started_or_skipped


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
