"""Skill, and how much of it one history can show."""

from __future__ import annotations

import numpy as np

from sim.compare.blocks import blocks_of
from sim.compare.matching import Answer, Question, answered
from sim.compare.result import Skill
from sim.compare.skill import ALL, HELD_OUT, OPEN, played, scores, skills
from sim.domain.claims import Claim, Event, Window
from sim.domain.terms import DAY

HORIZON = 20 * DAY


def question(times_days: np.ndarray, first: float, last: float) -> Question:
    window = (round(first * DAY), round(last * DAY))
    claim = Claim("c", "e", "c", "x", "", "s", "asserts", Event("attack"), Window("moment", *window, "rule", 1))
    times_s = np.where(times_days < 20, times_days * DAY, np.inf)
    return Question(claim, "facts", window, False, times_s, np.arange(len(times_s)))


def ensemble(spread: float, size: int = 600, events: int = 10) -> list[np.ndarray]:
    """Return the dates of some events around days 3, 4, 5, ..., rarely never."""
    rng = np.random.default_rng(1)
    return [np.where(rng.random(size) < 0.9, day + rng.normal(0, spread, size), 99) for day in range(3, 3 + events)]


def answers(asked: list[Question]) -> list[Answer]:
    blocks = blocks_of(asked[0].draws)
    return [answered(question, HORIZON, blocks) for question in asked]


def told(asked: list[Question], halves: dict[str, np.ndarray] | None = None) -> list[Skill]:
    """Return skill where persistence says of everything that it never happens."""
    still = [np.inf] * len(asked)
    halves = halves or {ALL: np.ones(len(asked), dtype=bool)}
    return skills(answers(asked), still, HORIZON, played(asked, still, HORIZON), halves)


def test_a_model_that_knows_the_dates_beats_every_null():
    """Sharp dates in the right windows are better than ignorance, by more than the spread of one history."""
    asked = [question(times, day - 0.5, day + 0.5) for day, times in enumerate(ensemble(0.5), start=3)]
    found = told(asked)
    assert {skill.null for skill in found} == {"uniform", "persistence", "label-permuted"}
    assert all(skill.low > 0 and skill.told_apart for skill in found)


def test_a_model_that_knows_the_wrong_dates_is_worse_than_ignorance():
    """Sharp dates in the wrong windows lose against uniform dates."""
    asked = [question(times, day + 6.5, day + 7.5) for day, times in enumerate(ensemble(0.5), start=3)]
    uniform = next(skill for skill in told(asked) if skill.null == "uniform")
    assert uniform.high < 0


def test_a_model_that_knows_no_more_cannot_be_told_from_the_null():
    """Dates as uniform as the null's leave an interval around zero."""
    rng = np.random.default_rng(2)
    dates = [np.where(rng.random(600) < 0.9, rng.uniform(0, 20, 600), 99) for _ in range(10)]
    asked = [question(times, day, day + 2) for day, times in enumerate(dates, start=2)]
    uniform = next(skill for skill in told(asked) if skill.null == "uniform")
    assert uniform.low < 0 < uniform.high
    assert not uniform.told_apart


def test_a_model_that_mixes_up_its_events_is_no_better_than_its_shuffled_dates():
    """All events on the same dates: to shuffle the labels changes nothing."""
    rng = np.random.default_rng(3)
    asked = [question(rng.normal(8, 2, 600), 7 + day / 10, 8 + day / 10) for day in range(10)]
    shuffled = next(skill for skill in told(asked) if skill.null == "label-permuted")
    assert abs(shuffled.skill) < 0.1
    assert not shuffled.told_apart


def test_the_expected_skill_is_that_of_the_model_s_own_histories():
    """If history is a replication, its skill lies within the expected 90 % about nine times in ten."""
    inside = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        dates = [rng.normal(day, 2.0, 400) for day in range(4, 14)]
        truth = [min(max(rng.normal(day, 2.0), 0.5), 19.0) for day in range(4, 14)]
        asked = [question(times, day - 0.5, day + 0.5) for times, day in zip(dates, truth, strict=True)]
        skill = next(one for one in told(asked) if one.null == "uniform" and one.name == "log")
        inside += skill.expected[0] <= skill.skill <= skill.expected[2]
    assert 47 <= inside <= 59  # 54 of 60 expected; 3 standard errors are 7


def test_more_replications_narrow_the_monte_carlo_interval():
    """The interval of a mean score is the Monte Carlo's: it narrows with the replications."""
    widths = []
    for size in (100, 1600):
        asked = [question(times, day - 1, day + 1) for day, times in enumerate(ensemble(2.0, size), start=3)]
        log = scores(answers(asked))[0]
        widths.append(log.high - log.low)
    assert widths[1] < widths[0] / 2


def test_few_replications_say_nothing_about_the_spread():
    """With fewer replications than can be held out the interval is everything."""
    asked = [question(times, day - 1, day + 1) for day, times in enumerate(ensemble(2.0, 8), start=3)]
    assert all(skill.low == -np.inf and skill.high == np.inf for skill in told(asked))
    assert all(score.low == -np.inf for score in scores(answers(asked)))


def test_both_halves_are_told_apart():
    """What is held out from tuning has a score of its own: here the model knows the open half and not the other."""
    asked = [
        question(times, day - 0.5 + 7 * (day > 7), day + 0.5 + 7 * (day > 7))
        for day, times in enumerate(ensemble(0.5), start=3)
    ]
    out = np.array([day > 7 for day in range(3, 13)])
    found = told(asked, {OPEN: ~out, HELD_OUT: out})
    by_half = {one.half: one for one in found if one.null == "uniform" and one.name == "log"}
    assert by_half[OPEN].low > 0
    assert by_half[HELD_OUT].high < 0
    assert by_half[OPEN].events == by_half[HELD_OUT].events == 5
