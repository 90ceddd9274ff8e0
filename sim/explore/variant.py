"""A variant as a file: what was moved, over the scenario that it was moved in, with every comment kept.

A scenario that extends nothing is extended: the new file says what is different and why, and the scenario with its
comments stays as it is. A variant is copied, comments and all, and what was moved is changed in the copy: the copy
extends what the variant extends.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from sim.errors import InputError, Problem, ProblemsFound
from sim.explore.moving import Change, moved
from sim.scenario import check_file, resolved
from sim.scenario.anatomy import LABELS, of_model
from sim.scenario.files import HOME_FILE, read_text, tree_of
from sim.scenario.number_words import law_in_words
from sim.scenario.numbers import Entry
from sim.scenario.overrides import as_layer, read_overrides
from sim.scenario.schema import Scenario
from sim.scenario.yaml_source import read_yaml

_SUFFIX = ".yaml"
_SCHEMA = re.compile(r"# yaml-language-server: \$schema=(\S+)")
_WIDTH = 200
#: What stands in a file as the name of another one, beside ``extends``.
_FILES = (
    ("geography", "places"), ("geography", "legs"), ("geography", "zones"), ("geography", "routes"),
    ("geography", "relief"), ("references",), ("reported",), ("sources",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """What a variant is made of: the file of a scenario, the scenario itself, and its register."""

    file: Path
    scenario: Scenario
    entries: Mapping[str, Entry]


def place_for(origin: Path, name: str) -> Path:
    """Return where a variant of a scenario is kept if nobody says otherwise, from its name in words."""
    return tree_of(origin) / "variants" / f"{slug(name)}{_SUFFIX}"


def slug(name: str) -> str:
    """Return a name in words as it can stand in a file name or an id."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "variant"


def save(origin: Origin, changes: Sequence[Change], name: str, target: Path, *, replace: bool = False) -> Path:
    """Write a variant, check it as ``sim validate`` does, and return where it is.

    Args:
        origin: What it is made of.
        changes: What is moved.
        name: What the variant is called, in words.
        target: The file.
        replace: Whether a file that is there may be written over.

    Raises:
        InputError: If nothing is moved, the file may not lie there, is there already, or would not be valid.
    """
    there = is_there(origin, target)
    if not changes:
        raise InputError("nothing has been moved, so there is nothing to save")
    if there and not replace:
        raise InputError(f"{target} is there already")
    text = as_text(origin, changes, name, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        problems = check_file(draft)
        if problems:
            raise ProblemsFound([_named(problem, draft, target) for problem in problems])
        if not replace:
            _reserve(target)
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def is_there(origin: Origin, target: Path) -> bool:
    """Tell whether a variant lies at a place already, which another one may replace.

    Args:
        origin: What a variant is made of.
        target: Where it is to lie.

    Raises:
        InputError: If no variant may lie there, or something else than a variant does.
    """
    _may_lie_there(origin, target)
    if not target.exists():
        return False
    if target.is_dir():
        raise InputError(f"{target}: this is a folder; choose another name")
    if not target.is_file() or not _is_variant(target):
        raise InputError(
            f"{target}: what is there is no variant (a file with `extends:`) and is not written over; choose another "
            "name"
        )
    return True


def _is_variant(file: Path) -> bool:
    """Tell whether a file is a variant; what cannot be read is none that anybody should lose."""
    try:
        return isinstance(read_yaml(file).data.get("extends"), str)
    except ProblemsFound:
        return False


def _may_lie_there(origin: Origin, target: Path) -> None:
    tree = tree_of(origin.file)
    if target.suffix != _SUFFIX:
        raise InputError(f"{target}: a scenario is a YAML file; let the name end with {_SUFFIX}")
    if not target.resolve().is_relative_to(tree):
        raise InputError(f"{target}: a variant lies in the folder of what it extends; save it below {tree}")
    if target.name == HOME_FILE or target.resolve() == origin.file.resolve():
        raise InputError(
            f"{target}: this is the scenario itself, and no place for a variant of it; choose another name"
        )


def _reserve(target: Path) -> None:
    """Make the file, so that nobody's is written over who came in between."""
    try:
        target.open("x").close()
    except FileExistsError:
        raise InputError(f"{target} is there already") from None


def _named(problem: Problem, draft: Path, target: Path) -> Problem:
    file = str(target) if problem.file == str(draft) else problem.file
    return Problem(file, problem.line, problem.column, problem.path, problem.message, problem.remedy)


def as_text(origin: Origin, changes: Sequence[Change], name: str, target: Path) -> str:
    """Return the YAML of a variant that will lie at a place.

    Raises:
        InputError: If a change is wrong.
    """
    layer = _layer(moved(changes, origin.entries, origin.scenario)[0], origin.scenario)
    yaml = _yaml()
    text = read_text(origin.file)
    top = yaml.load(text)
    if "extends" in top:
        _move_files(top, origin.file, target)
        opening = ""
    else:
        top = CommentedMap({"extends": _from(target, origin.file)})
        opening = _opening(text, origin, changes, name, target)
    head = top.setdefault("scenario", CommentedMap())
    if not head:
        head.fa.set_flow_style()
    head["id"] = f"{origin.scenario.scenario.id}-{slug(name)}"
    head["title"] = f"{origin.scenario.scenario.title}: {name}"
    for trail, data in _numbers(layer, origin.entries):
        _put(top, trail, data)
    written = StringIO()
    yaml.dump(top, written)
    return opening + written.getvalue()


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000  # a line that somebody wrote is not broken
    yaml.representer.add_representer(type(None), _write_null)
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _write_null(representer: Any, data: None) -> Any:  # noqa: ARG001 - how the library calls it
    """Write null as people write it here; left to itself the library leaves the place empty."""
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _opening(text: str, origin: Origin, changes: Iterable[Change], name: str, target: Path) -> str:
    """Return the comments above a new variant: the schema for editors, what it asks, and what stands in its base."""
    lines = []
    schema = _SCHEMA.match(text)
    if schema is not None and "://" not in schema[1]:
        lines.append(f"# yaml-language-server: $schema={_from(target, origin.file.parent / schema[1])}")
    lines.append(f"# What if: {name}? Moved by hand in sim explore; what it extends says:")
    ordered = sorted(changes, key=lambda change: change.path)
    lines += [f"#   {change.path}: {law_in_words(origin.entries[change.path])}" for change in ordered]
    return "".join(f"{line[:_WIDTH]}\n" for line in lines)


def _from(target: Path, file: Path) -> str:
    return Path(os.path.relpath(file.resolve(), target.resolve().parent)).as_posix()


def _move_files(top: CommentedMap, old: Path, new: Path) -> None:
    """Let names of files lead from the new place of a file to where they led from the old one."""
    for trail in (("extends",), *_FILES):
        holder: Any = top
        for step in trail[:-1]:
            holder = holder.get(step) if isinstance(holder, Mapping) else None
        if isinstance(holder, MutableMapping) and isinstance(holder.get(trail[-1]), str):
            holder[trail[-1]] = _from(new, old.resolve().parent / holder[trail[-1]])


def _layer(changed: Sequence[str], scenario: Scenario) -> dict[str, Any]:
    """Return what overrides say as one nested layer."""
    whole: dict[str, Any] = {}
    data = resolved(scenario)
    for one in read_overrides(changed):
        _merge(whole, as_layer(one, data, of_model(Scenario)).data)
    return whole


def _merge(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        if isinstance(value, Mapping) and isinstance(below.get(key), dict):
            _merge(below[key], value)
        else:
            below[key] = dict(value) if isinstance(value, Mapping) else value


def _numbers(layer: Mapping[str, Any], entries: Mapping[str, Entry]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """Return the numbers of a layer with the keys that lead to them."""
    found: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def walk(data: Mapping[str, Any], trail: tuple[str, ...]) -> None:
        for key, value in data.items():
            inner = (*trail, key)
            if ".".join(inner) in entries:
                found.append((inner, dict(value)))
            else:
                walk(value, inner)

    walk(layer, ())
    return found


def _put(top: CommentedMap, trail: tuple[str, ...], data: Mapping[str, Any]) -> None:
    """Change a number in place: what is said of it otherwise, and the comments around it, stay."""
    holder: Any = top
    for step in trail[:-1]:
        if not isinstance(holder.get(step), Mapping):
            holder[step] = CommentedMap()
        holder = holder[step]
    old = holder.get(trail[-1])
    if not isinstance(old, CommentedMap):
        new = CommentedMap(data)
        new.fa.set_flow_style()
        holder[trail[-1]] = new
        return
    comments = []
    replaced = bool({"dist", "value"} & data.keys())
    for key in [key for key in old if replaced and key not in LABELS and key not in data]:
        comments.append(old.ca.items.get(key))
        del old[key]
    for key, value in data.items():
        old[key] = value
    last = next(reversed(old))
    for comment in comments:
        if comment is not None and last not in old.ca.items:
            old.ca.items[last] = comment
