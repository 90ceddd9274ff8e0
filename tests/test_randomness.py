"""Named draws: each depends on its own name and on nothing that was drawn before."""

from __future__ import annotations

import pytest

from sim.randomness import Randomness, choose, purpose, purposes, uniforms

#: What uniforms(7, 3, "test", "somebody", 2) begins with.
PINNED = (0.5778834687369552, 0.7246755607784885)


def test_uniforms_lie_between_0_and_1_and_are_even() -> None:
    """Ten thousand draws are inside (0, 1), with the mean and variance of the uniform law."""
    drawn = [u for n in range(1_250) for u in uniforms(1, 0, "test", "range", n)]
    assert len(drawn) == 10_000
    assert 0 < min(drawn) < 0.01
    assert 0.99 < max(drawn) < 1
    mean = sum(drawn) / len(drawn)
    assert mean == pytest.approx(0.5, abs=0.01)
    assert sum((u - mean) ** 2 for u in drawn) / len(drawn) == pytest.approx(1 / 12, abs=0.002)


def test_a_draw_is_the_same_wherever_and_whenever_it_is_made() -> None:
    """A draw is a function of its five names: this one is pinned, on every platform and in every order."""
    randomness = Randomness(7, 3)
    first = randomness.uniforms("test", "somebody", 2)
    randomness.uniforms("test", "somebody else", 0)
    assert randomness.uniforms("test", "somebody", 2) == first == uniforms(7, 3, "test", "somebody", 2)
    assert randomness.uniform("test", "somebody", 2) == first[0]
    assert first[:2] == PINNED


def test_every_part_of_the_name_makes_another_draw() -> None:
    """Another seed, replication, purpose, subject or count gives eight other numbers, unlike the first."""
    names = [
        (1, 0, "test", "a", 0), (2, 0, "test", "a", 0), (1, 1, "test", "a", 0), (1, 0, "other", "a", 0),
        (1, 0, "test", "b", 0), (1, 0, "test", "a", 1), (1, 0, "testa", "", 0),
    ]  # fmt: skip
    drawn = [u for name in names for u in uniforms(*name)]
    assert len(set(drawn)) == 8 * len(names)


def test_draws_of_two_subjects_do_not_go_together() -> None:
    """The correlation between the draws of two subjects is that of chance."""
    n = 4_000
    a = [uniforms(1, k, "test", "a")[0] - 0.5 for k in range(n)]
    b = [uniforms(1, k, "test", "b")[0] - 0.5 for k in range(n)]
    correlation = sum(x * y for x, y in zip(a, b, strict=True)) / n * 12
    assert abs(correlation) < 4 / n**0.5


def test_a_purpose_is_registered_once() -> None:
    """Two places of the program cannot draw for the same purpose."""
    name = purpose("test.registered-once")
    assert name in purposes()
    with pytest.raises(ValueError, match=r"'test\.registered-once' is registered twice"):
        purpose(name)


def test_a_new_candidate_takes_over_some_choices_and_reshuffles_none() -> None:
    """Whoever does not choose the new candidate chooses whom he chose before."""
    changed = 0
    for k in range(2_000):
        randomness = Randomness(1, k)

        def own(name: str, randomness: Randomness = randomness) -> float:
            return randomness.uniform("test", name)

        before = choose({"a": 1.0, "b": 2.0}, own)
        after = choose({"a": 1.0, "b": 2.0, "c": 1.0}, own)
        assert after in (before, "c")
        changed += after != before
    assert changed / 2_000 == pytest.approx(0.25, abs=0.04)


def test_candidates_are_chosen_in_proportion_to_their_weights() -> None:
    """A weight twice as large is chosen twice as often, a weight of 0 never."""
    chosen = [
        choose({"a": 1.0, "b": 2.0, "never": 0.0}, lambda name, k=k: uniforms(3, k, "test", name)[0])
        for k in range(3_000)
    ]
    assert chosen.count("never") == 0
    assert chosen.count("b") / 3_000 == pytest.approx(2 / 3, abs=0.04)


def test_there_must_be_something_to_choose_from() -> None:
    """A choice among nothing is an error."""
    with pytest.raises(ValueError, match="nothing to choose from"):
        choose({"a": 0.0}, lambda _: 0.5)
