from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.report.chromium import Browser, started_or_skipped


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a running Chromium; without one, tests of pages are skipped, but never under CI."""
    with started_or_skipped() as running:
        yield running
