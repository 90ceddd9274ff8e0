"""What of a scenario can be switched off, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_origin

import pytest

from sim.errors import InputError
from sim.scenario import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.switches import ENTITIES, WORLD, chosen, switches
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS


def test_every_mapping_of_a_scenario_is_a_mechanism_or_part_of_the_world():
    """No mapping of entities can be added to the schema without saying how it is switched off, or that it is not."""
    mappings = {name for name, info in Scenario.model_fields.items() if get_origin(info.annotation) in (dict, Mapping)}
    assert mappings == ENTITIES.keys() | WORLD
    assert not ENTITIES.keys() & WORLD


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(REFERENCE, marks=pytest.mark.long),  # loads a large file once for each switch
        INVENTED,
        TWO_VALLEYS,
    ],
    ids=lambda path: path.parent.name,
)
def test_whatever_is_switched_off_leaves_a_sound_scenario(path):
    """Each switch can be set on every scenario, and is then no longer on."""
    known = switches(load_scenario(path))
    assert {"supply", "risings", "talks", "pools", "combat.turning", "doctrine.searches"} <= known.keys()
    for switch in known.values():
        after = load_scenario(path, list(switch.overrides))
        assert switch.name not in switches(after)


def test_what_is_off_already_cannot_be_switched_off():
    """Sections that are off, choices that are always off and lifelines that are shut are not offered."""
    off = ["supply.enabled=false", "combat.turning=off", "lifelines.over-the-border.open=false"]
    known = switches(load_scenario(INVENTED, off))
    assert not {"supply", "combat.turning", "lifelines"} & known.keys()
    assert "lifelines" in switches(load_scenario(INVENTED))


def test_all_is_each_and_a_sum_is_together():
    """``all`` names every switch in turn; ``a+b`` takes both away at once."""
    scenario = load_scenario(TWO_VALLEYS)
    assert chosen(scenario, ["all"]) == list(switches(scenario).values())
    [both] = chosen(scenario, ["risings+supply"])
    assert both.overrides == ("risings.enabled=false", "supply.enabled=false")


def test_an_unknown_mechanism_is_refused_with_the_nearest():
    """A misspelt mechanism is an error that names the right one."""
    with pytest.raises(InputError, match=r"--without suply: nothing of this name is on.*supply"):
        chosen(load_scenario(TWO_VALLEYS), ["suply"])
