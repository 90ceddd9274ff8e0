"""What is added up over all replications at once is what folding each log one by one gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.batch import run_batch
from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import DAY
from sim.projections.arrays import quantiles_among, read_of, scattered
from sim.projections.convoys import convoys_by_day, flows_by_day, traffic
from sim.projections.hands import hands_of_places
from sim.projections.narrows import OPEN, WHY, closures, closures_by_day, narrows_of
from sim.projections.strengths import strengths, strengths_by_day
from sim.scenario.loading import load_scenario
from sim.store import Batch
from tests.worlds import INVENTED, REFERENCE


@pytest.fixture(scope="module", params=[REFERENCE, INVENTED], ids=["reference", "invented"])
def batch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Return a small batch, two replications to a draw."""
    scenario = load_scenario(request.param)
    return run_batch(scenario, tmp_path_factory.mktemp("batch") / "b", replications=4, per_draw=2, workers=1)


def ends_of_days(log: list[Fact]) -> list[int]:
    """Return the last second of each day of a log."""
    started = log[0]
    assert isinstance(started, f.RunStarted)
    return [min((day + 1) * DAY, started.duration_s) for day in range(-(-started.duration_s // DAY))]


def at_ends(log: list[Fact]) -> Iterator[tuple[int, State]]:
    """Yield day and state at the end of each day of a log."""
    state, left = State(), iter(log)
    fact = next(left, None)
    for day, end_s in enumerate(ends_of_days(log)):
        while fact is not None and fact.time_s <= end_s:
            apply(state, fact)
            fact = next(left, None)
        yield day, state


def test_who_is_where_is_what_the_fold_says(batch: Batch) -> None:
    """Fighters and vehicles by place, side and day are those of the forces that stand there, hills included."""
    places, sides, read = sorted(batch.scenario.places), sorted(batch.scenario.sides), read_of(batch)
    found = strengths(batch, read)
    for number, log in batch.logs():
        folded = np.zeros((2, *found.fighters.shape[1:]), dtype=int)
        for day, state in at_ends(log):
            for force in state.forces.values():
                if not force.leg and force.fit:
                    spot = places.index(force.place), sides.index(force.side), day
                    folded[(0, *spot)] += force.fit
                    folded[(1, *spot)] += sum(force.vehicles.values())
        at = read.replications.index(number)
        assert (found.fighters[at] == folded[0]).all()
        assert (found.vehicles[at] == folded[1]).all()


def test_strengths_are_told_of_where_somebody_is(batch: Batch) -> None:
    """A row says in how many replications anybody is there, and the quantiles over these alone."""
    levels, read = strengths(batch, read_of(batch)).fighters, read_of(batch)
    places, sides = sorted(batch.scenario.places), sorted(batch.scenario.sides)
    rows = strengths_by_day(batch).to_pylist()
    assert len(rows) == (levels > 0).any(axis=0).sum()
    for row in rows[:: max(1, len(rows) // 50)]:
        own = levels[:, places.index(row["place"]), sides.index(row["side"]), row["day"]]
        assert (row["k"], row["n"], row["draws"]) == (np.count_nonzero(own), len(read), 2)
        assert [row["p05"], row["p50"], row["p95"]] == pytest.approx(np.quantile(own[own > 0], (0.05, 0.5, 0.95)))


def test_convoys_are_counted_by_what_became_of_them(batch: Batch) -> None:
    """By the end of the last day as many convoys were sent, arrived, turned back and lost as there are facts of it."""
    last = len(ends_of_days(batch.log(0))) - 1
    rows = [row for row in convoys_by_day(batch).to_pylist() if row["day"] == last]
    kinds = {
        "sent": f.ConvoyDispatched, "arrived": f.ConvoyArrived, "turned_back": f.ConvoyTurnedBack,
        "destroyed": f.ConvoyDestroyed,
    }  # fmt: skip
    for number, log in batch.logs():
        for row in (row for row in rows if row["replication"] == number):
            for name, kind in kinds.items():
                assert row[name] == sum(isinstance(fact, kind) and fact.side == row["side"] for fact in log)
            came = [fact for fact in log if isinstance(fact, f.ConvoyArrived) and fact.side == row["side"]]
            kg = sum((fact.food_g + fact.ammunition_g + fact.fuel_g) // 1000 for fact in came)
            assert row["delivered_t"] == pytest.approx(kg / 1000)


def test_a_way_carries_what_arrived_along_it(batch: Batch) -> None:
    """Every stretch of the path of a convoy that arrived carries its load, on the day of its arrival."""
    read, sides = read_of(batch), sorted(batch.scenario.sides)
    found = traffic(batch, read)
    told = 0
    for number, log in batch.logs():
        carried: defaultdict[tuple[tuple[str, str], str, int], int] = defaultdict(int)
        sent = {fact.convoy: fact for fact in log if isinstance(fact, f.ConvoyDispatched)}
        for fact in log:
            if isinstance(fact, f.ConvoyArrived):
                kg = (fact.food_g + fact.ammunition_g + fact.fuel_g) // 1000
                start = sent[fact.convoy]
                for way in pairwise((start.place, *start.path)):
                    carried[way, fact.side, max(-(-fact.time_s // DAY) - 1, 0)] += kg
        own = found.carried_kg[read.replications.index(number)]
        assert own.sum() == sum(carried.values())
        assert all(own[found.ways.index(way), sides.index(side), day] == kg for (way, side, day), kg in carried.items())
        told += len(carried)
    assert told


def test_flows_are_of_the_last_seven_days(batch: Batch) -> None:
    """The tonnes of a way and day are those of the seven days up to it, over all replications, with none as 0."""
    read, sides = read_of(batch), sorted(batch.scenario.sides)
    found = traffic(batch, read)
    rows = flows_by_day(found, sides, read).to_pylist()
    for row in rows[:: max(1, len(rows) // 50)]:
        way = found.ways.index((row["start"], row["to"]))
        week = found.carried_kg[:, way, sides.index(row["side"]), max(0, row["day"] - 6) : row["day"] + 1].sum(axis=1)
        assert row["k"] == np.count_nonzero(week)
        assert row["p50"] == pytest.approx(np.median(week) / 1000)


def test_a_pass_is_open_to_whom_may_march_through_it(batch: Batch) -> None:
    """It is shut by too few open ways, then by fighting, then by its holder, as the state of the day says."""
    scenario, read = batch.scenario, read_of(batch)
    found = closures(batch, read)
    assert found.places == narrows_of(scenario)
    allied = {frozenset(pair.split("+")) for pair, stance in scenario.relations.items() if stance in ("same", "allied")}
    for number, log in batch.logs():
        for day, state in at_ends(log):
            for index, name in enumerate(found.places):
                legs = [key for key, leg in scenario.legs.items() if name in (leg.start, leg.to)]
                place, shut = state.places[name], [state.blocked[leg].how for leg in legs if leg in state.blocked]
                for order, side in enumerate(found.sides):
                    friend = place.holder in ("", side) or frozenset((place.holder, side)) in allied
                    if len(legs) - len(shut) < min(len(legs), 2):
                        expected = min(shut, key=WHY.index)
                    elif place.engagement:
                        expected = "fought over"
                    else:
                        expected = "" if friend else "held by an enemy"
                    why = int(found.why[read.replications.index(number), index, order, day])
                    assert (WHY[why] if why < OPEN else "") == expected, (name, side, day)


def test_closures_add_up(batch: Batch) -> None:
    """A pass is open or shut by one thing in every replication."""
    for row in closures_by_day(batch).to_pylist():
        assert row["k"] + sum(row[why] for why in WHY) == row["n"] == 4


def test_a_pass_under_snow_is_closed_to_all(tmp_path: Path) -> None:
    """On the days of a month in which all its ways are shut, a pass is closed by snow, whoever holds it."""
    scenario = load_scenario(REFERENCE)
    legs = {
        name: leg.model_copy(update={"closed_months": (9,)}) if "khawak-pass" in (leg.start, leg.to) else leg
        for name, leg in scenario.legs.items()
    }
    batch = run_batch(scenario, tmp_path / "b", replications=1, workers=1)

    class Snowed:
        scenario = batch.scenario.model_copy(update={"legs": legs})
        outcomes = staticmethod(batch.outcomes)
        facts_in_parts = staticmethod(batch.facts_in_parts)

    rows = [row for row in closures_by_day(Snowed()).to_pylist() if row["place"] == "khawak-pass"]
    first = (30 - scenario.scenario.start.day) + 2  # the first of September, from a start in August
    assert {row["snow"] for row in rows if row["day"] < first} == {0}
    assert {row["snow"] for row in rows if row["day"] >= first} == {1}


def test_too_many_replications_are_read_by_whole_draws(batch: Batch) -> None:
    """Where there are more than are read, every so-manieth draw is, with all its replications."""
    assert read_of(batch).replications == (0, 1, 2, 3)
    assert read_of(batch, at_most=3).replications == (0, 1)


def test_parts_add_up(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many replications are read at once changes nothing."""
    tables = (strengths_by_day, closures_by_day, convoys_by_day)
    whole = [table(batch) for table in tables]
    monkeypatch.setattr("sim.projections.arrays._AT_ONCE", 1)
    assert [table(batch).equals(before) for table, before in zip(tables, whole, strict=True)] == [True] * 3


def test_how_far_draws_differ_is_counted_cell_by_cell() -> None:
    """Scatter adds up (k_i - p n_i)^2 over the draws, which need not stand together."""
    so = np.array([[True, False], [True, False], [False, False], [True, True]])
    k, scatter = scattered(so, np.array([0, 1, 1, 0]))
    assert k.tolist() == [3, 1]
    assert scatter.tolist() == pytest.approx([2 * 0.5**2, 2 * 0.5**2])


def test_quantiles_are_of_what_is_there() -> None:
    """Zeros are left out; where nothing is there the quantiles are 0."""
    values = np.array([[0, 0], [3, 0], [1, 0], [2, 0]])
    assert quantiles_among(values, (0.0, 0.5, 1.0)).tolist() == [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]


def test_a_place_changes_hands_first_and_last(batch: Batch) -> None:
    """Of the replications in which a place changes hands, the first and the last time count."""
    taken = [
        [fact for fact in log if isinstance(fact, f.ControlChanged) and fact.how != "initial"]
        for _, log in batch.logs()
    ]  # fmt: skip
    for row in hands_of_places(batch).to_pylist():
        changes = [[fact.time_s for fact in own if fact.place == row["place"]] for own in taken]
        told = [own for own in changes if own]
        assert (row["k"], row["n"]) == (len(told), 4)
        if told:
            assert row["first_p50"] == pytest.approx(np.median([own[0] for own in told]))
            assert row["last_p95"] == pytest.approx(np.quantile([own[-1] for own in told], 0.95))
