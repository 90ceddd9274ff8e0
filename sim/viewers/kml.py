"""KML 2.2, for Google Earth and others: folders by layer and side, styles by side, a time on every placemark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as Xml

from sim.scenario.schema import Scenario
from sim.viewers.features import Feature
from sim.viewers.stamps import Stamp

NAMESPACE = "http://www.opengis.net/kml/2.2"

#: Colour of what belongs to no side, and of what is shut.
_NOBODY, _SHUT = "#808080", "#d00000"
#: Opacity of a zone's area and width in pixels of lines.
_AREA_ALPHA, _WIDTH = 0x60, {"ways": "2", "marches": "4", "convoys": "3"}

_HEADINGS = {
    "zones": "Zones by holder", "ways": "Ways, open and shut", "passes": "Passes, open and shut",
    "control": "Places by holder", "marches": "Marches", "convoys": "Convoys", "fights": "Fights", "units": "Units",
    "events": "Events",
}  # fmt: skip
#: Properties that need not be told again beside the placemark's own elements.
_SHOWN = ("text",)


def written(
    stamp: Stamp, features: Iterable[Feature], scenario: Scenario, side_name: Callable[[str], str]
) -> tuple[str, int]:
    """Return a KML document as text, and how many placemarks it has.

    Warning and attribution stand in the description of the document. No icon is named, so that nothing is fetched.

    Args:
        stamp: What the file says of itself.
        features: What it holds, layer by layer.
        scenario: Where the colours of the sides stand.
        side_name: The name of a side by its id.
    """
    root = Xml.Element("kml", {"xmlns": NAMESPACE})
    document = _add(root, "Document")
    _add(document, "name", stamp.title)
    _add(document, "description", stamp.text())
    for name, colour in _colours(scenario).items():
        _style(document, name, colour)
    count = 0
    for layer, found in groupby(features, key=lambda feature: feature.layer):
        folder = _add(document, "Folder")
        _add(folder, "name", _HEADINGS.get(layer, layer))
        by_side: dict[str, list[Feature]] = {}
        for feature in found:
            by_side.setdefault(feature.side, []).append(feature)
        for side, own in sorted(by_side.items()):
            inner = folder
            if len(by_side) > 1:
                inner = _add(folder, "Folder")
                _add(inner, "name", side_name(side))
            for feature in own:
                _placemark(inner, feature, scenario)
                count += 1
    Xml.indent(root, space=" ")
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{Xml.tostring(root, encoding='unicode')}\n", count


def _colours(scenario: Scenario) -> dict[str, str]:
    sides = {f"side-{key}": side.colour for key, side in scenario.sides.items()}
    return {**sides, "nobody": _NOBODY, "shut": _SHUT}


def _style(document: Xml.Element, name: str, colour: str) -> None:
    for layer in ("", *_WIDTH):
        style = _add(document, "Style", id=f"{name}-{layer}" if layer else name)
        _add(_add(style, "IconStyle"), "color", _abgr(colour))
        line = _add(style, "LineStyle")
        _add(line, "color", _abgr(colour))
        _add(line, "width", _WIDTH.get(layer, "1"))
        _add(_add(style, "PolyStyle"), "color", _abgr(colour, _AREA_ALPHA))


def _abgr(colour: str, alpha: int = 0xFF) -> str:
    """Return a colour as KML writes it: alpha, blue, green, red."""
    return f"{alpha:02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()


def _placemark(folder: Xml.Element, feature: Feature, scenario: Scenario) -> None:
    mark = _add(folder, "Placemark", id=_xml_id(feature.id))
    _add(mark, "name", feature.name)
    told = str(feature.properties.get("text", "")) or _told(feature)
    _add(mark, "description", f"{told}\n({feature.label}, fact {feature.fact})")
    if feature.start == feature.end:
        _add(_add(mark, "TimeStamp"), "when", feature.start)
    else:
        span = _add(mark, "TimeSpan")
        _add(span, "begin", feature.start)
        _add(span, "end", feature.end)
    _add(mark, "styleUrl", f"#{_style_of(feature, scenario)}")
    data = _add(mark, "ExtendedData")
    common = {"id": feature.id, "layer": feature.layer, "label": feature.label, "fact": feature.fact}
    for name, value in {**common, "side": feature.side, **feature.properties}.items():
        if value is not None and name not in _SHOWN:
            _add(_add(data, "Data", name=name), "value", _plain(value))
    if feature.geometry is not None:
        _geometry(mark, feature.geometry)


def _style_of(feature: Feature, scenario: Scenario) -> str:
    base = f"side-{feature.side}" if feature.side in scenario.sides else "nobody"
    if feature.properties.get("open") is False:
        base = "shut"
    return f"{base}-{feature.layer}" if feature.layer in _WIDTH else base


def _told(feature: Feature) -> str:
    words = ((name, value) for name, value in feature.properties.items() if value not in (None, ""))
    return ", ".join(f"{name.replace('_', ' ')} {_plain(value)}" for name, value in words)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _xml_id(name: str) -> str:
    """Return a name as an XML id: no two different names of features give the same."""
    return "f." + "".join(sign if sign.isascii() and sign.isalnum() else f"-{ord(sign):x}." for sign in name)


def _geometry(parent: Xml.Element, geometry: Mapping[str, Any]) -> None:
    spots = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            _add(_add(parent, "Point"), "coordinates", _spot(spots))
        case "LineString":
            line = _add(parent, "LineString")
            _add(line, "tessellate", "1")
            _add(line, "coordinates", _spots(spots))
        case "Polygon":
            _polygon(parent, spots)
        case "MultiPolygon":
            several = _add(parent, "MultiGeometry")
            for polygon in spots:
                _polygon(several, polygon)
        case other:
            raise ValueError(f"KML has no {other}")


def _polygon(parent: Xml.Element, rings: list[Any]) -> None:
    polygon = _add(parent, "Polygon")
    for number, ring in enumerate(rings):
        edge = _add(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
        _add(_add(edge, "LinearRing"), "coordinates", _spots(ring))


def _spots(line: list[Any]) -> str:
    return " ".join(map(_spot, line))


def _spot(spot: list[float]) -> str:
    return f"{spot[0]},{spot[1]}"


def _add(parent: Xml.Element, tag: str, text: str | None = None, **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, tag, attributes)
    element.text = text
    return element
