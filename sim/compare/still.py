"""A world in which nothing happens: the front never moves, and states stay as they were."""

from __future__ import annotations

from collections.abc import Sequence

from sim.compare.matching import FACTS, Question, Questions
from sim.compare.readings import FactReading
from sim.domain.claims import Claim
from sim.observation import facts_table, read_history
from sim.scenario.schema import Scenario


def still_dates(scenario: Scenario, claims: Sequence[Claim], questions: Sequence[Question]) -> list[float]:
    """Return when what each question asks is so in a world in which nothing moves: infinite for never."""
    reading = FactReading(read_history(facts_table([], 0), scenario, [0], [0]))
    ask = Questions(reading, FACTS, claims, reading.theatre.into_day_s)
    return [float(ask.ask(question.claim).times_s[0]) for question in questions]
