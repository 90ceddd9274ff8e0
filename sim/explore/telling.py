"""What a variant changes, as rows of words: every headline event in both runs, and the paired difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.compare import Comparison, EventRow, Variants, compare_variants
from sim.compare.variants import ONE_EVENT, OUTCOME, Measured, PairedDifference, paired_differences
from sim.compare.windows import masks
from sim.compare.words import THIN, percent, spanned, with_interval
from sim.observation.theatre import Bools, Ints
from sim.projections.spread import MIXED, ONE_EACH
from sim.store import Batch

#: Outcomes that are only counts of facts say little by themselves.
_COUNTS = "facts"
IN, NEVER = "in window", "never"
_DIFFERENCE = "difference, 95 %"


@dataclass(frozen=True, slots=True)
class Played:
    """A batch, what it was compared with if anything was reported, and its events in the simulated world."""

    batch: Batch
    comparison: Comparison | None
    events: tuple[EventRow, ...]

    @property
    def rows(self) -> tuple[EventRow, ...]:
        """Return the events that are shown: headline events as printed; without reports, places that are taken."""
        return self.comparison.headline if self.comparison is not None else self.events

    @property
    def warnings(self) -> list[str]:
        """Return what is to be read with every number."""
        return [_for_a_page(one) for one in self.comparison.warnings] if self.comparison is not None else []


def _for_a_page(warning: str) -> str:
    """Return a warning with a remedy that there is on the page, where the one it has is an option of a command."""
    there = f"{MIXED}: begin with a batch of four (sim batch --per-draw 4), given as --base"
    return warning.replace(ONE_EACH[1:], there[1:])


def alone(base: Played) -> dict[str, Any]:
    """Return the table of a base run before anything is moved."""
    if base.comparison is None:
        rows = [[row.label, with_interval(row.happens)] for row in base.events if row.happens.k]
        return {"heads": ["event", "base"], "rows": rows, "pairs": "", "warnings": base.warnings}
    rows = [[_name(row), with_interval(row.p_in), with_interval(row.p_never)] for row in base.rows]
    return {"heads": ["event", "in its window", "never"], "rows": rows, "pairs": "", "warnings": base.warnings}


def beside(base: Played, other: Played) -> dict[str, Any]:
    """Return the table of a base run and a variant, pair by pair, with the warnings that travel with it.

    Raises:
        InputError: If they have no finished replication in common.
    """
    found = compare_variants(base.batch, other.batch)
    more = [_for_a_page(one) for one in found.warnings]
    warnings = [*other.warnings, *(one for one in more if one not in other.warnings)]
    same = f"{found.same} of them differ in nothing that is looked at" if found.same else "no two are the same"
    told = {"pairs": f"{found.pairs} pairs of campaigns, paired {found.paired}; {same}.", "warnings": warnings}
    lines = zip(base.rows, other.rows, _differences(base, other), strict=True)
    if base.comparison is None:
        rows = [
            [one.label, with_interval(one.happens), with_interval(two.happens), _span(happens)]
            for one, two, (happens, _) in lines
            if one.happens.k or two.happens.k
        ]
        return {"heads": ["event", "base", "variant", _DIFFERENCE], "rows": [*rows, *_outcomes(found)], **told}
    heads = ["event", "in window: base", "variant", _DIFFERENCE, "never: base", "variant", _DIFFERENCE]
    rows = [
        [_name(one), with_interval(one.p_in), with_interval(two.p_in), _span(in_window),
         with_interval(one.p_never), with_interval(two.p_never), _span(never)]
        for one, two, (in_window, never) in lines
    ]  # fmt: skip
    return {"heads": heads, "rows": rows, **told}


def _name(row: EventRow) -> str:
    denied = "denied: " if row.statement == "denies" else ""
    return f"{denied}{row.label} ({row.status})"


def _differences(base: Played, other: Played) -> list[tuple[PairedDifference, PairedDifference]]:
    """Return for each event how often it comes in its window, and how often never: the variant less the base."""
    numbers = _done(base.batch), _done(other.batch)
    both = np.intersect1d(*numbers)
    at = [np.searchsorted(known, both) for known in numbers]
    measured = [
        Measured(
            ONE_EVENT, first.against, first.label, first.status, name, "share", False,
            *(_class(row, name)[which].astype(np.float64) for row, which in zip((first, second), at, strict=True)),
        )
        for first, second in zip(base.rows, other.rows, strict=True)
        for name in (IN, NEVER)
    ]  # fmt: skip
    draws = base.rows[0].draws[at[0]] if measured else np.empty(0, dtype=np.int64)
    found = paired_differences(measured, draws)
    return list(zip(found[::2], found[1::2], strict=True))


def _done(batch: Batch) -> Ints:
    """Return the numbers of the finished replications, ascending: the order of every comparison."""
    rows = batch.outcomes().select(["replication", "status"]).to_pylist()
    return np.array(sorted(row["replication"] for row in rows if row["status"] == "done"), dtype=np.int64)


def _class(row: EventRow, name: str) -> Bools:
    if row.yes_no:
        so = np.isfinite(row.times_s)
        return so if name == IN else ~so
    return masks(row.times_s, row.window, row.horizon_s)["in" if name == IN else "never"]


def _outcomes(found: Variants) -> list[list[str]]:
    """Return what came of it all, in numbers that need no reports."""
    return [
        [f"{row.label}, {row.unit}", _value(row.first, row), _value(row.second, row), _span(row)]
        for row in found.numbers
        if row.about == OUTCOME and row.unit != _COUNTS
    ]


def _value(value: float, row: PairedDifference) -> str:
    return f"{percent(value)}{THIN}%" if row.unit == "share" else f"{value:,.1f}"


def _span(row: PairedDifference) -> str:
    """Return a difference with its interval; a star where it is more than chance makes of any row of the table."""
    scale, digits = (100, 0) if row.unit == "share" else (1, 1)
    words = spanned(row.difference, row.low, row.high, digits=digits, scale=scale)
    return f"{words}{' *' if row.stands_out else ''}"
