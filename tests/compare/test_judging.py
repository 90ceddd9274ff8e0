"""Two batches against each other: what may be compared, and what is said of the pairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.compare import compare_variants, judging
from sim.errors import InputError
from sim.scenario import load_scenario
from tests.compare.memory import MemoryBatch
from tests.compare.test_compare import TIMELINE, WITNESS, campaigns
from tests.observation.toy import scenario
from tests.worlds import TWO_VALLEYS


def test_batches_of_different_wars_are_not_compared(tmp_path: Path):
    """A difference between two wars is not that of a variant, whichever comes first."""
    one, other = MemoryBatch(scenario(WITNESS), campaigns(4)), MemoryBatch(load_scenario(TWO_VALLEYS), campaigns(4))
    for first, second in ((one, other), (other, one)):
        with pytest.raises(InputError, match="are no variants of one scenario: they have no place"):
            compare_variants(first, second, ledger=tmp_path)


def test_few_pairs_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What only one of the two has finished makes no pair, and few draws make no interval: both are said."""
    monkeypatch.setattr(judging, "_outcomes", lambda *_: [])  # daily numbers are kept in a stored batch alone
    first = MemoryBatch(scenario(WITNESS), campaigns(30))
    second = MemoryBatch(scenario(WITNESS), campaigns(24), failed=(3,))
    found = compare_variants(first, second, TIMELINE, ledger=tmp_path)
    assert found.pairs == 23
    told = "Pairs: 23 are finished in both, of 30 and 24 replications asked for; others count nowhere."
    assert told in found.warnings
    assert found.warnings[-1].startswith("Few draws: 23;")
