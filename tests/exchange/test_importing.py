"""Rows of other people's events become claims by rules that say no more than the rows do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sim.errors import InputError, ProblemsFound
from sim.exchange.gazetteer import of_list
from sim.exchange.importing import Imported, read_events, write_timeline
from sim.exchange.told import Told, all_told
from sim.scenario import load_scenario
from sim.scenario.recognising import check_file
from sim.scenario.reported import load_reported
from tests.exchange.conftest import DATA, Changed
from tests.worlds import TWO_VALLEYS


def told(imported: Imported) -> dict[str, Told]:
    return {one.id: one for one in imported.told}


def test_a_row_of_ged_is_fighting_and_the_dead_of_each_side() -> None:
    """Fighting without an attacker, for GED names none; losses of a side where some are counted."""
    of = told(read_events(DATA / "ged.csv"))
    fight, dead = of["ged-700002"].claim, of["ged-700002-a"].claim
    assert (fight.event.type, fight.event.actor, fight.event.target) == ("attack", None, None)
    assert dead.measure is not None
    assert (dead.measure.whose, dead.measure.what, dead.measure.best) == ("government-of-merrow", "killed", 3)
    assert (dead.event.actor, dead.event.target) == ("tessel-front", "government-of-merrow")
    assert {one.claim.status for one in of.values()} == {"claimed"}
    assert {one.claim.statement for one in of.values()} == {"asserts"}


def test_bounds_of_all_deaths_are_those_of_a_side_only_if_all_were_of_that_side() -> None:
    """Low and high of a row are claimed for a side that had all its dead, and for no side otherwise."""
    of = told(read_events(DATA / "ged.csv"))
    alone, mixed = of["ged-700001-b"].claim.measure, of["ged-700002-b"].claim.measure
    assert alone is not None
    assert mixed is not None
    assert (alone.low, alone.best, alone.high) == (5, 7, 9)
    assert (mixed.low, mixed.best, mixed.high) == (None, 11, None)


def test_nobody_counted_is_not_nobody_died() -> None:
    """A side with zero deaths gets no claim; deaths of no known side get none either."""
    ids = set(told(read_events(DATA / "ged.csv")))
    assert "ged-700001-a" not in ids
    assert {"ged-700004", "ged-700004-a", "ged-700004-b"} & ids == {"ged-700004"}


def test_windows_are_as_wide_as_the_codes() -> None:
    """GED gives first and last day; ACLED a day, its week or its month."""
    ged, acled = told(read_events(DATA / "ged.csv")), told(read_events(DATA / "acled.csv"))
    days = {
        key: ((of[key].claim.time.end - of[key].claim.time.start) / timedelta(days=1), of[key].claim.time.prec)
        for key, of in [("ged-700001", ged), ("ged-700002", ged), ("ged-700004", ged), ("ged-700007", ged),
                        ("acled-mrw101", acled), ("acled-mrw102", acled), ("acled-mrw106", acled)]
    }  # fmt: skip
    assert list(days.values()) == [(1, 1), (5, 2), (30, 4), (365, 5), (1, 1), (7, 3), (31, 4)]


def test_nothing_is_printed_before_it_is_over() -> None:
    """A source whose date lies before the end of its event came out at the end of it."""
    for form in ("ged", "acled"):
        assert all(one.claim.time.end <= one.source.published_at for one in read_events(DATA / f"{form}.csv").told)


def test_kinds_of_acled_have_their_equivalents() -> None:
    """Who took a place is told by who of the two is the state; a clash has no attacker, a shelling has."""
    of = told(read_events(DATA / "acled.csv"))
    kinds = {key: (one.claim.event.type, one.claim.event.actor) for key, one in of.items() if key.count("-") == 1}
    army, front = "military-forces-of-merrow", "tessel-front"
    assert list(kinds.values()) == [
        ("attack", None), ("capture", front), ("recapture", army), ("attack", army), ("talks", army),
        ("capture", front),
    ]  # fmt: skip


def test_the_dead_of_an_event_bound_those_of_each_side() -> None:
    """ACLED counts all dead together, so that of each side at most so many died."""
    many = told(read_events(DATA / "acled.csv"))["acled-mrw101-2"].claim.measure
    assert many is not None
    assert (many.whose, many.best, many.high, many.open) == ("tessel-front", None, 7, "below")


def test_what_has_no_equivalent_is_left_out_and_counted() -> None:
    """Rows about people who do not fight are left out, each with its line and reason."""
    assert [line for line, _ in read_events(DATA / "acled.csv").left_out] == [9, 10, 11]
    assert [why[:18] for _, why in read_events(DATA / "ged.csv").left_out] == ["one-sided violence"]


@pytest.mark.parametrize(("form", "names"), [("ged", ("side_a", "side_b")), ("acled", ("actor1", "actor2"))])
def test_a_fight_within_a_side_is_left_out_and_counted(changed: Changed, form: str, names: tuple[str, str]) -> None:
    """Two names of one side: the simulation has no fighting within a side, so the row gives no claim."""
    path = changed(form, **dict(zip(names, ("Army of Merrow", "Police of Merrow"), strict=True)))
    found = read_events(path, sides={"Army of Merrow": "merrow", "Police of Merrow": "merrow"})
    assert (2, "both actors are of the side 'merrow': the simulation has no fighting within a side") in found.left_out


def test_places_and_sides_of_a_scenario(changed: Changed, tmp_path: Path) -> None:
    """With a scenario, rows are at its places by position or name, and its sides are named by the user."""
    scenario = load_scenario(TWO_VALLEYS)
    place, spot = next(iter(scenario.places.items()))
    first, second = list(scenario.sides)[:2]
    path = changed("ged", 0, latitude=str(spot.lat + 0.01), longitude=str(spot.lon))
    named = {"Government of Merrow": first, "Tessel Front": second}
    imported = read_events(path, scenario=scenario, sides=named)
    one, other = told(imported)["ged-700001-b"], told(imported)["ged-700002"]
    assert (one.claim.event.where, one.claim.score, one.claim.event.target) == ((place,), "claims", second)
    # Nowhere in particular would match everything everywhere: kept, but it does not count.
    assert (other.claim.event.where, other.claim.score) == ((), "no")
    assert "Ostrel town (-46.4, -30.75)" in other.claim.note
    assert imported.unplaced == sum(not one.claim.event.where for one in imported.told)
    assert "side 'Reed Militia' is none of the scenario's" in imported.left_out[-1][1]
    assert told(imported)["ged-700003"].claimant.side == second
    write_timeline(imported, tmp_path / "made", path.name, scenario=scenario, force=False)
    assert load_reported(tmp_path / "made" / "reported.yaml", scenario).horizon is not None


def test_a_province_is_at_no_place() -> None:
    """The middle of a province may lie beside a town; that does not put the event there."""
    places = of_list(DATA / "places.csv")
    of = told(read_events(DATA / "ged.csv", gazetteer=places))
    assert of["ged-700004"].claim.event.where == ("upper-merrow-province",)
    assert of["ged-700001"].claim.event.where == ("lissa",)


def test_a_side_must_be_one_of_the_scenario() -> None:
    """A side that the scenario does not have is refused with the nearest one."""
    with pytest.raises(InputError, match=r"--side Tessel Front=nobody: no side 'nobody'; known: "):
        read_events(DATA / "ged.csv", scenario=load_scenario(TWO_VALLEYS), sides={"Tessel Front": "nobody"})


def test_a_file_without_any_claim_is_refused() -> None:
    """Where no row gives a claim there is no timeline, and the reasons are told."""
    with pytest.raises(InputError, match=r"no row gives a claim \(5 rows: side 'Government of Merrow' is none of"):
        read_events(DATA / "ged.csv", scenario=load_scenario(TWO_VALLEYS))


@pytest.mark.parametrize("form", ["ged", "acled"])
def test_what_is_written_is_sound(tmp_path: Path, form: str) -> None:
    """Timeline and sources are such as `sim validate` accepts, and hold the claims that were read."""
    imported = read_events(DATA / f"{form}.csv")
    write_timeline(imported, tmp_path, "file.csv", scenario=None, force=False)
    assert check_file(tmp_path / "reported.yaml") == check_file(tmp_path / "sources.yaml") == []
    timeline = load_reported(tmp_path / "reported.yaml")
    assert all_told(timeline) == list(imported.told)
    assert timeline.headline() == {}
    assert set(of_list(tmp_path / "places.csv").places) == set(imported.places)


def test_a_timeline_is_not_replaced_unasked(tmp_path: Path) -> None:
    """A timeline that is there stays, unless somebody insists."""
    imported = read_events(DATA / "ged.csv")
    (tmp_path / "reported.yaml").write_text("mine")
    with pytest.raises(InputError, match="is there already; name another folder with -o, or give --force"):
        write_timeline(imported, tmp_path, "file.csv", scenario=None, force=False)
    assert [path.name for path in tmp_path.iterdir()] == ["reported.yaml"]
    write_timeline(imported, tmp_path, "file.csv", scenario=None, force=True)
    assert len(load_reported(tmp_path / "reported.yaml").claims) == 13


def test_nothing_is_written_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timeline that is not sound leaves the folder as it was."""
    monkeypatch.setattr("sim.exchange.importing.sources_yaml", lambda _: "sources: {}\n")
    with pytest.raises(
        ProblemsFound,
        match=r"sources\.yaml(.|\n)*so nothing was written; correct its rows; cut a file that is too large",
    ):
        write_timeline(read_events(DATA / "ged.csv"), tmp_path, "file.csv", scenario=None, force=False)
    assert list(tmp_path.iterdir()) == []
