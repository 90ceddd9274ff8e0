"""What somebody asks about: the fact of a history that a name stands for."""

from __future__ import annotations

from collections.abc import Sequence

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.errors import InputError
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean

#: What decides the fate of a force, of talks and of an operation; the last of these is asked about.
_OF_FORCE = (
    f.ForceDestroyed, f.ForceSurrendered, f.ForceDispersed, f.ForceBeaten, f.ForceReformed, f.ForceArrived,
    f.ForceMerged, f.ForceRaised,
)  # fmt: skip
_OF_TALKS = (f.TalksCollapsed, f.SettlementReached, f.TruceAgreed, f.TalksOpened)
_OF_OPERATION = (f.OperationEnded, f.OperationLaunched, f.OperationOrdered)


def asked_about(facts: Sequence[Fact], scenario: Scenario, what: str, *, until_s: int | None = None) -> Fact:
    """Return the fact that somebody means: by its number, or the last that changed the fate of what he names.

    Args:
        facts: The whole log.
        scenario: What it is a log of.
        what: The number of a fact; or a place (it changed hands), a force, talks or an operation.
        until_s: Only facts up to this moment, in seconds after the start.

    Raises:
        InputError: If nothing of that name is known, or nothing happened to it.
    """
    number = what.removeprefix("#").replace(",", "")
    if number.isdigit():
        if int(number) >= len(facts):
            raise InputError(f"{what}: the log has {len(facts):,} facts, 0 to {len(facts) - 1:,}; give one of these")
        return facts[int(number)]
    found = last_about(facts, scenario, what, until_s=until_s)
    if found is not None:
        return found
    by_then = "" if until_s is None else " by then"
    if what in scenario.places:
        holder = next((fact.side for fact in facts if isinstance(fact, f.ControlChanged) and fact.place == what), "")
        held = f"{scenario.sides[holder].name} held it throughout" if holder else "nobody ever held it"
        raise InputError(f"{what} has not changed hands in this history{by_then}: {held}; ask about another place")
    if what in scenario.operations or what in scenario.talks:
        raise InputError(f"nothing came of {what} in this history{by_then}; ask about something else")
    forces = {str(fact.force): fact for fact in facts if isinstance(fact, f.ForceRaised)}
    known = {**scenario.places, **scenario.operations, **scenario.talks, **forces}
    raise InputError(
        f"{what}: no place, operation, talks or force of that name; {did_you_mean(what, known)}, or give the number of "
        "a fact as `sim events` shows it"
    )


def last_about(facts: Sequence[Fact], scenario: Scenario, what: str, *, until_s: int | None = None) -> Fact | None:
    """Return the last fact that decided something about a place, a force, talks or an operation, None if none did."""
    found: Fact | None = None
    for fact in facts:
        if until_s is not None and fact.time_s > until_s:
            break
        if _is_about(fact, scenario, what):
            found = fact
    return found


def _is_about(fact: Fact, scenario: Scenario, what: str) -> bool:
    if what in scenario.places:
        return isinstance(fact, f.ControlChanged) and fact.place == what and fact.how != "initial"
    if what in scenario.operations:
        return isinstance(fact, _OF_OPERATION) and fact.operation == what
    if what in scenario.talks:
        return isinstance(fact, _OF_TALKS) and fact.talks == what
    return isinstance(fact, _OF_FORCE) and fact.force == what
