"""The order in which a scenario is written means nothing: not that of its keys, nor that of its tables' rows."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from sim.engine import run
from sim.scenario.loading import load_scenario, run_hash
from sim.scenario.yaml_source import read_yaml
from tests.worlds import REPOSITORY, TWO_VALLEYS

SHIPPED = sorted(
    path.relative_to(REPOSITORY)
    for pattern in ("*/scenario.yaml", "*/variants/*.yaml")
    for path in (REPOSITORY / "scenarios").glob(pattern)
)
#: What stands for the others where there is little time: each scenario, and one variant.
BRIEFLY = {path for path in SHIPPED if path.stem in ("scenario", "long-siege")}


def shuffled(data: Any, chance: random.Random) -> Any:
    """Return plain data with the keys of every mapping in another order."""
    if isinstance(data, dict):
        keys = list(data)
        chance.shuffle(keys)
        return {key: shuffled(data[key], chance) for key in keys}
    return [shuffled(item, chance) for item in data] if isinstance(data, list) else data


def _rewrite(tree: Path, chance: random.Random) -> None:
    """Write every scenario and table of a folder tree anew, in another order."""
    for file in sorted(tree.rglob("*.yaml")):
        data = read_yaml(file).data
        if "scenario" in data or "extends" in data:
            file.write_text(json.dumps(shuffled(data, chance)), encoding="utf-8")
    for file in sorted(tree.rglob("*.csv")):
        if file.stem in ("places", "legs"):
            head, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
            chance.shuffle(rows)
            file.write_text(head + "".join(rows), encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[] if path in BRIEFLY else [pytest.mark.long]) for path in SHIPPED],  # they are large
    ids=lambda path: path.stem if path.stem != "scenario" else path.parent.name,
)
def test_another_order_of_keys_and_rows_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    """Every shipped scenario and variant, written in another order, gives the same log byte for byte."""
    tree = REPOSITORY / path.parents[-3]
    copy = tmp_path / tree.name
    shutil.copytree(tree, copy)
    _rewrite(copy, random.Random(path.as_posix()))
    written, rewritten = load_scenario(REPOSITORY / path), load_scenario(copy / (REPOSITORY / path).relative_to(tree))
    assert list(read_yaml(copy / "scenario.yaml").data) != list(read_yaml(tree / "scenario.yaml").data)
    assert run_hash(rewritten) == run_hash(written)
    assert run(rewritten, seed=1, replication=3).sha256 == run(written, seed=1, replication=3).sha256


@pytest.mark.parametrize("chance", range(5))
def test_any_order_will_do(chance: int, tmp_path: Path) -> None:
    """However the small fixture is shuffled, its log stays as it is."""
    data = read_yaml(TWO_VALLEYS).data
    (tmp_path / "scenario.yaml").write_text(json.dumps(shuffled(data, random.Random(chance))), encoding="utf-8")
    told = run(load_scenario(tmp_path / "scenario.yaml"), seed=chance).sha256
    assert told == run(load_scenario(TWO_VALLEYS), seed=chance).sha256
