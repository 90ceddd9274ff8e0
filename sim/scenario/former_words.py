"""Words that reported timelines were written in before: read in copies that batches keep, refused in files of today.

``holdout: {printed_from: MOMENT}`` held out what came out at that moment or later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.errors import Problem
from sim.scenario.documents import Document
from sim.scenario.fields import Moment

_TRAIL = ("holdout", "printed_from")
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


def in_words_of_today(document: Document) -> Document:
    """Return a timeline that says ``printed_from`` with ``after`` in its place; any other as it is."""
    holdout = _at(document.data, _TRAIL[0])
    if not isinstance(holdout, dict) or _TRAIL[1] not in holdout:
        return document
    renewed = {key: value for key, value in holdout.items() if key != _TRAIL[1]}
    if not renewed.keys() & {"after", "claims"}:
        first = _moment(holdout[_TRAIL[1]])
        renewed["after"] = _just_before(first) if first is not None else holdout[_TRAIL[1]]
    return replace(document, data={**document.data, _TRAIL[0]: renewed})


def former_words(document: Document) -> list[Problem]:
    """Return a problem for each former word, with what to write in its place."""
    holdout = _at(document.data, _TRAIL[0])
    if not isinstance(holdout, dict) or _TRAIL[1] not in holdout:
        return []
    first, horizon = _moment(holdout[_TRAIL[1]]), _moment(_at(document.data, "horizon"))
    if holdout.keys() & {"after", "claims"}:
        remedy = "remove it"
    elif first is None:
        remedy = "write `after:` and the last day that is not held out"
    else:
        whole_day = first.time() == time() and horizon is not None and horizon.utcoffset() == first.utcoffset()
        after = (first - timedelta(days=1)).date().isoformat() if whole_day else _just_before(first)
        remedy = f"write `after: {after}`, which holds out the same claims"
    message = f"{_TRAIL[1]!r} is written otherwise now: a hold-out is `after:` a day or moment, or `claims: [...]`"
    return [document.problem(_TRAIL, message, remedy, key=True)]


def _just_before(first: datetime) -> str:
    """Return the last second before a moment: what came out at the moment itself was held out too."""
    return (first - timedelta(seconds=1)).isoformat()


def _moment(written: Any) -> datetime | None:
    try:
        return _MOMENT.validate_python(written)
    except ValidationError:
        return None


def _at(data: Any, *trail: str) -> Any:
    for step in trail:
        data = data.get(step) if isinstance(data, dict) else None
    return data
