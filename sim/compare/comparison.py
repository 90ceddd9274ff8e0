"""All that a comparison says, as data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from sim.compare.credence import ClaimBelief
from sim.compare.holding import Holding
from sim.compare.ordering import Order
from sim.compare.ranking import RankTest
from sim.compare.result import EventRow, Finding, LossRow, Score, Skill
from sim.compare.silence import Silence
from sim.scenario.reported import ReportedTimeline


@dataclass(frozen=True, slots=True)
class Comparison:
    """A batch against a reported timeline.

    ``headline`` compares the headline events with printed claims and is what is scored first; ``truth``
    compares the same events with the simulated world. ``claims`` and ``claims_truth`` do both for every
    scored claim. ``ranks`` and ``orders`` are of both readings, printed claims first, where there are enough draws
    and events; ``silence`` is judged on the grid, ``control`` by place and day, ``beliefs`` claim by claim.
    ``losses`` are the claimed numbers. ``telling`` are five lines for a terminal. The
    ``replications`` belong to ``draws`` draws of the assumptions.
    """

    timeline: ReportedTimeline = field(repr=False)
    replications: int
    draws: int
    horizon_s: int
    headline: tuple[EventRow, ...]
    truth: tuple[EventRow, ...]
    claims: tuple[EventRow, ...]
    claims_truth: tuple[EventRow, ...]
    scores: tuple[Score, ...]
    nulls: tuple[Skill, ...]
    ranks: tuple[RankTest, ...]
    orders: tuple[Order, ...]
    silence: Silence | None
    control: tuple[Holding, ...]
    beliefs: tuple[ClaimBelief, ...]
    gate: tuple[Finding, ...]
    given: dict[str, str]
    losses: tuple[LossRow, ...]
    warnings: tuple[str, ...]
    telling: tuple[str, ...]
    variants_compared: int
    hashes: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain JSON data; what is not a number is null."""
        return {
            "replications": self.replications,
            "draws": self.draws,
            "horizon_s": self.horizon_s,
            "variants_compared": self.variants_compared,
            "hashes": self.hashes,
            "telling": list(self.telling),
            "warnings": list(self.warnings),
            "given": self.given,
            "gate": [_plain(finding) for finding in self.gate],
            "scores": [_plain(score) for score in self.scores],
            "nulls": [{**_plain(skill), "told_apart": skill.told_apart} for skill in self.nulls],
            "ranks": [_finite(test.to_json()) for test in self.ranks],
            "orders": [_finite(one.to_json()) for one in self.orders],
            "silence": None if self.silence is None else _finite(self.silence.to_json()),
            "control": [_finite(one.to_json()) for one in self.control],
            "beliefs": [_finite(one.to_json()) for one in self.beliefs],
            "headline": [_finite(row.to_json()) for row in self.headline],
            "truth": [_finite(row.to_json()) for row in self.truth],
            "claims": [_finite(row.to_json()) for row in self.claims],
            "claims_truth": [_finite(row.to_json()) for row in self.claims_truth],
            "losses": [_finite(row.to_json()) for row in self.losses],
        }


def _plain(row: Any) -> Any:
    return _finite(asdict(row))


def _finite(data: Any) -> Any:
    """Return data with every number that JSON cannot say as None."""
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
