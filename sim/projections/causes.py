"""Why something happened: the tree of a fact's causes, back to where the log has nothing before it.

Every fact names one ``cause``, and in ``because`` the reports and facts that whoever acted had before him. A tree
follows both. Facts that no diary would tell of (reports on their way, rates that moved), and the single steps of a
march or a fight, are passed over for their own causes; of a report only what it said is told, not how it came about.
What ends a branch is how things stood at the start, an announced date, or a draw: a hazard that came due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.projections.narrative import Line, clause_of, tell
from sim.scenario.schema import Scenario

#: How a fact belongs to what it led to.
CAUSE, KNOWN = "because of", "knowing"
#: Clockwork and steps of a march or a fight, which are passed over; ``everything`` shows them.
_PASSED_OVER = (
    f.HazardChanged, f.ReportSent, f.OrderIssued, f.PostureChanged, f.ForceDeparted, f.ForceMerged, f.ForceSplit,
    f.BoutFought, f.LineRelieved, f.AttackPaused, f.ColumnsClashed,
)  # fmt: skip
#: Links that are left out where chains of many histories are counted: they say how, not why.
_STEPS = (f.EngagementBegan, f.OperationLaunched, f.OperationEnded, f.TalksOpened, f.TruceAgreed)
#: How many links a chain of causes may have; a log cannot have a longer one than facts.
_LINKS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Cause:
    """A fact in a tree of causes.

    ``role`` says how it belongs to what it led to ('' at the top), ``text`` what happened. ``root`` is what ends the
    branch here (``start, date, draw`` or ``outside``), '' where it goes on or was told before (``told_before``).
    """

    seq: int
    time_s: int
    moment: datetime
    kind: str
    text: str
    role: str
    root: str
    told_before: bool
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A fact with what a tree of causes goes on with from it, by number; trees of one history share their links.

    ``cause`` is -1 where the branch ends, by the ``root`` of ``Cause``; ``knowing`` are reports and facts that whoever
    acted had before him. What is a ``word`` of something is not followed further where somebody only knew it.
    """

    seq: int
    text: str
    root: str
    cause: int
    knowing: tuple[int, ...]
    word: bool


def links_of(
    facts: Sequence[Fact], scenario: Scenario, seqs: Iterable[int], *, lines: Sequence[Line] | None = None
) -> dict[int, Link]:
    """Return, by number, every fact that the trees of causes of some facts are made of.

    ``causes_of`` one of these facts follows the same links: first the chain along ``cause`` to its end, then what was
    ``knowing`` at each link of it, but for what was told before.

    Args:
        facts: The whole log.
        scenario: What it is a log of.
        seqs: The numbers of the facts.
        lines: What ``tell`` makes of the log, where somebody has it already.
    """
    tree = _Tree(facts, scenario, everything=False, lines=lines)
    found: dict[int, Link] = {}
    ahead = list(seqs)
    while ahead:
        seq = ahead.pop()
        if seq not in found:
            found[seq] = link = tree.link(seq)
            ahead += [*link.knowing, *([link.cause] if link.cause >= 0 else [])]
    return found


def causes_of(
    facts: Sequence[Fact], scenario: Scenario, seq: int, *, everything: bool = False, depth: int | None = None
) -> Cause:
    """Return the tree of causes of a fact.

    Args:
        facts: The whole log.
        scenario: What it is a log of.
        seq: The number of the fact.
        everything: Keep what no diary would tell of.
        depth: How many links back at most, None for all.
    """
    return _Tree(facts, scenario, everything).of(seq, "", _LINKS_MAX if depth is None else depth)


class _Tree:
    """What is the same for all branches: the words of each fact, and which were told."""

    def __init__(
        self, facts: Sequence[Fact], scenario: Scenario, everything: bool, lines: Sequence[Line] | None = None
    ) -> None:
        self._facts = facts
        told = tell(facts, scenario) if lines is None else lines
        self._words = {line.seq: f"{line.where}: {line.what}" if line.where else line.what for line in told}
        self._scenario = scenario
        self._everything = everything
        self._told: set[int] = set()
        self._rates: dict[int, f.HazardChanged] = {
            fact.seq: fact for fact in facts if isinstance(fact, f.HazardChanged)
        }

    def of(self, seq: int, role: str, depth: int) -> Cause:
        """Return a fact with its causes; one that was told before has none again."""
        chain = self._chain(seq, depth)
        known: list[tuple[Cause, ...]] = []
        for number, (own, before) in enumerate(chain):
            left = depth - number
            goes_on = not before and left > 0
            known.append(tuple(self._branches(own, left - 1)) if goes_on else ())
        found: Cause | None = None
        for number in range(len(chain) - 1, -1, -1):
            (own, before), fact = chain[number], self._facts[chain[number][0]]
            found = Cause(
                seq=own,
                time_s=fact.time_s,
                moment=self._scenario.scenario.start + timedelta(seconds=fact.time_s),
                kind=fact.kind,
                text=self._text(fact),
                role=CAUSE if number else role,
                root="" if before else self._root(fact),
                told_before=before,
                causes=((found,) if found is not None else ()) + known[number],
            )
        assert found is not None
        return found

    def _chain(self, seq: int, depth: int) -> list[tuple[int, bool]]:
        """Return the facts from one back along ``cause`` to the root or to one told before, and whether each was."""
        chain = []
        while True:
            before = seq in self._told
            self._told.add(seq)
            chain.append((seq, before))
            earlier = self._earlier(self._facts[seq])
            if before or len(chain) > depth or earlier < 0:
                return chain
            seq = earlier

    def _earlier(self, fact: Fact) -> int:
        """Return the next fact back along ``cause``, -1 where the branch ends."""
        if fact.cause < 0 or self._root(fact):
            return -1
        before_it = self._shown(fact.cause)
        if isinstance(fact, f.ControlChanged) and isinstance(self._facts[before_it], f.EngagementEnded):
            before_it = self._shown(before_it if self._everything else self._facts[before_it].cause)
        return before_it

    def _knowing(self, seq: int) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._shown(other) for other in self._facts[seq].because))

    def link(self, seq: int) -> Link:
        """Return a fact with what a tree goes on with from it."""
        fact = self._facts[seq]
        word = self._is_word(seq)
        return Link(seq, self._text(fact), self._root(fact), self._earlier(fact), self._knowing(seq), word)

    def _branches(self, seq: int, depth: int) -> Iterator[Cause]:
        """Yield what somebody had before him, but for what the chain itself tells."""
        for other in self._knowing(seq):
            if other not in self._told:
                yield self.of(other, KNOWN, 0 if self._is_word(other) else depth)

    def _shown(self, seq: int) -> int:
        """Return a fact, or where it is passed over the nearest of its causes that is not."""
        while not self._everything and self._passes(seq) and self._facts[seq].cause >= 0:
            seq = self._facts[seq].cause
        return seq

    def _is_word(self, seq: int) -> bool:
        """Tell whether a fact is word of something, which is not followed further."""
        return isinstance(self._facts[seq], f.ReportReceived) and not self._everything

    def _passes(self, seq: int) -> bool:
        fact = self._facts[seq]
        return isinstance(fact, _PASSED_OVER) or (isinstance(fact, f.ForceArrived) and not fact.settles)

    def _root(self, fact: Fact) -> str:
        if isinstance(fact, f.RunStarted):
            return "start"
        if isinstance(fact, f.DayCame):
            return "date"
        if isinstance(fact, f.Intervened | f.AssumptionChanged):
            return "outside"
        return "draw" if isinstance(fact, f.HazardFired) and self._shown(fact.cause) == 0 else ""

    def _moment(self, fact: Fact) -> datetime:
        return self._scenario.scenario.start + timedelta(seconds=fact.time_s)

    def _text(self, fact: Fact) -> str:
        said = self._words.get(fact.seq)
        if said is not None:
            return said
        if isinstance(fact, f.ControlChanged):
            place, side = self._scenario.places[fact.place].name, self._scenario.sides.get(fact.side)
            return f"{place}: held by {side.name if side is not None else 'nobody'} at the start"
        if isinstance(fact, f.RunStarted):
            return f"the start: {len(fact.values):,} numbers drawn for draw {fact.draw}, replication {fact.replication}"
        if isinstance(fact, f.HazardFired):
            kind, _, subject = fact.clock.partition(":")
            rate = self._rates.get(fact.cause)
            often = f", at {rate.rate_per_day:.3g} a day when it was last raised" if rate is not None else ""
            return f"a draw: {kind.replace('_', ' ')} of {subject} came due{often}"
        if isinstance(fact, f.HazardChanged):
            return f"the rate of {fact.clock} became {fact.rate_per_day:.3g} a day"
        return fact.kind


def walk(tree: Cause) -> Iterator[tuple[int, Cause]]:
    """Yield every fact of a tree with its depth in branches: a chain of causes is one branch."""
    stack = [(0, tree)]
    while stack:
        level, node = stack.pop()
        yield level, node
        deeper = [(level + (node_.role == KNOWN), node_) for node_ in node.causes]
        stack += [pair for pair in deeper if pair[1].role == CAUSE]
        stack += reversed([pair for pair in deeper if pair[1].role == KNOWN])


def chain_of(facts: Sequence[Fact], scenario: Scenario, seq: int) -> tuple[str, ...]:
    """Return the links that lead to a fact in words without numbers, the nearest first, for counting over histories."""
    links: list[str] = []
    cause = facts[seq].cause
    while cause >= 0:
        fact = facts[cause]
        words = "" if isinstance(fact, _STEPS) else clause_of(fact, scenario)
        if words and fact.time_s and (not links or links[-1] != words):
            links.append(words)
        cause = fact.cause
    return tuple(dict.fromkeys(links))


def outcome_of(fact: Fact, scenario: Scenario) -> str:
    """Return how something was decided, in words that are the same in every history."""
    how = str(getattr(fact, "how", "") or getattr(fact, "outcome", "")).replace("_", " ")
    words = clause_of(fact, scenario) or fact.kind
    return f"{words} ({how})" if how else words
