"""Two small files of an invented war, made for these tests in the columns of the two formats."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sim import load_scenario, run_batch
from sim.exchange.columns import COLUMNS
from tests.worlds import TWO_VALLEYS

DATA = Path(__file__).parent / "data"
FORMS = ("ged", "acled")

Changed = Callable[..., Path]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the cells of a file as they stand in it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Write a copy of a fixture in which some cells of one row are others; returns the copy."""

    def write(form: str, row: int = 0, **cells: str) -> Path:
        rows = rows_of(DATA / f"{form}.csv")
        rows[row] |= cells
        path = tmp_path / f"{form}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[form], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture(scope="session")
def rivers_batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One history of a scenario without sources."""
    directory = tmp_path_factory.mktemp("batches") / "rivers"
    run_batch(load_scenario(TWO_VALLEYS), directory, replications=1, seed=1, workers=1)
    return directory


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four histories of the scenario that has a reported timeline."""
    directory = tmp_path_factory.mktemp("batches") / "reference"
    scenario = next((Path(__file__).parents[2] / "scenarios").glob("*/reported.yaml")).with_name("scenario.yaml")
    run_batch(load_scenario(scenario), directory, replications=4, seed=1, workers=1)
    return directory
