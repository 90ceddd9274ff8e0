"""What a figure says of itself where no page stands around it: title with unit, key, and that it is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from sim.report.calendar import Calendar
from sim.report.colours import FAINT, INK, MUTED, UNHELD
from sim.report.content import FanPanel, PageContent
from sim.report.fans import ALONE
from sim.report.legend import VERIFICATION, claimed_by
from sim.report.look import lines_of, plain, text, width_px
from sim.report.maps import outside
from sim.report.strip import BESIDE_WINDOW, CLASSES, IN_WINDOW
from sim.report.theatre import zone_kinds
from sim.report.words import several

#: Pixels: what words have room for on the narrowest page and on a wide one, and heights of lines.
_NARROW_ROOM, _WIDE_ROOM, _TITLE_LINE, _KEY_LINE, _FOOT_LINE, _GAP = 360, 740, 21, 18, 14, 8
_TITLE, _KEY, _FOOT = 16, 12, 10.5
#: How the marks of verification are written.
_SIGNS = {
    "circle-open": "\N{WHITE CIRCLE}", "diamond-open": "\N{WHITE DIAMOND}", "circle": "\N{BLACK CIRCLE}",
    "x": "\N{MULTIPLICATION X}",
}  # fmt: skip
_BOX, _BAR, _LINE, _DOTS = "\N{BLACK SQUARE}", "\N{BLACK RECTANGLE}", "\N{EM DASH}", "\N{VERTICAL FOUR DOTS}"


@dataclass(frozen=True, slots=True)
class Key:
    """A sign of a figure, in which colour it is drawn, and what it means."""

    sign: str
    colour: str
    words: str


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above and below a figure: its title, its key, and lines at its foot."""

    title: str
    keys: tuple[Key, ...]
    foot: tuple[str, ...]


def captioned(figure: go.Figure, caption: Caption, *, narrow: bool = False) -> go.Figure:
    """Return a figure with its caption; what it shows keeps its size and its place.

    Args:
        figure: A figure of the page; it is changed.
        caption: What is to stand above and below it.
        narrow: Whether it is drawn for a narrow page.
    """
    room = _NARROW_ROOM if narrow else _WIDE_ROOM
    title = lines_of(caption.title, room, _TITLE)
    keys = list(_rows(caption.keys, room))
    foot = [line for words in caption.foot for line in wrap(words, int(room / width_px("m", _FOOT)))]
    layout = figure.layout
    left, top, bottom = (layout.margin[side] or 0 for side in "ltb")
    above = _TITLE_LINE * len(title) + _KEY_LINE * len(keys) + 2 * _GAP
    below = _FOOT_LINE * len(foot) + _GAP
    at: dict[str, Any] = {"x": 0, "xref": "paper", "yref": "paper", "xshift": 4 - left}
    for number, line in enumerate(reversed(keys)):
        spot = {"y": 1, "yanchor": "bottom", "yshift": top + _GAP / 2 + _KEY_LINE * number}
        figure.add_annotation(text(line, size=_KEY, colour=INK, **at, **spot))
    for number, line in enumerate(foot):
        spot = {"y": 0, "yanchor": "top", "yshift": -bottom - _GAP / 2 - _FOOT_LINE * number}
        figure.add_annotation(text(plain(line), size=_FOOT, colour=MUTED, **at, **spot))
    figure.update_layout(
        title={
            "text": "<br>".join(map(plain, title)), "font": {"size": _TITLE, "color": INK}, "automargin": False,
            "x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top",
            "pad": {"l": 4, "t": _GAP},
        },
        margin={"t": top + above, "b": bottom + below},
    )  # fmt: skip
    if layout.height:
        layout.height += above + below
    return figure


def _rows(keys: Sequence[Key], room: float) -> Iterator[str]:
    """Yield the lines of a key, each with as many of its signs as there is room for."""
    line, taken = "", 0.0
    for key in keys:
        width = width_px(f"{key.sign}m{key.words}mmm", _KEY)
        if line and taken + width > room:
            yield line
            line, taken = "", 0.0
        sign = f"<span style='color:{key.colour}'>{key.sign}</span> " if key.sign else ""
        line += f"{'&nbsp;&nbsp;&nbsp;' if line else ''}{sign}{plain(key.words)}"
        taken += width
    if line:
        yield line


def caption_of(content: PageContent, name: str, *, narrow: bool, day: int | None, pass_name: str = "") -> Caption:
    """Return the caption of a figure.

    Args:
        content: What the page says.
        name: The name of the figure.
        narrow: Whether it is drawn for a narrow page.
        day: Of the map, the day that it shows; None if one can be chosen on it.
        pass_name: Of the figure of a pass, which one it is.
    """
    title = f"\N{LEFT DOUBLE QUOTATION MARK}{content.title}\N{RIGHT DOUBLE QUOTATION MARK}"
    foot = [f"Simulated: {several(content.replications, 'campaign')} of {title}."]
    panels = {panel.name: panel for panel in (*content.fans, *content.convoys)}
    known = _known(content.calendar)
    if name in panels:
        return Caption(_of_panel(panels[name]), (*_fan(panels[name]), *known), tuple(foot))
    if pass_name:
        keys = (*_sides(content), Key("", INK, "shaded: 95 % interval"), *known)
        return Caption(f"Open: {pass_name}, share of the campaigns", keys, tuple(foot))
    if name == "map":
        when = "day by day" if day is None else f"end of {content.calendar.date(day)}"
        return Caption(f"Control, {when}", tuple(_map(content)), (*foot, *_attribution(content)))
    if name == "heatmap":
        marks = _checked() if content.claims else ()
        return Caption("Control by place, at the end of each day", (*_holders(content), *marks, *known), tuple(foot))
    told = (*_claimed(content), *_checked())
    if name == "strip":
        heading = "Headline events: reported windows, simulated dates, shares of the campaigns"
        return Caption(heading, (*_hills(), *told, *(() if narrow else _classes())), tuple(foot))
    if name == "claims":
        shares = ", and the share of the campaigns in which each holds" if content.chances else ""
        return Caption(f"Reported claims: the dates they leave open{shares}", (*told, *known), tuple(foot))
    heading = "Losses, claimed and simulated: numbers of people or vehicles, logarithmic"
    return Caption(heading, (*_losses(), *_parties(content)), tuple(foot))


def _of_panel(panel: FanPanel) -> str:
    """Return the title of a fan, with its unit unless that is named already."""
    unit = "" if panel.unit.lower() in panel.title.lower() else f", {panel.unit}"
    return f"{panel.title}{unit}, by side"


def _fan(panel: FanPanel) -> Iterator[Key]:
    yield Key(_LINE, INK, "median")
    yield Key(_BOX, MUTED, "middle half of the campaigns")
    yield Key(_BOX, FAINT, "middle nine tenths")
    if ALONE[0] in panel.table.column_names:
        yield Key(_DOTS, INK, "dotted curves: nine tenths of the draws of the assumptions, without luck")


def _known(calendar: Calendar) -> tuple[Key, ...]:
    at = f"upright dots: last thing known, {calendar.moment(calendar.horizon_s)}"
    return (Key(_DOTS, MUTED, at),) if calendar.has_forecast else ()


def _sides(content: PageContent) -> Iterator[Key]:
    for actor in content.legend.sides.values():
        yield Key(_BOX, actor.colour, actor.name)


def _holders(content: PageContent) -> Iterator[Key]:
    yield from _sides(content)
    if content.control.counts[:, :, -1].any():
        yield Key("\N{WHITE SQUARE}" if UNHELD == "#ffffff" else _BOX, MUTED, "nobody")
    yield Key("", INK, "the likeliest holder; the fainter, the less certain")


def _map(content: PageContent) -> Iterator[Key]:
    yield from _holders(content)
    for sign, words in (
        ("\N{WHITE UP-POINTING TRIANGLE}", "pass"), ("\N{WHITE DOWN-POINTING TRIANGLE}", "tunnel"),
        ("\N{WHITE SQUARE}", "hub"), ("\N{WHITE DIAMOND}", "gorge"), ("\N{WHITE CIRCLE}", "district or town"),
    ):  # fmt: skip
        yield Key(sign, INK, words)
    if content.claims:
        yield Key("", INK, "a ring: reported for that day, in the colour of the side said to have acted")


def _attribution(content: PageContent) -> Iterator[str]:
    """Yield what the page prints below its map."""
    if kinds := zone_kinds(content.ground):
        yield f"Coloured areas: {', '.join(kinds)}."
    if beyond := outside(content.control, content.ground, content.legend):
        yield f"Beyond the edge of the map: {', '.join(beyond)}."
    yield from content.ground.attribution


def _parties(content: PageContent) -> Iterator[Key]:
    for words, colour in claimed_by(content.claims, content.legend):
        yield Key(_BAR, colour, words)


def _claimed(content: PageContent) -> Iterator[Key]:
    yield from _parties(content)
    statements: Mapping[str, str] = {"denies": "hatched: denied", "intends": "pale: announced"}
    for statement, words in statements.items():
        if any(claim.statement == statement for claim in content.claims):
            yield Key("", INK, words)


def _checked() -> Iterator[Key]:
    for status, (symbol, _) in VERIFICATION.items():
        yield Key(_SIGNS[symbol], INK, status)


def _hills() -> Iterator[Key]:
    yield Key(_BOX, BESIDE_WINDOW, "hill: when the model's sources would have dated it")
    yield Key(_BOX, IN_WINDOW, "the part in the reported window")
    yield Key(_LINE, MUTED, "line: when it happens in the model")


def _classes() -> Iterator[Key]:
    for _, words, fill in CLASSES:
        yield Key("\N{WHITE SQUARE}" if fill == "#ffffff" else _BOX, MUTED if fill == "#ffffff" else fill, words)
    yield Key("", INK, "thick bar: printed; thin bar: in the model")


def _losses() -> Iterator[Key]:
    yield Key("\N{BLACK SQUARE}", MUTED, "the claim (triangle: at least, at most)")
    yield Key(_BAR, INK, "in the model where there are any: median, nine tenths of the campaigns")
    yield Key(_BAR, FAINT, "as claimants would tell it")
