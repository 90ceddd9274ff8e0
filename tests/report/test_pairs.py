from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from sim.batch import fork_batch, run_batch
from sim.cli import app
from sim.compare import compare_variants, daily_pairs
from sim.compare.daily_pairs import (
    control_difference,
    daily_difference,
    first_changes_of_hands,
    holders,
    pairs_of,
)
from sim.compare.variants import Measured, paired_differences
from sim.domain.facts import ControlChanged
from sim.domain.terms import DAY
from sim.errors import InputError
from sim.projections.difference import first_difference
from sim.projections.timelines import control_by_day
from sim.report import Fork, gather_pair, pair_page, render_pair
from sim.report.behind import letters_of
from sim.report.differences import cell_words, held_heatmap
from sim.report.pair_content import PairContent
from sim.report.pair_page import draw
from sim.report.pair_telling import telling_lines
from sim.report.pair_whence import pair_sources
from sim.report.partings import Said, chosen
from sim.report.whence import Whence
from sim.report.words import kind_in_words
from sim.scenario import load_scenario
from sim.scenario.differing import differing
from sim.store import Batch, open_batch
from tests.report.chromium import Browser
from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS

REPLICATIONS = 12
SLOW = "movement.time_factor=2"
WIDTHS = (1400, 800, 400)
#: Labels of a figure that overlap, or stick out of it.
MEETING = """[...document.querySelectorAll("[data-figure]")].filter((chart) => chart.clientWidth).flatMap((chart) => {
  const whole = chart.getBoundingClientRect();
  const labels = [...chart.querySelectorAll(".annotation-text, [class*=tick] text")]
    .map((label) => [label.textContent, label.getBoundingClientRect()]).filter(([words, box]) => words && box.width);
  const cut = labels.filter(([, box]) => box.left < whole.left - 1 || box.right > whole.right + 1);
  const met = labels.filter(([, box], at) => labels.slice(at + 1).some(([, other]) =>
    Math.min(box.right, other.right) > Math.max(box.left, other.left) &&
    Math.min(box.bottom, other.bottom) > Math.max(box.top, other.top) + 3));
  return [...cut, ...met].map(([words]) => `${chart.id}: ${words}`);
})"""
#: Where in the window the first point of a figure lies that knows where it comes from.
POINT = """(async () => {
  const chart = document.getElementById("chart-FIGURE");
  const trace = chart.data.find((one) => one.customdata && one.customdata.length);
  let [x, y] = [trace.x[0], trace.y[0]];
  if (trace.type === "heatmap") {
    y = trace.customdata.findIndex((row) => row.some(Boolean));
    x = trace.x[trace.customdata[y].findIndex(Boolean)];
  }
  const [across, down] = [trace.xaxis ?? "x", trace.yaxis ?? "y"].map(
    (name) => chart._fullLayout[`${name[0]}axis${name.slice(1)}`]
  );
  const within = [across._offset + across.d2p(x), down._offset + down.d2p(y)];
  scrollBy({top: chart.getBoundingClientRect().top + within[1] - innerHeight / 2, behavior: "instant"});
  await reportSettled();
  const box = chart.getBoundingClientRect();
  return [box.left + within[0], box.top + within[1]];
})()"""
_BOOKKEEPING = {"RunStarted", "RunEnded", "HazardChanged", "HazardFired", "DayCame", "AssumptionChanged", "Intervened"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pairs")


@pytest.fixture(scope="module")
def base(folder: Path) -> Batch:
    """Return a small batch of a war with three sides and no reports."""
    return run_batch(load_scenario(INVENTED), folder / "base", replications=REPLICATIONS, workers=1, per_draw=2)


@pytest.fixture(scope="module")
def slow(folder: Path) -> Batch:
    """Return the same war with everybody marching at half the pace."""
    scenario = load_scenario(INVENTED, [SLOW])
    return run_batch(scenario, folder / "slow", replications=REPLICATIONS, workers=1, per_draw=2)


@pytest.fixture(scope="module")
def reported(reference: Batch, folder: Path) -> tuple[Batch, Batch]:
    """Return a few campaigns of the reference scenario, and the same without talks."""
    variant = REFERENCE.parent / "variants" / "no-talks.yaml"
    return reference, run_batch(load_scenario(variant), folder / "no-talks", replications=6, workers=1)


@pytest.fixture(scope="module")
def invented(base: Batch, slow: Batch) -> PairContent:
    return gather_pair(base, slow, compare_variants(base, slow))


@pytest.fixture(scope="module")
def told(reported: tuple[Batch, Batch]) -> PairContent:
    return gather_pair(*reported, compare_variants(*reported))


@pytest.fixture(scope="module")
def same(base: Batch) -> PairContent:
    """Return a batch beside itself."""
    return gather_pair(base, base, compare_variants(base, base))


@pytest.fixture(scope="module")
def invented_html(invented: PairContent) -> str:
    return pair_page(invented)


@pytest.fixture(scope="module")
def told_html(told: PairContent) -> str:
    return pair_page(told)


@pytest.fixture(scope="module")
def same_html(same: PairContent) -> str:
    return pair_page(same)


def markup_of(html: str) -> str:
    return re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


# --- numbers ------------------------------------------------------------------------------------------


def test_who_holds_what_agrees_with_the_table_of_each_batch(base: Batch, slow: Batch, invented: PairContent) -> None:
    """The shares that are set against each other are those of control by place and day in either batch."""
    control = invented.control
    for batch, shares in ((base, control.first), (slow, control.second)):
        for row in control_by_day(batch).to_pylist():
            place, side = control.pairs.places.index(row["place"]), control.pairs.sides.index(row["side"])
            assert shares[place, row["day"], side] == pytest.approx(row["k"] / row["n"])


def test_a_cell_is_a_paired_difference_like_any_other(base: Batch, slow: Batch) -> None:
    """Difference and interval of a cell are those of a share that every pair has, over draws."""
    pairs = pairs_of(base, slow)
    found = control_difference(base, slow, pairs)
    before, after = holders(base, pairs), holders(slow, pairs)
    spots = [tuple(map(int, spot)) for spot in np.argwhere(found.differs)[::7]]
    assert spots
    for place, day, side in spots:
        both = [(held[:, place, day] == side).astype(np.float64) for held in (before, after)]
        [one] = paired_differences([Measured("held", "facts", "", "", "", "share", False, *both)], pairs.draws)
        spot = place, day, side
        assert (found.difference[spot], found.low[spot], found.high[spot]) == pytest.approx(
            (one.difference, one.low, one.high)
        )


def test_days_held_longer_are_the_sum_of_the_cells(invented: PairContent) -> None:
    """By how many days a side holds a place longer is what its cells add up to."""
    control = invented.control
    for (place, side), row in control.longer.items():
        cells = control.difference[control.pairs.places.index(place), :, control.pairs.sides.index(side)]
        assert row.difference == pytest.approx(cells.sum())


def test_what_is_within_noise_is_grey(invented: PairContent) -> None:
    """A cell has a colour only where it is told apart, and then its interval leaves out zero."""
    control = invented.control
    assert not (control.told & ~((control.low > 0) | (control.high < 0))).any()
    for number, side in enumerate(control.pairs.sides):
        figure = held_heatmap(control, side, invented.legend, invented.calendar)
        coloured = sum(1 for row in figure.data[0].z for value in row if value)
        assert coloured == control.told[:, :, number].sum()
        grey = sum(1 for row in figure.data[0].z for value in row if value == 0)
        assert coloured + grey == control.differs[:, :, number].sum()


def test_what_all_pairs_have_is_told_apart() -> None:
    """A place that one side holds in every pair of one batch and the other in every pair of the other has a colour."""
    first, second = np.zeros((20, 1, 3), dtype=np.int8), np.ones((20, 1, 3), dtype=np.int8)
    chance = daily_pairs._cells(first == 1, second == 1, np.arange(20))[4]
    assert daily_pairs._found(chance).all()
    noise = daily_pairs._cells(first == 1, first == 1, np.arange(20))[4]
    assert not daily_pairs._found(noise).any()


def test_the_hover_of_a_cell_has_both_shares_with_intervals(invented: PairContent) -> None:
    """No share stands alone: A, B and their difference each have an interval, and a verdict in words."""
    spot = tuple(map(int, np.argwhere(invented.control.differs)[0]))
    words = cell_words(invented.control, (spot[0], spot[1], spot[2]), invented.legend, invented.calendar)
    assert len(re.findall(r"\([^)]*(?:–| to )[^)]*\)", words)) == 3
    assert "chance" in words or "noise" in words


def test_daily_differences_are_of_pairs(base: Batch, slow: Batch) -> None:
    """On each day the mean difference is the difference of the means, and the median one of the pairs'."""
    pairs = pairs_of(base, slow)
    table = daily_difference(base.daily(), slow.daily(), "fit", pairs).to_pylist()
    days = {(row["replication"], row["side"], row["day"]): row["fit"] for row in base.daily().to_pylist()}
    others = {(row["replication"], row["side"], row["day"]): row["fit"] for row in slow.daily().to_pylist()}
    for row in table[:: len(table) // 9]:
        change = [others[n, row["side"], row["day"]] - days[n, row["side"], row["day"]] for n in range(REPLICATIONS)]
        assert row["mean"] == pytest.approx(np.mean(change))
        assert row["second"] - row["first"] == pytest.approx(row["mean"])
        assert row["p50"] == pytest.approx(np.median(change))
        assert row["differ"] == np.count_nonzero(change)


def test_shares_in_windows_are_those_of_the_comparison(told: PairContent, told_html: str) -> None:
    """What the chart of events shows is what comparing the two batches gives, B less A."""
    data = data_of(told_html)
    for against in ("printed", "facts"):
        events = [one for one in told.variants.windows if one.against == against]
        events.sort(key=lambda one: one.window)
        traces = data["figures"][f"events-{against}"]["wide"]["data"]
        rings, diamonds = traces[1], traces[2]
        for shown, half in ((rings, 0), (diamonds, 1)):
            wanted = [100 * shares[half].p for one in events for shares in (one.in_window, one.never)]
            assert shown["x"] == pytest.approx(wanted)
        for one in events:
            assert one.in_difference.difference == pytest.approx(one.in_window[1].p - one.in_window[0].p)
            assert one.never_difference.difference == pytest.approx(one.never[1].p - one.never[0].p)
            assert f"{one.label}" in told_html


def test_never_is_the_rest_of_happens(told: PairContent) -> None:
    """The difference of never is that of happening turned round, as the command line shows it."""
    happens = {
        (row.against, row.label): row.difference for row in told.variants.numbers if row.name == "happens"
    }  # fmt: skip
    for one in told.variants.windows:
        assert one.never_difference.difference == pytest.approx(-happens[one.against, one.label])


# --- what changed first -------------------------------------------------------------------------------


def test_first_differences_are_true(base: Batch, slow: Batch, invented: PairContent) -> None:
    """Up to the moment at which a pair parts both logs say the same, and the facts named are in one log alone."""
    assert [one.replication for one in invented.apart] == list(range(REPLICATIONS))
    for one in invented.apart:
        logs = [batch.log(one.replication) for batch in (base, slow)]
        found = one.found
        assert found is not None
        before = [
            [(f.time_s, f.kind) for f in log if f.time_s < found.time_s and f.kind not in _BOOKKEEPING and f.time_s]
            for log in logs
        ]
        assert before[0] == before[1]
        for fact, own, other in ((found.first, logs[0], logs[1]), (found.second, logs[1], logs[0])):
            assert fact is None or (own[fact.seq] == fact and fact.time_s >= found.time_s)
            said = None if fact is None else _said(fact)
            assert said is None or said not in [_said(there) for there in other]


def _said(fact: Any) -> tuple[Any, ...]:
    names = [name for name in fact.__struct_fields__ if name not in ("seq", "cause", "because")]
    return (fact.kind, *(getattr(fact, name) for name in names))


def test_how_both_begin_is_no_happening(base: Batch) -> None:
    """A force of another strength at the start is what was changed; what comes of it is what changed first."""
    log = base.log(0)
    assert first_difference(log, log) is None
    raised = next(fact for fact in log if fact.kind == "ForceRaised")
    assert first_difference(log, [fact for fact in log if fact is not raised]) is None
    last = next(fact for fact in reversed(log) if fact.kind not in _BOOKKEEPING)
    found = first_difference(log, [fact for fact in log if fact is not last])
    assert found is not None
    assert (found.first, found.second, found.kind, found.time_s) == (last, None, last.kind, last.time_s)


def test_few_logs_are_read_by_a_rule(invented: PairContent) -> None:
    """Of many pairs some tens are read, evenly spaced by their numbers, the first and the last included."""
    some = chosen(list(range(1000)))
    assert (len(some), some[0], some[-1]) == (40, 0, 999)
    assert max(np.diff(some)) - min(np.diff(some)) <= 1
    assert chosen([3, 5, 9]) == [3, 5, 9]


def test_changes_of_hands_that_differ(base: Batch, slow: Batch) -> None:
    """The first change of hands that only one history has comes when the two sets of changes first differ."""
    pairs = pairs_of(base, slow)
    times_s = first_changes_of_hands(base, slow, pairs)
    for number, time_s in enumerate(times_s):
        logs = [batch.log(number) for batch in (base, slow)]
        one, other = (
            {(f.time_s, f.place, f.side) for f in log if isinstance(f, ControlChanged) and f.how != "initial"}
            for log in logs
        )
        assert time_s == min((change[0] for change in one ^ other), default=np.inf)


# --- the same on both sides ---------------------------------------------------------------------------


def test_a_batch_beside_itself_shows_no_difference(same: PairContent, same_html: str) -> None:
    """Nothing differs anywhere, and every sentence says that no difference can be told or nothing is scored."""
    assert not same.control.differs.any()
    assert not same.control.told.any()
    assert not same.control.longer
    assert all(one.found is None for one in same.apart)
    assert same.changed == ()
    for panel in same.panels:
        assert not any(panel.table.column("differ").to_pylist())
    words = re.sub(r"\s+", " ", markup_of(same_html))
    assert "The two scenarios say the same." in words
    assert "Every place has the same holder at the end of every day in every one of the 12 pairs" in words
    assert "nothing changed" in words
    said = [line.words for line in same.telling]
    assert [("no difference can be told" in line or "eports" in line) for line in said] == [True] * 5


def test_where_no_interval_can_be_had_no_verdict_is_given(
    told: PairContent, told_html: str, reported: tuple[Batch, Batch]
) -> None:
    """Six draws give no interval of a score: sentence, table and terminal say so, and give no verdict."""
    score = told.telling[4].words
    assert "too few draws for an interval" in score
    assert "cannot be told" not in score
    [row] = [row for row in told.tables["scores"][0].rows if row[0] == "Log score, as its sources would print it"]
    assert row[-1] == "too few draws for an interval"
    directories = [str(batch.directory) for batch in reported]
    said = CliRunner().invoke(app, ["compare", *directories]).output
    table = said.split("Mean scores over the headline events")[1].split("All headline events together")[0]
    assert "too few draws for an interval" in " ".join(table.split())
    assert "not told apart" not in table
    assert "? to ?" not in said + markup_of(told_html)


def test_a_single_draw_gives_sentences_without_intervals(invented: PairContent) -> None:
    """All replications of one draw show luck alone: each number says that there are too few draws, or one value."""
    luck = np.random.default_rng(1).normal(5, 1, 8)
    shown = {"killed or wounded": np.zeros(8) + luck, "captured": np.full(8, 3.0)}
    numbers = [Measured("outcome", "facts", name, "", name, "people", False, np.zeros(8), of)
               for name, of in shown.items()]  # fmt: skip
    varied, same = paired_differences(numbers, np.zeros(8, dtype=np.int64))
    for row, words in ((varied, "too few draws for an interval"), (same, "the same in every pair")):
        found = replace(invented.variants, numbers=(row,))
        said = telling_lines(found, invented.apart, invented.control, invented.legend, invented.calendar)[3].words
        assert words in said
        assert "?" not in said


def test_what_is_no_pair_is_said_first(base: Batch, invented: PairContent, folder: Path) -> None:
    """Batches of other seeds, or that share draws otherwise, are paired by number alone: the first words say so."""
    scenario, care = base.scenario, "No pair here is one history played twice: it is paired "
    for name, how, more in (("seed", "not by common random numbers: the seeds are 1 and 2", {"seed": 2, "per_draw": 2}),
                            ("draws", "only by luck: 2 and 1 replications share a draw", {"per_draw": 1})):  # fmt: skip
        other = run_batch(scenario, folder / name, replications=3, workers=1, **more)
        content = gather_pair(base, other, compare_variants(base, other))
        assert content.telling[0].words.startswith(care + how)
    assert "No pair here" not in invented.telling[0].words


def test_an_interval_without_zero_among_many_is_explained(invented: PairContent) -> None:
    """Of many numbers one interval leaves out zero by chance: the sentence that shows it says how many there were."""
    luck = np.random.default_rng(1).normal(0, 1, 20)
    shifted = luck - luck.mean() + 0.4
    places = [(f"place-{number}", shifted if not number else luck - luck.mean()) for number in range(30)]
    measured = [Measured("held", "facts", place, "", "north", "days", False, np.zeros(20), days)
                for place, days in places]  # fmt: skip
    for looked_at, words in ((1, "which is more than chance"), (30, "of 30 compared at once chance makes as much")):
        rows = paired_differences(measured[:looked_at], np.arange(20))
        assert rows[0].low > 0
        control = replace(invented.control, longer={(row.label, row.name): row for row in rows})
        said = telling_lines(invented.variants, invented.apart, control, invented.legend, invented.calendar)[1].words
        assert words in said
        assert ("no difference can be told" in said) is (looked_at > 1)


# --- the page -----------------------------------------------------------------------------------------


def test_the_page_reads_from_what_differs_to_how_it_was_made(told_html: str, invented_html: str) -> None:
    """Sections come in one order; without reports there is no chart of events."""
    order = ["summary", "changed", "first", "held", "events", "forces", "scores", "warnings", "made"]
    assert re.findall(r'<section id="([a-z]+)"', told_html) == order
    order.remove("events")
    assert re.findall(r'<section id="([a-z]+)"', invented_html) == order


@pytest.mark.parametrize("which", ["told", "invented", "same"])
def test_every_sentence_leads_to_its_figure(which: str, request: pytest.FixtureRequest) -> None:
    """Five sentences, each linked to a section that exists, each number with its interval."""
    content: PairContent = request.getfixturevalue(which)
    html: str = request.getfixturevalue(f"{which}_html")
    assert len(content.telling) == 5
    assert all(f'<section id="{line.section}"' in html for line in content.telling)


def test_every_figure_has_words_in_its_place(told_html: str) -> None:
    """Each figure has a text alternative, and data to draw it from."""
    charts = re.findall(
        r'data-figure="([a-z0-9-]+)" data-narrow-below="[0-9]+" role="(?:img|group)" aria-label="([^"]+)"', told_html
    )
    assert {name for name, _ in charts} == set(data_of(told_html)["figures"])
    assert all(len(words) > 20 for _, words in charts)


def test_statuses_of_claims_stay_in_every_table(told: PairContent) -> None:
    """An event is nowhere named without how far its claim is checked."""
    for table in told.tables["events"]:
        assert all(row[1].split("\n")[1] in ("claimed", "disputed", "corroborated", "refuted") for row in table.rows)
    for row in told.tables["scores"][1].rows:
        assert row[1] in ("claimed", "disputed", "corroborated", "refuted", "all together")


def test_what_differs_has_its_basis(told: PairContent, invented: PairContent) -> None:
    """A changed number stands with both values and with what each rests on."""
    [row] = told.changed
    assert row.path == "talks.valley.contact_rate_per_day"
    assert row.second == "0"
    assert row.basis_second.startswith("this variant: nobody talks")
    assert row.basis_first
    assert [one.path for one in invented.changed] == ["movement.time_factor"]
    assert "--set movement.time_factor=2" in invented.commands


def test_commands_name_no_file_that_a_batch_does_not_know(told: PairContent, invented: PairContent) -> None:
    """Where a scenario lay no batch keeps: a name stands for its file, and a line says of which scenario it is."""
    assert told.commands.splitlines() == [
        "# SCENARIO_A is the file of the scenario panjshir-2021",
        "# SCENARIO_B is the file of the scenario panjshir-2021-no-talks",
        "sim batch SCENARIO_A -n 6 --seed 1 -o reference",
        "sim batch SCENARIO_B -n 6 --seed 1 -o no-talks",
        "sim report reference no-talks -o pair.html",
    ]
    assert invented.commands.splitlines() == [
        "# SCENARIO is the file of the scenario three-rivers",
        "sim batch SCENARIO -n 12 --seed 1 --per-draw 2 -o base",
        "sim batch SCENARIO -n 12 --seed 1 --per-draw 2 --set movement.time_factor=2 -o slow",
        "sim report base slow -o pair.html",
    ]


def test_the_page_of_one_history_says_how_its_batch_was_made(base: Batch, tmp_path: Path) -> None:
    """A history of a batch is made again with the batch, then told by its number."""
    target = tmp_path / "history.html"
    result = CliRunner().invoke(app, ["report", str(base.directory), "-r", "7", "-o", str(target)])
    assert result.exit_code == 0, result.output
    [typed] = re.findall(r"<pre><code>(# SCENARIO.*?)</code></pre>", target.read_text(encoding="utf-8"), re.DOTALL)
    assert typed.splitlines()[1:] == [
        "sim batch SCENARIO -n 12 --seed 1 --per-draw 2 -o DIR",
        "sim report DIR --replication 7 -o history.html",
    ]


def test_what_is_no_number_differs_too() -> None:
    """Holders, and entities that only one scenario has, are told of once, with how many numbers go with them."""
    base = load_scenario(REFERENCE)
    found = differing(base, load_scenario(REFERENCE.parent / "variants" / "resistance-holds-salang.yaml"))
    others = {one.path: one for one in found.others}
    assert (others["places.salang.holder"].first, others["places.salang.holder"].second) == ("tb", "nrf")
    assert others["forces.nrf-salang"].numbers > 5
    assert not [one for one in found.numbers if one.path.startswith("forces.nrf-salang.")]
    assert len(differing(base, base)) == 0


def test_the_page_is_small_and_the_same_each_time(
    reported: tuple[Batch, Batch], told: PairContent, told_html: str, tmp_path: Path
) -> None:
    """The page of two batches stays below seven million bytes, and nothing on it depends on when it is made."""
    page = render_pair(*reported, tmp_path / "new" / "b.html", variants=told.variants)
    assert page.read_text(encoding="utf-8") == told_html
    assert page.stat().st_size < 7_000_000
    markup = markup_of(told_html)
    assert not re.findall(r'\b(?:src|href|action)\s*=\s*"(?!#)[^"]*"', markup)
    assert str(reported[0].directory.parent) not in markup


def test_no_word_of_a_scenario_becomes_markup(invented: PairContent) -> None:
    """Names with markup in them are shown as they are, in the text as in the data of the figures."""
    nasty = "</script><script>alert('x')</script><img src=x onerror=alert(1)>"
    places = {key: replace(place, name=nasty) for key, place in invented.legend.places.items()}
    sides = {key: replace(actor, name=nasty) for key, actor in invented.legend.sides.items()}
    halves = tuple(replace(half, name=nasty, title=nasty) for half in invented.halves)
    changed = tuple(replace(one, path=nasty, basis_second=nasty, first=nasty) for one in invented.changed)
    examples = tuple(replace(one, first=Said(1, 0, "RisingBegan", nasty, nasty)) for one in invented.examples)
    html = pair_page(
        replace(
            invented, title=nasty, fork=nasty, halves=(halves[0], halves[1]), changed=changed, examples=examples,
            legend=replace(invented.legend, places=places, sides=sides), names=(nasty, nasty), commands=nasty,
        )
    )  # fmt: skip
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_warnings_and_what_it_is_for_travel_with_it(told: PairContent, told_html: str) -> None:
    """The warnings of the comparison and the intended use are on the page."""
    html = markup_of(told_html)
    assert all(warning.replace("'", "&#39;") in html for warning in told.variants.warnings)
    assert "not for prediction, targeting or the planning of an operation" in html
    assert "no counts of the dead" in html


# --- what cannot be laid side by side -----------------------------------------------------------------


def test_batches_of_different_wars_are_refused(base: Batch, folder: Path) -> None:
    """Batches without a place in common, or without a common replication, or with other days, are no pair."""
    other = run_batch(load_scenario(TWO_VALLEYS), folder / "valleys", replications=2, workers=1)
    with pytest.raises(InputError, match="are no variants of one scenario: they have no place"):
        pairs_of(base, other)


def test_batches_that_begin_on_other_days_are_refused(base: Batch, folder: Path) -> None:
    """Days that are not the same cannot be laid beside each other."""
    scenario = load_scenario(INVENTED)
    head = scenario.scenario
    moved = head.model_copy(update={"start": head.start.replace(day=head.start.day + 1)})
    late = scenario.model_copy(update={"scenario": moved})
    later = run_batch(late, folder / "later", replications=1, workers=1)
    with pytest.raises(InputError, match="their days cannot be laid beside each other"):
        pairs_of(base, later)


def test_batches_without_a_common_replication_are_refused(base: Batch, slow: Batch, monkeypatch: Any) -> None:
    """Without a replication that both have finished there is no pair."""
    done = slow.outcomes()
    empty = open_batch(slow.directory)
    monkeypatch.setattr(empty, "outcomes", lambda: done.slice(0, 0), raising=False)
    with pytest.raises(InputError, match="no finished replication in common"):
        pairs_of(base, empty)


# --- differences over days ----------------------------------------------------------------------------


def test_sides_are_measured_by_one_scale_where_people_are_counted(invented: PairContent, invented_html: str) -> None:
    """Fighters of all sides stand on one scale, food and ammunition on one for each side, and the page says so."""
    figures = data_of(invented_html)["figures"]
    for number, panel in enumerate(invented.panels):
        scales = {tuple(axis["range"]) for name, axis in figures[f"fan-{number}"]["wide"]["layout"].items()
                  if name.startswith("yaxis")}  # fmt: skip
        assert (len(scales) == 1) is (panel.unit != "kg"), panel.title
    words = " ".join(markup_of(invented_html).split())
    assert "Strengths, losses and places have one scale for all sides, stocks have one for each side." in words


def test_a_day_without_a_difference_has_no_scale_of_its_own(same_html: str, invented: PairContent) -> None:
    """Where nothing differs the panel says so beside its zero; small differences are counted in whole numbers."""
    for form in data_of(same_html)["figures"]["fan-0"].values():
        assert [axis["tickvals"] for name, axis in form["layout"].items() if name.startswith("yaxis")] == [[0]] * 3
        assert [note["text"] for note in form["layout"]["annotations"]].count("the same in every pair") == 3
    panel = invented.panels[0]
    rows = [{**row, "p05": 0.0, "p25": 0.0, "p50": 0.0, "p75": 0.0, "p95": 0.4, "low": -0.1, "high": 0.3}
            for row in panel.table.to_pylist()]  # fmt: skip
    small = replace(panel, table=pa.Table.from_pylist(rows, schema=panel.table.schema))
    for axis in draw(replace(invented, panels=(small,)))["fan-0"]["wide"].to_dict()["layout"].items():
        if axis[0].startswith("yaxis"):
            assert (axis[1]["dtick"], axis[1]["tickformat"]) == (1, "d")
            assert axis[1]["range"][0] < -1 < 1 < axis[1]["range"][1]


# --- the command line ---------------------------------------------------------------------------------


def test_a_page_of_two_batches_is_one_command(base: Batch, slow: Batch, tmp_path: Path) -> None:
    """`sim report A B` writes the page, and prints its sentences."""
    target = tmp_path / "pair.html"
    result = CliRunner().invoke(app, ["report", str(base.directory), str(slow.directory), "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert target.is_file()
    assert "The two histories part in" in result.output
    assert "The page:" in result.output


def test_a_fork_of_many_histories_has_a_page(base: Batch, tmp_path: Path) -> None:
    """`sim fork -n N --report` writes the page of the pairs; of a single history there is none."""
    target = tmp_path / "fork.html"
    asked = ["fork", str(base.directory), "--at", "6", "--set", SLOW, "--report", str(target)]
    result = CliRunner().invoke(app, [*asked, "-n", "4"])
    assert result.exit_code == 0, result.output
    words = markup_of(target.read_text(encoding="utf-8"))
    assert "done from outside" in words
    assert "set movement.time_factor=2" in words
    assert "sim fork base --with fork.json -n 4 --report fork.html" in words
    alone = CliRunner().invoke(app, asked)
    assert alone.exit_code == 1
    assert "give -n, too" in " ".join(alone.output.split())


def test_a_fork_says_the_same_on_the_terminal_and_on_its_page(base: Batch, tmp_path: Path) -> None:
    """In how many pairs a fork differs is one count, and a difference has one interval: that over draws."""
    target = tmp_path / "fork.html"
    asked = ["fork", str(base.directory), "--at", "20", "--set", SLOW, "-n", "6"]
    result = CliRunner().invoke(app, [*asked, "--report", str(target)])
    assert result.exit_code == 0, result.output
    told_of = re.findall(r"(\d+) of 6 pairs differs? in some number looked at", " ".join(result.output.split()))
    assert len(told_of) > 1
    [differ] = set(told_of)
    words = markup_of(target.read_text(encoding="utf-8"))
    assert f">{differ} of 6 pairs<" in words
    assert f"{differ} of 6 pairs differ" in words
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert str(told["changed"]) == differ
    start = base.scenario.scenario.start + timedelta(days=20)
    done = [{"at": start.isoformat(), "set": {"movement.time_factor": 2}}]
    forked = fork_batch(base.directory, tmp_path / "forked", done, replications=6, workers=1)
    found = compare_variants(base, forked)
    assert found.draws == 3
    spans = [(row.difference, row.low, row.high) if np.isfinite(row.low) else None for row in found.numbers]
    outcomes = told["outcomes"]
    assert [row["low"] and (row["difference"], row["low"], row["high"]) for row in outcomes] == spans
    assert any(spans)


def test_a_fork_parts_when_something_is_done(base: Batch, tmp_path: Path) -> None:
    """No pair of a fork parts before the moment at which something was done."""
    done = [{"at": "2031-03-07T00:00+00:00", "set": {"movement.time_factor": 2}}]
    start = base.scenario.scenario.start
    moment = start.replace(day=start.day + 6)
    done[0]["at"] = moment.isoformat()
    forked = fork_batch(base.directory, tmp_path / "forked", done, replications=4, workers=1)
    content = gather_pair(base, forked, compare_variants(base, forked), fork=Fork("slower", "sim fork ..."))
    parted = [one.found.time_s for one in content.apart if one.found is not None]
    assert parted
    assert min(parted) >= 6 * DAY
    assert content.title.endswith("as it was, and forked")


# --- where a number comes from ------------------------------------------------------------------------


def typed_in(source: Whence, batches: tuple[Batch, Batch], at: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what Python knows after the query of a source, typed as the page says."""
    typed = source.query if at is None else f"{source.query}\n{Template(source.one).substitute(at)}"
    for name, batch in zip(("DIR_A", "DIR_B"), batches, strict=True):
        typed = typed.replace(name, str(batch.directory))
    room: dict[str, Any] = {}
    exec(typed, room)
    return room


def trails_of(html: str) -> dict[str, Any]:
    """Return by figure the last point that knows which source it comes from, and what was chosen there."""
    found = {}
    for name, forms in data_of(html)["figures"].items():
        for trace in forms["wide"]["data"]:
            points = trace.get("customdata", [])
            cells = [cell for row in points for cell in row] if trace["type"] == "heatmap" else points
            for cell in filter(None, cells):
                found[name] = cell
    return found


@pytest.fixture(scope="module")
def trails(told_html: str) -> dict[str, Any]:
    return trails_of(told_html)


def one_of_each(sources: Iterable[Whence]) -> list[Whence]:
    """Return sources whose queries differ by more than a name."""
    kinds = {re.sub(r"\d+|'[^']*'|\"[^\"]*\"", "", one.query): one for one in sources if one.letters}
    return list(kinds.values())


@pytest.mark.parametrize("which", ["told", "invented"])
def test_every_query_gives_the_pairs_that_the_page_names(
    which: str, base: Batch, slow: Batch, reported: tuple[Batch, Batch], request: pytest.FixtureRequest
) -> None:
    """What the page says to type, typed, sorts the pairs into the classes of their letters."""
    batches = reported if which == "told" else (base, slow)
    found = one_of_each(pair_sources(request.getfixturevalue(which)))
    assert len(found) >= 6
    for one in found:
        room = typed_in(one, batches)
        if "parted" in room:
            letters = "".join("p" if so else "=" for so in room["parted"])
            assert list(room["numbers"]) == list(one.replications)
        elif "kinds" in room:
            letters = "".join(next((x for x, words in one.classes.items() if _is(kind, words)), "=")
                              for kind in room["kinds"].values())  # fmt: skip
        elif "in_a" in room:
            letters = letters_of(replace(room["row"], by_pair=(room["in_a"], room["in_b"])))
        else:
            letters = "".join("p" if so else "=" for so in room["in_b"])
        assert letters == one.letters, one.key


def _is(kind: str | None, words: str) -> bool:
    return kind is not None and words == f"{kind_in_words(kind)} comes first"


@pytest.mark.parametrize("figure", ["held-0", "fan-0", "parting", "kinds"])
def test_a_point_of_a_figure_knows_its_pairs(
    figure: str, reported: tuple[Batch, Batch], told: PairContent, trails: dict[str, Any]
) -> None:
    """What is chosen in a figure completes the query, and the query gives the pairs that stand beside it."""
    key, _, spot = trails[figure]
    room = typed_in({one.key: one for one in pair_sources(told)}[key], reported, spot["at"])
    if figure == "kinds":
        return
    numbers = np.array(room.get("numbers", told.variants.replications))
    if "parted" in room:
        wanted = [numbers[room["parted"]]]
    else:
        first, second = (np.asarray(half, dtype=np.float64) for half in (room["in_a"], room["in_b"]))
        wanted = [numbers[second > first], numbers[first > second]]
    assert [(many, shown) for _, many, shown in spot["some"]] == [(len(one), one[:12].tolist()) for one in wanted]


@pytest.mark.parametrize("which", ["told", "invented", "same"])
def test_every_followed_number_has_a_source(which: str, request: pytest.FixtureRequest) -> None:
    """No number of the page leads nowhere, in tables or in figures, and every figure leads somewhere."""
    html: str = request.getfixturevalue(f"{which}_html")
    data = data_of(html)
    named = {unescape(key) for key in re.findall(r'data-whence="([^"]+)"', markup_of(html))}
    found = trails_of(html)
    assert named | {key for key, *_ in found.values()} <= data["whence"]["sources"].keys()
    assert found.keys() == data["figures"].keys()
    assert {"same", "changed"} <= named


def test_the_query_of_a_fork_plays_it_again(base: Batch, tmp_path: Path) -> None:
    """No batch keeps a fork: its page gives the Python that makes it again, from what the page says was done."""
    done = [{"at": base.scenario.scenario.start.isoformat(), "set": {"movement.time_factor": 2}}]
    forked = fork_batch(base.directory, tmp_path / "forked", done, replications=3, workers=1)
    content = gather_pair(base, forked, compare_variants(base, forked), fork=Fork("slower", "sim fork ..."))
    (tmp_path / "fork.json").write_text(json.dumps({"interventions": done}))
    room: dict[str, Any] = {}
    typed = content.opened.replace("DIR_A", str(base.directory)).replace("DIR_B", str(tmp_path / "again"))
    exec(typed.replace("fork.json", str(tmp_path / "fork.json")), room)
    assert room["B"].sha256 == forked.sha256


# --- as files -----------------------------------------------------------------------------------------


def cells_of(text: str) -> list[dict[str, str]]:
    """Return the rows of a table for spreadsheets, after checking that no two columns have one name."""
    heads, *rows = csv.reader(io.StringIO(text))
    assert len(set(heads)) == len(heads)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_tables_are_saved_as_plain_numbers(told: PairContent, told_html: str) -> None:
    """A number, each end of its interval and each share have columns of their own, empty where there is none."""
    saved = data_of(told_html)["numbers"]
    named = set(re.findall(r'data-rows="([^"]+)"', markup_of(told_html)))
    numeric = {"longer", "events-printed", "events-facts", "scores", "pair-by-pair", "outcomes"}
    assert numeric == named & saved.keys()
    for name in numeric | {"fan-0"}:
        for row in cells_of(saved[name]):
            for head in row.keys() & {"a", "b", "b_less_a", "low", "high", "in_window_low", "more_in_b", "crn_ratio"}:
                assert not row[head] or np.isfinite(float(row[head])), (name, head)
    [log] = [row for row in cells_of(saved["scores"]) if (row["score"], row["against"]) == ("log", "printed")]
    assert (log["low"], log["high"], log["b_is"]) == ("", "", "too few draws for an interval")
    outcomes = {row["what"]: row for row in cells_of(saved["outcomes"])}
    for row in (row for row in told.variants.numbers if row.label in outcomes and row.about == "outcome"):
        assert float(outcomes[row.label]["b_less_a"]) == pytest.approx(row.difference, rel=1e-5)
    assert "inf" not in saved["fan-0"]


# --- in a browser -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(browser: Browser, told_html: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Browser, Path]:
    target = tmp_path_factory.mktemp("page") / "pair.html"
    target.write_text(told_html, encoding="utf-8")
    browser.resize(1400)
    browser.open(target)
    return browser, target


def test_the_page_opens_without_complaint_or_network(opened: tuple[Browser, Path]) -> None:
    """Chromium draws every figure that is shown, breaks no policy and asks for nothing but the file."""
    browser, target = opened
    assert browser.complaints == []
    assert browser.requests == [target.as_uri()]
    undrawn = browser.evaluate(
        "[...document.querySelectorAll('[data-figure]')].filter(f => f.clientWidth && !f.querySelector('.main-svg'))"
        ".map(f => f.id)"
    )
    assert undrawn == []


def test_the_arrow_keys_change_the_side(opened: tuple[Browser, Path]) -> None:
    """The maps of the sides are behind radio buttons: the next one is drawn when its button is reached by key."""
    browser, _ = opened
    shown = "[...document.querySelectorAll('#held .tab.shown')].map(t => t.id).join()"
    assert browser.evaluate(shown) == "tab-held-0"
    browser.evaluate("document.querySelector('input[name=held]').focus()")
    browser.press("ArrowRight", 39)
    browser.settle()
    assert browser.evaluate(shown) == "tab-held-1"
    assert browser.evaluate("!!document.querySelector('#chart-held-1 .main-svg')")
    assert browser.complaints == []


def test_hovering_says_what_a_cell_is(opened: tuple[Browser, Path]) -> None:
    """A pointer over the chart of events brings up a label with an interval."""
    browser, _ = opened
    browser.evaluate(
        "document.getElementById('chart-events-printed').scrollIntoView({block: 'start', behavior: 'instant'})"
    )
    browser.evaluate("Plotly.Fx.hover('chart-events-printed', [{curveNumber: 1, pointNumber: 0}])")
    browser.settle()
    words = browser.evaluate("document.querySelector('#chart-events-printed .hoverlayer').textContent")
    assert re.search(r"in window in A: \d+.%", words)
    assert browser.complaints == []


def test_numbers_can_be_had_as_csv(opened: tuple[Browser, Path]) -> None:
    """Every table, and every figure whose numbers no table shows, has a button that saves them."""
    browser, _ = opened
    assert browser.evaluate(
        "[...document.querySelectorAll('main table')].every(t => "
        "t.closest('.scroll').nextElementSibling.matches('button.table-csv'))"
    )
    saved = browser.evaluate(
        "new Promise(resolve => {const make = URL.createObjectURL; URL.createObjectURL = blob => {"
        "blob.text().then(resolve); URL.createObjectURL = make; return 'data:text/csv,';};"
        "HTMLAnchorElement.prototype.click = () => {};"
        "document.querySelector('#chart-parting + .from button').click();})"
    )
    assert saved.startswith("date,some fact differs: pairs,")
    table = browser.evaluate(
        "new Promise(resolve => {const make = URL.createObjectURL; URL.createObjectURL = blob => {"
        "blob.text().then(resolve); URL.createObjectURL = make; return 'data:text/csv,';};"
        "document.querySelector('#forces .table-csv').click();})"
    )
    assert table.startswith("what,number,against,status,unit,a,b,b_less_a,low,high,")
    assert browser.complaints == []


def test_a_share_can_be_followed_by_key(opened: tuple[Browser, Path], told: PairContent) -> None:
    """Enter on a share of the table of events names the pairs that it counts; Escape closes."""
    browser, _ = opened
    browser.evaluate("document.querySelector('#events details').open = true")
    browser.evaluate("document.querySelector('#events .follow[data-letter=B2]').focus()")
    browser.press("Enter", 13)
    browser.settle()
    share = next(one for one in told.variants.windows if one.against == "printed").in_window[1]
    heads = browser.evaluate("[...document.querySelectorAll('#whence-some h4')].map(found => found.textContent)")
    assert heads == [f"{share.k} of {share.n} pairs: so in B"]
    commands = browser.evaluate("document.getElementById('whence-command').textContent").splitlines()
    assert [one.split(" --kind")[0][:-1] for one in commands] == ["sim events DIR_A -r ", "sim events DIR_B -r "]
    browser.press("Escape", 27)
    browser.settle()
    assert browser.evaluate("document.getElementById('whence').open") is False
    assert browser.complaints == []


@pytest.mark.parametrize("figure", ["held-0", "longer", "events-printed", "fan-0"])
def test_a_point_can_be_followed_by_mouse(opened: tuple[Browser, Path], figure: str) -> None:
    """A click on what a figure shows says what it is, and which pairs make it."""
    browser, _ = opened
    browser.evaluate("document.querySelector('input[name=held]').click()")
    at = browser.evaluate(POINT.replace("FIGURE", figure))
    browser.click(*at)
    assert browser.evaluate("document.getElementById('whence').open") is True
    heads = browser.evaluate("[...document.querySelectorAll('#whence-some h4')].map(found => found.textContent)")
    assert heads
    assert all(re.match(r"\d+ of 6 pairs: (more|so) in ", words) for words in heads)
    browser.evaluate("document.getElementById('whence').close()")
    assert browser.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_its_window(opened: tuple[Browser, Path], width: int, tmp_path: Path) -> None:
    """At every width nothing sticks out sideways, every figure is as wide as its place, and no label is cut off."""
    browser, _ = opened
    browser.resize(width)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    misfits = browser.evaluate(
        "[...document.querySelectorAll('[data-figure]')].filter(f => f.clientWidth && Math.abs(f.clientWidth - "
        "f.querySelector('.main-svg').getBoundingClientRect().width) > 1).map(f => f.id)"
    )
    assert misfits == []
    cut = browser.evaluate(
        "[...document.querySelectorAll('[data-figure]')].flatMap(f => {const box = f.getBoundingClientRect(); "
        "return [...f.querySelectorAll('.annotation-text, .xtick text, .ytick text')].filter(t => {"
        "const r = t.getBoundingClientRect(); return r.width && (r.left < box.left - 2 || r.right > box.right + 2);})"
        ".map(t => f.id + ': ' + t.textContent);})"
    )
    assert cut == []
    browser.screenshot(tmp_path / f"{width}.png")
    assert (tmp_path / f"{width}.png").stat().st_size > 50_000
    assert browser.complaints == []


@pytest.mark.parametrize("width", [400, 640, 1200])
def test_no_labels_meet_where_three_sides_fight(
    browser: Browser, invented_html: str, width: int, tmp_path: Path
) -> None:
    """Dates, numbers and names of a figure stand clear of each other, and within it, on any page."""
    target = tmp_path / "three.html"
    target.write_text(invented_html, encoding="utf-8")
    browser.resize(width)
    browser.open(target)
    assert browser.evaluate(MEETING) == []


def test_a_batch_beside_itself_opens_too(browser: Browser, same_html: str, tmp_path: Path) -> None:
    """A page on which nothing differs is drawn without complaint."""
    target = tmp_path / "same.html"
    target.write_text(same_html, encoding="utf-8")
    browser.resize(1000)
    browser.open(target)
    assert browser.complaints == []
