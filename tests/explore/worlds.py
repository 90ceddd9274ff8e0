"""The small invented war of the tests, with what two articles told of it, in a folder as people keep scenarios."""

from __future__ import annotations

from pathlib import Path

from tests.worlds import TWO_VALLEYS

TOLD = Path(__file__).parent / "told"


def two_valleys(folder: Path) -> Path:
    """Write the war and its reports into a folder, and return the scenario's file."""
    folder.mkdir(parents=True)
    observation = (TOLD / "observation.yaml").read_text(encoding="utf-8")
    scenario = folder / "scenario.yaml"
    scenario.write_text(f"{TWO_VALLEYS.read_text(encoding='utf-8')}\n{observation}", encoding="utf-8")
    for name in ("reported.yaml", "sources.yaml"):
        (folder / name).write_bytes((TOLD / name).read_bytes())
    return scenario
