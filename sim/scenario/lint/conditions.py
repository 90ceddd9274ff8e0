"""Conditions taken apart: the ways in which one can come to hold, and what contradicts itself in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from sim.scenario.schema import Condition

#: A condition that can hold in more ways than this is not taken apart.
WAYS_MAX = 512
#: What a fact about talks leaves behind: the stage that they are in from then on, as far as it alone says.
_STAGES_AFTER = {
    "TalksOpened": {"contact", "truce", "collapsed", "settled"},
    "TruceAgreed": {"truce", "collapsed", "settled"},
    "TruceViolated": {"contact", "truce", "collapsed", "settled"},
    "TalksCollapsed": {"collapsed"},
    "SettlementReached": {"settled"},
}
STAGES = frozenset({"none", "contact", "truce", "collapsed", "settled"})


class Part(NamedTuple):
    """A condition without parts, where it stands, and whether it must hold or must not."""

    path: str
    condition: Condition
    negated: bool = False


Way = tuple[Part, ...]


def parts(condition: Condition, path: str) -> Iterator[Part]:
    """Yield every condition without parts in a condition."""
    for way in ways(condition, path):
        yield from way


def ways(condition: Condition, path: str, negated: bool = False) -> tuple[Way, ...]:
    """Return the ways in which a condition can hold: in each of them all its parts do (disjunctive normal form)."""
    if condition.not_ is not None:
        return ways(condition.not_, f"{path}.not", not negated)
    word = "all" if condition.all is not None else "any" if condition.any is not None else ""
    if not word:
        return ((Part(path, condition, negated),),)
    inner = [ways(part, f"{path}.{word}.{index}", negated) for index, part in enumerate(getattr(condition, word) or ())]
    if (word == "any") != negated:
        return tuple(way for found in inner for way in found)[:WAYS_MAX]
    joined: tuple[Way, ...] = ((),)
    for found in inner:
        joined = tuple(first + second for first, second in product(joined, found))[:WAYS_MAX]
    return joined


def contradiction(way: Way, talks: Mapping[str, bool]) -> str:
    """Return why the parts of a way cannot all hold at once, '' if they can as far as one can see.

    Args:
        way: Parts that are to hold together.
        talks: The talks of the scenario, and whether they may be taken up again once they broke down.
    """
    return _both_ways(way) or _two_holders(way) or _two_stages(way, talks)


def _both_ways(way: Way) -> str:
    wanted = {part.condition.model_dump_json(): part for part in way if not part.negated}
    for part in way:
        if part.negated and part.condition.model_dump_json() in wanted:
            return f"the same is demanded ({wanted[part.condition.model_dump_json()].path}) and forbidden ({part.path})"
    return ""


def _two_holders(way: Way) -> str:
    holders: dict[str, Part] = {}
    for part in way:
        said = part.condition
        if part.negated or said.state != "holds" or said.place is None or said.side is None:
            continue
        other = holders.setdefault(said.place, part)
        if other.condition.side != said.side:
            return f"{said.place!r} cannot be held by {other.condition.side!r} and by {said.side!r}"
    return ""


def _two_stages(way: Way, talks: Mapping[str, bool]) -> str:
    """Follow the talks that a way speaks of through what its parts leave possible for their stage."""
    left: dict[str, frozenset[str]] = {}
    for part in sorted(way, key=lambda part: part.negated):
        said = part.condition
        named = said.talks or (next(iter(talks)) if len(talks) == 1 else None)
        allowed = _stages(part, resumed=talks.get(named or "", False))
        if named is None or allowed is None:
            continue
        before = left.get(named, STAGES)
        left[named] = before & allowed
        if not left[named]:
            return f"the talks {named!r} cannot be {_told(allowed)} here, where the rest leaves them {_told(before)}"
    return ""


def _stages(part: Part, *, resumed: bool) -> frozenset[str] | None:
    """Return the stages of talks that a part leaves possible, None if it does not speak of them."""
    said = part.condition
    if said.state in ("truce", "talks"):
        stage = frozenset({"truce" if said.state == "truce" else str(said.stage)})
        return STAGES - stage if part.negated else stage
    if said.fact in _STAGES_AFTER and not part.negated:
        return frozenset(_STAGES_AFTER["TalksOpened" if resumed else said.fact])
    return None


def _told(stages: frozenset[str]) -> str:
    return " or ".join(sorted(stages))
