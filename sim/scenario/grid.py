"""Everything that could be printed: areas times event types times sources, made from scenario and sources alone.

Silence is judged on this grid. It never looks at what was reported: a grid of what was reported would reward a
model in which everything always happens. Its hash stands in the manifest of a batch.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sim.domain.claims import EVENT_TYPES
from sim.scenario.distributions import Number
from sim.scenario.observing import DEFAULT
from sim.scenario.schema import Scenario
from sim.scenario.sources import Sources

#: Types that no fact of the model answers to: whatever it prints, it never speaks of them.
_WITHOUT_FACT = frozenset({"displacement"})


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells in which sources may speak or be silent, in the order of sources, areas and types."""

    cells: tuple[tuple[str, str, str], ...]

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the cells, in hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.cells, separators=(",", ":")).encode()).hexdigest()

    def __len__(self) -> int:
        return len(self.cells)


def grid(scenario: Scenario, sources: Sources) -> Grid:
    """Return the grid of silence.

    A cell is a source, an area of the scenario and an event type. It is left out where no fact answers to the type or
    no claimant ever tells of it, or where the source never prints it: where a share or factor is the constant 0.

    Args:
        scenario: Areas and claimants.
        sources: What prints.
    """
    told = [name for name in EVENT_TYPES if name not in _WITHOUT_FACT and _ever_told(scenario, name)]
    return Grid(
        tuple(
            (source, area, name)
            for source in sorted(sources.sources)
            if not _never(sources.sources[source].cover_rate)
            for area in sorted(scenario.areas)
            if not _never(sources.area_factor(source, area))
            for name in told
            if not _never(sources.type_factor(source, name))
        )
    )


def _ever_told(scenario: Scenario, name: str) -> bool:
    return any(
        not _never(one.says_share.get(name, one.says_share[DEFAULT])) for one in scenario.observation.claimants.values()
    )


def _never(number: Number | None) -> bool:
    """Tell whether a factor is the constant 0; no factor is 1."""
    return number is not None and number.support() == (0.0, 0.0)
