"""Whether copies of one utterance are copies, and whether a hold-out keeps them together.

A claim that names no ``claim_group_id`` is an utterance of its own, which another may name by the claim's id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.sources import Sources
from sim.scenario.spelling import did_you_mean

if TYPE_CHECKING:
    from sim.scenario.claim_checks import Finding
    from sim.scenario.reported import ReportedTimeline


def one_voice(timeline: ReportedTimeline) -> Iterator[Finding]:
    """Yield copies of one utterance that differ in who speaks, or in whether it is asserted, denied or intended."""
    for claim_id, first_id in timeline.first_copies().items():
        claim, first = timeline.claims[claim_id], timeline.claims[first_id]
        for name in ("claimant", "statement"):
            if getattr(claim, name) != getattr(first, name):
                message = f"{name} differs from that of {first_id!r}, a copy of the same utterance"
                yield ("claims", claim_id, name), message, "give it a claim_group_id of its own, or make them agree"


def one_matter(timeline: ReportedTimeline) -> Iterator[Finding]:
    """Yield copies of one utterance about one event that tell of another deed, doer or victim, or count otherwise.

    An utterance may speak of several events, and count the dead apart from the wounded. Of one event its copies may
    differ in the place and in how much of it is meant, because a weaker reading is encoded beside a stronger one.
    """
    first: dict[tuple[str, ...], str] = {}
    for claim_id, said in timeline.utterances().items():
        claim = timeline.claims[claim_id]
        yield from _differing(timeline, claim_id, first.setdefault((said, claim.event_id), claim_id), _DEED)
        if claim.measure is not None:
            counted = (said, claim.event_id, claim.measure.whose, claim.measure.what)
            yield from _differing(timeline, claim_id, first.setdefault(counted, claim_id), _NUMBERS)


_DEED = (("event", "type"), ("event", "actor"), ("event", "target"))
_NUMBERS = (("measure", "low"), ("measure", "best"), ("measure", "high"), ("measure", "open"))


def _differing(
    timeline: ReportedTimeline, claim_id: str, first_id: str, trails: tuple[tuple[str, str], ...]
) -> Iterator[Finding]:
    claim, first = timeline.claims[claim_id], timeline.claims[first_id]
    for holder, name in trails:
        if getattr(getattr(claim, holder), name) != getattr(getattr(first, holder), name):
            message = f"the {name} differs from that of {first_id!r}, a copy of the same utterance"
            remedy = "make the copies agree, or give it a claim_group_id or an event_id of its own"
            yield ("claims", claim_id, holder, name), message, remedy


def hold_out(timeline: ReportedTimeline, sources: Sources) -> Iterator[Finding]:
    """Yield what is wrong with a hold-out: it has some claims and not all, and of an utterance all copies or none.

    Copies that are printed on both sides of a day are known by the earlier one: ``after`` holds out the later ones.
    """
    if timeline.holdout is None:
        return
    named = timeline.holdout.claims
    held_out = timeline.printed_late(sources) if named is None else frozenset(named)
    at = ("holdout", "after" if named is None else "claims")
    for index, claim_id in enumerate(named or ()):
        if claim_id not in timeline.claims:
            yield (*at, str(index)), f"no claim {claim_id!r}", did_you_mean(claim_id, timeline.claims)
        elif claim_id in (named or ())[:index]:
            yield (*at, str(index)), f"{claim_id!r} is given twice", "remove one of them"
    if named is not None:
        yield from _all_copies(timeline, held_out)
    if not held_out & timeline.claims.keys():
        yield at, "no claim is held out", "name an earlier day, or claims of this file, or remove holdout"
    elif held_out >= timeline.claims.keys():
        yield at, "every claim is held out", "name a later day, or leave some claims to tuning"


def _all_copies(timeline: ReportedTimeline, held_out: frozenset[str]) -> Iterator[Finding]:
    utterances = timeline.utterances()
    said = {utterance for claim_id, utterance in utterances.items() if claim_id in held_out}
    for claim_id, utterance in utterances.items():
        if utterance in said and claim_id not in held_out:
            message = f"{claim_id!r} is a copy of an utterance that is held out, and is not held out itself"
            remedy = f"add {claim_id} to the list: tuning would see the utterance by its copy"
            yield ("holdout", "claims"), message, remedy


def suspicions(timeline: ReportedTimeline) -> Iterator[Finding]:
    """Yield groups of a single claim: sound, but often a misspelt name of a group that has others."""
    sizes = Counter(timeline.utterances().values())
    for claim_id, claim in timeline.claims.items():
        group = claim.claim_group_id
        if group is not None and sizes[group] == 1:
            near = did_you_mean(group, [name for name in sizes if name != group])
            remedy = near if near.startswith("did you") else "remove it if the utterance has no copies"
            message = f"no other claim is of the utterance {group!r}"
            yield ("claims", claim_id, "claim_group_id"), message, remedy
