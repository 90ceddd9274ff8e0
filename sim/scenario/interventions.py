"""Interventions: what somebody does from outside on the way, in a scenario or at a fork, in the same words.

The run is the same up to the moment of an intervention. ``deeds`` makes of what was written what a run does, and
refuses what it cannot do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from sim.domain.terms import parse_duration
from sim.errors import InputError
from sim.scenario.distributions import TIMED_PARTS
from sim.scenario.documents import Document
from sim.scenario.fields import Id, LegId, Moment, Plain
from sim.scenario.numbers import Entry
from sim.scenario.spelling import did_you_mean
from sim.scenario.yaml_source import read_yaml, validate

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

#: As many as a scenario may have.
INTERVENTIONS_MAX = 1_000
ACTIONS = ("set", "release", "block", "cut", "order")
#: What each action says besides, and the first of which it cannot do without.
DETAILS: Mapping[str, tuple[str, ...]] = {
    "set": (),
    "release": ("to", "fighters"),
    "block": ("how", "side"),
    "cut": (),
    "order": ("to",),
}


class Intervention(Plain):
    """Something done from outside at a moment: exactly one of ``set``, ``release``, ``block``, ``cut``, ``order``."""

    at: Moment = Field(description="When, ISO 8601 with an explicit offset.")
    set: dict[str, Annotated[float | str, Field(union_mode="left_to_right")]] | None = Field(
        None, description="Numbers that have another value from then on, by dotted path."
    )
    release: Id | None = Field(None, description="A pool that sends a column, whoever asks for it.")
    block: LegId | None = Field(None, description="A leg that is shut.")
    cut: Id | None = Field(None, description="An entry of `communications:` whose telephones are cut.")
    order: Id | None = Field(
        None, description="An operation that is ordered, trigger or not; with `to`, a force that is sent there."
    )
    to: Id | None = Field(None, description="release, order of a force: the place.")
    fighters: int | None = Field(None, ge=1, description="release: how many, at most.")
    how: Literal["demolished", "mined"] | None = Field(None, description="block: by what; demolished if not given.")
    side: Id | None = Field(None, description="block: who does it; nobody if not given.")
    note: str = Field("", description="What it is meant to show.")

    @property
    def given(self) -> tuple[str, ...]:
        """Return which actions are written down; exactly one should be."""
        return tuple(action for action in ACTIONS if getattr(self, action) is not None)

    def words(self) -> str:
        """Return what is done, in the words of the command line."""
        action = self.given[0]
        if self.set is not None:
            return ", ".join(f"set {path}={_shown(value)}" for path, value in self.set.items())
        more = "".join(f" {key} {getattr(self, key)}" for key in DETAILS[action] if getattr(self, key) is not None)
        return f"{action} {getattr(self, action)}{more}"


class Interventions(BaseModel):
    """A file of interventions; what else stands in it, such as what a fork keeps of itself, is not looked at."""

    interventions: tuple[Intervention, ...] = Field(strict=False, max_length=INTERVENTIONS_MAX)

    model_config = ConfigDict(defer_build=True, extra="ignore", frozen=True, strict=True)


def understood(interventions: Iterable[Intervention | Mapping[str, Any]]) -> tuple[Intervention, ...]:
    """Return interventions that are already read, or are data as a scenario would say them.

    Raises:
        ProblemsFound: With everything that is wrong in the data.
    """
    raw = [as_written([one])[0] if isinstance(one, Intervention) else one for one in interventions]
    return validate(Document("interventions", {"interventions": raw}, {}, {}), Interventions).interventions


def read_interventions(path: str | Path) -> tuple[Intervention, ...]:
    """Return the interventions of a file: YAML with ``interventions:``, or what `sim fork -o` has written.

    Raises:
        ProblemsFound: With everything that is wrong in it.
    """
    return validate(read_yaml(path), Interventions).interventions


def as_written(interventions: Iterable[Intervention]) -> list[dict[str, Any]]:
    """Return interventions as the data that a scenario would hold."""
    return [one.model_dump(mode="json", exclude_defaults=True) for one in interventions]


class Deed(NamedTuple):
    """One thing that a run does from outside: ``subject`` is what ``action`` names; of the rest what it needs."""

    time_s: int
    action: str
    subject: str
    value: float = 0.0
    to: str = ""
    fighters: int = 0
    how: str = ""
    side: str = ""


def deeds(scenario: Scenario, entries: Mapping[str, Entry], interventions: Iterable[Intervention]) -> tuple[Deed, ...]:
    """Return what a run does for interventions, in their order.

    Args:
        scenario: The scenario that they happen in.
        entries: Its numbers by path.
        interventions: Each with one action and what that needs.

    Raises:
        InputError: If one of them cannot be done.
    """
    found: list[Deed] = []
    for one in interventions:
        time_s = seconds_of(scenario, one.at)
        if complaint := next(iter(mistakes(scenario, one)), None):
            raise InputError(f"{complaint[1]}; {complaint[2]}")
        if one.set is not None:
            changes = [standing_value(entries, path, value) for path, value in one.set.items()]
            found += [Deed(time_s, "set", path, number) for path, number in changes]
            continue
        action = one.given[0]
        found.append(
            Deed(
                time_s,
                action,
                getattr(one, action),
                to=one.to or "",
                fighters=one.fighters or 0,
                how=(one.how or "demolished") if action == "block" else "",
                side=one.side or "",
            )
        )
    return tuple(found)


def seconds_of(scenario: Scenario, moment: datetime) -> int:
    """Return a moment in whole seconds after the start of a scenario.

    Raises:
        InputError: If it lies outside the campaign, whose end is none of its moments.
    """
    head = scenario.scenario
    if not head.start <= moment < head.end:  # what is done in the last second has no time to come to anything
        raise InputError(
            f"{moment.isoformat()} is outside the campaign, from {head.start.isoformat()} until {head.end.isoformat()}"
        )
    return int((moment - head.start).total_seconds())


def mistakes(scenario: Scenario, one: Intervention) -> list[tuple[str, str, str]]:
    """Return what is wrong with an intervention: the key, what, and what to do; numbers that are set apart."""
    if len(one.given) != 1:
        found = " and ".join(one.given) or "none"
        remedy = "make one entry of each" if one.given else "say what is done"
        return [("", f"an intervention has exactly one of {', '.join(ACTIONS)} (found {found})", remedy)]
    action = one.given[0]
    wrong = [
        (key, f"{action} takes no `{key}`", f"remove it, or see what {action} takes: {_takes(action)}")
        for key in ("to", "fighters", "how", "side")
        if getattr(one, key) is not None and key not in DETAILS[action]
    ]
    if action == "set" and not one.set:
        wrong.append(("set", "nothing is set", "name a number: its dotted path and the new value"))
    if action == "release":
        wrong += [
            ("release", f"release needs `{key}`", f"add `{key}:`")
            for key in DETAILS[action]
            if getattr(one, key) is None
        ]
    for key, section in _named(one):
        name, known = getattr(one, key), getattr(scenario, section)
        if name is not None and name not in known:
            kind = {"communications": "entry of communications"}.get(section, section.removesuffix("s"))
            remedy = did_you_mean(name, known) or f"there are no {section} in this scenario"
            wrong.append((key, f"no {kind} {name!r}", remedy))
    return wrong or _impossible(scenario, one)


def _takes(action: str) -> str:
    return ", ".join(("at", "note", *DETAILS[action]))


def _named(one: Intervention) -> tuple[tuple[str, str], ...]:
    """Return which section of a scenario the names in an intervention are of, by key."""
    ordered = "forces" if one.to is not None else "operations"
    named = (("release", "pools"), ("block", "legs"), ("cut", "communications"), ("order", ordered))
    return (*named, ("to", "places"), ("side", "sides"))


def _impossible(scenario: Scenario, one: Intervention) -> list[tuple[str, str, str]]:
    """Return why a scenario has no way of doing what an intervention says, though all it names is there."""
    for key, section in _named(one)[:4]:
        entity = getattr(scenario, section).get(getattr(one, key))
        if not getattr(entity, "enabled", True):  # nothing reads its numbers then
            path = f"{section}.{getattr(one, key)}.enabled"
            return [(key, f"{getattr(one, key)} is switched off", f"set `{path}` to true, or name another")]
    if one.block is not None:
        if scenario.obstacles is None or not scenario.obstacles.enabled:
            return [("block", "no leg can be shut: obstacles are off", "add an `obstacles:` section, or enable it")]
        if scenario.legs[one.block].demolition is None:
            remedy = f"give `legs.{one.block}.demolition` a value, or name another leg"
            return [("block", f"the leg {one.block} cannot be shut: it has no `demolition`", remedy)]
    if one.order is not None and one.to is None and not scenario.command.enabled:
        return [("order", "no operation can be ordered: command is off", "set `command.enabled` to true")]
    moves = one.to is not None
    if moves and not scenario.movement.enabled:
        return [("to", "nobody can go anywhere: movement is off", "set `movement.enabled` to true")]
    return []


# --- numbers ----------------------------------------------------------------------------------------------


def standing_value(entries: Mapping[str, Entry], path: str, value: float | str) -> tuple[str, float]:
    """Return the path that a run holds a number under, and its new value.

    Args:
        entries: The numbers of the scenario by path.
        path: A dotted path.
        value: A number, an ISO 8601 duration or the name of an option.

    Raises:
        InputError: If there is no such number, a run does not read it on its way, or the value is none for it.
    """
    by_path = {own: entry for entry in entries.values() for own in entry.value_paths()}
    entry = by_path.get(path)
    if entry is None and path in entries:
        parts = ", ".join(entries[path].value_paths())
        raise InputError(f"{path} is drawn anew each time it is used; change what its law is made of: {parts}")
    if entry is None:
        raise InputError(f"{path}: no number of the scenario; {did_you_mean(path, by_path)}")
    if entry.phase != "standing":
        raise InputError(_not_standing(entry, path, value))
    return path, _value(entry, path, value)


#: What may be done instead where a number is read at the start only, by how its path begins.
_INSTEAD = (
    ("pools.", "to send people at a moment, the intervention `release`"),
    ("forces.", "to send a force elsewhere at a moment, the intervention `order` with `to`"),
)


def _not_standing(entry: Entry, path: str, value: float | str) -> str:
    when = {
        "initial": "it is read once, at the start", "observation": "no run reads it", "off": "its mechanism is off",
    }[entry.phase]  # fmt: skip
    remedy = "compare the batch again with --set" if entry.phase == "observation" else "make another batch with --set"
    instead = next((f"; {other}" for beginning, other in _INSTEAD if path.startswith(beginning)), "")
    return (
        f"{path} cannot change on the way: {when}; {remedy} {path}={value}, or a variant with `extends:`"
        f"{instead if entry.phase == 'initial' else ''}"
    )


def _value(entry: Entry, path: str, found: float | str) -> float:
    if entry.options:
        if found not in entry.options:
            raise InputError(f"{path}={_shown(found)}: no option of it; one of {', '.join(entry.options)}")
        return float(entry.options.index(str(found)))
    timed = entry.unit == "s" and (path == entry.path or path.rpartition(".")[2] in TIMED_PARTS)
    try:
        value = parse_duration(str(found)) if timed else float(found)
    except ValueError:
        wanted = "an ISO 8601 duration such as PT6H or P3D" if timed else "a number"
        raise InputError(f"{path}={_shown(found)}: not {wanted}") from None
    whole = path == entry.path
    if whole and ((entry.ge is not None and value < entry.ge) or (entry.le is not None and value > entry.le)):
        low, high = ("any" if bound is None else f"{bound:g}" for bound in (entry.ge, entry.le))
        raise InputError(
            f"{path}={_shown(found)}: not between {low} and {high}{f' {entry.unit}' if entry.unit else ''}"
        )
    return value


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.15g}"


def setting(text: str) -> tuple[str, float | str]:
    """Return the path and the value of ``path=value``, the value a number if it reads as one.

    Raises:
        InputError: If the text is not of this form.
    """
    path, equals, value = text.partition("=")
    if not equals or not value:
        raise InputError(f"{text}: no path=value; for example movement.time_factor=2")
    try:
        return path, float(value)
    except ValueError:
        return path, value
