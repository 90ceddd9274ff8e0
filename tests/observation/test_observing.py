"""What the `observation:` section of a scenario may say."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sim.scenario.numbers import register
from sim.scenario.observing import Observation
from tests.observation.toy import claimant


def section(**claimants: object) -> Observation:
    return Observation.model_validate({"claimants": claimants})


def test_nobody_needs_to_say_anything():
    """A section without claimants is a world without news."""
    assert section().claimants == {}


def test_a_party_s_claimant_says_how_he_admits_and_denies():
    """A claimant with a side must have the numbers of a party's man."""
    spec = claimant()
    del spec["denial_share"], spec["early_lead"]
    with pytest.raises(ValidationError, match="speaks for a side needs denial_share, early_lead"):
        section(voice=spec)


def test_an_observer_has_no_interest():
    """A claimant without a side must not have numbers that only a party's man reads."""
    with pytest.raises(ValidationError, match=r"observer has no side, so denial_share would never be read"):
        section(eye=claimant(None, denial_share=0.5))


def test_every_event_type_has_a_share():
    """Shares need a default, so that no type is left out by accident."""
    with pytest.raises(ValidationError, match="says_share needs default"):
        section(voice=claimant(says_share={"capture": 0.5}))


def test_a_misspelt_event_type_is_refused():
    """A wrong event type is refused with the nearest right one."""
    with pytest.raises(ValidationError, match="did you mean 'capture'"):
        section(voice=claimant(says_share={"default": 1.0, "captur": 0.5}))


def test_numbers_stand_at_their_dotted_paths():
    """Every number of the section has one address, and delays are drawn at each use."""
    entries = register(section(voice=claimant(delay={"dist": "exponential", "mean": "PT6H"})))
    assert entries["claimants.voice.delay"].kind == "aleatory"
    assert entries["claimants.voice.says_share.default"].parts == {"value": 1.0}
