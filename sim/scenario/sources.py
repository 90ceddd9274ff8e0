"""What a file of printing sources may say: who printed, when, how far back it looks, how much it covers.

A source is one printed article or bulletin. The observation model prints simulated claims through it; a
reported timeline takes the moment of publication of every claim from it. Multipliers stand once for all
sources and may be overridden by a single one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from sim.domain.claims import EVENT_TYPES, Coarsening, Form
from sim.errors import Problem, ProblemsFound
from sim.scenario.distributions import Duration, Number
from sim.scenario.documents import Document, Trail
from sim.scenario.fields import Block, Id, Moment, Name, Plain, once, share
from sim.scenario.number_checks import check_numbers
from sim.scenario.spelling import did_you_mean
from sim.scenario.yaml_source import in_order, read_yaml, validate

#: The key of ``dating:`` that serves every event type without an entry of its own.
DEFAULT = "default"


def event_type(found: str) -> str:
    """Return a known event type; a ValueError names the nearest one."""
    if found not in EVENT_TYPES:
        raise ValueError(f"{found!r} is no event type; {did_you_mean(found, EVENT_TYPES)}")
    return found


def _dated_type(found: str) -> str:
    return found if found == DEFAULT else event_type(found)


EventType = Annotated[str, AfterValidator(event_type)]


class Dating(Plain):
    """What words do to the moment of an event."""

    form: Form = Field(description="Kind of words: the day, a weekend, so many hours before print, ...")
    count: int = Field(1, ge=1, le=400, description="How many days or hours, for the forms that count.")

    @property
    def coarsening(self) -> Coarsening:
        """Return the plain structure that observation and comparison use."""
        return Coarsening(self.form, self.count)


class PrintingSource(Block):
    """One article: who printed it, when, and what share of what was said it prints."""

    outlet: Name
    author: Name = Field(description="Byline; 'unsigned' where there is none.")
    title: Name
    published_at: Moment = Field(description="When it came out, ISO 8601 with an explicit offset.")
    published_tolerance: Duration = once("how much later than that it may have come out", unit="s", ge=0)
    look_back: Duration = once("how far back it tells of events", unit="s", ge=0)
    cover_rate: Number = share("probability that it prints what was relayed in its window")
    cover_by_type: dict[EventType, Number] = once(
        "factor on the cover rate for an event type; 0 = never printed", ge=0, default={}
    )
    cover_by_area: dict[Id, Number] = once("factor on the cover rate for an area of the scenario", ge=0, default={})
    dating: dict[Annotated[str, AfterValidator(_dated_type)], Dating] = Field(
        default={}, description="How it dates each event type; `default` serves the rest, the day if that is not given."
    )

    def dates(self, event_type: str) -> Coarsening:
        """Return what this source's words do to the date of an event of a type."""
        found = self.dating.get(event_type) or self.dating.get(DEFAULT)
        return found.coarsening if found is not None else Coarsening("day")


class Sources(Block):
    """The sources that print, with the multipliers that they share."""

    about: str = Field("", description="What the sources are and how their numbers were chosen.")
    cover_by_type: dict[EventType, Number] = once(
        "factor on every source's cover rate for an event type; 1 if not given", ge=0, default={}
    )
    cover_by_area: dict[Id, Number] = once(
        "factor on every source's cover rate for an area; 1 if not given", ge=0, default={}
    )
    sources: dict[Id, PrintingSource] = Field(min_length=1)

    def type_factor(self, source: str, event_type: str) -> Number | None:
        """Return the number that multiplies a source's cover rate for an event type, or None for 1."""
        return self.sources[source].cover_by_type.get(event_type, self.cover_by_type.get(event_type))

    def area_factor(self, source: str, area: str) -> Number | None:
        """Return the number that multiplies a source's cover rate for an area, or None for 1."""
        return self.sources[source].cover_by_area.get(area, self.cover_by_area.get(area))

    def last_published(self) -> datetime:
        """Return when the last of the sources came out."""
        return max(source.published_at for source in self.sources.values())


def load_sources(path: Path | str, areas: Collection[str] | None = None) -> Sources:
    """Read a file of printing sources and check it.

    Args:
        path: The YAML file.
        areas: Areas of the scenario in which the sources print; None where it is not known, or was not asked then.

    Raises:
        ProblemsFound: With everything that is wrong, each at its line and column.
    """
    document = read_yaml(path)
    sources = validate(document, Sources)
    problems = list(check_numbers(sources, document))
    if areas is not None:
        problems += _unknown_areas(sources, document, areas)
    if problems:
        raise ProblemsFound(in_order(problems))
    return sources


def _unknown_areas(sources: Sources, document: Document, areas: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for every factor of an area that the scenario does not have: nothing would ever read it."""
    factors: dict[Trail, dict[str, Number]] = {("cover_by_area",): sources.cover_by_area}
    factors |= {("sources", key, "cover_by_area"): source.cover_by_area for key, source in sources.sources.items()}
    for trail, by_area in factors.items():
        for area in by_area:
            if area not in areas:
                remedy = did_you_mean(area, areas) or "the scenario has no areas: remove it"
                yield document.problem((*trail, area), f"no area {area!r} in the scenario", remedy, key=True)
