"""One self-contained page: figures and tables in a fixed reading order, nothing fetched.

Scripts stand in the file once and are allowed by their hashes; the data of the figures are JSON in a
block that no browser runs. The page works from a file, without a network.
"""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from sim.domain.claims import Claim
from sim.domain.terms import DAY
from sim.report.casualties import casualty_figure, numbered
from sim.report.claims import claims_figure
from sim.report.colours import NEUTRAL, UNALIGNED, UNHELD, mix
from sim.report.content import PageContent
from sim.report.control import Control
from sim.report.embedding import Drawn, data_block, harmless, policy
from sim.report.fans import fan
from sim.report.heatmap import control_heatmap, grouped
from sim.report.legend import VERIFICATION, Legend
from sim.report.maps import outside, theatre_map
from sim.report.strip import CLASSES, timeline_strip
from sim.report.tables import window_rows
from sim.report.theatre import Ground


def page(content: PageContent) -> str:
    """Return the whole page as HTML."""
    environment = Environment(
        loader=PackageLoader("sim.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )
    scripts = {"plotly": get_plotlyjs(), "app": _resource("page.js")}
    figures = draw(content)
    legend = content.legend
    return environment.get_template("page.html.j2").render(
        content=content, figures=figures, windows=window_rows(content.events, legend, content.calendar),
        groups=grouped(content.control, legend), quiet=_quiet(content.control, legend),
        zone_kinds=_zone_kinds(content.ground),
        references=_named_references(content),
        outside=outside(content.control, content.ground, legend), swatches=_swatches(content.control, legend),
        claimants=_claimants(content.claims, legend),
        verification={status: words for status, (_, words) in VERIFICATION.items()}, classes=CLASSES,
        policy=policy(scripts.values()), scripts={name: Markup(harmless(script)) for name, script in scripts.items()},
        style=Markup(_resource("page.css")),
        first_day=min(
            max(content.calendar.horizon_s // DAY - content.control.days[0], 0), len(content.control.days) - 1
        ),
        data=Markup(data_block(content, figures)),
    )


def draw(content: PageContent) -> Drawn:
    """Return every figure of the page in its wide and, where it differs, its narrow form."""
    legend, calendar = content.legend, content.calendar
    found: Drawn = {}
    forms = {"wide": False, "narrow": True}
    if content.events:
        found["strip"] = {
            form: timeline_strip(content.events, legend, calendar, narrow=narrow) for form, narrow in forms.items()
        }
    if content.claims:
        found["claims"] = {
            form: claims_figure(content.claims, content.chances, legend, calendar, narrow=narrow)
            for form, narrow in forms.items()
        }
    found["map"] = {
        form: theatre_map(
            content.control, content.claims, content.ground, legend, calendar, narrow=narrow, slider=False
        )
        for form, narrow in forms.items()
    }
    if content.control.in_play():
        found["heatmap"] = {
            form: control_heatmap(content.control, content.claims, legend, calendar, narrow=narrow)
            for form, narrow in forms.items()
        }
    for index, panel in enumerate(content.fans):
        found[f"fan-{index}"] = {
            "wide": fan(panel.table, legend, calendar, unit=panel.unit, shared_scale=panel.shared_scale)
        }
    if numbered(content.losses):
        told = {claim.claim_id: claim for claim in content.claims}
        found["casualties"] = {
            form: casualty_figure(content.losses, told, legend, calendar, narrow=narrow)
            for form, narrow in forms.items()
        }
    return found


def _quiet(control: Control, legend: Legend) -> list[tuple[str, list[str]]]:
    """Return the places that never change hands in any history, by who holds them."""
    found: dict[str, list[str]] = {}
    for place in legend.places:
        if place in control.places and place not in control.in_play():
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


def _resource(name: str) -> str:
    return files("sim.report").joinpath("templates", name).read_text(encoding="utf-8")
