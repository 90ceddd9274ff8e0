"""What the fold refuses of hills and people."""

from __future__ import annotations

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State, stock_at
from sim.domain.terms import DAY
from sim.errors import Impossible


def one_force(**of_force: object) -> State:
    """Return a state with a hundred people at a place, and a force of a hundred there that holds it."""
    state = State()
    values = (("places.here.population", 100.0), ("supply.food_kg_per_person_day.rest", 1.0))
    apply(
        state,
        f.RunStarted(
            0, 0, -1, (), scenario="test", root_seed=1, replication=0, draw=0, duration_s=1, places=("here", "there"),
            values=values,
        ),
    )  # fmt: skip
    apply(state, f.ControlChanged(1, 0, 0, (), place="here", side="us", lost_by="", how="initial", engagement=""))
    force = {
        "force": "ours", "side": "us", "place": "here", "origin": "initial", "type": "army", "posture": "garrison",
        "operation": "", "fit": 100, "vehicles": (), "quality": 1.0, "cohesion": 1.0, "food_g": 900_000,
        "ammunition_g": 0,
    }  # fmt: skip
    apply(state, f.ForceRaised(2, 0, 0, (), **force | of_force))
    return state


def test_only_who_is_in_the_hills_goes_on_through_them() -> None:
    """A garrison cannot infiltrate, and nobody infiltrates to where he is."""
    state = one_force()
    fact = f.ForceInfiltrated(3, 0, 2, (), force="ours", side="us", place="there", origin="here", fit=100)
    with pytest.raises(Impossible, match="ours is not in the hills of here and cannot go on to there"):
        apply(state, fact)
    apply(state, f.ForceDispersed(3, 0, 2, (), force="ours", side="us", place="here", fit=100, reason="test"))
    apply(state, f.ForceInfiltrated(4, 0, 3, (), force="ours", side="us", place="there", origin="here", fit=100))
    assert (state.in_hills("here", "us"), state.in_hills("there", "us")) == (0, 100)


def test_a_column_is_ambushed_on_its_leg() -> None:
    """Who is not on a leg cannot be waylaid there."""
    fact = f.ColumnAmbushed(
        3, 0, 2, (), force="ours", side="us", place="there", leg="L1", by="them", ambushers=5, killed=1, wounded=1
    )
    with pytest.raises(Impossible, match="ours is not on L1 and cannot be ambushed there"):
        apply(one_force(), fact)


def test_no_more_people_flee_than_there_are() -> None:
    """The people of a place are those who fled and those who are left."""
    with pytest.raises(Impossible, match="of 100 people of here, 101 cannot have fled and -1 be left"):
        apply(one_force(), f.PopulationFled(3, 0, 2, (), place="here", side="us", count=101, left=-1, front="here"))


def test_nobody_comes_home_who_did_not_flee() -> None:
    """Homecomings are at most the flights."""
    with pytest.raises(Impossible, match="of 100 people of here, -1 cannot have fled and 101 be left"):
        apply(one_force(), f.PopulationReturned(3, 0, 2, (), place="here", side="us", count=1, left=101))


def test_those_who_fled_are_counted_since_the_last_homecoming() -> None:
    """Every flight adds to them, and a homecoming begins the count anew, whoever has not come home."""
    state = one_force()
    apply(state, f.PopulationFled(3, 0, 2, (), place="here", side="us", count=40, left=60, front="here"))
    apply(state, f.PopulationFled(4, 0, 3, (), place="here", side="us", count=10, left=50, front="next door"))
    assert (state.places["here"].fled_since, state.places["here"].homecomings) == (50, 0)
    apply(state, f.PopulationReturned(5, 0, 4, (), place="here", side="us", count=30, left=80))
    assert (state.places["here"].fled_since, state.places["here"].homecomings) == (0, 1)


def test_only_the_besieged_share_their_food_and_eat_it_up_sooner() -> None:
    """A stock runs down at the rate of the garrison and of those whom it feeds, while it is shut in."""
    state = one_force()
    shared = f.FoodShared(3, 0, 2, (), place="here", side="us", people=50, food_g_per_day=25_000)
    with pytest.raises(Impossible, match="us is not besieged at here and has no food to share"):
        apply(state, shared)
    apply(state, f.SiegeBegan(3, 0, 2, (), place="here", side="us", by="them", places=("here",)))
    apply(state, f.FoodShared(4, 0, 3, (), place="here", side="us", people=50, food_g_per_day=25_000))
    stock = state.places["here"].stocks["us"]
    assert stock_at(stock, 2 * DAY) == 900_000 - 2 * 125_000
    apply(state, f.SiegeLifted(5, 2 * DAY, 4, (), place="here", side="us", places=("here",)))
    assert stock_at(stock, 3 * DAY) == 900_000 - 2 * 125_000 - 100_000
    assert state.sides["us"].food_eaten_g == 250_000


def test_no_more_wounded_return_than_there_are() -> None:
    """Who was never wounded cannot be fit again."""
    with pytest.raises(Impossible, match="us has no 1 wounded who could return"):
        apply(one_force(), f.PeopleReturned(3, 0, 2, (), force="ours", side="us", place="here", count=1))
