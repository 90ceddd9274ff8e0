"""Silence on a grid that never looks at what was reported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.compare import compare
from sim.compare.blocks import blocks_of
from sim.compare.silence import silence
from sim.errors import InputError
from sim.scenario.distributions import Constant
from sim.scenario.grid import Grid, grid
from sim.scenario.reported import load_reported
from tests.compare.memory import MemoryBatch
from tests.compare.test_compare import TIMELINE, WITNESS, campaigns
from tests.observation.toy import scenario

CELLS = Grid((("paper", "north", "attack"), ("paper", "north", "siege"), ("paper", "south", "attack")))


def scored(simulated: list[list[bool]], reported: list[bool]):
    table = np.array(simulated)
    draws = np.arange(len(table))
    return silence(CELLS, "", table, np.array(reported), draws, blocks_of(draws))


def test_a_model_in_which_everything_is_always_told_pays_for_silence():
    """Of two models that tell what was told, the one that tells everything else as well scores worse."""
    apt = scored([[True, False, False]] * 50, [True, False, False])
    loud = scored([[True, True, True]] * 50, [True, False, False])
    assert apt is not None
    assert loud is not None
    assert apt.scores[0].brier < 0.001 < 0.6 < loud.scores[0].brier
    assert [(cell.type, cell.area) for cell in loud.unexpected_silence] == [("siege", "north"), ("attack", "south")]


def test_the_score_is_the_mean_square_over_cells():
    """With p = (k + 1/2) / (M + 1): 2 of 4, 0 of 4 and 4 of 4 with the first two reported."""
    simulated = [[True, False, True], [True, False, True], [False, False, True], [False, False, True]]
    found = scored(simulated, [True, True, False])
    assert found is not None
    p = np.array([2.5, 0.5, 4.5]) / 5
    assert found.scores[0].brier == pytest.approx(((p - [1, 1, 0]) ** 2).mean())
    assert found.scores[0].reported == 2
    assert found.scores[0].expected[1] == 1.5


def test_who_plays_history_takes_its_draw_with_it():
    """The quantiles of what replications lose as history are by the replications of other draws alone."""
    rng = np.random.default_rng(5)
    table, draws = rng.random((30, 3)) < 0.4, np.repeat(np.arange(6), 5)[rng.permutation(30)]
    found = silence(CELLS, "", table, np.array([True, False, False]), draws, blocks_of(draws))
    lost = []
    for row, draw in zip(table, draws, strict=True):
        others = table[draws != draw]
        lost.append((((others.sum(axis=0) + 0.5) / (len(others) + 1) - row) ** 2).mean())
    assert found is not None
    assert found.scores[0].played == pytest.approx(np.quantile(lost, (0.05, 0.5, 0.95)))


def test_the_grid_is_made_of_scenario_and_sources_alone():
    """It is the same whatever was reported; a type that a source never prints, or nobody tells of, is not in it."""
    world = scenario(WITNESS)
    timeline = load_reported(TIMELINE, world)
    sources = timeline.printed_by
    found = grid(world, sources)
    assert {source for source, _, _ in found.cells} == set(sources.sources)
    assert {area for _, area, _ in found.cells} == set(world.areas)
    assert "displacement" not in {name for _, _, name in found.cells}
    fewer = sources.model_copy(deep=True)
    name = sorted(fewer.sources)[0]
    fewer.sources[name].cover_by_type["attack"] = Constant(value=0)
    less = grid(world, fewer)
    assert (set(found.cells) - set(less.cells)) == {(name, area, "attack") for area in world.areas}
    assert less.sha256 != found.sha256


def batch_with(frozen: str | None) -> MemoryBatch:
    world = scenario(WITNESS)
    batch = MemoryBatch(world, campaigns(4))
    if frozen is not None:
        batch.manifest["grid_sha256"] = frozen
    return batch


def test_another_grid_is_refused_unless_asked_for(tmp_path: Path):
    """The grid frozen with the batch is the one that counts; who wants another says so, and the result does too."""
    world = scenario(WITNESS)
    timeline = load_reported(TIMELINE, world)
    frozen = grid(world, timeline.printed_by).sha256
    same = compare(batch_with(frozen), timeline, ledger=tmp_path)
    assert same.silence is not None
    assert same.silence.unfrozen == ""
    with pytest.raises(InputError, match="--other-grid"):
        compare(batch_with("0" * 64), timeline, ledger=tmp_path)
    other = compare(batch_with("0" * 64), timeline, ledger=tmp_path, other_grid=True)
    assert other.silence is not None
    assert "asked for" in other.silence.unfrozen
    assert any("not frozen" in warning for warning in other.warnings)
