"""What a mechanism contributes: pairs of histories with and without it, from the same named draws."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from sim.cli import terminal
from sim.cli.prior import make
from sim.cli.spreading import amount, difference
from sim.compare import in_truth
from sim.compare.pairs import Difference, paired, pairs_that_differ
from sim.compare.words import MINUS
from sim.observation.theatre import Floats, Ints
from sim.projections.outcomes import outcomes
from sim.scenario import load_scenario
from sim.scenario.switches import Switch, chosen
from sim.store import Batch

#: Kinds of facts that are shown whether they differ or not.
_SHOWN = (
    "OperationLaunched", "EngagementBegan", "PositionTurned", "SiegeBegan", "ConvoyDispatched", "ConvoyAmbushed",
    "ConvoyDestroyed", "StockExhausted", "RisingBegan", "TalksOpened", "TruceAgreed", "SettlementReached",
    "PoolReleased", "FightersDeserted", "ForceSurrendered", "CommunicationsCut",
)  # fmt: skip
_OTHERS_MAX = 8
_NAMED_MAX = 3


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one mechanism contributes: every outcome with it, without it, and their paired difference.

    ``changed`` is in how many pairs any outcome is another.
    """

    switch: Switch
    pairs: int
    changed: int
    rows: tuple[Difference, ...]

    @property
    def seen(self) -> tuple[Difference, ...]:
        """Return what differs by more than chance, what came of it all before mere facts, the clearest first."""
        clear = [row for row in self.rows if row.stands_out]
        return tuple(sorted(clear, key=lambda row: (row.unit == "facts", -_clearness(row))))

    def verdict(self) -> str:
        """Return in a sentence whether an effect was seen."""
        if not self.changed:
            return f"No effect in any of {self.pairs} pairs: every outcome is the same with and without it"
        course = f"{self.changed} of {self.pairs} pairs take another course"
        if not self.seen:
            return f"No effect seen in {self.pairs} pairs: {course}, but nothing differs by more than chance"
        return f"{course}; {len(self.seen)} of {len(self.rows)} outcomes differ by more than chance"

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "without": self.switch.name, "overrides": list(self.switch.overrides), "pairs": self.pairs,
            "changed": self.changed, "verdict": self.verdict(), "outcomes": [row.to_json() for row in self.rows],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """The outcomes of the finished replications of a batch: unit and values by name."""

    replications: Ints
    values: Mapping[str, tuple[str, Floats]]

    def of(self, name: str, replications: Ints) -> Floats:
        """Return an outcome of some of them; a fact that was never recorded counts 0."""
        if name not in self.values:
            return np.zeros(len(replications))
        return self.values[name][1][np.isin(self.replications, replications)]


def _clearness(row: Difference) -> float:
    return abs(row.difference) / max(row.high - row.low, 1e-12)


def contributions(
    path: Path, changes: Sequence[str], names: Sequence[str], folder: Path, *, pairs: int, seed: int
) -> list[Contribution]:
    """Return what each named mechanism contributes; all are compared with the same histories.

    Raises:
        InputError: If a mechanism is unknown or off.
    """
    scenario = load_scenario(path, changes)
    wanted = chosen(scenario, list(names))
    base = course_of(make(scenario, folder / "with", replications=pairs, seed=seed, label="as it is"))
    found = []
    for number, switch in enumerate(wanted):
        without = load_scenario(path, [*changes, *switch.overrides])
        directory = folder / f"without-{number}"
        batch = make(without, directory, replications=pairs, seed=seed, label=f"without {switch.name}")
        found.append(_contribution(switch, base, course_of(batch)))
    return found


def course_of(batch: Batch) -> Course:
    """Return the outcomes of a batch, replication by replication."""
    done = [row["replication"] for row in batch.outcomes().to_pylist() if row["status"] == "done"]
    replications = np.array(sorted(done), dtype=np.int64)
    values: dict[str, tuple[str, Floats]] = {}
    for row in in_truth(batch):
        values[row.label or row.event_id] = ("share", (row.times_s <= row.horizon_s).astype(np.float64))
    for outcome in outcomes(batch, replications):
        values[outcome.name] = (outcome.unit, outcome.values)
    return Course(replications, values)


def _contribution(switch: Switch, base: Course, other: Course) -> Contribution:
    return Contribution(switch, *differences(base, other))


def differences(base: Course, other: Course) -> tuple[int, int, tuple[Difference, ...]]:
    """Return of two courses of the same replications: how many pairs, how many of them differ, and every outcome."""
    both = np.intersect1d(base.replications, other.replications)
    units = {name: unit for course in (base, other) for name, (unit, _) in course.values.items()}
    values = [(base.of(name, both), other.of(name, both)) for name in units]
    rows = tuple(
        paired(name, unit, first, second, outcomes=len(units))
        for (name, unit), (first, second) in zip(units.items(), values, strict=True)
    )
    changed = pairs_that_differ([first for first, _ in values], [second for _, second in values])
    return len(both), changed, rows


def show_without(
    path: Path, changes: Sequence[str], names: Sequence[str], *, pairs: int, seed: int, as_json: bool
) -> None:
    """Print what mechanisms contribute: one in full, several in a line each."""
    with TemporaryDirectory() as folder:
        found = contributions(path, changes, names, Path(folder), pairs=pairs, seed=seed)
    if as_json:
        terminal.as_json([one.to_json() for one in found])
        return
    if len(found) == 1:
        _show_one(found[0])
        return
    rows = [
        [one.switch.name, f"{one.changed} of {one.pairs}", f"{len(one.seen)} of {len(one.rows)}", _foremost(one)]
        for one in found
    ]
    columns = ["without", "pairs that change", "outcomes that differ", "most clearly: with, without"]
    terminal.table(columns, rows, align="lrrl", title=f"What each mechanism contributes: {pairs} pairs of histories")
    terminal.lines("Counted as differing is what chance would not do to any of the outcomes (95 % over all together).")
    terminal.next_step(f"sim describe {shlex.quote(str(path))} --without {found[0].switch.name} for one in full")


def _foremost(one: Contribution) -> str:
    if not one.seen:
        return "no effect" if not one.changed else "no effect seen"
    pairs = ((row.name, amount(row.first, row.unit), amount(row.second, row.unit)) for row in one.seen[:_NAMED_MAX])
    return "; ".join(f"{name} {first}, {second}" for name, first, second in pairs)


def _show_one(one: Contribution) -> None:
    title = f"What {one.switch.name} contributes: {one.pairs} pairs of histories with and without it"
    print_differences(one.rows, ("with", "without"), title=title)
    terminal.lines(f"\n{one.verdict()}.")
    terminal.lines(f"Taken away by: {' '.join(f'--set {shlex.quote(change)}' for change in one.switch.overrides)}")


def print_differences(found: Sequence[Difference], names: tuple[str, str], *, title: str) -> None:
    """Print outcomes of pairs: what came of it all, and of mere facts those that matter or differ most clearly."""
    clear = sorted((row for row in found if row.stands_out), key=lambda row: -_clearness(row))
    others = [row for row in clear if row.unit == "facts" and row.name not in _SHOWN][:_OTHERS_MAX]
    shown = [row for row in found if row.unit != "facts" or row.name in _SHOWN]
    rows = [
        [row.name, row.unit, amount(row.first, row.unit), amount(row.second, row.unit), difference(row), _remark(row)]
        for row in [*shown, *others]
    ]
    columns = ["outcome", "", *names, f"{names[0]} {MINUS} {names[1]} (95 %)", ""]
    terminal.table(columns, rows, align="llrrrl", title=title)


def _remark(row: Difference) -> str:
    return "differs" if row.stands_out else "" if row.differ else "same"
