"""Checks beside the scores as tables: rank test, order, silence, control by place and day, claim by claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.compare.words import DASH, around, in_percent, percent, spanned, with_interval

if TYPE_CHECKING:
    from sim.compare.credence import Belief, ClaimBelief
    from sim.compare.holding import Holding
    from sim.compare.ordering import Order
    from sim.compare.ranking import RankTest
    from sim.compare.silence import Silence, SilentCell

_AGAINST = {"printed": "as printed", "facts": "in truth"}
#: Pairs of events that are shown: those that the model has most wrong.
_PAIRS = 6
#: Claims that are shown: those whose odds the other claims move most.
_CLAIMS = 12


def print_ranks(tests: Sequence[RankTest]) -> None:
    """Print whether the reported history is a plausible draw from the model."""
    rows = [
        [_AGAINST[test.against], one.name, one.unit, f"{one.reported:.1f}",
         " / ".join(f"{value:.1f}" for value in one.expected), f"{one.p:.3f}"]
        for test in tests
        for one in test.statistics
    ]  # fmt: skip
    if not rows:
        return
    columns = ["against", "statistic", "", "reported", "plays P5/50/95", "p"]
    terminal.table(columns, rows, align="lllrrr", title="Is the reported history a plausible draw from the model?")
    for test in tests:
        terminal.lines(
            f"{_AGAINST[test.against]}: p = {test.p:.3f} for all three together (Bonferroni; at least "
            f"{test.smallest:.3f} with {test.plays} plays): {test.verdict}"
        )
        terminal.lines(
            f"  it calls {with_interval(test.size)} of the model's own histories implausible, at nominal 5 %; the "
            "events were chosen because they were reported, which weighs against the model"
        )


def print_orders(orders: Sequence[Order]) -> None:
    """Print how far the simulated order of events is the reported one."""
    for order in orders:
        worst = sorted(order.pairs, key=lambda pair: pair.before.p)[:_PAIRS]
        rows = [
            [f"{pair.first_label} ({pair.first_status})", f"{pair.second_label} ({pair.second_status})",
             in_percent(pair.before), str(pair.before.n)]
            for pair in worst
        ]  # fmt: skip
        title = f"Order, {_AGAINST[order.against]}: of {len(order.pairs)} pairs with disjoint windows the most wrong"
        terminal.table(["reported first", "reported second", "so %", "of"], rows, align="llrr", title=title)
        low, middle, high = order.shuffled
        terminal.lines(
            f"Kendall's tau {spanned(order.tau, order.low, order.high, digits=2)}; shuffled dates "
            f"{spanned(middle, low, high, digits=2)}: {order.verdict}"
        )


def print_silence(silence: Silence | None) -> None:
    """Print how well the silence of the sources is told."""
    if silence is None:
        return
    rows = [
        [one.source or "all sources", str(one.cells), str(one.reported), " / ".join(f"{n:.0f}" for n in one.expected),
         around(one.brier, one.low, one.high, digits=3), f"{one.base_rate:.3f}",
         f"{one.played[0]:.3f}{DASH}{one.played[2]:.3f}"]
        for one in silence.scores
    ]  # fmt: skip
    columns = ["source", "cells", "spoken of", "simulated P5/50/95", "Brier (95 %)", "base rate", "were it right"]
    title = f"Silence, on the grid {silence.grid_sha256[:12]} of areas and event types"
    terminal.table(columns, rows, align="lrrrrrr", title=title)
    terminal.lines(f"silent, but expected to be spoken of: {_cells(silence.unexpected_silence)}")
    terminal.lines(f"spoken of, but not expected: {_cells(silence.unexpected_speech)}")


def _cells(found: Sequence[SilentCell]) -> str:
    return "; ".join(f"{one.type} in {one.area}, {one.source}, {with_interval(one.printed)}" for one in found) or "none"


def print_control(rows: Sequence[Holding]) -> None:
    """Print how well claims of control are told by place and day."""
    shown = [
        [str(row.carried_days), str(row.places), str(row.days), around(row.brier, row.low, row.high, digits=3),
         f"{row.still:.3f}", str(row.contradicted)]
        for row in rows
    ]  # fmt: skip
    columns = ["carried days", "places", "places x days", "Brier (95 %)", "nobody moves", "contradicted, left out"]
    if shown:
        title = "Control by place and day in truth, where a claim (not refuted) speaks of it"
        terminal.table(columns, shown, align="rrrrrr", title=title)


def print_beliefs(found: Sequence[ClaimBelief]) -> None:
    """Print how far claims can be believed: those first whose odds the others move most."""
    if not found:
        return
    levels = [belief.trust for belief in found[0].beliefs]
    moved = sorted(found, key=lambda one: -one.moved)
    rows = [
        [one.claim_id, ("denies: " if one.statement == "denies" else "") + one.label, one.claimant, one.status,
         in_percent(one.alone), *(_belief(belief) for belief in one.beliefs)]
        for one in moved[:_CLAIMS]
    ]  # fmt: skip
    columns = ["claim", "what", "by", "status", "model alone %", *(f"trust {level:.0%}" for level in levels)]
    aligned = "llllr" + "r" * len(levels)
    if terminal.narrow():
        keep = [0, 3, 4, *range(5, 5 + len(levels))]
        columns, rows = [columns[index] for index in keep], [[row[index] for index in keep] for row in rows]
        aligned = "ll" + "r" * (len(keep) - 2)
    title = "Claim by claim: per cent true in the model, and given the other claims (Bayes factor)"
    terminal.table(columns, rows, align=aligned, title=title)
    terminal.lines(
        f"{len(rows)} of {len(found)} claims, those that the others move most; trust: prior mean of how often each "
        "claimant is right. -: the"
    )
    terminal.lines("other claims leave fewer than 20 independent histories; no Bayes factor below 100")


def _belief(belief: Belief) -> str:
    if not belief.told:
        return "-"
    factor = "" if belief.bayes_factor is None else f" x{belief.bayes_factor:.1f}"
    return f"{percent(belief.p)} ({percent(belief.low)}{DASH}{percent(belief.high)}){factor}"
