from __future__ import annotations

from dataclasses import replace

import pytest

from sim.errors import InputError
from sim.explore.moving import (
    FIXED,
    SHIFTED,
    Change,
    Slider,
    can_shift,
    complaint,
    law_after,
    moved,
    overrides,
    shifted,
)
from sim.scenario import load_scenario, with_overrides
from sim.scenario.numbers import register
from tests.worlds import INVENTED, TWO_VALLEYS

SCENARIO = load_scenario(TWO_VALLEYS)
ENTRIES = register(SCENARIO)
UNCERTAIN = [path for path, entry in ENTRIES.items() if not entry.constant and entry.kind == "epistemic"]


def after(*changes: Change) -> dict[str, object]:
    moved = register(with_overrides(SCENARIO, overrides(changes, ENTRIES, SCENARIO)))
    return {change.path: moved[change.path] for change in changes}


@pytest.mark.parametrize("path", UNCERTAIN)
def test_a_slider_runs_over_what_the_law_gives(path: str) -> None:
    """A slider begins near the 1 % quantile and ends near the 99 % quantile; its steps lead to values and back."""
    slider = Slider.of(ENTRIES[path])
    assert slider.value(0) == pytest.approx(slider.low)
    assert slider.value(slider.last) == pytest.approx(slider.high)
    assert [slider.step(slider.value(step)) for step in (0, 13, slider.last)] == [0, 13, slider.last]
    assert 0 < slider.step(slider.start) < slider.last


@pytest.mark.parametrize("path", UNCERTAIN)
def test_every_step_of_a_slider_is_valid(path: str) -> None:
    """Whatever a slider is moved to, the validator accepts."""
    entry, slider = ENTRIES[path], Slider.of(ENTRIES[path])
    for step in (0, slider.last // 3, slider.last):
        assert complaint(Change(path, FIXED, slider.typed(step)), entry, SCENARIO) == ""


def test_a_fixed_number_is_the_same_in_every_campaign() -> None:
    """A number that is fixed becomes a constant, and says that it was set by hand and what it was."""
    change = Change("forces.northerners.strength", FIXED, "900")
    entry = after(change)[change.path]
    assert (entry.law, entry.parts, entry.confidence) == ("constant", {"value": 900.0}, "low")
    assert entry.basis == "this variant: set by hand; it was pert min 400, mode 700, max 1,500"


@pytest.mark.parametrize("path", [path for path in UNCERTAIN if can_shift(ENTRIES[path])])
def test_a_shifted_law_has_the_median_that_was_asked_for(path: str) -> None:
    """A law that is moved along stays the same kind of law, keeps to its bounds, and has the new median."""
    entry, slider = ENTRIES[path], Slider.of(ENTRIES[path])
    wanted = slider.value(0.6 * slider.last)
    moved = replace(entry, parts=shifted(entry, wanted))
    assert moved.quantile()(0.5) == pytest.approx(wanted, rel=1e-3)
    if entry.le is not None:
        assert moved.quantile()(0.999) <= entry.le


def test_what_cannot_be_negative_moves_by_a_factor() -> None:
    """Twice the median means twice both quantiles."""
    entry = ENTRIES["combat.bout_duration"]
    entry = replace(entry, law="lognormal", parts={"p05": 2.0, "p95": 8.0}, le=None, ge=0.0)
    assert shifted(entry, 8.0) == pytest.approx({"p05": 4.0, "p95": 16.0})


def test_what_may_be_negative_moves_by_a_distance() -> None:
    """A law with values below 0 keeps its width."""
    entry = replace(ENTRIES[UNCERTAIN[0]], law="normal", parts={"mean": 1.0, "sd": 2.0}, ge=None, le=None)
    assert shifted(entry, -3.0) == {"mean": -3.0, "sd": 2.0}


def test_cut_off_tails_stay_where_they_are() -> None:
    """The ends at which a lognormal law is cut off say what is possible, not what is likely."""
    entry = replace(ENTRIES[UNCERTAIN[0]], law="lognormal", parts={"p05": 2.0, "p95": 8.0, "min": 1.0}, ge=0.0, le=None)
    assert shifted(entry, 8.0)["min"] == 1.0


def test_a_share_cannot_be_shifted_out_of_its_bounds() -> None:
    """A law between 0 and 1 has no median of 1; the number may be fixed there instead."""
    entry = ENTRIES["forces.northerners.share_present"]
    with pytest.raises(InputError, match="a law between 0 and 1 cannot have the median 1; fix the number instead"):
        shifted(entry, 1.0)


def test_a_choice_is_fixed_by_name_and_cannot_be_shifted() -> None:
    """A slider over a choice has one step for each name."""
    scenario = load_scenario(INVENTED)
    entries = register(scenario)
    path = next(path for path, entry in entries.items() if entry.options and not entry.constant)
    slider = Slider.of(entries[path])
    assert [slider.typed(step) for step in range(slider.last + 1)] == list(entries[path].options)
    assert not can_shift(entries[path])
    change = Change(path, FIXED, entries[path].options[-1])
    moved = register(with_overrides(scenario, overrides([change], entries, scenario)))[path]
    assert moved.parts == {"value": float(len(entries[path].options) - 1)}


@pytest.mark.parametrize(
    ("path", "mode", "typed", "words"),
    [
        ("forces.northerners.share_present", FIXED, "3", "must be at most 1 (found 3); lower it"),
        ("forces.northerners.share_present", SHIFTED, "3", "must be at most 1 (found 3); lower it"),
        (
            "forces.northerners.strength",
            FIXED,
            "many",
            "must be a number or a distribution (found 'many'); write digits only",
        ),
        ("forces.northerners.strength", FIXED, "700.5", "700.5 is no whole number of persons; round it"),
        ("combat.bout_duration", FIXED, "5", "5 has no unit; write a duration such as PT6H or P3D"),
        (
            "forces.northerners.share_present",
            FIXED,
            "0,25",
            "must be a number or a distribution (found '0,25'); write 0.25: a point stands before decimals",
        ),
        (
            "forces.northerners.share_present",
            SHIFTED,
            "0.1 # x",
            "a value has no comment; write the value alone, without # and what follows",
        ),
        ("forces.northerners.strength", FIXED, "", "there is no value; type one, or leave the number as it is"),
    ],
)
def test_a_wrong_value_is_told_in_the_words_of_the_validator(path: str, mode: str, typed: str, words: str) -> None:
    """What is said beside a slider is what ``sim validate`` would say of the file."""
    assert complaint(Change(path, mode, typed), ENTRIES[path], SCENARIO) == words


def test_several_wrong_values_are_told_row_by_row() -> None:
    """Whoever runs with wrong values reads for each row what stands in it, and no word of a command line."""
    strength = "forces.northerners.strength"
    changes = [Change(strength, FIXED, "many"), Change("combat.bout_duration", SHIFTED, "5")]
    with pytest.raises(InputError) as told:
        moved(changes, ENTRIES, SCENARIO)
    assert str(told.value).splitlines() == [
        f"{change.path}: {complaint(change, ENTRIES[change.path], SCENARIO)}" for change in changes
    ]
    assert "--set" not in str(told.value)


def test_a_shift_says_what_the_law_becomes() -> None:
    """Beside a shifted slider stands the law that it gives."""
    path = "forces.northerners.strength"
    assert law_after(Change(path, SHIFTED, "1500"), ENTRIES[path], SCENARIO).startswith("pert min ")
