"""What was known by a day, and what it would have been worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.compare import hindcast
from sim.errors import InputError
from sim.scenario.reported import load_reported
from tests.compare.memory import MemoryBatch
from tests.compare.test_compare import TIMELINE, WITNESS, campaigns
from tests.observation.toy import scenario


def looked_back(folder: Path, **more: float):
    world = scenario(WITNESS)
    return hindcast(MemoryBatch(world, campaigns(120)), load_reported(TIMELINE, world), ledger=folder, **more)


def test_every_day_of_print_but_the_last_has_a_hindcast(tmp_path: Path):
    """What came out by a day is known, never what came out later; what was told by then is not forecast."""
    timeline = load_reported(TIMELINE, scenario(WITNESS))
    published = {key: source.published_at for key, source in timeline.printed_by.sources.items()}
    found = looked_back(tmp_path)
    assert [day.known_by for day in found.by_day] == sorted(set(published.values()))[:-1]
    for day in found.by_day:
        assert all(published[source] <= day.known_by for source in day.sources)
        told = {claim.event_id for claim in timeline.claims.values() if published[claim.source] <= day.known_by}
        assert told.isdisjoint({event.event_id for event in day.events})
        assert all(published[timeline.claims[event.claim_id].source] > day.known_by for event in day.events)


def test_the_nearest_are_as_many_as_asked_for_ties_included(tmp_path: Path):
    """At least the share that was asked for is kept, and never fewer than fifty."""
    assert all(50 <= day.kept <= 120 for day in looked_back(tmp_path, nearest=0.1).by_day)
    assert all(day.kept >= 60 for day in looked_back(tmp_path, nearest=0.5).by_day)


def test_the_gain_is_what_the_nearest_lose_less(tmp_path: Path):
    """Gain = the loss of all less that of the nearest, each in its interval."""
    for day in looked_back(tmp_path).by_day:
        for score in day.scores:
            assert score.gain[0] == pytest.approx(score.by_all[0] - score.by_nearest[0])
            for value, low, high in (score.by_all, score.by_nearest, score.gain):
                assert low <= value <= high
            assert set(score.nulls) == {"uniform", "persistence"}


def test_every_hindcast_says_what_it_cannot_say(tmp_path: Path):
    """Hindsight, one history, how many variants were compared: the warnings travel along."""
    found = looked_back(tmp_path)
    assert [warning.split(":")[0] for warning in found.warnings][:2] == ["One history", "Hindsight"]
    assert any(warning.startswith("Variants compared with these claims so far: 1") for warning in found.warnings)


@pytest.mark.parametrize("nearest", [0.0, 1.0, -1.0, 2.0])
def test_the_nearest_are_a_share(tmp_path: Path, nearest: float):
    """All, none, or more than all of the campaigns cannot be kept."""
    with pytest.raises(InputError, match="nearest"):
        looked_back(tmp_path, nearest=nearest)
