"""What the schema says about each place of a file: a walk over pydantic models along the keys of the data.

Messages, overrides and merging all need to know, for a dotted path, whether it names a block with fixed
keys, a mapping by id, a list, a number (a constant or a distribution) or a plain value.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from pydantic.fields import FieldInfo

from sim.scenario.distributions import Basis, Duration, Number

#: Keys that say where a number comes from, not what it is.
LABELS = (*Basis.model_fields, "unit", "kind", "shared")

#: The models of all laws by name.
LAWS: dict[str, type[BaseModel]] = {
    get_args(member)[1].tag: get_args(member)[0] for member in get_args(get_args(Number)[0])
}
#: The keys that say what each law is, in the order in which people write them.
PARTS: dict[str, tuple[str, ...]] = {name: getattr(law, "parts", ()) or ("weights",) for name, law in LAWS.items()}
#: What makes a number a duration.
DURATION_MARKS = tuple(mark for mark in get_args(Duration)[1:] if mark not in get_args(Number)[1:])


@dataclass(frozen=True, slots=True)
class Slot:
    """What may stand at one place of a file.

    ``shape`` is block (fixed keys: ``model``), map (``inner`` at every key), list (``inner`` at every
    index), number (``laws`` by name), choice (``options`` by the label that pydantic gives them) or plain.
    """

    shape: Literal["block", "map", "list", "number", "choice", "plain"]
    annotation: Any
    info: FieldInfo | None = None
    model: type[BaseModel] | None = None
    laws: tuple[tuple[str, type[BaseModel]], ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    inner: Any = None
    optional: bool = False
    duration: bool = False

    def keys(self) -> tuple[str, ...]:
        """Return the fixed keys of a block, as people write them."""
        return tuple(info.alias or name for name, info in fields(self.model).items()) if self.model else ()

    def field(self, key: str) -> FieldInfo | None:
        """Return the field of a block that a key (or its alias) names."""
        if self.model is None:
            return None
        for name, info in fields(self.model).items():
            if key == (info.alias or name):
                return info
        return None

    def step(self, key: str | int) -> Slot | None:
        """Return what may stand one key further, or None where the schema knows no such key."""
        if self.shape == "block":
            info = self.field(str(key))
            return None if info is None else of_field(info)
        if self.shape in ("map", "list"):
            return _slot(self.inner, self.info)
        return None

    def law(self, found: object) -> type[BaseModel] | None:
        """Return the model of the law that a number's raw data names."""
        name = found.get("dist", "constant") if isinstance(found, Mapping) else "constant"
        return dict(self.laws).get(name) if isinstance(name, str) else None

    def extra(self, name: str) -> Any:
        """Return what the field says about its numbers: use, unit, ge or le."""
        more = self.info.json_schema_extra if self.info is not None else None
        return more.get(name) if isinstance(more, dict) else None


def of_model(model: type[BaseModel]) -> Slot:
    """Return the top of a file that a model describes."""
    return Slot("block", model, model=model)


def of_field(info: FieldInfo) -> Slot:
    """Return what may stand at a field."""
    annotation = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    return _slot(annotation, info)


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by name."""
    return model.model_fields


def _slot(annotation: Any, info: FieldInfo | None, optional: bool = False, metadata: tuple[Any, ...] = ()) -> Slot:
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _slot(inner, info, optional, (*more, *metadata))
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        members = [member for member in arguments if member is not type(None)]
        optional = optional or len(members) < len(arguments)
        if len(members) == 1:
            return _slot(members[0], info, optional, metadata)
        return _union(annotation, members, info, optional, metadata)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Slot("block", annotation, info, model=annotation, optional=optional)
    if origin in (dict, Mapping):
        return Slot("map", annotation, info, inner=arguments[1], optional=optional)
    if origin in (tuple, list, set, frozenset):
        return Slot("list", annotation, info, inner=arguments[0], optional=optional)
    return Slot("plain", annotation, info, optional=optional)


def _union(
    annotation: Any, members: list[Any], info: FieldInfo | None, optional: bool, metadata: tuple[Any, ...]
) -> Slot:
    options = tuple((_label(member), member) for member in members)
    laws = tuple((label, model) for label, member in options if (model := _bare(member)) in LAWS.values())
    if len(laws) == len(members):
        timed = any(one in DURATION_MARKS for one in metadata)
        return Slot("number", annotation, info, laws=laws, optional=optional, duration=timed)
    return Slot("choice", annotation, info, options=options, optional=optional)


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _label(member: Any) -> str:
    if get_origin(member) is Annotated:
        for one in get_args(member)[1:]:
            if isinstance(one, Tag):
                return str(one.tag)
    bare = _bare(member)
    return bare.__name__ if isinstance(bare, type) else str(bare)


def option_slot(slot: Slot, label: str) -> Slot | None:
    """Return the member of a choice that pydantic means by a label in the location of an error."""
    for name, member in slot.options:
        if name == label or label in name:
            return _slot(member, slot.info)
    return None
