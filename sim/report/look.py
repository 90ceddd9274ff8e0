"""What all figures share: type, colours of axes, hover labels, and the switch between wide and narrow pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from sim.domain.terms import DAY
from sim.report.calendar import Calendar
from sim.report.colours import FAINT, HAIRLINE, INK, MUTED, PAPER

#: Mean width of a letter, in ems, in the widest face that may stand in for those below: plain and bold.
_LETTER_EM, _BOLD_EM = 0.55, 0.62
#: What stands for the rest of a name, and so few letters of it that they are worth nothing.
_MORE, _FEW = "\N{HORIZONTAL ELLIPSIS}", 5
#: Heights in pixels: of a panel, of a low one, and of what stands above and below it.
_PANEL, _PANEL_LOW, _ABOVE, _BELOW = 160, 110, 26, 24
#: Pixels for the panels of the sides on the narrowest wide page and on the narrowest one; of a line above a panel.
_PANELS_WIDE, _PANELS_NARROW, _NAME_PX, _LINE_PX = 440, 250, 12, 15

SANS = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"

_AXIS = {
    "showgrid": True,
    "gridcolor": HAIRLINE,
    "gridwidth": 1,
    "zeroline": False,
    "showline": False,
    "ticks": "",
    "tickfont": {"size": 12, "color": MUTED},
    "title": {"font": {"size": 12, "color": MUTED}, "standoff": 8},
    "tickangle": 0,
    "automargin": False,
    "fixedrange": True,
}

#: One template for every figure; the page embeds it once.
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": SANS, "size": 13, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": [INK, MUTED, FAINT],
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": FAINT,
            "font": {"family": SANS, "size": 13, "color": INK},
            "align": "left",
        },
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        "modebar": {"bgcolor": "rgba(251,250,247,0.85)", "color": MUTED, "activecolor": INK},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "annotationdefaults": {"showarrow": False, "font": {"size": 12, "color": MUTED}},
        "bargap": 0,
    }
)


def figure(traces: list[Any], layout: dict[str, Any], **more: Any) -> go.Figure:
    """Return a figure in the look of the page.

    Args:
        traces: Plotly traces, drawn in this order.
        layout: What this figure adds to the template.
        **more: Passed on to the figure, for example ``frames``.
    """
    return go.Figure(data=traces, layout={"template": TEMPLATE, **layout}, **more)


def text(content: str, x: Any, y: Any, *, size: float = 12, colour: str = MUTED, **more: Any) -> dict[str, Any]:
    """Return an annotation without an arrow, left-aligned on its point unless told otherwise."""
    return {
        "text": content,
        "x": x,
        "y": y,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "font": {"size": size, "color": colour},
        **more,
    }


def time_axis(calendar: Calendar, side: str, *, narrow: bool, **more: Any) -> dict[str, Any]:
    """Return an axis over the simulated stretch, with a date every third day, or every week on a narrow page."""
    return {
        "type": "date",
        "range": [calendar.local(0), calendar.local(calendar.duration_s)],
        "side": side,
        "tickformat": "%-d %b",
        "tick0": calendar.local(0)[:10],
        "dtick": (7 if narrow else 3) * DAY * 1000,
        **more,
    }


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels of the sides: where they stand, how high the figure is, and every how many days it has a date.

    ``above`` are the pixels over the panels, and ``names`` the notes with the names of the sides there, uncoloured.
    """

    spots: list[dict[str, tuple[float, float]]]
    height: int
    step: int
    above: int
    names: list[dict[str, Any]]


def side_panels(names: Sequence[str], gap: float, *, narrow: bool) -> Panels:
    """Return the panels of some sides.

    They stand beside each other; on a narrow page, where more than two would be too thin for their numbers, one below
    the other. A name takes two lines if it must; what finds no room in these is told on hovering.

    Args:
        names: Those of the sides.
        gap: The room between two that stand beside each other, as a share of the width.
        narrow: Whether the page is narrow.
    """
    count = len(names)
    beside = not narrow or count <= 2
    width = (1 - gap * (count - 1)) / max(count, 1) if beside else 1.0
    letters = int((_PANELS_NARROW if narrow else _PANELS_WIDE) * width / width_px("m", _NAME_PX, bold=True))
    lines = [wrap(name, max(letters, _FEW), max_lines=2, placeholder=_MORE) or [""] for name in names]
    above = _ABOVE + _LINE_PX * (max(map(len, lines), default=1) - 1)
    if beside:
        height, step = _PANEL + above + _BELOW, 14 if narrow or count > 2 else 7
        lefts = [index * (width + gap) for index in range(count)]
        spots = [{"x": (left, left + width), "y": (0.0, 1.0)} for left in lefts]
    else:
        stride = _PANEL_LOW + above + _BELOW
        total = count * stride - above - _BELOW
        height, step = total + above + _BELOW, 7
        tops = [1 - index * stride / total for index in range(count)]
        spots = [{"x": (0.0, 1.0), "y": (max(top - _PANEL_LOW / total, 0.0), top)} for top in tops]
    at: dict[str, Any] = {"xref": "paper", "yref": "paper", "yanchor": "bottom", "yshift": 4}
    notes = [
        text(f"<b>{'<br>'.join(map(plain, own))}</b>", spot["x"][0], spot["y"][1], **at, **whole(name, " ".join(own)))
        for name, own, spot in zip(names, lines, spots, strict=True)
    ]
    return Panels(spots, height, step, above, notes)


def curve(x: Sequence[Any], y: Sequence[Any], mode: str = "lines", **more: Any) -> dict[str, Any]:
    """Return a trace of lines, areas or markers that says nothing on hovering unless told otherwise."""
    return {"type": "scatter", "mode": mode, "x": x, "y": y, "hoverinfo": "skip", **more}


def broken(pieces: Iterable[Iterable[tuple[Any, Any]]]) -> tuple[list[Any], list[Any]]:
    """Return the coordinates of several lines as those of one trace, apart from each other."""
    points = [point for piece in pieces for point in (*piece, (None, None))][:-1]
    return [x for x, _ in points], [y for _, y in points]


def band(x0: Any, x1: Any, y0: Any, y1: Any, colour: str, **more: Any) -> dict[str, Any]:
    """Return a filled rectangle without an outline, below the traces unless told otherwise."""
    return {
        "type": "rect",
        "x0": x0,
        "x1": x1,
        "y0": y0,
        "y1": y1,
        "fillcolor": colour,
        "line": {"width": 0},
        "layer": "below",
        **more,
    }


def rule(x0: Any, x1: Any, y0: Any, y1: Any, colour: str = HAIRLINE, **more: Any) -> dict[str, Any]:
    """Return a thin straight line, below the traces unless told otherwise."""
    return {
        "type": "line",
        "x0": x0,
        "x1": x1,
        "y0": y0,
        "y1": y1,
        "line": {"color": colour, "width": 1},
        "layer": "below",
        **more,
    }


def horizon_line(calendar: Calendar, y0: Any, y1: Any, colour: str = MUTED, **more: Any) -> list[dict[str, Any]]:
    """Return the dotted line at the last moment that anything was known of, if the chart goes on after it."""
    if not calendar.has_forecast:
        return []
    at = calendar.local(calendar.horizon_s)
    return [rule(at, at, y0, y1, **{"line": {"color": colour, "width": 1, "dash": "dot"}, **more})]


def plain(words: str) -> str:
    """Return words so that plotly shows them as they are, whatever angle brackets and templates they hold.

    Where a figure or a trace has a ``meta``, plotly fills what looks like a template in its notes, too.
    """
    return escape(words, quote=False).replace("%{", "%&#123;")


def width_px(words: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide words are drawn, rather too wide than too narrow."""
    return len(words) * size * (_BOLD_EM if bold else _LETTER_EM)


def shortened(words: str, room_px: float, size: float, *, bold: bool = False) -> str:
    """Return as much of some words as there is room for, with an ellipsis for the rest; nothing where it is little."""
    letters = int(room_px / width_px("m", size, bold=bold))
    if len(words) <= letters:
        return words
    # Names differ in how wide their letters are: one that is cut leaves room for that.
    return words[: int(0.94 * letters) - 1].rstrip() + _MORE if letters > _FEW else ""


def whole(words: str, shown: str) -> dict[str, Any]:
    """Return what makes a note tell all of some words on hovering, where it shows less of them."""
    return {} if shown == words else {"hovertext": plain(words)}


def lines_of(words: str, room_px: float, size: float) -> list[str]:
    """Return bold words as lines for which there is room, at least one."""
    return wrap(words, max(int(room_px / width_px("m", size, bold=True)), 1)) or [""]
