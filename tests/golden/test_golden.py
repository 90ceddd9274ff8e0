"""Results do not change unnoticed: logs of three scenarios hash as they did when the baseline was written.

When a change of results is meant, renew the baseline with ``python -m tests.golden.renew`` and say so in
CHANGELOG.md under "Results changed".
"""

from __future__ import annotations

import json

import pytest

from tests.golden.renew import BASELINE, here, measured

KEPT = json.loads(BASELINE.read_text())


@pytest.mark.skipif(KEPT["platform"] != here(), reason=f"the baseline was written on {KEPT['platform']}: floats differ")
@pytest.mark.parametrize("name", sorted(KEPT["logs"]))
def test_a_log_is_the_one_of_the_baseline(name: str) -> None:
    """The same scenario, seed and replication give the same log, byte for byte, on the same platform."""
    assert measured(name) == KEPT["logs"][name]
