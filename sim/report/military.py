"""Military symbols (APP-6) as small pictures in the colour of a side.

The drawings are milsymbol's, kept in ``military.json``: a force can have eighteen codes, a convoy has one, and the
package would bring a hundred thousand symbols, 160 MB of memory and a second for each page. A test holds the file to
what milsymbol draws.
Frames are those of neutral units, for the page takes nobody's side; the colour says whose it is.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sim.report.colours import INK, PAPER, channels


@dataclass(frozen=True, slots=True)
class Picture:
    """A symbol as SVG, its width and height in units of its frame, and how far its middle lies below the top."""

    svg: str
    width: float
    height: float
    middle: float

    @property
    def source(self) -> str:
        """Return it as a data URI."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.svg.encode()).decode()}"


def picture(code: str, colour: str, *, hollow: bool = False) -> Picture:
    """Return a symbol filled with a colour, with lines on it that stand out and the marks of its size above it.

    Args:
        code: Twenty digits, one of those that a force or a convoy can have.
        colour: ``#rrggbb``.
        hollow: Draw its lines in the colour, on paper, in place of lines on the colour.
    """
    parts = _symbols()[code]
    left, top, width, height = parts["box"]
    frame, icon, marks = parts["frame"], " ".join(parts["icon"]), parts["echelon"]
    rim = f'stroke="{PAPER}" stroke-width="18" stroke-linejoin="round"'
    ground, edge, lines = (PAPER, colour, colour) if hollow else (colour, INK, _seen_on(colour))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left - 8:g} {top - 8:g} {width + 16:g} {height + 16:g}">'
        f'<g fill="none" {rim}><path d="{frame}"/>{_in(marks, PAPER)}</g>'
        f'<path d="{frame}" fill="{ground}" stroke="{edge}" stroke-width="{12 if hollow else 5}"/>'
        f'<path d="{icon}" fill="none" stroke="{lines}" stroke-width="{8 if hollow else 6}"/>'
        f'<g fill="none" stroke="{INK}" stroke-width="9">{_in(marks, INK)}</g></svg>'
    )
    side = _FRAME + 2 * _RIM
    high = height + 2 * _RIM
    return Picture(svg, round((width + 2 * _RIM) / side, 3), round(high / side, 3), round((100 - top + _RIM) / side, 3))


#: The side of a neutral frame and the room around a drawing, in units of the drawings.
_FRAME, _RIM = 110.0, 8.0


def _seen_on(colour: str) -> str:
    """Return whichever of the lightest and the darkest colour stands out more: by the contrast of their luminances."""
    return PAPER if (_luminance(PAPER) + 0.05) / (_luminance(colour) + 0.05) > 4 else INK


def _luminance(colour: str) -> float:
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _parts(colour)]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def _parts(colour: str) -> list[float]:
    return [channel / 255 for channel in channels(colour)]


def _in(marks: str, colour: str) -> str:
    return marks.replace(" ></", "></").replace('fill="black"', f'fill="{colour}"')


@cache
def _symbols() -> dict[str, Any]:
    symbols: dict[str, Any] = json.loads(files("sim.report").joinpath("military.json").read_text("utf-8"))["symbols"]
    return symbols
