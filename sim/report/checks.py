"""The checks beside the scores as tables of words: rank test, order, silence, control, claim by claim."""

from __future__ import annotations

from collections.abc import Sequence

from sim.compare import Comparison
from sim.compare.credence import ClaimBelief
from sim.compare.holding import Holding
from sim.compare.ordering import Order
from sim.compare.ranking import RankTest
from sim.compare.silence import Silence, SilentCell
from sim.report.keys import BELIEFS, HOLDINGS, ORDER_PAIRS, ORDERS, RANK_TESTS, RANKS, SILENCE, asked_of
from sim.report.tables import Cell, Followed, Table
from sim.report.words import percent, signed, with_interval

_AGAINST = {"printed": "printed claims", "facts": "the simulated world"}
#: Pairs of events and claims that are shown: those most wrong, those most moved.
_PAIRS = 8
_CLAIMS = 15
_DASH = "\N{EN DASH}"


def check_tables(comparison: Comparison) -> tuple[Table, ...]:
    """Return what is checked beside the scores; a check without enough draws or claims has no table."""
    found = [
        _ranks(comparison.ranks),
        *map(_order, comparison.orders),
        _silence(comparison.silence),
        _control(comparison.control),
        _beliefs(comparison.beliefs),
    ]
    return tuple(table for table in found if table is not None)


def _ranks(tests: Sequence[RankTest]) -> Table | None:
    if not tests:
        return None
    said: list[Cell] = []
    for test in tests:
        said += [
            f" Against {_AGAINST[test.against]}: p = ", _asked(f"{test.p:.3f}", RANK_TESTS, "p", against=test.against),
            " for all three together, at least ",
            _asked(f"{test.smallest:.3f}", RANK_TESTS, "smallest", against=test.against),
            " with ", _asked(f"{test.plays}", RANK_TESTS, "plays", against=test.against),
            f" plays; {test.verdict}. Of the model's own histories it calls ",
            _asked(with_interval(test.size), RANK_TESTS, "size", against=test.against), " implausible, at nominal 5 %.",
        ]  # fmt: skip
    return Table(
        "Is the reported history a plausible draw from the model?",
        "Replications that are not in the forecast play history, and the reported history is ranked among them by "
        "three statistics declared beforehand, two-sided. The events were chosen because they were reported, which "
        "weighs against the model.",
        ("Statistic", "against", "reported", "plays: 5 / 50 / 95 %", "p"),
        tuple(
            (f"{one.name}, {one.unit}", _AGAINST[test.against],
             _asked(f"{one.reported:.1f}", RANKS, "reported", against=test.against, name=one.name),
             _asked(" / ".join(f"{value:.1f}" for value in one.expected), RANKS, "expected", against=test.against,
                    name=one.name),
             _asked(f"{one.p:.3f}", RANKS, "p", against=test.against, name=one.name))
            for test in tests
            for one in test.statistics
        ),
        told=tuple(said),
    )  # fmt: skip


def _order(order: Order) -> Table:
    low, middle, high = order.shuffled
    worst = sorted(order.pairs, key=lambda pair: pair.before.p)[:_PAIRS]
    return Table(
        f"Which came first, against {_AGAINST[order.against]}",
        f"Shown are the {len(worst)} pairs that the model has most wrong, of the campaigns in which any of the two "
        "happens.",
        ("Reported first", "reported second", "so in the model"),
        tuple(
            (f"{pair.first_label} ({pair.first_status})", f"{pair.second_label} ({pair.second_status})",
             _asked(f"{with_interval(pair.before)} of {pair.before.n}", ORDER_PAIRS, "before", against=order.against,
                    first=pair.first, second=pair.second))
            for pair in worst
        ),
        told=(
            " Kendall's tau over the ", _asked(str(len(order.pairs)), ORDERS, "pairs", against=order.against),
            " pairs whose reported windows do not touch: ",
            _asked(f"{signed(order.tau)} ({signed(order.low)} to {signed(order.high)})", ORDERS, "tau", "low", "high",
                   against=order.against),
            "; with dates shuffled over the events ",
            _asked(f"{signed(middle)} ({signed(low)} to {signed(high)})", ORDERS, "shuffled", against=order.against),
            f": {order.verdict}.",
        ),
    )  # fmt: skip


def _silence(silence: Silence | None) -> Table | None:
    if silence is None:
        return None
    frozen = f" It was not frozen with the batch: {silence.unfrozen}." if silence.unfrozen else ""
    return Table(
        "Where the sources were silent",
        "Each cell of a grid of sources, areas and event types asks whether anything of that type was printed there. "
        f"The grid ({silence.grid_sha256[:12]}) is made of scenario and sources, never of what was reported.{frozen}"
        " The Brier score is per cell; the base rate is a null that says of every cell how often the others are spoken "
        f"of. Silent, but expected to be spoken of: {_cells(silence.unexpected_silence)}. "
        f"Spoken of, but not expected: {_cells(silence.unexpected_speech)}.",
        ("Source", "cells", "spoken of", "simulated: 5 / 50 / 95 %", "Brier score", "base rate", "were it right"),
        tuple(
            (one.source or "all sources",
             *(_asked(words, SILENCE, *asked, source=one.source)
               for words, *asked in (
                   (str(one.cells), "cells"), (str(one.reported), "reported"),
                   (" / ".join(f"{value:.0f}" for value in one.expected), "expected"),
                   (f"{one.brier:.3f} ({one.low:.3f}{_DASH}{one.high:.3f})", "brier", "low", "high"),
                   (f"{one.base_rate:.3f}", "base_rate"),
                   (f"{one.played[0]:.3f}{_DASH}{one.played[2]:.3f}", "played"),
               )))
            for one in silence.scores
        ),
    )  # fmt: skip


def _cells(found: Sequence[SilentCell]) -> str:
    words = (f"{one.type.replace('_', ' ')} in {one.area}, {one.source}, {with_interval(one.printed)}" for one in found)
    return "; ".join(words) or "none"


def _control(rows: Sequence[Holding]) -> Table | None:
    if not rows:
        return None
    return Table(
        "Who holds what on the days of which a claim speaks, in the simulated world",
        "Claims of control that are not refuted, carried for so many days at most or until somebody else is said to "
        "have come; averaged over the days of a place first. Where claims contradict each other nothing is scored.",
        ("Days carried", "places", "places and days", "Brier score", "nobody moves", "contradicted"),
        tuple(
            (str(row.carried_days),
             *(_asked(words, HOLDINGS, *asked, carried=row.carried_days)
               for words, *asked in (
                   (str(row.places), "places"), (str(row.days), "days"),
                   (f"{row.brier:.3f} ({row.low:.3f}{_DASH}{row.high:.3f})", "brier", "low", "high"),
                   (f"{row.still:.3f}", "still"), (str(row.contradicted), "contradicted"),
               )))
            for row in rows
        ),
    )  # fmt: skip


def _beliefs(found: Sequence[ClaimBelief]) -> Table | None:
    if not found:
        return None
    moved = sorted(found, key=lambda one: -one.moved)
    levels = [belief.trust for belief in found[0].beliefs]
    shown = [number for number in range(len(levels)) if any(one.beliefs[number].told for one in found)]
    silent = ", ".join(f"{level:.0%}" for number, level in enumerate(levels) if number not in shown)
    left_out = f" So few are left at every claim for trust {silent}." if silent else ""
    return Table(
        "Claim by claim",
        "How often a claim is true in the simulated world, and how probable it is given all other claims (copies "
        "once), for several levels of trust in claimants, with the Bayes factor of the others. Empty: they leave fewer "
        "than 20 independent worlds; no Bayes factor below 100. This is what the model and a prior make of the claims, "
        f"not what happened.{left_out} Here are those {min(len(found), _CLAIMS)} of {len(found)} claims that "
        "the others move most.",
        ("Claim, by whom, status", "model alone", *(f"trust {levels[number]:.0%}" for number in shown)),
        tuple(
            (_named(one), _asked(with_interval(one.alone), BELIEFS, "alone", claim=one.claim_id),
             *(_belief(one, number) for number in shown))
            for one in moved[:_CLAIMS]
        ),
    )  # fmt: skip


def _named(one: ClaimBelief) -> str:
    denies = "denies: " if one.statement == "denies" else ""
    return f"{one.claim_id}: {denies}{one.label} ({one.claimant}, {one.status})"


def _belief(one: ClaimBelief, number: int) -> Cell:
    belief = one.beliefs[number]
    if not belief.told:
        return ""
    factor = "" if belief.bayes_factor is None else f"\n\N{MULTIPLICATION SIGN}{belief.bayes_factor:.1f}"
    low, high = percent(belief.low), percent(belief.high)
    words = f"{percent(belief.p)}\N{THIN SPACE}% ({low}{_DASH}{high}){factor}"
    return _asked(words, BELIEFS, f"beliefs[{number}]", claim=one.claim_id)


def _asked(words: str, key: str, *asked: str, **chosen: str | int) -> Followed:
    """Return a number that is some attributes of a row, which is found by what is chosen."""
    return Followed(words, key, at={**chosen, **asked_of(*asked)})
