"""The map of the theatre: who holds what on each day, over the relief, one frame per day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from sim.domain.claims import Claim
from sim.domain.terms import DAY
from sim.report.calendar import Calendar
from sim.report.colours import INK, MUTED, PAPER, lead_colour, with_alpha
from sim.report.control import Control
from sim.report.heatmap import HOLDING_TYPES, holders
from sim.report.legend import VERIFICATION, Legend, Place
from sim.report.look import broken, curve, figure, plain, rule, shortened, text
from sim.report.theatre import Frame, Ground, Projection, centred, framed, labelled, lines, rings
from sim.report.windows import hover_of

_FILL = 0.5
_WAYS = {
    "highway": (3.0, "solid"),
    "secondary road": (1.8, "solid"),
    "tunnel": (3.0, "solid"),
    "road": (1.8, "solid"),
    "track": (1.2, "dash"),
    "footpath": (1.1, "dot"),
}
_SYMBOLS = {"pass": "triangle-up", "tunnel": "triangle-down", "hub": "square", "gorge": "diamond"}
#: Pixels that a name leaves for the mark of its place at least, and the share of the map's width that it may take.
_LEAST, _NAME_SHARE = 13.0, 0.3
_SIZES = {"pass": 12, "tunnel": 11, "hub": 11, "gorge": 10, "district": 9, "town": 9}


@dataclass(frozen=True, slots=True)
class _Scene:
    """The places on the map, where they lie in kilometres, and the rectangle shown."""

    shown: tuple[Place, ...]
    points: Mapping[str, tuple[float, float]]
    projection: Projection
    frame: Frame

    @classmethod
    def of(cls, control: Control, ground: Ground, legend: Legend) -> _Scene:
        """Return the scene: places in play on a relief, which shows what lies between them, else every place."""
        shown = tuple(place for place in legend.places.values() if place.place in control.places)
        projection = centred(shown)
        in_play = control.in_play()
        # One history leaves most of the theatre as it was, and what lies about its few changes says where they are.
        closer = ground.relief is not None and control.n > 1
        focus = [place for place in shown if place.place in in_play] if closer else []
        frame = framed(focus or shown, projection, ground.relief)
        return cls(shown, {place.place: projection.xy(place.lon, place.lat) for place in shown}, projection, frame)


def theatre_map(
    control: Control,
    claims: Sequence[Claim],
    ground: Ground,
    legend: Legend,
    calendar: Calendar,
    *,
    narrow: bool = False,
    slider: bool = True,
    day: int | None = None,
    layers: tuple[Sequence[dict[str, Any]], Sequence[dict[str, Any]]] = ((), ()),
) -> go.Figure:
    """Draw the map of a day, with a frame per day where it has a slider.

    Args:
        control: Shares of the histories by place, day and holder.
        claims: Reported claims; those about a place are marked on the days of their windows.
        ground: Relief, zones, routes, legs; without them places and straight ways are drawn.
        legend: Names, colours and positions.
        calendar: The axis of time.
        narrow: Choose labels for a page of about 400 pixels.
        slider: Give the figure a slider of its own; the page has a better one.
        day: The day that it shows, or first shows; the first if None.
        layers: Traces over the ways and under the places, and traces over everything; the page fills them.
    """
    scene = _Scene.of(control, ground, legend)
    width_px = 370.0 if narrow else 760.0
    zones = _zones(ground, scene.shown, scene.projection)
    first = control.days[0] if day is None else day
    shapes = [*zones.values(), *_markers(scene)]
    on_first = _day(first, control, claims, zones, scene, legend, calendar)
    moving = [{**shape, **change} for shape, change in zip(shapes, on_first, strict=True)]
    # Polygons lie below the ways, places and reported marks above them, and names on top.
    ways = _ways(ground, legend, scene.projection)
    over_ways, over_all = layers
    below = [*moving[: len(zones)], *ways, *over_ways]
    traces = [*below, *moving[len(zones) :], _names(scene, width_px, _larger(zones), narrow=narrow), *over_all]
    changing = [*range(len(zones)), *range(len(below), len(below) + 2)]
    layout = _layout(scene.frame, scene.projection, ground, width_px)
    layout["meta"] |= {
        "moving": changing, "zones": [*zones], "places": [place.place for place in scene.shown],
        "names": len(below) + 2,
    }  # fmt: skip
    if not slider:
        return figure(traces, layout)
    layout["sliders"] = [_slider(control, calendar) | {"active": control.days.index(first)}]
    layout["margin"] = {"l": 0, "r": 0, "t": 0, "b": 104}
    days = map_changes(control, claims, ground, legend, calendar)
    frames = [
        go.Frame(name=str(day), data=changes, traces=changing) for day, changes in zip(control.days, days, strict=True)
    ]
    return figure(traces, layout, frames=frames)


def shown_first(control: Control, calendar: Calendar) -> int:
    """Return the day that a map shows until another is chosen: that of the last thing known."""
    return min(max(calendar.horizon_s // DAY, control.days[0]), control.days[-1])


def map_changes(
    control: Control, claims: Sequence[Claim], ground: Ground, legend: Legend, calendar: Calendar
) -> list[list[dict[str, Any]]]:
    """Return for each day what changes in the moving traces of the map, in their order.

    The layout's ``meta.moving`` holds the places of these traces in the figure.
    """
    scene = _Scene.of(control, ground, legend)
    zones = _zones(ground, scene.shown, scene.projection)
    return [_day(day, control, claims, zones, scene, legend, calendar) for day in control.days]


def scene(control: Control, ground: Ground, legend: Legend) -> _Scene:
    """Return which places the map shows, where they lie in kilometres, and the rectangle that it shows."""
    return _Scene.of(control, ground, legend)


def outside(control: Control, ground: Ground, legend: Legend) -> list[str]:
    """Return the names of the places that lie beyond the frame of the map."""
    scene = _Scene.of(control, ground, legend)
    return [place.name for place in scene.shown if not scene.frame.holds(*scene.points[place.place])]


def _zones(ground: Ground, shown: Sequence[Place], projection: Projection) -> dict[str, dict[str, Any]]:
    """Return a polygon trace by the place that colours it; the seat of a zone comes before other places in it."""
    seats: dict[str, str] = {}
    for place in sorted(shown, key=lambda place: place.place != place.zone):
        if place.zone:
            seats.setdefault(place.zone, place.place)
    found = {}
    for feature in (ground.zones or {}).get("features", ()):
        zone = str(feature.get("id") or feature["properties"].get("id"))
        if zone not in seats:
            continue
        xs, ys = broken(rings(feature["geometry"], projection))
        edge = {"color": with_alpha(PAPER, 0.9), "width": 1}
        found[seats[zone]] = curve(
            xs, ys, fill="toself", hoveron="fills", hoverinfo="text", line=edge, meta={"zone": seats[zone]}
        )
    return found


def _ways(ground: Ground, legend: Legend, projection: Projection) -> list[dict[str, Any]]:
    traces = []
    for kind, courses in sorted(lines(ground, legend.places, projection).items()):
        width, dash = _WAYS.get(kind, (1.5, "solid"))
        line = {"color": with_alpha("#4a4238", 0.75), "width": width, "dash": dash}
        traces.append(curve(*broken(courses), name=kind, line=line))
    return traces


def _larger(zones: Mapping[str, Any]) -> float:
    """Return how much larger the marks of places are: where no ground has their colour, they alone say who holds it."""
    return 1.0 if zones else 1.6


def _sizes(scene: _Scene, larger: float) -> list[float]:
    return [larger * _SIZES.get(place.kind, 7) for place in scene.shown]


def _names(scene: _Scene, width_px: float, larger: float, *, narrow: bool) -> dict[str, Any]:
    """Return the names beside the marks of places, which are so much larger; on hovering a place tells all of one."""
    size = 10.5 if narrow else 12
    points = scene.points
    inside = [place for place in scene.shown if scene.frame.holds(*points[place.place])]
    marks = {place.place: mark for place, mark in zip(scene.shown, _sizes(scene, larger), strict=True)}
    around = {place: max(mark + 2, _LEAST) for place, mark in marks.items()}
    shown = [replace(place, name=shortened(place.name, _NAME_SHARE * width_px, size)) for place in inside]
    chosen = labelled(shown, points, scene.frame, width_px, size, around)
    dots = [points[place.place] for place, _ in chosen]
    return curve(
        [x for x, _ in dots],
        [y for _, y in dots],
        "markers+text",
        marker={"size": [around[place.place] for place, _ in chosen], "opacity": 0},
        text=[plain(place.name) for place, _ in chosen],
        textposition=[side for _, side in chosen],
        textfont={"size": size, "color": INK},
    )


def _markers(scene: _Scene) -> list[dict[str, Any]]:
    """Return the traces of places and of reported marks, without what changes by day."""
    dots = [scene.points[place.place] for place in scene.shown]
    named = {"places": [place.place for place in scene.shown]}
    places = curve([x for x, _ in dots], [y for _, y in dots], "markers", hoverinfo="text", meta=named)
    return [places, curve([], [], "markers", hoverinfo="text", meta={"told": True})]


def _day(
    day: int,
    control: Control,
    claims: Sequence[Claim],
    zones: Mapping[str, Any],
    scene: _Scene,
    legend: Legend,
    calendar: Calendar,
) -> list[dict[str, Any]]:
    """Return what changes on a day, in the order of polygons, places, reported marks."""
    colours, shown, points = legend.colours(), scene.shown, scene.points
    held = {place.place: lead_colour(control.shares(place.place, day), colours) for place in shown}
    words = {place.place: holders(control, place.place, day, legend, calendar) for place in shown}
    polygons = [{"fillcolor": with_alpha(held[place], _FILL), "text": words[place]} for place in zones]
    places = {
        "hovertext": [words[place.place] for place in shown],
        "marker": {
            "symbol": [_SYMBOLS.get(place.kind, "circle") for place in shown],
            "size": _sizes(scene, _larger(zones)),
            "opacity": 1,
            "color": [held[place.place] for place in shown],
            "line": {"color": INK, "width": 1.1},
        },
    }
    on_the_day = ((claim, place) for claim in claims_on(day, claims) for place in claim.event.where)
    told = [(claim, points[place]) for claim, place in on_the_day if place in points]
    sides = [legend.side_colour(claim.event.actor) for claim, _ in told]
    marks = {
        "x": [x for _, (x, _) in told],
        "y": [y for _, (_, y) in told],
        "hovertext": [hover_of(claim, legend, calendar) for claim, _ in told],
        "marker": {
            "symbol": [f"{VERIFICATION[claim.status][0].removesuffix('-open')}-open" for claim, _ in told],
            "size": 17,
            "color": sides,
            "line": {"width": 2.4, "color": sides},
        },
    }
    return [*polygons, places, marks]


def claims_on(day: int, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims about holding or fighting whose window, no longer than four days, touches a day."""
    kinds = HOLDING_TYPES | {"attack", "attack_repelled", "siege", "route_blocked", "route_opened", "withdrawal"}
    return [
        claim
        for claim in claims
        if claim.event.type in kinds
        and claim.statement != "intends"
        and claim.window.start_s < (day + 1) * DAY
        and claim.window.end_s > day * DAY
        and claim.window.end_s - claim.window.start_s <= 4 * DAY
    ]


def _layout(frame: Frame, projection: Projection, ground: Ground, width_px: float) -> dict[str, Any]:
    bar_km = next(km for km in (200, 100, 50, 20, 10, 5, 1) if km <= frame.width / 4 or km == 1)
    x0, y0 = frame.west + 0.03 * frame.width, frame.south + 0.03 * frame.height
    layout: dict[str, Any] = {
        "height": round(width_px * frame.height / frame.width),
        "meta": {"height_per_width": frame.height / frame.width},
        "xaxis": {"range": [frame.west, frame.east], "visible": False, "fixedrange": False},
        "yaxis": {"range": [frame.south, frame.north], "visible": False, "fixedrange": False, "scaleanchor": "x"},
        "dragmode": "pan",
        "plot_bgcolor": "#ffffff",
        "shapes": [rule(x0, x0 + bar_km, y0, y0, layer="above", line={"color": INK, "width": 2})],
        "annotations": [text(f"{bar_km} km \N{MIDDLE DOT} north is up", x0, y0, size=11, colour=INK, yshift=9)],
    }
    if ground.relief is not None:
        west, north = projection.xy(ground.relief.west, ground.relief.north)
        east, south = projection.xy(ground.relief.east, ground.relief.south)
        layout["images"] = [
            {
                "source": ground.relief.source,
                "xref": "x",
                "yref": "y",
                "x": west,
                "y": north,
                "sizex": east - west,
                "sizey": north - south,
                "sizing": "stretch",
                "layer": "below",
                "opacity": 0.6,
            }
        ]
    return layout


def _slider(control: Control, calendar: Calendar) -> dict[str, Any]:
    how = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}, "transition": {"duration": 0}}
    steps = [{"label": calendar.date(day), "method": "animate", "args": [[str(day)], how]} for day in control.days]
    return {
        "steps": steps,
        "x": 0,
        "len": 1,
        "pad": {"t": 20, "l": 34, "r": 34},
        "currentvalue": {"prefix": "End of "},
        "font": {"color": MUTED},
    }
