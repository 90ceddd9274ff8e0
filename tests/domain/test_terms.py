"""Rules of units: durations are exact, and a whole is shared out to the last piece."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.terms import DAY, HOUR, format_duration, parse_duration, share_out


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT6H", 6 * HOUR),
        ("P3D", 3 * DAY),
        ("P1W", 7 * DAY),
        ("P1DT2H30M", 26.5 * HOUR),
        ("PT0.5S", 0.5),
        ("-PT1H", -HOUR),
    ],
)
def test_a_duration_is_so_many_seconds(text, seconds):
    """Weeks, days, hours, minutes and seconds of ISO 8601 have a fixed length."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "6H", "P1DT", "PT1D", "P-1D", "PT6H ", "six hours"])
def test_what_is_no_duration_is_refused(text):
    """Anything else than ISO 8601 is refused with an example."""
    with pytest.raises(ValueError, match="is not an ISO 8601 duration such as PT6H or P3D"):
        parse_duration(text)


def test_months_and_years_have_no_length():
    """A month is refused with the reason."""
    with pytest.raises(ValueError, match="months and years have no fixed length: give days"):
        parse_duration("P1M")


@given(st.floats(-1e12, 1e12).map(lambda seconds: seconds + 0.0))
def test_a_duration_is_written_so_that_it_reads_back_the_same(seconds):
    """Not a fraction of a second is lost between seconds and their text."""
    assert parse_duration(format_duration(seconds)) == seconds


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12), st.integers(0, 200_000))
def test_what_is_shared_out_adds_up(weights, total):
    """The parts of a whole add up to it exactly, and no part exceeds its weight while the whole does not."""
    parts = share_out(total, weights)
    assert sum(parts) == (total if sum(weights) else 0)
    if total <= sum(weights):
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))
