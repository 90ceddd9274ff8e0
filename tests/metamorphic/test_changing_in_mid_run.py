"""A number that changes on the way changes what comes after, and nothing of what was before."""

from __future__ import annotations

import pytest

from sim.domain import facts as f
from sim.domain.invariants import Invariants
from sim.engine import run
from sim.errors import InputError
from sim.eventlog import encode
from sim.scenario.numbers import Entry
from tests.engine.test_every_number_matters import with_value
from tests.metamorphic.changing import changed_values, log_of, split
from tests.worlds import REFERENCE, TWO_VALLEYS, compiled, play

Number = tuple[Entry, str]

#: Shares of the campaign after which a number is changed, and histories that are tried, until one differs.
MOMENTS = (0.25, 0.02, 0.6)
HISTORIES = 24
SAMPLE = 10
BLOCKS = 10

#: Standing numbers that may change without a trace in a history, and why.
SELDOM = {
    "supply.ambush_": "in few histories do convoys drive past enemies in the hills",
    "legs.": "few columns and convoys take a given leg by a given means, and lengths count where fuel is burnt",
    "meetings.": "few columns meet on the road",
    "operations.": "some plans are not made, or not renewed, in most histories",
    "places.": "the reserve of a place is seldom asked for, and few places rise",
    "risings.fighters_share_of_population.": "asked for once a rising, of which a history has few",
    "talks.": "asked for in one stage of the talks, which few histories reach after the change",
    "doctrine.": "asked for in turns that few histories take",
}


def standing() -> list[Number]:
    """Return every number of the reference scenario that a run reads on its way, laws part by part."""
    entries = compiled(REFERENCE).entries.values()
    return [(entry, path) for entry in entries if entry.phase == "standing" for path in entry.value_paths()]


def _leaves_a_trace(entry: Entry, path: str) -> bool:
    """Change a number in mid-run, in one history after another; tell whether anything else came of it.

    Raises:
        AssertionError: If what was before the change is not what it was.
    """
    base = compiled(REFERENCE)
    for replication in range(HISTORIES):
        told = log_of(REFERENCE, replication)
        now = dict(told[0].values)[path]
        for moment in MOMENTS:
            at_s = int(moment * base.duration_s)
            for value in changed_values(entry, path, now):
                other = run(base, seed=1, replication=replication, changes=((at_s, path, value),)).facts
                before, after = split(other)
                change = other[len(before)]
                assert encode(before) == encode(told[: len(before)]), f"{path} changed what was before it"
                assert (change.time_s, change.kind) == (at_s, "AssumptionChanged")
                if after != told[len(before) :]:
                    return True
    return False


def _silent(paths: list[Number]) -> list[str]:
    return [path for entry, path in paths if not _leaves_a_trace(entry, path)]


def test_a_sample_of_numbers_can_change_on_the_way() -> None:
    """Every n-th number of the mechanisms, changed in mid-run, changes some history from then on and not before."""
    often = [(entry, path) for entry, path in standing() if not path.startswith(tuple(SELDOM))]
    assert _silent(often[:: len(often) // SAMPLE]) == []


@pytest.mark.long  # two wars for every number
@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_number_of_the_mechanisms_can_change_on_the_way(block: int) -> None:
    """No standing number of a mechanism, kind of ground or pool is read at the start alone."""
    often = [(entry, path) for entry, path in standing() if not path.startswith(tuple(SELDOM))]
    assert _silent(often[block::BLOCKS]) == []


@pytest.mark.long  # two wars for every number
@pytest.mark.parametrize("block", range(BLOCKS))
def test_most_numbers_of_places_ways_and_plans_can_change_on_the_way(block: int) -> None:
    """Four in five numbers that are seldom asked for leave a trace in one of these histories."""
    seldom = [(entry, path) for entry, path in standing() if path.startswith(tuple(SELDOM))]
    silent = _silent(seldom[block::BLOCKS])
    print(f"block {block}: {silent}")
    assert len(silent) <= len(seldom[block::BLOCKS]) / 5


def test_a_leg_that_changes_at_once_was_always_so() -> None:
    """Changed in the first second, before anybody looks at it, a travel time is as if it had been so from the start."""
    base = compiled(REFERENCE, ("supply.enabled=false",))  # convoys look for their ways at once
    plain = run(base, seed=1).facts
    values = dict(plain[0].values)
    times = [(entry, entry.path) for entry in base.entries.values() if ".travel_time_h_" in entry.path]
    differing = 0
    for entry, path in times[:: len(times) // 10]:
        [value, *_] = changed_values(entry, path, values[path])
        before, after = split(run(base, seed=1, changes=((0, path, value),)).facts)
        always = run(with_value(base, path, value), seed=1).facts
        assert [*before[1:], *after] == always[1:], path
        differing += always[1:] != plain[1:]
    assert differing > 3, "some of these legs are travelled"


def test_what_is_eaten_changes_with_the_ration_and_the_books_still_balance() -> None:
    """Every invariant holds after a change, at the new rate and not before."""
    at_s = 400_000
    for path, value in (("supply.food_kg_per_person_day.rest", 2.0), ("supply.footpath_leak_share", 0.9)):
        invariants = Invariants(audit_every=10)
        done = run(compiled(TWO_VALLEYS), seed=1, replication=1, changes=((at_s, path, value),), tap=invariants)
        invariants.finish(done.facts, done.state)
        [change] = [fact for fact in done.facts if isinstance(fact, f.AssumptionChanged)]
        assert (change.time_s, change.assumption, change.value) == (at_s, path, value)


def test_a_change_to_the_same_value_is_none() -> None:
    """Nothing is told of a number that stays what it is."""
    values = dict(play(TWO_VALLEYS).facts[0].values)
    same = (90_000, "movement.time_factor", values["movement.time_factor"])
    assert run(compiled(TWO_VALLEYS), seed=1, changes=(same,)).sha256 == play(TWO_VALLEYS).sha256


@pytest.mark.parametrize(
    ("time_s", "path", "words"),
    [
        (5, "forces.northerners.strength", "forces.northerners.strength cannot change on the way"),
        (5, "no.such.number", "no.such.number cannot change on the way"),
        (-1, "movement.time_factor", "movement.time_factor cannot change at second -1"),
        (10**9, "movement.time_factor", "movement.time_factor cannot change at second 1000000000"),
    ],
)
def test_what_is_read_once_cannot_change_on_the_way(time_s: int, path: str, words: str) -> None:
    """A change of a number that is read at the start, of none at all, or outside the campaign is refused."""
    with pytest.raises(InputError, match=words):
        run(compiled(TWO_VALLEYS), seed=1, changes=((time_s, path, 1.0),))
