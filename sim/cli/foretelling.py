"""Hindcasts as tables: by day what was known and what it was worth, and each event told later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.cli.comparing import moment_in_words, window_in_words
from sim.compare.words import around, in_percent, spanned

if TYPE_CHECKING:
    from sim.compare.hindcast import Hindcast, Hindcasts
    from sim.scenario.schema import Scenario


def print_hindcasts(found: Hindcasts, scenario: Scenario) -> None:
    """Print how well each day's knowledge would have forecast what was reported after it."""
    start = scenario.scenario.start
    rows = []
    for day in found.by_day:
        known = moment_in_words(start, (day.known_by - start).total_seconds())
        head = [known, str(day.known), f"{day.kept} of {found.replications}", str(len(day.events))]
        if not day.scores:
            rows.append([*head, "no headline event was first told later", "", "", "", "", ""])
        for number, score in enumerate(day.scores):
            rows.append(
                [*(head if not number else [""] * 4), score.name, around(*score.by_all), around(*score.by_nearest),
                 spanned(*score.gain, digits=2), *(f"{value:.2f}" for value in score.nulls.values())]
            )  # fmt: skip
    columns = ["known by", "claims", "nearest", "later", "score", "all histories", "nearest", "gain (95 %)", "uniform",
               "persist."]  # fmt: skip
    title = "What was reported after a day, forecast from what was known by it (log: nats, crps: days; lower is better)"
    if terminal.narrow():  # the nulls stand in the wide table and in --json
        columns, rows = columns[:8], [row[:8] for row in rows]
    terminal.table(columns, rows, align="lrrrlrrrrr", title=title)
    terminal.lines("gain: how much less the nearest histories lose than all; where its interval covers 0, what was")
    terminal.lines("known by that day cannot be told to help")
    for day in found.by_day:
        _print_day(day, scenario)
    terminal.heading("Read with care")
    for warning in found.warnings:
        terminal.lines(f"* {warning}")


def _print_day(day: Hindcast, scenario: Scenario) -> None:
    if not day.events:
        return
    start = scenario.scenario.start
    rows = [
        [one.label, one.claimant, one.status, window_in_words(start, *one.window), in_percent(one.by_all),
         in_percent(one.by_nearest)]
        for one in day.events
    ]  # fmt: skip
    known = moment_in_words(start, (day.known_by - start).total_seconds())
    columns = ["first told later", "by", "status", "reported window", "all %", "nearest %"]
    if terminal.narrow():
        columns, rows = [columns[0], *columns[2:]], [[row[0], *row[2:]] for row in rows]
    aligned = "l" * (len(columns) - 2) + "rr"
    terminal.table(columns, rows, align=aligned, title=f"Known by {known}: printed in the reported window, per cent")
