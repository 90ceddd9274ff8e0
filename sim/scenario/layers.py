"""One file laid over another: what ``extends:``, geography CSVs and ``--set`` have in common.

A later layer wins by these rules, and every value keeps the place in the file that wrote it:

* mappings merge key by key; lists and plain values replace;
* a number is replaced as a whole by a mapping with ``dist`` or ``value``; any other mapping changes
  single parts of it (``{confidence: high}``, ``{mode: 7}``);
* a bare value replaces the law of a number and leaves its labels (basis, refs, confidence, note, unit);
* ``key: null`` removes what a lower layer says: an entry of a mapping by id, or a key that may be absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from sim.errors import Problem
from sim.scenario.anatomy import LABELS, Slot
from sim.scenario.documents import Document, Spot, Trail
from sim.scenario.spelling import did_you_mean


class Sheet:
    """The data of the layers so far, with the place of every part; ``top`` is what the schema says of it."""

    def __init__(self, top: Slot) -> None:
        self.data: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self._top = top
        self._keys: dict[Trail, Spot] = {}
        self._values: dict[Trail, Spot] = {}

    def lay(self, layer: Document) -> None:
        """Lay a document over what is there."""
        self.problems.extend(layer.problems)
        start = layer.spot(())
        if start.line:
            self._values[()] = start
        self._merge(layer, self._top, self.data, layer.data, ())

    def document(self, file: str) -> Document:
        """Return the result, its positions and the problems of all its layers, under the name of one file."""
        return Document(file, self.data, self._keys, self._values, tuple(dict.fromkeys(self.problems)))

    def spot(self, trail: Trail) -> Spot:
        """Return where a value stands."""
        return self.document("").spot(trail)

    def _merge(
        self, layer: Document, slot: Slot | None, below: dict[str, Any], above: Mapping[str, Any], trail: Trail
    ) -> None:
        """Merge one mapping into another in place."""
        for key, value in above.items():
            inner = (*trail, key)
            slot_inner = slot.step(key) if slot is not None else None
            if value is None:
                self._remove(layer, slot, below, inner)
            elif key not in below:
                below[key] = None
                self._replace(layer, below, value, inner)
            elif slot_inner is not None and slot_inner.shape == "number":
                self._number(layer, below, value, inner)
            elif isinstance(value, Mapping) and isinstance(below[key], dict):
                self._merge(layer, slot_inner, below[key], value, inner)
            else:
                self._replace(layer, below, value, inner)

    def _remove(self, layer: Document, slot: Slot | None, below: dict[str, Any], trail: Trail) -> None:
        key = str(trail[-1])
        if key in below:
            self._forget(below.pop(key), trail)
            self._keys[trail] = layer.spot(trail, key=True)  # where a complaint about its absence should point
        elif slot is not None and slot.shape == "map":
            remedy = did_you_mean(key, below) or "leave it out"
            self.problems.append(layer.problem(trail, f"there is no {key!r} to remove", remedy, key=True))
        else:
            self._replace(layer, below, None, trail)

    def _number(self, layer: Document, below: dict[str, Any], value: Any, trail: Trail) -> None:
        key = trail[-1]
        old = below[str(key)]
        if isinstance(value, Mapping) and not {"dist", "value"} & value.keys():
            if not isinstance(old, dict):
                below[str(key)] = old = {"value": old}
                self._values[*trail, "value"] = self._values[trail]
            self._merge(layer, None, old, value, trail)
        elif isinstance(old, dict) and not isinstance(value, Mapping | list):
            for part in [part for part in old if part not in LABELS]:
                self._forget(old.pop(part), (*trail, part))
            old["value"] = value
            self._keys[trail] = layer.spot(trail, key=True)
            self._values[trail] = self._values[*trail, "value"] = layer.spot(trail)
        else:
            self._replace(layer, below, value, trail)

    def _replace(self, layer: Document, below: dict[str, Any], value: Any, trail: Trail) -> None:
        key = str(trail[-1])
        self._forget(below.get(key), trail)
        below[key] = deepcopy(value)
        self._note(layer, value, trail)

    def _note(self, layer: Document, value: Any, trail: Trail) -> None:
        self._keys[trail], self._values[trail] = layer.spot(trail, key=True), layer.spot(trail)
        for step, inner in _entries(value):
            self._note(layer, inner, (*trail, step))

    def _forget(self, value: Any, trail: Trail) -> None:
        self._keys.pop(trail, None)
        self._values.pop(trail, None)
        for step, inner in _entries(value):
            self._forget(inner, (*trail, step))


def _entries(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []
