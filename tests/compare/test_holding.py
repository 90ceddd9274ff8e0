"""Control by place and day, only where a claim speaks of it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sim.compare.holding import cells, held, holdings
from sim.domain.claims import Claim, Event, Window
from sim.domain.terms import DAY
from sim.observation import facts_table, read_history
from tests.compare.test_compare import campaign
from tests.observation.toy import scenario

HORIZON = 20 * DAY


def claim(number: int, actor: str, where: tuple[str, ...], first: float, last: float, **more: str) -> Claim:
    kind = more.pop("type", "capture")
    window = Window("moment", round(first * DAY), round(last * DAY), "rule", 1)
    settings = {"status": "claimed", "statement": "asserts", **more}
    return Claim(
        f"c{number}", f"e{number}", f"c{number}", "x", "", "s", event=Event(kind, actor, "", where), window=window,
        score="claims", **settings,
    )  # fmt: skip


def history(*days: float | None):
    tables = [facts_table(campaign(day).facts, number) for number, day in enumerate(days)]
    return read_history(pa.concat_tables(tables), scenario(), list(range(len(days))), list(range(len(days))))


def test_a_claim_is_carried_for_so_many_days():
    """The end of the window and seven days after it, each with its age; none beyond the horizon."""
    theatre = history(3.0).theatre
    found, _ = cells([claim(1, "red", ("ford",), 3, 4)], theatre, HORIZON)
    assert [cell.time_s // DAY for cell in found] == list(range(4, 12))
    found, _ = cells([claim(1, "red", ("ford",), 17, 18)], theatre, HORIZON)
    assert [cell.time_s // DAY for cell in found] == [18, 19, 20]


def test_a_later_claim_by_another_side_ends_the_carrying():
    """What is said of a place holds until somebody else is said to have come."""
    theatre = history(3.0).theatre
    found, contradicted = cells([claim(1, "red", ("ford",), 3, 4), claim(2, "blue", ("ford",), 6, 7)], theatre, HORIZON)
    red = [cell.time_s // DAY for cell in found if cell.claim_id == "c1"]
    assert red == [4, 5]
    assert contradicted == {3: 0, 1: 0, 7: 0}


def test_claims_that_contradict_each_other_are_left_out():
    """Both sides claim the ford on the same days: neither is scored, and the days are counted."""
    theatre = history(3.0).theatre
    found, contradicted = cells([claim(1, "red", ("ford",), 3, 4), claim(2, "blue", ("ford",), 3, 4)], theatre, HORIZON)
    assert found == []
    assert contradicted[3] > 0


def test_denials_refuted_claims_and_any_of_several_places_say_nothing_of_control():
    """Only what asserts control of every place it names counts."""
    theatre = history(3.0).theatre
    quiet = [
        claim(1, "red", ("ford",), 3, 4, statement="denies"),
        claim(2, "red", ("ford",), 3, 4, status="refuted"),
        claim(3, "red", ("ford", "keep"), 3, 4),
        claim(4, "", ("ford",), 3, 4),
        claim(5, "red", ("ford",), 3, 4, type="attack"),
    ]
    assert cells(quiet, theatre, HORIZON) == ([], {3: 0, 1: 0, 7: 0})


def test_the_score_is_the_mean_over_places_of_the_mean_over_days():
    """Held in one of two campaigns on every day: (1 - 1.5 / 3)^2; the front that never moves is one forecast."""
    known = history(3.0, None)
    said = [claim(1, "red", ("ford",), 3, 4), claim(2, "blue", ("keep",), 0, 1)]
    found, contradicted = cells(said, known.theatre, HORIZON)
    so = held(found, known)
    rows = holdings(found, contradicted, so, np.empty((0, 2), dtype=bool), known.theatre)
    assert [row.carried_days for row in rows] == [3, 1, 7]
    assert rows[0].places == 2
    assert rows[0].days == 8
    assert rows[0].brier == pytest.approx(((1 - 1.5 / 3) ** 2 + (1 - 2.5 / 3) ** 2) / 2)
    assert rows[0].still == pytest.approx(((1 - 0.5 / 2) ** 2 + (1 - 1.5 / 2) ** 2) / 2)


def test_what_was_told_of_the_time_before_the_campaign_is_carried_into_it():
    """A window that ended a day and a half before the start leaves what is left of its carrying."""
    theatre = history(3.0).theatre
    found, _ = cells([claim(1, "red", ("ford",), -3, -1.5)], theatre, HORIZON)
    assert [cell.carried_days for cell in found] == [2, 3, 4, 5, 6, 7]
    assert all(cell.time_s >= 0 for cell in found)
