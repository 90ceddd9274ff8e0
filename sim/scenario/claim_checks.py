"""What must hold between the claims of a reported timeline, its sources and its scenario.

Each check yields findings: where in the file, what is wrong, what to do. All are found in one pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.domain.claims import COUNTS
from sim.domain.terms import HOUR
from sim.scenario.contradictions import against, contradictions
from sim.scenario.copy_checks import hold_out, one_matter, one_voice
from sim.scenario.dating_checks import window_findings
from sim.scenario.sources import Sources
from sim.scenario.spelling import did_you_mean

if TYPE_CHECKING:
    from sim.scenario.reported import ReportedClaim, ReportedTimeline
    from sim.scenario.schema import Scenario

Finding = tuple[tuple[str, ...], str, str]


def findings(
    timeline: ReportedTimeline, sources: Sources, scenario: Scenario | None, *, kept: bool = False
) -> Iterator[Finding]:
    """Yield everything wrong across a timeline whose single entries are valid.

    Args:
        timeline: The claims.
        sources: What printed them.
        scenario: Where given, places, areas, sides and claimants must be known to it.
        kept: Whether it is a copy beside a batch: rules of style that came later than it do not hold for it.
    """
    yield from _headlines(timeline)
    yield from one_voice(timeline)
    if not kept:
        yield from one_matter(timeline)
        yield from hold_out(timeline, sources)
        yield from _disputes(timeline, scenario)
        if scenario is not None:
            yield from _speakers(timeline, scenario)
    yield from _order_of_events(timeline)
    for key, source in sources.sources.items():
        if source.published_at > timeline.horizon:
            yield ("sources",), f"source {key!r} came out after the horizon", "move the horizon or leave the source out"
    for claim_id, claim in timeline.claims.items():
        at = ("claims", claim_id)
        yield from _names(at, claim, timeline, scenario)
        yield from _window(at, claim, timeline, sources)
        if not kept:
            yield from window_findings(at, claim, timeline, sources)
            yield from _labels(at, claim)
            yield from _counted(at, claim)
            yield from _against_itself(at, claim)
        if scenario is not None:
            yield from _theatre(at, claim, scenario)


def _headlines(timeline: ReportedTimeline) -> Iterator[Finding]:
    """Check that an event is headline by exactly one claim, and that the file says why."""
    by_event: dict[str, list[str]] = defaultdict(list)
    for claim_id, claim in timeline.claims.items():
        if claim.score == "headline":
            by_event[claim.event_id].append(claim_id)
    for event_id, claim_ids in by_event.items():
        for claim_id in claim_ids[1:]:
            message = f"event {event_id!r} already has the headline claim {claim_ids[0]!r}"
            yield ("claims", claim_id, "score"), message, "an event has one headline claim: make this one `claims`"
    spoken_of = {claim.event_id for claim in timeline.claims.values()}
    for event_id, event in timeline.events.items():
        at = ("events", event_id)
        if event_id in by_event and not event.why:
            yield at, "a headline event without a reason", "add why: it was chosen before the first run"
        if event.why and event_id not in by_event:
            yield (*at, "why"), "a reason, but no claim of the event has score headline", "mark its claim, or drop why"
        if event_id not in spoken_of:
            yield at, "no claim speaks of this event", "remove it or correct the event_id of its claim"


def _labels(at: tuple[str, ...], claim: ReportedClaim) -> Iterator[Finding]:
    """Check that what is known of a claim does not contradict itself."""
    if claim.verified and claim.status == "refuted":
        yield (*at, "verified"), "a claim cannot be both verified and refuted", "keep the one that is known"
    if claim.score == "headline" and claim.status == "refuted":
        message = "what is very probably wrong as printed decides nothing"
        yield (*at, "score"), f"a refuted claim is no headline: {message}", "let another claim of the event be it"


def _counted(at: tuple[str, ...], claim: ReportedClaim) -> Iterator[Finding]:
    """Check that a number counts what its type of event is about, of the side that the event befell.

    The count of another thing would be set beside the dead.
    """
    measure, kind = claim.measure, claim.event.type
    if measure is None or kind not in COUNTS:
        return
    what = measure.what.partition(":")[0]
    if what not in COUNTS[kind]:
        fitting = next((other for other, counted in COUNTS.items() if what in counted), "another type")
        message = f"a claim of type {kind} counts {' or '.join(sorted(COUNTS[kind]))}, not {measure.what}"
        yield (*at, "measure", "what"), message, f"make it a claim of type {fitting}, or count what it is about"
    if claim.event.target is not None and measure.whose != claim.event.target:
        message = f"the losses of {measure.whose!r} in an event whose target is {claim.event.target!r}"
        yield (*at, "measure", "whose"), message, "let the target be the side whose losses they are"


def uncounted(timeline: ReportedTimeline) -> Iterator[Finding]:
    """Yield numbers of claims whose type counts nothing: they are shown and passed on, but compared with nothing."""
    for claim_id, claim in timeline.claims.items():
        if claim.measure is not None and claim.event.type not in COUNTS:
            remedy = f"give it a claim of its own ({', '.join(COUNTS)}) if it is to be compared"
            message = f"no number of a claim of type {claim.event.type} is compared with anything"
            yield ("claims", claim_id, "measure"), message, remedy


def _against_itself(at: tuple[str, ...], claim: ReportedClaim) -> Iterator[Finding]:
    """Check that nobody does something to himself: no fact would ever answer to it."""
    if claim.event.actor is not None and claim.event.actor == claim.event.target:
        message = f"the side {claim.event.actor!r} is actor and target"
        yield (*at, "event", "target"), message, "name the other side, or leave it out"


def _disputes(timeline: ReportedTimeline, scenario: Scenario | None) -> Iterator[Finding]:
    """Check that of each disputed claim the file shows who says otherwise: in a claim, or in a note."""
    alone = [key for key, claim in timeline.claims.items() if claim.status == "disputed" and not claim.note.strip()]
    if not alone:
        return
    found = contradictions(timeline, scenario.areas if scenario is not None else None)
    for claim_id in alone:
        if not any(against(found, claim_id)):
            message = "disputed, but no claim of the file contradicts it and no note says who does"
            remedy = "add the claim that contradicts it, or a `note:` that says who says otherwise"
            yield ("claims", claim_id, "status"), message, remedy


def _order_of_events(timeline: ReportedTimeline) -> Iterator[Finding]:
    """Check that what comes next comes after a known event, and that no such chain closes on itself."""
    after = {
        claim.event_id: claim.event.next_after
        for claim in timeline.claims.values()
        if claim.event.next_after is not None
    }
    for claim_id, claim in timeline.claims.items():
        earlier = claim.event.next_after
        if earlier is None:
            continue
        at = ("claims", claim_id, "event", "next_after")
        if earlier not in timeline.events:
            yield at, f"no event {earlier!r}", did_you_mean(earlier, timeline.events)
        seen = {claim.event_id}
        step: str | None = earlier
        while step is not None and step not in seen:
            seen.add(step)
            step = after.get(step)
        if step == claim.event_id:
            yield at, "the event would come after itself", "break the chain of next_after"


def _names(
    at: tuple[str, ...], claim: ReportedClaim, timeline: ReportedTimeline, scenario: Scenario | None
) -> Iterator[Finding]:
    """Check the ids that a claim names within the file."""
    rule, grade = claim.time.rule, claim.graded_by
    if claim.event_id not in timeline.events:
        yield (*at, "event_id"), f"no event {claim.event_id!r}", did_you_mean(claim.event_id, timeline.events)
    if rule not in timeline.dating_rules:
        yield (*at, "time", "rule"), f"no dating rule {rule!r}", did_you_mean(rule, timeline.dating_rules)
    if grade is not None and grade not in timeline.grade_rules:
        yield (*at, "graded_by"), f"no grade rule {grade!r}", did_you_mean(grade, timeline.grade_rules)
    known = set(timeline.claimants) | (_claimants(scenario) if scenario is not None else set())
    if claim.claimant not in known:
        message = f"no claimant {claim.claimant!r} here" + (" or in the scenario" if scenario is not None else "")
        yield (*at, "claimant"), message, did_you_mean(claim.claimant, known)


def _claimants(scenario: Scenario) -> set[str]:
    """Return the claimants of a scenario's observation section."""
    return set(scenario.observation.claimants)


def _window(
    at: tuple[str, ...], claim: ReportedClaim, timeline: ReportedTimeline, sources: Sources
) -> Iterator[Finding]:
    """Check that a claim has a known source and speaks of nothing later than its publication."""
    source = sources.sources.get(claim.source)
    if source is None:
        yield (*at, "source"), f"no source {claim.source!r}", did_you_mean(claim.source, sources.sources)
        return
    late_h = source.published_tolerance.support()[1] / HOUR
    if claim.statement != "intends" and claim.time.end > source.published_at + timedelta(hours=late_h):
        came_out = f"{source.published_at.isoformat()}, at most {late_h:g} h later"
        message = f"the window ends after {claim.source!r} came out ({came_out})"
        yield (*at, "time", "end"), message, "cut the window at the publication"
    if claim.time.end > timeline.horizon:
        yield (*at, "time", "end"), "the window ends after the horizon", f"cut it at {timeline.horizon.isoformat()}"


def _speakers(timeline: ReportedTimeline, scenario: Scenario) -> Iterator[Finding]:
    """Check that whoever speaks for a side speaks for one of the scenario."""
    for key, claimant in timeline.claimants.items():
        if claimant.side is not None and claimant.side not in scenario.sides:
            yield ("claimants", key, "side"), f"no side {claimant.side!r}", did_you_mean(claimant.side, scenario.sides)


def _theatre(at: tuple[str, ...], claim: ReportedClaim, scenario: Scenario) -> Iterator[Finding]:
    """Check sides and places against the scenario."""
    for name, side in (("actor", claim.event.actor), ("target", claim.event.target)):
        if side is not None and side not in scenario.sides:
            yield (*at, "event", name), f"no side {side!r}", did_you_mean(side, scenario.sides)
    if claim.measure is not None and claim.measure.whose not in scenario.sides:
        whose = claim.measure.whose
        yield (*at, "measure", "whose"), f"no side {whose!r}", did_you_mean(whose, scenario.sides)
    known = {*scenario.places, *scenario.areas}
    for where in claim.event.where:
        if where not in known:
            yield (*at, "event", "where"), f"no place or area {where!r}", did_you_mean(where, known)
    wanted, named = claim.event.at_least, len(_places(claim.event.where, scenario))
    if wanted > named:
        yield (*at, "event", "at_least"), f"at least {wanted} of {named} places", "name more places, or want fewer"


def _places(where: Iterable[str], scenario: Scenario) -> set[str]:
    """Return the places meant by a list of places and areas."""
    return {place for name in where for place in scenario.areas.get(name, (name,))}
