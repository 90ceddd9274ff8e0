"""Every number can be followed to the query that gives it again, its facts, and the replications behind it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.compare import compare
from sim.compare.single import dated_events
from sim.compare.timelines import timeline_of
from sim.domain.claims import EVENT_TYPES
from sim.domain.facts import KINDS
from sim.eventlog import encode
from sim.observation.happenings import KINDS as TOLD_OF
from sim.report.casualties import numbered
from sim.report.gather import gather
from sim.report.history_whence import history_sources
from sim.report.keys import LETTERS, loss_key
from sim.report.whence import FACTS, as_data, sources
from sim.store import Batch
from tests.report import fakes
from tests.worlds import REFERENCE


def test_the_letters_of_a_source_count_to_its_shares() -> None:
    """As many replications bear the letter of a class as its share counts."""
    content = fakes.content()
    found = {one.key: one for one in sources(content)}
    for event in content.events:
        for row in (event.printed, event.true):
            letters = found[f"event {row.against} {row.event_id}"].letters
            assert len(letters) == row.p_in.n
            shares = {"b": row.p_before.k, "i": row.p_in.k, "a": row.p_after.k, "n": row.p_never.k}
            assert {letter: letters.count(letter) for letter in shares} == shares


def test_the_letters_of_a_loss_count_to_its_shares() -> None:
    """As many replications are named for a claimed number as have such losses, and as are printed with a number."""
    content = fakes.content()
    found = {one.key: one for one in sources(content)}
    assert numbered(content.losses)
    for row in numbered(content.losses):
        assert found[loss_key(row.claim_id, printed=False)].letters.count("i") == row.lost.k
        assert found[loss_key(row.claim_id, printed=True)].letters.count("i") == row.printed.k


def test_every_query_runs_and_gives_the_number(reference: Batch, tmp_path: Path) -> None:
    """What the page says to type, typed, gives as many replications as the letters have."""
    content = gather(reference, compare(reference, ledger=tmp_path))
    alike = {re.sub(r'"[^"]*"', "", one.query): one for one in sources(content)}  # the others differ by a name only
    assert len(alike) > 10
    for one in alike.values():
        room: dict[str, object] = {}
        exec(one.query.replace("DIR", str(reference.directory)), room)
        if one.letters:
            classes = room["classes"]
            assert isinstance(classes, dict)
            counted = {LETTERS[name]: int(which.sum()) for name, which in classes.items()}
            if one.key.startswith("claim"):  # so or not so, whatever came when
                counted = {"i": counted["i"], "n": sum(counted.values()) - counted["i"]}
            assert {letter: one.letters.count(letter) for letter in counted} == counted, one.key


@pytest.mark.parametrize("in_batch", [True, False])
def test_the_queries_of_one_history_give_its_dates(reference: Batch, in_batch: bool, tmp_path: Path) -> None:
    """The page about one history, of a batch or as a log by itself, can be followed to its facts as well."""
    told = dated_events(reference.log(2), reference.scenario, timeline_of(reference.scenario, None))
    (tmp_path / "log.jsonl").write_bytes(encode(reference.log(2)))
    files = {'"DIR"': reference.directory, '"LOG"': tmp_path / "log.jsonl", '"SCENARIO"': REFERENCE}
    held, *found = history_sources(told, 2, in_batch=in_batch)
    assert held.kinds == ("ControlChanged",)
    for one, event in list(zip(found, told, strict=True))[::5]:
        typed, room = one.query, dict[str, Any]()
        for name, path in files.items():
            typed = typed.replace(name, repr(str(path)))
        exec(typed, room)
        assert room["event"] == event
        why = f"sim why DIR -r N {event.fact}"
        assert (why in one.commands) == (in_batch and event.fact >= 0)


def test_every_followed_number_has_a_source(report: Path) -> None:
    """No number of the page leads nowhere."""
    keys = set(re.findall(r'data-whence="([^"]+)"', report.read_text(encoding="utf-8")))
    assert keys
    assert keys <= {one.key for one in sources(fakes.content())}


def test_the_facts_behind_a_type_are_facts_that_are_told_of() -> None:
    """Every type of event that facts can show has its kinds of fact, and these are kinds that observation reads."""
    assert FACTS.keys() <= set(EVENT_TYPES)
    kinds = {kind for found in FACTS.values() for kind in found}
    assert kinds <= KINDS.keys()
    assert kinds <= set(TOLD_OF)


def test_replications_are_named_by_their_numbers() -> None:
    """Where a replication failed, the letters after it belong to later numbers."""
    assert as_data([], [0, 1, 2])["replications"] == []
    assert as_data([], [0, 2, 3])["replications"] == [0, 2, 3]
