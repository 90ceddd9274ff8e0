"""A comparison as tables: what is telling, windows, scores, nulls, numbers claimed, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.cli.spreading import due, percent, print_spreads

if TYPE_CHECKING:
    from sim.compare import Comparison
    from sim.compare.result import EventRow
    from sim.scenario.schema import Scenario

_AGAINST = {"printed": "as printed", "facts": "in truth"}


def print_comparison(comparison: Comparison, scenario: Scenario) -> None:
    """Print a comparison in the scenario's names and hours, what matters first."""
    start = scenario.scenario.start
    for line in comparison.telling:
        terminal.lines(line)
    known_by = _moment(start, comparison.horizon_s)
    print_windows(comparison.headline, start, title=f"Headline events, as they would have been printed by {known_by}")
    print_windows(comparison.truth, start, title="The same events, as they happened in the simulated world")
    print_spreads(comparison)
    _print_scores(comparison)
    _print_losses(comparison, scenario)
    print_gate(comparison)
    if comparison.given:
        terminal.table(["event", "why it is kept"], [list(row) for row in comparison.given.items()], title="Given")
    terminal.heading("Read with care")
    for warning in comparison.warnings:
        terminal.lines(f"* {warning}")


def print_windows(rows: Sequence[EventRow], start: datetime, *, title: str) -> None:
    """Print one row per event: the window, and in how many per cent of the replications it came when."""
    columns = ["event", "by", "reported window", "before %", "in %", "after %", "never %", "log", "Brier", "CRPS d", ""]
    aligned, shown = "lllrrrrrrrl", [_window_row(row, start) for row in rows]
    if terminal.narrow():  # the window and the four classes are what the table is about
        kept = (0, 2, 3, 4, 5, 6)
        columns, aligned = [columns[index] for index in kept], "llrrrr"
        shown = [[row[index] for index in kept] for row in shown]
    terminal.table(columns, shown, align=aligned, title=title)


def _window_row(row: EventRow, start: datetime) -> list[str]:
    window = _window(start, *row.window)
    impossible = set(row.impossible)
    classes = [
        "-" if name in impossible or (row.yes_no and name in ("before", "after")) else percent(probability)
        for name, probability in (
            ("before", row.p_before), ("in", row.p_in), ("after", row.p_after), ("never", row.p_never),
        )
    ]  # fmt: skip
    crps = "-" if row.crps_days is None else f"{row.crps_days:.1f}"
    remark = "given" if row.given else row.gate
    denied = "denies: " if row.statement == "denies" else ""
    scores = [f"{row.log_score:.2f}", f"{row.brier:.2f}", crps]
    return [denied + row.label, row.claimant_name, window, *classes, *scores, remark]


def _moment(start: datetime, time_s: float) -> str:
    moment = start + timedelta(seconds=time_s)
    return f"{moment.day} {moment:%b %H:%M}"


def _window(start: datetime, first_s: float, last_s: float) -> str:
    """Return a window in words, by days alone where it runs from midnight to midnight."""
    first, last = start + timedelta(seconds=first_s), start + timedelta(seconds=last_s)
    if first.time() == last.time() == time() and first < last:
        last -= timedelta(days=1)
        day = f"{first.day} {first:%b}"
        return day if first.date() == last.date() else f"{day} to {last.day} {last:%b}"
    return f"{_moment(start, first_s)} to {_moment(start, last_s)}"


def _print_scores(comparison: Comparison) -> None:
    rows = [[_AGAINST.get(score.against, score.against), score.name, str(score), str(score.events)]
            for score in comparison.scores]  # fmt: skip
    terminal.table(["against", "score", "mean, lower is better", "events"], rows, align="lllr", title="Scores")
    rows = [
        [_AGAINST.get(skill.against, skill.against), skill.null, skill.name,
         f"{skill.skill:+.2f} {skill.unit} ({skill.low:+.2f} to {skill.high:+.2f})",
         "better" if skill.told_apart and skill.skill > 0 else "worse" if skill.told_apart else "cannot be told apart"]
        for skill in comparison.nulls
    ]  # fmt: skip
    columns = ["against", "null", "score", "skill per event (90 %)", "the model is"]
    terminal.table(columns, rows, title="Against forecasters who know nothing")


def _print_losses(comparison: Comparison, scenario: Scenario) -> None:
    names = {key: side.name for key, side in scenario.sides.items()}
    rows = [
        [row.label, row.claimant, names.get(row.whose, row.whose), row.what.replace("_", " ").replace(":", ", "),
         row.told(), _quantiles(row.claimed), _quantiles(row.true), due(row.spread)]
        for row in comparison.losses
    ]  # fmt: skip
    if rows:
        told, true = "simulated claims P5/50/95", "simulated truth P5/50/95"
        columns = ["claim", "by", "whose", "what", "claimed", told, true, "assumptions %"]
        terminal.table(columns, rows, align="llllrrrr", title="Losses, claimed and simulated")


def _quantiles(values: tuple[float, float, float] | None) -> str:
    return "-" if values is None else " / ".join(f"{value:,.0f}" for value in values)


def print_gate(comparison: Comparison) -> None:
    """Print the headline events that always or never happen; nothing where there are none."""
    rows = [
        [finding.label, _AGAINST.get(finding.against, finding.against), f"{finding.happens.k} of {finding.happens.n}",
         finding.text]
        for finding in comparison.gate
    ]  # fmt: skip
    if rows:
        title = "The gate: what the scenario rules out or makes certain"
        terminal.table(["event", "against", "happens", "finding"], rows, title=title)
