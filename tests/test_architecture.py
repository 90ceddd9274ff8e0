"""How the program is built: layers, what loads what, how large a room may be, and whose names it knows."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.scenario.yaml_source import read_yaml

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "sim").rglob("*.py"))
SCENARIOS = sorted((ROOT / "scenarios").glob("*/scenario.yaml"))

#: Long because they have one short entry for each kind of fact, and are checked for completeness as a whole.
ONE_ENTRY_PER_KIND = {"sim/domain/facts.py", "sim/domain/fold.py"}


def python(code: str) -> str:
    """Run code in a Python of its own and return what it printed."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


def test_the_layers_hold() -> None:
    """Each layer imports only those below; reading never imports making; mechanisms do not know each other."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as go; go()", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_help_needs_only_typer_and_rich() -> None:
    """``sim --help`` answers at once: it loads nothing that simulates, reads or draws."""
    loaded = python(
        "import sys, contextlib, io\n"
        "from sim.cli import app\n"
        "with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):\n"
        "    app(['--help'])\n"
        "assert 'validate' in said.getvalue()\n"
        "print(*sys.modules)\n"
    ).split()
    heavy = {"duckdb", "jinja2", "msgspec", "numpy", "plotly", "pyarrow", "pydantic", "ruamel", "scipy", "simpy"}
    assert not heavy & set(loaded)


def test_importing_sim_costs_nothing() -> None:
    """``import sim`` loads none of its parts; each name loads its own when it is asked for."""
    loaded = python("import sys, sim; print(*(name for name in sys.modules if name.startswith('sim.')))").split()
    assert loaded == []


def test_every_public_name_can_be_imported() -> None:
    """What the package offers is there, and it offers what its documentation names."""
    names = {
        "load_scenario", "run", "run_batch", "open_batch", "load_reported", "compare", "render_report",
        "Scenario", "Run", "Batch", "Comparison",
    }  # fmt: skip
    offered = set(python("import sim\nfor name in sim.__all__:\n    getattr(sim, name)\n    print(name)").split())
    assert names <= offered


@pytest.mark.parametrize("before", ["", "import sim.compare", "from sim.compare import Comparison"])
def test_compare_is_the_function_whatever_was_imported_before(before: str) -> None:
    """``from sim import compare`` gives the function, although a subpackage bears the same name."""
    assert python(f"{before}\nfrom sim import compare\nprint(callable(compare))") == "True\n"


def test_an_unknown_name_is_an_error() -> None:
    """Asking the package for what it does not have is an AttributeError that names it."""
    import sim

    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'simulate'"):
        sim.simulate  # noqa: B018 - asking for it is the test


def test_reading_works_without_simpy() -> None:
    """Everything that reads a stored batch can be imported where SimPy is not installed."""
    python(
        "import sys\n"
        "sys.modules['simpy'] = None\n"
        "import sim.store, sim.observation, sim.compare, sim.report\n"
        "import sim.projections.narrative, sim.projections.situation, sim.projections.timelines\n"
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_is_small_and_has_a_name(source: Path) -> None:
    """No module is longer than 450 lines, and none is called after nothing in particular."""
    if str(source.relative_to(ROOT)) not in ONE_ENTRY_PER_KIND:
        assert len(source.read_text(encoding="utf-8").splitlines()) <= 450
    assert source.stem not in {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager"}


def _names_of_scenarios() -> set[str]:
    """Return ids and names of places and sides of all shipped scenarios, and the years in which they play."""
    names: set[str] = set()
    for file in SCENARIOS:
        data = read_yaml(file).data
        names |= {side["name"] for side in data["sides"].values()}
        names |= {str(data["scenario"]["id"]), str(data["scenario"]["start"])[:4]}
        names |= set(data.get("areas", {})) | set(data.get("operations", {})) | set(data.get("forces", {}))
        places = data.get("geography", {}).get("places")
        if places:
            with (file.parent / places).open(encoding="utf-8", newline="") as rows:
                names |= {row["id"] for row in csv.DictReader(rows)}
        names |= set(data.get("places", {}))
    return {name for name in names if len(name) >= 4}


def test_no_name_of_a_scenario_stands_in_the_code() -> None:
    """The engine is generic: no place, side, area, force, operation or year of a scenario is written in it."""
    names = _names_of_scenarios()
    assert len(names) > 50
    any_name = "|".join(re.escape(name) for name in sorted(names))
    pattern = re.compile(rf"(?<![\w-])({any_name})(?![\w-])", re.IGNORECASE)
    found = [
        f"{source.relative_to(ROOT)}:{number}: {match.group(0)}"
        for source in SOURCES
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1)
        for match in pattern.finditer(line)
    ]
    assert not found


@pytest.mark.parametrize("of", ["scenario", "reported"])
def test_the_schemas_for_editors_are_those_of_the_code(of: str) -> None:
    """The JSON Schema beside the scenarios is what ``sim schema`` prints."""
    kept = json.loads((ROOT / "scenarios" / f"{of}.schema.json").read_text(encoding="utf-8"))
    assert json.loads(python(f"from sim.cli import app; app(['schema', '{of}'])")) == kept


def test_constraints_name_versions_and_nothing_else() -> None:
    """Pinned packages stand as name==version: no address of an index, no path, no option."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_nothing_that_python_would_run_is_kept_on_disk(tmp_path: Path) -> None:
    """A batch is JSON and Parquet: whoever opens one of unknown origin runs nothing that stands in it."""
    unsafe = re.compile(r"\b(pickle|marshal|shelve|joblib|dill)\b")
    users = [path.name for path in SOURCES if unsafe.search(path.read_text(encoding="utf-8"))]
    assert users == ["workers.py"]  # what goes through the pipes to worker processes, and never to a file
    code = "run_batch(load_scenario('tests/data/two-valleys.yaml'), sys.argv[1], replications=2, workers=1)"
    python(f"import sys; from sim import load_scenario, run_batch; sys.argv = ['', {str(tmp_path)!r}]; {code}")
    kinds = {path.suffix for path in tmp_path.rglob("*") if path.is_file() and path.name != ".writer"}
    assert kinds == {".json", ".jsonl", ".parquet"}
