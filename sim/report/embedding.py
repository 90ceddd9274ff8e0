"""What the page carries inside: the data of its figures as harmless JSON, its scripts, and what they may do."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import plotly.graph_objects as go
import pyarrow as pa

from sim.report.colours import NEUTRAL
from sim.report.content import PageContent
from sim.report.forms import forms_of
from sim.report.layers import layers
from sim.report.legend import STATEMENTS
from sim.report.look import TEMPLATE
from sim.report.maps import claims_on, map_changes
from sim.report.numbers import as_csv
from sim.report.words import with_interval

_LISTED_PER_DAY = 6
#: Embeddings, overrides and isolates of the bidirectional algorithm, and what ends them.
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))

#: Figures by name, each in its wide form and, where it differs, in its narrow one.
Drawn = dict[str, dict[str, go.Figure]]


def data_block(content: PageContent, figures: Drawn, whence: Mapping[str, Any], behind: Mapping[str, pa.Table]) -> str:
    """Return the block of data of the page of one batch, or of one history.

    Args:
        content: What the page says.
        figures: What is drawn on it.
        whence: The sources of its numbers.
        behind: The tables behind its figures.
    """
    more: dict[str, Any] = {} if content.histories is None else {"histories": content.histories.data}
    theatre, symbols = layers(content) or (None, {})
    if content.histories is not None:
        symbols = {**symbols, **content.histories.pictures}
    return block_of(
        figures,
        symbols,
        theatre=theatre,
        days=_days(content),
        forms=forms_of(content.control.sides, content.legend),
        numbers={name: as_csv(table) for name, table in behind.items()},
        whence=whence,
        changes=map_changes(content.control, content.claims, content.ground, content.legend, content.calendar),
        **more,
    )


def block_of(figures: Drawn, symbols: Mapping[str, str] | None = None, **more: Any) -> str:
    """Return a block of data as JSON that no HTML parser can leave: the signs of markup are written as escapes.

    What figures have in common stands in it once: their template, pictures, and what a narrow form shares
    with the wide one.
    """
    pictures: dict[str, str] = {}
    plain = {
        name: {form: _without_common(figure, pictures) for form, figure in forms.items()}
        for name, forms in figures.items()
    }
    for forms in plain.values():
        if "narrow" in forms:
            forms["narrow"]["data"] = _changes(forms["wide"]["data"], forms["narrow"]["data"])
    block = {
        "figures": plain,
        "pictures": {**pictures, **(symbols or {})},
        "template": TEMPLATE.to_plotly_json(),
        **more,
    }
    text = unturned(msgspec.json.encode(block).decode())
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _without_common(figure: go.Figure, pictures: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = figure.to_plotly_json()
    found["layout"].pop("template", None)
    for image in found["layout"].get("images", ()):
        key = hashlib.sha256(image["source"].encode()).hexdigest()[:12]
        pictures[key] = image["source"]
        image["source"] = key
    return found


def _changes(wide: list[dict[str, Any]], narrow: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the narrow traces without what they share with the wide ones in the same places."""
    changes = []
    for there, here in zip(wide, narrow, strict=False):
        if there.keys() - here.keys():
            raise ValueError("a narrow trace lacks what the wide one in its place has, so it cannot be laid over it")
        changes.append({key: value for key, value in here.items() if there.get(key) != value})
    return changes + narrow[len(wide) :]


def _days(content: PageContent) -> list[dict[str, Any]]:
    """Return for each day its date, the least certain places, and the claims about it."""
    control, legend, calendar = content.control, content.legend, content.calendar
    colours = legend.colours()
    found = []
    for day in control.days:
        places = [
            {
                "id": place,
                "place": legend.place_name(place),
                "holders": [
                    {
                        "name": legend.side_name(side),
                        "colour": colours.get(side, NEUTRAL),
                        "share": share.p,
                        "words": with_interval(share),
                    }
                    for side, share in control.proportions(place, day).items()
                ],
            }
            for place in control.undecided(day)[:_LISTED_PER_DAY]
        ]
        told = [
            {
                "words": claim.label or claim.event.type.replace("_", " "),
                "status": claim.status,
                "who": f"{legend.speaker(claim.claimant)} {STATEMENTS[claim.statement]}",
                "colour": legend.claimant(claim.claimant).colour,
            }
            for claim in claims_on(day, content.claims)
        ]
        found.append(
            {
                "day": day,
                "date": calendar.date(day),
                "places": places,
                "claims": told[:_LISTED_PER_DAY],
                "more": max(0, len(told) - _LISTED_PER_DAY),
            }
        )
    return found


def unturned(words: str) -> str:
    """Return words without the characters that turn the order of all letters after them, beyond the words' own end.

    Letters of scripts that run from right to left need none of them, and marks, which act on their neighbours, stay.
    """
    return words if words.isascii() else words.translate(_TURNING)


def harmless(script: str) -> str:
    """Refuse a script that would end its own element."""
    if "</script" in script.lower():
        raise ValueError("a script of the page holds '</script' and would end early")
    return script


def policy(scripts: Iterable[str]) -> str:
    """Return a content security policy that runs these scripts alone and fetches nothing.

    Styles may stand inline, because plotly writes them on the elements that it draws.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
