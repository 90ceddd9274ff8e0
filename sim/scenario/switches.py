"""What of a scenario can be switched off: mechanisms with ``enabled``, entities, choices with an ``off``, options.

A switch is a name and the ``path=value`` overrides that take its mechanism away and leave everything else as
it was. The list is read off the schema and what a scenario says, so a new mechanism is in it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.errors import InputError
from sim.scenario.anatomy import Slot, of_field
from sim.scenario.numbers import register
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean

#: Mechanisms that are mappings of entities, and the key that says whether an entry does anything. It stays where
#: it is, so that what names it (a trigger, an axis) still does.
ENTITIES = {
    "operations": "enabled",
    "pools": "enabled",
    "talks": "enabled",
    "communications": "enabled",
    "lifelines": "open",
}
#: Mappings without which there is no campaign to compare with.
WORLD = frozenset(
    {"sides", "relations", "areas", "terrain_classes", "places", "legs", "exogenous", "doctrine", "forces", "depots",
     "given_argued"}
)  # fmt: skip
#: Blocks and mappings whose optional parts are mechanisms of their own.
_WITH_OPTIONS = frozenset({"doctrine", "talks"})
#: How the description of an optional number says that without it something does not happen.
_NEVER = "none = never"
_OFF = "off"


@dataclass(frozen=True, slots=True)
class Switch:
    """A mechanism that can be taken away: its name and the overrides that do it."""

    name: str
    overrides: tuple[str, ...]


def switches(scenario: Scenario) -> dict[str, Switch]:
    """Return what is on in a scenario and can be switched off, by name.

    Sections with ``enabled``, entities of ``ENTITIES``, choices with an option ``off`` (unless it is what they
    always are), and optional blocks and numbers without which something never happens.
    """
    found: dict[str, list[str]] = {}
    for name in type(scenario).model_fields:
        part = getattr(scenario, name)
        if isinstance(part, BaseModel) and getattr(part, "enabled", None) is True:
            found[name] = [f"{name}.enabled=false"]
            for path in _options(part, name):
                found[path] = [f"{path}=null"]
        elif isinstance(part, Mapping) and name in ENTITIES:
            key = ENTITIES[name]
            on = [entry for entry, spec in part.items() if getattr(spec, key)]
            if on:
                found[name] = [f"{name}.{entry}.{key}=false" for entry in on]
        if name in _WITH_OPTIONS:
            for key, entry in part.items():
                for path in _options(entry, name):
                    found.setdefault(path, []).append(f"{name}.{key}{path.removeprefix(name)}=null")
    for path, entry in register(scenario).items():
        if _OFF in entry.options and not (entry.constant and entry.parts["value"] == entry.options.index(_OFF)):
            found[path] = [f"{path}={_OFF}"]
    return {name: Switch(name, tuple(overrides)) for name, overrides in sorted(found.items())}


def chosen(scenario: Scenario, names: list[str]) -> list[Switch]:
    """Return the switches that are named; ``all`` is each of them, ``a+b`` takes a and b away together.

    Raises:
        InputError: If the scenario has no such mechanism, or it is off already.
    """
    known = switches(scenario)
    found: list[Switch] = []
    for name in names:
        if name == "all":
            found += known.values()
            continue
        parts = name.split("+")
        for part in parts:
            if part not in known:
                remedy = did_you_mean(part, known)
                raise InputError(f"--without {part}: nothing of this name is on in the scenario; {remedy}")
        found.append(Switch(name, tuple(change for part in parts for change in known[part].overrides)))
    return found


def _options(part: BaseModel, path: str) -> Iterator[str]:
    """Yield the paths of the optional parts that are given and without which something never happens."""
    for key, info in type(part).model_fields.items():
        value, slot = getattr(part, key), of_field(info)
        if value is not None and slot.optional and (slot.shape == "block" or _may_never_happen(slot, info)):
            yield f"{path}.{info.alias or key}"


def _may_never_happen(slot: Slot, info: FieldInfo) -> bool:
    return slot.shape == "number" and _NEVER in (info.description or "")
