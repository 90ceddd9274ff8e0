"""Rules of claims: what words do to the date of an event."""

from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.claims import COUNTED_TYPES, EVENT_TYPES, Claim, Coarsening, Event, Form, Window
from sim.domain.terms import DAY, HOUR

START = datetime.fromisoformat("2030-05-06T06:00+02:00")  # a Monday
MIDNIGHT = -6 * HOUR
FORMS = Form.__args__


@given(
    form=st.sampled_from(FORMS),
    count=st.integers(1, 60),
    time_s=st.integers(0, 30 * DAY),
    later_s=st.integers(0, 10 * DAY),
)
def test_words_keep_the_moment_and_never_reach_beyond_the_telling(form, count, time_s, later_s):
    """Whatever the words, the window holds the moment, opens no earlier than the war and is shut when it is told."""
    low, high = Coarsening(form, count).window(time_s, time_s + later_s, START)
    assert 0 <= low <= time_s <= high <= time_s + later_s


@pytest.mark.parametrize(
    ("form", "count", "time_s", "low", "high"),
    [
        ("exact", 1, 3 * DAY, 3 * DAY, 3 * DAY),
        ("day", 1, 3 * DAY, MIDNIGHT + 3 * DAY, MIDNIGHT + 4 * DAY),
        ("days", 2, 3 * DAY, MIDNIGHT + 2 * DAY, MIDNIGHT + 4 * DAY),
        ("night", 1, MIDNIGHT + 3 * DAY + 2 * HOUR, MIDNIGHT + 3 * DAY - 6 * HOUR, MIDNIGHT + 3 * DAY + 6 * HOUR),
        ("night", 1, MIDNIGHT + 3 * DAY + 12 * HOUR, MIDNIGHT + 3 * DAY, MIDNIGHT + 4 * DAY),
        ("weekend", 1, MIDNIGHT + 6 * DAY + HOUR, MIDNIGHT + 5 * DAY, MIDNIGHT + 7 * DAY),
        ("weekend", 1, MIDNIGHT + 4 * DAY + HOUR, MIDNIGHT + 4 * DAY, MIDNIGHT + 5 * DAY),
        ("week", 1, MIDNIGHT + 9 * DAY, MIDNIGHT + 7 * DAY, MIDNIGHT + 14 * DAY),
        ("hours_before_print", 40, 20 * DAY - 30 * HOUR, 20 * DAY - 40 * HOUR, 20 * DAY),
        ("hours_before_print", 40, 20 * DAY - 3 * DAY, MIDNIGHT + 17 * DAY, MIDNIGHT + 18 * DAY),
        ("days_before_print", 3, 19 * DAY, MIDNIGHT + 18 * DAY, 20 * DAY),
    ],
)
def test_words_mean_what_a_reader_takes_them_for(form, count, time_s, low, high):
    """A day is a local day, a weekend Saturday and Sunday; words that do not fit the moment mean its day."""
    assert Coarsening(form, count).window(time_s, 20 * DAY, START) == (low, high)


def test_a_window_that_opens_at_the_start_does_not_reach_into_what_came_before():
    """An event of the first hour, told with a day, opens at the start of the campaign."""
    assert Coarsening("day").window(HOUR, DAY, START) == (0, DAY - 6 * HOUR)


def test_a_claim_survives_the_way_to_json_and_back():
    """A claim is plain data."""
    claim = Claim(
        "c1", "e1", "g1", "spokesman", "", "paper", "asserts",
        Event("capture", actor="a", where=("p",), quantifier="all"), Window("moment", -5, 10, "day: said so", 1),
    )  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(claim), type=Claim) == claim
    assert claim.window.middle_s == 2


def test_every_counted_type_is_an_event_type():
    """What asks how many is among what can be claimed."""
    assert not COUNTED_TYPES - EVENT_TYPES.keys()
