"""A page without a browser: what it would send to the app, and what it would be told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dash import Dash

from sim.explore.choosing import Lever
from sim.explore.desk import Desk, How
from sim.explore.finding import scenarios
from sim.explore.keeping import Shelf, name_of
from sim.scenario import load_scenario


def desk_with(folder: Path, *levers: str, replications: int = 10) -> Desk:
    """Return a desk over the scenarios of a folder whose base runs are played already, each with the same levers."""
    how = How(replications)
    desk = Desk(scenarios(folder), Shelf(folder.parent / "kept"), how)
    told = [Lever(path, (), False).to_json() for path in levers]
    for one in desk.found:
        name = name_of(load_scenario(one.file), how.seed, how.replications)
        desk.shelf.shown(name).write_text(json.dumps({"levers": told}), encoding="utf-8")
    return desk


@dataclass
class Page:
    """A page of one scenario: its rows are paths with their mode and typed value."""

    made: Dash
    file: Path
    rows: dict[str, tuple[str, str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def asks(self, output: str, asked: str, row: str = "") -> dict[str, Any]:
        """Return what the app answers when a property changes, by property; nothing if all stays as it is.

        Args:
            output: What a callback answers for, such as ``status.children``; of a row ``says.children``.
            asked: The property that has changed; of a row ``mode.value``.
            row: The path of the row, if it is one.
        """
        key, callback = next(
            (key, one) for key, one in self.made.callback_map.items() if f"{_pattern(output, row)}" in key
        )
        outputs = [
            self._named(*part.rsplit(".", 1), row) for part in key.strip(".").split("...") if part
        ]  # fmt: skip
        body = {
            "output": key,
            "outputs": outputs if key.startswith("..") else outputs[0],
            "inputs": [self._sent(one, row) for one in callback["inputs"]],
            "state": [self._sent(one, row) for one in callback["state"]],
            "changedPropIds": [self._changed(asked, row)],
        }
        answer = self.made.server.test_client().post("/_dash-update-component", json=body)
        assert answer.status_code in (200, 204), answer.text
        if answer.status_code == 204:
            return {}
        told = answer.get_json()
        found: Mapping[str, Mapping[str, Any]] = {**told.get("sideUpdate", {}), **told.get("response", {})}
        return {f"{_kind(name)}.{prop}": value for name, props in found.items() for prop, value in props.items()}

    def _row(self, kind: str, path: str) -> dict[str, str]:
        return {"file": str(self.file), "lever": path, "type": kind}

    def _changed(self, asked: str, row: str) -> str:
        kind, prop = asked.rsplit(".", 1)
        return f"{json.dumps(self._row(kind, row), separators=(',', ':'))}.{prop}" if row else asked

    def _named(self, name: str, prop: str, row: str) -> dict[str, Any]:
        named: Any = self._row(_kind(name), row) if name.startswith("{") else name
        return {"id": named, "property": prop}

    def _sent(self, one: Mapping[str, str], row: str) -> Any:
        name, prop = one["id"], one["property"]
        if not name.startswith("{"):
            known = {"scenario.value": str(self.file), "version.data": -1, **self.values}
            return {"id": name, "property": prop, "value": known.get(f"{name}.{prop}")}
        kind = _kind(name)
        paths = list(self.rows) if "ALL" in name else [row]
        sent = [
            {"id": self._row(kind, path), "property": prop, "value": self._value(kind, prop, path)} for path in paths
        ]
        return sent if "ALL" in name else sent[0]

    def _value(self, kind: str, prop: str, path: str) -> Any:
        mode, typed = self.rows[path]
        return self._row(kind, path) if prop == "id" else {"mode": mode, "typed": typed, "step": 0}[kind]


def _kind(name: str) -> str:
    return str(json.loads(name)["type"]) if name.startswith("{") else name


def _pattern(output: str, row: str) -> str:
    kind, prop = output.rsplit(".", 1)
    return f'"type":"{kind}"}}.{prop}' if row else output
