"""What came of each replication of a batch, in numbers that any scenario has: no reported timeline is needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.domain.terms import DAY
from sim.projections.spread import Floats, Ints
from sim.projections.timelines import Facts

#: Kinds that say how the run is kept, or what was done from outside, and not what comes of it in the world.
_BOOKKEEPING = frozenset(
    {"RunStarted", "RunEnded", "HazardChanged", "HazardFired", "DayCame", "AssumptionChanged", "Intervened"}
)
_LOST = re.compile(r"(^|_)(killed|wounded)$")


class Batch(Facts, Protocol):
    """What a batch must offer here: also its days."""

    def daily(self) -> pa.Table:
        """Return the sides at the end of each day."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One number per replication; ``kind`` is the kind of fact that it counts, '' if it is no plain count of facts."""

    name: str
    unit: str
    kind: str
    values: Floats


def outcomes(batch: Batch, replications: Ints) -> list[Outcome]:
    """Return the outcomes of some replications: places, days, people, then how often each kind of fact was recorded.

    Args:
        batch: Simulated campaigns.
        replications: Numbers of finished replications, ascending.
    """
    facts = batch.facts(None, replications.tolist())
    owner = np.searchsorted(replications, facts.column("replication").to_numpy())
    return [*_hands(batch, facts, owner, len(replications)), *_people(batch, facts, owner, replications),
            *_kinds(facts, owner, len(replications))]  # fmt: skip


def _hands(batch: Batch, facts: pa.Table, owner: Ints, size: int) -> list[Outcome]:
    """Return how many places changed hands, and when the first one did; never counts as the end."""
    head = batch.scenario.scenario
    changed = pc.equal(facts.column("kind").cast(pa.string()), "ControlChanged").to_numpy(zero_copy_only=False)
    if "how" in facts.column_names:
        changed &= pc.not_equal(facts.column("how").cast(pa.string()), "initial").fill_null(False).to_numpy()
    who = owner[changed]
    places = facts.column("place").cast(pa.string()).filter(pa.array(changed)).to_pylist()
    first = np.full(size, (head.end - head.start).total_seconds() / DAY)
    np.minimum.at(first, who, facts.column("time_s").to_numpy()[changed] / DAY)
    different = sorted(set(zip(who.tolist(), places, strict=True)))
    counts = np.bincount(np.array([rep for rep, _ in different], dtype=np.int64), minlength=size)
    return [
        Outcome("places that changed hands", "places", "", counts.astype(np.float64)),
        Outcome("first change of hands", "day", "", first),
    ]


def _people(batch: Batch, facts: pa.Table, owner: Ints, replications: Ints) -> list[Outcome]:
    lost = np.zeros(len(replications))
    for name in facts.column_names:
        if _LOST.search(name) and pa.types.is_integer(facts.column(name).type):
            lost += np.bincount(owner, facts.column(name).fill_null(0).to_numpy(), minlength=len(replications))
    daily = batch.daily()
    last = daily.filter(pc.equal(daily.column("day"), pc.max(daily.column("day"))))
    numbers = last.column("replication").to_numpy()
    kept = np.isin(numbers, replications)
    rows = np.searchsorted(replications, numbers[kept])
    found = [Outcome("killed or wounded", "people", "", lost)]
    for name in ("captured", "deserted"):
        values = last.column(f"{name}_so_far").to_numpy()[kept]
        sums = np.bincount(rows, values, minlength=len(replications)).astype(np.float64)
        found.append(Outcome(name, "people", "", sums))
    return found


def _kinds(facts: pa.Table, owner: Ints, size: int) -> list[Outcome]:
    kinds = facts.column("kind").combine_chunks()
    names, codes = kinds.dictionary.to_pylist(), kinds.indices.to_numpy()
    counts = np.bincount(codes * size + owner, minlength=len(names) * size).reshape(len(names), size)
    return [
        Outcome(name, "facts", name, counts[code].astype(np.float64))
        for code, name in sorted(enumerate(names), key=lambda pair: pair[1])
        if name not in _BOOKKEEPING and counts[code].any()
    ]
