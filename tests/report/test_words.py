from __future__ import annotations

from datetime import datetime

import pytest

from sim.compare.windows import probability
from sim.domain.terms import DAY, HOUR
from sim.report.calendar import Calendar
from sim.report.words import number, percent, with_interval

MONTH = Calendar(datetime.fromisoformat("2030-05-01T00:00+04:30"), 31 * DAY, 20 * DAY)


def test_a_share_never_stands_without_its_interval() -> None:
    """A share is written with the interval of its count."""
    assert with_interval(probability(34, 100)) == "34\u202f% (25–44)"


@pytest.mark.parametrize(("share", "words"), [(0.0, "0"), (0.004, "0.4"), (0.034, "3"), (0.996, "99.6"), (1.0, "100")])
def test_near_certainty_has_a_decimal(share: float, words: str) -> None:
    """Rare and nearly certain shares keep one decimal, so that they are not taken for never and always."""
    assert percent(share) == words


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


def test_a_forecast_begins_where_knowledge_ends() -> None:
    """A calendar has a forecast exactly if it goes on after the last thing known."""
    assert MONTH.has_forecast
    assert not Calendar(MONTH.start, 31 * DAY, 31 * DAY).has_forecast
