"""Everything said and printed about simulated campaigns, as columns and as claims in the reported form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from sim.domain.claims import Claim, Event, Measure, Window, WindowKind
from sim.domain.terms import DAY
from sim.observation.draws import Names
from sim.observation.happenings import TYPE, TYPES
from sim.observation.history import History
from sim.observation.printing import Printed
from sim.observation.saying import Speaker, harmed
from sim.observation.telling import STATEMENTS, UNTOLD, Said
from sim.observation.theatre import Ints
from sim.observation.wheres import Wheres

#: What the number of a claim of each counted type counts.
MEASURES = {"casualties": "killed", "captured_people": "captured", "equipment_loss": "vehicles:any"}


class SimulatedClaim(msgspec.Struct, frozen=True, gc=False):
    """A claim that a source of the scenario would have printed, with the fact it is about (-1: with none)."""

    claim: Claim
    seq: int
    said_s: int
    printed_s: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything said and printed about the campaigns of a history.

    ``said`` are claims, ``printed`` which of them which source printed; ``speakers``, ``outlets`` and
    ``sources`` are the names that the columns count.
    """

    history: History
    said: Said
    printed: Printed
    wheres: Wheres
    names: Names
    speakers: tuple[Speaker, ...]
    outlets: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def rep(self) -> Ints:
        """Return the position of the replication of each printed claim."""
        return self.said.rep[self.printed.claim]


def claims_of(coverage: Coverage) -> Iterator[SimulatedClaim]:
    """Yield every printed claim in the form of a reported one: one for each number it gives."""
    said, out = coverage.said, coverage.printed
    sides = (*coverage.history.theatre.sides, "")
    for row in range(len(out)):
        at = int(out.claim[row])
        type_, who = TYPES[said.type[at]], coverage.speakers[said.claimant[at]]
        actor, target = sides[said.actor[at]], sides[said.target[at]]
        source = coverage.sources[out.source[row]]
        group = f"{coverage.names.words[said.subject[at]]}#{said.n[at]}"
        where = coverage.wheres.names(int(said.where[at]))
        for what, many in _numbers(said, at):
            claim = Claim(
                claim_id=f"{source}<{group}" + (f">{what}" if what else ""),
                event_id=group.partition("|")[2],
                claim_group_id=group,
                claimant=who.name,
                relayed_by=coverage.outlets[out.outlet[row]] if out.outlet[row] >= 0 else "",
                source=source,
                statement=STATEMENTS[said.statement[at]],
                event=Event(type_, actor, target, where, "all"),
                window=_window(type_, int(out.low_s[row]), int(out.high_s[row])),
                measure=Measure(target, what, best=many) if what else None,
                against_interest=who.spec.side is not None and harmed(type_, actor, target) == who.spec.side,
                printed_s=int(out.printed_s[row]),
            )
            yield SimulatedClaim(claim, int(said.seq[at]), int(said.said_s[at]), int(out.printed_s[row]))


def _window(type_: str, low_s: int, high_s: int) -> Window:
    days = (high_s - low_s) / DAY
    kind: WindowKind = "state_on" if type_ == "control_state" else "moment"
    return Window(kind, low_s, high_s, "words of the source", 1 if days <= 1 else 2 if days <= 6 else 3)


def _numbers(said: Said, at: int) -> list[tuple[str, int | None]]:
    """Return what was counted and how many: killed and wounded of one claim stand apart."""
    many, wounded = int(said.many[at]), int(said.wounded[at])
    found: list[tuple[str, int | None]] = [(MEASURES.get(TYPES[said.type[at]], ""), None if many == UNTOLD else many)]
    if wounded != UNTOLD and said.type[at] == TYPE["casualties"]:
        found.append(("wounded", wounded))
    return found
