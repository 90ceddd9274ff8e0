"""The log as bytes: one canonical line of JSON per fact, its hash, and logs of earlier versions.

Two logs are the same history exactly when their bytes are. A line holds the kind first and then the
fields in the order of their declaration, floats in the shortest form that reads back exactly. Neither
versions nor host nor clock are in it, so a hash says something about the history alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from sim.domain.facts import KINDS, SCHEMA_VERSION, AnyFact, Fact
from sim.errors import StoreError

#: One fact as a mapping of its fields with its ``kind``.
Record = dict[str, Any]


class Upcaster(NamedTuple):
    """Lifts the facts of one schema version to another."""

    version: int
    to: int
    lift: Callable[[Record], Record]


def _with_why(record: Record) -> Record:
    """Version 1: the end of an engagement did not say what decided it."""
    return {**record, "why": ""} if record.get("kind") == "EngagementEnded" else record


def _with_front(record: Record) -> Record:
    """Version 2, at first: flight did not say whether the fight was here or next door; it was always here."""
    return {"front": "here", **record} if record.get("kind") == "PopulationFled" else record


#: From each earlier version of the schema to the next.
UPCASTERS = (Upcaster(1, 2, _with_why), Upcaster(2, 3, _with_front))

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(AnyFact)
_plain_decoder = msgspec.json.Decoder(dict[str, Any])


def encode(facts: Sequence[Fact]) -> bytes:
    """Return the canonical bytes of a log.

    Raises:
        ValueError: If a number is not finite: JSON would keep it as null.
    """
    data = _encoder.encode_lines(facts)
    if b"null" in data and any(b"null" in line and _holds_null(line) for line in data.splitlines()):
        raise ValueError("a fact holds a number that is not finite")
    return data


def encode_records(records: Sequence[Record]) -> bytes:
    """Return the canonical bytes of facts of an earlier schema version: their kind, then their fields in order."""
    return _encoder.encode_lines(records)


def _holds_null(line: bytes) -> bool:
    return _has_none(_plain_decoder.decode(line))


def _has_none(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_none, value.values()))
    return value is None or (isinstance(value, list) and any(map(_has_none, value)))


def sha256(facts: Sequence[Fact]) -> str:
    """Return the SHA-256 of the canonical bytes of a log, in hexadecimal."""
    return hashlib.sha256(encode(facts)).hexdigest()


def decode(data: bytes, version: int = SCHEMA_VERSION) -> list[Fact]:
    """Return the facts of a log written under a schema version.

    Raises:
        StoreError: If the bytes are no such log, or the version has no way to the present one.
    """
    try:
        if version == SCHEMA_VERSION:
            return _decoder.decode_lines(data)
        return [lift(record, version) for record in _plain_decoder.decode_lines(data)]
    except msgspec.DecodeError as error:
        raise StoreError(f"this is not a log of facts: {error}") from error


def lift(
    record: Record, version: int, upcasters: Sequence[Upcaster] = UPCASTERS, current: int = SCHEMA_VERSION
) -> Fact:
    """Return the fact of today for one written under an earlier schema version.

    Raises:
        StoreError: If the version is unknown or the record is no fact.
    """
    if not 1 <= version <= current:
        raise StoreError(
            f"this log has schema version {version}, this program knows 1 to {current}; "
            "read it with the version of the program that wrote it, or a later one"
        )
    steps = {step.version: step for step in upcasters}
    while version < current:
        step = steps[version]
        record, version = step.lift(record), step.to
    kind = KINDS.get(record.get("kind", ""))
    if kind is None:
        raise StoreError(f"{record.get('kind')!r} is not a kind of fact")
    try:
        return msgspec.convert(record, kind)
    except msgspec.ValidationError as error:
        raise StoreError(f"this is no {kind.__name__}: {error}") from error


def check_chain(upcasters: Sequence[Upcaster], current: int) -> None:
    """Refuse upcasters that do not lead from every version since the first to the current one, each by one way.

    Raises:
        RuntimeError: If two stand for one version, one leads nowhere or back, or a version has none.
    """
    seen: set[int] = set()
    for step in upcasters:
        if step.version in seen:
            raise RuntimeError(f"two upcasters lift a log from schema version {step.version}")
        seen.add(step.version)
        if step.to <= step.version:
            raise RuntimeError(f"an upcaster leads from schema version {step.version} back to {step.to}")
        if not 1 <= step.version < current or step.to > current:
            raise RuntimeError(
                f"an upcaster leads from schema version {step.version} to {step.to}; there are only 1 to {current}"
            )
    if missing := sorted(set(range(1, current)) - seen):
        raise RuntimeError(f"no upcaster lifts a log from schema version {missing[0]}")


check_chain(UPCASTERS, SCHEMA_VERSION)
