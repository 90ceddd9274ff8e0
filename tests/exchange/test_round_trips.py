"""Both ways and back again: from a file of events to claims and back, and from claims to a file and back."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import load_scenario, open_batch
from sim.domain.claims import COUNTED_TYPES, EVENT_TYPES
from sim.domain.claims import COUNTS as COUNTED
from sim.errors import InputError, ProblemsFound
from sim.exchange.exporting import export
from sim.exchange.gazetteer import of_scenario
from sim.exchange.importing import read_events, write_timeline
from sim.exchange.kept import kept_beside
from sim.exchange.simulated import printed
from sim.exchange.told import Outlet, Told, all_told, rule
from sim.observation import observe
from sim.scenario.reported import Happening, HowMany, NamedClaimant, ReportedClaim, When, load_reported
from tests.exchange.conftest import DATA, FORMS, Changed, rows_of

SCENARIO = next((Path(__file__).parents[2] / "scenarios").glob("*/reported.yaml")).with_name("scenario.yaml")


def unheadlined(one: Told) -> Told:
    """Return a claim as an import gives it: which claims decide is for a person to say."""
    claim = one.claim.model_copy(update={"score": "claims"}) if one.claim.score == "headline" else one.claim
    return one.model_copy(update={"claim": claim})


def there_and_back(told: list[Told], form: str, folder: Path) -> list[Told]:
    """Write claims as a file, import it, write it down as YAML and read that again."""
    path = folder / "file.csv"
    path.write_text(export(told, form, "A war").text, encoding="utf-8", newline="")
    write_timeline(read_events(path), folder / "made", path.name, scenario=None, force=False)
    return all_told(load_reported(folder / "made" / "reported.yaml"))


@pytest.mark.parametrize("form", FORMS)
def test_a_file_comes_back_cell_by_cell(tmp_path: Path, form: str) -> None:
    """Imported and exported again, a file is the same to the byte, with all that claims have no place for."""
    write_timeline(read_events(DATA / f"{form}.csv"), tmp_path, "file.csv", scenario=None, force=False)
    timeline = tmp_path / "reported.yaml"
    made = export(all_told(load_reported(timeline)), form, "", kept=kept_beside(timeline))
    assert made.text == (DATA / f"{form}.csv").read_text(encoding="utf-8")
    assert (made.as_they_were, made.changed) == (made.rows, 0)


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_claim_is_written_as_it_now_is(tmp_path: Path, form: str) -> None:
    """A row whose claims were changed becomes a row for each; the others, and all its other columns, stay."""
    write_timeline(read_events(DATA / f"{form}.csv"), tmp_path, "file.csv", scenario=None, force=False)
    timeline = tmp_path / "reported.yaml"
    text = timeline.read_text(encoding="utf-8")
    timeline.write_text(text.replace("status: claimed", "status: corroborated", 1), encoding="utf-8")
    told = all_told(load_reported(timeline))
    again = tmp_path / "again.csv"
    made = export(told, form, "", kept=kept_beside(timeline))
    again.write_text(made.text, encoding="utf-8", newline="")
    assert made.changed == 1
    before, after = rows_of(DATA / f"{form}.csv"), rows_of(again)
    assert after[-1] == before[-1]
    for column in ("country", "source_headline" if form == "ged" else "notes"):
        assert after[0][column] == before[0][column]
    assert sorted(read_events(again).told, key=lambda one: one.id) == sorted(told, key=lambda one: one.id)


@pytest.mark.parametrize("form", FORMS)
def test_a_headline_chosen_since_changes_no_row(tmp_path: Path, form: str) -> None:
    """To choose a headline event is no change of what was claimed."""
    write_timeline(read_events(DATA / f"{form}.csv"), tmp_path, "file.csv", scenario=None, force=False)
    timeline = load_reported(tmp_path / "reported.yaml")
    told = all_told(timeline)
    told[0] = told[0].model_copy(update={"claim": told[0].claim.model_copy(update={"score": "headline"})})
    assert export(told, form, "", kept=kept_beside(tmp_path / "reported.yaml")).changed == 0


@pytest.mark.parametrize("form", FORMS)
def test_a_reported_timeline_comes_back_claim_by_claim(tmp_path: Path, form: str) -> None:
    """Ids, groups, claimants, words, windows, measures and status of every claim survive either format."""
    scenario = load_scenario(SCENARIO)
    told = all_told(load_reported(SCENARIO.with_name("reported.yaml"), scenario), scenario)
    assert there_and_back(told, form, tmp_path) == [unheadlined(one) for one in told]


@pytest.mark.parametrize("form", FORMS)
def test_columns_say_what_the_format_has_words_for(tmp_path: Path, form: str) -> None:
    """A reader who knows nothing of claims finds names, positions and days in their columns."""
    scenario = load_scenario(SCENARIO)
    told = all_told(load_reported(SCENARIO.with_name("reported.yaml"), scenario), scenario)
    sides = {key: side.name for key, side in scenario.sides.items()}
    path = tmp_path / "file.csv"
    path.write_text(export(told, form, "A war", sides=sides, gazetteer=of_scenario(scenario)).text, encoding="utf-8")
    rows = rows_of(path)
    actor, where, day = (
        ("side_a", "where_coordinates", "date_start") if form == "ged" else ("actor1", "location", "event_date")
    )
    assert {row[actor] for row in rows} == {*sides.values(), ""}
    at = {spot.name: spot for spot in scenario.places.values()}
    single = [row for row in rows if row[where] in at]
    assert single
    assert all(abs(float(row["latitude"]) - at[row[where]].lat) < 1e-6 for row in single)
    assert rows[0][day][:7] == f"{told[0].claim.time.start:%Y-%m}"


def test_no_deaths_are_written_that_nobody_asserted(tmp_path: Path) -> None:
    """A claim of another kind, a denial or an intention leaves deaths empty; zero would say that somebody counted."""
    told = [
        made("x1", kind="capture"),
        made("x2", kind="casualties", statement="denies"),
        made("x3", kind="casualties"),
    ]
    for form, column in (("ged", "best"), ("acled", "fatalities")):
        path = tmp_path / f"{form}.csv"
        path.write_text(export(told, form, "").text, encoding="utf-8")
        assert [row[column] for row in rows_of(path)] == ["", "", "5"]


def test_a_cell_and_the_claim_it_carries_must_agree(tmp_path: Path) -> None:
    """Somebody who changes a date in a spreadsheet is told, not overruled in silence."""
    path = tmp_path / "file.csv"
    text = export([made("x1", kind="capture")], "ged", "").text
    path.write_text(text.replace(",2030-05-01,2030-05-02,", ",2030-05-01,2030-05-09,"), encoding="utf-8")
    said = r":2:40: date_end: '2030-05-09', but the claim in source_article means '2030-05-02'; change it there too"
    with pytest.raises(ProblemsFound, match=said):
        read_events(path)


def test_two_rows_must_mean_the_same_by_an_id(tmp_path: Path) -> None:
    """A claimant who is somebody else in another row is refused."""
    other = made("x2").model_copy(update={"claimant": NamedClaimant(name="Somebody else")})
    path = tmp_path / "file.csv"
    path.write_text(export([made("x1"), other], "acled", "").text, encoding="utf-8")
    with pytest.raises(ProblemsFound, match=r":3:30: the claimant 'man' is not what it is in line 2; make them agree"):
        read_events(path)
    path.write_text(export([made("x1"), made("x1")], "ged", "").text, encoding="utf-8")
    with pytest.raises(ProblemsFound, match="the claim 'x1' is also in line 2"):
        read_events(path)


@pytest.mark.parametrize("form", FORMS)
def test_simulated_claims_have_the_same_form(batch: Path, tmp_path: Path, form: str) -> None:
    """What the sources of a scenario would have printed is exported in the same columns and comes back."""
    opened = open_batch(batch)
    told = printed(opened, [0, 3])
    assert {one.id[:3] for one in told} == {"r0-", "r3-"}
    assert there_and_back(told, form, tmp_path) == told


def test_simulated_claims_are_those_of_the_observation(batch: Path) -> None:
    """Every printed claim of a replication is exported once, with its words and its window."""
    from sim.exchange.simulated import printing_sources

    opened = open_batch(batch)
    scenario = opened.scenario
    seen = observe(opened.log(3), scenario, printing_sources(scenario), int(opened.manifest["seed"]), 3)
    start = scenario.scenario.start
    assert [
        (one.claim.event.type, one.claim.event.where, one.claim.claimant, one.claim.time.start)
        for one in printed(opened, [3])
    ] == [
        (
            one.claim.event.type,
            one.claim.event.where,
            one.claim.claimant,
            start + timedelta(seconds=one.claim.window.start_s),
        )
        for one in seen
    ]


def test_a_scenario_without_sources_prints_nothing(rivers_batch: Path) -> None:
    """Without sources nothing is printed, and there is nothing to export."""
    with pytest.raises(InputError, match="the scenario names no sources that print; add `sources:` to it"):
        printed(open_batch(rivers_batch), [0])


def made(claim_id: str, kind: str = "attack", statement: str = "asserts") -> Told:
    """Return a small claim."""
    zone = timezone(timedelta(hours=3, minutes=30))
    measure = HowMany(whose="b", what="killed", best=5) if kind in COUNTED_TYPES else None
    claim = ReportedClaim(
        event_id=claim_id, claimant="man", source="paper", statement=statement, status="claimed", score="claims",
        event=Happening(type=kind, actor="a", target="b", where=("ford",)), measure=measure,
        time=When(
            kind="moment", start=datetime(2030, 5, 1, tzinfo=zone), end=datetime(2030, 5, 3, tzinfo=zone), rule="day",
            how="as it says", prec=2,
        ),
    )  # fmt: skip
    printed_by = Outlet(outlet="Paper", title="News", published_at=datetime(2030, 5, 9, tzinfo=zone))
    return Told(
        id=claim_id, claim=claim, event="Something", claimant=NamedClaimant(name="A man"), source=printed_by,
        rule=rule("days", 2, "Two days."),
    )  # fmt: skip


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=30)
IDS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
FEW = st.sampled_from(["a", "b", "n1", "null", "1e5"])
CLAIM_IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,9}", fullmatch=True)
COUNTS = st.one_of(st.none(), st.integers(0, 10_000))


@st.composite
def timelines(draw: st.DrawFn) -> list[Told]:
    """Return claims of any kind and any words that hold together as a timeline."""
    zone = timezone(timedelta(minutes=draw(st.integers(-720, 840))))
    named = st.dictionaries(FEW, st.builds(NamedClaimant, name=WORDS, side=st.one_of(st.none(), FEW)), min_size=1)
    claimants, events = draw(named), draw(st.dictionaries(FEW, WORDS, min_size=1))
    begin = datetime(2030, 1, 1, tzinfo=zone)
    moments = st.integers(0, 86_400 * 40).map(lambda seconds: begin + timedelta(seconds=seconds))
    outlets = draw(st.dictionaries(FEW, st.builds(
        Outlet, outlet=WORDS, author=WORDS, title=WORDS, published_at=moments, late_s=st.integers(0, 200_000)
    ), min_size=1))  # fmt: skip
    told = []
    for claim_id in draw(st.lists(CLAIM_IDS, min_size=1, max_size=5, unique=True)):
        source = draw(st.sampled_from(sorted(outlets)))
        latest = outlets[source].published_at + timedelta(seconds=outlets[source].late_s)
        end = latest - timedelta(seconds=draw(st.integers(0, 300_000)))
        start = end - timedelta(seconds=draw(st.integers(0, 2_000_000)))
        width = (end - start) / timedelta(days=1)
        prec = draw(st.integers(next(code for code, widest in enumerate((1, 6, 7, 31), start=1) if width <= widest), 5))
        kind = draw(st.sampled_from(sorted(EVENT_TYPES)))
        counts = sorted(value for value in draw(st.tuples(COUNTS, COUNTS, COUNTS)) if value is not None)
        numbers = dict(zip(("low", "best", "high"), counts, strict=False))
        actor, target = draw(st.one_of(st.none(), FEW)), draw(st.one_of(st.none(), FEW))
        target = None if target == actor else target  # nobody does something to himself
        counted = COUNTED.get(kind, frozenset({"killed", "vehicles"}))  # a count fits its type, of whom it befell
        what = draw(st.sampled_from(sorted(counted))).replace("vehicles", "vehicles:any")
        many = HowMany(
            whose=target if target is not None and kind in COUNTED else draw(FEW), what=what,
            open=draw(st.sampled_from([None, "above", "below"])) if counts else None, **numbers,
        )  # fmt: skip
        where = tuple(draw(st.lists(IDS, max_size=3)))
        event_id, speaker = draw(st.sampled_from(sorted(events))), draw(st.sampled_from(sorted(claimants)))
        claim = ReportedClaim(
            event_id=event_id, claimant=speaker, source=source,
            status=draw(st.sampled_from(["claimed", "corroborated"])),
            statement=draw(st.sampled_from(["asserts", "denies", "intends"])),
            score=draw(st.sampled_from(["claims", "no"])),
            event=Happening(
                type=kind, actor=actor, target=target, where=where, where_prec=draw(st.integers(0, 7)),
            ),
            time=When(kind="moment", start=start, end=end, rule="rule", how=draw(WORDS), prec=prec),
            measure=many if kind in COUNTED_TYPES or draw(st.booleans()) else None,
            relayed_by=draw(st.one_of(st.none(), WORDS)), label=draw(st.one_of(st.none(), WORDS)),
            note=draw(st.one_of(st.just(""), WORDS)),
            claim_group_id=draw(st.one_of(st.none(), st.just("g"))),
            verified=draw(st.booleans()), against_interest=draw(st.booleans()),
        )  # fmt: skip
        if claim.claim_group_id is not None:  # copies of one utterance say one thing
            told_of = repr((speaker, event_id, kind, claim.event.actor, claim.event.target, claim.measure))
            group = f"g-{crc32(told_of.encode()):x}"
            claim = claim.model_copy(update={"statement": "asserts", "claim_group_id": group})
        told.append(Told(
            id=claim_id, claim=claim, event=events[event_id], claimant=claimants[speaker], source=outlets[source],
            rule=rule("days", 30, "Thirty days."),
        ))  # fmt: skip
    return told


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20, deadline=None)
@given(told=timelines())
def test_any_timeline_survives_either_format(form: str, told: list[Told]) -> None:
    """Whatever people call things and whatever is claimed, it comes back as it was."""
    with tempfile.TemporaryDirectory() as folder:
        assert there_and_back(told, form, Path(folder)) == told


@pytest.mark.parametrize("form", FORMS)
def test_a_row_without_its_claim_is_read_by_its_cells(changed: Changed, form: str) -> None:
    """Cleared of the claim it carries, a row is a row like any other."""
    carrier = "source_article" if form == "ged" else "tags"
    assert read_events(changed(form, **{carrier: ""})).told == read_events(DATA / f"{form}.csv").told
