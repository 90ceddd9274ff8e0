from __future__ import annotations

import re
from itertools import chain

import pytest

pytest.importorskip("dash", reason="the extra `explore` is not installed")

from sim.explore.layout import subject
from sim.scenario import load_scenario
from sim.scenario.numbers import register
from tests.worlds import REPOSITORY

VALLEY = load_scenario(REPOSITORY / "scenarios" / "panjshir-2021" / "scenario.yaml")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("forces.tb-kabul.cohesion", "Garrison of Kabul"),
        ("doctrine.nrf.column_fighters_min", "Resistance"),
        ("depots.tb-kabul.ammunition_kg", "Depot at Kabul (Taliban)"),
        ("pools.tb-kabul.available", "Pool at Kabul (Taliban)"),
        ("lifelines.tajikistan.ammunition_kg", "Lifeline at Anjuman Pass (Resistance)"),
        ("talks.valley.collapse.base_per_day", "Talks of Resistance and Taliban"),
        ("places.anaba.leaning.nrf", "Anaba, Resistance"),
        ("observation.claimants.resistance-valley.says_share.default", "Spokesmen and commanders in the valley"),
        ("terrain_classes.plain-town.defence_multiplier", "Plain town"),
        ("movement.time_factor", "Movement"),
    ],
)
def test_a_lever_is_headed_by_the_names_of_sides_and_places(path: str, words: str) -> None:
    """Whose number it is stands above a lever as people call it."""
    assert subject(path, VALLEY) == words


def test_no_lever_is_headed_by_an_id_of_a_side() -> None:
    """No number of the war is headed by the short form that only its files know."""
    heads = {subject(path, VALLEY) for path in register(VALLEY)}
    words = set(chain.from_iterable(re.findall(r"\w+", head.lower()) for head in heads))
    assert not words & set(VALLEY.sides)
