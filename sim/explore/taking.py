"""What happens in campaigns about which nothing was reported: who takes which place."""

from __future__ import annotations

import numpy as np

from sim.compare import EventRow
from sim.compare.blocks import blocks_of
from sim.compare.matching import FACTS, Questions, answered, joined, row
from sim.compare.readings import FactReading
from sim.compare.spans import Batch, histories
from sim.domain.claims import Claim, Event, Window
from sim.scenario.schema import Scenario


def changes_of_hands(batch: Batch) -> tuple[EventRow, ...]:
    """Return for each place when it is first taken by somebody, within the whole simulated stretch.

    Raises:
        InputError: If no replication is finished.
    """
    scenario = batch.scenario
    head = scenario.scenario
    end_s = round((head.end - head.start).total_seconds())
    claims = [_taken(place, scenario, end_s) for place in scenario.places]
    parts = []
    for history in histories(batch, scenario):
        ask = Questions(FactReading(history), FACTS, claims, history.theatre.into_day_s)
        parts.append([ask.ask(claim) for claim in claims])
    questions = [joined(one) for one in zip(*parts, strict=True)]
    blocks = blocks_of(questions[0].draws if questions else np.empty(0, dtype=np.int64))
    return tuple(row(answered(one, end_s, blocks), end_s, {}, given=False) for one in questions)


def _taken(place: str, scenario: Scenario, end_s: int) -> Claim:
    name = scenario.places[place].name
    return Claim(
        claim_id=place, event_id=place, claim_group_id=place, claimant="", relayed_by="", source="",
        statement="asserts", event=Event("capture", where=(place,)), window=Window("moment", 0, end_s, "", 5),
        score="headline", label=f"{name} is taken",
    )  # fmt: skip
