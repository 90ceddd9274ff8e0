"""The tables of the page of two batches as plain numbers, each in a column of its own, for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from sim.compare import Variants
from sim.compare.variants import PairedDifference, ScoreDifference
from sim.report.pair_tables import NUMBERS, OUTCOMES, SCORES, by_events, shown_outcomes

Row = dict[str, Any]


def numbers_of_tables(found: Variants) -> dict[str, pa.Table]:
    """Return what the tables show whose numbers no figure has, by their names; shares are parts of one."""
    rows: dict[str, Iterable[Row]] = {
        SCORES: map(_score, found.scores),
        NUMBERS: map(_number, by_events(found)),
        OUTCOMES: map(_number, shown_outcomes(found)),
    }
    return {
        name: pa.Table.from_pylist(some) for name, some in ((name, list(some)) for name, some in rows.items()) if some
    }


def _score(row: ScoreDifference) -> Row:
    return {
        "score": row.name, "against": row.against, "events": row.events, "unit": row.unit, "a": row.first,
        "b": row.second, "b_less_a": row.difference, "low": row.low, "high": row.high, "b_is": row.verdict,
    }  # fmt: skip


def _number(row: PairedDifference) -> Row:
    return {
        "what": row.label, "number": row.name, "against": row.against, "status": row.status, "unit": row.unit,
        "a": row.first, "b": row.second, "b_less_a": row.difference, "low": row.low, "high": row.high,
        "stands_out": row.stands_out, "pairs": row.pairs, "more_in_b": row.higher.p, "more_in_b_low": row.higher.low,
        "more_in_b_high": row.higher.high, "more_is_worse": row.loss, "crn_ratio": row.crn_ratio,
        "pairs_needed": row.pairs_needed,
    }  # fmt: skip
