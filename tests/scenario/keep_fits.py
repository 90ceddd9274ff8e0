"""Writes down the fits that the shipped scenarios need: ``python -m tests.scenario.keep_fits``.

To be run when a law of theirs that is told by two quantiles has changed; a test says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.scenario import load_scenario
from sim.scenario import quantiles as laws
from sim.scenario.fitted import FITTED, Told
from sim.scenario.numbers import register
from tests.worlds import REPOSITORY

_SEARCHED = ("beta", "gamma")
_TABLE = Path(laws.__file__).with_name("fitted.py")


def needed() -> set[Told]:
    """Return what the shipped scenarios and their variants tell of laws whose parameters are searched for."""
    return {
        (entry.law, entry.parts["p05"], entry.parts["p95"])
        for path in _shipped()
        for entry in register(load_scenario(path)).values()
        if entry.law in _SEARCHED and "p05" in entry.parts
    }


def _shipped() -> Iterator[Path]:
    for folder in (REPOSITORY / "scenarios").iterdir():
        if folder.is_dir():
            yield folder / "scenario.yaml"
            yield from sorted((folder / "variants").glob("*.yaml"))


def main() -> None:
    """Write the table anew."""
    wanted = sorted(needed())
    FITTED.clear()
    rows = [f'    ("{law}", {p05}, {p95}): {laws.searched(law, p05, p95)},\n' for law, p05, p95 in wanted]
    head, _, _ = _TABLE.read_text().partition("FITTED: ")
    _TABLE.write_text(f"{head}FITTED: dict[Told, tuple[float, float]] = {{\n{''.join(rows)}}}\n")


if __name__ == "__main__":
    main()
