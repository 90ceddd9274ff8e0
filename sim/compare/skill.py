"""Mean scores with their Monte Carlo error, and skill against the nulls with its spread under the model itself.

One reported history says little: to see how much, held-out replications play history. Each is scored
as the reported one is, with windows of the same width around its own dates, against the replications
that are not held out; the spread of skill over these plays is the spread to expect of one history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from sim.compare.matching import Question, losses_of, reported_class
from sim.compare.nulls import PERSISTENCE, UNIFORM, Case, base_rates, case_of, still_losses, uniform_losses
from sim.compare.result import Score, Skill
from sim.compare.scores import interval_crps, log_score, smoothed
from sim.compare.windows import classified, possible
from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.spread import draw_codes

NAMES = {"log": "nats per event", "brier": "per event", "crps": "days per event"}

_BLOCKS = 20
_HISTORIES = 60
_Z95 = 1.959963984540054


def scores(questions: Sequence[Question], horizon_s: int) -> list[Score]:
    """Return the mean of each score over some events, smaller is better, with a 95 % Monte Carlo interval.

    The interval is by the delete-a-block jackknife over 20 blocks of draws (Künsch 1989), all replications of
    a draw being in one block.
    """
    found = []
    blocks = kept_without(questions[0].draws) if questions else []
    for index, name in enumerate(NAMES):
        asked = [question for question in questions if name != "crps" or not question.yes_no]
        if not asked:
            continue
        mean = _mean(asked, index, horizon_s)
        without = np.array(
            [
                _mean([replace(q, times_s=q.times_s[kept], draws=q.draws[kept]) for q in asked], index, horizon_s)
                for kept in blocks
            ]
        )
        half = _Z95 * jackknifed(without) if blocks else np.inf
        found.append(Score(asked[0].against, name, NAMES[name], mean, mean - half, mean + half, len(asked)))
    return found


def kept_without(draws: Ints) -> list[Bools]:
    """Return for each of 20 blocks of draws which replications are left without it; none for fewer than 40 draws."""
    code = draw_codes(draws)
    if code.max(initial=-1) + 1 < 2 * _BLOCKS:
        return []
    return [code % _BLOCKS != block for block in range(_BLOCKS)]


def jackknifed(without: Floats) -> float:
    """Return the standard error of a statistic from its values without each block (Efron 1982, chapter 3)."""
    blocks = len(without)
    return float(np.sqrt((blocks - 1) / blocks * ((without - without.mean()) ** 2).sum()))


def _mean(questions: Sequence[Question], index: int, horizon_s: int) -> float:
    return float(np.mean([losses_of(question, horizon_s)[index] for question in questions]))


def skills(questions: Sequence[Question], still_s: Sequence[float], horizon_s: int) -> list[Skill]:
    """Return the skill of the model against both nulls, by log score and by CRPS.

    Args:
        questions: The headline events that are scored.
        still_s: Their dates in a world in which nothing moves.
        horizon_s: Nothing later is known.
    """
    if not questions:
        return []
    reported = [case_of(question, horizon_s) for question in questions]
    model = [losses_of(question, horizon_s) for question in questions]
    actual = _Losses(
        [(log, crps) for log, _, crps in model],
        _uniform(reported, horizon_s),
        [still_losses(case, date, horizon_s) for case, date in zip(reported, still_s, strict=True)],
    )
    plays = _plays(questions, still_s, horizon_s)
    found = []
    for index, name in ((0, "log"), (1, "crps")):
        if all(row[index] is None for row in actual.model):
            continue
        for null in (UNIFORM, PERSISTENCE):
            expected = np.array([play.skill(null, index) for play in plays])
            skill = actual.skill(null, index)
            spread = _quantiles(expected - expected.mean()) if len(expected) else (-np.inf, 0.0, np.inf)
            found.append(
                Skill(
                    against=questions[0].against, null=null, name=name, unit=NAMES[name],
                    model=_average(actual.model, index), null_mean=_average(actual.of(null), index), skill=skill,
                    low=skill - spread[2], high=skill - spread[0],
                    expected=_quantiles(expected) if len(expected) else (np.nan, np.nan, np.nan),
                    events=sum(row[index] is not None for row in actual.model),
                )
            )  # fmt: skip
    return found


_Pair = tuple[float, float | None]


class _Losses:
    """Log score and CRPS of every event, for the model and both nulls, of one history."""

    def __init__(self, model: Sequence[_Pair], uniform: Sequence[_Pair], still: Sequence[_Pair]) -> None:
        self.model = model
        self._nulls = {UNIFORM: uniform, PERSISTENCE: still}

    def of(self, null: str) -> Sequence[_Pair]:
        """Return the losses of a null."""
        return self._nulls[null]

    def skill(self, null: str, index: int) -> float:
        """Return how much less the model loses per event than a null."""
        return _average(self._nulls[null], index) - _average(self.model, index)


def _average(pairs: Sequence[_Pair], index: int) -> float:
    return float(np.mean([value for pair in pairs if (value := pair[index]) is not None]))


def _quantiles(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return low, middle, high


def _uniform(cases: Sequence[Case], horizon_s: int) -> list[_Pair]:
    rates = base_rates([case.reported == "in" for case in cases])
    return [uniform_losses(case, float(rate), horizon_s) for case, rate in zip(cases, rates, strict=True)]


def _plays(questions: Sequence[Question], still_s: Sequence[float], horizon_s: int) -> list[_Losses]:
    """Return the losses when each of some 60 held-out replications plays history.

    Whole draws are held out: a replication of the same assumptions would be no stranger to the forecast.
    """
    code = draw_codes(questions[0].draws)
    draws = int(code.max(initial=-1)) + 1
    step = max(10, draws // _HISTORIES)
    out = np.arange(step - 1, draws, step)
    kept = ~np.isin(code, out)
    if np.count_nonzero(kept) < _BLOCKS or len(out) < 2:
        return []
    held_out = np.flatnonzero(~kept)
    held_out = held_out[:: max(1, len(held_out) // _HISTORIES)]
    forecasts = [_forecast(np.sort(question.times_s[kept]), horizon_s) for question in questions]
    plays = []
    for one in held_out:
        cases = [_played(question, float(question.times_s[one]), horizon_s) for question in questions]
        plays.append(
            _Losses(
                [forecast(case) for forecast, case in zip(forecasts, cases, strict=True)],
                _uniform(cases, horizon_s),
                [still_losses(case, date, horizon_s) for case, date in zip(cases, still_s, strict=True)],
            )
        )
    return plays


def _forecast(times_s: Floats, horizon_s: int) -> Callable[[Case], _Pair]:
    """Return the model as a forecaster of one event, from the replications that are not held out."""

    def losses(case: Case) -> _Pair:
        if case.yes_no:
            so = int(np.isfinite(times_s).sum())
            found = {"in": so, "never": len(times_s) - so}
        else:
            found = classified(times_s, case.window, horizon_s)
        p = smoothed([found[name] for name in case.classes]).tolist()
        crps = None if case.yes_no else interval_crps(times_s, case.window, horizon_s=horizon_s)
        return log_score(p, case.classes.index(case.reported)), crps

    return losses


def _played(question: Question, date_s: float, horizon_s: int) -> Case:
    """Return what history shows if it is a held-out replication: a window as wide as the reported one."""
    if question.yes_no:
        classes, _ = reported_class(question, horizon_s)
        return Case(True, question.window, classes, "in" if np.isfinite(date_s) else "never")
    if date_s > horizon_s:
        return Case(False, (horizon_s, horizon_s), ("before", "never"), "never")
    width = min(question.window[1], horizon_s) - max(question.window[0], 0)
    low = min(max(date_s - width / 2, 0.0), horizon_s - width)
    window = (low, low + width)
    return Case(False, window, possible(window, horizon_s), "in")
