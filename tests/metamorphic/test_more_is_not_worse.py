"""What helps the defender never makes his place fall earlier: pairs of histories under common random numbers.

The setting is the siege of one place: forces and routes fixed, nobody talks, and command decides nothing (no
delay, no error, no odds that it waits for, nobody who leaves). In a full war the same may go either way, since
more defenders eat more and draw larger assaults: docs/model/monotone.md shows what is measured there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from sim.verification.monotone import HELPS, Difference, difference, falls_s, scaled
from sim.verification.stage import SIEGE
from tests.worlds import compiled


@cache
def _falls_s(overrides: tuple[str, ...], pairs: int) -> Sequence[float]:
    """Return when the place falls in each history in which nothing helps the defender."""
    return falls_s(compiled(SIEGE, overrides), "gate", "south", pairs)


def _helped(what: str, pairs: int, z: float) -> Difference:
    overrides, factors = HELPS[what]
    base = compiled(SIEGE, overrides)
    found = difference(
        _falls_s(overrides, pairs), falls_s(scaled(base, factors), "gate", "south", pairs), base.duration_s, z
    )
    print(f"{what}: falls in {found.fell:.0%}, then in {found.falls:.0%}; later by {found.mean_days:+.2f} days")
    return found


@pytest.mark.parametrize("what", HELPS)
def test_what_helps_the_defender_does_not_hasten_the_fall(what: str) -> None:
    """Over fifty pairs the place falls later on average, and not more often."""
    found = _helped(what, 50, 1.96)
    assert 0.2 < found.fell < 1, "the siege is neither lost nor won from the start"
    assert found.mean_days > 0
    assert found.falls <= found.fell


@pytest.mark.long  # a thousand pairs of wars for each
@pytest.mark.parametrize("what", HELPS)
def test_what_helps_the_defender_delays_the_fall_beyond_doubt(what: str) -> None:
    """Over a thousand pairs the whole 99 % interval of the delay lies above nothing."""
    found = _helped(what, 1_000, 2.576)
    assert found.pairs == 1_000
    assert found.mean_days > found.half_days


@pytest.mark.parametrize("what", HELPS)
def test_what_helps_is_multiplied_and_nothing_else(what: str) -> None:
    """The two histories of a pair differ by the value of what was multiplied alone."""
    overrides, factors = HELPS[what]
    base = compiled(SIEGE, overrides)
    before, after = base.values(1, 0), scaled(base, factors).values(1, 0)
    assert {path: after[path] / before[path] for path in before if before[path] != after[path]} == pytest.approx(
        factors
    )
    with pytest.raises(ValueError, match="no run reads a number that fits dragons"):
        scaled(base, {"dragons": 2.0})
