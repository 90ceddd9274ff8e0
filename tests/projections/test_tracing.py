"""One force through one history: nothing of it is left out, and what is told of it is what the fold says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.domain import facts as f
from sim.domain.fold import apply, replay
from sim.domain.terms import DAY
from sim.engine import Run
from sim.errors import InputError
from sim.projections.tracing import trace
from tests.worlds import INVENTED, compiled, play

SCENARIO = compiled(INVENTED).scenario


def forces(war: Run) -> Iterator[str]:
    """Yield the forces of a history that came into being."""
    for fact in war.facts:
        if isinstance(fact, f.ForceRaised):
            yield fact.force
        elif isinstance(fact, f.ForceSplit):
            yield fact.child


def test_a_force_is_followed_with_the_strength_that_the_fold_gives_it() -> None:
    """After each step place, fighters and cohesion are those of the state at that fact."""
    war = play(INVENTED)
    for name in list(forces(war))[::9]:
        for step in trace(war.facts, SCENARIO, name)[::7]:
            there = replay(war.facts[: step.seq + 1]).forces.get(name)
            if there is None:
                assert step.fit == 0
            else:
                assert (step.place, step.fit, step.cohesion) == (there.place, there.fit, there.cohesion)


def test_every_change_of_its_strength_is_among_its_steps() -> None:
    """Between two steps a force has the same number of fighters: nothing happens to it that is not told."""
    war = play(INVENTED, replication=1)
    fit: dict[str, dict[int, int]] = {name: {} for name in forces(war)}
    state = replay(war.facts[:1])
    for fact in war.facts[1:]:
        apply(state, fact)
        for name, force in state.forces.items():
            fit[name][fact.seq] = force.fit
    for name, by_seq in list(fit.items())[::3]:
        told = {step.seq for step in trace(war.facts, SCENARIO, name)}
        before = None
        for seq, count in sorted(by_seq.items()):
            assert count == before or seq in told, f"{name}: {war.facts[seq]}"
            before = count


def test_a_force_is_followed_up_to_a_moment() -> None:
    """Steps come in the order of the log; with a moment, none lies after it."""
    war = play(INVENTED)
    name = next(forces(war))
    whole = trace(war.facts, SCENARIO, name)
    assert [step.seq for step in whole] == sorted(step.seq for step in whole)
    assert isinstance(war.facts[whole[0].seq], f.ForceRaised)
    assert trace(war.facts, SCENARIO, name, until_s=3 * DAY) == [step for step in whole if step.time_s <= 3 * DAY]


def test_who_names_no_force_is_told_what_there_is() -> None:
    """A force of the scenario fights in parts; a wrong name is told the nearest."""
    facts = play(INVENTED).facts
    with pytest.raises(InputError, match="league-guard fights in parts, each with a name of its own: league-guard@"):
        trace(facts, SCENARIO, "league-guard")
    with pytest.raises(InputError, match="did you mean 'league-guard@sellin'"):
        trace(facts, SCENARIO, "league-guard@selin")
