"""Every number can be followed to the query that gives it again, its facts, and the replications behind it."""

from __future__ import annotations

import ast
import base64
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import astuple, is_dataclass
from functools import cache
from html import unescape
from pathlib import Path
from shutil import copytree
from string import Template
from typing import Any

import numpy as np
import pytest

from sim.compare import compare
from sim.compare.single import dated_events
from sim.compare.timelines import timeline_of
from sim.domain.claims import EVENT_TYPES
from sim.domain.facts import KINDS
from sim.eventlog import encode
from sim.observation.happenings import KINDS as TOLD_OF
from sim.report.batch_whence import sources
from sim.report.casualties import numbered
from sim.report.gather import gather
from sim.report.history_whence import history_sources
from sim.report.keys import (
    CONTROL,
    CONVOYS,
    FANS,
    GUESSED,
    LETTERS,
    PASSES,
    PRECISION,
    REPLAYED,
    THEORY,
    loss_key,
)
from sim.report.packing import Packed
from sim.report.page import draw, page
from sim.report.whence import FACTS, Whence, as_data
from sim.store import Batch, open_batch
from sim.store.evidence import keep_evidence
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


@cache
def known(query: str, directory: Path) -> dict[str, Any]:
    """Return what Python knows after a query of a page."""
    room: dict[str, Any] = {}
    exec(query.replace("DIR", str(directory)), room)
    return room


def typed(source: Whence, batch: Batch, at: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return what Python answers to a query typed as the page says, with what is chosen, and what it knows then."""
    room = dict(known(source.query, batch.directory))
    *before, last = ast.parse(Template(source.one).substitute(at)).body
    assert isinstance(last, ast.Expr)
    exec(compile(ast.Module(before, []), "typed", "exec"), room)
    return eval(compile(ast.Expression(last.value), "typed", "eval"), room), room


def chosen_on(html: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the words, the source and what is chosen in it of every number of a page that is one of many."""
    found = r'<button[^>]* data-whence="([^"]+)"[^>]* data-at="([^"]+)"[^>]*>([^<]*)</button>'
    for key, at, words in re.findall(found, html):
        yield unescape(words), unescape(key), json.loads(unescape(unescape(at)))


def numbers_in(words: str) -> list[tuple[float, int]]:
    """Return the numbers in words, each with how many decimals it has."""
    plain = re.sub(r"\d\d % interval|95 %|trust \d+%", "", words).replace("\N{MINUS SIGN}", "-").replace("\u2009", "")
    found = re.findall(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?!\w)", plain.replace("\N{EN DASH}", " "))
    return [(float(one), len(one.partition(".")[2])) for one in found]


def numbers_of(answer: Any) -> Iterator[float]:
    """Yield all numbers that an answer is made of."""
    if is_dataclass(answer) and not isinstance(answer, type):
        answer = astuple(answer)
    if isinstance(answer, dict):
        answer = tuple(answer.values())
    if isinstance(answer, list | tuple):
        yield float(len(answer))
        for part in answer:
            yield from numbers_of(part)
    elif isinstance(answer, int | float) or hasattr(answer, "dtype"):
        yield float(answer)


def gives(answer: Any, words: str) -> bool:
    """Tell whether every number in the words on the page is one of an answer: as it is, or as a percentage."""
    if isinstance(answer, str):
        return answer == words
    found = list(numbers_of(answer))
    return bool(numbers_in(words)) and all(
        any(abs(scale * one - shown) <= 0.51 * 10**-digits for one in found for scale in (1, 100))
        for shown, digits in numbers_in(words)
    )


def one_of_each(numbers: Iterator[tuple[str, str, dict[str, Any]]]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return of numbers that differ by no more than a name the last."""
    kinds = {}
    for words, key, at in numbers:
        kind = key.partition(" ")[0] if key.startswith(("event", "claim", "loss")) else key
        kinds[kind, at.get("asked")] = words, key, at
    return list(kinds.values())


def test_every_single_number_has_its_own_query(reference: Batch, tmp_path: Path) -> None:
    """What stands in the sentences and in the tables of scores is what its query, typed, gives."""
    content = gather(reference, compare(reference, ledger=tmp_path))
    found, html = {one.key: one for one in sources(content)}, page(content)
    for parts in (line.parts for line in content.telling):
        followed = [part for part in parts if not isinstance(part, str)]
        assert followed
    alike = one_of_each(chosen_on(html))
    assert len(alike) > 15
    for words, key, at in alike:
        answer, _ = typed(found[key], reference, at)
        assert gives(answer, words), (words, key, at, answer)


def test_every_number_of_the_card_of_trust_can_be_asked_for(reference: Batch, tmp_path: Path) -> None:
    """Each number on the card at the head is what its query, typed, gives; none stands there as words alone."""
    directory = tmp_path / "batch"
    copytree(reference.directory, directory)
    batch = open_batch(directory)
    keep_evidence(directory, "replay", batch.sha256, {"of": 7, "good": 6})
    keep_evidence(directory, "theory", "", {"of": 36, "good": 36})
    content = gather(batch, compare(batch, ledger=tmp_path))
    found = {one.key: one for one in sources(content)}
    followed = [part for one in content.trust for part in one.parts if not isinstance(part, str)]
    assert {REPLAYED, THEORY, PRECISION, GUESSED} <= {part.key for part in followed}
    for part in followed:
        answer, _ = typed(found[part.key], batch, dict(part.at or {}))
        assert gives(answer, part.words), (part, answer)
    bare = "".join(part for one in content.trust for part in one.parts if isinstance(part, str))
    assert not re.search(r"\d", bare.replace("95 %", "").replace("--check-every 50", ""))


def test_the_campaigns_behind_a_cell_are_those_of_its_query(reference: Batch) -> None:
    """A page carries who holds each place at the end of each day in which replication, as the query gives it."""
    content = gather(reference)
    one = next(one for one in sources(content) if one.key == CONTROL)
    assert one.packed is not None
    place, day = content.control.undecided(content.control.days[-1])[0], content.control.days[-1]
    answer, room = typed(one, reference, {"place": place, "day": day})
    names = [one.classes[letter].removeprefix("held by ") for letter in one.packed.letters]
    assert names == [content.legend.side_name(side) if side else "nobody" for side in room["classes"]]
    behind = behind_point(one.packed, len(content.numbers), place=place, day=day)
    assert [behind.get(letter, []) for letter in one.packed.letters] == list(room["classes"].values())
    shares = content.control.proportions(place, day)
    assert {side: share for side, share in answer.items() if share.k} == shares


def test_the_campaigns_behind_a_point_of_a_fan_are_those_of_its_query(reference: Batch) -> None:
    """Below and above nine tenths lie those whose own number does, and the query names day, side and quantity."""
    content = gather(reference)
    one = next(one for one in sources(content) if one.key == FANS)
    assert one.packed is not None
    at = {"column": "food_kg", "side": next(iter(content.legend.sides)), "day": content.control.days[-1]}
    row, room = typed(one, reference, at)
    panel = next(panel for panel in content.fans if panel.column == "food_kg")
    assert row in panel.table.to_pylist()
    behind = behind_point(one.packed, len(content.numbers), **at)
    assert [behind[letter] for letter in "bia"] == [room["classes"][name] for name in ("below", "in", "above")]
    assert behind["b"]


@pytest.mark.parametrize("key", [CONVOYS, PASSES])
def test_convoys_and_passes_can_be_followed_point_by_point(reference: Batch, key: str) -> None:
    """A point of such a figure knows what is chosen in its query, which gives the row that it is drawn from."""
    content = gather(reference)
    one = next(one for one in sources(content) if one.key == key)
    metas = [trace.meta for forms in draw(content).values() for trace in forms["wide"].data if trace.meta]
    meta = next(meta for meta in metas if meta.get("whence") == key)
    at = {**meta["at"], "day": meta["days"][-1]}
    _, room = typed(one, reference, at)
    assert {name: room["row"][name] for name in at if name != "column"} == {
        name: value for name, value in at.items() if name != "column"
    }


def behind_point(found: Packed, many: int, **at: Any) -> dict[str, list[int]]:
    """Return by letter the replications, counted from 0, at one point of what a page carries."""
    codes = np.frombuffer(zlib.decompress(base64.b64decode(found.data)), dtype=np.int8)
    *some, last = ([*values].index(at[name]) for name, values in found.axes.items())
    *sizes, days = (len(values) for values in found.axes.values())
    letters = np.array(list(found.letters))[codes.reshape(*sizes, many, days)[(*some, slice(None), last)]]
    return {letter: np.flatnonzero(letters == letter).tolist() for letter in set(letters.tolist())}


def test_what_would_take_too_much_room_is_left_to_the_query(monkeypatch: pytest.MonkeyPatch, reference: Batch) -> None:
    """Where a page has no room for the campaigns behind its cells, it says so and names the query."""
    monkeypatch.setattr("sim.report.packing.ROOM", 100)
    one = next(one for one in sources(gather(reference)) if one.key == CONTROL)
    assert one.packed is None
    assert "no room" in one.unlisted


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
