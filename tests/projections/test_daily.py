"""The sides day by day: what a sampler sees while a history is made is what its log tells afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.domain.facts import ControlChanged, Fact, ForceRaised, RunEnded, RunStarted
from sim.domain.fold import replay
from sim.domain.terms import DAY
from sim.engine import run
from sim.projections.daily import DailySampler, daily_from_log, sides_at
from tests.store.strategies import plain
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, compiled


@pytest.mark.parametrize("path", [TWO_VALLEYS, INVENTED, REFERENCE], ids=lambda path: path.parent.name)
def test_the_log_tells_what_the_sampler_saw(path: Path) -> None:
    """Folding the log again gives the rows that were taken while it was recorded."""
    ready = compiled(path)
    sampler = DailySampler(ready.duration_s)
    history = run(ready, seed=1, tap=sampler)
    rows = sampler.rows(history.state)
    assert rows == daily_from_log(history.facts)
    days = -(-ready.duration_s // DAY)
    assert sorted({row.day for row in rows}) == list(range(days))
    assert {row.side for row in rows} <= set(ready.scenario.sides)


def test_a_row_agrees_with_the_state_of_the_replayed_log() -> None:
    """On any day, strength, losses and places are those of the facts up to its end."""
    history = run(compiled(TWO_VALLEYS), seed=2)
    for row in daily_from_log(history.facts):
        state = replay(fact for fact in history.facts if fact.time_s <= (row.day + 1) * DAY)
        assert row.fit == sum(force.fit for force in state.forces.values() if force.side == row.side)
        assert row.places_held == sum(place.holder == row.side for place in state.places.values())
        assert row.killed_so_far == (state.sides[row.side].killed if row.side in state.sides else 0)


def _log(*changes: tuple[int, str]) -> list[Fact]:
    """Return a log of two days and ten seconds in which a ford changes hands at given moments."""
    horizon_s = 2 * DAY + 10
    log = [plain(RunStarted, 0, time_s=0, cause=-1, duration_s=horizon_s, places=("ford",), values=())]
    held = ""
    for time_s, side in changes:
        how = "taken" if held else "initial"
        change = {"place": "ford", "side": side, "lost_by": held, "how": how, "engagement": ""}
        log.append(plain(ControlChanged, len(log), time_s=time_s, cause=0, **change))
        held = side
    return [*log, plain(RunEnded, len(log), time_s=horizon_s, cause=0)]


def test_a_fact_at_midnight_belongs_to_the_day_that_ends() -> None:
    """A day's row is the state after the last fact not later than its end; the last day may be short."""
    log = _log((0, "north"), (DAY, "south"), (DAY + 1, "north"), (2 * DAY + 5, "south"))
    held = [(row.day, row.side) for row in daily_from_log(log) if row.places_held]
    assert held == [(0, "south"), (1, "north"), (2, "south")]


def test_days_without_facts_have_rows() -> None:
    """Nothing happening is a state of the world like any other."""
    rows = daily_from_log(_log((0, "north")))
    assert [(row.day, row.side, row.places_held) for row in rows] == [(day, "north", 1) for day in range(3)]


def test_those_in_the_hills_are_among_the_fit() -> None:
    """A force in the hills counts as fit and, once more, as being there."""
    history = run(compiled(TWO_VALLEYS), seed=1)
    state = history.state
    side = next(iter(state.sides))
    force = next(force for force in state.forces.values() if force.side == side and force.fit)
    force.posture = "hills"
    row = next(row for row in sides_at(state, state.time_s, 0) if row.side == side)
    assert row.in_hills >= force.fit > 0
    assert row.fit >= row.in_hills


@pytest.mark.parametrize(
    ("log", "message"),
    [
        ([], "there is no fact in this log"),
        ([plain(ForceRaised, 0)], "a log begins with RunStarted, not with ForceRaised"),
    ],
)
def test_what_is_no_log_has_no_days(log: list[Fact], message: str) -> None:
    """Days are counted from the fact that begins a log."""
    with pytest.raises(ValueError, match=message):
        daily_from_log(log)
