"""Windows of simulated claims follow the same dating rules as those of reported ones."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.claims import Coarsening, Form
from sim.domain.terms import DAY
from sim.observation.dating import windows


@given(
    form=st.sampled_from(get_args(Form)),
    count=st.integers(1, 12),
    start=st.sampled_from(["2030-06-01T00:00+02:00", "2030-06-05T17:45+04:30", "2031-01-01T06:00+00:00"]),
    moments=st.lists(st.tuples(st.integers(-3 * DAY, 40 * DAY), st.integers(0, 5 * DAY)), min_size=1, max_size=20),
)
def test_many_moments_are_coarsened_as_one_by_one(form, count, start, moments):
    """Coarsening many moments at once gives the windows that each would get alone."""
    words, origin = Coarsening(form, count), datetime.fromisoformat(start)
    time_s = np.array([moment for moment, _ in moments])
    printed_s = np.array([moment + later for moment, later in moments])
    low, high = windows(words, time_s, printed_s, origin)
    alone = [words.window(t, p, origin) for t, p in zip(time_s.tolist(), printed_s.tolist(), strict=True)]
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == alone
