"""Which pockets are besieged, since when, and what opens them."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from sim.world import World
from tests.processes.stage import SOUTH, at, block, lose, play, send_home, stage
from tests.worlds import REFERENCE, of_kind
from tests.worlds import play as play_scenario

#: The men of Plain shut the one road out of the valley from the start; a siege is one after half a day.
SHUT = ("supply.blockade_fighters=100", "supply.siege_after=PT12H", "forces.southerners.strength=1000")


def test_a_pocket_is_besieged_once_its_roads_have_been_shut_for_a_while() -> None:
    """Mill and the Gate are shut in by strength at the end of their road, after the stated time."""
    began = of_kind(play(on=stage(*SHUT)).facts, f.SiegeBegan)
    assert [(fact.time_s, fact.side, fact.by, fact.places) for fact in began] == [
        (12 * HOUR, "north", "south", ("gate", "mill"))
    ]
    few = ("forces.southerners.strength=90", *SHUT[:2])
    assert not of_kind(play(on=stage(*few)).facts, f.SiegeBegan)


def test_a_siege_ends_when_those_who_shut_the_road_go_away() -> None:
    """A road is open again once it has been so for the stated time."""
    lifted = of_kind(
        play(at(3 * DAY, send_home(SOUTH)), at(3 * DAY, lose("plain", "north")), on=stage(*SHUT)).facts, f.SiegeLifted
    )
    assert [(fact.time_s, fact.places) for fact in lifted] == [(3 * DAY + 12 * HOUR, ("gate", "mill"))]


def test_terms_that_are_agreed_open_the_roads() -> None:
    """Who has come to terms shuts no road to the other, however many stand at its end."""

    def settle(world: World) -> None:
        world.record(f.SettlementReached, 0, talks="valley", side="north", enemy="south")

    lifted = of_kind(play(at(3 * DAY, settle), on=stage(*SHUT)).facts, f.SiegeLifted)
    assert [(fact.time_s, fact.places) for fact in lifted] == [(3 * DAY + 12 * HOUR, ("gate", "mill"))]


def test_a_lifeline_keeps_its_pocket_from_being_besieged() -> None:
    """Where supplies come in from abroad nobody is shut in; a siege ends when the first load has come."""
    opens = ("lifelines.pass.open=true", "lifelines.pass.first_after=P2D")
    facts = play(on=stage(*SHUT, *opens)).facts
    assert [fact.time_s for fact in of_kind(facts, f.SiegeBegan)] == [12 * HOUR]
    assert [fact.time_s for fact in of_kind(facts, f.LifelineOpened)] == [2 * DAY]
    assert [fact.time_s for fact in of_kind(facts, f.SiegeLifted)] == [2 * DAY + 12 * HOUR]
    early = ("lifelines.pass.open=true", "lifelines.pass.first_after=PT1H")
    assert not of_kind(play(on=stage(*SHUT, *early)).facts, f.SiegeBegan)


def test_a_lost_lifeline_lets_the_siege_begin() -> None:
    """Once the enemy holds the place at which they came in, supplies from abroad save nobody."""
    early = ("lifelines.pass.open=true", "lifelines.pass.first_after=PT1H", "control.enabled=false")
    lost = (at(3 * DAY, send_home("northerners@mill")), at(3 * DAY, send_home("northerners@mill+reserve")))
    facts = play(*lost, at(3 * DAY, lose("mill", "south")), on=stage(*SHUT, *early)).facts
    # nobody stands at Mill: the road to it is shut by nobody until the south has men there
    assert not of_kind(facts, f.SiegeBegan)
    held = (at(3 * DAY, lose("mill", "south")), at(3 * DAY, to_mill))
    facts = play(*lost, *held, on=stage(*SHUT, *early)).facts
    assert [fact.places for fact in of_kind(facts, f.SiegeBegan) if fact.side == "north"] == [("gate",)]


def to_mill(world: World) -> None:
    """Let men of the south be raised at Mill."""
    world.record(
        f.ForceRaised, 0, force="new", side="south", place="mill", origin="initial", type="army", posture="garrison",
        operation="", fit=500, vehicles=(), quality=1.0, cohesion=1.0, food_g=10**9, ammunition_g=10**9,
    )  # fmt: skip


def test_a_blown_road_is_no_open_road() -> None:
    """A pocket whose road the enemy's men are too few to shut is besieged once that road is blown."""
    few = (*SHUT[:2], "forces.southerners.strength=60")
    obstacles = (
        "obstacles={basis: invented, confidence: low, demolition_share: 0, mining_share: 0, demolished_time: P4D, "
        "mined_time: P1D}"
    )
    facts = play(at(DAY, block("L2", "gate", "south", "demolished")), on=stage(*few, obstacles)).facts
    assert [(fact.time_s, fact.by) for fact in of_kind(facts, f.SiegeBegan)] == [(DAY + 12 * HOUR, "south")]


def test_a_changed_number_of_sieges_is_looked_at_after_the_new_time() -> None:
    """Fewer fighters may be enough from now on, and it may tell sooner or later than before."""
    few = (*SHUT[:2], "forces.southerners.strength=100")
    on = stage(*few)
    assert not of_kind(play(on=on).facts, f.SiegeBegan)
    lower = of_kind(play(on=on, changes=((2 * DAY, "supply.blockade_fighters", 50.0),)).facts, f.SiegeBegan)
    assert [fact.time_s for fact in lower] == [2 * DAY + 12 * HOUR]
    later = play(on=stage(*SHUT), changes=((6 * HOUR, "supply.siege_after", 2.0 * DAY),)).facts
    assert [fact.time_s for fact in of_kind(later, f.SiegeBegan)] == [6 * HOUR + 2 * DAY]


def test_nobody_is_besieged_who_holds_a_depot_supplied_from_outside() -> None:
    """In whole campaigns no pocket under siege holds a home depot of its side."""
    sieges = 0
    homes = {
        ("kabul", "tb"),
        ("pul-e-khumri", "tb"),
        ("kunduz", "tb"),
        ("mazar-e-sharif", "tb"),
        ("kuran-wa-munjan", "tb"),
    }
    for replication in range(8):
        state = State()
        for fact in play_scenario(REFERENCE, replication=replication).facts:
            if isinstance(fact, f.SiegeBegan):
                sieges += 1
                assert not homes & {(place, fact.side) for place in fact.places}
                assert all(state.places[place].holder == fact.side for place in fact.places)
            apply(state, fact)
    assert sieges
