"""Forecasts that know nothing: what a model must beat before its scores mean anything.

``uniform``: the event happens with the base rate of the other headline events, on a date uniform between
the start and the horizon. ``persistence``: the front never moves and nothing happens; one forecast
without an ensemble, so it enters the smoothing with M = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.compare.matching import Question, reported_class
from sim.compare.scores import interval_crps, log_score, smoothed
from sim.observation.theatre import Floats

UNIFORM, PERSISTENCE = "uniform", "persistence"
_MEMBERS = 200


@dataclass(frozen=True, slots=True)
class Case:
    """One event as history plays it: whether by a date or yes/no, and the window in which it happened.

    ``reported`` is the class that history shows: ``in`` or ``never``.
    """

    yes_no: bool
    window: tuple[float, float]
    classes: tuple[str, ...]
    reported: str


def case_of(question: Question, horizon_s: int) -> Case:
    """Return a reported claim as a case: what was claimed is what history shows."""
    classes, reported = reported_class(question, horizon_s)
    return Case(question.yes_no, question.window, classes, classes[reported])


def base_rates(happened: Sequence[bool]) -> Floats:
    """Return the rate at which the other events happened, for each event: ``(k + 1/2) / (n + 1)`` without it."""
    k, n = sum(happened), len(happened) - 1
    return np.array([(k - one + 0.5) / (n + 1) for one in happened])


def uniform_losses(case: Case, base_rate: float, horizon_s: int) -> tuple[float, float | None]:
    """Return log score (nats) and CRPS (days, None for yes/no) of the uniform null.

    Args:
        case: What history shows.
        base_rate: Probability that the event happens at all.
        horizon_s: The last date.
    """
    low, high = max(case.window[0], 0.0), min(case.window[1], float(horizon_s))
    share = {"before": low, "in": max(high - low, 1.0), "after": horizon_s - high}
    p = {name: base_rate * part / horizon_s for name, part in share.items()} | {"never": 1.0 - base_rate}
    if case.yes_no:
        p["in"] = base_rate
    else:
        p |= {"in": p["in"] + sum(p[name] for name in ("before", "after") if name not in case.classes)}
    log = log_score([p[name] for name in case.classes], case.classes.index(case.reported))
    if case.yes_no:
        return log, None
    u = (np.arange(_MEMBERS) + 0.5) / _MEMBERS
    dates = np.where(u < base_rate, u / base_rate * horizon_s, np.inf)
    return log, interval_crps(dates, case.window, horizon_s=horizon_s)


def still_losses(case: Case, date_s: float, horizon_s: int) -> tuple[float, float | None]:
    """Return log score (nats) and CRPS (days, None for yes/no) of the persistence null.

    Args:
        case: What history shows.
        date_s: When the event happens in a world in which nothing moves: infinite, or 0 for a state that is so.
        horizon_s: Nothing later is known.
    """
    if case.yes_no:
        says = "in" if np.isfinite(date_s) else "never"
    else:
        low, high = case.window
        says = "never" if date_s > horizon_s else "before" if date_s < low else "in" if date_s <= high else "after"
        says = says if says in case.classes else "in"
    p = smoothed([int(name == says) for name in case.classes]).tolist()
    log = log_score(p, case.classes.index(case.reported))
    crps = None if case.yes_no else interval_crps([date_s], case.window, horizon_s=horizon_s)
    return log, crps
