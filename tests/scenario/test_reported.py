"""Rules of reported timelines: what a file of claims may say, and what is refused with which words."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest

from sim.domain.claims import EVENT_TYPES
from sim.domain.terms import DAY, HOUR
from sim.errors import ProblemsFound
from sim.scenario.references import load_references
from sim.scenario.reported import ReportedTimeline, load_reported, load_sources, remarks_on
from sim.scenario.yaml_source import read_yaml

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REFERENCE = SCENARIOS / "panjshir-2021"

SOURCES = """\
basis: "assumption, no source"
confidence: low
cover_by_type: {attack: 0.5}
cover_by_area: {hills: 0.7}
sources:
  gazette:
    outlet: The Gazette
    author: unsigned
    title: War
    published_at: 2030-05-10T12:00+00:00
    published_tolerance: PT6H
    look_back: P3D
    cover_rate: 0.5
    cover_by_type: {attack: 0.25}
    dating: {default: {form: days, count: 2}, attack: {form: night}}
"""

TIMELINE = """\
title: A small war
horizon: 2030-05-12T00:00+00:00
sources: sources.yaml
dating_rules:
  stated-day: {form: day, text: The day is named.}
grade_rules: {seen: Seen by the press.}
claimants:
  speaker: {name: A speaker, side: red}
  other: {name: Another}
events:
  town-taken: {label: The town taken, why: It is what the war is about.}
  town-lost: {label: The town lost again}
claims:
  C1:
    event_id: town-taken
    claimant: speaker
    source: gazette
    statement: asserts
    event: {type: capture, actor: red, target: blue, where: town}
    time:
      {kind: moment, start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00, rule: stated-day, how: Thu, prec: 1}
    status: claimed
    score: headline
  C2:
    event_id: town-lost
    claim_group_id: copies
    claimant: speaker
    source: gazette
    statement: asserts
    event: {type: recapture, actor: blue, where: town, occurrence: next_after, next_after: town-taken}
    time:
      {kind: moment, start: 2030-05-10T00:00+00:00, end: 2030-05-10T18:00+00:00, rule: stated-day, how: Fri, prec: 1}
    status: disputed
    score: claims
    note: The other side says that it was never lost.
"""


@pytest.fixture
def read(tmp_path):
    """Return a reader of the small timeline with some of its text replaced."""

    def reading(*changes: tuple[str, str], scenario=None, sources: str = SOURCES):
        text = TIMELINE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "sources.yaml").write_text(sources)
        (tmp_path / "reported.yaml").write_text(text)
        return load_reported(tmp_path / "reported.yaml", scenario)

    return reading


def test_a_claim_counts_in_seconds_from_the_start_of_a_scenario(read):
    """Windows, publication and horizon are seconds since the start that a scenario gives; offsets are honoured."""
    timeline = read()
    first, second = timeline.claims_for(datetime.fromisoformat("2030-05-09T02:00+02:00"))
    assert (first.window.start_s, first.window.end_s, first.window.middle_s) == (0, DAY, DAY // 2)
    assert first.printed_s == DAY + 12 * HOUR
    assert timeline.horizon_s(datetime.fromisoformat("2030-05-09T00:00+00:00")) == 3 * DAY
    assert first.event.where == ("town",)
    assert first.claim_group_id == "C1"
    assert second.event.next_after == "town-taken"
    assert (first.label, first.reliability, first.credibility) == ("The town taken", "F", 6)
    assert first.window.rule == "stated-day: Thu"
    assert timeline.headline() == {"town-taken": "C1"}


def test_none_is_held_out_by_default(read):
    """A timeline without a hold-out leaves every claim to tuning."""
    assert read().held_out() == frozenset()


def test_a_list_of_claims_can_be_held_out(read):
    """What is named is held out, and what tuning may see is the rest, with the events it speaks of."""
    timeline = read(("sources: sources.yaml\n", "sources: sources.yaml\nholdout: {claims: [C2], why: Late.}\n"))
    assert timeline.held_out() == {"C2"}
    assert set(timeline.open_to_tuning().claims) == {"C1"}
    assert set(timeline.open_to_tuning().events) == {"town-taken"}


def test_a_claim_is_held_out_once(read):
    """A claim that a hold-out names twice is complained of where it stands the second time."""
    with pytest.raises(ProblemsFound, match="'C2' is given twice; remove one of them") as found:
        read(("sources: sources.yaml\n", "sources: sources.yaml\nholdout: {claims: [C2, C2], why: Late.}\n"))
    (problem,) = found.value.problems
    assert (problem.path, problem.line, problem.column) == ("holdout.claims.1", 4, 24)


@pytest.mark.parametrize(
    ("holdout", "remedy"),
    [
        ("printed_from: 2030-05-10T12:00+00:00", "write `after: 2030-05-10T11:59:59+00:00`, which holds out the same"),
        ("printed_from: 2030-05-10T00:00+00:00", "write `after: 2030-05-09`, which holds out the same claims"),
        ("printed_from: 2030-05-10T00:00+04:30", "write `after: 2030-05-09T23:59:59+04:30`"),
        ("printed_from: late", "write `after:` and the last day that is not held out"),
        ("printed_from: 2030-05-10T00:00+00:00, claims: [C2]", "remove it"),
    ],
)
def test_the_word_of_before_is_told_what_to_write_instead(read, holdout, remedy):
    """``printed_from`` became ``after``: the complaint stands at the word and holds what means the same."""
    with pytest.raises(ProblemsFound, match="is written otherwise now") as found:
        read(("sources: sources.yaml\n", f"sources: sources.yaml\nholdout: {{{holdout}, why: Late.}}\n"))
    (problem,) = (one for one in found.value.problems if one.path == "holdout.printed_from")
    assert (problem.line, problem.column) == (4, 11)
    assert problem.remedy.startswith(remedy)


@pytest.mark.parametrize(("moment", "held_out"), [("12:00", {"C1", "C2"}), ("12:01", set())])
def test_a_copy_beside_a_batch_may_say_the_word_of_before(read, tmp_path, moment, held_out):
    """What came out at the moment of ``printed_from`` was held out too, and still is in a copy that a batch kept."""
    holdout = f"holdout: {{printed_from: 2030-05-10T{moment}+00:00, why: It is late.}}\n"
    with pytest.raises(ProblemsFound, match="is written otherwise now"):
        read(("sources: sources.yaml\n", f"sources: sources.yaml\n{holdout}"))
    assert load_reported(tmp_path / "reported.yaml", kept=True).held_out() == held_out


def test_a_day_of_the_hold_out_ends_where_the_horizon_is(read):
    """What came out in the evening of that day is open to tuning, by the clock of the horizon."""
    line = "sources: sources.yaml\nholdout: {after: 2030-05-09, why: Late.}\n"
    two = SOURCES + SOURCES[SOURCES.index("  gazette:") :].replace("gazette", "herald").replace("T12:00", "T01:00")
    second = ("source: gazette\n    statement: asserts\n    event: {type: rec",
              "source: herald\n    statement: asserts\n    event: {type: rec")  # fmt: skip
    ends = ("end: 2030-05-10T18:00", "end: 2030-05-10T06:00")
    start = ("sources: sources.yaml\n", line)
    with pytest.raises(ProblemsFound, match="every claim is held out"):
        read(start, second, ends, sources=two)
    west = ("horizon: 2030-05-12T00:00+00:00", "horizon: 2030-05-12T00:00-04:00")
    days = ("form: day,", "form: days, count: 2,")  # the same windows touch two days there
    assert read(start, second, ends, west, days, sources=two).held_out() == {"C1"}


def test_the_copy_beside_a_batch_obeys_the_rules_of_its_time(read, tmp_path):
    """A window wider than its words is refused in a new file, and read in one that a batch has kept."""
    wide = ("end: 2030-05-10T00:00+00:00", "end: 2030-05-10T06:00+00:00")
    with pytest.raises(ProblemsFound, match="wide"):
        read(wide)
    assert load_reported(tmp_path / "reported.yaml", kept=True).claims


@pytest.mark.parametrize(
    ("holdout", "words"),
    [
        ("{after: 2030-05-09, why: Late.}", "every claim is held out"),
        ("{after: 2030-05-09T00:00+00:00, why: Late.}", "every claim is held out"),
        ("{after: 2031-01-01, why: Late.}", "no claim is held out"),
        ("{claims: [C3, C1], why: Late.}", r"holdout.claims.0: no claim 'C3'; known: C1, C2"),
        ("{claims: [C1, C2], why: Late.}", "every claim is held out"),
        ("{claims: [C2], after: 2030-05-01, why: Late.}", "give `after:` or `claims:`"),
        ("{why: Late.}", "give `after:` or `claims:`"),
        (
            "{after: 2030-05-01T00:00, why: Late.}",
            "is no day, and not a moment with its offset; write it as 2020-05-01,",
        ),
        ("{after: 2030-13-01, why: Late.}", "is no day, and not a moment"),
    ],
)
def test_a_hold_out_that_makes_no_sense_is_refused(read, holdout, words):
    """All or nothing, unknown claims and two ways at once are errors with a remedy."""
    with pytest.raises(ProblemsFound, match=re.escape(words) if "'" not in words else words) as found:
        read(("sources: sources.yaml\n", f"sources: sources.yaml\nholdout: {holdout}\n"))
    assert len(found.value.problems) == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("score: claims", "score: headline", r"town-lost: a headline event without a reason; add why"),
        ("event_id: town-lost", "event_id: town-taken", r"events.town-lost: no claim speaks of this event"),
        ("score: headline", "score: claims", r"town-taken.why: a reason, but no claim of the event has score headline"),
        ("event_id: town-lost", "event_id: town-lots", r"C2.event_id: no event 'town-lots'; did you mean 'town-lost'"),
        ("rule: stated-day", "rule: state-day", r"C1.time.rule: no dating rule 'state-day'; did you mean 'stated-day'"),
        ("claimant: speaker", "claimant: speeker", r"C1.claimant: no claimant 'speeker' here; did you mean 'speaker'"),
        ("source: gazette", "source: gazete", r"C1.source: no source 'gazete'; did you mean 'gazette'"),
        ("next_after: town-taken", "next_after: town-token", r"C2.event.next_after: no event 'town-token'"),
        ("next_after: town-taken", "next_after: town-lost", r"C2.event.next_after: the event would come after itself"),
        ("T18:00+00:00", "T18:01+00:00", r"C2.time.end: the window ends after 'gazette' came out .* at most 6 h later"),
        ("horizon: 2030-05-12", "horizon: 2030-05-10", r"C2.time.end: the window ends after the horizon; cut it at"),
        ("horizon: 2030-05-12", "horizon: 2030-05-10", r"sources: source 'gazette' came out after the horizon"),
        ("type: capture", "type: captured", r"C1.event.type: .*'captured' is no event type; did you mean 'capture'"),
        ("kind: moment", "kind: time", r"C1.time.kind"),
        ("end: 2030-05-10T00", "end: 2030-05-08T00", r"C1.time: .*start 2030-05-09T00:00:00\+00:00 is later than end"),
        ("start: 2030-05-09T00:00+00:00", "start: 2030-05-09", r"C1.time.start: .*is not a moment with its offset"),
        ("where: town}", "where: town, quantifier: at_least}", r"C1.event: .*a number at_least go together"),
        ("next_after, next_after: town-taken", "next_after", r"C2.event: .*the event next_after go together"),
        ("type: capture,", "type: casualties,", r"claims.C1: .*needs a measure; add `measure:`"),
        ("status: claimed", "credibility: 2\n    status: claimed", r"C1: .*needs the rule that gives it"),
        ("status: claimed", "graded_by: sean\n    status: claimed", r"C1.graded_by: no grade rule 'sean'; did you"),
        ("statement: asserts", "statement: intends", r"claims.C1: .*what somebody intends is not an event"),
        ("sources: sources.yaml", "sources: source.yaml", r"sources: there is no file 'source.yaml'; did you mean"),
        ("sources: sources.yaml", "sources: ../sources.yaml", r"sources: .*leads out of the scenario's folder"),
        ("status: claimed", "statuss: claimed", r"statuss.*did you mean 'status'"),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused(read, old, new, words):
    """Every claim names known events, rules, claimants and sources, and speaks of nothing later than its print."""
    with pytest.raises(ProblemsFound, match=words):
        read((old, new))


def test_an_event_has_one_headline_claim(read):
    """Two claims of one event cannot both give its window."""
    with pytest.raises(ProblemsFound, match=r"C2.score: event 'town-taken' already has the headline claim 'C1'"):
        read(
            ("event_id: town-lost", "event_id: town-taken"), ("score: claims", "score: headline"),
            ("  town-lost: {label: The town lost again}\n", ""),
            (", occurrence: next_after, next_after: town-taken", ""),
        )  # fmt: skip


def test_copies_of_an_utterance_have_one_claimant(read):
    """Claims of one group are one utterance: same claimant, same statement."""
    with pytest.raises(ProblemsFound, match=r"C2.claimant: claimant differs from that of 'C1', a copy"):
        read(
            ("event_id: town-taken", "event_id: town-taken\n    claim_group_id: copies"),
            ("claim_group_id: copies\n    claimant: speaker", "claim_group_id: copies\n    claimant: other"),
        )


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("{whose: blue, what: killed, low: 5, best: 4}", "low, best and high must not fall"),
        ("{whose: blue, what: killed, best: 5, high: 4}", "low, best and high must not fall"),
        ("{whose: blue, what: killed, open: above}", "open above needs a number"),
        ("{whose: blue, what: hurt}", "C1.measure.what"),
        ("{whose: blue, what: killed, low: -1}", "C1.measure.low"),
    ],
)
def test_numbers_of_a_claim_are_an_interval(read, measure, words):
    """Low, best and high stand in this order; a bound needs a number."""
    with pytest.raises(ProblemsFound, match=words):
        read(("status: claimed", f"measure: {measure}\n    status: claimed"))


@pytest.mark.parametrize(
    ("event", "measure", "words"),
    [
        ("casualties", "{whose: blue, what: captured}", r"C1.measure.what: .*not captured; make it .* captured_people"),
        ("casualties", "{whose: blue, what: 'vehicles:light'}", r"C1.measure.what: .*type equipment_loss"),
        ("equipment_loss", "{whose: blue, what: killed}", r"C1.measure.what: .*counts vehicles, not killed"),
        ("casualties", "{whose: red, what: killed}", r"C1.measure.whose: the losses of 'red' .* target is 'blue'"),
    ],
)
def test_a_number_counts_what_its_event_is_about(read, tmp_path, event, measure, words):
    """Prisoners are not set beside the dead, nor the losses of one side beside the other's."""
    changes = (("type: capture", f"type: {event}"), ("status: claimed", f"measure: {measure}\n    status: claimed"))
    with pytest.raises(ProblemsFound, match=words):
        read(*changes)
    assert load_reported(tmp_path / "reported.yaml", kept=True).claims


def test_a_number_that_nothing_is_compared_with_is_worth_a_look(read, tmp_path):
    """The dead of a capture are shown and passed on, but it takes a claim of casualties to compare them."""
    timeline = read(("status: claimed", "measure: {whose: blue, what: killed, best: 3}\n    status: claimed"))
    found = [str(remark) for remark in remarks_on(timeline, tmp_path / "reported.yaml")]
    assert any("claims.C1.measure: no number of a claim of type capture is compared" in remark for remark in found)


def test_nobody_does_something_to_himself(read):
    """A side that is actor and target is a slip: no fact would ever answer to it."""
    with pytest.raises(ProblemsFound, match=r"C1.event.target: the side 'red' is actor and target; name the other"):
        read(("actor: red, target: blue", "actor: red, target: red"))


def test_what_is_intended_may_lie_ahead_of_its_print(read):
    """A plan is printed before what it plans, up to the horizon."""
    late = ("T18:00+00:00", "T23:00+00:00")
    plan = ("statement: asserts\n    event: {type: recapture", "statement: intends\n    event: {type: recapture")
    assert read(late, plan).claims["C2"].time.end.hour == 23
    with pytest.raises(ProblemsFound, match="came out"):
        read(late)


def test_places_sides_and_claimants_are_those_of_the_scenario(read):
    """With a scenario given, a claim names its places, areas and sides; its claimants may say things."""
    scenario = SimpleNamespace(
        sides={"red": 1, "blue": 2}, places={"town": 1, "mill": 2},
        areas={"valley": ("town", "mill"), "hills": ("mill",)},
        observation=SimpleNamespace(claimants={"witness": 1}),
    )  # fmt: skip
    area = ("where: town}", "where: valley, quantifier: at_least, at_least: 2}")
    voice = ("claimant: speaker", "claimant: witness")
    assert read(area, voice, scenario=scenario).claims["C1"].event.where == ("valley",)
    for change, words in (
        (("where: town}", "where: twon}"), r"C1.event.where: no place or area 'twon'; did you mean 'town'"),
        (("actor: red", "actor: rot"), r"C1.event.actor: no side 'rot'"),
        (("side: red", "side: rad"), r"claimants.speaker.side: no side 'rad'; did you mean 'red'"),
        ((area[0], area[1].replace("2}", "3}")), r"C1.event.at_least: at least 3 of 2 places"),
        (("claimant: speaker", "claimant: nobody"), r"no claimant 'nobody' here or in the scenario"),
        (("status: claimed", "measure: {whose: green, what: killed}\n    status: claimed"), r"whose: no side 'green'"),
    ):
        with pytest.raises(ProblemsFound, match=words):
            read(change, scenario=scenario)


def test_everything_wrong_is_told_at_once_and_where_it_stands(read):
    """All problems of a file come together, each with file, line, column and path, in the order of the file."""
    with pytest.raises(ProblemsFound, match="did you mean") as found:
        read(("rule: stated-day", "rule: state-day"), ("source: gazette\n    statement: asserts\n    event: {type: rec",
              "source: gazete\n    statement: asserts\n    event: {type: rec"))  # fmt: skip
    problems = found.value.problems
    assert [problem.path for problem in problems] == ["claims.C1.time.rule", "claims.C2.source"]
    lines = TIMELINE.splitlines()
    assert "rule: stated-day" in lines[problems[0].line - 1]
    assert lines[problems[0].line - 1][problems[0].column - 1 :].startswith("stated-day")
    assert lines[problems[1].line - 1] == "    source: gazette"


def test_a_source_may_differ_from_what_all_sources_share(read):
    """A factor given for one source takes the place of the shared one; one given nowhere is 1."""
    sources = read().printed_by
    assert sources.type_factor("gazette", "attack").value == 0.25
    assert sources.area_factor("gazette", "hills").value == 0.7
    assert sources.type_factor("gazette", "siege") is None
    assert sources.sources["gazette"].dates("attack").form == "night"
    assert sources.sources["gazette"].dates("siege").count == 2
    assert sources.last_published() == datetime.fromisoformat("2030-05-10T12:00+00:00")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('basis: "assumption, no source"\n', "", r"numbers in this block has a basis; add `basis:`"),
        ("confidence: low\n", "", r"numbers in this block has a confidence; add `confidence:`"),
        ("cover_rate: 0.5", "cover_rate: 1.5", r"gazette.cover_rate: must be at most 1 \(found 1.5\)"),
        ("cover_rate: 0.5", "cover_rate: {dist: uniform, min: 0.5, max: 2}", r"cover_rate: .*must be at most 1"),
        ("look_back: P3D", "look_back: 3", r"look_back: .*has no unit"),
        ("{attack: 0.5}", "{attak: 0.5}", r"'attak' is no event type; did you mean 'attack'"),
        ("{default: {form: days", "{defauld: {form: days", r"'defauld' is no event type"),
        ("form: night", "form: knight", r"attack.form"),
        ("    title: War\n", "", r"sources.gazette.*title"),
    ],
)
def test_sources_are_strict_about_their_numbers_and_words(tmp_path, old, new, words):
    """Every number of a source has a basis, a confidence and a value that can be; every key is known."""
    assert old in SOURCES
    (tmp_path / "sources.yaml").write_text(SOURCES.replace(old, new, 1))
    with pytest.raises(ProblemsFound, match=words):
        load_sources(tmp_path / "sources.yaml")


def test_a_factor_of_cover_is_of_an_area_of_the_scenario(read, tmp_path):
    """An area that the scenario does not have is refused where the sources name it; a batch's own copy is read."""
    scenario = SimpleNamespace(
        sides={"red": 1, "blue": 2}, places={"town": 1}, areas={"hills": ("town",), "plain": ("town",)},
        observation=SimpleNamespace(claimants={}),
    )  # fmt: skip
    own = SOURCES.replace("    dating:", "    cover_by_area: {plane: 0.5}\n    dating:")
    assert read(scenario=scenario).claims
    for sources, words in (
        (SOURCES.replace("{hills: 0.7}", "{hils: 0.7}"), r"yaml:4:17: cover_by_area.hils: no area 'hils' in .*'hills'"),
        (own, r"sources.gazette.cover_by_area.plane: no area 'plane' in the scenario; did you mean 'plain'"),
    ):
        with pytest.raises(ProblemsFound, match=words):
            read(scenario=scenario, sources=sources)
        assert load_reported(tmp_path / "reported.yaml", scenario, kept=True).claims
        assert load_sources(tmp_path / "sources.yaml").sources


# --- the reference timeline -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def timeline():
    return load_reported(REFERENCE / "reported.yaml")


def test_the_reference_timeline_keeps_to_its_horizon(timeline):
    """Nothing is known after the last article, and nothing is dated after the article that tells it."""
    for claim in timeline.claims.values():
        source = timeline.printed_by.sources[claim.source]
        assert claim.time.end <= timeline.horizon
        assert claim.time.start < source.published_at
    assert timeline.printed_by.last_published() <= timeline.horizon


def test_headline_events_are_a_dozen_and_each_says_why(timeline):
    """About a dozen events decide; each is told by one claim that asserts it, in a type the model knows."""
    headline = timeline.headline()
    assert 10 <= len(headline) <= 15
    for event_id, claim_id in headline.items():
        claim = timeline.claims[claim_id]
        assert claim.event_id == event_id
        assert timeline.events[event_id].why
        assert claim.statement == "asserts"
        assert claim.event.type in EVENT_TYPES
        assert claim.event.where


def test_grades_follow_from_the_status(timeline):
    """A corroborated claim is probably true, a disputed one doubtful, any other cannot be judged."""
    allowed = {"corroborated": {2}, "disputed": {4}, "claimed": {6}, "refuted": {5}}
    for claim_id, claim in timeline.claims.items():
        assert claim.credibility in allowed[claim.status], claim_id
        assert claim.verified <= (claim.status == "corroborated"), claim_id


def test_windows_are_no_wider_than_their_dating_rule(timeline):
    """A window spans what the words allow, cut at the publication: a day, a weekend, so many hours or days."""
    for claim_id, claim in timeline.claims.items():
        rule = timeline.dating_rules[claim.time.rule]
        span = claim.time.end - claim.time.start
        longest = {
            "day": 2 if claim.time.rule == "said-then" else 1, "night": 0.5, "weekend": 2, "week": 7,
            "days": rule.count, "days_before_print": rule.count, "hours_before_print": rule.count / 24 + 1,
        }[rule.form]  # fmt: skip
        if claim.time.rule in {"between-bounds", "said-then"}:  # the bounds of what was said stand in `how`
            longest = 10
        assert timedelta(0) < span <= timedelta(days=longest), claim_id
        if rule.form == "weekend":
            assert (claim.time.start.weekday(), span.days) == (5, 2), claim_id
        if rule.form == "week":
            assert (claim.time.start.weekday(), span.days) == (0, 7), claim_id


def test_what_one_sentence_tells_has_one_window(timeline):
    """The pass held and its losses are of the same 40 hours; attacks among others are dated as these are."""
    for told in (("S3-17", "S3-18", "S3-18-wounded", "S3-19"), ("S4-20", "S4-21", "S4-22")):
        windows = [timeline.claims[claim_id].time for claim_id in told]
        assert len({(window.start, window.end) for window in windows}) == 1
    forty = timeline.claims["S3-17"].time
    assert forty.end - forty.start == timedelta(hours=timeline.dating_rules[forty.rule].count)


def test_what_somebody_intends_is_dated_to_the_saying(timeline):
    """A threat is as old as its telling: no later than the article, whose tolerance is not the threat's."""
    for claim in timeline.claims.values():
        if claim.statement == "intends":
            assert claim.time.end <= timeline.printed_by.sources[claim.source].published_at


def test_a_video_without_a_date_corroborates_no_day(timeline):
    """A parade shows presence; that the town was held is as disputed as by the claim that it was taken."""
    assert timeline.claims["S0-16"].status == timeline.claims["S0-04"].status == "disputed"


def test_sources_date_simulated_claims_by_the_rules_of_reported_ones(timeline):
    """The words that a source uses for an event type are those by which a claim of the timeline was dated."""
    rules = {(rule.form, rule.count) for rule in timeline.dating_rules.values()}
    for key, source in timeline.printed_by.sources.items():
        for event_type, dating in source.dating.items():
            used = {
                (rule.form, rule.count)
                for claim in timeline.claims.values()
                if claim.source == key and event_type in {"default", claim.event.type}
                for rule in (timeline.dating_rules[claim.time.rule],)
            }
            assert (dating.form, dating.count) in (used or rules), (key, event_type)


def test_contradictions_stand_beside_each_other(timeline):
    """Who began, who holds the road, whether the valley is cut off: rival claims share an event, none is averaged."""
    by_event = {}
    for claim in timeline.claims.values():
        by_event.setdefault(claim.event_id, []).append(claim)
    actors = {claim.event.actor for claim in by_event["valley-first-attack"]}
    assert {"nrf", "tb"} <= actors
    assert {claim.statement for claim in by_event["valley-first-attack"]} == {"asserts", "denies"}
    assert {claim.event.type for claim in by_event["salang-road"]} >= {"control_state", "attack"}
    assert {claim.statement for claim in by_event["valley-blackout"]} == {"asserts", "denies"}


def test_copies_of_the_reference_timeline_weigh_together(timeline):
    """An utterance told twice is one group, so some groups hold several claims and most hold one."""
    groups = [claim.claim_group_id for claim in timeline.claims_for(timeline.horizon)]
    assert 4 <= len(groups) - len(set(groups)) <= 12


@pytest.mark.parametrize("name", ["reported.yaml", "sources.yaml", "references.yaml", "coverage.csv"])
def test_nothing_is_cited_by_address(name):
    """Sources are named by author, title, outlet and date, never by the address of a copy."""
    text = (REFERENCE / name).read_text()
    assert "http" not in text
    assert "www." not in text


def test_the_published_schema_is_current_and_accepts_the_reference_timeline():
    """An editor with the schema beside the scenarios finds nothing wrong in the timeline, but a wrong word."""
    schema = json.loads((SCENARIOS / "reported.schema.json").read_text())
    assert schema | ReportedTimeline.model_json_schema(by_alias=True) == schema, "sim schema reported > this file"
    data = read_yaml(REFERENCE / "reported.yaml").data
    jsonschema.validate(data, schema)
    data["claims"]["S0-04"]["status"] = "certain"
    with pytest.raises(jsonschema.ValidationError, match="'certain' is not one of"):
        jsonschema.validate(data, schema)


# --- references -------------------------------------------------------------------------------------


def test_references_hold_every_published_factor():
    """Every row of the published factors can be cited, with its mark and confidence."""
    references = load_references(REFERENCE / "references.yaml")
    rows = {"A": 31, "B": 32, "C": 22, "D": 19, "E": 27, "F": 26, "G": 30}
    wanted = {f"{letter}{number}" for letter, last in rows.items() for number in range(1, last + 1)}
    assert wanted <= references.factors.keys()
    assert {f"EV{number:02}" for number in range(1, 39)} <= references.context.keys()
    for key, factor in references.factors.items():
        ordered = [value for value in (factor.low, factor.mode, factor.high) if value is not None]
        assert ordered == sorted(ordered), key
        assert (len(ordered) == 3) != (factor.values is not None), key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("factors: {A1: {what: x, unit: h, from: [Nowher], mark: S, confidence: A}}\n"
         "publications: {Nowhere: {author: a, title: b, outlet: c}}\n", "A1.from: no publication 'Nowher'; did you"),
        ("context: {K: {what: x, from: y, confidence: A}}\ngeography: {K: {what: x, from: y, confidence: A}}\n",
         "geography.K: the key is given among the context too"),
        ("factors: {A1: {what: x, unit: h, mark: X, confidence: A}}\n", "factors.A1.mark"),
    ],
)  # fmt: skip
def test_a_reference_means_one_thing_and_names_what_exists(tmp_path, text, words):
    """A factor names publications of the same file; no key stands in two kinds."""
    (tmp_path / "references.yaml").write_text(text)
    with pytest.raises(ProblemsFound, match=words):
        load_references(tmp_path / "references.yaml")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("end: 2030-05-10T00:00+00:00", "end: 2030-05-10T06:00+00:00", "C1.time.rule: the window is 1.25 days wide"),
        ("start: 2030-05-09T00:00+00:00", "start: 2030-05-09T06:00+00:00", None),
        ("end: 2030-05-10T00:00+00:00", "end: 2030-05-10T00:30+00:00", "1.02 days wide; prec 1 allows at most 1 day"),
        (
            "start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00",
            "start: 2030-05-09T12:00+00:00, end: 2030-05-10T06:00+00:00",
            "runs over more than one day",
        ),
        ("form: day,", "form: night,", "1 days wide; the rule 'stated-day' allows a night, 12 hours from 18:00 on"),
        (
            "start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00",
            "start: 2030-05-09T00:00+04:30, end: 2030-05-10T00:00+04:30",
            "runs over more than one day",
        ),
        ("form: day,", "form: week,", None),
        ("form: day,", "form: weekend,", "runs over more than one weekend"),
        ("form: day,", "form: days, count: 3,", None),
        ("form: day,", "form: hours_before_print, count: 12,", None),
        ("form: day,", "form: days_before_print, count: 1,", None),
        ("form: day,", "form: days_before_print, count: 2,", None),
    ],
)
def test_a_window_is_no_wider_than_its_words(read, old, new, words):
    """Windows obey their dating rule and their precision; narrower ones are fine."""
    if words is None:
        assert read((old, new)).claims
        return
    with pytest.raises(ProblemsFound, match=re.escape(words)):
        read((old, new))


@pytest.mark.parametrize(
    ("hours", "sound"),
    [
        (("2030-05-08T18:00", "2030-05-09T06:00"), True),
        (("2030-05-08T23:00", "2030-05-09T02:00"), True),
        (("2030-05-09T02:00", "2030-05-09T08:00"), False),
        (("2030-05-09T10:00", "2030-05-09T12:00"), False),
    ],
)
def test_a_night_lies_between_dusk_and_dawn(read, hours, sound):
    """What was told of a night is dated between 18:00 and 06:00."""
    told = "start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00, rule: stated-day, how: Thu"
    new = f"start: {hours[0]}+00:00, end: {hours[1]}+00:00, rule: by-night, how: Overnight"
    rule = ("dating_rules:\n", "dating_rules:\n  by-night: {form: night, text: Overnight.}\n")
    if sound:
        assert read(rule, (told, new)).claims
        return
    with pytest.raises(ProblemsFound, match="runs over more than one night"):
        read(rule, (told, new))


def test_days_are_those_of_the_horizon_whatever_offset_a_window_is_written_with(read):
    """The same two moments in another offset are the same day."""
    told = "start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00"
    assert read((told, "start: 2030-05-09T04:30+04:30, end: 2030-05-10T04:30+04:30")).claims


def test_so_many_days_are_days_of_the_calendar(read):
    """Two days from noon on are three, so a rule of two days does not allow them."""
    told = "start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00, rule: stated-day, how: Thu, prec: 1"
    noon = told.replace("05-09T00", "05-08T12").replace("05-10T00", "05-10T12").replace("prec: 1", "prec: 2")
    with pytest.raises(ProblemsFound, match="runs over more than 2 days"):
        read(("form: day,", "form: days, count: 2,"), (told, noon))
    assert read(("form: day,", "form: days, count: 3,"), (told, noon)).claims


def test_the_last_days_before_print_are_no_earlier_ones(read):
    """Two days up to print do not open three days before it, but a single day told of late is dated to itself."""
    last_two = ("form: day,", "form: days_before_print, count: 2,")
    told = "start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00, rule: stated-day, how: Thu, prec: 1"
    wide = (told, told.replace("05-09", "05-08").replace("prec: 1", "prec: 2"))
    with pytest.raises(ProblemsFound, match=r"opens before 2030-05-09T00:00:00\+00:00"):
        read(last_two, wide)
    late = (told, told.replace("05-09", "05-08").replace("05-10", "05-09"))
    assert read(last_two, late).claims


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("status: disputed", "status: refuted\n    verified: true", "C2.verified: a claim cannot be both"),
        ("status: claimed", "status: refuted", "C1.score: a refuted claim is no headline"),
    ],
)
def test_labels_do_not_contradict_each_other(read, old, new, words):
    """What is verified is not refuted, and what is refuted decides nothing."""
    with pytest.raises(ProblemsFound, match=re.escape(words)):
        read((old, new))


def test_a_copy_of_what_is_held_out_is_held_out_too(read):
    """Tuning would see an utterance by its copy, so a list names all copies or none."""
    changes = [
        ("sources: sources.yaml\n", "sources: sources.yaml\nholdout: {claims: [C2], why: Late.}\n"),
        ("    claimant: speaker\n", "    claim_group_id: copies\n    claimant: speaker\n"),
    ]
    with pytest.raises(ProblemsFound, match="'C1' is a copy of an utterance that is held out"):
        read(*changes)


def test_a_copy_may_name_its_utterance_by_the_claim_that_it_copies(read):
    """A claim without a group is the utterance of its own id: a hold-out of the copy alone would leak it."""
    changes = [
        ("sources: sources.yaml\n", "sources: sources.yaml\nholdout: {claims: [C2], why: Late.}\n"),
        ("claim_group_id: copies", "claim_group_id: c1"),
        ("  C1:\n", "  c1:\n"),
    ]
    with pytest.raises(ProblemsFound, match="'c1' is a copy of an utterance that is held out"):
        read(*changes)
    told = read(*changes[1:])
    assert told.first_copies() == {"c1": "c1", "C2": "c1"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("type: recapture", "type: attack", "C2.event.type: the type differs from that of 'C1', a copy"),
        ("actor: blue, where", "actor: blue, target: red, where", "C2.event.target: the target differs"),
        (
            "status: disputed",
            "measure: {whose: red, what: killed, best: 4}\n    status: disputed",
            "C2.measure.best: the",
        ),
        ("status: disputed", "measure: {whose: red, what: wounded, best: 4}\n    status: disputed", None),
        ("where: town, occurrence", "where: [town, hill], occurrence", None),
    ],
)
def test_copies_tell_of_one_event_what_the_first_tells(read, old, new, words):
    """Of one event, copies of an utterance name the same deed, doer, victim and number; the place may be wider."""
    one = [
        ("event_id: town-taken", "event_id: town-lost\n    claim_group_id: copies"),
        ("type: capture, actor: red, target: blue", "type: recapture, actor: blue"),
        ("  town-taken: {label: The town taken, why: It is what the war is about.}\n", ""),
        ("label: The town lost again", "label: The town lost again, why: It is what the war is about."),
        (", occurrence: next_after, next_after: town-taken}", ", occurrence: first}"),
        ("status: claimed", "measure: {whose: red, what: killed, best: 3}\n    status: claimed"),
    ]
    text = TIMELINE
    for before, after in one:
        assert before in text
        text = text.replace(before, after, 1)
    head, tail = text.split("  C2:\n")
    changes = [(TIMELINE, f"{head}  C2:\n{tail.replace(old, new)}")]
    assert old in tail
    if words is None:
        assert read(*changes).claims
        return
    with pytest.raises(ProblemsFound, match=words):
        read(*changes)


def test_of_a_disputed_claim_the_file_shows_who_says_otherwise(read):
    """A claim that contradicts it, or a note; the label alone would be nobody's word."""
    silent = ("    note: The other side says that it was never lost.\n", "")
    with pytest.raises(ProblemsFound, match=r"C2.status: disputed, but no claim of the file contradicts it"):
        read(silent)
    same_day = ("start: 2030-05-09T00:00+00:00, end: 2030-05-10T00:00+00:00, rule: stated-day, how: Thu",
                "start: 2030-05-10T00:00+00:00, end: 2030-05-10T12:00+00:00, rule: stated-day, how: Fri")  # fmt: skip
    alone = (", occurrence: next_after, next_after: town-taken}", "}")
    assert read(silent, same_day, alone).claims


def test_a_group_of_a_single_claim_is_worth_a_look_and_no_error(read, tmp_path):
    """It may be a misspelt name of a group that has others."""
    (remark,) = remarks_on(read(), tmp_path / "reported.yaml")
    assert str(remark).endswith("C2.claim_group_id: no other claim is of the utterance 'copies'; "
                                "remove it if the utterance has no copies")  # fmt: skip
    near = ("event_id: town-taken", "event_id: town-taken\n    claim_group_id: copie")
    assert "did you mean 'copies'" in str(remarks_on(read(near), tmp_path / "reported.yaml")[0])
