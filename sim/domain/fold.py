"""The fold: how each kind of fact changes the state. Nothing else changes it.

``apply`` refuses what cannot be: facts out of order, unknown forces, people or supplies below zero, a
force in two places, a second holder. It computes no outcome: whatever was decided or drawn stands in
the fact itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sim.domain import facts as f
from sim.domain.folding import command, fighting, forces, ground, supply
from sim.domain.folding.steps import EATEN, RESTED, change_fighters, rest, settle
from sim.domain.state import Place, State
from sim.errors import Impossible


def apply(state: State, fact: f.Fact) -> None:
    """Change the state by one fact.

    Raises:
        Impossible: If the fact cannot follow from the state.
    """
    seq, time_s = fact.seq, fact.time_s
    if seq != state.facts or time_s < state.time_s or not -1 <= fact.cause < seq:
        raise Impossible(
            f"{fact.kind} {seq} at {time_s} s, caused by {fact.cause}, cannot follow fact {state.facts - 1} "
            f"at {state.time_s} s"
        )
    state.time_s = time_s
    _HANDLERS[type(fact)](state, fact)
    state.facts = seq + 1


def replay(log: Iterable[f.Fact]) -> State:
    """Return the state after a whole log."""
    state = State()
    for fact in log:
        apply(state, fact)
    return state


def _run_started(state: State, fact: f.RunStarted) -> None:
    if fact.seq != 0:
        raise Impossible("a run starts once, with its first fact")
    state.values.update(fact.values)
    state.duration_s = fact.duration_s
    state.places.update((place, Place(place)) for place in fact.places)


def _assumption_changed(state: State, fact: f.AssumptionChanged) -> None:
    if state.values.get(fact.assumption) != fact.before:
        raise Impossible(f"{fact.assumption} is {state.values.get(fact.assumption)}, not {fact.before}")
    if fact.assumption == RESTED:  # those who rest did so at the old pace until now
        for force in state.forces.values():
            rest(state, force)
        for engagement in state.engagements.values():
            rest(state, engagement.attack)
            rest(state, engagement.defence)
    state.values[fact.assumption] = fact.value
    if fact.assumption in EATEN:  # stocks run down at the new rate from now on, and no earlier
        for place in state.places.values():
            for side in place.stocks:
                change_fighters(state, place, side, 0)


def _intervened(state: State, fact: f.Intervened) -> None:
    """Change nothing: what comes of it is told by facts of its own."""


def _run_ended(state: State, fact: f.RunEnded) -> None:  # noqa: ARG001 - all handlers share one signature
    for place in state.places.values():
        for side, stock in place.stocks.items():
            settle(state, stock, side)
    state.ended = True


_HANDLERS: dict[type[f.Fact], Callable[[State, Any], None]] = {
    f.RunStarted: _run_started,
    f.AssumptionChanged: _assumption_changed,
    f.Intervened: _intervened,
    f.RunEnded: _run_ended,
    **forces.HANDLERS,
    **fighting.HANDLERS,
    **ground.HANDLERS,
    **supply.HANDLERS,
    **command.HANDLERS,
}
