"""JSON Schema of the files that people write, for editors that complete keys and mark what is wrong.

It accepts what the loader accepts as far as JSON Schema can say it: a number is a bare number (or an ISO
8601 duration) or one of the laws; a scenario that extends another may give any part of one, and ``null``
to take an entry away; places and legs may be incomplete, as a CSV may hold the rest. What it cannot say
(``min`` below ``max``, ids that exist, a basis for every number) only the loader checks.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sim.scenario.anatomy import DURATION_MARKS, LABELS, LAWS
from sim.scenario.distributions import TIMED_PARTS, Number
from sim.scenario.schema import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_AMOUNT = r"[0-9]+(\.[0-9]+)?"
_TIME = rf"T(?=[0-9])({_AMOUNT}H)?({_AMOUNT}M)?({_AMOUNT}S)?"
_DURATION = rf"^-?P(?=[0-9T])([0-9]+W)?({_AMOUNT}D)?({_TIME})?$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$"
_READS_DURATION = [mark.func for mark in DURATION_MARKS if isinstance(mark, BeforeValidator)]
_READS_NUMBER = [mark.func for mark in get_args(Number)[1:] if isinstance(mark, BeforeValidator)]
_NULL = {"type": "null"}
#: What ends the names of laws whose parts are durations.
_TIMED = "-of-time"
#: Marks where our own definitions belong: pydantic resolves every `$ref` that it meets.
_OURS = "x-ours"
#: What becomes of a definition's name where only parts of it need be given.
_PARTLY = "-in-part"
#: Sections whose rows may come from a CSV.
_TABLES = {"places": "Place", "legs": "Leg"}

Schema = dict[str, Any]


def scenario_schema() -> Schema:
    """Return the JSON Schema of scenarios and of the variants that extend them."""
    full = _schema_of(Scenario)
    defs: Schema = full.pop("$defs")
    partly = {f"{name}{_PARTLY}": _in_part(definition) for name, definition in defs.items() if not _is_whole(name)}
    whole = {key: value for key, value in full.items() if key not in ("title", "description")}
    changes = _in_part(whole)
    _leave_room_for_tables(whole)
    return {
        "$schema": DIALECT,
        "$id": "scenario.schema.json",
        "title": "Scenario",
        "description": full["description"],
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"$ref": f"#/$defs/Scenario{_PARTLY}"},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": {
            **defs,
            **partly,
            "Scenario": whole,
            f"Scenario{_PARTLY}": changes,
            "NumberParts": _parts(timed=False),
            "DurationParts": _parts(timed=True),
        },
    }


def model_schema(model: type[BaseModel], name: str) -> Schema:
    """Return the JSON Schema of another kind of file, such as a reported timeline, under a name."""
    return {"$schema": DIALECT, "$id": f"{name}.schema.json", **_schema_of(model)}


def write_schema(schema: Schema, path: Path) -> None:
    """Write a schema as people read it: indented, keys in order of meaning."""
    path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


# --- from pydantic ----------------------------------------------------------------------------------


def _label_schemas() -> dict[str, Schema]:
    """Return the schemas of what every number may say about itself, to be defined once."""
    properties = LAWS["constant"].model_json_schema()["properties"]
    return {label: {key: value for key, value in properties[label].items() if key != "title"} for label in LABELS}


_LABELS = _label_schemas()


class _Generator(GenerateJsonSchema):
    """pydantic's generator, which knows numbers and durations by what reads them."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        reader = schema["function"]["function"]
        if reader in _READS_DURATION:
            return {_OURS: "Duration"}
        if reader in _READS_NUMBER:
            return {_OURS: "Number"}
        return super().function_before_schema(schema)


def _schema_of(model: type[BaseModel]) -> Schema:
    schema = model.model_json_schema(by_alias=True, schema_generator=_Generator)
    defs = {name: _tidy(definition) for name, definition in schema.pop("$defs", {}).items()}
    laws = {_law_name(name, timed): _law(name, timed) for name in LAWS for timed in (False, True)}
    numbers = {
        "Number": _number({}, timed=False),
        "Duration": _number({}, timed=True),
        "law": {"anyOf": [{"$ref": f"#/$defs/{_law_name(name, timed=False)}"} for name in LAWS]},
        f"law{_TIMED}": {"anyOf": [{"$ref": f"#/$defs/{_law_name(name, timed=True)}"} for name in LAWS]},
    }
    return {**_tidy(schema), "$defs": {**defs, **numbers, **laws, **_LABELS}}


def _tidy(schema: Any) -> Any:
    """Return a schema without pydantic's titles of keys, with bounds and moments in JSON Schema's words."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "date-time":  # of RFC 3339, which wants seconds
        schema = {**{key: value for key, value in schema.items() if key != "format"}, "pattern": _MOMENT}
    if len(schema.get("patternProperties", {})) == 1:
        schema = _with_named_keys(schema)
    if _OURS in schema:
        schema = {**{key: value for key, value in schema.items() if key != _OURS}, "$ref": f"#/$defs/{schema[_OURS]}"}
    if "use" in schema:
        schema = _with_bounds(schema)
    tidied = {key: value if key in ("default", "const", "enum") else _tidy(value) for key, value in schema.items()}
    for name, inner in tidied.get("properties", {}).items():
        plain = {key: value for key, value in inner.items() if key != "title"} if isinstance(inner, dict) else inner
        tidied["properties"][name] = {"$ref": f"#/$defs/{name}"} if plain == _LABELS.get(name) else plain
    return tidied


def _with_named_keys(schema: Schema) -> Schema:
    """Return a mapping by id in which the pattern of keys binds all keys."""
    ((pattern, inner),) = schema["patternProperties"].items()
    kept = {key: value for key, value in schema.items() if key != "patternProperties"}
    keys = {**schema.get("propertyNames", {}), "pattern": pattern}
    return {**kept, "additionalProperties": inner, "propertyNames": keys}


def _with_bounds(schema: Schema) -> Schema:
    words = {"ge": "minimum", "le": "maximum"}
    bounds = {word: schema[name] for name, word in words.items() if schema.get(name) is not None}
    plain = {key: value for key, value in schema.items() if key not in ("use", "unit", "ge", "le")}
    if schema.get("unit") and "description" in plain:
        plain["description"] = f"{plain['description']} [{schema['unit']}]"
    return _bounded(plain, bounds)


def _bounded(schema: Schema, bounds: Schema) -> Schema:
    """Return a schema in which the numbers, however deep, have bounds where they are bare."""
    if "Number" in (schema.get(_OURS), str(schema.get("$ref", "")).rpartition("/")[2]) and bounds:
        kept = {key: value for key, value in schema.items() if key not in ("$ref", _OURS)}
        return {**kept, **_number(bounds, timed=False)}
    schema = dict(schema)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            schema[key] = [_bounded(option, bounds) for option in schema[key]]
    if isinstance(schema.get("additionalProperties"), dict):
        schema["additionalProperties"] = _bounded(schema["additionalProperties"], bounds)
    return schema


# --- numbers and laws -------------------------------------------------------------------------------


def _number(bounds: Schema, timed: bool) -> Schema:
    bare: list[Schema] = [{"type": "number", **bounds}]
    if timed:
        bare = [{"type": "string", "pattern": _DURATION}, {"const": 0}]
    return {"anyOf": [*bare, {"$ref": f"#/$defs/law{_TIMED if timed else ''}"}]}


def _law_name(name: str, timed: bool) -> str:
    return f"law-{name}{_TIMED if timed else ''}"


def _is_whole(name: str) -> bool:
    """Tell whether a definition is of something that is replaced as a whole, never in part."""
    return name.startswith("law") or name in _LABELS


def _law(name: str, timed: bool) -> Schema:
    model = LAWS[name]
    schema: Schema = _tidy(model.model_json_schema())
    properties = schema["properties"]
    for part in getattr(model, "parts", ()):
        properties[part] = _part(properties[part], part, model, timed)
    if name == "constant":
        properties["dist"] = {"const": "constant"}
    if timed and "weights" in properties:
        properties["weights"]["propertyNames"] = {"pattern": _DURATION}
    natural = getattr(model, "natural", ())
    if natural:
        schema["anyOf"] = [_given(natural, ("p05", "p95")), _given(("p05", "p95"), natural)]
    schema["title"] = f"{name}{' of durations' if timed else ''}"
    return schema


def _part(schema: Schema, part: str, model: type[BaseModel], timed: bool) -> Schema:
    if timed and part in TIMED_PARTS:
        return {"anyOf": [{"type": "string", "pattern": _DURATION}, {"const": 0}, _NULL]}
    if getattr(model, "positive", False) and part not in ("min", "max"):
        return {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _NULL]}
    return schema


def _given(these: tuple[str, ...], not_those: tuple[str, ...]) -> Schema:
    numbers = {part: {"not": _NULL} for part in these}
    return {"required": list(these), "properties": {**numbers, **dict.fromkeys(not_those, _NULL)}}


def _parts(timed: bool) -> Schema:
    """Return what may be changed of a number without giving it a new law."""
    properties: Schema = {}
    for name in LAWS:
        properties |= _law(name, timed)["properties"]
    kept = {key: _or_null(value) for key, value in properties.items() if key not in ("dist", "value")}
    return {"type": "object", "properties": kept, "additionalProperties": False}


# --- files that give only parts ---------------------------------------------------------------------


def _in_part(schema: Any) -> Any:
    """Return a schema of a block in which every key may be left out, changed in part or taken away."""
    if isinstance(schema, list):
        return [_in_part(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    reference = str(schema.get("$ref", ""))
    if reference.endswith(("/Number", "/Duration")):
        return _or_parts({"anyOf": [dict(schema)]}, reference.endswith("/Duration"))
    if reference and not _is_whole(reference.rpartition("/")[2]):
        return {**schema, "$ref": f"{reference}{_PARTLY}"}
    if any(option.get("$ref") == "#/$defs/law" for option in schema.get("anyOf", ())):
        return _or_parts(schema, timed=False)
    partial = {key: _in_part(value) for key, value in schema.items() if key not in ("required", "minProperties")}
    if "properties" in schema:
        partial["properties"] = {name: _or_null(_in_part(inner)) for name, inner in schema["properties"].items()}
    if isinstance(schema.get("additionalProperties"), dict):
        partial["additionalProperties"] = _or_null(_in_part(schema["additionalProperties"]))
    return partial


def _or_parts(schema: Schema, timed: bool) -> Schema:
    parts = {"$ref": f"#/$defs/{'DurationParts' if timed else 'NumberParts'}"}
    return {**schema, "anyOf": [*schema["anyOf"], parts]}


def _or_null(schema: Schema) -> Schema:
    if "anyOf" in schema:
        return schema if _NULL in schema["anyOf"] else {**schema, "anyOf": [*schema["anyOf"], _NULL]}
    described = {"description": schema["description"]} if "description" in schema else {}
    return {**described, "anyOf": [{key: value for key, value in schema.items() if key != "description"}, _NULL]}


def _leave_room_for_tables(schema: Schema) -> None:
    """Let places and legs be given in part, or not at all where the geography names a CSV."""
    schema["properties"] = deepcopy(schema["properties"])
    schema["required"] = [key for key in schema["required"] if key not in _TABLES]
    for section, model in _TABLES.items():
        rows = {"$ref": f"#/$defs/{model}{_PARTLY}"}
        schema["properties"][section]["additionalProperties"] = {"anyOf": [rows, _NULL]}
        schema["properties"][section].pop("minProperties", None)
    from_csv = {"required": ["geography"], "properties": {"geography": {"required": ["places"]}}}
    schema["anyOf"] = [{"required": ["places"]}, from_csv]
