"""Claims written down as a reported timeline and its sources, in YAML for people to go on with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sim.exchange.told import Told, latest

_PLAIN_KEY = re.compile(r"[a-z][a-z_-]*[0-9a-z_-]*")
#: Signs that YAML may take for the end of a line or of nothing, or that nobody sees.
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_NOT_WORDS = {"null", "true", "false"}
_TIMELINE_TOP = """\
# Imported: see `about:`. A claim is not a fact. None of these scores as a headline: choose the headline events
# yourself, before the first run, by `score: headline` at one claim of each and `why:` at its event.
"""
_ABOUT_SOURCES = (
    "Who printed what, from an imported file. Look-back and cover rate stand here because a source needs them to print "
    "simulated claims; no file of events tells them. Replace them before simulated claims are compared with these."
)


def timeline_yaml(told: Sequence[Told], title: str, about: str, sources: str) -> str:
    """Return the text of a reported timeline.

    Args:
        told: Its claims, in order.
        title: What it is called.
        about: Where the claims come from.
        sources: The name of the file of its sources.
    """
    parts = [_TIMELINE_TOP]
    parts += [f"{key}: {_flow(value)}\n" for key, value in (
        ("title", title), ("about", about), ("horizon", horizon(told).isoformat()), ("sources", sources),
    )]  # fmt: skip
    parts.append(_section("dating_rules", {one.claim.time.rule: _dump(one.rule) for one in told}))
    grades = {one.claim.graded_by: one.grade for one in told if one.claim.graded_by is not None}
    if grades:
        parts.append(_section("grade_rules", grades))
    parts.append(_section("claimants", {one.claim.claimant: _dump(one.claimant) for one in told}))
    parts.append(_section("events", {one.claim.event_id: {"label": one.event} for one in told}))
    parts.append("\nclaims:\n")
    for one in told:
        parts.append(f"  {_key(one.id)}:\n")
        parts += [f"    {key}: {_flow(value)}\n" for key, value in _dump(one.claim).items()]
    return "".join(parts)


def sources_yaml(told: Sequence[Told]) -> str:
    """Return the text of the sources that printed some claims, with wide assumptions about what they cover."""
    head = {
        "about": _ABOUT_SOURCES,
        "basis": "assumption, no source: written by the import",
        "confidence": "low",
    }
    sources = {}
    for one in told:
        printed = one.source
        sources[one.claim.source] = {
            "outlet": printed.outlet,
            "author": printed.author,
            "title": printed.title,
            "published_at": printed.published_at.isoformat(),
            "published_tolerance": f"PT{printed.late_s}S",
            "look_back": "P7D",
            "cover_rate": {"dist": "uniform", "min": 0.1, "max": 0.9},
        }
    return "".join(f"{key}: {_flow(value)}\n" for key, value in head.items()) + _section("sources", sources)


def horizon(told: Sequence[Told]) -> datetime:
    """Return when the last source came out, or the last window of what was not yet printed ends."""
    return max(max(one.source.published_at, one.claim.time.end) for one in told)


def too_late(one: Told) -> bool:
    """Tell whether a claim's window ends after its source came out, which only an intention may."""
    return one.claim.statement != "intends" and one.claim.time.end > one.source.published_at + latest(one)


def _dump(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = model.model_dump(mode="json", exclude_defaults=True)
    return found


def _section(name: str, entries: Mapping[str, Any]) -> str:
    rows = "".join(f"  {_key(key)}: {_flow(value)}\n" for key, value in entries.items())
    return f"\n{name}:\n{rows}"


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) and key not in _NOT_WORDS else json.dumps(key)


def _flow(value: Any) -> str:
    """Return a value in the flow style of YAML, of which JSON is a part."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_-]*", value) and value not in _NOT_WORDS:
        return value
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
