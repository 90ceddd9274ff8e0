"""What every run promises: the same inputs give the same log, and the log gives the state."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply, replay
from sim.domain.state import State
from sim.domain.terms import DAY
from sim.engine import run
from sim.eventlog import decode, encode
from sim.scenario.loading import load_scenario
from tests.worlds import INVENTED, REFERENCE, REPOSITORY, TWO_VALLEYS, compiled, of_kind, play

SCENARIOS = [REFERENCE, INVENTED, TWO_VALLEYS]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_replaying_a_log_gives_the_state_of_the_live_run(path: Path) -> None:
    """The state is the fold of the facts and nothing else, also after the log went through its codec."""
    for replication in range(3):
        live = play(path, replication=replication)
        assert replay(decode(encode(live.facts))).digest() == live.state.digest()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_the_same_inputs_give_the_same_log(path: Path) -> None:
    """Two runs of one replication are the same byte for byte; another replication is not."""
    assert play(path).sha256 == play(path).sha256
    assert play(path).sha256 != play(path, replication=1).sha256
    assert play(path).sha256 != play(path, seed=2).sha256


def test_another_process_with_another_hash_seed_gives_the_same_log() -> None:
    """Nothing in a log depends on the process, or on the order in which Python's sets are walked."""
    code = (
        "from sim.engine import run; from sim.scenario.loading import load_scenario; import sys;"
        "print(run(load_scenario(sys.argv[1]), seed=1, replication=2).sha256)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(REFERENCE)],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == play(REFERENCE, replication=2).sha256


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_causes_are_earlier_and_time_never_goes_back(path: Path) -> None:
    """Every fact but the first names an earlier one, and nothing happens before what is already told."""
    facts = play(path).facts
    assert [fact.seq for fact in facts] == list(range(len(facts)))
    assert facts[0].cause == -1
    assert all(0 <= fact.cause < fact.seq for fact in facts[1:])
    assert all(other < fact.seq for fact in facts for other in fact.because)
    assert all(before.time_s <= after.time_s for before, after in pairwise(facts))
    assert isinstance(facts[-1], f.RunEnded)


def _balanced(state: State) -> None:
    """Check the books of every side against what is there."""
    for side, books in state.sides.items():
        fit = sum(force.fit for force in state.forces.values() if force.side == side)
        hurt = books.wounded - books.returned
        lost = books.killed + hurt + books.captured + books.deserted + books.released
        assert books.raised == fit + lost
        carried = [force for force in state.forces.values() if force.side == side]
        stocks = [place.stocks[side] for place in state.places.values() if side in place.stocks]
        road = [convoy for convoy in state.convoys.values() if convoy.side == side]
        food = sum(x.food_g for x in (*carried, *stocks, *road))
        assert books.food_in_g == food + books.food_eaten_g + books.food_lost_g
        ammunition = sum(x.ammunition_g for x in (*carried, *stocks, *road))
        assert books.ammunition_in_g == ammunition + books.ammunition_shot_g + books.ammunition_lost_g
        fuel = sum(x.fuel_g for x in (*stocks, *road))
        assert books.fuel_in_g == fuel + books.fuel_burnt_g + books.fuel_lost_g
        assert min(food, ammunition, fuel, fit) >= 0


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_people_and_supplies_balance_after_every_fact(path: Path) -> None:
    """Nobody and nothing appears or vanishes: the books of every side balance at each fact of a log."""
    state = State()
    for fact in play(path, replication=4).facts:
        apply(state, fact)
        _balanced(state)


def test_nobody_is_in_two_places_and_no_place_has_two_holders() -> None:
    """A force stands in one place or marches on one leg."""
    state = State()
    for fact in play(REFERENCE, replication=5).facts:
        apply(state, fact)
        if fact.seq % 50:
            continue
        standing = [name for place in state.places.values() for name in place.forces]
        marching = [name for names in state.on_leg.values() for name in names]
        assert sorted(standing + marching) == sorted(state.forces)


def test_a_replication_shares_its_assumptions_with_the_others_of_its_draw() -> None:
    """Replication K belongs to draw K // R: same values, other luck."""
    runs = [run(compiled(REFERENCE), seed=3, replication=k, per_draw=2) for k in range(3)]
    values = [of_kind(one.facts, f.RunStarted)[0].values for one in runs]
    assert values[0] == values[1] != values[2]
    assert runs[0].facts[-200:] != runs[1].facts[-200:]


def test_an_observation_number_changes_not_one_byte_of_the_log() -> None:
    """Nothing in the world waits for the press."""
    base = load_scenario(REFERENCE)
    claimant = sorted(base.observation.claimants)[0]
    changed = load_scenario(REFERENCE, [f"observation.claimants.{claimant}.delay=P9D"])
    assert run(base, seed=1).sha256 == run(changed, seed=1).sha256


def test_changing_one_assumption_leaves_every_other_draw_as_it_was() -> None:
    """Common random numbers: only the changed path has another value."""
    first = dict(of_kind(play(REFERENCE).facts, f.RunStarted)[0].values)
    second = dict(of_kind(play(REFERENCE, "combat.casualties_per_fighter_hour=0.05").facts, f.RunStarted)[0].values)
    assert {path for path in first if first[path] != second[path]} == {"combat.casualties_per_fighter_hour"}


def test_the_null_campaign_does_nothing_but_eat() -> None:
    """With operations, risings and cohesion off, stocks fall at their rate and nothing else happens."""
    quiet = (
        "command.enabled=false",
        "risings.enabled=false",
        "cohesion.enabled=false",
        "supply.reorder_days=0",
        "supply.ammunition_reorder_kg_per_fighter=0",
        "supply.blockade_fighters=1000000",  # who merely stands next door shuts no road
        "talks=null",
        "lifelines=null",
        "exogenous=null",
    )
    only = {
        "RunStarted",
        "RunEnded",
        "ControlChanged",
        "StockReplenished",
        "ForceRaised",
        "HazardChanged",
        "HazardFired",
        "PoolHeld",
        "StockExhausted",
        "DayCame",
        "TalksOpened",
        "TruceAgreed",
        "TalksCollapsed",
        "SettlementReached",
        "HouseSearchesBegan",
        "CommunicationsCut",
        "CommunicationsRestored",
        "LifelineOpened",
    }
    done = play(TWO_VALLEYS, *[item for item in quiet if not item.endswith("=null")])
    assert {fact.kind for fact in done.facts} <= only
    for exhausted in of_kind(done.facts, f.StockExhausted):
        state = replay(fact for fact in done.facts if fact.seq < exhausted.seq)
        stock = state.places[exhausted.place].stocks[exhausted.side]
        assert exhausted.time_s == pytest.approx(stock.since_s + stock.food_g * DAY / stock.eaten_g_per_day, abs=2)
