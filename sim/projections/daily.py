"""The sides day by day: strength, losses, supplies and places at the end of each simulated day.

``DailySampler`` watches a run as it is recorded; ``daily_from_log`` folds a stored log and gives the same
rows. Days are counted from 0; the row of a day is the state after the last fact of that day, or after the
last fact of all where the day goes on beyond the horizon.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.domain.facts import Fact, RunStarted
from sim.domain.fold import apply
from sim.domain.state import HILLS, Books, State, stock_at
from sim.domain.terms import DAY, GRAMS_PER_KG
from sim.store.tables import DailyRow


class DailySampler:
    """Takes a sample of the state at the end of each day; called with each fact before it is applied."""

    def __init__(self, duration_s: int) -> None:
        self._duration_s = duration_s
        self._ends_s = min(DAY, duration_s)
        self._rows: list[DailyRow] = []
        self._day = 0

    def __call__(self, fact: Fact, state: State) -> None:
        """Sample every day that was over before this fact, from the state without it."""
        if fact.time_s > self._ends_s:
            self._sample(state, fact.time_s)

    def rows(self, state: State) -> list[DailyRow]:
        """Return the rows of all days, by day and side; ``state`` is that after the last fact."""
        self._sample(state, self._duration_s + 1)
        return self._rows

    def _sample(self, state: State, before_s: int) -> None:
        while self._ends_s < before_s and self._day * DAY < self._duration_s:
            self._rows += sides_at(state, self._ends_s, self._day)
            self._day += 1
            self._ends_s = min((self._day + 1) * DAY, self._duration_s)


def sides_at(state: State, time_s: int, day: int) -> list[DailyRow]:
    """Return a row for each side that the state knows, at a moment not before its last fact."""
    held = dict.fromkeys(sorted(state.sides), 0)
    food = dict.fromkeys(held, 0)
    ammunition = dict.fromkeys(held, 0)
    for place in state.places.values():
        if place.holder:
            held[place.holder] = held.get(place.holder, 0) + 1
        for side, stock in place.stocks.items():
            food[side] = food.get(side, 0) + stock_at(stock, time_s)
            ammunition[side] = ammunition.get(side, 0) + stock.ammunition_g
    fit = dict.fromkeys(held, 0)
    in_hills = dict.fromkeys(held, 0)
    for force in state.forces.values():
        fit[force.side] = fit.get(force.side, 0) + force.fit
        if force.posture == HILLS:
            in_hills[force.side] = in_hills.get(force.side, 0) + force.fit
    rows = []
    for side in sorted({*held, *food, *fit}):
        books = state.sides.get(side) or Books()
        rows.append(
            DailyRow(
                day=day,
                side=side,
                fit=fit.get(side, 0),
                in_hills=in_hills.get(side, 0),
                wounded=books.wounded,
                killed_so_far=books.killed,
                captured_so_far=books.captured,
                deserted_so_far=books.deserted,
                food_kg=food.get(side, 0) // GRAMS_PER_KG,
                ammunition_kg=ammunition.get(side, 0) // GRAMS_PER_KG,
                places_held=held.get(side, 0),
            )
        )
    return rows


def daily_from_log(facts: Iterable[Fact]) -> list[DailyRow]:
    """Return the rows of a log, by folding it again: those that a sampler took while it was recorded.

    Raises:
        ValueError: If the log is empty or does not begin with RunStarted.
    """
    state = State()
    sampler: DailySampler | None = None
    for fact in facts:
        if sampler is None:
            if not isinstance(fact, RunStarted):
                raise ValueError(f"a log begins with RunStarted, not with {fact.kind}")
            sampler = DailySampler(fact.duration_s)
        sampler(fact, state)
        apply(state, fact)
    if sampler is None:
        raise ValueError("there is no fact in this log")
    return sampler.rows(state)
