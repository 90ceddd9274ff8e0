"""A comparison as tables: what is telling, gate, windows, scores, nulls, numbers claimed, warnings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.cli.checks import print_beliefs, print_control, print_orders, print_ranks, print_silence
from sim.cli.spreading import due, print_spreads
from sim.compare.blocks import DRAWS_MIN
from sim.compare.words import TOO_FEW, around, in_percent, signed, spanned

if TYPE_CHECKING:
    from sim.compare import Comparison
    from sim.compare.result import EventRow, Skill
    from sim.scenario.schema import Scenario

_AGAINST = {"printed": "as printed", "facts": "in truth"}


def print_comparison(comparison: Comparison, scenario: Scenario) -> None:
    """Print a comparison in the scenario's names and hours, what matters first."""
    start = scenario.scenario.start
    for line in comparison.telling:
        terminal.lines(line)
    known_by = moment_in_words(start, comparison.horizon_s)
    print_gate(comparison)
    print_windows(comparison.headline, start, title=f"Headline events, as they would have been printed by {known_by}")
    print_windows(comparison.truth, start, title="The same events, as they happened in the simulated world")
    print_spreads(comparison)
    _print_event_scores(comparison.headline)
    _print_scores(comparison)
    print_ranks(comparison.ranks)
    print_orders(comparison.orders)
    print_silence(comparison.silence)
    print_control(comparison.control)
    print_beliefs(comparison.beliefs)
    _print_losses(comparison, scenario)
    if comparison.given:
        terminal.table(["event", "why it is kept"], [list(row) for row in comparison.given.items()], title="Given")
    terminal.heading("Read with care")
    for warning in comparison.warnings:
        terminal.lines(f"* {warning}")


def print_windows(rows: Sequence[EventRow], start: datetime, *, title: str) -> None:
    """Print one row per event: the window, and in how many per cent of the replications it came when."""
    columns = ["event", "by", "status", "reported window", "before %", "in %", "after %", "never %", ""]
    aligned, shown = "llllrrrrl", [_window_row(row, start) for row in rows]
    if terminal.narrow():  # the window and the four classes are what the table is about
        kept = (0, 2, 3, 4, 5, 6, 7)
        columns, aligned = [columns[index] for index in kept], "lllrrrr"
        shown = [[row[index] for index in kept] for row in shown]
    terminal.table(columns, shown, align=aligned, title=title)


def _window_row(row: EventRow, start: datetime) -> list[str]:
    window = window_in_words(start, *row.window)
    impossible = set(row.impossible)
    classes = [
        "-" if name in impossible or (row.yes_no and name in ("before", "after")) else in_percent(probability)
        for name, probability in (
            ("before", row.p_before), ("in", row.p_in), ("after", row.p_after), ("never", row.p_never),
        )
    ]  # fmt: skip
    remarks = ("given" if row.given else row.gate, "held out" if row.held_out else "")
    remark = ", ".join(word for word in remarks if word)
    denied = "denies: " if row.statement == "denies" else ""
    return [denied + row.label, row.claimant_name, row.status, window, *classes, remark]


def _print_event_scores(rows: Sequence[EventRow]) -> None:
    shown = [
        [row.label, row.status, within(row.log_score, row.log_range), within(row.brier, row.brier_range),
         "-" if row.crps_days is None or row.crps_range is None else within(row.crps_days, row.crps_range),
         "" if row.scored else "not scored"]
        for row in rows
    ]  # fmt: skip
    columns = ["event", "status", "log, nats", "Brier", "CRPS, days", ""]
    terminal.table(columns, shown, align="llrrrl", title="Event by event, as printed (95 % Monte Carlo interval)")


def within(value: float, ends: tuple[float, float]) -> str:
    """Return a score with its interval; without one where there are too few draws for it, and that is said."""
    if not math.isfinite(ends[0]):
        return f"{value:.2f} (few draws)"
    return around(value, max(ends[0], 0), ends[1])


def moment_in_words(start: datetime, time_s: float) -> str:
    """Return a moment as day and hour."""
    moment = start + timedelta(seconds=time_s)
    return f"{moment.day} {moment:%b %H:%M}"


def window_in_words(start: datetime, first_s: float, last_s: float) -> str:
    """Return a window in words, by days alone where it runs from midnight to midnight."""
    first, last = start + timedelta(seconds=first_s), start + timedelta(seconds=last_s)
    if first.time() == last.time() == time() and first < last:
        last -= timedelta(days=1)
        day = f"{first.day} {first:%b}"
        return day if first.date() == last.date() else f"{day} to {last.day} {last:%b}"
    return f"{moment_in_words(start, first_s)} to {moment_in_words(start, last_s)}"


def _print_scores(comparison: Comparison) -> None:
    rows = [[_AGAINST.get(score.against, score.against), score.half, score.name, str(score), str(score.events)]
            for score in comparison.scores]  # fmt: skip
    columns = ["against", "events", "score", "mean, lower is better", "n"]
    terminal.table(columns, rows, align="llllr", title="Scores (open and held out: to tuning)")
    rows = [
        [_AGAINST.get(skill.against, skill.against), skill.half, skill.null, skill.name,
         spanned(skill.skill, skill.low, skill.high, digits=2, unit=skill.unit),
         f"{signed(skill.expected[0])} to {signed(skill.expected[2])}" if math.isfinite(skill.expected[0]) else "-",
         _verdict(skill)]
        for skill in comparison.nulls
        if skill.half == "all" or skill.against == "printed"  # --json has the halves in truth too
    ]  # fmt: skip
    columns = ["against", "events", "null", "score", "skill per event (90 %)", "were it right", "the model is"]
    if terminal.narrow():
        columns, rows = columns[:5] + columns[6:], [row[:5] + row[6:] for row in rows]
    terminal.table(columns, rows, title="Against forecasters who know nothing, or not which event is which")


def _verdict(skill: Skill) -> str:
    if not math.isfinite(skill.low):
        return TOO_FEW
    return ("better" if skill.skill > 0 else "worse") if skill.told_apart else "cannot be told apart"


def _print_losses(comparison: Comparison, scenario: Scenario) -> None:
    names = {key: side.name for key, side in scenario.sides.items()}
    rows = [
        [row.label, row.claimant, row.status, names.get(row.whose, row.whose),
         row.what.replace("_", " ").replace(":", ", ") + (" \u2020" if row.of_any_type else ""), row.told(),
         _quantiles(row.claimed), _quantiles(row.true), due(row.spread)]
        for row in comparison.losses
    ]  # fmt: skip
    if rows:
        told, true = "simulated claims P5/50/95", "simulated truth P5/50/95"
        columns = ["claim", "by", "status", "whose", "what", "claimed", told, true, "assumptions %"]
        terminal.table(columns, rows, align="lllllrrrr", title="Losses, claimed and simulated")
    if any(row.of_any_type for row in comparison.losses):
        terminal.lines("\u2020: set against vehicles of any type; what convoys lose, and what is printed, has none")


def _quantiles(values: tuple[float, float, float] | None) -> str:
    return "-" if values is None else " / ".join(f"{value:,.0f}" for value in values)


def print_gate(comparison: Comparison) -> None:
    """Print the headline events that always or never happen; nothing where there are none."""
    rows = [
        [finding.label, finding.status, _AGAINST.get(finding.against, finding.against),
         f"{finding.happens.k} of {finding.happens.n}", finding.text]
        for finding in comparison.gate
    ]  # fmt: skip
    if rows and comparison.draws < DRAWS_MIN:
        title = f"The gate: in none or in all of the campaigns, which of {comparison.draws} draws is no finding"
        terminal.table(["event", "status", "against", "happens", "so far"], rows, title=title)
    elif rows:
        title = "The gate: what the scenario rules out or makes certain"
        terminal.table(["event", "status", "against", "happens", "finding"], rows, title=title)
