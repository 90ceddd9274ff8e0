"""A log as a table, JSON lines or CSV, whole or in part."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from sim.cli import terminal
from sim.domain.facts import KINDS, Fact
from sim.errors import InputError
from sim.eventlog import encode
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean

#: What a spreadsheet computes if a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ENVELOPE = ("seq", "time_s", "cause", "because", "kind")


def chosen(
    facts: Sequence[Fact], scenario: Scenario, *, kinds: Sequence[str], place: str | None, force: str | None
) -> list[Fact]:
    """Return the facts of some kinds, about a place and a force, whichever of these are given.

    Raises:
        InputError: If there is no such kind, place or force; the message names the nearest one.
    """
    for kind in kinds:
        _known("kind", kind, KINDS)
    if place is not None:
        _known("place", place, scenario.places)
    kept = [
        fact
        for fact in facts
        if (not kinds or fact.kind in kinds)
        and (place is None or place in (getattr(fact, "place", None), getattr(fact, "to", None)))
        and (force is None or force in (getattr(fact, "force", None), getattr(fact, "child", None)))
    ]
    if force is not None and not kept:
        _known("force", force, {str(getattr(fact, "force", "")): fact for fact in facts})
    return kept


def _known(what: str, name: str, names: Mapping[str, object]) -> None:
    if name not in names:
        raise InputError(f"--{what} {name}: there is none of that name; {did_you_mean(name, names)}")


def as_table(facts: Sequence[Fact], scenario: Scenario) -> None:
    """Print one row per fact: number, moment, kind, cause and everything else it says."""
    rows = []
    for fact in facts:
        moment = scenario.scenario.start + timedelta(seconds=fact.time_s)
        says = " ".join(f"{name}={_short(value)}" for name, value in _fields(fact).items() if value not in ("", ()))
        rows.append([str(fact.seq), f"{moment:%Y-%m-%d %H:%M}", fact.kind, str(fact.cause), says])
    terminal.table(["seq", "moment", "kind", "cause", "says"], rows, align="rllrl")


def as_jsonl(facts: Sequence[Fact], scenario: Scenario) -> None:
    """Print the facts as they stand in a log: one JSON object per line."""
    del scenario  # the three formats share one signature
    sys.stdout.write(encode(facts).decode())


def as_csv(facts: Sequence[Fact], scenario: Scenario) -> None:
    """Print the facts as CSV: the envelope, the moment, and a column for every field that occurs."""
    columns = sorted({name for fact in facts for name in _fields(fact)})
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*_ENVELOPE, "moment", *columns])
    for fact in facts:
        moment = scenario.scenario.start + timedelta(seconds=fact.time_s)
        fields = _fields(fact)
        because = " ".join(str(seq) for seq in fact.because)
        writer.writerow(
            [
                fact.seq,
                fact.time_s,
                fact.cause,
                because,
                fact.kind,
                moment.isoformat(),
                *(_cell(fields.get(name, "")) for name in columns),
            ]
        )


FORMATS: dict[str, Callable[[Sequence[Fact], Scenario], None]] = {"table": as_table, "jsonl": as_jsonl, "csv": as_csv}


def _fields(fact: Fact) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(fact).items() if name not in _ENVELOPE}


def _cell(value: object) -> str:
    """Return a value as a cell; words that a spreadsheet would take for a formula begin with an apostrophe."""
    if isinstance(value, tuple):
        return msgspec.json.encode(value).decode()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else str(value)


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{len(value)}]"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
