"""One predicate per event type, in two readings: over facts and over printed claims."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.compare.readings import FactReading, PrintedReading
from sim.domain import facts as f
from sim.domain.claims import Claim, Event, Window
from sim.observation import cover, facts_table, read_history
from tests.observation.toy import DAY, Log, claimant, scenario, sources

NEVER = math.inf


def claim(
    type_: str, *, statement: Any = "asserts", kind: Any = "moment", days: tuple[float, float] = (0, 20), **event: Any
) -> Claim:
    """Return a claim with a window of days."""
    start_s, end_s = (round(day * DAY) for day in days)
    return Claim(
        claim_id="c", event_id="e", claim_group_id="c", claimant="x", relayed_by="", source="g1", statement=statement,
        event=Event(type_, **event), window=Window(kind, start_s, end_s, "rule", 1),
    )  # fmt: skip


def history(log: Log) -> Any:
    return read_history(facts_table(log.facts, 0), scenario(), [0], [0])


def when(log: Log, asked: Claim, *, after: float = -math.inf) -> float:
    """Return the day on which it happened."""
    return float(FactReading(history(log)).times(asked, np.array([after * DAY]))[0]) / DAY


def is_so(log: Log, asked: Claim) -> bool:
    return bool(FactReading(history(log)).holds(asked)[0])


WAR = (
    Log()
    .attack("ford", "red", "blue", 2)
    .bout("ford", "red", "blue", 2.2, killed=(1, 5), wounded=(3, 9))
    .taken("ford", "red", "blue", 3)
    .add(f.ForceSurrendered, 3, side="blue", place="ford", captor="red", captured=20)
    .add(f.VehiclesLost, 3, side="blue", place="ford", captor="red", vehicles=(("light", 4),))
    .attack("keep", "red", "blue", 4)
    .beaten_off("keep", "blue", "red", 5)
    .add(f.SiegeBegan, 6, place="keep", side="blue", by="red", places=("keep",))
    .add(f.TalksOpened, 7, talks="parley", side="blue", enemy="red")
    .add(f.UltimatumIssued, 8, talks="parley", side="red", enemy="blue")
    .add(f.TalksCollapsed, 9, talks="parley", side="red", enemy="blue")
    .taken("ford", "blue", "red", 10)
    .add(f.RisingBegan, 11, place="mill", side="blue", against="red", fighters=10)
    .add(f.CommunicationsCut, 12, area="south", side="red")
    .add(f.CommunicationsRestored, 13, area="south", side="red")
    .add(f.SiegeLifted, 14, place="keep", side="blue", places=("keep",))
    .taken("keep", "red", "blue", 15, how="abandoned")
    .add(f.OperationLaunched, 16, operation="push", side="red")
    .add(f.SettlementReached, 17, talks="parley", side="red", enemy="blue")
    .taken("keep", "blue", "red", 18)
)


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        (claim("capture", actor="red", target="blue", where=("ford",)), 3),
        (claim("capture", actor="red", where=("north",)), 3),
        (claim("capture", actor="blue", where=("north",)), 10),
        (claim("capture", actor="red", where=("home",)), NEVER),
        (claim("recapture", actor="blue", target="red", where=("ford",)), 10),
        (claim("recapture", actor="red", where=("ford",)), NEVER),
        (claim("control_state", actor="red", where=("ford",)), 3),
        (claim("control_state", actor="blue", where=("ford",)), 0),
        (claim("attack", where=("keep",)), 4),
        (claim("attack", actor="red", target="blue"), 2),
        (claim("attack", actor="blue"), NEVER),
        (claim("attack_repelled", actor="blue", target="red", where=("keep",)), 5),
        (claim("attack_repelled", actor="red", target="blue"), NEVER),
        (claim("advance", actor="red", target="blue", where=("ford",)), 16),
        (claim("withdrawal", actor="blue", where=("keep",)), 15),
        (claim("rising", actor="blue", target="red", where=("south",)), 11),
        (claim("siege", actor="red", target="blue", where=("north",)), 6),
        (claim("route_blocked", actor="red", target="blue", where=("keep",)), 15),
        (claim("route_opened", actor="blue", where=("keep",)), 18),
        (claim("talks", actor="red", target="blue", where=("north",)), 7),
        (claim("ultimatum", actor="red", target="blue"), 8),
        (claim("ultimatum", actor="blue", target="red"), NEVER),
        (claim("talks_collapsed", actor="blue", target="red"), 9),
        (claim("settlement", actor="blue", target="red"), 17),
        (claim("communications_cut", actor="red", target="blue", where=("home",)), 12),
        (claim("casualties", actor="red", target="blue", where=("ford",)), 2.2),
        (claim("casualties", actor="blue", target="red", where=("ford",)), 2.2),
        (claim("captured_people", actor="red", target="blue"), 3),
        (claim("equipment_loss", actor="red", target="blue"), 3),
        (claim("displacement"), NEVER),
    ],
    ids=lambda value: value.event.type if isinstance(value, Claim) else "",
)
def test_each_type_is_dated_by_its_first_fact(asked, day):
    """The date of an event in the world is the first fact that is it."""
    assert when(WAR, asked) == pytest.approx(day)


def test_what_comes_next_is_looked_for_later_only():
    """After another event's date only later facts count; never after what never happened."""
    asked = claim("attack", actor="red", where=("north",))
    assert when(WAR, asked, after=2) == 4
    assert when(WAR, asked, after=NEVER) == NEVER


def test_all_places_are_captured_when_the_last_is():
    """All: the first taking after which every place is held at one moment."""
    log = Log().taken("ford", "red", "blue", 2).taken("ford", "blue", "red", 3).taken("keep", "red", "blue", 4)
    asked = claim("capture", actor="red", where=("north",), quantifier="all")
    assert when(log, asked) == NEVER
    assert when(log.taken("ford", "red", "blue", 5), asked) == 5


def test_places_held_from_the_start_need_not_be_taken():
    """All of a taken and a held place: the taking makes it all."""
    asked = claim("capture", actor="red", where=("mill", "ford"), quantifier="all")
    assert when(Log().taken("ford", "red", "blue", 2), asked) == 2
    assert when(Log(), asked) == NEVER


def test_at_least_k_counts_places_taken_since_the_start():
    """At least two places taken: what was held anyway does not count."""
    everywhere = {"where": ("north", "south"), "quantifier": "at_least", "at_least": 2}
    asked = claim("capture", actor="red", **everywhere)
    log = Log().taken("ford", "red", "blue", 2)
    assert when(log, asked) == NEVER
    assert when(log.taken("keep", "red", "blue", 4), asked) == 4


def test_all_of_other_types_is_the_last_of_the_firsts():
    """Attacks on all places: the day on which the last of them was first attacked."""
    asked = claim("attack", actor="red", where=("north",), quantifier="all")
    assert when(WAR, asked) == 4


@pytest.mark.parametrize(("days", "day"), [((5, 7), 6), ((7, 8), 9), ((10, 12), 9)])
def test_any_time_in_its_window_is_the_first_in_it(days, day):
    """An event that may recur is dated by the first time in or after its window, else by the last moment before it."""
    log = Log().attack("ford", "red", "blue", 2).attack("ford", "red", "blue", 6).attack("ford", "red", "blue", 9)
    assert when(log, claim("attack", where=("ford",), occurrence="any_in_window", days=days)) == day


@pytest.mark.parametrize(
    ("asked", "so"),
    [
        (claim("control_state", kind="state_on", actor="red", where=("ford",), days=(5, 6)), True),
        (claim("control_state", kind="state_on", actor="red", where=("ford",), days=(0, 2)), False),
        (claim("control_state", kind="state_on", actor="red", where=("ford",), days=(2, 4)), True),
        (claim("control_state", kind="throughout", actor="red", where=("ford",), days=(2, 4)), False),
        (claim("control_state", kind="throughout", actor="red", where=("ford",), days=(3, 9)), True),
        (claim("control_state", kind="state_on", actor="blue", where=("north",), quantifier="all", days=(4, 9)), False),
        (claim("control_state", kind="state_on", actor="blue", where=("north",), days=(4, 9)), True),
        (claim("siege", kind="state_on", actor="red", where=("north",), days=(8, 9)), True),
        (claim("siege", kind="state_on", actor="red", where=("north",), days=(15, 16)), False),
        (claim("communications_cut", kind="state_on", where=("south",), days=(12.2, 12.5)), True),
        (claim("communications_cut", kind="state_on", where=("south",), days=(14, 15)), False),
        (claim("attack", kind="throughout", actor="red", days=(0, 1)), False),
        (claim("attack", kind="throughout", actor="red", days=(1, 3)), True),
    ],
)
def test_states_are_so_or_not(asked, so):
    """A state is asked for at some moment of the window, or at every one."""
    assert is_so(WAR, asked) is so


def printed(log: Log, *, spec: Any = None, **section: Any) -> PrintedReading:
    world = scenario({"voice": spec or claimant(None)}, **section)
    told = cover(read_history(facts_table(log.facts, 0), world, [0], [0]), world, sources(), 1)
    return PrintedReading(told, frozenset({"g1"}))


def printed_when(log: Log, asked: Claim, **more: Any) -> float:
    return float(printed(log, **more).times(asked, np.array([-math.inf]))[0]) / DAY


def test_a_printed_claim_is_dated_by_the_middle_of_its_window():
    """A fact of the third day is printed as of that day; its middle is noon."""
    assert printed_when(WAR, claim("capture", actor="red", target="blue", where=("ford",))) == 3.5


def test_what_is_not_printed_never_happened_in_print():
    """Without a printed claim the date is never, whatever happened."""
    silent = claimant(None, says_share={"default": 0.0})
    assert printed_when(WAR, claim("capture", actor="red", where=("ford",)), spec=silent) == NEVER


def test_sources_after_the_horizon_do_not_count():
    """Only sources that came out in time are read."""
    world = scenario({"voice": claimant(None)})
    told = cover(read_history(facts_table(WAR.facts, 0), world, [0], [0]), world, sources(), 1)
    late = PrintedReading(told, frozenset())
    assert late.times(claim("attack"), np.array([-math.inf])).tolist() == [NEVER]


def test_a_denial_is_matched_by_a_printed_denial():
    """Only a claim of the same statement answers."""
    log = Log().taken("home", "blue", "red", 2)
    asked = claim("capture", statement="denies", actor="blue", target="red", where=("home",))
    assert printed_when(log, asked) == NEVER
    assert printed_when(log, asked, spec=claimant(denial_share=1.0)) == 2.5


def test_all_places_must_be_named_in_print():
    """All: claims that together name every place; the date is that of the last."""
    log = Log().taken("ford", "red", "blue", 2).taken("keep", "red", "blue", 4)
    asked = claim("capture", actor="red", where=("north",), quantifier="all")
    assert printed_when(log, asked) == 4.5
    assert printed_when(Log().taken("ford", "red", "blue", 2), asked) == NEVER


def test_a_printed_state_must_touch_the_window():
    """A state was printed if a claim of it is dated inside the reported window."""
    voice = claimant(None, bulletin_rate_per_day=2.0)
    asked = claim("control_state", kind="state_on", actor="blue", where=("ford",), days=(0, 20))
    assert printed(Log(), spec=voice).holds(asked).tolist() == [True]
    assert printed(WAR, spec=claimant(None)).holds(asked).tolist() == [False]
