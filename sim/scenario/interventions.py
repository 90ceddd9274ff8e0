"""Interventions: what somebody changes on the way, as ``path=value`` in the words of the scenario."""

from __future__ import annotations

from collections.abc import Mapping

from sim.domain.terms import parse_duration
from sim.errors import InputError
from sim.scenario.numbers import Entry
from sim.scenario.spelling import did_you_mean


def standing_value(entries: Mapping[str, Entry], text: str) -> tuple[str, float]:
    """Return the path that a run holds a number under, and its new value, of ``path=value``.

    Args:
        entries: The numbers of the scenario by path.
        text: A path, ``=``, and a number, an ISO 8601 duration or the name of an option.

    Raises:
        InputError: If there is no such number, a run does not read it on its way, or the value is none for it.
    """
    path, equals, value = text.partition("=")
    if not equals or not value:
        raise InputError(f"{text}: no path=value; for example movement.time_factor=2")
    by_path = {own: entry for entry in entries.values() for own in entry.value_paths()}
    entry = by_path.get(path)
    if entry is None and path in entries:
        parts = ", ".join(entries[path].value_paths())
        raise InputError(f"{path} is drawn anew each time it is used; change what its law is made of: {parts}")
    if entry is None:
        raise InputError(f"{path}: no number of the scenario; {did_you_mean(path, by_path)}")
    if entry.phase != "standing":
        when = {
            "initial": "it is read once, at the start", "observation": "no run reads it",
            "off": "its mechanism is off",
        }[entry.phase]  # fmt: skip
        remedy = (
            "compare the batch again with --set" if entry.phase == "observation" else "make another batch with --set"
        )
        raise InputError(
            f"{path} cannot change on the way: {when}; {remedy} {path}={value}, or a variant with `extends:`"
        )
    return path, _value(entry, path, value)


def _value(entry: Entry, path: str, text: str) -> float:
    if entry.options:
        if text not in entry.options:
            raise InputError(f"{path}={text}: no option of it; one of {', '.join(entry.options)}")
        return float(entry.options.index(text))
    try:
        value = parse_duration(text) if entry.unit == "s" else float(text)
    except ValueError:
        wanted = "an ISO 8601 duration such as PT6H or P3D" if entry.unit == "s" else "a number"
        raise InputError(f"{path}={text}: not {wanted}") from None
    whole = path == entry.path
    if whole and ((entry.ge is not None and value < entry.ge) or (entry.le is not None and value > entry.le)):
        low, high = ("any" if bound is None else f"{bound:g}" for bound in (entry.ge, entry.le))
        raise InputError(f"{path}={text}: not between {low} and {high}{f' {entry.unit}' if entry.unit else ''}")
    return value
