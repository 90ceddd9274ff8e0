"""The fold keeps counts beside what they count, and refuses what cannot be."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sim.domain import facts as f
from sim.domain.fold import apply
from sim.domain.state import HILLS, State
from sim.errors import Impossible
from tests.worlds import INVENTED, TWO_VALLEYS, play


@pytest.mark.parametrize("path", [TWO_VALLEYS, INVENTED], ids=["two valleys", "three sides"])
def test_the_fighters_counted_at_a_place_are_those_who_stand_there(path: Path) -> None:
    """After every fact the count by side is the sum over the forces in the centre of the place."""
    for replication in range(3):
        state = State()
        for fact in play(path, replication=replication).facts:
            apply(state, fact)
            for name, place in state.places.items():
                counted: dict[str, int] = {}
                for member in place.forces:
                    force = state.forces[member]
                    if force.posture != HILLS and force.fit:
                        counted[force.side] = counted.get(force.side, 0) + force.fit
                assert place.fighters == counted, (fact.seq, name)


def _one_force(posture: str = "garrison") -> State:
    """Return a state with one force of a hundred at a place."""
    state = State()
    apply(
        state,
        f.RunStarted(
            0, 0, -1, (), scenario="test", root_seed=1, replication=0, draw=0, duration_s=1, places=("here",), values=()
        ),
    )
    apply(
        state,
        f.ForceRaised(
            1, 0, 0, (), force="ours", side="us", place="here", origin="initial", type="army", posture=posture,
            operation="", fit=100, vehicles=(), quality=1.0, cohesion=1.0, food_g=0, ammunition_g=0,
        ),
    )  # fmt: skip
    return state


def test_only_facts_of_the_hills_lead_into_them() -> None:
    """A force cannot take up another task and be in the hills."""
    fact = f.PostureChanged(2, 0, 1, (), force="ours", side="us", place="here", posture=HILLS, operation="")
    with pytest.raises(Impossible, match="cannot go into the hills or leave them by taking up another task"):
        apply(_one_force(), fact)


def test_a_force_takes_to_the_hills_once() -> None:
    """Who is in the hills already cannot disperse."""
    state = _one_force()
    apply(state, f.ForceDispersed(2, 0, 1, (), force="ours", side="us", place="here", fit=100, reason="test"))
    assert state.fighters("here", "us") == 0
    assert state.in_hills("here", "us") == 100
    again = f.ForceDispersed(3, 0, 2, (), force="ours", side="us", place="here", fit=100, reason="test")
    with pytest.raises(Impossible, match="ours is not in the centre of a place"):
        apply(state, again)


def test_a_force_loses_no_more_than_it_has() -> None:
    """People never become fewer than none."""
    fact = f.FightersDeserted(2, 0, 1, (), force="ours", side="us", place="here", count=101)
    with pytest.raises(Impossible, match="ours has 100 fighters and cannot lose 101"):
        apply(_one_force(), fact)


def test_a_cause_is_earlier() -> None:
    """No fact is its own cause or caused by a later one."""
    fact = f.FightersDeserted(2, 0, 2, (), force="ours", side="us", place="here", count=1)
    with pytest.raises(Impossible, match="caused by 2, cannot follow fact 1"):
        apply(_one_force(), fact)


def _resting_force(spent: int) -> State:
    """Return one force of a hundred of whom so many came out of a line just now; half of these recover in 1,000 s."""
    state = _one_force()
    state.values["combat.recovery_half_time"] = 1_000.0
    state.forces["ours"].spent = spent
    return state


def test_who_rests_is_shared_out_when_a_force_splits_and_added_up_when_it_merges() -> None:
    """A part takes its share of those who still are spent along, and brings them back."""
    state = _resting_force(80)
    apply(
        state,
        f.ForceSplit(
            2, 1_000, 1, (), force="ours", side="us", place="here", child="part", posture="garrison", fit=25,
            vehicles=(), operation="",
        ),
    )  # fmt: skip
    assert (state.forces["ours"].spent, state.forces["part"].spent) == (30, 10)
    apply(state, f.ForceMerged(3, 2_000, 2, (), force="part", side="us", place="here", into="ours"))
    assert (state.forces["ours"].spent, state.forces["ours"].spent_since_s) == (20, 2_000)


def test_no_more_rest_than_are_left() -> None:
    """A force that loses people never has more who rest than it has fighters."""
    state = _resting_force(80)
    apply(state, f.FightersDeserted(2, 0, 1, (), force="ours", side="us", place="here", count=60))
    assert state.forces["ours"].spent == 40


def test_who_rests_does_so_at_the_pace_of_each_time() -> None:
    """A change of the half-time counts from its own moment on."""
    state = _resting_force(80)
    change = f.AssumptionChanged(2, 1_000, 0, (), assumption="combat.recovery_half_time", value=500.0, before=1_000.0)
    apply(state, change)
    assert (state.forces["ours"].spent, state.forces["ours"].spent_since_s) == (40, 1_000)


def test_the_end_of_a_siege_by_a_change_of_hands_feeds_those_who_are_left() -> None:
    """Who is still at a place when it changes hands eats what he needs: the siege was of its holder."""
    state = _one_force()
    state.values.update({"supply.food_kg_per_person_day.rest": 0.5, "supply.footpath_leak_share": 0.2})
    held = {"place": "here", "how": "assault", "engagement": ""}
    apply(state, f.ControlChanged(2, 0, 0, (), side="us", lost_by="", **held))
    apply(state, f.SiegeBegan(3, 0, 2, (), place="here", side="us", by="them", places=("here",)))
    assert state.places["here"].stocks["us"].eaten_g_per_day == 40_000
    apply(state, f.ControlChanged(4, 0, 3, (), side="them", lost_by="us", **held))
    assert state.places["here"].stocks["us"].eaten_g_per_day == 50_000


def test_two_convoys_of_one_name_are_refused() -> None:
    """A convoy that is on the road cannot set out again."""
    state = _one_force()
    sent = f.ConvoyDispatched(
        2, 0, 1, (), convoy="here>there#1", side="us", place="here", to="here", mode="foot", carriers=1, food_g=0,
        ammunition_g=0, fuel_g=0, burnt_g=0, path=("here",),
    )  # fmt: skip
    apply(state, sent)
    with pytest.raises(Impossible, match="here>there#1 is on the road already"):
        apply(state, msgspec.structs.replace(sent, seq=3))
