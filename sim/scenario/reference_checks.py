"""What `refs:` name: keys of references.yaml, or claims of the articles behind the reported timeline."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import Problem, ProblemsFound
from sim.scenario.documents import Document, Trail
from sim.scenario.files import NotUsable, located, read_text
from sim.scenario.references import load_references
from sim.scenario.schema import Scenario
from sim.scenario.spelling import nearest
from sim.scenario.yaml_source import read_yaml

#: Beside a reported timeline: where each claim of its articles went, the claim's id in the first column.
COVERAGE_FILE = "coverage.csv"
_REPAIR = "end lines alike, and quote cells that contain commas or quotes"


def check_references(scenario: Scenario, document: Document, tree: Path) -> Iterator[Problem]:
    """Yield a problem for every ref that names nothing, if the scenario names its references."""
    if scenario.references is None:
        return
    try:
        known = set(load_references(tree / scenario.references).titles())
    except ProblemsFound as found:
        yield from found.problems
        return
    unknown = [(trail, ref) for trail, ref in _refs(document.data, ()) if ref not in known]
    for more in (_listed_claims, _reported_claims):  # the cheaper first
        if unknown and scenario.reported is not None:
            try:
                known |= more(tree / scenario.reported, tree)
            except NotUsable as error:
                yield document.problem(("reported",), str(error), error.remedy)
            except ProblemsFound as found:
                yield from found.problems
            unknown = [(trail, ref) for trail, ref in unknown if ref not in known]
    for trail, ref in unknown:
        near = nearest(ref, known)
        remedy = f"did you mean {near[0]!r}?" if near and len(ref) > 3 else f"add it to {scenario.references}"
        yield document.problem(trail, f"no reference {ref!r} in {scenario.references}", remedy)


def _refs(data: Any, trail: Trail) -> Iterator[tuple[Trail, str]]:
    """Yield every entry of every ``refs:`` below a value."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key == "refs" and isinstance(value, list):
                yield from (((*trail, key, index), ref) for index, ref in enumerate(value) if isinstance(ref, str))
            else:
                yield from _refs(value, (*trail, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _refs(value, (*trail, index))


def _listed_claims(reported: Path, tree: Path) -> set[str]:
    """Return the ids of all claims that the coverage beside a reported timeline lists."""
    if not os.path.lexists(reported.parent / COVERAGE_FILE):
        return set()
    coverage = located(COVERAGE_FILE, reported.parent, tree)
    rows = csv.reader(io.StringIO(read_text(coverage)))
    try:
        return {row[0] for row in rows if row}
    except csv.Error as error:
        raise ProblemsFound([Problem(str(coverage), rows.line_num, 1, "", f"is no CSV: {error}", _REPAIR)]) from None


def _reported_claims(reported: Path, _: Path) -> set[str]:
    """Return the ids of the claims of a reported timeline."""
    try:
        claims = read_yaml(reported).data.get("claims")
    except ProblemsFound:  # whoever reads the timeline itself is told
        return set()
    return set(claims) if isinstance(claims, Mapping) else set()
