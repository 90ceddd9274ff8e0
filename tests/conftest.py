"""The tests that take longest are begun first, so that no worker is left with one of them when all others are done."""

from __future__ import annotations

import pytest

_LONGEST = (
    "test_the_readme_can_be_followed_literally",
    "test_the_mechanisms_agree_with_theory",
    "test_a_broken_file_loads_or_is_refused_by_file_and_line",
    "test_a_notebook_runs",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests before all others, which keep their order."""
    items.sort(key=lambda item: not item.name.startswith(_LONGEST))
