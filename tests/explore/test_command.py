from __future__ import annotations

import importlib.util
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import RIVERS, Typed


def test_without_dash_the_command_says_what_to_install(sim: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed the command ends with exit code 1 and names it."""
    found = importlib.util.find_spec

    def without(name: str, package: str | None = None) -> Any:
        return None if name == "dash" else found(name, package)

    monkeypatch.setattr("sim.cli.exploring.find_spec", without)
    assert "pip install 'campaign-sim[explore]'" in sim("explore", str(RIVERS), code=1)


def test_a_taken_port_is_told(sim: Typed, tmp_path: Path) -> None:
    """A port on which something listens already is no defect of the program."""
    pytest.importorskip("dash", reason="the extra `explore` is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = sim("explore", str(RIVERS), "--base", str(tmp_path), "--no-browser", "--port", str(port), code=1)
    assert f"port {port} cannot be listened on" in said
