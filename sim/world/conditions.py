"""Conditions of a scenario: whether one holds now, and which facts made it so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.schema import Condition, Scenario
from sim.world.beliefs import believed, reports

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
        last = world.met.get(path, -1)
        return (True, (last,)) if last >= since_fact and last >= 0 else (False, ())
    if condition.state == "believed-odds":
        return _believed_odds(world, _places(world, condition), f"{path}.at_least", side)
    return _state(world, condition, path, side), ()


#: Kinds of facts after which a condition on a state may have changed.
_STATE_KINDS = {
    "believed-odds": ("ReportReceived", "ForceArrived", "ForceMerged"),
    "holds": ("ControlChanged",),
    "besieged": ("SiegeBegan", "SiegeLifted"),
    "present": (
        *("ForceArrived", "ForceDeparted", "ForceMerged", "EngagementEnded", "ForceRaised", "ForceReformed"),
        *("ForceDispersed", "ForceBeaten", "ForceSurrendered", "ForceDestroyed", "FightersDeserted", "BoutFought"),
    ),
    "truce": ("TruceAgreed", "TalksCollapsed", "SettlementReached"),
    "talks": ("TalksOpened", "TruceAgreed", "TalksCollapsed", "SettlementReached"),
}


def parts(condition: Condition, path: str) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions without parts that a condition is made of, with their dotted paths."""
    for word in ("all", "any"):
        for index, part in enumerate(getattr(condition, word) or ()):
            yield from parts(part, f"{path}.{word}.{index}")
    if condition.not_ is not None:
        yield from parts(condition.not_, f"{path}.not")
    if condition.all is None and condition.any is None and condition.not_ is None:
        yield path, condition


def wakes(condition: Condition) -> frozenset[str]:
    """Return the kinds of facts after which a condition may have come to hold."""
    found: set[str] = {"RunStarted"}
    for _, part in parts(condition, ""):
        if part.fact is not None:
            found.add(part.fact)
        elif part.exogenous is not None:
            found.add("DayCame")
        elif part.state is not None:
            found.update(_STATE_KINDS[part.state])
    return frozenset(found)


def _all(world: World, conditions: tuple[Condition, ...], since_fact: int, path: str, side: str) -> Verdict:
    because: tuple[int, ...] = ()
    for index, part in enumerate(conditions):
        met, facts = holds(world, part, since_fact, f"{path}.{index}", side)
        if not met:
            return False, ()
        because += facts
    return True, because


def matches(scenario: Scenario, condition: Condition, fact: Fact) -> bool:
    """Tell whether a fact is one that a condition waits for; how things stood at the start never is."""
    if getattr(fact, "how", "") == "initial":
        return False
    for name in _FILTERS:
        wanted = getattr(condition, name)
        if wanted is not None and getattr(fact, name, None) != wanted:
            return False
    if condition.place is None and condition.area is None:
        return True
    places = {*getattr(fact, "places", ()), getattr(fact, "place", "")}
    if condition.place is not None and condition.place not in places:
        return False
    return condition.area is None or not places.isdisjoint(scenario.areas[condition.area])


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
    wanted = condition.stage or "truce"
    names = [condition.talks] if condition.talks else list(world.scenario.talks)
    return any((state.talks[name].stage if name in state.talks else "none") == wanted for name in names)


def _believed_odds(world: World, places: tuple[str, ...], path: str, side: str) -> Verdict:
    """Tell whether a side's fighters next door are so many times the enemies it believes at some places."""
    known = [belief for place in places if (belief := believed(world, side, place)) is not None]
    if not known:
        return False, ()
    near = {end for place in places for end in world.neighbours(place)} - set(places)
    own = sum(world.strength(place, side) for place in near if world.state.places[place].holder == side)
    met = own >= world.value(path) * max(1, sum(belief.estimate for belief in known))
    return met, reports(known) if met else ()
