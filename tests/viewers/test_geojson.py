"""A history on somebody else's map: what GDAL and others read, and that it is what the log tells."""

from __future__ import annotations

import itertools
import json
import math
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
from geojson_pydantic import FeatureCollection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.projections.hauls import hauls
from sim.projections.situation import forces_at, situation, state_at
from sim.viewers.exporting import history_for_viewers
from sim.viewers.features import LAYERS, Drawing, features
from sim.viewers.lasting import follow
from tests.processes.stage import NORTH, SOUTH, order, stage
from tests.processes.stage import play as staged
from tests.viewers.conftest import drawing, exported, history, rows
from tests.worlds import REFERENCE, TWO_VALLEYS

#: Six decimals of a degree, and the rounding of both ends of a piece of road.
NEAR_DEG = 3e-6


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_gdal_opens_it_with_times(world: Path, tmp_path: Path) -> None:
    """GDAL, which QGIS opens files with, reads every feature, in WGS 84, and start and end as moments."""
    path = tmp_path / "history.geojson"
    path.write_text(exported(world, "geojson"), encoding="utf-8")
    meta, _, geometry, fields = pyogrio.raw.read(path, datetime_as_string=True)
    columns = dict(zip(meta["fields"], fields, strict=True))
    whole = json.loads(exported(world, "geojson"))["features"]
    assert (meta["crs"], len(geometry)) == ("EPSG:4326", len(whole))
    given_as = pyogrio.read_info(path)
    kinds = dict(zip(given_as["fields"], given_as["dtypes"], strict=True))
    assert {kinds["start"], kinds["end"]} == {"datetime64[ms]"}
    read = [moment(str(text)) for text in columns["start"]]
    assert read == [moment(feature["properties"]["start"]) for feature in whole]
    assert set(columns["label"]) == {"simulated"}
    assert set(columns["layer"]) <= set(LAYERS)


def test_it_is_geojson(world: Path) -> None:
    """It is a collection of features by RFC 7946, with ids that are given once."""
    found = FeatureCollection.model_validate_json(exported(world, "geojson"))
    ids = [feature.id for feature in found.features]
    assert len(ids) == len(set(ids)) > 100


def test_every_feature_comes_from_a_fact(world: Path) -> None:
    """What a feature shows began by a fact of the log, no later than it is shown, and it says that it is simulated."""
    scenario, facts = history(world)
    start = scenario.scenario.start
    for feature in json.loads(exported(world, "geojson"))["features"]:
        told = feature["properties"]
        assert facts[told["fact"]].seq == told["fact"]
        assert start + timedelta(seconds=facts[told["fact"]].time_s) <= moment(told["start"]) <= moment(told["end"])
        assert moment(told["end"]) <= scenario.scenario.end
        assert told["label"] == "simulated"
        if told.get("ended_by") is not None:
            assert start + timedelta(seconds=facts[told["ended_by"]].time_s) >= moment(told["end"])


def test_nothing_is_in_two_states_at_once(world: Path) -> None:
    """What is shown of one force, place, way, pass or convoy follows in time and does not overlap."""
    spans = defaultdict(list)
    for layer in ("units", "control", "zones", "ways", "passes", "convoys", "marches"):
        for feature in rows(world, layer):
            told = feature["properties"]
            spans[feature["id"].rpartition("/")[0]].append((moment(told["start"]), moment(told["end"])))
    for own in spans.values():
        assert all(start < end for start, end in own)
        assert all(end <= later for (_, end), (later, _) in itertools.pairwise(own))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # nothing here changes what a fixture made
)
@given(share=st.floats(0, 1, exclude_max=True))
def test_the_map_shows_the_state_of_the_log(world: Path, share: float) -> None:
    """At any moment the units on the map are the forces of the state with their fighters, and so are the holders."""
    scenario, facts = history(world)
    time_s = int(share * (scenario.scenario.end - scenario.scenario.start).total_seconds())
    now = scenario.scenario.start + timedelta(seconds=time_s)

    def shown(layer: str) -> list[dict]:
        there = (feature["properties"] for feature in rows(world, layer))
        return [told for told in there if moment(told["start"]) <= now < moment(told["end"])]

    state = state_at(facts, time_s)
    forces = {force.force: (force.side, force.place, force.to, force.fit) for force in forces_at(state, time_s)}
    units = {told["force"]: (told["side"], told["place"], told["to"], told["fighters"]) for told in shown("units")}
    assert units == forces
    holders = {place.place: (place.holder, place.contested) for place in situation(state, scenario, time_s).places}
    assert {told["place"]: (told["side"], told["contested"]) for told in shown("control")} == holders
    assert {told["leg"]: told["open"] for told in shown("ways")} == {
        leg: leg not in state.blocked and now.month not in scenario.legs[leg].closed_months for leg in scenario.legs
    }
    convoys = {told["name"] for told in shown("convoys")}
    assert convoys <= set(state.convoys)


def test_units_stand_at_places_or_on_roads(world: Path) -> None:
    """Every unit is at its place, or on the line of the way that it marches along."""
    roads = drawing(world).roads
    marching = 0
    for feature in rows(world, "units"):
        told, spot = feature["properties"], tuple(feature["geometry"]["coordinates"])
        if told["leg"]:
            marching += 0 < told["way_share"] < 1
            assert off_the_line(spot, roads.line(told["leg"])) < NEAR_DEG
        else:
            assert spot == roads.place(told["place"])
    assert marching


def test_roads_are_those_of_the_geography() -> None:
    """Where the scenario draws its ways, lines follow them, and begin and end at the places they join."""
    scenario, _ = history(REFERENCE)
    assert scenario.folder is not None
    routes = json.loads((scenario.folder / str(scenario.geography.routes)).read_text(encoding="utf-8"))
    drawn = {feature["properties"]["id"]: feature["geometry"]["coordinates"] for feature in routes["features"]}
    roads = drawing(REFERENCE).roads
    assert drawn
    for name, leg in scenario.legs.items():
        line = roads.line(name)
        assert (line[0], line[-1]) == (roads.place(leg.start), roads.place(leg.to))
        assert {tuple(round(x, 6) for x in spot) for spot in drawn.get(name, ())} <= set(line)


@given(low=st.floats(0, 1), high=st.floats(0, 1), back=st.booleans())
def test_a_stretch_of_road_is_part_of_it(low: float, high: float, back: bool) -> None:
    """A stretch between two shares begins and ends at these shares, and is as long as their difference says."""
    low, high = sorted((low, high))
    roads, scenario = drawing(REFERENCE).roads, history(REFERENCE)[0]
    name = max(scenario.legs, key=lambda leg: len(roads.line(leg)))
    origin = scenario.legs[name].to if back else scenario.legs[name].start
    line = roads.stretch(name, origin, low, high)
    assert np.allclose(line[0], roads.point(name, origin, low), atol=NEAR_DEG)
    assert np.allclose(line[-1], roads.point(name, origin, high), atol=NEAR_DEG)
    whole = length(roads.line(name))
    assert math.isclose(length(line), (high - low) * whole, abs_tol=1e-4 * whole)


def length(line) -> float:
    return sum(
        math.hypot((a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2)), a[1] - b[1])
        for a, b in itertools.pairwise(line)
    )


def off_the_line(spot, line) -> float:
    """Return how far a point is from a line, in degrees."""

    def from_piece(a, b) -> float:
        along = (b[0] - a[0], b[1] - a[1])
        size = along[0] ** 2 + along[1] ** 2
        part = ((spot[0] - a[0]) * along[0] + (spot[1] - a[1]) * along[1]) / size if size else 0.0
        part = min(max(part, 0.0), 1.0)
        return math.hypot(spot[0] - a[0] - part * along[0], spot[1] - a[1] - part * along[1])

    return min(from_piece(a, b) for a, b in itertools.pairwise(line))


def test_the_same_history_is_the_same_bytes(world: Path) -> None:
    """One history has one file in each format."""
    scenario, facts = history(world)
    for form in ("geojson", "kml", "orbat-mapper"):
        assert history_for_viewers(list(facts), scenario, form).text == exported(world, form)


def test_warning_and_licences_travel_with_the_file() -> None:
    """The file says that it is simulated, of which history, and whose geography it contains."""
    scenario, _ = history(REFERENCE)
    whole = json.loads(exported(REFERENCE, "geojson"))
    assert whole["attribution"] == list(scenario.geography.attribution) != []
    assert whole["warning"].startswith("Simulated: one of many histories")
    assert whole["about"]["scenario"] == scenario.scenario.id
    for form in ("kml", "orbat-mapper"):
        assert all(line.replace("&", "&amp;") in exported(REFERENCE, form) for line in scenario.geography.attribution)
        assert "Simulated: one of many histories" in exported(REFERENCE, form)


def test_zones_are_coloured_by_the_holder_of_their_seat() -> None:
    """A zone belongs to whoever holds the place that colours it, for as long."""
    held = {feature["id"].partition("/")[2]: feature["properties"]["side"] for feature in rows(REFERENCE, "control")}
    zones = rows(REFERENCE, "zones")
    assert len({feature["properties"]["place"] for feature in zones}) > 20
    for feature in zones:
        assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
        assert feature["properties"]["side"] == held[feature["id"].partition("/")[2]]


def test_snow_and_mines_shut_ways_and_passes() -> None:
    """A way is shut from the first of a month in which snow lies, or by the fact that it was mined, and open after."""
    overrides = ("scenario.start=2030-02-20T00:00+02:00", "scenario.end=2030-03-12T00:00+02:00")
    scenario, facts = history(TWO_VALLEYS, *overrides)
    found = json.loads(history_for_viewers(facts, scenario, "geojson", ["ways", "passes"]).text)["features"]
    told = [feature["properties"] for feature in found]
    way = [(row["start"][:10], row["open"], row["why"]) for row in told if row.get("leg") == "L2"]
    assert way == [("2030-02-20", False, "snow"), ("2030-03-01", True, "")]
    gate = [(row["start"][:10], row["open"], row["ways_open"]) for row in told if row["layer"] == "passes"]
    assert gate == [("2030-02-20", False, 1), ("2030-03-01", True, 2)]


@pytest.mark.parametrize("layer", LAYERS)
def test_one_layer_alone(layer: str) -> None:
    """A layer can be had alone, and is then what it is in the whole."""
    scenario, facts = history(REFERENCE)
    alone = json.loads(history_for_viewers(facts, scenario, "geojson", [layer]).text)["features"]
    assert alone == rows(REFERENCE, layer) != []


def test_columns_that_meet_stand_and_fight_on_the_road() -> None:
    """Two columns that meet half way are at one point of the road while they fight, and so is their fight."""
    run = staged(
        order(NORTH, "plain", "assault"),
        order(SOUTH, "gate", "assault"),
        on=stage(
            "meetings={terrain: gorge, basis: invented, confidence: low, defence_multiplier: 1.5, deployed_share: 0.5}",
            "supply.enabled=false",
            "forces.southerners.light_vehicles=0",
        ),
    )
    viewed = Drawing(follow(run.facts, run.scenario))
    met = next(fact for fact in run.facts if fact.kind == "ColumnsMet")
    ended = next(fact for fact in run.facts if fact.kind == "MeetingEnded")
    fight = next(row for row in viewed.history.fights if row.fact == met.seq)
    assert (fight.start_s, fight.end_s, fight.ended_by) == (met.time_s, ended.time_s, ended.seq)
    spots = {
        viewed.where(row.what, time_s)
        for row in viewed.history.forces
        for time_s in (met.time_s, (met.time_s + ended.time_s) // 2, ended.time_s - 1)
        if row.of in (met.force, met.other) and row.start_s <= time_s < row.end_s
    }
    shown = [feature for feature in features(viewed, ("fights",)) if feature.fact == met.seq]
    spots |= {tuple(feature.geometry["coordinates"]) for feature in shown}
    assert max(math.dist(a, b) for a in spots for b in spots) < 20 * NEAR_DEG  # they halt at whole seconds
    assert all(off_the_line(spot, viewed.roads.line(met.leg)) < NEAR_DEG for spot in spots)


def test_convoys_go_from_stop_to_stop() -> None:
    """A convoy leaves when it was sent, takes the legs of its path in their order, and is there when it arrives."""
    scenario, facts = history(REFERENCE)
    sent = {fact.convoy: fact for fact in facts if fact.kind == "ConvoyDispatched"}
    arrived = {fact.convoy: fact for fact in facts if fact.kind == "ConvoyArrived"}
    own = defaultdict(list)
    for haul in hauls(facts, scenario, drawing(REFERENCE).history.end_s):
        own[haul.convoy].append(haul)
    assert len(set(own) & set(arrived)) > 20
    for name in set(own) & set(arrived):
        stretches = own[name]
        assert (stretches[0].start_s, stretches[-1].end_s) == (sent[name].time_s, arrived[name].time_s)
        assert (sent[name].place, *(haul.to for haul in stretches)) == (sent[name].place, *sent[name].path)
        assert all(haul.end_s == later.start_s for haul, later in itertools.pairwise(stretches))
        assert {haul.fate for haul in stretches} == {"arrived"}
