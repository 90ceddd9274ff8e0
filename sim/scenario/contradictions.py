"""What contradicts what in a reported timeline, found by rule and kept side by side.

Nothing here says which of two claims is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.domain.claims import COUNTED_TYPES

if TYPE_CHECKING:
    from sim.scenario.reported import HowMany, ReportedClaim, ReportedTimeline

#: Types whose actor has a place afterwards, so that two actors cannot both be right of one place and moment.
_HOLDS = frozenset({"capture", "recapture", "control_state"})


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two claims that cannot both be so as they stand, and by what rule."""

    first: str
    second: str
    how: str

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def contradictions(
    timeline: ReportedTimeline, areas: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Contradiction, ...]:
    """Return every pair of claims of a timeline that contradict each other, each once, in the order of the file.

    Five rules: one asserts and the other denies the same event at the same time; two sides have the same place at
    once, and none is said to have come after the other; the first occurrence of one event is dated to windows that do
    not touch; the same losses of one time are counted as numbers that cannot both be; one event is told as another
    deed or by another doer, and one of the two is marked as disputed or refuted. Intentions contradict nothing.

    Args:
        timeline: The claims.
        areas: Places of each area, so that a place and an area around it are known to be the same ground.
    """
    where = {key: _places(claim, areas or {}) for key, claim in timeline.claims.items()}
    found = []
    for (first, one), (second, other) in combinations(timeline.claims.items(), 2):
        if "intends" in (one.statement, other.statement):
            continue
        how = next((words for rule in _RULES if (words := rule(one, other, where[first], where[second]))), "")
        if how:
            found.append(Contradiction(first, second, how))
    return tuple(found)


def _places(claim: ReportedClaim, areas: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(place for name in claim.event.where for place in (*areas.get(name, ()), name))


_Rule: TypeAlias = "Callable[[ReportedClaim, ReportedClaim, frozenset[str], frozenset[str]], str]"


def _denied(one: ReportedClaim, other: ReportedClaim, here: frozenset[str], there: frozenset[str]) -> str:
    """Tell whether one denies what the other asserts of the same event, or the same doing at one place, at one time."""
    if one.statement == other.statement or not _touch(one, other):
        return ""
    same_type = one.event.type == other.event.type and _agree(one.event.actor, other.event.actor)
    same = one.event_id == other.event_id or (same_type and bool(here & there))
    return "one asserts, the other denies" if same else ""


def _both_hold(one: ReportedClaim, other: ReportedClaim, here: frozenset[str], there: frozenset[str]) -> str:
    """Tell whether two sides are said to have the same single places at the same time."""
    if {one.event.type, other.event.type} - _HOLDS or "denies" in (one.statement, other.statement):
        return ""
    if None in (one.event.actor, other.event.actor) or one.event.actor == other.event.actor:
        return ""
    if one.event.next_after == other.event_id or other.event.next_after == one.event_id:
        return ""
    whole = all(claim.event.quantifier == "all" or len(claim.event.where) == 1 for claim in (one, other))
    states = "control_state" in (one.event.type, other.event.type)
    if not whole or not (here & there) or not _touch(one, other):
        return ""
    return "two sides hold it at once" if states else "two sides took it at once"


def _apart(one: ReportedClaim, other: ReportedClaim, here: frozenset[str], there: frozenset[str]) -> str:
    """Tell whether the first occurrence of one event, there and by whoever is named, is dated to windows apart."""
    if one.event_id != other.event_id or "denies" in (one.statement, other.statement) or _touch(one, other):
        return ""
    firsts = all(claim.event.occurrence == "first" and claim.time.kind == "moment" for claim in (one, other))
    same_deed = one.event.type == other.event.type
    same_ground = bool(here & there) or not here or not there
    return "the first of the same event, dated apart" if firsts and same_deed and same_ground else ""


def _counted(one: ReportedClaim, other: ReportedClaim, here: frozenset[str], there: frozenset[str]) -> str:
    """Tell whether the same losses of the same time are given as numbers of which no number is in both."""
    del here, there
    mine, theirs = one.measure, other.measure
    if mine is None or theirs is None or one.event_id != other.event_id or one.event.type not in COUNTED_TYPES:
        return ""
    if "denies" in (one.statement, other.statement) or not _touch(one, other):
        return ""
    if (mine.whose, mine.what) != (theirs.whose, theirs.what):
        return ""
    (low, high), (lower, higher) = _interval(mine), _interval(theirs)
    return "" if low <= higher and lower <= high else "the same losses, counted otherwise"


def _told_otherwise(one: ReportedClaim, other: ReportedClaim, here: frozenset[str], there: frozenset[str]) -> str:
    """Tell whether one of two different accounts of an event and time is marked as disputed or refuted."""
    del here, there
    if one.event_id != other.event_id or not _touch(one, other):
        return ""
    marked = next((claim.status for claim in (one, other) if claim.status in {"disputed", "refuted"}), "")
    holds = {one.event.type, other.event.type} <= _HOLDS or one.event.type == other.event.type
    same = holds and one.event.actor == other.event.actor
    return f"the same event told otherwise, one of them {marked}" if marked and not same else ""


_RULES: tuple[_Rule, ...] = (_denied, _both_hold, _apart, _counted, _told_otherwise)


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _touch(one: ReportedClaim, other: ReportedClaim) -> bool:
    """Tell whether two windows have more in common than a moment at which one ends and the other begins."""
    start, end = max(one.time.start, other.time.start), min(one.time.end, other.time.end)
    return start < end or (start == end and one.time.end != other.time.start and other.time.end != one.time.start)


def _interval(measure: HowMany) -> tuple[float, float]:
    """Return the numbers that the words allow; everything where they give none."""
    values = [value for value in (measure.low, measure.best, measure.high) if value is not None]
    if not values:
        return 0.0, float("inf")
    low, high = float(values[0]), float(values[-1])
    return (low, float("inf")) if measure.open == "above" else (0.0, high) if measure.open == "below" else (low, high)


def against(found: tuple[Contradiction, ...], claim_id: str) -> Iterator[str]:
    """Yield the claims that contradict one."""
    for one in found:
        if claim_id in (one.first, one.second):
            yield one.second if claim_id == one.first else one.first
