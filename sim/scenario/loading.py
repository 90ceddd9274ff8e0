"""A scenario read from its files, or from the resolved form in which a batch keeps it.

``extends:`` names another file of the same tree: the nearest folder at or above the scenario that holds a
``scenario.yaml``, else the scenario's own folder. The layers, from below: the geography CSVs, the file
that extends nothing, each file that extends it, each ``--set``. Names of files in a scenario are relative
to the file that says them, and to the tree once resolved. A key that is null takes away what a lower
layer says (``layers`` has all the rules of merging). Mappings are sorted by key, so that the order of a
file means nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.errors import Problem, ProblemsFound
from sim.scenario.anatomy import of_model
from sim.scenario.checks import cross_references
from sim.scenario.complaints import found
from sim.scenario.documents import TOLD_MAX, Document, Trail, in_order
from sim.scenario.drawn import READERS
from sim.scenario.files import NotUsable, locate, located, tree_of
from sim.scenario.geography import read_table
from sim.scenario.layers import Sheet
from sim.scenario.overrides import Override, as_layer, read_overrides
from sim.scenario.schema import Scenario
from sim.scenario.yaml_source import VALUES_MAX, read_yaml, validate

_EXTENDS_MAX = 8
#: Where a scenario names files.
_FILES: tuple[Trail, ...] = (
    *(("geography", key) for key in ("places", "legs", "zones", "routes", "relief")),
    ("references",),
    ("reported",),
    ("sources",),
)
#: What no run reads.
_NOT_RUN = ("geography", "given_argued", "lint", "observation", "references", "reported", "sources")


def load_scenario(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a file, with overrides laid over it.

    Args:
        path: A YAML file.
        overrides: ``path=value`` each, as after ``--set``.

    Raises:
        ProblemsFound: With everything that is wrong in the files and the overrides.
    """
    return load_located(path, overrides)[0]


def load_located(path: str | Path, overrides: Sequence[str] = ()) -> tuple[Scenario, Document]:
    """Return the scenario of a file together with the place in a file of each of its values.

    Raises:
        ProblemsFound: As ``load_scenario``.
    """
    loading = _Loading(path, read_overrides(overrides))
    document = loading.document()
    return _checked(document, loading.tree, loading.tree), document


def with_overrides(scenario: Scenario, overrides: Sequence[str]) -> Scenario:
    """Return a scenario that was read before with ``path=value`` laid over it, checked again.

    Raises:
        ProblemsFound: With everything that is wrong in the overrides or follows from them.
    """
    name = f"scenario {scenario.scenario.id}"
    sheet = Sheet(of_model(Scenario))
    sheet.lay(Document(name, resolved(scenario), {}, {}))
    for override in read_overrides(overrides):
        _lay(sheet, override, sheet.problems)
    return _checked(_sorted(sheet.document(name)), None, scenario.folder)


def _lay(sheet: Sheet, override: Override, problems: list[Problem]) -> None:
    """Lay an override over a sheet, or note why it cannot be."""
    try:
        sheet.lay(as_layer(override, sheet.data, of_model(Scenario)))
    except ProblemsFound as found:
        problems.extend(found.problems)


def _checked(document: Document, tree: Path | None, folder: Path | None) -> Scenario:
    """Return the scenario of a document if its values are valid and agree with each other."""
    scenario = validate(document, Scenario)
    problems = list(islice(cross_references(scenario, document, tree), 2 * TOLD_MAX))
    if problems:
        raise ProblemsFound(in_order(problems))
    scenario._folder = folder
    return scenario


class _Loading:
    """One scenario on its way from files to the model."""

    def __init__(self, path: str | Path, overrides: Sequence[Override]) -> None:
        self._shown = str(path)
        self._overrides = overrides
        first = read_yaml(path)
        self.tree = tree_of(Path(path))
        self._folders: dict[str, Path] = {self._shown: Path(path).resolve().parent}
        self._problems: list[Problem] = []
        self._chain = self._extended(first, Path(path).resolve())

    def document(self) -> Document:
        """Return everything laid over each other, with what is wrong so far."""
        top = of_model(Scenario)
        sheet = Sheet(top)
        tables = self._tables()
        if sum(len(layer.values) for layer in (*tables, *self._chain)) > VALUES_MAX:
            message = f"this and the tables that it names hold more than {VALUES_MAX:,} values"
            raise ProblemsFound([self._chain[-1].problem(("geography",), message, "leave out what no place needs")])
        for layer in (*tables, *self._chain):
            sheet.lay(layer)
        for override in self._overrides:
            _lay(sheet, override, self._problems)
        if isinstance(sheet.data.get("extends", ""), str):
            sheet.data.pop("extends", None)
        self._name_files(sheet)
        sheet.problems.extend(self._problems)
        return _sorted(sheet.document(self._shown))

    def _extended(self, first: Document, file: Path) -> list[Document]:
        """Return the file and those it extends, the one that extends nothing first."""
        chain, seen = [first], [file]
        trail: Trail = ("extends",)
        while (written := chain[0].data.get("extends")) is not None:
            child = chain[0]
            if not isinstance(written, str):
                message = f"must be the name of the file that this one changes (found {found(written)})"
                raise ProblemsFound([child.problem(trail, message, "write for example `extends: ../scenario.yaml`")])
            try:
                target = located(written, seen[-1].parent, self.tree)
            except NotUsable as error:
                raise ProblemsFound([child.problem(trail, str(error), error.remedy)]) from None
            if target in seen or len(seen) > _EXTENDS_MAX:
                too_long = f"goes on for more than {_EXTENDS_MAX} files"
                what = "comes back to a file of its own chain" if target in seen else too_long
                raise ProblemsFound([child.problem(trail, f"this {what}", "let the last file extend nothing")])
            shown = os.path.normpath(Path(child.file).parent / written)
            chain.insert(0, read_yaml(target, shown))
            if sum(len(document.values) for document in chain) > VALUES_MAX:
                message = f"this and all that it extends hold more than {VALUES_MAX:,} values"
                raise ProblemsFound([child.problem(trail, message, "leave out what no variant needs")])
            seen.append(target)
            self._folders[shown] = target.parent
        return chain

    def _tables(self) -> list[Document]:
        """Return the CSVs that the files or the overrides name."""
        top = of_model(Scenario)
        sheet = Sheet(top)
        for document in self._chain:
            named = document.data.get("geography")
            if isinstance(named, Mapping):
                sheet.lay(Document(document.file, {"geography": named}, document.keys, document.values))
        for override in self._overrides:
            if override.path.startswith("geography."):
                _lay(sheet, override, [])  # its problems are told when it is laid over everything
        tables = []
        for section in ("places", "legs"):
            trail: Trail = ("geography", section)
            written = _at(sheet.data, trail)
            path = self._located(sheet, trail, written) if isinstance(written, str) else None
            if path is not None:
                shown = os.path.normpath(Path(sheet.spot(trail).file).parent / str(written))
                try:
                    tables.append(read_table(path, shown if sheet.spot(trail).line else str(written), section))
                except ProblemsFound as found:
                    self._problems.extend(found.problems)
        return tables

    def _located(self, sheet: Sheet, trail: Trail, written: str) -> Path | None:
        folder = self._folders.get(sheet.spot(trail).file, self.tree)
        try:
            return located(written, folder, self.tree)
        except NotUsable:  # told when the names of all files are looked at
            return None

    def _name_files(self, sheet: Sheet) -> None:
        """Make the names of files relative to the tree; note those that are not there, or that no map can draw."""
        document = sheet.document(self._shown)
        for trail in _FILES:
            written = _at(sheet.data, trail)
            if not isinstance(written, str):
                continue
            folder = self._folders.get(document.spot(trail).file, self.tree)
            try:
                path = located(written, folder, self.tree)
                if trail[-1] in READERS:
                    READERS[str(trail[-1])](path)
            except NotUsable as error:
                self._problems.append(document.problem(trail, str(error), error.remedy))
                continue
            holder = _at(sheet.data, trail[:-1])
            holder[trail[-1]] = path.relative_to(self.tree).as_posix()


def _at(data: Any, trail: Trail) -> Any:
    for step in trail:
        data = data.get(step) if isinstance(data, Mapping) else None
    return data


def _sorted(document: Document) -> Document:
    return Document(document.file, _in_key_order(document.data), document.keys, document.values, document.problems)


def _in_key_order(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _in_key_order(data[key]) for key in sorted(data)}
    return [_in_key_order(item) for item in data] if isinstance(data, list) else data


# --- resolved form and hashes -----------------------------------------------------------------------


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain JSON data that stands alone: everything merged, keys sorted, nothing null."""
    written = scenario.model_dump(mode="json", by_alias=True, exclude_none=True)
    ordered: dict[str, Any] = _in_key_order(_without_empty_refs(written))
    return ordered


def _without_empty_refs(data: Any) -> Any:
    """Return data without the empty ``refs`` of every number, which would be a third of a manifest."""
    if isinstance(data, Mapping):
        return {key: _without_empty_refs(value) for key, value in data.items() if key != "refs" or value}
    return [_without_empty_refs(item) for item in data] if isinstance(data, list) else data


def scenario_from_resolved(data: Mapping[str, Any], folder: Path | None = None) -> Scenario:
    """Return the scenario of a resolved form; its files, if any, are relative to the folder.

    Raises:
        ProblemsFound: If the data is no resolved scenario of this version, or a file of it lies outside the folder.
    """
    document = Document("resolved scenario", _in_key_order(data), {}, {})
    scenario = validate(document, Scenario)
    if folder is not None:
        _keep_inside(document, folder)
    scenario._folder = folder
    return scenario


def _keep_inside(document: Document, folder: Path) -> None:
    """Refuse names of files that lead out of a folder: a batch may come from anybody, and its page shows them."""
    problems = []
    for trail in _FILES:
        written = _at(document.data, trail)
        if isinstance(written, str):
            try:
                locate(written, folder, folder)
            except NotUsable as error:
                problems.append(document.problem(trail, str(error), "do not trust this batch"))
    if problems:
        raise ProblemsFound(problems)


def run_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of what a run reads, in hexadecimal digits."""
    return _digest({key: value for key, value in resolved(scenario).items() if key not in _NOT_RUN})


def observation_hash(scenario: Scenario, sources: BaseModel | Mapping[str, Any] | None) -> str:
    """Return the SHA-256 of what decides how a run would have been reported, in hexadecimal digits."""
    printing: Any = sources
    if isinstance(sources, BaseModel):
        printing = sources.model_dump(mode="json", by_alias=True, exclude_none=True)
    return _digest({"observation": resolved(scenario).get("observation", {}), "sources": printing})


def canonical_json(data: Any) -> bytes:
    """Return data as JSON with sorted keys, no blanks and floats by their shortest exact form."""
    return json.dumps(data, sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(data: Any) -> str:
    return hashlib.sha256(canonical_json(data)).hexdigest()
