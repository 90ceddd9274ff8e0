"""The checks beside the scores, in words."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from sim.compare import Comparison
from sim.compare.blocks import blocks_of
from sim.compare.credence import Belief, ClaimBelief
from sim.compare.holding import Holding
from sim.compare.ordering import order
from sim.compare.ranking import rank_test
from sim.compare.silence import silence
from sim.compare.skill import played
from sim.compare.windows import share_of
from sim.report.checks import check_tables
from sim.scenario.grid import Grid
from tests.compare.test_skill import HORIZON, ensemble, question


def comparison(**changes: Any) -> Comparison:
    """Return a comparison of ten events with every check, by made-up dates."""
    asked = [question(times, day - 1, day + 1) for day, times in enumerate(ensemble(2.0), start=3)]
    plays = played(asked, [np.inf] * len(asked), HORIZON)
    assert plays is not None
    draws = asked[0].draws
    spoken = np.random.default_rng(1).random((len(draws), 2)) < 0.3
    cells = Grid((("paper", "north", "attack"), ("paper", "north", "siege")))
    told = (Belief(0.5, 400.0, 0.3, 0.25, 0.35, 1.5), Belief(0.9, 3.0, 0.9, 0.2, 1.0, None))
    settings = {
        "ranks": (rank_test("printed", plays),),
        "orders": (order(asked, HORIZON),),
        "silence": silence(cells, "", spoken, np.array([True, False]), draws, blocks_of(draws)),
        "control": (Holding(3, 2, 8, 0.2, 0.1, 0.3, 0.4, 1),),
        "beliefs": (
            ClaimBelief("C1", "e", "The fall", "A voice", "disputed", "denies", share_of(spoken[:, 0], draws), told),
        ),
    }
    return cast("Comparison", SimpleNamespace(**{**settings, **changes}))


def test_every_check_has_a_table_that_says_how_to_read_it():
    """Rank test, order, silence, control and claims, each with a heading, words, and rows as wide as its head."""
    tables = check_tables(comparison())
    assert len(tables) == 5
    for table in tables:
        assert table.rows
        assert all(len(row) == len(table.heads) for row in table.rows)


def test_a_check_that_could_not_be_made_has_no_table():
    """Too few draws for plays, no disjoint windows, no grid, no claims of control or of anything: nothing is shown."""
    assert check_tables(comparison(ranks=(), orders=(), silence=None, control=(), beliefs=())) == ()


def test_a_claim_stands_with_its_claimant_its_label_and_what_can_be_told():
    """A level of trust at which no claim leaves enough worlds has no column, and the words say so."""
    table = check_tables(comparison())[-1]
    ((name, *cells),) = table.words
    assert name == "C1: denies: The fall (A voice, disputed)"
    assert len(cells) == 2
    assert cells[-1].endswith("\N{MULTIPLICATION SIGN}1.5")
    assert "trust 90%" in table.note


def test_a_grid_that_was_not_frozen_is_called_so():
    """Whoever reads the table of silence learns on what grid it was judged."""
    made = comparison()
    assert made.silence is not None
    other = comparison(silence=replace(made.silence, unfrozen="asked for"))
    assert "not frozen with the batch: asked for" in check_tables(other)[2].note
