"""Fighters in the hills: they come back, go on to better hills, and waylay columns."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import HILLS, State
from sim.domain.terms import DAY
from sim.engine import Run, run
from tests.worlds import REFERENCE, TWO_VALLEYS, compiled, of_kind, play, supplied

#: The South attacks at once; beaten men of the North take to hills where they are liked.
WAR = (
    "operations.through-the-gate.trigger={fact: RunStarted, any: null}",
    "operations.through-the-gate.stops_for_truce=[]",
    "operations.through-the-gate.delay=PT6H",
    "operations.through-the-gate.patience=PT6H",
    "talks.valley.contact_rate_per_day=0",
    "combat.hills_share=1",
    "combat.casualties_per_fighter_hour=0.03",
    "forces.northerners.cohesion=1",
    "forces.northerners.strength=600",
    "places.gate.basis=invented",
    "places.gate.confidence=low",
    "places.gate.leaning={north: 0.9}",
)


def hills(infiltration: float | None = None, ambush: float | None = None) -> str:
    """Return a section control in which fighters in the hills do so much."""
    more = f", infiltration_rate_per_day: {infiltration}" if infiltration is not None else ""
    if ambush is not None:
        more += f", column_ambush_rate_per_km: {ambush}, column_ambush_loss_share: 0.1"
    return f"control={{basis: invented, confidence: low, return_rate_per_day: 0.05, return_odds: 1{more}}}"


def wars(*overrides: str, n: int = 8) -> list[Run]:
    """Return several such wars of the two valleys."""
    return [play(TWO_VALLEYS, *WAR, *overrides, replication=k) for k in range(n)]


def walk(war: Run) -> Iterator[tuple[State, f.Fact]]:
    """Yield each fact with the state just before it."""
    state = State()
    for fact in war.facts:
        yield state, fact
        apply(state, fact)


# --- coming back ----------------------------------------------------------------------------------------------


def test_who_comes_down_is_strong_enough_or_comes_to_his_own() -> None:
    """All who are in the same hills come down together, to at most as many enemies as they are, or to friends."""
    alone = friends = 0
    for war in wars(hills(infiltration=1), n=30):
        for state, fact in walk(war):
            if isinstance(fact, f.ForceReformed):
                place = state.places[fact.place]
                enemies = sum(count for side, count in place.fighters.items() if side != fact.side)
                assert fact.fit >= enemies
                assert state.in_hills(fact.place, fact.side) == fact.fit
                alone += place.holder != fact.side
                friends += place.holder == fact.side
    assert alone
    assert friends


def test_who_takes_to_the_hills_has_rounds_when_he_comes_down() -> None:
    """Fighters take what they carry out of the stock they leave, and put it down where they come back."""
    left = back = 0
    for war in wars(hills(infiltration=1), "control.return_rate_per_day=0.5"):
        for state, fact in walk(war):
            if isinstance(fact, f.ForceDispersed):
                stock = state.places[fact.place].stocks.get(fact.side)
                there = stock.ammunition_g if stock is not None else 0
                carried = int(fact.fit * dict(war.facts[0].values)["supply.carried_ammunition_kg_per_fighter"] * 1000)
                assert fact.ammunition_g <= min(there, carried)
                left += fact.ammunition_g > 0
            if isinstance(fact, f.ForceReformed) and (rounds := state.forces[fact.force].ammunition_g):
                before = state.places[fact.place].stocks.get(fact.side)
                held = before.ammunition_g if before is not None else 0
                apply(after := copy.deepcopy(state), fact)
                assert after.places[fact.place].stocks[fact.side].ammunition_g == held + rounds
                assert after.forces[fact.force].ammunition_g == 0
                back += 1
    assert left
    assert back


def test_who_left_because_he_was_cut_off_stays_away_while_he_is() -> None:
    """To a place of his own that nobody took he comes down only when a way to a depot is open, and in good heart."""
    stayed = 0
    overrides = ("doctrine.nrf.when_cut.disperse=5", "control.return_rate_per_day=3", "command.knows=truth")
    for war in [play(REFERENCE, *overrides, replication=k) for k in range(10)]:
        for state, fact in walk(war):
            if isinstance(fact, f.ForceDispersed) and fact.reason == "cut off":
                stayed += 1
            if isinstance(fact, f.ForceReformed) and isinstance(war.facts[fact.cause], f.HazardFired):
                force, here = state.forces[fact.force], state.places[fact.place]
                assert force.cohesion >= state.values["cohesion.surrender_below"] - 1e-9
                enemies = sum(count for side, count in here.fighters.items() if side != fact.side)
                if not enemies and here.holder == fact.side and force.cut_off and here.held_since_s < force.departed_s:
                    assert fact.place in supplied(compiled(REFERENCE), state, fact.side)
    assert stayed > 5


def test_a_handful_does_not_come_down_to_hold_a_place() -> None:
    """Fewer than a side would send off on their own stay in the hills of a place that enemies hold."""
    small = large = 0
    ready = ("control.return_odds=0", "control.return_rate_per_day=0.5", "doctrine.north.column_fighters_min=60")
    for war in wars(hills(infiltration=1), *ready, n=12):
        for state, fact in walk(war):
            if isinstance(fact, f.HazardFired) and fact.clock.startswith("return:"):
                force = state.forces[fact.clock.removeprefix("return:")]
                small += force.side == "north" and state.in_hills(force.place, "north") < 60
            if isinstance(fact, f.ForceReformed) and state.places[fact.place].holder != fact.side == "north":
                assert fact.fit >= 60
                large += 1
    assert small
    assert large


def test_who_comes_down_to_his_own_side_joins_its_garrison() -> None:
    """Where friends hold the place in peace those in its hills become garrison at once."""
    for war in wars(hills(infiltration=1)):
        for state, fact in walk(war):
            if isinstance(fact, f.ForceReformed) and state.places[fact.place].holder == fact.side:
                after = war.facts[fact.seq + 1]
                assert (after.kind, after.force, after.posture) == ("PostureChanged", fact.force, "garrison")


def test_nobody_stays_in_the_hills_of_a_place_that_his_side_took() -> None:
    """When a place falls, the friends of those who took it come down within the second."""
    came = 0
    for war in [play(REFERENCE, "combat.hills_share=1", replication=k) for k in range(6)]:
        taken: dict[str, f.ControlChanged] = {}
        for state, fact in walk(war):
            for place, change in list(taken.items()):
                if fact.time_s > change.time_s:
                    del taken[place]
                    if state.places[place].holder == change.side and not state.places[place].engagement:
                        assert not state.in_hills(place, change.side)
            if isinstance(fact, f.ControlChanged) and state.in_hills(fact.place, fact.side):
                came += 1
                taken[fact.place] = fact
    assert came


def test_another_rate_of_return_holds_from_the_moment_of_the_change() -> None:
    """Everybody in the hills looks for his chance at the new rate at once."""
    world = compiled(TWO_VALLEYS, (*WAR, hills()))
    for replication in range(8):
        war = run(world, seed=1, replication=replication, changes=((8 * DAY, "control.return_rate_per_day", 0.9),))
        hidden = {}
        for state, fact in walk(war):
            if isinstance(fact, f.AssumptionChanged):
                hidden = {f"return:{force.id}" for force in state.forces.values() if force.posture == HILLS}
        moved = {clock.clock for clock in of_kind(war.facts, f.HazardChanged) if clock.rate_per_day == 0.9}
        assert hidden <= moved
        if hidden:
            return
    pytest.fail("nobody was in the hills on the eighth day of any war")


# --- infiltration ---------------------------------------------------------------------------------------------


def test_fighters_go_on_to_hills_that_draw_them_more() -> None:
    """They walk one leg, to where leaning times their part of all fighters there is greater than where they were."""
    went = 0

    def pull(state: State, place: str, side: str, own: int) -> float:
        against = sum(count for other, count in state.places[place].fighters.items() if other != side)
        said = state.values.get(f"places.{place}.leaning.{side}", 0.0)
        leaning = min(1.0, max(0.0, said + state.places[place].leaning.get(side, 0.0)))
        return leaning * own / (own + against)

    for war in wars(hills(infiltration=3)):
        for state, fact in walk(war):
            if isinstance(fact, f.ForceInfiltrated):
                went += 1
                assert {fact.origin, fact.place} in ({"mill", "gate"}, {"gate", "plain"})
                assert (state.forces[fact.force].posture, state.forces[fact.force].place) == (HILLS, fact.origin)
                here = pull(state, fact.origin, fact.side, state.in_hills(fact.origin, fact.side))
                there = pull(state, fact.place, fact.side, state.in_hills(fact.place, fact.side) + fact.fit)
                assert there > here
    assert went >= 5


def test_without_a_rate_nobody_infiltrates_or_waylays_columns() -> None:
    """What is left out does not happen, and with control switched off nobody comes back either."""
    for war in wars(hills(), n=4):
        assert not {"ForceInfiltrated", "ColumnAmbushed"} & {fact.kind for fact in war.facts}
    for war in wars(hills(infiltration=3, ambush=5), "control.enabled=false", n=4):
        assert not {"ForceInfiltrated", "ColumnAmbushed", "ForceReformed"} & {fact.kind for fact in war.facts}


# --- ambushes on columns ----------------------------------------------------------------------------------------


def test_a_column_is_waylaid_only_where_enemies_sit_in_the_hills() -> None:
    """Ambushers are in the hills at an end of the leg, and put no more out of action than they are themselves."""
    waylaid = 0
    ends = {"L1": ("mill", "gate"), "L2": ("gate", "plain")}
    for war in wars(hills(infiltration=1, ambush=5)):
        for state, fact in walk(war):
            if isinstance(fact, f.ColumnAmbushed):
                waylaid += 1
                lurking = sum(state.in_hills(place, fact.by) for place in ends[fact.leg])
                assert state.forces[fact.force].leg == fact.leg
                assert fact.by != fact.side
                assert 0 < fact.killed + fact.wounded <= min(fact.ambushers, state.forces[fact.force].fit)
                assert fact.ambushers == lurking
    assert waylaid >= 5


def test_more_ambushes_where_the_rate_is_higher_and_none_in_a_truce() -> None:
    """The chance grows with the rate; who keeps a truce lets columns pass."""

    def ambushes(rate: float) -> int:
        return sum(len(of_kind(war.facts, f.ColumnAmbushed)) for war in wars(hills(ambush=rate)))

    assert ambushes(0) == 0 < ambushes(0.02) < ambushes(2)
    for war in [play(REFERENCE, "control.column_ambush_rate_per_km=5", replication=k) for k in range(4)]:
        scenario = compiled(REFERENCE).scenario
        quiet: set[str] = set()
        for fact in war.facts:
            if isinstance(fact, f.TruceAgreed | f.SettlementReached):
                quiet |= set(scenario.areas[scenario.talks[fact.talks].area])
            elif isinstance(fact, f.TalksCollapsed):
                quiet.clear()
            elif isinstance(fact, f.ColumnAmbushed):
                leg = scenario.legs[fact.leg]
                assert not {leg.start, leg.to} <= quiet


def test_a_column_cut_down_to_the_last_is_destroyed() -> None:
    """Where an ambush leaves nobody the force ceases to be, and the books of people balance."""
    gone = 0
    for war in wars(hills(ambush=50), "control.column_ambush_loss_share=1", n=6):
        for fact in of_kind(war.facts, f.ForceDestroyed):
            gone += isinstance(war.facts[fact.cause], f.ColumnAmbushed)
        for side, books in war.state.sides.items():
            fit = sum(force.fit for force in war.state.forces.values() if force.side == side)
            hurt = books.wounded - books.returned + books.killed
            assert books.raised == fit + hurt + books.captured + books.deserted + books.released
    assert gone
