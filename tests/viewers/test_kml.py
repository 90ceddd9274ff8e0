"""A history in Google Earth: what fastkml and GDAL read of its KML."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pyogrio
import pytest

from sim.viewers.exporting import history_for_viewers
from tests.viewers.conftest import exported, history
from tests.worlds import REFERENCE, TWO_VALLEYS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have lxml than the parser of the standard library
    from fastkml import KML, Document, Folder, Placemark

KML_NAMESPACE = "{http://www.opengis.net/kml/2.2}"


@cache
def opened(path: Path) -> Document:
    found = KML.from_string(exported(path, "kml")).features[0]
    assert isinstance(found, Document)
    return found


def placemarks(folder: Any) -> Iterator[Placemark]:
    for feature in folder.features:
        if isinstance(feature, Placemark):
            yield feature
        else:
            yield from placemarks(feature)


def data(mark: Placemark) -> dict[str, str]:
    return {element.name: element.value for element in mark.extended_data.elements}


def test_fastkml_opens_it(world: Path) -> None:
    """A parser of KML finds a folder for each layer, and in them every feature of the GeoJSON, by name and fact."""
    document = opened(world)
    assert {type(feature) for feature in document.features} == {Folder}
    whole = [feature["properties"] for feature in json.loads(exported(world, "geojson"))["features"]]
    expected = sorted((told["layer"], told["name"], str(told["fact"]), told["start"]) for told in whole)
    marks = list(placemarks(document))
    found = [(data(mark)["layer"], mark.name, data(mark)["fact"], began(mark)) for mark in marks]
    assert sorted(found) == expected
    assert {data(mark)["label"] for mark in marks} == {"simulated"}


def began(mark: Placemark) -> str:
    when = mark.times.begin if hasattr(mark.times, "begin") else mark.times.timestamp
    return str(when.dt.isoformat())


def test_every_placemark_has_its_time(world: Path) -> None:
    """What lasts has a span from start to end, what happened a moment; each has a shape unless it has no place."""
    for mark in placemarks(opened(world)):
        if hasattr(mark.times, "begin"):
            assert mark.times.begin.dt < mark.times.end.dt
        else:
            assert data(mark)["layer"] == "events"
        assert mark.geometry is not None or data(mark)["layer"] == "events"
        assert f"(simulated, fact {data(mark)['fact']})" in mark.description


def test_gdal_opens_it(tmp_path: Path) -> None:
    """GDAL finds as many placemarks in its folders as there are, but for those that have no place."""
    path = tmp_path / "history.kml"
    path.write_text(exported(TWO_VALLEYS, "kml"), encoding="utf-8")
    layers = [name for name, _ in pyogrio.list_layers(path)]
    found = sum(pyogrio.read_info(path, layer=name, force_feature_count=True)["features"] for name in layers)
    marks = list(placemarks(opened(TWO_VALLEYS)))
    assert sum(mark.geometry is not None for mark in marks) <= found <= len(marks)


def test_sides_have_their_colours(world: Path) -> None:
    """Every placemark is drawn in a style that the document holds, and a side's in the side's colour."""
    scenario, _ = history(world)
    root = Xml.fromstring(exported(world, "kml"))
    styles = {style.get("id"): style for style in root.iter(f"{KML_NAMESPACE}Style")}
    used = {element.text.removeprefix("#") for element in root.iter(f"{KML_NAMESPACE}styleUrl")}
    assert used <= set(styles)
    for key, side in scenario.sides.items():
        colour = styles[f"side-{key}"].findtext(f"{KML_NAMESPACE}IconStyle/{KML_NAMESPACE}color")
        red, green, blue = side.colour[1:3], side.colour[3:5], side.colour[5:7]
        assert colour == f"ff{blue}{green}{red}".lower()


def test_nothing_is_fetched() -> None:
    """No icon, no link and no address of anything but the namespace stands in the file."""
    text = exported(REFERENCE, "kml")
    assert text.count("http") == text.count("http://www.opengis.net/kml/2.2") == 1
    assert "<href" not in text


def test_names_are_no_markup() -> None:
    """Names with signs that XML knows are read back as they were written."""
    scenario, facts = history(TWO_VALLEYS)
    name = "<b>Mill</b> & \"Sons\" ]]> 'x'"
    place = scenario.places["mill"].model_copy(update={"name": name})
    hostile = scenario.model_copy(update={"places": {**scenario.places, "mill": place}})
    document = KML.from_string(history_for_viewers(facts, hostile, "kml", ["control"]).text).features[0]
    assert name in {mark.name for mark in placemarks(document)}


def test_placemarks_have_ids_of_their_own() -> None:
    """Ids of placemarks are names of XML, each given once."""
    ids = [mark.get("id", "") for mark in Xml.fromstring(exported(REFERENCE, "kml")).iter(f"{KML_NAMESPACE}Placemark")]
    assert len(ids) == len(set(ids))
    assert all(part.isascii() and " " not in part and part[0].isalpha() for part in ids)


@pytest.mark.parametrize("layer", ["zones", "convoys"])
def test_areas_and_lines(layer: str) -> None:
    """Zones are polygons or several of them, convoys are lines along the ground."""
    scenario, facts = history(REFERENCE)
    document = KML.from_string(history_for_viewers(facts, scenario, "kml", [layer]).text).features[0]
    kinds = {mark.geometry.geom_type for mark in placemarks(document)}
    assert kinds <= ({"Polygon", "MultiPolygon"} if layer == "zones" else {"LineString"})
