"""Why: every link of a tree of causes stands in the log, and every branch ends where the log has nothing before it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest

from sim.domain import facts as f
from sim.engine import Run
from sim.errors import InputError
from sim.projections.causes import CAUSE, KNOWN, Cause, causes_of, chain_of, outcome_of, walk
from sim.projections.subjects import asked_about, last_about
from tests.worlds import REFERENCE, TWO_VALLEYS, compiled, of_kind, play


@lru_cache(maxsize=1)
def wars() -> list[Run]:
    """Return some histories of the reference scenario, played once."""
    return [play(REFERENCE, replication=k) for k in range(4)]


SCENARIO = compiled(REFERENCE).scenario


def decided(war: Run) -> Iterator[f.Fact]:
    """Yield the facts of a history that somebody would ask about."""
    kinds = (f.ControlChanged, f.ForceSurrendered, f.OperationEnded, f.TalksCollapsed, f.RisingBegan, f.StockExhausted)
    yield from (fact for fact in war.facts if isinstance(fact, kinds) and fact.time_s)


def links(tree: Cause) -> Iterator[tuple[Cause, Cause]]:
    """Yield every fact of a tree with each of its causes."""
    for _, node in walk(tree):
        for cause in node.causes:
            yield node, cause


def test_with_everything_shown_each_link_is_one_that_the_log_names() -> None:
    """A cause is the ``cause`` of what it led to, and what somebody knew stands in its ``because``."""
    seen = 0
    for war in wars()[:2]:
        for fact in decided(war):
            for node, cause in links(causes_of(war.facts, SCENARIO, fact.seq, everything=True)):
                seen += 1
                named = {war.facts[node.seq].cause} if cause.role == CAUSE else set(war.facts[node.seq].because)
                assert cause.seq in named
    assert seen > 1000


def test_what_is_passed_over_lies_between_a_fact_and_what_is_told_as_its_cause() -> None:
    """Following the log from a fact one comes to each of its told causes, over facts that no diary tells of."""
    for war in wars()[:1]:
        for fact in decided(war):
            for node, cause in links(causes_of(war.facts, SCENARIO, fact.seq)):
                reached, edge = set[int](), list({war.facts[node.seq].cause, *war.facts[node.seq].because})
                while edge:
                    seq = edge.pop()
                    if seq not in reached and seq >= 0:
                        reached.add(seq)
                        edge += [war.facts[seq].cause, *war.facts[seq].because]
                assert cause.seq in reached
                assert cause.time_s <= node.time_s


def test_every_branch_ends_at_a_root_at_word_or_at_what_was_told_before() -> None:
    """The start, a date, a draw; a report; or a reference to the same fact above, with its branch there."""
    roots = set()
    for war in wars()[1:3]:
        for fact in decided(war):
            tree = causes_of(war.facts, SCENARIO, fact.seq)
            told = [node.seq for _, node in walk(tree) if not node.told_before]
            assert len(told) == len(set(told))
            for _, node in walk(tree):
                chained = [cause for cause in node.causes if cause.role == CAUSE]
                assert len(chained) <= 1
                roots.add(node.root)
                if node.told_before:
                    assert node.seq in told
                    assert not node.causes
                elif not chained:
                    assert node.root or node.kind == "ReportReceived"
                    assert node.role == KNOWN or node.root
    assert {"start", "date", "draw"} <= roots


def test_a_depth_cuts_a_tree_and_changes_nothing_of_what_is_left() -> None:
    """Three links back are the first four facts of the whole chain."""
    (war, *_) = wars()
    fact = of_kind(war.facts, f.OperationEnded)[0]
    chain = [node.seq for level, node in walk(causes_of(war.facts, SCENARIO, fact.seq)) if not level]
    short = [node.seq for level, node in walk(causes_of(war.facts, SCENARIO, fact.seq, depth=3)) if not level]
    assert short == chain[:4]


def test_a_chain_of_thousands_of_links_is_no_burden() -> None:
    """A log in which each fact is the cause of the next is followed to its beginning."""
    war = play(TWO_VALLEYS)
    start = war.facts[0]
    days = [
        f.HouseSearchesBegan(seq, seq, seq - 1, (), place="mill", side="south", garrison=1) for seq in range(1, 9_000)
    ]
    tree = causes_of([start, *days], compiled(TWO_VALLEYS).scenario, 8_999)
    assert sum(1 for _ in walk(tree)) == 9_000


# --- what somebody asks about -----------------------------------------------------------------------------------


def test_a_name_stands_for_the_last_decision_about_it() -> None:
    """A place for its last change of hands, an operation for its last stage; by a moment, the last until then."""
    for war in wars():
        for change in of_kind(war.facts, f.ControlChanged):
            if change.how != "initial":
                later = [fact for fact in of_kind(war.facts, f.ControlChanged) if fact.place == change.place]
                assert asked_about(war.facts, SCENARIO, change.place) == later[-1]
                same_second = [fact for fact in later if fact.time_s <= change.time_s]
                assert asked_about(war.facts, SCENARIO, change.place, until_s=change.time_s) == same_second[-1]
    ended = of_kind(wars()[0].facts, f.OperationEnded)[-1]
    assert getattr(asked_about(wars()[0].facts, SCENARIO, ended.operation), "operation", "") == ended.operation
    assert asked_about(wars()[0].facts, SCENARIO, "#12").seq == 12


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("khenjj", "no place, operation, talks or force of that name; did you mean 'khenj'?"),
        ("999,999", "999,999: the log has"),
        ("kabul", "kabul has not changed hands in this history: Taliban held it throughout"),
    ],
)
def test_who_asks_about_nothing_is_told_what_there_is(what: str, words: str) -> None:
    """A name that is not known, a number beyond the log, a place that nobody took."""
    with pytest.raises(InputError) as raised:
        asked_about(wars()[0].facts, SCENARIO, what)
    assert words in str(raised.value)


def test_chains_over_histories_say_the_same_in_the_same_words() -> None:
    """A chain has names and no numbers, so that the same course of two histories is the same chain."""
    for war in wars():
        for place in SCENARIO.places:
            fact = last_about(war.facts, SCENARIO, place)
            if fact is not None:
                words = [*chain_of(war.facts, SCENARIO, fact.seq), outcome_of(fact, SCENARIO)]
                assert not [word for word in words if any(sign.isdigit() for sign in word)]
