"""Marches against the sums along their ways, and stocks against stock over rate: exact to the second."""

from __future__ import annotations

from collections.abc import Iterator

from sim.domain import facts as f
from sim.domain.terms import DAY, GRAMS_PER_KG, HOUR
from sim.verification.agreement import Row, largest
from sim.verification.stage import NORTH, ground, lose, order, play, send_home

_MARCHES, _STOCKS = 150, 150
_LEGS = ("L1", "L3", "L4")
_ALL_NORTHERN = (send_home("southerners@plain"), lose("plain", "north"))


def marches(seed: int) -> Iterator[Row]:
    """Yield by how much columns miss the sum of the times of their legs, with and without nights."""
    drawn = [f"legs.{leg}.travel_time_h_foot={{dist: uniform, min: 1, max: 20}}" for leg in _LEGS]
    for hours, what in ((24, "without nights"), (8, "with nights, 8 hours a day")):
        on = ground(
            *drawn,
            "movement.time_factor={dist: uniform, min: 0.5, max: 2}",
            f"movement.march_hours_per_day.foot={hours}",
        )
        off_s = []
        for replication in range(_MARCHES):
            hands = (*_ALL_NORTHERN, order(NORTH, "inn", "garrison"))
            facts = play(*hands, on=on, seed=seed, replication=replication).facts
            values = next(dict(fact.values) for fact in facts if isinstance(fact, f.RunStarted))
            factor = values["movement.time_factor"]
            march_s = sum(int(values[f"legs.{leg}.travel_time_h_foot"] * factor * HOUR) for leg in _LEGS)
            nights = (march_s - 1) // (hours * HOUR)
            expected = march_s + nights * (24 - hours) * HOUR
            [arrived_s] = [fact.time_s for fact in facts if isinstance(fact, f.ForceArrived) and fact.place == "inn"]
            off_s.append(float(arrived_s - expected))
        yield Row(
            "marching",
            f"arrival after three legs, {what}: largest deviation from their sum",
            "s",
            0.0,
            largest(off_s),
            "exact",
            "sum over the way",
        )


def stocks(seed: int) -> Iterator[Row]:
    """Yield by how much the moment at which a garrison has eaten everything misses stock over rate."""
    on = ground(
        "forces.northerners.strength={dist: uniform, min: 10, max: 3000}",
        "forces.northerners.stocks.food_days={dist: uniform, min: 1, max: 25}",
        "supply.food_kg_per_person_day.rest={dist: uniform, min: 0.3, max: 1}",
    )
    off_s = []
    for replication in range(_STOCKS):
        facts = play(on=on, seed=seed, replication=replication).facts
        values = next(dict(fact.values) for fact in facts if isinstance(fact, f.RunStarted))
        raised = next(fact for fact in facts if isinstance(fact, f.ForceRaised) and fact.place == "gate")
        # a garrison eats whole grams a day
        rate_g_per_day = int(raised.fit * values["supply.food_kg_per_person_day.rest"] * GRAMS_PER_KG)
        gone_s = [fact.time_s for fact in facts if isinstance(fact, f.StockExhausted) and fact.place == "gate"]
        off_s.append(gone_s[0] - raised.food_g / rate_g_per_day * DAY)
    yield Row(
        "stocks",
        "moment at which the food of a garrison is gone: largest deviation from stock over rate",
        "s",
        0.0,
        largest(off_s),
        "exact",
        "stock over rate",
        tolerance=1.0,
    )
