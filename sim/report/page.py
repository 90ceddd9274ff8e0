"""One self-contained page: figures and tables in a fixed reading order, nothing fetched.

Scripts stand in the file once and are allowed by their hashes; the data of the figures are JSON in a
block that no browser runs. The page works from a file, without a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.compare.blocks import DRAWS_MIN
from sim.report.batch_whence import sources
from sim.report.choices import choices
from sim.report.claim_tables import claim_words, loss_words
from sim.report.colours import NEUTRAL, UNHELD, mix
from sim.report.content import PageContent
from sim.report.control import Control
from sim.report.embedding import Drawn, data_block, harmless, policy, unturned
from sim.report.figures import drawable, passes_of
from sim.report.forms import forms_of
from sim.report.heatmap import grouped
from sim.report.layers import layers_key, read_of_all
from sim.report.legend import VERIFICATION, Legend, claimed_by
from sim.report.maps import outside, scene, shown_first
from sim.report.narrows import pass_table
from sim.report.numbers import numbers
from sim.report.signs import signs_in_key
from sim.report.strip import CLASSES
from sim.report.tables import window_rows
from sim.report.theatre import zone_kinds
from sim.report.whence import as_data
from sim.report.words import count

#: The page's own scripts and styles, in the order in which they need each other.
SCRIPTS = (
    "scheme", "charts", "rows", "days", "symbols", "histories", "map", "grey", "register", "whence", "csv", "start",
)  # fmt: skip
STYLES = ("page", "trust", "whence", "map", "histories")


def page(content: PageContent) -> str:
    """Return the whole page about a batch as HTML."""
    whence = as_data(sources(content), content.numbers)
    return campaign_page("page.html.j2", content, draw(content), SCRIPTS, whence, numbers(content))


def campaign_page(
    skeleton: str,
    content: PageContent,
    figures: Drawn,
    scripts: Sequence[str],
    whence: Mapping[str, Any],
    behind: Mapping[str, pa.Table],
) -> str:
    """Return a page about campaigns of one scenario as HTML.

    Args:
        skeleton: The template that the page begins with.
        content: What it says.
        figures: Its figures.
        scripts: Its own scripts, in the order in which they need each other.
        whence: The sources of its numbers.
        behind: The tables behind its figures.
    """
    legend, control, passes = content.legend, content.control, passes_of(content)
    return rendered(
        skeleton,
        scripts,
        STYLES,
        data_block(content, figures, whence, behind),
        content=content,
        figures=figures,
        choices=choices(content.claims, legend),
        windows=window_rows(content.events, legend, content.calendar),
        told=claim_words(content.claims, content.chances, legend, content.calendar),
        lost=loss_words(content.losses, {claim.claim_id: claim for claim in content.claims}, legend, content.calendar),
        quiet=_quiet(control, legend),
        layers=layers_key(content),
        signs=signs_in_key(),
        places=[place.name for place in scene(control, content.ground, legend).shown],
        read_of=read_of_all(content),
        passes=[legend.place_name(place) for place in passes],
        pass_table=pass_table(passes, legend, content.calendar) if passes else None,
        zoned=bool(content.ground.zones),
        zone_kinds=zone_kinds(content.ground),
        references=_named_references(content),
        outside=outside(control, content.ground, legend),
        swatches=_swatches(control, legend),
        letters=[letter for letter, _ in forms_of(legend.sides, legend)],
        claimants=claimed_by(content.claims, legend),
        verification={status: words for status, (_, words) in VERIFICATION.items()},
        classes=CLASSES,
        draws_min=DRAWS_MIN,
        cells=[(place, legend.place_name(place)) for place in grouped(control, legend).heights],
        ends=[(day, content.calendar.date(day)) for day in control.days],
        first_day=control.days.index(shown_first(control, content.calendar)),
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
    template = _templates().get_template(skeleton)
    running = {"plotly": _read("bundle", "plotly-cartesian.min.js"), "app": _app(scripts)}
    return template.render(
        **shown,
        policy=policy(running.values()),
        scripts={name: Markup(harmless(script)) for name, script in running.items()},
        style=Markup("".join(_resource(f"styles/{name}.css") for name in styles)),
        data=Markup(data),
    )


@cache
def _templates() -> Environment:
    """Return what finds and compiles the templates, each once."""
    found = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: unturned(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    found.filters["counted"] = count
    return found


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


def _app(scripts: Sequence[str]) -> str:
    """Return the page's own scripts as one: they share their names, and nothing outside can reach them."""
    return "\n".join(('"use strict";', "(() => {", *(_resource(f"scripts/{name}.js") for name in scripts), "})();", ""))


def _resource(name: str) -> str:
    return _read("templates", name)


def _read(*path: str) -> str:
    return files("sim.report").joinpath(*path).read_text(encoding="utf-8")
