"""Every figure of the page by itself, for notebooks and for papers, with the numbers behind it.

    from sim import open_batch
    from sim.report import figures

    drawn = figures.of(open_batch("out"))
    drawn.names                          # strip, map, heatmap, claims, casualties, fan-...
    drawn["strip"]                       # a plotly figure
    drawn.numbers("strip")               # the table behind it
    drawn.save("strip", "strip.svg")     # or .html, .png

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
from sim.report.casualties import casualty_figure, numbered
from sim.report.claims import claims_figure
from sim.report.content import FanPanel, PageContent
from sim.report.fans import fan
from sim.report.gather import gather
from sim.report.heatmap import control_heatmap
from sim.report.layers import traces_of_layers
from sim.report.legend import Legend
from sim.report.maps import theatre_map
from sim.report.narrows import by_pass, pass_figure
from sim.report.numbers import numbers
from sim.report.pictures import save_figure
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
    return fan(panel.table, legend, calendar, unit=panel.unit, shared_scale=panel.shared_scale, narrow=narrow)


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

    def draw(self, name: str, *, narrow: bool = False) -> go.Figure:
        """Return a figure.

        Args:
            name: One of ``names``.
            narrow: For a page less than 640 pixels wide.

        Raises:
            InputError: If there is no such figure.
        """
        found = drawable(self.content)
        if name == "map":  # by itself it has a slider of its own
            seen = self.content.legend, self.content.calendar
            return theatre_map(self.content.control, self.content.claims, self.content.ground, *seen, narrow=narrow)
        if name not in found:
            raise InputError(f"there is no figure {name!r} of this batch; {did_you_mean(name, found)}")
        return found[name](narrow)

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

    def save(self, name: str, target: str | Path, *, narrow: bool = False) -> Path:
        """Write a figure to a file that ends on .html, .png or .svg, and return where it is.

        Raises:
            InputError: If there is no such figure, the ending is another, or no browser is there to draw a picture.
        """
        return save_figure(self.draw(name, narrow=narrow), target)
