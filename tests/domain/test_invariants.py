"""What always holds, and that whatever breaks it is found, named and placed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from sim.domain import facts as f
from sim.domain import fold
from sim.domain.folding.steps import regain_people
from sim.domain.invariants import (
    HOLDER,
    INDEXES,
    INVARIANTS,
    NEGATIVE,
    ORDER,
    PEOPLE,
    PLACE,
    POPULATION,
    REPLAY,
    SUPPLIES,
    Invariants,
    audit,
)
from sim.domain.state import State
from sim.engine import run
from sim.errors import InvariantBroken
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, compiled, play

Handler = Callable[[State, Any], None]


def checked(path: Any = TWO_VALLEYS, replication: int = 0) -> Invariants:
    """Run a scenario under the eyes of the invariants."""
    invariants = Invariants(audit_every=20)
    done = run(compiled(path), seed=1, replication=replication, tap=invariants)
    invariants.finish(done.facts, done.state)
    assert invariants.checked == len(done.facts)
    return invariants


@pytest.mark.parametrize("path", [REFERENCE, INVENTED, TWO_VALLEYS], ids=lambda path: path.parent.name)
def test_the_shipped_scenarios_keep_every_invariant(path: Any) -> None:
    """People, supplies, places and causes are in order after every fact of a real history."""
    for replication in range(2):
        checked(path, replication)


def test_watching_a_run_changes_nothing() -> None:
    """A checked history is the same as an unchecked one."""
    invariants = Invariants(audit_every=1)
    assert run(compiled(TWO_VALLEYS), seed=1, tap=invariants).sha256 == play(TWO_VALLEYS).sha256


# --- folds that are wrong ---------------------------------------------------------------------------------


def _desert_twice(state: State, fact: f.FightersDeserted) -> None:
    state.sides[fact.side].deserted += 1


def _forget_the_dead(state: State, fact: f.BoutFought) -> None:
    for name, killed, wounded in fact.losses:
        force = state.forces[name]
        regain_people(state, force, killed + wounded)
        state.sides[force.side].killed -= killed
        state.sides[force.side].wounded -= wounded


def _shoot_for_nothing(state: State, fact: f.BoutFought) -> None:
    for stock in state.places[fact.place].stocks.values():
        stock.ammunition_g += 1


def _leave_a_shadow(state: State, fact: f.ForceDeparted) -> None:
    state.places[fact.place].forces.append(fact.force)


def _miscount_the_centre(state: State, fact: f.ForceArrived) -> None:
    state.places[fact.place].fighters[fact.side] += 1


def _overdraw(state: State, fact: f.ForceRaised) -> None:
    state.places[fact.place].stocks[fact.side].fuel_g -= 1
    state.sides[fact.side].fuel_in_g -= 1


def _eat_at_the_old_rate(state: State, fact: f.FightersDeserted) -> None:
    for stock in state.places[fact.place].stocks.values():
        stock.eaten_g_per_day += 5


def _keep_the_old_flag(state: State, fact: f.ControlChanged) -> None:
    if fact.lost_by:
        state.places[fact.place].holder = fact.lost_by


def _lose_heart_entirely(state: State, fact: f.CohesionShifted) -> None:
    state.forces[fact.force].cohesion = -0.5


def _flee_twice(state: State, fact: f.FightersDeserted) -> None:
    state.places[fact.place].fled += 1


WRONG: list[tuple[type[f.Fact], Handler, str]] = [
    (f.FightersDeserted, _desert_twice, PEOPLE),
    (f.BoutFought, _forget_the_dead, PEOPLE),
    (f.BoutFought, _shoot_for_nothing, SUPPLIES),
    (f.ForceDeparted, _leave_a_shadow, PLACE),
    (f.ForceArrived, _miscount_the_centre, INDEXES),
    (f.ForceRaised, _overdraw, NEGATIVE),
    (f.FightersDeserted, _eat_at_the_old_rate, INDEXES),
    (f.ControlChanged, _keep_the_old_flag, HOLDER),
    (f.CohesionShifted, _lose_heart_entirely, NEGATIVE),
    (f.FightersDeserted, _flee_twice, POPULATION),
]


def _checked_all(replications: int) -> None:
    for replication in range(replications):
        checked(TWO_VALLEYS, replication)


@pytest.mark.parametrize(("kind", "more", "invariant"), WRONG, ids=lambda item: getattr(item, "__name__", ""))
def test_a_fold_that_is_wrong_is_found(
    monkeypatch: pytest.MonkeyPatch, kind: type[f.Fact], more: Handler, invariant: str
) -> None:
    """Whoever appears, vanishes, is in two places or below nothing breaks an invariant, which is named."""
    right = fold._HANDLERS[kind]

    def wrong(state: State, fact: Any) -> None:
        right(state, fact)
        more(state, fact)

    monkeypatch.setitem(fold._HANDLERS, kind, wrong)
    with pytest.raises(InvariantBroken, match=re.escape(invariant)) as broken:
        _checked_all(5)
    assert broken.value.invariant == invariant


def test_the_fact_that_broke_an_invariant_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which fact it was, so that the log shows what happened there."""
    right = fold._HANDLERS[f.FightersDeserted]

    def wrong(state: State, fact: Any) -> None:
        right(state, fact)
        _desert_twice(state, fact)

    first = next(fact for fact in play(TWO_VALLEYS).facts if isinstance(fact, f.FightersDeserted))
    monkeypatch.setitem(fold._HANDLERS, f.FightersDeserted, wrong)
    with pytest.raises(InvariantBroken, match=f"broken by fact {first.seq} \\(FightersDeserted, at {first.time_s} s"):
        checked(TWO_VALLEYS)


# --- logs that are wrong ------------------------------------------------------------------------------------


def _watched(log: list[f.Fact], state: State) -> None:
    invariants = Invariants()
    for fact in log:
        invariants(fact, State())
    invariants.finish(log, state)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seq": 5}, "fact 5 follows fact 0"),
        ({"time_s": -1}, "it happens at -1 s, after 0 s"),
        ({"cause": 1}, "its cause is fact 1"),
        ({"cause": -1}, "its cause is fact -1"),
        ({"because": (1,)}, "it is because of facts"),
    ],
)
def test_a_fact_out_of_order_is_found(changes: dict[str, Any], words: str) -> None:
    """Facts are numbered one after another, time never goes back, and causes and reasons are earlier facts."""
    first, second = play(TWO_VALLEYS).facts[:2]
    with pytest.raises(InvariantBroken, match=re.escape(f"{ORDER}: broken by fact")) as broken:
        _watched([first, msgspec.structs.replace(second, **changes)], State())
    assert words in str(broken.value)


def test_a_state_that_no_log_gives_is_found() -> None:
    """What is in the state and in no fact shows when the log is folded again."""
    invariants = Invariants()
    done = run(compiled(TWO_VALLEYS), seed=1, tap=invariants)
    done.state.days_come.append("doomsday")
    with pytest.raises(InvariantBroken, match=REPLAY):
        invariants.finish(done.facts, done.state)


def test_an_audit_tells_everything_at_once() -> None:
    """The audit of a whole state names every breach, and none in a sound one."""
    state = play(TWO_VALLEYS).state
    assert list(audit(state)) == []
    next(iter(state.places.values())).forces.append("ghost")
    next(iter(state.sides.values())).raised += 1
    assert {invariant for invariant, _ in audit(state)} == {PLACE, PEOPLE}


def test_every_invariant_has_words_of_its_own() -> None:
    """No two invariants are named alike."""
    assert len(set(INVARIANTS)) == len(INVARIANTS) == 9
