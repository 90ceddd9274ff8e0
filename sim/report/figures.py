"""Every figure of the page by itself, for notebooks and for papers, with the numbers behind it.

    from sim import open_batch
    from sim.report import figures

    drawn = figures.of(open_batch("out"))
    drawn.names                          # strip, map, heatmap, claims, casualties, fan-...
    drawn["strip"]                       # a plotly figure
    drawn.numbers("strip")               # the table behind it
    drawn.save("strip", "strip.svg")     # or .html, .png
    drawn.save("map", "map.png", day=19) # the day of the last thing known if none is given

The functions that draw them take tables and the legend and calendar that name what is in these; they are here, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from sim.compare import Comparison, compare
from sim.errors import InputError
from sim.report.calendar import Calendar
from sim.report.captions import caption_of, captioned
from sim.report.casualties import casualty_figure, numbered
from sim.report.claims import claims_figure
from sim.report.content import FanPanel, PageContent
from sim.report.fans import fan
from sim.report.gather import gather
from sim.report.heatmap import control_heatmap
from sim.report.layers import traces_of_layers
from sim.report.legend import Legend
from sim.report.maps import shown_first, theatre_map
from sim.report.narrows import by_pass, pass_figure
from sim.report.numbers import numbers
from sim.report.pictures import PICTURES, WIDTH, save_figure
from sim.report.strip import timeline_strip
from sim.scenario.spelling import did_you_mean
from sim.store import Batch

__all__ = [
    "Drawable", "Figures", "casualty_figure", "claims_figure", "control_heatmap", "drawable", "fan", "of",
    "save_figure", "theatre_map", "timeline_strip",
]  # fmt: skip

#: Draws a figure for a narrow page or for a wide one.
Drawable = Callable[[bool], go.Figure]


def drawable(content: PageContent) -> dict[str, Drawable]:
    """Return what draws each figure of a page, by name."""
    control, claims, seen = content.control, content.claims, (content.legend, content.calendar)
    layered = traces_of_layers(content)
    found: dict[str, Drawable] = {
        "map": lambda narrow: theatre_map(
            control, claims, content.ground, *seen, narrow=narrow, slider=False, layers=layered
        )
    }
    if content.events:
        found["strip"] = lambda narrow: timeline_strip(content.events, *seen, narrow=narrow)
    if claims:
        found["claims"] = lambda narrow: claims_figure(claims, content.chances, *seen, narrow=narrow)
    if control.in_play():
        found["heatmap"] = lambda narrow: control_heatmap(control, claims, *seen, narrow=narrow)
    for panel in (*content.fans, *content.convoys):
        found[panel.name] = partial(_fan, panel, *seen)
    for number, rows in enumerate(passes_of(content).values()):
        found[f"pass-{number}"] = partial(_pass, rows, *seen)
    if numbered(content.losses):
        told = {claim.claim_id: claim for claim in claims}
        found["casualties"] = lambda narrow: casualty_figure(content.losses, told, *seen, narrow=narrow)
    return found


def passes_of(content: PageContent) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows about each pass, by place; none where nothing was read of them."""
    return by_pass(content.on_the_ground.closures.to_pylist()) if content.on_the_ground is not None else {}


def _fan(panel: FanPanel, legend: Legend, calendar: Calendar, narrow: bool) -> go.Figure:
    seen = panel.table, legend, calendar
    source = panel.source, panel.column, panel.title
    return fan(*seen, unit=panel.unit, shared_scale=panel.shared_scale, narrow=narrow, source=source)


def _pass(rows: list[Mapping[str, Any]], legend: Legend, calendar: Calendar, narrow: bool) -> go.Figure:
    return pass_figure(rows, legend, calendar, narrow=narrow)


def of(batch: Batch, comparison: Comparison | None = None) -> Figures:
    """Return the figures of a batch.

    Args:
        batch: Many campaigns of one scenario.
        comparison: The batch against a reported timeline; made here if None and the scenario names one.

    Raises:
        InputError: If the batch has no finished replication.
    """
    if comparison is None and batch.scenario.reported is not None:
        comparison = compare(batch)
    return Figures(gather(batch, comparison))


@dataclass(frozen=True)
class Figures:
    """The figures of what one page says, drawn when they are asked for."""

    content: PageContent

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the figures that there are."""
        return tuple(drawable(self.content))

    def __getitem__(self, name: str) -> go.Figure:
        """Return a figure in its wide form."""
        return self.draw(name)

    def draw(self, name: str, *, narrow: bool = False, day: int | None = None) -> go.Figure:
        """Return a figure with its title, its key and what it rests on; a map with a slider over the days.

        Args:
            name: One of ``names``.
            narrow: For a page less than 640 pixels wide.
            day: Of the map, the day that it first shows, counted from 0; that of the last thing known if None.

        Raises:
            InputError: If there is no such figure or no such day.
        """
        return self._draw(name, narrow, day, slider=True)

    def _draw(self, name: str, narrow: bool, day: int | None, *, slider: bool) -> go.Figure:
        content, found = self.content, drawable(self.content)
        if name not in found:
            raise InputError(f"there is no figure {name!r} of this batch; {did_you_mean(name, found)}")
        shown = self._day(name, day)
        if name == "map":  # by itself it has a slider of its own, and no layers to switch
            seen = content.legend, content.calendar
            drawn = theatre_map(
                content.control, content.claims, content.ground, *seen, narrow=narrow, slider=slider, day=shown
            )
            if not slider:  # a picture is as wide as it is drawn, and shows no ground beyond the edge
                drawn.layout.height = round(WIDTH * drawn.layout.meta["height_per_width"])
        else:
            drawn = found[name](narrow)
        places = dict(zip((f"pass-{number}" for number in range(len(found))), passes_of(content), strict=False))
        of_pass = content.legend.place_name(places[name]) if name in places else ""
        caption = caption_of(content, name, narrow=narrow, day=None if slider else shown, pass_name=of_pass)
        return captioned(drawn, caption, narrow=narrow)

    def _day(self, name: str, day: int | None) -> int:
        """Return the day that a map shows."""
        control = self.content.control
        if day is None:
            return shown_first(control, self.content.calendar)
        if name != "map":
            raise InputError(f"day={day}: {name} has no single day; leave it out, or draw the map")
        if day not in control.days:
            first, last = control.days[0], control.days[-1]
            raise InputError(f"day={day}: there is no such day; give one from {first} to {last}, counted from 0")
        return day

    def numbers(self, name: str) -> pa.Table:
        """Return the table behind a figure; that of the map is the one behind the heat map of control.

        Raises:
            InputError: If there is no such figure.
        """
        found = numbers(self.content)
        wanted = "heatmap" if name == "map" else name
        if wanted not in found:
            raise InputError(f"there are no numbers of {name!r} in this batch; {did_you_mean(name, found)}")
        return found[wanted]

    def save(self, name: str, target: str | Path, *, narrow: bool = False, day: int | None = None) -> Path:
        """Write a figure to a file that ends on .html, .png or .svg, and return where it is.

        Args:
            name: One of ``names``.
            target: The file; its folder is made if need be.
            narrow: For a page less than 640 pixels wide.
            day: Of the map, the day that it shows, counted from 0; that of the last thing known if None.

        Raises:
            InputError: If there is no such figure or day, the ending is another, the file cannot be written, or no
                browser is there to draw a picture.
        """
        still = Path(target).suffix.lower() in PICTURES  # nobody can move a slider on it
        return save_figure(self._draw(name, narrow, day, slider=not still), target)
