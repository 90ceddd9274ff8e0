"""What came of each replication, counted from a stored batch."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from sim import load_scenario, run_batch
from sim.domain import facts as f
from sim.projections.outcomes import Outcome, outcomes
from sim.store import Batch
from tests.worlds import TWO_VALLEYS, of_kind

CHOSEN = np.array([0, 2, 3])


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    directory: Path = tmp_path_factory.mktemp("batches") / "valleys"
    return run_batch(load_scenario(TWO_VALLEYS), directory, replications=4, seed=1, workers=1)


@pytest.fixture(scope="module")
def found(batch: Batch) -> dict[str, Outcome]:
    return {outcome.name: outcome for outcome in outcomes(batch, CHOSEN)}


def test_each_kind_of_fact_is_counted(batch, found):
    """Every kind that was recorded has its count in each replication; bookkeeping has none."""
    counts = [Counter(fact.kind for fact in batch.log(number)) for number in CHOSEN.tolist()]
    kinds = {outcome.kind for outcome in found.values()} - {""}
    assert {"HazardChanged", "RunStarted"} & {kind for one in counts for kind in one}
    assert not {"HazardChanged", "RunStarted"} & kinds
    for kind in kinds:
        assert found[kind].values.tolist() == [one[kind] for one in counts]


def test_places_count_once_however_often_they_change_hands(batch, found):
    """Places that changed hands are counted by replication, and the first change has its day."""
    for at, number in enumerate(CHOSEN.tolist()):
        changes = [change for change in of_kind(batch.log(number), f.ControlChanged) if change.how != "initial"]
        assert found["places that changed hands"].values[at] == len({change.place for change in changes})
        if changes:
            assert found["first change of hands"].values[at] == pytest.approx(changes[0].time_s / 86_400)


def test_the_lost_are_those_of_the_books(batch, found):
    """Captured and deserted are those of the sides' books on the last day; the wounded count though they recover."""
    daily = batch.daily().to_pylist()
    last = max(row["day"] for row in daily)
    for at, number in enumerate(CHOSEN.tolist()):
        rows = [row for row in daily if row["replication"] == number and row["day"] == last]
        assert found["captured"].values[at] == sum(row["captured_so_far"] for row in rows)
        assert found["deserted"].values[at] == sum(row["deserted_so_far"] for row in rows)
        assert found["killed or wounded"].values[at] >= sum(row["killed_so_far"] + row["wounded"] for row in rows)


def test_something_happens_in_this_world(found):
    """The batch that these tests read is no quiet one."""
    assert found["killed or wounded"].values.sum() > 0
    assert found["places that changed hands"].values.sum() > 0
