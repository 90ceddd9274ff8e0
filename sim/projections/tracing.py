"""One force through one history: where it was, what befell it, and what was left of it each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.domain.fold import apply
from sim.domain.state import Force, State
from sim.errors import InputError
from sim.projections.narrative import tell
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean

#: Fields that name a force, and lists that begin with one.
_NAMES = ("force", "child", "into", "other")
_LISTS = ("losses", "prisoners", "spent_by")
_AT_ITS_PLACE = (f.EngagementBegan, f.EngagementEnded, f.SiegeBegan, f.SiegeLifted, f.PositionTurned)


@dataclass(frozen=True, slots=True)
class Step:
    """One fact in the course of a force, in words, and the force right after it.

    ``place`` is where it stands or set out from, ``to`` the end of the leg it is on, '' if on none; ``fit`` is 0 once
    it is no more.
    """

    seq: int
    time_s: int
    moment: datetime
    kind: str
    text: str
    place: str
    to: str
    posture: str
    fit: int
    cohesion: float


def trace(facts: Sequence[Fact], scenario: Scenario, force: str, *, until_s: int | None = None) -> list[Step]:
    """Return the course of a force, fact by fact.

    A fact belongs to it if it names it, or if it tells of a fight or a siege at the place where it stands.

    Args:
        facts: The whole log.
        scenario: What it is a log of.
        force: The id of the force: ``valley-guard@gate``, ``levy#2``.
        until_s: Only up to this moment, in seconds after the start.

    Raises:
        InputError: If there was no such force; forces of the scenario are told their detachments.
    """
    texts = {line.seq: line.text.removeprefix(f"{line.where}: ") for line in tell(facts, scenario)}
    state = State()
    found: list[Step] = []
    start = scenario.scenario.start.timestamp()
    zone = scenario.scenario.start.tzinfo
    for fact in facts:
        if until_s is not None and fact.time_s > until_s:
            break
        before = state.forces.get(force)
        concerned = _concerns(fact, force, before)
        apply(state, fact)
        now = state.forces.get(force)
        there = now or before
        if concerned and there is not None:
            found.append(
                Step(
                    fact.seq,
                    fact.time_s,
                    datetime.fromtimestamp(start + fact.time_s, zone),
                    fact.kind,
                    texts.get(fact.seq, ""),
                    there.place,
                    now.to if now is not None and now.leg else "",
                    now.posture if now is not None else "",
                    now.fit if now is not None else 0,
                    now.cohesion if now is not None else 0.0,
                )
            )
    if not found:
        raise InputError(_unknown(facts, force))
    return found


def _concerns(fact: Fact, force: str, known: Force | None) -> bool:
    if any(getattr(fact, name, "") == force for name in _NAMES):
        return True
    if any(entry[0] == force for name in _LISTS for entry in getattr(fact, name, ())):
        return True
    stands = known is not None and not known.leg and known.posture != "hills"
    return stands and known is not None and isinstance(fact, _AT_ITS_PLACE) and _place_of(fact) == known.place


def _place_of(fact: Fact) -> str:
    return str(getattr(fact, "place", ""))


def _unknown(facts: Sequence[Fact], force: str) -> str:
    names = dict.fromkeys(
        str(getattr(fact, name)) for fact in facts for name in ("force", "child") if hasattr(fact, name)
    )
    own = [name for name in names if name.startswith((f"{force}@", f"{force}#", f"{force}>"))]
    if own:
        shown = ", ".join(own[:12]) + (", ..." if len(own) > 12 else "")
        return f"{force} fights in parts, each with a name of its own: {shown}; give one of these"
    return f"{force}: there was no such force in this history; {did_you_mean(force, names)}"
