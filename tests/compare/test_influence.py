"""What moves an event over the draws of a batch, and what is only noise."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sim.compare.blocks import blocks_of
from sim.compare.influence import assumptions_of, by_option, influences, ranks
from sim.compare.matching import Question, answered, row
from sim.compare.result import EventRow
from sim.domain.claims import Claim, Event, Window
from sim.domain.terms import DAY
from sim.scenario.numbers import Entry

HORIZON = 20 * DAY
DRAWS, PER_DRAW = 150, 4


def entry(path: str, options: tuple[str, ...] = ()) -> Entry:
    return Entry(
        path=path, law="uniform", parts={"min": 0, "max": 1}, kind="epistemic", use="run", phase="standing", unit="",
        ge=None, le=None, meaning="", basis=None, refs=(), confidence=None, shared=None, note=None, options=options,
    )  # fmt: skip


def batch(seed: int, noise: int = 30, draws: int = DRAWS) -> tuple[pa.Table, dict[str, Entry]]:
    """Return the values of some draws: many numbers, one of them twice, and a choice of three names."""
    rng = np.random.default_rng(seed)
    drawn = {f"noise.n{index}": rng.random(draws) for index in range(noise)}
    drawn |= {"force.strength": rng.random(draws), "law": rng.integers(0, 3, draws).astype(float)}
    drawn |= {"force.twin": 10 * drawn["force.strength"], "fixed": np.full(draws, 7.0)}
    entries = {path: entry(path, ("mixed", "square", "linear") if path == "law" else ()) for path in drawn}
    replications = np.arange(draws * PER_DRAW)
    columns = {path: np.repeat(values, PER_DRAW) for path, values in drawn.items()}
    return pa.table({"replication": replications, "draw": replications // PER_DRAW, **columns}), entries


def event(values: pa.Table, chance: np.ndarray, seed: int = 1) -> EventRow:
    """Return an event that happens on day 5 with these chances, one per replication."""
    window = Window("moment", 0, HORIZON, "rule", 1)
    claim = Claim("c", "fall", "c", "x", "", "s", "asserts", Event("capture"), window, label="The fall")
    times = np.where(np.random.default_rng(seed).random(len(chance)) < chance, 5.0 * DAY, np.inf)
    draws = values.column("draw").to_numpy()
    question = Question(claim, "facts", (0, HORIZON), False, times, draws)
    return row(answered(question, HORIZON, blocks_of(draws)), HORIZON, {}, given=False)


def column(values: pa.Table, path: str) -> np.ndarray:
    return values.column(path).to_numpy()


def test_what_moves_an_event_is_found_among_noise():
    """A number and a choice that move an event are named, the stronger first, with what they do; nothing else is."""
    values, entries = batch(1)
    chance = 0.1 + 0.6 * column(values, "force.strength") + 0.25 * (column(values, "law") == 2)
    [found] = influences([event(values, chance)], values, entries)
    number, choice = found.movers
    assert (number.path, number.same, choice.path) == ("force.strength", ("force.twin",), "law")
    assert number.correlation is not None
    assert number.correlation > 0.4
    low, high = (chance for _, chance in number.chances)
    assert low.high < high.low
    assert choice.correlation is None
    assert [name for name, _ in choice.chances] == ["mixed", "square", "linear"]
    assert found.decided_by == ""
    assert found.most is not None
    assert 0.05 < found.most.explains < 0.3


def test_an_assumption_that_settles_an_event_alone_is_named():
    """If the event happens exactly where a number is high, that number decides it."""
    values, entries = batch(2)
    [found] = influences([event(values, (column(values, "force.strength") > 0.4) * 1.0)], values, entries)
    assert found.decided_by == "force.strength"


def test_noise_is_rarely_taken_for_influence():
    """Where nothing matters, something is named in some five of a hundred batches, however many numbers there are."""
    named = 0
    for seed in range(80):
        values, entries = batch(seed, noise=40, draws=40)
        [found] = influences([event(values, np.full(160, 0.4), seed)], values, entries)
        named += bool(found.movers)
    assert named <= 10


def test_nothing_moves_what_always_happens():
    """An event without variance has no movers and no verdict."""
    values, entries = batch(1)
    [found] = influences([event(values, np.ones(DRAWS * PER_DRAW))], values, entries)
    assert (found.movers, found.most, found.decided_by) == ((), None, "")


def test_few_draws_say_nothing():
    """From fewer than twenty draws no influence is told."""
    values, entries = batch(1, draws=10)
    [found] = influences([event(values, column(values, "force.strength"))], values, entries)
    assert (found.movers, found.most) == ((), None)


def test_only_what_differs_between_draws_is_an_assumption():
    """Constants, and numbers that the register does not know, are left out; twins are one."""
    values, entries = batch(1, noise=1)
    del entries["noise.n0"]
    found = assumptions_of(values, entries, np.arange(DRAWS))
    assert [one.path for one in found] == ["force.strength", "law"]


def test_each_option_of_a_choice_has_its_chances():
    """For a choice every event gets a chance per option, from the draws that have it."""
    values, entries = batch(3)
    square = column(values, "law") == 1
    [table] = by_option([event(values, np.where(square, 1.0, 0.0))], values, entries)
    [(event_id, label, chances)] = table.rows
    assert (table.path, event_id, label) == ("law", "fall", "The fall (claimed)")
    assert {name: chance.p for name, chance in chances} == {"mixed": 0, "square": 1, "linear": 0}
    assert dict(chances)["square"].n == square.sum()
    assert dict(chances)["square"].draws == square.sum() / PER_DRAW


def test_equal_values_share_their_rank():
    """Ranks begin at 1; equal values have the mean of the ranks they take."""
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])) == pytest.approx([3.5, 1, 3.5, 2])
