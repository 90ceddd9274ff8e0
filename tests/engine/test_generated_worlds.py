"""What holds in every world, however odd: runs end, books balance, replay is live, the same is the same."""

from __future__ import annotations

import signal
from collections import Counter
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, note, seed, settings

from sim.domain import facts as f
from sim.domain.invariants import Invariants
from sim.domain.state import State
from sim.engine import run
from sim.world import compile_scenario
from tests.generated import World, oddities, worlds

#: Worlds of one block, which hypothesis draws from the block's number.
WORLDS, WORLDS_AT_LENGTH = 60, 200
#: More facts than this in one second, or in all, is a world that runs in circles.
FACTS_PER_SECOND_MAX = 3_000
FACTS_MAX = 100_000
#: A run that tells nothing for so long (in real time) runs in circles without facts.
PATIENCE_S = 60

#: What must be among the worlds of every block, but for a few: else the generator has grown tame.
FEW_MISSING = 3
ODD = {
    "one side", "four sides", "an alliance", "a neutral", "a single place", "unjoined places", "a shut leg",
    "a leg that not all can take", "a pass for one vehicle in ten hours", "a place of nobody", "no depots", "talks",
    "an open lifeline", "telephones that may be cut", "several axes", "a mechanism off", "an hour long",
}  # fmt: skip
TURNS = {
    "EngagementBegan", "ForceBeaten", "ConvoyArrived", "RisingBegan", "SiegeBegan", "StockExhausted", "ForceDispersed",
    "TruceAgreed", "CommunicationsCut", "DepotCaptured", "ForceBlocked", "PoolReleased",
}  # fmt: skip


class Watch:
    """Checks the invariants of a run and gives up one that runs in circles."""

    def __init__(self) -> None:
        self.invariants = Invariants(audit_every=40)
        self._second = Counter[int]()

    def __call__(self, fact: f.Fact, state: State) -> None:
        """Look at a fact before it is applied."""
        self._second = Counter({fact.time_s: self._second[fact.time_s] + 1})
        if self._second[fact.time_s] > FACTS_PER_SECOND_MAX:
            raise AssertionError(f"more than {FACTS_PER_SECOND_MAX:,} facts in second {fact.time_s}, last {fact}")
        if fact.seq > FACTS_MAX:
            raise AssertionError(f"more than {FACTS_MAX:,} facts, last {fact}")
        self.invariants(fact, state)


def _out_of_patience(number: int, frame: FrameType | None) -> None:
    raise AssertionError(f"no end after {PATIENCE_S} s: the world runs in circles without facts")


def check(world: World) -> list[f.Fact]:
    """Run a world to its horizon, twice; return its facts.

    Raises:
        AssertionError: If it does not end, or two runs differ.
        Exception: Whatever the engine or an invariant finds wrong.
    """
    compiled, watch = compile_scenario(world.scenario()), Watch()
    before = signal.signal(signal.SIGALRM, _out_of_patience)
    signal.alarm(PATIENCE_S)
    try:
        done = run(compiled, seed=world.seed, tap=watch)
        watch.invariants.finish(done.facts, done.state)
        assert run(compiled, seed=world.seed).sha256 == done.sha256
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert isinstance(done.facts[-1], f.RunEnded)
    return done.facts


def _check_block(block: int, count: int) -> tuple[Counter[str], Counter[str]]:
    """Check the worlds of a block; return how many were odd in which way, and in how many a kind of fact came up."""
    odd, turns = Counter[str](), Counter[str]()

    @seed(block)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),  # an odd world takes long to make and to play, and is meant to
    )
    @given(worlds())
    def holds(world: World) -> None:
        note(world.told())
        facts = check(world)
        odd.update(oddities(world) | {"worlds"})
        turns.update({fact.kind for fact in facts})

    holds()
    return odd, turns


def test_odd_worlds_obey_the_rules_of_every_world() -> None:
    """However odd a valid world is: it runs to its horizon, its books balance after every fact, nobody is in two
    places, the log folds to the live state, and the same inputs give the same log.
    """
    odd, turns = _check_block(0, WORLDS)
    assert len(ODD - odd.keys()) <= FEW_MISSING, ODD - odd.keys()
    assert len(TURNS - turns.keys()) <= FEW_MISSING, TURNS - turns.keys()


@pytest.mark.long  # ten thousand worlds
@pytest.mark.parametrize("block", range(100, 150))
def test_ten_thousand_odd_worlds_obey_the_rules_of_every_world(block: int) -> None:
    """The same for two hundred worlds in each of fifty blocks; run with -s it tells what was among them."""
    odd, turns = _check_block(block, WORLDS_AT_LENGTH)
    print(f"block {block}: {dict(odd.most_common())}, kinds of facts by worlds: {dict(turns.most_common())}")
    assert odd["worlds"] >= WORLDS_AT_LENGTH
