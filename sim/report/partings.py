"""What changed first: in some tens of pairs, the first fact that only one of the two histories has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from sim.compare import Probability
from sim.compare.daily_pairs import Pairs
from sim.compare.windows import share_of
from sim.domain.facts import Fact
from sim.domain.terms import DAY, HOUR
from sim.observation.theatre import Floats, Ints
from sim.projections.difference import FirstDifference, first_difference
from sim.projections.narrative import place_of, tell
from sim.report.calendar import Calendar
from sim.report.legend import Legend
from sim.report.words import kind_in_words
from sim.scenario.schema import Scenario
from sim.store import Batch

#: Logs are long: no more pairs than these are read, evenly spaced by their numbers.
READ_AT_MOST = 40
#: Pairs that are shown as examples, from that which parts soonest to that which parts latest.
EXAMPLES = 5
_LONGEST = 60
_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Apart:
    """A pair that was read: its number, its draw, and where its logs part; None if the same happens in both."""

    replication: int
    draw: int
    found: FirstDifference | None


@dataclass(frozen=True, slots=True)
class Said:
    """The first fact that one of two logs has alone: its number, when, its kind, and the diary's line for it.

    ``otherwise`` are the fields that it has otherwise than the other log's, where both are of one kind.
    """

    seq: int
    time_s: int
    kind: str
    words: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A pair as an example: what each of the two has alone first, None where it has nothing of its own."""

    replication: int
    first: Said | None
    second: Said | None


def chosen(replications: Sequence[int], at_most: int = READ_AT_MOST) -> list[int]:
    """Return which pairs are read: all of them, or so many evenly spaced ones, the first and the last included."""
    if len(replications) <= at_most:
        return list(replications)
    return [replications[round(step * (len(replications) - 1) / (at_most - 1))] for step in range(at_most)]


def read_pairs(first: Batch, second: Batch, pairs: Pairs) -> list[Apart]:
    """Return where the logs of some pairs part, in the order of their numbers."""
    draw_of = dict(zip(pairs.replications.tolist(), pairs.draws.tolist(), strict=True))
    numbers = chosen(sorted(draw_of))
    ends_s = pairs.days * DAY
    others = dict(second.logs(replications=numbers))
    found = {
        number: first_difference(_until(log, ends_s), _until(others[number], ends_s))
        for number, log in first.logs(replications=numbers)
    }
    return [Apart(number, draw_of[number], found[number]) for number in numbers]


def _until(facts: Sequence[Fact], time_s: int) -> list[Fact]:
    """Return the facts up to a moment: of two campaigns the longer one is compared as far as the shorter one goes."""
    return [fact for fact in facts if fact.time_s <= time_s]


def examples(first: Batch, second: Batch, apart: Sequence[Apart], calendar: Calendar) -> list[Example]:
    """Return pairs at equal steps from the one that parts soonest to the one that parts latest, told in words."""
    parted = sorted((one for one in apart if one.found is not None), key=lambda one: (_when(one), one.replication))
    shown = chosen(list(range(len(parted))), EXAMPLES)
    found = []
    for one in (parted[index] for index in shown):
        difference = one.found
        assert difference is not None
        facts = (difference.first, difference.second)
        said = [
            None if fact is None else _said(batch, one.replication, fact, _otherwise(fact, other, calendar))
            for batch, fact, other in zip((first, second), facts, reversed(facts), strict=True)
        ]
        found.append(Example(one.replication, said[0], said[1]))
    return found


def _when(one: Apart) -> float:
    return np.inf if one.found is None else one.found.time_s


def _otherwise(fact: Fact, other: Fact | None, calendar: Calendar) -> str:
    """Return the few fields of a fact that another one of its kind has otherwise, in words; nothing if many differ."""
    if other is None or type(fact) is not type(other):
        return ""
    found = []
    for name, value in msgspec.structs.asdict(fact).items():
        if name in ("seq", "cause", "because", "time_s") or value == getattr(other, name):
            continue
        words = _short(value)
        if name.endswith("_s") and isinstance(value, int | float):
            words = calendar.moment(value) if value >= fact.time_s else f"{value / HOUR:.1f} h"
        found.append(f"{name.removesuffix('_s').replace('_', ' ')} {words}")
    return ", ".join(found) if len(found) <= _FIELDS else ""


def _short(value: object) -> str:
    words = f"{value:.4g}" if isinstance(value, float) else str(value)
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def _said(batch: Batch, replication: int, fact: Fact, otherwise: str) -> Said:
    """Return a fact in the words of the diary, or where no diary notes it, its kind and its place."""
    lines = tell(batch.log(replication)[: fact.seq + 1], batch.scenario)
    told = next((line.text for line in reversed(lines) if line.seq == fact.seq), "")
    return Said(fact.seq, fact.time_s, fact.kind, told or _named(fact, batch.scenario), otherwise)


def _named(fact: Fact, scenario: Scenario) -> str:
    where = place_of(fact, scenario)
    place = scenario.places[where].name if where in scenario.places else where.replace("-", " ")
    words = kind_in_words(fact.kind).capitalize()
    return f"{place}: {words}" if place else words


def name_of(fact: Fact | None, legend: Legend) -> str:
    """Return the kind of a fact and its place in words, for a hover label."""
    if fact is None:
        return "nothing of its own"
    where = getattr(fact, "place", "") or getattr(fact, "area", "")
    return kind_in_words(fact.kind) + (f", {legend.place_name(where)}" if where else "")


def kinds(apart: Sequence[Apart]) -> list[tuple[str, Probability, list[Apart]]]:
    """Return which kinds of facts come first, the most frequent first, with the share of the pairs that were read."""
    draws = np.array([one.draw for one in apart], dtype=np.int64)
    by_kind: dict[str, list[Apart]] = {}
    for one in apart:
        if one.found is not None:
            by_kind.setdefault(one.found.kind, []).append(one)
    return [
        (kind, share_of(np.array([one in some for one in apart], dtype=bool), draws), some)
        for kind, some in sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def parted_by_day(times_s: Floats, draws: Ints, days: int) -> tuple[Probability, ...]:
    """Return for each day in which share of the pairs something has parted by its end."""
    return tuple(share_of(times_s <= (day + 1) * DAY, draws) for day in range(days))


def times_of(apart: Sequence[Apart]) -> Floats:
    """Return when each pair that was read parts, infinite for never."""
    return np.array([_when(one) for one in apart], dtype=np.float64)
