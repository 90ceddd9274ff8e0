"""Forks: the stored history up to a moment, another one after it, and what came of the change."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from sim import load_scenario, open_batch
from sim.batch import fork, fork_batch, run_batch
from sim.domain import facts as f
from sim.domain.terms import DAY
from sim.engine import run
from sim.errors import InputError, StoreError
from sim.projections.difference import parting
from sim.scenario.interventions import read_interventions, setting, standing_value
from sim.scenario.numbers import register
from sim.store.manifest import read_manifest, write_manifest
from tests.worlds import INVENTED, TWO_VALLEYS, compiled

AT = 4 * DAY
#: The moment of AT in the scenario of the three rivers.
MOMENT = (load_scenario(INVENTED).scenario.start + timedelta(seconds=AT)).isoformat()
SLOWER = {"at": MOMENT, "set": {"movement.time_factor": 3}}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve histories of the three rivers, two of each draw."""
    folder = tmp_path_factory.mktemp("batches") / "rivers"
    run_batch(load_scenario(INVENTED), folder, replications=12, seed=1, per_draw=2, workers=1, check_every=0)
    return folder


def test_a_fork_is_the_stored_history_up_to_its_moment_and_the_change_comes_first(batch: Path) -> None:
    """Every fact before it is the same, one by one; the next is the change; the log is that of the engine."""
    for replication in range(4):
        found = fork(batch, replication, [SLOWER])
        until = found.parting.same_until
        assert found.before[:until] == found.after.facts[:until]
        assert all(fact.time_s <= AT for fact in found.before[:until])
        change = found.after.facts[until]
        assert isinstance(change, f.AssumptionChanged)
        assert (change.time_s, change.assumption, change.value) == (AT, "movement.time_factor", 3.0)
        again = run(
            compiled(INVENTED),
            seed=1,
            replication=replication,
            per_draw=2,
            changes=((AT, "movement.time_factor", 3.0),),
        )
        assert again.sha256 == found.after.sha256


def test_every_fact_after_the_parting_is_accounted_for_once(batch: Path) -> None:
    """It stays, moves, is gone or is new: the numbers add up on both sides, and who moved says the same."""
    moved = new = 0
    for replication in range(6):
        found = fork(batch, replication, [SLOWER])
        parted, first, second = found.parting, found.before, found.after.facts
        assert parted.same_until + parted.stayed + len(parted.moved) + len(parted.gone) == len(first)
        assert parted.same_until + parted.stayed + len(parted.moved) + len(parted.new) == len(second)
        for before, after in parted.moved:
            assert first[before].kind == second[after].kind
        assert parted.led <= set(parted.new)
        assert parted.same_until in parted.led
        moved, new = moved + len(parted.moved), new + len(parted.new)
    assert moved > 50
    assert new > 50


def test_what_follows_from_the_change_names_it_among_its_causes(batch: Path) -> None:
    """Following the log back from a fact that was led by the change one comes to the change."""
    for replication in range(4):
        found = fork(batch, replication, [{"at": MOMENT, "set": {"cohesion.quiet_desertion_rate_per_day": 0.5}}])
        facts, first = found.after.facts, found.parting.same_until
        assert len(found.parting.led) > 1
        for seq in found.parting.led:
            reached, edge = set[int](), [seq]
            while edge:
                number = edge.pop()
                if number >= first and number not in reached:
                    reached.add(number)
                    edge += [facts[number].cause, *facts[number].because]
            assert first in reached


def test_a_change_to_what_is_so_already_changes_nothing(batch: Path) -> None:
    """The same value is no change: not a fact differs."""
    facts = open_batch(batch).log(2)
    value = dict(facts[0].values)["movement.time_factor"]
    found = fork(batch, 2, [{"at": MOMENT, "set": {"movement.time_factor": value}}])
    assert found.after.facts == facts
    assert (found.parting.moved, found.parting.gone, found.parting.new) == ((), (), ())


def test_a_batch_that_does_not_come_out_again_is_not_forked(batch: Path, tmp_path: Path) -> None:
    """If what is stored is not what comes of the seed, the difference would not be that of the change."""
    other = tmp_path / "other"
    other.mkdir()
    for path in batch.rglob("*"):
        target = other / path.relative_to(batch)
        target.mkdir(exist_ok=True) if path.is_dir() else target.write_bytes(path.read_bytes())
    write_manifest(other, {**read_manifest(other), "seed": 7})
    with pytest.raises(StoreError, match="comes out otherwise than it is stored, from fact 0 on"):
        fork(other, 2, [SLOWER])


def test_many_forks_have_the_same_draws_as_their_histories(batch: Path, tmp_path: Path) -> None:
    """Each of them is the fork of that history; they are made as any batch is."""
    forked = fork_batch(batch, tmp_path / "forked", [SLOWER], replications=6, workers=2)
    assert forked.replications == 6
    for replication in range(6):
        assert forked.hash_of(replication) == fork(batch, replication, [SLOWER]).after.sha256


def test_a_fork_is_data_from_which_it_can_be_made_again(batch: Path, tmp_path: Path) -> None:
    """Base, replication, what was changed when, and the hashes of both logs; plain JSON."""
    found = fork(batch, 1, [SLOWER, {"at": MOMENT, "set": {"supply.reorder_days": 1}, "note": "sooner"}])
    told = json.loads(json.dumps(found.as_data()))
    again = fork(told["base"]["directory"], told["base"]["replication"], told["interventions"])
    kept = tmp_path / "fork.json"
    kept.write_text(json.dumps(told))
    assert read_interventions(kept) == again.interventions == found.interventions
    assert again.after.sha256 == told["sha256"]
    assert open_batch(batch).hash_of(1) == told["base"]["sha256"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("movement.time_factor", "no path=value"),
        ("movement.time_facto=2", "did you mean 'movement.time_factor'?"),
        ("movement.time_factor=fast", "movement.time_factor=fast: not a number"),
        ("movement.time_factor=100", "not between 0.2 and 10"),
        ("supply.siege_after=7", "not an ISO 8601 duration such as PT6H or P3D"),
        ("combat.law=cubic", "no option of it; one of mixed, square, linear, guerrilla"),
        ("forces.northerners.strength=5", "read once, at the start; make another batch with --set forces.northerners"),
        (
            "combat.bout_duration=PT6H",
            "drawn anew each time it is used; change what its law is made of: combat.bout_dur",
        ),
    ],
)
def test_what_cannot_change_on_the_way_is_refused_with_what_to_do(text: str, words: str) -> None:
    """Unknown paths, values that are none, numbers that a run reads at the start only."""
    with pytest.raises(InputError) as raised:
        standing_value(register(compiled(TWO_VALLEYS).scenario), *setting(text))
    assert words in str(raised.value)


def test_logs_without_a_difference_have_none() -> None:
    """A log and itself: all the same, nothing after it."""
    facts = run(compiled(TWO_VALLEYS), seed=1).facts
    parted = parting(facts, facts)
    assert (parted.same_until, parted.stayed, parted.gone, parted.new, parted.led) == (
        len(facts),
        0,
        (),
        (),
        frozenset(),
    )
