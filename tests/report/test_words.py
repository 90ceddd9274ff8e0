from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sim.batch import run_batch
from sim.compare.windows import probability
from sim.compare.words import around, in_percent
from sim.domain.facts import ControlChanged
from sim.domain.terms import DAY, HOUR
from sim.report.calendar import Calendar
from sim.report.gather import gather
from sim.report.page import page
from sim.report.words import grouped, isolated, joined, number, percent, several, signed, spanned, with_interval
from sim.scenario import load_scenario
from tests.report import fakes
from tests.report.test_page import data_of, markup_of
from tests.worlds import TWO_VALLEYS

MONTH = Calendar(datetime.fromisoformat("2030-05-01T00:00+04:30"), 31 * DAY, 20 * DAY)


def test_a_share_never_stands_without_its_interval() -> None:
    """A share is written with the interval of its count."""
    assert with_interval(probability(34, 100)) == "34\u202f% (25–44)"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0"), (0.004, "0.4"), (0.034, "3"), (0.996, "99.6"), (1.0, "100"), (0.0002, "0.02"), (0.99996, "99.996")],
)
def test_near_certainty_has_decimals(share: float, words: str) -> None:
    """Rare and nearly certain shares keep as many decimals as set them apart from never and always."""
    assert percent(share) == words


def test_counts_are_written_in_one_way() -> None:
    """Words that were made for a terminal have the page's thin spaces in their numbers, and keep all other commas."""
    assert (
        grouped("1,234 of 1,234,567 fled, 12,34 and 5,6789")
        == "1\u202f234 of 1\u202f234\u202f567 fled, 12,34 and 5,6789"
    )
    told = markup_of(page(replace(fakes.content(), replications=12_345)))
    assert "12\u202f345 simulated campaigns against what was reported" in told
    assert "12345" not in told
    assert "12,345" not in told


def test_what_happened_once_is_never_written_as_never() -> None:
    """Of any number of campaigns, none is 0 %, all is 100 %, and nothing between is either."""
    for n in (7, 40, 201, 1_000, 30_000):
        assert [percent(k / n) for k in (0, n)] == ["0", "100"]
        assert not {percent(k / n) for k in (1, 2, n // 2, n - 1)} & {"0", "0.0", "100", "100.0"}


def test_a_share_is_written_in_one_way() -> None:
    """A share and its interval read the same in a sentence, on a page and on the terminal but for the sign."""
    share = probability(1, 200)
    assert str(share) == with_interval(share) == "0.5\u202f% (0.1–3)"
    assert in_percent(share) == "0.5 (0.1–3)"
    assert in_percent(probability(0, 0)) == with_interval(probability(0, 0)) == "-"


def test_differences_have_a_minus_and_no_false_zero() -> None:
    """A minus is as long as a plus, zero has no sign, and an end that is not zero shows on which side of it it lies."""
    assert spanned(-0.12, -0.304, 0.002, digits=0, scale=100) == "−12 (−30 to +0.2)"
    assert spanned(0.0, float("-inf"), 1234.5) == "0 (? to +1\u202f234.5)"
    assert spanned(2.0, float("-inf"), float("inf"), unit="days") == "+2.0 days (no interval)"
    assert [signed(-0.0), signed(0.004), signed(-1.005, 1)] == ["0", "+0.004", "−1.0"]
    assert around(2.314, 2.1, 2.5, unit="nats") == "2.31 nats (2.10–2.50)"


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (0.0123, "0.0123"), (2.5, "2.5"), (1234.4, "1\u202f234"), (9_870_000, "9\u202f870\u202f000")],
)
def test_numbers_have_three_digits_and_thin_spaces(value: float, words: str) -> None:
    """Numbers are written with three significant digits, thousands apart."""
    assert number(value) == words


def test_charts_take_local_time() -> None:
    """Midnight of the scenario's own offset is midnight on the charts."""
    assert MONTH.local(0) == "2030-05-01T00:00"
    assert MONTH.offset == "UTC+04:30"


def test_windows_of_whole_days_are_written_as_dates() -> None:
    """A window from midnight to midnight names its days, any other its hours."""
    assert MONTH.window(2 * DAY, 3 * DAY) == "3 May"
    assert MONTH.window(2 * DAY, 5 * DAY) == "3 May to 5 May"
    assert MONTH.window(2 * DAY + HOUR, 3 * DAY) == "3 May 01:00 to 4 May 00:00"


def test_a_day_has_a_date_where_it_runs_from_midnight_to_midnight() -> None:
    """Days last 24 hours from the start; where that is no midnight, a day is named by the moment that ends it."""
    assert [MONTH.date(day) for day in (0, 30)] == ["Wed 1 May", "Fri 31 May"]
    assert MONTH.stamp(2) == "2030-05-03"
    morning = Calendar(MONTH.start.replace(hour=6), 3 * DAY - 6 * HOUR, 2 * DAY)
    assert [morning.date(day) for day in range(morning.days)] == [
        "the day to Thu 2 May 06:00", "the day to Fri 3 May 06:00", "the day to Sat 4 May 00:00",
    ]  # fmt: skip
    assert morning.stamp(0) == "2030-05-02T06:00"
    assert morning.on(23 * HOUR) == "2 May"
    assert morning.midnights(1) == ["2030-05-02T00:00", "2030-05-03T00:00"]


def test_the_numbers_of_a_day_are_those_of_the_moment_that_names_it(tmp_path: Path) -> None:
    """In a war that begins at six in the morning, who holds what on a day is who holds it at six the next morning."""
    scenario = load_scenario(TWO_VALLEYS)
    head = scenario.scenario
    start = head.start.replace(hour=6)
    late = scenario.model_copy(update={"scenario": head.model_copy(update={"start": start})})
    batch = run_batch(late, tmp_path / "out", replications=2, workers=1)
    content = gather(batch)
    told = data_of(page(content))["days"]
    for day in range(content.calendar.days):
        end = min(start + timedelta(days=day + 1), head.end)
        assert content.calendar.start + timedelta(seconds=content.calendar.end_s(day)) == end
        assert told[day]["date"] == f"the day to {end:%a} {end.day} {end:%b %H:%M}"
        for replication in range(2):
            held = {}
            for fact in batch.log(replication):
                if isinstance(fact, ControlChanged) and start + timedelta(seconds=fact.time_s) <= end:
                    held[fact.place] = fact.side
            [rows] = [
                {row["side"]: row["places_held"] for row in batch.daily().to_pylist()
                 if (row["replication"], row["day"]) == (replication, day)}
            ]  # fmt: skip
            assert {side: list(held.values()).count(side) for side in rows} == rows


def test_a_forecast_begins_where_knowledge_ends() -> None:
    """A calendar has a forecast exactly if it goes on after the last thing known."""
    assert MONTH.has_forecast
    assert not Calendar(MONTH.start, 31 * DAY, 31 * DAY).has_forecast


def test_a_name_from_right_to_left_leaves_the_numbers_beside_it_alone() -> None:
    """Only a name that is written from right to left is set apart; what is in Latin letters stays as it is."""
    assert isolated("Guild of the river") == "Guild of the river"
    assert isolated("\u0646\u0647\u0631") == "\u200e\u0646\u0647\u0631\u200e"


def test_things_are_counted_and_joined_as_in_a_sentence() -> None:
    """One campaign is no campaigns, and the last of a list has an and."""
    assert (several(1, "draw"), several(2_000, "draw")) == ("1 draw", "2\u202f000 draws")
    assert [joined(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
