from __future__ import annotations

from dataclasses import replace

import pytest

from sim.compare.windows import probability
from sim.projections.narrows import WHY
from sim.report.colours import INK, PAPER
from sim.report.layers import USUALLY, closed_to, layers, read_of_all, traces_of_layers
from sim.report.maps import theatre_map
from sim.report.military import picture
from sim.report.narrows import by_pass, pass_figure, pass_table
from sim.report.words import with_interval
from tests.report import draw_symbols, fakes


def data():
    found = layers(fakes.content())
    assert found is not None
    return found


def rows(name):
    return getattr(fakes.content().on_the_ground, name).to_pylist()


def test_forces_on_the_map_are_those_of_the_table():
    """Every row of the table stands in the page: the share with its interval, the quantiles, and the symbol by size."""
    found, pictures = data()
    places = {place["id"]: place for place in found["places"]}
    sides = list(fakes.SIDES)
    for row in rows("strengths"):
        share, words, low, middle, high, key = places[row["place"]]["forces"][sides.index(row["side"])][row["day"]]
        assert share == pytest.approx(row["k"] / row["n"], abs=6e-4)
        assert words == with_interval(probability(row["k"], row["n"], row["draws"], row["scatter"]))
        assert [low, middle, high] == [round(row[name]) for name in ("p05", "p50", "p95")]
        assert bool(key) == (row["k"] >= USUALLY * row["n"])
        assert not key or (key.startswith(row["side"]) and key in pictures)
    told = sum(day is not None for place in places.values() for own in place["forces"] if own for day in own)
    assert told == len(rows("strengths"))


def test_flows_on_the_map_are_those_of_the_table():
    """A way is drawn on a day exactly where something comes in half of the campaigns, in its direction."""
    found, _ = data()
    legend, sides = fakes.legend(), list(fakes.SIDES)
    usual = {
        (legend.place_name(row["start"]), legend.place_name(row["to"]), row["side"], row["day"]): row
        for row in rows("flows")
        if row["k"] >= USUALLY * row["n"]
    }
    seen = set()
    for day, flows in enumerate(found["flows"]):
        for way, back, side, *levels, words in flows:
            ends = tuple(found["ways"][way]["ends"])
            row = usual[(*(ends[::-1] if back else ends), sides[side], day)]
            assert levels == pytest.approx([row["p05"], row["p50"], row["p95"]], rel=0.05)
            assert words == with_interval(probability(row["k"], row["n"], row["draws"], row["scatter"]))
            seen.add((*(ends[::-1] if back else ends), sides[side], day))
    assert seen == set(usual)


def test_a_way_runs_from_its_first_end():
    """The line of a way begins nearer to the place that is named first, so that its arrow points where things went."""
    found, _ = data()
    spots = {place["name"]: place["at"] for place in found["places"] if place["at"]}
    for way in found["ways"]:
        if way["ends"][0] in spots:
            assert (way["x"][0], way["y"][0]) == pytest.approx(spots[way["ends"][0]])


def test_closures_on_the_map_are_those_of_the_table():
    """A pass says in how many campaigns it is closed to each side, and by what."""
    found, _ = data()
    table = {(row["place"], row["side"], row["day"]): row for row in rows("closures")}
    assert found["passes"]
    for gate in found["passes"]:
        place = found["places"][gate["place"]]["id"]
        for order, side in enumerate(fakes.SIDES):
            for day, (share, words) in enumerate(zip(gate["closed"][order], gate["words"][order], strict=True)):
                row = table[place, side, day]
                assert share == pytest.approx(1 - row["k"] / row["n"], abs=6e-4)
                assert words == closed_to(row)
                assert ("demolished in" in words) == (day > 10)


def test_a_place_has_its_own_timeline():
    """Shares add up day by day, claims about it are listed, and it says when it changes hands."""
    found, _ = data()
    legend = fakes.legend()
    for place in found["places"]:
        assert sum(own[5] for own in place["held"]) == pytest.approx(1, abs=2e-3)
        about = [claim for claim in fakes.claims() if place["id"] in legend.places_of(claim)]
        assert [found["claims"][at]["words"] for at in place["claims"]] == [claim.label for claim in about]
    told = {place["id"]: " ".join(place["hands"]) for place in found["places"]}
    assert any("for the first time on 24 Aug (19 Aug–4 Sep)" in words for words in told.values())
    assert "It changes hands in none of the campaigns." in told.values()


def test_layers_leave_the_map_as_it_is():
    """The traces that the page fills change no other trace, and those that move are found as before."""
    content = fakes.content()
    seen = content.control, content.claims, content.ground, content.legend, content.calendar
    plain, layered = (theatre_map(*seen, slider=False, layers=more) for more in (((), ()), traces_of_layers(content)))
    for one, other in zip(plain.layout.meta["moving"], layered.layout.meta["moving"], strict=True):
        assert plain.data[one] == layered.data[other]
    names = layered.data[layered.layout.meta["names"]]
    assert names == plain.data[plain.layout.meta["names"]]
    assert names.mode == "markers+text"
    assert len(layered.layout.meta["places"]) == len(layered.data[layered.layout.meta["moving"][-2]].x)


def test_without_tables_there_are_no_layers():
    """A page whose tables are missing is drawn without them."""
    content = fakes.content(on_the_ground=None, convoys=())
    assert layers(content) is None
    assert traces_of_layers(content) == ([], [])


def test_a_page_says_when_not_all_campaigns_were_read():
    """Where a part of the campaigns was counted, the page says so and by which rule."""
    content = fakes.content()
    assert read_of_all(content) == ""
    assert content.on_the_ground is not None
    some = replace(content, on_the_ground=replace(content.on_the_ground, read=200))
    assert read_of_all(some) == "counted in 200 of the 400 campaigns, by whole draws evenly spaced"


def test_the_symbols_are_those_of_milsymbol():
    """What is kept is what milsymbol draws, for every code that a force can have; `draw_symbols` writes it anew."""
    assert draw_symbols.KEPT.read_text(encoding="utf-8") == draw_symbols.kept()


@pytest.mark.parametrize("code", draw_symbols.codes())
def test_a_symbol_is_filled_with_the_colour_of_its_side(code):
    """A picture is small, is square but for the marks of its size above it, and differs from side to side."""
    one, other = picture(code, "#2166ac"), picture(code, "#b2182b")
    assert one.source != other.source
    assert one.source.startswith("data:image/svg+xml;base64,")
    assert len(one.source) < 1200
    assert one.width <= one.height
    assert one.middle == pytest.approx(one.height - one.width / 2, abs=0.02)


@pytest.mark.parametrize(
    ("colour", "lines"), [("#2166ac", PAPER), ("#b2182b", PAPER), ("#f0c808", INK), ("#ffffff", INK)]
)
def test_lines_on_symbols_can_be_seen_by_everybody(colour, lines):
    """The lines of an icon stand out by their lightness alone, whatever colour a scenario gives a side."""
    assert f'fill="none" stroke="{lines}" stroke-width="6"' in picture(draw_symbols.codes()[0], colour).svg


def test_passes_are_drawn_from_the_table():
    """A line per side has the shares of the table, inside its band; what closes the pass stands in the hover."""
    passes = by_pass(rows("closures"))
    place, own = next(iter(passes.items()))
    for narrow in (False, True):
        drawn = pass_figure(own, fakes.legend(), fakes.calendar(), narrow=narrow)
        for band, line, side in zip(drawn.data[::2], drawn.data[1::2], fakes.SIDES, strict=True):
            shares = [row["k"] / row["n"] for row in own if row["side"] == side]
            assert list(line.y) == pytest.approx(shares, abs=6e-4)
            assert all(low <= y <= high for low, y, high in zip(band.y[::-1], line.y, band.y, strict=False))
    table = pass_table(passes, fakes.legend(), fakes.calendar())
    assert len(table.rows) == len(passes) * len(fakes.SIDES)
    assert table.rows[0][0] == fakes.legend().place_name(place)
    last = next(row for row in own if row["day"] == 30 and row["side"] == "nrf")
    assert with_interval(probability(last["k"], last["n"], last["draws"], last["scatter"])) in table.words[0]
    assert all(why in table.note for why in WHY)
