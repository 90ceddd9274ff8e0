"""The same batch, however many processes make it, however they start, and whichever Python runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim import open_batch
from tests.worlds import REPOSITORY, TWO_VALLEYS

N = 24
PYTHONS = ("3.11", "3.12", "3.13")

#: Makes the batch in a new process, with workers that start in a given way; run by whatever Python is to be tried.
CODE = """
import multiprocessing, sys
from sim import load_scenario, run_batch
from sim.batch import workers
scenario, target, replications, count, start = sys.argv[1:]
if start != "default":
    workers._context = lambda: multiprocessing.get_context(start)
if __name__ == "__main__":
    run_batch(load_scenario(scenario), target, replications=int(replications), seed=3, workers=int(count), per_draw=2)
"""


def made(
    target: Path, *, workers: int = 2, start: str = "default", hash_seed: str = "0", python: str = sys.executable
) -> dict[str, Any]:
    """Make the batch in a process of its own; return the hash of all logs and every table, but for the time it took."""
    code = target.with_suffix(".py")
    code.write_text(CODE)
    subprocess.run(
        [
            python,
            "-W",
            "ignore::DeprecationWarning",
            str(code),
            str(TWO_VALLEYS),
            str(target),
            str(N),
            str(workers),
            start,
        ],
        check=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": hash_seed},
    )
    batch = open_batch(target)
    tables = {"outcomes": batch.outcomes().drop_columns(["seconds"]), "daily": batch.daily(), "values": batch.values()}
    return {"sha256": batch.sha256, **tables}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The batch that one process makes by itself."""
    found = made(tmp_path_factory.mktemp("batches") / "alone", workers=1)
    assert set(found["outcomes"].column("status").to_pylist()) == {"done"}
    return found


@pytest.mark.parametrize("workers", [pytest.param(2, marks=pytest.mark.long), 8])  # two are in every test of running
def test_any_number_of_workers_makes_the_same_batch(workers: int, tmp_path: Path, expected: dict[str, Any]) -> None:
    """Which process runs a replication, and when, is nothing that its history knows of."""
    assert made(tmp_path / "batch", workers=workers) == expected


@pytest.mark.parametrize(
    "start",
    ["fork", "spawn", pytest.param("forkserver", marks=pytest.mark.long)],  # where there is one it is the default
)
def test_workers_that_start_in_any_way_make_the_same_batch(
    start: str, tmp_path: Path, expected: dict[str, Any]
) -> None:
    """A copy of the first process, a new interpreter, or a child of a server: what they inherit does not count."""
    assert made(tmp_path / "batch", start=start) == expected


@pytest.mark.parametrize("hash_seed", [pytest.param("1", marks=pytest.mark.long), "4294967295"])  # one stands for both
def test_any_hash_seed_makes_the_same_batch(hash_seed: str, tmp_path: Path, expected: dict[str, Any]) -> None:
    """Nothing of a result hangs on the order in which Python happens to keep a set."""
    assert made(tmp_path / "batch", hash_seed=hash_seed) == expected


def _installed(version: str) -> str | None:
    """Return a Python of a version, on the path or among those of pyenv, None if there is none that runs."""
    ours = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for path in (shutil.which(f"python{version}"), *map(str, sorted(ours.glob(f"{version}.*/bin/python")))):
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


@pytest.mark.long  # an environment is made for each Python
@pytest.mark.parametrize("version", PYTHONS)
def test_every_python_that_is_installed_makes_the_same_batch(
    version: str, tmp_path: Path, expected: dict[str, Any]
) -> None:
    """Another interpreter, with the same libraries in an environment of its own, gives the same bytes."""
    python = _installed(version)
    if python is None:
        pytest.skip(f"no python{version} on this machine")
    subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True)
    inside = str(tmp_path / "venv" / "bin" / "python")
    wanted = ["--quiet", "--disable-pip-version-check", "--constraint", str(REPOSITORY / "constraints.txt")]
    subprocess.run([inside, "-m", "pip", "install", *wanted, str(REPOSITORY)], check=True)
    told = subprocess.run([inside, "-c", "import sys; print(sys.version_info[:2])"], check=True, capture_output=True)
    assert json.loads(told.stdout.replace(b"(", b"[").replace(b")", b"]")) == list(map(int, version.split(".")))
    assert made(tmp_path / "batch", python=inside) == expected
