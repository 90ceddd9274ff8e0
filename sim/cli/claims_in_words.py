"""One reported claim in words: what is said of whom, when, how many, by whom, printed where, and how far it is sure."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.reported import HowMany, ReportedClaim, ReportedTimeline
    from sim.scenario.schema import Scenario

#: How a window is meant, where it is not that of something that happened once in it.
_KINDS = {"moment": "", "state_on": "state, ", "by": "by the end of ", "throughout": "throughout "}
#: What two sides do together, and what is not so much done as inflicted.
_BETWEEN = frozenset({"talks", "talks_collapsed", "settlement"})
_DONE = {"casualties": "inflicted by", "equipment_loss": "inflicted by"}


class ClaimsInWords:
    """Tells the claims of a timeline in the names of its scenario, where one is known, by the clock of its horizon."""

    def __init__(self, timeline: ReportedTimeline, world: Scenario | None) -> None:
        self._timeline = timeline
        self._zone = timeline.horizon.tzinfo
        self._held_out = timeline.held_out()
        self._first = timeline.first_copies()
        self._names = {key: one.name for key, one in timeline.claimants.items()}
        self._sides: dict[str, str] = {}
        self._places: dict[str, str] = {}
        self._areas: frozenset[str] = frozenset()
        if world is not None:
            self._names = {key: one.name for key, one in world.observation.claimants.items()} | self._names
            self._sides = {key: one.name for key, one in world.sides.items()}
            self._places = {key: one.name for key, one in world.places.items()}
            self._areas = frozenset(world.areas)

    def claimant(self, key: str) -> str:
        """Return the name of somebody who says things."""
        return self._names.get(key, key)

    def said(self, claim: ReportedClaim) -> str:
        """Return what a claim asserts, denies or intends: the deed and the doers, where, and how many of whom."""
        what = claim.event.type.replace("_state", "").replace("_", " ")
        where = f"at {self._where(claim)}" if claim.event.where else ""
        many = self._many(claim.measure) if claim.measure is not None else ""
        return f"{claim.statement}: " + " ".join(word for word in (what, self._doers(claim), where, many) if word)

    def _doers(self, claim: ReportedClaim) -> str:
        """Return who is said to do it, and against whom."""
        actor, target = (self._sides.get(side or "", side) for side in (claim.event.actor, claim.event.target))
        if claim.event.type in _BETWEEN and actor and target:
            return f"between {actor} and {target}"
        done_by = f"{_DONE.get(claim.event.type, 'by')} {actor}" if actor else ""
        against = f"against {target}" if target and claim.measure is None else ""  # the measure says whose loss it is
        return " ".join(word for word in (done_by, against) if word)

    def by(self, claim: ReportedClaim) -> str:
        """Return who says it, from whom the source has it, and which source printed it when."""
        relayed = f" via {claim.relayed_by}" if claim.relayed_by else ""
        return f"{self.claimant(claim.claimant)}{relayed}, in {self.source(claim.source)}"

    def source(self, key: str) -> str:
        """Return a source with the day on which it came out."""
        return f"{key} of {_day(self._timeline.printed_by.sources[key].published_at.astimezone(self._zone))}"

    def label(self, key: str, claim: ReportedClaim) -> str:
        """Return the status of a claim and what else is known of it."""
        grade = "" if (claim.reliability, claim.credibility) == ("F", 6) else f"{claim.reliability}{claim.credibility}"
        words = [
            claim.status, grade, "verified" if claim.verified else "",
            "against interest" if claim.against_interest else "", self._copy(key),
            "held out" if key in self._held_out else "",
            {"headline": "headline", "no": "not scored"}.get(claim.score, ""),
        ]  # fmt: skip
        return ", ".join(word for word in words if word)

    def _copy(self, key: str) -> str:
        """Return of which claim this is a copy; of a claim about another event it is only part of the same words."""
        first = self._first[key]
        if first == key:
            return ""
        same = self._timeline.claims[first].event_id == self._timeline.claims[key].event_id
        return f"copy of {first}" if same else f"same words as {first}"

    def window(self, claim: ReportedClaim) -> str:
        """Return the window of a claim: days where it is made of whole ones, else days and hours."""
        start, end = claim.time.start.astimezone(self._zone), claim.time.end.astimezone(self._zone)
        return _KINDS[claim.time.kind] + _span(start, end)

    def moment(self, moment: datetime) -> str:
        """Return day, month and hour of a moment."""
        return _moment(moment.astimezone(self._zone))

    def horizon(self) -> str:
        """Return the moment by which everything is known, with its year and offset."""
        horizon = self._timeline.horizon
        return f"{horizon.day} {horizon:%b %Y %H:%M} ({_offset(horizon.tzinfo, horizon)})"

    def _where(self, claim: ReportedClaim) -> str:
        """Return the places of a claim; of how many of them it is told where they are several, as in an area."""
        names = [self._places.get(name, name) for name in claim.event.where]
        several = len(names) > 1 or bool(self._areas & set(claim.event.where))
        if claim.event.quantifier == "any":
            return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
        together = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        if claim.event.quantifier == "at_least":
            return f"at least {claim.event.at_least} of {together}"
        return f"all of {together}" if several else together

    def _many(self, measure: HowMany) -> str:
        values = [value for value in (measure.low, measure.best, measure.high) if value is not None]
        what = measure.what.replace("_", " ").replace("vehicles:", "vehicles, ")
        whose = self._sides.get(measure.whose, measure.whose)
        if not values:
            return f"({whose} {what}, no number)"
        span = f"{values[0]:,}" if values[0] == values[-1] else f"{values[0]:,}-{values[-1]:,}"
        bound = {"above": f"at least {values[0]:,}", "below": f"at most {values[-1]:,}"}
        return f"({whose} {what}: {bound.get(measure.open or '', span)})"


def _span(start: datetime, end: datetime) -> str:
    if start == end:
        return _moment(start)
    last = end - timedelta(days=1) if end.time() == time() else end
    if start.date() == last.date():
        if start.time() == time() and (last != end or end - start >= timedelta(hours=20)):
            return _day(start)  # the day as far as it could be printed
        return f"{_moment(start)} to {end:%H:%M}" if last == end else f"{_moment(start)} to 24:00"
    first = _day(start) if start.time() == time() else _moment(start)
    return f"{first} to {_day(last) if last != end else _moment(end)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b}"


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %H:%M}"


def _offset(zone: tzinfo | None, moment: datetime) -> str:
    return "UTC" if zone is None or not moment.utcoffset() else f"UTC{moment.isoformat()[-6:]}"
