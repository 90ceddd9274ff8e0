"""Hostile columns that come upon each other on a leg: who meets whom, how they fight, and who goes back."""

from __future__ import annotations

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import HOUR
from sim.engine import Run
from sim.world import World
from tests.processes.stage import NORTH, SOUTH, Hand, at, lose, order, play, send_home, split, stage
from tests.worlds import INVENTED, of_kind
from tests.worlds import play as play_scenario

ROAD = (
    "meetings={terrain: gorge, basis: invented, confidence: low, defence_multiplier: 1.5, deployed_share: 0.5}",
    "forces.northerners.strength=1000",
    "forces.northerners.share_present=1",
    "forces.southerners.strength=1000",
    "forces.southerners.share_present=1",
    "forces.southerners.quality=1",
    "forces.southerners.light_vehicles=0",
    "combat.casualties_per_fighter_hour=0.02",
    "supply.enabled=false",
)
STRONG_SOUTH = ("forces.southerners.quality=4", "combat.attacker_break_share=0.1")
FOOT_S = 5 * HOUR
NORTH_GOES, SOUTH_GOES = order(NORTH, "plain", "assault"), order(SOUTH, "gate", "assault")


def both(*hands: Hand, more: tuple[str, ...] = (), replication: int = 0) -> Run:
    """Let the men of the Gate and those of Plain march against each other."""
    return play(NORTH_GOES, SOUTH_GOES, *hands, on=stage(*ROAD, *more), replication=replication)


def test_columns_meet_half_way_and_fight_there() -> None:
    """Two columns that set out at once at one pace meet after half of the time, before either arrives."""
    facts = both().facts
    met = of_kind(facts, f.ColumnsMet)[0]
    assert met.time_s == FOOT_S // 2
    assert {met.force, met.other} == {NORTH, SOUTH}
    assert (met.fit, met.other_fit) == (600, 1000)
    clash = of_kind(facts, f.ColumnsClashed)[0]
    assert clash.killed + clash.wounded + clash.enemy_killed + clash.enemy_wounded > 0
    assert not [fact for fact in of_kind(facts, f.ForceArrived) if fact.time_s <= clash.time_s]


def test_who_sets_out_later_is_met_nearer_to_his_end() -> None:
    """The meeting place follows from when each set out: after one hour's start, at three fifths of the way."""
    facts = play(NORTH_GOES, at(HOUR, SOUTH_GOES), on=stage(*ROAD)).facts
    assert of_kind(facts, f.ColumnsMet)[0].time_s == 3 * HOUR


def test_who_gives_way_goes_back_as_far_as_he_came_and_the_other_goes_on() -> None:
    """The beaten are home after the time that lay behind them; the victors need what was left."""
    for replication in range(4):
        facts = both(replication=replication).facts
        met, ended = of_kind(facts, f.ColumnsMet)[0], of_kind(facts, f.MeetingEnded)[0]
        beaten, victor = (NORTH, SOUTH) if ended.side == "south" else (SOUTH, NORTH)
        assert ended.why == "line broken"
        back = next(fact for fact in of_kind(facts, f.ForceDeparted) if fact.force == beaten and fact.seq > ended.seq)
        assert (back.time_s, back.posture) == (ended.time_s, "withdrawing")
        assert back.arrives_s - ended.time_s == met.time_s
        arrived = next(fact for fact in of_kind(facts, f.ForceArrived) if fact.force == victor)
        assert arrived.time_s == ended.time_s + FOOT_S - met.time_s


def test_a_fight_on_a_leg_holds_up_everybody_there() -> None:
    """Columns behind those who fight, and those who enter the leg meanwhile, wait until it is over."""
    follows = (split(SOUTH, "second", 100), split(SOUTH, "third", 100))
    later = (at(HOUR, order("second", "gate", "assault")), at(3 * HOUR, order("third", "gate", "assault")))
    facts = play(*follows, NORTH_GOES, SOUTH_GOES, *later, on=stage(*ROAD, *STRONG_SOUTH)).facts
    met, ended = of_kind(facts, f.ColumnsMet)[0], of_kind(facts, f.MeetingEnded)[0]
    assert (met.time_s, ended.side) == (FOOT_S // 2, "south")
    lasts = ended.time_s - met.time_s
    arrived = {fact.force: fact.time_s for fact in reversed(of_kind(facts, f.ForceArrived))}
    assert arrived["second"] == HOUR + FOOT_S + lasts
    assert arrived["third"] == ended.time_s + FOOT_S


def test_the_next_columns_meet_when_the_first_have_fought() -> None:
    """A column that comes behind the victors' enemies meets the victors when these go on."""
    more = (split(SOUTH, "second", 300), at(HOUR, order("second", "gate", "assault")))
    weak = ("forces.southerners.strength=420", "combat.attacker_break_share=0.2", "forces.northerners.quality=5")
    facts = play(*more, NORTH_GOES, SOUTH_GOES, on=stage(*ROAD, *weak)).facts
    first, second = of_kind(facts, f.ColumnsMet)[:2]
    assert (first.other, second.other) == (SOUTH, "second")
    assert second.time_s > next(fact.time_s for fact in of_kind(facts, f.MeetingEnded))


def test_columns_that_march_together_fight_as_one() -> None:
    """Those who set out at once under one order are one column when they come upon an enemy."""
    facts = play(
        split(SOUTH, "second", 300), SOUTH_GOES, order("second", "gate", "assault"), NORTH_GOES, on=stage(*ROAD)
    )
    met = of_kind(facts.facts, f.ColumnsMet)
    assert met[0].other_fit == 1000
    assert [fact.force for fact in of_kind(facts.facts, f.ForceMerged)] == ["second"]


def test_columns_on_the_same_way_do_not_meet() -> None:
    """Nobody catches up with an enemy who marches in the same direction."""
    facts = play(lose("gate", "south"), lose("mill", "south"), SOUTH_GOES, on=stage(*ROAD)).facts
    assert not of_kind(facts, f.ColumnsMet)
    hands = (split(SOUTH, "guests", 100), lose("plain", "north"), order("guests", "gate", "assault"))
    facts = play(*hands, SOUTH_GOES, on=stage(*ROAD)).facts
    assert not of_kind(facts, f.ColumnsMet)


def test_who_is_beaten_between_two_enemies_is_lost() -> None:
    """A column whose way back is the enemy's lays down its arms: part is taken, the others go home."""
    share = "combat.captured_share_shut_in=0.6"
    facts = both(at(HOUR, lose("gate", "south")), more=(*STRONG_SOUTH, share)).facts
    caught = [fact for fact in of_kind(facts, f.ForceSurrendered) if fact.how == "caught on the road"]
    assert [(fact.force, fact.captor) for fact in caught] == [(NORTH, "south")]
    assert 0 < caught[0].captured < caught[0].captured + caught[0].released
    assert not [fact for fact in of_kind(facts, f.ForceArrived) if fact.force == NORTH]


def test_a_column_of_which_nobody_is_left_is_destroyed() -> None:
    """A meeting can cost a column everybody; the other then keeps the road."""
    fierce = ("combat.casualties_per_fighter_hour=3", "forces.southerners.quality=9", "combat.attacker_break_share=1")
    facts = play(split(NORTH, "few", 20), order("few", "plain", "assault"), SOUTH_GOES, on=stage(*ROAD, *fierce)).facts
    assert [fact.force for fact in of_kind(facts, f.ForceDestroyed)][:1] == ["few"]
    ended = of_kind(facts, f.MeetingEnded)[0]
    assert (ended.side, ended.why) == ("south", "nobody left")


def test_a_column_far_outnumbered_gives_way_once_it_has_seen_the_enemy() -> None:
    """The odds at which a column gives way end a meeting after its first bout, where the scenario states them."""
    weak = "meetings.gives_way_at_odds={value: 4, basis: invented, confidence: low}"
    few = (split(NORTH, "few", 200), order("few", "plain", "assault"), SOUTH_GOES)
    calm = "combat.casualties_per_fighter_hour=0.0001"
    ended = of_kind(play(*few, on=stage(*ROAD, weak, calm)).facts, f.MeetingEnded)[0]
    assert (ended.side, ended.why) == ("south", "outnumbered")
    without = play(*few, on=stage(*ROAD, calm)).facts
    assert len(of_kind(without, f.ColumnsClashed)) > 1


def test_columns_shoot_what_they_carry_and_give_way_without_it() -> None:
    """Ammunition of a meeting comes from the columns' loads; who has shot his last round gives way."""
    loads = (
        "supply.enabled=true",
        "forces.northerners.stocks.ammunition_kg_per_fighter=0.2",
        "depots.north-store.ammunition_kg=0",
        "combat.attacker_break_share=1",
        "supply.ammunition_kg_per_fighter_hour=1",
    )
    facts = both(more=loads).facts
    loaded = {fact.force: fact.ammunition_g for fact in of_kind(facts, f.ForceDeparted) if fact.time_s == 0}
    assert loaded[NORTH] == 600 * 200
    ended = of_kind(facts, f.MeetingEnded)[0]
    assert (ended.side, ended.why) == ("south", "out of ammunition")
    shot = sum(fact.ammunition_g for fact in of_kind(facts, f.ColumnsClashed) if fact.meeting == ended.meeting)
    assert shot == loaded[NORTH]


def test_a_wider_road_and_less_cover_cost_more() -> None:
    """What a bout costs rises with the frontage of the road and falls with the multiplier."""

    def lost(*more: str) -> int:
        clashes = [of_kind(both(more=more, replication=k).facts, f.ColumnsClashed)[0] for k in range(12)]
        return sum(sum(killed + wounded for _, killed, wounded in clash.losses) for clash in clashes)

    plain = lost()
    assert lost("terrain_classes.gorge.frontage_attack_fighters=500") > 2 * plain
    assert lost("meetings.defence_multiplier=12") < plain / 2


def truce(world: World) -> None:
    """Let both sides agree not to attack each other."""
    talks = {"talks": "valley", "side": "north", "enemy": "south"}
    opened = world.record(f.TalksOpened, 0, **talks)
    world.record(f.TruceAgreed, opened, **talks)


def test_a_truce_lets_columns_pass_and_parts_those_who_fight() -> None:
    """Columns do not fight under a truce; one that comes about while they do sends both back."""
    still = ("talks.valley.collapse.base_per_day=0", "talks.valley.settlement_rate_per_day=0")
    facts = play(truce, NORTH_GOES, SOUTH_GOES, on=stage(*ROAD, *still)).facts
    assert not of_kind(facts, f.ColumnsMet)
    assert {fact.force: fact.time_s for fact in of_kind(facts, f.ForceArrived)} == {NORTH: FOOT_S, SOUTH: FOOT_S}
    calm = "combat.casualties_per_fighter_hour=0.0001"
    facts = play(NORTH_GOES, SOUTH_GOES, at(3 * HOUR, truce), on=stage(*ROAD, *still, calm)).facts
    ended = of_kind(facts, f.MeetingEnded)[0]
    assert (ended.side, ended.why) == ("", "truce")
    backs = [fact.force for fact in of_kind(facts, f.ForceDeparted) if fact.time_s == ended.time_s]
    assert sorted(backs) == [NORTH, SOUTH]


@pytest.mark.parametrize("off", ["meetings=null", "meetings.enabled=false"])
def test_without_the_mechanism_the_second_column_waits_at_its_end(off: str) -> None:
    """Switched off or left out, nobody enters a leg on which an enemy comes, and nobody fights there."""
    facts = play(NORTH_GOES, at(HOUR, SOUTH_GOES), at(2 * HOUR, send_home(NORTH)), on=stage(*ROAD, off)).facts
    assert not of_kind(facts, f.ColumnsMet)
    blocked = of_kind(facts, f.ForceBlocked)[0]
    assert (blocked.force, blocked.reason) == (SOUTH, "enemy on the road")


def test_no_column_passes_an_enemy_unseen() -> None:
    """In whole campaigns two hostile columns cross on a leg only where they have fought or a truce holds."""
    for replication in range(12):
        state, met = State(), set()
        for fact in play_scenario(INVENTED, replication=replication).facts:
            if isinstance(fact, f.ColumnsMet):
                met |= {fact.force, fact.other}
            if isinstance(fact, f.ForceArrived):
                force = state.forces[fact.force]
                for name in state.on_leg[force.leg]:
                    other = state.forces[name]
                    hostile = {force.side, other.side} in ({"crown", "league"}, {"crown", "guild"})
                    if other.to == force.place and hostile:
                        assert name in met or fact.force in met or other.departed_s == fact.time_s or not other.fit
            apply(state, fact)
