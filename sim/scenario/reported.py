"""A reported timeline: what a file of claims may say, and how it is read.

One entry per claim, not per event: contradictions stay beside each other under one ``event_id``, copies
of one utterance share a ``claim_group_id``. Moments are ISO 8601 with an explicit offset; where words
leave a date open, the window is as wide as the words, and ``rule`` names the dating rule by which it was
inferred.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PrivateAttr,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from sim.domain.claims import (
    COUNTED_TYPES,
    Claim,
    Event,
    Measure,
    Occurrence,
    Quantifier,
    Score,
    Statement,
    Status,
    Window,
    WindowKind,
)
from sim.errors import Problem, ProblemsFound
from sim.scenario.claim_checks import findings, uncounted
from sim.scenario.copy_checks import suspicions
from sim.scenario.fields import Id, Moment, Name, Plain
from sim.scenario.files import NotUsable, located, tree_of
from sim.scenario.former_words import former_words, in_words_of_today
from sim.scenario.sources import Dating, EventType, Sources, load_sources
from sim.scenario.yaml_source import Document, in_order, read_yaml, validate

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = ["ReportedClaim", "ReportedTimeline", "Sources", "load_reported", "load_sources"]

ClaimId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=60)]
Count = Annotated[int, Field(ge=0, le=100_000_000)]
Counted = Annotated[
    str, StringConstraints(pattern=r"^(killed|wounded|killed_or_wounded|captured|displaced|vehicles:[a-z0-9-]+)$")
]


def _listed(found: object) -> object:
    return (found,) if isinstance(found, str) else found


Places = Annotated[
    tuple[Id, ...], Field(strict=False), BeforeValidator(_listed, json_schema_input_type=Id | tuple[Id, ...])
]


_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


def _day_or_moment(found: object) -> object:
    """Return a plain day or a moment; a ValueError says that it is neither, once and not for each of the two."""
    with suppress(ValueError):
        if isinstance(found, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", found):
            return date.fromisoformat(found)
        return found if isinstance(found, date) else _MOMENT.validate_python(found)
    words = "is no day, and not a moment with its offset; write it as 2020-05-01, or as 2020-05-01T06:00+04:30"
    raise ValueError(f"{found!r} {words}")


DayOrMoment = Annotated[
    Moment | Annotated[date, PlainSerializer(date.isoformat, return_type=str)],
    BeforeValidator(_day_or_moment, json_schema_input_type=str),
]


class DatingRule(Dating):
    """How words of one kind become a window: in words for people, and as a coarsening for the program."""

    text: Name = Field(description="What the words are and what window follows from them.")


class AllegedEvent(Plain):
    """Something alleged to have happened, of which one or more claims speak."""

    label: Name = Field(description="A few words for tables and charts.")
    why: str = Field("", description="Why it is a headline event; required where a claim scores as headline.")


class Holdout(Plain):
    """Claims that tuning must not look at: those printed after a day or a moment, or a list of them."""

    after: DayOrMoment | None = Field(
        None, description="Claims of sources published after this day, or this moment, are held out."
    )
    claims: tuple[ClaimId, ...] | None = Field(
        None, min_length=1, strict=False, description="The claims held out, by id, with every copy of each utterance."
    )
    why: Name

    @model_validator(mode="after")
    def _one_way(self) -> Holdout:
        if (self.after is None) == (self.claims is None):
            raise ValueError("a hold-out is after a day or moment, or a list of claims; give `after:` or `claims:`")
        return self


class Happening(Plain):
    """What is alleged: a kind of event, by whom against whom, where."""

    type: EventType
    actor: Id | None = None
    target: Id | None = None
    where: Places = Field((), description="Places or areas; none = nowhere in particular.")
    quantifier: Quantifier = Field("any", description="Of how many of the places it must be true.")
    at_least: int = Field(0, ge=0, description="How many, for the quantifier at_least.")
    occurrence: Occurrence = "first"
    next_after: Id | None = Field(None, description="Event after which the next one is meant.")
    where_prec: int = Field(0, ge=0, le=7, description="Precision of the place, UCDP codes 1-7; 0 = not judged.")

    @model_validator(mode="after")
    def _whole(self) -> Happening:
        if (self.quantifier == "at_least") != (self.at_least > 0):
            raise ValueError("quantifier at_least and a number at_least go together; give both, or neither")
        if (self.occurrence == "next_after") != (self.next_after is not None):
            raise ValueError("occurrence next_after and the event next_after go together; give both, or neither")
        return self


class When(Plain):
    """When it is alleged to have happened."""

    kind: WindowKind = Field(description="moment, state_on, by or throughout.")
    start: Moment
    end: Moment
    rule: Id = Field(description="The dating rule by which the window was inferred.")
    how: Name = Field(description="How the rule was applied to these words.")
    prec: int = Field(ge=1, le=5, description="UCDP: 1 day, 2 two to six days, 3 week, 4 month, 5 longer.")

    @model_validator(mode="after")
    def _ordered(self) -> When:
        if self.start > self.end:
            raise ValueError(f"start {self.start.isoformat()} is later than end {self.end.isoformat()}; swap them")
        return self


class HowMany(Plain):
    """How many, of whom."""

    whose: Id
    what: Counted
    low: Count | None = None
    best: Count | None = None
    high: Count | None = None
    open: Literal["above", "below"] | None = Field(None, description="The words set a bound on one side only.")

    @model_validator(mode="after")
    def _ordered(self) -> HowMany:
        given = [value for value in (self.low, self.best, self.high) if value is not None]
        if given != sorted(given):
            raise ValueError("low, best and high must not fall; put them in order")
        if self.open is not None and not given:
            raise ValueError(f"open {self.open} needs a number; give low, best or high, or remove open")
        return self


class NamedClaimant(Plain):
    """Somebody who says things."""

    name: Name
    side: Id | None = Field(None, description="The side whose cause he speaks for; none = an observer of no party.")


class ReportedClaim(Plain):
    """One utterance about one alleged event, as one source printed it."""

    event_id: Id
    claim_group_id: Id | None = Field(None, description="Same utterance; the claim alone if not given.")
    claimant: Id
    relayed_by: Name | None = Field(None, description="Outlet from which the source has it.")
    source: Id
    statement: Statement
    event: Happening
    time: When
    measure: HowMany | None = None
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"
    credibility: Literal[1, 2, 3, 4, 5, 6] = 6
    graded_by: Id | None = Field(None, description="Rule of grade_rules; required where a grade is not F or 6.")
    against_interest: bool = False
    verified: bool = False
    status: Status
    score: Score
    label: Name | None = Field(None, description="A few words; the event's if not given.")
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> ReportedClaim:
        if self.event.type in COUNTED_TYPES and self.measure is None:
            raise ValueError(f"a claim of type {self.event.type} needs a measure; add `measure:`")
        if (self.reliability, self.credibility) != ("F", 6) and self.graded_by is None:
            raise ValueError("a grade other than F and 6 needs the rule that gives it; add `graded_by:`")
        if self.statement == "intends" and self.score == "headline":
            raise ValueError("what somebody intends is not an event; let a headline claim assert or deny")
        return self


class ReportedTimeline(Plain):
    """Who said what happened, in which source, by a horizon."""

    title: Name
    about: str = Field("", description="Where the claims come from and what was left out.")
    horizon: Moment = Field(description="Everything is scored as known by then.")
    sources: Name = Field(description="YAML of the sources that print, relative to this file.")
    holdout: Holdout | None = None
    dating_rules: dict[Id, DatingRule] = Field(min_length=1)
    grade_rules: dict[Id, Name] = Field(default={}, description="Why a claim is graded otherwise than F and 6.")
    claimants: dict[Id, NamedClaimant] = Field(default={}, description="Who says things, beside those of the scenario.")
    events: dict[Id, AllegedEvent] = Field(min_length=1)
    claims: dict[ClaimId, ReportedClaim] = Field(min_length=1)

    _printed_by: Sources = PrivateAttr()

    @property
    def printed_by(self) -> Sources:
        """Return the sources that the file names."""
        return self._printed_by

    def horizon_s(self, start: datetime) -> int:
        """Return the horizon in seconds since a scenario's start."""
        return _seconds(self.horizon, start)

    def headline(self) -> dict[str, str]:
        """Return the claim that stands for each headline event, by event id."""
        return {claim.event_id: claim_id for claim_id, claim in self.claims.items() if claim.score == "headline"}

    def held_out(self) -> frozenset[str]:
        """Return the ids of the claims that tuning must not look at."""
        if self.holdout is None:
            return frozenset()
        if self.holdout.claims is not None:
            return frozenset(self.holdout.claims)
        return self.printed_late(self._printed_by)

    def utterances(self) -> dict[str, str]:
        """Return the utterance of each claim, by claim id: its group, or the claim itself where it names none."""
        return {claim_id: claim.claim_group_id or claim_id for claim_id, claim in self.claims.items()}

    def first_copies(self) -> dict[str, str]:
        """Return for each claim the first claim of the file of the same utterance; itself if it is the first."""
        first: dict[str, str] = {}
        return {claim_id: first.setdefault(said, claim_id) for claim_id, said in self.utterances().items()}

    def printed_late(self, sources: Sources) -> frozenset[str]:
        """Return the ids of the claims that came out after the day or moment of the hold-out."""
        late = {key for key, source in sources.sources.items() if self._is_late(source.published_at)}
        return frozenset(claim_id for claim_id, claim in self.claims.items() if claim.source in late)

    def open_to_tuning(self) -> ReportedTimeline:
        """Return the timeline without what is held out: all that anything which chooses parameters may see.

        Events of which no open claim speaks are gone too.
        """
        held_out = self.held_out()
        kept = {claim_id: claim for claim_id, claim in self.claims.items() if claim_id not in held_out}
        events = {one.event_id for one in kept.values()}
        told = {key: event for key, event in self.events.items() if key in events}
        found = self.model_copy(update={"claims": kept, "events": told, "holdout": None})
        found._printed_by = self._printed_by
        return found

    def _is_late(self, published_at: datetime) -> bool:
        """Tell whether something came out after the moment, or after the day where the horizon is, of the hold-out."""
        after = None if self.holdout is None else self.holdout.after
        if after is None:
            return False
        if isinstance(after, datetime):
            return published_at > after
        return published_at.astimezone(self.horizon.tzinfo).date() > after

    def claims_for(self, start: datetime) -> tuple[Claim, ...]:
        """Return every claim as the plain structure shared with simulated ones, in the order of the file.

        Args:
            start: The scenario's start, from which windows and publication are counted in seconds.
        """
        return tuple(self._plain(claim_id, claim, start) for claim_id, claim in self.claims.items())

    def _plain(self, claim_id: str, claim: ReportedClaim, start: datetime) -> Claim:
        what, time, many = claim.event, claim.time, claim.measure
        return Claim(
            claim_id=claim_id,
            event_id=claim.event_id,
            claim_group_id=claim.claim_group_id or claim_id,
            claimant=claim.claimant,
            relayed_by=claim.relayed_by or "",
            source=claim.source,
            statement=claim.statement,
            event=Event(
                type=what.type,
                actor=what.actor or "",
                target=what.target or "",
                where=what.where,
                quantifier=what.quantifier,
                at_least=what.at_least,
                occurrence=what.occurrence,
                next_after=what.next_after or "",
                where_prec=what.where_prec,
            ),
            window=Window(
                kind=time.kind,
                start_s=_seconds(time.start, start),
                end_s=_seconds(time.end, start),
                rule=f"{time.rule}: {time.how}",
                prec=time.prec,
            ),
            measure=None
            if many is None
            else Measure(
                whose=many.whose,
                what=many.what,
                low=many.low,
                best=many.best,
                high=many.high,
                open=many.open or "",
            ),
            reliability=claim.reliability,
            credibility=claim.credibility,
            against_interest=claim.against_interest,
            verified=claim.verified,
            status=claim.status,
            score=claim.score,
            printed_s=_seconds(self._printed_by.sources[claim.source].published_at, start),
            label=claim.label or self.events[claim.event_id].label,
            note=claim.note,
        )


def _seconds(moment: datetime, start: datetime) -> int:
    return round((moment - start).total_seconds())


def load_reported(path: Path | str, scenario: Scenario | None = None, *, kept: bool = False) -> ReportedTimeline:
    """Read a reported timeline and the sources it names, and check both.

    Args:
        path: The YAML file.
        scenario: Where given, places, areas, sides and claimants must be known to it, and areas of the sources.
        kept: Whether it is the copy beside a batch: that was sound when the batch was made, by the rules of then.

    Raises:
        ProblemsFound: With everything that is wrong in either file, each at its line and column.
    """
    path = Path(path)
    written = read_yaml(path)
    document = in_words_of_today(written)
    former = [] if kept else former_words(written)
    try:
        timeline = validate(document, ReportedTimeline)
    except ProblemsFound as found:
        raise ProblemsFound(in_order([*former, *found.problems])) from None
    areas = None if scenario is None or kept else scenario.areas
    sources = _load_named_sources(timeline, document, path, areas)
    problems = former + [
        document.problem(where, message, remedy)
        for where, message, remedy in findings(timeline, sources, scenario, kept=kept)
    ]
    if problems:
        raise ProblemsFound(in_order(problems))
    timeline._printed_by = sources
    return timeline


def remarks_on(timeline: ReportedTimeline, path: Path | str) -> list[Problem]:
    """Return what is suspicious about a sound timeline, though it may be meant so, each at its place in its file."""
    document = read_yaml(path)
    return [document.problem(*remark) for remark in (*suspicions(timeline), *uncounted(timeline))]


def _load_named_sources(
    timeline: ReportedTimeline, document: Document, path: Path, areas: Collection[str] | None
) -> Sources:
    """Return the sources that a timeline names, from a file of the same folder tree."""
    try:
        found = located(timeline.sources, path.resolve().parent, tree_of(path))
    except NotUsable as error:
        raise ProblemsFound([document.problem(("sources",), str(error), error.remedy)]) from None
    return load_sources(found, areas)
