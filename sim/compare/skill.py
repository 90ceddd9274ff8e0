"""Mean scores with their Monte Carlo error, and skill against the nulls with its spread under the model itself.

One reported history says little: to see how much, held-out replications play history. Each is scored
as the reported one is, with windows of the same width around its own dates, against the replications
that are not held out; the spread of skill over these plays is the spread to expect of one history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.compare.blocks import BLOCKS, interval
from sim.compare.forecasts import Cases, Forecast, Losses
from sim.compare.matching import Answer, Question, case_of
from sim.compare.nulls import NULLS, null_losses
from sim.compare.result import Score, Skill
from sim.observation.theatre import Bools, Floats
from sim.projections.spread import draw_codes

#: Scores, with their units.
UNITS = {"log": "nats per event", "brier": "per event", "crps": "days per event"}
#: Which events a mean is over: all that are scored, those that tuning may look at, those that it may not.
ALL, OPEN, HELD_OUT = "all", "open", "held out"
#: Skill is told by these.
_TOLD = ("log", "crps")
_HISTORIES_MAX = 400


def scores(answers: Sequence[Answer], half: str = ALL) -> list[Score]:
    """Return the mean of each score over some events, smaller is better, with a 95 % Monte Carlo interval.

    The interval is by the delete-a-block jackknife over 20 blocks of draws (Künsch 1989).

    Args:
        answers: The events that are scored.
        half: Which events these are.
    """
    found = []
    for name, unit in UNITS.items():
        asked = [one for one in answers if name != "crps" or not one.question.yes_no]
        if not asked:
            continue
        mean = float(np.mean([getattr(one.losses, name)[0] for one in asked]))
        without = np.mean([getattr(one.without, name) for one in asked], axis=0)
        found.append(Score(asked[0].question.against, name, unit, mean, *interval(mean, without), len(asked), half))
    return found


@dataclass(frozen=True, slots=True)
class Plays:
    """Some events as the reported history has them and as held-out replications play them.

    ``cases`` have a row for each play and one event each; ``losses`` are the model's and the nulls', shape
    (plays, events), the model's by the replications that are not held out, ``fewer`` of them. ``reported`` are
    the losses of the reported history by the same forecasts.
    """

    cases: tuple[Cases, ...]
    losses: Mapping[str, Losses]
    reported_cases: tuple[Cases, ...]
    reported: Losses
    fewer: int

    def __len__(self) -> int:
        return len(self.cases[0])


MODEL = "model"


def played(questions: Sequence[Question], still_s: Sequence[float], horizon_s: int) -> Plays | None:
    """Return the losses when held-out replications play history; None for too few draws or no event.

    Every second draw is held out, or fewer where there are very many, and one replication of each plays: one of the
    same assumptions as a forecast's would be no stranger to it, and two of the same would be none to each other.
    """
    if not questions:
        return None
    code = draw_codes(questions[0].draws)
    draws = int(code.max(initial=-1)) + 1
    step = max(2, draws // _HISTORIES_MAX)
    out = np.arange(step - 1, draws, step)
    kept = ~np.isin(code, out)
    if np.count_nonzero(kept) < BLOCKS or len(out) < BLOCKS:
        return None
    first = np.flatnonzero(~kept)[np.unique(code[~kept], return_index=True)[1]]
    forecasts = [Forecast(question.times_s[kept], horizon_s) for question in questions]
    cases = tuple(_played(question, question.times_s[first], horizon_s) for question in questions)
    reported = tuple(case_of(question, horizon_s) for question in questions)
    model = Losses.stacked([one.losses(case) for one, case in zip(forecasts, cases, strict=True)])
    return Plays(
        cases,
        {MODEL: model, **null_losses(cases, forecasts, still_s, horizon_s)},
        reported,
        Losses.stacked([one.losses(case) for one, case in zip(forecasts, reported, strict=True)]),
        int(np.count_nonzero(kept)),
    )


def skills(
    answers: Sequence[Answer], still_s: Sequence[float], horizon_s: int, plays: Plays | None,
    halves: Mapping[str, Bools],
) -> list[Skill]:  # fmt: skip
    """Return the skill of the model against the nulls, by log score and by CRPS.

    Args:
        answers: The headline events that are scored.
        still_s: Their dates in a world in which nothing moves.
        horizon_s: Nothing later is known.
        plays: The same events as held-out replications play them.
        halves: Which events belong to each half.
    """
    if not answers:
        return []
    cases = [case_of(one.question, horizon_s) for one in answers]
    forecasts = [one.forecast for one in answers]
    model = Losses.stacked([one.losses for one in answers])
    nulls = null_losses(cases, forecasts, still_s, horizon_s)
    dated = np.array([not case.yes_no for case in cases])
    found = []
    for half, inside in halves.items():
        for name in _TOLD:
            which = inside & (dated if name == "crps" else True)
            if not which.any():
                continue
            for null in NULLS:
                expected = None
                if plays is not None:
                    expected = _mean(plays.losses[null], name, which) - _mean(plays.losses[MODEL], name, which)
                found.append(
                    _skill(answers[0].question.against, half, null, name, _mean(model, name, which),
                           _mean(nulls[null], name, which), expected, int(which.sum()))
                )  # fmt: skip
    return found


def _skill(
    against: str, half: str, null: str, name: str, model: Floats, null_mean: Floats, expected: Floats | None,
    events: int,
) -> Skill:  # fmt: skip
    skill = float(null_mean[0] - model[0])
    low, high, quantiles = -np.inf, np.inf, (np.nan, np.nan, np.nan)
    if expected is not None:
        spread = _quantiles(expected - expected.mean())
        low, high, quantiles = skill - spread[2], skill - spread[0], _quantiles(expected)
    return Skill(
        against=against, null=null, name=name, unit=UNITS[name], model=float(model[0]), null_mean=float(null_mean[0]),
        skill=skill, low=low, high=high, expected=quantiles, events=events, half=half,
    )  # fmt: skip


def _mean(losses: Losses, name: str, which: Bools) -> Floats:
    return np.asarray(getattr(losses, name)[:, which].mean(axis=1))


def _quantiles(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return low, middle, high


def _played(question: Question, dates_s: Floats, horizon_s: int) -> Cases:
    """Return what history shows if it is one of these dates: a window as wide as the reported one around it."""
    horizon, nothing = float(horizon_s), np.zeros(len(dates_s))
    if question.yes_no:
        return Cases(True, nothing, nothing, np.isfinite(dates_s))
    width = min(question.window[1], horizon_s) - max(question.window[0], 0)
    happened = dates_s <= horizon
    low = np.minimum(np.maximum(np.where(happened, dates_s, horizon) - width / 2, 0.0), horizon - width)
    return Cases(False, np.where(happened, low, horizon), np.where(happened, low + width, horizon), happened)
