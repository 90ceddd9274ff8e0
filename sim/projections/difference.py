"""Two histories that part at a moment: what no longer happens, what happens instead, and what stays."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from sim.domain.facts import AssumptionChanged, Fact, Intervened

_ENVELOPE = frozenset({"seq", "cause", "because"})
#: Kinds that say how a history is kept, what was drawn and what was done from outside, not what happened in the world.
_BOOKKEEPING = frozenset(
    {"RunStarted", "RunEnded", "HazardChanged", "HazardFired", "DayCame", "AssumptionChanged", "Intervened"}
)

#: Kinds that, in the first second, say who is where with what.
_AT_THE_START = frozenset({"ControlChanged", "ForceRaised", "StockReplenished"})


@dataclass(frozen=True, slots=True)
class Parting:
    """How two logs differ; facts are told by their numbers in the log that they belong to.

    ``same_until`` facts are the same in both, one by one. After them a fact stays if the other log has it, too, in the
    same second and with the same words, whatever its number and its causes; ``stayed`` are so many. ``moved`` are
    pairs of the same words but for times, one of each log. ``gone`` are those that only the first log has, ``new``
    those that only the second has; ``led`` are the new ones that come, cause by cause, from what was done from outside
    in the second, the other new ones come of what happens at another time or no longer.
    """

    same_until: int
    stayed: int
    moved: tuple[tuple[int, int], ...]
    gone: tuple[int, ...]
    new: tuple[int, ...]
    led: frozenset[int]


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """Where two logs part in the world: the first fact that the other does not have, of each; None if it has all.

    ``time_s`` is when the earlier of the two happened, and ``kind`` what kind of fact that is; of two in the same
    second it is that of the second log.
    """

    time_s: int
    kind: str
    first: Fact | None
    second: Fact | None


def first_difference(first: Sequence[Fact], second: Sequence[Fact]) -> FirstDifference | None:
    """Return what first happens in one of two histories and not in the other; None if the same happens in both.

    Two facts are the same if they say the same in the same second, whatever their numbers and causes. How both begin
    (who is where with what), what was drawn, hazards that changed and what was done from outside are no happenings.
    """
    _, gone, new = _matched(_happenings(first), _happenings(second), timeless=False)
    one, other = next(iter(gone), None), next(iter(new), None)
    earliest = min((fact for fact in (other, one) if fact is not None), key=lambda fact: fact.time_s, default=None)
    return None if earliest is None else FirstDifference(earliest.time_s, earliest.kind, one, other)


def _happenings(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.kind not in _BOOKKEEPING and not _set_up(fact)]


def _set_up(fact: Fact) -> bool:
    """Tell whether a fact says how the campaign begins: what the very first fact brings about in second 0."""
    return fact.time_s == 0 and fact.cause == 0 and fact.kind in _AT_THE_START


def parting(first: Sequence[Fact], second: Sequence[Fact]) -> Parting:
    """Return how two logs of the same beginning differ."""
    same = 0
    while same < min(len(first), len(second)) and first[same] == second[same]:
        same += 1
    stayed, gone, new = _matched(first[same:], second[same:], timeless=False)
    moved, gone, new = _matched(gone, new, timeless=True)
    led: set[int] = {fact.seq for fact in new if isinstance(fact, AssumptionChanged | Intervened)}
    for fact in second[same:]:
        if fact.cause in led or any(seq in led for seq in fact.because):
            led.add(fact.seq)
    only_second = tuple(fact.seq for fact in new)
    return Parting(
        same_until=same,
        stayed=len(stayed),
        moved=tuple(moved),
        gone=tuple(fact.seq for fact in gone),
        new=only_second,
        led=frozenset(led & set(only_second)),
    )


def _matched(
    first: Sequence[Fact], second: Sequence[Fact], *, timeless: bool
) -> tuple[list[tuple[int, int]], list[Fact], list[Fact]]:
    """Pair facts of the same words, in their order; return the pairs, and what is left of both."""
    waiting: dict[tuple[object, ...], deque[Fact]] = {}
    for fact in first:
        waiting.setdefault(_words(fact, timeless), deque()).append(fact)
    pairs, new = [], []
    for fact in second:
        alike = waiting.get(_words(fact, timeless))
        if alike:
            pairs.append((alike.popleft().seq, fact.seq))
        else:
            new.append(fact)
    paired = {number for number, _ in pairs}
    return pairs, [fact for fact in first if fact.seq not in paired], new


def _words(fact: Fact, timeless: bool) -> tuple[object, ...]:
    """Return everything that a fact says but for its place in the log, and for times if these do not count."""
    said = msgspec.structs.asdict(fact).items()
    return (
        fact.kind,
        *(value for name, value in said if name not in _ENVELOPE and not (timeless and name.endswith("_s"))),
    )
