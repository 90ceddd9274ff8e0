"""The card at the head of the page says what was checked, and as loudly what was not."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import load_scenario, run_batch
from sim.cli import app
from sim.compare import Probability, Skill
from sim.report.gather import gather
from sim.report.trust import Trust, _beside_nulls, _precision, trust
from sim.store import Batch, open_batch
from sim.store.evidence import keep_evidence
from tests.report import fakes

RIVERS = Path(__file__).parents[2] / "scenarios" / "three-rivers" / "scenario.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("trust") / "rivers"
    run_batch(load_scenario(RIVERS), directory, replications=4, seed=1, workers=1, check_every=2)
    return directory


def answers(batch: Batch) -> dict[str, Trust]:
    return {one.question: one for one in trust(batch, (), None, ())}


def test_nothing_is_called_checked_that_was_not(made: Path, tmp_path: Path) -> None:
    """A fresh batch has its invariants checked, and neither replay nor theory; then both are noted."""
    fresh = answers(open_batch(made))
    assert fresh["Do people and supplies add up?"].tone == "for"
    assert "2 of 4 campaigns" in fresh["Do people and supplies add up?"].answer
    assert fresh["Does the same seed give the same campaign?"].tone == "open"
    assert fresh["Do the mechanisms do what theory says?"].tone == "open"
    result = CliRunner().invoke(app, ["verify", str(made), "--replay", "0.5"])
    assert result.exit_code == 0, result.output
    keep_evidence(made, "theory", "", {"of": 40, "good": 39})
    later = answers(open_batch(made))
    assert "2 of 2 played again" in later["Does the same seed give the same campaign?"].answer
    assert later["Do the mechanisms do what theory says?"].tone == "against"


def test_some_checks_are_not_noted_as_all(made: Path) -> None:
    """A page must not take a single check of theory for all of them."""
    result = CliRunner().invoke(app, ["verify-model", "--only", "passes", "--note", str(made)])
    assert result.exit_code == 1
    assert "leave out --only" in result.output


def test_precision_is_that_of_the_widest_share() -> None:
    """The half-width told is the largest among the headline events, in the window or at all."""
    events = [one.printed for one in fakes.content().events]
    widest = max((share for row in events for share in (row.p_in, row.happens)), key=lambda one: one.high - one.low)
    assert isinstance(widest, Probability)
    assert f"within {50 * (widest.high - widest.low):.1f} percentage points" in _precision(events).answer


def test_the_head_says_what_happened_with_its_spread(made: Path) -> None:
    """Without reports there are three sentences, each about a figure of the page and each with a range or interval."""
    content = gather(open_batch(made))
    assert [line.section for line in content.telling] == ["control", "map", "forces"]
    assert all("(" in line.words or "same holder" in line.words for line in content.telling)
    held = content.telling[0].words
    assert all(actor.name in held for actor in content.legend.sides.values())


def skill(null: str, low: float, high: float) -> Skill:
    return Skill("printed", null, "log", "nats per event", 1.2, 1.1, (low + high) / 2, low, high, (0.0, 0.0, 0.0), 14)


@pytest.mark.parametrize(
    ("skills", "tone", "words"),
    [
        ([skill("uniform", -1.5, -1.0), skill("persistence", 0.2, 0.9)], "against", "worse than uniform; better than"),
        ([skill("uniform", -0.5, 0.4), skill("persistence", 0.2, 0.9)], "limits", "not to be told from uniform"),
        ([skill("uniform", 0.1, 0.4), skill("persistence", 0.2, 0.9)], "for", "better than uniform and persistence"),
        ([skill("uniform", float("nan"), float("nan"))], "open", "too few draws"),
    ],
)
def test_whether_it_beats_knowing_nothing_stands_at_the_head(skills: list[Skill], tone: str, words: str) -> None:
    """A model that forecasts worse than a null says so before anything else is read; too few draws are no verdict."""
    told = _beside_nulls(skills)
    assert told.tone == tone
    assert words in told.answer
