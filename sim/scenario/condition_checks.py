"""What must hold of the conditions that set off operations and cut telephones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from sim.domain.facts import KINDS
from sim.errors import Problem
from sim.scenario.documents import Trail
from sim.scenario.schema import Condition, Scenario
from sim.scenario.spelling import did_you_mean

if TYPE_CHECKING:
    from sim.scenario.checks import Names

_FORMS = ("fact", "state", "exogenous", "all", "any", "not")
_PLACES = ("place", "area")
#: What a key of a condition names.
_NAMED = {
    "side": "sides", "lost_by": "sides", "by": "sides", "place": "places", "area": "areas",
    "operation": "operations", "talks": "talks", "exogenous": "exogenous",
}  # fmt: skip
_DETAILS = (*(key for key in _NAMED if key != "exogenous"), "outcome", "stage", "at_least")


class _State(NamedTuple):
    needs: tuple[str, ...] = ()
    somewhere: bool = False
    may: tuple[str, ...] = ()


_STATES = {
    "believed-odds": _State(needs=("at_least",), somewhere=True),
    "holds": _State(somewhere=True, may=("side",)),
    "besieged": _State(somewhere=True, may=("side",)),
    "present": _State(needs=("at_least",), somewhere=True, may=("side",)),
    "truce": _State(may=("talks",)),
    "talks": _State(needs=("stage",), may=("talks",)),
}


def check_conditions(scenario: Scenario, names: Names) -> Iterator[Problem]:
    """Yield everything wrong with the conditions of a scenario."""
    for key, operation in scenario.operations.items():
        yield from _condition(("operations", key, "trigger"), operation.trigger, names)
    for key, network in scenario.communications.items():
        yield from _condition(("communications", key, "when"), network.when, names)


def _condition(trail: Trail, condition: Condition, names: Names) -> Iterator[Problem]:
    forms = [form for form in _FORMS if _given(condition, form) is not None]
    if len(forms) != 1:
        found = " and ".join(forms) or "none"
        remedy = "join conditions with all: or any:" if forms else "say what it waits for"
        message = f"a condition has exactly one of {', '.join(_FORMS)} (found {found})"
        yield names.problem(trail, message, remedy, key=True)
        return
    form = forms[0]
    yield from _names(trail, condition, names)
    if form in ("all", "any"):
        parts = condition.all if form == "all" else condition.any
        if not parts:
            yield names.problem((*trail, form), "needs at least one condition", "name some")
        for index, part in enumerate(parts or ()):
            yield from _condition((*trail, form, index), part, names)
    elif condition.not_ is not None:
        yield from _condition((*trail, "not"), condition.not_, names)
    yield from _details(trail, condition, form, names)


def _given(condition: Condition, key: str) -> object:
    return getattr(condition, "not_" if key == "not" else key)


def _names(trail: Trail, condition: Condition, names: Names) -> Iterator[Problem]:
    for key, kind in _NAMED.items():
        name = _given(condition, key)
        yield from names.check((*trail, key), kind, name if isinstance(name, str) else None)


def _details(trail: Trail, condition: Condition, form: str, names: Names) -> Iterator[Problem]:
    """Check that a condition has the keys that its form needs, and no others."""
    given = [key for key in _DETAILS if _given(condition, key) is not None]
    if form == "fact":
        yield from _fact(trail, condition, given, names)
        return
    state = _STATES[condition.state] if condition.state is not None else _State()
    what = f"the state {condition.state}" if condition.state is not None else f"`{form}:`"
    allowed = (*state.needs, *state.may, *(_PLACES if state.somewhere else ()))
    for key in given:
        if key not in allowed:
            remedy = f"it takes {', '.join(allowed)}" if allowed else "it stands alone"
            yield names.problem((*trail, key), f"{what} has no {key!r}", remedy, key=True)
    for key in state.needs:
        if key not in given:
            yield names.problem((*trail, form), f"{what} needs {key!r}", f"add `{key}:`", key=True)
    if state.somewhere and sum(key in given for key in _PLACES) != 1:
        message = f"{what} needs a place or an area, one of them"
        yield names.problem((*trail, form), message, "give `place:` or `area:`", key=True)


def _fact(trail: Trail, condition: Condition, given: list[str], names: Names) -> Iterator[Problem]:
    kind = condition.fact or ""
    if kind not in KINDS:
        yield names.problem((*trail, "fact"), f"no kind of fact {kind!r}", did_you_mean(kind, KINDS, 2))
        return
    tells = set(KINDS[kind].__struct_fields__)
    if tells & {"place", "places"}:
        tells |= set(_PLACES)
    else:
        tells.discard("area")  # an area is looked for among the places of a fact
    for key in given:
        if key not in tells or key in ("at_least", "stage"):
            known = [name for name in _DETAILS if name in tells]
            remedy = f"it can be told apart by {', '.join(known)}" if known else "it cannot be told apart further"
            yield names.problem((*trail, key), f"the fact {kind} has no {key!r}", remedy, key=True)
