"""Designs of experiments: what varies covers its range evenly, and nothing else changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.batch import repeat, run_batch
from sim.batch.design import design_of, varied
from sim.errors import InputError, StoreError
from sim.scenario import load_scenario
from sim.scenario.numbers import register
from tests.batch import fakes
from tests.store.kept import small_scenario
from tests.worlds import TWO_VALLEYS

_TIME, _BOUT = "movement.time_factor", "combat.bout_duration"


def test_a_number_that_varies_is_uniform_on_its_range() -> None:
    """Only its law changes; durations are written as everywhere."""
    scenario, paths = varied(small_scenario(), [f"{_TIME}=0.5:1.5", f"{_BOUT}=PT1H:PT3H"])
    before, after = register(small_scenario()), register(scenario)
    assert paths == (_TIME, _BOUT)
    assert (after[_TIME].law, after[_TIME].kind, dict(after[_TIME].parts)) == (
        "uniform",
        "epistemic",
        {"min": 0.5, "max": 1.5},
    )
    assert dict(after[_BOUT].parts) == {"min": 3600.0, "max": 10800.0}
    assert {path: entry for path, entry in after.items() if path not in paths} == {
        path: entry for path, entry in before.items() if path not in paths
    }


def test_a_choice_that_varies_takes_each_name_as_often() -> None:
    """``path=name,name`` gives every name written the same weight, and others none."""
    scenario, paths = varied(small_scenario(), ["combat.law=square,linear"])
    entry = register(scenario)["combat.law"]
    assert paths == ("combat.law",)
    assert (entry.law, dict(entry.parts), entry.kind) == ("discrete", {"weights.1": 1.0, "weights.2": 1.0}, "epistemic")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("combat.law=square", "write path=name,name, for example --vary combat.law=mixed,square,linear,guerrilla"),
        ("combat.law=0:3", "write path=name,name"),
        ("combat.law=square,cubic", "write path=name,name"),
        ("movement.time_factor", "write path=low:high, for example"),
        ("movement.time_factor=2", "write path=low:high, for example"),
        ("movement.time_facto=1:2", "no run reads a number 'movement.time_facto'; did you mean 'movement.time_factor'"),
        ("movement.time_factor=2:1", "min 2 must be below max 1"),
        ("movement.time_factor=-1:1", "must be at least 0.2"),
        ("movement.time_factor=a:b", "movement.time_factor"),
        ("combat.bout_duration=1:2", "has no unit"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(text: str, message: str) -> None:
    """The message names what was typed and what to type instead."""
    with pytest.raises(InputError, match=message):
        varied(small_scenario(), [text])


def test_a_number_varies_once() -> None:
    """Two ranges for one number contradict each other."""
    with pytest.raises(InputError, match=f"{_TIME} varies already; give each number one range"):
        varied(small_scenario(), [f"{_TIME}=0.5:1.5", f"{_TIME}=1:2"])


def test_a_latin_hypercube_has_one_point_in_each_share_of_each_range() -> None:
    """Of n draws, exactly one lies in each n-th part of every range."""
    design = design_of("lhs", ["a", "b", "c"], 50, seed=1)
    assert design.uniforms.shape == (50, 3)
    assert (np.sort(np.floor(design.uniforms * 50), axis=0) == np.arange(50)[:, None]).all()
    assert set(design.of_draw(7)) == {"a", "b", "c"}
    assert not np.array_equal(design.uniforms, design_of("lhs", ["a", "b", "c"], 50, seed=2).uniforms)
    assert np.array_equal(design.uniforms, design_of("lhs", ["a", "b", "c"], 50, seed=1).uniforms)


def test_a_longer_sobol_sequence_begins_with_the_shorter_one() -> None:
    """So a Sobol batch can grow, and its points stay strictly inside the ranges."""
    short, long = (design_of("sobol", ["a", "b"], draws, seed=1) for draws in (10, 100))
    assert np.array_equal(short.uniforms, long.uniforms[:10])
    assert ((long.uniforms > 0) & (long.uniforms < 1)).all()
    assert (short.fixed_draws, design_of("lhs", ["a"], 10, seed=1).fixed_draws) == (None, 10)


def test_a_grid_has_every_combination_of_levels() -> None:
    """Levels lie in the middle of their shares; a number of draws that is no such grid is refused."""
    design = design_of("grid", ["a", "b"], 9, seed=1)
    middles = [1 / 6, 3 / 6, 5 / 6]
    assert design.uniforms == pytest.approx(np.array([(a, b) for a in middles for b in middles]))
    with pytest.raises(InputError, match=r"2 numbers take 4, 9, 16, \.\.\. draws, not 10"):
        design_of("grid", ["a", "b"], 10, seed=1)


def test_an_unknown_design_is_refused() -> None:
    """The message names the nearest known one."""
    with pytest.raises(InputError, match="--design sobel: did you mean 'sobol'"):
        design_of("sobel", ["a"], 10, seed=1)


def test_a_design_replaces_exactly_the_uniforms_of_what_varies(tmp_path: Path) -> None:
    """Values that vary cover their range, all others are those of the plain batch with the same seed."""
    scenario = load_scenario(TWO_VALLEYS)
    plain = run_batch(scenario, tmp_path / "plain", replications=6, workers=1).values().to_pylist()
    batch = run_batch(scenario, tmp_path / "lhs", replications=6, workers=1, vary=[f"{_TIME}=0.8:1.4"])
    rows = batch.values().to_pylist()
    shares = sorted((row.pop(_TIME) - 0.8) / 0.6 * 6 for row in rows)
    assert [int(share) for share in shares] == list(range(6))
    assert rows == [{path: value for path, value in row.items() if path != _TIME} for row in plain]
    assert (batch.manifest["design"], batch.manifest["vary"]) == ("lhs", [f"{_TIME}=0.8:1.4"])
    assert repeat(tmp_path / "lhs", 4).sha256 == batch.outcomes().column("sha256")[4].as_py()


def test_replications_of_one_draw_share_a_point_of_the_design(tmp_path: Path) -> None:
    """With R replications per draw there are as many points as draws."""
    batch = run_batch(
        small_scenario(),
        tmp_path,
        replications=24,
        per_draw=4,
        workers=1,
        vary=[f"{_TIME}=1:2"],
        maker=fakes.quiet,
        check_every=0,
    )
    points = batch.values().column(_TIME).to_pylist()
    assert points == [point for point in points[::4] for _ in range(4)]
    assert sorted(int(point * 6) for point in points[::4]) == list(range(6))


def test_a_design_whose_points_depend_on_their_number_does_not_grow(tmp_path: Path) -> None:
    """More draws of a Latin hypercube would be another design; a Sobol sequence goes on."""
    given: dict[str, Any] = {"workers": 1, "vary": [f"{_TIME}=1:2"], "maker": fakes.quiet}
    run_batch(small_scenario(), tmp_path / "lhs", replications=10, **given)
    with pytest.raises(StoreError, match="design_draws: 10 there, 20 now"):
        run_batch(small_scenario(), tmp_path / "lhs", replications=20, **given)
    run_batch(small_scenario(), tmp_path / "sobol", replications=10, design="sobol", **given)
    grown = run_batch(small_scenario(), tmp_path / "sobol", replications=20, design="sobol", **given)
    whole = run_batch(small_scenario(), tmp_path / "whole", replications=20, design="sobol", **given)
    assert grown.sha256 == whole.sha256
