"""The fields and blocks out of which every file that people write is made.

``once``, ``each`` and ``share`` describe a number: what it means, its unit, what it may be, and whether a
reader takes one value of it or draws it anew each time.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from sim.scenario.distributions import Basis

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
LegId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=60)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


def _moment(found: object) -> object:
    if isinstance(found, str):
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)", found):
            raise ValueError(f"{found!r} is not a moment with its offset; write it as 2020-05-01T06:00+04:30")
        return datetime.fromisoformat(found)
    return found


def _with_offset(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no offset; write for example {moment.isoformat()}+00:00")
    return moment


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    AfterValidator(_with_offset),
    PlainSerializer(datetime.isoformat, return_type=str),
]


def once(description: str, *, unit: str = "", ge: float | None = None, le: float | None = None, **more: Any) -> Any:
    """Describe a number that a run reads as one value."""
    return Field(description=description, json_schema_extra={"use": "run", "unit": unit, "ge": ge, "le": le}, **more)


def each(description: str, *, unit: str = "", ge: float | None = 0.0, le: float | None = None, **more: Any) -> Any:
    """Describe a number that is drawn anew at each use."""
    return Field(description=description, json_schema_extra={"use": "each", "unit": unit, "ge": ge, "le": le}, **more)


def share(description: str, **more: Any) -> Any:
    """Describe a share in [0, 1] that a run reads as one value."""
    return once(description, unit="share", ge=0.0, le=1.0, **more)


class Block(Basis):
    """A part of a scenario; a basis on it is inherited by the numbers inside."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


class Plain(BaseModel):
    """A part of a scenario without numbers that need a basis."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, allow_inf_nan=False, strict=True)
