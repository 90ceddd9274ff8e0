"""Cohesion: what lowers it, what raises it, and what forces do that lack it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import mean, stdev

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import HILLS, State
from sim.domain.terms import DAY, HOUR
from sim.engine import Run, run
from tests.processes.stage import play as act
from tests.processes.stage import stage
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, compiled, of_kind, play

ATTACK = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.stops_for_truce=[]",
    "operations.through-the-gate.delay=PT6H",
    "operations.through-the-gate.patience=PT6H",
    "talks.valley.contact_rate_per_day=0",
)


def wars(*overrides: str, n: int = 6) -> list[Run]:
    """Return several wars of the two valleys in which the South attacks at once."""
    return [play(TWO_VALLEYS, *ATTACK, *overrides, replication=k) for k in range(n)]


def rivers(*overrides: str, n: int = 6) -> list[Run]:
    """Return several wars of the three rivers."""
    return [play(INVENTED, *overrides, replication=k) for k in range(n)]


def walk(war: Run) -> Iterator[tuple[State, f.Fact]]:
    """Yield each fact with the state just before it."""
    state = State()
    for fact in war.facts:
        yield state, fact
        apply(state, fact)


# --- leaders ----------------------------------------------------------------------------------------------------


def test_a_force_may_lose_its_leader_where_it_loses_fighters_and_holds_together_less_for_it() -> None:
    """A leader is lost in a fight of his force; its cohesion falls by the stated drop, and not below 0."""
    lost = 0
    for war in wars("cohesion.leader_loss_per_share_lost=5", "cohesion.leader_drop=0.15"):
        for state, fact in walk(war):
            if isinstance(fact, f.CohesionShifted) and fact.reason == "leader lost":
                lost += 1
                fell = war.facts[fact.cause]
                assert isinstance(fell, f.LeaderLost)
                assert isinstance(war.facts[fell.cause], f.BoutFought | f.ColumnAmbushed)
                assert fact.cohesion == pytest.approx(max(0.0, state.forces[fact.force].cohesion - 0.15))
    assert lost >= 5


def test_the_chance_to_lose_a_leader_is_in_proportion_to_the_share_lost() -> None:
    """Over many bouts as many leaders are lost as shares of forces times the number that the scenario gives."""
    expected, lost = 0.0, 0
    for war in wars("cohesion.leader_loss_per_share_lost=2", "cohesion.leader_drop=0", n=40):
        lost += len(of_kind(war.facts, f.LeaderLost))
        for state, fact in walk(war):
            if isinstance(fact, f.BoutFought):
                expected += sum(2 * (dead + hurt) / state.forces[name].fit for name, dead, hurt in fact.losses)
    assert expected > 40
    assert abs(lost - expected) < 2.6 * expected**0.5


# --- bad news -----------------------------------------------------------------------------------------------------


def test_bad_news_is_heard_later_where_it_was_not_seen() -> None:
    """Forces in the same area, but not next door, hear of a fall after the delay and lose as much as the news costs."""
    world = compiled(REFERENCE)
    heard = 0
    overrides = ("cohesion.news_drop=0.1", "cohesion.news_delay=PT30H", "communications=null")
    for war in [play(REFERENCE, *overrides, replication=k) for k in range(4)]:
        for state, fact in walk(war):
            if isinstance(fact, f.CohesionShifted) and fact.reason == "bad news":
                heard += 1
                fall = war.facts[fact.cause]
                assert isinstance(fall, f.ControlChanged)
                assert fall.lost_by == fact.side
                assert fact.time_s - fall.time_s == 30 * HOUR
                assert fact.place in world.same_area[fall.place]
                assert fact.place not in world.network.neighbours[fall.place]
                assert fact.cohesion == pytest.approx(max(0.0, state.forces[fact.force].cohesion - 0.1))
    assert heard > 10


def test_news_travels_slower_when_telephones_are_cut() -> None:
    """A blackout multiplies the delay by its factor, as it does with reports."""
    late = 0
    overrides = (
        "cohesion.news_drop=0.1", "cohesion.news_delay=PT10H",
        "communications.panjshir-phones.when={fact: RunStarted, any: null}",
        "communications.panjshir-phones.delay=PT1M", "communications.panjshir-phones.restored_per_day=0",
        "communications.panjshir-phones.report_delay_factor=3",
    )  # fmt: skip
    inside = compiled(REFERENCE).scenario.areas["panjshir"]
    for war in [play(REFERENCE, *overrides, replication=k) for k in range(6)]:
        for fact in of_kind(war.facts, f.CohesionShifted):
            fall = war.facts[fact.cause]
            if fact.reason == "bad news" and fact.side == "nrf" and fall.place in inside:
                late += 1
                assert fact.time_s - fall.time_s == 30 * HOUR
    assert late


# --- rest -----------------------------------------------------------------------------------------------------------


def test_rest_brings_cohesion_back_to_what_it_was_and_no_further() -> None:
    """A force in peace gains so much a day, in steps of a tenth or what is missing, up to where it began."""
    rested = 0
    for war in rivers("cohesion.rest_gain_per_day=0.05"):
        for state, fact in walk(war):
            if isinstance(fact, f.CohesionShifted) and fact.reason == "rest":
                rested += 1
                force = state.forces[fact.force]
                gained = fact.cohesion - force.cohesion
                missing = force.spirit - force.cohesion
                assert 0 < gained <= missing + 1e-9
                assert gained == pytest.approx(min(0.1, missing), abs=1e-4)
                days = (fact.time_s - max(force.shifted_s, force.rested_since_s)) / DAY
                assert gained <= 0.05 * days + 1e-4
    assert rested > 10


def test_nobody_rests_on_the_march_in_a_fight_in_a_siege_or_hungry() -> None:
    """Rest needs a place without fighting, an open road and food; who hides in the hills has it."""
    hidden = 0
    for war in [play(REFERENCE, "cohesion.rest_gain_per_day=0.2", replication=k) for k in range(3)]:
        for state, fact in walk(war):
            if isinstance(fact, f.CohesionShifted) and fact.reason == "rest":
                force = state.forces[fact.force]
                place = state.places[force.place]
                assert not force.leg
                hidden += force.posture == HILLS
                if force.posture != HILLS:
                    assert not place.engagement
                    assert place.besieged != force.side
                    assert force.side not in place.stocks or place.stocks[force.side].hungry_since_s < 0
    assert hidden


def test_without_the_new_numbers_no_leader_news_rest_or_agreement_moves_anybody() -> None:
    """Each of these is off where its numbers are left out; with cohesion switched off nothing shifts at all."""
    overrides = [
        f"cohesion.{name}=null"
        for name in (
            "leader_loss_per_share_lost", "leader_drop", "news_drop", "news_delay", "rest_gain_per_day",
            "hand_over_share",
        )
    ]  # fmt: skip
    for war in rivers(*overrides, n=3):
        reasons = {fact.reason for fact in of_kind(war.facts, f.CohesionShifted)}
        assert reasons
        assert not reasons & {"leader lost", "bad news", "rest"}
        assert not of_kind(war.facts, f.LeaderLost)
    for war in rivers("cohesion.enabled=false", n=3):
        assert not {"CohesionShifted", "LeaderLost", "FightersDeserted"} & {fact.kind for fact in war.facts}


# --- what follows -----------------------------------------------------------------------------------------------------


def agreements(war: Run) -> list[f.ForceSurrendered]:
    """Return the hand-overs that low cohesion brought about, not the cutting of a way."""
    return [
        fact
        for fact in of_kind(war.facts, f.ForceSurrendered)
        if fact.how == "handed over" and isinstance(war.facts[fact.cause], f.HazardFired | f.VehiclesLost)
        and not isinstance(war.facts[war.facts[fact.cause].cause], f.GarrisonCutOff)
    ]  # fmt: skip


def test_a_garrison_in_a_crisis_may_hand_its_place_over_to_the_enemy_next_door() -> None:
    """Below the threshold of cohesion it may agree: its fighters go home, the place goes to the enemy next door."""
    world = compiled(INVENTED)
    agreed = 0
    overrides = ("cohesion.hand_over_share=1", "cohesion.crisis_rate_per_day=3", "cohesion.crisis_below=0.9")
    for war in rivers(*overrides):
        given = {fact.seq: fact for fact in agreements(war)}
        for state, fact in walk(war):
            if fact.seq in given:
                agreed += 1
                force = state.forces[fact.force]
                assert force.cohesion < 0.9
                assert (fact.captured, fact.released) == (0, force.fit)
                assert state.places[fact.place].holder == fact.side
                takers = {state.places[place].holder for place in world.network.neighbours[fact.place]}
                assert fact.captor in takers
                change = war.facts[fact.seq + 1]
                left = state.fighters(fact.place, fact.side) - force.fit
                assert left or (change.kind, change.side, change.how) == ("ControlChanged", fact.captor, "handed over")
    assert agreed


def test_nobody_hands_over_without_a_share_and_people_who_lean_to_a_garrison_keep_it_from_it() -> None:
    """The chance is the share times what the people do not lean to the garrison's side."""
    crisis = ("cohesion.crisis_rate_per_day=3", "cohesion.crisis_below=0.9")
    assert not [fact for war in rivers(*crisis, "cohesion.hand_over_share=0") for fact in agreements(war)]
    liked = [f"places.{place}.leaning.crown=1" for place in ("odrel", "brask", "ilva")]
    held = [
        fact
        for war in rivers(*crisis, "cohesion.hand_over_share=1", "people=null", *liked)
        for fact in agreements(war)
        if fact.place in ("odrel", "brask", "ilva") and fact.side == "crown"
    ]
    assert not held


def test_every_hazard_follows_a_change_of_its_numbers_on_the_way() -> None:
    """From the second of the change on, each force crumbles at the new rate."""
    world = compiled(INVENTED)
    war = run(world, seed=1, changes=((6 * DAY, "cohesion.quiet_desertion_rate_per_day", 0.8),))
    alive: set[str] = set()
    for state, fact in walk(war):
        if isinstance(fact, f.AssumptionChanged):
            alive = {f"crumbling:{force.id}" for force in state.forces.values() if force.fit}
    moved = {
        clock.clock: clock
        for clock in of_kind(war.facts, f.HazardChanged)
        if isinstance(war.facts[clock.cause], f.AssumptionChanged)
    }
    assert alive == set(moved)
    assert all(clock.rate_per_day >= 0.8 and clock.time_s == 6 * DAY for clock in moved.values())


# --- shut in and past holding --------------------------------------------------------------------------------------


def five_hundred_at_the_gate(enemies: int) -> tuple[str, ...]:
    """Return the settings of a stage on which five hundred men in a crisis face so many enemies next door."""
    return (
        "cohesion.enabled=true",
        "cohesion.crisis_below=1",
        "cohesion.crisis_rate_per_day=3",
        "cohesion.desertion_share=0.001",
        "forces.northerners.strength=500",
        "forces.northerners.share_present=1",
        "forces.northerners.posts={gate: 1, mill: null}",
        "forces.northerners.reserve={mill: null}",
        f"forces.southerners.strength={enemies}",
        "forces.southerners.share_present=1",
        "scenario.end=2030-05-04T00:00+02:00",
    )


def shut_in(enemies: int, leaning: float, replications: int = 40) -> list[str]:
    """Return what becomes first of five hundred men at the Gate who are shut in and past holding.

    ``stays`` if nothing did within ten days: each is asked several times a day.
    """
    on = stage(
        "cohesion.surrender_below=1",
        "cohesion.hand_over_share=null",
        "supply.siege_after=PT1H",
        "supply.blockade_fighters=1",
        "places.gate.basis=invented",
        "places.gate.confidence=low",
        f"places.gate.leaning={{north: {leaning}}}",
        "combat.hills_share=1",
        "legs.L1.travel_time_h_light=null",
        "legs.L1.travel_time_h_truck=null",
        "depots.north-store.home=false",
        "doctrine.north.when_cut.disperse=0",
        "doctrine.north.when_cut.parley=0",
        "doctrine.north.when_cut.withdraw=0",
        *five_hundred_at_the_gate(enemies),
    )
    found = []
    for replication in range(replications):
        facts = act(on=on, replication=replication).facts
        assert of_kind(facts, f.SiegeBegan)
        ends = [fact for fact in facts if isinstance(fact, f.ForceSurrendered | f.ForceDispersed)]
        found.append(ends[0].kind if ends else "stays")
    return found


def test_nobody_gives_himself_up_before_a_handful() -> None:
    """Whether a shut-in force lays down its arms follows from how many enemies stand around it."""
    few, many = (shut_in(enemies, 0.0).count("ForceSurrendered") for enemies in (15, 5_000))
    assert many > 30
    assert few < many / 2


def test_men_whom_the_people_hide_take_to_the_hills_rather_than_into_captivity() -> None:
    """At a place whose people lean to it a shut-in force goes to the hills as often as they do."""
    liked, disliked = shut_in(5_000, 0.9), shut_in(5_000, 0.0)
    assert disliked.count("ForceDispersed") == 0
    assert liked.count("ForceDispersed") > 3 * liked.count("ForceSurrendered")


def handed_over(enemies: int, replications: int = 40) -> int:
    """Return how often five hundred men at the Gate, in a crisis, agree with so many enemies next door."""
    on = stage(
        "cohesion.surrender_below=0",
        "cohesion.hand_over_share=1",
        *five_hundred_at_the_gate(enemies),
    )
    wars = [act(on=on, replication=replication).facts for replication in range(replications)]
    surrenders = [of_kind(facts, f.ForceSurrendered) for facts in wars]
    return sum(any((fact.side, fact.how) == ("north", "handed over") for fact in told) for told in surrenders)


def test_a_strong_garrison_seldom_hands_over_to_a_weak_neighbour() -> None:
    """The chance of an agreement is in proportion to the enemy's part of all fighters who face each other."""
    few, many = handed_over(15), handed_over(5_000)
    assert many > 10
    assert few < many / 3


# --- groups -----------------------------------------------------------------------------------------------------------


def test_a_larger_force_loses_more_groups_and_not_larger_ones() -> None:
    """Each desertion takes part of one group; the rate of a force is that of a group times its groups."""
    on = stage("cohesion.enabled=true", "cohesion.group_fighters=50", "cohesion.desertion_share=0.5",
               "cohesion.quiet_desertion_rate_per_day=0.2", "cohesion.crisis_below=0")  # fmt: skip
    gone = 0
    for replication in range(4):
        war = act(on=on, replication=replication)
        for fact in of_kind(war.facts, f.FightersDeserted):
            gone += 1
            assert fact.count <= 50
        for name, force in war.state.forces.items():
            if force.fit:
                rate = war.state.clocks[f"crumbling:{name}"].rate_per_day
                assert rate == pytest.approx(0.2 * min(40, math.ceil(force.fit / 50)), rel=0.021)
    assert gone > 100


def test_what_a_force_loses_in_the_mean_does_not_depend_on_how_many_make_up_their_minds_together() -> None:
    """The rate of a group times its share is the loss of a force, in groups of fifty as in one."""
    quiet = ("cohesion.enabled=true", "cohesion.desertion_share=0.1", "cohesion.quiet_desertion_rate_per_day=0.1",
             "cohesion.crisis_below=0", "forces.southerners.strength=1000", "forces.southerners.share_present=1",
             )  # fmt: skip
    left = []
    for group in ("null", "50"):
        on = stage(*quiet, f"cohesion.group_fighters={group}")
        wars = [act(on=on, replication=k) for k in range(40)]
        gone = [sum(x.count for x in of_kind(war.facts, f.FightersDeserted) if x.side == "south") for war in wars]
        left.append((mean(gone), stdev(gone) / len(gone) ** 0.5))
    (one, one_error), (many, many_error) = left
    assert abs(one - many) < 2.6 * math.hypot(one_error, many_error)
    assert many_error < one_error / 2


def test_all_of_a_side_who_are_shut_in_together_give_themselves_up_together() -> None:
    """Nobody lays down his arms beside men of his side who go on holding the same place."""
    surrenders = 0
    for history in [play(REFERENCE, "cohesion.surrender_below=0.5", replication=k) for k in range(6)]:
        for state, fact in walk(history):
            if isinstance(fact, f.ForceSurrendered) and fact.how == "surrender":
                with_him = [
                    name
                    for name in state.places[fact.place].forces
                    if state.forces[name].side == fact.side and state.forces[name].fit
                    and state.forces[name].posture != HILLS
                ]  # fmt: skip
                surrenders += len(with_him) > 1
                same = [
                    other.force for other in of_kind(history.facts, f.ForceSurrendered) if other.cause == fact.cause
                ]
                assert set(with_him) <= set(same)
    assert surrenders
