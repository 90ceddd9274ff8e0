"""Forecasts that know nothing, or not which event is which: what a model must beat before its scores mean anything.

``uniform``: the event happens with the base rate of the other headline events, on a date uniform between
the start and the horizon. ``persistence``: the front never moves and nothing happens; one forecast
without an ensemble, so it enters the smoothing with M = 1. ``label-permuted``: the model's own dates shuffled
between the events; its loss is the mean over all ways to shuffle them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.compare.forecasts import Cases, Forecast, Losses, Uniform
from sim.observation.theatre import Bools, Floats

UNIFORM, PERSISTENCE, PERMUTED = "uniform", "persistence", "label-permuted"
NULLS = (UNIFORM, PERSISTENCE, PERMUTED)


def base_rates(happened: Bools) -> Floats:
    """Return the rate at which the other events happened, for each event: ``(k + 1/2) / (n + 1)`` without it.

    Args:
        happened: Whether each event did, shape (histories, events); n is one less than the events.
    """
    k, n = happened.sum(axis=1, keepdims=True), happened.shape[1] - 1
    return np.asarray((k - happened + 0.5) / (n + 1))


def null_losses(
    cases: Sequence[Cases], forecasts: Sequence[Forecast], still_s: Sequence[float], horizon_s: float
) -> dict[str, Losses]:
    """Return the losses of each null against each history, shape (histories, events).

    Args:
        cases: What history shows, one for each event.
        forecasts: The model's own, one for each event.
        still_s: When each event happens in a world in which nothing moves: infinite, or 0 for a state that is so.
        horizon_s: Nothing later is known.
    """
    rates = base_rates(np.stack([case.happened for case in cases], axis=1))
    return {
        UNIFORM: Losses.stacked(
            [Uniform(rates[:, number], horizon_s).losses(case) for number, case in enumerate(cases)]
        ),
        PERSISTENCE: Losses.stacked(
            [Forecast(np.array([date]), horizon_s).losses(case) for case, date in zip(cases, still_s, strict=True)]
        ),
        PERMUTED: Losses.stacked([_shuffled(case, cases, forecasts) for case in cases]),
    }


def _shuffled(case: Cases, cases: Sequence[Cases], forecasts: Sequence[Forecast]) -> Losses:
    """Return the mean losses over the forecasts of all events of the same kind, dates or yes/no, its own among them."""
    alike = [forecast for other, forecast in zip(cases, forecasts, strict=True) if other.yes_no == case.yes_no]
    return Losses.mean([forecast.losses(case) for forecast in alike])
