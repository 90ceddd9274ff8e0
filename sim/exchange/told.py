"""A claim together with all that it refers to: what travels in one row of somebody else's format.

A dataset of events has no column for who says what of which utterance. So a row that is written from a claim
carries the claim itself, as JSON after ``claim=``, at the end of one cell of free text; the columns beside it
say what the format has words for. A reader who does not know of it sees an event with a long reference.
"""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from sim.domain.claims import Form
from sim.scenario.fields import Moment, Name, Plain
from sim.scenario.reported import ClaimId, DatingRule, NamedClaimant, ReportedClaim, ReportedTimeline

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
    from sim.scenario.sources import PrintingSource

_CARRIED = re.compile(r"(?:^| \| )claim=(\{.*\})\s*$", re.DOTALL)


class Outlet(Plain):
    """What printed a claim and when: the part of a printing source that is no assumption about it."""

    outlet: Name
    author: Name = "unsigned"
    title: Name
    published_at: Moment
    late_s: int = Field(0, ge=0, description="How much later it may have come out, at most.")


class Told(Plain):
    """A claim, and its event, claimant, source and dating rule in words."""

    id: ClaimId
    claim: ReportedClaim
    event: Name
    claimant: NamedClaimant
    source: Outlet
    rule: DatingRule
    grade: Name | None = None

    def cell(self, before: str) -> str:
        """Return words with the claim behind them."""
        carried = f"claim={self.model_dump_json(exclude_defaults=True)}"
        # Names are free text: words like those that announce the claim must not be taken for it.
        words = before.replace("claim=", "claim =")
        return f"{words} | {carried}" if words else carried


def carried(cell: str) -> Told | None:
    """Return the claim that a cell carries, None if it carries none.

    Raises:
        ValueError: If what stands there is not a claim; the message says what is wrong with it.
    """
    found = _CARRIED.search(cell)
    if found is None:
        return None
    try:
        return Told.model_validate_json(found[1])
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else str(first["msg"])) from None


def words_before(cell: str) -> str:
    """Return what stands in a cell before the claim that it carries."""
    return _CARRIED.sub("", cell)


def all_told(timeline: ReportedTimeline, scenario: Scenario | None = None) -> list[Told]:
    """Return the claims of a timeline, each with all that it refers to.

    Args:
        timeline: The timeline.
        scenario: Where the names of claimants stand that the timeline does not name itself.
    """
    return [_told(claim_id, claim, timeline, scenario) for claim_id, claim in timeline.claims.items()]


def _told(claim_id: str, claim: ReportedClaim, timeline: ReportedTimeline, scenario: Scenario | None) -> Told:
    return Told(
        id=claim_id,
        claim=claim,
        event=timeline.events[claim.event_id].label,
        claimant=timeline.claimants.get(claim.claimant) or claimant(claim.claimant, scenario),
        source=outlet(timeline.printed_by.sources[claim.source]),
        rule=timeline.dating_rules[claim.time.rule],
        grade=timeline.grade_rules[claim.graded_by] if claim.graded_by is not None else None,
    )


def claimant(key: str, scenario: Scenario | None) -> NamedClaimant:
    """Return a claimant of a scenario, or one of no party called by his id."""
    known = scenario.observation.claimants.get(key) if scenario is not None else None
    return NamedClaimant(name=known.name, side=known.side) if known is not None else NamedClaimant(name=key)


def outlet(source: PrintingSource) -> Outlet:
    """Return what a printing source is, without the assumptions about what it covers."""
    return Outlet(
        outlet=source.outlet,
        author=source.author,
        title=source.title,
        published_at=source.published_at,
        late_s=math.ceil(source.published_tolerance.support()[1]),
    )


def rule(form: Form, count: int, text: str) -> DatingRule:
    """Return a dating rule in words and as a form."""
    return DatingRule(form=form, count=count, text=text)


def latest(told: Told) -> timedelta:
    """Return how much later than its publication the window of a claim may end."""
    return timedelta(seconds=told.source.late_s)
