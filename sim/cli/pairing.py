"""Two batches as tables: scores, events and outcomes, the second less the first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.cli.spreading import amount, difference
from sim.compare.variants import in_numbers
from sim.compare.words import MINUS, in_percent, spanned

if TYPE_CHECKING:
    from sim.compare.variants import PairedDifference, Variants
    from sim.report import Fork
    from sim.store import Batch

_AGAINST = {"printed": "as printed", "facts": "in truth"}
#: Outcomes that are shown though they do not stand out; counts of facts are shown only if they do.
_FACTS = "facts"
_MOST = 12
_LEGEND = (
    "",
    f"B {MINUS} A: mean over pairs with its 95 % interval; higher in B: share of the pairs, and whether that is worse;",
    "CRN ratio: variance of the difference over that of histories that are no pairs;",
    "pairs: how many would tell A and B apart 4 times in 5;",
    "no interval: too few draws for one, or all have the same difference, which shows no spread;",
)


def print_variants(found: Variants, first: str, second: str) -> None:
    """Print what the second batch does differently, what matters first."""
    terminal.lines(f"A: {first}")
    terminal.lines(f"B: {second}")
    pairs, draws = terminal.counted(found.pairs, "pair"), terminal.counted(found.draws, "draw")
    terminal.lines(f"{pairs} of {draws}, paired {found.paired};")
    terminal.lines(f"{in_numbers(found)}.")
    _print_scores(found)
    print_numbers(found)
    terminal.heading("Read with care")
    for warning in found.warnings:
        terminal.lines(f"* {warning}")


def print_numbers(found: Variants) -> None:
    """Print what differs history by history, as tables with their legend: events with reports, then what came of it."""
    for about, title in (
        ("all events", "All headline events together, history by history"),
        ("event", "Each headline event"),
        ("outcome", "What came of it"),
    ):
        rows = [row for row in found.numbers if row.about == about]
        hidden = [row for row in rows if row.unit == _FACTS and not row.stands_out]
        shown = [row for row in rows if row not in hidden]
        counted = sorted((row for row in shown if row.unit == _FACTS), key=lambda row: -_clearness(row))
        shown = [row for row in shown if row.unit != _FACTS] + counted[:_MOST]
        _print_numbers(shown, title)
        if len(rows) > len(shown):
            terminal.lines(f"and {len(rows) - len(shown)} counts of facts that stand out less, or not: --json has all")
    for line in _LEGEND:
        terminal.lines(line)
    terminal.lines(f"*: more than chance makes of any of the {found.numbers_looked_at} numbers looked at")


def _print_scores(found: Variants) -> None:
    rows = [
        [_AGAINST.get(row.against, row.against), row.name, row.unit, f"{row.first:.2f}", f"{row.second:.2f}",
         spanned(row.difference, row.low, row.high, digits=2), row.verdict]
        for row in found.scores
    ]  # fmt: skip
    columns = ["against", "score", "lower is better", "A", "B", f"B {MINUS} A (95 %)", "B is"]
    if rows:
        terminal.table(columns, rows, align="lllrrrl", title="Mean scores over the headline events")


def _print_numbers(rows: Sequence[PairedDifference], title: str) -> None:
    if not rows:
        return
    shown = [
        [_name(row), amount(row.first, row.unit), amount(row.second, row.unit),
         difference(row) + (" *" if row.stands_out else ""), in_percent(row.higher) + (" worse" if row.loss else ""),
         "-" if row.crn_ratio is None else f"{row.crn_ratio:.2f}",
         "-" if row.pairs_needed is None else f"{row.pairs_needed:,}"]
        for row in rows
    ]  # fmt: skip
    columns = ["what", "A", "B", f"B {MINUS} A (95 %)", "higher in B %", "CRN ratio", "pairs"]
    terminal.table(columns, shown, align="lrrrrrr", title=title)


def _name(row: PairedDifference) -> str:
    if row.about == "outcome":
        return f"{row.label}, {row.unit}" if row.unit != _FACTS else row.label
    status = f" ({row.status})" if row.status else ""
    unit = "" if row.unit == "share" else f", {row.unit}"
    return f"{row.label}{status}: {row.name} {_AGAINST[row.against]}{unit}"


def _clearness(row: PairedDifference) -> float:
    width = row.high - row.low
    if row.stands_out and not math.isfinite(width):  # every draw has the same difference: nothing is clearer
        return math.inf
    return abs(row.difference) / max(width, 1e-12)


def write_pair_page(first: Batch, second: Batch, output: Path, found: Variants, fork: Fork | None = None) -> None:
    """Write the page of two batches, and print its sentences."""
    from sim.report import gather_pair, pair_page

    content = gather_pair(first, second, found, fork=fork)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(pair_page(content), encoding="utf-8")
    for line in content.telling:
        terminal.lines(line.words)
    terminal.lines(f"The page: {output}")
