"""Risings: what their rate rests on, who is heard of nearby, who pushes, and what a change on the way does."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import HILLS, State
from sim.domain.terms import DAY
from sim.engine import Run, run
from sim.world import Compiled
from tests.worlds import INVENTED, REFERENCE, compiled, of_kind, play

SIDES = tuple(compiled(INVENTED).scenario.doctrine)
LEGS_OF_ILVA = ("coldwater", "odrel")


def wars(*overrides: str, n: int = 8) -> list[Run]:
    """Return several wars of the three rivers."""
    return [play(INVENTED, *overrides, replication=k) for k in range(n)]


def walk(war: Run) -> Iterator[tuple[State, f.Fact]]:
    """Yield each fact with the state just before it."""
    state = State()
    for fact in war.facts:
        yield state, fact
        apply(state, fact)


def successes(world: Compiled, state: State, place: str) -> int:
    """Return how many places of the same area enemies of a place's holder took within the memory of people."""
    memory = state.values["risings.contagion_duration"]
    holder = state.places[place].holder
    return sum(
        there.taken_s >= max(0, state.time_s - memory) and there.holder in world.hostile[holder]
        for name in world.same_area[place]
        if (there := state.places[name])
    )


def test_the_rate_is_the_product_that_the_page_states() -> None:
    """Quiet and search rate x leaning x shock x contagion per success x exp(-garrison / scale), within 5 %."""
    overrides = ("risings.area_shock=1", "risings.cause=local", "people=null")
    world = compiled(INVENTED, overrides)
    looked = contagious = 0
    for war in wars(*overrides):
        latest = {}
        for state, fact in walk(war):
            for place, clock in latest.items():
                if fact.time_s == clock.time_s or clock.rate_per_day == 0:
                    continue
                here, values = state.places[place], state.values
                if here.engagement or state.clocks[f"rising:{place}"].rate_per_day != clock.rate_per_day:
                    continue
                looked += 1
                rate = values["risings.quiet_rate_per_day"]
                rate += values["risings.search_rate_per_day"] if here.searched_since_s >= 0 else 0
                rate *= max(values.get(f"places.{place}.leaning.{side}", 0.0) for side in world.hostile[here.holder])
                heard = successes(world, state, place)
                contagious += heard > 0
                rate *= values["risings.contagion_factor"] ** heard
                rate *= math.exp(-state.fighters(place, here.holder) / values["risings.garrison_scale_fighters"])
                assert clock.rate_per_day == pytest.approx(rate, rel=0.06)
            latest.clear()
            if isinstance(fact, f.HazardChanged) and fact.clock.startswith("rising:"):
                latest[fact.clock.partition(":")[2]] = fact
    assert looked > 30


def test_a_success_nearby_raises_the_rate_until_it_is_old() -> None:
    """A place lost in the same area multiplies the rate at the next one, and after a while no longer."""
    world = compiled(REFERENCE)
    raised = forgotten = 0
    for war in [play(REFERENCE, "risings.cause=local", "risings.contagion_factor=3", replication=k) for k in range(6)]:
        rates: dict[str, float] = {}
        for fact in war.facts:
            if isinstance(fact, f.HazardChanged) and fact.clock.startswith("rising:"):
                place = fact.clock.partition(":")[2]
                cause = war.facts[fact.cause]
                before = rates.get(place, 0.0)
                if isinstance(cause, f.ControlChanged) and cause.place != place and before:
                    nearby = cause.place in world.same_area[place]
                    assert nearby
                    raised += fact.rate_per_day > before and fact.time_s == cause.time_s
                    forgotten += fact.rate_per_day < before and fact.time_s > cause.time_s
                rates[place] = fact.rate_per_day
    assert raised
    assert forgotten


def test_pushed_risings_need_organised_fighters_nearby() -> None:
    """Where somebody must push, people rise only with fighters of their side next door or in hills nearby."""
    rose = {"local": 0, "pushed": 0}
    alone = 0
    for cause in rose:
        for war in wars(f"risings.cause={cause}", "risings.search_rate_per_day=2", n=16):
            for state, fact in walk(war):
                if isinstance(fact, f.RisingBegan) and fact.place == "ilva":
                    rose[cause] += 1
                    near = [
                        force
                        for place in ("ilva", *LEGS_OF_ILVA)
                        for name in state.places[place].forces
                        if (force := state.forces[name]).side == fact.side
                        and force.type != "local"
                        and (place != "ilva" or force.posture == HILLS)
                    ]
                    alone += not near and cause == "local"
                    assert near or cause == "local"
    assert rose["local"] >= rose["pushed"] > 0
    assert alone


def test_people_do_not_rise_while_a_fight_goes_on() -> None:
    """During an engagement the hazard of a rising stands still."""
    for war in wars("risings.search_rate_per_day=3"):
        for state, fact in walk(war):
            if isinstance(fact, f.HazardFired) and fact.clock.startswith("rising:"):
                assert not state.places[fact.clock.partition(":")[2]].engagement


def test_every_rate_follows_a_change_of_its_numbers_on_the_way() -> None:
    """From the second of the change on people rise at the new rate: ten times the old one where nothing else moved."""
    world = compiled(INVENTED, ("risings.cause=local", "doctrine.crown.searches.delay=P20D"))
    change = (5 * DAY, "risings.quiet_rate_per_day", 0.03)
    war = run(world, seed=1, changes=(change,))
    rates: dict[str, float] = {}
    followed = 0
    for fact in war.facts:
        if isinstance(fact, f.HazardChanged) and fact.clock.startswith("rising:"):
            if isinstance(war.facts[fact.cause], f.AssumptionChanged):
                followed += 1
                assert fact.time_s == 5 * DAY
                assert fact.rate_per_day == pytest.approx(10 * rates[fact.clock], rel=0.06)
            rates[fact.clock] = fact.rate_per_day
    assert followed


def test_nobody_rises_before_hopeless_odds() -> None:
    """Before a garrison so many times their number that they would disperse people do not rise; else they do."""
    kept = {}
    often = ("risings.quiet_rate_per_day=0.5", "risings.cause=local", "risings.garrison_scale_fighters=5000")
    for odds in ("1.5", "null"):
        kept[odds] = []
        for war in wars(*often, *(f"doctrine.{side}.disperses_at_odds={odds}" for side in SIDES)):
            for state, fact in walk(war):
                if isinstance(fact, f.RisingBegan):
                    kept[odds].append(state.fighters(fact.place, fact.against) / fact.fighters)
    assert kept["1.5"]
    assert max(kept["1.5"]) < 1.5
    assert max(kept["null"]) > 1.5


def test_searches_that_fell_due_in_a_fight_begin_when_it_is_over() -> None:
    """Who was busy fighting when he meant to search does it as soon as nobody fights him any more."""
    begun = 0
    overrides = (
        "doctrine.tb.searches.delay=P3D", "doctrine.tb.searches.leaning_below=1", "risings.cause=local",
        "risings.quiet_rate_per_day=0.5", "combat.casualties_per_fighter_hour=0.001",
    )  # fmt: skip
    for war in [play(REFERENCE, *overrides, replication=k) for k in range(5)]:
        searches = {(fact.place, fact.time_s) for fact in of_kind(war.facts, f.HouseSearchesBegan)}
        held: dict[str, tuple[str, int]] = {}
        searched: set[str] = set()
        began: dict[str, int] = {}
        for state, fact in walk(war):
            if isinstance(fact, f.ControlChanged):
                held[fact.place] = (fact.side, fact.time_s)
                searched.discard(fact.place)
            elif isinstance(fact, f.HouseSearchesBegan):
                searched.add(fact.place)
            elif isinstance(fact, f.EngagementBegan):
                began[fact.place] = fact.time_s
            elif isinstance(fact, f.EngagementEnded) and fact.outcome not in ("taken", "abandoned", "truce"):
                holder, since = held[fact.place]
                due = since + 3 * DAY
                people = int(state.values.get(f"places.{fact.place}.population", 0)) > state.places[fact.place].fled
                waited = fact.place not in searched and began[fact.place] <= due < fact.time_s
                if holder == "tb" and fact.enemy == "tb" and waited and people:
                    begun += 1
                    assert (fact.place, fact.time_s) in searches
    assert begun


def test_searches_begin_at_once_when_their_delay_is_cut_short() -> None:
    """A garrison that was to search later does so when the delay that it waits is over by the new number."""
    late = run(compiled(INVENTED, ("doctrine.crown.searches.delay=P20D",)), seed=1)
    change = (4 * DAY, "doctrine.crown.searches.delay", 2.0 * DAY)
    soon = run(compiled(INVENTED, ("doctrine.crown.searches.delay=P20D",)), seed=1, changes=(change,))
    first = [of_kind(war.facts, f.HouseSearchesBegan)[0].time_s for war in (late, soon)]
    assert first == [20 * DAY, 4 * DAY]


def test_the_cause_of_risings_may_turn_on_the_way() -> None:
    """When risings stop being pushed, people who nobody could push begin to weigh rising."""
    world = compiled(INVENTED, ("risings.cause=pushed",))
    war = run(world, seed=1, replication=2, changes=((3 * DAY, "risings.cause", 0.0),))
    woken = [
        clock
        for clock in of_kind(war.facts, f.HazardChanged)
        if clock.clock.startswith("rising:") and isinstance(war.facts[clock.cause], f.AssumptionChanged)
    ]
    assert woken
    assert all(clock.rate_per_day > 0 for clock in woken)
