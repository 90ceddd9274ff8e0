"""Whether the windows of claims are those that their dating rules and precisions allow.

A window may be narrower than its words, where publication, start or horizon cut it, or something else is known;
it is never wider.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sim.scenario.sources import Sources

if TYPE_CHECKING:
    from sim.scenario.claim_checks import Finding
    from sim.scenario.reported import DatingRule, ReportedClaim, ReportedTimeline

_DAY = timedelta(days=1)
#: The widest window of each precision of UCDP GED: a day, two to six days, a week, a month; any for longer.
_WIDEST = {1: _DAY, 2: 6 * _DAY, 3: 7 * _DAY, 4: 31 * _DAY}
#: Forms whose windows lie within one stretch of the calendar: its first day of the week, how many days it has.
_STRETCHES = {"week": (0, 7), "weekend": (5, 2)}
_DUSK = timedelta(hours=18)
_NIGHT = timedelta(hours=12)


def window_findings(
    at: tuple[str, ...], claim: ReportedClaim, timeline: ReportedTimeline, sources: Sources
) -> Iterator[Finding]:
    """Yield what is wrong with the window of a claim as its rule and its precision go.

    Windows of what held ``throughout``, or came about ``by`` a moment, say for how long and are not checked by rule.
    Days begin where the horizon says: a window may be written with any offset.
    """
    zone = timeline.horizon.tzinfo
    start, end, prec = claim.time.start.astimezone(zone), claim.time.end.astimezone(zone), claim.time.prec
    widest = _WIDEST.get(prec)
    if widest is not None and end - start > widest:
        allowed = f"at most {widest.days} day{'s' * (widest.days > 1)}"
        message = f"the window is {_days(end - start)} wide; prec {prec} allows {allowed}"
        yield (*at, "time", "prec"), message, "give the precision of the window, or narrow it"
    rule = timeline.dating_rules.get(claim.time.rule)
    if rule is None or claim.time.kind in {"by", "throughout"}:
        return
    remedy = "narrow the window to what the words allow, or name the rule by which it is so wide"
    limit, words = _limit(rule)
    if end - start > limit:
        message = f"the window is {_days(end - start)} wide; the rule {claim.time.rule!r} allows {words}"
        yield (*at, "time", "rule"), message, remedy
    elif not _in_one_stretch(rule, start, end):
        over = words if rule.form == "days" else f"one {rule.form}"
        message = f"the window runs over more than {over}; the rule {claim.time.rule!r} allows {words}"
        yield (*at, "time", "rule"), message, remedy
    elif rule.form in {"hours_before_print", "days_before_print"} and claim.source in sources.sources:
        source = sources.sources[claim.source]
        day = _midnight(source.published_at.astimezone(zone))  # the hour of print is not known
        by_hours = rule.form == "hours_before_print"
        earliest = _midnight(day - timedelta(hours=rule.count)) if by_hours else day - (rule.count - 1) * _DAY
        if start < earliest and end - start > _DAY:  # a day told of late is dated to itself
            message = f"the window opens before {earliest.isoformat()}; {words} up to print go no further back"
            yield (*at, "time", "start"), message, remedy


def _limit(rule: DatingRule) -> tuple[timedelta, str]:
    """Return how wide a window of a rule may be, also in words; the hour of print is not known to the hour."""
    many = f"{rule.count} day{'s' * (rule.count > 1)}"
    return {
        "exact": (timedelta(0), "a moment"),
        "day": (_DAY, "one day"),
        "night": (_NIGHT, "a night, 12 hours from 18:00 on"),
        "weekend": (2 * _DAY, "a Saturday and Sunday"),
        "week": (7 * _DAY, "a Monday to Sunday"),
        "days": (rule.count * _DAY, many),
        "days_before_print": (rule.count * _DAY, many),
        "hours_before_print": (timedelta(hours=rule.count) + _DAY, f"{rule.count} hours, from the start of their day"),
    }[rule.form]


def _in_one_stretch(rule: DatingRule, start: datetime, end: datetime) -> bool:
    """Tell whether a window lies in one day, run of days, night, week or weekend, where its form means one."""
    if rule.form in {"day", "days"}:
        return end <= _midnight(start) + (rule.count if rule.form == "days" else 1) * _DAY
    if rule.form == "night":
        dusk = _midnight(start - _DUSK) + _DUSK
        return end <= dusk + _NIGHT
    if rule.form not in _STRETCHES:
        return True
    first, days = _STRETCHES[rule.form]
    opens = _midnight(start) - timedelta(days=(start.weekday() - first) % 7)
    return end <= opens + timedelta(days=days)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), moment.tzinfo)


def _days(span: timedelta) -> str:
    return f"{span / _DAY:.3g} days"
