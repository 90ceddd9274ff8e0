"""How well would the model, given only what was known by a day, have forecast what was reported after it?

For each day on which an article came out: the replications that come nearest to what had been printed by then are
kept, and the headline events first told later are forecast by them; beside them stands what all replications say.
Nothing printed later is looked at, except that the events scored are those which were reported: that is hindsight,
the same for every forecast.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from sim.compare.asking import known_by
from sim.compare.blocks import interval, kept_without
from sim.compare.forecasts import Cases, Forecast, Losses
from sim.compare.ledger import hashes_of, ledger_of, note
from sim.compare.matching import PRINTED, Question, Questions, case_of, classes_of, joined
from sim.compare.nulls import PERSISTENCE, UNIFORM, null_losses
from sim.compare.readings import PrintedReading
from sim.compare.scores import collapsed
from sim.compare.spans import Batch, covered
from sim.compare.still import still_dates
from sim.compare.timelines import claimants_of, horizon_of, timeline_of
from sim.compare.variation import varied
from sim.compare.warnings import few_draws, not_finished
from sim.compare.windows import Probability, share_of
from sim.domain.claims import Claim
from sim.domain.terms import DAY
from sim.errors import InputError
from sim.observation import Coverage
from sim.observation.theatre import Bools, Floats, Ints
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario

#: The share of the replications that is kept as nearest, and how many at least.
NEAREST = 0.25
_FEWEST = 50


@dataclass(frozen=True, slots=True)
class Foretold:
    """An event first reported after the day: its probability in the reported window, by all worlds and the nearest."""

    event_id: str
    claim_id: str
    label: str
    claimant: str
    status: str
    window: tuple[int, int]
    by_all: Probability
    by_nearest: Probability


@dataclass(frozen=True, slots=True)
class Forecasts:
    """One mean score of the forecasts: by all replications, the nearest, what knowing gains, and the nulls.

    Lower is better, but for ``gain``, which is how much less the nearest lose. Each has its 95 % Monte Carlo interval;
    the nulls have none: they are no Monte Carlo.
    """

    name: str
    unit: str
    by_all: tuple[float, float, float]
    by_nearest: tuple[float, float, float]
    gain: tuple[float, float, float]
    nulls: dict[str, float]


@dataclass(frozen=True, slots=True)
class Hindcast:
    """What was known by one moment, and how what came after it would have been forecast.

    ``known`` utterances (copies once) were printed by then; ``kept`` of the replications are nearest to them, all those
    within ``distance``: the mean miss, 0 as printed to 1 as far off as can be.
    """

    known_by: datetime
    sources: tuple[str, ...]
    known: int
    kept: int
    distance: float
    events: tuple[Foretold, ...]
    scores: tuple[Forecasts, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {**asdict(self), "known_by": self.known_by.isoformat()}


@dataclass(frozen=True, slots=True)
class Hindcasts:
    """A hindcast for every day on which something came out, the last excepted: nothing came after it."""

    replications: int
    draws: int
    nearest: float
    by_day: tuple[Hindcast, ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {**asdict(self), "by_day": [one.to_json() for one in self.by_day]}


@dataclass(frozen=True, slots=True)
class _Day:
    """A moment with what had been printed by it, and what was first told after."""

    known_by: datetime
    time_s: int
    sources: frozenset[str]
    known: tuple[Claim, ...]
    later: tuple[Claim, ...]


def hindcast(
    batch: Batch, reported: ReportedTimeline | str | Path | None = None, *, overrides: Sequence[str] = (),
    nearest: float = NEAREST, ledger: Path | None = None,
) -> Hindcasts:  # fmt: skip
    """Forecast after each article what was reported later, from what was known by then.

    Args:
        batch: Many campaigns.
        reported: The timeline or its file; the one of the batch's scenario if not given.
        overrides: ``observation.path=value`` each.
        nearest: The share of the replications to keep, in (0, 1); at least 50 are kept.
        ledger: Folder in which the number of variants compared is kept; the one in which the batch lies if None.

    Raises:
        InputError: If there is no timeline, it does not fit, no replication is finished, or ``nearest`` is no share.
    """
    if not 0 < nearest < 1:
        raise InputError(f"nearest is {nearest:g}; give a share between 0 and 1, such as {NEAREST:g}")
    scenario = varied(batch.scenario, overrides)
    timeline = timeline_of(scenario, reported)
    claims = timeline.claims_for(scenario.scenario.start)
    horizon_s = horizon_of(scenario, timeline)
    days = _days(scenario, timeline, claims, scenario.given_argued)
    parts = [_asked(coverage, days, claims, known_by(timeline)) for coverage in covered(batch, scenario, timeline)]
    names, _ = claimants_of(scenario, timeline)
    found = []
    for number, day in enumerate(days):
        known, later = (
            [joined(one) for one in zip(*(part[number][side] for part in parts), strict=True)] for side in (0, 1)
        )
        found.append(_hindcast(scenario, day, claims, known, later, horizon_s, nearest, names))
    draws = found[0][1] if found else np.empty(0, dtype=np.int64)
    variants = note(ledger_of(batch.directory, ledger), hashes_of(scenario, timeline))
    told = [*_warnings(timeline, variants), few_draws(len(np.unique(draws))), not_finished(len(draws), batch.manifest)]
    return Hindcasts(
        len(draws), len(np.unique(draws)), nearest, tuple(one for one, _ in found), tuple(filter(None, told))
    )


def _days(
    scenario: Scenario, timeline: ReportedTimeline, claims: Sequence[Claim], given: Collection[str]
) -> list[_Day]:
    """Return the moments at which sources came out, all but the last, with the claims known and those told later."""
    published = {key: source.published_at for key, source in timeline.printed_by.sources.items()}
    scored = [claim for claim in claims if claim.score != "no" and claim.statement != "intends"]
    found = []
    for moment in sorted(set(published.values()))[:-1]:
        sources = frozenset(key for key, at in published.items() if at <= moment)
        known = _utterances(claim for claim in scored if claim.source in sources)
        spoken_of = {claim.event_id for claim in claims if claim.source in sources}
        later = tuple(
            claim for claim in scored
            if claim.score == "headline" and claim.event_id not in spoken_of and claim.event_id not in given
        )  # fmt: skip
        time_s = round((moment - scenario.scenario.start).total_seconds())
        found.append(_Day(moment, time_s, sources, known, later))
    return found


def _utterances(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return one claim of each utterance about each event: copies say nothing new."""
    first: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        first.setdefault((claim.claim_group_id, claim.event_id), claim)
    return tuple(first.values())


def _asked(
    coverage: Coverage, days: Sequence[_Day], claims: Sequence[Claim], in_time: frozenset[str]
) -> list[tuple[list[Question], list[Question]]]:
    """Return for each day what some replications would have had printed: of what was known, and of what came later."""
    into_day_s = coverage.history.theatre.into_day_s
    late = Questions(PrintedReading(coverage, in_time), PRINTED, claims, into_day_s)
    found = []
    for day in days:
        early = Questions(PrintedReading(coverage, day.sources), PRINTED, claims, into_day_s)
        found.append(([early.ask(claim) for claim in day.known], [late.ask(claim) for claim in day.later]))
    return found


def _hindcast(
    scenario: Scenario, day: _Day, claims: Sequence[Claim], known: Sequence[Question], later: Sequence[Question],
    horizon_s: int, nearest: float, names: dict[str, str],
) -> tuple[Hindcast, Ints]:  # fmt: skip
    draws = (known or later)[0].draws if known or later else np.empty(0, dtype=np.int64)
    miss = _miss(known, day.time_s) if known else np.zeros(len(draws))
    keep, distance = _nearest(miss, nearest)
    events = []
    for question in later:
        inside, claim = classes_of(question, horizon_s)["in"], question.claim
        events.append(
            Foretold(
                claim.event_id, claim.claim_id, claim.label, names.get(claim.claimant, claim.claimant), claim.status,
                question.window, share_of(inside, draws), share_of(inside[keep], draws[keep]),
            )
        )  # fmt: skip
    scores = _scores(scenario, claims, later, miss, nearest, horizon_s) if later else ()
    sources = tuple(sorted(day.sources))
    return (
        Hindcast(day.known_by, sources, len(known), int(keep.sum()), distance, tuple(events), tuple(scores)),
        draws,
    )


def _miss(known: Sequence[Question], time_s: int) -> Floats:
    """Return how far each replication is from what was printed by a moment: the mean over utterances, 0 to 1.

    A dated claim misses by the distance of its date from the window, never counting as that moment, over the whole
    time until then; a yes/no by 0 or 1.
    """
    missed = []
    for question in known:
        if question.yes_no:
            missed.append(1.0 - np.isfinite(question.times_s))
            continue
        low, high = question.window[0], min(question.window[1], time_s)
        low = min(low, high)
        dates = collapsed(np.minimum(question.times_s, time_s), low, high)
        missed.append(np.minimum(np.abs(dates - low) / max(time_s, DAY), 1.0))
    return np.asarray(np.mean(missed, axis=0))


def _nearest(miss: Floats, share: float) -> tuple[Bools, float]:
    """Return which replications are nearest, ties included, and how far the farthest of them is."""
    if not len(miss):
        return np.zeros(0, dtype=bool), 0.0
    count = min(len(miss), max(_FEWEST, round(share * len(miss))))
    distance = float(np.partition(miss, count - 1)[count - 1])
    return miss <= distance, distance


def _scores(
    scenario: Scenario, claims: Sequence[Claim], later: Sequence[Question], miss: Floats, nearest: float, horizon_s: int
) -> list[Forecasts]:
    """Return the mean scores of all replications and of the nearest, with what the latter gain, by a jackknife."""
    cases = [case_of(question, horizon_s) for question in later]
    whole = np.ones(len(miss), dtype=bool)
    ways = [whole, *kept_without(later[0].draws)]
    by_all, by_near = [], []
    for way in ways:
        near, _ = _nearest(miss[way], nearest)
        by_all.append(_mean_losses(later, cases, np.flatnonzero(way), horizon_s))
        by_near.append(_mean_losses(later, cases, np.flatnonzero(way)[near], horizon_s))
    nulls = null_losses(
        cases, [Forecast(question.times_s, horizon_s) for question in later], still_dates(scenario, claims, later),
        horizon_s,
    )  # fmt: skip
    dated = np.array([not question.yes_no for question in later])
    found = []
    for index, (name, unit) in enumerate((("log", "nats per event"), ("crps", "days per event"))):
        if name == "crps" and not dated.any():
            continue
        one, other = (np.array([row[index] for row in rows]) for rows in (by_all, by_near))
        told = {null: float(np.nanmean(getattr(nulls[null], name)[0])) for null in (UNIFORM, PERSISTENCE)}
        found.append(Forecasts(name, unit, _around(one), _around(other), _around(one - other), told))
    return found


def _around(values: Floats) -> tuple[float, float, float]:
    """Return a statistic with its interval, from its value and its values without each block."""
    return (float(values[0]), *interval(float(values[0]), values[1:]))


def _mean_losses(later: Sequence[Question], cases: Sequence[Cases], which: Ints, horizon_s: int) -> tuple[float, float]:
    losses = [
        Forecast(question.times_s[which], horizon_s).losses(case) for question, case in zip(later, cases, strict=True)
    ]
    table = Losses.stacked(losses)
    crps = table.crps[0][np.isfinite(table.crps[0])]
    return float(table.log[0].mean()), float(crps.mean()) if len(crps) else 0.0


def _warnings(timeline: ReportedTimeline, variants: int) -> tuple[str, ...]:
    held_out = len(timeline.held_out())
    return (
        "One history: few events came after each day, and they hang together; no row says that a model is right.",
        "Hindsight: which events are scored follows from what was reported later, and the parameters were chosen by "
        "people who know how it came out.",
        "Known is what was printed, not what happened; most of it by a party to the fighting.",
        f"Variants compared with these claims so far: {variants}; the best of many looks better than it is.",
        f"Held out: {held_out} claims; to condition on claims printed by a day is no tuning, and chooses no parameter.",
    )
