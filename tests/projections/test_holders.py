"""Who holds what, replication by replication: what shares of control are counted from."""

from __future__ import annotations

from sim.projections.holders import holders
from sim.projections.timelines import control_by_day
from tests.compare.memory import MemoryBatch
from tests.observation.toy import Log, scenario


def begun() -> Log:
    return Log().taken("home", "red", "", 0, how="initial")


TAKEN = begun().taken("ford", "red", "blue", 1.5).taken("ford", "", "red", 3.0).facts


def test_the_replications_of_a_place_and_day_are_as_many_as_its_shares_count() -> None:
    """Whoever is counted as holding a place on a day holds it in that many replications, each named once."""
    batch = MemoryBatch(scenario(), [TAKEN, begun().facts, begun().facts])
    found = holders(batch)
    for row in control_by_day(batch).to_pylist():
        named = found.at(row["place"], row["day"])
        assert len(named[row["side"]]) == row["k"]
        assert sorted(number for numbers in named.values() for number in numbers) == [0, 1, 2]


def test_replications_keep_their_numbers_where_one_failed() -> None:
    """Red holds the ford in replication 2, which is the second that came to its end."""
    batch = MemoryBatch(scenario(), [begun().facts, begun().facts, TAKEN], failed=(1,))
    assert holders(batch).at("ford", 1) == {"blue": [0], "red": [2], "": []}
