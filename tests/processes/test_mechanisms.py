"""Rules of the world, one mechanism at a time, on the two valleys of tests/data."""

from __future__ import annotations

import math

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply, replay
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from sim.engine import Run
from tests.worlds import REFERENCE, TWO_VALLEYS, compiled, of_kind, play, played

ATTACK_AT_ONCE = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.stops_for_truce=[]",
    "operations.through-the-gate.delay=PT6H",
    "talks.valley.contact_rate_per_day=0",
    "operations.through-the-gate.patience=PT6H",
)


def many(*overrides: str, n: int = 12) -> list[Run]:
    """Run several replications of the two valleys."""
    return [play(TWO_VALLEYS, *overrides, replication=k) for k in range(n)]


# --- movement -------------------------------------------------------------------------------------------


def test_no_column_enters_an_enemy_place_without_an_order_to_assault() -> None:
    """A leg towards an enemy-held place is entered only by a force that assaults it, and nobody else."""
    for run in [played(replication=k) for k in range(4)]:
        state = State()
        for fact in run.facts:
            if isinstance(fact, f.ForceDeparted) and not state.forces[fact.force].leg:
                holder = state.places[fact.to].holder
                assert holder in ("", fact.side) or fact.posture == "assaulting"
            apply(state, fact)


def test_a_leg_takes_its_travel_time_and_the_nights_on_the_way() -> None:
    """A march lasts the time of the leg, plus a rest for each full day of marching."""
    for run in many(*ATTACK_AT_ONCE, "movement.time_factor=1", n=4):
        for departed in of_kind(run.facts, f.ForceDeparted):
            values = dict(of_kind(run.facts, f.RunStarted)[0].values)
            mode = {"lorry": "truck"}.get(departed.mode, departed.mode)
            travel = int(values[f"legs.{departed.leg}.travel_time_h_{mode}"] * HOUR)
            rest = DAY - int(values[f"movement.march_hours_per_day.{mode}"] * HOUR)
            nights = (departed.arrives_s - departed.time_s - departed.queued_s - travel) / rest
            assert nights == int(nights)
            assert nights <= 1


def test_columns_of_vehicles_queue_at_a_pass_and_men_on_foot_do_not() -> None:
    """Two columns of lorries over one pass follow each other at its capacity."""
    capacity = "places.gate.capacity_vehicles_per_h={value: 1, basis: invented, confidence: low}"
    run = play(TWO_VALLEYS, *ATTACK_AT_ONCE, capacity, "forces.southerners.light_vehicles=900")
    driven = [fact for fact in of_kind(run.facts, f.ForceDeparted) if fact.mode == "light" and fact.to == "gate"]
    assert driven
    assert all(fact.pass_free_s > fact.time_s for fact in driven)
    walked = [fact for fact in of_kind(run.facts, f.ForceDeparted) if fact.mode == "foot"]
    assert all(fact.queued_s == 0 for fact in walked)


# --- combat ---------------------------------------------------------------------------------------------


def test_no_more_fight_than_the_frontage_holds() -> None:
    """In every bout the engaged are at most the frontage of their side, however many wait behind."""
    bouts = [bout for run in many(*ATTACK_AT_ONCE) for bout in of_kind(run.facts, f.BoutFought) if bout.place == "gate"]
    assert bouts
    assert max(bout.attackers_engaged for bout in bouts) <= 120
    assert max(bout.defenders_engaged for bout in bouts) <= 120


def test_a_line_is_relieved_only_by_fresh_fighters() -> None:
    """Whoever goes in was not in the line and not among the spent, and fits the depth of the ground."""
    for run in many(*ATTACK_AT_ONCE):
        state = State()
        for fact in run.facts:
            apply(state, fact)
            if isinstance(fact, f.LineRelieved):
                there = sum(state.fighters(fact.place, side) for side in (fact.side,))
                assert fact.fighters + fact.fresh + fact.spent <= there + 1
                assert fact.place != "gate" or fact.fighters <= 240


def test_losses_are_shared_by_those_who_were_there() -> None:
    """The losses of a bout add up over the forces that took part."""
    for run in many(*ATTACK_AT_ONCE, n=6):
        for bout in of_kind(run.facts, f.BoutFought):
            killed = bout.attackers_killed + bout.defenders_killed
            wounded = bout.attackers_wounded + bout.defenders_wounded
            assert sum(part for _, part, _ in bout.losses) == killed
            assert sum(part for _, _, part in bout.losses) == wounded


def test_stronger_ground_saves_defenders_on_average() -> None:
    """With command fixed by one operation, a higher m makes the gate fall less often."""
    weak = many(*ATTACK_AT_ONCE, "terrain_classes.gorge.defence_multiplier=1.5", n=30)
    strong = many(*ATTACK_AT_ONCE, "terrain_classes.gorge.defence_multiplier=15", n=30)

    def fallen(runs: list[Run]) -> int:
        return sum(
            any(c.place == "gate" and c.side == "south" for c in of_kind(run.facts, f.ControlChanged)) for run in runs
        )

    assert fallen(weak) > fallen(strong)


def test_a_place_without_a_way_round_is_never_turned() -> None:
    """Where the turning rate is 0 nobody finds a way; where it is high somebody does."""
    never = many(*ATTACK_AT_ONCE, "terrain_classes.gorge.turning_rate_per_day=0", n=8)
    often = many(*ATTACK_AT_ONCE, "terrain_classes.gorge.turning_rate_per_day=20", n=8)
    assert not [fact for run in never for fact in of_kind(run.facts, f.PositionTurned) if fact.place == "gate"]
    assert [fact for run in often for fact in of_kind(run.facts, f.PositionTurned) if fact.place == "gate"]


def test_the_beaten_are_all_accounted_for() -> None:
    """Of a beaten force everybody is killed, wounded, taken, gone home, in the hills or on the way back."""
    beaten = 0
    for run in many(*ATTACK_AT_ONCE):
        state = State()
        for fact in run.facts:
            if isinstance(fact, f.ForceBeaten):
                beaten += 1
                parts = (fact.killed, fact.wounded, fact.captured, fact.deserted, fact.to_hills, fact.fell_back)
                assert sum(parts) == state.forces[fact.force].fit
                assert min(parts) >= 0
            apply(state, fact)
    assert beaten


def test_nobody_cuts_down_more_of_a_force_than_there_are_pursuers() -> None:
    """A handful that beats off thousands cuts down no more than its own number, however fierce the pursuit."""
    for run in [play(REFERENCE, "combat.pursuit_loss_share=0.9", seed=7, replication=k) for k in range(4)]:
        state = State()
        for fact in run.facts:
            if isinstance(fact, f.ForceBeaten):
                assert fact.killed + fact.wounded <= state.fighters(fact.place, fact.captor)
            apply(state, fact)


def test_a_column_called_back_on_the_road_does_not_attack() -> None:
    """Who was ordered to return while on a leg fights at its end only if the place he came from is lost as well."""
    for run in [played(seed=7, replication=k) for k in range(7)]:
        state = State()
        for fact in run.facts:
            arrival = run.facts[fact.cause] if isinstance(fact, f.EngagementBegan) else None
            if isinstance(arrival, f.ForceArrived) and state.forces[arrival.force].order_purpose == "return":
                assert state.places[arrival.origin].holder not in ("", arrival.side)
            apply(state, fact)


# --- supply ---------------------------------------------------------------------------------------------


def test_a_garrison_without_a_depot_runs_out_when_its_stock_is_eaten() -> None:
    """Exhaustion comes at stock over rate, without anybody looking at the stock in between."""
    run = play(
        TWO_VALLEYS,
        "command.enabled=false",
        "risings.enabled=false",
        "cohesion.enabled=false",
        "depots.north-store.food_kg=0",
        "forces.northerners.stocks.food_days=4",
        "supply.footpath_leak_share=0",
        "talks.valley.contact_rate_per_day=0",
    )
    gone = [fact for fact in of_kind(run.facts, f.StockExhausted) if fact.place == "gate"]
    assert [fact.supply for fact in gone] == ["food"]
    assert gone[0].time_s == pytest.approx(4 * DAY, abs=DAY // 100)


def test_convoys_end_in_exactly_one_of_three_ways() -> None:
    """Every convoy arrives, turns back or is destroyed, or is on the road at the end, and only once."""
    for run in [played(replication=k) for k in range(3)]:
        sent = {fact.convoy for fact in of_kind(run.facts, f.ConvoyDispatched)}
        ends = [
            fact.convoy
            for kind in (f.ConvoyArrived, f.ConvoyTurnedBack, f.ConvoyDestroyed)
            for fact in of_kind(run.facts, kind)
        ]
        assert len(ends) == len(set(ends))
        assert set(ends) | set(run.state.convoys) == sent


def test_a_lifeline_that_is_shut_brings_nothing_and_one_that_is_open_brings_loads() -> None:
    """Outside help comes only where the scenario opens it, and while its end is held."""
    shut, opened = play(TWO_VALLEYS), play(TWO_VALLEYS, "lifelines.pass.open=true")
    assert not of_kind(shut.facts, f.LifelineOpened)
    loads = [fact for fact in of_kind(opened.facts, f.StockReplenished) if fact.source == "pass"]
    assert len(of_kind(opened.facts, f.LifelineOpened)) == 1
    assert len(loads) >= 2


def test_without_supply_nobody_goes_hungry_or_sends_convoys() -> None:
    """Switching supply off takes its facts away and leaves the rest of the war."""
    run = play(TWO_VALLEYS, "supply.enabled=false", *ATTACK_AT_ONCE)
    kinds = {fact.kind for fact in run.facts}
    assert not kinds & {"ConvoyDispatched", "StockExhausted"}
    assert "BoutFought" in kinds


# --- command, talks, communications ------------------------------------------------------------------------


def test_no_operation_starts_during_a_truce_that_forbids_it() -> None:
    """Between TruceAgreed and the end of the talks no operation that stops for them is launched."""
    scenario = compiled(REFERENCE).scenario
    launched = 0
    for run in [played(replication=k) for k in range(10)]:
        truces: set[str] = set()
        for fact in run.facts:
            if isinstance(fact, f.TruceAgreed | f.SettlementReached):
                truces.add(fact.talks)
            elif isinstance(fact, f.TalksCollapsed):
                truces.discard(fact.talks)
            elif isinstance(fact, f.OperationLaunched):
                launched += 1
                assert truces.isdisjoint(scenario.operations[fact.operation].stops_for_truce)
    assert launched


def test_no_attack_begins_where_a_truce_holds() -> None:
    """In the area of the talks no engagement of the parties begins while their truce lasts."""
    scenario = compiled(REFERENCE).scenario
    for run in [played(replication=k) for k in range(10)]:
        quiet: set[str] = set()
        for fact in run.facts:
            if isinstance(fact, f.TruceAgreed | f.SettlementReached):
                quiet |= set(scenario.areas[scenario.talks[fact.talks].area])
            elif isinstance(fact, f.TalksCollapsed):
                quiet -= set(scenario.areas[scenario.talks[fact.talks].area])
            elif isinstance(fact, f.EngagementBegan):
                assert fact.place not in quiet


def test_decisions_rest_on_delivered_reports() -> None:
    """What a side believes of a place is the last report that reached it, with its age."""
    run = played(replication=1)
    sent = {fact.seq: fact for fact in of_kind(run.facts, f.ReportSent)}
    received = of_kind(run.facts, f.ReportReceived)
    assert received
    for report in received:
        origin = sent[report.cause]
        assert report.time_s == origin.deliver_s
        assert report.estimate == origin.estimate
        assert report.observed_s == origin.time_s


def test_cut_telephones_delay_reports_from_inside() -> None:
    """A blackout makes reports of the side that is cut off slower by its factor."""

    def mean_delay(factor: int) -> float:
        runs = many(
            *ATTACK_AT_ONCE,
            "communications.upper.when={fact: RunStarted, side: null}",
            "communications.upper.delay=PT1M",
            "communications.upper.restored_per_day=0",
            f"communications.upper.report_delay_factor={factor}",
            "command.report_delay=PT2H",
        )
        sent = [
            fact
            for run in runs
            for fact in of_kind(run.facts, f.ReportSent)
            if fact.side == "north" and fact.place in ("mill", "gate") and fact.time_s > HOUR
        ]
        assert sent
        return sum(fact.deliver_s - fact.time_s for fact in sent) / len(sent)

    assert mean_delay(3) == pytest.approx(3 * mean_delay(1), rel=0.01)


def test_a_date_comes_on_its_day_and_not_through_a_report() -> None:
    """An announced date is a fact on its day, caused by the start of the run."""
    day = of_kind(play(TWO_VALLEYS).facts, f.DayCame)
    assert [(fact.event, fact.time_s, fact.cause) for fact in day] == [("harvest", 9 * DAY, 0)]


# --- risings, cohesion, hills -------------------------------------------------------------------------------


def test_people_do_not_rise_where_risings_are_switched_off() -> None:
    """A switched-off mechanism leaves no facts of its own."""
    on = [played(replication=k) for k in range(4)]
    off = [play(REFERENCE, "risings.enabled=false", replication=k) for k in range(4)]
    assert any(of_kind(run.facts, f.RisingBegan) for run in on)
    assert not any(of_kind(run.facts, f.RisingBegan) for run in off)


def test_people_rise_once_against_one_holder() -> None:
    """A rising that failed is not repeated before the place has changed hands."""
    for run in [play(REFERENCE, "risings.search_rate_per_day=5", replication=k) for k in range(6)]:
        held: dict[str, int] = {}
        rose: dict[str, int] = {}
        for fact in run.facts:
            if isinstance(fact, f.ControlChanged):
                held[fact.place] = fact.time_s
            elif isinstance(fact, f.RisingBegan):
                assert rose.get(fact.place, -1) < held[fact.place]
                rose[fact.place] = fact.time_s


def test_cohesion_stays_between_0_and_1_and_falls_with_losses() -> None:
    """A force that loses fighters in a bout never holds together better for it."""
    for run in many(*ATTACK_AT_ONCE, n=6):
        state = State()
        for fact in run.facts:
            if isinstance(fact, f.CohesionShifted):
                assert 0 <= fact.cohesion <= 1
                if fact.reason == "losses":
                    assert fact.cohesion < state.forces[fact.force].cohesion
            apply(state, fact)


def test_a_force_in_the_hills_holds_no_place_and_comes_back_only_when_strong_enough() -> None:
    """Who comes down from the hills is at least return_odds times the garrison."""
    for run in [play(REFERENCE, "control.return_rate_per_day=2", replication=k) for k in range(6)]:
        values = dict(of_kind(run.facts, f.RunStarted)[0].values)
        state = State()
        for fact in run.facts:
            if isinstance(fact, f.ForceReformed):
                enemies = sum(
                    force.fit
                    for name in state.places[fact.place].forces
                    if (force := state.forces[name]).posture != "hills" and force.side != fact.side
                )
                assert fact.fit >= values["control.return_odds"] * enemies
            apply(state, fact)


def test_hazards_wait_as_long_as_the_exponential_law_says() -> None:
    """The first contact of talks at a constant rate comes after an exponential time: mean 1 / rate."""
    waits = [
        of_kind(
            play(TWO_VALLEYS, "command.enabled=false", "talks.valley.contact_rate_per_day=2", replication=k).facts,
            f.TalksOpened,
        )[0].time_s
        / DAY
        for k in range(200)
    ]
    mean = sum(waits) / len(waits)
    assert abs(mean - 0.5) < 2.6 * 0.5 / math.sqrt(len(waits))


def test_the_last_fact_of_a_log_is_the_end_of_the_run() -> None:
    """A log ends with RunEnded at the horizon, and its state says so."""
    run = play(TWO_VALLEYS)
    assert replay(run.facts).ended
    assert run.facts[-1].time_s == 20 * DAY
