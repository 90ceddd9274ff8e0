"""What stands on the page: the controls to the left, what they change to the right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dash import dcc, html

from sim.domain.terms import parse_duration
from sim.explore.choosing import Lever, spread_in_words
from sim.explore.finding import Found
from sim.explore.moving import AS_IT_IS, FIXED, SHIFTED, Slider, can_shift
from sim.explore.variant import Origin
from sim.scenario.number_words import law_in_words
from sim.scenario.numbers import Entry
from sim.scenario.schema import Scenario

#: How often a page asks how far it has come: while something is played, and while nothing is.
POLL_MS, IDLE_MS = 300, 3000
_SHOW = {"both": "side by side", "base": "base", "variant": "variant"}
_MODES = {AS_IT_IS: "as it is", FIXED: "fixed", SHIFTED: "shifted"}
_INTENDED = (
    "For teaching, for research on method, and for what-if about a war that is over. It forecasts nothing and is not "
    "made for planning; losses here are simulated and no count of the dead."
)


def page(found: Sequence[Found], chosen: Path, replications: int) -> html.Div:
    """Return the whole page before anything has been played."""
    return html.Div(
        [
            html.Header(
                [
                    html.P("sim explore", className="kicker"),
                    html.H1("What if one assumption were another?"),
                    html.P(_INTENDED, className="intended"),
                ]
            ),
            html.Main([_controls(found, chosen, replications), _results()]),
            dcc.Interval(id="poll", interval=POLL_MS),
            dcc.Store(id="version", data=-1),
            dcc.Store(id="figures"),
            dcc.Store(id="width", data=0),
            dcc.Store(id="moved", storage_type="session", data={}),
        ],
        className="explore",
    )


def run_label(replications: int) -> str:
    """Return what stands on the button that runs."""
    return f"Run {replications} campaigns"


def _controls(found: Sequence[Found], chosen: Path, replications: int) -> html.Section:
    return html.Section(
        [
            html.Label("Scenario", htmlFor="scenario"),
            dcc.Dropdown(
                id="scenario",
                options=options(found),
                value=str(chosen),
                clearable=False,
                searchable=False,
            ),
            html.Div(
                [
                    html.Button(run_label(replications), id="run", disabled=True, className="main"),
                    html.Button("Stop", id="stop", disabled=True),
                    html.A("What comes of it", href="#results", className="down"),
                    html.Div(
                        [html.Progress(id="bar", max="1", value="0"), html.Span("", id="stage")],
                        className="progress",
                        role="status",
                    ),
                    html.Pre("", id="status", className="says", role="alert"),
                ],
                className="runs",
            ),
            html.H2("The assumptions that move most"),
            html.Div(html.P("They are known when the base run has been played.", className="quiet"), id="levers"),
            html.H2("Save as a variant"),
            html.P("Saves what is moved now, run or not, as a YAML file that extends the scenario.", className="quiet"),
            html.Label("What it is called", htmlFor="name"),
            dcc.Input(id="name", type="text", value="", placeholder="fewer men at the gate", debounce=0.3),
            html.Label("File", htmlFor="file"),
            dcc.Input(id="file", type="text", value="", spellCheck=False),
            html.Div(
                [
                    html.Button("Save", id="save", disabled=True),
                    html.Button("Replace the file", id="replace", hidden=True),
                ],
                className="buttons",
            ),
            html.Pre("", id="saved", className="says", role="alert"),
        ],
        className="controls",
        **_attributes(aria_label="What is moved"),
    )


def _results() -> html.Section:
    return html.Section(
        [
            html.Div("", id="heading"),
            html.Div(id="table"),
            html.Div(
                [
                    html.Span("Show", className="label"),
                    dcc.RadioItems(
                        id="show",
                        options=_SHOW,
                        value="both",
                        inline=True,
                        persistence=True,
                        persistence_type="session",
                    ),
                ],
                className="switch",
                id="switch",
                hidden=True,
            ),
            html.Div(
                [
                    html.H2("When: reported windows and simulated dates", id="strip-title"),
                    html.Div([_figure("strip", "base"), _figure("strip", "variant")], className="pair"),
                    html.H2("Where: who holds what at the end of a day"),
                    html.Div(
                        [
                            html.Span("Day"),
                            html.Div(
                                dcc.Slider(
                                    id="day",
                                    min=0,
                                    max=1,
                                    step=1,
                                    marks=None,
                                    value=0,
                                    updatemode="drag",
                                    allow_direct_input=False,
                                ),
                                className="slide",
                                **_attributes(data_label="Day"),
                            ),
                            html.Output("", id="date"),
                        ],
                        className="player",
                    ),
                    html.Div([_figure("map", "base"), _figure("map", "variant")], className="pair"),
                    html.P("", id="attribution", className="quiet"),
                ],
                id="pictures",
                className="pictures",
                hidden=True,
            ),
            html.Div(id="warnings"),
        ],
        id="results",
        className="results",
        **_attributes(aria_label="What comes of it"),
    )


def _figure(what: str, which: str) -> html.Figure:
    return html.Figure(
        [
            html.Figcaption("Base" if which == "base" else "Variant"),
            dcc.Graph(
                id=f"{what}-{which}",
                className="chart",
                config={"displaylogo": False, "displayModeBar": False, "responsive": False, "scrollZoom": False},
            ),
        ],
        className=f"of-{which}",
    )


def _attributes(**words: str) -> dict[str, Any]:
    """Return attributes of HTML whose names have a hyphen."""
    return {name.replace("_", "-"): word for name, word in words.items()}


def options(found: Sequence[Found]) -> list[dict[str, str]]:
    """Return the scenarios as they can be chosen: title, and file where two have one title."""
    titles = [one.title for one in found]
    return [
        {"label": one.title if titles.count(one.title) == 1 else f"{one.title} ({one.file})", "value": str(one.file)}
        for one in found
    ]


def lever_rows(levers: Sequence[Lever], origin: Origin, moved: Mapping[str, Sequence[str]]) -> list[html.Div]:
    """Return the assumptions that can be moved.

    Args:
        levers: Which, and why.
        origin: The scenario that they are numbers of.
        moved: Mode and typed value by path, of those that are moved already.
    """
    return [_row(number, lever, origin, moved.get(lever.path)) for number, lever in enumerate(levers)]


def _row(number: int, lever: Lever, origin: Origin, moved: Sequence[str] | None) -> html.Div:
    entry = origin.entries[lever.path]
    slider = Slider.of(entry)
    names = {"file": str(origin.file), "lever": lever.path}
    mode, typed = moved if moved else (AS_IT_IS, slider.typed())
    modes = [one for one in _MODES if one != SHIFTED or can_shift(entry)]
    name = f"{subject(lever.path, origin.scenario)}: {entry.meaning or lever.path}"
    spread = spread_in_words(entry)
    unit = f"P5 / P50 / P95: {spread}" if spread else ""
    why = [html.Li(words) for words in lever.moves]
    doubt = "" if lever.stands_out else "What it does is not told from noise in the base run."
    together = f"Drawn together with {len(lever.same)} others, which stay as they are." if lever.same else ""
    basis = ", ".join(word for word in (entry.basis, entry.confidence and f"confidence {entry.confidence}") if word)
    return html.Div(
        [
            html.H3(name, id=f"name-{number}"),
            html.Code(lever.path),
            html.P([law_in_words(entry), html.Br(), unit] if unit else law_in_words(entry), className="law"),
            html.Div(
                dcc.RadioItems(
                    id={"type": "mode", **names},
                    options=[{"label": _MODES[one], "value": one} for one in modes],
                    value=mode,
                    inline=True,
                ),
                className="modes",
                role="group",
                **_attributes(aria_labelledby=f"name-{number}"),
            ),
            html.Div(
                [
                    html.Div(
                        dcc.Slider(
                            id={"type": "step", **names},
                            min=0,
                            max=slider.last,
                            step=1,
                            marks=None,
                            value=_step(slider, typed),
                            allow_direct_input=False,
                        ),
                        className="slide",
                        **_attributes(data_label=f"Slider: {name}"),
                    ),
                    html.Label(
                        dcc.Input(
                            id={"type": "typed", **names},
                            type="text",
                            value=typed,
                            debounce=True,
                            spellCheck=False,
                        ),
                        className="type",
                        title=f"Value: {name}",
                    ),
                ],
                className="slider",
            ),
            html.Div("", id={"type": "says", **names}, className="says", role="alert"),
            html.Details(
                [
                    html.Summary("Why this one"),
                    html.Ul(why) if why else None,
                    html.P(" ".join(filter(None, (doubt, together, f"Rests on: {basis}." if basis else "")))),
                ]
            ),
        ],
        id={"type": "row", **names},
        className="lever" + (" moved" if mode != AS_IT_IS else ""),
    )


def subject(path: str, scenario: Scenario) -> str:
    """Return whose number a path leads to: the name of a force, a place, a side, ..., or of a section."""
    section, *inner = path.split(".")
    holder = getattr(scenario, section, None)
    if path.startswith("observation.claimants."):
        holder, inner = scenario.observation.claimants, inner[1:]
    if not isinstance(holder, Mapping):
        return section.replace("_", " ").capitalize()
    name = next((key for key in holder if ".".join(inner).startswith(f"{key}.")), inner[0])
    said = _called(section, name, holder.get(name), scenario)
    towards = [scenario.sides[step].name for step in inner[1:] if step in scenario.sides]
    return ", ".join([f"{said[:1].upper()}{said[1:]}", *towards])


def _called(section: str, name: str, one: object, scenario: Scenario) -> str:
    """Return what people call an entry of a section: its name, or what it is of the sides and places it names."""
    own = getattr(one, "name", None)
    if isinstance(own, str) and own:
        return own
    if name in scenario.sides:
        return scenario.sides[name].name
    place = scenario.places.get(getattr(one, "place", None) or getattr(one, "at", None) or "")
    side = scenario.sides.get(getattr(one, "side", None) or "")
    if place is not None and side is not None:
        return f"{section.removesuffix('s')} at {place.name} ({side.name})"
    ends = [
        scenario.places[end].name
        for end in (getattr(one, "start", ""), getattr(one, "to", ""))
        if end in scenario.places
    ]
    parties = [scenario.sides[party].name for party in getattr(one, "parties", ()) if party in scenario.sides]
    if len(ends) > 1 or parties:
        return f"way from {ends[0]} to {ends[1]}" if len(ends) > 1 else f"{section} of {' and '.join(parties)}"
    return name.replace("-", " ").replace("_", " ")


def _step(slider: Slider, typed: str) -> int:
    """Return the step of a typed value, the start if it is none."""
    value = value_of(slider.entry, typed)
    return slider.step(slider.start if value is None else value)


def value_of(entry: Entry, typed: str) -> float | None:
    """Return a typed value as a number, None if it is none that is finite."""
    try:
        if entry.options:
            return float(entry.options.index(typed))
        value = float(parse_duration(typed)) if entry.unit == "s" else float(typed)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def table(data: Mapping[str, Any]) -> list[Any]:
    """Return the table of the events with what is said of its pairs; a word instead where it has no row."""
    if not data["rows"]:
        return [html.P("Nothing that is looked at happens in any campaign.", className="quiet")]
    labels = _labels(data["heads"][1:])
    body = [
        html.Tr(
            [html.Th(row[0], scope="row"), *(_cell(cell, label) for cell, label in zip(row[1:], labels, strict=True))]
        )
        for row in data["rows"]
    ]
    told = [html.Tr([html.Th(head, scope="col") for head in data["heads"]])]
    below = []
    if data["pairs"]:
        note = (
            "Shares of the campaigns with their 95 % intervals; differences in points, variant less base, with theirs. "
        )
        below = [html.P([note, "* more than chance makes of any row. ", data["pairs"]], className="quiet")]
    return [html.Div(html.Table([html.Thead(told), html.Tbody(body)]), className="scroll"), *below]


def _labels(heads: Sequence[str]) -> list[str]:
    """Return the heads as they stand beside each cell where there is no room for columns: each with its group."""
    found, group = list[str](), ""
    for head in heads:
        before, colon, _ = head.partition(": ")
        group = before if colon else group
        found.append(head if colon or not group else f"{group}: {head}")
    return found


def _cell(words: str, head: str) -> html.Td:
    return html.Td(words, className="n clear" if words.endswith("*") else "n", **_attributes(data_head=head))


def warnings(data: Mapping[str, Any]) -> list[Any]:
    """Return what is to be read with every number."""
    lines = [*data["warnings"], _INTENDED]
    return [html.H2("Read with care"), html.Ul([html.Li(line) for line in lines], className="warnings")]
