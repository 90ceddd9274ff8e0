"""The notebooks are programs: each runs from its first cell to its last and imports only what is public."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_only_sim(source: Path) -> None:
    """A notebook needs nothing but the package's own names and the standard library."""
    found = list(ast.walk(ast.parse(source.read_text(encoding="utf-8"))))
    plain = {alias.name for node in found if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module for node in found if isinstance(node, ast.ImportFrom)}
    assert plain | parts <= {"sim", "pathlib", "tempfile"}


@pytest.mark.filterwarnings("ignore:.*zmq.*:RuntimeWarning")  # the kernel's transport warns of its own event loop
@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(source: Path) -> None:
    """Every cell of a notebook runs in a fresh kernel, in order, with fewer histories than it asks for."""
    notebook = jupytext.reads(re.sub(r"replications = \d+", "replications = 8", source.read_text("utf-8")), "py")
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(source.parent)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) > 5
    assert any("in window" in str(cell.outputs) for cell in code)
