from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from sim.domain.terms import DAY, HOUR
from sim.report.casualties import casualty_figure
from sim.report.claims import claims_figure
from sim.report.control import Control
from sim.report.fans import fan
from sim.report.heatmap import control_heatmap, grouped
from sim.report.legend import Legend
from sim.report.look import plain, shortened, width_px
from sim.report.strip import EventStrip, density, timeline_strip
from sim.report.windows import Placed, hover_of, verification_marks, window_bars
from tests.report import fakes

LEGEND, CALENDAR = fakes.legend(), fakes.calendar()


def words_of(figure: go.Figure) -> str:
    """Return all annotations of a figure."""
    return "\n".join(str(note.text) for note in figure.layout.annotations)


def traces_of(figure: go.Figure, kind: str) -> list[Any]:
    """Return the traces of one kind."""
    return [trace for trace in figure.data if trace.type == kind]


# --- the strip ----------------------------------------------------------------------------------


def test_a_hill_holds_the_share_of_campaigns_in_which_the_event_happens() -> None:
    """The area under a density is the share of dates that are finite."""
    times = np.where(np.arange(1000) < 300, np.linspace(5, 20, 1000) * DAY, np.inf)
    grid = np.arange(0, 31 * DAY, HOUR, dtype=np.float64)
    assert density(times, grid).sum() / 24 == pytest.approx(0.3, rel=0.01)


def test_an_event_that_never_happens_has_no_hill() -> None:
    """A density of infinite dates is flat."""
    assert not density(np.full(50, np.inf), np.arange(0, DAY, HOUR, dtype=np.float64)).any()


def test_every_headline_event_has_a_row_with_its_share_and_interval() -> None:
    """The strip names each event and the share of campaigns in its window, with the interval."""
    words = words_of(timeline_strip(fakes.events(), LEGEND, CALENDAR))
    for row in fakes.events():
        assert f"<b>{row.label}</b>" in words
    assert words.count("in window <b>") == len(fakes.events())
    assert words.count("–") >= 2 * len(fakes.events())


def test_the_classes_of_an_event_fill_its_bar() -> None:
    """Before, in, after and never add up to all campaigns."""
    figure = timeline_strip(fakes.events(), LEGEND, CALENDAR)
    bars = [trace for trace in traces_of(figure, "bar") if trace.xaxis == "x2"]
    assert len(bars) == 4
    assert np.sum([bar.x for bar in bars], axis=0) == pytest.approx(1)


def test_a_narrow_strip_says_in_words_what_its_bars_would_show() -> None:
    """On a narrow page the shares stand under the label, and no bar is drawn for them."""
    figure = timeline_strip(fakes.events(), LEGEND, CALENDAR, narrow=True)
    assert not [trace for trace in traces_of(figure, "bar") if trace.xaxis == "x2"]
    assert words_of(figure).count(" · never ") == len(fakes.events())


def test_a_long_name_takes_more_lines_and_its_row_more_height() -> None:
    """On a narrow page no word of an event's name is left out: its row grows, and the rows below it move down."""
    short = [event for event in fakes.events() if len(event.label) < 30][:3]
    label = "A place on the edge of Kapisa in resistance hands again"
    rows = [replace(short[0], printed=replace(short[0].printed, label=label)), *short[1:]]
    figure = timeline_strip(rows, LEGEND, CALENDAR, narrow=True)
    assert label in words_of(figure).replace("<br>", " ")
    heights = [row["height"] for row in figure.layout.meta["rows"]]
    assert heights[0] > 1.1
    assert heights[1:] == pytest.approx([1, 1])
    assert [row["top"] for row in figure.layout.meta["rows"]] == pytest.approx([0, heights[0], heights[0] + 1])
    assert figure.layout.yaxis.range[0] == pytest.approx(-sum(heights))


def test_words_that_find_no_room_end_in_an_ellipsis() -> None:
    """A name is cut where the room ends, and left out where hardly a letter of it would be seen."""
    name = "Accounts that favour the resistance"
    assert shortened(name, width_px(name, 12), 12) == name
    assert shortened(name, 100, 12).endswith("…")
    assert width_px(shortened(name, 100, 12), 12) <= 100
    assert shortened(name, 20, 12) == ""


def test_dark_ground_lies_inside_the_reported_window() -> None:
    """The dark part of a hill begins and ends with the window of the claim."""
    event = fakes.events()[0]
    dark = timeline_strip([event], LEGEND, CALENDAR).data[1]
    moments = [moment for moment in dark.x if moment is not None]
    low, high = event.printed.window
    assert CALENDAR.local(low) <= min(moments)
    assert max(moments) <= CALENDAR.local(high)


def test_a_question_of_yes_or_no_has_no_dates() -> None:
    """Where a claim asks whether something was so, the strip draws no hill and says in how many campaigns it was."""
    event = fakes.events()[0]
    asked = EventStrip(event.claims, replace(event.printed, yes_no=True), replace(event.true, yes_no=True))
    figure = timeline_strip([asked], LEGEND, CALENDAR)
    assert all(not trace.x for trace in figure.data[:3])
    assert "so <b>" in words_of(figure)


# --- claims as windows --------------------------------------------------------------------------


def test_a_claim_has_the_colour_of_the_side_that_makes_it() -> None:
    """Bars of claims take the colour of the claimant's side; those of no party are grey."""
    by_side = {LEGEND.claimant_sides[claim.claimant]: claim for claim in fakes.headlines()}
    bars, _ = window_bars([Placed(by_side[side], 0) for side in ("nrf", "tb", "")], LEGEND, CALENDAR, 1)
    nrf, tb, nobody = bars["marker"]["color"]
    assert (nrf, tb) == ("rgba(33,102,172,0.85)", "rgba(178,24,43,0.85)")
    assert nobody not in {nrf, tb}


def test_a_bar_is_as_long_as_the_words_leave_open() -> None:
    """A bar runs from the first to the last moment of the window, from the scenario's start on."""
    claim = fakes.headlines()[0]
    (bars, _) = window_bars([Placed(claim, 0)], LEGEND, CALENDAR, 1)
    assert bars["base"] == [CALENDAR.local(claim.window.start_s)]
    assert bars["x"] == [(claim.window.end_s - claim.window.start_s) * 1000]


def test_verification_shows_as_a_shape_and_not_only_as_a_colour() -> None:
    """Claimed, disputed, corroborated and refuted claims differ in their marks."""
    first_of = {claim.status: claim for claim in reversed(fakes.claims())}
    told = [first_of[status] for status in ("claimed", "disputed", "corroborated", "refuted")]
    marks = verification_marks(told, ["#000000"] * 4, 9)
    assert marks["symbol"] == ["circle", "diamond", "circle", "x"]
    assert marks["color"][0] != marks["color"][2]


def test_denials_are_hatched() -> None:
    """A denial is told apart from what it denies."""
    denial = next(claim for claim in fakes.claims() if claim.statement == "denies")
    (bars, _) = window_bars([Placed(denial, 0), Placed(fakes.headlines()[0], 1)], LEGEND, CALENDAR, 1)
    assert bars["marker"]["pattern"]["shape"] == ["/", ""]


def test_a_claim_says_who_where_when_and_by_which_rule() -> None:
    """Whoever hovers over a claim learns its claimant, place, window, dating rule and source."""
    claim = fakes.headlines()[1]
    words = hover_of(claim, LEGEND, CALENDAR)
    assert "Commander in Andarab says so" in words
    assert "Banu · 20 Aug to 22 Aug" in words
    assert "dated by: last-2-days" in words
    assert "Three districts retaken" in words


def test_claims_about_the_same_event_stand_together() -> None:
    """The list of claims keeps those about one alleged event on adjacent rows."""
    figure = claims_figure(fakes.claims(), {}, LEGEND, CALENDAR)
    heights = sorted(note.y for note in figure.layout.annotations if "Taliban take Shotul" in note.text)
    assert len(heights) == 2
    assert heights[1] - heights[0] == pytest.approx(1)


def test_every_claim_has_a_row() -> None:
    """The list leaves no claim out."""
    figure = claims_figure(fakes.claims(), {}, LEGEND, CALENDAR)
    assert sum(len(trace.y) for trace in traces_of(figure, "bar")) == len(fakes.claims())


def test_the_share_of_campaigns_in_which_a_claim_holds_stands_beside_it() -> None:
    """Claims with a share show it with its interval, the others show none."""
    event = fakes.events()[0]
    figure = claims_figure(fakes.claims(), {event.claims[0].claim_id: event.true.p_in}, LEGEND, CALENDAR)
    assert sum("% (" in note.text for note in figure.layout.annotations) == 1


def test_markup_in_a_name_is_shown_and_not_obeyed() -> None:
    """Angle brackets in a scenario's words are shown as they are."""
    assert plain("<b>A & B</b>") == "&lt;b&gt;A &amp; B&lt;/b&gt;"


# --- control ------------------------------------------------------------------------------------


def test_nobody_holds_what_no_side_holds() -> None:
    """Campaigns in which no side holds a place are counted for nobody."""
    table = fakes.held_in(10, nrf=3, tb=5)
    assert Control.from_table(table, ("nrf", "tb")).shares("a", 0) == {"nrf": 0.3, "tb": 0.5, "": 0.2}


def test_only_places_that_change_hands_are_in_play() -> None:
    """A place that the same side holds in every campaign on every day is not in play."""
    in_play = fakes.control().in_play()
    assert "bazarak" in in_play
    assert "kabul" not in in_play


def test_the_least_certain_places_come_first() -> None:
    """Places are listed by how little the likeliest holder leads."""
    control = fakes.control()
    ranked = [sorted(control.shares(place, 19).values()) for place in control.undecided(19)]
    leads = [shares[-1] - shares[-2] for shares in ranked]
    assert leads == sorted(leads)
    assert leads[-1] < 1


def test_each_place_in_play_has_one_row() -> None:
    """The heat map shows each place in play once, under one area."""
    rows = grouped(fakes.control(), LEGEND)
    shown = [place for _, places in rows.groups for place in places]
    assert sorted(shown) == sorted(fakes.control().in_play())
    assert len(set(rows.heights.values())) == len(shown)


def test_the_least_decided_area_stands_on_top() -> None:
    """Areas are ordered by how undecided their places are."""
    control = fakes.control()
    doubts = [sum(map(control.doubt, places)) for _, places in grouped(control, LEGEND).groups]
    assert doubts == sorted(doubts, reverse=True)


def test_a_cell_says_who_holds_a_place_with_intervals() -> None:
    """Whoever hovers over a cell reads every holder's share with its interval."""
    cells = control_heatmap(fakes.control(), fakes.claims(), LEGEND, CALENDAR).data[0]
    row = grouped(fakes.control(), LEGEND).heights["shotul"]
    assert "Shotul" in cells.text[row][19]
    assert cells.text[row][19].count("–") == 2


def test_reported_holdings_are_marked_on_the_rows_of_their_places() -> None:
    """A claim that a side holds a place is a mark on that place's row, at the middle of its window."""
    figure = control_heatmap(fakes.control(), fakes.claims(), LEGEND, CALENDAR)
    marks = figure.data[-1]
    row = grouped(fakes.control(), LEGEND).heights["charikar"]
    (told,) = [claim for claim in fakes.headlines() if claim.event.where == ("charikar",)]
    on_the_row = [x for x, y in zip(marks.x, marks.y, strict=True) if abs(y - row) < 0.5]
    assert CALENDAR.local(told.window.middle_s) in on_the_row


def test_a_heat_map_without_areas_lists_places() -> None:
    """A scenario without areas has one group of places."""
    bare = Legend(sides=fakes.SIDES, places=LEGEND.places)
    assert [name for name, _ in grouped(fakes.control(), bare).groups] == ["Places"]


# --- fans and losses ----------------------------------------------------------------------------


def test_fans_start_at_zero_and_hold_their_bands() -> None:
    """Every panel's scale starts at zero and reaches above its widest band."""
    table = fakes.fan_table((4200, -40), (6100, 60), 0.4)
    figure = fan(table, LEGEND, CALENDAR)
    for axis, side in (("yaxis", "nrf"), ("yaxis2", "tb")):
        low, high = figure.layout[axis].range
        assert low == 0
        assert high > max(row["p95"] for row in table.to_pylist() if row["side"] == side)


def test_fans_show_the_assumptions_alone_where_they_are_known() -> None:
    """Two dotted lines hold the draws' band of each side; a batch that cannot tell them from luck has none."""
    table = fakes.fan_table((4200, -40), (6100, 60), 0.4)
    dotted = [trace for trace in fan(table, LEGEND, CALENDAR).data if trace.line.dash == "dot"]
    ours = [row for row in table.to_pylist() if row["side"] == "nrf"]
    assert len(dotted) == 2
    known = [value for value in dotted[0].y if value is not None]
    assert known == pytest.approx([row[name] for name in ("draws_p05", "draws_p95") for row in ours], rel=1e-3)
    plain = fan(table.drop_columns(["draws_p05", "draws_p95"]), LEGEND, CALENDAR)
    assert all(trace.line.dash != "dot" for trace in plain.data)


def test_fans_share_a_scale_where_sides_are_to_be_compared() -> None:
    """On request all sides have the scale of the largest."""
    figure = fan(fakes.fan_table((10, 0), (1000, 0), 0.1), LEGEND, CALENDAR, shared_scale=True)
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range


def test_losses_stand_on_a_logarithmic_axis_with_room_for_none() -> None:
    """Claimed and simulated losses share a logarithmic axis on which nobody is a place of its own."""
    told = {claim.claim_id: claim for claim in fakes.claims()}
    figure = casualty_figure(fakes.losses(), told, LEGEND, CALENDAR)
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.xaxis.ticktext[0] == "0"


def test_claims_without_a_number_have_no_row() -> None:
    """A claim of heavy losses without a number cannot be drawn among numbers."""
    told = {claim.claim_id: claim for claim in fakes.claims()}
    words = words_of(casualty_figure(fakes.losses(), told, LEGEND, CALENDAR))
    assert "killed or wounded" not in words
    assert words.count("any in ") == len(fakes.losses()) - 1
