"""Tables of luck and assumptions: how much of a spread is which, and which assumptions move an event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.compare.influence import verdict
from sim.compare.words import DASH, THIN, in_percent, percent, signed, spanned
from sim.projections.spread import ONE_EACH

if TYPE_CHECKING:
    from sim.compare import Comparison
    from sim.compare.influence import ByOption, Influence, Mover
    from sim.compare.pairs import Difference
    from sim.compare.variants import PairedDifference
    from sim.projections.spread import Spread


def due(spread: Spread | None) -> str:
    """Return the share of a variance that the assumptions explain, in per cent with its interval; a dash if unknown."""
    if spread is None or spread.share is None or spread.share_low is None or spread.share_high is None:
        return "-"
    return f"{percent(spread.share)} ({percent(spread.share_low)}{DASH}{percent(spread.share_high)})"


def difference(row: Difference | PairedDifference) -> str:
    """Return a difference with its interval, of a share in points; thousands as everywhere on the terminal."""
    share = row.unit == "share"
    words = spanned(row.difference, row.low, row.high, digits=0 if share else 1, scale=100 if share else 1)
    return words.replace(THIN, ",")


def amount(value: float, unit: str) -> str:
    """Return a mean, or a share in per cent."""
    return f"{percent(value)}{THIN}%" if unit == "share" else f"{value:,.1f}"


def print_spreads(comparison: Comparison) -> None:
    """Print how far the headline events spread in the simulated world, by luck and by the assumptions."""
    if comparison.draws == comparison.replications:
        terminal.heading("Luck and assumptions")
        terminal.lines(f"{ONE_EACH[:1].upper()}{ONE_EACH[1:]}.")
        return
    found = [(row, row.spread, row.date_spread) for row in comparison.truth]
    rows = [
        [row.label, row.status, in_percent(row.happens), _chances(spread), due(spread), _days(dates),
         _days(dates, alone=True), due(dates)]
        for row, spread, dates in found
    ]  # fmt: skip
    share = "assumptions %"
    columns = ["event", "status", "happens %", "by draw P5/50/95 %", share, "day P5/50/95", "by draw", share]
    made, draws = terminal.counted(comparison.replications, "campaign"), terminal.counted(comparison.draws, "draw")
    title = f"Luck and assumptions: {made} of {draws}, in truth"
    terminal.table(columns, rows, align="llrrrrrr", title=title)
    terminal.lines("by draw: over the draws of the assumptions, luck averaged out; assumptions %: their share of the")
    terminal.lines("variance, the rest is luck; what has not happened by the horizon counts as happening then")


def _chances(spread: Spread) -> str:
    return "-" if spread.by_draw is None else " / ".join(map(percent, spread.by_draw))


def _days(spread: Spread | None, *, alone: bool = False) -> str:
    days = None if spread is None else spread.by_draw if alone else spread.total
    return "-" if days is None else " / ".join(f"{day:.1f}" for day in days)


def print_influence(found: Sequence[Influence], choices: Sequence[ByOption]) -> None:
    """Print which assumptions move each event most, each choice with what it changes, and whether one decides all."""
    rows = []
    for event in found:
        if not event.movers:
            rows.append([event.label, "none stands out from noise", "", "", ""])
        for number, mover in enumerate(event.movers):
            correlation = "" if mover.correlation is None else signed(mover.correlation)
            name = mover.path + (f" and {len(mover.same)} drawn with it" if mover.same else "")
            label = event.label if not number else ""
            rows.append([label, name, correlation, percent(mover.explains), _ends(mover)])
    columns = ["event", "assumption", "rank corr.", "explains %", "happens %"]
    terminal.table(columns, rows, align="llrrl", title="What moves each event most, over the draws")
    for choice in choices:
        names = [name for name, _ in choice.rows[0][2]]
        shown = [[label, *(in_percent(chance) for _, chance in chances)] for _, label, chances in choice.rows]
        terminal.table(["event", *names], shown, align="l" + "r" * len(names), title=f"Happens %, by {choice.path}")
    for line in verdict(found):
        terminal.lines(f"\n{line}")


def _ends(mover: Mover) -> str:
    return ", ".join(f"{name} {in_percent(chance)}" for name, chance in mover.chances)
