"""One self-contained page: figures and tables in a fixed reading order, nothing fetched.

Scripts stand in the file once and are allowed by their hashes; the data of the figures are JSON in a
block that no browser runs. The page works from a file, without a network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from sim.domain.claims import Claim
from sim.domain.terms import DAY
from sim.report.calendar import Calendar
from sim.report.casualties import casualty_figure, numbered
from sim.report.claims import claims_figure
from sim.report.colours import NEUTRAL, UNALIGNED, UNHELD, mix
from sim.report.content import FanPanel, PageContent
from sim.report.control import Control
from sim.report.embedding import Drawn, data_block, harmless, policy, unturned
from sim.report.fans import fan
from sim.report.heatmap import control_heatmap
from sim.report.layers import layers_key, read_of_all, traces_of_layers
from sim.report.legend import VERIFICATION, Legend
from sim.report.maps import outside, scene, theatre_map
from sim.report.narrows import by_pass, pass_figure, pass_table
from sim.report.strip import CLASSES, timeline_strip
from sim.report.tables import window_rows
from sim.report.theatre import Ground

#: The page's own scripts and styles, in the order in which they need each other.
SCRIPTS = ("charts", "days", "map", "register", "start")
STYLES = ("page", "map")


def page(content: PageContent) -> str:
    """Return the whole page as HTML."""
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: unturned(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    scripts = {"plotly": get_plotlyjs(), "app": _app()}
    legend, control, figures = content.legend, content.control, draw(content)
    horizon_day = content.calendar.horizon_s // DAY - control.days[0]
    return environment.get_template("page.html.j2").render(
        content=content,
        figures=figures,
        windows=window_rows(content.events, legend, content.calendar),
        quiet=_quiet(control, legend),
        layers=layers_key(content),
        places=[place.name for place in scene(control, content.ground, legend).shown],
        read_of=read_of_all(content),
        passes=[legend.place_name(place) for place in _passes(content)],
        pass_table=pass_table(_passes(content), legend, content.calendar) if _passes(content) else None,
        zone_kinds=_zone_kinds(content.ground),
        references=_named_references(content),
        outside=outside(control, content.ground, legend),
        swatches=_swatches(control, legend),
        claimants=_claimants(content.claims, legend),
        verification={status: words for status, (_, words) in VERIFICATION.items()},
        classes=CLASSES,
        first_day=min(max(horizon_day, 0), len(control.days) - 1),
        policy=policy(scripts.values()),
        scripts={name: Markup(harmless(script)) for name, script in scripts.items()},
        style=Markup("".join(_resource(f"styles/{name}.css") for name in STYLES)),
        data=Markup(data_block(content, figures)),
    )


def draw(content: PageContent) -> Drawn:
    """Return every figure of the page in its wide and, where it differs, its narrow form."""
    control, claims, seen = content.control, content.claims, (content.legend, content.calendar)

    def both(make: Callable[[bool], go.Figure]) -> dict[str, go.Figure]:
        return {"wide": make(False), "narrow": make(True)}

    found: Drawn = {
        "map": both(lambda narrow: _map(content, narrow)),
    }
    if content.events:
        found["strip"] = both(lambda narrow: timeline_strip(content.events, *seen, narrow=narrow))
    if claims:
        found["claims"] = both(lambda narrow: claims_figure(claims, content.chances, *seen, narrow=narrow))
    if control.in_play():
        found["heatmap"] = both(lambda narrow: control_heatmap(control, claims, *seen, narrow=narrow))
    for index, panel in enumerate(content.fans):
        found[f"fan-{index}"] = both(partial(_fan, panel, seen))
    for index, panel in enumerate(content.convoys):
        found[f"convoy-{index}"] = both(partial(_fan, panel, seen))
    for index, rows in enumerate(_passes(content).values()):
        found[f"pass-{index}"] = both(lambda narrow, rows=rows: pass_figure(rows, *seen, narrow=narrow))  # type: ignore[misc]
    if numbered(content.losses):
        told = {claim.claim_id: claim for claim in claims}
        found["casualties"] = both(lambda narrow: casualty_figure(content.losses, told, *seen, narrow=narrow))
    return found


def _passes(content: PageContent) -> dict[str, list[Mapping[str, Any]]]:
    return by_pass(content.on_the_ground.closures.to_pylist()) if content.on_the_ground is not None else {}


def _map(content: PageContent, narrow: bool) -> go.Figure:
    seen = content.control, content.claims, content.ground, content.legend, content.calendar
    return theatre_map(*seen, narrow=narrow, slider=False, layers=traces_of_layers(content))


def _fan(panel: FanPanel, seen: tuple[Legend, Calendar], narrow: bool) -> go.Figure:
    return fan(panel.table, *seen, unit=panel.unit, shared_scale=panel.shared_scale, narrow=narrow)


def _quiet(control: Control, legend: Legend) -> list[tuple[str, list[str]]]:
    """Return the places that never change hands in any history, by who holds them."""
    found: dict[str, list[str]] = {}
    in_play = control.in_play()
    for place in legend.places:
        if place in control.places and place not in in_play:
            holder = next(iter(control.proportions(place, control.days[0])))
            found.setdefault(legend.side_name(holder), []).append(legend.place_name(place))
    return sorted(found.items())


def _zone_kinds(ground: Ground) -> list[str]:
    """Return what the coloured areas of the map are, in the words of their own file."""
    kinds = [str(feature["properties"].get("kind", "")) for feature in (ground.zones or {}).get("features", ())]
    return sorted({kind for kind in kinds if kind})


def _named_references(content: PageContent) -> list[tuple[str, str]]:
    """Return the references that the register names and that have a title."""
    named = {ref for row in content.assumptions for ref in row.refs}
    return sorted((key, words) for key, words in content.references.items() if key in named)


def _swatches(control: Control, legend: Legend) -> list[tuple[str, str, list[str]]]:
    """Return name, colour and steps from neutral to it for every side, and for nobody where places are unheld."""
    actors = [(actor.name, actor.colour) for actor in legend.sides.values()]
    if control.counts[:, :, -1].any():
        actors.append(("Nobody", UNHELD))
    return [(name, colour, [mix(NEUTRAL, colour, step / 5) for step in range(6)]) for name, colour in actors]


def _claimants(claims: tuple[Claim, ...], legend: Legend) -> list[tuple[str, str]]:
    """Return what the colours of claims mean: a side whose cause somebody speaks for, or none."""
    claimants = {claim.claimant for claim in claims}
    spoken_for = {legend.claimant_sides.get(claimant, "") for claimant in claimants}
    parties = [actor for side, actor in legend.sides.items() if side in spoken_for]
    found = [(f"claimed on the {actor.name} side", actor.colour) for actor in parties]
    return [*found, ("claimed by others", UNALIGNED)] if spoken_for - set(legend.sides) else found


def _app() -> str:
    """Return the page's own scripts as one: they share their names, and nothing outside can reach them."""
    return "\n".join(('"use strict";', "(() => {", *(_resource(f"scripts/{name}.js") for name in SCRIPTS), "})();", ""))


def _resource(name: str) -> str:
    return files("sim.report").joinpath("templates", name).read_text(encoding="utf-8")
