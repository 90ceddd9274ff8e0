"""Histories of three scenarios, and a batch of one of them, for whoever looks at them elsewhere."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim import run_batch
from sim.domain.facts import Fact
from sim.scenario.loading import load_scenario
from sim.scenario.schema import Scenario
from sim.viewers.exporting import history_for_viewers
from sim.viewers.features import Drawing
from sim.viewers.lasting import follow
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, play

#: One with drawn roads and zones, one with straight ways and three sides, and a very small one.
WORLDS = (REFERENCE, INVENTED, TWO_VALLEYS)


@cache
def history(path: Path, *overrides: str) -> tuple[Scenario, tuple[Fact, ...]]:
    """Return a scenario and one log of it."""
    return load_scenario(path, overrides), tuple(play(path, *overrides).facts)


@cache
def exported(path: Path, form: str) -> str:
    """Return one history of a scenario in a format."""
    scenario, facts = history(path)
    return history_for_viewers(facts, scenario, form).text


@cache
def drawing(path: Path) -> Drawing:
    """Return one history of a scenario with its roads."""
    scenario, facts = history(path)
    return Drawing(follow(facts, scenario))


@cache
def rows(path: Path, layer: str) -> list[dict[str, Any]]:
    """Return the features of one layer of the GeoJSON of a history."""
    found = json.loads(exported(path, "geojson"))["features"]
    return [feature for feature in found if feature["properties"]["layer"] == layer]


@pytest.fixture(params=WORLDS, ids=lambda path: path.stem if path.stem != "scenario" else path.parent.name)
def world(request: pytest.FixtureRequest) -> Path:
    """Each scenario in turn."""
    path: Path = request.param
    return path


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight histories of the smallest scenario, two of each draw."""
    directory = tmp_path_factory.mktemp("batches") / "valleys"
    run_batch(load_scenario(TWO_VALLEYS), directory, replications=8, per_draw=2, seed=1, workers=1)
    return directory
