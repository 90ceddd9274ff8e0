"""A small batch of the invented scenario, and two ways to type a command: in this process and in one of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import load_scenario, run_batch
from sim.cli import app
from tests.worlds import TWO_VALLEYS

ROOT = Path(__file__).parents[2]
RIVERS = ROOT / "scenarios" / "three-rivers" / "scenario.yaml"
VALLEYS = TWO_VALLEYS

Typed = Callable[..., str]


@pytest.fixture
def sim() -> Typed:
    """Type a command in this process; returns what it printed, after checking its exit code."""

    def typed(*arguments: object, code: int = 0) -> str:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exit_code == code, result.output
        return result.stdout if code == 0 else result.output

    return typed


def spawned(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Type a command in a process of its own."""
    command = [sys.executable, "-m", "sim", *(str(argument) for argument in arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve histories of the invented scenario, seed 1."""
    directory = tmp_path_factory.mktemp("batches") / "rivers"
    run_batch(load_scenario(RIVERS), directory, replications=12, seed=1, workers=1)
    return directory
