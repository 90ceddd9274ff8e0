"""Stocks, garrisons that ask, convoys on the road, depots and lifelines."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State, stock_at
from sim.domain.terms import DAY, HOUR
from sim.engine import Run
from sim.world import World
from tests.processes.stage import NORTH, SOUTH, at, lose, order, play, send_home, stage
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, of_kind
from tests.worlds import play as play_scenario

#: A thousand men at the Gate and Plain each, who ask when ten days of food are left; nobody waylays convoys.
ASKING = (
    "supply.reorder_days=10",
    "supply.target_days=20",
    "supply.loading_time=PT2H",
    "supply.ambush_rate_per_km=0",
    "supply.footpath_leak_share=0",
    "forces.northerners.strength=1000",
    "forces.northerners.share_present=1",
    "forces.northerners.posts.gate=1",
    "forces.northerners.posts.mill=null",
    "forces.northerners.reserve=null",
    "forces.northerners.stocks.food_days=12",
    "depots.north-store.fuel_kg=100000",
    "depots.north-store.food_kg=100000",
)
RATION_G = 600 * 1000


def exhausted(run: Run) -> list[int]:
    """Return when the food of the men of the Gate ran out."""
    gone = of_kind(run.facts, f.StockExhausted)
    return [fact.time_s for fact in gone if (fact.place, fact.side, fact.supply) == ("gate", "north", "food")]


# --- stocks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [TWO_VALLEYS, INVENTED, REFERENCE], ids=["two valleys", "three sides", "reference"])
def test_no_stock_is_empty_without_anybody_noticing(path: object) -> None:
    """Hunger begins in the second in which the last food is eaten: after no fact is it overdue."""
    for replication in range(4):
        state = State()
        for fact in play_scenario(path, replication=replication).facts:
            for place in state.places.values() if fact.seq % 20 == 0 else ():
                for stock in place.stocks.values():
                    eaten = stock.hungry_since_s < 0 and stock.eaten_g_per_day
                    if eaten and stock.since_s < fact.time_s - 1:
                        assert stock_at(stock, fact.time_s - 1) > 0
            apply(state, fact)


def test_a_garrison_asks_at_its_level_and_gets_what_it_wants() -> None:
    """With twelve days of food it asks after two, and the convoy fills it up to its target."""
    sent = of_kind(play(on=stage(*ASKING)).facts, f.ConvoyDispatched)[0]
    assert (sent.place, sent.to, sent.time_s) == ("mill", "gate", 2 * DAY + 2 * HOUR)
    left = 10 * RATION_G - RATION_G * 2 * HOUR // DAY
    assert sent.food_g == pytest.approx(20 * RATION_G - left, abs=2)


def test_men_who_fight_eat_more_where_the_scenario_says_so() -> None:
    """At a place that is fought over everybody eats the ration of a bout until the fight is over."""
    calm = (
        "combat.casualties_per_fighter_hour=0",
        "terrain_classes.gorge.turning_rate_per_day=0",
        "supply.ammunition_kg_per_fighter_hour=0",
        "supply.reorder_days=0",
        "depots.north-store.food_kg=0",
    )
    assert exhausted(play(order(SOUTH, "gate", "assault"), on=stage(*ASKING, *calm))) == [12 * DAY]
    bout = "supply.food_kg_per_person_day.bout={value: 1.2, basis: invented, confidence: low}"
    done = play(order(SOUTH, "gate", "assault"), on=stage(*ASKING, *calm, bout))
    began = of_kind(done.facts, f.EngagementBegan)[0].time_s
    assert exhausted(done)[0] == pytest.approx(began + (12 * DAY - began) / 2, abs=2)


def test_a_changed_ration_moves_the_moment_of_hunger() -> None:
    """Food is eaten at the new rate from the second of the change, and is gone exactly then."""
    path = "supply.food_kg_per_person_day.rest"
    on = stage(*ASKING, "supply.reorder_days=0", "depots.north-store.food_kg=0")
    assert exhausted(play(on=on)) == [12 * DAY]
    assert exhausted(play(on=on, changes=((4 * DAY, path, 1.2),))) == [8 * DAY]
    assert exhausted(play(on=on, changes=((4 * DAY, path, 0.4),))) == [16 * DAY]


def test_a_changed_level_makes_a_garrison_ask() -> None:
    """Who has less than the new level asks in the second of the change."""
    on = stage(*ASKING, "supply.reorder_days=1")
    sent = of_kind(play(on=on, changes=((DAY, "supply.reorder_days", 11.5),)).facts, f.ConvoyDispatched)[0]
    assert sent.time_s == DAY + 2 * HOUR


def test_a_besieged_garrison_eats_its_food_for_longer_until_the_road_opens() -> None:
    """The footpath's share is not taken from the stock; once the siege is lifted the whole ration is."""
    shut_later = "supply.siege_after=P15D"
    on = stage(
        *ASKING, shut_later, "supply.reorder_days=0", "supply.footpath_leak_share=0.5", "depots.north-store.food_kg=0"
    )
    assert exhausted(play(besiege, on=on)) == []
    assert exhausted(play(besiege, at(4 * DAY, relieve), on=on)) == [4 * DAY + 10 * DAY]


def besiege(world: World) -> None:
    """Shut the roads to the Gate."""
    world.record(f.SiegeBegan, 0, place="gate", side="north", by="south", places=("gate",))


def relieve(world: World) -> None:
    """Open them."""
    world.record(f.SiegeLifted, 0, place="gate", side="north", places=("gate",))


# --- convoys --------------------------------------------------------------------------------------------


def test_a_convoy_that_is_lost_is_asked_for_again() -> None:
    """They hear of it when it should have been back, and load the next one."""
    lost = ("supply.ambush_rate_per_km=100", "supply.ambush_destroys_share=1", "supply.ambush_scale_fighters=1")
    hands = (lurk, lose("plain", "north"))
    far = ("depots.north-store=null", "depots.south-store.side=north", "supply.reorder_days=13")
    facts = play(*hands, on=stage(*ASKING, *lost, *far)).facts
    first, second = [fact for fact in of_kind(facts, f.ConvoyDispatched) if fact.to == "gate"][:2]
    assert of_kind(facts, f.ConvoyDestroyed)[0].convoy == first.convoy
    assert second.time_s == first.time_s + 2 * HOUR + 2 * HOUR


def lurk(world: World) -> None:
    """Let the men of Plain take to its hills."""
    world.record(f.ForceDispersed, 0, force=SOUTH, side="south", place="plain", fit=1350, reason="test")


def test_a_garrison_that_nobody_can_reach_asks_again_when_the_road_opens() -> None:
    """Asking in vain is no asking: the convoy is loaded once there is a way."""
    hands = (lose("mill", "south"), at(5 * DAY, lose("mill", "north")))
    on = stage(*ASKING, "supply.reorder_days=11", "control.enabled=false", "supply.abandoned_destroyed_share=0")
    facts = play(*hands, on=on).facts
    assert not [fact for fact in of_kind(facts, f.ConvoyDispatched) if fact.to == "gate" and fact.time_s < 5 * DAY]
    sent = next(fact for fact in of_kind(facts, f.ConvoyDispatched) if fact.to == "gate")
    assert sent.time_s == 5 * DAY + 2 * HOUR


def test_convoys_take_their_turn_at_a_pass() -> None:
    """Lorries wait behind a column that came first, and the pass is busy with them afterwards."""
    narrow = "places.gate.capacity_vehicles_per_h={value: 2, basis: invented, confidence: low}"
    facts = play(on=stage(*ASKING, narrow)).facts
    sent, queued = of_kind(facts, f.ConvoyDispatched)[0], of_kind(facts, f.ConvoyQueued)[0]
    assert (queued.place, queued.queued_s) == ("gate", 0)
    assert queued.pass_free_s == sent.time_s + sent.carriers * HOUR // 2
    queued = of_kind(play(busy, on=stage(*ASKING, narrow)).facts, f.ConvoyQueued)[1]
    assert queued.queued_s == 9 * DAY - queued.time_s
    arrived = of_kind(play(busy, on=stage(*ASKING, narrow)).facts, f.ConvoyArrived)[0]
    assert arrived.time_s == 9 * DAY + int(0.6 * HOUR)


def busy(world: World) -> None:
    """Let an empty convoy keep the pass busy for nine days."""
    world.record(
        f.ConvoyDispatched, 0, convoy="test", side="north", place="mill", to="plain", mode="truck", carriers=432,
        food_g=0, ammunition_g=0, fuel_g=0, burnt_g=0, path=("gate", "plain"),
    )  # fmt: skip
    world.record(
        f.ConvoyQueued, 0, convoy="test", side="north", place="gate", leg="L1", queued_s=0, pass_free_s=9 * DAY
    )  # fmt: skip


def test_an_attacker_beyond_the_roads_lives_on_what_pack_animals_carry() -> None:
    """One convoy at a time, of a bounded number of animals: so much reaches him in a day, and no more."""

    def siege(animals: int) -> tuple[int, int, float]:
        on = stage(
            *ASKING,
            "supply.reorder_days=0",
            "legs.L2.travel_time_h_light=null",
            "legs.L2.travel_time_h_truck=null",
            "supply.ammunition_reorder_kg_per_fighter=3",
            "supply.ammunition_target_kg_per_fighter=9",
            "supply.ammunition_kg_per_fighter_hour=1",
            "supply.loading_time=PT4H",
            "combat.casualties_per_fighter_hour=0.0005",
            "terrain_classes.gorge.turning_rate_per_day=0",
            f"supply.convoy_carriers_max={animals}",
        )  # fmt: skip
        facts = play(order(SOUTH, "gate", "assault"), on=on).facts
        sent = [fact for fact in of_kind(facts, f.ConvoyDispatched) if fact.to == "gate" and fact.side == "south"]
        assert sent
        assert all(fact.mode == "foot" and fact.carriers <= animals for fact in sent)
        gaps = [later.time_s - earlier.time_s for earlier, later in pairwise(sent)]
        assert not gaps or min(gaps) >= (4 + 5) * HOUR
        shot = sum(bout.attacker_ammunition_g for bout in of_kind(facts, f.BoutFought))
        supplied = [bout.attacker_supply for bout in of_kind(facts, f.BoutFought)[-10:]]
        return sum(fact.ammunition_g for fact in sent), shot, sum(supplied) / len(supplied)

    few, many = siege(4), siege(200)
    assert few[0] <= 4 * 50_000 * (20 * DAY // (9 * HOUR) + 1)
    assert few[1] < many[1]
    assert few[2] < many[2]


# --- depots and lifelines -------------------------------------------------------------------------------


def test_a_lifeline_feeds_its_side_from_its_end() -> None:
    """Supplies from abroad go on from where they come in, to whoever of that side asks."""
    far = ("depots.north-store=null", "lifelines.pass.food_kg=60000", "lifelines.pass.fuel_kg=9000")
    shut = play(on=stage(*ASKING, *far)).facts
    assert not [fact for fact in of_kind(shut, f.ConvoyDispatched) if fact.side == "north"]
    opened = play(on=stage(*ASKING, *far, "lifelines.pass.open=true")).facts
    sent = [fact for fact in of_kind(opened, f.ConvoyDispatched) if fact.side == "north"]
    assert sent
    assert {(fact.place, fact.to) for fact in sent} == {("mill", "gate")}


def test_a_depot_orders_from_where_supplies_come_in() -> None:
    """Below the share of its first stocks a depot asks a home depot, food, ammunition and fuel alike."""
    forward = (
        "{side: south, place: gate, basis: invented, confidence: low, food_kg: 9000, ammunition_kg: 1000, fuel_kg: 500}"
    )
    poor = ("forces.northerners.stocks.food_days=0", "forces.northerners.stocks.ammunition_kg_per_fighter=0")
    north = (*poor, "depots.north-store=null", "places.gate.holder=south", f"depots.forward={forward}")
    hands = (send_home(NORTH), at(HOUR, take_from_the_gate))
    never = play(*hands, on=stage(*ASKING, *north)).facts
    assert not [fact for fact in of_kind(never, f.ConvoyDispatched) if fact.to == "gate"]
    share = "supply.depot_reorder_share={value: 0.5, basis: invented, confidence: low}"
    facts = play(*hands, on=stage(*ASKING, *north, share)).facts
    sent = [fact for fact in of_kind(facts, f.ConvoyDispatched) if fact.to == "gate"]
    assert [(fact.place, fact.food_g, fact.ammunition_g, fact.fuel_g) for fact in sent] == [
        ("plain", 6_000_000, 600_000, 300_000)
    ]


def take_from_the_gate(world: World) -> None:
    """Let a convoy of the south carry most of what lies at the Gate away, and be lost."""
    load = {"food_g": 6_000_000, "ammunition_g": 600_000, "fuel_g": 300_000}
    world.record(
        f.ConvoyDispatched, 0, convoy="test", side="south", place="gate", to="mill", mode="foot", carriers=1,
        burnt_g=0, path=("mill",), **load,
    )  # fmt: skip
    world.record(f.ConvoyDestroyed, 0, convoy="test", side="south", place="mill", **load)
    world.record(
        f.StockReplenished, 0, place="gate", side="south", source="test", food_g=0, ammunition_g=0, fuel_g=0
    )  # fmt: skip


def test_what_losers_leave_behind_is_taken_or_burnt() -> None:
    """The stocks of a place that changed hands go to the taker but for the share that is destroyed."""
    hands = (send_home(NORTH), at(HOUR, lose("gate", "south")))
    taken = of_kind(play(*hands, on=stage(*ASKING, "supply.abandoned_destroyed_share=0.25")).facts, f.DepotCaptured)[0]
    assert (taken.place, taken.side, taken.lost_by) == ("gate", "south", "north")
    assert taken.food_g == pytest.approx(3 * taken.destroyed_food_g, abs=4)
    assert taken.food_g > 0
