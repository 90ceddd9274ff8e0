from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from sim.compare import compare
from sim.compare.single import dated_events
from sim.compare.timelines import timeline_of
from sim.domain.facts import KINDS
from sim.domain.terms import DAY, HOUR
from sim.errors import InputError
from sim.projections.causes import Cause, causes_of, links_of, walk
from sim.projections.narrative import tell
from sim.projections.situation import state_at
from sim.projections.symbols import convoy_symbol, force_symbol
from sim.projections.timelines import control_by_day, control_changes
from sim.report import render_history
from sim.report.choosing import apart, choose, holders_by_day, missed_days
from sim.report.control import Control
from sim.report.gather import gather
from sim.report.histories import BYTES_MAX, FULL, LEVELS, MATTERS, Histories, Level, Stage, told_histories
from sim.report.history_numbers import history_numbers
from sim.report.one import OneHistory, gather_one, history_page, strip_rows
from sim.report.playback import CONVOY, IN_HILLS
from sim.report.words import grouped
from sim.scenario import load_scenario
from sim.store import Batch
from tests.report import fakes
from tests.report.conftest import REPLICATIONS
from tests.worlds import INVENTED, REFERENCE, play

SEQ, KIND, TIME, CAUSE, BECAUSE, LINK, KNOWING, ROOT, VALUES = range(9)
ROOTS = ("", "start", "date", "draw", "outside")


@pytest.fixture(scope="module", params=["reference", "invented"])
def batch(request: pytest.FixtureRequest) -> Batch:
    """Return each of the two batches."""
    found: Batch = request.getfixturevalue(request.param)
    return found


@cache
def told(batch: Batch) -> Histories:
    """Return the single histories of a batch, as its page has them."""
    found = gather(batch, compare(batch) if batch.scenario.reported else None).histories
    assert found is not None
    return found


def histories(batch: Batch) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Yield each log that the page tells, with what the page carries of it."""
    for one in told(batch).data["told"]:
        yield batch.log(one["number"]), one


# --- the rules of choice ------------------------------------------------------------------------------


def distances(times_s: Any, horizon_s: float, holders: Sequence[Any]) -> Any:
    """Return how far apart every two histories are, by the rule as it is written, pair by pair."""
    size = times_s.shape[1]
    found = np.zeros((size, size))
    for one, other in product(range(size), repeat=2):
        days = [abs(min(row[one], horizon_s) - min(row[other], horizon_s)) / horizon_s for row in times_s]
        cells = [held[one, day] != held[other, day] for held in holders for day in range(held.shape[1])]
        found[one, other] = np.mean([np.mean(part) for part in (days, cells) if len(part)])
    return found


@pytest.mark.parametrize(("events", "places"), [(3, 2), (1, 0), (0, 3)])
def test_the_mean_distance_is_that_of_all_pairs(events: int, places: int) -> None:
    """How far a history is from the others is the mean over all pairs with it, dates and holders weighing alike."""
    rng = np.random.default_rng(events)
    times_s = rng.integers(0, 40, (events, 9)) * DAY / 2.0
    times_s[times_s > 15 * DAY] = np.inf
    holders = [rng.integers(0, 3, (9, 5)) for _ in range(places)]
    expected = distances(times_s, 12.0 * DAY, holders).sum(axis=1) / 8
    assert apart(times_s, 12.0 * DAY, holders).whole == pytest.approx(expected)


def test_the_choices_are_those_of_brute_force() -> None:
    """The medoid, the farthest and the best fit of a small table are those found by looking at every pair."""
    rng = np.random.default_rng(5)
    claims = fakes.headlines()[:4]
    times = [np.where(rng.random(12) < 0.3, np.inf, rng.integers(0, 25 * 24, 12) * float(HOUR)) for _ in claims]
    told_times = [np.where(rng.random(12) < 0.4, np.inf, dates + 6 * HOUR) for dates in times]
    holders = [rng.integers(0, 2, (12, 7)) for _ in range(3)]
    draws = np.arange(12) // 2

    judged = SimpleNamespace(
        headline=[fakes.row(dates, claim, "printed", draws) for dates, claim in zip(told_times, claims, strict=True)],
        truth=[fakes.row(dates, claim, "facts", draws) for dates, claim in zip(times, claims, strict=True)],
    )
    numbers = np.arange(12) * 3 + 1
    chosen = {choice.key: choice.replication for choice in choose(numbers, judged, holders)}
    far = distances(np.array(times), fakes.HORIZON_S, holders).sum(axis=1)
    fits = [
        np.mean([_missed(dates[number], row.window) for dates, row in zip(told_times, judged.headline, strict=True)])
        for number in range(12)
    ]
    assert all(row.scored for row in judged.headline)
    assert chosen == {
        "typical": numbers[int(np.argmin(far))],
        "fitting": numbers[int(np.argmin(fits))],
        "surprising": numbers[int(np.argmax(far))],
    }


def _missed(date_s: float, window: tuple[int, int]) -> float:
    at = date_s if date_s <= fakes.HORIZON_S else fakes.HORIZON_S + DAY
    if at < window[0]:
        return (window[0] - at) / DAY
    return max(0.0, at - min(window[1], fakes.HORIZON_S)) / DAY


def test_what_never_comes_misses_every_window() -> None:
    """Never is a day after the horizon, so that it lies in no window, not even in one that reaches the horizon."""
    times_s = np.array([np.inf, 11.0 * DAY, 9.0 * DAY, 2.0 * DAY])
    assert missed_days(times_s, (4 * DAY, 10 * DAY), 10.0 * DAY).tolist() == [1.0, 1.0, 0.0, 2.0]


def test_ties_go_to_the_lower_number() -> None:
    """Where all histories are alike every choice is the first of them, and one history alone is chosen as that."""
    same = choose(np.array([4, 7, 9]), None, [np.ones((3, 5), dtype=np.int64)])
    assert [choice.replication for choice in same] == [4, 4]
    assert [choice.key for choice in choose(np.array([3]), None, [])] == ["only"]


def test_holders_by_day_add_up_to_the_shares_of_the_batch(batch: Batch) -> None:
    """Counted over histories, who holds a place at the end of a day is what the map shows of the batch."""
    table: pa.Table = control_by_day(batch)
    control = Control.from_table(table, tuple(batch.scenario.sides))
    first = {place: found.holder or "" for place, found in batch.scenario.places.items()}
    held = holders_by_day(control_changes(batch), control, first, np.arange(REPLICATIONS))
    in_play = [place for place in control.places if place in control.in_play()]
    assert len(held) == len(in_play)
    for place, rows in zip(in_play, held, strict=True):
        for number, _ in enumerate(control.sides):
            counted = (rows == number).sum(axis=0)
            assert counted.tolist() == control.counts[control.places.index(place), :, number].tolist()


def test_labels_say_rule_value_and_rank(reference: Batch) -> None:
    """Each choice says by which rule, with which value and at which rank; the best fit warns that luck fits, too."""
    choices = {choice.key: choice for choice in told(reference).choices}
    assert list(choices) == ["typical", "fitting", "surprising"]
    assert all(choice.rule and choice.value and choice.rank for choice in choices.values())
    assert "fits best by luck, too" in choices["fitting"].warning
    assert re.search(r"\d more comes? within half a day of it", choices["fitting"].rank)
    assert f"of {REPLICATIONS}" in choices["typical"].rank


# --- dates of one history ------------------------------------------------------------------------------


def test_a_log_alone_is_dated_as_its_batch_is(reference: Batch) -> None:
    """The dates of a history's headline events, printed and true, are those of the comparison of its batch."""
    judged = compare(reference)
    printed, true = ({row.claim_id: row for row in rows} for rows in (judged.headline, judged.truth))
    for number in range(3):
        log = reference.log(number)
        for event in dated_events(log, reference.scenario, judged.timeline):
            key = event.claim.claim_id
            assert event.told_s == printed[key].times_s[number]
            assert event.true_s == true[key].times_s[number]
            assert event.window == printed[key].window
            if event.fact >= 0:
                assert log[event.fact].time_s == event.true_s


# --- sentences, facts and trees --------------------------------------------------------------------------


def test_every_sentence_has_the_number_of_a_fact_of_its_log(batch: Batch) -> None:
    """Each sentence carries a number that the log has, and says what the diary says of that fact."""
    for log, one in histories(batch):
        lines = {line.seq: line for line in tell(log, batch.scenario)}
        carried = {row[SEQ] for row in one["facts"]}
        assert one["lines"]
        for seq, weight, _, what, why in one["lines"]:
            assert seq in carried
            of_the_diary = lines[seq].what.rstrip("."), lines[seq].why
            assert (weight, what, why) == (lines[seq].weight, *map(grouped, of_the_diary))


def test_facts_are_carried_as_they_are(batch: Batch) -> None:
    """Kind, time, cause and fields of a carried fact are those of the log."""
    data = told(batch).data
    for log, one in histories(batch):
        for row in one["facts"]:
            fact = log[row[SEQ]]
            kind, matter, fields = data["kinds"][row[KIND]]
            assert (kind, row[TIME], row[CAUSE], tuple(row[BECAUSE] or ())) == (
                fact.kind, fact.time_s, fact.cause, fact.because,
            )  # fmt: skip
            assert kind in MATTERS[matter][1]
            assert len(row) == VALUES + len(fields)
            for (name, words), value in zip(fields, row[VALUES:], strict=True):
                own = getattr(fact, name)
                shown = data["words"][value] if words else value
                assert shown == own or isinstance(own, tuple) or shown == pytest.approx(own, rel=1e-3)


def test_every_kind_of_fact_belongs_to_one_matter() -> None:
    """No kind is left out, and none stands under two headings."""
    listed = [kind for _, kinds in MATTERS.values() for kind in kinds]
    assert sorted(listed) == sorted(KINDS)


def of_links(links: Mapping[int, Any], seq: int) -> list[tuple[int, str, bool, int]]:
    """Return a tree as the page's script builds it: number, root, told before, number of branches; depth first."""
    before: set[int] = set()

    def chain_of(top: int, leaf: bool) -> list[Any]:
        chain: list[Any] = []
        at = top
        while at >= 0:
            again = at in before
            before.add(at)
            chain.append([at, "" if again else links[at][1], again, []])
            at = -1 if again or leaf else links[at][0]
        for link in chain:
            if not link[2] and not leaf:
                for other in links[link[0]][2]:
                    if other not in before:
                        link[3].append(chain_of(other, links[other][3]))
        return chain

    def flat(chain: list[Any]) -> Iterator[tuple[int, str, bool, int]]:
        for own, root, again, known in chain:
            yield own, root, again, len(known)
            for deeper in known:
                yield from flat(deeper)

    return list(flat(chain_of(seq, False)))


def flat_tree(tree: Cause) -> list[tuple[int, str, bool, int]]:
    """Return a tree of causes in the same form."""
    found: list[tuple[int, str, bool, int]] = []

    def visit(node: Cause) -> None:
        while True:
            known = [cause for cause in node.causes if cause.role == "knowing"]
            onward = [cause for cause in node.causes if cause.role != "knowing"]
            found.append((node.seq, node.root, node.told_before, len(known)))
            for cause in known:
                visit(cause)
            if not onward:
                return
            node = onward[0]

    visit(tree)
    return found


def test_trees_on_the_page_are_the_trees_of_why(batch: Batch) -> None:
    """From what the page carries, every outcome's tree comes out as ``sim why`` tells it, fact by fact."""
    asked = 0
    for log, one in histories(batch):
        links = {
            row[SEQ]: (row[LINK], ROOTS[row[ROOT] % 8], row[KNOWING] or [], row[ROOT] >= 8) for row in one["facts"]
        }
        for _, items in one["outcomes"]:
            for seq, *_ in items:
                if seq >= 0:
                    assert of_links(links, seq) == flat_tree(causes_of(log, batch.scenario, seq))
                    asked += 1
    assert asked > 5


def test_trees_go_back_in_time_to_a_root(batch: Batch) -> None:
    """What led to a fact has a lower number, so that no tree runs in a circle, and every chain ends in a root."""
    for _, one in histories(batch):
        rows = {row[SEQ]: row for row in one["facts"]}
        texts = {seq for seq, _ in one["texts"]} | {line[0] for line in one["lines"]}
        assert texts == set(rows)
        for seq, row in rows.items():
            assert all(other < seq and other in rows for other in row[KNOWING] or [])
            at = row
            while at[LINK] >= 0:
                assert at[LINK] < at[SEQ]
                at = rows[at[LINK]]
            assert ROOTS[at[ROOT] % 8] or at[CAUSE] < 0


def test_links_are_closed() -> None:
    """Every fact that a link goes on to is among the links."""
    run = play(INVENTED)
    links = links_of(run.facts, load_scenario(INVENTED), [len(run.facts) - 2, len(run.facts) // 2])
    assert all(other in links for link in links.values() for other in link.knowing)
    assert all(link.cause in links for link in links.values() if link.cause >= 0)
    assert len(list(walk(causes_of(run.facts, load_scenario(INVENTED), len(run.facts) // 2)))) <= len(links)


# --- the map -----------------------------------------------------------------------------------------------


def test_the_map_plays_the_state_at_the_end_of_each_day(batch: Batch) -> None:
    """Who holds what, and how many fit fighters a side has, is what the folded log says at that moment."""
    data = told(batch).data
    sides = [*batch.scenario.sides, ""]
    log, one = next(histories(batch))
    now = [-1] * len(data["places"])
    for day, (changes, units) in enumerate(zip(one["held"], one["units"], strict=True)):
        for place, side in changes:
            now[place] = side
        if day % 7:
            continue
        state = state_at(log, (day + 1) * DAY)
        assert [sides[side] for side in now] == [state.places[place].holder for place in data["ids"]]
        for number, side in enumerate(sides[:-1]):
            shown = sum(unit[3] for unit in units if unit[0] < 3 and unit[1] == number)
            assert shown == sum(force.fit for force in state.forces.values() if force.side == side)
        for what, side, _, many, symbol, *_ in units:
            key, *size = data["symbols"][symbol]
            assert size[0] > 0
            assert key.startswith(f"{sides[side]}-")
            assert key.endswith("-hollow") == (what == IN_HILLS)
            codes = [convoy_symbol()] if what == CONVOY else [force_symbol(many, cars) for cars in (0, many)]
            assert any(code[8:16] in key for code in codes), "a symbol says how many there are"
        convoys = [unit for unit in units if unit[0] == 3]
        assert len(convoys) == len(state.convoys)


def test_sentences_write_counts_as_the_page_does(batch: Batch) -> None:
    """No number in a sentence or behind it has a comma, which the rest of the page has nowhere."""
    one = told(batch).data["told"][0]
    words = [part for line in one["lines"] for part in line[3:]] + [text for _, text in one["texts"]]
    assert any(re.search(r"\d\u202f\d{3}", part) for part in words)
    assert not any(re.search(r"\d,\d{3}", part) for part in words)


# --- size and pages ------------------------------------------------------------------------------------------


def test_three_histories_take_half_a_megabyte_at_most(batch: Batch) -> None:
    """What the page carries of single histories is bounded."""
    assert len(msgspec.json.encode(told(batch).data)) <= BYTES_MAX


def test_lighter_sentences_go_first_where_room_is_short(reference: Batch) -> None:
    """With less room the page carries the weighty sentences only, and says so."""
    scenario = reference.scenario
    content = gather(reference)
    stage = Stage(scenario, None, content.legend, content.calendar, content.control.places, content.control.sides)
    logs = {0: reference.log(0)}
    levels: tuple[Level, ...] = (FULL, *LEVELS)
    ample = told_histories(logs, stage, (), levels, bytes_max=10_000_000)
    scarce = told_histories(logs, stage, (), levels, bytes_max=len(msgspec.json.encode(ample.data)) // 2)
    assert ample.carried == FULL.words
    assert scarce.carried != FULL.words
    assert len(scarce.data["told"][0]["lines"]) < len(ample.data["told"][0]["lines"])


def test_a_page_about_one_history_tells_no_probability(batch: Batch, tmp_path: Path) -> None:
    """It says that it is one history of a model, has no share, fan or score, and one date per event."""
    timeline = timeline_of(batch.scenario, None) if batch.scenario.reported else None
    page = render_history(batch.log(2), batch.scenario, tmp_path / "new" / "one.html", timeline=timeline)
    html = re.sub(r"<script>.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert "One simulated history of a model, not what happened" in html
    sections = [*(["strip"] if timeline else []), "map", "histories", "made"]
    assert re.findall(r'<section id="([a-z]+)"', html) == sections
    assert not re.search(r"\d\N{NARROW NO-BREAK SPACE}%", html)
    assert page.stat().st_size < 3_000_000


def test_the_numbers_of_one_history_are_what_its_figures_show(reference: Batch) -> None:
    """The tables say who holds each place on each day, which dates the strip marks, and who is where on the map."""
    timeline = timeline_of(reference.scenario, None)
    content, told = gather_one(OneHistory(reference.log(2), reference.scenario, timeline, {}, ""))
    rows = strip_rows(content, told)
    tables = {name: table.to_pylist() for name, table in history_numbers(content, rows).items()}
    legend, calendar = content.legend, content.calendar
    held = {(row["place"], row["day"]): row["holder"] for row in tables["heatmap"]}
    assert held == {
        (legend.place_name(place), calendar.stamp(day)): legend.side_name(side)
        for place, sides in told.held.items()
        for day, side in enumerate(sides)
    }
    assert [row["claim"] for row in tables["strip"]] == [event.claim.claim_id for event in told.events]
    for row, event in zip(tables["strip"], told.events, strict=True):
        never, so = not np.isfinite(event.true_s), event.true_yes_no
        date = "" if never or so else calendar.local(event.true_s)
        assert row["simulated"] == (("no" if never else "yes") if so else "never" if never else date)
    last = calendar.stamp(content.control.days[-1])
    fighters = sum(row["fighters"] or 0 for row in tables["layers"] if row["day"] == last)
    end = state_at(reference.log(2), calendar.duration_s)
    assert fighters == sum(force.fit for force in end.forces.values())
    assert all((row["what"] == "convoy") == (row["tonnes"] is not None) for row in tables["layers"])


def test_a_log_of_another_scenario_is_refused() -> None:
    """A log that was not run from the scenario is refused in words."""
    with pytest.raises(InputError, match="this is a log of 'three-rivers' and not of the scenario 'panjshir-2021'"):
        history_page(OneHistory(play(INVENTED).facts, load_scenario(REFERENCE), None, {}, ""))
    with pytest.raises(InputError, match="begins with RunStarted"):
        history_page(OneHistory(play(INVENTED).facts[1:], load_scenario(INVENTED), None, {}, ""))


def test_the_page_of_a_run_without_a_batch(tmp_path: Path) -> None:
    """A history that no batch keeps has a page, with the moments of its own calendar."""
    run, scenario = play(INVENTED), load_scenario(INVENTED)
    html = render_history(run.facts, scenario, tmp_path / "one.html").read_text(encoding="utf-8")
    assert run.sha256 in html
    last = scenario.scenario.start + timedelta(seconds=run.facts[-1].time_s)
    assert str(last.year) in html
    assert f"replication {run.replication} of seed {run.seed}" in html
