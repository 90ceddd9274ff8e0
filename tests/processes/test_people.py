"""Civilians: who flees from a front and comes home, what a besieged garrison gives, what searches cost."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from sim.engine import Run, run
from tests.worlds import INVENTED, TWO_VALLEYS, compiled, of_kind, play, played

ATTACK = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.stops_for_truce=[]",
    "operations.through-the-gate.delay=PT6H",
    "operations.through-the-gate.patience=PT6H",
    "talks.valley.contact_rate_per_day=0",
)
PEOPLE = (
    "people={basis: invented, confidence: low, flight_share: 0.5, flight_share_next_door: 0.1, flight_delay: PT6H, "
    "return_after: P2D, return_share: 0.5, searches_shift_per_day: 0.05, shift_max: 0.2, fed_share: 0.2, "
    "food_kg_per_person_day: 0.5}"
)
KINDS = {"PopulationFled", "PopulationReturned", "FoodShared", "LeaningShifted"}
#: Places one leg away from each other.
NEAR = {"mill": {"gate"}, "gate": {"mill", "plain"}, "plain": {"gate"}}


def wars(*overrides: str, n: int = 6) -> list[Run]:
    """Return several wars of the two valleys in which the South attacks at once and people count."""
    return [play(TWO_VALLEYS, *ATTACK, PEOPLE, *overrides, replication=k) for k in range(n)]


def states(run: Run) -> list[tuple[State, f.Fact]]:
    """Return the facts of a run with a state that holds, while one looks at a fact, what stood just before it."""
    state = State()

    def walk():
        for fact in run.facts:
            yield state, fact
            apply(state, fact)

    return walk()


def test_people_leave_until_the_share_of_the_worst_fight_has_left() -> None:
    """Between two homecomings as many have left after a flight as its share of all; nobody leaves twice for one."""
    fled = 0
    for war in wars():
        seen: set[str] = set()
        for state, fact in states(war):
            if isinstance(fact, f.PopulationReturned):
                seen.clear()
            elif isinstance(fact, f.PopulationFled):
                fled += 1
                assert fact.place == "mill"  # nobody lives at the gate or on the plain
                assert fact.front not in seen
                seen.add(fact.front)
                mill = state.places["mill"]
                people = int(state.values["places.mill.population"]) - mill.fled
                share = 0.5 if fact.front == "here" else 0.1
                assert fact.count + mill.fled_since == int((people + mill.fled_since) * share)
                assert fact.left == people - fact.count
    assert fled >= 10


def test_more_people_flee_from_a_larger_fight() -> None:
    """Of the share of a great battle so much leaves as the fighters of a fight against the stated scale, saturating."""
    sizes = set()
    for war in wars("people.flight_scale_fighters=600", "people.return_after=P90D"):
        fights = {fact.seq: fact.attackers + fact.defenders for fact in of_kind(war.facts, f.EngagementBegan)}
        first = of_kind(war.facts, f.PopulationFled)[0]
        sizes.add(fights[first.cause])
        expected = 0.1 * (1 - math.exp(-fights[first.cause] / 600))
        assert first.count / (first.count + first.left) == pytest.approx(expected, abs=1e-3)
    assert len(sizes) > 2


def test_people_leave_before_the_front_is_at_their_place() -> None:
    """Six hours after fighting began next door some are on the road, whether it ever comes to them or not."""
    for war in wars():
        began = next(fact for fact in of_kind(war.facts, f.EngagementBegan) if fact.place == "gate")
        left = of_kind(war.facts, f.PopulationFled)[0]
        assert (left.front, left.time_s - began.time_s, left.cause) == ("next door", 6 * HOUR, began.seq)


def test_people_come_home_after_quiet_time() -> None:
    """Half of those who fled come home when nobody has fought here or next door for two days, and not before."""
    homecomings = 0
    for war in wars():
        for state, fact in states(war):
            if isinstance(fact, f.PopulationReturned):
                homecomings += 1
                near = [state.places[place] for place in (fact.place, *NEAR[fact.place])]
                assert not any(place.engagement for place in near)
                assert fact.time_s - max(place.fought_s for place in near) >= 2 * DAY
                assert fact.count == int(state.places[fact.place].fled * 0.5)
    assert homecomings >= 5


def test_shorter_quiet_from_some_day_on_brings_people_home_sooner() -> None:
    """Who waits for quiet looks again when the time that he waits changes."""
    world = compiled(TWO_VALLEYS, (*ATTACK, PEOPLE, "people.return_after=P9D"))
    late, soon = (
        run(world, seed=1, changes=changes) for changes in ((), ((5 * DAY, "people.return_after", 3.0 * DAY),))
    )
    first = [of_kind(war.facts, f.PopulationReturned)[0].time_s for war in (late, soon)]
    ended = of_kind(late.facts, f.EngagementEnded)[-1].time_s
    assert first == [ended + 9 * DAY, ended + 3 * DAY]


@pytest.mark.parametrize("off", ["people=null", "people.enabled=false"])
def test_without_people_nobody_flees_and_nobody_is_fed(off: str) -> None:
    """Switched off, civilians stay where they are and the war leaves no fact of theirs."""
    for war in wars(off, n=3):
        assert not KINDS & {fact.kind for fact in war.facts}


def test_those_who_fled_do_not_rise() -> None:
    """A rising draws on the people still there, who lean to its side at that moment."""
    overrides = ("people.flight_share=0.9", "people.return_share=0", "risings.search_rate_per_day=20",
                 *(f"doctrine.{side}.disperses_at_odds=null" for side in ("north", "south")))  # fmt: skip
    risings = 0
    for war in wars(*overrides, "risings.fighters_share_of_population=0.04", n=10):
        for state, fact in states(war):
            if isinstance(fact, f.RisingBegan):
                risings += 1
                place = state.places[fact.place]
                there = int(state.values[f"places.{fact.place}.population"]) - place.fled
                leaning = state.values[f"places.{fact.place}.leaning.{fact.side}"] + place.leaning.get(fact.side, 0)
                assert place.fled > there
                assert fact.fighters == int(there * min(1.0, leaning) * 0.04)
    assert risings >= 3


# --- what a besieged garrison gives ---------------------------------------------------------------------------


def test_a_besieged_garrison_feeds_a_share_of_those_still_there() -> None:
    """It gives so many rations as the share of the people says, fewer when people leave, none when not besieged."""
    shared = 0
    for war in wars():
        for state, fact in states(war):
            if isinstance(fact, f.FoodShared):
                shared += 1
                place = state.places[fact.place]
                there = int(state.values[f"places.{fact.place}.population"]) - place.fled
                assert (place.besieged, fact.people) == (fact.side, int(there * 0.2))
                assert fact.food_g_per_day == fact.people * 500
    assert shared >= 6


def test_shared_food_leaves_a_stock_sooner_and_every_gram_is_accounted_for() -> None:
    """With more mouths a shut-in garrison goes hungry earlier, and the books of food balance."""

    def hungry_s(share: float) -> int:
        war = play(
            TWO_VALLEYS, *ATTACK, PEOPLE, f"people.fed_share={share}", "people.flight_share_next_door=0",
            "supply.blockade_fighters=1", "supply.siege_after=PT1H", "supply.footpath_leak_share=0",
            "depots.north-store.food_kg=2000", "operations.through-the-gate.axes.road.path=[gate]", replication=2,
        )  # fmt: skip
        for side, books in war.state.sides.items():
            stocks = sum(place.stocks[side].food_g for place in war.state.places.values() if side in place.stocks)
            carried = sum(force.food_g for force in war.state.forces.values() if force.side == side)
            on_the_road = sum(convoy.food_g for convoy in war.state.convoys.values() if convoy.side == side)
            assert books.food_in_g == stocks + carried + on_the_road + books.food_eaten_g + books.food_lost_g
        gone = [fact for fact in of_kind(war.facts, f.StockExhausted) if (fact.place, fact.side) == ("mill", "north")]
        return next((fact.time_s for fact in gone if fact.supply == "food"), 20 * DAY)

    assert hungry_s(0.5) < hungry_s(0.2) < hungry_s(0)


# --- what searches cost -----------------------------------------------------------------------------------------


def test_searches_turn_the_people_step_by_step_up_to_a_limit() -> None:
    """For each day of searches they lean so much less to the garrison and more to its enemies, to the limit."""
    searched = 0
    for war in wars():
        begins = of_kind(war.facts, f.HouseSearchesBegan)
        if not begins or [fact for fact in of_kind(war.facts, f.RisingBegan) if fact.time_s > begins[0].time_s]:
            continue
        searched += 1
        shifts = of_kind(war.facts, f.LeaningShifted)
        own = [(fact.time_s - begins[0].time_s, fact.shift) for fact in shifts if fact.towards == "south"]
        assert own == [(day * DAY, pytest.approx(-0.05 * day)) for day in range(1, len(own) + 1)]
        assert len(own) <= 4
        assert [fact.shift for fact in shifts if fact.towards == "north"] == pytest.approx([-shift for _, shift in own])
    assert searched


def test_what_was_searched_at_an_old_rate_counts_when_the_rate_changes() -> None:
    """Half a step is recorded at the change, and the next one comes at the new rate."""
    world = compiled(TWO_VALLEYS, (*ATTACK, PEOPLE, "risings.enabled=false"))
    begins = of_kind(run(world, seed=1).facts, f.HouseSearchesBegan)[0].time_s
    change = (begins + DAY // 2, "people.searches_shift_per_day", 0.1)
    shifts = of_kind(run(world, seed=1, changes=(change,)).facts, f.LeaningShifted)
    own = [(fact.time_s - begins, fact.shift) for fact in shifts if fact.towards == "south"][:3]
    assert own == [
        (DAY // 2, pytest.approx(-0.025)),
        (DAY, pytest.approx(-0.075)),
        (3 * DAY // 2, pytest.approx(-0.125)),
    ]


def test_a_shifted_leaning_moves_the_rate_of_a_rising() -> None:
    """Where people turn against a garrison that does not change, the rate of a rising grows with their leaning."""
    grew = 0
    for war in [
        play(INVENTED, "people.searches_shift_per_day=0.1", "risings.cause=local", replication=k) for k in range(12)
    ]:
        clocks = of_kind(war.facts, f.HazardChanged)
        for before, after in pairwise([clock for clock in clocks if clock.clock == "rising:ilva"]):
            if isinstance(war.facts[after.cause], f.LeaningShifted) and isinstance(
                war.facts[before.cause], f.LeaningShifted | f.HouseSearchesBegan
            ):
                grew += 1
                assert after.rate_per_day > before.rate_per_day > 0
    assert grew


def test_the_displaced_of_the_reference_war_are_never_more_than_the_people() -> None:
    """Everybody is at home or away, at every fact, and most places empty in part only."""
    for war in [played(replication=k) for k in range(3)]:
        assert of_kind(war.facts, f.PopulationFled)
        for place in war.state.places.values():
            assert 0 <= place.fled <= war.state.values.get(f"places.{place.id}.population", 0)
