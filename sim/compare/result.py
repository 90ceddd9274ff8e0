"""What a comparison is made of: rows, scores and findings, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.compare.windows import Probability
from sim.compare.words import DASH, around
from sim.domain.claims import Measure
from sim.domain.terms import DAY
from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.spread import Spread, spread


@dataclass(frozen=True, slots=True)
class EventRow:
    """One reported claim against the simulated dates of what it claims.

    ``against`` is ``printed`` (claims that the sources would have printed) or ``facts`` (the simulated
    world). ``p_before`` to ``p_never`` are the classes; ``yes_no`` rows have only in (it is so) and
    never (it is not). ``happens`` is before, in and after together. ``scored`` is False for what is
    given or fails the gate; each score has its 95 % Monte Carlo interval; ``held_out`` are claims that tuning may
    not look at; ``times_s`` has one date per replication, infinite for never, and ``draws`` the
    number of each one's draw.
    """

    event_id: str
    claim_id: str
    label: str
    type: str
    place: str
    claimant: str
    claimant_name: str
    statement: str
    status: str
    against: str
    window: tuple[int, int]
    horizon_s: int
    yes_no: bool
    p_before: Probability
    p_in: Probability
    p_after: Probability
    p_never: Probability
    happens: Probability
    impossible: tuple[str, ...]
    log_score: float
    log_range: tuple[float, float]
    brier: float
    brier_range: tuple[float, float]
    crps_days: float | None
    crps_range: tuple[float, float] | None
    given: bool
    held_out: bool
    gate: str
    times_s: Floats = field(repr=False)
    draws: Ints = field(repr=False)

    @property
    def scored(self) -> bool:
        """Tell whether the row counts in the scores: neither given nor stopped by the gate."""
        return not self.given and not self.gate

    @property
    def spread(self) -> Spread:
        """Return luck and assumptions in whether it happens by the horizon."""
        return spread(self.times_s <= self.horizon_s, self.draws)

    @property
    def date_spread(self) -> Spread | None:
        """Return luck and assumptions in its day, where never counts as the horizon; None for a yes/no."""
        return None if self.yes_no else spread(np.minimum(self.times_s, self.horizon_s) / DAY, self.draws)

    def to_json(self) -> dict[str, Any]:
        """Return plain data, with quantiles in place of the dates."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("times_s", "draws")}
        for name in ("p_before", "p_in", "p_after", "p_never", "happens"):
            plain[name] = plain[name].to_json()
        dates = self.date_spread
        plain |= {"spread": self.spread.to_json(), "date_spread": dates.to_json() if dates else None}
        known = self.times_s[np.isfinite(self.times_s)]
        plain["date_s"] = None
        if len(known) and not self.yes_no:
            quantiles = np.quantile(known, (0.05, 0.5, 0.95)).tolist()
            plain["date_s"] = dict(zip(("p05", "p50", "p95"), quantiles, strict=True))
        return plain


@dataclass(frozen=True, slots=True)
class Score:
    """The mean of a score over the events that count, with the 95 % Monte Carlo interval of that mean.

    ``half`` says which events: all that are scored, those ``open`` to tuning, or those ``held out`` from it.
    """

    against: str
    name: str
    unit: str
    mean: float
    low: float
    high: float
    events: int
    half: str = "all"

    def __str__(self) -> str:
        return around(self.mean, self.low, self.high, unit=self.unit)


@dataclass(frozen=True, slots=True)
class Skill:
    """How much better the model scores than a null, per event; positive is better.

    ``low`` and ``high`` are the 90 % interval of the skill: the reported history's, spread as skill
    spreads when held-out replications play history. ``expected`` are the 5, 50 and 95 % quantiles of
    that play: the skill to expect if the model were right.
    """

    against: str
    null: str
    name: str
    unit: str
    model: float
    null_mean: float
    skill: float
    low: float
    high: float
    expected: tuple[float, float, float]
    events: int
    half: str = "all"

    @property
    def told_apart(self) -> bool:
        """Tell whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A headline event that always or never happens: something about the scenario, not a score."""

    event_id: str
    label: str
    status: str
    against: str
    happens: Probability
    text: str


def names_a_type(what: str) -> bool:
    """Tell whether a measure counts vehicles of one type alone."""
    return what.startswith("vehicles:") and what != "vehicles:any"


@dataclass(frozen=True, slots=True)
class LossRow:
    """A claimed number of losses against what would be claimed and what would be true.

    ``claimed`` are the 5, 50 and 95 % quantiles of what a claimant of the same side claims, over the
    replications in which one gives a number (``printed``); ``true`` those of the simulated losses, over
    the replications in which there are any (``lost``), and ``spread`` tells luck from assumptions in them,
    0 where there are none. ``crps_log`` is in units of log1p with its 95 % Monte Carlo interval, None where the claim
    or the simulation gives no number. ``losses`` has the simulated number of each replication, ``telling`` whether any
    claimant gives one.
    """

    claim_id: str
    event_id: str
    label: str
    claimant: str
    status: str
    whose: str
    what: str
    measure: Measure
    window: tuple[int, int]
    printed: Probability
    claimed: tuple[float, float, float] | None
    lost: Probability
    true: tuple[float, float, float] | None
    spread: Spread
    crps_log: float | None
    crps_log_range: tuple[float, float] | None
    losses: Floats = field(repr=False)
    telling: Bools = field(repr=False)

    @property
    def of_any_type(self) -> bool:
        """Tell whether the claim counts vehicles of one type and is set against those of any: facts do not tell all."""
        return names_a_type(self.what)

    def told(self) -> str:
        """Return the claimed number in words."""
        values = [value for value in (self.measure.low, self.measure.best, self.measure.high) if value is not None]
        if not values:
            return "no number"
        span = f"{values[0]}" if values[0] == values[-1] else f"{values[0]}{DASH}{values[-1]}"
        return {"above": f"at least {values[0]}", "below": f"at most {values[-1]}"}.get(self.measure.open, span)

    def to_json(self) -> dict[str, Any]:
        """Return plain data, without the numbers of each replication."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("losses", "telling")}
        for name in ("printed", "lost", "spread"):
            plain[name] = plain[name].to_json()
        return plain | {"measure": {name: getattr(self.measure, name) for name in self.measure.__struct_fields__}}
