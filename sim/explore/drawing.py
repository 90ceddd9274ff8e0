"""What is drawn by the report: its only use in this package, so that it may move without moving anything else here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from sim.compare import Comparison
from sim.domain.terms import DAY
from sim.report.gather import gather
from sim.report.look import TEMPLATE
from sim.report.maps import map_changes, theatre_map
from sim.report.strip import timeline_strip
from sim.store import Batch


@dataclass(frozen=True, slots=True)
class Drawing:
    """The figures of one batch as plain data: the strip, the map of its first day, and what changes by day.

    Each figure has a ``wide`` and a ``narrow`` form. ``dates`` are the days of the map in words, ``horizon_day`` the
    position of the day up to which anything was known. ``strip`` is None where nothing was reported; ``template`` is
    the look that all figures share.
    """

    strip: dict[str, Any] | None
    map: dict[str, Any]
    days: list[list[dict[str, Any]]]
    dates: list[str]
    horizon_day: int
    attribution: tuple[str, ...]
    template: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "strip": self.strip, "map": self.map, "days": self.days, "dates": self.dates,
            "horizon_day": self.horizon_day, "attribution": list(self.attribution),
            "template": self.template,
        }  # fmt: skip


def drawing(batch: Batch, comparison: Comparison | None) -> Drawing:
    """Return the strip and the map of a batch.

    Raises:
        InputError: If the batch has no finished replication.
    """
    content = gather(batch, comparison)
    seen = content.legend, content.calendar
    maps = {
        form: theatre_map(content.control, content.claims, content.ground, *seen, narrow=form == "narrow", slider=False)
        for form in ("wide", "narrow")
    }
    strips = {
        form: _plain(timeline_strip(content.events, *seen, narrow=form == "narrow"))
        for form in ("wide", "narrow")
        if content.events
    }
    days = content.control.days
    known = content.calendar.horizon_s // DAY - days[0]
    return Drawing(
        strip=strips or None,
        map={form: _plain(one) for form, one in maps.items()},
        days=map_changes(content.control, content.claims, content.ground, *seen),
        dates=[content.calendar.date(day) for day in days],
        horizon_day=min(max(known, 0), len(days) - 1),
        attribution=content.ground.attribution,
        template=TEMPLATE.to_plotly_json(),
    )


def _plain(figure: go.Figure) -> dict[str, Any]:
    """Return a figure as plain data; all have one template, which is kept once."""
    found: dict[str, Any] = figure.to_plotly_json()
    found["layout"].pop("template", None)
    return found
