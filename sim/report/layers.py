"""What the page draws on its map beside control: forces, convoys and passes by day; and each place's own timeline.

The numbers stand in the page once, by place, way and pass; the page's script draws the layers of a day and the
timeline of a place from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.compare import Probability
from sim.compare.windows import probability
from sim.projections.narrows import WHY
from sim.report.colours import INK, PAPER, UNHELD
from sim.report.content import PageContent
from sim.report.control import NOBODY
from sim.report.legend import VERIFICATION
from sim.report.look import curve
from sim.report.maps import scene
from sim.report.on_the_ground import OnTheGround
from sim.report.signs import FRAME_PX, Signs, signs_in_key
from sim.report.theatre import Frame, Ring, courses
from sim.report.windows import hover_of
from sim.report.words import count, percent, with_interval

#: Forces are drawn where a side has any in at least this share of the campaigns, and ways where in as many something
#: came along.
USUALLY = 0.5

#: Widths of flows, the tonnes from which on the second and further ones are drawn, bars at passes; in pixels.
FLOW_PX = (2.2, 3.4, 5.0, 7.0)
FLOW_TONNES = (1, 4, 12)
BAR_PX = (24, 4)


def layers(content: PageContent) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Return the data of the layers, and the pictures that they name by their keys; None where there are no tables."""
    ground = content.on_the_ground
    if ground is None:
        return None
    legend, calendar, control = content.legend, content.calendar, content.control
    shown = scene(control, content.ground, legend)
    sides = list(legend.sides)
    signs = Signs({side: legend.side_colour(side) for side in sides})
    forces = _forces(content, ground, signs)
    told = [claim for claim in content.claims if legend.places_of(claim)]
    ways, flows = _flows(content, ground)
    data = {
        "look": {"frame": FRAME_PX, "bar": BAR_PX, "flows": FLOW_PX, "tonnes": FLOW_TONNES},
        "range": [calendar.local(0), calendar.local(calendar.duration_s)],
        "ends": [calendar.local(calendar.end_s(day)) for day in control.days],
        "sides": [{"name": legend.side_name(side), "colour": legend.side_colour(side)} for side in sides],
        "holders": [
            {"name": legend.side_name(side), "colour": UNHELD if side == NOBODY else legend.side_colour(side)}
            for side in control.sides
        ],
        "pictures": signs.sizes,
        "places": [
            {
                "id": place.place,
                "name": place.name,
                "at": shown.points[place.place] if shown.frame.holds(*shown.points[place.place]) else None,
                "held": _held(content, place.place),
                "forces": [forces.get((place.place, side)) for side in sides],
                "hands": _hands(content, ground, place.place),
                "claims": [at for at, claim in enumerate(told) if place.place in legend.places_of(claim)],
            }
            for place in shown.shown
        ],
        "claims": [
            {
                "at": [calendar.local(max(claim.window.start_s, 0)), calendar.local(max(claim.window.end_s, 0))],
                "words": claim.label or claim.event.type.replace("_", " "),
                "hover": hover_of(claim, legend, calendar),
                "who": legend.speaker(claim.claimant),
                "colour": legend.claimant(claim.claimant).colour,
                "status": claim.status,
                "symbol": VERIFICATION[claim.status][0],
            }
            for claim in told
        ],
        "ways": ways,
        "flows": flows,
        "passes": list(_passes(content, ground)),
    }
    return data, signs.sources


def traces_of_layers(content: PageContent) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the empty traces that the page fills with a day's layers: those under the marks of places, and above."""
    if content.on_the_ground is None:
        return [], []
    colours = [content.legend.side_colour(side) for side in content.legend.sides]

    def lines(name: str, colour: str, width: float) -> dict[str, Any]:
        return curve([], [], name=name, line={"color": colour, "width": width})

    def points(name: str, size: float) -> dict[str, Any]:
        return curve([], [], "markers", name=name, hoverinfo="text", marker={"size": size, "opacity": 0})

    flows = [
        *(lines("casing", PAPER, width + 2.4) for width in FLOW_PX),
        *(lines("flow", colour, width) for colour in colours for width in FLOW_PX),
        points("direction", 8),
    ]
    above = [
        lines("leader", INK, 0.8),
        lines("bars", INK, BAR_PX[1] + 2),
        lines("open", PAPER, BAR_PX[1]),
        *(lines("closed", colour, BAR_PX[1]) for colour in colours),
        points("pass", BAR_PX[0]),
        points("force", FRAME_PX),
    ]
    return flows, above


def _share(row: dict[str, Any]) -> Probability:
    return probability(row["k"], row["n"], row["draws"], row["scatter"])


def _held(content: PageContent, place: str) -> list[list[float]]:
    """Return the share of the campaigns in which each side, or nobody, holds a place, by side and day."""
    control = content.control
    by_day = control.counts[control.places.index(place)] / max(control.n, 1)
    return [[round(share, 3) for share in by_day[:, side].tolist()] for side in range(len(control.sides))]


def _forces(content: PageContent, ground: OnTheGround, signs: Signs) -> dict[tuple[str, str], list[list[Any] | None]]:
    """Return who is where.

    By place and side a list over days: of the campaigns in which somebody is there the share and what to say of it; of
    how many fighters there are then the 5th, the 50th and the 95th percentile, rounded; and the key of the symbol.
    """
    days = {day: at for at, day in enumerate(content.control.days)}
    found: dict[tuple[str, str], list[list[Any] | None]] = {}
    for row in ground.strengths.to_pylist():
        if row["day"] not in days:
            continue
        usually = row["k"] >= USUALLY * row["n"]
        key = signs.force(row["side"], round(row["p50"]), round(row["vehicles"])) if usually else ""
        share = _share(row)
        own = found.setdefault((row["place"], row["side"]), [None] * len(days))
        levels = [round(row[name]) for name in ("p05", "p50", "p95")]
        own[days[row["day"]]] = [round(share.p, 3), with_interval(share), *levels, key]
    return found


def _hands(content: PageContent, ground: OnTheGround, place: str) -> list[str]:
    """Return what to say of when a place first and last changes hands."""
    row = next((row for row in ground.hands.to_pylist() if row["place"] == place), None)
    if row is None or not row["k"]:
        return ["It changes hands in none of the campaigns."]
    lines = [f"It changes hands in {with_interval(_share(row))} of the campaigns; where it does,"]
    for name in ("first", "last"):
        low, middle, high = (_date(content, row[f"{name}_{level}"]) for level in ("p05", "p50", "p95"))
        when = f"{middle} ({low}\N{EN DASH}{high})" if low != high else middle
        lines.append(f"for the {name} time on {when}{',' if name == 'first' else '.'}")
    return lines


def _date(content: PageContent, time_s: float) -> str:
    return content.calendar.on(time_s)


def _flows(content: PageContent, ground: OnTheGround) -> tuple[list[dict[str, Any]], list[list[list[Any]]]]:
    """Return the ways along which something comes, and by day what does.

    A flow is the number of its way, whether it goes back along it, the number of the side, the 5th, the 50th and the
    95th percentile of its tonnes, and what to say of the share of the campaigns in which anything comes.
    """
    legend, days = content.legend, {day: at for at, day in enumerate(content.control.days)}
    shown = scene(content.control, content.ground, legend)
    drawn = courses(content.ground, legend.places, shown.projection)
    legs: dict[tuple[str, str], tuple[str, bool]] = {}
    for leg in content.ground.legs:
        if leg.leg in drawn and _inside(drawn[leg.leg], shown.frame):
            legs.setdefault((leg.start, leg.to), (leg.leg, False))
            legs.setdefault((leg.to, leg.start), (leg.leg, True))
    sides, numbers = list(legend.sides), dict[str, int]()
    ways: list[dict[str, Any]] = []
    flows: list[list[list[Any]]] = [[] for _ in days]
    for row in ground.flows.to_pylist():
        way, back = legs.get((row["start"], row["to"]), ("", False))
        if not way or row["day"] not in days or row["k"] < USUALLY * row["n"]:
            continue
        if way not in numbers:
            numbers[way] = len(ways)
            ends = (row["to"], row["start"]) if back else (row["start"], row["to"])
            line = {"x": [x for x, _ in drawn[way]], "y": [y for _, y in drawn[way]]}
            ways.append({**line, "ends": [legend.place_name(end) for end in ends]})
        levels = [float(f"{row[name]:.2g}") for name in ("p05", "p50", "p95")]
        flow = [numbers[way], int(back), sides.index(row["side"]), *levels, with_interval(_share(row))]
        flows[days[row["day"]]].append(flow)
    return ways, flows


def _inside(line: Ring, frame: Frame) -> bool:
    return any(frame.holds(x, y) for x, y in line)


def _passes(content: PageContent, ground: OnTheGround) -> Iterator[dict[str, Any]]:
    """Yield the passes on the map: by side and day the share of the campaigns that close it, and what to say of it."""
    legend, days = content.legend, content.control.days
    shown = scene(content.control, content.ground, legend)
    rows = {(row["place"], row["side"], row["day"]): row for row in ground.closures.to_pylist()}
    for place in dict.fromkeys(place for place, _, _ in rows):
        if place not in shown.points or not shown.frame.holds(*shown.points[place]):
            continue
        own = [[rows.get((place, side, day)) for day in days] for side in legend.sides]
        yield {
            "place": [found.place for found in shown.shown].index(place),
            "closed": [[round(1 - row["k"] / row["n"], 3) if row else 0 for row in by_day] for by_day in own],
            "words": [[closed_to(row) if row else "" for row in by_day] for by_day in own],
        }


def closed_to(row: dict[str, Any]) -> str:
    """Return in how many campaigns a pass is closed to a side, with the interval, and by what."""
    share = probability(row["n"] - row["k"], row["n"], row["draws"], row["scatter"])
    why = reasons(row)
    return f"{with_interval(share)}{': ' if why else ''}{why}"


def reasons(row: dict[str, Any]) -> str:
    """Return what closes a pass to a side, each with the number of campaigns in which it does."""
    found = sorted(((row[why], why) for why in WHY if row[why]), reverse=True)
    return ", ".join(f"{why} in {count(k)}" for k, why in found)


def read_of_all(content: PageContent) -> str:
    """Return what to say where not all campaigns were read; nothing where all were."""
    ground = content.on_the_ground
    if ground is None or ground.read >= content.control.n:
        return ""
    return f"counted in {count(ground.read)} of the {count(content.control.n)} campaigns, by whole draws evenly spaced"


def layers_key(content: PageContent) -> dict[str, Any] | None:
    """Return what the key of the map shows of the layers, and from which share on they are drawn; None without."""
    if content.on_the_ground is None:
        return None
    return {**signs_in_key(), "usually": f"{percent(USUALLY)}\N{NARROW NO-BREAK SPACE}%"}
