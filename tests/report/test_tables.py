from __future__ import annotations

import re
from dataclasses import replace
from math import inf
from types import SimpleNamespace
from typing import cast

import numpy as np

from sim.compare import Comparison, EventRow, Score, Skill
from sim.report.casualties import numbered
from sim.report.claim_tables import claim_words, loss_words
from sim.report.claims import by_kind
from sim.report.tables import assumption_rows, score_tables, window_rows
from sim.scenario.numbers import Entry
from tests.report import fakes


def row_of(times_s: np.ndarray[tuple[int], np.dtype[np.float64]]) -> EventRow:
    """Return a headline event with these simulated dates, a draw for each."""
    return fakes.row(times_s, fakes.headlines()[0], "printed", np.arange(times_s.size))


def comparison(*rows: EventRow) -> Comparison:
    """Return a comparison of these events with one score and its skill."""
    score = Score("printed", "log", "nats per event", 1.2, 1.1, 1.3, 14)
    skill = Skill("printed", "uniform", "log", "nats per event", 1.2, 1.1, -0.1, -0.4, 0.2, (-0.2, 0.1, 0.5), 14)
    return cast("Comparison", SimpleNamespace(scores=(score,), nulls=(skill,), headline=rows))


def spread(cell: str) -> tuple[float, float, float]:
    """Return the value and the interval in a cell."""
    value, low, high = map(float, re.findall(r"\d+\.\d+", cell))
    return value, low, high


def test_a_skill_that_covers_zero_is_called_so() -> None:
    """Where the interval of a skill holds zero the table says that the model cannot be told from the null."""
    mean, _ = score_tables(comparison())
    ((_, _, model, over_uniform),) = mean.words
    assert model == "1.20 (1.10–1.30)\nnats per event"
    assert over_uniform == "−0.10 (−0.40 to +0.20)\nexpected −0.20 to +0.50\ncannot be told from it"


def test_a_skill_without_an_interval_says_why() -> None:
    """Few draws give no interval of a mean score or of its skill: that is said, and no verdict is given."""
    found = comparison()
    score, skill = replace(found.scores[0], low=-inf, high=inf), replace(found.nulls[0], low=-inf, high=inf)
    few = cast("Comparison", SimpleNamespace(scores=(score,), nulls=(skill,), headline=()))
    ((_, _, model, over_uniform),) = score_tables(few)[0].words
    assert model == "1.20 (too few draws)\nnats per event"
    assert over_uniform == "\N{MINUS SIGN}0.10\ntoo few draws for an interval"


def test_every_score_of_an_event_stands_in_its_interval() -> None:
    """Log score, Brier score and CRPS of an event each lie inside the interval beside them."""
    times = fakes.events()[0].printed.times_s
    ((_, _, *cells, counts),) = score_tables(comparison(row_of(times)))[1].words
    assert counts == "yes"
    for cell in cells:
        value, low, high = spread(cell)
        assert low < value < high


def test_more_campaigns_narrow_the_interval_of_a_score() -> None:
    """With nine times as many campaigns of the same kind the intervals are about a third as wide."""
    times = fakes.events()[0].printed.times_s
    more = np.random.default_rng(1).permutation(np.tile(times, 9))
    few, many = (score_tables(comparison(row_of(found)))[1].words[0][2:5] for found in (times, more))
    for one, other in zip(few, many, strict=True):
        (_, low, high), (_, lower, upper) = spread(one), spread(other)
        assert (upper - lower) < 0.6 * (high - low)


def test_an_event_that_does_not_count_says_why() -> None:
    """Events stopped at the gate, or given by a date, are listed and not counted."""
    row = row_of(fakes.events()[0].printed.times_s)
    rows = score_tables(comparison(replace(row, gate="never"), replace(row, given=True)))[1].rows
    assert [cells[-1] for cells in rows] == ["no: never happens", "given"]


def test_a_class_that_cannot_occur_is_left_empty() -> None:
    """A window that opens at the start has no share before it."""
    event = fakes.events()[0]
    opened = replace(event, printed=replace(event.printed, impossible=("before",)))
    (row,) = window_rows([opened], fakes.legend(), fakes.calendar())
    assert row.printed[0] == ""
    assert all("%" in cell for cell in row.printed[1:])


NUMBER = Entry(
    path="a.b",
    law="uniform",
    parts={"min": 3600.0, "max": 7200.0},
    kind="epistemic",
    use="run",
    phase="standing",
    unit="",
    ge=None,
    le=None,
    meaning="",
    basis="b",
    refs=("S1",),
    confidence="low",
    shared=None,
    note="n",
)


def test_durations_are_shown_in_the_unit_that_suits_them() -> None:
    """Hours and days stand for seconds; constants show their value alone."""
    entry = replace(NUMBER, unit="s")
    fixed = replace(entry, law="constant", parts={"value": 259_200.0})
    drawn, constant = assumption_rows([entry, fixed])
    assert (drawn.low, drawn.middle, drawn.high, drawn.unit) == ("1.05", "1.5", "1.95", "h")
    assert (constant.low, constant.middle, constant.high, constant.unit) == ("", "3", "", "days")
    assert drawn.basis == "b — n"


def test_a_choice_is_shown_by_its_names() -> None:
    """A named choice that is uncertain shows each name with its share of the draws, a settled one its name."""
    uncertain = replace(NUMBER, law="discrete", parts={"weights.0": 1.0, "weights.2": 3.0}, options=("a", "b", "c"))
    settled = replace(NUMBER, law="constant", parts={"value": 1.0}, options=("a", "b", "c"))
    first, second = assumption_rows([uncertain, settled])
    assert (first.law, first.low, first.middle, first.high) == ("choice: a 25 %, c 75 %", "", "", "")
    assert (second.law, second.middle) == ("choice", "b")


def test_the_tables_of_claims_and_losses_say_what_their_figures_say() -> None:
    """Every claim stands in the table once, in the order of the figure; a share or a spread never without its range."""
    content = fakes.content()
    about = content.legend, content.calendar
    listed = [row for _, rows in claim_words(content.claims, content.chances, *about) for row in rows]
    assert [row.claim_id for row in listed] == [
        claim.claim_id for _, claims in by_kind(content.claims) for claim in claims
    ]
    assert {row.claim_id for row in listed if row.share} == content.chances.keys()
    assert all(row.rule and row.source and row.window and " " in row.who for row in listed)
    losses = loss_words(content.losses, {claim.claim_id: claim for claim in content.claims}, *about)
    assert len(losses) == len(numbered(content.losses)) > 2
    for told in [row.share for row in listed if row.share] + [
        words for row in losses for words in (row.lost, row.simulated, row.due, row.printed, row.told)
    ]:
        assert re.search(r"\d \(\d+.*–.*\d\)$|% \(.+–.+\)$", told), told


def test_losses_that_no_campaign_has_are_left_empty() -> None:
    """Where no campaign has such losses, or nobody would tell of them, the table gives no number."""
    content = fakes.content()
    (first, *_) = numbered(content.losses)
    none = replace(first, true=None, claimed=None)
    told = {claim.claim_id: claim for claim in content.claims}
    (row,) = loss_words([none], told, content.legend, content.calendar)
    assert (row.simulated, row.told) == ("", "")
