"""Rules of reachability: who can get where over the legs of a scenario, without times."""

from __future__ import annotations

import pytest

from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.ways import Ways, modes_of, months_of
from sim.scenario.loading import load_scenario
from sim.world.network import Network, joined
from tests.scenario.small import changed, load
from tests.worlds import INVENTED, REFERENCE

SMALL = load(changed())


def test_one_is_always_where_one_is() -> None:
    """A start is reached, and with no legs nothing else is."""
    assert Ways(SMALL).reach({"mill"}, ("foot",)) == {"mill", "gate", "plain"}
    assert Ways(load(changed(("closed_months: [1, 2]", "closed_months: [5]")))).reach({"plain"}) == {"plain"}


def test_what_is_behind_a_shut_place_is_out_of_reach() -> None:
    """A place that may not be passed is reached, but nothing behind it."""
    ways = Ways(SMALL)
    assert ways.reach({"plain"}, through={"plain"}) == {"plain", "gate"}
    assert ways.reach({"plain"}, through={"gate"}) == {"plain", "gate", "mill"}


def test_a_mode_takes_only_the_legs_that_have_a_time_for_it() -> None:
    """Without a time for lorries a leg is no way for them; other modes still go."""
    scenario = load(changed(("travel_time_h_truck: 1, ", "")))
    assert modes_of(scenario.legs["L2"]) == ("foot", "light")
    assert Ways(scenario).reach({"plain"}, ("truck",)) == {"plain"}
    assert Ways(scenario).reach({"plain"}, ("truck", "foot")) == {"plain", "gate", "mill"}


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2030-05-01", "2030-05-21", {5}),
        ("2030-05-01", "2030-06-01", {5}),
        ("2030-05-31", "2030-06-02", {5, 6}),
        ("2030-11-30", "2031-02-01", {11, 12, 1}),
        ("2030-01-15", "2032-01-15", set(range(1, 13))),
    ],
)
def test_a_scenario_touches_the_months_between_its_start_and_its_end(start: str, end: str, months: set[int]) -> None:
    """The month in which the end falls counts unless the end is its first moment."""
    text = changed(("start: 2030-05-01T00:00", f"start: {start}T00:00"), ("end: 2030-05-21T00:00", f"end: {end}T00:00"))
    assert months_of(load(text)) == months


@pytest.mark.parametrize("path", [REFERENCE, INVENTED], ids=lambda path: path.parent.name)
def test_reach_agrees_with_the_network_of_a_run(path: object) -> None:
    """What lint calls reachable on foot or by light vehicle is what the simulated columns find."""
    scenario = load_scenario(str(path))
    network, ways = Network(scenario), Ways(scenario)
    dossier = Dossier(scenario)
    values = {name: dossier.middle(name) for name in dossier.entries}
    month = scenario.scenario.start.month
    for mode in ("foot", "light", "truck"):
        free = {leg: {} if month in network.closed_months[leg] else network.times[leg] for leg in network.times}
        hours = network.hours(mode, free, values)
        for side in scenario.sides:
            passable = dossier.open_to(side)
            for start in scenario.places:
                assert ways.reach({start}, (mode,), passable) == joined(hours, {start}, passable)
