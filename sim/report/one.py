"""The page about one history: its strip, its map day by day, its sentences and what led to what; no probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.compare.single import first_fact
from sim.domain.facts import Fact
from sim.report.choosing import Choice
from sim.report.content import PageContent
from sim.report.control import Control
from sim.report.embedding import Drawn
from sim.report.figures import drawable
from sim.report.gather import calendar_of, claims_about, ground_of, legend_of
from sim.report.histories import FULL, LEVELS, Stage, Told, dated, told_histories
from sim.report.history_numbers import history_numbers
from sim.report.history_strip import OneStrip, history_strip
from sim.report.history_whence import counted, history_sources
from sim.report.page import campaign_page
from sim.report.whence import as_data
from sim.report.words import count
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario

#: The page's own scripts, in the order in which they need each other: no register of assumptions.
SCRIPTS = ("scheme", "charts", "rows", "days", "symbols", "histories", "grey", "whence", "csv", "start")


@dataclass(frozen=True, slots=True)
class OneHistory:
    """One log and what it is told with.

    ``made`` says how it was made, ``command`` what makes the page again, and ``in_batch`` whether it is one of a batch.
    """

    facts: Sequence[Fact]
    scenario: Scenario
    timeline: ReportedTimeline | None
    made: Mapping[str, str]
    command: str
    in_batch: bool = False


def history_page(one: OneHistory) -> str:
    """Return the page about one history as HTML.

    Raises:
        InputError: If the log does not begin with RunStarted, or is one of another scenario.
    """
    content, told = gather_one(one)
    rows = strip_rows(content, told)
    drawn = {"map": drawable(content)["map"]}
    if rows:
        drawn["strip"] = lambda narrow: history_strip(rows, content.legend, content.calendar, narrow=narrow)
    figures: Drawn = {name: {"wide": make(False), "narrow": make(True)} for name, make in drawn.items()}
    sources = history_sources(told.events, told.replication, in_batch=one.in_batch)
    whence = as_data(sources, (told.replication,), counted(in_batch=one.in_batch))
    return campaign_page("history.html.j2", content, figures, SCRIPTS, whence, history_numbers(content, rows))


def gather_one(one: OneHistory) -> tuple[PageContent, Told]:
    """Return what the page about one history says, and the history."""
    scenario = one.scenario
    start = first_fact(one.facts, scenario)
    legend, calendar = legend_of(scenario, one.timeline), calendar_of(scenario, one.timeline)
    stage = Stage(scenario, one.timeline, legend, calendar, tuple(sorted(scenario.places)), (*scenario.sides, ""))
    alone = (Choice("only", start.replication, "This history", "", "", ""),)
    histories = told_histories({start.replication: one.facts}, stage, alone, (FULL, *LEVELS))
    told = histories.told[start.replication]
    claims = one.timeline.claims_for(scenario.scenario.start) if one.timeline is not None else ()
    content = PageContent(
        title=scenario.scenario.title,
        about=scenario.scenario.about,
        legend=legend,
        calendar=calendar,
        replications=1,
        draws=1,
        summary=tuple(_summary(told, stage)),
        control=_control(told, stage),
        ground=ground_of(scenario),
        fans=(),
        claims=claims,
        made=tuple(_made(one, told)),
        command=one.command,
        histories=histories,
    )
    return content, told


def strip_rows(content: PageContent, told: Told) -> list[OneStrip]:
    """Return the headline events of the history, in the order of their windows."""
    return [
        OneStrip(claims_about(event.claim, content.claims), event, dated(event, content.calendar))
        for event in told.events
    ]


def _control(told: Told, stage: Stage) -> Control:
    """Return who holds what, as the control of a batch of one."""
    days = len(next(iter(told.held.values())))
    counts = np.zeros((len(stage.places), days, len(stage.sides)), dtype=np.int64)
    for index, place in enumerate(stage.places):
        for day, side in enumerate(told.held[place]):
            counts[index, day, stage.sides.index(side)] = 1
    return Control(stage.places, tuple(range(days)), stage.sides, counts, 1, 1, np.zeros(counts.shape))


def _summary(told: Told, stage: Stage) -> Iterator[tuple[str, str]]:
    calendar = stage.calendar
    yield "Simulated", f"{calendar.window(0, calendar.duration_s)} {calendar.start.year}"
    yield "Replication", f"{told.replication} of seed {told.seed}"
    yield "Draw of the assumptions", str(told.draw)
    yield "Facts", count(told.facts)
    changed = sum(len(set(days)) > 1 for days in told.held.values())
    yield "Places with another holder on some day", f"{count(changed)} of {count(len(told.held))}"


def _made(one: OneHistory, told: Told) -> Iterator[tuple[str, str]]:
    yield "Scenario", one.scenario.scenario.id
    yield "Hash of the log", told.sha256
    yield "Replication, seed, draw", f"{told.replication}, {told.seed}, {told.draw}"
    yield from one.made.items()
