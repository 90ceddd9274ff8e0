"""One history as a war diary: dated lines that say where, what happened, and because of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.domain.fold import apply
from sim.domain.state import State
from sim.domain.terms import HOUR
from sim.projections.phrases import PHRASES
from sim.projections.wording import Wording, counted
from sim.scenario.schema import Scenario

#: Weight from which on a line belongs into a short diary.
WEIGHTY = 2
#: How many links of the chain of causes are followed to one that can be put into words.
_LINKS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the diary.

    ``what`` is a sentence, ``why`` a clause that begins with "because" or '', ``where`` the name of the
    place or area ('' where there is none). ``weight`` runs from 0 (detail) to 3 (changes the campaign).
    """

    seq: int
    time_s: int
    moment: datetime
    where: str
    what: str
    why: str
    place: str
    kind: str
    weight: int

    @property
    def text(self) -> str:
        """Return the whole line as one sentence."""
        sentence = f"{self.what.rstrip('.')}, {self.why}." if self.why else self.what
        return f"{self.where}: {sentence}" if self.where else sentence


def tell(facts: Sequence[Fact], scenario: Scenario) -> list[Line]:
    """Tell a log, from its first fact on, as lines in its order.

    Kinds that are clockwork are left out. The log is folded on the way, so that numbers of fighters are
    those of the moment.

    Raises:
        Impossible: If the facts are no log: out of order, or not from the first one on.
    """
    state = State()
    wording = Wording(scenario, state)
    wording.together = _together(facts)
    lines: list[Line] = []
    for fact in facts:
        if isinstance(fact, f.EngagementEnded):
            wording.decided[fact.engagement] = fact.why
        said = PHRASES[type(fact)](fact, wording)
        if said is not None:
            what, weight = said
            place = place_of(fact, scenario)
            line = Line(
                fact.seq,
                fact.time_s,
                wording.moment(fact.time_s),
                wording.place(place) if place else "",
                _sentence(what),
                _because(fact, facts, wording) if weight else "",
                place,
                fact.kind,
                weight,
            )
            said_already = line.why.removeprefix("because ") in line.what or _said_just_now(line, lines)
            lines.append(replace(line, why="") if said_already else line)
        apply(state, fact)
        if isinstance(fact, f.EngagementBegan):
            wording.fights[fact.engagement] = state.engagements[fact.engagement]
    return lines


def _together(facts: Sequence[Fact]) -> dict[int, list[str]]:
    """Return by its number, for each fact that several forces may share, of which forces to tell with it."""
    told: dict[int, list[str]] = {}
    first: dict[tuple[object, ...], int] = {}
    key: tuple[object, ...]
    for fact in facts:
        if isinstance(fact, f.ForceSurrendered):
            alone = fact.force if fact.captured and fact.released else ""
            key = (fact.captor, fact.how, fact.captured > 0, alone)
        elif isinstance(fact, f.ForceDispersed):
            key = (fact.reason,)
        elif isinstance(fact, f.GarrisonCutOff):
            key = (fact.decision,)
        elif isinstance(fact, f.OrderDelivered):
            key = (fact.to, fact.why, "" if fact.why == "hopeless odds" else fact.force)
        else:
            continue
        seq = first.setdefault((fact.kind, fact.time_s, fact.place, fact.side, *key), fact.seq)
        told.setdefault(fact.seq, [])
        told[seq].append(fact.force)
    return told


def _said_just_now(line: Line, before: Sequence[Line]) -> bool:
    """Tell whether a line of the same moment that no diary leaves out sooner gives the same reason."""
    return any(
        earlier.why == line.why and earlier.weight >= min(line.weight, WEIGHTY)
        for earlier in takewhile(lambda earlier: earlier.time_s == line.time_s, reversed(before))
    )


def weighty(lines: Iterable[Line], weight: int = WEIGHTY) -> list[Line]:
    """Return the lines of at least a weight."""
    return [line for line in lines if line.weight >= weight]


def place_of(fact: Fact, scenario: Scenario) -> str:
    """Return the place, or the area, that a fact is about; '' if it is about none."""
    place = getattr(fact, "place", "") or getattr(fact, "area", "")
    talks = scenario.talks.get(getattr(fact, "talks", ""))
    return place or (talks.area if talks else "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- causes in words --------------------------------------------------------------------------------

#: What a cause is called after "because", with the fact's fields in the scenario's names.
_CLAUSES: dict[type[Fact], str] = {
    f.DayCame: "the day came: {event}",
    f.Intervened: "somebody had stepped in from outside ({action} {subject})",
    f.ControlChanged: "{place} had fallen to {side}",
    f.EngagementBegan: "{side} had attacked {place}",
    f.PositionTurned: "the position was turned",
    f.ForceBeaten: "{side} was beaten at {place}",
    f.ForceSurrendered: "{side} had surrendered at {place}",
    f.GarrisonCutOff: "the garrison of {place} was cut off",
    f.SiegeBegan: "{place} was shut in",
    f.SiegeLifted: "the road to {place} was open again",
    f.StockExhausted: "{supply} had run out at {place}",
    f.HouseSearchesBegan: "{side} was searching houses at {place}",
    f.RisingBegan: "{place} had risen",
    f.OperationOrdered: "{side} had ordered {operation}",
    f.OperationLaunched: "{operation} was under way",
    f.OperationEnded: "{operation} was over",
    f.ReportReceived: "word had come of {estimate} {enemy} fighters at {place}",
    f.TalksOpened: "talks had begun",
    f.TruceAgreed: "a truce was agreed",
    f.UltimatumIssued: "of the ultimatum",
    f.UltimatumExpired: "the ultimatum had run out",
    f.TalksCollapsed: "the talks had broken down",
    f.SettlementReached: "terms were agreed",
    f.CommunicationsCut: "the telephones were cut",
    f.PoolHeld: "of unrest elsewhere",
}


def clause_of(fact: Fact, scenario: Scenario) -> str:
    """Return what a fact is called as a cause, in words that are the same in every history; '' if it has none."""
    clause = _CLAUSES.get(type(fact))
    if clause is None or isinstance(fact, f.ReportReceived):
        return ""
    return clause.format_map(_Named(fact, Wording(scenario, State())))


class _Named(dict[str, str]):
    """The fields of a fact by name, in words."""

    def __init__(self, fact: Fact, wording: Wording) -> None:
        super().__init__()
        self._fact = fact
        self._speak: dict[str, Callable[[Any], str]] = {
            "place": wording.place,
            "side": wording.side,
            "enemy": wording.side,
            "operation": wording.operation,
            "estimate": lambda count: counted(count) if count else "no",
        }

    def __missing__(self, field: str) -> str:
        value = getattr(self._fact, field)
        return self._speak.get(field, lambda word: str(word).replace("-", " "))(value)


#: Causes that explain something at their own place, too.
_TELLING_ON_THE_SPOT = (f.HouseSearchesBegan, f.SiegeBegan, f.GarrisonCutOff, f.PositionTurned, f.StockExhausted)
#: What goes on by itself once it has begun: a reason further back is that of the beginning.
_CONSEQUENCES = (
    f.BoutFought, f.LineRelieved, f.AttackPaused, f.PositionTurned, f.EngagementEnded, f.ForceBeaten, f.ForceDispersed,
    f.ForceDestroyed, f.VehiclesLost, f.DepotCaptured, f.StockExhausted, f.FightersDeserted, f.ForceSurrendered,
    f.ForceMerged, f.LeaderLost, f.PopulationFled, f.ConvoyDestroyed, f.OperationEnded, f.UltimatumExpired,
    f.CommunicationsRestored,
)  # fmt: skip
#: What somebody decided, on what he knew.
_DECISIONS = (
    f.OperationOrdered, f.OrderIssued, f.ForceDeparted, f.ForceDispersed, f.UltimatumIssued, f.CommunicationsCut,
)  # fmt: skip
#: What comes of many things together, which the line itself tells, or was given its reason when it was ordered.
_NO_SINGLE_REASON = (f.TalksOpened, f.TruceAgreed, f.TalksCollapsed, f.SettlementReached, f.OperationLaunched)

#: What makes supplies run out, beyond that they are used.
_STARVES = (f.SiegeBegan, f.ControlChanged)
#: What stirs people up against a garrison.
_STIRS = (f.HouseSearchesBegan, f.ControlChanged, f.RisingBegan)
#: What makes fighters go home or give up.
_BREAKS_SPIRITS = (
    f.SiegeBegan, f.StockExhausted, f.ControlChanged, f.ForceBeaten, f.GarrisonCutOff, f.EngagementEnded, f.BoutFought,
)  # fmt: skip


def _because(fact: Fact, facts: Sequence[Fact], wording: Wording) -> str:
    """Return the nearest cause that says something which the diary does not say anyway."""
    if isinstance(fact, _NO_SINGLE_REASON):
        return ""
    consequence = isinstance(fact, _CONSEQUENCES) or (isinstance(fact, f.ControlChanged) and bool(fact.engagement))
    for start in (fact.cause, *fact.because):
        cause = start
        for _ in range(_LINKS):
            if not 0 <= cause < fact.seq:
                break
            earlier = facts[cause]
            clause = _CLAUSES.get(type(earlier))
            if clause is not None and earlier.time_s:
                if not _goes_without_saying(earlier, fact):
                    return f"because {clause.format_map(_Named(earlier, wording))}"
                if consequence:
                    break
            cause = earlier.cause
    return ""


def _goes_without_saying(cause: Fact, fact: Fact) -> bool:
    """Tell whether a cause is an earlier stage of the same thing, or stands just above."""
    if isinstance(fact, f.ForceSurrendered | f.FightersDeserted) and not isinstance(cause, _BREAKS_SPIRITS):
        return True  # nobody gives up because his own side decided something
    if isinstance(fact, f.SiegeBegan):
        return not (isinstance(cause, f.ControlChanged) and cause.lost_by == fact.side)
    if isinstance(fact, f.SiegeLifted):
        return not (isinstance(cause, f.ControlChanged) and cause.side == fact.side)
    if isinstance(fact, f.StockExhausted | f.HungerLasted) and not isinstance(cause, _STARVES):
        return True
    if isinstance(fact, f.RisingBegan) and not isinstance(cause, _STIRS):
        return True
    if isinstance(cause, f.ReportReceived):  # news moves those who decide, nobody else
        return not isinstance(fact, _DECISIONS)
    if isinstance(cause, _TELLING_ON_THE_SPOT):
        return fact.kind == cause.kind
    if any(_same(thing, cause, fact) for thing in ("operation", "talks", "engagement", "area")):
        return True
    just_above = fact.time_s - cause.time_s < HOUR
    return _same("place", cause, fact) and (just_above or not isinstance(cause, f.ControlChanged))


def _same(thing: str, cause: Fact, fact: Fact) -> bool:
    name = getattr(fact, thing, "")
    return bool(name) and name == getattr(cause, thing, "")
