"""The register of assumptions: every number with its law, what it implies, its basis, and values to try."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.cli import terminal
from sim.scenario.number_words import law_in_words, readable, settable
from sim.scenario.numbers import Entry, register
from sim.scenario.schema import Scenario

_QUANTILES = (0.05, 0.5, 0.95)


def print_assumptions(scenario: Scenario) -> None:
    """Print one row per number of a scenario, grouped by block."""
    blocks: dict[str, list[Entry]] = {}
    for entry in register(scenario).values():
        blocks.setdefault(entry.path.partition(".")[0], []).append(entry)
    columns = ["path", "law", "P5", "P50", "P95", "unit", "try", "phase", "sure?", "basis [refs]"]
    for block, entries in blocks.items():
        terminal.table(columns, [_row(entry) for entry in entries], align="llrrrl", title=block)


def assumptions(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the register as plain data, in path order."""
    return [_as_data(entry) for entry in register(scenario).values()]


def offers(entry: Entry) -> list[str]:
    """Return values to try for a number, as ``--set`` takes them.

    A choice offers its other names, a constant its half and its double, an uncertain number its 5 % and 95 %
    quantiles, all within what the number may be and other than what it is. What cannot change alone offers
    nothing.
    """
    if entry.options:
        said = entry.options[int(entry.parts["value"])] if entry.constant else ""
        return [name for name in entry.options if name != said]
    if entry.constant:
        value = entry.parts["value"]
        tried = [value / 2, value * 2] if value else [1.0]
    else:
        quantile = entry.quantile()
        value = quantile(0.5)
        tried = [quantile(0.05), quantile(0.95)]
    low = -float("inf") if entry.ge is None else entry.ge
    high = float("inf") if entry.le is None else entry.le
    shown = [settable(min(max(number, low), high), entry) for number in tried]
    return [text for text in dict.fromkeys(shown) if text != settable(value, entry)]


def _quantiles(entry: Entry) -> list[float]:
    quantile = entry.quantile()
    return [quantile(u) for u in _QUANTILES]


def _row(entry: Entry) -> list[str]:
    spread = [""] * 3 if entry.constant or entry.options else [readable(value, entry) for value in _quantiles(entry)]
    unit = "" if entry.unit == "s" else entry.unit
    return [
        entry.path, law_in_words(entry), *spread, unit, _either(offers(entry)), entry.phase, entry.confidence or "",
        f"{entry.basis or ''} {_references(entry)}".strip(),
    ]  # fmt: skip


def _references(entry: Entry) -> str:
    return f"[{', '.join(entry.refs)}]" if entry.refs else ""


def _either(values: Iterable[str]) -> str:
    return " or ".join(values)


def _as_data(entry: Entry) -> dict[str, Any]:
    p05, p50, p95 = _quantiles(entry)
    return {
        "path": entry.path, "meaning": entry.meaning, "law": entry.law, "parts": dict(entry.parts), "unit": entry.unit,
        "p05": p05, "p50": p50, "p95": p95, "offers": offers(entry), "kind": entry.kind, "use": entry.use,
        "phase": entry.phase, "ge": entry.ge, "le": entry.le, "basis": entry.basis, "refs": list(entry.refs),
        "confidence": entry.confidence, "shared": entry.shared, "note": entry.note, "options": list(entry.options),
    }  # fmt: skip
