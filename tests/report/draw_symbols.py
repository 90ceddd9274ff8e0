"""Draw the symbols that the page can need with milsymbol, and keep them: `python -m tests.report.draw_symbols`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from milsymbol import Symbol

from sim.projections.symbols import convoy_symbol, force_symbol
from sim.report import military

KEPT = Path(military.__file__).with_name("military.json")
#: The least fighters of each echelon, and none.
SIZES = (0, 1, 6, 15, 50, 250, 1_000, 3_000, 8_000)
_PATH = re.compile(r'<path d="([^"]*)" stroke-width="(\d+)" stroke="black" fill="([^"]*)"')


def codes() -> list[str]:
    """Return every code that a force can have, and that of a convoy."""
    return sorted(
        {convoy_symbol(), *(force_symbol(fighters, vehicles) for fighters in SIZES for vehicles in (0, 10_000))}
    )


def drawn(code: str) -> dict[str, Any]:
    """Return the parts of a symbol as milsymbol draws it: the box around it, frame, icon, and marks of the echelon."""
    svg = Symbol(f"{code[:2]}0{code[3:]}").as_svg()  # this renderer knows only the context of reality
    box = re.search(r'viewBox="([^"]*)"', svg)
    body, _, marks = svg.partition("<g ")
    frame, *icon = [found[0] for found in _PATH.findall(body)]
    assert box is not None
    assert "text" not in svg
    marks = marks.partition(">")[2].partition("</g>")[0]
    return {"box": [float(number) for number in box[1].split()], "frame": frame, "icon": icon, "echelon": marks}


def kept() -> str:
    """Return what the file holds."""
    note = "Drawn by milsymbol (MIT License, (c) 2026 Kevin Lundeen, (c) 2017 Måns Beckman)"
    symbols = {code: drawn(code) for code in codes()}
    return json.dumps({"note": note, "symbols": symbols}, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    KEPT.write_text(kept(), encoding="utf-8")
