"""The log as bytes: the same history gives the same bytes, and the bytes give the history back."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import eventlog
from sim.domain.facts import KINDS, SCHEMA_VERSION, HazardChanged, HazardFired, RunEnded, RunStarted
from sim.errors import StoreError
from tests.store.strategies import facts, one_of_each, plain


@given(st.lists(facts(), max_size=6))
def test_any_facts_come_back_from_their_bytes(log: list[Any]) -> None:
    """Decoding gives equal facts of the same kinds, and encoding those gives the same bytes."""
    data = eventlog.encode(log)
    back = eventlog.decode(data)
    assert back == log
    assert [type(fact) for fact in back] == [type(fact) for fact in log]
    assert eventlog.encode(back) == data


def test_a_line_holds_the_kind_then_the_fields_in_the_order_of_their_declaration() -> None:
    """The canonical line of a fact is fixed, so that hashes last."""
    fact = HazardChanged(seq=3, time_s=60, cause=2, because=(0, 1), clock="a b", rate_per_day=0.1, accrued=-0.0)
    assert eventlog.encode([fact]) == (
        b'{"kind":"HazardChanged","seq":3,"time_s":60,"cause":2,"because":[0,1],"clock":"a b",'
        b'"rate_per_day":0.1,"accrued":-0.0}\n'
    )


def test_every_kind_has_a_line_of_its_own() -> None:
    """A log is as many lines as it has facts, each plain JSON that names its kind first."""
    log = one_of_each()
    lines = eventlog.encode(log).splitlines()
    assert [next(iter(json.loads(line).items())) for line in lines] == [("kind", fact.kind) for fact in log]
    assert {fact.kind for fact in log} == set(KINDS)


def test_the_hash_is_that_of_the_canonical_bytes() -> None:
    """The hash changes with any value of any fact and with nothing else."""
    log = one_of_each()
    assert eventlog.sha256(log) == hashlib.sha256(eventlog.encode(log)).hexdigest()
    assert eventlog.sha256(log) == eventlog.sha256(one_of_each())
    assert eventlog.sha256(log) != eventlog.sha256(log[:-1])
    assert eventlog.sha256([*log[:-1], plain(type(log[-1]), log[-1].seq, time_s=1)]) != eventlog.sha256(log)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_refused(number: float) -> None:
    """JSON has no such numbers; writing null in their place would lose them without a word."""
    with pytest.raises(ValueError, match="holds a number that is not finite"):
        eventlog.encode([plain(HazardChanged, 0, accrued=number)])
    with pytest.raises(ValueError, match="holds a number that is not finite"):
        eventlog.encode([plain(RunStarted, 0, values=(("a", 1.0), ("b", number)))])


def test_the_word_null_in_a_text_is_a_text() -> None:
    """Only numbers are looked at when numbers that are not finite are refused."""
    log = [plain(RunEnded, 0, reason='":null,[null]')]
    assert eventlog.decode(eventlog.encode(log)) == log


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"{", "not a log of facts"),
        (b'{"kind":"Miracle","seq":0}\n', "not a log of facts"),
        (b'{"kind":"RunEnded","seq":0,"time_s":0,"cause":0,"because":[]}\n', "missing required field `reason`"),
        (b'{"kind":"RunEnded","seq":"0","time_s":0,"cause":0,"because":[],"reason":""}\n', "Expected `int`"),
    ],
)
def test_bytes_that_are_no_log_are_refused(data: bytes, what: str) -> None:
    """What does not hold the fields of a known kind is an error in words, not a guess."""
    with pytest.raises(StoreError, match=what):
        eventlog.decode(data)


def _renamed(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "kind": "HazardFired"} if record["kind"] == "ClockStruck" else record


def _counted(record: dict[str, Any]) -> dict[str, Any]:
    return {"firing": 1, **record} if record["kind"] == "HazardFired" else record


RENAMED, COUNTED = eventlog.Upcaster(1, 2, _renamed), eventlog.Upcaster(2, 3, _counted)


def test_a_fact_of_an_earlier_schema_is_lifted_step_by_step() -> None:
    """Each upcaster lifts a fact from its version to the next, until it is a fact of today."""
    old = {"kind": "ClockStruck", "seq": 4, "time_s": 60, "cause": 0, "because": [], "clock": "c"}
    fact = eventlog.lift(old, 1, (RENAMED, COUNTED), current=3)
    assert fact == HazardFired(seq=4, time_s=60, cause=0, because=(), clock="c", firing=1)


def test_a_lifted_fact_must_be_a_fact() -> None:
    """What the chain of upcasters leaves is checked like anything that is read."""
    old = {"kind": "ClockStruck", "seq": 4, "time_s": 60, "cause": 0, "because": [], "clock": "c"}
    with pytest.raises(StoreError, match="this is no HazardFired: Object missing required field `firing`"):
        eventlog.lift(old, 1, (eventlog.Upcaster(1, 3, _renamed),), current=3)
    with pytest.raises(StoreError, match="'ClockStruck' is not a kind of fact"):
        eventlog.lift(old, 3, (), current=3)


def test_a_log_of_a_later_schema_is_refused() -> None:
    """A program cannot read what a later one has written, and says so."""
    with pytest.raises(StoreError, match="read it with the version of the program that wrote it, or a later one"):
        eventlog.decode(eventlog.encode(one_of_each()), SCHEMA_VERSION + 1)


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ([(1, 2), (3, 4)], "no upcaster lifts a log from schema version 2"),
        ([(2, 3), (3, 4)], "no upcaster lifts a log from schema version 1"),
        ([(1, 2), (2, 3), (2, 4), (3, 4)], "two upcasters lift a log from schema version 2"),
        ([(1, 2), (2, 1), (3, 4)], "leads from schema version 2 back to 1"),
        ([(1, 2), (2, 2), (3, 4)], "leads from schema version 2 back to 2"),
        ([(1, 2), (2, 3), (3, 5)], "from schema version 3 to 5; there are only 1 to 4"),
        ([(0, 1), (1, 2), (2, 3), (3, 4)], "from schema version 0 to 1; there are only 1 to 4"),
        ([(1, 2), (2, 3), (3, 4), (4, 5)], "from schema version 4 to 5; there are only 1 to 4"),
    ],
)
def test_a_chain_of_upcasters_has_no_gap_no_circle_and_no_second_way(steps: list[tuple[int, int]], what: str) -> None:
    """It leads from every version to the current one; anything else is found when the program starts."""
    chain = [eventlog.Upcaster(version, to, _renamed) for version, to in steps]
    with pytest.raises(RuntimeError, match=what):
        eventlog.check_chain(chain, 4)


def test_a_chain_of_upcasters_may_skip_versions() -> None:
    """One upcaster may lead over several versions, as long as each version has one."""
    eventlog.check_chain([eventlog.Upcaster(1, 3, _renamed), eventlog.Upcaster(2, 3, _counted)], 3)
    eventlog.check_chain(eventlog.UPCASTERS, SCHEMA_VERSION)


def test_what_version_1_did_not_say_of_a_decision_is_empty() -> None:
    """Facts of command of an earlier log are read with nothing in the fields that came later."""
    old = {"seq": 4, "time_s": 60, "cause": 0, "because": [], "operation": "o", "side": "s", "attempt": 1}
    ended = eventlog.lift({**old, "kind": "OperationEnded", "outcome": "stalled", "again_s": -1}, 1)
    assert (ended.why, ended.objective, ended.measured, ended.limit) == ("", "", 0.0, 0.0)
    launched = eventlog.lift({**old, "kind": "OperationLaunched", "fighters": 9, "believed_odds": 2.0}, 1)
    assert (launched.objective, launched.wanted_odds, launched.belief_s) == ("", 0.0, -1)
