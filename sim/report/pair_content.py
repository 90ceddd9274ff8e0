"""Everything that the page of two batches says, before it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from sim.compare import Probability, Variants
from sim.compare.daily_pairs import ControlDifference
from sim.observation.theatre import Floats
from sim.report.calendar import Calendar
from sim.report.content import TellingLine
from sim.report.legend import Legend
from sim.report.partings import Apart, Example
from sim.report.tables import Table


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two batches: the letter by which the page calls it, its name, and what it is of."""

    letter: str
    name: str
    title: str
    about: str
    made: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A number, or something else, that the two scenarios have otherwise, in words; '' where one has none."""

    path: str
    meaning: str
    first: str
    second: str
    unit: str
    basis_first: str
    basis_second: str


@dataclass(frozen=True, slots=True)
class DailyPanel:
    """One daily quantity: its heading, unit, column, and the table that ``daily_difference`` gives.

    ``by_pair`` has it by pair, side and day in both batches; ``shared_scale`` tells whether the sides have one scale.
    """

    title: str
    unit: str
    column: str
    table: pa.Table
    by_pair: tuple[Floats, Floats]
    shared_scale: bool


@dataclass(frozen=True, slots=True)
class PairContent:
    """What is on the page of two batches, section by section.

    ``summary`` are names, values, and where these come from ('' for nowhere). ``fork`` says what was done from outside
    where the second is forked from the first, '' where it is not. ``hands`` is for each day the share of pairs in which
    some change of hands has differed by its end, ``elsewhere`` that in which some place has another holder then;
    ``facts`` is the same for facts of any kind, of the pairs that were read. ``hands_s`` has when each pair first parts
    by a change of hands. ``names`` are the two directories as one would type them, ``opened`` is Python that opens both
    as A and B. ``types`` are those of the events that claims are about, by claim.
    """

    title: str
    fork: str
    halves: tuple[Half, Half]
    legend: Legend
    calendar: Calendar
    summary: tuple[tuple[str, str, str], ...]
    changed: tuple[Changed, ...]
    variants: Variants
    telling: tuple[TellingLine, ...]
    apart: tuple[Apart, ...]
    examples: tuple[Example, ...]
    facts: tuple[Probability, ...]
    hands: tuple[Probability, ...]
    hands_s: Floats
    elsewhere: tuple[Probability, ...]
    control: ControlDifference
    panels: tuple[DailyPanel, ...]
    tables: Mapping[str, tuple[Table, ...]]
    warnings: tuple[str, ...]
    names: tuple[str, str]
    opened: str
    types: Mapping[str, str]
    commands: str
