"""Names of forces for people: whose they are and where they came from, out of the ids that a log gives them."""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.projections.wording import spoken
from sim.scenario.schema import Scenario

#: Of a post: ``guard@gate``, ``guard@gate+reserve``; of a pool: ``levy#2``; of a rising: ``gate/rising#1``; each with
#: any number of detachments behind it: ``guard@gate>relief#1``.
_ID = re.compile(
    r"(?P<body>[^@#>/]+)"
    r"(?:@(?P<post>[^>+]+)(?P<reserve>\+reserve)?|/rising#(?P<rising>\d+)|#(?P<column>\d+))?"
)
_HILLS = "hills"


class Named(NamedTuple):
    """A force: the body that it belongs to, and what it is called itself."""

    body: str
    name: str


def named(force: str, scenario: Scenario) -> Named:
    """Return the name of a force and of its body; whatever does not read as such an id is its own name."""
    first, *parts = force.split(">")
    found = _ID.fullmatch(first)
    if found is None:
        return Named(spoken(first), force)
    key = found["body"]
    if found["rising"]:
        body = f"Rising at {_place(key, scenario)}"
        name = body if found["rising"] == "1" else f"{body}, {found['rising']}"
    elif found["column"] and key in scenario.pools:
        body = f"Reserve at {_place(scenario.pools[key].at, scenario)}"
        name = f"{body}, column {found['column']}"
    else:
        body = scenario.forces[key].name if key in scenario.forces else spoken(key).capitalize()
        name = f"{body}, {_place(found['post'], scenario)}" if found["post"] else body
        name = f"{name}, reserve" if found["reserve"] else name
    for part in parts:
        name = f"{name}, {_purpose(part, scenario)}"
    return Named(body, name)


def _purpose(part: str, scenario: Scenario) -> str:
    """Return what a detachment was told off for: an operation, a place, or the hills, with its number."""
    what, _, number = part.partition("#")
    operation = scenario.operations.get(what)
    goal = _place(what, scenario) if operation is None else operation.name
    words = "in the hills" if what == _HILLS else f"for {goal}"
    return f"{words} {number}".rstrip()


def _place(place: str, scenario: Scenario) -> str:
    known = scenario.places.get(place)
    return known.name if known is not None else place
