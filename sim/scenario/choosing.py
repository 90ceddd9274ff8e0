"""Named choices: a number of a scenario that is written as one of a few names.

How the model works (which law of attrition, whether commanders know the truth) is an assumption like any
other: it has a basis, may be uncertain, and a batch varies it. A choice is written as a name, or as a
discrete law over names; a run holds the position of the name among the options, counted from 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.scenario.spelling import did_you_mean

_LABELS = {"basis": {"type": "string"}, "confidence": {"enum": ["high", "medium", "low"]}, "note": {"type": "string"}}


@dataclass(frozen=True)
class OneOf:
    """Marks a number that is written as one of these names; the first is what the model does if nothing is said."""

    options: tuple[str, ...]

    def code(self, name: object) -> float:
        """Return the position of a name.

        Raises:
            ValueError: If it is none of the names.
        """
        if name not in self.options:
            shown = ", ".join(self.options)
            raise ValueError(f"{name!r} is none of {shown}; {did_you_mean(str(name), self.options)}")
        return float(self.options.index(str(name)))

    def _read(self, found: object) -> object:
        if isinstance(found, str):
            return {"value": self.code(found)}
        if not isinstance(found, Mapping):
            if isinstance(found, int | float):
                raise ValueError(f"{found!r} is none of {', '.join(self.options)}")
            return found  # read already
        if found.get("dist") not in (None, "constant", "discrete"):
            raise ValueError(
                "a choice is a name, or a discrete law over names: "
                f"{{dist: discrete, weights: {{{self.options[0]}: 3, {self.options[-1]}: 1}}}}"
            )
        read: dict[str, Any] = dict(found)
        if "value" in read:
            read["value"] = self.code(read["value"])
        if isinstance(weights := read.get("weights"), Mapping):
            codes = {str(int(self.code(name))): weight for name, weight in weights.items()}
            read["weights"] = dict(sorted(codes.items()))
        return read

    def _write(self, number: Any, write: core_schema.SerializerFunctionWrapHandler) -> object:
        written = write(number)
        if not isinstance(written, Mapping):
            return written
        told = dict(written)
        if isinstance(told.get("value"), float):
            told["value"] = self.options[int(told["value"])]
        if isinstance(weights := told.get("weights"), Mapping):
            told["weights"] = {self.options[int(code)]: weight for code, weight in weights.items()}
        return told

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read names before the number is read, and write them back as names."""
        return core_schema.no_info_before_validator_function(
            self._read,
            handler(source),
            serialization=core_schema.wrap_serializer_function_ser_schema(self._write, when_used="json"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe a choice for editors: a name, or a law over names."""
        names = {"enum": list(self.options)}
        weights = {"type": "object", "propertyNames": names, "additionalProperties": {"type": "number", "minimum": 0}}
        constant = {
            "type": "object",
            "properties": {"value": names, **_LABELS},
            "required": ["value"],
            "additionalProperties": True,
        }
        law = {
            "type": "object",
            "properties": {"dist": {"const": "discrete"}, "weights": weights, **_LABELS},
            "required": ["dist", "weights"],
            "additionalProperties": True,
        }
        return {"anyOf": [names, constant, law]}


def choice(description: str, default: str) -> Any:
    """Describe a named choice that a run reads as one value; what is not said is the model's default."""
    told = {"value": default, "basis": "what the model does unless told otherwise", "confidence": "low"}
    return Field(
        default=told,
        validate_default=True,
        description=description,
        json_schema_extra={"use": "run", "unit": "", "ge": None, "le": None},
    )


def options_of(info: FieldInfo | None) -> tuple[str, ...]:
    """Return the names that a field may be given, none if it is no choice."""
    marks = info.metadata if info is not None else ()
    return next((mark.options for mark in marks if isinstance(mark, OneOf)), ())
