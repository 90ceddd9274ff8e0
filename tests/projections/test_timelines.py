"""Who held what when, over the replications of a batch."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sim.projections.timelines import control_by_day, control_changes, fan
from tests.compare.memory import MemoryBatch
from tests.observation.toy import Log, scenario


def begun() -> Log:
    return Log().taken("home", "red", "", 0, how="initial")


LOGS = [begun().taken("ford", "red", "blue", 1.5).taken("ford", "", "red", 3.0).facts, begun().facts, Log().facts]


@pytest.fixture(scope="module")
def held() -> dict[tuple[str, int, str], tuple[int, int]]:
    table = control_by_day(MemoryBatch(scenario(), LOGS, failed=(2,)))
    return {(row["place"], row["day"], row["side"]): (row["k"], row["n"]) for row in table.to_pylist()}


def test_every_place_is_held_by_somebody_or_nobody(held):
    """On each day k adds up to the finished replications over the sides and nobody."""
    cells = {(place, day) for place, day, _ in held}
    assert len(cells) == 4 * 30
    assert all(sum(held[place, day, side][0] for side in ("blue", "red", "")) == 2 for place, day in cells)
    assert {n for _, n in held.values()} == {2}


def test_a_change_counts_from_the_end_of_its_day(held):
    """The ford is blue's on the first day, red's in one of two from the second, nobody's after the third ends."""
    assert [held["ford", day, "red"][0] for day in (0, 1, 2, 3)] == [0, 1, 0, 0]
    assert [held["ford", day, ""][0] for day in (0, 1, 2, 3)] == [0, 0, 1, 1]
    assert [held["ford", day, "blue"][0] for day in (0, 29)] == [2, 1]


def test_who_holds_what_at_the_start_is_no_change(held):
    """The first holder stands in the scenario; the facts that say so once more change nothing."""
    assert [held["home", day, "red"][0] for day in (0, 29)] == [2, 2]
    changes = control_changes(MemoryBatch(scenario(), LOGS, failed=(2,)))
    assert changes.column_names == ["replication", "time_s", "place", "side", "lost_by"]
    assert changes.column("place").to_pylist() == ["ford", "ford"]


def test_how_far_draws_differ_is_counted_by_place_and_day():
    """Scatter adds up (k_i - p n_i)^2 over the draws: red holds the ford in 2 of 2, 0 of 2 and 0 of 1, p = 2/5."""
    taken = begun().taken("ford", "red", "blue", 1.5).facts
    logs = [taken, taken, begun().facts, begun().facts, begun().facts, begun().facts]
    table = control_by_day(MemoryBatch(scenario(), logs, failed=(5,), per_draw=2)).to_pylist()
    cell = {(row["place"], row["day"], row["side"]): row for row in table}
    assert cell["ford", 1, "red"]["draws"] == 3
    assert cell["ford", 1, "red"]["scatter"] == pytest.approx((2 - 0.8) ** 2 + 0.8**2 + 0.4**2)
    assert cell["ford", 1, "blue"]["scatter"] == pytest.approx(cell["ford", 1, "red"]["scatter"])
    assert cell["ford", 0, "red"]["scatter"] == 0


def test_draws_counted_some_at_a_time_are_counted_alike(monkeypatch):
    """How many draws are counted at once changes no number."""
    batch = MemoryBatch(scenario(), LOGS * 4, per_draw=2)
    whole = control_by_day(batch)
    monkeypatch.setattr("sim.projections.timelines._CELLS_AT_A_TIME", 1)
    assert control_by_day(batch).equals(whole)


def test_a_fan_tells_the_assumptions_from_luck():
    """Where draws have several replications, the draws' own band is narrower than the whole by the luck left out."""
    rng = np.random.default_rng(1)
    daily = pa.table(
        {
            "replication": np.arange(8000), "day": np.zeros(8000, dtype=int), "side": ["red"] * 8000,
            "fit": np.repeat(rng.normal(100, 10, 2000), 4) + rng.normal(0, 10, 8000),
        }
    )  # fmt: skip
    [found] = fan(daily, "fit", per_draw=4).to_pylist()
    assert found["p95"] - found["p05"] == pytest.approx(2 * 1.645 * 200**0.5, rel=0.06)
    assert found["draws_p95"] - found["draws_p05"] == pytest.approx(2 * 1.645 * 10, rel=0.06)


def test_a_fan_of_single_replications_cannot_tell_them():
    """If no draw has a second replication, there is no band of the draws."""
    daily = pa.table({"replication": [0, 4], "day": [0, 0], "side": ["red", "red"], "fit": [1.0, 2.0]})
    assert "draws_p05" not in fan(daily, "fit", per_draw=4).column_names


def test_a_fan_has_the_quantiles_of_each_side_and_day():
    """Quantiles over the replications, by linear interpolation."""
    values = np.arange(11.0)
    daily = pa.table(
        {
            "replication": np.repeat(np.arange(11), 2), "day": np.tile([0, 1], 11), "side": ["red"] * 22,
            "fit": np.repeat(values, 2) + np.tile([0, 100], 11),
        }
    )  # fmt: skip
    found = fan(daily, "fit").to_pylist()
    assert found == [
        {"side": "red", "day": 0, "p05": 0.5, "p25": 2.5, "p50": 5.0, "p75": 7.5, "p95": 9.5},
        {"side": "red", "day": 1, "p05": 100.5, "p25": 102.5, "p50": 105.0, "p75": 107.5, "p95": 109.5},
    ]


def test_the_fan_of_nothing_is_empty():
    """Without days there are no rows."""
    schema = pa.schema({"replication": pa.int32(), "day": pa.int32(), "side": pa.string(), "fit": pa.int64()})
    assert fan(schema.empty_table(), "fit").num_rows == 0
