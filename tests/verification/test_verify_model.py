"""The mechanisms do what theory says, and a mechanism that did not would be found out."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from random import Random

import pytest
from typer.testing import CliRunner

from sim import verification
from sim.cli import app
from sim.domain.laws import LAWS
from sim.processes.combat import bouts
from sim.verification import CHECKS, Row, attrition, hazards, passes, verify
from sim.verification.agreement import Estimate, Rule, largest, mean_of, share_of, variance_of
from sim.world import passes as queue

#: Checks that play for a minute. What they hold is held more briefly where laws, defence and passes are found out, and
#: by what helps a defender in tests/metamorphic.
AT_LENGTH = {"attrition", "break-even", "monotone", "passes"}


@pytest.mark.parametrize(
    "check",
    [pytest.param(check, marks=[pytest.mark.long] if check in AT_LENGTH else []) for check in CHECKS],  # a minute each
)
def test_the_mechanisms_agree_with_theory(check: str) -> None:
    """Every row of the table of `sim verify-model` agrees."""
    rows = list(verify(1, [check]))
    assert rows
    assert [row.what for row in rows if not row.agrees] == []
    assert {row.check for row in rows} == {check}


@pytest.mark.long  # all of theory, at ten seeds
@pytest.mark.parametrize("seed", range(2, 12))
def test_the_mechanisms_agree_with_theory_at_other_seeds(seed: int) -> None:
    """At ten other seeds no more rows disagree than intervals of 99 % make likely."""
    rows = list(verify(seed))
    wrong = [row.what for row in rows if not row.agrees]
    print(f"seed {seed}: {len(rows) - len(wrong)} of {len(rows)} agree; not {wrong}")
    assert len(wrong) <= 3


# --- what is wrong is found out -----------------------------------------------------------------------------------


def off() -> set[str]:
    """Return the laws after which something else is left than theory says, whatever the interval."""
    return {
        row.what.partition(":")[0]
        for row in attrition.lines(1)
        if abs(row.simulated.mean - row.theory) > row.simulated.half + row.tolerance * row.theory
    }


def test_a_law_that_is_another_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the square law in the place of the linear one, and of that of the guerrilla, their rows disagree."""
    monkeypatch.setattr(attrition, "_DUELS", 24)
    assert off() == set()
    monkeypatch.setattr(bouts, "LAWS", dict.fromkeys(LAWS, LAWS["square"]))
    assert off() == {"mixed law, both capped", "linear law", "guerrilla law"}


def test_a_defence_that_counts_in_full_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The odds at break-even are those of the ground's square root; if it counted for more they would be others."""
    monkeypatch.setattr(attrition, "_SETTINGS", attrition._SETTINGS[:1])
    monkeypatch.setattr(attrition, "_TRIALS", 10)
    [row] = attrition.break_even(1)
    assert row.agrees
    plain = bouts.multiplier
    monkeypatch.setattr(bouts, "multiplier", lambda world, engagement: plain(world, engagement) * 1.15)
    [row] = attrition.break_even(1)
    assert not row.agrees
    assert row.simulated.mean > row.theory


def test_a_slow_pass_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits at a pass are those of its queue; if vehicles took a quarter longer there they would be others."""
    monkeypatch.setattr(passes, "_QUEUES", passes._QUEUES[:1])
    monkeypatch.setattr(passes, "_REPLICATIONS", 10)
    [row] = passes.waits(1)
    assert row.agrees
    plain = queue._hours
    monkeypatch.setattr(queue, "_hours", lambda *arguments: plain(*arguments) * 1.25)
    assert not any(row.agrees for row in passes.waits(1))


def test_a_hazard_that_forgets_a_change_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a changed rate held from the start, waits would not be those of a rate that changes."""

    def run_at_the_last_rate(on: object, *, changes: tuple[tuple[int, str, float], ...] = (), **more: object) -> object:
        return plain(on, changes=tuple((0, path, value) for _, path, value in changes), **more)

    plain = hazards.run
    monkeypatch.setattr(hazards, "_REPLICATIONS", 500)
    monkeypatch.setattr(hazards, "run", run_at_the_last_rate)
    wrong = [row.what for row in hazards.waits(1) if not row.agrees]
    assert len(wrong) == 6
    assert not any("stays" in what for what in wrong)


# --- intervals and verdicts ------------------------------------------------------------------------------------------


def row(mean: float, half: float, rule: Rule, theory: float = 10.0, tolerance: float = 0.0) -> Row:
    """Return a row of which only the numbers matter."""
    return Row("any", "anything", "days", theory, Estimate(mean, half, 9), rule, "nowhere", tolerance)


@pytest.mark.parametrize(
    ("found", "agrees"),
    [
        (row(9.5, 0.6, "inside"), True),
        (row(9.5, 0.4, "inside"), False),
        (row(10.05, 0.04, "within", tolerance=0.01), True),
        (row(10.05, 0.06, "within", tolerance=0.01), False),
        (row(9.0, 0.0, "exact", tolerance=1.0), True),
        (row(8.9, 0.0, "exact", tolerance=1.0), False),
        (row(11.0, 0.9, "above"), True),
        (row(11.0, 1.0, "above"), False),
    ],
)
def test_a_verdict_follows_from_interval_and_rule(found: Row, agrees: bool) -> None:
    """Theory inside the interval, the interval within a margin, a deviation below a bound, or all of it above."""
    assert found.agrees is agrees


def test_intervals_cover_as_often_as_they_say() -> None:
    """Of many 99 % intervals about one in a hundred misses what is true, for means, shares and variances alike."""
    random, missed, n = Random(7), {"mean": 0, "share": 0, "variance": 0}, 1_000
    for _ in range(n):
        sample = [random.gauss(5.0, 2.0) for _ in range(60)]
        hits = sum(random.random() < 0.1 for _ in range(300))
        for name, estimate, truth in (
            ("mean", mean_of(sample), 5.0),
            ("share", share_of(hits, 300), 0.1),
            ("variance", variance_of(sample), 4.0),
        ):
            missed[name] += not estimate.mean - estimate.half <= truth <= estimate.mean + estimate.half
    assert all(missed[name] <= 25 for name in ("mean", "share"))
    assert missed["variance"] <= 80, "of skewed squares the interval misses more often"


def test_a_variance_is_the_usual_one_and_the_largest_counts_without_its_sign() -> None:
    """The sample variance divides by n - 1; of deviations the farthest from 0 is told."""
    sample = [1.0, 4.0, 4.0, 9.0]
    assert variance_of(sample).mean == pytest.approx(statistics.variance(sample))
    assert largest([1.0, -3.0, 2.0]) == Estimate(-3.0, 0.0, 3)
    with pytest.raises(ValueError, match="at least two"):
        mean_of([1.0])


# --- the command ------------------------------------------------------------------------------------------------


def test_the_command_prints_rows_for_people_and_programs() -> None:
    """One check alone: a table with its verdicts, JSON with every number, Markdown for the documentation."""
    shown = CliRunner().invoke(app, ["verify-model", "--only", "marching"])
    assert shown.exit_code == 0
    assert shown.stdout.count("agrees") == 2
    told = json.loads(CliRunner().invoke(app, ["verify-model", "--only", "marching", "--json"]).stdout)
    assert [one["agrees"] for one in told] == [True, True]
    assert told[0].keys() >= {"check", "what", "unit", "theory", "simulated", "low", "high", "source"}
    markdown = CliRunner().invoke(app, ["verify-model", "--only", "marching", "--markdown"]).stdout
    assert "| marching | arrival" in markdown


def test_the_command_ends_with_3_where_a_row_disagrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mechanism that disagrees with theory is a defect of the program, and is told as one."""

    def wrong(seed: int) -> Iterator[Row]:
        yield row(9.0, 0.5, "inside")

    monkeypatch.setattr(verification, "CHECKS", {"wrong": wrong})
    shown = CliRunner().invoke(app, ["verify-model"])
    assert shown.exit_code == 3
    assert "DISAGREES" in shown.stdout
    assert "0 of 1 rows agree" in shown.stderr


def test_a_check_that_is_none_is_named_with_those_there_are() -> None:
    """A misspelt check ends with what was meant."""
    shown = CliRunner().invoke(app, ["verify-model", "--only", "pases"])
    assert shown.exit_code == 1
    assert "did you mean 'passes'" in shown.stderr
