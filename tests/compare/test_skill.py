"""Skill, and how much of it one history can show."""

from __future__ import annotations

import numpy as np

from sim.compare.matching import Question
from sim.compare.skill import scores, skills
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


def test_a_model_that_knows_the_dates_beats_both_nulls():
    """Sharp dates in the right windows are better than ignorance, by more than the spread of one history."""
    asked = [question(times, day - 0.5, day + 0.5) for day, times in enumerate(ensemble(0.5), start=3)]
    found = skills(asked, [np.inf] * len(asked), HORIZON)
    assert all(skill.low > 0 and skill.told_apart for skill in found)


def test_a_model_that_knows_the_wrong_dates_is_worse_than_ignorance():
    """Sharp dates in the wrong windows lose against uniform dates."""
    asked = [question(times, day + 6.5, day + 7.5) for day, times in enumerate(ensemble(0.5), start=3)]
    uniform = next(skill for skill in skills(asked, [np.inf] * 10, HORIZON) if skill.null == "uniform")
    assert uniform.high < 0


def test_a_model_that_knows_no_more_cannot_be_told_from_the_null():
    """Dates as uniform as the null's leave an interval around zero."""
    rng = np.random.default_rng(2)
    dates = [np.where(rng.random(600) < 0.9, rng.uniform(0, 20, 600), 99) for _ in range(10)]
    asked = [question(times, day, day + 2) for day, times in enumerate(dates, start=2)]
    uniform = next(skill for skill in skills(asked, [np.inf] * 10, HORIZON) if skill.null == "uniform")
    assert uniform.low < 0 < uniform.high
    assert not uniform.told_apart


def test_more_replications_narrow_the_monte_carlo_interval():
    """The interval of a mean score is the Monte Carlo's: it narrows with the replications."""
    widths = []
    for size in (100, 1600):
        asked = [question(times, day - 1, day + 1) for day, times in enumerate(ensemble(2.0, size), start=3)]
        log = scores(asked, HORIZON)[0]
        widths.append(log.high - log.low)
    assert widths[1] < widths[0] / 2


def test_few_replications_say_nothing_about_the_spread():
    """With fewer replications than can be held out the interval is everything."""
    asked = [question(times, day - 1, day + 1) for day, times in enumerate(ensemble(2.0, 8), start=3)]
    assert all(skill.low == -np.inf and skill.high == np.inf for skill in skills(asked, [np.inf] * 10, HORIZON))
    assert all(score.low == -np.inf for score in scores(asked, HORIZON))
