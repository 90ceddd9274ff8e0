"""A batch against a reported timeline, end to end."""

from __future__ import annotations

import importlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.compare import Comparison, compare
from sim.compare.result import Finding, names_a_type
from sim.compare.telling import telling
from sim.compare.windows import probability
from sim.domain import facts as f
from sim.errors import InputError, ProblemsFound
from sim.scenario.reported import load_reported
from tests.compare.memory import MemoryBatch
from tests.observation.toy import Log, claimant, scenario

spans = importlib.import_module("sim.compare.spans")
TIMELINE = Path(__file__).parent / "toy" / "reported.yaml"
WITNESS = {"eye": claimant(None, bulletin_rate_per_day=2.0), "red-voice": claimant(inflation_enemy_losses=2.0)}


Day = float | None


def campaign(ford: Day, back: Day = None, keep: Day = None, talks: Day = None) -> Log:
    """Return a campaign by the days on which things happen, None for never."""
    log = Log()
    if ford is not None:
        log.attack("ford", "red", "blue", ford).bout("ford", "red", "blue", ford, killed=(2, 10), wounded=(4, 20))
        log.taken("ford", "red", "blue", ford)
    if back is not None:
        log.taken("ford", "blue", "red", back)
    if keep is not None:
        log.taken("keep", "red", "blue", keep)
    if talks is not None:
        log.add(f.TalksOpened, talks, talks="parley", side="blue", enemy="red")
    log.facts.sort(key=lambda fact: fact.time_s)
    return log


def campaigns(size: int = 80) -> list[list[f.Fact]]:
    """Return campaigns of all sorts: the ford falls in three of four, the keep in one of four."""
    rng = np.random.default_rng(5)
    made = []
    for index in range(size):
        ford = 1.5 + rng.gamma(4, 0.5) if index % 4 else None
        back = None if ford is None or index % 3 == 0 else ford + rng.gamma(8, 0.8)
        keep = 10 + rng.gamma(4, 1.2) if index % 4 == 2 else None
        talks = rng.uniform(1, 25) if index % 5 else None
        made.append(campaign(ford, back, keep, talks).facts)
    return made


def judged(logs: list[list[f.Fact]] | None = None, **more: Any) -> Comparison:
    world = more.pop("world", scenario(WITNESS))
    batch = MemoryBatch(world, logs or campaigns(), failed=more.pop("failed", ()))
    return compare(batch, load_reported(TIMELINE, world), **more)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return judged()


def rows(table: tuple[Any, ...]) -> dict[str, Any]:
    return {row.claim_id: row for row in table}


def test_headline_events_stand_in_two_tables(comparison):
    """Each headline event is compared with printed claims and with the simulated world."""
    assert [row.event_id for row in comparison.headline] == [row.event_id for row in comparison.truth]
    assert {row.claim_id for row in comparison.headline} == {"C1", "C2", "C3", "C4", "C5"}
    assert {row.against for row in comparison.headline} == {"printed"}
    assert {row.against for row in comparison.truth} == {"facts"}


def test_classes_count_every_replication_once(comparison):
    """Before, in, after and never add up to the replications, with an interval each."""
    for row in (*comparison.claims, *comparison.claims_truth):
        parts = (row.p_before, row.p_in, row.p_after, row.p_never)
        assert sum(part.k for part in parts) == comparison.replications == 80
        assert all(part.low <= part.p <= part.high for part in parts)


def test_the_world_is_counted_exactly():
    """One campaign in each class of the ford's window: days 2 to 4."""
    found = judged([campaign(day).facts for day in (1.0, 2.0, 3.0, 9.0)] + [campaign(None).facts])
    row = rows(found.truth)["C1"]
    assert [row.p_before.k, row.p_in.k, row.p_after.k, row.p_never.k] == [1, 2, 1, 1]
    assert row.log_score == pytest.approx(-math.log(2.5 / 7))


def test_what_comes_next_comes_after_the_event_s_own_date():
    """The recapture is dated after the capture of the same campaign, and never without one."""
    found = judged([campaign(3, back=10).facts, campaign(None).facts])
    assert rows(found.truth)["C2"].times_s.tolist() == [10 * 86_400, math.inf]


def test_a_state_is_yes_or_no(comparison):
    """A claim about a state has two classes and no date, so no CRPS."""
    row = rows(comparison.truth)["C4"]
    assert row.yes_no
    assert row.crps_days is None
    assert row.p_in.k + row.p_never.k == 80


def test_a_denial_is_the_complement_in_the_world():
    """Whoever denies is right where it did not happen in the window."""
    found = judged([campaign(None, keep=13.5).facts, campaign(None, keep=9).facts, campaign(None).facts])
    assert rows(found.claims_truth)["C9"].p_in.k == 2


def test_an_intention_is_no_event_in_the_world(comparison):
    """What somebody intends is compared with print only."""
    assert "C8" in rows(comparison.claims)
    assert "C8" not in rows(comparison.claims_truth)


def test_what_always_or_never_happens_is_a_finding():
    """The gate: no probability of 0 or 1 is scored, each is listed."""
    found = judged([campaign(3, keep=13).facts for _ in range(6)])
    assert {(one.event_id, one.happens.k) for one in found.gate if one.against == "facts"} == {
        ("ford-taken", 6), ("keep-taken", 6), ("keep-held", 0), ("talks-begun", 0), ("ford-lost", 0),
    }  # fmt: skip
    assert not [score for score in found.scores if score.against == "facts"]


def test_given_events_are_listed_and_left_out(comparison):
    """What a date alone brings about is not scored."""
    found = judged(given={"talks-begun"})
    assert found.given == {"talks-begun": ""}
    assert not rows(found.headline)["C5"].scored
    counts = {score.name: score.events for score in found.scores if score.against == "facts"}
    before = {score.name: score.events for score in comparison.scores if score.against == "facts"}
    assert counts["log"] == before["log"] - 1


def test_failed_replications_do_not_count():
    """Only finished replications are compared."""
    assert judged(failed=(0, 7)).replications == 78


def test_a_batch_without_a_finished_replication_cannot_be_compared():
    """Nothing finished, nothing to compare."""
    with pytest.raises(InputError, match="no finished replication"):
        judged(campaigns(2), failed=(0, 1))


def test_a_scenario_without_a_timeline_needs_one():
    """Without a reported timeline there is nothing to compare with."""
    world = scenario(WITNESS).model_copy(update={"reported": None})
    with pytest.raises(InputError, match="names no reported timeline"):
        compare(MemoryBatch(world, campaigns(2)))


def test_a_timeline_must_fit_the_scenario():
    """A timeline that names a place the scenario does not know is refused, with the nearest that it knows."""
    world = scenario(WITNESS)
    without_keep = {name: place for name, place in world.places.items() if name != "keep"}
    smaller = world.model_copy(update={"places": without_keep, "areas": {}})
    with pytest.raises(ProblemsFound, match="no place or area 'keep'"):
        compare(MemoryBatch(smaller, campaigns(2)), load_reported(TIMELINE, world))


def test_scores_are_means_with_a_monte_carlo_interval(comparison):
    """Each score is the mean over the scored events, inside its interval."""
    for score in comparison.scores:
        table = comparison.headline if score.against == "printed" else comparison.truth
        values = [
            {"log": row.log_score, "brier": row.brier, "crps": row.crps_days}[score.name]
            for row in table
            if row.scored and not (score.name == "crps" and row.yes_no)
        ]
        assert score.mean == pytest.approx(np.mean(values))
        assert score.low < score.mean < score.high


def test_skill_is_what_the_null_loses_more(comparison):
    """Skill is the null's mean loss less the model's, with an interval around it."""
    assert {skill.null for skill in comparison.nulls} == {"uniform", "persistence", "label-permuted"}
    for skill in comparison.nulls:
        assert skill.skill == pytest.approx(skill.null_mean - skill.model)
        assert skill.low < skill.high


def test_claimed_numbers_stand_beside_simulated_ones():
    """Red's spokesman doubles Blue's dead: 20 claimed where 10 died; a witness counts rightly."""
    found = {row.claim_id: row for row in judged([campaign(3).facts, campaign(None).facts]).losses}
    assert found["C6"].claimed == (20, 20, 20)
    assert found["C6"].true == (10, 10, 10)
    assert (found["C6"].printed.k, found["C6"].lost.k) == (1, 1)
    assert found["C6"].crps_log == pytest.approx(math.log(31 / 21))
    assert found["C7"].claimed == (10, 10, 10)
    assert found["C7"].crps_log == 0
    assert found["C7"].told() == "at least 6"


def test_a_number_of_the_observation_can_be_varied_on_the_same_batch(comparison):
    """Other claimants tell the same campaigns otherwise; the simulated world stays as it was."""
    found = judged(overrides=["observation.claimants.eye.says_share.default=0"])
    assert [row.times_s.tolist() for row in found.truth] == [row.times_s.tolist() for row in comparison.truth]
    assert rows(found.headline)["C4"].happens.k == 0 < rows(comparison.headline)["C4"].happens.k
    assert found.hashes["run"] == comparison.hashes["run"]
    assert found.hashes["observation"] != comparison.hashes["observation"]


def test_a_number_of_the_run_cannot_be_varied_on_a_batch():
    """What the run read needs a new run."""
    with pytest.raises(ProblemsFound, match="is read by the run, not by the comparison; run a batch with this --set"):
        judged(overrides=["movement.time_factor=2"])
    with pytest.raises(ProblemsFound, match=r"stands in the file of sources, .* give the copy with --reported"):
        judged(overrides=["sources.g1.cover_rate=0.5"])


def test_five_lines_tell_what_matters(comparison):
    """Skill, gate, best and least expected, most at odds: five lines with their intervals."""
    assert [line.split(":")[0] for line in comparison.telling] == [
        "Skill", "Gate", "Best expected", "Least expected", "Most at odds with the model",
    ]  # fmt: skip
    assert all("(" in line for line in comparison.telling if not line.startswith("Gate"))


def test_a_null_that_cannot_be_told_apart_is_named():
    """Where the interval of the skill covers zero, the first line says so."""
    found = judged()
    first = found.telling[0]
    for skill in found.nulls:
        if skill.against == "printed" and skill.name == "log":
            assert (f"cannot be told from null {skill.null}" in first) is not skill.told_apart


def test_warnings_travel_with_every_result(comparison):
    """History, reports, silence, copies, variants, hold-out, given, checks, hindsight, the grid, luck."""
    heads = [warning.split(":")[0].split(" is ")[0] for warning in comparison.warnings]
    assert heads == [
        "One history", "Reported", "Silence under a blackout", "Copied claims",
        "Variants compared with these claims so far", "Held out", "Given", "Checked", "Hindsight",
        "Silence", "Luck and assumptions cannot be told apart with one replication per draw",
    ]  # fmt: skip


def test_few_draws_are_told_of():
    """Forty draws give intervals; with fewer there are none, and what never happens in them is no finding."""
    assert not any(warning.startswith("Few draws") for warning in judged(campaigns(40)).warnings)
    found = judged(campaigns(39))
    (told,) = (warning for warning in found.warnings if warning.startswith("Few draws"))
    assert told.startswith("Few draws: 39; fewer than 40 give no interval of a mean score or of skill")
    assert "nats per event (no interval: few draws) over" in found.telling[0]
    assert "over null uniform, with too few draws for an interval" in found.telling[0]
    assert "cannot be told" not in found.telling[0]
    assert "?" not in found.telling[0]


def test_what_is_not_finished_is_told_of():
    """Replications that failed, or were asked for and never ran, are in no number, and the result says so."""
    found = judged(failed=(0, 7)).warnings
    assert "Not finished: 78 of 80 replications asked for; what failed or has not run counts nowhere." in found


def test_the_mean_score_in_the_first_line_has_its_interval(comparison):
    """No score stands alone, in the first line either."""
    score = next(one for one in comparison.scores if (one.against, one.name) == ("printed", "log"))
    assert f"{score.mean:.2f} nats per event (95 % {score.low:.2f}–{score.high:.2f}) over" in comparison.telling[0]


def test_what_so_few_draws_never_show_is_no_finding(comparison):
    """In none of seven campaigns is not never: of few draws the gate keeps it from the scores, and says no more."""
    few = probability(0, 7)
    gate = [Finding("e", "The rising", "claimed", "facts", few, f"The rising (claimed) in no campaign (of {few.n})")]
    found = telling(comparison.headline, comparison.truth, comparison.claims_truth, (), (), gate, ())[1]
    assert found.endswith("(of 7). No finding: 7 draws are too few to say never or always; not scored.")
    many = [replace(gate[0], happens=probability(0, 400))]
    found = telling(comparison.headline, comparison.truth, comparison.claims_truth, (), (), many, ())[1]
    assert found.endswith("A finding about the scenario, not a score.")


def test_vehicles_of_one_type_are_said_to_be_set_against_all():
    """Facts about convoys do not say what drove in them, so that a claim about one type is marked, and only that."""
    assert [names_a_type(what) for what in ("vehicles:light", "vehicles:any", "killed")] == [True, False, False]


def test_variants_are_counted(tmp_path):
    """Every other variant compared with the same claims counts once."""
    assert judged(ledger=tmp_path).variants_compared == 1
    assert judged(ledger=tmp_path).variants_compared == 1
    told_otherwise = ["observation.claimants.eye.says_share.default=0.5"]
    assert judged(ledger=tmp_path, overrides=told_otherwise).variants_compared == 2
    assert "so far: 2" in judged(ledger=tmp_path).warnings[4]


def test_a_comparison_is_plain_json(comparison):
    """Everything but the dates of single replications can be written as JSON without NaN or infinities."""
    text = json.dumps(comparison.to_json(), allow_nan=False)
    again = json.loads(text)
    assert again["replications"] == 80
    assert again["headline"][0]["p_in"].keys() == {"k", "n", "draws", "effective", "p", "low", "high"}


def test_a_comparison_does_not_depend_on_how_much_is_in_memory_at_once(monkeypatch, comparison):
    """Gathered seven replications at a time or all together, a batch gives the same comparison."""
    monkeypatch.setattr(spans, "AT_ONCE", 7)
    assert judged().to_json() == comparison.to_json()


def test_the_same_batch_gives_the_same_comparison(comparison):
    """Nothing in a comparison is drawn from outside the batch's seed."""
    assert judged().to_json() == comparison.to_json()
