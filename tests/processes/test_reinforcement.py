"""Rules of pools: at what rate they give, to whom in turn, what they hold back, what stops them."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import pytest

from sim.domain import facts as f
from sim.domain.terms import DAY, HOUR
from sim.engine import Run, run
from tests.worlds import TWO_VALLEYS, compiled, of_kind, play, played

ASKED = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.delay=PT6H",
    "talks.valley.enabled=false",
    "operations.through-the-gate.wanted_fighters=5000",
    "doctrine.south.odds_wanted_by_terrain.gorge=90",
    "pools.south-capital.available=1500",
    "pools.south-capital.unrest_rate_per_day=0",
)


@lru_cache(maxsize=1)
def reference() -> list[Run]:
    """Return some histories of the reference scenario, played once."""
    return [played(replication=k) for k in range(12)]


def released(*overrides: str) -> list[f.PoolReleased]:
    """Return the columns that the pool of South gives to an operation that wants more than it has."""
    return of_kind(play(TWO_VALLEYS, *ASKED, *overrides).facts, f.PoolReleased)


def test_a_pool_gives_columns_of_its_size_at_its_rate():
    """200 at a time at 300 a day: one column every sixteen hours, until nothing is left."""
    columns = released()
    assert [column.count for column in columns] == [200] * 7 + [100]
    assert {after.time_s - before.time_s for before, after in pairwise(columns[:7])} == {16 * HOUR}
    assert columns[-1].left == 0


def test_a_rest_too_small_to_send_goes_with_the_last_column():
    """Nobody sends a handful on its own."""
    columns = released("pools.south-capital.available=610", "doctrine.south.column_fighters_min=20")
    assert [column.count for column in columns] == [200, 200, 210]


def test_however_many_ask_a_pool_gives_no_faster():
    """Two operations that ask one pool share its rate."""
    shared = 0
    for history in reference():
        values = dict(of_kind(history.facts, f.RunStarted)[0].values)
        last: dict[str, f.PoolReleased] = {}
        for column in of_kind(history.facts, f.PoolReleased):
            before = last.get(column.pool)
            if before is not None:
                shared += before.operation != column.operation
                takes_s = column.count / values[f"pools.{column.pool}.release_persons_per_day"] * DAY
                assert column.time_s - before.time_s >= int(takes_s)
            last[column.pool] = column
    assert shared


def test_who_asks_is_served_in_turn():
    """Two axes that ask one pool get a column each, one after the other."""
    second = "operations.through-the-gate.axes.track={assemble_at: plain, path: [gate], pools: [south-capital]}"
    turns = [column.operation.partition("/")[2] for column in released(second)]
    assert turns[:6] == ["road", "track"] * 3


def test_who_is_held_back_goes_only_to_what_he_is_spared_for():
    """Of a pool that keeps half, half comes; the operation it spares them for gets all."""
    kept = ("pools.south-capital.held_back_share=0.5", "pools.south-capital.held_back_for=the capital")
    assert sum(column.count for column in released(*kept)) == 750
    spared = (*kept, "pools.south-capital.spares_nobody_but=[through-the-gate]")
    assert sum(column.count for column in released(*spared)) == 1500


def test_unrest_elsewhere_stops_a_pool_for_a_while():
    """Between an outbreak and its end no column leaves."""
    history = play(TWO_VALLEYS, *ASKED, "pools.south-capital.unrest_rate_per_day=0.5")
    held = of_kind(history.facts, f.PoolHeld)
    columns = of_kind(history.facts, f.PoolReleased)
    assert held
    assert columns
    for outbreak in held:
        assert not [column for column in columns if outbreak.time_s < column.time_s < outbreak.until_s]


def test_unrest_may_become_likelier_on_the_way():
    """A pool that knew no unrest is stopped once its rate is raised."""
    scenario = compiled(TWO_VALLEYS, ASKED)
    assert not of_kind(run(scenario, seed=1).facts, f.PoolHeld)
    changes = [(4 * DAY, "pools.south-capital.unrest_rate_per_day", 20.0)]
    held = of_kind(run(scenario, seed=1, changes=changes).facts, f.PoolHeld)
    assert held[0].time_s == pytest.approx(4 * DAY, abs=12 * HOUR)


def test_columns_come_only_while_somebody_waits_for_them():
    """No column is sent to an operation that has ended."""
    for history in reference():
        stage: dict[str, str] = {}
        for fact in history.facts:
            if isinstance(fact, f.OperationOrdered | f.OperationLaunched | f.OperationEnded):
                stage[fact.operation] = fact.kind
            elif isinstance(fact, f.PoolReleased):
                assert stage[fact.operation.partition("/")[0]] in ("OperationOrdered", "OperationLaunched")


@pytest.mark.parametrize("switch", ["reinforcement.enabled=false", "pools.south-capital.enabled=false"])
def test_a_pool_that_is_switched_off_is_not_asked(switch):
    """Without pools operations make do with what their forces give."""
    history = play(TWO_VALLEYS, *ASKED, switch)
    kinds = {fact.kind for fact in history.facts}
    assert not kinds & {"ReinforcementRequested", "PoolReleased", "PoolHeld"}
    assert "OperationOrdered" in kinds


def test_a_request_says_what_for():
    """At the start because fighters are short, later because the operation asks again."""
    asked = {request.why for request in of_kind(play(TWO_VALLEYS, *ASKED).facts, f.ReinforcementRequested)}
    assert asked == {"short of fighters", "asks again"}
