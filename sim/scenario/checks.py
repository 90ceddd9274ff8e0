"""What must hold between the parts of a scenario whose single values are valid.

Every id that is named exists, nothing is against itself, times are in order. Conditions and numbers have
checks of their own. All problems are found in one pass, each where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sim.errors import Problem
from sim.scenario.condition_checks import check_conditions
from sim.scenario.documents import Document, Trail
from sim.scenario.intervention_checks import check_interventions
from sim.scenario.number_checks import check_numbers
from sim.scenario.reference_checks import check_references
from sim.scenario.schema import Operation, Scenario
from sim.scenario.spelling import did_you_mean

DURATION_MAX = timedelta(days=3 * 366)
#: Numbers that may be left out, each with one that it needs where it is given.
_NEEDS = (
    ("cohesion", "leader_loss_per_share_lost", "leader_drop"),
    ("cohesion", "news_drop", "news_delay"),
    ("control", "column_ambush_rate_per_km", "column_ambush_loss_share"),
)


def cross_references(scenario: Scenario, document: Document, tree: Path | None) -> Iterator[Problem]:
    """Yield everything wrong across the parts of a scenario.

    Args:
        scenario: The scenario, each value of which is valid.
        document: Where its values stand.
        tree: The folder that the names of files are relative to; none = files are not looked at.
    """
    names = Names(scenario, document)
    yield from _times(scenario, document)
    yield from _sides(scenario, names)
    yield from _ground(scenario, names)
    yield from _needed(scenario, names)
    yield from _forces(scenario, names)
    for key, operation in scenario.operations.items():
        yield from _operation(("operations", key), operation, names)
    yield from _politics(scenario, names)
    yield from _news(scenario, names)
    yield from check_conditions(scenario, names)
    yield from check_numbers(scenario, document)
    yield from check_interventions(scenario, document)
    if tree is not None:
        yield from check_references(scenario, document, tree)


class Names:
    """What is called what in a scenario, and the words for a name that is not."""

    def __init__(self, scenario: Scenario, document: Document) -> None:
        self.scenario = scenario
        self.document = document

    def check(self, trail: Trail, kind: str, name: str | None, key: bool = False) -> Iterator[Problem]:
        """Yield a problem if a name is not one of a section: sides, places, areas, ..."""
        known: Mapping[str, Any] = getattr(self.scenario, kind)
        if name is not None and name not in known:
            yield self.document.problem(trail, f"no {_singular(kind)} {name!r}", _remedy(name, kind, known), key=key)

    def check_all(self, trail: Trail, kind: str, names: Iterable[str], twice: bool = True) -> Iterator[Problem]:
        """Yield a problem for every name of a list that is unknown, or given twice where that is wrong."""
        seen: set[str] = set()
        for index, name in enumerate(names):
            yield from self.check((*trail, index), kind, name)
            if name in seen and not twice:
                yield self.problem((*trail, index), f"{name!r} is given twice", "remove one of them")
            seen.add(name)

    def check_keys(self, trail: Trail, kind: str, mapping: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield a problem for every key of a mapping that is unknown."""
        for name in mapping:
            yield from self.check((*trail, name), kind, name, key=True)

    def problem(self, trail: Trail, message: str, remedy: str = "", key: bool = False) -> Problem:
        """Return a problem with what stands at a trail."""
        return self.document.problem(trail, message, remedy, key)


def _singular(kind: str) -> str:
    words = {"terrain_classes": "terrain class", "talks": "talks", "exogenous": "exogenous date"}
    return words.get(kind, kind.removesuffix("s"))


def _remedy(name: str, kind: str, known: Mapping[str, Any]) -> str:
    return did_you_mean(name, known) or f"there are no {kind.replace('_', ' ')} in this scenario"


# --- head, sides, ground ------------------------------------------------------------------------------


def _times(scenario: Scenario, document: Document) -> Iterator[Problem]:
    head = scenario.scenario
    lasts = head.end - head.start
    if lasts <= timedelta(0):
        message = f"the end {head.end.isoformat()} is not after the start {head.start.isoformat()}"
        yield document.problem(("scenario", "end"), message, "move one of them")
    elif lasts > DURATION_MAX:
        message = f"the scenario lasts {lasts.days} days (at most three years)"
        yield document.problem(("scenario", "end"), message, "shorten it")


def _sides(scenario: Scenario, names: Names) -> Iterator[Problem]:
    colours: dict[str, str] = {}
    for key, side in scenario.sides.items():
        other = colours.setdefault(side.colour.lower(), key)
        if other != key:
            yield names.problem(("sides", key, "colour"), f"the side {other!r} has the same colour", "choose another")
        if key not in scenario.doctrine:
            yield names.problem(("doctrine",), f"the side {key!r} has no doctrine", f"add `{key}:`", key=True)
    yield from names.check_keys(("doctrine",), "sides", scenario.doctrine)
    for key, doctrine in scenario.doctrine.items():
        at = ("doctrine", key, "odds_wanted_by_terrain")
        yield from names.check_keys(at, "terrain_classes", doctrine.odds_wanted_by_terrain)
    pairs: set[frozenset[str]] = set()
    for relation in scenario.relations:
        first, _, second = relation.partition("+")
        trail = ("relations", relation)
        yield from names.check(trail, "sides", first, key=True)
        yield from names.check(trail, "sides", second, key=True)
        if first == second:
            yield names.problem(trail, "a side has no relation with itself", "remove it", key=True)
        elif frozenset((first, second)) in pairs:
            yield names.problem(trail, "the relation of these sides is given twice", "remove one of them", key=True)
        pairs.add(frozenset((first, second)))


def _ground(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for key, members in scenario.areas.items():
        yield from names.check_all(("areas", key), "places", members, twice=False)
        if not members:
            yield names.problem(("areas", key), "the area has no places", "name some, or remove it")
    for key, place in scenario.places.items():
        trail = ("places", key)
        yield from names.check((*trail, "terrain"), "terrain_classes", place.terrain)
        yield from names.check((*trail, "holder"), "sides", place.holder)
        yield from names.check_keys((*trail, "leaning"), "sides", place.leaning)
    for key, leg in scenario.legs.items():
        yield from names.check(("legs", key, "from"), "places", leg.start)
        yield from names.check(("legs", key, "to"), "places", leg.to)
        if leg.start == leg.to:
            yield names.problem(("legs", key, "to"), f"the leg leads from {leg.to!r} to itself", "name its other end")
    if scenario.meetings is not None:
        yield from names.check(("meetings", "terrain"), "terrain_classes", scenario.meetings.terrain)


def _needed(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for section, name, needed in _NEEDS:
        part = getattr(scenario, section)
        if getattr(part, name) is not None and getattr(part, needed) is None:
            message = f"says nothing without {needed!r}"
            yield names.problem((section, name), message, f"add `{needed}:`, or remove it", key=True)


# --- forces, operations, talks ------------------------------------------------------------------------


def _forces(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for key, force in scenario.forces.items():
        trail = ("forces", key)
        yield from names.check((*trail, "side"), "sides", force.side)
        yield from names.check_keys((*trail, "posts"), "places", force.posts)
        yield from names.check_keys((*trail, "reserve"), "places", force.reserve)
        if force.rest_at is not None:
            yield from names.check((*trail, "rest_at"), "places", force.rest_at)
        elif all(share.support()[1] <= 0 for share in (*force.posts.values(), *force.reserve.values())):
            message = "all shares are 0: the force is nowhere"
            yield names.problem(trail, message, "give a post a share above 0, or say where the rest stands: rest_at")
    for kind in ("depots", "lifelines"):
        for key, stock in getattr(scenario, kind).items():
            yield from names.check((kind, key, "side"), "sides", stock.side)
            yield from names.check((kind, key, "place"), "places", stock.place)
    for key, pool in scenario.pools.items():
        yield from names.check(("pools", key, "side"), "sides", pool.side)
        yield from names.check(("pools", key, "at"), "places", pool.at)
        yield from names.check_all(("pools", key, "spares_nobody_but"), "operations", pool.spares_nobody_but, False)
        if (pool.held_back_share is None) != (pool.held_back_for is None):
            message = "who is held back needs both a share and a reason"
            yield names.problem(("pools", key), message, "give held_back_share and held_back_for, or neither", key=True)


def _operation(trail: Trail, operation: Operation, names: Names) -> Iterator[Problem]:
    yield from names.check((*trail, "side"), "sides", operation.side)
    yield from names.check((*trail, "against"), "sides", operation.against)
    if operation.side == operation.against:
        yield names.problem((*trail, "against"), "the operation is against its own side", "name the enemy")
    yield from names.check_all((*trail, "stops_for_truce"), "talks", operation.stops_for_truce, twice=False)
    for key, axis in operation.axes.items():
        at = (*trail, "axes", key)
        yield from names.check((*at, "assemble_at"), "places", axis.assemble_at)
        yield from names.check_all((*at, "path"), "places", axis.path)
        for kind in ("forces", "pools"):
            given = getattr(axis, kind)
            yield from names.check_all((*at, kind), kind, given, twice=False)
            yield from _own((*at, kind), kind, given, operation.side, names)
        if not axis.forces and not axis.pools:
            yield names.problem(at, "nobody is named who could go on this axis", "name `forces:` or `pools:`", key=True)
    if all(axis.share is not None and axis.share.support()[1] <= 0 for axis in operation.axes.values()):
        message = "the shares of all axes are 0: nobody would go"
        yield names.problem((*trail, "axes"), message, "give one of them a share above 0", key=True)


def _own(trail: Trail, kind: str, given: Iterable[str], side: str, names: Names) -> Iterator[Problem]:
    owners = getattr(names.scenario, kind)
    for index, name in enumerate(given):
        if name in owners and owners[name].side != side:
            message = f"the {_singular(kind)} {name!r} belongs to {owners[name].side!r}, the operation to {side!r}"
            yield names.problem((*trail, index), message, "name one of its own side")


def _politics(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for key, talks in scenario.talks.items():
        trail = ("talks", key)
        yield from names.check_all((*trail, "parties"), "sides", talks.parties, twice=False)
        yield from names.check((*trail, "area"), "areas", talks.area)
        yield from names.check_all((*trail, "deadlines"), "exogenous", talks.deadlines, twice=False)
        if talks.ultimatum is not None and talks.ultimatum.side not in talks.parties:
            message = f"{talks.ultimatum.side!r} is no party to these talks"
            remedy = did_you_mean(talks.ultimatum.side, talks.parties)
            yield names.problem((*trail, "ultimatum", "side"), message, remedy)
    for key, network in scenario.communications.items():
        yield from names.check(("communications", key, "area"), "areas", network.area)
        yield from names.check(("communications", key, "cut_by"), "sides", network.cut_by)


def _news(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for key, claimant in scenario.observation.claimants.items():
        trail = ("observation", "claimants", key)
        yield from names.check((*trail, "side"), "sides", claimant.side)
        yield from names.check_all((*trail, "areas"), "areas", claimant.areas, twice=False)
