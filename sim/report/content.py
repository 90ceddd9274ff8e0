"""Everything one page says, before it is drawn: the border between reading a batch and showing it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from sim.compare import EventRow, LossRow, Probability
from sim.domain.claims import Claim
from sim.projections.holders import Codes, Holders
from sim.report.calendar import Calendar
from sim.report.control import Control
from sim.report.histories import Histories
from sim.report.keys import FANS
from sim.report.legend import Legend
from sim.report.on_the_ground import OnTheGround
from sim.report.strip import EventStrip
from sim.report.tables import AssumptionRow, Cell, Table
from sim.report.theatre import Ground
from sim.report.trust import Trust


@dataclass(frozen=True, slots=True)
class TellingLine:
    """One sentence generated from the numbers, and the section that shows them.

    ``parts`` are its words again, with the numbers that can be followed; none where it can only be followed as a whole.
    """

    words: str
    section: str
    parts: tuple[Cell, ...] = ()

    @classmethod
    def of(cls, parts: Sequence[Cell], section: str) -> TellingLine:
        """Return a sentence whose numbers can be followed."""
        return cls("".join(part if isinstance(part, str) else part.words for part in parts), section, tuple(parts))


@dataclass(frozen=True, slots=True)
class FanPanel:
    """One quantity over time by side: columns side, day, p05, p25, p50, p75, p95, and what ``fan`` adds to them.

    ``column`` is the name of the quantity in the batch, and ``source`` that of where its numbers come from.
    """

    title: str
    table: pa.Table
    unit: str
    shared_scale: bool = False
    column: str = ""
    source: str = FANS

    @property
    def name(self) -> str:
        """Return the name of the figure, such as ``fan-fit-fighters``."""
        return "-".join(("fan", *re.findall("[a-z0-9]+", self.title.lower())))


@dataclass(frozen=True, slots=True)
class PageContent:
    """What is on the page, section by section; its ``replications`` belong to ``draws`` draws of the assumptions.

    ``numbers`` are those of the finished replications, ascending; ``claims_truth`` every scored claim in the simulated
    world; ``holders`` who holds what in each replication, and ``standing`` where each lies in every fan.
    """

    title: str
    about: str
    legend: Legend
    calendar: Calendar
    replications: int
    draws: int
    summary: tuple[tuple[str, str], ...]
    control: Control
    ground: Ground
    fans: tuple[FanPanel, ...]
    telling: tuple[TellingLine, ...] = ()
    trust: tuple[Trust, ...] = ()
    events: tuple[EventStrip, ...] = ()
    claims: tuple[Claim, ...] = ()
    chances: Mapping[str, Probability] = field(default_factory=dict)
    claims_truth: tuple[EventRow, ...] = ()
    losses: tuple[LossRow, ...] = ()
    numbers: tuple[int, ...] = ()
    scores: tuple[Table, ...] = ()
    influence: tuple[Table, ...] = ()
    findings: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    assumptions: tuple[AssumptionRow, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    made: tuple[tuple[str, str], ...] = ()
    on_the_ground: OnTheGround | None = None
    convoys: tuple[FanPanel, ...] = ()
    command: str = ""
    histories: Histories | None = None
    holders: Holders | None = None
    standing: Codes | None = None

    @property
    def told_apart(self) -> bool:
        """Tell whether luck and assumptions can be told apart: some draw has several replications."""
        return self.draws < self.replications
