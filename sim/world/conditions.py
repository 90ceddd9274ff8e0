"""Conditions of a scenario: whether one holds now, and which facts made it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.schema import Condition

if TYPE_CHECKING:
    from sim.domain.facts import Fact
    from sim.world.world import World

Verdict = tuple[bool, tuple[int, ...]]

_FILTERS = ("side", "lost_by", "by", "operation", "outcome", "talks")


def holds(world: World, condition: Condition, since_fact: int, path: str, side: str) -> Verdict:
    """Tell whether a condition holds, and return the numbers of the facts it rests on.

    Args:
        world: The world now.
        condition: What is asked.
        since_fact: Facts count from this number on (the last attempt of who asks).
        path: Dotted path of the condition, to look up its numbers.
        side: The side that asks, for beliefs.
    """
    if condition.all is not None:
        return _all(world, condition.all, since_fact, f"{path}.all", side)
    if condition.any is not None:
        for index, part in enumerate(condition.any):
            found = holds(world, part, since_fact, f"{path}.any.{index}", side)
            if found[0]:
                return found
        return False, ()
    if condition.not_ is not None:
        return not holds(world, condition.not_, since_fact, f"{path}.not", side)[0], ()
    if condition.exogenous is not None:
        return condition.exogenous in world.state.days_come, ()
    if condition.fact is not None:
        return _fact(world, condition, since_fact)
    return _state(world, condition, path, side), ()


def _all(world: World, parts: tuple[Condition, ...], since_fact: int, path: str, side: str) -> Verdict:
    because: tuple[int, ...] = ()
    for index, part in enumerate(parts):
        met, facts = holds(world, part, since_fact, f"{path}.{index}", side)
        if not met:
            return False, ()
        because += facts
    return True, because


def _fact(world: World, condition: Condition, since_fact: int) -> Verdict:
    assert condition.fact is not None
    for fact in reversed(world.log_index[condition.fact]):
        if fact.seq < since_fact:
            break
        if _matches(world, condition, fact):
            return True, (fact.seq,)
    return False, ()


def _matches(world: World, condition: Condition, fact: Fact) -> bool:
    if getattr(fact, "how", "") == "initial":
        return False
    for name in _FILTERS:
        wanted = getattr(condition, name)
        if wanted is not None and getattr(fact, name, None) != wanted:
            return False
    places = set(getattr(fact, "places", ())) | {getattr(fact, "place", "")}
    if condition.place is not None and condition.place not in places:
        return False
    return condition.area is None or not places.isdisjoint(world.scenario.areas[condition.area])


def _places(world: World, condition: Condition) -> tuple[str, ...]:
    if condition.place is not None:
        return (condition.place,)
    return tuple(world.scenario.areas[condition.area]) if condition.area is not None else ()


def _state(world: World, condition: Condition, path: str, side: str) -> bool:
    state = world.state
    whose = condition.side or side
    places = _places(world, condition)
    if condition.state == "holds":
        return any(state.places[place].holder == whose for place in places)
    if condition.state == "besieged":
        return any(state.places[place].besieged == whose for place in places)
    if condition.state == "present":
        return sum(world.strength(place, whose) for place in places) >= world.value(f"{path}.at_least")
    if condition.state in ("truce", "talks"):
        wanted = condition.stage or "truce"
        names = [condition.talks] if condition.talks else list(world.scenario.talks)
        return any((state.talks[name].stage if name in state.talks else "none") == wanted for name in names)
    known = state.beliefs.get(side, {})
    believed = [known[place].estimate for place in places if place in known]
    if not believed:
        return False
    near = {end for place in places for end in world.neighbours(place)} - set(places)
    own = sum(world.strength(place, side) for place in near if state.places[place].holder == side)
    return own >= world.value(f"{path}.at_least") * max(1, sum(believed))
