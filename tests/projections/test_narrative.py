"""The war diary: what is told about a history, in whose names, because of what."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest

from sim.domain import facts as f
from sim.domain.facts import KINDS, Fact
from sim.domain.state import State
from sim.domain.terms import DAY, HOUR
from sim.engine import run
from sim.errors import Impossible
from sim.projections.narrative import Line, tell, weighty
from sim.projections.phrases import PHRASES
from sim.projections.wording import _DECIDED, Wording, counted, lasted, listed, weighed
from sim.scenario import load_scenario
from sim.scenario.schema import Head, Place, Scenario, Side

ROOT = Path(__file__).parents[2]
START = datetime(2020, 5, 1, 6, tzinfo=timezone(timedelta(hours=4, minutes=30)))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Two sides, a gate and a mill."""
    place: dict[str, Any] = {"kind": "town", "lat": 0.0, "lon": 0.0, "terrain": "plain"}
    parts: dict[str, Any] = {
        "scenario": Head(id="toy", title="Toy", start=START, end=START + timedelta(days=30)),
        "sides": {"red": Side(name="Reds", colour="#aa0000"), "blue": Side(name="Blues", colour="#0000aa")},
        "places": {"gate": Place(name="North Gate", **place), "mill": Place(name="Old Mill", **place)},
    }
    return Scenario.model_construct(**parts, talks={}, operations={}, pools={})


class Log:
    """A log under construction: fills in the envelope of each fact."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def add(self, kind: type[Fact], time_s: int = 0, cause: int | None = None, **fields: Any) -> int:
        seq = len(self.facts)
        self.facts.append(kind(seq=seq, time_s=time_s, cause=seq - 1 if cause is None else cause, because=(), **fields))
        return seq

    def begin(self) -> None:
        """Blues hold the gate with 200, Reds the mill with 1,234."""
        self.add(
            f.RunStarted, scenario="toy", root_seed=1, replication=0, draw=0, duration_s=30 * DAY,
            places=("gate", "mill"), values=(),
        )  # fmt: skip
        for place, side, fit in (("gate", "blue", 200), ("mill", "red", 1234)):
            self.add(f.ControlChanged, cause=0, place=place, side=side, lost_by="", how="initial", engagement="")
            self.add(
                f.ForceRaised, cause=0, force=f"{side}-1", side=side, place=place, origin="initial", type="army",
                posture="garrison", operation="", fit=fit, vehicles=(), quality=1.0, cohesion=1.0, food_g=0,
                ammunition_g=0,
            )  # fmt: skip


@pytest.fixture
def log() -> Log:
    made = Log()
    made.begin()
    return made


def last(log: Log, scenario: Scenario) -> Line:
    return tell(log.facts, scenario)[-1]


def test_every_kind_of_fact_is_told_or_left_out_on_purpose() -> None:
    """No kind of fact is forgotten: the diary has a word, or decided silence, for each."""
    assert set(PHRASES) == set(KINDS.values())


def test_clockwork_is_not_told(log: Log, scenario: Scenario) -> None:
    """Hazard clocks and reports under way belong to the log, not into a diary."""
    told = len(tell(log.facts, scenario))
    log.add(f.HazardChanged, HOUR, clock="rising:gate", rate_per_day=0.1, accrued=0.0)
    log.add(f.ReportSent, HOUR, side="red", place="gate", enemy="blue", estimate=150, deliver_s=2 * HOUR)
    assert len(tell(log.facts, scenario)) == told


def test_a_line_has_its_local_moment_place_and_sentence(log: Log, scenario: Scenario) -> None:
    """A line stands at the scenario's own hour and names places and sides as the scenario does."""
    log.add(f.HouseSearchesBegan, DAY + HOUR, place="gate", side="blue", garrison=200)
    line = last(log, scenario)
    assert line.moment == datetime(2020, 5, 2, 7, tzinfo=START.tzinfo)
    assert line.text == "North Gate: Blues' garrison began to search houses for arms."
    assert (line.place, line.kind, line.seq) == ("gate", "HouseSearchesBegan", len(log.facts) - 1)


def test_numbers_of_fighters_are_those_of_the_moment(log: Log, scenario: Scenario) -> None:
    """A column is as strong as its force is when it sets out."""
    log.add(f.FightersDeserted, HOUR, force="red-1", side="red", place="mill", count=34)
    log.add(
        f.ForceDeparted, 2 * HOUR, force="red-1", side="red", place="mill", to="gate", leg="L1", mode="foot",
        posture="moving", queued_s=0, arrives_s=9 * HOUR, marched_s=7 * HOUR, pass_free_s=0, food_g=0, ammunition_g=0,
    )  # fmt: skip
    assert last(log, scenario).what == "A column of 1,200 Reds fighters set out towards North Gate on foot."


def test_a_rising_is_told_with_what_set_it_off(log: Log, scenario: Scenario) -> None:
    """The cause of a rising is told in words, past the hazard clock between."""
    searched = log.add(f.HouseSearchesBegan, DAY, place="gate", side="blue", garrison=200)
    log.add(f.HazardChanged, DAY, cause=searched, clock="rising:gate", rate_per_day=0.5, accrued=0.0)
    log.add(f.HazardFired, 2 * DAY, clock="rising:gate", firing=1)
    log.add(f.RisingBegan, 2 * DAY, place="gate", side="red", against="blue", fighters=300)
    line = last(log, scenario)
    assert line.weight == 3
    assert line.text == (
        "North Gate: The people rose: 300 Reds fighters against a Blues garrison of 200, "
        "because Blues was searching houses at North Gate."
    )


def test_a_fall_is_told_with_what_the_fighting_cost(log: Log, scenario: Scenario) -> None:
    """The line about a place that fell says how long the fight was and what both sides lost."""
    began = log.add(
        f.EngagementBegan, DAY, engagement="gate#1", place="gate", side="red", enemy="blue", reason="assault",
        operation="", attackers=1234, defenders=200, surprise=1.0,
    )  # fmt: skip
    log.add(
        f.BoutFought, DAY + 5 * HOUR, engagement="gate#1", place="gate", side="red", enemy="blue", bout=1, hours=5.0,
        attackers_engaged=100, defenders_engaged=100, multiplier=4.0, attacker_supply=1.0, defender_supply=1.0,
        attackers_killed=3, attackers_wounded=9, defenders_killed=1, defenders_wounded=2, attacker_ammunition_g=0,
        defender_ammunition_g=0, losses=(("red-1", 3, 9), ("blue-1", 1, 2)),
    )  # fmt: skip
    ended = log.add(
        f.EngagementEnded,
        DAY + 5 * HOUR,
        engagement="gate#1",
        place="gate",
        side="red",
        enemy="blue",
        reason="assault",
        outcome="taken",
    )
    log.add(
        f.ControlChanged, DAY + 5 * HOUR, cause=ended, place="gate", side="red", lost_by="blue", how="assault",
        engagement="gate#1",
    )  # fmt: skip
    assert began == ended - 2
    assert last(log, scenario).text == "North Gate: Fell to Reds after 5 h (Reds lost 12, Blues 3)."


def test_every_way_in_which_a_fight_is_decided_has_words() -> None:
    """Each reason that the log may give is a clause of the diary, but for a truce, which says so itself."""
    assert set(_DECIDED) == set(get_args(f.EndedWhy)) - {"truce"}


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("defenders out of ammunition", "the defenders had no ammunition left"),
        ("defence broken, none willing", "the defenders' line broke, and nobody would relieve it"),
        ("turned and left", "the position was turned"),
    ],
)
def test_a_fall_is_told_with_what_decided_it(log: Log, scenario: Scenario, why: str, told: str) -> None:
    """What ended the fight stands behind its cost, in words."""
    names = {"engagement": "gate#1", "place": "gate", "side": "red", "enemy": "blue"}
    log.add(f.EngagementBegan, DAY, **names, reason="assault", operation="", attackers=300, defenders=200, surprise=1.0)
    log.add(
        f.BoutFought, DAY + 5 * HOUR, **names, bout=1, hours=5.0, attackers_engaged=100, defenders_engaged=100,
        multiplier=4.0, attacker_supply=1.0, defender_supply=1.0, attackers_killed=3, attackers_wounded=9,
        defenders_killed=1, defenders_wounded=2, attacker_ammunition_g=0, defender_ammunition_g=0,
        losses=(("red-1", 3, 9), ("blue-1", 1, 2)),
    )  # fmt: skip
    ended = log.add(f.EngagementEnded, DAY + 5 * HOUR, **names, reason="assault", outcome="taken", why=why)
    log.add(
        f.ControlChanged, DAY + 5 * HOUR, cause=ended, place="gate", side="red", lost_by="blue", how="assault",
        engagement="gate#1",
    )  # fmt: skip
    assert last(log, scenario).text == f"North Gate: Fell to Reds after 5 h (Reds lost 12, Blues 3): {told}."


def test_a_garrison_that_leaves_in_time_is_told_with_where_it_goes(log: Log, scenario: Scenario) -> None:
    """Who falls back before hopeless odds is news; an order like any other is not."""
    order = {"side": "blue", "force": "blue-1", "place": "gate", "to": "gate", "purpose": "withdraw", "operation": ""}
    log.add(f.OrderDelivered, DAY, **order, why="hopeless odds")
    assert last(log, scenario).text.endswith("fell back to North Gate before hopeless odds.")
    assert last(log, scenario).weight == 2
    log.add(f.OrderDelivered, DAY, **order, why="")
    assert last(log, scenario).weight == 0


def test_a_reason_that_stands_just_above_is_not_repeated(log: Log, scenario: Scenario) -> None:
    """Two lines of one moment with one reason give it once."""
    fallen = log.add(
        f.ControlChanged, DAY, cause=0, place="gate", side="red", lost_by="blue", how="unopposed", engagement=""
    )
    for place in ("mill", "gate"):
        log.add(f.StockExhausted, DAY + HOUR, cause=fallen, place=place, side="red", supply="food")
    reasons = [line.why for line in tell(log.facts, scenario)[-2:]]
    assert reasons == ["because North Gate had fallen to Reds", ""]


def test_what_is_done_from_outside_has_no_doer(scenario: Scenario, log: Log) -> None:
    """A road that a side shuts is shut by it; one that is shut from outside was shut, by nobody of this war."""
    log.add(f.LegBlocked, DAY, 0, leg="R15", place="gate", side="blue", how="demolished")
    assert last(log, scenario).text == "North Gate: Blues blew up the way out (R15)."
    told = log.add(f.Intervened, 2 * DAY, 0, action="block", subject="R15", to="", prevented="")
    for leg, how, words in (("R16", "demolished", "blown up"), ("R17", "mined", "mined")):
        log.add(f.LegBlocked, 2 * DAY, told, leg=leg, place="gate", side="", how=how)
        said = last(log, scenario)
        assert said.what == f"The way out ({leg}) was {words}."
        assert "obody" not in said.text


def test_a_siege_begins_because_of_what_its_side_lost_and_ends_because_of_what_it_took(
    log: Log, scenario: Scenario
) -> None:
    """That the side which is shut in took a place is no reason for its siege, nor its loss one for the end of it."""
    fallen = log.add(
        f.ControlChanged, DAY, cause=0, place="gate", side="red", lost_by="blue", how="unopposed", engagement=""
    )
    for day, side in ((2, "blue"), (3, "red")):
        log.add(f.SiegeBegan, day * DAY, cause=fallen, place="mill", side=side, by="", places=("mill",))
        log.add(f.SiegeLifted, day * DAY + HOUR, cause=fallen, place="mill", side=side, places=("mill",))
    told = "because North Gate had fallen to Reds"
    assert [line.why for line in tell(log.facts, scenario)[-4:]] == [told, "", "", told]


def test_the_short_diary_keeps_what_a_commander_would_be_woken_for(log: Log, scenario: Scenario) -> None:
    """Weighty lines are a part of all lines, in the same order; how things stood at the start is not among them."""
    log.add(f.HouseSearchesBegan, DAY, place="gate", side="blue", garrison=200)
    log.add(f.RisingBegan, 2 * DAY, place="gate", side="red", against="blue", fighters=300)
    told = tell(log.facts, scenario)
    assert [line.kind for line in weighty(told)] == ["RisingBegan"]
    assert [line.kind for line in told] == ["ForceRaised", "ForceRaised", "HouseSearchesBegan", "RisingBegan"]


def test_a_log_without_its_beginning_is_refused(log: Log, scenario: Scenario) -> None:
    """A diary is told from the first fact on: numbers would be wrong otherwise."""
    with pytest.raises(Impossible, match="cannot follow fact"):
        tell(log.facts[1:], scenario)


def test_the_same_history_is_told_in_the_same_words() -> None:
    """A whole simulated history is told, every line a sentence of known names, its causes before it."""
    scenario = load_scenario(ROOT / "scenarios" / "three-rivers" / "scenario.yaml")
    history = run(scenario, seed=1)
    lines = tell(history.facts, scenario)
    assert lines == tell(history.facts, scenario)
    assert len(weighty(lines)) > 10
    for line in lines:
        assert line.text.endswith(".")
        assert not {"#", "_", "{"} & set(line.text), line.text
        assert line.moment == scenario.scenario.start + timedelta(seconds=line.time_s)
    assert any(line.why for line in weighty(lines))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (counted(0), "0"),
        (counted(999), "999"),
        (counted(1234), "1,230"),
        (counted(123_456), "123,000"),
        (weighed(750_000), "750 kg"),
        (weighed(2_500_000), "2.5 t"),
        (weighed(1_234_500_000), "1,230 t"),
        (lasted(90), "2 min"),
        (lasted(5 * HOUR), "5 h"),
        (lasted(3 * DAY), "3 days"),
        (lasted(3.5 * DAY), "3.5 days"),
        (listed(["a"]), "a"),
        (listed(["a", "b"]), "a and b"),
        (listed(["a", "b", "", "c"]), "a, b and c"),
    ],
)
def test_numbers_are_said_no_closer_than_anybody_counted(said: str, meant: str) -> None:
    """Counts above 1,000 are rounded to three digits; weights and durations stand in the unit that suits them."""
    assert said == meant


def test_an_unknown_name_stands_for_itself(scenario: Scenario) -> None:
    """A name that the scenario does not have is shown as it is, never as an error."""
    wording = Wording(scenario, State())
    assert wording.place("far-bridge") == "Far bridge"
    assert wording.side("green") == "green"
    assert wording.side("") == "nobody"
