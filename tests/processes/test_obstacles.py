"""Legs that are blown up or mined: who shuts them, whom they stop, and who opens them again."""

from __future__ import annotations

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from tests.processes.stage import NORTH, SOUTH, Hand, at, block, lose, order, play, send_home, stage
from tests.worlds import REFERENCE, of_kind
from tests.worlds import play as play_scenario

MILL = "northerners@mill"


def section(demolition: float, mining: float) -> str:
    """Return obstacles that are laid with these chances."""
    return (
        f"obstacles={{basis: invented, confidence: low, demolition_share: {demolition}, mining_share: {mining}, "
        "demolished_time: P4D, mined_time: P1D}"
    )


BARE = ("supply.enabled=false", section(0, 0))
EASY = "legs.L1.demolition={value: 1, basis: invented, confidence: low}"


def lost_gate(*more: str) -> list[f.LegBlocked]:
    """Beat the men of the Gate, who go back to Mill, and return how the leg behind them was shut."""
    fierce = ("forces.southerners.quality=2", "combat.casualties_per_fighter_hour=0.02", "combat.hills_share=0")
    on = stage("supply.enabled=false", *fierce, *more)
    facts = play(order(SOUTH, "gate", "assault"), on=on).facts
    taken = next(fact for fact in of_kind(facts, f.ControlChanged) if fact.side == "south" and fact.how == "assault")
    assert [fact.time_s for fact in of_kind(facts, f.ForceDeparted) if fact.force == NORTH] == [taken.time_s]
    return of_kind(facts, f.LegBlocked)


def test_the_last_of_a_beaten_garrison_shuts_the_leg_behind_it() -> None:
    """With the chance of the scenario, times how easily that leg is shut."""
    (blown,) = lost_gate(section(1, 0), EASY)
    assert (blown.leg, blown.place, blown.side, blown.how) == ("L1", "gate", "north", "demolished")
    (mined,) = lost_gate(section(0, 1), EASY)
    assert (mined.leg, mined.how) == ("L1", "mined")
    assert not lost_gate(section(0, 0), EASY)
    assert not lost_gate(section(1, 1), EASY.replace("value: 1", "value: 0"))


@pytest.mark.parametrize("off", [(), (section(1, 1), EASY, "obstacles.enabled=false"), (section(1, 1),)])
def test_nobody_shuts_a_leg_where_the_mechanism_is_off_or_the_ground_does_not_allow_it(off: tuple[str, ...]) -> None:
    """Without the section, with it switched off, or on a leg without a number for it."""
    assert not lost_gate(*off)


def test_beaten_attackers_shut_nothing() -> None:
    """Only who gives up what was his side's shuts the way he leaves by."""
    fierce = ("forces.northerners.quality=9", "combat.casualties_per_fighter_hour=0.5")
    on = stage("supply.enabled=false", section(1, 1), EASY, EASY.replace("L1", "L2"), *fierce)
    facts = play(order(SOUTH, "gate", "assault"), on=on).facts
    assert [fact.outcome for fact in of_kind(facts, f.EngagementEnded)] == ["held"]
    assert not of_kind(facts, f.LegBlocked)


def needs_the_way(how: str, *more: Hand) -> tuple[Hand, ...]:
    """Return the hands of a world in which the men of Mill want to pass to the Gate over a shut leg."""
    return (send_home(NORTH), block("L1", "gate", "south", how), order(MILL, "gate", "garrison"), *more)


def test_mines_stop_everybody_until_they_are_cleared() -> None:
    """A column halts before mines, begins to work there, and goes on when its work is done."""
    facts = play(*needs_the_way("mined"), on=stage(*BARE)).facts
    blocked = of_kind(facts, f.ForceBlocked)
    assert [(fact.place, fact.ahead, fact.reason) for fact in blocked] == [("mill", "gate", "way mined")]
    (opened,) = of_kind(facts, f.LegReopened)
    assert (opened.time_s, opened.side, opened.cause) == (DAY, "north", blocked[0].seq)
    assert [fact.time_s for fact in of_kind(facts, f.ForceDeparted)] == [DAY]


def test_walkers_get_over_rubble_and_riders_walk_there() -> None:
    """A blown leg takes a column on foot its usual time, and one on lorries the time on foot."""
    for lorries, mode in (("false", "foot"), ("true", "lorry")):
        on = stage(*BARE, f"movement.requisitions_lorries={lorries}")
        departed = of_kind(play(*needs_the_way("demolished"), on=on).facts, f.ForceDeparted)[0]
        assert (departed.mode, departed.arrives_s) == (mode, 3 * HOUR)
    on = stage(*BARE, "movement.requisitions_lorries=true")
    departed = of_kind(play(*needs_the_way("demolished")[::2], on=on).facts, f.ForceDeparted)[0]
    assert (departed.mode, departed.arrives_s) == ("lorry", int(0.6 * HOUR))


def test_rubble_stops_everybody_where_nobody_gets_round() -> None:
    """With foot_passes_demolition off a blown leg is shut to all, until it is mended."""
    on = stage(*BARE, "obstacles.foot_passes_demolition=false")
    facts = play(*needs_the_way("demolished"), on=on).facts
    assert [fact.time_s for fact in of_kind(facts, f.LegReopened)] == [4 * DAY]
    assert [fact.time_s for fact in of_kind(facts, f.ForceDeparted)] == [4 * DAY]


def test_work_is_lost_with_the_end_from_which_it_was_done() -> None:
    """Nobody opens a leg from a place that he lost meanwhile; who wants to pass later begins anew."""
    hands = needs_the_way("mined", at(HOUR, lose("mill", "south")), at(2 * HOUR, lose("mill", "north")))
    opened = of_kind(play(*hands, on=stage(*BARE)).facts, f.LegReopened)
    assert [fact.time_s for fact in opened] == [2 * DAY]


def test_who_has_men_at_both_ends_opens_a_leg() -> None:
    """A party that holds both ends mends the leg between them though no column waits for it."""
    facts = play(at(HOUR, block("L1", "gate", "south", "demolished")), on=stage(*BARE)).facts
    assert [(fact.time_s, fact.side) for fact in of_kind(facts, f.LegReopened)] == [(HOUR + 4 * DAY, "north")]
    nobody = play(send_home(NORTH), at(HOUR, block("L1", "gate", "south", "demolished")), on=stage(*BARE)).facts
    assert not of_kind(nobody, f.LegReopened)


def test_a_leg_that_is_shut_is_not_shut_again() -> None:
    """In whole campaigns a leg is blocked only while it is open, and opened only while it is blocked."""
    shut = 0
    for replication in range(5, 11):
        state = State()
        for fact in play_scenario(REFERENCE, replication=replication).facts:
            if isinstance(fact, f.LegBlocked):
                shut += 1
                assert fact.leg not in state.blocked
            elif isinstance(fact, f.LegReopened):
                assert fact.leg in state.blocked
                assert state.fighters(fact.place, fact.side) > 0
            apply(state, fact)
    assert shut


CONVOYS = (
    section(0, 0),
    "supply.reorder_days=20",
    "supply.target_days=40",
    "forces.northerners.stocks.food_days=10",
    "supply.loading_time=PT1H",
    "supply.ambush_rate_per_km=0",
    "depots.north-store.fuel_kg=100000",
)


def test_convoys_go_round_or_wait_until_a_leg_is_open() -> None:
    """Mines stop convoys; over rubble pack animals carry what lorries brought before."""
    first = of_kind(play(on=stage(*CONVOYS)).facts, f.ConvoyDispatched)[0]
    assert (first.to, first.mode, first.time_s) == ("gate", "truck", HOUR)
    mined = play(block("L1", "gate", "south", "mined"), on=stage(*CONVOYS)).facts
    assert [fact.time_s for fact in of_kind(mined, f.LegReopened)] == [DAY]
    assert of_kind(mined, f.ConvoyDispatched)[0].time_s == DAY + HOUR
    blown = play(block("L1", "gate", "south", "demolished"), on=stage(*CONVOYS)).facts
    assert of_kind(blown, f.ConvoyDispatched)[0].mode == "foot"


def test_a_convoy_turns_back_at_a_leg_that_was_shut_meanwhile() -> None:
    """What was sent when the way was open goes back to the last place before the obstacle."""
    far = ("places.plain.holder=north", "depots.south-store.side=north", "depots.north-store=null")
    hands = (send_home(SOUTH), at(HOUR + 60, block("L1", "gate", "south", "mined")))
    facts = play(*hands, on=stage(*CONVOYS, *far)).facts
    sent = next(fact for fact in of_kind(facts, f.ConvoyDispatched) if fact.to == "mill")
    assert sent.path == ("gate", "mill")
    back = next(fact for fact in of_kind(facts, f.ConvoyTurnedBack) if fact.convoy == sent.convoy)
    assert (back.place, back.reason, back.time_s) == ("gate", "way shut", HOUR + HOUR)
