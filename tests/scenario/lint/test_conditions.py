"""Rules of conditions: the ways in which they can hold, what contradicts itself, and what can never happen."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario.lint.conditions import WAYS_MAX, contradiction, ways
from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.possible import OUTCOMES, Possible
from sim.scenario.loading import load_scenario
from sim.scenario.plans import Condition
from tests.scenario.small import TEXT, changed, load
from tests.worlds import INVENTED, TWO_VALLEYS, play

BELLS = {"fact": "RunStarted"}
TRUCE = {"state": "truce"}
OPEN = {"fact": "TalksOpened"}
DATE = {"exogenous": "harvest"}


def condition(**parts: Any) -> Condition:
    """Return a condition as it is written in YAML."""
    return Condition.model_validate(parts)


def told(said: Condition) -> list[list[str]]:
    """Return the ways in which a condition can hold, each part as its path, with a minus sign if it must not hold."""
    return [[f"{'-' if part.negated else ''}{part.path}" for part in way] for way in ways(said, "t")]


def test_a_simple_condition_holds_in_one_way() -> None:
    """Itself."""
    assert told(condition(**OPEN)) == [["t"]]
    assert told(condition(**{"not": OPEN})) == [["-t.not"]]


def test_any_has_as_many_ways_as_parts_and_all_one_for_each_choice() -> None:
    """Ways of ``any`` are those of its parts; ways of ``all`` join one of each."""
    said = condition(all=[{"any": [OPEN, DATE]}, BELLS, {"any": [TRUCE, {"not": DATE}]}])
    assert told(said) == [
        ["t.all.0.any.0", "t.all.1", "t.all.2.any.0"],
        ["t.all.0.any.0", "t.all.1", "-t.all.2.any.1.not"],
        ["t.all.0.any.1", "t.all.1", "t.all.2.any.0"],
        ["t.all.0.any.1", "t.all.1", "-t.all.2.any.1.not"],
    ]


def test_not_turns_all_into_any_and_back() -> None:
    """What must not all hold fails in any of its parts (De Morgan), and twice not is once."""
    assert told(condition(**{"not": {"all": [OPEN, DATE]}})) == [["-t.not.all.0"], ["-t.not.all.1"]]
    assert told(condition(**{"not": {"any": [OPEN, DATE]}})) == [["-t.not.any.0", "-t.not.any.1"]]
    assert told(condition(**{"not": {"not": OPEN}})) == [["t.not.not"]]


def test_a_condition_of_countless_ways_is_not_followed_to_the_end() -> None:
    """Twelve choices between two things are cut off at a bound."""
    assert len(ways(condition(all=[{"any": [OPEN, DATE]}] * 12), "t")) == WAYS_MAX


NORTH_AT_GATE = {"state": "holds", "side": "north", "place": "gate"}
SOUTH_AT_GATE = {"state": "holds", "side": "south", "place": "gate"}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([DATE, {"not": DATE}], "the same is demanded (t.all.0) and forbidden (t.all.1.not)"),
        ([NORTH_AT_GATE, SOUTH_AT_GATE], "'gate' cannot be held by 'north' and by 'south'"),
        ([TRUCE, {"state": "talks", "stage": "none"}], "the talks 'valley' cannot be none here"),
        ([{"fact": "TalksCollapsed"}, {"state": "talks", "stage": "contact"}], "where the rest leaves them collapsed"),
        ([{"fact": "TalksCollapsed"}, {"not": {"state": "talks", "stage": "collapsed"}}], "leaves them collapsed"),
        ([TRUCE, {"not": {"state": "talks", "stage": "truce"}}], "where the rest leaves them truce"),
        ([{"fact": "SettlementReached"}, TRUCE], "where the rest leaves them settled"),
        ([NORTH_AT_GATE, NORTH_AT_GATE], ""),
        ([NORTH_AT_GATE, {"not": SOUTH_AT_GATE}], ""),
        ([{"fact": "TalksOpened"}, {"not": TRUCE}, {"not": {"state": "talks", "stage": "contact"}}], ""),
        ([{"fact": "TalksCollapsed"}, {"not": TRUCE}], ""),
        ([DATE, BELLS, {"not": TRUCE}], ""),
    ],
)
def test_parts_that_cannot_hold_together_are_told_why(parts: list[dict[str, Any]], words: str) -> None:
    """Demanded and forbidden, two holders of one place, two stages of the same talks."""
    (way,) = ways(condition(all=parts), "t")
    said = contradiction(way, {"valley": False})
    assert words in said
    assert bool(said) == bool(words)


def test_talks_that_may_be_taken_up_again_do_not_stay_broken_down() -> None:
    """Where they have a rate of resumption, contact may follow on a collapse."""
    (way,) = ways(condition(all=[{"fact": "TalksCollapsed"}, {"state": "talks", "stage": "contact"}]), "t")
    assert contradiction(way, {"valley": False})
    assert contradiction(way, {"valley": True}) == ""


def test_stages_of_several_talks_do_not_contradict_each_other() -> None:
    """A stage that does not say of which talks may be of any of them."""
    (way,) = ways(condition(all=[TRUCE, {"state": "talks", "stage": "none"}]), "t")
    assert contradiction(way, {"valley": False, "coast": False}) == ""
    (named,) = ways(
        condition(all=[{**TRUCE, "talks": "coast"}, {"state": "talks", "stage": "none", "talks": "coast"}]), "t"
    )
    assert "the talks 'coast' cannot be none" in contradiction(named, {"valley": False, "coast": False})


WAITS = "trigger: {any: [{fact: TalksCollapsed}, {all: [{exogenous: harvest}, {not: {state: truce}}]}]}"
NO_LEANING = ("places.mill.leaning.north=0", "places.mill.leaning.south=0")

SUPPLY_OFF = ("supply.enabled=false",)
FRIENDS = ("relations.north+south=allied",)


@pytest.mark.parametrize(
    ("said", "overrides", "words"),
    [
        (DATE, ("exogenous.harvest.at=2030-04-10T00:00+02:00",), "lies before the start"),
        (DATE, ("exogenous.harvest.at=2030-06-10T00:00+02:00",), "lies after the end"),
        (OPEN, ("talks.valley.contact_rate_per_day=0",), "the talks 'valley' never open"),
        (TRUCE, ("talks.valley.truce_rate_per_day=0",), "know no truce"),
        ({"fact": "SettlementReached"}, ("talks.valley.settlement_rate_per_day=0",), "never settled"),
        (
            {"fact": "TalksCollapsed"},
            ("talks.valley.failure_rate_per_day=0", "talks.valley.collapse.base_per_day=0"),
            "never fail",
        ),
        ({"fact": "TalksCollapsed", "side": "south"}, (), "name 'north' as their side, never 'south'"),
        ({"fact": "UltimatumExpired", "side": "north"}, (), "is set by 'south', not by 'north'"),
        ({"fact": "UltimatumIssued"}, ("talks.valley.ultimatum=null",), "nobody sets an ultimatum"),
        ({"fact": "RisingBegan"}, ("risings.enabled=false",), "the mechanism 'risings' is off"),
        ({"fact": "RisingBegan"}, NO_LEANING, "nobody lives there who leans"),
        ({"fact": "RisingBegan", "place": "plain"}, (), "nobody lives there who leans"),
        ({"fact": "HouseSearchesBegan", "side": "north"}, (), "no doctrine of 'north' has searches"),
        ({"fact": "HouseSearchesBegan", "place": "gate"}, (), "nobody lives there"),
        ({"fact": "SiegeBegan"}, SUPPLY_OFF, "the mechanism 'supply' is off"),
        ({"state": "besieged", "area": "upper"}, SUPPLY_OFF, "'supply' is off"),
        ({"fact": "ConvoyArrived", "side": "north"}, SUPPLY_OFF, "'supply' is off"),
        ({"fact": "LifelineOpened"}, (), "no lifeline of that side is open there"),
        ({"fact": "CommunicationsCut", "side": "north"}, (), "nobody of that side cuts telephones"),
        ({"fact": "ReportReceived", "side": "north"}, ("command.enabled=false",), "'command' is off"),
        ({"fact": "OperationLaunched", "side": "north"}, (), "'through-the-gate' is an operation of 'south'"),
        ({"fact": "OperationEnded", "outcome": "victory"}, (), "OperationEnded has no outcome 'victory', only reached"),
        ({"fact": "ControlChanged", "side": "south", "lost_by": "south"}, (), "a side does not lose a place to itself"),
        ({"fact": "ControlChanged", "side": "south", "lost_by": "north"}, FRIENDS, "they are not hostile"),
        ({"state": "present", "side": "north", "place": "gate", "at_least": 90000}, (), "has at most some"),
        ({"fact": "RunEnded"}, (), "it is the last fact of a history"),
        ({"fact": "ColumnsMet"}, (), "the mechanism 'meetings' is off"),
        ({"fact": "LegBlocked"}, (), "the mechanism 'obstacles' is off"),
    ],
)
def test_what_can_never_happen_is_told_why(said: dict[str, Any], overrides: tuple[str, ...], words: str) -> None:
    """A condition for which something is lacking in the scenario never holds."""
    assert words in Possible(Dossier(load(TEXT, overrides))).why_never(condition(**said))


def test_a_place_that_no_man_of_a_side_can_reach_is_never_its() -> None:
    """Neither held nor lost nor besieged: the ways end before it, and nobody there would rise for the side."""
    text = changed(("L1: {from: mill, to: gate", "L1: {from: gate, to: plain"))
    possible = Possible(Dossier(load(text)))
    for said in ({"state": "holds"}, {"fact": "ControlChanged"}, {"fact": "SiegeBegan"}):
        reason = possible.why_never(condition(**said, side="south", place="mill"))
        assert reason == "" or "'south' can never hold mill: none of its men can get there" in reason
    empty = Possible(Dossier(load(text, NO_LEANING)))
    assert "can never hold mill" in empty.why_never(condition(state="holds", side="south", place="mill"))


def test_an_operation_that_waits_for_the_impossible_is_impossible_to_others_too() -> None:
    """What waits for an operation that is never ordered never comes either, and operations may wait for each other."""
    text = changed((WAITS, "trigger: {fact: TalksOpened}"))
    possible = Possible(Dossier(load(text, ["talks.valley.contact_rate_per_day=0"])))
    reason = possible.why_never(condition(fact="OperationLaunched", operation="through-the-gate"))
    assert "'through-the-gate' is never ordered (the talks 'valley' never open" in reason
    itself = changed((WAITS, "trigger: {fact: OperationEnded, operation: through-the-gate}"))
    assert Possible(Dossier(load(itself))).why_never(condition(fact="OperationEnded")) == ""


@pytest.mark.parametrize("path", [TWO_VALLEYS, INVENTED], ids=lambda path: path.stem)
def test_what_happened_is_never_called_impossible(path: Any) -> None:
    """Every fact of ten histories can be waited for: by its kind, its sides, its place and its outcome."""
    possible = Possible(Dossier(load_scenario(path)))
    for replication in range(10):
        for fact in play(path, replication=replication).facts:
            if fact.kind == "RunEnded" or getattr(fact, "how", "") == "initial":
                continue
            known = {
                name: getattr(fact, name, None) or None
                for name in ("side", "lost_by", "place", "outcome", "talks", "operation")
            }
            said = condition(
                fact=fact.kind,
                **{name: value for name, value in known.items() if value is not None and ("/" not in value)},
            )
            assert possible.why_never(said) == "", (fact, said)


def test_the_outcomes_that_facts_can_have_are_known() -> None:
    """Every outcome of thirty histories is among those that a condition may ask for."""
    for replication in range(30):
        for fact in play(TWO_VALLEYS, replication=replication).facts:
            if fact.kind in OUTCOMES:
                assert fact.outcome in OUTCOMES[fact.kind]
