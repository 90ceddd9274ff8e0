"""One self-contained page: figures and tables in a fixed reading order, nothing fetched.

Scripts stand in the file once and are allowed by their hashes; the data of the figures are JSON in a
block that no browser runs. The page works from a file, without a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.compare.blocks import DRAWS_MIN
from sim.domain.claims import Claim
from sim.domain.terms import DAY
from sim.report.choices import choices
from sim.report.claim_tables import claim_words, loss_words
from sim.report.colours import NEUTRAL, UNALIGNED, UNHELD, mix
from sim.report.content import PageContent
from sim.report.control import Control
from sim.report.embedding import Drawn, data_block, harmless, policy, unturned
from sim.report.figures import drawable, passes_of
from sim.report.layers import layers_key, read_of_all
from sim.report.legend import VERIFICATION, Legend
from sim.report.maps import outside, scene
from sim.report.narrows import pass_table
from sim.report.strip import CLASSES
from sim.report.tables import window_rows
from sim.report.theatre import Ground
from sim.report.whence import as_data, sources

#: The page's own scripts and styles, in the order in which they need each other.
SCRIPTS = ("scheme", "charts", "rows", "days", "histories", "map", "register", "whence", "csv", "start")
STYLES = ("page", "trust", "whence", "map", "histories")


def page(content: PageContent) -> str:
    """Return the whole page about a batch as HTML."""
    return campaign_page("page.html.j2", content, draw(content), SCRIPTS, as_data(sources(content), content.numbers))


def campaign_page(
    skeleton: str, content: PageContent, figures: Drawn, scripts: Sequence[str], whence: Mapping[str, Any]
) -> str:
    """Return a page about campaigns of one scenario as HTML.

    Args:
        skeleton: The template that the page begins with.
        content: What it says.
        figures: Its figures.
        scripts: Its own scripts, in the order in which they need each other.
        whence: The sources of its numbers.
    """
    legend, control, passes = content.legend, content.control, passes_of(content)
    horizon_day = content.calendar.horizon_s // DAY - control.days[0]
    return rendered(
        skeleton,
        scripts,
        STYLES,
        data_block(content, figures, whence),
        content=content,
        figures=figures,
        choices=choices(content.claims, legend),
        windows=window_rows(content.events, legend, content.calendar),
        told=claim_words(content.claims, content.chances, legend, content.calendar),
        lost=loss_words(content.losses, {claim.claim_id: claim for claim in content.claims}, legend, content.calendar),
        quiet=_quiet(control, legend),
        layers=layers_key(content),
        places=[place.name for place in scene(control, content.ground, legend).shown],
        read_of=read_of_all(content),
        passes=[legend.place_name(place) for place in passes],
        pass_table=pass_table(passes, legend, content.calendar) if passes else None,
        zone_kinds=_zone_kinds(content.ground),
        references=_named_references(content),
        outside=outside(control, content.ground, legend),
        swatches=_swatches(control, legend),
        claimants=_claimants(content.claims, legend),
        verification={status: words for status, (_, words) in VERIFICATION.items()},
        classes=CLASSES,
        draws_min=DRAWS_MIN,
        first_day=min(max(horizon_day, 0), len(control.days) - 1),
    )


def rendered(skeleton: str, scripts: Sequence[str], styles: Sequence[str], data: str, **shown: Any) -> str:
    """Return a page as HTML.

    Args:
        skeleton: The template that the page begins with.
        scripts: The page's own scripts, in the order in which they need each other.
        styles: Its styles.
        data: The block of data that the scripts read.
        **shown: What the templates name.
    """
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: unturned(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    running = {"plotly": _read("bundle", "plotly-cartesian.min.js"), "app": _app(scripts)}
    return environment.get_template(skeleton).render(
        **shown,
        policy=policy(running.values()),
        scripts={name: Markup(harmless(script)) for name, script in running.items()},
        style=Markup("".join(_resource(f"styles/{name}.css") for name in styles)),
        data=Markup(data),
    )


def draw(content: PageContent) -> Drawn:
    """Return every figure of the page in its wide and its narrow form."""
    return {name: {"wide": make(False), "narrow": make(True)} for name, make in drawable(content).items()}


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


def _app(scripts: Sequence[str]) -> str:
    """Return the page's own scripts as one: they share their names, and nothing outside can reach them."""
    return "\n".join(('"use strict";', "(() => {", *(_resource(f"scripts/{name}.js") for name in scripts), "})();", ""))


def _resource(name: str) -> str:
    return _read("templates", name)


def _read(*path: str) -> str:
    return files("sim.report").joinpath(*path).read_text(encoding="utf-8")
