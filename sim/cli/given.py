"""What dates alone bring about: every exogenous date is moved, and the events that move along are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from sim.cli import terminal
from sim.cli.prior import make
from sim.compare import in_truth
from sim.domain.terms import DAY
from sim.projections.timelines import control_changes
from sim.scenario import load_scenario
from sim.scenario.schema import Scenario
from sim.store import Batch

#: A date is moved by so many days either way.
SHIFTS_DAYS = (-5, 5)
#: An event is given if it follows by more than this share of the shift in more than this share of the pairs.
_HALF = 0.5

#: Dates in seconds, one per replication, infinite for never.
Dates = NDArray[np.float64]
#: Label and dates of events by their id.
Dated = Mapping[str, tuple[str, Dates]]


@dataclass(frozen=True, slots=True)
class Follows:
    """How far an event follows a date: pairs in which it happens, and in how many of them its day follows."""

    date: str
    event: str
    label: str
    pairs: int
    follows: int
    argued: str

    @property
    def share(self) -> float:
        """Return the share of the pairs in which the event follows."""
        return self.follows / self.pairs if self.pairs else 0.0

    @property
    def given(self) -> bool:
        """Tell whether the date alone brings the event about."""
        return self.share > _HALF


def followers(base: Dates, moved: Dates, shift_s: float, horizon_s: float) -> tuple[int, int]:
    """Return in how many pairs an event happens, and in how many of them its day follows the shift.

    The two arrays are paired by replication, under common random numbers. Never counts as the horizon, so
    an event that is pushed beyond it follows.
    """
    happens = np.isfinite(base) | np.isfinite(moved)
    change = np.minimum(moved, horizon_s)[happens] - np.minimum(base, horizon_s)[happens]
    follows = change * np.sign(shift_s) > _HALF * abs(shift_s)
    return int(happens.sum()), int(follows.sum())


def event_dates(batch: Batch) -> dict[str, tuple[str, Dates]]:
    """Return label and dates of the events to look at: the headline events, or every first change of hands."""
    if batch.scenario.reported is not None:
        return {row.event_id: (row.label, row.times_s) for row in in_truth(batch) if not row.yes_no}
    found: dict[str, tuple[str, Dates]] = {}
    for change in control_changes(batch).to_pylist():
        event = f"{change['place']} to {change['side'] or 'nobody'}"
        _, dates = found.setdefault(event, (event, np.full(batch.replications, np.inf)))
        dates[change["replication"]] = min(dates[change["replication"]], change["time_s"])
    return found


def measure(path: Path, changes: Sequence[str], folder: Path, *, pairs: int, seed: int) -> list[Follows]:
    """Return for each exogenous date of a scenario and each event how far the event follows it."""
    scenario = load_scenario(path, changes)
    head = scenario.scenario
    horizon_s = (head.end - head.start).total_seconds()
    base = event_dates(make(scenario, folder / "base", replications=pairs, seed=seed, label="as it is"))
    rows = []
    for date, spec in scenario.exogenous.items():
        counts = {event: np.zeros(2, dtype=int) for event in base}
        for shift in SHIFTS_DAYS:
            at = (spec.at + timedelta(days=shift)).isoformat()
            moved = load_scenario(path, [*changes, f"exogenous.{date}.at={at}"])
            label = f"{date} {shift:+d} days"
            batch = make(moved, folder / f"{date}{shift:+d}", replications=pairs, seed=seed, label=label)
            _count(counts, base, event_dates(batch), shift * DAY, horizon_s)
        rows += [_row(scenario, date, event, base[event][0], counts[event]) for event in base]
    return rows


def _count(counts: Mapping[str, NDArray[np.int_]], base: Dated, moved: Dated, shift_s: int, horizon_s: float) -> None:
    for event, (_, dates) in base.items():
        never = np.full(len(dates), np.inf)
        counts[event] += followers(dates, moved.get(event, ("", never))[1], shift_s, horizon_s)


def _row(scenario: Scenario, date: str, event: str, label: str, counts: NDArray[np.int_]) -> Follows:
    return Follows(date, event, label, int(counts[0]), int(counts[1]), scenario.given_argued.get(event, ""))


def show_given(path: Path, changes: Sequence[str], *, pairs: int, seed: int, as_json: bool) -> None:
    """Print the events that a date alone brings about, or that there are none."""
    with TemporaryDirectory() as folder:
        rows = measure(path, changes, Path(folder), pairs=pairs, seed=seed)
    if as_json:
        terminal.as_json([asdict(row) | {"share": row.share, "given": row.given} for row in rows])
        return
    given = [row for row in rows if row.given]
    if given:
        columns = ["date", "event", "pairs", "follows %", "argued"]
        shown = [[row.date, row.label, str(row.pairs), f"{100 * row.share:.0f}", row.argued or "no"] for row in given]
        title = f"Given: dates moved by {SHIFTS_DAYS[0]} and {SHIFTS_DAYS[1]:+d} days"
        terminal.table(columns, shown, align="llrrl", title=title)
    closest = max(rows, key=lambda row: row.share, default=None)
    dates, events = len({row.date for row in rows}), len({row.event for row in rows})
    told = f"{dates} date{'s' * (dates != 1)}, {events} event{'s' * (events != 1)}"
    terminal.lines(f"\n{told}: {len(given)} given")
    if closest is not None and not given:
        share = f"in {100 * closest.share:.0f} % of {closest.pairs} pairs"
        terminal.lines(f"Closest to it: {closest.label} follows {closest.date} {share}")
