"""Claims: what somebody says happened, when, where and to how many.

A claim is not a fact. It names who says it (``claimant``), who passed it on, which source printed it, and
the window of time that its words allow. Reported claims are read from a file by people
(``sim.scenario.reported``); simulated claims come out of ``sim.observation`` in exactly this form, so one
predicate per event type serves both. Times are whole seconds since the scenario's start and may be
negative, because a source may speak of what came before.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from sim.domain.terms import DAY, HOUR

#: What can be claimed, and the fact or state of the simulated world that it speaks of. ``actor`` and
#: ``target`` are the fields of ``Event``; an empty one matches every side.
EVENT_TYPES: dict[str, str] = {
    "capture": "a place came into the actor's hands (ControlChanged to the actor, lost by the target)",
    "recapture": "the actor took back a place that it had held and lost earlier in the campaign",
    "control_state": "the actor holds a place",
    "attack": "fighting began in which the actor is the attacker (EngagementBegan against the target)",
    "attack_repelled": "an attack by the target ended held or broken off before the actor, who defends",
    "advance": "columns of the actor set out for a place (OperationLaunched, a way point of its axes)",
    "withdrawal": "a force of the actor left a place it held (ForceDispersed, or ControlChanged without a fight)",
    "rising": "people of a place rose as the actor's fighters against the target (RisingBegan)",
    "siege": "the actor cut the last road of a garrison of the target (SiegeBegan)",
    "route_blocked": "a place on a route passed from the target, who uses it, to the actor (ControlChanged)",
    "route_opened": "the actor holds every place of a route again, after a place of it changed hands",
    "talks": "actor and target began to talk or agreed not to attack (TalksOpened, TruceAgreed)",
    "ultimatum": "the actor told the target to give in (UltimatumIssued)",
    "settlement": "actor and target settled without a decision by arms (SettlementReached)",
    "talks_collapsed": "talks between actor and target broke down (TalksCollapsed)",
    "communications_cut": "the actor cut the telephones of an area (CommunicationsCut)",
    "casualties": "people of a side were killed or wounded in fighting at a place, within the window",
    "captured_people": "people of a side were taken prisoner at a place, within the window",
    "equipment_loss": "vehicles of a side were destroyed or taken at a place, within the window",
    "displacement": "people left their homes",
}

#: Event types that ask how many, within the window, and not when first: what a claim of each counts, of vehicles the
#: part before the colon.
COUNTS: dict[str, frozenset[str]] = {
    "casualties": frozenset({"killed", "wounded", "killed_or_wounded"}),
    "captured_people": frozenset({"captured"}),
    "equipment_loss": frozenset({"vehicles"}),
    "displacement": frozenset({"displaced"}),
}
COUNTED_TYPES = frozenset(COUNTS)

Quantifier = Literal["any", "all", "at_least"]
Occurrence = Literal["first", "next_after", "any_in_window"]
WindowKind = Literal["moment", "state_on", "by", "throughout"]
Statement = Literal["asserts", "denies", "intends"]
Status = Literal["claimed", "disputed", "corroborated", "refuted"]
Score = Literal["headline", "claims", "no"]
Form = Literal["exact", "day", "days", "night", "weekend", "week", "hours_before_print", "days_before_print"]


class Event(msgspec.Struct, frozen=True, gc=False):
    """What is alleged: a kind of happening, by whom against whom, where.

    ``where`` holds ids of places or areas (an area stands for all its places; empty = anywhere); the
    quantifier says of how many of those places it must be true: any, all (at one moment), or at least
    ``at_least``. ``next_after`` names another event, and then only what comes after that one counts.
    ``where_prec`` is the precision of the place: 1 exact, 2 near it, 3 district, 4 province, 5 a line
    or stretch, 6 country, 7 international waters or air (the codes of UCDP GED; 0 = not judged).
    """

    type: str
    actor: str = ""
    target: str = ""
    where: tuple[str, ...] = ()
    quantifier: Quantifier = "any"
    at_least: int = 0
    occurrence: Occurrence = "first"
    next_after: str = ""
    where_prec: int = 0


class Window(msgspec.Struct, frozen=True, gc=False):
    """When it is alleged to have happened.

    ``moment``: once, between start and end. ``state_on``: true at some moment between start and end.
    ``by``: happened at or before end, not before start. ``throughout``: true from start to end.
    ``rule`` says how the window follows from the words; ``prec`` is 1 day, 2 two to six days, 3 week,
    4 month, 5 longer (the codes of UCDP GED).
    """

    kind: WindowKind
    start_s: int
    end_s: int
    rule: str
    prec: int

    @property
    def middle_s(self) -> int:
        """Return the middle of the window, which stands for its date where one date is needed."""
        return (self.start_s + self.end_s) // 2


class Measure(msgspec.Struct, frozen=True, gc=False):
    """How many, of whom: an interval around a best value, open above or below where the words are.

    ``what`` is ``killed``, ``wounded``, ``killed_or_wounded``, ``captured``, ``displaced`` or
    ``vehicles:<type>``. None means that no number is given; a ``best`` of None with ``open`` set is a
    bound alone.
    """

    whose: str
    what: str
    low: int | None = None
    best: int | None = None
    high: int | None = None
    open: Literal["", "above", "below"] = ""


class Claim(msgspec.Struct, frozen=True, gc=False):
    """One utterance about one alleged event, printed by one source.

    Claims with the same ``event_id`` speak of the same alleged event, whether they agree or not; claims
    with the same ``claim_group_id`` are copies of one utterance and weigh one together. Reliability of
    the claimant (A-F) and credibility of the content (1-6) are the grades of the NATO source code.
    ``printed_s`` is when the source came out.
    """

    claim_id: str
    event_id: str
    claim_group_id: str
    claimant: str
    relayed_by: str
    source: str
    statement: Statement
    event: Event
    window: Window
    measure: Measure | None = None
    reliability: str = "F"
    credibility: int = 6
    against_interest: bool = False
    verified: bool = False
    status: Status = "claimed"
    score: Score = "no"
    printed_s: int = 0
    label: str = ""
    note: str = ""


class Coarsening(msgspec.Struct, frozen=True, gc=False):
    """What words of one kind do to a moment: the machine-readable half of a dating rule.

    ``exact``: nothing. ``day``: the local calendar day. ``days``: ``count`` local days ending with the
    day of the moment. ``night``: 18:00 to 06:00 around it. ``weekend``: the Saturday and Sunday it falls
    in, else its day. ``week``: Monday to Sunday. ``hours_before_print`` and ``days_before_print``: the
    last ``count`` hours, or local days, before the source came out, if the moment lies in them, else
    the day.
    """

    form: Form
    count: int = 1

    def window(self, time_s: int, printed_s: int, start: datetime) -> tuple[int, int]:
        """Return first and last second that these words allow for a moment told at ``printed_s``.

        The moment itself lies within; the window opens no earlier than the start, before which nothing
        simulated happened, and closes no later than the telling of it.

        Args:
            time_s: The moment itself, seconds since ``start``.
            printed_s: When the source came out.
            start: The scenario's start, whose offset says where days begin.
        """
        low, high = self._around(time_s, printed_s, start)
        return min(max(low, 0), time_s), max(min(high, printed_s), time_s)

    def _around(self, time_s: int, printed_s: int, start: datetime) -> tuple[int, int]:
        if self.form == "exact":
            return time_s, time_s
        if self.form == "night":
            dusk = _midnight(time_s - 6 * HOUR, start) + 18 * HOUR
            return (dusk, dusk + 12 * HOUR) if dusk <= time_s <= dusk + 12 * HOUR else _day(time_s, start)
        if self.form in {"week", "weekend"}:
            monday = _midnight(time_s, start) - (start + timedelta(seconds=time_s)).weekday() * DAY
            if self.form == "week":
                return monday, monday + 7 * DAY
            saturday = monday + 5 * DAY
            return (saturday, saturday + 2 * DAY) if time_s >= saturday else _day(time_s, start)
        if self.form == "days":
            low, high = _day(time_s, start)
            return low - (self.count - 1) * DAY, high
        if self.form == "hours_before_print":
            first = printed_s - self.count * HOUR
        elif self.form == "days_before_print":
            first = _midnight(printed_s, start) - (self.count - 1) * DAY
        else:
            return _day(time_s, start)
        return (first, printed_s) if first <= time_s <= printed_s else _day(time_s, start)


def _midnight(time_s: int, start: datetime) -> int:
    """Return the local midnight at or before a moment, in seconds since the start."""
    into_day = start.hour * HOUR + start.minute * 60 + start.second
    return time_s - (time_s + into_day) % DAY


def _day(time_s: int, start: datetime) -> tuple[int, int]:
    midnight = _midnight(time_s, start)
    return midnight, midnight + DAY
