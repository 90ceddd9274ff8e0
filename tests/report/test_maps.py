from __future__ import annotations

from dataclasses import replace

import pytest

from sim.report.colours import lead_colour, with_alpha
from sim.report.control import Control
from sim.report.legend import Legend, Place
from sim.report.maps import claims_on, map_changes, outside, theatre_map
from sim.report.theatre import Frame, Ground, Projection, Relief, framed, labelled, lines
from tests.report import fakes

LEGEND, CALENDAR, GROUND = fakes.legend(), fakes.calendar(), fakes.ground()


def test_a_degree_of_longitude_shrinks_towards_the_pole() -> None:
    """On the map a degree east is as long as on the ground."""
    assert Projection(lat=60, lon=10).xy(11, 60)[0] == pytest.approx(55.6, abs=0.1)
    assert Projection(lat=60, lon=10).xy(10, 61)[1] == pytest.approx(111.2, abs=0.1)


def test_the_map_has_a_state_for_every_day() -> None:
    """Each day of the batch changes the polygons, the places and the reported marks."""
    changes = map_changes(fakes.control(), fakes.claims(), GROUND, LEGEND, CALENDAR)
    assert len(changes) == fakes.DAYS
    assert {len(day) for day in changes} == {len(GROUND.zones["features"]) + 2}


def test_a_zone_has_the_colour_of_its_seat() -> None:
    """A polygon is filled by how far a side leads in the place that gives it its name."""
    figure = theatre_map(fakes.control(), (), GROUND, LEGEND, CALENDAR)
    shares = fakes.control().shares("bazarak", 0)
    assert with_alpha(lead_colour(shares, LEGEND.colours()), 0.5) in {trace.fillcolor for trace in figure.data}


def test_the_figure_brings_its_own_slider_where_no_page_has_one() -> None:
    """Outside the page the map moves by plotly's slider, one step and one frame per day."""
    figure = theatre_map(fakes.control(), fakes.claims(), GROUND, LEGEND, CALENDAR)
    assert len(figure.frames) == len(figure.layout.sliders[0].steps) == fakes.DAYS
    assert not theatre_map(fakes.control(), (), GROUND, LEGEND, CALENDAR, slider=False).frames


def test_a_scenario_without_zones_and_relief_still_has_a_map() -> None:
    """Places and straight ways are drawn from positions and legs alone."""
    bare = Ground(legs=GROUND.legs)
    figure = theatre_map(fakes.control(), fakes.claims(), bare, LEGEND, CALENDAR)
    assert not figure.layout.images
    assert {trace.name for trace in figure.data if trace.name} == {"highway", "track", "footpath"}
    assert any(trace.mode == "markers" and len(trace.x) == len(LEGEND.places) for trace in figure.data)


def test_a_single_place_has_a_map() -> None:
    """One place with nothing around it can be drawn."""
    legend = Legend(sides=fakes.SIDES, places={"a": Place("a", "A", "town", 35.0, 69.0)})
    table = fakes.held_in(10, nrf=3, tb=7)
    figure = theatre_map(Control.from_table(table, ("nrf", "tb")), (), Ground(), legend, CALENDAR)
    low, high = figure.layout.xaxis.range
    assert low < high


def test_the_map_shows_where_sides_may_change_and_names_what_lies_beyond() -> None:
    """On a relief the frame holds every place in play; places outside are named."""
    relief = Relief("data:image/png;base64,", west=68.2, south=34.3, east=71.2, north=36.3)
    beyond = outside(fakes.control(), replace(GROUND, relief=relief), LEGEND)
    assert "Kunduz" in beyond
    assert not {LEGEND.place_name(place) for place in fakes.control().in_play()} & set(beyond)


def test_the_frame_stays_on_the_relief() -> None:
    """Where there is a relief, the map ends with it at the latest."""
    relief = Relief("data:image/png;base64,", west=69.0, south=35.0, east=69.5, north=35.5)
    projection = Projection(lat=35.25, lon=69.25)
    frame = framed(LEGEND.places.values(), projection, relief)
    assert (frame.west, frame.south) == pytest.approx(projection.xy(69.0, 35.0), abs=0.1)


def test_ways_follow_their_drawn_course() -> None:
    """A leg with a drawn course is drawn along it, one without as the straight line between its places."""
    course = {"type": "LineString", "coordinates": [[69.3, 35.17], [69.5, 35.5], [69.28, 35.2]]}
    routes = {"features": [{"properties": {"id": "R00"}, "geometry": course}]}
    ways = lines(Ground(legs=GROUND.legs[:2], routes=routes), LEGEND.places, Projection(lat=35, lon=69))
    assert [len(way) for found in ways.values() for way in found] == [3, 2]


def test_names_on_the_map_do_not_collide() -> None:
    """A name that finds no room is left out rather than printed over another."""
    crowd = [Place(str(index), f"Village {index}", "village", 35.0, 69.0 + index / 1000) for index in range(30)]
    points = {place.place: (float(index) / 10, 50.0) for index, place in enumerate(crowd)}
    around = dict.fromkeys(points, 13.0)
    assert 0 < len(labelled(crowd, points, Frame(0, 0, 100, 100), 400, 12, around)) < 10


def test_important_places_are_named_first() -> None:
    """Where two names want the same room, the pass wins over the village."""
    pair = [Place("v", "Village", "village", 35, 69), Place("p", "High Pass", "pass", 35, 69)]
    found = labelled(pair, {"v": (50, 50), "p": (50.1, 50)}, Frame(0, 0, 100, 100), 400, 12, {"v": 13.0, "p": 13.0})
    assert found[0][0].place == "p"


def test_wide_windows_are_no_news_of_a_day() -> None:
    """A claim is shown on the days of its window, unless the window is longer than four days."""
    siege = [claim for claim in fakes.claims() if claim.event_id == "siege"]
    days = [day for day in range(fakes.DAYS) if any(claim in claims_on(day, fakes.claims()) for claim in siege)]
    assert days == [7, 8, 9, 17, 18]
