"""The headline events of one history, from its log alone: when they happen there, and when its sources would date them.

The same two readings as in a comparison of many histories, asked about one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.compare.asking import known_by
from sim.compare.matching import FACTS, PRINTED, Question, Questions
from sim.compare.readings import ANSWERS, FactReading, PrintedReading
from sim.compare.timelines import horizon_of
from sim.domain.claims import Claim
from sim.domain.facts import Fact, RunStarted
from sim.errors import InputError
from sim.observation import History, cover, facts_table, read_history
from sim.observation.happenings import TYPE
from sim.observation.theatre import Bools
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """A headline claim, and the dates of its event in one history: seconds after the start, infinite for never.

    ``told_s`` is how the sources of that history would have dated it, to be compared with ``window``, and ``true_s``
    when it happens in the model; a ``yes_no`` one is so (0) or not (infinite). ``fact`` is the number of a fact that
    dates it, -1 where no single one does.
    """

    claim: Claim
    window: tuple[int, int]
    told_s: float
    told_yes_no: bool
    true_s: float
    true_yes_no: bool
    fact: int


def first_fact(facts: Sequence[Fact], scenario: Scenario) -> RunStarted:
    """Return the first fact of a log, which says which history it is.

    Raises:
        InputError: If the log does not begin with it, or is one of another scenario.
    """
    first = facts[0] if facts else None
    if not isinstance(first, RunStarted):
        raise InputError("a log begins with RunStarted, and this one does not; give a whole log")
    if first.scenario != scenario.scenario.id or not set(first.places) <= set(scenario.places):
        raise InputError(
            f"this is a log of {first.scenario!r} and not of the scenario {scenario.scenario.id!r} as it is now; give "
            "the scenario that it was run from"
        )
    return first


def dated_events(facts: Sequence[Fact], scenario: Scenario, timeline: ReportedTimeline) -> tuple[DatedEvent, ...]:
    """Return the headline events of one history by their reported windows.

    Args:
        facts: The whole log.
        scenario: What it is a log of.
        timeline: What was reported.

    Raises:
        InputError: If the log does not begin with RunStarted, or is one of another scenario.
    """
    start = first_fact(facts, scenario)
    history = read_history(facts_table(facts, start.replication), scenario, [start.replication], [start.draw])
    coverage = cover(history, scenario, timeline.printed_by, start.root_seed)
    claims, into_day_s = timeline.claims_for(scenario.scenario.start), history.theatre.into_day_s
    printed = Questions(PrintedReading(coverage, known_by(timeline)), PRINTED, claims, into_day_s)
    true = Questions(FactReading(history), FACTS, claims, into_day_s)
    horizon_s = horizon_of(scenario, timeline)
    found = [
        _dated(printed.ask(claim), true.ask(claim), history, horizon_s) for claim in claims if claim.score == "headline"
    ]
    return tuple(sorted(found, key=lambda event: event.window))


def _dated(told: Question, true: Question, history: History, horizon_s: int) -> DatedEvent:
    told_s, true_s = float(told.times_s[0]), float(true.times_s[0])
    fact = _fact_of(told.claim, true_s, history) if np.isfinite(true_s) and not true.yes_no else -1
    known_s = told_s if told_s <= horizon_s else np.inf
    return DatedEvent(true.claim, told.window, known_s, told.yes_no, true_s, true.yes_no, fact)


def _fact_of(claim: Claim, time_s: float, history: History) -> int:
    """Return the fact that makes an event happen at a moment, -1 where none of its type does."""
    found, event, theatre = history.happenings, claim.event, history.theatre
    kinds = ("capture", "recapture") if event.type == "control_state" else ANSWERS.get(event.type, (event.type,))
    match = np.isin(found.type, [TYPE[kind] for kind in kinds]) & (found.time_s == time_s)
    for wanted, sides in ((event.actor, found.actor), (event.target, found.target)):
        same = match & (sides == theatre.side(wanted))
        match = same if wanted and same.any() else match
    if event.where:
        touched: Bools = np.any(history.wheres.covers() & theatre.where(event.where), axis=1)
        match &= touched[found.where]
    return int(found.seq[match].min()) if match.any() else -1
